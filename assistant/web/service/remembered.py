"""Answers that need not be made again: a press conference sends the same question a thousand times.

In: a question with its scope and the plans before it, over a state of the store. Out: its answer, as long as the store has not
changed. The bounded number of the latest; none for long, so that what was answered with less than the whole machine passes.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence

from cachetools import TTLCache

from assistant.budgets.library import Scope
from assistant.contract import Answer

STANDS = 600  # seconds
LONGEST = 100_000  # characters of a key: the plans of a conversation that no page sends
FAULTS = frozenset({"unverified", "llm_failed", "by_words"})  # notes of answers that may be better the next time
Key = tuple[int, str, Scope | None, str]


class Remembered:
    """Safe to use from many threads; 0 remembers nothing."""

    def __init__(self, most: int = 0) -> None:
        self._answers: TTLCache[Key, Answer] = TTLCache(most, STANDS)
        self._lock = threading.Lock()

    def get(self, key: Key) -> Answer | None:
        """The answer that was kept under a key, while it stands."""
        with self._lock:
            return self._answers.get(key)

    def keep(self, key: Key, answer: Answer) -> None:
        """Unless a language model had to do with it, whose next answer may be another, or it is a fault."""
        lasts = answer.llm is None and not FAULTS & {note.code for note in answer.notes}
        if lasts and self._answers.maxsize and len(key[1]) + len(key[3]) <= LONGEST:
            with self._lock:
                self._answers[key] = answer


def key_of(generation: int, question: str, scope: Scope | None, previous: Sequence[dict]) -> Key:
    """What two questions must have in common to have one answer; `generation` is that of the store."""
    return generation, question, scope, json.dumps(previous, ensure_ascii=False, sort_keys=True)
