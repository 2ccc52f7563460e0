"""The structured table lookup: an expression of a plan over the facts.

In: a Reduce, Combine or Check. Out: Evidence: values, the facts they come from, the derivation. One function with a typed
signature, `look_up`, offered to the planner, as a llama-index tool and over HTTP alike. It never guesses: an item with
different values in different tables gives them all, and what does not exist gives nothing and says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.evidence import Evidence, Value
from assistant.plan import Check, Combine, Condition, Reduce, Select
from index.amounts import YUAN, format_amount, is_money, quotient
from index.facts import Fact
from index.kinds import BY_NAME, kind_of
from index.prose import CHANGE, GROWTH
from index.rows import plain_label
from index.store import DocumentInfo, Store

# Where the same row stands in several tables, the first of these is the one that is named.
PREFERENCE = ("three_public", "expenditure_summary", "general_public_expenditure", "basic_by_economic",
              "project_by_economic", "basic_by_unit", "project_list", "income_expenditure_summary", "income_summary",
              "appropriation_summary", "government_fund", "state_capital")  # fmt: skip
NEAR = Decimal("0.05")  # what 约 allows
UNIT_SCOPES = ("基本支出", "项目支出")


@dataclass(frozen=True)
class Scope:
    """What the asker has picked: documents by id; None for all."""

    documents: tuple[str, ...] | None = None
    department: str | None = None
    year: int | None = None


class Lookup:
    """The lookup over one store."""

    def __init__(self, store: Store, documents: list[DocumentInfo], scope: Scope = Scope()) -> None:
        self._store = store
        self._unit: str | None = None
        self._infos = [
            info for info in documents
            if (scope.documents is None or info.id in scope.documents)
            and (scope.department is None or scope.department == info.department)
            and (scope.year is None or scope.year == info.year)
        ]  # fmt: skip

    @property
    def document_ids(self) -> list[str]:
        return [info.id for info in self._infos]

    def look_up(self, expression: Reduce | Combine | Check, unit: str | None = None) -> Evidence:
        """Execute an expression. Evidence without values has `empty` set to what is missing.

        A quotient that is money is computed in `unit`, since rounding before a conversion would show.
        """
        if unit is not None:
            self._unit = unit
        if isinstance(expression, Check):
            return self._check(expression)
        if isinstance(expression, Combine):
            return self._combine(expression)
        return {
            "value": self._value, "list": self._list, "count": self._count, "sum": self._sum, "mean": self._mean,
            "rank": self._rank,
        }[expression.how](expression)  # fmt: skip

    # --- selecting -----------------------------------------------------------------------------------------------
    def select(self, select: Select) -> list[Fact]:
        """The facts that a select names, blank cells included, in document order."""
        ids = [
            info.id for info in self._infos
            if (not select.years or info.year in select.years)
            and (not select.departments or info.department in select.departments)
        ]  # fmt: skip
        roles = {"projects": ["project"], "units": ["unit"], "items": None}[select.universe]
        if select.universe == "items" and not (select.labels or select.codes or select.under):
            roles = ["unit"] if select.units else None
            if (select.total and not select.numbering) or (not select.units and not select.level and not select.classification
                                and not select.numbering):  # fmt: skip
                roles = ["total"]
        names = select.labels or (select.units if roles == ["unit"] and select.units else None)
        found = self._store.facts(documents=ids, names=names, codes=select.codes or None, roles=roles,
                                  table_kinds=select.tables or None)  # fmt: skip
        fitting = [fact for fact in found if self._fits(fact, select, roles)]
        return _least_restricted(fitting, select) if roles == ["total"] else fitting

    def _fits(self, fact: Fact, select: Select, roles: list[str] | None) -> bool:
        if (fact.source == "figure" and (select.measure or "") != fact.column_name) or (
            fact.source == "cell" and (select.measure or not column_fits(fact, select.columns))
        ):
            return False
        if fact.source == "figure" and (select.columns or select.units or select.tables):
            return False
        if select.units and fact.budget_unit not in select.units:
            return False
        if not select.units and select.universe == "items" and fact.budget_unit and fact.role != "project":
            return False
        if select.numbering:
            if select.total and fact.side not in (None, select.total):
                return False
        elif select.total and not _is_total_of(fact, select.total, bool(select.columns)):
            return False
        if select.numbering and not fact.label.startswith(f"{select.numbering}、"):
            return False
        if select.level and fact.level != select.level:
            return False
        if select.classification and BY_NAME.get(fact.table_kind, BY_NAME["other"]).rows != select.classification:
            return False
        if select.under and not any(_is_below(fact, parent, select.level is not None) for parent in select.under):
            return False
        if fact.name in select.exclude or any(part in select.exclude for part in map(plain_label, fact.path)):
            return False
        return not (roles is None and fact.role == "total" and not select.labels)

    # --- values --------------------------------------------------------------------------------------------------
    def _value(self, reduce: Reduce) -> Evidence:
        if self._is_unit_total(reduce.of):
            return self._unit_total(reduce.of)
        facts = self.select(reduce.of) or self._by_unit(reduce.of)
        if facts and all(fact.value is None for fact in facts):
            return Evidence(empty=f"表中“{facts[0].label}”这一格是空白的")
        values = distinct([fact for fact in facts if fact.value is not None])
        values = [v for v in values if meets(v, reduce.of.where)]
        return Evidence(values=values, empty=None if values else "没有这一项")

    def _by_unit(self, select: Select) -> list[Fact]:
        """The cells of a row that stands only under units of organisation: one for each unit."""
        if select.units or not select.labels or select.universe != "items":
            return []
        units = self.select(Select(universe="units"))
        return self.select(select.model_copy(update={"units": list(dict.fromkeys(fact.name for fact in units))}))

    def _is_unit_total(self, select: Select) -> bool:
        named = select.units and not (select.labels or select.codes or select.columns or select.tables)
        return bool(named) and select.universe == "items"

    def _unit_total(self, select: Select) -> Evidence:
        """A unit's whole budget: its basic and its project expenditure, which stand in two tables."""
        results = []
        for unit in select.units:
            parts = []
            for scope in UNIT_SCOPES:
                found = distinct(self.select(select.model_copy(update={"units": [unit], "columns": [scope]})))
                parts += [Value(v.amount, v.unit, f"{unit}{scope}", v.facts) for v in found[:1]]
            if len(parts) == 1:
                results.append(Evidence(values=parts, shown=[], derivation=None))
            elif parts:
                total = add(parts, f"{unit}基本支出与项目支出合计")
                results.append(Evidence(values=[total], shown=parts, derivation=sum_text(parts, total)))
        if not results:
            return Evidence(empty="没有这个单位的数")
        return Evidence(
            values=[v for r in results for v in r.values], shown=[v for r in results for v in r.shown],
            derivation="；".join(r.derivation for r in results if r.derivation) or None,
        )  # fmt: skip

    # --- sets ----------------------------------------------------------------------------------------------------
    def members(self, select: Select) -> list[Value]:
        """One value per member of the set: a row, a project or a unit; never a row beside its own parts."""
        if select.universe == "units" and not (select.columns or select.labels or select.tables):
            units = dict.fromkeys(fact.name for fact in self.select(select))
            totals = [self._unit_total(Select(units=[unit], years=select.years, departments=select.departments))
                      for unit in units]  # fmt: skip
            members = [
                replace(value, label=value.facts[0].name, derivation=evidence.derivation or "")
                for evidence in totals for value in evidence.values
            ]  # fmt: skip
        else:
            facts = one_table([fact for fact in self.select(select) if fact.value is not None])
            members = [value_of(fact) for fact in facts]
        if select.without_target:
            members = [member for member in members if not self._has_target(member.facts[0])]
        members = [member for member in members if meets(member, select.where)]
        if select.nth:
            if select.where:
                members.sort(key=lambda v: -in_yuan(v))
            members = members[select.nth - 1 : select.nth]
        if select.top:
            members = sorted(members, key=in_yuan, reverse=select.top > 0)[: abs(select.top)]
        return members

    def _has_target(self, fact: Fact) -> bool:
        targets = self._store.chunks(documents=[fact.document], kinds=["project"])
        return any(c.table_index == fact.table_index and c.row_index == fact.row_index for c in targets)

    def _list(self, reduce: Reduce) -> Evidence:
        members = self.members(reduce.of)
        if reduce.of.under and not reduce.of.columns and not reduce.of.nth and not reduce.of.top:
            members = self._in_both_scopes(reduce.of) or members
        if reduce.of.where:
            members.sort(key=lambda v: -in_yuan(v))
        return Evidence(values=members, total_count=len(members), derivation=derivations(members),
                        empty=None if members else "没有符合条件的")  # fmt: skip

    def _in_both_scopes(self, select: Select) -> list[Value]:
        """The parts of a row that has some in the table of basic and others in the table of project expenditure."""
        tables = [self.members(select.model_copy(update={"columns": [scope]})) for scope in UNIT_SCOPES]
        kinds = [{fact.table_kind for member in members for fact in member.facts} for members in tables]
        return [m for members in tables for m in members] if all(kinds) and not kinds[0] & kinds[1] else []

    def _count(self, reduce: Reduce) -> Evidence:
        members = self.members(reduce.of)
        if not members and not self.members(reduce.of.model_copy(update={"where": []})):
            return Evidence(empty="没有这样的内容")
        facts = tuple(fact for member in members for fact in member.facts[:1])
        noun = {"projects": "个", "units": "个", "items": "个"}[reduce.of.universe]
        return Evidence(values=[Value(Decimal(len(members)), noun, "数量", facts)], shown=members,
                        total_count=len(members))  # fmt: skip

    def _sum(self, reduce: Reduce) -> Evidence:
        members = self.members(reduce.of)
        if not members:
            return Evidence(empty="没有符合条件的")
        total = add(members, "合计")
        return Evidence(values=[total], shown=members, derivation=sum_text(members, total))

    def _mean(self, reduce: Reduce) -> Evidence:
        members = [member.to(self._unit) for member in self.members(reduce.of)]
        if not members:
            return Evidence(empty="没有符合条件的")
        total = add(members, "合计")
        mean = Value(quotient(total.amount, Decimal(len(members))), total.unit, "平均", total.facts, True)
        text = (
            f"{sum_text(members, total)}；{format_amount(total.amount)} ÷ {len(members)} = {format_amount(mean.amount)}"
        )
        return Evidence(values=[mean], shown=members, derivation=text, total_count=len(members))

    def _rank(self, reduce: Reduce) -> Evidence:
        members = self.members(reduce.of)
        if not reduce.descending and not reduce.of.where:
            members = [m for m in members if m.amount]
        members.sort(key=in_yuan, reverse=reduce.descending)
        if not members:
            return Evidence(empty="没有可以排序的内容")
        if reduce.position:
            if reduce.position > len(members):
                return Evidence(empty=f"一共只有{len(members)}个，没有第{reduce.position}个")
            wanted = in_yuan(members[reduce.position - 1])
            chosen = [m for m in members if in_yuan(m) == wanted]
        elif reduce.n:
            chosen = members[: reduce.n]
            if chosen:
                chosen += [m for m in members[reduce.n :] if in_yuan(m) == in_yuan(chosen[-1])]
        else:
            chosen = members
        return Evidence(values=chosen, total_count=len(members), derivation=derivations(chosen))

    # --- arithmetic ----------------------------------------------------------------------------------------------
    def _combine(self, combine: Combine) -> Evidence:
        operands = [self.look_up(operand) for operand in combine.operands]
        if combine.how == "list":
            return side_by_side(operands)
        if combine.how in ("greatest", "least"):
            return greatest(operands, combine.how == "greatest")
        missing = next((o for o in operands if o.empty), None)
        if missing:
            return Evidence(empty=missing.empty)
        aligned = align([o.values for o in operands])
        computed = [self._arithmetic(combine.how, list(values)) for values in aligned]
        results = unique_results([r for r in computed if r is not None])
        if not results:
            return Evidence(empty="可以相除的两个数")
        before = [o.derivation for o in operands if o.derivation]
        return Evidence(
            values=[r[0] for r in results], shown=[v for _, shown, _ in results for v in shown],
            derivation="；".join([*before, *(text for _, _, text in results)]),
        )  # fmt: skip

    def _arithmetic(self, how: str, values: list[Value]) -> tuple[Value, list[Value], str] | None:
        unit = values[0].unit
        values = [v.to(unit) for v in values]
        if len({v.unit for v in values}) > 1:
            return None
        facts = tuple(fact for v in values for fact in v.facts)
        amounts = [v.amount for v in values]
        texts = [v.printed() for v in values]
        if any(_same_cell(a, b) for i, a in enumerate(values) for b in values[:i]):
            return None  # a thing is compared with no other, and counted once
        if how == "sum":
            total = add(values, "合计")
            return total, values, sum_text(values, total)
        first, second = amounts[0], amounts[1]
        if how == "previous":
            result = Value(first - second, unit, "上年数", facts, True)
            change = texts[1] if second >= 0 else f"({texts[1]})"
            return result, values, f"{texts[0]} − {change} = {result.printed()}"
        if how == "difference":
            high, low = max(first, second), min(first, second)
            if first < second:
                texts.reverse()
            result = Value(high - low, unit, "相差", facts, True)
            return result, values, f"{texts[0]} − {texts[1]} = {result.printed()}"
        if not second:
            return None
        if how == "share":
            result = Value(quotient(first * 100, second), "%", "占比", facts, True)
            return result, values, f"{texts[0]} ÷ {texts[1]} = {result.amount}%"
        result = Value(quotient(first, second), "倍", "倍数", facts, True)
        return result, values, f"{texts[0]} ÷ {texts[1]} = {result.amount}"

    # --- statements ----------------------------------------------------------------------------------------------
    def _check(self, check: Check) -> Evidence:
        """A statement and those that go with it: true when all of them hold."""
        evidence = self._statement(check)
        if evidence.truth is None:
            return evidence
        evidence.also = [self._check(other) for other in check.also]
        missing = next((e for e in evidence.also if e.truth is None), None)
        if missing is not None:
            return missing
        evidence.truth = (evidence.truth != check.negated) and all(e.truth for e in evidence.also)
        texts = [e.derivation for e in (evidence, *evidence.also) if e.derivation]
        evidence.derivation = "；".join(dict.fromkeys(texts)) or None
        return evidence

    def _statement(self, check: Check) -> Evidence:
        """One statement as it stands, whether or not the asker denies it."""
        left = self.look_up(check.left)
        if check.relation == "exists":
            if not left.values:
                return self._nothing_there(check)
            return Evidence(values=left.values, shown=left.values, truth=any(v.amount for v in left.values),
                            derivation=left.derivation)  # fmt: skip
        if left.empty:
            return Evidence(empty=left.empty)
        if check.relation in ("rises", "falls", "same"):
            return self._moves(check, left.values)
        if check.relation == "agree":
            return Evidence(values=left.values, shown=left.values, truth=len(left.values) == 1)
        if check.claim is not None:
            truths = [_holds(in_yuan(v), check.relation, claim_in_yuan(check.claim, v)) for v in left.values]
            whole = self._of_both_scopes(left.values)
            if not any(truths) and whole and _holds(in_yuan(whole), check.relation, claim_in_yuan(check.claim, whole)):
                return Evidence(values=left.values, shown=[whole], truth=True, derivation=sum_text(left.values, whole))
            rest = [v for v, truth in zip(left.values, truths, strict=True) if v.amount and not truth]
            return Evidence(values=left.values, shown=left.shown, truth=any(truths) and not (check.only and rest),
                            derivation=left.derivation)  # fmt: skip
        assert check.right is not None
        return self._compared(check, left, self.look_up(check.right))

    def _of_both_scopes(self, values: list[Value]) -> Value | None:
        """One item's basic and project expenditure together, where these are all that it has."""
        scopes = [{s for fact in v.facts for s in (*fact.facets, fact.column_name) if s in UNIT_SCOPES} for v in values]
        both = len(values) == 2 and {len(s) for s in scopes} == {1} and scopes[0] != scopes[1]
        same = len({fact.name for v in values for fact in v.facts}) == 1
        return add(values, "合计") if both and same else None

    def _compared(self, check: Check, left: Evidence, right: Evidence) -> Evidence:
        """Two sides held against each other; their difference is told where they are two amounts of one unit."""
        if right.empty:
            return Evidence(empty=right.empty)
        texts = [d for d in (left.derivation, right.derivation) if d]
        if is_place(check.right):
            truth = any(in_yuan(a) == in_yuan(b) for a in left.values for b in right.values)
            return Evidence(values=left.values, shown=[*right.values, *right.shown], truth=truth,
                            derivation="；".join(texts) or None)  # fmt: skip
        pairs = list({(in_yuan(a), in_yuan(b)): (a, b) for a, b in align([left.values, right.values])}.values())
        truth = bool(pairs) and all(_holds(in_yuan(a), check.relation, in_yuan(b)) for a, b in pairs)
        shown = [v for pair in pairs for v in pair]
        if not pairs:
            return Evidence(empty="可以相比的两个数")
        apart = self._arithmetic("difference", list(pairs[0])) if len(pairs) == 1 else None
        return Evidence(values=shown, shown=[apart[0]] if apart else [], truth=truth,
                        derivation="；".join([*texts, *([apart[2]] if apart else [])]) or None)  # fmt: skip

    def _moves(self, check: Check, changes: list[Value]) -> Evidence:
        """A rise or fall against the year before; shown with it are its other measure and the amount itself."""
        change = changes[0]
        truth = {"rises": change.amount > 0, "falls": change.amount < 0, "same": change.amount == 0}[check.relation]
        if check.claim is not None:
            size = abs(in_yuan(change))
            truth = truth and _holds(size, check.claim.operator, claim_in_yuan(check.claim, change))
        select = check.left.of if isinstance(check.left, Reduce) else Select()
        others = [m for m in (CHANGE, GROWTH, None) if m != select.measure]
        found = [self.look_up(Reduce(how="value", of=select.model_copy(update={"measure": m}))) for m in others]
        shown = [v for evidence in found for v in evidence.values if v.facts[0].name == change.facts[0].name]
        return Evidence(values=[change], shown=shown, truth=truth)

    def _nothing_there(self, check: Check) -> Evidence:
        """没有: borne out by the note of a blank table, by a row that is listed elsewhere only, or by an empty set."""
        select = check.left.of if isinstance(check.left, Reduce) else Select()
        notes = [
            chunk for chunk in self._store.chunks(documents=self.document_ids, kinds=["note"])
            if kind_of(chunk.heading).name in select.tables or _denies(chunk.body, select)
        ]  # fmt: skip
        if notes:
            return Evidence(truth=False, passages=notes)
        if select.where:
            every = self.members(select.model_copy(update={"where": []}))
            return Evidence(truth=False) if every else Evidence(empty="没有这样的内容")
        elsewhere = self.select(select.model_copy(update={"columns": [], "tables": []}))
        if set(select.columns) & set(UNIT_SCOPES) and (elsewhere or self._is_unit_total(select)):
            return Evidence(truth=False)
        return Evidence(empty="没有这一项")


