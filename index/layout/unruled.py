"""Tables without ruling lines: what stands outside of all lattices, told apart by the gaps between its words.

In: the glyphs of a page outside of its grids. Out: grids of rows that hold several amounts each, aligned in columns. A run
of such rows is a table only where no word crosses from one column into the next, the amounts of each column are flush, and
each column has one header; else it stays text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from index.captions import is_title, number_of, owner_of, unit_of
from index.layout.grids import PageGrid, PageGrids, confidence_of, place_of
from index.layout.marks import Box, Page
from index.layout.text import Line, box_around, joined, lines_of
from index.model import Grid, GridCell, GridRow

AMOUNT = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?%?")
NOTE = re.compile(r"^[（(]?(?:注|备注|说明)\d*[:：]")
WORD_GAP = 0.4  # of the height: words further apart may be of two columns
CORRIDOR = 0.3  # of the height: what is left free between two columns in all rows
FLUSH = 0.6  # of the height: edges of amounts that differ by less are flush
SAME_ROW = 0.85  # of the distance of rows: lines nearer than this are one row whose text is broken
FAR = 2.2  # times the distance of rows: what stands further off is no part of the table
LEAST_ROWS, LEAST_AMOUNTS = 3, 2
SAME_EDGE = 4.0  # points: columns on two pages that begin this near each other are one
OFF_CENTRE = 0.35  # of the distance between a group's outer columns: its header may be so far off, as widths differ
BROKEN = 1.5  # of the height: a line that ends nearer to its column's end was broken there
MOST_HEADERS = 8  # lines
MOST_CELLS, MOST_GROUPS = 24, 4  # of a header, and headers of one level: more are not tried
LONGEST = 20  # lines of amounts: so many tell how far rows are apart
MOST_LINES = 400  # on a page: more are no printed page


@dataclass
class _Cell:
    """Words that belong together, of one line or of several below each other."""

    lines: list[Line]

    @property
    def box(self) -> Box:
        return box_around(glyph for line in self.lines for glyph in line.glyphs)

    @property
    def text(self) -> str:
        return joined(line.text for line in self.lines)

    @property
    def centre(self) -> float:
        return (self.box[0] + self.box[2]) / 2


@dataclass
class _Table:
    """The lines of a table's body, and the extents of its columns."""

    lines: list[list[Line]]
    columns: list[tuple[float, float]]
    amounts: list[int]
    height: float
    pitch: float
    header: list[list[Line]] = field(default_factory=list)


def with_unruled(page: Page, found: PageGrids, before: PageGrid | None) -> PageGrids:
    """The grids of a page and those that no line rules. One on top of a page goes on without its header where its columns are
    those of the last grid before."""
    lines = [line.apart(WORD_GAP) for line in lines_of(found.outside)]
    if len(lines) > MOST_LINES:
        return found
    grids, used, start = list(found.grids), set(), 0
    while start < len(lines):
        table = _table(lines, start)
        if table is None:
            start += 1
            continue
        start = next(i for i, line in enumerate(lines) if line is table.lines[-1]) + 1
        grid = _grid(table, page)
        if grid and (table.header or (before and are_same_columns(before, grid))):
            grids.append(grid)
            used |= {id(glyph) for line in [*table.header, *table.lines] for piece in line for glyph in piece.glyphs}
    grids.sort(key=lambda one: one.grid.place.box[1] if one.grid.place.box else 0)
    return PageGrids(grids, [glyph for glyph in found.outside if id(glyph) not in used])


def are_same_columns(one: PageGrid, other: PageGrid) -> bool:
    """Whether two grids, of which no line says where their columns are, have the same."""
    return len(one.xs) == len(other.xs) and all(abs(x - y) <= SAME_EDGE for x, y in zip(one.xs, other.xs, strict=True))


