"""DOCX documents.

In: the bytes of a document. Out: its paragraphs and tables in reading order, merged cells with their spans. Hidden text,
text boxes, headers and footers are not read.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.table import Table

from index.archives import open_archive
from index.errors import ReadError
from index.layout.text import joined
from index.model import Block, Grid, GridCell, GridRow, Paragraph, Place
from index.readers.base import Reader

PARAGRAPH, TABLE, RUN = qn("w:p"), qn("w:tbl"), qn("w:r")
CONTROL, CONTENT = qn("w:sdt"), qn("w:sdtContent")
BOX, DELETED = qn("w:txbxContent"), qn("w:del")


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
    for item in _inner(document.element.body):
        line += 1
        if item.tag == TABLE:
            rows = _rows(Table(item, document), line)
            line += len(rows)
            if rows:
                blocks.append(Grid(rows=rows, place=rows[0].place, spanned=True))
        elif text := _text(item):
            blocks.append(Paragraph(text=text, place=Place(line=line)))
    return blocks


def _inner(parent: Any) -> Iterator[Any]:
    """The paragraphs and tables of a body, those inside content controls too."""
    for child in parent:
        if child.tag in (PARAGRAPH, TABLE):
            yield child
        elif child.tag == CONTROL:
            yield from _inner(child.find(CONTENT))


def _text(paragraph: Any) -> str:
    """The shown words of a paragraph, whatever marks them up; text boxes float beside it."""
    words = []
    for run in paragraph.iter(RUN):
        inside = {ancestor.tag for ancestor in run.iterancestors()}
        hidden = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
        if not inside & {BOX, DELETED} and (hidden is None or hidden.get(qn("w:val")) in ("0", "false")):
            words += [
                child.text or "" if child.tag == qn("w:t") else "\t"
                for child in run
                if child.tag in (qn("w:t"), qn("w:tab"))
            ]
    return "".join(words).strip()


def _rows(table: Table, line: int) -> list[GridRow]:
    """The rows of a table field by field. python-docx gives the same cell for every field that a merged one covers."""
    fields = []
    for row in table.rows:
        before, after = row.grid_cols_before, row.grid_cols_after
        fields.append([None] * before + [cell._tc for cell in row.cells] + [None] * after)
    width = max((len(row) for row in fields), default=0)
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
                below = [other[c] if c < len(other) else None for other in fields[r:]]
                down = next((n for n, other in enumerate(below) if other is not tc), len(below))
                text = joined(_text(paragraph) for paragraph in tc.iter(PARAGRAPH))
                cells.append(GridCell(text=text, row_span=down, col_span=across))
        rows.append(GridRow(cells=cells, place=Place(line=line + r)))
    return rows
