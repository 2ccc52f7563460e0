"""Pages to blocks.

In: the pages of one file. Out: paragraphs and grids in reading order. A grid that goes on overleaf is one grid, matched by
the positions of its columns; running heads and page numbers are left out; lines of prose are joined to paragraphs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from index.layout.grids import PageGrid, PageGrids, page_grids, place_of
from index.layout.marks import Glyph, Page
from index.layout.text import Line, box_around, joined, lines_of
from index.layout.unruled import SAME_EDGE, are_same_columns, with_unruled
from index.model import Block, Confidences, Grid, GridCell, GridRow, Paragraph

PAGE_NUMBER = re.compile(r"^[-—–－一·.\s]*\d{1,4}[-—–－一·.\s]*$|^第?\d{1,4}页?[,，/]?共?\d{0,4}页?$")
MARGIN = 0.12  # of the height of a page: where page numbers and running heads stand
CAPTION = re.compile(r"(?:单位|部门)(?:名称)?[:：]|表$")  # what a table repeats on each of its pages is no running head
UNIT = re.compile(r"^(?:金额)?单位[:：]|^(?:百|千)?万?元$")
SAME_SIDE = 12.0  # points: the outer edges of a table on two pages
NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|\d+[.、．]|\d{3,}$|[\[【]\d)")
HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）]|第[一二三四五六七八九十]+部分|目录)"
)
BRANCH = re.compile(r"\w{0,9}指标$")
AMOUNT = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?%?")


@dataclass
class _Piece:
    """A block of one page on its way to the whole file."""

    block: Paragraph | Grid
    grid: PageGrid | None = None


def blocks_of(pages: Iterable[Page]) -> list[Block]:
    """The blocks of a file's pages in reading order."""
    read: list[tuple[Page, PageGrids]] = []
    for page in pages:
        before = read[-1][1].grids[-1] if read and read[-1][1].grids else None
        read.append((page, with_unruled(page, page_grids(page), before)))
    lines = [lines_of(found.outside) for _, found in read]
    heads = _running_heads([page for page, _ in read], lines)
    blocks: list[Block] = []
    last: _Last | None = None
    for (page, found), page_lines in zip(read, lines, strict=True):
        text = [line for line in page_lines if not _is_furniture(line, page, heads)]
        above: list[Paragraph] = []  # what stands on this page since its top or the grid before
        for position, piece in enumerate(_in_order(page, text, found.grids)):
            if isinstance(piece.block, Paragraph):
                above.append(piece.block)
                blocks.append(piece.block)
                if last and last.page == page.number:
                    last = None  # what stands below a table ends it
                continue
            if last and piece.grid and position == len(above) and _goes_on(last, above, piece.grid):
                last.grid = _append(last.grid, piece.grid)
                blocks[last.at] = last.grid.grid
                del blocks[last.at + 1 :]  # its caption once more
                last.page = page.number
            elif piece.grid:
                blocks.append(piece.block)
                last = _Last(piece.grid, len(blocks) - 1, [p.text for p in above], page.number)
            above = []
        if above and not found.grids:
            last = None  # a page of prose parts tables
    return blocks


# --- page furniture ----------------------------------------------------------------------------------------------
def _running_heads(pages: list[Page], lines: list[list[Line]]) -> set[tuple[str, int]]:
    """Texts that stand at the same height of at least half of the pages, digits aside."""
    counts = Counter(key for page, found in zip(pages, lines, strict=True)
                     for key in {_key(line) for line in found if _in_margin(line, page)})  # fmt: skip
    return {key for key, count in counts.items() if count >= max(4, len(pages) / 2) and not CAPTION.search(key[0])}


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text), round(line.box[1] / 6)


def _in_margin(line: Line, page: Page) -> bool:
    return line.box[3] < MARGIN * page.height or line.box[1] > (1 - MARGIN) * page.height


