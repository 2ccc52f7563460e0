"""XLS workbooks of Excel 97 to 2003.

In: the bytes of a workbook. Out: a grid per table, each cell with its sheet and address. python-calamine reads values and
merged ranges; hidden sheets are not read.
"""

from __future__ import annotations

import io

import python_calamine

from index.errors import ReadError
from index.layout.sheet import Sheet, sheet_blocks
from index.model import Block
from index.readers.base import Reader
from index.readers.xlsx import printed

HTML = (b"<html", b"<!doctype", b"<table", b"<meta", b"<?xml")


class XlsReader(Reader):
    suffixes = (".xls",)

    def read(self, content: bytes, name: str) -> list[Block]:
        if content.lstrip()[:20].lower().startswith(HTML):
            raise ReadError(f"{name}：这是网页或XML，不是XLS工作簿；请把扩展名改为 .html 后重试")
        try:
            book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
            names = [s.name for s in book.sheets_metadata if s.visible == python_calamine.SheetVisibleEnum.Visible]
            return [block for sheet in names for block in sheet_blocks(_sheet(book, sheet), name)]
        except (ReadError, MemoryError):
            raise
        except python_calamine.PasswordError as error:
            raise ReadError(f"{name}：文件有密码；请去掉密码后重试") from error
        except BaseException as error:
            # Calamine's Rust core panics over some broken files, with an exception of its own that is no Exception.
            if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                raise
            raise ReadError(f"{name}：不是完整的XLS工作簿；请用Excel另存为 .xlsx 后重试") from error


def _sheet(book: python_calamine.CalamineWorkbook, name: str) -> Sheet:
    sheet = book.get_sheet_by_name(name)
    texts = {
        (r, c): printed(value, None) for r, row in enumerate(sheet.to_python(skip_empty_area=False))
        for c, value in enumerate(row) if value != ""
    }  # fmt: skip
    merged = [(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or []]
    return Sheet(name, texts, merged)
