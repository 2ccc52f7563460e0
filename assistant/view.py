"""Some documents of a store, read as if there were no others.

In: a store and the ids of documents. Out: the store's reads, over these alone. A question that names its department is
understood with that department's words and no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.chunks import Chunk
from index.facts import Fact
from index.store import DocumentInfo, Store


class View:
    """The reads of a Store that lexicon, lookup and retrieval need, over some of its documents."""

    def __init__(self, store: Store, documents: Sequence[str] | None = None) -> None:
        self._store = store
        self._documents = None if documents is None else set(documents)

    @property
    def is_narrowed(self) -> bool:
        """Whether documents of the store are left out."""
        return self._documents is not None

    def documents(self) -> list[DocumentInfo]:
        return [i for i in self._store.documents() if self._documents is None or i.id in self._documents]

    def labels(self) -> list[dict]:
        return self._store.labels(documents=self._documents)

    def facts(self, *, documents: Iterable[str] | None = None, names: Iterable[str] | None = None,
              codes: Iterable[str] | None = None, table_kinds: Iterable[str] | None = None,
              roles: Iterable[str] | None = None, column_names: Iterable[str] | None = None) -> list[Fact]:  # fmt: skip
        return self._store.facts(documents=self._of(documents), names=names, codes=codes, table_kinds=table_kinds,
                                 roles=roles, column_names=column_names)  # fmt: skip

    def owners(self, units: Iterable[str]) -> set[tuple[str, str]]:
        return self._store.owners(units)

    def chunks(self, *, keys: Iterable[str] | None = None, documents: Iterable[str] | None = None,
               kinds: Iterable[str] | None = None) -> list[Chunk]:  # fmt: skip
        return self._store.chunks(keys=keys, documents=self._of(documents), kinds=kinds)

    def _of(self, documents: Iterable[str] | None) -> Iterable[str] | None:
        if self._documents is None:
            return documents
        return self._documents if documents is None else self._documents & set(documents)
