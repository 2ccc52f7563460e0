"""Saved web pages.

In: the bytes of a page, in UTF-8, GBK or the encoding it names. Out: its paragraphs and tables in reading order. Scripts,
menus and hidden elements are not read, nothing is loaded from elsewhere. Pages whose text is placed piece by piece are read
like printed ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html
from lxml.html import HtmlElement

from index.errors import ReadError
from index.layout.pages import blocks_of
from index.layout.positioned import is_positioned, positioned_pages
from index.layout.text import joined, without_spaces
from index.model import MOST_COLUMNS, Block, Grid, GridCell, GridRow, Paragraph, Place
from index.readers.base import Reader
from index.readers.txt import decode

CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
SKIPPED = {
    "script",
    "style",
    "noscript",
    "template",
    "head",
    "nav",
    "footer",
    "button",
    "select",
    "iframe",
    "svg",
}
BLOCKS = {
    "form",
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "section", "article", "main", "dl", "dt", "dd",
    "blockquote", "center", "pre", "table", "tbody", "thead", "tfoot", "tr", "td", "th", "body", "header", "hr",
}  # fmt: skip
MOST_SPAN = 200
MOST_FIELDS = 1_000_000
LINE_END = "\x1e"


class HtmlReader(Reader):
    """Web pages."""

    suffixes = (".html", ".htm")

    def read(self, content: bytes, name: str) -> list[Block]:
        """Paragraphs and tables of what a page shows."""
        text = _decode(content, name)
        try:
            tree = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
        except (etree.ParserError, ValueError) as error:
            raise ReadError(f"{name}：不是网页文件；请重新保存网页") from error
        if is_positioned(tree):
            title = Paragraph(text=(tree.findtext(".//title") or "").strip(), place=Place(page=1))
            return [*([title] if title.text else []), *blocks_of(positioned_pages(tree))]
        return list(_blocks(tree))


def _decode(content: bytes, name: str) -> str:
    """By the mark or the name that the page gives, else UTF-8, else GB18030."""
    told = CHARSET.search(content[:4096])
    if told and b"\x00" not in content and not content.startswith(b"\xef\xbb\xbf"):
        encoding = told[1].decode("ascii").lower()
        try:
            return content.decode("gb18030" if encoding.startswith("gb") else encoding)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(content, name)


def _blocks(tree: HtmlElement) -> Iterator[Block]:
    title = (tree.findtext(".//title") or "").strip()
    if title:
        yield Paragraph(text=title, place=Place(line=1))
    body = tree.find("body")
    yield from _walk(body if body is not None else tree)


def _walk(element: HtmlElement) -> Iterator[Block]:
    """The blocks below an element: a table of data as a grid, a table that only lays out a page as what it holds."""
    words: list[str] = [element.text or ""]
    line = element.sourceline or 1
    for child in element:
        if not isinstance(child.tag, str) or child.tag in SKIPPED or _is_hidden(child):
            words.append(child.tail or "")
            continue
        if child.tag == "br":
            yield from _paragraph(words, line)
            words = []
        elif child.tag == "table" and not _is_layout(child) and (grid := _grid(child)):
            yield from _paragraph(words, line)
            words = []
            caption = child.find("caption")
            yield from _paragraph([_inline(caption)] if caption is not None else [], child.sourceline or line)
            yield grid
        elif child.tag in BLOCKS or _holds_blocks(child):
            yield from _paragraph(words, line)
            words = []
            yield from _walk(child)
        else:
            words.append(_inline(child))
        words.append(child.tail or "")
    yield from _paragraph(words, line)


def _paragraph(words: list[str], line: int) -> Iterator[Paragraph]:
    text = without_spaces("".join(words))
    if text:
        yield Paragraph(text=text, place=Place(line=line))


def _inline(element: HtmlElement) -> str:
    """The text of an element, with a mark where a line of it ends."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in SKIPPED and not _is_hidden(child):
            end = LINE_END if child.tag in BLOCKS or child.tag == "br" else ""
            parts.append(end + _inline(child) + end)
        parts.append(child.tail or "")
    return "".join(parts)


def _text_of(cell: HtmlElement) -> str:
    """The lines of a cell as one text."""
    return joined(without_spaces(line) for line in _inline(cell).split(LINE_END))


def _is_hidden(element: HtmlElement) -> bool:
    style = re.sub(r"\s", "", element.get("style") or "").lower()
    return element.get("hidden") is not None or "display:none" in style or "visibility:hidden" in style


def _holds_blocks(element: HtmlElement) -> bool:
    return any(isinstance(e.tag, str) and e.tag in BLOCKS for e in element.iterdescendants())


def _is_layout(table: HtmlElement) -> bool:
    """A table around tables, or with fewer than two cells in each of its rows."""
    rows = list(_rows_of(table))
    return any(True for _ in table.iterdescendants("table")) or all(len(row) < 2 for row in rows)


def _rows_of(table: HtmlElement) -> Iterator[list[HtmlElement]]:
    for row in table.iterdescendants("tr"):
        if next(row.iterancestors("table")) is table and not _is_hidden(row):
            yield [
                cell for cell in row if isinstance(cell.tag, str) and cell.tag in ("td", "th") and not _is_hidden(cell)
            ]


def _grid(table: HtmlElement) -> Grid | None:
    """The fields of a table, with the spans that it gives; None where they are more than a table of data has."""
    found = list(_rows_of(table))
    fields: dict[tuple[int, int], GridCell] = {}
    covered, blank = GridCell(text="", row_span=0, col_span=0), GridCell(text="")
    for r, row in enumerate(found):
        c = 0
        for cell in row:
            while (r, c) in fields:
                c += 1
            down = min(_span(cell, "rowspan") or len(found), len(found) - r)
            across = min(_span(cell, "colspan") or 1, MOST_SPAN)
            if c + across > MOST_COLUMNS or len(fields) > MOST_FIELDS:
                return None
            for i in range(r, r + down):
                for k in range(c, c + across):
                    fields.setdefault((i, k), covered)
            fields[r, c] = GridCell(text=_text_of(cell), row_span=down, col_span=across)
            c += across
    width = 1 + max(c for _, c in fields)
    if len(found) * width > MOST_FIELDS:
        return None
    rows = [
        GridRow(
            cells=[fields.get((r, c), blank) for c in range(width)],
            place=Place(line=(row[0].sourceline if row else None) or table.sourceline or 1),
        )
        for r, row in enumerate(found)
    ]
    return Grid(rows=rows, place=rows[0].place, spanned=True)


def _span(cell: HtmlElement, name: str) -> int:
    """How many rows or columns a cell says to span; 0 is as many as there are."""
    text = (cell.get(name) or "1").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 1
