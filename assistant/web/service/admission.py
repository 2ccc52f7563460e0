"""Who is turned away before anything is read of a request, for coming too often; and who comes to a full page.

In: requests to the API and to the page's queue of events. Out: the same, or what says when to come again. Health, readiness, metrics
and what a page loads pass always.
"""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.service import problems
from assistant.web.service.desk import Desk
from assistant.web.service.gate import AGAIN, BUSY, TurnedAwayError
from assistant.web.service.proxy import path_of

COUNTED = ("/api/", "/v1/")
NEVER = ("/api/docs", "/api/openapi.json")
QUEUE = "/gradio_api/queue/join"
SERVICE_UNAVAILABLE = 503


def install(app: FastAPI, desk: Desk) -> None:
    """Put it before an app; what is turned away there or at the gate is counted."""
    app.add_middleware(Admission, desk=desk)

    def turned_away(request: Request, error: Exception) -> Response:
        assert isinstance(error, TurnedAwayError)
        desk.metrics.turned_away(error.reason)  # at the gate
        return _told(request.scope, error)

    app.add_exception_handler(TurnedAwayError, turned_away)


class Admission:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app, self._desk = app, desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count a request of the API, and pass it on or say when to come again."""
        if scope["type"] == "http":
            path = path_of(scope)
            if path.startswith(COUNTED) and not path.startswith(NEVER):
                try:
                    self._desk.admit(client(scope))
                except TurnedAwayError as error:
                    await _told(scope, error)(scope, receive, send)
                    return
            elif path == QUEUE:
                send = self._unless_full(scope, receive, send)
        await self._app(scope, receive, send)

    def _unless_full(self, scope: Scope, receive: Receive, send: Send) -> Send:
        """Gradio's script shows the detail of any status but 503, for which it has English words of its own."""
        full = False

        async def sent(message: Message) -> None:
            nonlocal full
            if message["type"] == "http.response.start" and message["status"] == SERVICE_UNAVAILABLE:
                full = True
                self._desk.metrics.turned_away("busy")
                await JSONResponse({"detail": BUSY}, 429, {"Retry-After": str(AGAIN)})(scope, receive, send)
            elif not full:
                await send(message)

        return sent


def client(scope: Scope) -> str:
    """The address of whoever asks."""
    return scope["client"][0] if scope["client"] else ""


def _told(scope: Scope, error: TurnedAwayError) -> Response:
    return problems.respond(scope, problems.titled(error.status_code, error.detail), dict(error.headers or {}))
