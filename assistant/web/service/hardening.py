"""What holds for every request and response: how large a body may be, and that a page loads nothing from elsewhere.

In: requests as they arrive. Out: the same, or 413; every response with headers that keep a browser to this host.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.service.problems import respond, titled
from assistant.web.service.proxy import path_of

LARGEST_BODY = 1_000_000  # bytes; the plans of some hundred turns
LIMITED = ("/api/", "/v1/", "/internal/", "/operator/", "/gradio_api/")
UPLOAD = "/operator/files"  # the one address that takes files
TOO_LARGE = f"请求体超过 {LARGEST_BODY:,} 字节；请少传几轮 previous，或缩短问题"
HEADERS = {
    # Gradio compiles its templates in the browser, hence the inline code and eval; nothing may come from another host.
    "Content-Security-Policy": "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}


class Hardening:
    """ASGI middleware. A body that is too large is answered 413, said or not in its Content-Length. `upload` is the limit of a
    file in megabytes."""

    def __init__(self, app: ASGIApp, upload: int) -> None:
        self._app, self._upload = app, upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, its body counted, and its response with HEADERS."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        path = path_of(scope)
        if not path.startswith(LIMITED):
            await self._app(scope, receive, send_with_headers)
            return
        largest, too_large = LARGEST_BODY, TOO_LARGE
        if path == UPLOAD:
            largest, too_large = self._upload * 2**20, too_large_file(self._upload)
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdecimal() or int(length) > largest:
            await respond(scope, titled(413, too_large))(scope, receive, send_with_headers)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > largest:
                raise HTTPException(413, too_large)
            return message

        await self._app(scope, counted, send_with_headers)


def too_large_file(megabytes: int) -> str:
    """Why a file is not taken."""
    return f"文件超过 {megabytes} MB；请拆成几份，或用 BUDGET_QA_UPLOAD_MEGABYTES 放宽"
