"""Wires the service: stores, assistant, API and page on one port. `python app.py` is `budget-qa serve`.

In: settings. Out: a running service, until a signal ends it. The port and the lock are taken first, so that what stands in
the way is said before the slow work.
"""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import NoReturn

from index.errors import BudgetQAError
from index.ingest import Progress
from index.settings import Settings

ANYWHERE = ("0.0.0.0", "::", "")
GRACE = 3  # seconds that open connections get at the end
UPLOAD = 1  # bytes: the page takes no files


def serve(settings: Settings, progress_bar: Callable[[], AbstractContextManager[Progress]]) -> None:
    """Run the service until SIGINT or SIGTERM. Raises BudgetQAError when port, store or model cannot be used."""
    from assistant.indexing import announce, withdraw
    from index.ingest import writing

    signal.signal(signal.SIGTERM, _end)
    with ExitStack() as stack:
        listener = stack.enter_context(bound(settings.host, settings.port))
        stack.enter_context(writing(settings))
        desk = _desk(settings, progress_bar)
        url = address(settings.host, listener.getsockname()[1])

        def opened() -> None:
            desk.token = announce(settings, url).token
            stack.callback(withdraw, settings)
            print(f"网页地址：{url}", flush=True)

        try:
            _server(_web_app(desk), settings, opened).run(sockets=[listener])
        except KeyboardInterrupt:  # asked to end: no failure
            pass


def _desk(settings: Settings, progress_bar: Callable[[], AbstractContextManager[Progress]]):  # type: ignore[no-untyped-def]
    """Stores opened, orphans swept, the shipped document indexed where nothing ever was, the assistant warm."""
    from assistant.answer import Assistant
    from assistant.indexing import ingest_sample
    from assistant.web.desk import Desk
    from index.embedding_model import load_embedding
    from index.store import Store
    from index.vectors import Vectors

    store = Store.open(settings.store, settings.database_url)
    vectors = Vectors.open(settings.store, load_embedding(settings))
    vectors.sweep(store.chunk_keys())
    with progress_bar() as progress:
        report = ingest_sample(settings, store, vectors, progress)
    for entry in report.failed:
        print(entry.error, file=sys.stderr)
    desk = Desk(store, vectors, Assistant(store, vectors, settings.max_question_length))
    desk.warm()
    return desk


def _web_app(desk):  # type: ignore[no-untyped-def]
    import gradio as gr

    from assistant.web.api import create_api
    from assistant.web.chat import build_page
    from assistant.web.script import LANGUAGE
    from assistant.web.theme import CSS, theme

    return gr.mount_gradio_app(
        create_api(desk), build_page(desk), path="/", theme=theme(), head=f"{LANGUAGE}<style>{CSS}</style>", footer_links=[], run_history=False,
        ssr_mode=False, mcp_server=False, pwa=False, enable_monitoring=False, show_error=False, max_file_size=UPLOAD,
    )  # fmt: skip


def _server(app, settings: Settings, opened: Callable[[], None]):  # type: ignore[no-untyped-def]
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                opened()

    config = uvicorn.Config(
        app, log_config=None, log_level=settings.log_level, access_log=settings.log_level == "debug", ws="none",
        timeout_graceful_shutdown=GRACE, server_header=False,
    )  # fmt: skip
    return Server(config)


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises BudgetQAError when host or port cannot be used."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise BudgetQAError(f"{host}：不是本机能监听的地址；请用 BUDGET_QA_HOST 或 --host 改为 127.0.0.1 或 0.0.0.0") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(where)
        listener.listen()
    except PermissionError as error:
        raise BudgetQAError(f"{host}:{port}：没有权限使用这个端口；请用 BUDGET_QA_PORT 或 --port 换一个 1024 以上的端口") from error
    except OSError as error:
        listener.close()
        raise BudgetQAError(
            f"{host}:{port}：端口已被占用或不可用（{error.strerror}）；请用 BUDGET_QA_PORT 或 --port 换一个端口，若是本程序已在运行，直接打开 {address(host, port)}"
        ) from error
    return listener


def address(host: str, port: int) -> str:
    """Where a browser on this machine finds the page."""
    shown = "127.0.0.1" if host in ANYWHERE else host
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _end(_signal: int, _frame: object) -> NoReturn:
    """SIGTERM like Ctrl+C, so that the service file and the lock go."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    from assistant.cli import main

    sys.argv[1:1] = ["serve"]
    main()
