"""The identities of the indexed documents, kept until the store changes.

In: a store. Out: identities with their verdicts and whose they are. A department's documents are audited together when they
are first asked for, since what is said between documents is said within a department.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from cachetools import LRUCache

from index.checks.between import audit_store
from index.checks.identity import VERDICTS, Identity, IdentityCell, Verdict
from index.sql.store import DocumentInfo, Store

MOST_DEPARTMENTS = 60  # audited for one request; as many are kept, a megabyte or two each


class TooManyError(ValueError):
    """More departments than one request may audit; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Checked:
    """An identity with its verdict; `info` is of the document that it was found in."""

    identity: Identity
    verdict: Verdict
    info: DocumentInfo

    @property
    def sides(self) -> tuple[tuple[IdentityCell, ...], tuple[IdentityCell, ...]]:
        """The cells of the left and of the right side."""
        return self.identity.left_cells, self.identity.right_cells

    def document_of(self, cell: IdentityCell) -> str:
        """The id of the document that a cell is of."""
        return cell.document or self.info.id


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which identities; what is None holds for all."""

    department: str | None = None
    year: int | None = None
    document: str | None = None
    rule: str | None = None

    def admits(self, checked: Checked) -> bool:
        """Whether an identity is of the year, document and rule; departments are chosen before."""
        info, rule = checked.info, checked.identity.rule
        return self.year in (None, info.year) and self.document in (None, info.id) and self.rule in (None, rule)


class Audit:
    """Safe to use from many threads; each department is audited once for a state of the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._generation = -1
        self._kept: LRUCache[str, list[Checked]] = LRUCache(MOST_DEPARTMENTS)

    def find(self, wanted: Wanted) -> list[Checked]:
        """By department, and in each document rule by rule. Raises TooManyError."""
        infos = self._store.documents()
        departments = dict.fromkeys(
            info.department for info in infos
            if wanted.department in (None, info.department) and wanted.document in (None, info.id)
        )  # fmt: skip
        if len(departments) > MOST_DEPARTMENTS:
            raise TooManyError(
                f"收录了{len(departments):,}个部门，一次最多核对{MOST_DEPARTMENTS}个；请选定一个部门再核对"
            )
        with self._lock:
            generation = self._store.generation()
            if generation != self._generation:
                self._kept.clear()
                self._generation = generation
            found = [checked for name in departments for checked in self._of(name)]
        return [checked for checked in found if wanted.admits(checked)]

    def _of(self, department: str) -> Sequence[Checked]:
        kept = self._kept.get(department)
        if kept is None:
            kept = self._kept[department] = self._audited(department)
        return kept

    def _audited(self, department: str) -> list[Checked]:
        found = list(audit_store(self._store, department))
        infos = {info.id: info for info in self._store.documents()}
        # A document may have been removed in the meantime.
        return [Checked(i, i.verdict, infos[i.document]) for i in found if i.document in infos]


def counts(found: list[Checked]) -> dict[Verdict, int]:
    """How many there are of each verdict."""
    return {verdict: sum(checked.verdict == verdict for checked in found) for verdict in VERDICTS}
