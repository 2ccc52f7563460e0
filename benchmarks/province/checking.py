"""A document of the province beside what the product reads of it.

In: a Document and the product's. Out: differences in words, none where each cell is what was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from benchmarks.province.documents import Document
from benchmarks.province.grids import amount
from benchmarks.province.tables import Line, Side, Table
from index.model import Document as Parsed
from index.model import Row
from index.model import Table as ParsedTable
from index.parsing.rows import split_code


def differences(written: Document, read: Parsed) -> Iterator[str]:
    """Of department, year and kind, of units, and of every table cell by cell."""
    for name, one, other in (
        ("department", written.department, read.department), ("year", written.slot.year, read.year),
        ("kind", written.kind, read.kind),
        ("tables", [table.title for table in written.tables], [table.title for table in read.tables]),
    ):  # fmt: skip
        if one != other:
            yield f"{name}: {one} is read as {other}"
    units = [unit.name for unit in written.budget.department.units]
    if missing := [unit for unit in units if unit not in read.budget_units]:
        yield f"units: {missing} missing in {read.budget_units}"
    for table, parsed in zip(written.tables, read.tables, strict=False):
        yield from (f"{table.title}: {text}" for text in _of_table(table, parsed, written))


def _of_table(table: Table, parsed: ParsedTable, written: Document) -> Iterator[str]:
    unit = "万元" if table.inserted else written.style.unit
    if parsed.unit != unit:
        yield f"unit {unit} is read as {parsed.unit}"
    columns = ["/".join(path) for side in table.sides for path in side.columns]
    seen = ["/".join(path) for path in parsed.columns]
    if columns != seen:
        yield f"columns {columns} are read as {seen}"
        return
    lines = [
        (line, side, n) for n, side in enumerate(table.sides) for line in side.lines if any(line.labels) or line.values
    ]
    if len(lines) != len(parsed.rows):
        yield f"{len(lines)} rows are read as {len(parsed.rows)}"
        return
    for (line, side, n), row in zip(lines, parsed.rows, strict=True):
        start = sum(len(before.columns) for before in table.sides[:n])
        yield from _of_row(line, side, row, start, table, written)


def _of_row(line: Line, side: Side, row: Row, start: int, table: Table, written: Document) -> Iterator[str]:
    if (split_code(line.name, bare=False)[1], line.code) != (row.label, row.code):
        yield f"row {line.code} {line.name} is read as {row.code} {row.label}"
    cells = [amount(value, table, written.style) for value in line.values]
    read = row.cells[start : start + len(cells)]
    values = [Decimal(cell.replace(",", "")) if cell else None for cell in cells]
    if read != cells and [cell.replace(",", "") for cell in read] != [cell.replace(",", "") for cell in cells]:
        yield f"row {line.name}: {cells} is read as {read}"
    if values != row.values[start : start + len(cells)]:
        yield f"row {line.name}: {values} is read as {row.values}"
    for path, text in zip(side.words, line.words, strict=True):
        known = re.sub(r"\s", "", row.texts.get("/".join(path), ""))
        if re.sub(r"\s", "", text) != known:
            yield f"row {line.name}: {text} is read as {known}"