def is_place(expression: Reduce | Combine | None) -> bool:
    """Whether it is what stands first, last or nth of several."""
    return (isinstance(expression, Reduce) and expression.how == "rank") or (
        isinstance(expression, Combine) and expression.how in ("greatest", "least")
    )


def _denies(note: str, select: Select) -> bool:
    """Whether a note says that these units have none of these items: 甲中心和乙中心无行政经费."""
    return any(
        unit in sentence and re.search(rf"(?:无|没有)(?:安排)?{re.escape(label)}", sentence)
        for unit in select.units for label in select.labels for sentence in re.split(r"[，。；]", note)
    )  # fmt: skip


# --- helpers over facts and values ---------------------------------------------------------------------------------
def column_fits(fact: Fact, wanted: Iterable[str]) -> bool:
    """Whether a cell is in the columns asked for: its own column is asked for or is the total column, and all that is
    asked for holds for it, by its column or by its table."""
    asked = set(wanted)
    if fact.column_name and fact.column_name not in asked:
        return False
    return asked <= {fact.column_name, *fact.facets, *(plain_label(part) for part in fact.column)}


def _is_total_of(fact: Fact, side: str, with_columns: bool) -> bool:
    if fact.role != "total":
        return False
    kind = BY_NAME.get(fact.table_kind, BY_NAME["other"])
    if fact.side:
        return fact.side == side and (kind.name == "income_expenditure_summary" or with_columns)
    return with_columns or (side in kind.facets and "基本支出" not in kind.facets and "项目支出" not in kind.facets)


