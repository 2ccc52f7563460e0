"""Each request with an id, and one line of the log. In: requests. Out: the same, the id in the answer's headers as in every line
that the request writes.

The line has method, path, status and time; neither the client's address nor what stands behind the `?`, where a question may.
"""

from __future__ import annotations

import logging
import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.operation.logs import request_id

HEADER = "x-request-id"
SANE = re.compile(r"[\w.-]{8,64}", re.ASCII)
# Probes, and what a page loads and listens to: told only to who debugs.
SILENT = re.compile(
    r"/(healthz|readyz|metrics|assets|static|svelte|theme\.css|gradio_api/(heartbeat|queue/data|startup-events))\b"
)
log = logging.getLogger(__name__)


class RequestLog:
    """ASGI middleware, outermost."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its id, and log it once it is answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = Headers(scope=scope).get(HEADER, "")
        scope[HEADER] = told if SANE.fullmatch(told) else uuid.uuid4().hex
        adopt(scope)
        path, status, started = scope["path"], 0, time.perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = scope[HEADER]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            level = logging.DEBUG if SILENT.search(path) else logging.INFO
            line = {
                "method": scope["method"],
                "path": path,
                "status": status,
                "ms": round((time.perf_counter() - started) * 1000, 1),
            }
            log.log(level, "%(method)s %(path)s %(status)s %(ms)s ms", line, extra=line)


def adopt(scope: Scope) -> None:
    """Have what is logged from here on bear the id of that request: the page's events run outside of it."""
    request_id.set(scope.get(HEADER, ""))
