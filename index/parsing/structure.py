"""Blocks to Document.

In: ordered blocks, each with its place. Out: sections and tables with column paths, row paths, units and notes. Titles may
stand well above their grid, inside of it as a row across all columns, or on each page again; the contents page repeats
them all, so a title counts only when a grid follows. A grid that follows another with the same header, and no title or the
same title between, continues it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from index.captions import Caption, is_title, number_of, owner_of, read_caption, unit_of
from index.errors import StructureError
from index.model import (
    MOST_COLUMNS,
    MOST_ROWS,
    Block,
    Document,
    Grid,
    GridCell,
    GridRow,
    Paragraph,
    Section,
    Table,
)
from index.parsing.agreement import with_agreed_units
from index.parsing.forms.form import form_tables
from index.parsing.forms.project_list import indicator_list
from index.parsing.forms.recognising import is_form, is_indicator_list
from index.parsing.headers import column_paths, count_header_rows, is_running_numbers
from index.parsing.metadata import PART, identify, is_organisation
from index.parsing.prose import figures
from index.parsing.rows import HEAD_OFFICE, is_total, plain_label
from index.parsing.tables import UNIT_COLUMN, Draft, build_table

HEADING = re.compile(r"^([一二三四五六七八九十]+)、(.{1,40})$")
CONTENTS_LINE = re.compile(r"^[-–•·]?\s*([一二三四五六七八九十]+)、(.+表.*)$")
FORM_OWNER = re.compile(r"^(?:部门|单位|预算部门)(?:[（(](?:单位|部门)[)）])?(?:名称)?[:：]?$")
FORM_SUPERVISOR = re.compile(r"^(?:部门|单位|预算部门|(?:项目)?主管部门)(?:[（(](?:单位|部门)[)）])?(?:名称)?[:：]?$")
UNIT_CODE = re.compile(r"^(?:预算)?(?:单位|部门)(?:编码|代码)$")
LEADERS = re.compile(r"[.．…·_]{4,}\s*[-—]?\s*\d*\s*[-—]?$")
NOTE = re.compile(r"^[（(]?(?:注|备注|说明)\d*[:：]|^[:：]")
SENTENCE_END = "。；：！？.;:!?”）)"
DIGITS = "零一二三四五六七八九"


def build_document(blocks: list[Block], name: str, department: str | None = None, year: int | None = None) -> Document:
    """The Document of one file's blocks; `department` and `year` correct what the file says. Raises StructureError when it
    holds neither tables nor prose, or its department or year cannot be told."""
    body = _first_part(blocks)
    walk = _Walk(numbers=_contents_numbers(blocks[:body]))
    for block in blocks[body:]:
        walk.take(block)
    _check_size(walk.drafts, name)
    sections = walk.finished_sections()
    if not walk.drafts and not any(figures(sections)):
        raise StructureError(f"{name}：没有找到表格，文字里也没有金额；请确认这是部门预算或决算的全文")
    owners = [*walk.owners, *_form_owners(walk.drafts)]
    found = identify(blocks, [draft.title for draft in walk.drafts], owners, name, department, year)
    _complete_names(walk.drafts)
    units = _budget_units(found.department, sections, walk.drafts)
    tables = with_agreed_units([table for draft in walk.drafts for table in _tables(draft, units)])
    return Document(
        title=found.title, department=found.department, year=found.year, kind=found.kind, budget_units=units,
        tables=tables, sections=sections,
    )  # fmt: skip


def _check_size(drafts: list[Draft], name: str) -> None:
    """What follows compares rows with rows and columns with columns: a sheet filled to its edges would take it hours."""
    for draft in drafts:
        wide, long = max(len(row.cells) for row in draft.rows), len(draft.rows)
        if wide > MOST_COLUMNS or long > MOST_ROWS:
            raise StructureError(
                f"{name}：有一张表多达{long}行、{wide}列，无法整理（最多{MOST_ROWS}行、{MOST_COLUMNS}列）；请删去多余的行列，或拆成几份"
            )


def chinese_number(text: str) -> int:
    """一 to 九十九 as an int."""
    tens, _, ones = text.rpartition("十")
    if "十" not in text:
        return DIGITS.index(text)
    return (DIGITS.index(tens) if tens else 1) * 10 + (DIGITS.index(ones) if ones else 0)


def _contents_numbers(blocks: list[Block]) -> dict[str, str]:
    """Table titles of the contents page to their numbers."""
    numbers: dict[str, str] = {}
    for block in blocks:
        match = CONTENTS_LINE.match(block.text) if isinstance(block, Paragraph) else None
        if match:
            numbers[plain_label(LEADERS.sub("", match[2]))] = str(chinese_number(match[1]))
    return numbers


def _first_part(blocks: list[Block]) -> int:
    """Index of the first block of the body: the second time that 第一部分 stands, when a contents page has it too."""
    parts = [i for i, b in enumerate(blocks) if isinstance(b, Paragraph) and PART.match(b.text)]
    first = [i for i in parts if blocks[i].text[:4] == blocks[parts[0]].text[:4]] if parts else []  # type: ignore[union-attr]
    start = first[1] if len(first) > 1 else (first[0] if first else 0)
    grids = [i for i, block in enumerate(blocks) if isinstance(block, Grid)]
    return start if not grids or grids[0] > start else 0


@dataclass
class _Walk:
    """The state of one pass over the blocks."""

    numbers: dict[str, str]
    drafts: list[Draft] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    caption: list[Paragraph] = field(default_factory=list)
    last: Paragraph | Grid | None = None
    in_note: bool = False

    def take(self, block: Block) -> None:
        if isinstance(block, Grid):
            self._take_grid(block)
        elif not LEADERS.search(block.text):
            self._take_paragraph(block)
        self.last = block

    def _take_paragraph(self, block: Paragraph) -> None:
        text = block.text
        after_note = isinstance(self.last, Paragraph) and self.in_note and _next_line(self.last, block)
        after_grid = isinstance(self.last, Grid) or self.in_note
        begins = PART.match(text) or _is_heading(text) or is_title(text) or number_of(text)
        self.in_note = bool(self.drafts) and bool((NOTE.match(text) and after_grid) or (after_note and not begins))
        if self.in_note:
            if not re.fullmatch(r"[（(]?(?:注|备注|说明)?[:：]\s*无?[。.]?", text):
                self.drafts[-1].notes.append(block)
            return
        if PART.match(text):
            self.path, self.caption = [text], []
        elif _is_heading(text):
            self.path, self.caption = [*self.path[:1], text], [block]
        else:
            self.caption.append(block)
            if not (unit_of(text) or owner_of(text) or number_of(text)):
                self.sections.append(
                    Section(path=list(self.path), text=text, place=block.place, confidences=block.confidences)
                )

    def _take_grid(self, grid: Grid) -> None:
        above, rows, below = _peel(grid)
        if not any(cell.text for row in rows for cell in row.cells):
            return  # stray tabs
        caption = read_caption([*self.caption, *above])
        self.owners += [caption.owner] if caption.owner else []
        lines = [p for p in self.caption if p.text]
        if self.drafts and self._continues(caption, rows, grid.spanned, bool(lines or above)):
            self._append(rows, grid.spanned)
        else:
            title = caption.title or re.sub(r"^[一二三四五六七八九十]+、", "", self.path[-1] if self.path else "")
            number = self.numbers.get(plain_label(title)) or caption.number
            self.drafts.append(Draft(title, number, caption.unit, rows, grid.spanned))
        self.drafts[-1].notes += below
        # What served as a caption is no prose.
        used = [(p.place, p.text) for p in caption.used]  # a page written in one line has one place for all
        self.sections = [s for s in self.sections if (s.place, s.text) not in used]
        self.caption = []

    def _continues(self, caption: Caption, rows: list[GridRow], spanned: bool, has_lines: bool) -> bool:
        before = self.drafts[-1]
        same_title = bool(caption.title) and plain_label(caption.title) == plain_label(before.title)
        if (has_lines and not same_title) or len(rows[0].cells) != len(before.rows[0].cells):
            return False
        if is_form(before) and rows[0].texts() != before.rows[0].texts():
            return False
        return rows[0].texts() == before.rows[0].texts()

    def _append(self, rows: list[GridRow], spanned: bool) -> None:
        """Add the rows of a page, without the header and the totals that it repeats."""
        before = self.drafts[-1].rows
        start = count_header_rows(rows, spanned) if rows[0].texts() == before[0].texts() else 0
        while start < len(rows) and (is_running_numbers(rows[start]) or _is_repeated_total(rows[start], before)):
            start += 1
        before += rows[start:] if spanned else rows

    def finished_sections(self) -> list[Section]:
        """Sections with sentences that a page break had cut joined again."""
        joined: list[Section] = []
        for section in self.sections:
            before = joined[-1] if joined else None
            if before and before.path == section.path and before.text[-1] not in SENTENCE_END and len(before.text) > 20:
                before.joins.append((len(before.text), section.place))
                if before.confidences or section.confidences:
                    own = section.confidences or [(0, None)]
                    before.confidences += [(len(before.text) + offset, sure) for offset, sure in own]
                before.text += section.text
            else:
                joined.append(section)
        return joined


def _is_heading(text: str) -> bool:
    return bool(HEADING.match(text)) and not text.endswith(tuple("。；")) and "：" not in text


def _is_repeated_total(row: GridRow, before: list[GridRow]) -> bool:
    texts = row.texts()
    return any(is_total(text) for text in texts[:2]) and any(texts == other.texts() for other in before)


def _next_line(before: Paragraph, after: Paragraph) -> bool:
    if before.place.page is not None:
        return before.place.page == after.place.page and before.text[-1:] not in "。；！？"
    return before.place.line is not None and after.place.line == before.place.line + 1


# --- a title or a note inside of a grid --------------------------------------------------------------------------
def _peel(grid: Grid) -> tuple[list[Paragraph], list[GridRow], list[Paragraph]]:
    """The rows of a grid without those at its top and bottom that hold one text across all columns: titles and notes."""
    rows = list(grid.rows)
    if not grid.spanned:
        return [], rows, []
    above: list[Paragraph] = []
    below: list[Paragraph] = []
    while len(rows) > 1 and (texts := _caption_texts(rows[0])):
        above += [Paragraph(text=text, place=rows[0].place) for text in texts]
        rows.pop(0)
    while len(rows) > 1 and (text := _note_text(rows[-1])):
        below.insert(0, Paragraph(text=text, place=rows[-1].place))
        rows.pop()
    return above, rows, below


def _caption_texts(row: GridRow) -> list[str]:
    """The texts of a row that is no row of the table: a title across it, its number, or its owner and unit."""
    texts = [text for text in row.texts() if text]
    if (
        len(texts) == 1
        and (row.cells[0].col_span == len(row.cells) or is_title(texts[0]) or number_of(texts[0]))
        and not is_total(texts[0])
    ):
        return texts if len(row.cells) > 1 else []
    told = [
        text
        for text in texts
        if unit_of(text) or owner_of(text) or number_of(text) or re.match(r"^[（(]?20\d\d年度?[)）]?$", text)
    ]
    return texts if texts and len(told) == len(texts) else []


def _note_text(row: GridRow) -> str:
    texts = [text for text in row.texts() if text]
    if len(texts) != 1:
        return ""
    across = row.cells[0].col_span == len(row.cells) and bool(row.cells[0].text)
    return texts[0] if NOTE.match(texts[0]) or (across and len(texts[0]) > 15) else ""


# --- tables and units --------------------------------------------------------------------------------------------
def _tables(draft: Draft, budget_units: list[str]) -> list[Table]:
    if is_form(draft):
        return form_tables(draft)
    if is_indicator_list(draft):
        return indicator_list(draft, budget_units)
    return [build_table(draft, budget_units)]


def _form_owners(drafts: list[Draft]) -> list[str]:
    """Who is named in the form's own field: 部门名称 | 某局. Of a file that is one project's form, whose project it is."""
    wanted = FORM_OWNER if len(drafts) > 1 else FORM_SUPERVISOR
    found = []
    for draft in drafts:
        for row in draft.rows[:4]:
            texts = [re.sub(r"\s", "", text) for text in row.texts() if text]
            found += [value for label, value in pairwise(texts) if wanted.match(label)]
    return found


def _budget_units(department: str, sections: list[Section], drafts: list[Draft]) -> list[str]:
    """The department, the subordinate units that its prose lists (下属单位具体包括：甲、乙、丙), and those of columns 单位名称."""
    found = [department]
    for section in sections:
        match = re.search(
            r"(?:下属单位|所属单位|预算单位|下属事业单位)[^：。]{0,20}(?:包括|有|为)[:：]?([^。]+)。", section.text
        )
        if match:
            found += [n.strip(" “”") for n in re.split(r"[、，,；;]|和(?=.{4,})", match[1])]
    found += [cell.text for draft in drafts for _, cell in _named_units(draft)]
    named = (re.sub(r"\s|^(?:\d{3,}[-—]?)", "", name) for name in found)
    return list(dict.fromkeys(n for n in named if n == department or (3 < len(n) < 40 and is_organisation(n))))


def _named_units(draft: Draft) -> list[tuple[str, GridCell]]:
    """The cells of columns 单位名称, each with the code that a column 单位编码 gives its row, or without."""
    header = draft.rows[: count_header_rows(draft.rows, draft.spanned)]
    leaves = (
        [re.sub(r"\s", "", path[-1]) if path else "" for path in column_paths(header, draft.spanned)] if header else []
    )
    code = next((c for c, leaf in enumerate(leaves) if UNIT_CODE.match(leaf)), None)
    return [
        (row.cells[code].text if code is not None and code < len(row.cells) else "", row.cells[c])
        for c, leaf in enumerate(leaves)
        if UNIT_COLUMN.search(leaf)
        for row in draft.rows[len(header) :]
        if c < len(row.cells)
    ]


def _complete_names(drafts: list[Draft]) -> None:
    """Units whose names their cells cut off get the whole name, in place: what another table prints for the same code. A
    department's head office, which may have its code, is another unit."""
    cells = [(code, cell) for draft in drafts for code, cell in _named_units(draft) if code and cell.text]
    for code, cell in cells:
        whole = max((other.text for same, other in cells if same == code), key=len)
        if whole.startswith(cell.text) and HEAD_OFFICE.sub("", whole) != cell.text:
            cell.text = whole
