"""A circuit breaker: what has failed some times in a row is left alone for a while.

In: how many failures, how long the rest. Out: pybreaker's breaker. pybreaker reads the time of day, so that a clock that is put back
by an hour would make the rest an hour longer; here the rest is measured by a clock that nobody sets.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pybreaker


class _Steady(pybreaker.CircuitMemoryStorage):
    """Remembers how long ago the circuit was opened, not at what time of day."""

    _since: float | None = None

    @property
    def opened_at(self) -> datetime | None:
        if self._since is None:
            return None
        return datetime.now(UTC) - timedelta(seconds=time.monotonic() - self._since)

    @opened_at.setter
    def opened_at(self, _now: datetime) -> None:
        self._since = time.monotonic()


def breaker(
    failures: int, rest: float, *, passing: Sequence[Callable[[BaseException], bool]] = ()
) -> pybreaker.CircuitBreaker:
    """Opens after so many failures one after another, for so many seconds; `passing` tells errors that are no failures."""
    return pybreaker.CircuitBreaker(
        failures, rest, exclude=list(passing), throw_new_error_on_trip=False,
        state_storage=_Steady(pybreaker.STATE_CLOSED),
    )  # fmt: skip
