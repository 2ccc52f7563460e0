"""Wires the service: stores, assistant, API and page on one port. `python app.py` is `budget-qa serve`.

In: settings. Out: a running service, until a signal ends it. The port and the lock are taken first, so that what stands in
the way is said before the slow work.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
import warnings
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from typing import TYPE_CHECKING, NoReturn

from index.ingest import limits_of
from index.settings import Settings
from index.settling import Progress

if TYPE_CHECKING:
    import socket

    import uvicorn
    from fastapi import FastAPI
    from starlette.types import ASGIApp

    from assistant.web.api.operator_routes import Operator
    from assistant.web.service.desk import Desk

KEPT_ALIVE = 75  # seconds that an idle connection is kept: longer than a client waits that was told to come again
SWITCH = 0.0005  # seconds a thread keeps the interpreter: at Python's 5 ms the event loop waits for each of its calls while others compute
GRACE = 3  # seconds that open connections get at the end, once no question is under way
NO_FILES = 1  # byte: Gradio takes none, the operator's are sent to a route of ours
ProgressBar = Callable[[], AbstractContextManager[Progress]]


def serve(settings: Settings, progress_bar: ProgressBar) -> None:
    """Run the service until SIGINT or SIGTERM. Raises BudgetQAError when port, store or model cannot be used."""
    from assistant.operation.indexing import announce, withdraw
    from assistant.tracing import start_tracing
    from assistant.web.api.operator_routes import Operator
    from assistant.web.service.listener import address, listen
    from assistant.web.service.proxy import Proxied
    from assistant.web.service.request_log import RequestLog
    from index.ingest import writing

    signal.signal(signal.SIGTERM, _end)
    sys.setswitchinterval(SWITCH)
    start_tracing()
    # To be asked to end is no failure.
    with suppress(KeyboardInterrupt), ExitStack() as stack:
        listener = stack.enter_context(listen(settings.host, settings.port))
        stack.enter_context(writing(settings))
        desk = open_desk(settings, progress_bar)
        operator = Operator.of(settings)
        if operator:
            operator.uploads.clear()
            stack.callback(operator.uploads.clear)
        url = address(settings.host, listener.getsockname()[1])

        def opened() -> None:
            if not settings.on_servers:
                stack.callback(withdraw, settings)
                desk.token = announce(settings, url).token
            print(f"网页地址：{url}", flush=True)

        app = RequestLog(
            Proxied(build(desk, operator, settings.root_path), settings.trusted_proxies, settings.root_path)
        )
        _server(app, settings, opened, lambda hurried: desk.drain(settings.drain_seconds, hurried)).run(
            sockets=[listener]
        )


def serve_mcp(settings: Settings) -> None:
    """The MCP server over HTTP, until a signal ends it. Raises BudgetQAError when port or store cannot be used."""
    from assistant.mcp_server import create_server
    from assistant.web.service.listener import address, listen

    signal.signal(signal.SIGTERM, _end)
    with suppress(KeyboardInterrupt), listen(settings.host, settings.port) as listener:
        url = address(settings.host, listener.getsockname()[1])
        # Without sessions a caller may go on after a restart; no tool needs one.
        mcp_app = create_server(settings).streamable_http_app(host=settings.host, stateless_http=True)
        _server(mcp_app, settings, lambda: print(f"MCP 地址：{url}/mcp", flush=True)).run(sockets=[listener])


def open_desk(settings: Settings, progress_bar: ProgressBar) -> Desk:
    """Stores opened, orphans swept, the shipped document indexed where nothing ever was, the assistant warm."""
    from assistant.answer import Assistant
    from assistant.llm.model import LanguageModel
    from assistant.operation.indexing import ingest_sample
    from assistant.web.service.desk import Desk
    from index.settling import sweep_orphans
    from index.stores import open_stores

    store, vectors = open_stores(settings)
    if not settings.on_servers:  # there every ingest sweeps before it writes, and no start waits for one
        sweep_orphans(store, vectors)
    with progress_bar() as progress:
        report = ingest_sample(settings, store, vectors, progress)
    for entry in report.failed:
        print(entry.error, file=sys.stderr)
    assistant = Assistant(store, vectors, settings.max_question_length, model=LanguageModel.of(settings))
    desk = Desk(store, vectors, assistant, settings, limits_of(settings))
    desk.warm()
    _spare_the_collector()
    return desk


def _spare_the_collector() -> None:
    """What is loaded stays, and what a state is made of are thousands of small objects that stay too: looking through all of them for
    cycles again and again took more than half of the time that making one takes."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def build(desk: Desk, operator: Operator | None = None, root_path: str = "/") -> FastAPI:
    """The chat at `/`, further pages beside it, the operator's where there is one, the API under `/api`; all under the root path."""
    # Where no event loop runs, Gradio opens one for each of its locks and closes none: at the end the interpreter may take a loop's
    # socket before the loop, which then prints a traceback.
    return asyncio.run(_build(desk, operator, root_path))


async def _build(desk: Desk, operator: Operator | None, root_path: str) -> FastAPI:
    import gradio as gr

    from assistant.web.api.routes import create_api
    from assistant.web.chat.chat_page import build_page
    from assistant.web.pages import audit_page, documents_page, projects_page, tables_page
    from assistant.web.pages.documents_css import DOCUMENTS_CSS
    from assistant.web.pages.frame_css import PAGES
    from assistant.web.pages.frame_js import LANGUAGE
    from assistant.web.pages.projects_css import PROJECTS_CSS
    from assistant.web.pages.theme import CSS, theme

    page = build_page(desk)
    projects_page.add(page, desk)
    tables_page.add(page, desk)
    audit_page.add(page, desk)
    if operator:
        documents_page.add(page, desk, operator)
    # Gradio warns that several pages are not rendered on the server, which is not asked for.
    warnings.filterwarnings("ignore", "SSR mode is not supported", UserWarning)
    app: FastAPI = gr.mount_gradio_app(
        create_api(desk, operator), page, path="/", root_path=root_path.rstrip("/"), theme=theme(),
        head=f"{LANGUAGE}<style>{CSS}{PAGES}{PROJECTS_CSS}{DOCUMENTS_CSS}</style>", footer_links=[], run_history=False,
        ssr_mode=False, mcp_server=False, pwa=False, enable_monitoring=False, show_error=False, max_file_size=NO_FILES,
    )  # fmt: skip
    return app


def _server(
    app: ASGIApp,
    settings: Settings,
    opened: Callable[[], None],
    ending: Callable[[Callable[[], bool]], Awaitable[None]] | None = None,
) -> uvicorn.Server:
    """`opened` is called once the service answers, `ending` when it was asked to end: it may wait until someone is in a hurry."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                opened()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            if ending is not None:
                await ending(lambda: self.force_exit)
            await super().shutdown(sockets)

    config = uvicorn.Config(
        app, log_config=None, log_level=settings.log_level, access_log=False, ws="none", proxy_headers=False,
        timeout_graceful_shutdown=GRACE, server_header=False,
        timeout_keep_alive=KEPT_ALIVE,
    )  # fmt: skip
    return Server(config)


def _end(_signal: int, _frame: object) -> NoReturn:
    """SIGTERM ends as Ctrl+C does, so that the service file and the lock go."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    from assistant.cli.main import main

    sys.argv[1:1] = ["serve"]
    main()
