"""Who is the operator. In: a password, and later the cookie that it was exchanged for. Out: whether a request is the operator's.

A session is a random token that the server remembers for some hours; the browser forgets its cookie when it is closed. It is
strictly of this site, and a request that a browser says comes from elsewhere is refused even with it: to the cookie another
port of the same machine is the same site.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import SecretStr
from starlette.exceptions import HTTPException
from starlette.responses import Response

COOKIE = "budget-qa-operator"
LASTS = 12 * 3600  # seconds of a session
TRIES = 5  # wrong passwords from one address, before it has to wait
PAUSE = 60  # seconds
REMEMBERED = 10_000  # addresses with wrong passwords; the oldest are forgotten
OWN = ("same-origin", "none")  # what a browser says of requests of our own pages, and of addresses typed in


class Asking(Protocol):
    """A request, FastAPI's or Gradio's."""

    @property
    def cookies(self) -> Mapping[str, str]:
        """By name."""

    @property
    def headers(self) -> Mapping[str, str]:
        """By name, whatever the case."""


@dataclass
class _Tries:
    wrong: int = 0
    until: float = 0  # when the next may be made


class Sessions:
    """Those who gave the password. Safe to use from many threads."""

    def __init__(self, password: SecretStr, clock: Callable[[], float] = time.monotonic) -> None:
        self._password, self._clock = password, clock
        self._ends: dict[str, float] = {}  # by token
        self._tries: dict[str, _Tries] = {}  # by address
        self._lock = threading.Lock()

    def open(self, password: str, address: str) -> str:
        """The token of a new session. Raises HTTPException where the password is wrong, or the address has to wait."""
        with self._lock:
            now = self._clock()
            tries = self._tries.setdefault(address, _Tries())
            if now < tries.until:
                raise HTTPException(429, f"密码错了太多次，请过 {int(tries.until - now) + 1} 秒再试")
            if not secrets.compare_digest(
                password.encode("utf-8", "replace"), self._password.get_secret_value().encode()
            ):
                tries.wrong += 1
                if tries.wrong % TRIES == 0:
                    tries.until = now + PAUSE
                while len(self._tries) > REMEMBERED:
                    del self._tries[next(iter(self._tries))]
                raise HTTPException(403, "密码不对，请重新输入")
            del self._tries[address]
            self._ends = {token: end for token, end in self._ends.items() if now < end}
            token = secrets.token_urlsafe(32)
            self._ends[token] = now + LASTS
            return token

    def close(self, request: Asking) -> None:
        """Forget the session of a request, where it has one."""
        with self._lock:
            self._ends.pop(request.cookies.get(COOKIE) or "", None)

    def holds(self, request: Asking) -> bool:
        """Whether a request is the operator's."""
        if request.headers.get("sec-fetch-site", OWN[0]) not in OWN:
            return False
        with self._lock:
            return self._clock() < self._ends.get(request.cookies.get(COOKIE) or "", 0)


def give(response: Response, token: str, secure: bool) -> None:
    """Have the browser keep a token until it is closed."""
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure)
