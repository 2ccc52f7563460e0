"""Performance forms (绩效目标申报表, 整体绩效目标表, 自评表) to Tables.

In: the rows of a form, a grid of labels and values with merged cells and smaller tables inside. Out: up to three kinds of
Table under the form's title: its fields, a small table with a header of its own (the funds, the year's tasks), and the
tree of indicators, each indicator a row with its path and what the form says of it. Lists of projects with their
indicators (项目支出绩效目标表) are read by the same rules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.amounts import UNIT_IN_HEADER, is_money, parse_value
from index.headers import column_paths, count_header_rows, owners
from index.measures import parse_measure, unit_in_label
from index.model import GridCell, GridRow, Row, Table
from index.rows import is_total, is_unit, split_code
from index.tables import UNIT_COLUMN, Draft

INDICATOR = re.compile(r"^(?:三级指标|(?:绩效)?指标名称|绩效指标|指标内容|三级指标名称)$")
INDICATOR_LEVEL = re.compile(r"^(?:一级指标|二级指标|指标类型|指标类别|活动)")
INDICATOR_VALUE = re.compile(r"指标值|目标值|完成值|度量单位|计量单位|分值|得分|权重")
FORM_LABEL = re.compile(
    r"^(?:项目名称|专项名称|部门名称|单位名称|部门[（(]单位[)）]名称|单位[（(]部门[)）]名称|填报单位|政策名称|专项资金名称)[:：]?$"
)
SCORE = re.compile(r"分值|得分|权重")
TOTAL_SCORE = re.compile(r"总分|得分")
RATE = re.compile(r"[（(][%％][)）]|率$")
UNIT_OF_VALUE = re.compile(r"(?:度量|计量)单位")
VALUE_OF_INDICATOR = re.compile(r"指标值|目标值|完成值")
REACHED = re.compile(r"完成值")
CLOSING = re.compile(r"^(?:总分|合计|备注|说明|其他说明|评价等级|填报人|联系人|自评结论)")
CONTENT, PROJECT_HEAD = "内容", "项目名称"
TALLEST_HEADER = 4  # rows; a taller cell is the label of the whole tree
LONGEST_HEADER = 60  # characters


def is_form(draft: Draft) -> bool:
    """A grid of a form: its indicators have a header of their own below other rows, or it opens with the name of a project."""
    if not draft.spanned or len(draft.rows) < 3 or is_indicator_list(draft):
        return False
    opens = any(FORM_LABEL.match(_plain(row.cells[0].text)) and not _is_list_header(row) for row in draft.rows[:2])
    titled = re.search(r"绩效|自评", draft.title) is not None
    return _indicator_header(draft.rows, 0) is not None or (opens and titled)


def _is_list_header(row: GridRow) -> bool:
    return any(re.search(r"名称$|金额$|目标$|总计$|合计$", _plain(text)) for text in row.texts()[1:])


def is_indicator_list(draft: Draft) -> bool:
    """A list of projects or of one department with the tree of indicators beside: the indicators' header is the grid's."""
    rows = _below_title(draft.rows)
    header = _indicator_header(rows[:5], 0) if draft.spanned else None
    return header is not None and header < max(rows[0].cells[0].row_span, 1)


def _below_title(rows: list[GridRow]) -> list[GridRow]:
    """The rows of a list of projects without those above its header that hold its title, whose it is, or nothing."""
    header = next(
        (r for r, row in enumerate(rows[:TALLEST_HEADER]) if any(_plain(t) == PROJECT_HEAD for t in row.texts())), 0
    )
    blank = all(sum(bool(text.strip()) for text in row.texts()) <= 1 for row in rows[:header])
    return rows[header:] if blank else rows


def _indicator_header(rows: list[GridRow], start: int) -> int | None:
    """The first row that names the columns of an indicator tree."""
    for r in range(start, len(rows)):
        texts = [_plain(text) for text in rows[r].texts()]
        if any(INDICATOR.match(text) for text in texts) and any(
            INDICATOR_LEVEL.match(text) or INDICATOR_VALUE.search(text) for text in texts
        ):
            return r
    return None


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text)


@dataclass
class _Matrix:
    """A form field by field, with the cell that covers each."""

    rows: list[GridRow]
    over: list[list[tuple[int, int]]]

    def cell(self, r: int, c: int) -> GridCell:
        i, k = self.over[r][c]
        return self.rows[i].cells[k]

    def starts(self, r: int, first: int = 0) -> list[int]:
        """The columns from `first` on in which a cell of row r begins."""
        return [c for c in range(first, len(self.over[r])) if self.over[r][c] == (r, c)]

    def text(self, r: int, c: int) -> str:
        return self.cell(r, c).text


# --- a form ------------------------------------------------------------------------------------------------------
def form_tables(draft: Draft) -> list[Table]:
    """The tables of one form: fields, small tables and indicators, in the order in which they stand."""
    matrix = _Matrix(draft.rows, owners(draft.rows))
    fields: list[Row] = []
    inner: list[_Inner] = []
    indicators: list[Table] = []
    r, ended = 0, -1  # where the last small table ended
    while r < len(draft.rows):
        if _indicator_header(draft.rows[r : r + 1], 0) is not None:
            table, r = _indicators(draft, matrix, r)
            indicators.append(table)
            continue
        group = _group_label(matrix, r)
        end = r + matrix.cell(r, 0).row_span
        if group and _indicator_header(draft.rows[r:end], 0) is None:
            header = _inner_header(matrix, r, group)
            goals = _goals(matrix, r, header, end, group) if header else None
            if goals:
                fields += goals
                r = end
                continue
            if inner and inner[-1].name == group[0] and inner[-1].left == group[1]:
                inner[-1].read(matrix, range(r, end))
                r = ended = end
                continue
            if header:
                inner.append(_side_by_side(matrix, r, header, end, group))
                r = ended = end
                continue
        elif ended == r and matrix.starts(r)[:1] == [0] and not matrix.text(r, 0):
            inner[-1].read(matrix, range(r, end))  # overleaf the label is blank
            r = ended = end
            continue
        fields += _pairs(matrix, r)
        r += 1
    tables = [_table(draft, "performance_fields", [[CONTENT]], fields)] if fields else []
    small = [_funds(draft, one) for one in inner]
    return tables + small + indicators


def _funds(draft: Draft, inner: _Inner) -> Table:
    """A small table; what its columns of points and rates hold is no money, whatever unit stands in its label."""
    unit = _money_unit(inner.name, inner.paths)
    table = _table(draft, "performance_funds", inner.paths, inner.rows, unit=unit)
    for row in table.rows:
        row.units = [
            None if value is None else _unit_of_column(path, cell, table.unit)
            for path, cell, value in zip(inner.paths, row.cells, row.values, strict=True)
        ]
    return table


def _unit_of_column(path: list[str], cell: str, money: str | None) -> str | None:
    leaf = path[-1] if path else ""
    if SCORE.search(leaf):
        return "分"
    return "%" if RATE.search(leaf) or cell.rstrip().endswith(("%", "％")) else money


def _group_label(matrix: _Matrix, r: int) -> tuple[str, int] | None:
    """The label at the left of row r that covers further rows, with the column after it."""
    cell = matrix.cell(r, 0)
    if matrix.over[r][0] != (r, 0) or cell.row_span < 2 or not cell.text:
        return None
    return cell.text, cell.col_span


def _inner_header(matrix: _Matrix, r: int, group: tuple[str, int]) -> int:
    """How many rows from r on are the header of a small table beside the group's label; 0 where there is none."""
    starts = matrix.starts(r, group[1])
    texts = [matrix.text(r, c) for c in starts]
    named = texts[1:] if texts and not texts[0] else texts
    if len(named) < 2 or any(
        not t or len(t) > LONGEST_HEADER or parse_value(t) is not None or t[-1] in "：:" for t in named
    ):
        return 0
    depth = max(
        matrix.cell(r, c).row_span if matrix.cell(r, c).row_span < matrix.cell(r, 0).row_span else 1 for c in starts
    )
    return min(depth, matrix.cell(r, 0).row_span - 1)


