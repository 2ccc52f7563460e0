"""XLS workbooks of Excel 97 to 2003.

In: the bytes of a workbook. Out: a grid per table, each cell with its sheet and address. xlrd reads values with their number
formats, and merged ranges; hidden sheets, rows and columns are not read.
"""

from __future__ import annotations

import io

import xlrd

from index.errors import ReadError
from index.layout.sheet import Sheet, sheet_blocks, shown_sheet
from index.model import Block
from index.readers.base import Reader
from index.readers.xlsx import printed

HTML = (b"<html", b"<!doctype", b"<table", b"<meta", b"<?xml")


class XlsReader(Reader):
    """Workbooks of old Excel."""

    suffixes = (".xls",)

    def read(self, content: bytes, name: str) -> list[Block]:
        """The grids and lines of the sheets that are shown."""
        if content.lstrip()[:20].lower().startswith(HTML):
            raise ReadError(f"{name}：这是网页或XML，不是XLS工作簿；请把扩展名改为 .html 后重试")
        try:
            # Its warnings go nowhere, since standard output may be a channel.
            book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
            return [
                block
                for sheet in book.sheets()
                if not sheet.visibility
                for block in sheet_blocks(_sheet(book, sheet), name)
            ]
        except (ReadError, MemoryError):
            raise
        except Exception as error:  # xlrd raises whatever its parsing meets
            if "encrypted" in str(error):
                raise ReadError(f"{name}：文件有密码；请去掉密码后重试") from error
            raise ReadError(f"{name}：不是完整的XLS工作簿；请用Excel另存为 .xlsx 后重试") from error


def _sheet(book: xlrd.Book, sheet: xlrd.sheet.Sheet) -> Sheet:
    texts = {}
    for r in range(sheet.nrows):
        for c, cell in enumerate(sheet.row(r)):
            if cell.ctype not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                style = book.format_map[book.xf_list[cell.xf_index].format_key]
                texts[r, c] = printed(_value(book, cell), style.format_str)
    merged = [(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells]
    hidden_rows = {r for r, info in sheet.rowinfo_map.items() if info.hidden}
    hidden_columns = {c for c, info in sheet.colinfo_map.items() if info.hidden}
    return shown_sheet(sheet.name, texts, merged, hidden_rows, hidden_columns)


def _value(book: xlrd.Book, cell: xlrd.sheet.Cell) -> object:
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code[cell.value]
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        return xlrd.xldate_as_datetime(cell.value, book.datemode)
    return cell.value
