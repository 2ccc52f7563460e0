"""The tree of indicators of a form.

In: a form's matrix, and the row in which the header of the indicators stands. Out: a table of rows, each an indicator with the path
of its branch, and of what its columns say the numbers with their units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.amounts import parse_value
from index.model import Row, Table
from index.parsing.forms.matrix import Matrix, plain, row_of, table_of
from index.parsing.forms.recognising import INDICATOR, INDICATOR_LEVEL, TALLEST_HEADER, names_indicators
from index.parsing.forms.small_tables import SCORE
from index.parsing.measures import parse_measure, unit_in_label
from index.parsing.rows import is_total
from index.parsing.tables import Draft

UNIT_OF_VALUE = re.compile(r"(?:度量|计量)单位")
VALUE_OF_INDICATOR = re.compile(r"指标值|目标值|完成值")
REACHED = re.compile(r"完成值")
CLOSING = re.compile(r"^(?:总分|合计|备注|说明|其他说明|评价等级|填报人|联系人|自评结论)")


@dataclass(frozen=True)
class Tree:
    """Which columns of an indicator table hold its levels, its names and what is said of them."""

    levels: list[int]
    name: int
    values: list[int]
    paths: list[list[str]]  # of `values`
    unit: int | None


def tree_below(matrix: Matrix, header: range, first: int) -> Tree:
    """The tree whose header stands in these rows, from column `first` on."""
    paths = {c: matrix.header_path(header, c) for c in range(first, len(matrix.over[header[0]]))}
    starts = [c for c in paths if any(matrix.begins(i, c) for i in header)]
    leaf = {c: paths[c][-1] if paths[c] else "" for c in starts}
    name = next((c for c in reversed(starts) if INDICATOR.match(leaf[c])), starts[0])
    levels = [c for c in starts if c < name and (INDICATOR_LEVEL.match(leaf[c]) or not leaf[c])]
    values = [c for c in starts if c > name and leaf[c]]
    unit = next((c for c in values if UNIT_OF_VALUE.search(leaf[c])), None)
    return Tree(levels, name, values, [paths[c] for c in values], unit)


def left_of_tree(matrix: Matrix, r: int) -> int:
    """The column in which the tree begins: after the label 绩效指标 that covers all of its rows."""
    starts = [c for c in matrix.starts(r) if matrix.cell(r, c).row_span < TALLEST_HEADER]
    levels = [c for c in starts if INDICATOR_LEVEL.match(plain(matrix.text(r, c)))]
    names = [c for c in starts if INDICATOR.match(plain(matrix.text(r, c)))]
    return next(iter(levels or names), 0)


def indicator_table(draft: Draft, matrix: Matrix, r: int) -> tuple[Table, int]:
    """The indicator table that begins with the header in row r, and the row after its last."""
    first = left_of_tree(matrix, r)
    spans = (matrix.cell(r, c).row_span for c in matrix.starts(r, first))
    body = r + max(span for span in spans if span < TALLEST_HEADER)
    tree = tree_below(matrix, range(r, min(body, len(matrix.rows))), first)
    rows: list[Row] = []
    above: list[str] = []
    after = max(body, len(matrix.rows))
    for i in range(body, len(matrix.rows)):
        if matrix.begins(i, 0) and CLOSING.match(plain(matrix.text(i, 0))):
            rows += _score_rows(matrix, i, tree)
            # What follows the closing row is fields again, unless the row itself was one (备注 | …).
            scored = not rows or any(row.role == "total" for row in rows)
            after = i + 1 if scored else i
            break
        if not names_indicators(matrix.rows[i]):
            above = branch(matrix, i, tree, above)
            rows += indicator_rows(matrix, i, tree, above)
    return table_of(draft, "performance_indicators", tree.paths, rows), after


def branch(matrix: Matrix, i: int, tree: Tree, above: list[str]) -> list[str]:
    """The levels above the indicator of row i; blank ones are those of the row before, over a page break too."""
    levels: list[str] = []
    fresh = False
    for level, c in enumerate(tree.levels):
        text = matrix.text(i, c)
        inherited = above[level] if level < len(above) else ""
        fresh = fresh or (bool(text) and text != inherited)
        levels.append(text or ("" if fresh else inherited))
    return levels


def indicator_rows(matrix: Matrix, i: int, tree: Tree, above: list[str]) -> list[Row]:
    """The indicator of row i below its branch; none where the row says nothing of one."""
    name = matrix.text(i, tree.name) if matrix.over[i][tree.name][0] == i else ""
    cells = [matrix.own(i, c) for c in tree.values]
    begins = any(matrix.own(i, c).text for c in tree.levels)
    path = [text for text in dict.fromkeys([*above, name]) if text]  # a label over several levels is one step
    if not path or not (name or begins or any(cell.text for cell in cells)):
        return []
    row = row_of(path, matrix.rows[i], cells)
    _measure(row, tree, matrix.text(i, tree.unit) if tree.unit is not None else "")
    if is_total(row.label):
        row.role = "total"
    return [row]


def _measure(row: Row, tree: Tree, unit: str) -> None:
    """Numbers and units of an indicator's values: its own, those of the column 度量单位 or of its name, or points. What was reached
    is in the unit of what was to be reached."""
    row.units = []
    unit = unit or unit_in_label(row.label) or ""
    for n, (path, cell) in enumerate(zip(tree.paths, row.cells, strict=True)):
        number, own = parse_measure(cell) or (None, None)
        row.values[n] = number
        if SCORE.search(path[-1]):
            own = "分"
        elif VALUE_OF_INDICATOR.search(path[-1]):
            own = own or unit or None
        row.units.append(own if number is not None else None)
    _reached_as_aimed_at(row, tree)


def _reached_as_aimed_at(row: Row, tree: Tree) -> None:
    """Give a bare number that was reached (20) the unit of its target (≥30次); not 0.95 that of 95%."""
    leaves = [path[-1] for path in tree.paths]
    aims = [u for leaf, u in zip(leaves, row.units, strict=True) if VALUE_OF_INDICATOR.search(leaf) and u]
    for n, leaf in enumerate(leaves):
        value = row.values[n]
        if row.units[n] is None and value is not None and aims and REACHED.search(leaf):
            fraction = aims[0] == "%" and 0 < abs(value) <= 1
            row.units[n] = None if fraction else aims[0]


def _score_rows(matrix: Matrix, i: int, tree: Tree) -> list[Row]:
    """总分 under the columns of the indicators, where it has figures there or none at all."""
    label = plain(matrix.text(i, 0))
    cells = [matrix.own(i, c) for c in tree.values]
    blank = is_total(label) and not any(matrix.text(i, c) for c in matrix.starts(i)[1:])
    if not blank and not any(parse_value(cell.text) is not None and cell.col_span == 1 for cell in cells):
        return []
    row = row_of([label], matrix.rows[i], cells)
    _measure(row, tree, "")
    row.role, row.level = "total", 0
    return [row]
