"""Pictures of pages: which way they lie, figures that OCR read in part, and what of their ink is a ruling line."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from index.layout.marks import DOUBTFUL, Glyph, Page, Rule, Rules
from index.layout.scan import POINTS, _doubted, _rules, _without_strokes, scanned_page
from index.layout.text import lines_of

TITLE = [Glyph("市", (100, 104, 130, 126), 0.99)]  # a character of 30 points; OCR's box is narrowed above and below


def test_the_strokes_of_large_characters_are_no_lines():
    strokes = Rules([Rule(112, 102, 128)], [Rule(115, 101, 129)])
    assert _without_strokes(strokes, TITLE) == Rules()


def test_lines_longer_than_the_characters_that_they_run_through_stay():
    lines = Rules([Rule(112, 20, 400)], [Rule(115, 40, 300)])
    assert _without_strokes(lines, TITLE) == lines


def test_short_lines_apart_from_all_characters_stay():
    lines = Rules([Rule(200, 102, 128)], [Rule(160, 101, 129)])
    assert _without_strokes(lines, TITLE) == lines


def table_picture(*lines: str) -> np.ndarray:
    """A ruled table of two columns, black on white."""
    picture = Image.new("L", (900, 140 + 80 * len(lines)), "white")
    draw = ImageDraw.Draw(picture)
    for r, line in enumerate(lines):
        for c, text in enumerate(line.split("|")):
            draw.rectangle((60 + 400 * c, 60 + 80 * r, 460 + 400 * c, 140 + 80 * r), outline="black", width=3)
            draw.text((80 + 400 * c, 80 + 80 * r), text, fill="black", font_size=36)
    return np.asarray(picture)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_page_is_read_whichever_way_it_lies(quarters):
    lines = [f"Water supply {n}|1,234.{n}6" for n in range(1, 8)]
    page = scanned_page(np.rot90(table_picture(*lines), quarters), 1)
    assert [line.text.replace(" ", "") for line in lines_of(page.glyphs)] == [
        line.replace(" ", "").replace("|", "") for line in lines
    ]


def test_a_figure_that_a_second_look_at_its_cell_reads_otherwise_is_doubtful():
    picture = table_picture("Water|34,216.07", "Power|34,216.07")
    glyphs = [
        Glyph(character, tuple(POINTS * edge for edge in (480 + 18 * i, top, 498 + 18 * i, top + 36)), 0.99)
        for top, text in ((85, "34,216.07"), (165, "34,216."))
        for i, character in enumerate(text)
    ]
    page = Page(1, 900 * POINTS, 300 * POINTS, glyphs, [_rules(picture)])
    doubted = [line.glyphs[0].confidence for line in lines_of(_doubted(page, picture).glyphs)]
    assert doubted == [0.99, DOUBTFUL]
