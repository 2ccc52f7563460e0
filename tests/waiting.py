"""Waiting for what a process does in its own time."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 120  # seconds


def until(true: Callable[[], bool]) -> None:
    """Wait for it; that it does not come in time is a failure."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)
