"""Some documents of a store, read as if there were no others.

In: a store and the documents. Out: the store's reads, over these alone. A question that names its department is understood with that
department's words and no others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from index.chunks import Chunk
from index.facts import Fact
from index.sql.store import DocumentInfo, Store

LABEL = (
    "name", "code", "table_kind", "role", "document", "budget_unit", "column_name", "table_title", "table_number", "source", "level", "path",
    "unit",
)  # fmt: skip


class View:
    """The reads of a Store that lexicon, lookup and retrieval need, over some of its documents. Facts are those in memory."""

    def __init__(self, store: Store, infos: Sequence[DocumentInfo], *, narrowed: bool = False) -> None:
        """`narrowed`: documents of the store are left out."""
        self._store = store
        self._infos = list(infos)
        self._ids = {info.id for info in infos}
        self._as_written = sorted(infos, key=lambda info: info.changed)
        self.is_narrowed = narrowed

    def documents(self) -> list[DocumentInfo]:
        """The documents of the view, in the order in which they were given."""
        return self._infos

    def labels(self) -> list[dict]:
        """Every distinct row label with where it occurs, in the order of the facts."""
        found = {tuple(getattr(fact, name) for name in LABEL): None for fact in self.facts()}
        return [dict(zip(LABEL, values, strict=True)) for values in found]

    def facts(self, *, documents: Collection[str] | None = None, names: Collection[str] | None = None,
              codes: Collection[str] | None = None, table_kinds: Collection[str] | None = None,
              roles: Collection[str] | None = None) -> list[Fact]:  # fmt: skip
        """Facts that meet every condition given, in the order in which they were written."""
        given = (("name", names), ("code", codes), ("table_kind", table_kinds), ("role", roles))
        conditions = [(attribute, wanted) for attribute, wanted in given if wanted is not None]
        among = None if documents is None else set(documents)
        return [
            fact
            for info in self._as_written
            if among is None or info.id in among
            for fact in self._store.held.of(info.id, info.changed).matching(conditions)
        ]

    def owners(self, units: Iterable[str]) -> set[tuple[str, str]]:
        """Which departments of the whole store have these units in their tables: pairs of department and unit."""
        return self._store.owners(units)

    def chunks(self, *, keys: Iterable[str] | None = None, documents: Iterable[str] | None = None,
               kinds: Iterable[str] | None = None) -> list[Chunk]:  # fmt: skip
        """Texts of the view's documents that meet every condition given."""
        among = self._ids if documents is None else self._ids & set(documents)
        return self._store.chunks(keys=keys, documents=among, kinds=kinds)
