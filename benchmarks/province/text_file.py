"""A Document as plain text with tab-separated tables, as the shipped one is. In: a Document. Out: its text."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.province.documents import Document, Heading
from benchmarks.province.grids import above, body, header
from benchmarks.province.tables import Table


def text_of(document: Document) -> str:
    return "\n\n".join(_paragraphs(document)) + "\n"


def _paragraphs(document: Document) -> Iterator[str]:
    yield "\n".join(document.cover)
    yield "目 录"
    yield from document.contents
    number = 0
    for block in document.body:
        if isinstance(block, Table):
            number += not block.inserted
            yield from above(block, number, document.department, document.style)
            yield from _pages(block, document)
            yield from block.notes
        else:
            yield block.text if isinstance(block, Heading) else block


def _pages(table: Table, document: Document) -> Iterator[str]:
    """The grid in pages, each with the header again."""
    top = ["\t".join(cell.text for cell in row) for row in header(table)]
    rows = ["\t".join(row) for row in body(table, document.style)]
    size = document.style.page or len(rows)
    for start in range(0, max(len(rows), 1), size):
        yield "\n".join([*top, *rows[start : start + size]])
