"""A grid of amounts to a Table.

In: the rows of one table over all its pages, with its caption. Out: column paths, and rows with label, code, path and
cells. Side-by-side tables (收入 | 支出) become one: the rows of the left side, then those of the next, the other sides'
columns empty. Several columns of words before the amounts are the path to the last of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.amounts import UNIT_IN_HEADER, is_money, parse_value
from index.layout.marks import DOUBTFUL
from index.model import GridRow, Paragraph, Place, Row, Side, Table
from index.parsing.headers import CODE_PARTS, Column, analyse, owners
from index.parsing.kinds import BY_NAME, kind_of
from index.parsing.nesting import settle
from index.parsing.rows import is_total, join_codes, set_hierarchy, split_codes

ATTRIBUTE = re.compile(
    r"备注|说明|时间|日期|规格|型号|目标|内容|性质|方式|形式|依据|理由|原因|简介|目录|来源|情况|变动|人数|数量|次数"
)
LABEL_HEADER = re.compile(r"名称|^(?:收入|支出)?项目|科目|分类|^(?:收入|支出)$")
UNIT_COLUMN = re.compile(
    r"^(?:预算)?(?:单位|部门)(?:[（(]科室[)）])?名称$|^(?:资金使用|项目|项目实施|实施|承担|使用)单位$|^单位$"
)
USUAL = 0.75  # of a column's amounts: with so many of as many decimals, others have perhaps lost some
SCORES = re.compile(r"(?:得|评)分(?:数|值)?$")
GOAL_COLUMN = re.compile(r"目标")
PROJECT_COLUMN = re.compile(r"项目名称|采购项目|^项目$")


@dataclass
class Draft:
    """A table before its rows are read: its caption, its rows over all pages, and its notes."""

    title: str
    number: str | None
    unit: str | None
    rows: list[GridRow]
    spanned: bool = False
    notes: list[Paragraph] = field(default_factory=list)

    @property
    def place(self) -> Place:
        """Where its first row is."""
        return self.rows[0].place


@dataclass
class _Group:
    """The label columns of one side with their codes, amounts and words."""

    labels: list[int]
    codes: list[int]
    values: list[int]
    texts: list[int]
    side: Side | None

    @property
    def end(self) -> int:
        return max([*self.labels, *self.values, *self.texts])


@dataclass
class _Lines:
    """The texts of a body field by field. `seen` repeats a merged cell's text in each field that it covers."""

    own: list[list[str]]
    seen: list[list[str]]
    above: list[list[bool]]  # whether a field is covered by a cell of a row above
    left: list[list[int]]  # the column in which the cell that covers a field begins


def build_table(draft: Draft, budget_units: list[str]) -> Table:
    """The Table of a draft. Amounts are in the draft's unit of money, or in the one that its header prints."""
    _, columns, body = analyse(draft.rows, draft.spanned)
    lines = _lines(body, len(columns), draft.spanned)
    groups = _groups(columns, lines)
    slots, paths = _value_columns(groups, columns)
    scored = _lists_scores(groups, columns, paths)
    kind = kind_of(draft.title)
    if scored or (kind.name == "performance_targets" and _lists_goals(groups, columns)):
        kind = BY_NAME["performance_projects"]
    rows = [row for n, group in enumerate(groups)
            for row in _rows(group, n, body, lines, slots[n], columns, budget_units)]  # fmt: skip
    for side in dict.fromkeys(row.side for row in rows):
        settle([row for row in rows if row.side == side])
    if kind.rows == "projects":
        above = {tuple(row.path[:n]) for row in rows for n in range(1, len(row.path))}
        for row in rows:
            if row.role == "item" and tuple(row.path) not in above:
                row.role = "project"
    for c in range(len(paths)):
        _doubt_odd_decimals(rows, c)
    if scored:
        for row in rows:
            row.units = [None if value is None else "分" for value in row.values]
    unit = draft.unit or next(
        (m[1] for p in paths for part in p if (m := UNIT_IN_HEADER.search(part)) and is_money(m[1])), None
    )
    return Table(number=draft.number, title=draft.title, kind=kind.name, unit=unit, columns=paths, rows=rows,
                 notes=[n.text for n in draft.notes], note_places=[n.place for n in draft.notes], place=draft.place)  # fmt: skip


