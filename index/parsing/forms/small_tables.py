"""The small tables inside a form: the funds, the year's tasks.

In: a form's matrix, and where a label at its left covers several rows. Out: a table with the header that stands beside the label,
each row with its own label. It may go on overleaf, without its header.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from index.amounts import is_money, parse_value
from index.model import GridCell, Row, Table
from index.parsing.forms.matrix import Matrix, plain, row_of, table_of, units_in
from index.parsing.tables import Draft

SCORE = re.compile(r"分值|得分|权重")
RATE = re.compile(r"[（(][%％][)）]|率$")
LONGEST_HEADER = 60  # characters


@dataclass(frozen=True)
class Group:
    """The label at the left of a form that covers the rows from `first` to before `end`, with the column after it."""

    name: str
    left: int
    first: int
    end: int


def group_at(matrix: Matrix, r: int) -> Group | None:
    """The group whose label begins in row r, if one does."""
    cell = matrix.cell(r, 0)
    if not matrix.begins(r, 0) or cell.row_span < 2 or not cell.text:
        return None
    return Group(cell.text, cell.col_span, r, r + cell.row_span)


def header_rows(matrix: Matrix, group: Group) -> int:
    """How many of a group's first rows are the header of a small table beside its label; 0 where there is none."""
    r, tall = group.first, group.end - group.first
    starts = matrix.starts(r, group.left)
    texts = [matrix.text(r, c) for c in starts]
    named = texts[1:] if texts and not texts[0] else texts
    if len(named) < 2 or any(
        not t or len(t) > LONGEST_HEADER or parse_value(t) is not None or t[-1] in "：:" for t in named
    ):
        return 0
    depth = max(span if (span := matrix.cell(r, c).row_span) < tall else 1 for c in starts)
    return min(depth, tall - 1)


@dataclass
class SmallTable:
    """The columns of a small table by what they hold, and its rows so far."""

    group: Group
    labels: list[int]
    values: list[int]
    heads: dict[int, list[str]]
    parts: dict[int, str]  # what the labels of each of several label columns are parts of
    rows: list[Row] = field(default_factory=list)

    @property
    def paths(self) -> list[list[str]]:
        """The header path of each column of values."""
        return [self.heads[c] for c in self.values]

    def read(self, matrix: Matrix, body: range) -> None:
        """Add the rows of a body. A row of words that repeats the header's begins another part."""
        for i in body:
            again = [plain(matrix.text(i, c)) for c in self.values]
            if any(again) and again == [path[-1] if path else "" for path in self.paths]:
                # 事业发展性支出 | 预算金额 | 级次 | 预算金额
                self.parts = {c: plain(matrix.text(i, c)) for c in self.labels}
                continue
            for c, stop in zip(self.labels, [*self.labels[1:], len(matrix.over[i])], strict=False):
                label = matrix.text(i, c)
                if label and matrix.begins(i, c):
                    part = self.parts[c] if len(self.labels) > 1 else ""
                    path = [name for name in (self.group.name, part, label) if name]
                    cells = [matrix.own(i, v) if c < v < stop else GridCell(text="") for v in self.values]
                    self.rows.append(row_of(path, matrix.rows[i], cells))

    def table(self, draft: Draft) -> Table:
        """The table. What its columns of points and rates hold is no money, whatever unit stands in its label."""
        printed = units_in([self.group.name, *(part for path in self.paths for part in path)])
        unit = next((unit for unit in printed if is_money(unit)), None)
        table = table_of(draft, "performance_funds", self.paths, self.rows, unit)
        for row in table.rows:
            row.units = [
                None if value is None else _unit_of_column(path, cell, table.unit)
                for path, cell, value in zip(self.paths, row.cells, row.values, strict=True)
            ]
        return table


def _unit_of_column(path: list[str], cell: str, money: str | None) -> str | None:
    leaf = path[-1] if path else ""
    if SCORE.search(leaf):
        return "分"
    return "%" if RATE.search(leaf) or cell.rstrip().endswith(("%", "％")) else money


def small_table(matrix: Matrix, group: Group, header: int) -> SmallTable:
    """A small table with its header. A second column of labels between amounts opens another part beside the first."""
    body = range(group.first + header, min(group.end, len(matrix.rows)))
    columns = sorted({c for i in body for c in matrix.starts(i, group.left)})
    amounts = [c for c in columns if any(parse_value(matrix.text(i, c)) is not None for i in body)]
    labels = [
        c for n, c in enumerate(columns)
        if c not in amounts and (n == 0 or (columns[n - 1] in amounts and any(a > c for a in amounts)))
    ]  # fmt: skip
    above = range(group.first, group.first + header)
    heads = {c: matrix.header_path(above, c) for c in range(group.left, len(matrix.over[group.first]))}
    parts = {c: heads[c][-1] if heads[c] else "" for c in labels}
    found = SmallTable(group, labels, [c for c in columns if c not in labels], heads, parts)
    found.read(matrix, body)
    return found
