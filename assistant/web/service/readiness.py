"""Whether questions can be answered. In: a Desk. Out: a verdict, found anew at most once in some seconds, however often it is asked
for: stores read, model run, an answer made.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

from assistant.web.service.desk import Desk
from assistant.web.service.gate import CLOSING
from index.errors import StoreError

STANDS = 5.0  # seconds
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Verdict:
    """How many documents there are; or why no question can be answered, where `problem` is not empty."""

    documents: int = 0
    problem: str = ""


class Readiness:
    """Safe to use from many threads."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._until = 0.0
        self._verdict = Verdict()

    def verdict(self) -> Verdict:
        """The verdict, at most some seconds old."""
        if self._desk.gate.closed:
            return Verdict(problem=CLOSING)
        with self._lock:
            if time.monotonic() >= self._until:
                self._verdict = self._found()
                self._until = time.monotonic() + STANDS
            return self._verdict

    def _found(self) -> Verdict:
        try:
            documents = len(self._desk.documents())
            self._desk.vectors.embedding.get_query_embedding("预算")
            self._desk.assistant.ask("总预算是多少", alone=True)
        except Exception as error:
            log.error("not ready: %s", error, exc_info=not isinstance(error, StoreError))
            return Verdict(problem=f"还不能回答问题（{type(error).__name__}）；请看服务的日志")
        return Verdict(documents)