def _lists_scores(groups: list[_Group], columns: list[Column], paths: list[list[str]]) -> bool:
    """Whether a table gives the scores of projects and nothing else, whatever its title."""
    only_scores = bool(paths) and all(path and SCORES.search(path[-1]) for path in paths)
    return only_scores and _names_projects(groups, columns)


def _lists_goals(groups: list[_Group], columns: list[Column]) -> bool:
    """Whether a table gives projects, each with its goal in words beside it."""
    goals = (columns[c].path[-1] for group in groups for c in group.texts if columns[c].path)
    return any(map(GOAL_COLUMN.search, goals)) and _names_projects(groups, columns)


def _names_projects(groups: list[_Group], columns: list[Column]) -> bool:
    names = (columns[c].path[-1] for group in groups for c in group.labels[-1:] if columns[c].path)
    return any(PROJECT_COLUMN.search(re.sub(r"\s", "", name)) for name in names)


def _lines(body: list[GridRow], width: int, spanned: bool) -> _Lines:
    own = [row.texts() + [""] * (width - len(row.cells)) for row in body]
    over = owners(body) if spanned and body else [[(r, c) for c in range(width)] for r in range(len(body))]
    return _Lines(
        own=own,
        seen=[[own[i][k] for i, k in row] for row in over],
        above=[[i < r for i, _ in row] for r, row in enumerate(over)],
        left=[[k for _, k in row] for row in over],
    )


# --- columns -----------------------------------------------------------------------------------------------------
def _groups(columns: list[Column], lines: _Lines) -> list[_Group]:
    roles = [column.role for column in columns]
    # A blank table has only columns without words; its labels are then the first that are no codes.
    words = [i for i, role in enumerate(roles) if role in ("label", "text")]
    if not words:
        values = [i for i, role in enumerate(roles) if role == "value"]
        return [
            _Group([], _code_columns([i for i, role in enumerate(roles) if role == "code"], columns), values, [], None)
        ]
    first = words[0]
    starts = [first, *(i for i in words if i > first and _opens_side(i, roles, columns))]
    groups = []
    for before, start, end in zip([-1, *starts], starts, [*starts[1:], len(roles)], strict=False):
        # The codes of the next side stand before its labels.
        stop = end
        while end < len(roles) and stop - 1 > start and roles[stop - 1] in ("code", "blank"):
            stop -= 1
        inside = range(start + 1, stop)
        labels = _label_columns(start, inside, columns, lines)
        codes = _code_columns([i for i in range(before + 1, start) if roles[i] == "code"], columns)
        texts = [i for i in inside if roles[i] in ("text", "code") and i not in labels]
        values = [i for i in inside if roles[i] == "value"]
        groups.append(_Group(labels, codes, values, texts, _side(columns[start], len(starts))))
    return groups


def _value_columns(groups: list[_Group], columns: list[Column]) -> tuple[list[list[int | None]], list[list[str]]]:
    """The columns of the table, and per group which field each is read from. Two blocks of one list side by side print the same
    header: their amounts are one column."""
    paths: list[list[str]] = []
    slots: list[list[int | None]] = [[] for _ in groups]
    for group, own in zip(groups, slots, strict=True):
        taken: set[int] = set()
        for c in group.values:
            path = [re.sub(r"\s", "", part) for part in columns[c].path]
            same = next((i for i, other in enumerate(paths) if other == path and i not in taken and path), len(paths))
            if same == len(paths):
                paths.append(path)
                for fields in slots:
                    fields.append(None)
            own[same] = c
            taken.add(same)
    return slots, paths


def _side(column: Column, sides: int) -> Side | None:
    top = column.path[0] if column.path else ""
    if sides < 2:
        return None
    return "收入" if "收入" in re.sub(r"\s", "", top) else "支出" if "支出" in re.sub(r"\s", "", top) else None


def _opens_side(i: int, roles: Sequence[str], columns: list[Column]) -> bool:
    """A later column of labels: amounts between it and the labels before, amounts to its right, and a header that names
    labels of another part."""
    before = max(j for j in range(i) if roles[j] in ("label", "text"))
    if "value" not in roles[before + 1 : i] or "value" not in roles[i + 1 :]:
        return False
    path, other = columns[i].path, columns[before].path
    leaf = re.sub(r"\s", "", path[-1]) if path else ""
    apart = bool(path and other and len(path) > 1 and path[0] != other[0])
    same = bool(path and other and path[-1] == other[-1])
    return (apart or same or not path or bool(LABEL_HEADER.search(leaf))) and not ATTRIBUTE.search(leaf)


