"""Markdown: paragraphs, headings and pipe tables.

In: UTF-8 or GB18030 bytes. Out: a paragraph per block of prose, a grid per table, each with its line. markdown-it reads the
syntax; what it marks up (emphasis, links) comes as plain text.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.model import Block, Grid, GridCell, GridRow, Paragraph, Place
from index.readers.base import Reader
from index.readers.txt import decode

BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)  # the only line break that a pipe table knows


class MarkdownReader(Reader):
    """Markdown with pipe tables."""

    suffixes = (".md", ".markdown")
    plain = True

    def read(self, content: bytes, name: str) -> list[Block]:
        """Paragraphs and tables, each with its line."""
        tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(decode(content, name))
        blocks: list[Block] = []
        rows: list[GridRow] = []
        for token in tokens:
            line = token.map[0] + 1 if token.map else (rows[-1].place.line or 0) + 1 if rows else 1
            if token.type == "table_open":
                rows = []
            elif token.type == "tr_open":
                rows.append(GridRow(cells=[], place=Place(line=line)))
            elif token.type == "table_close":
                blocks.append(Grid(rows=rows, place=rows[0].place))
                rows = []
            elif token.type == "inline" and rows:
                rows[-1].cells.append(GridCell(text=_plain(token).strip()))
            elif token.type in ("inline", "code_block", "fence", "html_block"):
                blocks += [Paragraph(text=text.strip(), place=Place(line=line + n))
                           for n, text in enumerate(_plain(token).split("\n")) if text.strip()]  # fmt: skip
        return blocks


def _plain(token: Token) -> str:
    if token.children is None:
        return token.content
    return "".join(
        "\n" if child.type in ("softbreak", "hardbreak") else "" if BREAK.fullmatch(child.content) else child.content
        for child in token.children
    )
