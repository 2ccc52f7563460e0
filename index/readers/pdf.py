"""PDF with a text layer.

In: the bytes of a PDF. Out: paragraphs and grids, each with its page and box. Glyphs and lines come from pdfplumber; what a
page does not show (text outside of it, clipped, covered or white on white) is found by comparing with a rendering by
pdfium, and left out. A page that is a picture goes through OCR.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

import numpy as np
import pdfplumber
import pypdfium2
from pdfplumber.utils.geometry import obj_to_edges

from index.errors import ReadError
from index.layout.marks import Glyph, Page, Rule, Rules
from index.layout.pages import blocks_of
from index.layout.scan import DPI, LONGEST_SIDE, scanned_page
from index.layout.text import SAME_GLYPH, lines_of
from index.model import Block
from index.readers.base import Reader, check_pages

CONTRAST = 24  # of 255: less between the darkest and the lightest point of a glyph's box, and nothing is seen
SHOWN = 0.5  # of a line's glyphs: a line of which fewer are seen is not shown
PICTURE = 0.6  # of the page that pictures cover, where it is a scan
MOST_AREA = 40_000_000  # square points: five times A0
FEWEST = 12  # characters: with fewer, a page with a picture all over is a scan
THICK = 3.0  # points: a filled rectangle wider both ways is a background

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # a line for each odd font of each page otherwise


class PdfReader(Reader):
    """PDF: pages with a text layer, and scans."""

    suffixes = (".pdf",)
    paged = True

    def read(self, content: bytes, name: str) -> list[Block]:
        """Paragraphs and tables over all pages; a page without a text layer is read by OCR."""
        try:
            rendered = pypdfium2.PdfDocument(content)
            check_pages(len(rendered), name)
            pdf = pdfplumber.open(io.BytesIO(content))
            pages = pdf.pages
        except (MemoryError, ReadError):
            raise
        except Exception as error:  # pdfminer raises whatever its parsing meets
            if "password" in str(error).lower() or type(error.__cause__).__name__ == "PDFPasswordIncorrect":
                raise ReadError(f"{name}：文件有密码；请去掉密码后重试") from error
            raise ReadError(f"{name}：不是完整的PDF文件；请重新下载原文件") from error
        with pdf:
            return blocks_of(_pages(pages, rendered, name))

    def picture(self, content: bytes, name: str, number: int) -> tuple[np.ndarray, float]:
        """The page, drawn."""
        try:
            sheet = pypdfium2.PdfDocument(content)[number - 1]
            width, height = sheet.get_size()
            if width * height > MOST_AREA:
                raise ReadError(f"{name}：第{number}页过大")
            scale = min(DPI / 72, LONGEST_SIDE / max(width, height))
            return np.asarray(sheet.render(scale=scale).to_pil().convert("RGB")), scale
        except (pypdfium2.PdfiumError, IndexError, ValueError) as error:
            raise ReadError(f"{name}：没有第{number}页，或已损坏") from error


def _pages(pages: list[Any], rendered: pypdfium2.PdfDocument, name: str) -> Iterator[Page]:
    for number, page in enumerate(pages, 1):
        if page.width * page.height > MOST_AREA:
            raise ReadError(f"{name}：第{number}页有{page.width:.0f}×{page.height:.0f}点，过大；请用A4纸重新导出后重试")
        try:
            read = _page(page, rendered, number)
        except MemoryError:
            raise
        except Exception as error:
            raise ReadError(f"{name}：第{number}页已损坏，读不出来；请重新下载，或打印成新的PDF后重试") from error
        yield read


def _page(page: Any, rendered: pypdfium2.PdfDocument, number: int) -> Page:
    sheet = rendered[number - 1]
    if _is_picture(page, rendered[number - 1]):  # of its own, since it takes the pictures out
        read = scanned_page(np.asarray(sheet.render(scale=DPI / 72).to_pil().convert("RGB")), number)
    else:
        picture = np.asarray(sheet.render(scale=1, grayscale=True).to_pil())
        read = Page(number, float(page.width), float(page.height), _shown(_glyphs(page), picture), _readings(page))
    page.close()
    sheet.close()
    return read


def _is_picture(page: Any, sheet: pypdfium2.PdfPage) -> bool:
    """Whether a page is a scan: a picture covers it, and what text there is (a scanner's own, or none) the picture shows and not
    the page."""
    area = float(page.width) * float(page.height)
    covered = sum(max(0, i["x1"] - i["x0"]) * max(0, i["bottom"] - i["top"]) for i in page.images)
    if covered < PICTURE * area:
        return False
    glyphs = _glyphs(page)
    if len(glyphs) < FEWEST:
        return True
    for drawn in list(sheet.get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE,))):
        sheet.remove_obj(drawn)
    bare = np.asarray(sheet.render(scale=1, grayscale=True).to_pil())
    return sum(_is_seen(glyph, bare) for glyph in glyphs) < SHOWN * len(glyphs)


def _glyphs(page: Any) -> list[Glyph]:
    left, top, right, bottom = page.bbox
    return [
        Glyph(char["text"].translate(SAME_GLYPH), (char["x0"] - left, char["top"] - top, char["x1"] - left, char["bottom"] - top))
        for char in page.dedupe_chars().chars
        if char["text"].strip() and left <= (char["x0"] + char["x1"]) / 2 <= right
        and top <= (char["top"] + char["bottom"]) / 2 <= bottom
    ]  # fmt: skip


def _shown(glyphs: list[Glyph], picture: np.ndarray) -> list[Glyph]:
    """The glyphs of lines that the rendered page shows."""
    shown = []
    for line in lines_of(glyphs):
        seen = [glyph for glyph in line.glyphs if _is_seen(glyph, picture)]
        if len(seen) >= SHOWN * len(line.glyphs):
            shown += line.glyphs
        else:
            shown += seen
    return shown


def _is_seen(glyph: Glyph, picture: np.ndarray) -> bool:
    left, top, right, bottom = glyph.box
    part = picture[max(0, int(top)) : int(bottom) + 1, max(0, int(left)) : int(right) + 1]
    return part.size > 0 and int(part.max()) - int(part.min()) >= CONTRAST


def _readings(page: Any) -> list[Rules]:
    """The lines of a page with and without the edges of painted rectangles, which are rules in some files and backgrounds in
    others."""
    drawn = {kind: [one for one in found if not _is_invisible(one)] for kind, found in page.objects.items()}
    rectangles = drawn.get("rect", [])
    lines = [edge for kind in ("line", "curve") for one in drawn.get(kind, []) for edge in obj_to_edges(one)]
    rules = [r for r in rectangles if r.get("stroke") or min(r["width"], r["height"]) <= THICK]
    readings = [_rules(page, lines + [edge for r in rules for edge in obj_to_edges(r)])]
    if len(rules) < len(rectangles):
        readings.append(_rules(page, lines + [edge for r in rectangles for edge in obj_to_edges(r)]))
    return readings


def _is_invisible(one: dict) -> bool:
    """White, or neither stroked nor filled."""
    stroke = one.get("stroke") and not _is_white(one.get("stroking_color"))
    fill = one.get("fill") and not _is_white(one.get("non_stroking_color"))
    return not (stroke or fill)


def _is_white(color: Any) -> bool:
    """Grey and RGB count light, CMYK counts ink."""
    parts = [color] if isinstance(color, (int, float)) else list(color or ())
    if not parts or not all(isinstance(part, (int, float)) for part in parts):
        return False
    return all(part <= 0.03 for part in parts) if len(parts) == 4 else all(part >= 0.97 for part in parts)


def _rules(page: Any, edges: list[dict]) -> Rules:
    left, top, _, _ = page.bbox
    rules = Rules()
    for edge in edges:
        if edge.get("orientation") == "h":
            rules.across.append(Rule(edge["top"] - top, edge["x0"] - left, edge["x1"] - left))
        elif edge.get("orientation") == "v":
            rules.down.append(Rule(edge["x0"] - left, edge["top"] - top, edge["bottom"] - top))
    return rules
