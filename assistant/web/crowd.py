"""Who is turned away before anything is read of a request: who comes too often, and who comes to a full page.

In: requests to the API and to the page's queue of events. Out: the same, or a problem that says when to come again. Health, readiness,
metrics and what a page loads pass always.
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web import problems
from assistant.web.desk import Desk
from assistant.web.gate import BUSY, TurnedAwayError
from assistant.web.proxy import path_of

COUNTED = ("/api/", "/v1/")
NEVER = ("/api/docs", "/api/openapi.json")
QUEUE = "/gradio_api/queue/join"


def install(app: FastAPI, desk: Desk, queued: Callable[[], int]) -> None:
    """`queued` tells how many of the page's events wait."""
    app.add_middleware(Crowd, desk=desk, queued=queued)

    def turned_away(request: Request, error: Exception) -> Response:
        assert isinstance(error, TurnedAwayError)
        desk.metrics.turned_away(error.reason)  # at the gate
        return _told(request.scope, error)

    app.add_exception_handler(TurnedAwayError, turned_away)


class Crowd:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, desk: Desk, queued: Callable[[], int]) -> None:
        self._app, self._desk, self._queued = app, desk, queued

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                self._admit(path_of(scope), scope)
            except TurnedAwayError as error:
                await _told(scope, error)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _admit(self, path: str, scope: Scope) -> None:
        if path.startswith(COUNTED) and not path.startswith(NEVER):
            self._desk.admit(client(scope))
        elif path == QUEUE and self._queued() > self._desk.gate.waiting:
            self._desk.metrics.turned_away("busy")
            raise TurnedAwayError("busy", BUSY)


def client(scope: Scope) -> str:
    """The address of whoever asks."""
    return scope["client"][0] if scope["client"] else ""


def _told(scope: Scope, error: TurnedAwayError) -> Response:
    headers = dict(error.headers or {})
    if path_of(scope) == QUEUE:
        # Gradio's script shows the detail of any status but 503, for which it has English words of its own.
        return JSONResponse({"detail": error.detail}, 429, headers)
    return problems.respond(scope, problems.titled(error.status_code, error.detail), headers)
