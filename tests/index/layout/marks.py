"""Hand-built pages: tables drawn by their lines, and texts placed on them, in points from the top left of the page.

The fields of a table stand as in `spans`: | parts cells, < is covered by the cell to its left, ^ by the one above.
"""

from __future__ import annotations

from dataclasses import dataclass

from spans import COVERED, origins, split

from index.layout.marks import Glyph, Page, Rule, Rules

SIZE = 10.0  # of a Chinese character; a Latin one is half as wide
LEFT, TOP = 50.0, 100.0
WIDTH, HEIGHT = 600.0, 800.0  # of a page


def write(text: str, x: float, y: float, size: float = SIZE, confidence: float | None = None) -> list[Glyph]:
    """The glyphs of one line whose upper left corner is at (x, y); a space moves on and leaves no glyph."""
    glyphs = []
    for character in text:
        width = size if ord(character) > 0x2E80 else size / 2
        if character != " ":
            glyphs.append(Glyph(character, (x, y, x + width, y + size), confidence))
        x += width
    return glyphs


@dataclass
class Drawing:
    """A table as a page shows it."""

    rules: Rules
    glyphs: list[Glyph]
    xs: list[float]
    ys: list[float]


def draw(*lines: str, widths: tuple[float, ...] | None = None, left: float = LEFT, top: float = TOP,
         height: float = 20.0) -> Drawing:  # fmt: skip
    """A table with a line of its own along each side of a field, but none inside of merged cells. / breaks a line of text."""
    fields = split(*lines)
    over = origins(fields)
    widths = widths or (100.0,) * len(fields[0])
    xs = [left + sum(widths[:c]) for c in range(len(widths) + 1)]
    ys = [top + height * r for r in range(len(fields) + 1)]
    rules = Rules()
    for r in range(len(fields)):
        for c in range(len(widths)):
            if r == 0 or over[r - 1][c] != over[r][c]:
                rules.across.append(Rule(ys[r], xs[c], xs[c + 1]))
            if c == 0 or over[r][c - 1] != over[r][c]:
                rules.down.append(Rule(xs[c], ys[r], ys[r + 1]))
    rules.across.append(Rule(ys[-1], xs[0], xs[-1]))
    rules.down.append(Rule(xs[-1], ys[0], ys[-1]))
    glyphs = [
        glyph
        for r, line in enumerate(fields)
        for c, text in enumerate(line)
        if text not in COVERED
        for n, part in enumerate(text.split("/"))
        for glyph in write(part, xs[c] + 3, ys[r] + 4 + 12 * n)
    ]
    return Drawing(rules, glyphs, xs, ys)


def page(*drawings: Drawing, text: tuple[tuple[str, float, float], ...] = (), number: int = 1) -> Page:
    """A page of these tables, with lines of text each at its (x, y)."""
    rules = Rules([r for d in drawings for r in d.rules.across], [r for d in drawings for r in d.rules.down])
    glyphs = [glyph for d in drawings for glyph in d.glyphs] + [g for line in text for g in write(*line)]
    return Page(number, WIDTH, HEIGHT, glyphs, [rules])
