"""An answer as server-sent events, for callers that show that something is under way.

In: a question, as for /api/ask. Out: `started`, then the whole verified answer as `answer` (or `error`), then, where a language
model words answers, `prose`, then `done`. Nothing is sent before it is verified.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter
from fastapi.sse import EventSourceResponse, ServerSentEvent

from assistant.web.api.bodies import Asked
from assistant.web.service import problems
from assistant.web.service.desk import Desk

EXAMPLE = """event: started
data: {"question":"总预算是多少"}

event: answer
data: {"question":"总预算是多少","answer":"……","value":1234.5,"unit":"万元","citations":[…],"plan":{…}}

event: done
data: {}

"""


def router(desk: Desk) -> APIRouter:
    """The one route."""
    routes = APIRouter(prefix="/api")

    @routes.post(
        "/ask/stream", summary="提问，以事件流回答", response_class=EventSourceResponse, tags=["问答"],
        responses={200: {"description": "事件流", "content": {"text/event-stream": {"example": EXAMPLE}}}, **problems.described(413, 422)},
    )  # fmt: skip
    def ask(asked: Asked) -> Iterator[ServerSentEvent]:
        """请求与 `/api/ask` 相同。依次发出 `started`、`answer`（核对过的完整回答，与 `/api/ask` 的 JSON 相同）、配有语言模型时的
        `prose`（写完并核对过的说明）、`done`；回答时出错，`answer` 换成 `error`，内容是问题详情。以后可能增加别的事件，不认识的请略过。"""
        yield ServerSentEvent(event="started", data={"question": asked.question})
        try:
            answer = desk.ask(asked.question, channel="api", scope=asked.scope.scope(), previous=asked.plans())
        except Exception as error:  # counted and logged by the desk; the status has been sent already
            yield ServerSentEvent(event="error", data=problems.of(error))
        else:
            yield ServerSentEvent(event="answer", data=answer)
            if desk.words and (worded := desk.word(answer)).prose is not None:
                yield ServerSentEvent(event="prose", data=worded.prose)
        yield ServerSentEvent(event="done", data={})

    return routes
