"""Hand-built grids with merged cells: | parts cells, < is covered by the cell to its left, ^ by the one above."""

from __future__ import annotations

from index.model import Grid, GridCell, GridRow, Place, Row, Table
from index.parsing.headers import owners
from index.parsing.tables import Draft, build_table

COVERED = ("<", "^")


def origins(lines: list[list[str]]) -> list[list[tuple[int, int]]]:
    """For each field of a drawn grid the row and column in which the cell that covers it begins."""
    found: list[list[tuple[int, int]]] = []
    for r, line in enumerate(lines):
        row: list[tuple[int, int]] = []
        for c, text in enumerate(line):
            row.append(row[c - 1] if text == "<" else found[r - 1][c] if text == "^" else (r, c))
        found.append(row)
    return found


def split(*lines: str) -> list[list[str]]:
    """The fields of drawn lines."""
    return [line.split("|") for line in lines]


def spanned(*lines: str) -> list[GridRow]:
    """The rows of a grid whose format tells which cells are merged; each row is a line of its file."""
    fields = split(*lines)
    over = origins(fields)
    members = [(i, k) for row in over for i, k in row]
    rows = []
    for r, line in enumerate(fields):
        cells = []
        for c, text in enumerate(line):
            if text in COVERED:
                cells.append(GridCell(text="", row_span=0, col_span=0))
                continue
            down = sum((r, c) in row for row in over)
            cells.append(GridCell(text=text, row_span=down, col_span=members.count((r, c)) // down))
        rows.append(GridRow(cells=cells, place=Place(line=r + 1)))
    return rows


def drawn(rows: list[GridRow]) -> list[str]:
    """The lines that `spanned` would give these rows for."""
    over = owners(rows)
    lines = []
    for r, row in enumerate(rows):
        marks = ["<" if over[r][c][1] < c else "^" for c in range(len(row.cells))]
        lines.append(
            "|".join(cell.text if cell.row_span else mark for cell, mark in zip(row.cells, marks, strict=True))
        )
    return lines


def draft(title: str, *lines: str, unit: str | None = "万元") -> Draft:
    """A table before its rows are read."""
    return Draft(title, None, unit, spanned(*lines), spanned=True)


def table(*lines: str, title: str = "支出预算表", unit: str | None = "万元", units: tuple[str, ...] = ()) -> Table:
    """The Table of a grid of amounts; `units` are the units of organisation that the document knows."""
    return build_table(draft(title, *lines, unit=unit), list(units))


def grid(*lines: str) -> Grid:
    return Grid(rows=spanned(*lines), place=Place(line=1), spanned=True)


def shown(row: Row) -> str:
    """A row as its path and cells: 合计 | 1.00 | 2.00."""
    return " | ".join(["/".join(row.path), *row.cells])
