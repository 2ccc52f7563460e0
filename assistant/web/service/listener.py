"""The service's socket. In: host and port of the settings. Out: a listening socket, or one line that says what to change."""

from __future__ import annotations

import errno
import socket

from index.errors import BudgetQAError

ANYWHERE = ("0.0.0.0", "::", "")  # noqa: S104, to tell them, not to listen there


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes a free one. Raises BudgetQAError when host or port cannot be used.

    Whoever connects before the service is ready waits for it, and a second service is told at once.
    """
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, where = found[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise BudgetQAError(_no_such_host(host)) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(where)
        listener.listen(socket.SOMAXCONN)
    except OSError as error:
        listener.close()
        raise BudgetQAError(_explain(error, host, port)) from error
    return listener


def address(host: str, port: int) -> str:
    """Where a browser on this machine finds the page."""
    shown = "127.0.0.1" if host in ANYWHERE else host
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _explain(error: OSError, host: str, port: int) -> str:
    change = "请用 BUDGET_QA_PORT 或 --port 换一个端口"
    if error.errno == errno.EADDRINUSE:
        return f"{host}:{port}：端口已被占用；{change}，若是本程序已在运行，直接打开 {address(host, port)}"
    if isinstance(error, PermissionError):
        return f"{host}:{port}：没有权限使用这个端口；{change}，1024 以上的"
    return _no_such_host(host)


def _no_such_host(host: str) -> str:
    return f"{host}：不是本机能监听的地址；请用 BUDGET_QA_HOST 或 --host 改为 127.0.0.1，或 0.0.0.0 供其他机器访问"
