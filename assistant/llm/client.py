"""One OpenAI-compatible endpoint, kept on a short leash.

In: a rendered prompt, what the answer may still spend, a JSON schema where JSON is wanted. Out: the whole text, or ModelFailure
with its kind; never a part of a text. Here alone are the deadline, the retry, the circuit breaker and the limit of requests at
once: llama-index and openai multiply retries and time each read by itself, so theirs are off.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import threading
import time
from collections.abc import Mapping
from typing import Any

import httpx
import openai
import pybreaker
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, MessageRole
from llama_index.llms.openai_like import OpenAILike
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from assistant.llm.allowance import PAUSE, RETRIES, Allowance, Kind, ModelFailure
from assistant.llm.templates import Prompt
from index.search.breaker import breaker
from index.settings import Settings

OF_CONTENT: frozenset[Kind] = frozenset({"rejected", "empty"})  # which say nothing of the endpoint
TRANSIENT: frozenset[Kind] = frozenset({"unreachable", "limited", "server"})
FAILURES, REST = 3, 30.0  # failures one after another after which it is left alone, for so many seconds
LONGEST_WAIT = 1.0  # seconds for a free place among the requests at once
LEAST_TIME = 0.2  # seconds with which nothing is worth beginning
LONGEST_DETAIL = 200
THOUGHT = re.compile(r"^\s*<think>.*?</think>\s*", re.DOTALL)
NO_KEY = "none"  # openai insists on one
log = logging.getLogger(__name__)


class ModelClient:
    """The endpoint. Safe to use from many threads; requests run on an event loop of their own, where they can be cancelled."""

    def __init__(self, settings: Settings) -> None:
        assert settings.llm_base_url and settings.llm_model
        key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else ""
        self.name, self.address = settings.llm_model, settings.llm_base_url
        self._secret = key
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="language-model", daemon=True).start()
        self._http = httpx.AsyncClient(timeout=settings.llm_seconds)
        self._llm = OpenAILike(
            model=self.name, api_base=self.address, api_key=key or NO_KEY, is_chat_model=True,
            max_retries=0, timeout=float(settings.llm_seconds), temperature=0.0, async_http_client=self._http,
        )  # fmt: skip
        self._places = threading.BoundedSemaphore(settings.llm_at_once)
        self._breaker = breaker(
            FAILURES, REST, passing=[lambda error: isinstance(error, ModelFailure) and error.kind in OF_CONTENT]
        )
        self._schemas = True  # until a server says that it knows none

    def close(self) -> None:
        """Give up what is under way and stop."""
        asyncio.run_coroutine_threadsafe(self._http.aclose(), self._loop).result(LONGEST_WAIT)
        self._loop.call_soon_threadsafe(self._loop.stop)

    def ask(
        self, prompt: Prompt, allowance: Allowance, max_tokens: int, schema: Mapping[str, Any] | None = None
    ) -> str:
        """The whole text that the model writes. Raises ModelFailure."""
        if allowance.left() < LEAST_TIME:
            raise ModelFailure("timeout", "没有时间了")
        if not self._places.acquire(timeout=min(LONGEST_WAIT, allowance.left())):
            raise ModelFailure("busy", "同时的请求已到上限")
        try:
            return self._guarded(prompt, allowance, max_tokens, schema)
        except ModelFailure as failure:
            log.warning("language model %s: %s", self.name, failure)
            raise
        finally:
            self._places.release()

    def _guarded(self, prompt: Prompt, allowance: Allowance, max_tokens: int, schema: Mapping[str, Any] | None) -> str:
        """With one more try where that may help, unless it has failed so often that it rests."""

        def again(error: BaseException) -> bool:
            if not isinstance(error, ModelFailure) or error.kind not in TRANSIENT or not allowance.retries:
                return False
            return error.wait + LEAST_TIME < allowance.left()

        def pause(state: RetryCallState) -> float:
            allowance.retries -= 1
            error = state.outcome.exception() if state.outcome else None
            return error.wait if isinstance(error, ModelFailure) else PAUSE

        try:
            with self._breaker.calling():
                tries = Retrying(
                    retry=retry_if_exception(again), wait=pause, stop=stop_after_attempt(1 + RETRIES), reraise=True
                )
                return tries(self._once, prompt, allowance, max_tokens, schema)
        except pybreaker.CircuitBreakerError:
            raise ModelFailure("resting", f"连续失败，{REST:.0f}秒后再试") from None

    def _once(self, prompt: Prompt, allowance: Allowance, max_tokens: int, schema: Mapping[str, Any] | None) -> str:
        allowance.calls += 1
        started = time.monotonic()
        wanted = schema if self._schemas else None
        task = asyncio.run_coroutine_threadsafe(
            asyncio.wait_for(self._written(prompt, allowance, max_tokens, wanted, json_wanted=schema is not None), allowance.left()),
            self._loop,
        )  # fmt: skip
        try:
            return task.result(allowance.left() + LEAST_TIME)
        except openai.BadRequestError as error:
            if wanted is not None and re.search("response_format|json_schema|schema", str(error)):
                self._schemas = False  # it knows JSON at best; the prompt says what is wanted
                raise ModelFailure("server", "不支持按模式输出") from None
            raise self._failure(error) from None
        except Exception as error:
            task.cancel()
            raise self._failure(error) from None
        finally:
            allowance.waited += time.monotonic() - started

    async def _written(
        self, prompt: Prompt, allowance: Allowance, max_tokens: int, schema: Mapping[str, Any] | None, *, json_wanted: bool
    ) -> str:  # fmt: skip
        """The text of one request. It is streamed, since only a stream tells by its end that it is whole."""
        messages = [ChatMessage(role=MessageRole.SYSTEM, content=prompt.system), ChatMessage(role=MessageRole.USER, content=prompt.user)]  # fmt: skip
        asked: dict[str, Any] = {"max_tokens": max_tokens, "stream_options": {"include_usage": True}}
        if schema is not None:
            asked["response_format"] = {"type": "json_schema", "json_schema": {"name": "plan", "schema": schema}}
        elif json_wanted:
            asked["response_format"] = {"type": "json_object"}
        text, finished = "", None
        async for piece in await self._llm.astream_chat(messages, **asked):
            text += piece.delta or ""
            finished = _finish(piece) or finished
            self._count(piece, allowance)
        if finished != "stop":
            raise ModelFailure("cut", f"没有写完（{finished or '没有结束标记'}）")
        text = THOUGHT.sub("", text).strip()
        if not text:
            raise ModelFailure("empty", "没有写出文字")
        return text

    @staticmethod
    def _count(piece: ChatResponse, allowance: Allowance) -> None:
        usage = getattr(piece.raw, "usage", None)
        if usage is not None:  # of the whole request, with its last piece
            allowance.prompt_tokens += usage.prompt_tokens or 0
            allowance.completion_tokens += usage.completion_tokens or 0

    def _failure(self, error: BaseException) -> ModelFailure:
        """What went wrong in words of our own kinds; never with the key."""
        if isinstance(error, ModelFailure):
            return error
        detail = f"{type(error).__name__} {error}".replace("\n", " ")
        if self._secret:
            detail = detail.replace(self._secret, "***")
        detail = detail[:LONGEST_DETAIL]
        if isinstance(error, openai.RateLimitError | openai.InternalServerError):
            kind: Kind = "limited" if isinstance(error, openai.RateLimitError) else "server"
            return ModelFailure(kind, detail, _asked_to_wait(error.response.headers))
        for kinds, kind in KINDS:
            if isinstance(error, kinds):
                return ModelFailure(kind, detail)
        return ModelFailure("garbled", detail)


KINDS: tuple[tuple[tuple[type[BaseException], ...], Kind], ...] = (  # the first that fits
    ((TimeoutError, openai.APITimeoutError, httpx.TimeoutException), "timeout"),
    ((openai.APIConnectionError, httpx.ConnectError), "unreachable"),
    ((openai.AuthenticationError, openai.PermissionDeniedError), "denied"),
    ((openai.NotFoundError,), "unknown"),
    ((openai.APIStatusError,), "rejected"),
    ((httpx.HTTPError,), "cut"),
    ((json.JSONDecodeError, AttributeError, TypeError, LookupError, ValueError), "garbled"),
)


def _finish(piece: ChatResponse) -> str | None:
    choices = getattr(piece.raw, "choices", None) or []
    return choices[0].finish_reason if choices else None


def _asked_to_wait(headers: Mapping[str, str]) -> float:
    try:
        return max(PAUSE, float(headers.get("retry-after", "")))
    except ValueError:
        return PAUSE
