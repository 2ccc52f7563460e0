"""What a reverse proxy tells: who the client is, how it came, and under which path this program stands.

In: requests as they arrive. Out: the same with client, scheme and host as a trusted proxy tells them; what anyone else tells is
taken away, since Gradio believes it from everyone. The path has the root path before it, whether or not the proxy took it off.
"""

from __future__ import annotations

from typing import cast

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn._types import ASGI3Application
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

NEVER = ("forwarded", "x-gradio-server")
TOLD = (
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-prefix",
    "x-real-ip",
)


class Proxied:
    """ASGI middleware, outside of the application. `trusted` are addresses and networks, as in the settings."""

    def __init__(self, app: ASGIApp, trusted: str | None, root_path: str = "/") -> None:
        self._root = root_path.rstrip("/")
        networks = [network.strip() for network in (trusted or "").split(",") if network.strip()]
        self._app = ProxyHeadersMiddleware(cast(ASGI3Application, app), networks)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on as it came to the proxy, or as it came here where none is trusted."""
        if scope["type"] == "http":
            scope["headers"] = list(scope["headers"])
            headers = MutableHeaders(scope=scope)
            trusted = scope["client"] is not None and scope["client"][0] in self._app.trusted_hosts
            for name in NEVER if trusted else NEVER + TOLD:
                del headers[name]
            if "x-forwarded-host" in headers:
                headers["host"] = headers["x-forwarded-host"].split(",")[0].strip()
            if self._root:
                scope["root_path"] = self._root
                if not f"{scope['path']}/".startswith(f"{self._root}/"):
                    scope["path"] = self._root + scope["path"]
        await cast(ASGIApp, self._app)(scope, receive, send)


def path_of(scope: Scope) -> str:
    """The path within this program."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))
