"""Pictures of pages and of what stands around a box on them."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from index.errors import ReadError
from index.layout.scan import POINTS
from index.picture import FRAME, LONGEST, Part, page_picture
from index.readers import read_blocks
from index.sandbox import Limits, picture_limited

PDF, PNG = Path("预算.pdf"), Path("预算.png")


def drawn(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    content = io.BytesIO()
    picture.save(content, kind, **options)
    return content.getvalue()


def around(picture: Image.Image, box: tuple[float, float, float, float]) -> Image.Image:
    left, top, right, bottom = (round(edge / POINTS) for edge in box)
    return picture.crop((left, top, right, bottom))


def inside_of_frame(picture: Image.Image) -> Image.Image:
    """What the line around the box goes around."""
    framed = np.argwhere((np.asarray(picture.convert("RGB")) == FRAME).all(axis=2))
    (top, left), (bottom, right) = framed.min(axis=0), framed.max(axis=0)
    return picture.crop((left, top, right, bottom))


def trimmed(picture: Image.Image) -> Image.Image:
    """Without the rules around a cell."""
    return picture.crop((16, 16, picture.width - 16, picture.height - 16))


def amount_place(content: bytes, path: Path, text: str):  # type: ignore[no-untyped-def]
    grid = next(block for block in read_blocks(path, content) if block.kind == "grid")
    return next(cell.place for row in grid.rows for cell in row.cells if cell.text == text)


def ink(picture: Image.Image) -> int:
    """How many points are dark."""
    return int((np.asarray(picture.convert("L")) < 128).sum())


def test_a_page_of_a_pdf_is_shown_whole(scanned_pdf: bytes, scan: Image.Image) -> None:
    picture = drawn(page_picture(PDF, scanned_pdf, Part(1)))
    assert picture.size == pytest.approx(scan.size, abs=1)


@pytest.mark.slow
@pytest.mark.parametrize("degrees", [4, 90, 180])
def test_the_box_is_marked_where_the_cell_is_however_the_page_lies(scan: Image.Image, degrees: float) -> None:
    content = saved(scan.rotate(degrees, Image.Resampling.BICUBIC, expand=degrees >= 90, fillcolor="white"))
    place = amount_place(content, PNG, "9.00")
    picture = drawn(page_picture(PNG, content, Part(1, place.turned, place.box)))
    assert place.turned == {4: 0, 90: 3, 180: 2}[degrees]
    assert picture.height < scan.height / 3
    shown, expected = (trimmed(one) for one in (inside_of_frame(picture), around(scan, place.box)))
    assert ink(shown) == pytest.approx(ink(expected), rel=0.1)


def test_the_frame_of_a_picture_of_several_is_shown() -> None:
    pages = [Image.new("RGB", (300, 200 + n), "white") for n in range(3)]
    content = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    assert [drawn(page_picture(Path("a.tif"), content, Part(n + 1))).height for n in range(3)] == [200, 201, 202]


def test_a_large_page_is_made_small() -> None:
    content = saved(Image.new("L", (6000, 3000), "white"), "PDF", resolution=72)  # two metres wide
    assert drawn(page_picture(PDF, content, Part(1))).size == (LONGEST, LONGEST // 2)


@pytest.mark.parametrize("part", [Part(2), Part(1, None, (5000.0, 10.0, 5010.0, 20.0))])
def test_what_is_not_on_the_page_is_an_error(scanned_pdf: bytes, part: Part) -> None:
    with pytest.raises(ReadError):
        page_picture(PDF, scanned_pdf, part)


@pytest.mark.parametrize("content", [b"%PDF-1.7 nonsense", b""])
def test_a_broken_file_is_an_error(content: bytes) -> None:
    with pytest.raises(ReadError):
        page_picture(PDF, content, Part(1))


@pytest.mark.slow
def test_a_page_that_takes_too_much_memory_is_an_error_and_the_next_is_drawn(scanned_pdf: bytes) -> None:
    bomb = saved(Image.new("L", (7700, 7700)))
    with pytest.raises(ReadError):
        picture_limited(PNG, bomb, Part(1, 0), Limits(seconds=60, megabytes=300))
    assert drawn(picture_limited(PDF, scanned_pdf, Part(1))).width
