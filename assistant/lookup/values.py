"""Facts to values, and what is done with several: told apart, added, aligned, compared.

Where the same row stands in several tables with one value it is one value; with different values, all are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from decimal import Decimal

from assistant.evidence import Evidence, Value
from assistant.plan import Condition
from index.amounts import YUAN, is_money
from index.facts import Fact
from index.parsing.kinds import BY_NAME, FORM_KINDS

# Where the same row stands in several tables, the first of these is the one that is named.
PREFERENCE = ("three_public", "expenditure_summary", "general_public_expenditure", "basic_by_economic",
              "project_by_economic", "basic_by_unit", "project_list", "income_expenditure_summary", "income_summary",
              "appropriation_summary", "government_fund", "state_capital")  # fmt: skip
NEAR = Decimal("0.05")  # what 约 allows
UNIT_SCOPES = ("基本支出", "项目支出")
FUNDS = ("财政拨款", "一般公共预算", "政府性基金预算", "国有资本经营预算")  # the first holds the others
PARTIAL: dict[
    str, tuple[str | None, str | None]
] = {  # tables that show a part of what others have, under no heading of it
    "operating_costs": (FUNDS[1], UNIT_SCOPES[0]),
    "procurement": (FUNDS[1], "政府采购"),
}


def value_of(fact: Fact) -> Value:
    """The value that a fact is, which must have one."""
    assert fact.value is not None
    return Value(fact.value, fact.unit, fact.label, (fact,))


def in_yuan(value: Value) -> Decimal:
    """For comparison: money in 元, anything else as it is."""
    return value.amount * YUAN[value.unit] if value.unit in YUAN else value.amount


def claim_in_yuan(claim: Condition, like: Value) -> Decimal:
    """A claimed amount for comparison with a value, whose unit it has where it says none."""
    unit = claim.unit or like.unit
    return claim.amount * YUAN[unit] if unit in YUAN else claim.amount


def relation_holds(left: Decimal, relation: str, right: Decimal) -> bool:
    """Whether `left` stands in a relation (gt, ge, lt, le, eq, ne, about) to `right`; 约 allows a twentieth of `right`."""
    return {"ne": left != right, "gt": left > right, "ge": left >= right, "lt": left < right, "le": left <= right, "eq": left == right,
            "about": abs(left - right) <= abs(right) * NEAR}[relation]  # fmt: skip


def meets(value: Value, conditions: Iterable[Condition]) -> bool:
    """Whether a value meets all conditions, in their own units."""
    return all(relation_holds(in_yuan(value), c.operator, claim_in_yuan(c, value)) for c in conditions)


def cell_of(fact: Fact) -> tuple:
    """What tells a cell, or a figure of prose, from any other."""
    return fact.document, fact.table_index, fact.row_index, fact.column_index, fact.source


def same_cell(a: Value, b: Value) -> bool:
    """Whether two values rest on a cell in common."""
    cells = [set(map(cell_of, v.facts)) for v in (a, b)]
    return not a.computed and not b.computed and bool(cells[0] & cells[1])


def _preferred(table_kind: str) -> int:
    return PREFERENCE.index(table_kind) if table_kind in PREFERENCE else len(PREFERENCE)


def _rank_of(fact: Fact) -> tuple[int, int]:
    return (1 if fact.source == "figure" else 0, _preferred(fact.table_kind))


def distinct(facts: list[Fact]) -> list[Value]:
    """The different values that facts hold, each with all facts that hold it; the preferred table first."""
    groups: dict[tuple[str, int, Decimal, str | None], list[Fact]] = {}
    for fact in facts:
        if fact.value is not None:
            value = value_of(fact)
            key = (fact.department, fact.year, in_yuan(value), "money" if is_money(fact.unit) else fact.unit)
            groups.setdefault(key, []).append(fact)
    values = []
    for key, group in groups.items():
        if all(fact.source == "figure" for fact in group) and any(
            other[:2] == key[:2] and _is_rounding(group[0], cells[0]) for other, cells in groups.items() if other != key
        ):  # fmt: skip
            continue
        group.sort(key=_rank_of)
        values.append(Value(group[0].value or Decimal(0), group[0].unit, group[0].label, tuple(group)))
    return values


def _is_rounding(figure: Fact, cell: Fact) -> bool:
    """Whether prose states a cell's amount, rounded to the last place that it prints."""
    if (
        cell.source != "cell"
        or figure.value is None
        or cell.value is None
        or not (figure.unit in YUAN and cell.unit in YUAN)
    ):
        return False
    exponent = int(figure.value.as_tuple().exponent)
    half = Decimal((0, (5,), exponent - 1)) * YUAN[figure.unit]
    return abs(figure.value * YUAN[figure.unit] - cell.value * YUAN[cell.unit]) <= half


