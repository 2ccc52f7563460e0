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
from index.layout.scan import scanned_page
from index.model import Block
from index.readers.base import Reader

MOST_PIXELS = 60_000_000  # A3 at 400 dpi is 31 million


class ImageReader(Reader):
    suffixes = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")

    def read(self, content: bytes, name: str) -> list[Block]:
        try:
            with Image.open(io.BytesIO(content)) as picture:
                return blocks_of(_pages(picture, name))
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            raise ReadError(f"{name}：不是完整的图片；请重新下载或扫描") from error


def _pages(picture: Image.Image, name: str) -> Iterator[Page]:
    for number, frame in enumerate(ImageSequence.Iterator(picture), 1):
        if frame.width * frame.height > MOST_PIXELS:
            raise ReadError(f"{name}：图片有{frame.width}×{frame.height}像素，过大；请以200dpi重新扫描")
        yield scanned_page(np.asarray(frame.convert("RGB")), number)
