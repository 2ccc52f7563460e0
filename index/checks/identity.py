"""One accounting identity: two sides that must be equal, the cells they are made of, and the verdict.

Amounts are exact decimals, compared in the coarsest unit of money among the cells, since that is what rounding was done in.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from index.amounts import CENT, YUAN, convert
from index.model import Table
from index.parsing.prose import Figure

Verdict = Literal["一致", "尾差", "不一致"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
PROSE = -1  # the table index of a figure stated in prose, as in its Fact


@dataclass(frozen=True)
class IdentityCell:
    """A cell, by the same indices as its Fact."""

    table: int
    row: int
    column: int
    text: str
    value: Decimal
    unit: str | None
    document: str = ""  # of which it is a cell, where that is another than its identity's

    def as_dict(self) -> dict:
        """As the command line prints it: the amount as a decimal string."""
        return ({"document": self.document} if self.document else {}) | {
            "table": self.table,
            "row": self.row,
            "column": self.column,
            "text": self.text,
            "value": str(self.value),
        }


@dataclass(frozen=True)
class Identity:
    """Each side's amount is the sum of its cells. `title` names table, row and column."""

    document: str
    rule: str
    title: str
    left_cells: tuple[IdentityCell, ...]
    right_cells: tuple[IdentityCell, ...]

    @property
    def cells(self) -> tuple[IdentityCell, ...]:
        """The cells of both sides, the left one's first."""
        return self.left_cells + self.right_cells

    @property
    def unit(self) -> str | None:
        """The coarsest unit of money of the cells; None where a table does not state its unit."""
        units = {cell.unit for cell in self.cells}
        return None if None in units else max((u for u in units if u), key=YUAN.__getitem__)

    @property
    def left(self) -> Decimal:
        """The sum of the left side, in `unit`."""
        return self._total(self.left_cells)

    @property
    def right(self) -> Decimal:
        """The sum of the right side, in `unit`."""
        return self._total(self.right_cells)

    @property
    def difference(self) -> Decimal:
        """Left less right, in `unit`."""
        return self.left - self.right

    @property
    def verdict(self) -> Verdict:
        """尾差 is what rounding explains: a hundredth for each addend, or half of the last place that prose prints."""
        if not self.difference:
            return "一致"
        allowed = CENT * max(len(self.left_cells), len(self.right_cells))
        allowed = max(allowed, *(self._half_of_last_place(cell) for cell in self.cells if cell.table == PROSE), CENT)
        return "尾差" if abs(self.difference) <= allowed else "不一致"

    def as_dict(self) -> dict:
        """As the command line prints it: amounts as decimal strings."""
        return {
            "document": self.document, "rule": self.rule, "title": self.title, "unit": self.unit,
            "left": str(self.left), "right": str(self.right), "difference": str(self.difference),
            "verdict": self.verdict,
            "left_cells": [cell.as_dict() for cell in self.left_cells],
            "right_cells": [cell.as_dict() for cell in self.right_cells],
        }  # fmt: skip

    def _total(self, cells: tuple[IdentityCell, ...]) -> Decimal:
        return sum((self._amount(cell, cell.value) for cell in cells), Decimal(0))

    def _half_of_last_place(self, cell: IdentityCell) -> Decimal:
        exponent = cell.value.as_tuple().exponent
        return self._amount(cell, Decimal((0, (5,), int(exponent) - 1)))

    def _amount(self, cell: IdentityCell, value: Decimal) -> Decimal:
        return convert(value, cell.unit, self.unit) if cell.unit and self.unit else value


def table_cells(table: Table, index: int, rows: list[int], columns: list[int]) -> tuple[IdentityCell, ...]:
    """The cells at these rows and columns that hold an amount; blank ones are left out."""
    return tuple(
        IdentityCell(index, r, c, table.rows[r].cells[c], value, table.unit_of(table.rows[r], c))
        for r in rows
        for c in columns
        if (value := table.rows[r].values[c]) is not None
    )


def figure_cell(figure: Figure, index: int) -> IdentityCell:
    """A figure of prose as a cell; `index` is its place among the document's figures."""
    return IdentityCell(PROSE, index, 0, figure.text, figure.value, figure.unit)
