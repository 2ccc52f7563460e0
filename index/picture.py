"""A page of a file as a picture, or the part of it around a box.

In: the bytes of a file and which part of it. Out: a PNG of bounded size. Boxes are in points, as places have them; those of a
scan lie on the page as it was read, so it is shown level and turned in the same way.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from index.errors import ReadError
from index.layout.marks import Box
from index.layout.scan import POINTS, as_read
from index.readers import READERS

LONGEST = 1800  # pixels, of what goes out
ACROSS = 400  # points that are shown of the page's width, with a box of less than half of that in the middle
BESIDE, ABOVE = 20, 34  # points that are shown beside a wider box, and above and below any
FRAME, WIDTH = (196, 124, 0), 4  # the line around a box, and how many pixels it is wide


@dataclass(frozen=True)
class Part:
    """A page, counted from 1; by how many quarters it was turned to be read, where it is a scan; the box that is meant."""

    page: int
    turned: int | None = None
    box: Box | None = None


def page_picture(path: Path, content: bytes, part: Part) -> bytes:
    """The page with nothing marked, or what stands around the box with a line around it. Raises ReadError."""
    picture, scale = READERS[path.suffix.lower()].picture(content, path.name, part.page)
    if part.turned is not None:
        picture, scale = as_read(picture, part.turned), 1 / POINTS
    if part.box:
        picture = _around(picture, part.box, scale)
    if not picture.size:
        raise ReadError(f"{path.name}：第{part.page}页没有这个位置")
    shown = Image.fromarray(picture)
    shown.thumbnail((LONGEST, LONGEST))
    out = io.BytesIO()
    shown.save(out, "PNG")
    return out.getvalue()


def _around(picture: np.ndarray, box: Box, scale: float) -> np.ndarray:
    """What stands around a box, without what is off the page; empty where the box is off it."""
    height, width = picture.shape[:2]
    left, top, right, bottom = (round(edge * scale) for edge in box)
    if left >= width or top >= height or right <= 0 or bottom <= 0:
        return picture[:0]
    picture = picture.copy()
    cv2.rectangle(picture, (left - WIDTH, top - WIDTH), (right + WIDTH, bottom + WIDTH), FRAME, WIDTH)
    wide = box[2] - box[0]
    beside, above = round((BESIDE if wide > ACROSS / 2 else (ACROSS - wide) / 2) * scale), round(ABOVE * scale)
    return picture[max(0, top - above) : bottom + above, max(0, left - beside) : right + beside]
