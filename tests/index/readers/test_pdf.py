"""PDF: characters that share a glyph, and pages that are pictures."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas

from index.readers import read_blocks

WIDTH, HEIGHT = 595, 842


def scan(hidden_text: str) -> bytes:
    """A page that is one picture of printed lines, with the text layer that scanners put under it unseen."""
    picture = Image.new("RGB", (1654, 2339), "white")
    for number in range(5):
        ImageDraw.Draw(picture).text(
            (300, 500 + 200 * number), f"Total 1234.56 2345.{number}7", fill="black", font_size=48
        )
    file = io.BytesIO()
    canvas = Canvas(file, (WIDTH, HEIGHT))
    canvas.drawImage(ImageReader(picture), 0, 0, WIDTH, HEIGHT)
    text = canvas.beginText(72, 700)
    text.setTextRenderMode(3)
    text.textLine(hidden_text)
    canvas.drawText(text)
    canvas.save()
    return file.getvalue()


@pytest.mark.parametrize("hidden_text", ["", "9999.99 what the scanner thought it read"])
def test_a_scan_is_read_from_its_picture_whatever_text_lies_under_it(hidden_text):
    blocks = read_blocks(Path("预算.pdf"), scan(hidden_text))
    read = [block.text.replace(" ", "") for block in blocks]
    assert read == [f"Total1234.562345.{number}7" for number in range(5)]


def test_radicals_that_a_font_draws_like_characters_are_read_as_these():
    registerFont(UnicodeCIDFont("STSong-Light"))
    file = io.BytesIO()
    canvas = Canvas(file, (WIDTH, HEIGHT))
    canvas.setFont("STSong-Light", 20)
    canvas.drawString(72, 700, "收⽀预算：⻔户⽹站")
    canvas.save()
    assert [block.text for block in read_blocks(Path("预算.pdf"), file.getvalue())] == ["收支预算：门户网站"]