# --- where tables are --------------------------------------------------------------------------------------------
def _table(lines: list[list[Line]], start: int) -> _Table | None:
    """The table whose first row of amounts is the line at `start`, or None."""
    if not _is_seed(lines[start]):
        return None
    height = max(piece.height for piece in lines[start])
    columns: list[tuple[float, float]] = []
    body: list[list[Line]] = []
    tops = [_top(line) for line in lines[start:] if _amounts(line)][:LONGEST]
    pitch = min((below - top for top, below in pairwise(tops) if below - top > height), default=0.0)
    for line in lines[start:]:
        wider = _with(line, columns, height)
        if (
            wider is None
            or (body and _top(line) - _top(body[-1]) > FAR * pitch)
            or _is_caption(line)
            or NOTE.match(line[0].text)
        ):
            break
        columns = wider
        body.append(line)
    for line in reversed(lines[:start]):  # rows before the first that has several amounts
        wider = _with(line, columns, height)
        if wider is None or not any(_is_money(piece) for piece in line) or _top(body[0]) - _top(line) > FAR * pitch:
            break
        columns, start = wider, start - 1
        body.insert(0, line)
    amounts = [c for c in range(len(columns)) if _is_flush(_in_column(body, columns[c]), height)]
    rows = sum(_amounts(line) >= LEAST_AMOUNTS for line in body)
    if rows < LEAST_ROWS or len(amounts) < LEAST_AMOUNTS or amounts[0] == 0:
        return None
    table = _Table(body, columns, amounts, height, pitch)
    for line in reversed(lines[max(0, start - MOST_HEADERS) : start]):
        below = _top(table.header[0] if table.header else body[0])
        if _is_caption(line) or below - _top(line) > FAR * pitch:
            break
        table.header.insert(0, line)
    return table if table.header or start == 0 else None


def _with(line: list[Line], columns: list[tuple[float, float]], height: float) -> list[tuple[float, float]] | None:
    """The columns with the words of one more line; None where these lie across two of them."""
    wider = _merged([*columns, *((piece.box[0], piece.box[2]) for piece in line)], CORRIDOR * height)
    crosses = any(sum(low <= one[0] and one[1] <= high for one in columns) > 1 for low, high in wider)
    return None if crosses else wider


def _is_seed(line: list[Line]) -> bool:
    """A label, then several amounts."""
    return LEAST_AMOUNTS <= _amounts(line) < len(line) and not _is_running(line)


def _amounts(line: list[Line]) -> int:
    return sum(bool(AMOUNT.fullmatch(piece.text)) for piece in line)


def _is_money(piece: Line) -> bool:
    return bool(AMOUNT.fullmatch(piece.text)) and bool(set(piece.text) & set(".,"))


def _is_running(line: list[Line]) -> bool:
    """A line that only numbers the columns: 栏次 | 1 | 2 | 3."""
    numbers = [piece.text for piece in line if piece.text.isdigit()]
    return len(numbers) > 1 and numbers == [str(n) for n in range(1, len(numbers) + 1)]


def _is_caption(line: list[Line]) -> bool:
    texts = [piece.text for piece in line]
    return any(unit_of(t) or owner_of(t) for t in texts) or (
        len(texts) == 1 and bool(is_title(texts[0]) or number_of(texts[0]))
    )


def _top(line: list[Line]) -> float:
    return min(piece.box[1] for piece in line)


def _merged(extents: list[tuple[float, float]], gap: float) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for low, high in sorted(extents):
        if merged and low <= merged[-1][1] + gap:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return merged


def _in_column(lines: Sequence[list[Line]], column: tuple[float, float]) -> list[Line]:
    return [piece for line in lines for piece in line if column[0] <= piece.box[0] and piece.box[2] <= column[1]]


def _is_flush(pieces: list[Line], height: float) -> bool:
    """Whether a column holds amounts that begin, end or are centred at one place."""
    amounts = [piece for piece in pieces if AMOUNT.fullmatch(piece.text)]
    if 2 * len(amounts) <= len(pieces) or not any(map(_is_money, amounts)):
        return False
    boxes = [piece.box for piece in amounts]
    ways = ([box[2] for box in boxes], [box[0] for box in boxes], [(box[0] + box[2]) / 2 for box in boxes])
    return any(max(way) - min(way) <= FLUSH * height for way in ways)


