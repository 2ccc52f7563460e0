"""Cells by their place in words: whose, in which table, row and column. In: a store and indices of cells. Out: NamedCells.

The indices alone open the evidence panel; a reader, an export and the API want the words.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assistant.web.sources.reference import Reference
from index.checks.identity import PROSE, IdentityCell
from index.model import Document, Table
from index.parsing.prose import Figure, figures
from index.sql.store import Store

KEPT = 8  # documents held parsed while a page of cells is put into words


@dataclass(frozen=True, slots=True)
class NamedCell:
    """A cell or a figure of prose; `unit` is that of its amount, and `text` what is printed."""

    reference: Reference
    table: str
    row: tuple[str, ...]
    column: tuple[str, ...]
    text: str
    unit: str

    @property
    def name(self) -> str:
        """Row and column, shortly."""
        return "　".join(filter(None, (self.row[-1] if self.row else "", " / ".join(self.column))))

    @property
    def amount(self) -> str:
        """The text with its unit, once."""
        return self.text if self.text.endswith(self.unit) else f"{self.text}{self.unit}"

    def said(self) -> str:
        """`表1　收支总体情况表 › 教育支出 › 预算：12.00万元`."""
        return f"{' › '.join(filter(None, (self.table, *self.row, ' / '.join(self.column))))}：{self.amount}"


class NamedCells:
    """For one answer of the page or the API: documents are parsed once."""

    def __init__(self, store: Store) -> None:
        self._parsed = lru_cache(maxsize=KEPT)(store.parsed)
        self._told = lru_cache(maxsize=KEPT)(self._figures)

    def of(self, document: str, cell: IdentityCell) -> NamedCell:
        """A cell in words, by the id of its document. Raises IndexError where there is none."""
        if cell.table == PROSE:
            return _figure(document, self._told(document)[cell.row])
        return cell_source(self._parsed(document), document, cell.table, cell.row, cell.column)

    def _figures(self, document: str) -> list[Figure]:
        return figures(self._parsed(document).sections)


def title_of(table: Table) -> str:
    """A table as it is called: with its number, where it has one."""
    return f"表{table.number}　{table.title}" if table.number else table.title


def cell_source(document: Document, document_id: str, table_index: int, row_index: int, column: int) -> NamedCell:
    """A cell of a table. Raises IndexError where there is none."""
    table = document.tables[table_index]
    row = table.rows[row_index]
    unit = table.unit_of(row, column) if row.values[column] is not None else None
    reference = Reference(document=document_id, table=table_index, row=row_index, column=column)
    path = tuple(row.path or [row.label or "合计"])
    return NamedCell(reference, title_of(table), path, tuple(table.columns[column]), row.cells[column], unit or "")


def _figure(document_id: str, figure: Figure) -> NamedCell:
    reference = Reference(document=document_id, place=figure.place, text=figure.text)
    return NamedCell(reference, figure.path[-1] if figure.path else "正文", (figure.label,), (), figure.text, "")
