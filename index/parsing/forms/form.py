"""One form to its tables.

In: the draft of a form, a grid of labels and values with merged cells and smaller tables inside. Out: up to three kinds of Table
under the form's title: its fields, the small tables with headers of their own, and the tree of indicators.
"""

from __future__ import annotations

import re

from index.amounts import parse_value
from index.model import Row, Table
from index.parsing.forms.indicators import indicator_table
from index.parsing.forms.matrix import Matrix, plain, row_of, table_of
from index.parsing.forms.recognising import indicator_header, names_indicators
from index.parsing.forms.small_tables import Group, SmallTable, group_at, header_rows, small_table
from index.parsing.tables import Draft

CONTENT = "内容"
LONGEST_LABEL = 60  # characters


def form_tables(draft: Draft) -> list[Table]:
    """The tables of one form: fields, small tables and indicators, in the order in which they stand."""
    matrix = Matrix.of(draft.rows)
    fields: list[Row] = []
    small: list[SmallTable] = []
    indicators: list[Table] = []
    r, ended = 0, -1  # where the last small table ended
    while r < len(draft.rows):
        if names_indicators(draft.rows[r]):
            table, r = indicator_table(draft, matrix, r)
            indicators.append(table)
            continue
        group = group_at(matrix, r)
        end = r + matrix.cell(r, 0).row_span
        if group and indicator_header(draft.rows[r:end]) is None:
            header = header_rows(matrix, group)
            if header and (goals := _goals(matrix, group, header)):
                fields += goals
                r = end
                continue
            if small and (small[-1].group.name, small[-1].group.left) == (group.name, group.left):
                small[-1].read(matrix, range(r, end))
                r = ended = end
                continue
            if header:
                small.append(small_table(matrix, group, header))
                r = ended = end
                continue
        elif ended == r and matrix.begins(r, 0) and not matrix.text(r, 0):
            small[-1].read(matrix, range(r, end))  # overleaf the label is blank
            r = ended = end
            continue
        fields += _pairs(matrix, r)
        r += 1
    tables = [table_of(draft, "performance_fields", [[CONTENT]], fields)] if fields else []
    return tables + [one.table(draft) for one in small] + indicators


def _goals(matrix: Matrix, group: Group, header: int) -> list[Row]:
    """Fields whose labels stand above them beside a group's label (预期目标 | 完成情况); none where rows have labels."""
    first = group.first + header
    starts = matrix.starts(first, group.left)
    heads = {c: matrix.header_path(range(group.first, first), c) for c in starts}
    goals = all(re.search(r"目标|完成情况", path[-1]) for path in heads.values() if path)
    if not goals and not _amounts_at(matrix, first, starts[:1]):
        return []
    return [
        row_of([group.name, *heads[c]], matrix.rows[i], [matrix.cell(i, c)])
        for i in range(first, min(group.end, len(matrix.rows)))
        for c in matrix.starts(i, group.left)
        if heads.get(c)
    ]


def _pairs(matrix: Matrix, r: int) -> list[Row]:
    """A row of labels each with its value, after the label of the group that they are in."""
    prefix: list[str] = []
    first = 0
    cell = matrix.cell(r, 0)
    if not matrix.begins(r, 0) or (cell.row_span > 1 and len(matrix.starts(r)) > 2):
        prefix, first = [cell.text] if cell.text else [], cell.col_span
    starts = matrix.starts(r, first)
    if not prefix and len(starts) % 2 and len(starts) > 2 and _amounts_at(matrix, r, starts[2::2]):
        prefix, starts = [matrix.text(r, starts[0])], starts[1:]  # 基本信息 | 人数 | 750 | 单位数 | 10
    if len(starts) % 2 and len(starts) > 2 and (not matrix.text(r, starts[-1]) or _amounts_at(matrix, r, starts[-1:])):
        # 实施期资金总额： | 年度资金总额： | 20000: no line parts the first label from its blank value
        starts = starts[1:]
    rows = []
    for label, value in zip(starts[::2], starts[1::2], strict=False):
        name = plain(matrix.text(r, label)).rstrip("：:")
        if name and len(name) <= LONGEST_LABEL:
            rows.append(row_of([*prefix, name], matrix.rows[r], [matrix.cell(r, value)]))
    return rows


def _amounts_at(matrix: Matrix, r: int, columns: list[int]) -> bool:
    return bool(columns) and all(parse_value(matrix.text(r, c)) is not None for c in columns)
