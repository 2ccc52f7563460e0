"""Documents as files in a folder. In: a seed, how many, a folder. Out: the files, one at a time, so that memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.province.documents import Document, document
from benchmarks.province.style import Format, format_of
from benchmarks.province.text_file import text_of


def file_name(document: Document, form: Format) -> str:
    return f"{document.index:05d}-{document.department}-{document.slot.year}-{document.kind}.{form}"


def content_of(document: Document, form: Format) -> bytes:
    if form == "xlsx":
        from benchmarks.province.workbook import workbook_of

        return workbook_of(document)
    if form == "pdf":
        from benchmarks.province.pdf_file import pdf_of

        return pdf_of(document)
    return text_of(document).encode()


def write_documents(seed: int, indices: range, folder: Path) -> Iterator[Path]:
    """Write the documents of these indices; each path as soon as it is written."""
    folder.mkdir(parents=True, exist_ok=True)
    for index in indices:
        one = document(seed, index)
        form = format_of(seed, index)
        path = folder / file_name(one, form)
        path.write_bytes(content_of(one, form))
        yield path
