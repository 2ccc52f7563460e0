"""ODS workbooks.

In: the bytes of a workbook. Out: a grid per table, each cell with its sheet and address. The file keeps the text that each
cell shows, and its spans (OpenDocument 1.3, part 3, 9.1), so nothing has to be formatted.
"""

from __future__ import annotations

import zipfile
import zlib

from lxml import etree

from index.archives import open_archive
from index.errors import ReadError
from index.layout.sheet import Field, Range, Sheet, sheet_blocks
from index.layout.text import joined
from index.model import Block
from index.readers.base import Reader

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
MOST_TEXTS = 500_000  # of one sheet: a few bytes can say to repeat a text over all of it
LAST_COLUMN, LAST_ROW = 16384, 1048576


class OdsReader(Reader):
    """OpenDocument workbooks."""

    suffixes = (".ods",)

    def read(self, content: bytes, name: str) -> list[Block]:
        """The grids and lines of the sheets that are shown."""
        with open_archive(content, name) as archive:
            try:
                parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
                root = etree.fromstring(archive.read("content.xml"), parser)
                hidden = {
                    style.get(f"{STYLE}name") for style in root.iter(f"{STYLE}style")
                    if any(p.get(f"{TABLE}display") == "false" for p in style.iter(f"{STYLE}table-properties"))
                }  # fmt: skip
                sheets = [
                    _sheet(t, name) for t in root.iter(f"{TABLE}table") if t.get(f"{TABLE}style-name") not in hidden
                ]
            except (
                KeyError,
                OSError,
                RuntimeError,
                ValueError,
                zlib.error,
                zipfile.BadZipFile,
                etree.XMLSyntaxError,
            ) as error:
                raise ReadError(f"{name}：不是完整的ODS工作簿，或有密码；请另存为 .xlsx 后重试") from error
        return [block for sheet in sheets for block in sheet_blocks(sheet, name)]


def _sheet(table: etree._Element, name: str) -> Sheet:
    title = table.get(f"{TABLE}name", "")
    texts: dict[Field, str] = {}
    merged: list[Range] = []
    hidden = _hidden_columns(table)
    r = 0
    for row in table.iter(f"{TABLE}table-row"):
        line: dict[int, str] = {}
        c = 0
        for cell in row.iterchildren(f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            down = int(cell.get(f"{TABLE}number-rows-spanned", "1"))
            across = int(cell.get(f"{TABLE}number-columns-spanned", "1"))
            if down * across > 1:
                merged.append((r, c, r + down - 1, c + across - 1))
            covered = cell.tag.endswith("covered-table-cell")
            text = "" if covered else joined("".join(line.itertext()) for line in cell.iterchildren(f"{TEXT}p"))
            if text.strip():
                line |= dict.fromkeys(range(c, min(c + _repeated(cell, "columns"), LAST_COLUMN)), text)
            c += _repeated(cell, "columns")
        below = r + _repeated(row, "rows")
        if line and _is_shown(row):
            shown = {c: text for c, text in line.items() if c not in hidden}
            if len(texts) + (below - r) * len(shown) > MOST_TEXTS:
                raise ReadError(f"{name}：表格“{title}”里重复的内容太多，超出一张表的限度；请删去多余的行和列后重试")
            for again in range(r, below):
                texts |= {(again, c): text for c, text in shown.items()}
        r = below
    return Sheet(title, texts, merged)


def _hidden_columns(table: etree._Element) -> set[int]:
    hidden: set[int] = set()
    c = 0
    for column in table.iter(f"{TABLE}table-column"):
        count = _repeated(column, "columns")
        if not _is_shown(column):
            hidden |= set(range(c, c + min(count, LAST_COLUMN)))
        c += count
    return hidden


def _repeated(element: etree._Element, what: str) -> int:
    return min(max(int(element.get(f"{TABLE}number-{what}-repeated", "1")), 1), LAST_ROW)


def _is_shown(element: etree._Element) -> bool:
    return str(element.get(f"{TABLE}visibility", "visible")) == "visible"
