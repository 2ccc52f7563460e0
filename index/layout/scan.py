"""A picture of a page to marks.

In: a page as a picture. Out: its characters with OCR's confidence for each, and its ruling lines. The picture is set upright
and straight first and red stamps are taken out; figures in tables are read twice. RapidOCR carries its models (PP-OCRv6) in
its wheel: nothing is loaded.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from index.layout.grids import page_grids
from index.layout.marks import DOUBTFUL, Box, Glyph, Page, Rule, Rules
from index.layout.text import Line, lines_of

DPI = 200  # pictures of pages are made, and expected, at about this resolution
POINTS = 72 / DPI
LONGEST_SIDE = 3400  # pixels: larger pictures are made smaller, A3 at 200 dpi is this long
SHORTEST_RULE = 44  # pixels: strokes of characters are shorter
LEAST_SKEW, MOST_SKEW = 0.1, 5.0  # degrees that are set right
UPRIGHT = 0.85  # the mean confidence of a page that lies right is above it, that of one upside down well below
FIGURE = re.compile(r"[-+]?[\d,.]*\d[\d,.]*%?")
BESIDE = 3.0  # of its height: how far beside a figure, inside its cell, the second look sees
LINE_MARGIN = 0.15  # OCR's boxes are this much higher than the characters, above and below


@lru_cache(maxsize=1)
def _engine() -> Any:
    """The OCR engine, loaded once a process."""
    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR(params={"Global.use_cls": False, "Global.max_side_len": LONGEST_SIDE, "Global.log_level": "error"})


def scanned_page(picture: np.ndarray, number: int) -> Page:
    """The marks of one page. `picture` is RGB or grey, 8 bit; the page's size is told from it at 200 dpi."""
    picture = _sized(_without_stamps(picture))
    turned, picture, found = _upright(_level(picture, _skew(picture)))
    height, width = picture.shape
    glyphs = [glyph for line in found for glyph in line]
    page = Page(number, width * POINTS, height * POINTS, glyphs, [_without_strokes(_rules(picture), glyphs)], turned)
    return _doubted(page, picture)


def as_read(picture: np.ndarray, turned: int) -> np.ndarray:
    """A page in its colours, in the size and position in which it was read: there the boxes of its characters lie."""
    picture = _sized(picture)
    return _quarters(_level(picture, _skew(_without_stamps(picture))), turned)


def _without_stamps(picture: np.ndarray) -> np.ndarray:
    """Grey, with what is red as light as it is in the red channel, where stamps vanish."""
    if picture.ndim == 2:
        return picture
    picture = picture[:, :, :3]
    grey: np.ndarray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    red, green, blue = (picture[:, :, i].astype(np.int16) for i in range(3))
    stamped = (red - np.maximum(green, blue)) > 40
    return np.where(stamped, np.maximum(grey, picture[:, :, 0]), grey).astype(np.uint8)


def _sized(picture: np.ndarray) -> np.ndarray:
    longest = max(picture.shape)
    if longest <= LONGEST_SIDE:
        return np.ascontiguousarray(picture)
    scale = LONGEST_SIDE / longest
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def _read(picture: np.ndarray) -> list[list[Glyph]]:
    """The lines of a picture, each as its characters."""
    result = _engine()(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR), return_word_box=True, return_single_char_box=True)
    if result.txts is None:  # nothing found; word_results holds a filler then
        return []
    return [[_glyph(*character) for character in line if character[0].strip()] for line in result.word_results]


def _glyph(text: str, score: float, box: Any) -> Glyph:
    xs, ys = [float(x) * POINTS for x, _ in box], [float(y) * POINTS for _, y in box]
    margin = LINE_MARGIN * (max(ys) - min(ys))
    return Glyph(text, (min(xs), min(ys) + margin, max(xs), max(ys) - margin), round(float(score), 4))


def _upright(picture: np.ndarray) -> tuple[int, np.ndarray, list[list[Glyph]]]:
    """By how many quarters a picture must be turned so that it can be read, the picture turned so, and its lines."""
    found = _read(picture)
    ways = [(0, picture, found)]
    if _lies_on_its_side(found):
        ways = [_turned(picture, 1), _turned(picture, 3)]
    elif _sureness(found) < UPRIGHT:
        ways.append(_turned(picture, 2))
    return max(ways, key=lambda way: len(way[2]) * _sureness(way[2]))


def _turned(picture: np.ndarray, quarters: int) -> tuple[int, np.ndarray, list[list[Glyph]]]:
    turned = _quarters(picture, quarters)
    return quarters, turned, _read(turned)


def _quarters(picture: np.ndarray, quarters: int) -> np.ndarray:
    """Turned anticlockwise."""
    return np.ascontiguousarray(np.rot90(picture, quarters))


def _sureness(found: list[list[Glyph]]) -> float:
    """How surely the characters of a picture are read, on average."""
    told = [glyph.confidence or 0.0 for line in found for glyph in line]
    return sum(told) / len(told) if told else 0.0


def _lies_on_its_side(found: list[list[Glyph]]) -> bool:
    """Whether most lines run from top to bottom: the page was scanned turned by 90°."""
    long = [line for line in found if len(line) > 3]
    down = sum(
        max(g.box[3] for g in line) - min(g.box[1] for g in line)
        > max(g.box[2] for g in line) - min(g.box[0] for g in line)
        for line in long
    )
    return len(long) > 5 and down > 0.6 * len(long)


