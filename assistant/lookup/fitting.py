"""Whether a fact is what a Select means, and which of several totals or amounts it means first.

In: facts of fitting names, and the Select. Out: whether they are of its form, columns, tables, units and rows.
"""

from __future__ import annotations

from collections.abc import Iterable

from assistant.plan import Select
from index.facts import Fact
from index.parsing.kinds import BY_NAME, FORM_KINDS
from index.parsing.rows import plain_label

PROSE = "prose"  # the kind of table of what is told in sentences


def fits(fact: Fact, select: Select, roles: list[str] | None) -> bool:
    """Whether a fact of a fitting name, code and role is what the rest of a Select means; `roles` are those that were looked for,
    None for all."""
    return (
        _in_form(fact, select)
        and _in_column(fact, select)
        and _in_table(fact, select)
        and _of_unit(fact, select)
        and _in_row(fact, select)
        and not _is_left_out(fact, select, roles)
    )


def _in_form(fact: Fact, select: Select) -> bool:
    """Of the form that is meant. What stands in a form is asked for as such."""
    if select.form:
        return plain_label(fact.path[0]) == plain_label(select.form)
    return fact.table_kind not in FORM_KINDS or fact.role == "project" or fact.table_kind in select.tables


def _in_column(fact: Fact, select: Select) -> bool:
    """In the columns that are meant; a figure of prose is in none, and may be of a measure."""
    if fact.source == "cell":
        return not select.measure and column_fits(fact, select.columns)
    in_table = select.columns or select.units or (select.tables and PROSE not in select.tables)
    return not in_table and (select.measure or "") == fact.column_name


def _in_table(fact: Fact, select: Select) -> bool:
    """In a table that is meant, on the side of it that is."""
    return (
        fact.table_kind not in select.not_in
        and (not select.titles or fact.table_title in select.titles)
        and (not select.side or fact.side == select.side)
        and (not select.classification or BY_NAME.get(fact.table_kind, BY_NAME["other"]).rows == select.classification)
    )


def _of_unit(fact: Fact, select: Select) -> bool:
    """Of a unit that is meant; where none is, items of units are not."""
    if select.units:
        return fact.budget_unit in select.units
    return select.universe != "items" or not fact.budget_unit or fact.role == "project"


def _in_row(fact: Fact, select: Select) -> bool:
    """In a row that is meant by its number, its being a total, its level or what stands above it."""
    if select.numbering:
        numbered = fact.label.startswith(f"{select.numbering}、")
        if not numbered or (select.total and fact.side not in (None, select.total)):
            return False
    elif select.total and not is_total_of(fact, select.total, bool(select.columns), bool(select.tables)):
        return False
    if select.level and fact.level != select.level:
        return False
    deep = bool(select.level or select.labels)
    return not select.under or any(is_below(fact, parent, deep) for parent in select.under)


def _is_left_out(fact: Fact, select: Select, roles: list[str] | None) -> bool:
    """Left out by its name or one above it; a total also where any row is looked for."""
    # The department stands above its units.
    above = () if select.universe == "units" else map(plain_label, fact.path)
    if fact.name in select.exclude or any(part in select.exclude for part in above):
        return True
    return roles is None and fact.role == "total" and not select.labels


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


def is_below(fact: Fact, parent: str, at_any_depth: bool) -> bool:
    """A direct part of a row, one level below it; at any depth where the level is said, and in a form."""
    above = fact.path[:-1] if at_any_depth or fact.table_kind in FORM_KINDS else fact.path[-2:-1]
    return fact.role != "total" and any(plain_label(part) == parent for part in above)


# --- of several ----------------------------------------------------------------------------------------------------
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
