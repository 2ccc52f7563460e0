"""A Table as a grid of printed cells, with its header merged as it is on paper.

In: a Table and a Style. Out: rows of cells; the lines that stand above them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from benchmarks.province.style import Style, printed
from benchmarks.province.tables import Line, Path, Side, Table


@dataclass(frozen=True)
class Cell:
    """`down` and `across` are how many fields it covers; 0 for a field that another covers."""

    text: str
    down: int = 1
    across: int = 1


def header(table: Table) -> list[list[Cell]]:
    """The header rows of all sides beside each other."""
    paths = [path for side in table.sides for path in (*side.heads, *side.columns, *side.words)]
    depth = max(map(len, paths))
    return [[_header_cell(paths, r, c, depth) for c in range(len(paths))] for r in range(depth)]


def _header_cell(paths: Sequence[Path], r: int, c: int, depth: int) -> Cell:
    path = paths[c]
    if r >= len(path):
        return Cell("", 0, 0)
    if r == len(path) - 1:
        return Cell(path[r], depth - r, 1)
    if c and paths[c - 1][: r + 1] == path[: r + 1] and len(paths[c - 1]) > r + 1:
        return Cell("", 0, 0)
    across = 1
    while c + across < len(paths) and paths[c + across][: r + 1] == path[: r + 1]:
        across += 1
    return Cell(path[r], 1, across)


def body(table: Table, style: Style) -> list[list[str]]:
    """The rows of all sides beside each other; the shorter one ends in blank cells."""
    columns = [[_printed(line, side, table, style) for line in side.lines] for side in table.sides]
    blanks = [[""] * (len(side.heads) + len(side.columns) + len(side.words)) for side in table.sides]
    return [
        [text for part, blank in zip(parts, blanks, strict=True) for text in (part if part is not None else blank)]
        for parts in zip_longest(*columns)
    ]


def _printed(line: Line, side: Side, table: Table, style: Style) -> list[str]:
    return [*line.labels, *(amount(value, table, style) for value in line.values), *line.words]


def amount(value: int, table: Table, style: Style) -> str:
    """An amount as the table prints it. A table without any prints its zeros: of one left blank, text does not show where its
    header ends."""
    if table.inserted or not any(number for side in table.sides for line in side.lines for number in line.values):
        return printed(value)
    return style.money(value)


def above(table: Table, number: int, owner: str, style: Style) -> list[str]:
    """The lines above a table: its number, title, owner and unit."""
    if table.inserted:
        return []
    lines = [style.numbered.format(number)] if style.numbered else []
    lines.append(table.title)
    whose, unit = f"{style.owner}：{owner}", f"单位：{style.unit}"
    return [*lines, f"{whose}    {unit}"] if style.owner_and_unit else [*lines, whose, unit]