def _least_restricted(facts: list[Fact], select: Select) -> list[Fact]:
    """Of total rows, those whose tables restrict the money least beyond what was asked: 基本支出 is no fund's basic share."""
    if select.tables or not facts:
        return facts

    def extra(fact: Fact) -> int:
        return len(set(fact.facets) - set(select.columns) - {"收入", "支出"})

    least = min(map(extra, facts))
    return [fact for fact in facts if extra(fact) == least]


def _is_below(fact: Fact, parent: str, at_any_depth: bool) -> bool:
    """A direct part of a row, one level below it; at any depth where the level is said."""
    above = fact.path[:-1] if at_any_depth else fact.path[-2:-1]
    return fact.role != "total" and any(plain_label(part) == parent for part in above)


def _same_cell(a: Value, b: Value) -> bool:
    """Whether two values rest on a cell in common."""
    cells = [{(f.document, f.table_index, f.row_index, f.column_index, f.source) for f in v.facts} for v in (a, b)]
    return not a.computed and not b.computed and bool(cells[0] & cells[1])


def value_of(fact: Fact) -> Value:
    assert fact.value is not None
    return Value(fact.value, fact.unit, fact.label, (fact,))


def in_yuan(value: Value) -> Decimal:
    """For comparison: money in 元, anything else as it is."""
    return value.amount * YUAN[value.unit] if value.unit in YUAN else value.amount