# --- rows and headers --------------------------------------------------------------------------------------------
def _grid(table: _Table, page: Page) -> PageGrid | None:
    """The grid of a table; None where its headers do not fit its columns, or a row of amounts has no label."""
    body = [[_Cell(_in_column(row, column)) for column in table.columns] for row in _rows(table)]
    labels = range(table.amounts[0])
    if any(row[c].lines for row in body for c in table.amounts if not any(row[k].lines for k in labels)):
        return None
    if any(len(row[c].lines) > 1 for row in body for c in table.amounts):
        return None
    full = [column[1] - BROKEN * table.height for column in table.columns]
    if any(
        line.box[2] < full[c] for row in body for c in labels for line in row[c].lines[:-1] if not _is_beside(row[c])
    ):
        return None  # lines of a label that were not broken for want of room are two labels
    header = _header(table) if table.header else []
    if header is None:
        return None
    edges = _edges(table)
    rows = header + [[(cell, 1, 1) for cell in row] for row in body]
    grid_rows = [_row(cells, page, edges) for cells in rows]
    boxes = [row.place.box for row in grid_rows if row.place.box]
    place = place_of(page, (edges[0], boxes[0][1], edges[-1], boxes[-1][3]))
    return PageGrid(Grid(rows=grid_rows, place=place, spanned=True), edges, set(), ruled=False)


def _is_beside(cell: _Cell) -> bool:
    """Whether the words of a cell stand on one line, as 合 计 does."""
    return max(line.box[1] for line in cell.lines) < min(line.box[3] for line in cell.lines)


def _rows(table: _Table) -> list[list[list[Line]]]:
    """Lines of the body as rows: what stands nearer to a line of amounts than rows are apart is its broken label."""
    with_amounts = [line for line in table.lines if any(_in_column([line], table.columns[c]) for c in table.amounts)]
    rows: list[list[list[Line]]] = []
    home: dict[int, list[list[Line]]] = {id(line): [line] for line in with_amounts}
    for line in table.lines:
        if id(line) in home:
            rows.append(home[id(line)])
            continue
        nearest = min(with_amounts, key=lambda other: abs(_top(other) - _top(line)))
        if abs(_top(nearest) - _top(line)) < SAME_ROW * table.pitch:
            home[id(nearest)].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=_top) for row in rows]


def _header(table: _Table) -> list[list[tuple[_Cell | None, int, int]]] | None:
    """The rows of the header, each cell with its spans; None where it cannot be told which columns a header is of."""
    cells = _header_cells(table)
    lowest = max(cell.box[3] for cell in cells)
    bottom = [cell for cell in cells if lowest - cell.box[3] < 0.5 * table.height]
    upper = [cell for cell in cells if cell not in bottom]
    missing = len(table.columns) - len(bottom)
    if not 0 <= missing <= len(upper) or len(cells) > MOST_CELLS:
        return None
    ways = [sorted([*bottom, *some], key=lambda cell: cell.centre) for some in combinations(upper, missing)]
    ranked = sorted(
        (sum(_apart(cell, column) for cell, column in zip(way, table.columns, strict=True)), n)
        for n, way in enumerate(ways)
    )
    if len(ranked) > 1 and ranked[1][0] - ranked[0][0] < FLUSH * table.height:
        return None
    leaves = ways[ranked[0][1]]
    if any(
        _apart(cell, table.columns[c]) > min(_apart(cell, other) for other in table.columns)
        for c, cell in enumerate(leaves)
    ):
        return None
    parents = sorted((cell for cell in upper if cell not in leaves), key=lambda cell: cell.box[1])
    levels: list[list[_Cell]] = []
    for cell in parents:
        if levels and cell.box[1] - levels[-1][0].box[1] < 0.5 * table.height:
            levels[-1].append(cell)
        else:
            levels.append([cell])
    spans = [_spans(level, leaves, table) for level in levels]
    if any(one is None for one in spans):
        return None
    return _header_rows(leaves, [one for one in spans if one is not None])


def _header_cells(table: _Table) -> list[_Cell]:
    """The words of the header; lines below each other that are nearer than rows are one cell."""
    cells: list[_Cell] = []
    for piece in (piece for line in table.header if not _is_running(line) for piece in line):
        above = next((cell for cell in cells if abs(cell.centre - (piece.box[0] + piece.box[2]) / 2) < FLUSH * piece.height
                      and 0 < piece.box[1] - cell.lines[-1].box[1] < SAME_ROW * table.pitch), None)  # fmt: skip
        beside = next((cell for cell in cells if abs(piece.box[1] - cell.lines[-1].box[1]) < 0.5 * piece.height
                       and 0 <= piece.box[0] - cell.box[2] < 1.5 * piece.height and _inside_one(cell, piece, table)), None)  # fmt: skip
        if above:
            above.lines.append(piece)
        elif beside:
            beside.lines[-1] = Line([*beside.lines[-1].glyphs, *piece.glyphs])
        else:
            cells.append(_Cell([piece]))
    return cells