def widest(facts: list[Fact]) -> list[Fact]:
    """Of cells of one row in several tables, those of the widest scope: of all money rather than of 财政拨款, of that rather than of
    一般公共预算, of both kinds of expenditure rather than of one. Scopes of which none holds the other all stay."""
    cells = [fact for fact in facts if fact.source == "cell" and not fact.column_name and fact.role == "item"]
    if len(cells) < len(facts):
        return facts
    return [f for f in cells if not any(_same_row(o, f) and _holds(_scope(o), _scope(f)) for o in cells)]


def _same_row(a: Fact, b: Fact) -> bool:
    return (a.department, a.year, a.name, a.code or b.code) == (b.department, b.year, b.name, b.code or a.code)


def _scope(fact: Fact) -> tuple[str | None, str | None] | None:
    """Which money, and which kind of expenditure, the cells of a table are of, None for all; None where the table does not say."""
    if fact.table_kind in PARTIAL:
        return PARTIAL[fact.table_kind]
    if BY_NAME.get(fact.table_kind, BY_NAME["other"]).rows in ("other", "form"):
        return None
    money = next((m for m in FUNDS if m in fact.facets), None)
    return money, next((s for s in UNIT_SCOPES if s in fact.facets), None)


def _holds(wide: tuple[str | None, str | None] | None, narrow: tuple[str | None, str | None] | None) -> bool:
    """Whether one scope holds another and is not the same."""
    if wide is None or narrow is None or wide == narrow:
        return False
    money = wide[0] in (None, narrow[0]) or (wide[0] == FUNDS[0] and narrow[0] in FUNDS[1:])
    return money and wide[1] in (None, narrow[1])


def one_table(facts: list[Fact]) -> list[Fact]:
    """The facts of the preferred table alone (per document), so that no row is counted once per table that repeats it."""
    chosen: dict[str, tuple[str, int]] = {}
    for fact in sorted(facts, key=_rank_of):
        chosen.setdefault(fact.document, _list_of(fact))
    return [fact for fact in facts if _list_of(fact) == chosen[fact.document]]


def _list_of(fact: Fact) -> tuple[str, int]:
    """The table of a fact; all forms of a document are one list."""
    return ("form", -1) if fact.table_kind in FORM_KINDS else (fact.table_kind, fact.table_index)


def one_document(facts: list[Fact], budget_of: Callable[[str], Hashable]) -> list[Fact]:
    """Of facts of one table a document those of one document a budget, which may be several files: the preferred table's, else
    that with most."""
    sizes = Counter(fact.document for fact in facts)
    chosen: dict[Hashable, str] = {}
    for fact in sorted(facts, key=lambda f: (_rank_of(f), -sizes[f.document])):
        chosen.setdefault(budget_of(fact.document), fact.document)
    return [fact for fact in facts if fact.document in chosen.values()]


def add(values: list[Value], label: str) -> Value:
    """The sum of values in the unit of the first; its facts are those that it comes from."""
    unit = values[0].unit
    converted = [v.to(unit) for v in values]
    facts = tuple(fact for v in values for fact in (v.facts if v.computed else v.facts[:1]))
    return Value(sum((v.amount for v in converted), Decimal(0)), unit, label, facts, True)


def derivations(values: Iterable[Value]) -> str | None:
    """How values were computed, one after another; None where none was."""
    return "；".join(v.derivation for v in values if v.derivation) or None


def sum_text(values: list[Value], total: Value) -> str:
    """A sum as a reader would write it, behind how its terms were computed."""
    terms = " + ".join(v.to(total.unit).printed() for v in values)
    own = [v.derivation for v in values if v.derivation]
    return "；".join([*own, f"{terms} = {total.printed()}"])


def align(columns: list[list[Value]]) -> list[tuple[Value, ...]]:
    """Operands that belong together: where several values stand for an operand, those of the same budget, table or scope."""
    budgets = [set(map(budgets_of, values)) for values in columns]
    if any(len(own) > 1 for own in budgets):
        common = [b for b in dict.fromkeys(map(budgets_of, columns[0])) if all(b in own for own in budgets)]
        if common:
            return [
                row
                for b in common
                for row in _aligned([[v for v in values if budgets_of(v) == b] for values in columns])
            ]
    return _aligned(columns)


