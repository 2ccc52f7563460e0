"""Search inside a document. In: a Document and some characters. Out: the rows that have them, in document order.

What is sought is compared without spaces and in one width of characters, as a reader sees it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.web.sources.named_cells import title_of
from assistant.web.sources.reference import Reference
from index.model import Document, Row


@dataclass(frozen=True)
class Hit:
    """A row, and the cell of it that has the characters, if it is one."""

    reference: Reference
    table: str
    row: tuple[str, ...]
    text: str


def find(document: Document, document_id: str, sought: str) -> Iterator[Hit]:
    """Rows whose label, code, words or figures have the characters; none for an empty search."""
    wanted = _plain(sought)
    for index, table in enumerate(document.tables if wanted else ()):
        for number, row in enumerate(table.rows):
            found = _match(row, wanted)
            if found:
                column, text = found
                reference = Reference(document=document_id, table=index, row=number, column=column)
                yield Hit(reference, title_of(table), tuple(row.path) or (row.label,), text)


def _match(row: Row, wanted: str) -> tuple[int | None, str] | None:
    """The column that has the characters, None for the row's own words; and what it says beside its label."""
    if wanted in _plain(row.label):
        return None, next((cell for cell in row.cells if cell), "")
    if row.code and wanted in _plain(row.code):
        return None, row.code
    words = next((text for text in row.texts.values() if wanted in _plain(text)), None)
    if words is not None:
        return None, _around(words, wanted)
    column = next((c for c, cell in enumerate(row.cells) if wanted in _plain(cell)), None)
    return None if column is None else (column, row.cells[column])


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _around(text: str, wanted: str, width: int = 20) -> str:
    """What stands about the characters in a long text."""
    plain = _plain(text)
    at = plain.find(wanted)
    start, end = max(0, at - width), at + len(wanted) + width
    return f"{'…' if start else ''}{plain[start:end]}{'…' if end < len(plain) else ''}"
