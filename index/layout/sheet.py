"""Sheets of a workbook to blocks.

In: the fields of one sheet as printed, with its merged ranges. Out: a grid per table, and a paragraph per row that holds one
text and stands in no table (a sheet of prose). Blank rows end a table where a title follows.
"""

from __future__ import annotations

from dataclasses import dataclass

from index.captions import is_title, number_of, owner_of, unit_of
from index.layout.text import without_spaces
from index.model import Block, Grid, GridCell, GridRow, Paragraph, Place

Range = tuple[int, int, int, int]  # first row, first column, last row, last column; from 0, ends included


@dataclass
class Sheet:
    """One sheet: its name, its texts field by field, and its merged ranges."""

    name: str
    rows: list[list[str]]
    merged: list[Range]


def shown_sheet(name: str, texts: dict[tuple[int, int], str], merged: list[Range], hidden_rows: set[int],
                hidden_columns: set[int]) -> Sheet:  # fmt: skip
    """A sheet of the texts by row and column from 0, without those of hidden rows and columns."""
    height = max((r + 1 for r, _ in texts), default=0)
    width = max((c + 1 for _, c in texts), default=0)
    rows = [[""] * width for _ in range(height)]
    for (r, c), text in texts.items():
        if r not in hidden_rows and c not in hidden_columns:
            rows[r][c] = text
    for top, left, bottom, right in merged:  # a merged cell shows its text in what of it is not hidden
        is_shown = set(range(top, bottom + 1)) - hidden_rows and set(range(left, right + 1)) - hidden_columns
        if is_shown and (top, left) in texts:
            rows[top][left] = texts[top, left]
    return Sheet(name, rows, merged)


def column_letters(index: int) -> str:
    """0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def sheet_blocks(sheet: Sheet) -> list[Block]:
    """The blocks of a sheet, without its blank margins."""
    covered = _spans(sheet)
    filled = [r for r, row in enumerate(sheet.rows) if any(text.strip() for text in row)]
    columns = [c for row in sheet.rows for c, text in enumerate(row) if text.strip()]
    if not filled:
        return []
    for first_row, first, last_row, last in sheet.merged:
        if any(first_row <= r <= last_row for r in filled):
            columns += [c for c in (first, last) if c <= max(columns)]
    left, right = min(columns), max(columns)
    blocks: list[Block] = []
    for start, end in _runs(sheet, filled):
        rows = [_row(sheet, covered, r, left, right) for r in range(start, end)]
        if all(sum(bool(cell.text) for cell in row.cells) <= 1 for row in rows):
            blocks += [
                Paragraph(text=cell.text, place=cell.place or row.place)
                for row in rows
                for cell in row.cells
                if cell.text
            ]
        else:
            blocks.append(Grid(rows=rows, place=rows[0].place, spanned=True))
    return blocks


def _runs(sheet: Sheet, filled: list[int]) -> list[tuple[int, int]]:
    """Row ranges of tables: a blank row ends one when a title or the caption of another follows."""
    runs: list[tuple[int, int]] = []
    start = before = filled[0]
    for r in filled[1:]:
        texts = [text.strip() for text in sheet.rows[r] if text.strip()]
        begins = len(texts) <= 2 and all(is_title(t) or number_of(t) or unit_of(t) or owner_of(t) for t in texts)
        if r > before + 1 and begins:
            runs.append((start, before + 1))
            start = r
        before = r
    return [*runs, (start, before + 1)]


def _spans(sheet: Sheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Per field of a merged range its spans: those of the whole for the first, 0 for the others."""
    spans = {}
    for top, left, bottom, right in sheet.merged:
        for r in range(top, bottom + 1):
            for c in range(left, right + 1):
                spans[r, c] = (bottom - top + 1, right - left + 1) if (r, c) == (top, left) else (0, 0)
    return spans


def _row(sheet: Sheet, spans: dict[tuple[int, int], tuple[int, int]], r: int, left: int, right: int) -> GridRow:
    cells = []
    for c in range(left, right + 1):
        text = sheet.rows[r][c] if c < len(sheet.rows[r]) else ""
        down, across = spans.get((r, c), (1, 1))
        place = Place(sheet=sheet.name, cell=f"{column_letters(c)}{r + 1}")
        cells.append(GridCell(text=without_spaces(text) if across else "", row_span=down, col_span=min(across, right - c + 1),
                              place=place, indent=_indent(text) if text.strip() and across else None))  # fmt: skip
    return GridRow(cells=cells, place=Place(sheet=sheet.name, cell=f"{column_letters(left)}{r + 1}"))


def _indent(text: str) -> float:
    """The spaces in front of a text, in characters."""
    return sum(1.0 if character == "\u3000" else 0.5 for character in text[: len(text) - len(text.lstrip())])
