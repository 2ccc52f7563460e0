"""Header rows to column paths.

In: the rows of one grid. Out: how many of them are header, a path per column, and what each column holds. Where the format
tells which cells are merged, the header reaches as far as its merged cells do. Formats that know no spans leave the cells
under a merged header empty, so an empty header cell belongs to the one on its left unless that one is closed below it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from index.amounts import parse_value
from index.model import GridCell, GridRow

CODE = re.compile(r"\d{2,}")
CODE_HEADER = re.compile(r"编码|代码|编号")
CODE_PARTS = ("类", "款", "项")  # one column each for the parts of a code
CLASSIFICATION = re.compile(r"\d{3,}$|[\[【]\d{3,}[\]】]")
RUNNING_HEADER = re.compile(r"^(?:行次|序号|栏次)$")
NAME_HEADER = re.compile(r"名称$|^项目$|科目(?:名称)?$|分类$")
WORDS_HEADER = re.compile(
    r"名称|备注|说明|时间|日期|规格|型号|目标|内容|性质|方式|形式|依据|理由|原因|类别|目录|简介|单位$"
)
RUNNING_WORDS = ("栏次", "行次", "栏号", "**", "项目", "科目编码", "类", "款", "项")
BODY_BEGINS = re.compile(r"^(?:合计|总计|小计|[一二三四五六七八九十]+、)")
MAX_HEADER_ROWS = 6

Role = Literal["code", "label", "value", "text", "blank"]


@dataclass
class Column:
    """One column of a grid: its header path, and whether it holds codes, row labels, amounts or words."""

    path: list[str]
    role: Role


def is_data_row(row: GridRow) -> bool:
    """A row with a classification code, or with an amount that is not merely a code or a running number in front."""
    texts = row.texts()
    amount = any(parse_value(text) is not None and (i > 0 or "." in text) for i, text in enumerate(texts))
    return amount or bool(CLASSIFICATION.match(texts[0]))


def is_running_numbers(row: GridRow) -> bool:
    """A row that only numbers the columns: 栏次 | 1 | 2 | 3, or ** | ** | 1 | 2."""
    words = [text for text in row.texts() if text and re.sub(r"\s", "", text) not in RUNNING_WORDS]
    return len(words) > 1 and words == [str(number) for number in range(1, len(words) + 1)]


def count_header_rows(rows: list[GridRow], spanned: bool = False) -> int:
    """The rows before the first data row; 0 when the grid starts with data (a continuation without header)."""
    if spanned:
        return _count_by_spans(rows)
    for index, row in enumerate(rows[: MAX_HEADER_ROWS + 1]):
        if is_data_row(row) or (index and not any(row.texts()[1:])):  # a label alone: a row whose cells are blank
            return index
    # A blank table. A header goes on below while cells of its last row are empty, since those are merged.
    return next((i for i, row in enumerate(rows, 1) if all(row.texts())), 1)


def _count_by_spans(rows: list[GridRow]) -> int:
    """As far as the cells of the first row reach down, and one row further below each cell that spans columns."""
    if is_data_row(rows[0]):
        return 0
    depth, r = 1, 0
    while r < min(depth, len(rows), MAX_HEADER_ROWS):
        for cell in rows[r].cells:
            if cell.row_span:
                below = rows[r + cell.row_span] if r + cell.row_span < len(rows) else None
                grouped = cell.col_span > 1 and below is not None and _can_be_header(below)
                depth = max(depth, r + cell.row_span + grouped)
        r += 1
    depth = min(depth, len(rows))
    return next((i for i in range(1, depth) if is_data_row(rows[i])), depth)


def _can_be_header(row: GridRow) -> bool:
    """A total or a numbered item begins the body, unless it reaches down into a further row of the header."""
    first = next((cell for cell in row.cells if cell.text), None)
    begins = first and first.row_span == 1 and BODY_BEGINS.match(re.sub(r"\s", "", first.text))
    return not is_data_row(row) and not begins


def owners(rows: list[GridRow]) -> list[list[tuple[int, int]]]:
    """For each field the row and column of the cell that covers it: its own where it is not merged into another."""
    width = max((len(row.cells) for row in rows), default=0)
    found = [[(r, c) for c in range(width)] for r in range(len(rows))]
    for r, row in enumerate(rows):
        for c, cell in enumerate(row.cells):
            if cell.row_span * cell.col_span > 1:
                for i in range(r, min(r + cell.row_span, len(rows))):
                    for k in range(c, min(c + cell.col_span, width)):
                        found[i][k] = (r, c)
    return found


def column_paths(header: list[GridRow], spanned: bool = False) -> list[list[str]]:
    """One path per column, outermost first, with merged cells carried to the columns they span."""
    width = max(len(row.cells) for row in header)
    matrix = [[c.text for c in row.cells] + [""] * (width - len(row.cells)) for row in header]
    if spanned:
        over = owners(header)
        matrix = [[matrix[i][k] for i, k in row] for row in over]
    else:
        _carry_to_the_right(matrix, width)
    return [[text for text in dict.fromkeys(row[c] for row in matrix) if text] for c in range(width)]


def _carry_to_the_right(matrix: list[list[str]], width: int) -> None:
    for r, row in enumerate(matrix[:-1]):
        for c in range(1, width):
            # A column that is closed (text above, nothing below) does not lend its text to the right.
            goes_on = all(any(below[column] for below in matrix[r + 1 :]) for column in (c - 1, c))
            if not row[c] and goes_on and all(above[c] == above[c - 1] for above in matrix[:r]):
                row[c] = row[c - 1]


def analyse(rows: list[GridRow], spanned: bool = False) -> tuple[list[GridRow], list[Column], list[GridRow]]:
    """Split a grid into header rows, columns and body; header rows that page breaks repeat in the body are dropped."""
    rows = [row for row in rows if not is_running_numbers(row)] or rows[:1]
    count = count_header_rows(rows, spanned)
    header = rows[:count]
    if spanned and count < len(rows):
        rows[count], parts = _without_code_parts(rows[count])
    else:
        parts = {}
    repeated = {tuple(row.texts()) for row in header}
    body = [row for row in rows[count:] if tuple(row.texts()) not in repeated]
    paths = column_paths(header, spanned) if header else [[] for _ in rows[0].cells]
    paths = [path + parts.get(c, []) for c, path in enumerate(paths)]
    return header, [Column(path, _role(path, c, body)) for c, path in enumerate(paths)], body


def _without_code_parts(row: GridRow) -> tuple[GridRow, dict[int, list[str]]]:
    """类 | 款 | 项 may stand in the line of the total: they are headers of their columns, the rest is a row."""
    parts = {c: [cell.text] for c, cell in enumerate(row.cells) if cell.text in CODE_PARTS}
    if len(parts) < 2:
        return row, {}
    cells = [cell.model_copy(update={"text": ""}) if c in parts else cell for c, cell in enumerate(row.cells)]
    return GridRow(cells=cells, place=row.place), parts


def _role(path: list[str], c: int, body: list[GridRow]) -> Role:
    cells: list[GridCell] = [row.cells[c] for row in body if c < len(row.cells)]
    texts = [cell.text for cell in cells if cell.text]
    leaf = re.sub(r"\s", "", path[-1]) if path else ""
    if RUNNING_HEADER.match(leaf):
        return "blank"
    digits = sum(any(map(str.isdigit, text)) for text in texts)
    if path and (CODE_HEADER.search(leaf) or leaf in CODE_PARTS) and digits * 2 >= len(texts):
        return "code"
    if not texts:
        if NAME_HEADER.search(leaf):
            return "label" if c == 0 else "text"
        if WORDS_HEADER.search(leaf):
            return "text"
        return "value" if path and c > 0 else "blank"
    amounts = sum(parse_value(text) is not None for text in texts)
    if amounts == len(texts) and all(CODE.fullmatch(t) for t in texts) and c == 0:
        return "code"
    if amounts * 2 >= len(texts) and not WORDS_HEADER.search(leaf):
        return "value"
    return "label" if c == 0 else "text"
