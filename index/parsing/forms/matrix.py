"""The grid of a form field by field, and the rows and tables made of its cells.

In: grid rows with merged cells. Out: which cell covers each field; a Row of a path and cells; a Table under the form's title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.amounts import UNIT_IN_HEADER, parse_value
from index.model import GridCell, GridRow, Row, Table
from index.parsing.headers import owners
from index.parsing.rows import split_code
from index.parsing.tables import Draft

TOTAL_SCORE = re.compile(r"总分|得分")


@dataclass(frozen=True)
class Matrix:
    """A form field by field, with the cell that covers each: the numbers of its row and of the cell in it."""

    rows: list[GridRow]
    over: list[list[tuple[int, int]]]

    @classmethod
    def of(cls, rows: list[GridRow]) -> Matrix:
        """The matrix of grid rows."""
        return cls(rows, owners(rows))

    def cell(self, r: int, c: int) -> GridCell:
        """The cell that covers a field, wherever it begins."""
        i, k = self.over[r][c]
        return self.rows[i].cells[k]

    def text(self, r: int, c: int) -> str:
        """The text of the cell that covers a field."""
        return self.cell(r, c).text

    def begins(self, r: int, c: int) -> bool:
        """Whether a cell begins in a field."""
        return self.over[r][c] == (r, c)

    def own(self, r: int, c: int) -> GridCell:
        """The cell that begins in a field; a blank one where another covers it."""
        return self.cell(r, c) if self.begins(r, c) else GridCell(text="")

    def starts(self, r: int, first: int = 0) -> list[int]:
        """The columns from `first` on in which a cell of row r begins."""
        return [c for c in range(first, len(self.over[r])) if self.begins(r, c)]

    def header_path(self, header: Iterable[int], c: int) -> list[str]:
        """The texts of header rows above a column, each once, without spaces."""
        return list(dict.fromkeys(text for i in header if (text := plain(self.text(i, c)))))


def plain(text: str) -> str:
    """A text without its spaces and line breaks."""
    return re.sub(r"\s", "", text)


def units_in(texts: Iterable[str]) -> list[str]:
    """The units that labels and headers print in brackets."""
    return [m[1] for text in texts if (m := UNIT_IN_HEADER.search(text))]


def row_of(path: list[str], row: GridRow, cells: list[GridCell]) -> Row:
    """A row of a form's table: its path, and cells with the unit that the path prints."""
    names = [re.sub(r"\s*[:：]$", "", part.strip()) for part in path]
    code, _ = split_code(names[-1], bare=False)
    names = [split_code(name, bare=False)[1] for name in names]
    unit = "分" if TOTAL_SCORE.search(names[-1]) else next(iter(units_in(["".join(path)])), None)
    values = [parse_value(cell.text) for cell in cells]
    return Row(
        label=names[-1], path=names, code=code, level=len(names), cells=[cell.text for cell in cells], values=values,
        units=[unit if value is not None else None for value in values] if unit else [],
        place=row.place, places=[cell.place for cell in cells], confidences=[cell.confidence for cell in cells],
    )  # fmt: skip


def table_of(draft: Draft, kind: str, columns: list[list[str]], rows: list[Row], unit: str | None = None) -> Table:
    """A table under a form's title; without a unit of its own it is in the form's, or the one that the title prints."""
    unit = unit or draft.unit or next(iter(units_in([draft.title])), None)
    return Table(number=draft.number, title=draft.title, kind=kind, unit=unit, columns=columns, rows=rows,
                 notes=[n.text for n in draft.notes], note_places=[n.place for n in draft.notes], place=draft.place)  # fmt: skip