def claim_in_yuan(claim: Condition, like: Value) -> Decimal:
    unit = claim.unit or like.unit
    return claim.amount * YUAN[unit] if unit in YUAN else claim.amount


def _holds(left: Decimal, relation: str, right: Decimal) -> bool:
    return {"gt": left > right, "ge": left >= right, "lt": left < right, "le": left <= right, "eq": left == right,
            "about": abs(left - right) <= abs(right) * NEAR}[relation]  # fmt: skip


def meets(value: Value, conditions: Iterable[Condition]) -> bool:
    return all(_holds(in_yuan(value), c.operator, claim_in_yuan(c, value)) for c in conditions)


def _rank_of(fact: Fact) -> tuple[int, int]:
    known = PREFERENCE.index(fact.table_kind) if fact.table_kind in PREFERENCE else len(PREFERENCE)
    return (1 if fact.source == "figure" else 0, known)


def distinct(facts: list[Fact]) -> list[Value]:
    """The different values that facts hold, each with all facts that hold it; the preferred table first."""
    groups: dict[tuple[str, int, Decimal], list[Fact]] = {}
    for fact in facts:
        if fact.value is not None:
            value = value_of(fact)
            key = (fact.department, fact.year, in_yuan(value), "money" if is_money(fact.unit) else fact.unit)
            groups.setdefault(key, []).append(fact)  # type: ignore[arg-type]
    values = []
    for group in groups.values():
        group.sort(key=_rank_of)
        values.append(Value(group[0].value or Decimal(0), group[0].unit, group[0].label, tuple(group)))
    return values


