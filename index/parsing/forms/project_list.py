"""A list of projects with the indicators of each beside them.

In: the draft of such a list. Out: two tables under its title: the projects with their amounts and goals, and all indicators, each
below its project's path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.model import GridCell, Row, Table
from index.parsing.forms.indicators import branch, indicator_rows, left_of_tree, tree_below
from index.parsing.forms.matrix import Matrix, plain, row_of, table_of
from index.parsing.forms.recognising import below_title, indicator_header
from index.parsing.headers import column_paths, count_header_rows
from index.parsing.rows import is_total, is_unit, split_code
from index.parsing.tables import UNIT_COLUMN, Draft


@dataclass(frozen=True)
class _Columns:
    """What the columns left of the indicators hold of a project."""

    labels: list[int]
    codes: list[int]
    values: list[int]
    paths: list[list[str]]  # of `values`
    by_unit: bool  # the first label is the unit of organisation


def indicator_list(draft: Draft, budget_units: list[str]) -> list[Table]:
    """The projects with their amounts and goals, and the indicators of each, from one list of both."""
    rows = below_title(draft.rows)
    depth = max(count_header_rows(rows, True), (indicator_header(rows[:5]) or 0) + 1)
    header = rows[:depth]
    repeated = {tuple(row.texts()) for row in header}
    matrix = Matrix.of(header + [row for row in rows[depth:] if tuple(row.texts()) not in repeated])
    first = left_of_tree(matrix, indicator_header(header) or 0)
    tree = tree_below(matrix, range(depth), first)
    columns = _columns(matrix, depth, first)
    projects: list[Row] = []
    indicators: list[Row] = []
    above: list[str] = []
    shown: list[str] = []
    unit = ""
    for i in range(depth, len(matrix.rows)):
        if matrix.begins(i, 0) and len(matrix.starts(i)) == 1:
            continue  # a note across all columns
        named = _names(matrix, i, columns)
        if named and named != shown:
            shown, above = named, []
            if is_unit(named[-1], budget_units):
                unit = named[-1]
            elif columns.by_unit:
                unit = next(iter(named[:-1]), "")
            projects.append(_project(matrix, i, columns, named, unit))
        owner = projects[-1].path if projects else []
        above = branch(matrix, i, tree, above)
        for row in indicator_rows(matrix, i, tree, above):
            row.path = [*(split_code(name, bare=False)[1] for name in owner), *row.path]
            row.level = len(row.path)
            indicators.append(row)
    tables = (
        table_of(draft, "performance_projects", columns.paths, projects),
        table_of(draft, "performance_indicators", tree.paths, indicators),
    )
    return [table for table in tables if table.rows]


def _columns(matrix: Matrix, depth: int, first: int) -> _Columns:
    leading = [c for c in range(first) if any(matrix.begins(i, c) for i in range(depth))]
    heads = dict(enumerate(column_paths(matrix.rows[:depth], True)))
    leaves = {c: heads[c][-1] if heads[c] else "" for c in leading}
    labels = [c for c in leading if re.search(r"名称$|^项目$|^单位$", plain(leaves[c]))]
    codes = [c for c in leading if re.search(r"编码|代码", leaves[c])]
    values = [c for c in leading if c not in labels and c not in codes]
    paths = [[plain(part) for part in heads[c]] for c in values]
    return _Columns(
        labels, codes, values, paths, len(labels) > 1 and bool(UNIT_COLUMN.search(plain(leaves[labels[0]])))
    )


def _names(matrix: Matrix, i: int, columns: _Columns) -> list[str]:
    """The unit and project that row i names, or the total, or else their codes."""
    texts = {c: matrix.text(i, c) for c in [*columns.codes, *columns.labels]}
    named = dict.fromkeys(text for c, text in texts.items() if text and (is_total(text) or c in columns.labels))
    return list(named) or [texts[c] for c in columns.codes if texts[c]]


def _project(matrix: Matrix, i: int, columns: _Columns, named: list[str], unit: str) -> Row:
    name = named[-1]
    path = [unit, *named] if unit and unit not in named and not is_total(name) else named
    cells = [matrix.cell(i, c) if matrix.over[i][c][0] == i else GridCell(text="") for c in columns.values]
    row = row_of(path, matrix.rows[i], cells)
    if is_total(name):
        row.role, row.level = "total", 0
    else:
        row.role, row.budget_unit = "unit" if name == unit else "project", unit or None
    if columns.codes and columns.labels:
        code = matrix.text(i, columns.codes[-1])
        row.code = code if code.isdigit() else None
    return row
