"""Facts in memory, whole documents at a time.

In: the reader of a document's facts. Out: those that meet conditions, in document order. A question's many lookups are over the few
documents that it is about, and decoding a row takes longer than finding it. A document is held under the number of its last change,
so one that changes is read anew and the others stay, whoever writes to the store.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from cachetools import LRUCache

from index.facts import Fact

MOST_FACTS = 200_000  # about 1 KB each
ATTRIBUTES = ("name", "code", "table_kind", "role")  # that there is an index of


class HeldDocument:
    """The facts of one document."""

    def __init__(self, facts: list[Fact]) -> None:
        self.facts = facts
        self._places: dict[str, dict[str | None, list[int]]] = {}
        for attribute in ATTRIBUTES:
            places = self._places[attribute] = defaultdict(list)
            for place, fact in enumerate(facts):
                places[getattr(fact, attribute)].append(place)

    def matching(self, conditions: Iterable[tuple[str, Collection[str]]]) -> list[Fact]:
        """The facts that meet every condition, an attribute and its possible values each, in document order."""
        found: set[int] | None = None
        for attribute, wanted in conditions:
            places = self._places[attribute]
            fitting = {place for value in wanted for place in places.get(value, ())}
            found = fitting if found is None else found & fitting
        return self.facts if found is None else [self.facts[place] for place in sorted(found)]


class HeldFacts:
    """The documents asked about last, up to a number of facts. Safe to use from many threads."""

    def __init__(self, read: Callable[[str], list[Fact]]) -> None:
        """`read` gives the facts of a document by its id."""
        self._read = read
        self._lock = threading.Lock()
        self._held: LRUCache[tuple[str, int], HeldDocument] = LRUCache(MOST_FACTS, lambda held: len(held.facts) + 1)

    def of(self, document: str, changed: int) -> HeldDocument:
        """The facts of a document as it stands, by its id and the store's generation when it last changed."""
        key = document, changed
        with self._lock:
            held = self._held.get(key)
        if held is None:
            held = HeldDocument(self._read(document))
            with self._lock:
                if len(held.facts) < MOST_FACTS:
                    self._held[key] = held
        return held
