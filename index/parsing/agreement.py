"""The unit of a table that prints none, told by the amounts that it has in common with tables that do.

In: the tables of one document. Out: the same, with units where enough different amounts of a table stand, printed alike, in
tables of one unit and in none of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from index.amounts import is_money
from index.model import Table
from index.parsing.kinds import BY_NAME

ENOUGH = 3  # different amounts in common
TELLING = Decimal(10)  # below it amounts are alike by chance


def with_agreed_units(tables: Sequence[Table]) -> list[Table]:
    """The tables, those of money without a unit with that of the tables they agree with."""
    known: dict[str, set[Decimal]] = {}
    for table in tables:
        if table.unit is not None and is_money(table.unit):
            known.setdefault(table.unit, set()).update(_amounts([table]))
    return [_with_unit(table, known) for table in tables]


def _with_unit(table: Table, known: dict[str, set[Decimal]]) -> Table:
    if table.unit is not None or BY_NAME[table.kind].rows in ("form", "other"):
        return table
    own = set(_amounts([table]))
    agreeing = {unit: len(own & amounts) for unit, amounts in known.items() if own & amounts}
    if len(agreeing) != 1:
        return table
    unit, count = next(iter(agreeing.items()))
    return table.model_copy(update={"unit": unit}) if count >= ENOUGH else table


def _amounts(tables: Iterable[Table]) -> Iterable[Decimal]:
    values = (value for table in tables for row in table.rows for value in row.values)
    return (
        value for value in values if value is not None and abs(value) >= TELLING and value != value.to_integral_value()
    )
