"""The document model: what readers yield (blocks) and what structure makes of them (Document).

Raw text stands beside what was read from it: a cell that is blank has the value None, a printed 0.00 is zero, and a row
that is absent is no row at all.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, Field

from index.amounts import unit_of_column

MOST_COLUMNS = 300  # of a table: the widest that are published have some sixty
MOST_ROWS = 5000  # and some hundreds

Side = Literal["收入", "支出"]
# OCR's confidence in the characters of a text, each with the offset from which on it holds; None for the file's own text.
Confidences = list[tuple[int, float | None]]
RowRole = Literal["total", "item", "unit", "project"]


class Place(BaseModel):
    """Where something stands in its file: a line, a page with a box in points, or a sheet with a cell."""

    line: int | None = None
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    sheet: str | None = None
    cell: str | None = None
    turned: int | None = Field(
        None,
        description="of a scan: by how many quarters it was turned anticlockwise to be read; `box` is as it then lies",
    )

    def as_dict(self) -> dict:
        """Only what is known, as the contract prints it."""
        return self.model_dump(exclude_none=True)


class GridCell(BaseModel):
    """One field of a grid as read. Spans are 1 where the format does not tell them, 0 for a field that the merged cell to its
    left or above covers; `confidence` is OCR's, None where the text is the file's own; `indent` is how far the text is set in,
    in characters, None where the format does not tell or the column is centred."""

    text: str
    row_span: int = 1
    col_span: int = 1
    place: Place | None = None
    confidence: float | None = None
    indent: float | None = None

    @property
    def covered(self) -> bool:
        """Whether another cell covers this field."""
        return not self.row_span


class GridRow(BaseModel):
    """One row of a grid, its cells from left to right."""

    cells: list[GridCell]
    place: Place

    def texts(self) -> list[str]:
        """The texts of its cells."""
        return [cell.text for cell in self.cells]


class Paragraph(BaseModel):
    """A paragraph of prose, as a reader yields it."""

    kind: Literal["paragraph"] = "paragraph"
    text: str
    place: Place
    confidences: Confidences = Field(default_factory=list)


class Grid(BaseModel):
    """A grid of cells, as a reader yields it."""

    kind: Literal["grid"] = "grid"
    rows: list[GridRow]
    place: Place
    spanned: bool = Field(False, description="whether the format tells which cells are merged")


Block = Paragraph | Grid


class Row(BaseModel):
    """One row of a table. `cells` and `values` align with the table's columns; amounts are in the table's unit."""

    label: str = Field(description="as printed, without its code")
    path: list[str] = Field(description="labels from the outermost ancestor down to this row")
    code: str | None = None
    level: int = Field(0, description="depth: 0 for a total, else 1 for 类 or 一、, 2 for 款 or （一）, 3 for 项")
    role: RowRole = "item"
    side: Side | None = None
    block: int = Field(0, description="which of several lists that stand side by side in the table, from the left")
    budget_unit: str | None = Field(None, description="the unit of organisation (资金使用单位) that the row belongs to")
    cells: list[str]
    values: list[Decimal | None]
    texts: dict[str, str] = Field(default_factory=dict, description="columns of words, such as 绩效目标")
    units: list[str | None] = Field(default_factory=list, description="per cell, where a form gives its own: %, 项, 分")
    place: Place
    places: list[Place | None] = Field(default_factory=list, description="per cell, where the format tells")
    confidences: list[float | None] = Field(default_factory=list, description="per cell, of OCR; None for text")
    text_confidences: dict[str, float] = Field(default_factory=dict, description="of OCR, in the columns of words")

    def place_of(self, column: int) -> Place:
        """The place of a cell, or of its row where the format does not tell."""
        return (self.places[column] if column < len(self.places) else None) or self.place


class Table(BaseModel):
    """A table as read: `columns`, and the cells and values of its rows, are of its value columns alone."""

    number: str | None = None
    title: str
    kind: str
    unit: str | None = Field(None, description="unit of money: 元, 千元, 万元, 亿元")
    columns: list[list[str]] = Field(description="header path of each value column")
    rows: list[Row]
    notes: list[str] = Field(default_factory=list)
    note_places: list[Place] = Field(default_factory=list, description="one per note")
    place: Place

    def unit_of(self, row: Row, column: int) -> str | None:
        """The unit of one cell's amount: its own where a form gives one, % where it is printed, else that of its column."""
        if row.units:
            return row.units[column]
        if row.cells[column].rstrip().endswith(("%", "％")):
            return "%"
        return None if self.kind == "performance_fields" else unit_of_column(self.columns[column], self.unit)


class Section(BaseModel):
    """A paragraph of prose with the headings above it."""

    path: list[str]
    text: str
    place: Place
    joins: list[tuple[int, Place]] = Field(
        default_factory=list, description="where text that a page break had cut goes on: character offset and place"
    )
    confidences: Confidences = Field(default_factory=list)

    def place_at(self, offset: int) -> Place:
        """The place of the character at an offset of the text."""
        return next((place for start, place in reversed(self.joins) if start <= offset), self.place)

    def confidence_in(self, start: int, end: int) -> float | None:
        """OCR's confidence in its least certain character between two offsets."""
        ends = [*(offset for offset, _ in self.confidences[1:]), len(self.text)]
        within = (
            sure
            for (offset, sure), until in zip(self.confidences, ends, strict=False)
            if offset < end and until > start and sure is not None
        )
        return min(within, default=None)


class Document(BaseModel):
    """One budget or final accounts of a department or unit, as parsed from a file."""

    title: str
    department: str
    year: int
    kind: str
    budget_units: list[str] = Field(default_factory=list, description="department first, then its subordinate units")
    tables: list[Table]
    sections: list[Section]

    def turned(self, page: int) -> int | None:
        """By how many quarters a page was turned to be read, where it is a scan; None for any other page."""
        rows = (row.place for table in self.tables for row in table.rows)
        prose = (place for section in self.sections for place in (section.place, *(p for _, p in section.joins)))
        return next((place.turned for place in (*rows, *prose) if place.page == page), None)
