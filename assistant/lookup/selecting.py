"""Selects to facts and values.

In: a Select. Out: the facts that it names, in document order, and their values. What does not exist gives nothing and says why.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.evidence import Evidence, Value
from assistant.lookup.values import UNIT_SCOPES, add, distinct, sum_text
from assistant.plan import Check, Expression, Select
from assistant.view import View
from index.chunks import Chunk
from index.facts import Fact
from index.kinds import BY_NAME, FORM_KINDS, kind_of_budget
from index.rows import plain_label
from index.store import DocumentInfo

BY_UNITS = ("expenditure_summary", "income_summary")  # tables that may have a row for each unit
PROSE = "prose"  # the kind of table of what is told in sentences
THIS_YEAR = re.compile(r"^[本当]年")


@dataclass(frozen=True)
class Scope:
    """What the asker has picked: documents by id; None for all."""

    documents: tuple[str, ...] | None = None
    department: str | None = None
    year: int | None = None

    def among(self, infos: Iterable[DocumentInfo]) -> list[DocumentInfo]:
        """Those of the documents that are in it."""
        return [
            info for info in infos
            if (self.documents is None or info.id in self.documents)
            and (self.department is None or self.department == info.department)
            and (self.year is None or self.year == info.year)
        ]  # fmt: skip


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
        fitting = [fact for fact in found if self._fits(fact, select, roles)]
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

    def _fits(self, fact: Fact, select: Select, roles: list[str] | None) -> bool:
        if (
            fact.table_kind in FORM_KINDS
            and fact.role != "project"
            and not select.form
            and fact.table_kind not in select.tables
        ):
            return False  # what stands in a form is asked for as such
        if select.form and plain_label(fact.path[0]) != plain_label(select.form):
            return False
        if (fact.source == "figure" and (select.measure or "") != fact.column_name) or (
            fact.source == "cell" and (select.measure or not column_fits(fact, select.columns))
        ):
            return False
        if fact.source == "figure" and (
            select.columns or select.units or (select.tables and PROSE not in select.tables)
        ):
            return False
        if fact.table_kind in select.not_in:
            return False
        if select.titles and fact.table_title not in select.titles:
            return False
        if select.units and fact.budget_unit not in select.units:
            return False
        if not select.units and select.universe == "items" and fact.budget_unit and fact.role != "project":
            return False
        if select.numbering:
            if select.total and fact.side not in (None, select.total):
                return False
        elif select.total and not is_total_of(fact, select.total, bool(select.columns), bool(select.tables)):
            return False
        if select.numbering and not fact.label.startswith(f"{select.numbering}、"):
            return False
        if select.side and fact.side != select.side:
            return False
        if select.level and fact.level != select.level:
            return False
        if select.classification and BY_NAME.get(fact.table_kind, BY_NAME["other"]).rows != select.classification:
            return False
        if select.under and not any(
            is_below(fact, parent, bool(select.level or select.labels)) for parent in select.under
        ):
            return False
        above = (
            () if select.universe == "units" else map(plain_label, fact.path)
        )  # the department stands above its units
        if fact.name in select.exclude or any(part in select.exclude for part in above):
            return False
        return not (roles is None and fact.role == "total" and not select.labels)

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


def column_fits(fact: Fact, wanted: Iterable[str]) -> bool:
    """Whether a cell is in the columns asked for: its own column is asked for or is the total column, and all that is
    asked for holds for it, by its column or by its table."""
    asked = set(wanted)
    if fact.column_name and fact.column_name not in asked:
        return False
    return asked <= {fact.column_name, *fact.facets, *(plain_label(part) for part in fact.column)}


def is_total_of(fact: Fact, side: str, with_columns: bool, in_table: bool = False) -> bool:
    """Whether a fact is the total of 收入 or 支出: of the table of both sides, or of any that its columns or table were named for."""
    if fact.role != "total":
        return False
    kind = BY_NAME.get(fact.table_kind, BY_NAME["other"])
    if fact.side:
        return fact.side == side and (kind.name == "income_expenditure_summary" or with_columns or in_table)
    return with_columns or (side in kind.facets and "基本支出" not in kind.facets and "项目支出" not in kind.facets)


def least_restricted(facts: list[Fact], select: Select) -> list[Fact]:
    """Of total rows, those whose tables restrict the money least beyond what was asked: 基本支出 is no fund's basic share."""
    if select.tables or not facts:
        return facts

    def extra(fact: Fact) -> int:
        return len(set(fact.facets) - set(select.columns) - {"收入", "支出"})

    least = min(map(extra, facts))
    return [fact for fact in facts if extra(fact) == least]


def listed_first(facts: list[Fact]) -> list[Fact]:
    """The amounts of projects without those of their forms, where the budget's own list of projects has them too."""
    listed = {(f.document, f.name, f.column_name) for f in facts if f.table_kind not in FORM_KINDS}
    return [
        f for f in facts if f.table_kind not in FORM_KINDS or (f.document, f.name, f.column_name) not in listed
    ]  # fmt: skip


def is_below(fact: Fact, parent: str, at_any_depth: bool) -> bool:
    """A direct part of a row, one level below it; at any depth where the level is said, and in a form."""
    above = fact.path[:-1] if at_any_depth or fact.table_kind in FORM_KINDS else fact.path[-2:-1]
    return fact.role != "total" and any(plain_label(part) == parent for part in above)