def _label_columns(start: int, inside: range, columns: list[Column], lines: _Lines) -> list[int]:
    """The columns of words before the first amounts of a side, up to the one that names its rows."""
    run = [start]
    for i in inside:
        leaf = columns[i].path[-1] if columns[i].path else ""
        if columns[i].role == "value" or columns[i].role == "code":
            break
        if columns[i].role in ("text", "label") and not ATTRIBUTE.search(leaf):
            run.append(i)
    leaves = {i: columns[i].path[-1] if columns[i].path else "" for i in run}
    projects = [i for i in run if any(PROJECT_COLUMN.search(part) for part in columns[i].path)]
    if (
        projects
    ):  # what has a header of its own to the right of a project's name, such as 项目类别, is said of the project
        run = [i for i in run if i <= projects[-1] or leaves[i] in ("", leaves[projects[-1]])]
    return run[:1] if len(run) > 1 and _has_levels([line[start] for line in lines.own]) else run


def _has_levels(labels: list[str]) -> bool:
    """Whether labels carry codes of several levels: 201 above 20101. What stands beside them names nothing of its own."""
    codes = {code for code, _ in split_codes(labels) if code}
    return any(code[:n] in codes for code in codes for n in range(3, len(code)))


def _code_columns(codes: list[int], columns: list[Column]) -> list[int]:
    """类, 款 and 项 where they have columns of their own, else the column of codes next to the labels."""
    leaves = {c: re.sub(r"\s", "", columns[c].path[-1]) if columns[c].path else "" for c in codes}
    parts = [c for c in codes if leaves[c] in CODE_PARTS]
    return parts or codes[-1:]


# --- rows --------------------------------------------------------------------------------------------------------
def _rows(group: _Group, block: int, body: list[GridRow], lines: _Lines, values: list[int | None], columns: list[Column],
          budget_units: list[str]) -> list[Row]:  # fmt: skip
    if not body:
        return []
    labels = split_codes([_label(group, lines, r) for r in range(len(body))])
    codes = join_codes([[line[c] for c in group.codes] for line in lines.seen])
    words = [*_coded(group.labels[:-1], lines), *group.texts]
    rows: list[Row] = []
    paths: list[list[str]] = []
    indents: list[float | None] = []
    above: list[str] = []
    for r, grid_row in enumerate(body):
        fields = [grid_row.cells[c] if c is not None and c < len(grid_row.cells) else None for c in values]
        cells = [field.text if field else "" for field in fields]
        split, label = labels[r]
        code = codes[r] if any(lines.seen[r][c].strip() for c in group.codes) else None
        if not label and not any(cells) and not code and (len(body) > 1 or group.labels):
            continue  # but the one row of a table without labels is a row, blank as it may be
        if group.labels and _belongs_further_right(group, lines, r) and not any(cells):
            continue
        above = _inherited(group, lines, r, above)
        row = Row(
            label=label,
            path=[label],
            code=code or split,
            side=group.side,
            block=block,
            cells=cells,
            values=[parse_value(cell) for cell in cells],
            texts={"/".join(columns[c].path): _word(group, lines, r, c) for c in words},
            place=grid_row.place,
            places=[field.place if field else None for field in fields],
            confidences=[field.confidence if field else None for field in fields],
            text_confidences={
                "/".join(columns[c].path): sure
                for c in words
                if c < len(grid_row.cells) and (sure := grid_row.cells[c].confidence) is not None
            },
        )
        rows.append(row)
        named = group.labels and group.labels[0] < len(grid_row.cells)
        indents.append(grid_row.cells[group.labels[0]].indent if named else None)
        paths.append([text for text in above if text])
    if len(group.labels) > 1:
        units = [i for i, c in enumerate(group.labels) if columns[c].path and UNIT_COLUMN.search(columns[c].path[-1])]
        _set_paths(rows, paths, bool(units) and units[0] == 0)
    else:
        set_hierarchy(rows, budget_units, indents)
        _mark_units(group, rows, columns)
    return rows