def _is_furniture(line: Line, page: Page, heads: set[tuple[str, int]]) -> bool:
    if not _in_margin(line, page):
        return False
    return bool(PAGE_NUMBER.match(line.text)) or _key(line) in heads


# --- the order of a page -----------------------------------------------------------------------------------------
def _in_order(page: Page, lines: list[Line], grids: list[PageGrid]) -> list[_Piece]:
    """Paragraphs and grids of a page from top to bottom."""
    pieces = []
    waiting = list(lines)
    for grid in grids:
        top = grid.grid.place.box[1] if grid.grid.place.box else 0
        above = [line for line in waiting if line.box[1] < top]
        waiting = [line for line in waiting if line.box[1] >= top]
        pieces += [_Piece(one) for one in _paragraphs(page, above)]
        pieces.append(_Piece(grid.grid, grid))
    return pieces + [_Piece(one) for one in _paragraphs(page, waiting)]


def _paragraphs(page: Page, lines: list[Line]) -> list[Paragraph]:
    """Lines of prose as paragraphs: a line that is written full goes on in the next, unless that is indented."""
    if not lines:
        return []
    left, right = min(line.box[0] for line in lines), max(0.6 * page.width, *(line.box[2] for line in lines))
    found: list[list[Line]] = []
    for line in lines:
        pieces = line.apart()
        units = [i for i, piece in enumerate(pieces) if UNIT.match(piece.text)]
        if units and units[0]:  # 部门：某局      单位：万元
            found += [[Line([g for piece in pieces[: units[0]] for g in piece.glyphs])],
                      [Line([g for piece in pieces[units[0] :] for g in piece.glyphs])]]  # fmt: skip
        elif found and _continues(found[-1][-1], line, left, right):
            found[-1].append(line)
        else:
            found.append([line])
    return [_paragraph(page, group) for group in found]


def _paragraph(page: Page, lines: list[Line]) -> Paragraph:
    glyphs = [glyph for line in lines for glyph in line.glyphs]
    text = joined(line.text for line in lines)
    place = place_of(page, box_around(glyphs))
    return Paragraph(text=text, place=place, confidences=_confidences(text, glyphs))


def _confidences(text: str, glyphs: list[Glyph]) -> Confidences:
    """How sure OCR is of the characters of a text, which is made of these glyphs and spaces between some of them."""
    found: Confidences = []
    end = 0
    for glyph in glyphs:
        start = text.index(glyph.text.strip(), end)
        end = start + len(glyph.text.strip())
        if glyph.confidence is not None and (not found or found[-1][1] != glyph.confidence):
            found.append((start, glyph.confidence))
    return found


def _continues(before: Line, line: Line, left: float, right: float) -> bool:
    em = max(before.height, line.height)
    return not HEADING.match(line.text) and (
        before.box[2] > right - 1.6 * em
        and line.box[0] < left + 1.2 * em
        and line.box[1] - before.box[3] < 1.6 * em
        and abs(before.height - line.height) < 0.25 * em
    )


# --- tables that go on overleaf ----------------------------------------------------------------------------------
@dataclass
class _Last:
    """The last grid, where it stands among the blocks, and what stood above it on its page."""

    grid: PageGrid
    at: int
    caption: list[str]
    page: int


def _goes_on(last: _Last, above: list[Paragraph], after: PageGrid) -> bool:
    """Whether the first grid of a page continues the last one before: columns at the same places, nothing above it but what
    stood above that one, and neither a title across all columns nor another form's first row on top."""
    before = last.grid
    if above and [p.text for p in above] != last.caption[-len(above) :]:
        return False
    if above and after.grid.rows[0].texts() == before.grid.rows[0].texts():
        return False  # a table with its title and header on each page is joined by its text
    if abs(before.xs[0] - after.xs[0]) > SAME_SIDE or abs(before.xs[-1] - after.xs[-1]) > SAME_SIDE:
        return False
    if not (before.ruled and after.ruled) and not are_same_columns(before, after):
        return False
    fewer, more = sorted((before.xs, after.xs), key=len)
    near = sum(any(abs(x - y) <= SAME_EDGE for y in more) for x in fewer[1:-1])
    if near < 0.6 * (len(fewer) - 2):
        return False
    first, topmost = (one.grid.rows[0].texts() for one in (after, before))
    if first[0] and not any(first[1:]) and after.grid.rows[0].cells[0].col_span == len(first):
        return False
    return not (first != topmost and first[0] and first[0] == topmost[0] and not AMOUNT.fullmatch(first[0]))


