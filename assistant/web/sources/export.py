"""Rows with their sources as files. In: an Export. Out: the bytes of an XLSX workbook or of a CSV file.

The workbook has the rows on one sheet, the cells that they rest on on the sheet 来源, and what was selected on the sheet 说明.
Words from documents are never run as formulas: in XLSX they are typed as text, in CSV they get an apostrophe in front.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from fastapi import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from index.model import Place

Value = str | int | Decimal | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # what a spreadsheet takes for the beginning of a formula, in full width too
SOURCES = ("序号", "数据", "文件", "部门", "年度", "表", "行", "列", "单元格原文", "位置")
SOURCE_WIDTHS = (8, 14, 40, 28, 8, 36, 36, 20, 20, 16)
LONGEST_CELL = 32_767  # characters that Excel takes


@dataclass(frozen=True)
class Source:
    """A cell or passage that a row rests on; `of` is the column of the row that comes from it."""

    of: str
    file: str
    department: str
    year: int
    table: str
    row: str
    column: str
    text: str
    place: str = ""

    def said(self) -> str:
        """In one line: `甲局.pdf《项目支出表》库房改造 › 合计：12.00`."""
        at = " › ".join(filter(None, (self.row, self.column)))
        return f"{self.file}《{self.table}》{at}：{self.text}"


@dataclass(frozen=True)
class Column:
    """A heading with the width of its column in characters."""

    name: str
    width: int = 16


@dataclass(frozen=True)
class Line:
    """One row: a value for each column, and what they come from."""

    values: Sequence[Value]
    sources: Sequence[Source] = ()


@dataclass(frozen=True)
class Export:
    """`notes` say what was selected and what it adds up to; the file is called by the title where it has no name of its own."""

    title: str
    columns: Sequence[Column]
    lines: Sequence[Line]
    notes: Sequence[tuple[str, Value]] = field(default_factory=list)
    file_name: str = ""


def xlsx(export: Export) -> bytes:
    """The workbook. Amounts are numbers, as exact as a spreadsheet holds them; the sheet 来源 has the cells' own text."""
    book = Workbook(write_only=True)
    _sheet(book, export.title, export.columns, (line.values for line in export.lines))
    sources = (
        (number, s.of, s.file, s.department, s.year, s.table, s.row, s.column, s.text, s.place)
        for number, line in enumerate(export.lines, 1)
        for s in line.sources
    )
    _sheet(book, "来源", list(map(Column, SOURCES, SOURCE_WIDTHS)), sources, first="")
    _sheet(book, "说明", [Column("内容", 24), Column("说明", 80)], export.notes, first="")
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def csv_bytes(export: Export) -> bytes:
    """UTF-8 with a byte order mark, by which Excel knows it; the sources in the last column."""
    content = io.StringIO(newline="")
    writer = csv.writer(content)
    writer.writerow(["序号", *(column.name for column in export.columns), "来源"])
    for number, line in enumerate(export.lines, 1):
        said = "；".join(f"{source.of}：{source.said()}" for source in line.sources)
        writer.writerow([number, *map(_csv_cell, line.values), neutral(said)])
    return content.getvalue().encode("utf-8-sig")


def neutral(text: str) -> str:
    """A text that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def place_in_words(place: Place) -> str:
    """`第12页`, `Sheet1!C5`, `第340行`."""
    if place.page is not None:
        return f"第{place.page}页"
    if place.cell is not None:
        return f"{place.sheet or ''}!{place.cell}"
    return f"第{place.line}行" if place.line is not None else ""


def described(media_type: str) -> dict[int | str, dict[str, Any]]:
    """A download, for the description of a route."""
    schema = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": "文件", "content": {media_type: schema}}}


def attachment(content: bytes, name: str, media_type: str) -> Response:
    """A download under a Chinese name."""
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(
        content, media_type=media_type, headers={"Content-Disposition": disposition, "Cache-Control": "no-store"}
    )


def _csv_cell(value: Value) -> str | int:
    if isinstance(value, str):
        return neutral(value)
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else value


HEAD_FONT, HEAD_FILL = Font(bold=True), PatternFill("solid", fgColor="F1EFE9")


def _sheet(
    book: Workbook, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]], first: str = "序号"
) -> None:
    """A sheet with a fixed heading; under `first`, where it is given, the rows are numbered."""
    sheet: Any = book.create_sheet(title)  # the types of openpyxl know little of write-only sheets
    every = [*([Column(first, 8)] if first else []), *columns]
    for number, column in enumerate(every, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.freeze_panes = "A2"
    sheet.append([_head(sheet, column.name) for column in every])
    for number, row in enumerate(rows, 1):
        sheet.append([_cell(sheet, value) for value in ((number, *row) if first else row)])


def _head(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font, cell.fill = HEAD_FONT, HEAD_FILL
    return cell


def _cell(sheet: Any, value: Value) -> Any:
    """A value as the sheet takes it; styled where it must be, since ten thousand styled rows take seconds."""
    if isinstance(value, Decimal):
        cell: Any = WriteOnlyCell(sheet, value)  # type: ignore[arg-type]
        cell.number_format = "#,##0.00####"
        return cell
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL]
    if not text.startswith("="):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell
