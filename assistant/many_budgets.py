"""Which of more budgets than can be read together has most of something.

In: what a few budgets were asked for in an answer that ranks them, and all budgets to be held against each other. Out: the first of
all of them, as an expression over these alone, and how many were looked at. No budget but the few is understood by its own words:
the cells that their tables have under the same names are looked up in all, and a budget that has none of them, or other cells
under them, is left out and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.budgets.scoping import Budget, years_in
from assistant.evidence import Value
from assistant.lookup.lookup import Lookup
from assistant.lookup.values import in_yuan
from assistant.plan import Calculate, Combine, Plan, Reduce, Select
from assistant.planning.across import owned
from assistant.turns import is_of_budgets
from assistant.view import View
from index.facts import Fact
from index.sql.store import DocumentInfo, Store

FEW = 5  # budgets that are asked for what is meant
AT_ONCE = 200  # budgets whose cells are read with one query
SHOWN = 5  # of a ranking that does not say how many
MOST_SHOWN = 20
NOBODYS: dict[str, list] = {"years": [], "departments": [], "kinds": []}


@dataclass(frozen=True)
class First:
    """The budgets that come first, the expression over them, and of how many in all; `alike` have the same as the first,
    `without` do not have it."""

    budgets: list[Budget]
    part: Calculate
    compared: int
    alike: int
    without: int


class _Cells(View):
    """The documents of one budget. What many budgets are asked alike was read for all of them at once."""

    def __init__(self, store: Store, infos: Sequence[DocumentInfo], together: _Together) -> None:
        super().__init__(store, infos, narrowed=True)
        self._together = together

    def facts(self, *, documents: Collection[str] | None = None, **conditions: Collection[str] | None) -> list[Fact]:
        own = self._ids if documents is None else self._ids & set(documents)
        given = {name: frozenset(wanted) for name, wanted in conditions.items() if wanted is not None}
        if given.keys() & {"names", "codes", "roles"}:
            return self._together.facts(own, given)
        return self._store.facts(documents=own, **given)


class _Together:
    """The facts of many documents by what was asked of them."""

    def __init__(self, store: Store, documents: Sequence[str]) -> None:
        self._store, self._documents = store, documents
        self._read: dict[frozenset, dict[str, list[Fact]]] = {}

    def facts(self, documents: Iterable[str], conditions: Mapping[str, frozenset[str]]) -> list[Fact]:
        key = frozenset(conditions.items())
        if key not in self._read:
            found = self._read[key] = {}
            for fact in self._store.facts(documents=self._documents, **conditions):
                found.setdefault(fact.document, []).append(fact)
        return [fact for document in documents for fact in self._read[key].get(document, ())]


def to_compare(budgets: Sequence[Budget], question: str, before: Sequence[Select] = ()) -> list[Budget]:
    """Of each department one budget, all of one year and kind: those that the question names, else those of the ranking before,
    else the year of which most are there, the latest of several."""
    kinds = {kind for kind in ("预算", "决算") if kind in question} or {k for s in before for k in s.kinds} or {"预算"}
    years = years_in(question) or {year for select in before for year in select.years}
    budgets = [b for b in budgets if b.kind in kinds]
    counts = Counter((b.kind, b.year) for b in budgets if not years or b.year in years)
    if not counts or len(kinds) > 1 or len(years) > 1:
        return []
    chosen = max(counts, key=lambda key: (counts[key], key))
    return [b for b in budgets if (b.kind, b.year) == chosen]


def some_of(budgets: Sequence[Budget], before: Sequence[Select] = ()) -> list[Budget]:
    """A few of them, spread over all; those of the departments that the ranking before was understood by, where there are."""
    departments = {name for select in before for name in select.departments}
    same = [b for b in budgets if b.department in departments]
    if len(same) > 1:
        return same
    ordered = sorted(budgets, key=lambda b: b.department)
    return ordered[:: max(1, -(-len(ordered) // FEW))]


def ranked_in(plan: Plan) -> Calculate | None:
    """The one part of a plan where that puts budgets in order; None where it asks anything else."""
    part = plan.parts[0] if len(plan.parts) == 1 else None
    return part if isinstance(part, Calculate) and is_of_budgets(part.expression) else None


def first_of(
    budgets: Sequence[Budget], part: Calculate, store: Store, infos_of: Mapping[str, DocumentInfo]
) -> First | None:
    """The first of budgets by what `part` asks of a few of them. None where fewer than two of them have it."""
    ranking = part.expression
    assert isinstance(ranking, Combine)
    asked = [o.of for o in ranking.operands if isinstance(o, Reduce)]
    few = _Lookups([b for b in budgets if any(b.whose() == select.whose() for select in asked)], store, infos_of)
    kinds = {value.facts[0].table_kind for select in asked for b in few.budgets
             if b.whose() == select.whose() and (value := few.value(b, select)) is not None}  # fmt: skip
    shapes = list({(shape := select.model_copy(update=NOBODYS)).model_dump_json(): shape for select in asked}.values())
    found: list[tuple[Decimal, Budget, Select]] = []
    for start in range(0, len(budgets), AT_ONCE):
        some = _Lookups(budgets[start : start + AT_ONCE], store, infos_of)
        for budget in some.budgets:
            amounts: dict[Decimal, Select] = {}
            for select in (owned(shape, budget) for shape in shapes):
                value = some.value(budget, select)
                if value is not None and value.facts[0].table_kind in kinds:
                    amounts.setdefault(in_yuan(value), select)
            if len(amounts) == 1:  # of two amounts under the names that the few have, which is meant is not told
                found += [(amount, budget, select) for amount, select in amounts.items()]
    if len(found) < 2:
        return None
    found.sort(key=lambda one: one[0], reverse=ranking.how in ("greatest", "descending"))
    kept = found[: min(ranking.n or SHOWN, MOST_SHOWN)]
    operands = [Reduce(how="value", of=select) for _, _, select in kept]
    expression = ranking.model_copy(update={"operands": operands, "n": len(operands)})
    alike = sum(amount == found[0][0] for amount, _, _ in found)
    return First([budget for _, budget, _ in kept], part.model_copy(update={"expression": expression}), len(found), alike,
                 len(budgets) - len(found))  # fmt: skip


class _Lookups:
    """What selects give in each of some budgets."""

    def __init__(self, budgets: Sequence[Budget], store: Store, infos_of: Mapping[str, DocumentInfo]) -> None:
        self.budgets = budgets
        together = _Together(store, [document for budget in budgets for document in budget.documents])
        self._of = {b: Lookup(_Cells(store, [infos_of[d] for d in b.documents], together)) for b in budgets}

    def value(self, budget: Budget, select: Select) -> Value | None:
        """The value of the preferred table; None where it has several."""
        values = [v for v in self._of[budget].look_up(Reduce(how="value", of=select)).values if v.facts]
        alike = [v for v in values if v.facts[0].table_kind == values[0].facts[0].table_kind]
        return alike[0] if len({in_yuan(v) for v in alike}) == 1 else None
