"""Where a document's prose states another amount than its table, by more than rounding.

In: what an answer cites. Out: the figures of prose and the cells that contradict each other, one of which is cited. The
audit tells which they are: it knows which cell bears the name of a figure, and leaves names of several amounts alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.checks.between import contradictions
from index.checks.identity import Identity
from index.chunks import Chunk
from index.editions import budget_key
from index.facts import Fact
from index.sql.store import DocumentInfo, Store

Pair = tuple[Fact, Fact]  # of prose, and of a table
MOST_BUDGETS = 3  # in a ranking over many departments each with its own contradictions they would be in the way


class Contradictions:
    """Those of the budgets of one store, each worked out once: the id of a document is that of its content."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._found: dict[tuple[str, ...], list[Pair]] = {}

    def of(self, cited: Iterable[Fact | Chunk], documents: Sequence[DocumentInfo]) -> list[Pair]:
        """The contradictions of which either side is among what is cited, of the `documents` asked."""
        facts = {_spot(source) for source in cited if isinstance(source, Fact)}
        budgets = {budget_key(info) for info in documents if any(spot[0] == info.id for spot in facts)}
        if len(budgets) > MOST_BUDGETS:
            return []
        files = [tuple(info.id for info in documents if budget_key(info) == key) for key in sorted(budgets)]
        return [pair for ids in files for pair in self._in(ids) if any(_spot(fact) in facts for fact in pair)]

    def _in(self, ids: tuple[str, ...]) -> list[Pair]:
        if ids not in self._found:
            identities = contradictions({i: self._store.parsed(i) for i in ids})
            facts = {_spot(fact): fact for fact in self._store.facts(documents=ids)} if identities else {}
            self._found[ids] = [(facts[_left(i)], facts[_right(i)]) for i in identities]
        return self._found[ids]


def _spot(fact: Fact) -> tuple:
    return fact.document, fact.table_kind == "target", fact.table_index, fact.row_index, fact.column_index


def _left(identity: Identity) -> tuple:
    cell = identity.left_cells[0]
    return identity.document, False, cell.table, cell.row, cell.column


def _right(identity: Identity) -> tuple:
    cell = identity.right_cells[0]
    return cell.document or identity.document, False, cell.table, cell.row, cell.column
