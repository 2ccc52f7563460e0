"""DOCX documents.

In: the bytes of a document. Out: its paragraphs and tables in reading order, merged cells with their spans. Hidden text,
text boxes, headers and footers are not read.
"""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.table import Table
from docx.text.paragraph import Paragraph as Lines

from index.archives import open_archive
from index.errors import ReadError
from index.model import Block, Grid, GridCell, GridRow, Paragraph, Place
from index.readers.base import Reader


class DocxReader(Reader):
    suffixes = (".docx",)

    def read(self, content: bytes, name: str) -> list[Block]:
        open_archive(content, name).close()
        try:
            document = docx.Document(io.BytesIO(content))
            return _blocks(document)
        except Exception as error:  # python-docx raises whatever its parsing meets
            raise ReadError(f"{name}：文档已损坏，读不出来（{type(error).__name__}）；请用Word另存后重试") from error


def _blocks(document: Any) -> list[Block]:
    blocks: list[Block] = []
    line = 0
    for item in document.iter_inner_content():
        line += 1
        if isinstance(item, Table):
            rows = _rows(item, line)
            line += len(rows)
            if rows:
                blocks.append(Grid(rows=rows, place=rows[0].place, spanned=True))
        elif text := _text(item):
            blocks.append(Paragraph(text=text, place=Place(line=line)))
    return blocks


def _text(paragraph: Lines) -> str:
    return (
        "".join(run.text for run in paragraph.runs if not run.font.hidden).strip()
        if paragraph.runs
        else paragraph.text.strip()
    )


def _rows(table: Table, line: int) -> list[GridRow]:
    """The rows of a table field by field. python-docx gives the same cell for every field that a merged one covers."""
    fields = []
    for row in table.rows:
        before, after = row.grid_cols_before, row.grid_cols_after
        fields.append([None] * before + [cell._tc for cell in row.cells] + [None] * after)
    width = max((len(row) for row in fields), default=0)
    texts = {cell._tc: "".join(_text(p) for p in cell.paragraphs) for row in table.rows for cell in row.cells}
    seen: set = set()
    rows = []
    for r, row in enumerate(fields):
        cells = []
        for c, tc in enumerate([*row, *[None] * (width - len(row))]):
            if tc is None:
                cells.append(GridCell(text=""))
            elif tc in seen:
                cells.append(GridCell(text="", row_span=0, col_span=0))
            else:
                seen.add(tc)
                across = next((n for n in range(1, len(row) - c) if row[c + n] is not tc), len(row) - c)
                down = next(
                    (n for n in range(1, len(fields) - r) if c >= len(fields[r + n]) or fields[r + n][c] is not tc),
                    len(fields) - r,
                )
                cells.append(GridCell(text=texts[tc], row_span=down, col_span=across))
        rows.append(GridRow(cells=cells, place=Place(line=line + r)))
    return rows
