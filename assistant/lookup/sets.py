"""Sets: their members, and what is counted, added, averaged or ranked over them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from assistant.evidence import Evidence, Value
from assistant.lookup.belonging import own_units, without_own_units
from assistant.lookup.form_rows import is_of_form
from assistant.lookup.repeated import added_up
from assistant.lookup.selecting import Selecting
from assistant.lookup.values import (
    UNIT_SCOPES,
    add,
    cell_of,
    derivations,
    distinct,
    in_yuan,
    meets,
    one_document,
    one_table,
    printed_once,
    sum_text,
    value_of,
    widest,
)
from assistant.plan import Condition, Placed, Reduce, Select
from index.amounts import format_amount, is_money, quotient
from index.editions import budget_key
from index.facts import Fact


class Sets(Selecting):
    """What a Reduce over a set gives."""

    def _value(self, reduce: Reduce) -> Evidence:
        if self._is_unit_total(reduce.of):
            return self._unit_total(reduce.of)
        facts = self.select(reduce.of) or self._by_unit(reduce.of)
        columns = set(reduce.of.columns)
        if facts and all(fact.value is None and columns <= set(fact.facets) for fact in facts):
            facts = self._only_number(facts) or facts
        if facts and all(fact.value is None for fact in facts):
            return Evidence(empty=f"表中“{facts[0].label}”这一格是空白的")
        alone, sums = added_up([fact for fact in facts if fact.value is not None], self._column_of)
        values = distinct(alone)
        if len(values) > 1 and not (reduce.of.columns or reduce.of.tables or reduce.of.units or reduce.of.under):
            values = distinct(widest([fact for value in values for fact in value.facts]))
        values += [total for total in sums if all(in_yuan(v) != in_yuan(total) for v in values)]
        values = self._meeting(values, reduce.of)
        return Evidence(values=values, empty=None if values else "没有这一项", derivation=derivations(values))

    def _column_of(self, fact: Fact) -> list[Fact]:
        """All cells of a fact's column."""
        found = self._store.facts(documents=[fact.document], table_kinds=[fact.table_kind])
        return [f for f in found if (f.table_index, f.column_index) == (fact.table_index, fact.column_index)]

    def _only_number(self, blanks: list[Fact]) -> list[Fact]:
        """The one number that the rows of blank cells have, in whatever column: 物业管理费, under 公用经费 alone."""
        rows = {(f.document, f.table_index, f.row_index) for f in blanks}
        found = self._store.facts(documents={f.document for f in blanks}, names={f.name for f in blanks})
        filled = [f for f in found if (f.document, f.table_index, f.row_index) in rows and f.value is not None]
        return filled if len({(f.value, f.unit) for f in filled}) == 1 else []

    def members(self, select: Select) -> list[Value]:
        """One value per member of the set: a row, a project or a unit; never a row beside its own parts."""
        if select.universe == "units" and not (select.columns or select.labels or select.tables):
            units = dict.fromkeys(fact.name for fact in self.select(select))
            totals = [self._unit_total(Select(units=[unit], **select.whose()))
                      for unit in units]  # fmt: skip
            members = [
                replace(value, label=value.facts[0].name, derivation=evidence.derivation or "")
                for evidence in totals for value in evidence.values
            ]  # fmt: skip
        else:
            facts = one_table([fact for fact in self.select(select) if fact.value is not None])
            facts = self._under_one_row(facts, select)
            if len({fact.document for fact in facts}) > 1:
                facts = one_document(self._counted_once(facts), self._budget_of)
            alone, sums = added_up(facts, self._column_of)
            members = [*(value_of(fact) for fact in printed_once(alone)), *sums]
        if select.without_target:
            members = [member for member in members if not self._has_target(member.facts[0])]
        if select.with_target:
            members = [member for member in members if self._has_target(member.facts[0])]
        members = self._short_of(self._meeting(members, select), select)
        if select.nth:
            if select.where:
                members.sort(key=lambda v: -in_yuan(v))
            members = members[select.nth - 1 : select.nth]
        if select.top:
            members = sorted(members, key=in_yuan, reverse=select.top > 0)[: abs(select.top)]
        return members

    def _under_one_row(self, facts: list[Fact], select: Select) -> list[Fact]:
        """Of parts of a row that a table has several times (财政拨款 of 收入 and of 支出, by function and by kind of expenditure)
        those of the first that has any: together they would count the same money again."""
        if len(select.under) != 1 or len({fact.document for fact in facts}) != 1:
            return facts
        first = facts[0]
        named = self._store.facts(documents={first.document}, names=select.under, table_kinds={first.table_kind})
        parents = {(f.table_index, f.row_index) for f in named if f.budget_unit == first.budget_unit}

        def parent_of(fact: Fact) -> tuple[int, int]:
            return max((p for p in parents if p < (fact.table_index, fact.row_index)), default=(-1, -1))

        return [fact for fact in facts if parent_of(fact) == parent_of(first)]

    def _counted_once(self, facts: list[Fact]) -> list[Fact]:
        """The facts without those of a unit's own file where its department's is among them."""
        departments = {fact.department for fact in facts}
        owners = own_units(departments, self._store.owners(departments)) if len(departments) > 1 else set()
        return without_own_units(facts, self._by_id, owners)

    def _budget_of(self, document: str) -> tuple:
        """What the files of one budget have in common; each form of performance is for itself."""
        info = self._by_id[document]
        return (document,) if "绩效" in info.kind else budget_key(info)

    def _meeting(self, members: list[Value], select: Select) -> list[Value]:
        """The members that meet all bounds, those among them that are computed first."""
        bounds = [self._computed_bound(bound, members, select) for bound in select.where]
        if None in bounds:
            return []
        kept = [member for member in members if meets(member, [b for b in bounds if b is not None])]
        below = any(b is not None and b.operator in ("lt", "le") and b.amount for b in bounds)
        return [member for member in kept if not (below and self._is_of_other_column(member))]

    def _is_of_other_column(self, member: Value) -> bool:
        """Whether a zero only says that a row's money stands in another column: 基本工资 under 公用经费."""
        if member.amount or not all(fact.column_name for fact in member.facts):
            return False
        rows = {(f.document, f.table_index, f.row_index) for f in member.facts}
        found = self._store.facts(documents={f.document for f in member.facts}, names={f.name for f in member.facts})
        return any(f.value for f in found if (f.document, f.table_index, f.row_index) in rows)

    def _computed_bound(self, bound: Condition, members: list[Value], select: Select) -> Condition | None:
        """A bound with its amount; None where what it is to be compared with is not there."""
        if bound.than is not None:
            found = self.look_up(bound.than).values
            return Condition(operator=bound.operator, amount=found[0].amount, unit=found[0].unit) if found else None
        if not members or not (bound.than_mean or bound.of_share):
            return bound
        if bound.than_mean:
            mean = quotient(sum(map(in_yuan, members), Decimal(0)), Decimal(len(members)))
            return Condition(
                operator=bound.operator, amount=mean, unit="元" if is_money(members[0].unit) else members[0].unit
            )
        every = self.members(select.model_copy(update={"where": [], "nth": None, "top": None}))
        amount = sum(map(in_yuan, every), Decimal(0)) * bound.amount / 100
        return Condition(operator=bound.operator, amount=amount, unit="元")

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

    def _short_of(self, members: list[Value], select: Select) -> list[Value]:
        """The members whose value is less than their row has in another column: 得分 less than 分值."""
        if select.short_of is None:
            return members
        other = self.select(select.model_copy(update={"columns": [select.short_of], "short_of": None}))
        most = {cell_of(f)[:3]: f.value for f in other if f.value is not None}
        rows = [(m, most.get(cell_of(m.facts[0])[:3])) for m in members]
        return [member for member, whole in rows if whole is not None and member.amount < whole]

    def _count(self, reduce: Reduce) -> Evidence:
        if is_of_form(reduce.of) and not reduce.of.short_of:
            rows = {cell_of(fact)[:3]: fact for fact in self.select(reduce.of) if fact.text}
            number = Value(Decimal(len(rows)), "个", "数量", tuple(rows.values()))
            return Evidence(values=[number], total_count=len(rows), empty=None if rows else "没有这样的指标")
        members = self.members(reduce.of)
        if not members and not self.members(reduce.of.model_copy(update={"where": []})):
            return Evidence(empty="没有这样的内容")
        facts = tuple(fact for member in members for fact in member.facts[:1])
        noun = {"projects": "个", "units": "个", "items": "个"}[reduce.of.universe]
        return Evidence(values=[Value(Decimal(len(members)), noun, "数量", facts)], shown=members,
                        total_count=len(members), derivation=derivations(members))  # fmt: skip

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
        return Evidence(values=chosen, among=members, total_count=len(members), derivation=derivations(chosen))

    def _placed(self, placed: Placed) -> Evidence:
        """Which place a thing takes among a set; ties share the better place."""
        found = self._value(placed.thing) if placed.thing.how == "value" else self.look_up(placed.thing)
        members = self.members(placed.among)
        cells = {cell_of(fact) for value in found.values for fact in value.facts}
        own = next((m for m in members if any(cell_of(fact) in cells for fact in m.facts)), None)
        if own is None:
            return Evidence(empty=found.empty or "可以排序的同类")
        above = sorted((m for m in members if in_yuan(m) > in_yuan(own)), key=in_yuan, reverse=True)
        facts = tuple(m.facts[0] for m in (own, *above))
        return Evidence(values=[Value(Decimal(1 + len(above)), "位", "名次", facts)], shown=[own], among=members, total_count=len(members),
                        derivation=derivations([own, *above]))  # fmt: skip