def one_table(facts: list[Fact]) -> list[Fact]:
    """The facts of the preferred table alone (per document), so that no row is counted once per table that repeats it."""
    chosen: dict[str, tuple[str, int]] = {}
    for fact in sorted(facts, key=_rank_of):
        chosen.setdefault(fact.document, (fact.table_kind, fact.table_index))
    return [fact for fact in facts if (fact.table_kind, fact.table_index) == chosen[fact.document]]


def add(values: list[Value], label: str) -> Value:
    unit = values[0].unit
    converted = [v.to(unit) for v in values]
    facts = tuple(fact for v in values for fact in (v.facts if v.computed else v.facts[:1]))
    return Value(sum((v.amount for v in converted), Decimal(0)), unit, label, facts, True)


def derivations(values: Iterable[Value]) -> str | None:
    return "；".join(v.derivation for v in values if v.derivation) or None


def sum_text(values: list[Value], total: Value) -> str:
    terms = " + ".join(v.to(total.unit).printed() for v in values)
    own = [v.derivation for v in values if v.derivation]
    return "；".join([*own, f"{terms} = {total.printed()}"])


def align(columns: list[list[Value]]) -> list[tuple[Value, ...]]:
    """Operands that belong together: where several values stand for an operand, those of the same table or scope."""
    if all(len(values) == 1 for values in columns):
        return [tuple(values[0] for values in columns)]
    for key in (_table_keys, _scope_keys):
        common = set.intersection(*({k for v in values for k in key(v)} for values in columns))
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


