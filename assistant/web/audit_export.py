"""The audit list as a file to keep. In: identities and the words of their cells. Out: XLSX or CSV.

`xlsx` and `csv` know nothing of identities, so that a general export of rows and sources can take their place.
"""

from __future__ import annotations

import csv as csv_format
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from assistant.web.auditing import Checked
from assistant.web.sources import Sources

Value = str | int | Decimal | None
Line = dict[str, Value]  # column name to value
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a text that begins so is run by spreadsheets


def rows_and_sources(found: Iterable[Checked], words: Sources) -> tuple[list[Line], list[Line]]:
    """One row an identity, and one source a cell, both under the identity's number."""
    rows: list[Line] = []
    sources: list[Line] = []
    for number, checked in enumerate(found, 1):
        info, identity = checked.info, checked.identity
        rows.append({
            "序号": number, "结论": checked.verdict, "部门": info.department, "年度": info.year, "文件": info.file_name,
            "规则": identity.rule, "核对内容": identity.title, "左边": identity.left, "右边": identity.right,
            "差": identity.difference, "单位": identity.unit,
        })  # fmt: skip
        for side, cells in zip(("左边", "右边"), checked.sides, strict=True):
            for cell in cells:
                source = words.of(checked.document_of(cell), cell)
                sources.append({
                    "序号": number, "哪一边": side, "文件编号": checked.document_of(cell), "表": source.table,
                    "行": " › ".join(source.row), "列": " / ".join(source.column), "原文": cell.text, "数值": cell.value,
                    "单位": cell.unit,
                })  # fmt: skip
    return rows, sources


def xlsx(rows: Sequence[Line], sources: Sequence[Line]) -> bytes:
    """A workbook of two sheets. Amounts are numbers, texts are texts whatever they begin with."""
    book = Workbook(write_only=True)
    for name, lines in (("结果", rows), ("出处", sources)):
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        sheet.append([_cell(sheet, key, bold=True) for key in (lines[0] if lines else ())])
        for line in lines:
            sheet.append([_cell(sheet, value) for value in line.values()])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _cell(sheet: WriteOnlyWorksheet, value: Value, bold: bool = False) -> Cell:
    cell: Cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value)  # type: ignore[arg-type]
    if isinstance(value, str):
        cell.data_type = "s"  # never a formula
    if bold:
        cell.font = Font(bold=True)
    return cell


def csv(rows: Sequence[Line]) -> bytes:
    """UTF-8 with the mark by which spreadsheets know it."""
    text = io.StringIO()
    writer = csv_format.writer(text)
    writer.writerow(rows[0] if rows else [])
    writer.writerows([_plain(value) for value in line.values()] for line in rows)
    return text.getvalue().encode("utf-8-sig")


def _plain(value: Value) -> Value:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
