"""Sheets of a workbook to blocks.

In: the fields of one sheet as printed, with its merged ranges. Out: a grid per table, and a paragraph per row that holds one
text and stands in no table (a sheet of prose). Blank rows end a table where a title follows; what stands far from it, by a
slip of the hand or on purpose, is no part of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from index.captions import is_title, number_of, owner_of, unit_of
from index.errors import ReadError
from index.layout.text import without_spaces
from index.model import Block, Grid, GridCell, GridRow, Paragraph, Place

Range = tuple[int, int, int, int]  # first row, first column, last row, last column; from 0, ends included


Field = tuple[int, int]  # row and column, from 0

FAR_DOWN = 1000  # blank rows, since many rows of a table may be hidden
FAR_RIGHT = 100  # blank columns
MOST_FIELDS = 2_000_000  # of one table, blank ones too


@dataclass
class Sheet:
    """One sheet: its name, its texts by field (blank fields are left out), and its merged ranges."""

    name: str
    texts: dict[Field, str]
    merged: list[Range]


def shown_sheet(name: str, texts: dict[Field, str], merged: list[Range], hidden_rows: set[int],
                hidden_columns: set[int]) -> Sheet:  # fmt: skip
    """A sheet without what stands in hidden rows and columns; a merged cell shows its text in what of it is not hidden."""
    shown_all_the_same = {
        (top, left) for top, left, bottom, right in merged
        if any(r not in hidden_rows for r in range(top, bottom + 1))
        and any(c not in hidden_columns for c in range(left, right + 1))
    }  # fmt: skip
    shown = {
        (r, c): text for (r, c), text in texts.items()
        if (r not in hidden_rows and c not in hidden_columns) or (r, c) in shown_all_the_same
    }  # fmt: skip
    return Sheet(name, shown, merged)


def column_letters(index: int) -> str:
    """0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def sheet_blocks(sheet: Sheet, file: str) -> list[Block]:
    """The blocks of a sheet, without its blank margins. Raises ReadError for a table with more fields than any has."""
    columns = sorted({c for (_, c), text in sheet.texts.items() if text.strip()})
    blocks: list[Block] = []
    for left, right in _near(columns, FAR_RIGHT):
        filled = sorted({r for (r, c), text in sheet.texts.items() if left <= c <= right and text.strip()})
        first = min([left, *_begin_before(sheet, filled, left, right)])
        for start, end in _runs(sheet, filled, left, right):
            count = (end - start + 1) * (right - first + 1)
            if count > MOST_FIELDS:
                raise ReadError(
                    f"{file}：工作表“{sheet.name}”从{_address(start, first)}到{_address(end, right)}有{count // 10000}万格，超出一张表的限度；"
                    "请删去表格之外的内容后重试"
                )
            blocks += _area_blocks(sheet, (start, first, end, right))
    return blocks


def _near(places: list[int], far: int) -> Iterator[tuple[int, int]]:
    """The first and last of each group of rows or columns that stand near each other."""
    ends = [i for i, (before, after) in enumerate(pairwise(places), 1) if after - before > far]
    for start, end in pairwise([0, *ends, len(places)]):
        if start < end:
            yield places[start], places[end - 1]


def _begin_before(sheet: Sheet, filled: list[int], left: int, right: int) -> Iterator[int]:
    """The first columns of the merged ranges that reach into a filled row from a blank column."""
    for top, first, bottom, last in sheet.merged:
        at = bisect_left(filled, top)
        if at < len(filled) and filled[at] <= bottom and first <= right and left <= last:
            yield first


def _area_blocks(sheet: Sheet, area: Range) -> list[Block]:
    top, left, bottom, right = area
    spans = _spans(sheet, area)
    rows = [_row(sheet, spans, r, left, right) for r in range(top, bottom + 1)]
    if any(sum(bool(cell.text) for cell in row.cells) > 1 for row in rows):
        return [Grid(rows=rows, place=rows[0].place, spanned=True)]
    return [Paragraph(text=cell.text, place=cell.place or row.place) for row in rows for cell in row.cells if cell.text]


def _runs(sheet: Sheet, filled: list[int], left: int, right: int) -> Iterator[tuple[int, int]]:
    """First and last rows of tables: a blank row ends one when a title or the caption of another follows."""
    start = before = filled[0]
    for r in filled[1:]:
        if r - before > FAR_DOWN or (r > before + 1 and _begins(sheet, r, left, right)):
            yield start, before
            start = r
        before = r
    yield start, before


def _begins(sheet: Sheet, r: int, left: int, right: int) -> bool:
    texts = [text for c in range(left, right + 1) if (text := sheet.texts.get((r, c), "").strip())]
    return len(texts) <= 2 and all(is_title(t) or number_of(t) or unit_of(t) or owner_of(t) for t in texts)


def _spans(sheet: Sheet, area: Range) -> dict[Field, Field]:
    """Per field of a merged range in an area its spans: those of the whole for the first, 0 for the others. Ranges never
    overlap, so those that cover more than there is are not true."""
    first_row, first_column, last_row, last_column = area
    left_over = (last_row - first_row + 1) * (last_column - first_column + 1)
    spans = {}
    for top, left, bottom, right in sheet.merged:
        down = range(max(top, first_row), min(bottom, last_row) + 1)
        across = range(max(left, first_column), min(right, last_column) + 1)
        left_over -= len(down) * len(across)
        if left_over < 0:
            break
        for r in down:
            for c in across:
                spans[r, c] = (bottom - top + 1, right - left + 1) if (r, c) == (top, left) else (0, 0)
    return spans


def _row(sheet: Sheet, spans: dict[Field, Field], r: int, left: int, right: int) -> GridRow:
    cells = []
    for c in range(left, right + 1):
        down, across = spans.get((r, c), (1, 1))
        text = sheet.texts.get((r, c), "") if across else ""
        cells.append(GridCell(text=without_spaces(text), row_span=down, col_span=min(across, right - c + 1),
                              place=Place(sheet=sheet.name, cell=_address(r, c)),
                              indent=_indent(text) if text.strip() else None))  # fmt: skip
    return GridRow(cells=cells, place=Place(sheet=sheet.name, cell=_address(r, left)))


def _indent(text: str) -> float:
    """The spaces in front of a text, in characters."""
    return sum(1.0 if character == "\u3000" else 0.5 for character in text[: len(text) - len(text.lstrip())])


def _address(r: int, c: int) -> str:
    return f"{column_letters(c)}{r + 1}"
