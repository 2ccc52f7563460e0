"""How many are answered at once, and how many wait for it. In: requests. Out: each in its turn, or turned away at once.

A request waits here on the event loop, so that those who wait hold no thread: what tells whether the service lives stays fast.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Literal

from fastapi import Request
from starlette.exceptions import HTTPException

AGAIN = 5  # seconds after which who was turned away may try again
BUSY = "现在提问的人很多，请过几秒再试"
CLOSING = "服务正在停止或重启，请稍后再试"
GONE = 499  # as nginx calls it: the client did not wait
Reason = Literal["rate", "busy", "closing"]


class TurnedAwayError(HTTPException):
    """A request that is not answered now. Says why, and after how many seconds it may come again."""

    def __init__(self, reason: Reason, detail: str, again: int = AGAIN) -> None:
        super().__init__(429 if reason == "rate" else 503, detail, {"Retry-After": str(again)})
        self.reason: Reason = reason


class Gate:
    """Of one service; used from its event loop alone."""

    def __init__(self, at_once: int = 4, waiting: int = 200) -> None:
        self.at_once, self.waiting = at_once, waiting
        self.inside = 0  # answered or waiting
        self.closed = False
        self._slots = asyncio.Semaphore(at_once)

    def refuse_when_closed(self) -> None:
        """Raises TurnedAwayError once the service is ending."""
        if self.closed:
            raise TurnedAwayError("closing", CLOSING)

    async def passed(self, request: Request) -> AsyncIterator[None]:
        """A dependency of routes: their work is done inside. Raises TurnedAwayError."""
        self.refuse_when_closed()
        if self.inside >= self.at_once + self.waiting:
            raise TurnedAwayError("busy", BUSY)
        self.inside += 1
        try:
            async with self._slots:
                if await request.is_disconnected():  # nobody is there any more for whom to work
                    raise HTTPException(GONE, "请求已经取消")
                yield
        finally:
            self.inside -= 1