def _goals(matrix: _Matrix, r: int, header: int, end: int, group: tuple[str, int]) -> list[Row]:
    """Fields whose labels stand above them beside a group's label (预期目标 | 完成情况); none where rows have labels."""
    name, left = group
    starts = matrix.starts(r + header, left)
    heads = {c: _path([_plain(matrix.text(i, c)) for i in range(r, r + header)]) for c in starts}
    goals = all(re.search(r"目标|完成情况", path[-1]) for path in heads.values() if path)
    if not goals and not (starts and parse_value(matrix.text(r + header, starts[0])) is not None):
        return []
    return [
        _row([name, *heads[c]], [matrix.text(i, c)], matrix.rows[i], [matrix.cell(i, c)])
        for i in range(r + header, min(end, len(matrix.rows)))
        for c in matrix.starts(i, left)
        if heads.get(c)
    ]


@dataclass
class _Inner:
    """The columns of a small table inside a form, which may go on overleaf without its header."""

    name: str
    left: int
    labels: list[int]
    values: list[int]
    heads: dict[int, list[str]]
    parts: dict[int, str]
    rows: list[Row]

    @property
    def paths(self) -> list[list[str]]:
        return [self.heads[c] for c in self.values]

    def read(self, matrix: _Matrix, body: range) -> None:
        """Add the rows of a body. A row of words that repeats the header's begins another part."""
        for i in body:
            again = [_plain(matrix.text(i, c)) for c in self.values]
            if any(again) and again == [path[-1] if path else "" for path in self.paths]:
                self.parts = {
                    c: _plain(matrix.text(i, c)) for c in self.labels
                }  # 事业发展性支出 | 预算金额 | 级次 | 预算金额
                continue
            for n, c in enumerate(self.labels):
                stop = self.labels[n + 1] if n + 1 < len(self.labels) else len(matrix.over[i])
                label = matrix.text(i, c)
                if label and matrix.over[i][c] == (i, c):
                    cells = [
                        matrix.cell(i, v) if c < v < stop and matrix.over[i][v] == (i, v) else GridCell(text="")
                        for v in self.values
                    ]
                    path = [part for part in (self.name, self.parts[c] if len(self.labels) > 1 else "", label) if part]
                    self.rows.append(_row(path, [cell.text for cell in cells], matrix.rows[i], cells))