def _append(before: PageGrid, after: PageGrid) -> PageGrid:
    """Both grids as one over all columns of both."""
    xs = _all_edges(before.xs, after.xs)
    rows = _spread(before, xs)
    added = _spread(after, xs)
    header = [row.texts() for row in rows]
    start = next((i for i, row in enumerate(added) if row.texts() not in header[: len(added)]), 0)
    full = {_column(xs, before.xs[c]) for c in before.full}
    _join_names(rows, added, full)
    if start < len(added) and _is_rest(rows[-1], added[start], full):
        rows[-1] = _whole(rows[-1], added.pop(start))
    grid = Grid(rows=rows + added, place=before.grid.place, spanned=True)
    return PageGrid(grid, xs, {_column(xs, after.xs[c]) for c in after.full}, after.ruled)


def _all_edges(one: list[float], two: list[float]) -> list[float]:
    edges: list[float] = []
    for x in sorted([*one, *two]):
        if not edges or x - edges[-1] > SAME_EDGE:
            edges.append(x)
    return edges


def _column(xs: list[float], x: float) -> int:
    return min(range(len(xs)), key=lambda i: abs(xs[i] - x))


def _spread(one: PageGrid, xs: list[float]) -> list[GridRow]:
    """The rows of a grid over more columns: a cell also covers those that begin inside of it."""
    if len(xs) == len(one.xs):
        return list(one.grid.rows)
    starts = [_column(xs, x) for x in one.xs]
    starts[0], starts[-1] = 0, len(xs) - 1
    rows = []
    for row in one.grid.rows:
        cells: list[GridCell] = []
        for c, (start, end) in enumerate(pairwise(starts)):
            cell = row.cells[c]
            if start == end:
                continue
            right = starts[min(c + max(cell.col_span, 1), len(starts) - 1)]
            cells.append(cell.model_copy(update={"col_span": right - start if cell.col_span else 0}))
            cells += [GridCell(text="", row_span=0, col_span=0)] * (end - start - 1)
        rows.append(GridRow(cells=cells, place=row.place))
    return rows


def _is_rest(last: GridRow, first: GridRow, full: set[int]) -> bool:
    """Whether the first row of a page is the rest of the last row before it: only texts that go on, each below a full cell."""
    filled = [c for c, cell in enumerate(first.cells) if cell.text]
    return bool(filled) and all(
        c in full and last.cells[c].text and not AMOUNT.fullmatch(first.cells[c].text)
        and not NUMBERED.match(first.cells[c].text)
        for c in filled
    )  # fmt: skip


def _join_names(rows: list[GridRow], added: list[GridRow], full: set[int]) -> None:
    """The name of a branch of indicators that a page end cuts (效益指 / 标) is written whole, where it begins."""
    for c in full:
        at, begun = next(
            (r, row.cells[c]) for r, row in reversed(list(enumerate(rows))) if r == 0 or row.cells[c].row_span
        )
        rest = added[0].cells[c]
        name = begun.text + rest.text
        reaches_end = at + begun.row_span == len(rows)
        if reaches_end and rest.text and begun.text and not BRANCH.search(begun.text) and BRANCH.fullmatch(name):
            begun.text, rest.text = name, ""


def _whole(last: GridRow, rest: GridRow) -> GridRow:
    cells = [
        one.model_copy(update={"text": joined([one.text, two.text])}) if two.text else one
        for one, two in zip(last.cells, rest.cells, strict=True)
    ]
    return GridRow(cells=cells, place=last.place)
