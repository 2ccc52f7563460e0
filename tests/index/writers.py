"""A document's blocks as files of other formats, by the libraries that write them: XLSX, ODS, DOCX, HTML, PDF, pictures."""

from __future__ import annotations

import io
import subprocess
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path

import docx
import numpy as np
import openpyxl
import pypdfium2
from docx.enum.section import WD_ORIENT
from odf import table as ods
from odf.opendocument import OpenDocumentSpreadsheet
from odf.text import P
from openpyxl.styles import Alignment
from PIL import Image, ImageDraw

from index.amounts import parse_amount
from index.captions import is_title, number_of, owner_of, unit_of
from index.model import Block, Grid, GridCell, GridRow, Paragraph
from index.parsing.headers import count_header_rows
from index.readers import read_blocks

DPI = 200
MONEY = "#,##0.00"
TITLE, CAPTION, TEXT = "title", "caption", "text"
STYLE = """
@page { size: A4 portrait; margin: 15mm 12mm }
body { font: 9.5pt/1.35 'Noto Sans CJK SC' }
table { border-collapse: collapse; width: 100%; margin: 2mm 0 4mm }
th, td { border: 0.6pt solid black; padding: 0.8mm 1.2mm; font-weight: normal }
td.amount { text-align: right; white-space: nowrap }
h2 { text-align: center; font-size: 14pt; break-before: page }
"""


# --- what is written ---------------------------------------------------------------------------------------------
def with_spans(path: Path) -> list[Block]:
    """The blocks of a text file as an office suite would hold them: header cells merged, and a table that a page break had cut
    in one piece."""
    blocks: list[Block] = []
    for block in read_blocks(path, path.read_bytes()):
        if not isinstance(block, Grid):
            blocks.append(block)
            continue
        count = count_header_rows(block.rows)
        rows = _merged(block.rows[:count]) + block.rows[count:]
        last = blocks[-1]
        if isinstance(last, Grid) and [r.texts() for r in last.rows[:count]] == [r.texts() for r in rows[:count]]:
            last.rows += rows[count:]
        else:
            blocks.append(Grid(rows=rows, place=block.place, spanned=True))
    return blocks


def _merged(header: list[GridRow]) -> list[GridRow]:
    """A header cell reaches down over blank ones to its foot, or to the right over blank ones that have something below."""
    texts = [row.texts() for row in header]
    covered: set[tuple[int, int]] = set()
    rows = []
    for r, row in enumerate(header):
        cells = []
        for c, text in enumerate(texts[r]):
            below = [line[c] for line in texts[r + 1 :]]
            if (r, c) in covered:
                cells.append(GridCell(text="", row_span=0, col_span=0))
                continue
            right = c + 1
            while text and any(below) and right < len(row.cells) and not texts[r][right] and texts[r + 1][right]:
                right += 1
            down = 1 + (0 if any(below) else len(below))
            covered |= {(i, k) for i in range(r, r + down) for k in range(c, right)}
            cells.append(GridCell(text=text, row_span=down, col_span=right - c))
        rows.append(GridRow(cells=cells, place=row.place))
    return rows


def _kinds(blocks: list[Block]) -> Iterator[tuple[str, Block]]:
    """The blocks with what each paragraph is: the title of the table that follows, what else stands above it, or text."""
    above: set[int] = set()
    titles: set[int] = set()
    for i, block in enumerate(blocks):
        k = i - 1
        while isinstance(block, Grid) and k >= 0 and isinstance(one := blocks[k], Paragraph):
            if is_title(one.text):
                titles.add(k)
            elif unit_of(one.text) or owner_of(one.text) or number_of(one.text):
                above.add(k)
            else:
                break
            k -= 1
    for i, block in enumerate(blocks):
        yield TITLE if i in titles else CAPTION if i in above else TEXT, block


def _header(grid: Grid) -> int:
    return count_header_rows(grid.rows, grid.spanned)


# --- workbooks ---------------------------------------------------------------------------------------------------
Field = tuple[str, int, int]  # a text with its row span and column span, (0, 0) where it is covered


def _sheets(blocks: list[Block]) -> list[list[list[Field]]]:
    """A sheet per table, its caption on top across all columns, and sheets of prose between them."""
    sheets: list[list[list[Field]]] = [[]]
    waiting: list[str] = []
    for kind, block in _kinds(blocks):
        if isinstance(block, Grid):
            width = len(block.rows[0].cells)
            sheets.append([[(text, 1, width), *[("", 0, 0)] * (width - 1)] for text in waiting])
            sheets[-1] += [[(cell.text, cell.row_span, cell.col_span) for cell in row.cells] for row in block.rows]
            waiting = []
        elif kind == TEXT:
            is_prose = not any(len(row) > 1 for row in sheets[-1])
            if not is_prose and not block.text.startswith("注："):
                sheets.append([])
            sheets[-1].append([(block.text, 1, 1)])
        else:
            waiting.append(block.text)
    return [sheet for sheet in sheets if sheet]


