"""Glyphs to lines of text. In: glyphs of a cell or a page in any order. Out: lines from top to bottom, each left to right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from index.layout.marks import Box, Glyph

SPACE = 0.3  # of the height of a glyph: a wider gap between Latin words or numbers is a space
SCANNED_SPACE = 0.9  # the same where OCR says where characters stand, which it does roughly
APART = (
    1.5  # of the height: a wider gap parts what merely stands on one line, such as the owner and the unit of a table
)
SAME_LINE = 0.5  # of the smaller height: glyphs that share so much stand on one line
WHOLE_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
CENTS, MOST_DECIMALS = 2, 6
WORD = re.compile(r"[A-Za-z0-9]")
LATIN = re.compile(r"[A-Za-z]")
# A font draws 支 and the radical ⽀ with one glyph, and what prints a page to PDF may name either as its text.
PAIRS = "―—⼾户⺟母⺠民⻁虎⻄西⻅见⻆角⻉贝⻋车⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙⻳龟"
SAME_GLYPH = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)} | {
    ord(radical): character for radical, character in zip(PAIRS[::2], PAIRS[1::2], strict=True)
}


@dataclass
class Line:
    """Glyphs that stand on one line, from left to right."""

    glyphs: list[Glyph]

    @property
    def text(self) -> str:
        """Its text. Chinese is set without spaces, letters spaced out for looks too, so spaces stay between Latin words only."""
        parts = [self.glyphs[0].text.strip()] if self.glyphs else []
        for before, glyph in zip(self.glyphs, self.glyphs[1:], strict=False):
            space_from = SPACE if glyph.confidence is None else SCANNED_SPACE
            gap = glyph.box[0] - before.box[2] > space_from * max(before.height, glyph.height)
            space = gap and WORD.match(glyph.text) and before.text and WORD.match(before.text[-1])
            parts.append((" " if space else "") + glyph.text.strip())
        return "".join(parts)

    def apart(self, gap: float = APART) -> list[Line]:
        """The pieces of the line that wide gaps part."""
        pieces = [[self.glyphs[0]]]
        for before, glyph in zip(self.glyphs, self.glyphs[1:], strict=False):
            if glyph.box[0] - before.box[2] > gap * max(before.height, glyph.height):
                pieces.append([])
            pieces[-1].append(glyph)
        return [Line(piece) for piece in pieces]

    @property
    def box(self) -> Box:
        """The box around its glyphs."""
        return box_around(self.glyphs)

    @property
    def height(self) -> float:
        """The usual height of its glyphs."""
        heights = sorted(glyph.height for glyph in self.glyphs)
        return heights[len(heights) // 2]


def box_around(glyphs: Iterable[Glyph]) -> Box:
    """The smallest box that holds all glyphs, of which there is at least one."""
    boxes = [glyph.box for glyph in glyphs]
    return (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """Lines from top to bottom. A glyph joins the line with which it shares enough height."""
    lines: list[tuple[float, float, list[Glyph]]] = []  # top and bottom of the line's first glyphs
    for glyph in sorted(glyphs, key=lambda one: (one.middle[1], one.box[0])):
        top, bottom = glyph.box[1], glyph.box[3]
        for i in range(len(lines) - 1, max(-1, len(lines) - 4), -1):
            first_top, first_bottom, members = lines[i]
            shared = min(bottom, first_bottom) - max(top, first_top)
            if shared >= SAME_LINE * min(bottom - top, first_bottom - first_top):
                members.append(glyph)
                break
        else:
            lines.append((top, bottom, [glyph]))
    return [Line(sorted(members, key=lambda one: one.box[0])) for _, _, members in lines]


def joined(lines: Iterable[str]) -> str:
    """Lines of one text as one: Chinese and broken numbers go on without a space, Latin words and whole numbers with one."""
    text = last = ""
    for line in (one for one in lines if one):
        latin = text and LATIN.match(text[-1]) and LATIN.match(line[0])
        text += (" " if latin or _are_two_numbers(last, line) else "") + line
        last = line
    return text


def _are_two_numbers(above: str, below: str) -> bool:
    """Whether two lines are a number each, and not one that was broken: 100.00 above 200.00, but 235,421,600.0 above 0."""
    if not WHOLE_NUMBER.fullmatch(above) or not WHOLE_NUMBER.fullmatch(below):
        return False
    decimals = len(above.partition(".")[2])
    if above.isdigit() and below.isdigit() and below.startswith("0"):
        return False  # a code that a narrow column breaks: 20101 above 02
    return not (decimals and decimals != CENTS and below.isdigit() and decimals + len(below) <= MOST_DECIMALS)


def without_spaces(text: str) -> str:
    """Spaces and line breaks as one space, and none beside Chinese, where they are for looks."""
    text = re.sub(r"[\s\u3000\xa0]+", " ", text).strip()
    return re.sub(r"(?<=[\u3000-\u9fff\uff00-\uffef]) | (?=[\u3000-\u9fff\uff00-\uffef])", "", text)
