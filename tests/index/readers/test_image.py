"""Pictures of pages: a table that the test draws is read by OCR, upright, turned, askew and stamped."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont

from index.amounts import parse_amount
from index.facts import document_facts
from index.layout.marks import Glyph
from index.layout.text import lines_of
from index.model import Block, Grid, Paragraph
from index.parsing.structure import build_document
from index.readers import read_blocks

NAME = "预算.png"
LABELS = ["科目", "合计", "教育支出", "卫生健康支出"]
HEADER = ["科目", "合计", "基本支出", "项目支出"]
AMOUNTS = [
    ["1,234.56", "1,000.06", "234.50"],
    ["812.30", "700.00", "112.30"],
    ["-22.26", "0.06", "-22.32"],
]
Draw = Callable[..., Image.Image]


@pytest.fixture(scope="session")
def draw_table(font_file: str) -> Draw:
    """Draws a ruled table with its title and unit, as a page scanned at 200 dpi."""
    small, large = ImageFont.truetype(font_file, 28), ImageFont.truetype(font_file, 38)  # 10 and 14 points

    def drawn(rows: list[list[str]], wide: int = 270, high: int = 80) -> Image.Image:
        right, bottom = 100 + wide * len(rows[0]), 180 + high * len(rows)
        page = Image.new("L", (max(right, 1180) + 120, bottom + 70), 255)
        pen = ImageDraw.Draw(page)
        pen.text((650, 60), "支出总体情况表", 0, large, "mm")
        pen.text((1180, 130), "单位：万元", 0, small, "rm")
        for y in range(180, bottom + 1, high):
            pen.line((100, y, right, y), 0, 3)
        for x in range(100, right + 1, wide):
            pen.line((x, 180, x, bottom), 0, 3)
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                at, anchor = (15, "lm") if not r or not c else (wide - 15, "rm")
                pen.text((100 + wide * c + at, 180 + high * (r + 0.5)), text, 0, small, anchor)
        return page

    return drawn


@pytest.fixture(scope="session")
def page(draw_table: Draw) -> Image.Image:
    return draw_table([HEADER, *([label, *row] for label, row in zip(LABELS[1:], AMOUNTS, strict=True))])


@pytest.fixture(scope="session")
def upright(page: Image.Image) -> list[Block]:
    """What is read of the page as it was drawn."""
    return read(page)


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    content = io.BytesIO()
    picture.save(content, kind, dpi=(200, 200), **options)
    return content.getvalue()


def read(picture: Image.Image) -> list[Block]:
    return read_blocks(Path(NAME), saved(picture))


def turned(picture: Image.Image, degrees: float) -> Image.Image:
    """Anticlockwise, on white."""
    return picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor="white")


def amounts_of(block: Block) -> list[list[Decimal | None]]:
    return [[parse_amount(cell.text) for cell in row.cells[1:]] for row in block.rows[1:]]


EXPECTED = [[parse_amount(text) for text in row] for row in AMOUNTS]


# --- what is read ----------------------------------------------------------------------------------------------------
def test_a_picture_of_a_table_is_read_with_every_amount_right(upright):
    title, unit, grid = upright
    assert (title.text, unit.text) == ("支出总体情况表", "单位：万元")
    assert [row.cells[0].text for row in grid.rows] == LABELS
    assert [cell.text for cell in grid.rows[0].cells] == HEADER
    assert amounts_of(grid) == EXPECTED
    assert all(0 < cell.confidence <= 1 for row in grid.rows for cell in row.cells)


def test_cells_know_their_place_in_points(upright):
    *_, grid = upright
    left, top, right, bottom = grid.rows[1].cells[1].place.box
    assert [round(edge / 72 * 200 / 10) for edge in (left, top, right, bottom)] == [37, 26, 64, 34]  # tens of pixels


@pytest.mark.parametrize("degrees", [90, 270])
def test_a_page_scanned_on_its_side_is_set_upright(page, degrees):
    blocks = read(turned(page, degrees))
    assert [block.kind for block in blocks] == ["paragraph", "paragraph", "grid"]
    assert amounts_of(blocks[-1]) == EXPECTED


def test_a_page_scanned_askew_is_set_straight(draw_table):
    """Turned by a degree, over its width a row rises by more than it is high."""
    rows = [[label, *row[:2]] for label, row in zip(LABELS[1:], AMOUNTS, strict=True)]
    *_, grid = read(turned(draw_table([HEADER[:3], *rows], wide=900, high=44), 1))
    assert [row.cells[0].text for row in grid.rows] == LABELS
    assert amounts_of(grid) == [row[:2] for row in EXPECTED]


def test_a_red_stamp_over_amounts_hides_none(draw_table):
    page = draw_table([HEADER, *([label, *row] for label, row in zip(LABELS[1:3], AMOUNTS[:2], strict=True))]).convert(
        "RGB"
    )
    stamp = Image.new("RGB", page.size, "white")
    pen = ImageDraw.Draw(stamp)
    pen.ellipse((420, 230, 620, 430), outline=(225, 40, 40), width=8)
    pen.line((430, 305, 610, 305), (225, 40, 40), 12)
    *_, grid = read(ImageChops.multiply(page, stamp))
    assert amounts_of(grid) == EXPECTED[:2]


def test_figures_of_prose_are_read_with_confidence(scan):
    read_facts = document_facts(build_document(read(scan), NAME), "")
    told = [(fact.text, fact.value) for fact in read_facts if fact.source == "figure" and 0 < fact.confidence <= 1]
    assert told == [("3.80万元", Decimal("3.80")), ("0.20万元", Decimal("-0.20"))]


def test_blank_cells_stay_blank_and_without_confidence(draw_table):
    *_, grid = read(draw_table([HEADER[:3], ["教育支出", "1.50", ""], ["水费", "", "0.00"]]))
    assert [row.texts()[1:] for row in grid.rows[1:]] == [["1.50", ""], ["", "0.00"]]
    assert [cell.confidence is None for cell in grid.rows[1].cells] == [False, False, True]


def test_a_tiff_of_several_pages_is_read_page_by_page(draw_table):
    first, second = draw_table([HEADER[:2], ["水费", "1.50"]]), draw_table([HEADER[:2], ["电费", "2.50"]])
    blocks = read_blocks(Path("预算.tif"), saved(first, "TIFF", save_all=True, append_images=[second]))
    found = [(block.place.page, block.rows[1].texts()) for block in blocks if isinstance(block, Grid)]
    assert found == [(1, ["水费", "1.50"]), (2, ["电费", "2.50"])]


def test_a_blank_page_among_others_is_passed_over(draw_table):
    blank, table = Image.new("L", (900, 400), 255), draw_table([HEADER[:2], ["水费", "1.50"]])
    blocks = read_blocks(Path("预算.tif"), saved(blank, "TIFF", save_all=True, append_images=[table]))
    assert {block.place.page for block in blocks if isinstance(block, (Grid, Paragraph))} == {2}


def test_a_gap_inside_a_number_is_no_space():
    """The boxes that RapidOCR gives for 1,000.06 on a page drawn at 10 points and scanned askew by a degree."""
    edges = [(281.9, 286.9), (288.0, 292.0), (292.0, 295.9), (297.0, 302.0), (306.0, 310.0), (310.0, 313.9), (315.0, 319.0),
             (319.0, 322.9)]  # fmt: skip
    glyphs = [Glyph(c, (left, 110.3, right, 122.9), 0.99) for c, (left, right) in zip("1,000.06", edges, strict=True)]
    assert [line.text for line in lines_of(glyphs)] == ["1,000.06"]


# --- what is refused -------------------------------------------------------------------------------------------------
@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP"])
def test_pictures_cut_off_are_refused_by_name(refusal, kind):
    name = f"扫描.{ {'TIFF': 'tif'}.get(kind, kind.lower()) }"
    noise = Image.effect_noise((400, 300), 90).convert("RGB")
    whole = saved(noise, kind) if kind != "WEBP" else saved(noise, kind, lossless=True)
    assert "不是完整的图片" in refusal(name, whole[:40])
    assert "不是完整的图片" in refusal(name, whole[: len(whole) // 2])


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)]
)
def test_bytes_that_are_no_picture_are_refused_by_name(refusal, content):
    assert refusal(NAME, content)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def test_a_png_with_damaged_bytes_is_refused_by_name(refusal):
    header, rows = chunk(b"IHDR", struct.pack(">IIBBBBB", 60, 40, 8, 0, 0, 0, 0)), zlib.compress(bytes(61 * 40))
    damaged = chunk(b"IDAT", rows[:10]) + chunk(b"D\x92T\x01", rows[10:]) + chunk(b"IEND", b"")
    assert "不是完整的图片" in refusal(NAME, b"\x89PNG\r\n\x1a\n" + header + damaged)


@pytest.mark.parametrize("side", [8000, 30_000])
def test_a_small_file_with_endless_pixels_is_refused(refusal, side):
    """30 000 pixels square are beyond what PIL opens at all."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    assert refusal(NAME, b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(10))) + chunk(b"IEND", b""))
