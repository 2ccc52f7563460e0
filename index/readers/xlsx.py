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

from index.archives import open_archive
from index.errors import ReadError
from index.layout.sheet import Sheet, sheet_blocks, shown_sheet
from index.model import Block
from index.readers.base import Reader


class XlsxReader(Reader):
    suffixes = (".xlsx", ".xlsm")

    def read(self, content: bytes, name: str) -> list[Block]:
        open_archive(content, name).close()
        try:
            book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
            return [
                block for sheet in book.worksheets if sheet.sheet_state == "visible"
                for block in sheet_blocks(_sheet(sheet))
            ]  # fmt: skip
        except Exception as error:  # openpyxl raises whatever its parsing meets
            raise ReadError(f"{name}：工作簿已损坏，读不出来（{type(error).__name__}）；请用Excel另存后重试") from error


def _sheet(sheet: Any) -> Sheet:
    hidden_rows = {r - 1 for r, dimension in sheet.row_dimensions.items() if dimension.hidden}
    hidden_columns = {
        c - 1 for dimension in sheet.column_dimensions.values() if dimension.hidden
        for c in range(dimension.min or 0, (dimension.max or 0) + 1)
    }  # fmt: skip
    # Only the cells that the file has: a format far away is no field.
    texts = {(r - 1, c - 1): printed(cell.value, cell.number_format) for (r, c), cell in sheet._cells.items()
             if cell.value is not None}  # fmt: skip
    merged = [(r.min_row - 1, r.min_col - 1, r.max_row - 1, r.max_col - 1) for r in sheet.merged_cells.ranges]
    return shown_sheet(sheet.title, texts, merged, hidden_rows, hidden_columns)


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