def xlsx(blocks: list[Block]) -> bytes:
    """Amounts are numbers with a format, as Excel keeps them."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(_sheets(blocks), 1):
        sheet = book.create_sheet(f"表{number}")
        for r, row in enumerate(rows, 1):
            for c, (text, down, across) in enumerate(row, 1):
                if not down:
                    continue
                amount = parse_amount(text)
                cell = sheet.cell(r, c)
                if amount is not None and f"{amount:,.2f}" == text:
                    cell.value, cell.number_format, cell.alignment = amount, MONEY, Alignment(horizontal="right")
                else:
                    cell.value = text
                if down * across > 1:
                    sheet.merge_cells(start_row=r, start_column=c, end_row=r + down - 1, end_column=c + across - 1)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def odf_sheet(blocks: list[Block]) -> bytes:
    book = OpenDocumentSpreadsheet()
    for number, rows in enumerate(_sheets(blocks), 1):
        sheet = ods.Table(name=f"表{number}")
        for row in rows:
            line = ods.TableRow()
            for text, down, across in row:
                spans = {"numberrowsspanned": down, "numbercolumnsspanned": across} if down * across > 1 else {}
                cell = ods.TableCell(**spans) if down else ods.CoveredTableCell()
                cell.addElement(P(text=text))
                line.addElement(cell)
            sheet.addElement(line)
        book.spreadsheet.addElement(sheet)
    content = io.BytesIO()
    book.write(content)
    return content.getvalue()


# --- documents ---------------------------------------------------------------------------------------------------
def word(blocks: list[Block]) -> bytes:
    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    for kind, block in _kinds(blocks):
        if isinstance(block, Paragraph):
            if kind == TITLE:
                document.add_heading(block.text, 2)
            else:
                document.add_paragraph(block.text)
            continue
        table = document.add_table(len(block.rows), len(block.rows[0].cells), style="Table Grid")
        fields = [list(row.cells) for row in table.rows]  # python-docx looks every cell up anew otherwise
        for r, row in enumerate(block.rows):
            for c, cell in enumerate(row.cells):
                if cell.row_span * cell.col_span > 1:
                    fields[r][c].merge(fields[r + cell.row_span - 1][c + cell.col_span - 1])
                if cell.text:
                    fields[r][c].text = cell.text
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def html(blocks: list[Block]) -> bytes:
    parts = []
    for kind, block in _kinds(blocks):
        if isinstance(block, Grid):
            count = _header(block)
            head, body = (_html_rows(rows) for rows in (block.rows[:count], block.rows[count:]))
            parts.append(f"<table><thead>{head}</thead><tbody>{body}</tbody></table>")
        else:
            tag = "h2" if kind == TITLE else "p"
            parts.append(f"<{tag}>{escape(block.text)}</{tag}>")
    head = f'<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><style>{STYLE}</style></head>'
    return f"{head}<body>{''.join(parts)}</body></html>".encode()


def _html_rows(rows: list[GridRow]) -> str:
    written = []
    for row in rows:
        cells = [
            f'<td rowspan="{cell.row_span}" colspan="{cell.col_span}"{_class(cell.text)}>{escape(cell.text)}</td>'
            for cell in row.cells
            if cell.row_span
        ]
        written.append(f"<tr>{''.join(cells)}</tr>")
    return "".join(written)


def _class(text: str) -> str:
    return ' class="amount"' if "." in text and parse_amount(text) is not None else ""


def printed(page: bytes, chromium: str) -> bytes:
    """A web page as Chromium prints it to PDF."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_bytes(page)
        subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
             f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}", source.as_uri()],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return target.read_bytes()


# --- pictures ----------------------------------------------------------------------------------------------------
def pictures(pdf: bytes, numbers: list[int] | None = None) -> list[Image.Image]:
    """Pages of a PDF as a scanner at 200 dpi sees them at best."""
    pages = pypdfium2.PdfDocument(pdf)
    chosen = numbers or range(1, len(pages) + 1)
    return [pages[number - 1].render(scale=DPI / 72).to_pil().convert("RGB") for number in chosen]


def degraded(picture: Image.Image, seed: int, skew: float = 1.0, noise: float = 10.0) -> Image.Image:
    """A page as a poor scanner sees it: stamped in red, laid in askew, grainy."""
    rng = np.random.default_rng(seed)
    picture = picture.copy()
    _stamp(picture, picture.width * rng.uniform(0.35, 0.75), picture.height * rng.uniform(0.25, 0.6))
    picture = picture.rotate(skew, fillcolor="white", resample=Image.Resampling.BICUBIC)
    grain = rng.normal(0, noise, (picture.height, picture.width, 1))
    return Image.fromarray((np.asarray(picture) + grain).clip(0, 255).astype(np.uint8))


def _stamp(picture: Image.Image, x: float, y: float, radius: float = 165) -> None:
    """A round stamp with its star, of 42 mm as offices use them."""
    draw = ImageDraw.Draw(picture)
    red = (222, 48, 48)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=red, width=8)
    tips = [
        (x + size * np.sin(i * np.pi / 5), y - size * np.cos(i * np.pi / 5))
        for i, size in enumerate([radius / 2.4, radius / 6] * 5)
    ]
    draw.polygon(tips, fill=red)


def picture_pdf(pages: list[Image.Image]) -> bytes:
    content = io.BytesIO()
    pages[0].save(content, "PDF", save_all=True, append_images=pages[1:], resolution=DPI, quality=85)
    return content.getvalue()
