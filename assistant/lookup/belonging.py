"""Whose figures hold whose: what a sum or a ranking over several documents may not count twice.

In: the facts of a set, with what is known of their documents. Out: the facts without those that others hold already: of a
unit's own budget beside its department's, of the head office's alone beside the whole department's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from index.editions import budget_key
from index.facts import Fact
from index.parsing.kinds import is_final
from index.sql.store import DocumentInfo

Owner = tuple[str, str]  # a department and a unit of it


def own_units(departments: Iterable[str], named: Iterable[Owner]) -> set[Owner]:
    """Which departments are units of others: as the tables of those say, or as their names do (甲市公安局交警支队)."""
    known = set(departments)
    by_name = {(a, b) for a in known for b in known if b != a and b.startswith(a)}
    return by_name | {(owner, unit) for owner, unit in named if {owner, unit} <= known and owner != unit}


def without_own_units(facts: list[Fact], infos: Mapping[str, DocumentInfo], owners: set[Owner]) -> list[Fact]:
    """The facts without those that a document of the same year above theirs holds."""
    documents = {fact.document: infos[fact.document] for fact in facts}
    held = {
        low.id for low in documents.values() for high in documents.values()
        if low.year == high.year and is_final(low.kind) == is_final(high.kind)
        and ((high.department, low.department) in owners or _is_head_office(low, high))
    }  # fmt: skip
    return [fact for fact in facts if fact.document not in held]


def _is_head_office(low: DocumentInfo, high: DocumentInfo) -> bool:
    """Whether a budget is of the head office alone, and the other of the whole department."""
    alone = [info.kind.startswith("单位") or budget_key(info)[3] for info in (low, high)]
    return low.department == high.department and alone == [True, False]
