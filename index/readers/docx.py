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

from index.archives import open_archive
from index.errors import ReadError
from index.layout.text import joined
from index.model import Block, Grid, GridCell, GridRow, Paragraph, Place
from index.readers.base import Reader

PARAGRAPH, TABLE, RUN = qn("w:p"), qn("w:tbl"), qn("w:r")
ROW, CELL, PROPERTIES_MERGE = qn("w:tr"), qn("w:tc"), f"{qn('w:tcPr')}/{qn('w:vMerge')}"
CONTROL, CONTENT = qn("w:sdt"), qn("w:sdtContent")
BOX, DELETED = qn("w:txbxContent"), qn("w:del")
MOST_SPAN = 200


class DocxReader(Reader):
    """Word documents."""

    suffixes = (".docx",)

    def read(self, content: bytes, name: str) -> list[Block]:
        """Paragraphs and tables in the order of the body."""
        open_archive(content, name).close()
        try:
            document = docx.Document(io.BytesIO(content))
            return _blocks(document)
        except MemoryError:
            raise
        except Exception as error:  # python-docx raises whatever its parsing meets
            raise ReadError(f"{name}：文档已损坏，读不出来；请重新下载，或用Word另存后重试") from error


def _blocks(document: Any) -> list[Block]:
    blocks: list[Block] = []
    line = 0
    for item in _inner(document.element.body, PARAGRAPH, TABLE):
        line += 1
        if item.tag == TABLE:
            rows = _rows(item, line)
            line += len(rows)
            if rows:
                blocks.append(Grid(rows=rows, place=rows[0].place, spanned=True))
        elif text := _text(item):
            blocks.append(Paragraph(text=text, place=Place(line=line)))
    return blocks


def _inner(parent: Any, *tags: str) -> Iterator[Any]:
    """The children of these tags, those inside content controls too."""
    for child in parent:
        if child.tag in tags:
            yield child
        elif child.tag in (CONTROL, CONTENT):
            yield from _inner(child, *tags)


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


def _rows(table: Any, line: int) -> list[GridRow]:
    """The rows of a table field by field. Not by python-docx, which asks each field of a merged one for the field above."""
    fields: list[list[Any]] = []
    for row in _inner(table, ROW):
        before, after = _count(row, "w:trPr/w:gridBefore"), _count(row, "w:trPr/w:gridAfter")
        cells: list[Any] = [None] * before
        for tc in _inner(row, CELL):
            merge = tc.find(PROPERTIES_MERGE)
            goes_on = merge is not None and merge.get(qn("w:val"), "continue") == "continue"
            above = fields[-1][len(cells)] if goes_on and fields and len(cells) < len(fields[-1]) else None
            cells += [tc if above is None else above] * (_count(tc, "w:tcPr/w:gridSpan") or 1)
        fields.append(cells + [None] * after)
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
                below = (n for n, other in enumerate(fields[r:]) if c >= len(other) or other[c] is not tc)
                text = joined(_text(paragraph) for paragraph in tc.iter(PARAGRAPH))
                cells.append(GridCell(text=text, row_span=next(below, len(fields) - r), col_span=across))
        rows.append(GridRow(cells=cells, place=Place(line=line + r)))
    return rows


def _count(element: Any, path: str) -> int:
    """The number that a property of a row or cell gives, 0 where it has none; Word itself knows 63 columns."""
    found = element.find("/".join(map(qn, path.split("/"))))
    return min(int(found.get(qn("w:val"), "0")), MOST_SPAN) if found is not None else 0