def _doubt_odd_decimals(rows: list[Row], c: int) -> None:
    """OCR may drop the last digits of an amount at full confidence: in a column it then has fewer decimals than the others."""
    read = [row for row in rows if row.values[c] and row.confidences[c] is not None]
    decimals = [len(row.cells[c].partition(".")[2]) for row in read]
    usual, count = Counter(decimals).most_common(1)[0] if read else (0, 0)
    for row, own in zip(read, decimals, strict=True):
        if own != usual and count >= USUAL * len(read):
            row.confidences[c] = min(DOUBTFUL, row.confidences[c] or 0.0)


def _mark_units(group: _Group, rows: list[Row], columns: list[Column]) -> None:
    """Rows with a code of 单位编码 are units, and what stands below one is its; where projects stand in the same column, those
    that have none are not."""
    heads = ["".join(columns[c].path) for c in [*group.codes, *group.labels]]
    named = bool(group.codes) and "单位" in heads[0] and "单位" in heads[-1]
    if named and ("项目" not in heads[-1] or not all(row.code for row in rows if row.role == "item")):
        unit: Row | None = None
        for row in (row for row in rows if row.role == "item"):
            if row.code:
                row.role, unit = "unit", row
            if unit and row.path[: len(unit.path)] == unit.path:
                row.budget_unit = unit.label


def _label(group: _Group, lines: _Lines, r: int) -> str:
    """The innermost words that a row prints in its label columns; 合计 often stands in the merged cell of the code."""
    for c in reversed(group.labels):
        if lines.own[r][c]:
            return lines.own[r][c]
    for c in reversed(group.labels):
        if lines.seen[r][c] and not lines.above[r][c]:
            return lines.seen[r][c]  # merged with a cell to its left
    for c in reversed(group.labels):
        if lines.seen[r][c]:
            return lines.seen[r][c]
    return next(
        (lines.seen[r][c] for c in group.codes if lines.seen[r][c] and not lines.seen[r][c].strip().isdigit()), ""
    )


def _word(group: _Group, lines: _Lines, r: int, c: int) -> str:
    """The words of a column beside the label, without a label that runs over it."""
    left = lines.left[r][c]
    return lines.seen[r][c] if left == c or left > group.labels[0] else ""


def _coded(labels: list[int], lines: _Lines) -> list[int]:
    """Outer label columns with codes in front, as 0211-后勤服务: these the path leaves out, so the words are kept beside it."""
    return [c for c in labels if any(code for code, _ in split_codes([line[c] for line in lines.own]))]


def _belongs_further_right(group: _Group, lines: _Lines, r: int) -> bool:
    """A label that runs over this side's amounts into the next side belongs there: 当年支出小计."""
    first = lines.left[r][group.labels[0]]
    return any(c > group.end and lines.left[r][c] == first for c in range(group.end + 1, len(lines.left[r])))


def _inherited(group: _Group, lines: _Lines, r: int, above: list[str]) -> list[str]:
    """The words of all label columns; what is blank left of the row's own label is that of the rows above."""
    texts = [lines.seen[r][c] for c in group.labels]
    filled = [i for i, text in enumerate(texts) if text]
    if not filled or is_total(texts[filled[0]]):
        return list(dict.fromkeys(text for text in texts if text))
    first = filled[0]
    joined = [*above[:first], *texts[first:]] if len(above) >= first else texts
    merged = [
        text if i == 0 or lines.left[r][group.labels[i]] == group.labels[i] else "" for i, text in enumerate(joined)
    ]
    return merged[: filled[-1] + 1]


def _set_paths(rows: list[Row], paths: list[list[str]], by_unit: bool) -> None:
    """Paths of the label columns; the first of them is the unit of organisation where the header says so."""
    for row, path in zip(rows, paths, strict=True):
        if is_total(row.label) and len(path) <= 1:
            row.role, row.level, row.path = "total", 0, [row.label]
            continue
        names = split_codes(path)
        row.path = [*(name for _, name in names[:-1]), row.label] if path else [row.label]
        row.level = len(row.path)
        if by_unit and len(row.path) > 1:
            row.budget_unit = row.path[0]