def _aligned(columns: list[list[Value]]) -> list[tuple[Value, ...]]:
    """Operands of one table or scope."""
    if all(len(values) == 1 for values in columns):
        return [tuple(values[0] for values in columns)]
    for key in (_table_keys, _scope_keys):
        common = set.intersection(*({k for v in values for k in key(v)} for values in columns))
        apart = not set.intersection(*({f.document for v in values for f in v.facts} for values in columns))
        if common and key is _table_keys and (apart or of_several_budgets(v for values in columns for v in values)):
            common = {min(common, key=_preferred)}  # budgets are held against each other in one table
        if common:
            return [
                tuple(next(v for v in values if k in key(v)) for values in columns) for k in sorted(common)
            ]  # fmt: skip
    longest = max(len(values) for values in columns)
    if all(len(values) in (1, longest) for values in columns):
        return [tuple(v[i] if len(v) > 1 else v[0] for v in columns) for i in range(longest)]
    return []


def _table_keys(value: Value) -> set[str]:
    return {fact.table_kind for fact in value.facts if fact.source == "cell"}


def _scope_keys(value: Value) -> set[str]:
    return {s for fact in value.facts for s in (*fact.facets, fact.column_name) if s in UNIT_SCOPES}


def side_by_side(found: list[Evidence]) -> Evidence:
    """Several answers as one, in their order; what is missing is told, not dropped."""
    missing = [e.empty for e in found if e.empty]
    if len(missing) == len(found):
        return Evidence(empty=missing[0] if missing else "没有符合条件的数")
    values: list[Value] = []
    for value in (v for e in found for v in e.values):
        if not any(same_cell(value, other) for other in values):
            values.append(value)
    texts = [e.derivation for e in found if e.derivation]
    return Evidence(values=values, shown=[v for e in found for v in e.shown], notes=[m for m in missing if m],
                    derivation="；".join(texts) or None)  # fmt: skip


def greatest(found: list[Evidence], largest: bool) -> Evidence:
    """Of several things the one with the largest or smallest value; the others are shown."""
    found = one_each(found)
    together = side_by_side(found)
    if together.empty or len(together.values) < 2:
        return Evidence(empty=together.empty or "没有可以比较的另一项")
    scopes = align([e.values for e in found if e.values])
    if len(scopes) > 1:
        winners = [max(values, key=in_yuan) if largest else min(values, key=in_yuan) for values in scopes]
        if len({w.operand for w in winners}) == 1:
            others = [v for values, best in zip(scopes, winners, strict=True) for v in values if v is not best]
            return Evidence(values=winners, shown=others, derivation=together.derivation)
    ordered = sorted(together.values, key=in_yuan, reverse=largest)
    rest = sum((in_yuan(v) for v in ordered[1:]), Decimal(0))
    whole = max(ordered, key=in_yuan)
    if len(ordered) > 2 and in_yuan(whole) and in_yuan(whole) * 2 == rest + in_yuan(ordered[0]):
        ordered.remove(whole)  # a whole named beside all its parts is no rival of theirs
    best = [v for v in ordered if in_yuan(v) == in_yuan(ordered[0])]
    return Evidence(values=best, shown=ordered[len(best) :], derivation=together.derivation)


def one_each(found: list[Evidence]) -> list[Evidence]:
    """Evidence of several budgets with one value for each: that of the preferred table, as all are to be alike."""
    if not of_several_budgets([v for e in found for v in e.values]):
        return found
    return [
        replace(e, values=e.values[:1], derivation=next((v.derivation for v in e.values if v.derivation), e.derivation))
        for e in found
    ]


def printed_once(facts: Iterable[Fact]) -> list[Fact]:
    """Rows without those that a document prints again, the same in name, place and amount: one table for all and for each unit."""
    found: dict[tuple, Fact] = {}
    for fact in facts:
        key = (fact.document, fact.path, fact.code, fact.column_name, fact.facets, fact.budget_unit, fact.value)
        found.setdefault((*key, fact.table_kind) if fact.role == "item" else (id(fact),), fact)
    return list(found.values())


def budgets_of(value: Value) -> frozenset[tuple[str, int]]:
    """The departments and years that a value is of."""
    return frozenset((fact.department, fact.year) for fact in value.facts)


def of_several_budgets(values: Iterable[Value]) -> bool:
    """Whether values are of more than one department or year."""
    return len(frozenset().union(*map(budgets_of, values))) > 1


def unique_results(results: list[tuple[Value, list[Value], str]]) -> list[tuple[Value, list[Value], str]]:
    """Results (number, operands, derivation) without those that are derived alike."""
    seen: dict[str, tuple[Value, list[Value], str]] = {}
    for result in results:
        seen.setdefault(result[2], result)
    return list(seen.values())
