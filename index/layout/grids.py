"""Lattices and glyphs to grids of cells.

In: a page with one or more readings of its ruling lines. Out: its grids, and the glyphs that stand in none of them. No one
way to take the lines is right everywhere (painted backgrounds are rules in one file and not in the next), so each table is
kept in the reading whose cells cut no word, leave no word out and hold no two amounts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from index.layout.lattice import Lattice, Span, lattices
from index.layout.marks import DOUBTFUL, Box, Glyph, Page
from index.layout.text import Line, joined, lines_of
from index.model import Grid, GridCell, GridRow, Place

AMOUNT = re.compile(r"[-+]?\d[\d,]*\.\d+")
JOINED = 0.25  # of the height: glyphs nearer than this belong to one word
SLIVER = 20.0  # points: lines of header and body that part the same columns are no further apart
NARROW = 4.0  # points: a column or row of fields narrower than this is the thickness of a line


@dataclass
class _Filled:
    """A lattice with the lines of text of each of its cells."""

    lattice: Lattice
    lines: list[list[Line]]
    glyphs: int
    defects: int


@dataclass
class PageGrid:
    """A grid with what goes beyond its cells: the positions of its columns (left edges, and the right edge of the last), and
    the columns whose cell in the last row is written full to its right edge, so that its text may go on overleaf."""

    grid: Grid
    xs: list[float]
    full: set[int]
    ruled: bool = True


@dataclass
class PageGrids:
    """The grids of a page, and the glyphs outside of them."""

    grids: list[PageGrid] = field(default_factory=list)
    outside: list[Glyph] = field(default_factory=list)


def page_grids(page: Page) -> PageGrids:
    """The tables of a page, each in its best reading, from top to bottom."""
    readings = [[_fill(lattice, page.glyphs) for lattice in lattices(rules)] for rules in page.readings]
    kept: list[_Filled] = []
    for area in _areas([one for reading in readings for one in reading]):
        ways = [[one for one in reading if _overlap(one.lattice.box, area)] for reading in readings]
        best = min(range(len(ways)), key=lambda i: _rank(ways[i], page.glyphs, area, i))
        kept += ways[best]
    kept = [one for one in kept if one.glyphs and _is_table(one)]
    kept.sort(key=lambda one: (one.lattice.ys[0], one.lattice.xs[0]))
    found = PageGrids([_grid(one, page) for one in kept])
    boxes = [one.lattice.box for one in kept]
    found.outside = [glyph for glyph in page.glyphs if not any(_holds(box, glyph) for box in boxes)]
    return found


def _rank(way: list[_Filled], glyphs: list[Glyph], area: Box, order: int) -> tuple[int, int, int]:
    """The better way sorts first: few defects and few amounts left outside, then few cells."""
    boxes = [one.lattice.box for one in way]
    left = [g for g in glyphs if _holds(area, g) and not any(_holds(box, g) for box in boxes)]
    lost = sum(bool(AMOUNT.search("".join(g.text for g in word))) for word in _words(left))
    return sum(one.defects for one in way) + lost, sum(len(one.lattice.cells) for one in way), order


def _areas(filled: Iterable[_Filled]) -> list[Box]:
    """Where tables are in any reading: overlapping ones as one area."""
    areas: list[Box] = []
    for box in sorted((one.lattice.box for one in filled), key=lambda b: b[1]):
        for i, area in enumerate(areas):
            if _overlap(area, box):
                areas[i] = (min(area[0], box[0]), min(area[1], box[1]), max(area[2], box[2]), max(area[3], box[3]))
                break
        else:
            areas.append(box)
    return areas


def _overlap(one: Box, two: Box) -> bool:
    return min(one[2], two[2]) - max(one[0], two[0]) > NARROW and min(one[3], two[3]) - max(one[1], two[1]) > NARROW


def _holds(box: Box, glyph: Glyph) -> bool:
    x, y = glyph.middle
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _is_table(filled: _Filled) -> bool:
    """Boxes around a paragraph or a chart are none: a table has two columns, and a text in more than one of its cells."""
    texts = sum(bool(lines) for lines in filled.lines)
    return len(filled.lattice.xs) > 2 and (texts > 1 or (texts == 1 and len(filled.lattice.xs) > 3))


def _fill(lattice: Lattice, glyphs: list[Glyph]) -> _Filled:
    """Each glyph in the cell that holds its middle; a word that a line cuts through goes whole where most of it stands."""
    owner: dict[tuple[int, int], int] = {}
    for index, span in enumerate(lattice.cells):
        owner |= {(r, c): index for r in range(span.top, span.bottom) for c in range(span.left, span.right)}
    inside = [glyph for glyph in glyphs if _holds(lattice.box, glyph) and glyph.text.strip()]
    members: list[list[Glyph]] = [[] for _ in lattice.cells]
    defects = 0
    for word in _words(inside):
        cells = [owner[_field(lattice, glyph)] for glyph in word]
        if len(set(cells)) > 1:
            home = max(set(cells), key=cells.count)
            pieces = _cut(word, cells)
            if len(pieces) == 1:
                defects += 1
                cells = [home] * len(word)
        for glyph, cell in zip(word, cells, strict=True):
            members[cell].append(glyph)
    lines = [lines_of(group) for group in members]
    defects += sum(_amounts(group) > 1 for group in lines)
    return _Filled(lattice, lines, len(inside), defects)


def _words(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Runs of glyphs, in the order in which they were written, with hardly a gap between them: a label that runs on under its
    neighbour stays apart from it."""
    words: list[list[Glyph]] = []
    for glyph in glyphs:
        last = words[-1][-1] if words else None
        if last and _is_next(last, glyph):
            words[-1].append(glyph)
        else:
            words.append([glyph])
    return words


