"""A server that speaks the OpenAI protocol over real sockets and does as its script says, also wrong."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Script = Callable[["Exchange"], None]
USAGE = {"prompt_tokens": 700, "completion_tokens": 40, "total_tokens": 740}


@dataclass
class Exchange:
    """One request and the way to answer it."""

    handler: BaseHTTPRequestHandler
    request: dict[str, Any]

    @property
    def system(self) -> str:
        return str(self.request["messages"][0]["content"])

    @property
    def user(self) -> str:
        return str(self.request["messages"][-1]["content"])

    @property
    def wants_plan(self) -> bool:
        return "response_format" in self.request

    def send(self, status: int, body: str, content_type: str = "application/json", **headers: str) -> None:
        data = body.encode()
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", content_type)
        self.handler.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()
        self.handler.wfile.write(data)

    def error(self, status: int, message: str, **headers: str) -> None:
        self.send(status, json.dumps({"error": {"message": message, "type": "error", "code": status}}), **headers)

    def begin(self) -> None:
        """The head of an event stream."""
        self.handler.send_response(200)
        self.handler.send_header("Content-Type", "text/event-stream")
        self.handler.end_headers()

    def event(self, data: str) -> None:
        self.handler.wfile.write(f"data: {data}\n\n".encode())
        self.handler.wfile.flush()

    def piece(self, text: str | None, finish: str | None = None, **delta: Any) -> None:
        choice = {"index": 0, "delta": {"role": "assistant", "content": text, **delta}, "finish_reason": finish}
        self.event(
            json.dumps(
                {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": [choice]}
            )
        )

    def end(self, finish: str | None = "stop") -> None:
        self.piece("", finish)
        last = {
            "id": "x",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "scripted",
            "choices": [],
            "usage": USAGE,
        }
        self.event(json.dumps(last))
        self.event("[DONE]")

    def say(self, text: str, finish: str | None = "stop", pieces: int = 3) -> None:
        """A whole answer, in some pieces."""
        self.begin()
        size = max(1, len(text) // pieces)
        for start in range(0, len(text), size):
            self.piece(text[start : start + size])
        self.end(finish)


@dataclass
class ScriptedServer:
    """The server: `script` answers each request; `seen` are the requests so far, `keys` what they authorised themselves with."""

    url: str
    script: Script
    seen: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@contextmanager
def scripted() -> Iterator[ScriptedServer]:
    """A running server on a free port of the loopback."""
    running = ScriptedServer("", lambda exchange: exchange.say("{}"))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            running.seen.append(request)
            running.keys.append(self.headers.get("Authorization", ""))
            with suppress(BrokenPipeError, ConnectionResetError):  # who asked has given up
                running.script(Exchange(self, request))

        def log_message(self, format: str, *arguments: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    running.url = f"http://127.0.0.1:{server.server_port}/v1"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()


def plan(expression: dict[str, Any], **more: Any) -> str:
    """A plan of one calculation, as a model writes it."""
    return json.dumps({"parts": [{"part": "calculate", "expression": expression, **more}]}, ensure_ascii=False)


def value(label: str, **select: Any) -> dict[str, Any]:
    return {"node": "reduce", "how": "value", "of": {"node": "select", "labels": [label], **select}}


def stall(seconds: float) -> Script:
    """Nothing at all for a while."""
    return lambda exchange: time.sleep(seconds)


def drop(exchange: Exchange) -> None:
    """Half a stream, then a connection that is reset."""
    exchange.begin()
    exchange.piece('{"parts":')
    exchange.handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    exchange.handler.connection.close()
