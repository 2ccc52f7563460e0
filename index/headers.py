"""Header rows to column paths.

In: the rows of one grid. Out: how many of them are header, a path per column, and what each column holds. Formats that
know no spans leave the cells under a merged header empty, so an empty header cell belongs to the one on its left unless
that one is closed below it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from index.amounts import parse_amount
from index.model import GridRow

CODE = re.compile(r"\d{2,}")
MAX_HEADER_ROWS = 5


@dataclass
class Column:
    """One column of a grid: its header path, and whether it holds codes, row labels, amounts or words."""

    path: list[str]
    role: Literal["code", "label", "value", "text", "blank"]


def is_data_row(row: GridRow) -> bool:
    """A row with an amount that is not merely a code or a running number in its first cells."""
    texts = row.texts()
    return any(parse_amount(text) is not None and (i > 0 or "." in text) for i, text in enumerate(texts))


def count_header_rows(rows: list[GridRow]) -> int:
    """The rows before the first data row; 0 when the grid starts with data (a continuation without header)."""
    for index, row in enumerate(rows[: MAX_HEADER_ROWS + 1]):
        if is_data_row(row):
            return index
    return min(1, len(rows))


def column_paths(header: list[GridRow]) -> list[list[str]]:
    """One path per column, outermost first, with merged cells carried to the columns they span."""
    width = max(len(row.cells) for row in header)
    matrix = [[c.text for c in row.cells] + [""] * (width - len(row.cells)) for row in header]
    for r, row in enumerate(matrix[:-1]):
        below = matrix[r + 1]
        for c in range(1, width):
            # A column that is closed (text above, nothing below) does not lend its text to the right.
            if not row[c] and below[c] and below[c - 1] and row[c - 1]:
                row[c] = row[c - 1]
    return [[text for text in dict.fromkeys(row[c] for row in matrix) if text] for c in range(width)]


def analyse(rows: list[GridRow]) -> tuple[list[GridRow], list[Column], list[GridRow]]:
    """Split a grid into header rows, columns and body; header rows that page breaks repeat in the body are dropped."""
    count = count_header_rows(rows)
    header = rows[:count]
    repeated = {tuple(row.texts()) for row in header}
    body = [row for row in rows[count:] if tuple(row.texts()) not in repeated]
    paths = column_paths(header) if header else [[] for _ in rows[0].cells]
    return header, [Column(path, _role(path, c, body)) for c, path in enumerate(paths)], body


def _role(path: list[str], c: int, body: list[GridRow]) -> Literal["code", "label", "value", "text", "blank"]:
    texts = [row.cells[c].text for row in body if c < len(row.cells) and row.cells[c].text]
    if any(word in path[-1] for word in ("编码", "代码")) if path else False:
        return "code"
    if not texts:
        return "value" if path and c > 0 else "blank"
    amounts = sum(parse_amount(text) is not None for text in texts)
    if amounts == len(texts) and all(CODE.fullmatch(t) for t in texts) and c == 0:
        return "code"
    if amounts * 2 >= len(texts):
        return "value"
    return "label" if c == 0 else "text"