def _is_next(last: Glyph, glyph: Glyph) -> bool:
    height = max(last.height, glyph.height)
    gap = glyph.box[0] - last.box[2]
    return abs(glyph.middle[1] - last.middle[1]) < 0.5 * height and -0.5 * height < gap <= JOINED * height


def _cut(word: list[Glyph], cells: list[int]) -> list[list[Glyph]]:
    """A word that lies over two cells, parted between them unless the glyphs there touch: then it runs over its cell."""
    pieces = [[word[0]]]
    for before, glyph, one, two in zip(word, word[1:], cells, cells[1:], strict=False):
        if one != two and glyph.box[0] - before.box[2] > 0.05 * glyph.height:
            pieces.append([])
        pieces[-1].append(glyph)
    return pieces


def _field(lattice: Lattice, glyph: Glyph) -> tuple[int, int]:
    x, y = glyph.middle
    return _before(lattice.ys, y), _before(lattice.xs, x)


def _before(positions: list[float], value: float) -> int:
    for index in range(len(positions) - 2, -1, -1):
        if value >= positions[index]:
            return index
    return 0


def _amounts(lines: list[Line]) -> int:
    """Amounts in a cell that holds nothing else: two of them are two cells that no line parts."""
    words = " ".join(line.text for line in lines).split()
    return len(words) if words and all(AMOUNT.fullmatch(word) for word in words) else 0


def _kept_fields(filled: _Filled) -> tuple[list[int], list[int]]:
    """The rows and columns of fields that are more than the thickness of a line or a phantom without any text."""
    lattice = filled.lattice
    with_text = [span for span, lines in zip(lattice.cells, filled.lines, strict=True) if lines]
    rows = _kept(lattice.ys, {span.top for span in with_text})
    columns = _kept(lattice.xs, {span.left for span in with_text})
    # Where a line of the header stands apart from that of the body, what is between them is no column.
    starts = [span.left for span in lattice.cells for _ in range(span.top, span.bottom)]
    filled_starts = {span.left for span in with_text}
    columns = [c for c in columns if c in filled_starts or 2 * starts.count(c) > len(lattice.ys) - 1]
    return rows, _without_slivers(lattice, columns)


def _without_slivers(lattice: Lattice, columns: list[int]) -> list[int]:
    """Columns without those that only a line of the header and a line of the body beside it make: no row has cells in both."""
    rows_of = {c: {r for s in lattice.cells if s.left == c for r in range(s.top, s.bottom)} for c in columns}
    kept: list[int] = []
    for c in columns:
        if kept and lattice.xs[c] - lattice.xs[kept[-1]] < SLIVER and not rows_of[c] & rows_of[kept[-1]]:
            rows_of[kept[-1]] |= rows_of[c]
        else:
            kept.append(c)
    return kept


def _kept(positions: list[float], starts: set[int]) -> list[int]:
    return [i for i in range(len(positions) - 1) if positions[i + 1] - positions[i] > NARROW or i in starts]


