"""Selects to facts and values.

In: a Select. Out: the facts that it names, in document order, and their values. What does not exist gives nothing and says why.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from assistant.evidence import Evidence, Value
from assistant.lookup.fitting import fits, least_restricted, listed_first
from assistant.lookup.values import UNIT_SCOPES, add, distinct, sum_text
from assistant.plan import Check, Expression, Select
from assistant.view import View
from index.chunks import Chunk
from index.facts import Fact
from index.parsing.kinds import FORM_KINDS, kind_of_budget

BY_UNITS = ("expenditure_summary", "income_summary")  # tables that may have a row for each unit
THIS_YEAR = re.compile(r"^[本当]年")


class Selecting(ABC):
    """What of a view is asked about, and what a Select names in it."""

    def __init__(self, store: View, asked: Sequence[str] | None = None) -> None:
        """`asked`: the documents that a Select is about which names no kind of budget; all of the view where there are none."""
        self._store = store
        self._unit: str | None = None
        self._selected: dict[str, list[Fact]] = {}  # the readings of one question name the same things again and again
        self._infos = store.documents()
        self._by_id = {info.id: info for info in self._infos}
        self._asked = [info for info in self._infos if asked is None or info.id in asked]

    @abstractmethod
    def look_up(self, expression: Expression | Check, unit: str | None = None) -> Evidence:
        """What any expression gives: an operand may be another kind than what it stands in."""

    @property
    def document_ids(self) -> list[str]:
        """Of the documents that are asked about."""
        return [info.id for info in self._asked]

    def kind_of(self, document: str) -> str:
        """The kind of a document in scope, by its id: 部门预算, 部门决算, ..."""
        return self._by_id[document].kind

    def cover(self, document: str) -> str:
        """Whose and of which year a document in scope is: 2024年某市水务局."""
        info = self._by_id[document]
        return f"{info.year}年{info.department}"

    def holds(self, select: Select) -> bool:
        """Whether the documents have what a select names, if only a blank cell."""
        if self._is_unit_total(select):
            return bool(self._unit_total(select).values)
        return bool(self.select(select) or self._by_unit(select))

    def duties(self) -> list[Chunk]:
        """What the documents say of the units' duties."""
        return self._store.chunks(documents=self.document_ids, kinds=["duty"])

    def cells_of(self, table_kinds: Sequence[str]) -> list[Fact]:
        """All cells of the tables of some kinds."""
        return self._store.facts(documents=self.document_ids, table_kinds=table_kinds)

    def facts_of_project(self, name: str) -> list[Fact]:
        """All that the documents tell of a project in numbers, whatever the column."""
        return self._store.facts(documents=self.document_ids, names=[name], roles=["project"])

    def rows_beside(self, fact: Fact) -> list[str]:
        """The names of the rows in the table or passage of a fact."""
        found = self._store.facts(documents=[fact.document], table_kinds=[fact.table_kind])
        same = [f for f in found if f.table_index == fact.table_index and f.table_title == fact.table_title]
        return list(dict.fromkeys(f.name for f in same))

    def select(self, select: Select) -> list[Fact]:
        """The facts that a select names, blank cells included, in document order."""
        key = select.model_dump_json()
        if key not in self._selected:
            self._selected[key] = self._select(select)
        return list(self._selected[key])

    def _select(self, select: Select) -> list[Fact]:
        ids = [
            info.id for info in (self._infos if select.kinds else self._asked)
            if (not select.kinds or kind_of_budget(info.kind) in select.kinds)
            and (not select.years or info.year in select.years)
            and (not select.departments or info.department in select.departments)
        ]  # fmt: skip
        roles = {"projects": ["project"], "units": ["unit"], "items": None}[select.universe]
        if select.universe == "items" and not (select.labels or select.codes or select.under):
            roles = ["unit"] if select.units else None
            if select.tables and set(select.tables) <= set(FORM_KINDS):
                roles = ["item"]
            elif (select.total and not select.numbering) or (not select.units and not select.level and not select.classification
                                and not select.numbering):  # fmt: skip
                roles = ["total"]
        names = select.labels or (select.units if roles == ["unit"] and select.units else None)
        found = self._store.facts(documents=ids, names=names, codes=select.codes or None, roles=roles,
                                  table_kinds=select.tables or None)  # fmt: skip
        fitting = [fact for fact in found if fits(fact, select, roles)]
        if roles == ["total"]:
            return self._of_one_whole(least_restricted(fitting, select), select)
        return listed_first(fitting) if roles == ["project"] and not select.tables else fitting

    def _of_one_whole(self, facts: list[Fact], select: Select) -> list[Fact]:
        """Totals with what other years leave, or without it, where the summary has both (本年收入合计, 收入总计). If nothing says
        which: what is spent in a year is its own expenditure; any other total is the whole."""
        if select.total is None or select.columns:
            return facts
        final = {info.id for info in self._infos if kind_of_budget(info.kind) == "决算"}
        left_out: set[tuple[str, Decimal | None]] = set()
        for document in {f.document for f in facts}:
            own = [f for f in facts if f.document == document and f.value is not None]
            summary = [f for f in own if f.table_kind == "income_expenditure_summary" or (select.tables and f.side)]
            of_year = {f.value for f in summary if THIS_YEAR.search(f.name)}
            whole = {f.value for f in summary if not THIS_YEAR.search(f.name)}
            carried = select.carried
            if carried is None:
                carried = not (document in final and select.total == "支出")
            kept = whole if carried else of_year
            if of_year and whole:
                left_out |= {(document, f.value) for f in own if f.value in of_year | whole and f.value not in kept}
        return [f for f in facts if (f.document, f.value) not in left_out]

    def _by_unit(self, select: Select) -> list[Fact]:
        """The cells of a row that stands only under units of organisation: one for each unit."""
        if select.units or not select.labels or select.universe != "items":
            return []
        units = self.select(Select(universe="units", **select.whose()))
        return self.select(select.model_copy(update={"units": list(dict.fromkeys(fact.name for fact in units))}))

    def _is_unit_total(self, select: Select) -> bool:
        named = select.units and not (select.labels or select.codes or select.columns or select.tables)
        return bool(named) and select.universe == "items"

    def _unit_total(self, select: Select) -> Evidence:
        """A unit's whole budget: as a table prints it, else its basic and its project expenditure, which stand in two tables."""
        results = []
        for unit in select.units:
            printed = self._printed_total(unit, select)
            if printed is not None:
                results.append(Evidence(values=[printed]))
                continue
            parts: list[Value] = []
            for scope in UNIT_SCOPES:
                found = distinct(self.select(select.model_copy(update={"units": [unit], "columns": [scope]})))
                found = [v for v in found if not parts or _budget_of(v) == _budget_of(parts[0])]
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

    def _printed_total(self, unit: str, select: Select) -> Value | None:
        """The whole of a unit in the table of all expenditure, or of all income, by units."""
        for kind in BY_UNITS:
            found = distinct(self.select(Select(universe="units", labels=[unit], tables=[kind], **select.whose())))
            if len(found) == 1:
                return replace(found[0], label=unit)
        return None


def _budget_of(value: Value) -> tuple[str, int]:
    return value.facts[0].department, value.facts[0].year
