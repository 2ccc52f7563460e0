"""What a page shows: glyphs with their boxes, and ruling lines. All in points, y downwards from the page's top."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

DOUBTFUL = 0.5  # the confidence of a figure that was read, but perhaps not as it stands or not in its own field

Box = tuple[float, float, float, float]  # left, top, right, bottom


class Glyph(NamedTuple):
    """A character, or with OCR a run of them, where the page shows it. `confidence` is OCR's, None for a text layer."""

    text: str
    box: Box
    confidence: float | None = None

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of its box."""
        left, top, right, bottom = self.box
        return (left + right) / 2, (top + bottom) / 2

    @property
    def height(self) -> float:
        """The height of its box, in points."""
        return self.box[3] - self.box[1]


class Rule(NamedTuple):
    """A ruling line: at `at` across its direction, from `start` to `end` along it."""

    at: float
    start: float
    end: float


@dataclass
class Rules:
    """The ruling lines of a page."""

    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)


@dataclass
class Page:
    """One page: its number from 1, its size, and its marks. `readings` are the ways to take its lines, likeliest first; `turned`
    says of a scan by how many quarters it was turned anticlockwise to be read."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    readings: list[Rules]
    turned: int | None = None
