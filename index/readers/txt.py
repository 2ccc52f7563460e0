"""Plain text with tab-separated tables.

In: UTF-8 or GB18030 bytes. Out: a paragraph per line of prose, a grid per run of lines with tabs. A line is never
stripped of leading tabs: in side-by-side tables the left cells are empty, and stripping would shift the columns.
"""

from __future__ import annotations

from itertools import groupby

from index.errors import ReadError
from index.model import Block, Grid, GridCell, GridRow, Paragraph, Place
from index.readers.base import Reader


def decode(content: bytes, name: str) -> str:
    """UTF-8 (with or without a mark), else GB18030. Raises ReadError for bytes that are neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise ReadError(f"{name}：不是UTF-8或GB18030编码的文本；请另存为UTF-8文本后重试")


class TxtReader(Reader):
    """Plain text, in UTF-8 or GB18030."""

    suffixes = (".txt",)
    plain = True

    def read(self, content: bytes, name: str) -> list[Block]:
        """Runs of lines with tabs are grids, every other line is a paragraph."""
        numbered = enumerate(decode(content, name).replace("\r\n", "\n").split("\n"), 1)
        blocks: list[Block] = []
        for tabbed, run in groupby(numbered, key=lambda line: "\t" in line[1]):
            if tabbed:
                rows = [
                    GridRow(cells=[GridCell(text=t.strip()) for t in line.split("\t")], place=Place(line=number))
                    for number, line in run
                ]
                blocks.append(Grid(rows=rows, place=rows[0].place))
            else:
                blocks += [Paragraph(text=line.strip(), place=Place(line=n)) for n, line in run if line.strip()]
        return blocks