def _inside_one(cell: _Cell, piece: Line, table: _Table) -> bool:
    """Whether words beside each other stand over one column, as 合 计 does."""
    return any(low <= cell.box[0] and piece.box[2] <= high for low, high in table.columns)


def _apart(cell: _Cell, column: tuple[float, float]) -> float:
    return max(0.0, cell.box[0] - column[1], column[0] - cell.box[2])


def _spans(level: list[_Cell], leaves: list[_Cell], table: _Table) -> dict[int, tuple[_Cell, int]] | None:
    """The headers of one level by their first column, with how many columns each is over: leaves that stand lower, such that
    each header stands over the middle of its own; None where that does not tell."""
    if len(level) > MOST_GROUPS:
        return None
    lower = [leaf.box[1] - level[0].box[1] > SAME_ROW * table.pitch for leaf in leaves]
    ways = [
        way for way in _ways(len(level), len(leaves)) if all(all(lower[a:b]) for a, b in way)
        # Where some stand higher, since they have no header above them, all others have one.
        and (all(lower) or sum(lower) == sum(b - a for a, b in way))
    ]  # fmt: skip
    over = sorted(level, key=lambda cell: cell.centre)
    fits = []
    for way in ways:
        middles = [
            ((leaves[a].centre + leaves[b - 1].centre) / 2, leaves[b - 1].centre - leaves[a].centre) for a, b in way
        ]
        errors = [abs(cell.centre - middle) for cell, (middle, _) in zip(over, middles, strict=True)]
        if all(error <= OFF_CENTRE * width for error, (_, width) in zip(errors, middles, strict=True)):
            fits.append((sum(errors), way))
    fits.sort()
    if not fits or (len(fits) > 1 and fits[1][0] - fits[0][0] < table.height):
        return None
    return {a: (cell, b - a) for cell, (a, b) in zip(over, fits[0][1], strict=True)}


def _ways(headers: int, columns: int, start: int = 0) -> Iterator[list[tuple[int, int]]]:
    """The ways to put so many headers over two columns or more each, from left to right."""
    if not headers:
        yield []
        return
    for first in range(start, columns - 1):
        for end in range(first + 2, columns + 1):
            for rest in _ways(headers - 1, columns, end):
                yield [(first, end), *rest]


def _header_rows(
    leaves: list[_Cell], spans: list[dict[int, tuple[_Cell, int]]]
) -> list[list[tuple[_Cell | None, int, int]]]:
    depth = len(spans) + 1
    rows: list[list[tuple[_Cell | None, int, int]]] = [[(None, 0, 0)] * len(leaves) for _ in range(depth)]
    first = [0] * len(leaves)  # the row in which a column's own header begins
    for r, level in enumerate(spans):
        for c, (cell, width) in level.items():
            rows[r][c] = (cell, 1, width)
            first[c : c + width] = [r + 1] * width
    for c, leaf in enumerate(leaves):
        rows[first[c]][c] = (leaf, depth - first[c], 1)
    return rows


def _edges(table: _Table) -> list[float]:
    """Where columns begin and the last one ends, as far as it is the same on each page: right of amounts, left of words, and
    amounts beside words in the middle between the two."""
    edges = [table.columns[0][0]]
    for c, (before, column) in enumerate(pairwise(table.columns), 1):
        if c - 1 in table.amounts:
            edges.append(before[1])
        else:
            edges.append((before[0] + column[1]) / 2 if c in table.amounts else column[0])
    return [*edges, table.columns[-1][1]]


def _row(cells: Sequence[tuple[_Cell | None, int, int]], page: Page, edges: list[float]) -> GridRow:
    made = []
    for c, (cell, down, across) in enumerate(cells):
        filled = cell if cell and cell.lines else None
        made.append(
            GridCell(
                text=filled.text if filled else "",
                row_span=down,
                col_span=across,
                place=place_of(page, filled.box) if filled else None,
                confidence=confidence_of(filled.lines) if filled else None,
                indent=(filled.lines[0].box[0] - edges[c]) / filled.lines[0].height if filled else None,
            )
        )
    boxes = [cell.box for cell, _, _ in cells if cell and cell.lines]
    return GridRow(
        cells=made, place=place_of(page, (edges[0], min(b[1] for b in boxes), edges[-1], max(b[3] for b in boxes)))
    )
