"""Which rows and columns of a table are sums of which others.

In: a table with its header paths and row paths. Out: sums, as indices; whether the amounts agree is asked in `audit`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from index.facts import SIDES
from index.model import Row, Table
from index.parsing.nesting import total_segments
from index.parsing.rows import AMONG, is_total, numbering_level, plain_label

Sum = tuple[int, list[int]]  # a row (or column), and those that it is the sum of

TOTAL_LEAF = re.compile(r"^(?:合计|小计|总计|共计|总额|\w{2}支出总数)$")
NO_PART = re.compile(r"占|比|率|%|数量|人数|上年(?!.*(?:结转|结余|余额))|去年|扣除")
NO_SUM = re.compile(
    r"率|占比|比例|%|单价|标准|分值权重"
)  # columns whose rows do not add up  # columns that are no part of the total beside them
OUTSIDE_THREE_PUBLIC = re.compile(r"会议费|培训费")  # often in the same table, in its total or not
THREE_PUBLIC = (  # a whole, then its parts
    (r"三公|^合计$", (r"^因公出国", r"^公务用车购置(?=及|和|与)", r"^公务接待")),
    (r"^公务用车购置(?=及|和|与)", (r"^公务用车购置(?!及|和|与)", r"^公务用车运行")),
)


def total_rows(table: Table) -> list[int]:
    """The rows of a table that are totals, by number."""
    return [r for r, row in enumerate(table.rows) if row.role == "total" and (is_total(row.label) or not row.label)]


def side_of(row: Row) -> str | None:
    """The side that a row is on, or the one that its label names: 收入总计."""
    return row.side or next((side for side in SIDES if side in row.label), None)


def row_parents(table: Table) -> dict[int, list[int]]:
    """Rows to the rows one step below them. `其中：` without numbers names only some of the parts, so it is no sum."""
    latest: dict[tuple, int] = {}
    found: dict[int, list[int]] = {}
    for r, row in enumerate(table.rows):
        parent = latest.get((row.side, *row.path[:-1]))
        if len(row.path) > 1 and parent is not None:
            found.setdefault(parent, []).append(r)
        latest[(row.side, *row.path)] = r
    return {parent: rows for parent, rows in found.items() if not any(_is_some_part(table.rows[r]) for r in rows)}


def _is_some_part(row: Row) -> bool:
    return bool(AMONG.match(row.label)) and not numbering_level(row.label)


def row_totals(table: Table) -> Iterator[Sum]:
    """Total rows with their parts, side by side of a table: above all parts, or below them and the total before."""
    for side in dict.fromkeys(row.side for row in table.rows):
        members = [r for r, row in enumerate(table.rows) if row.side == side]
        for total, parts in total_segments([table.rows[r] for r in members]):
            whole, rows = members[total], [members[part] for part in parts]
            own = side_of(table.rows[whole])
            if own and rows and side_of(table.rows[rows[0]]) not in (None, own) and table.rows[rows[0]].role == "total":
                rows = rows[1:]  # 支出合计 does not build on 收入合计 above it
            yield whole, rows


def column_totals(table: Table, depth: int = 0, columns: Iterable[int] | None = None) -> list[Sum]:
    """Total columns of a group of the header (at `depth` of the paths) and of the groups inside it, with their parts."""
    total: list[int] = []
    groups: dict[str, list[int]] = {}
    for c in range(len(table.columns)) if columns is None else columns:
        path = table.columns[c]
        if len(path) <= depth:
            return []  # a group that is a column itself: the header was not understood
        if TOTAL_LEAF.match(path[depth]) and len(path) == depth + 1:
            total.append(c)
        elif not NO_PART.search(path[depth]):
            groups.setdefault(path[depth], []).append(c)
    inner = {name: column_totals(table, depth + 1, members) for name, members in groups.items() if len(members) > 1}
    parts = [c for members in groups.values() for c in _whole_group(table, members, depth)]
    sums = [one for found in inner.values() for one in found]
    if len(total) == 1 and len(parts) > 1 and _add_up(table, parts, depth):
        sums.append((total[0], parts))
    return sums


def _whole_group(table: Table, members: list[int], depth: int) -> list[int]:
    """The columns that stand for a group in the sum above it: its own total column, else all."""
    own = [c for c in members if len(table.columns[c]) == depth + 2 and TOTAL_LEAF.match(table.columns[c][-1])]
    return own if len(own) == 1 else members


def _add_up(table: Table, parts: list[int], depth: int) -> bool:
    """Whether columns can be all parts of the total beside them."""
    if depth == 0 and table.kind == "three_public" and any(OUTSIDE_THREE_PUBLIC.search(p[0]) for p in table.columns):
        return False
    return not any(AMONG.match(table.columns[c][-1]) for c in parts[1:])  # a later 其中： is part of its neighbour


def three_public_sums(labels: list[str]) -> Iterator[Sum]:
    """The whole and the parts among row labels or column names, where each stands exactly once."""
    names = [plain_label(label) for label in labels]
    for whole, parts in THREE_PUBLIC:
        found = [[i for i, name in enumerate(names) if re.search(pattern, name)] for pattern in (whole, *parts)]
        if all(len(places) == 1 for places in found):
            yield found[0][0], [places[0] for places in found[1:]]


def column_label(path: list[str]) -> str:
    """A column by its name, where 小计 under a group is the group: 公务用车购置及运行费 / 小计."""
    names = [part for part in path if not TOTAL_LEAF.match(part)]
    return names[-1] if names else path[-1] if path else ""
