"""What is indexed, as one question sees it from beginning to end.

In: a store. Out: its documents, found by id, and its budgets, found by the departments that a question names; made anew when the store
has changed. It holds what tells documents apart and nothing that is in them, so it stays small however many there are.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.budgets.scoping import Known
from index.parsing.kinds import kind_of_budget
from index.sql.store import DocumentInfo, Store

MOST_TOGETHER = 60  # budgets whose words may be one dictionary; a question about more must say whose it is about


@dataclass(frozen=True)
class Scope:
    """What the asker has picked: documents by id; None for all."""

    documents: tuple[str, ...] | None = None
    department: str | None = None
    year: int | None = None

    def among(self, infos: Iterable[DocumentInfo]) -> list[DocumentInfo]:
        """Those of the documents that are in it."""
        return [
            info for info in infos
            if (self.documents is None or info.id in self.documents)
            and (self.department is None or self.department == info.department)
            and (self.year is None or self.year == info.year)
        ]  # fmt: skip


class Library:
    """The documents of one generation of a store, or those of them in a scope."""

    def __init__(self, generation: int, documents: Sequence[DocumentInfo]) -> None:
        self.generation, self.documents = generation, list(documents)
        self.by_id = {info.id: info for info in documents}
        self.kinds = {info.id: kind_of_budget(info.kind) for info in documents}  # 预算, 决算, … by id
        self.known = Known(documents)

    @property
    def is_large(self) -> bool:
        """Whether no question can be asked of all documents together."""
        return len(self.known.budgets) > MOST_TOGETHER

    def within(self, scope: Scope | None) -> Library:
        """The part of it that an asker has picked."""
        return self if scope is None else Library(self.generation, scope.among(self.documents))

    def infos(self, ids: Sequence[str]) -> list[DocumentInfo]:
        """Documents by id, in the library's order; ids of none are passed over."""
        wanted = set(ids)
        if len(wanted) == len(self.documents):
            return [info for info in self.documents if info.id in wanted]
        found = [self.by_id[i] for i in wanted if i in self.by_id]
        return sorted(found, key=lambda info: (info.department, -info.year, info.changed))

    def years_of(self, documents: Sequence[DocumentInfo]) -> list[int]:
        """The years of all that is indexed of the departments of some documents, the latest first."""
        departments = {info.department for info in documents}
        return sorted({budget.year for budget in self.known.of_departments(departments)}, reverse=True)


class Shelf:
    """The Library of a store as it stands. Safe to use from many threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._made: Library | None = None

    def current(self) -> Library:
        """The library as the store now is, made anew after a change."""
        generation = self._store.generation()
        made = self._made
        if made is not None and made.generation == generation:
            return made
        with self._lock:
            if self._made is None or self._made.generation != generation:
                self._made = Library(generation, self._store.documents())
            return self._made