def side_by_side(found: list[Evidence]) -> Evidence:
    """Several answers as one, in their order; what is missing is told, not dropped."""
    missing = [e.empty for e in found if e.empty]
    if len(missing) == len(found):
        return Evidence(empty=missing[0])
    values: list[Value] = []
    for value in (v for e in found for v in e.values):
        if not any(_same_cell(value, other) for other in values):
            values.append(value)
    texts = [e.derivation for e in found if e.derivation]
    return Evidence(values=values, shown=[v for e in found for v in e.shown], notes=[m for m in missing if m],
                    derivation="；".join(texts) or None)  # fmt: skip


def greatest(found: list[Evidence], largest: bool) -> Evidence:
    """Of several things the one with the largest or smallest value; the others are shown."""
    together = side_by_side(found)
    if together.empty or len(together.values) < 2:
        return Evidence(empty=together.empty or "没有可以比较的另一项")
    ordered = sorted(together.values, key=in_yuan, reverse=largest)
    rest = sum((in_yuan(v) for v in ordered[1:]), Decimal(0))
    if len(ordered) > 2 and in_yuan(max(ordered, key=in_yuan)) * 2 == rest + in_yuan(ordered[0]):
        ordered.remove(max(ordered, key=in_yuan))  # a whole named beside all its parts is no rival of theirs
    best = [v for v in ordered if in_yuan(v) == in_yuan(ordered[0])]
    return Evidence(values=best, shown=ordered[len(best) :], derivation=together.derivation)


def _scope_keys(value: Value) -> set[str]:
    return {s for fact in value.facts for s in (*fact.facets, fact.column_name) if s in UNIT_SCOPES}


def unique_results(results: list[tuple[Value, list[Value], str]]) -> list[tuple[Value, list[Value], str]]:
    seen: dict[str, tuple[Value, list[Value], str]] = {}
    for result in results:
        seen.setdefault(result[2], result)
    return list(seen.values())
