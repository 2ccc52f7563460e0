"""An item that stands in several rows of one table, each with a part of its money: those of units that the table does not print.

In: facts of one item. Out: for each table that prints it so, the sum. Only where the table's own total counts every row once; rows
that hold each other are never added.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from assistant.evidence import Value
from assistant.lookup.values import add, sum_text, value_of
from index.amounts import is_money
from index.facts import Fact

Column = tuple[str, int, int]  # a document, a table and a column of it


def added_up(facts: Sequence[Fact], column_of: Callable[[Fact], list[Fact]]) -> tuple[list[Fact], list[Value]]:
    """The facts that stand alone, and the sums of those that are rows of one item. `column_of`: all cells of a fact's column."""
    groups: dict[tuple, list[Fact]] = {}
    for fact in facts:
        if fact.source == "cell" and fact.role == "item" and fact.value is not None and is_money(fact.unit):
            kind = fact.code or fact.path
            groups.setdefault((*_column(fact), fact.name, kind, fact.side, fact.budget_unit), []).append(fact)
    sums: list[Value] = []
    taken: set[int] = set()
    for group in groups.values():
        rows = {fact.row_index for fact in group}
        if len(rows) == len(group) > 1 and _each_counts(column_of(group[0]), rows):
            parts = [value_of(fact) for fact in group]
            total = add(parts, group[0].label)
            sums.append(Value(total.amount, total.unit, total.label, total.facts, True, sum_text(parts, total)))
            taken |= set(map(id, group))
    return [fact for fact in facts if id(fact) not in taken], sums


def _column(fact: Fact) -> Column:
    return fact.document, fact.table_index, fact.column_index


def _each_counts(column: Sequence[Fact], rows: set[int]) -> bool:
    """Whether the rows are leaves, and all leaves of the column together are its total."""
    ordered = sorted(column, key=lambda fact: fact.row_index)
    totals = {fact.value for fact in ordered if fact.role == "total" and fact.value is not None}
    items = [fact for fact in ordered if fact.role == "item"]
    leaves = [
        fact for fact, behind in zip(items, [*items[1:], None], strict=True)
        if behind is None or not (len(behind.path) > len(fact.path) and behind.path[: len(fact.path)] == fact.path)
    ]  # fmt: skip
    whole = sum((fact.value for fact in leaves if fact.value is not None), Decimal(0))
    return len(totals) == 1 and whole in totals and rows <= {fact.row_index for fact in leaves}
