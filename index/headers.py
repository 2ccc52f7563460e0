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
CODE_HEADER = re.compile(r"编码|代码")
CODE_PARTS = ("类", "款", "项")  # one column each for the parts of a code
CLASSIFICATION = re.compile(r"\d{3,}$|[\[【]\d{3,}[\]】]")
MAX_HEADER_ROWS = 5


@dataclass
class Column:
    """One column of a grid: its header path, and whether it holds codes, row labels, amounts or words."""

    path: list[str]
    role: Literal["code", "label", "value", "text", "blank"]


def is_data_row(row: GridRow) -> bool:
    """A row with a classification code, or with an amount that is not merely a code or a running number in front."""
    texts = row.texts()
    amount = any(parse_amount(text) is not None and (i > 0 or "." in text) for i, text in enumerate(texts))
    return amount or bool(CLASSIFICATION.match(texts[0]))


def is_running_numbers(row: GridRow) -> bool:
    """A row that only numbers the columns: 栏次 | 1 | 2 | 3."""
    words = [text for text in row.texts() if text and text not in ("栏次", "行次", "栏号")]
    return len(words) > 1 and words == [str(number) for number in range(1, len(words) + 1)]


def count_header_rows(rows: list[GridRow]) -> int:
    """The rows before the first data row; 0 when the grid starts with data (a continuation without header)."""
    for index, row in enumerate(rows[: MAX_HEADER_ROWS + 1]):
        if is_data_row(row) or (index and not any(row.texts()[1:])):  # a label alone: a row whose cells are blank
            return index
    # A blank table. A header goes on below while cells of its last row are empty, since those are merged.
    return next((i for i, row in enumerate(rows, 1) if all(row.texts())), 1)


def column_paths(header: list[GridRow]) -> list[list[str]]:
    """One path per column, outermost first, with merged cells carried to the columns they span."""
    width = max(len(row.cells) for row in header)
    matrix = [[c.text for c in row.cells] + [""] * (width - len(row.cells)) for row in header]
    for r, row in enumerate(matrix[:-1]):
        for c in range(1, width):
            # A column that is closed (text above, nothing below) does not lend its text to the right.
            goes_on = all(any(below[column] for below in matrix[r + 1 :]) for column in (c - 1, c))
            if not row[c] and goes_on and all(above[c] == above[c - 1] for above in matrix[:r]):
                row[c] = row[c - 1]
    return [[text for text in dict.fromkeys(row[c] for row in matrix) if text] for c in range(width)]


def analyse(rows: list[GridRow]) -> tuple[list[GridRow], list[Column], list[GridRow]]:
    """Split a grid into header rows, columns and body; header rows that page breaks repeat in the body are dropped."""
    rows = [row for row in rows if not is_running_numbers(row)] or rows[:1]
    count = count_header_rows(rows)
    header = rows[:count]
    repeated = {tuple(row.texts()) for row in header}
    body = [row for row in rows[count:] if tuple(row.texts()) not in repeated]
    paths = column_paths(header) if header else [[] for _ in rows[0].cells]
    return header, [Column(path, _role(path, c, body)) for c, path in enumerate(paths)], body


def _role(path: list[str], c: int, body: list[GridRow]) -> Literal["code", "label", "value", "text", "blank"]:
    texts = [row.cells[c].text for row in body if c < len(row.cells) and row.cells[c].text]
    if path and (
        CODE_HEADER.search(path[-1]) or (path[-1] in CODE_PARTS and sum(map(str.isdigit, texts)) * 2 > len(texts))
    ):
        return "code"
    if not texts:
        return "value" if path and c > 0 else "blank"
    amounts = sum(parse_amount(text) is not None for text in texts)
    if amounts == len(texts) and all(CODE.fullmatch(t) for t in texts) and c == 0:
        return "code"
    if amounts * 2 >= len(texts):
        return "value"
    return "label" if c == 0 else "text"
