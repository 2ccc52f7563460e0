"""Ruling lines to cells.

In: the ruling lines of a page. Out: lattices, each a table's cells as rectangles over its column and row positions. Two
neighbouring fields are one cell where no line stands between them, so gaps, doubled lines and lines that stop early do no
harm, and merged cells keep their spans.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from index.layout.marks import Box, Rule, Rules

SAME_LINE = 2.5  # points: lines nearer than this are one line, drawn doubled or as a thin rectangle
GAP = 3.0  # points that a line may be interrupted for
TOUCH = 4.0  # points by which lines may miss each other and still meet
SHORTEST = 5.0  # points: shorter lines are strokes of a character or a hatching
COVERED = 0.5  # the share of a field's side along which a line must run to close it


@dataclass(frozen=True)
class Span:
    """A cell as positions: rows top..bottom and columns left..right of its lattice, ends excluded."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass
class Lattice:
    """A ruled table: the positions of its lines, and its cells in reading order."""

    xs: list[float]
    ys: list[float]
    cells: list[Span]

    @property
    def box(self) -> Box:
        """The box around the table."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def box_of(self, span: Span) -> Box:
        """The box of one of its cells."""
        return self.xs[span.left], self.ys[span.top], self.xs[span.right], self.ys[span.bottom]


def lattices(rules: Rules) -> list[Lattice]:
    """The ruled tables of a page, from top to bottom. Lines that enclose fewer than two cells are no table."""
    across, down = _merged(rules.across), _merged(rules.down)
    found = []
    for horizontal, vertical in _groups(across, down):
        lattice = _lattice(horizontal, vertical)
        if lattice and len(lattice.cells) > 1:
            found.append(lattice)
    return sorted(found, key=lambda one: (one.ys[0], one.xs[0]))


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """Lines drawn in pieces or doubled, as one line each."""
    ordered = sorted(rules)
    bands: list[list[Rule]] = []
    for rule in ordered:
        if bands and rule.at - bands[-1][-1].at <= SAME_LINE and rule.at - bands[-1][0].at <= 2 * SAME_LINE:
            bands[-1].append(rule)
        else:
            bands.append([rule])
    lines: list[Rule] = []
    for band in bands:
        pieces: list[list[Rule]] = []
        end = float("-inf")
        for rule in sorted(band, key=lambda one: one.start):
            if pieces and rule.start <= end + GAP:
                pieces[-1].append(rule)
            else:
                pieces.append([rule])
                end = float("-inf")
            end = max(end, rule.end)
        for piece in pieces:
            start, stop = min(r.start for r in piece), max(r.end for r in piece)
            if stop - start >= SHORTEST:
                weight = sum(r.end - r.start for r in piece)
                at = sum(r.at * (r.end - r.start) for r in piece) / weight if weight else piece[0].at
                lines.append(Rule(at, start, stop))
    return lines


def _groups(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Lines that meet, directly or through others."""
    parent = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, h in enumerate(across):
        for j, v in enumerate(down, len(across)):
            if h.start - TOUCH <= v.at <= h.end + TOUCH and v.start - TOUCH <= h.at <= v.end + TOUCH:
                parent[root(i)] = root(j)
    members: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, h in enumerate(across):
        members.setdefault(root(i), ([], []))[0].append(h)
    for j, v in enumerate(down, len(across)):
        members.setdefault(root(j), ([], []))[1].append(v)
    return [(h, v) for h, v in members.values() if len(h) > 1]


def _positions(values: Iterable[float]) -> list[float]:
    """Values that lie close together as one position each."""
    clusters: list[list[float]] = []
    for value in sorted(values):
        if clusters and value - clusters[-1][-1] <= SAME_LINE:
            clusters[-1].append(value)
        else:
            clusters.append([value])
    return [sum(cluster) / len(cluster) for cluster in clusters]


def _lattice(across: list[Rule], down: list[Rule]) -> Lattice | None:
    xs, ys = _positions(v.at for v in down), _positions(h.at for h in across)
    # A table may be open at its sides, or at top and bottom where a page ends.
    left, right = min(h.start for h in across), max(h.end for h in across)
    if not xs or left < xs[0] - TOUCH:
        xs.insert(0, left)
    if right > xs[-1] + TOUCH:
        xs.append(right)
    if down:
        top, bottom = min(v.start for v in down), max(v.end for v in down)
        if top < ys[0] - 2 * TOUCH:
            ys.insert(0, top)
        if bottom > ys[-1] + 2 * TOUCH:
            ys.append(bottom)
    if len(xs) < 2 or len(ys) < 2:
        return None
    closed_right = _closed(down, xs, ys)
    closed_below = _closed(across, ys, xs)
    return Lattice(xs, ys, _cells(len(ys) - 1, len(xs) - 1, closed_right, closed_below))


def _closed(rules: list[Rule], ats: list[float], alongs: list[float]) -> set[tuple[int, int]]:
    """Pairs (line position, field along it) where a line runs."""
    covered: dict[tuple[int, int], float] = {}
    for rule in rules:
        line = min(range(len(ats)), key=lambda i: abs(ats[i] - rule.at))
        first = max(0, bisect_right(alongs, rule.start) - 1)
        for field in range(first, len(alongs) - 1):
            low, high = alongs[field], alongs[field + 1]
            if low >= rule.end:
                break
            share = (min(high, rule.end) - max(low, rule.start)) / (high - low)
            covered[line, field] = covered.get((line, field), 0) + max(0, share)
    return {key for key, share in covered.items() if share >= COVERED}


def _cells(rows: int, columns: int, right: set[tuple[int, int]], below: set[tuple[int, int]]) -> list[Span]:
    """Fields joined where no line parts them; what is no rectangle is taken apart row by row."""
    taken: set[tuple[int, int]] = set()
    cells = []
    for r in range(rows):
        for c in range(columns):
            if (r, c) in taken:
                continue
            end = c + 1
            while end < columns and (end, r) not in right and (r, end) not in taken and \
                    ((r, end) in below) == ((r, c) in below):  # fmt: skip
                end += 1
            bottom = r + 1
            while bottom < rows and all((bottom, k) not in below for k in range(c, end)) and \
                    all((k, bottom) not in right for k in range(c + 1, end)):  # fmt: skip
                bottom += 1
            cells.append(Span(r, bottom, c, end))
            taken |= {(i, k) for i in range(r, bottom) for k in range(c, end)}
    return cells
