"""XLSX and XLSM workbooks.

In: the bytes of a workbook. Out: a grid per table, each cell with its sheet and address. Values are those that Excel saved;
formulas and links to other files are never followed. Hidden sheets, rows and columns are not read.
"""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import openpyxl
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.worksheet._reader import WorkSheetParser

from index.archives import open_archive
from index.errors import ReadError
from index.layout.sheet import Field, Sheet, sheet_blocks, shown_sheet
from index.model import Block
from index.readers.base import Reader

LAST_COLUMN = 16384  # XFD


class XlsxReader(Reader):
    """Workbooks of Excel."""

    suffixes = (".xlsx", ".xlsm")

    def read(self, content: bytes, name: str) -> list[Block]:
        """The grids and lines of the sheets that are shown."""
        open_archive(content, name).close()
        try:
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            sheets = [_sheet(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"]
        except MemoryError:
            raise
        except Exception as error:  # openpyxl raises whatever its parsing meets
            raise ReadError(f"{name}：工作簿已损坏，读不出来；请重新下载，或用Excel另存后重试") from error
        return [block for sheet in sheets for block in sheet_blocks(sheet, name)]


def _sheet(sheet: Any) -> Sheet:
    """What a sheet shows. openpyxl's own sheets spell out every field up to the last and of every merged range, which may be
    billions; its parser gives those that the file has."""
    book = sheet.parent
    texts: dict[Field, str] = {}
    with sheet._get_source() as source:
        parser = WorkSheetParser(source, sheet._shared_strings, data_only=True, epoch=book.epoch,
                                 date_formats=book._date_formats, timedelta_formats=book._timedelta_formats)  # fmt: skip
        for _, cells in parser.parse():
            for found in cells:
                if found["value"] is not None:
                    cell = ReadOnlyCell(sheet, **found)
                    texts[cell.row - 1, cell.column - 1] = printed(cell.value, cell.number_format)
    hidden_rows = {int(r) - 1 for r, row in parser.row_dimensions.items() if _is_hidden(row)}
    hidden_columns = {
        c - 1 for column in parser.column_dimensions.values() if _is_hidden(column)
        for c in range(int(column["min"]), min(int(column["max"]), LAST_COLUMN) + 1)
    }  # fmt: skip
    merged = [
        (one.min_row - 1, one.min_col - 1, one.max_row - 1, one.max_col - 1)
        for one in (parser.merged_cells.mergeCell if parser.merged_cells else [])
    ]
    return shown_sheet(sheet.title, texts, merged, hidden_rows, hidden_columns)


def _is_hidden(dimension: dict[str, str]) -> bool:
    return dimension.get("hidden") in ("1", "true")


def printed(value: object, number_format: str | None) -> str:
    """A value as its cell shows it: decimals, thousands separators and percent as the number format has them."""
    if value is None:
        return ""
    if isinstance(value, (datetime, date)):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return str(value)
    exact = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
    sections = (number_format or "General").split(";")
    if exact == 0 and len(sections) > 2 and not re.search(r"[0#]", sections[2]):
        return re.sub(
            r'_.|\*.|[\\"]|\[[^\]]*\]', "", sections[2]
        ).strip()  # a zero that is shown as a dash, or not at all
    section = re.sub(r'\[[^\]]*\]|"[^"]*"|_.|\*.', "", sections[0])
    section, by_myriads = re.subn(r"0\\\.(?=0000)", "0.", section)  # 0\.0000 shows 万
    section = re.sub(r"\\.", "", section)
    thousands = re.search(r"[0#](,+)(?:\.|$|[^0#,])", section)
    exact = exact.scaleb(-3 * len(thousands[1])) if thousands else exact
    exact = exact.scaleb(-4) if by_myriads else exact
    if "%" in section:
        return f"{_fixed(exact * 100, section, thousands=False)}%"
    if re.search(r"[0#]", section) and "general" not in section.lower():
        return _fixed(exact, section, thousands=bool(re.search(r"[#0],[#0]", section)))
    return f"{exact.normalize():f}"


def _fixed(value: Decimal, section: str, thousands: bool) -> str:
    decimals = re.search(r"\.([0#?]+)", section)
    places = len(decimals[1]) if decimals else 0
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{rounded:,.{places}f}" if thousands else f"{rounded:.{places}f}"
    whole = len(re.sub(r"[^0]", "", section.split(".", maxsplit=1)[0]))
    if whole > 1 and not thousands:
        text = text.zfill(whole + (places + 1 if places else 0))
    # 0.## prints no zeros at the end.
    optional = len(decimals[1]) - len(decimals[1].rstrip("#?")) if decimals else 0
    while optional and text.endswith("0"):
        text, optional = text[:-1], optional - 1
    return text.rstrip(".") if decimals else text
