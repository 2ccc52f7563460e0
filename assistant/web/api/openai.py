"""The assistant as an OpenAI-compatible model, for programs that speak nothing else.

In: a chat. Out: the verified answer with its sources. The last user message is the question; those before it are asked anew, since
the server keeps no session and the protocol has no place for plans. No other message has any say: an instruction in a system
message changes nothing, for there is no model to obey it.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from fastapi.sse import EventSourceResponse, format_sse_event
from pydantic import BaseModel, Field, JsonValue
from starlette.exceptions import HTTPException

from assistant.plain_text import plain_text
from assistant.turns import REMEMBERED
from assistant.web.api.bodies import Text
from assistant.web.service.desk import Desk

MODEL = "budget-qa"
MODEL_CARD = {"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}
UNBUFFERED = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}  # as FastAPI sends with streams of its own
STREAM = """data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":"……"},"finish_reason":null}]}

data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

data: [DONE]

"""


class Piece(BaseModel):
    """消息的一段。"""

    type: Text
    text: Text = ""


class Message(BaseModel):
    """一条消息。"""

    role: Text
    content: Text | list[Piece] | None = None

    @property
    def pieces(self) -> list[Piece]:
        """Its pieces; a text alone is one."""
        return self.content if isinstance(self.content, list) else [Piece(type="text", text=self.content or "")]

    @property
    def text(self) -> str:
        """The texts of its pieces, a line each."""
        return "\n".join(piece.text for piece in self.pieces)


class StreamOptions(BaseModel):
    """流式回答的选项。"""

    include_usage: bool = False


class Chat(BaseModel):
    """一次对话；没有列出的字段（temperature、max_tokens、tools 等）不起作用。"""

    model: Text = Field(MODEL, examples=[MODEL])
    messages: list[Message] = Field(min_length=1, examples=[[{"role": "user", "content": "总预算是多少"}]])
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: int | None = 1
    response_format: JsonValue = None

    def questions(self) -> list[str]:
        """What the user asked, the present question last. Raises HTTPException where the chat asks for what there is not."""
        if self.model != MODEL:
            raise HTTPException(404, f"没有模型 {self.model[:40]}；请用 {MODEL}")
        if self.n not in (None, 1):
            raise HTTPException(400, "n 只能是 1：同一个问题只有一个回答")
        if isinstance(self.response_format, dict) and self.response_format.get("type") != "text":
            raise HTTPException(400, "response_format 只能是 text；要 JSON 请用 /api/ask")
        asked = [message for message in self.messages if message.role == "user"]
        if not asked:
            raise HTTPException(400, "messages 里没有 role 为 user 的消息；请把问题放在最后一条 user 消息里")
        other = next((piece.type for message in asked for piece in message.pieces if piece.type != "text"), None)
        if other is not None:
            raise HTTPException(400, f"messages 里有 {other[:40]}；这里只能用文字提问")
        return [message.text for message in asked]


def router(desk: Desk) -> APIRouter:
    """Models and chat completions."""
    routes = APIRouter(prefix="/v1", tags=["OpenAI 兼容"])

    @routes.get("/models", summary="模型列表")
    def models() -> dict[str, Any]:
        """只有一个。"""
        return {"object": "list", "data": [MODEL_CARD]}

    @routes.get("/models/{model}", summary="一个模型")
    def model(model: str) -> dict[str, Any]:
        if model != MODEL:
            raise HTTPException(404, f"没有模型 {model[:40]}；请用 {MODEL}")
        return MODEL_CARD

    @routes.post(
        "/chat/completions", summary="对话", response_class=JSONResponse,
        responses={200: {"description": "回答；`stream` 为 true 时是事件流", "content": {"text/event-stream": {"example": STREAM}}}},
    )  # fmt: skip
    def chat(chat: Chat) -> Response:
        """最后一条 user 消息是问题，它前面最多 8 条 user 消息重问一遍作为上文；system 和 assistant 消息不起作用。
        回答后附算式、说明和出处，流式的也是核对之后才发出。`usage` 按字数计，不是 token。错误是 OpenAI 的格式。"""
        *before, question = chat.questions()
        plans: list[dict[str, Any]] = []
        for asked in before[-REMEMBERED:]:
            plans.append(desk.plan(asked, plans))
        text = plain_text(desk.ask(question, channel="openai", previous=plans))
        head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": MODEL}
        usage = _usage(sum(len(message.text) for message in chat.messages), len(text))
        if chat.stream:
            with_usage = chat.stream_options is not None and chat.stream_options.include_usage
            return EventSourceResponse(_events(_chunks(head, text, usage if with_usage else None)), headers=UNBUFFERED)
        message = {"role": "assistant", "content": text, "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return JSONResponse({**head, "object": "chat.completion", "choices": [choice], "usage": usage})

    return routes


def _usage(asked: int, answered: int) -> dict[str, Any]:
    """Characters, since nothing here is cut into tokens; `unit` says so."""
    return {
        "prompt_tokens": asked,
        "completion_tokens": answered,
        "total_tokens": asked + answered,
        "unit": "characters",
    }


def _chunks(head: dict[str, Any], text: str, usage: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    """The chunks of a finished text, a line each."""

    def chunk(delta: dict[str, str], finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return {**head, "object": "chat.completion.chunk", "choices": [choice]}

    yield chunk({"role": "assistant", "content": ""})
    for line in text.splitlines(keepends=True):
        yield chunk({"content": line})
    yield chunk({}, "stop")
    if usage is not None:
        yield {**chunk({}), "choices": [], "usage": usage}


async def _events(chunks: Iterator[dict[str, Any]]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield format_sse_event(data_str=json.dumps(chunk, ensure_ascii=False))
    yield format_sse_event(data_str="[DONE]")
