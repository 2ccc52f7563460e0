"""A Document as a workbook: prose on sheets of its own, a sheet for each table. In: a Document. Out: the bytes of an XLSX file."""

from __future__ import annotations

import io
import re

import openpyxl
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from benchmarks.province.documents import Document, Heading
from benchmarks.province.grids import Cell, above, body, header
from benchmarks.province.tables import Table

MONEY = "#,##0.00"
AMOUNT = re.compile(r"-?\d[\d,]*\.\d\d")


def workbook_of(document: Document) -> bytes:
    book = openpyxl.Workbook()
    prose: Worksheet | None = book.active
    assert prose is not None
    prose.title = "封面"
    row = _write(prose, 1, [*document.cover, "目录", *document.contents])
    number = 0
    for block in document.body:
        if isinstance(block, Table):
            number += not block.inserted
            _table(book.create_sheet(f"表{len(book.sheetnames)}"), block, number, document)
            prose = None
        else:
            if prose is None:
                prose, row = book.create_sheet(f"文字{len(book.sheetnames)}"), 1
            row = _write(prose, row, [block.text if isinstance(block, Heading) else block])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write(sheet: Worksheet, row: int, texts: list[str]) -> int:
    """Texts below each other; the row that follows."""
    for text in texts:
        sheet.cell(row, 1, text)
        row += 1
    return row


def _table(sheet: Worksheet, table: Table, number: int, document: Document) -> None:
    top = header(table)
    width = len(top[0])
    row = 1
    for text in above(table, number, document.department, document.style):
        sheet.cell(row, 1, text)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
        row += 1
    for cells in top:
        _header_row(sheet, row, cells)
        row += 1
    for texts in body(table, document.style):
        for column, text in enumerate(texts, 1):
            cell = sheet.cell(row, column, float(text.replace(",", "")) if AMOUNT.fullmatch(text) else text or None)
            cell.number_format = MONEY if AMOUNT.fullmatch(text) else "General"
        row += 1
    for note in table.notes:
        sheet.cell(row, 1, note)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
        row += 1


def _header_row(sheet: Worksheet, row: int, cells: list[Cell]) -> None:
    for column, cell in enumerate(cells, 1):
        if not cell.down:
            continue
        sheet.cell(row, column, cell.text).alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        if cell.down * cell.across > 1:
            sheet.merge_cells(start_row=row, start_column=column, end_row=row + cell.down - 1,
                              end_column=column + cell.across - 1)  # fmt: skip