def _grid(filled: _Filled, page: Page) -> PageGrid:
    lattice = filled.lattice
    rows, columns = _kept_fields(filled)
    origin = _origins(filled, rows, columns)
    centred = {c for c in columns if _is_centred([_gaps(lattice, *origin[r, c]) for r in rows if (r, c) in origin])}
    grid_rows = []
    for r in rows:
        cells = []
        for c in columns:
            if (r, c) not in origin:
                cells.append(GridCell(text="", row_span=0, col_span=0))
                continue
            span, lines = origin[r, c]
            cells.append(
                GridCell(
                    text=joined(line.text for line in lines),
                    row_span=sum(span.top <= i < span.bottom for i in rows),
                    col_span=max(1, sum(c <= i < span.right for i in columns)),
                    place=place_of(page, lattice.box_of(span)),
                    confidence=confidence_of(lines),
                    indent=None if c in centred else _gaps(lattice, span, lines)[0],
                )
            )
        box = (lattice.xs[0], lattice.ys[r], lattice.xs[-1], lattice.ys[r + 1])
        grid_rows.append(GridRow(cells=cells, place=place_of(page, box)))
    _doubt_merged(grid_rows)
    grid = Grid(rows=grid_rows, place=place_of(page, lattice.box), spanned=True)
    full = {
        columns.index(c)
        for (r, c), (span, lines) in origin.items()
        if span.bottom > rows[-1] and _is_full(lattice, span, lines)
    }
    return PageGrid(grid, [*(lattice.xs[c] for c in columns), lattice.xs[-1]], full)


def _origins(filled: _Filled, rows: list[int], columns: list[int]) -> dict[tuple[int, int], tuple[Span, list[Line]]]:
    """The cells by the row and column in which they begin. A cell that begins beside a column's line begins with the column,
    unless another with text has that place."""
    origin: dict[tuple[int, int], tuple[Span, list[Line]]] = {}
    for span, lines in sorted(zip(filled.lattice.cells, filled.lines, strict=True), key=lambda one: not one[1]):
        inside = [r for r in rows if span.top <= r < span.bottom]
        reached = [c for c in columns if c < span.right and (c >= span.left or c == _column_at(columns, span.left))]
        free = [c for c in reached if inside and (inside[0], c) not in origin]
        if free:
            origin[inside[0], free[0]] = (span, lines)
    return origin


def _column_at(columns: list[int], left: int) -> int:
    return max((c for c in columns if c <= left), default=columns[0])


def _is_full(lattice: Lattice, span: Span, lines: list[Line]) -> bool:
    """Whether the last line of a cell had no room for another glyph, or for one with the punctuation that may not begin a line."""
    if not lines:
        return False
    last = lines[-1]
    left, _, right, _ = lattice.box_of(span)
    margin = max(2.0, min(line.box[0] for line in lines) - left)
    return right - last.box[2] < 2 * last.height + margin


def _gaps(lattice: Lattice, span: Span, lines: list[Line]) -> tuple[float | None, float | None]:
    """What is left free before and after the first line of a cell, in characters; None where there is no text."""
    if not lines:
        return None, None
    (left, _, right, _), (start, _, end, _) = lattice.box_of(span), lines[0].box
    return (start - left) / lines[0].height, (right - end) / lines[0].height


def _is_centred(gaps: list[tuple[float | None, float | None]]) -> bool:
    """Whether most texts of a column that are set in from its left are as far from its right."""
    known = [(left, right) for left, right in gaps if left is not None and right is not None and left > 1]
    return 2 * sum(abs(left - right) < 1 for left, right in known) > len(known)


def place_of(page: Page, box: Box) -> Place:
    """A box of a page as a place, in points rounded to tenths."""
    left, top, right, bottom = box
    rounded = (round(left, 1), round(top, 1), round(right, 1), round(bottom, 1))
    return Place(page=page.number, box=rounded, turned=page.turned)


def confidence_of(lines: list[Line]) -> float | None:
    """OCR's confidence in its least certain glyph; None for a text layer."""
    told = [g.confidence for line in lines for g in line.glyphs if g.confidence is not None]
    return min(told) if told else None


def _doubt_merged(rows: list[GridRow]) -> None:
    """An amount of a scan whose cell is wider than its column is perhaps that of the next field, if a stamp hid the line there."""
    for column in zip(*(row.cells for row in rows), strict=True):
        spans = Counter(cell.col_span for cell in column if cell.col_span)
        for cell in column:
            if (
                cell.confidence is not None
                and AMOUNT.fullmatch(cell.text)
                and cell.col_span > spans.most_common(1)[0][0]
            ):
                cell.confidence = min(DOUBTFUL, cell.confidence)