# --- a second look -----------------------------------------------------------------------------------------------
def _doubted(page: Page, picture: np.ndarray) -> Page:
    """The page with doubt on figures in tables that are read otherwise a second time, from the picture of their cell. At first
    OCR finds its lines by itself and may leave out the end of one, at full confidence; here it sees what stands beside."""
    figures = _figures(page)
    texts = _texts([_cut_out(picture, line.box, box) for line, box in figures])
    differ = {
        glyph
        for (line, _), text in zip(figures, texts, strict=True)
        if re.sub(r"\s", "", text) != line.text
        for glyph in line.glyphs
    }
    glyphs = [g._replace(confidence=min(DOUBTFUL, g.confidence or 0.0)) if g in differ else g for g in page.glyphs]
    return replace(page, glyphs=glyphs)


def _figures(page: Page) -> list[tuple[Line, Box]]:
    """Lines of cells that are figures, each with the box of its cell."""
    places = [c.place for grid in page_grids(page).grids for row in grid.grid.rows for c in row.cells if c.text]
    found = []
    for box in [place.box for place in places if place and place.box]:
        inside = [g for g in page.glyphs if box[0] <= g.middle[0] <= box[2] and box[1] <= g.middle[1] <= box[3]]
        found += [(line, box) for line in lines_of(inside) if FIGURE.fullmatch(line.text)]
    return found


def _cut_out(picture: np.ndarray, line: Box, cell: Box) -> np.ndarray:
    """A line of a cell and what stands beside it there, without the rules around."""
    height = line[3] - line[1]
    left, right = max(line[0] - BESIDE * height, cell[0] + 1), min(line[2] + BESIDE * height, cell[2] - 1)
    top, bottom = max(line[1] - 0.3 * height, cell[1] + 1), min(line[3] + 0.3 * height, cell[3] - 1)
    left, top, right, bottom = (round(edge / POINTS) for edge in (left, top, right, bottom))
    return picture[top : max(bottom, top + 1), left : max(right, left + 1)]


def _texts(pictures: list[np.ndarray]) -> list[str]:
    """What pictures of single lines say."""
    coloured = [cv2.cvtColor(one, cv2.COLOR_GRAY2BGR) for one in pictures]
    return list(_engine().recognize_txt(coloured).txts) if pictures else []


# --- lines -------------------------------------------------------------------------------------------------------
def _ink(picture: np.ndarray) -> np.ndarray:
    """Where the picture is darker than around it, 255, else 0."""
    smooth = cv2.medianBlur(picture, 3)
    return cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)


def _skew(picture: np.ndarray) -> float:
    """The angle in degrees by which lines that should be level rise or fall; 0 where there are none."""
    lines = cv2.HoughLinesP(_ink(picture), 1, np.pi / 1800, 300, minLineLength=picture.shape[1] // 6, maxLineGap=12)
    if lines is None:
        return 0.0
    angles, weights = [], []
    for x1, y1, x2, y2 in lines.reshape(-1, 4):
        angle = float(np.degrees(np.arctan2(float(y2 - y1), float(x2 - x1))))
        if abs(angle) <= MOST_SKEW:
            angles.append(angle)
            weights.append(float(np.hypot(x2 - x1, y2 - y1)))
    return float(np.average(angles, weights=weights)) if angles else 0.0


def _level(picture: np.ndarray, angle: float) -> np.ndarray:
    """Turned by a small angle in degrees; by none that the eye would miss."""
    if abs(angle) <= LEAST_SKEW:
        return picture
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))


def _rules(picture: np.ndarray) -> Rules:
    """Long level and upright runs of ink."""
    ink = _ink(picture)
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, SHORTEST_RULE), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((SHORTEST_RULE, 1), np.uint8))
    return Rules(_runs(across, False), _runs(down, True))


def _without_strokes(rules: Rules, glyphs: list[Glyph]) -> Rules:
    """Without what are strokes of large characters: lines no longer than the character in whose box they lie."""

    def is_stroke(x: float, y: float, length: float) -> bool:
        for left, top, right, bottom in (glyph.box for glyph in glyphs):
            size = max(right - left, (bottom - top) / (1 - 2 * LINE_MARGIN))
            if (
                left <= x <= right
                and y - size <= top <= y + size / 2
                and bottom + size / 4 >= y
                and length <= 1.2 * size
            ):
                return True
        return False

    return Rules(
        [rule for rule in rules.across if not is_stroke((rule.start + rule.end) / 2, rule.at, rule.end - rule.start)],
        [rule for rule in rules.down if not is_stroke(rule.at, (rule.start + rule.end) / 2, rule.end - rule.start)],
    )


def _runs(mask: np.ndarray, upright: bool) -> list[Rule]:
    # A line that is a pixel off level is broken into steps; closing joins them.
    kernel = np.ones((9, 3) if upright else (3, 9), np.uint8)
    count, _, boxes, _ = cv2.connectedComponentsWithStats(
        cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel), connectivity=8
    )
    rules = []
    for left, top, width, height, _area in boxes[1:count]:
        long, thick = (height, width) if upright else (width, height)
        if long < SHORTEST_RULE or thick > 0.25 * long:
            continue
        if upright:
            rules.append(Rule((left + width / 2) * POINTS, top * POINTS, (top + height) * POINTS))
        else:
            rules.append(Rule((top + height / 2) * POINTS, left * POINTS, (left + width) * POINTS))
    return rules
