"""Which stated figures were read from a scan and are in doubt.

In: what an answer cites. Out: whether any of it is in doubt. Each document is audited once, when something of it that OCR
read is first cited.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.checks.audit import Spot
from index.checks.vouching import doubtful
from index.facts import SURE, Fact
from index.sql.store import Store

MOST_DOCUMENTS = 6  # audited for one answer, a fifth of a second each; in a ranking over more OCR's word counts


class Scans:
    """The scans of one state of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._doubtful: dict[str, frozenset[Spot]] = {}

    def doubtful(self, document: str) -> frozenset[Spot]:
        """The figures of a document that are in doubt, by the indices of their Facts."""
        if document not in self._doubtful:
            self._doubtful[document] = doubtful(self._store.parsed(document))
        return self._doubtful[document]

    def any_in_doubt(self, facts: Sequence[Fact]) -> bool:
        """Whether one of these figures, all read by OCR, is in doubt."""
        if len({fact.document for fact in facts}) > MOST_DOCUMENTS:
            return any(map(_is_unsure, facts))
        return any(map(self._is_in_doubt, facts))

    def _is_in_doubt(self, fact: Fact) -> bool:
        if fact.table_kind == "target":  # a number in the words of a cell: no identity speaks of it
            return _is_unsure(fact)
        return (fact.table_index, fact.row_index, fact.column_index) in self.doubtful(fact.document)


def _is_unsure(fact: Fact) -> bool:
    return fact.confidence is not None and fact.confidence < SURE
