"""Pictures of pages: what of their ink is a ruling line."""

from index.layout.marks import Glyph, Rule, Rules
from index.layout.scan import _without_strokes

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
