"""Pictures of pages: PNG, JPEG, TIFF (with several pages), BMP and WebP.

In: the bytes of a picture. Out: paragraphs and grids read by OCR, each figure with its confidence.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageSequence, UnidentifiedImageError

from index.errors import ReadError
from index.layout.marks import Page
from index.layout.pages import blocks_of
from index.layout.scan import DPI, scanned_page
from index.model import Block
from index.readers.base import Reader, check_pages

MOST_PIXELS = 60_000_000  # A3 at 400 dpi is 31 million


class ImageReader(Reader):
    """Scans and photographs."""

    suffixes = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
    paged = True

    def read(self, content: bytes, name: str) -> list[Block]:
        """What OCR reads on each page."""
        try:
            with Image.open(io.BytesIO(content)) as picture:
                return blocks_of(_pages(picture, name))
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            raise ReadError(f"{name}：不是完整的图片；请重新下载或扫描") from error

    def picture(self, content: bytes, name: str, number: int) -> tuple[np.ndarray, float]:
        """The page as it was scanned."""
        try:
            with Image.open(io.BytesIO(content)) as picture:
                picture.seek(number - 1)
                return _rgb(picture, name), DPI / 72
        except (EOFError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            raise ReadError(f"{name}：没有第{number}页，或已损坏") from error


def _pages(picture: Image.Image, name: str) -> Iterator[Page]:
    check_pages(getattr(picture, "n_frames", 1), name)
    for number, frame in enumerate(ImageSequence.Iterator(picture), 1):
        yield scanned_page(_rgb(frame, name), number)


def _rgb(frame: Image.Image, name: str) -> np.ndarray:
    if frame.width * frame.height > MOST_PIXELS:
        raise ReadError(f"{name}：图片有{frame.width}×{frame.height}像素，过大；请以200dpi重新扫描")
    return np.asarray(frame.convert("RGB"))