def _side_by_side(matrix: _Matrix, r: int, header: int, end: int, group: tuple[str, int]) -> _Inner:
    """A small table with its header. A second column of labels between amounts opens another part beside the first."""
    name, left = group
    width = len(matrix.over[r])
    body = range(r + header, min(end, len(matrix.rows)))
    columns = sorted({c for i in body for c in matrix.starts(i, left)})
    amounts = [c for c in columns if any(parse_value(matrix.text(i, c)) is not None for i in body)]
    labels = [
        c for n, c in enumerate(columns)
        if c not in amounts and (n == 0 or (columns[n - 1] in amounts and any(a > c for a in amounts)))
    ]  # fmt: skip
    heads = {c: _path([_plain(matrix.text(i, c)) for i in range(r, r + header)]) for c in range(left, width)}
    inner = _Inner(
        name, left, labels, [c for c in columns if c not in labels], heads,
        {c: heads[c][-1] if heads[c] else "" for c in labels}, [],
    )  # fmt: skip
    inner.read(matrix, body)
    return inner


def _path(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


def _unit(*sources: str | list[list[str]]) -> str | None:
    return next(iter(_units(*sources)), None)


def _money_unit(*sources: str | list[list[str]]) -> str | None:
    return next((unit for unit in _units(*sources) if is_money(unit)), None)


def _units(*sources: str | list[list[str]]) -> list[str]:
    """The units that labels and headers print in brackets."""
    texts = [t for s in sources for t in ([s] if isinstance(s, str) else [part for path in s for part in path])]
    return [m[1] for text in texts if (m := UNIT_IN_HEADER.search(text))]


def _pairs(matrix: _Matrix, r: int) -> list[Row]:
    """A row of labels each with its value, after the label of the group that they are in."""
    prefix: list[str] = []
    first = 0
    cell = matrix.cell(r, 0)
    if matrix.over[r][0] != (r, 0) or (cell.row_span > 1 and len(matrix.starts(r)) > 2):
        prefix, first = [cell.text] if cell.text else [], cell.col_span
    starts = matrix.starts(r, first)
    if not prefix and len(starts) % 2 and len(starts) > 2 and _amounts_at(matrix, r, starts[2::2]):
        prefix, starts = [matrix.text(r, starts[0])], starts[1:]  # 基本信息 | 人数 | 750 | 单位数 | 10
    rows = []
    if len(starts) % 2 and len(starts) > 2 and (not matrix.text(r, starts[-1]) or _amounts_at(matrix, r, starts[-1:])):
        starts = starts[
            1:
        ]  # 实施期资金总额： | 年度资金总额： | 20000: no line parts the first label from its blank value
    for label, value in zip(starts[::2], starts[1::2], strict=False):
        name = _plain(matrix.text(r, label)).rstrip("：:")
        if name and len(name) <= 60:
            rows.append(_row([*prefix, name], [matrix.text(r, value)], matrix.rows[r], [matrix.cell(r, value)]))
    return rows


def _amounts_at(matrix: _Matrix, r: int, columns: list[int]) -> bool:
    return bool(columns) and all(parse_value(matrix.text(r, c)) is not None for c in columns)


# --- the tree of indicators --------------------------------------------------------------------------------------
@dataclass
class _Tree:
    """Which columns of an indicator table hold its levels, its names and what is said of them."""

    levels: list[int]
    name: int
    values: list[int]
    paths: list[list[str]]
    unit: int | None


def _tree(matrix: _Matrix, header: range, first: int) -> _Tree:
    paths = {c: _path([_plain(matrix.text(i, c)) for i in header]) for c in range(first, len(matrix.over[header[0]]))}
    starts = [c for c in paths if any(matrix.over[i][c] == (i, c) for i in header)]
    leaf = {c: paths[c][-1] if paths[c] else "" for c in starts}
    name = next((c for c in reversed(starts) if INDICATOR.match(leaf[c])), starts[0])
    levels = [c for c in starts if c < name and (INDICATOR_LEVEL.match(leaf[c]) or not leaf[c])]
    values = [c for c in starts if c > name and leaf[c]]
    unit = next((c for c in values if UNIT_OF_VALUE.search(leaf[c])), None)
    return _Tree(levels, name, values, [paths[c] for c in values], unit)


def _indicators(draft: Draft, matrix: _Matrix, r: int) -> tuple[Table, int]:
    """The indicator table that begins with the header in row r, and the row after its last."""
    first = _left_of_tree(matrix, r)
    depth = max(
        matrix.cell(r, c).row_span for c in matrix.starts(r, first) if matrix.cell(r, c).row_span < TALLEST_HEADER
    )
    tree = _tree(matrix, range(r, min(r + depth, len(matrix.rows))), first)
    rows: list[Row] = []
    above: list[str] = []
    i = r + depth
    while i < len(matrix.rows):
        if (
            CLOSING.match(_plain(matrix.text(i, 0)))
            and matrix.over[i][0] == (i, 0)
            and matrix.over[i][0] != matrix.over[r][0]
        ):
            rows += _score_rows(matrix, i, tree)
            i += 1
            break
        if _indicator_header(matrix.rows[i : i + 1], 0) is None:
            above = _branch(matrix, i, tree, above)
            rows += _indicator_rows(matrix, i, tree, above)
        i += 1
    # What follows the closing row is fields again, unless the row itself was one (备注 | …).
    if i <= len(matrix.rows) and rows and not any(row.role == "total" for row in rows) and i > r + depth:
        closed = CLOSING.match(_plain(matrix.text(i - 1, 0))) and matrix.over[i - 1][0] == (i - 1, 0)
        i -= bool(closed)
    return _table(draft, "performance_indicators", tree.paths, rows), max(i, r + depth)


def _left_of_tree(matrix: _Matrix, r: int) -> int:
    """The column in which the tree begins: after the label 绩效指标 that covers all of its rows."""
    starts = [c for c in matrix.starts(r) if matrix.cell(r, c).row_span < TALLEST_HEADER]
    levels = [c for c in starts if INDICATOR_LEVEL.match(_plain(matrix.text(r, c)))]
    names = [c for c in starts if INDICATOR.match(_plain(matrix.text(r, c)))]
    return next(iter(levels or names), 0)


def _branch(matrix: _Matrix, i: int, tree: _Tree, above: list[str]) -> list[str]:
    """The levels above the indicator of row i; blank ones are those of the row before, over a page break too."""
    texts = [matrix.text(i, c) for c in tree.levels]
    branch: list[str] = []
    fresh = False
    for level, text in enumerate(texts):
        if text:
            fresh = fresh or level >= len(above) or text != above[level]
            branch.append(text)
        else:
            branch.append("" if fresh or level >= len(above) else above[level])
    return branch


def _indicator_rows(matrix: _Matrix, i: int, tree: _Tree, above: list[str]) -> list[Row]:
    name = matrix.text(i, tree.name) if matrix.over[i][tree.name][0] == i else ""
    cells = [matrix.cell(i, c) if matrix.over[i][c] == (i, c) else GridCell(text="") for c in tree.values]
    begins = any(matrix.over[i][c] == (i, c) and matrix.text(i, c) for c in tree.levels)
    if not name and not begins and not any(cell.text for cell in cells):
        return []
    path = [text for text in dict.fromkeys([*above, name]) if text]  # a label over several levels is one step
    if not path:
        return []
    row = _row(path, [cell.text for cell in cells], matrix.rows[i], cells)
    _measure(row, tree, matrix.text(i, tree.unit) if tree.unit is not None else "")
    if is_total(row.label):
        row.role = "total"
    return [row]


def _measure(row: Row, tree: _Tree, unit: str) -> None:
    """Numbers and units of an indicator's values: its own, those of the column 度量单位 or of its name, or points. What was reached
    is in the unit of what was to be reached."""
    row.units = []
    unit = unit or unit_in_label(row.label) or ""
    for n, (path, cell) in enumerate(zip(tree.paths, row.cells, strict=True)):
        found = parse_measure(cell)
        row.values[n] = found[0] if found else None
        leaf = path[-1]
        own = found[1] if found else None
        if SCORE.search(leaf):
            row.units.append("分" if found else None)
        elif VALUE_OF_INDICATOR.search(leaf):
            row.units.append((own or unit or None) if found else None)
        else:
            row.units.append(own)
    _reached_as_aimed_at(row, tree)


def _reached_as_aimed_at(row: Row, tree: _Tree) -> None:
    """Give a bare number that was reached (20) the unit of its target (≥30次); not 0.95 that of 95%."""
    leaves = [path[-1] for path in tree.paths]
    aims = [u for leaf, u in zip(leaves, row.units, strict=True) if VALUE_OF_INDICATOR.search(leaf) and u]
    for n, leaf in enumerate(leaves):
        value = row.values[n]
        if row.units[n] is None and value is not None and aims and REACHED.search(leaf):
            fraction = aims[0] == "%" and 0 < abs(value) <= 1
            row.units[n] = None if fraction else aims[0]


def _score_rows(matrix: _Matrix, i: int, tree: _Tree) -> list[Row]:
    """总分 under the columns of the indicators, where it has figures there or none at all."""
    label = _plain(matrix.text(i, 0))
    cells = [matrix.cell(i, c) if matrix.over[i][c] == (i, c) else GridCell(text="") for c in tree.values]
    blank = is_total(label) and not any(matrix.text(i, c) for c in matrix.starts(i)[1:])
    if not blank and not any(parse_value(cell.text) is not None and cell.col_span == 1 for cell in cells):
        return []
    row = _row([label], [cell.text for cell in cells], matrix.rows[i], cells)
    _measure(row, tree, "")
    row.role, row.level = "total", 0
    return [row]


# --- lists of projects with their indicators ---------------------------------------------------------------------
def indicator_list(draft: Draft, budget_units: list[str]) -> list[Table]:
    """The projects with their amounts and goals, and the indicators of each, from one list of both."""
    rows = _below_title(draft.rows)
    depth = max(count_header_rows(rows, True), (_indicator_header(rows[:5], 0) or 0) + 1)
    header = rows[:depth]
    repeated = {tuple(row.texts()) for row in header}
    body = [row for row in rows[depth:] if tuple(row.texts()) not in repeated]
    matrix = _Matrix(header + body, owners(header + body))
    at = _indicator_header(header, 0) or 0
    first = _left_of_tree(matrix, at)
    tree = _tree(matrix, range(depth), first)
    leading = [c for c in range(first) if any(matrix.over[i][c] == (i, c) for i in range(depth))]
    heads = dict(enumerate(column_paths(header, True)))
    labels = [c for c in leading if re.search(r"名称$|^项目$|^单位$", _plain(heads[c][-1]) if heads[c] else "")]
    codes = [c for c in leading if heads[c] and re.search(r"编码|代码", heads[c][-1])]
    values = [c for c in leading if c not in labels and c not in codes]
    projects: list[Row] = []
    indicators: list[Row] = []
    owner: list[str] = []
    above: list[str] = []
    shown: list[str] = []
    unit = ""
    by_unit = len(labels) > 1 and bool(UNIT_COLUMN.search(_plain(heads[labels[0]][-1])))
    for i in range(depth, len(matrix.rows)):
        if matrix.over[i][0] == (i, 0) and len(matrix.starts(i)) == 1:
            continue  # a note across all columns
        named = list(
            dict.fromkeys(matrix.text(i, c) for c in [*codes, *labels] if is_total(matrix.text(i, c)) or c in labels)
        )
        named = [text for text in named if text] or [text for c in codes if (text := matrix.text(i, c))]
        if named and named != shown:
            shown, above = named, []
            name = named[-1]
            unit = name if is_unit(name, budget_units) else next((t for t in named[:-1] if t), "") if by_unit else unit
            owner = [unit, *named] if unit and unit not in named and not is_total(name) else named
            cells = [matrix.cell(i, c) if matrix.over[i][c][0] == i else GridCell(text="") for c in values]
            row = _row(owner, [cell.text for cell in cells], matrix.rows[i], cells)
            row.role = "total" if is_total(name) else "unit" if name == unit else "project"
            row.level = 0 if row.role == "total" else row.level
            row.budget_unit = None if row.role == "total" else unit or None
            if codes and labels:
                row.code = matrix.text(i, codes[-1]) if matrix.text(i, codes[-1]).isdigit() else None
            projects.append(row)
            owner = row.path
        above = _branch(matrix, i, tree, above)
        for row in _indicator_rows(matrix, i, tree, above):
            row.path = [*(split_code(name, bare=False)[1] for name in owner), *row.path]
            row.level = len(row.path)
            indicators.append(row)
    columns = [[_plain(part) for part in heads[c]] for c in values]
    return [table for table in (_table(draft, "performance_projects", columns, projects, unit=draft.unit),
                                _table(draft, "performance_indicators", tree.paths, indicators, unit=draft.unit)) if table.rows]  # fmt: skip


# --- rows and tables ---------------------------------------------------------------------------------------------
def _row(path: list[str], texts: list[str], row: GridRow, cells: list[GridCell]) -> Row:
    names = [re.sub(r"\s*[:：]$", "", part.strip()) for part in path]
    code, label = split_code(names[-1], bare=False)
    names = [split_code(part, bare=False)[1] for part in names]
    unit = "分" if TOTAL_SCORE.search(names[-1]) else _unit("".join(path))
    values = [parse_value(text) for text in texts]
    return Row(
        label=label, path=[*names[:-1], label], code=code, level=len(names), cells=texts, values=values, place=row.place,
        units=[unit if value is not None else None for value in values] if unit else [],
        places=[cell.place for cell in cells], confidences=[cell.confidence for cell in cells],
    )  # fmt: skip


def _table(draft: Draft, kind: str, columns: list[list[str]], rows: list[Row], unit: str | None = None) -> Table:
    return Table(number=draft.number, title=draft.title, kind=kind, unit=unit or draft.unit or _unit(draft.title), columns=columns,
                 rows=rows, notes=[n.text for n in draft.notes], note_places=[n.place for n in draft.notes], place=draft.place)  # fmt: skip
