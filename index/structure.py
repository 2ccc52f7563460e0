"""Blocks to Document.

In: ordered blocks, each with its place. Out: sections and tables with column paths, row paths, units and notes. Titles may
stand well above their grid, and the contents page repeats them all, so a title counts only when a grid follows; a grid
that follows another with the same header and no title between continues it over a page break.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.amounts import parse_amount
from index.errors import StructureError
from index.headers import Column, analyse
from index.kinds import kind_of
from index.model import Block, Document, Grid, GridRow, Paragraph, Row, Section, Side, Table
from index.rows import join_codes, plain_label, set_hierarchy, split_codes

PART = re.compile(r"^第[一二三四五六七八九十]+部分")
HEADING = re.compile(r"^([一二三四五六七八九十]+)、(.{1,40})$")
CONTENTS = re.compile(r"^目\s*录$")
CONTENTS_LINE = re.compile(r"^[-–•·]?\s*([一二三四五六七八九十]+)、(.+表.*)$")
UNIT_LINE = re.compile(r"(?:金额)?单位[:：]\s*(?:人民币)?(元|千元|万元|亿元)")
UNIT_IN_HEADER = re.compile(r"[（(](?:单位[:：])?(元|千元|万元|亿元)[)）]")
OWNER_LINE = re.compile(r"^(?:单位名称|部门名称|编制单位|部门|单位)[:：]\s*(.+)$")
TABLE_NUMBER = re.compile(r"^(?:附?表|附件)\s*([\d一二三四五六七八九十]+)$")
NOTE = re.compile(r"^(?:注|备注|说明)[:：]")
DOCUMENT_KIND = re.compile(r"(部门综合预算|部门预算|单位预算|部门决算|单位决算)")
YEAR = re.compile(r"(20\d\d)\s*年")
SENTENCE_END = "。；：！？.;:!?”）)"
DIGITS = "零一二三四五六七八九"


def build_document(blocks: list[Block], name: str) -> Document:
    """The Document of one file's blocks. Raises StructureError when no title, year or table can be told."""
    title, year, kind = _title(blocks, name)
    department = _department(blocks, title, kind)
    numbers = _contents_numbers(blocks)
    walk = _Walk(numbers=numbers, body=_first_part(blocks))
    for index, block in enumerate(blocks):
        walk.take(index, block)
    sections = walk.finished_sections()
    units = _budget_units(department, sections)
    tables = [_table(draft, units) for draft in walk.tables]
    if not tables:
        raise StructureError(f"{name}：没有找到表格；请确认这是部门预算或决算的全文")
    return Document(
        title=title, department=department, year=year, kind=kind, budget_units=units, tables=tables, sections=sections
    )


def chinese_number(text: str) -> int:
    """一 to 九十九 as an int."""
    tens, _, ones = text.rpartition("十")
    if "十" not in text:
        return DIGITS.index(text)
    return (DIGITS.index(tens) if tens else 1) * 10 + (DIGITS.index(ones) if ones else 0)


def _title(blocks: list[Block], name: str) -> tuple[str, int, str]:
    head = ""
    for block in blocks[:12]:
        if not isinstance(block, Paragraph) or CONTENTS.match(block.text):
            break
        head += re.sub(r"\s", "", block.text)
        kind, year = DOCUMENT_KIND.search(head), YEAR.search(head)
        if kind and year:
            return head, int(year[1]), kind[1]
    raise StructureError(f"{name}：开头没有“××××年…部门预算（决算）”这样的标题；请确认文件完整")


def _department(blocks: list[Block], title: str, kind: str) -> str:
    rest = YEAR.sub("", title).split(kind)[0]
    if rest:
        return rest
    owners = (OWNER_LINE.match(b.text) for b in blocks if isinstance(b, Paragraph))
    return next((m[1] for m in owners if m), title)


def _contents_numbers(blocks: list[Block]) -> dict[str, str]:
    """Table titles of the contents page to their numbers."""
    numbers: dict[str, str] = {}
    for block in blocks[: _first_part(blocks)]:
        match = CONTENTS_LINE.match(block.text) if isinstance(block, Paragraph) else None
        if match:
            numbers[plain_label(match[2])] = str(chinese_number(match[1]))
    return numbers


def _first_part(blocks: list[Block]) -> int:
    """Index of the first block of the body: the second time that 第一部分 stands, when a contents page has it too."""
    parts = [i for i, b in enumerate(blocks) if isinstance(b, Paragraph) and PART.match(b.text)]
    first = [i for i in parts if blocks[i].text[:4] == blocks[parts[0]].text[:4]] if parts else []  # type: ignore[union-attr]
    return first[1] if len(first) > 1 else (first[0] if first else 0)


@dataclass
class _Draft:
    """A table before its rows are read: its caption and its grid rows over all pages."""

    title: str
    number: str | None
    unit: str | None
    rows: list[GridRow]
    notes: list[Paragraph] = field(default_factory=list)


@dataclass
class _Walk:
    """The state of one pass over the blocks."""

    numbers: dict[str, str]
    body: int
    tables: list[_Draft] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    caption: list[Paragraph] = field(default_factory=list)
    last: Paragraph | Grid | None = None
    unit: str | None = None

    def take(self, index: int, block: Block) -> None:
        if index < self.body:
            return
        if isinstance(block, Grid):
            self._take_grid(block)
        else:
            self._take_paragraph(block)
        self.last = block

    def _take_paragraph(self, block: Paragraph) -> None:
        text = block.text
        after_note = isinstance(self.last, Paragraph) and self._is_note and _next_line(self.last, block)
        self._is_note = bool(self.tables) and bool(NOTE.match(text) or after_note)
        if self._is_note:
            if not re.fullmatch(r"(?:注|备注|说明)[:：]\s*无?[。.]?", text):
                self.tables[-1].notes.append(block)
            return
        if PART.match(text):
            self.path, self.caption = [text], []
        elif (match := HEADING.match(text)) and not text.endswith(tuple("。；")) and "：" not in text:
            self.path, self.caption = [*self.path[:1], text], [block]
            del match
        else:
            self.caption.append(block)
            if not (UNIT_LINE.search(text) or OWNER_LINE.match(text) or TABLE_NUMBER.match(text)):
                self.sections.append(Section(path=list(self.path), text=text, place=block.place))

    _is_note: bool = False

    def _take_grid(self, block: Grid) -> None:
        if not any(cell.text for row in block.rows for cell in row.cells):
            return  # stray tabs
        lines = [p.text for p in self.caption]
        titles = [t for t in lines if _is_title(t)]
        header = [row.texts() for row in block.rows[:1]]
        if not lines and self.tables and header == [self.tables[-1].rows[0].texts()]:
            self.tables[-1].rows += block.rows
            return
        title = re.sub(
            r"^[一二三四五六七八九十]+、", "", titles[-1] if titles else (self.path[-1] if self.path else "")
        )
        unit = next((m[1] for t in lines if (m := UNIT_LINE.search(t))), None)
        printed = next((m[1] for t in lines if (m := TABLE_NUMBER.match(t))), None)
        number = self.numbers.get(plain_label(title)) or printed
        self.tables.append(_Draft(title, number, unit, list(block.rows)))
        # What served as a caption is no prose.
        used = {p.place.line for p in self.caption if p.text in titles}
        self.sections = [s for s in self.sections if s.place.line not in used]
        self.caption = []

    def finished_sections(self) -> list[Section]:
        """Sections with sentences that a page break had cut joined again."""
        joined: list[Section] = []
        for section in self.sections:
            before = joined[-1] if joined else None
            if before and before.path == section.path and before.text[-1] not in SENTENCE_END and len(before.text) > 20:
                before.joins.append((len(before.text), section.place))
                before.text += section.text
            else:
                joined.append(section)
        return joined


def _next_line(before: Paragraph, after: Paragraph) -> bool:
    return before.place.line is not None and after.place.line == before.place.line + 1


def _is_title(text: str) -> bool:
    plain = re.sub(r"\s", "", text)
    if UNIT_LINE.search(plain) or OWNER_LINE.match(plain) or TABLE_NUMBER.match(plain) or len(plain) > 60:
        return False
    return bool(re.search(r"(表|情况)(（.*）)?$", plain))


def _budget_units(department: str, sections: list[Section]) -> list[str]:
    """The department and the subordinate units that its prose lists (下属单位具体包括：甲、乙、丙)."""
    units = [department]
    for section in sections:
        match = re.search(
            r"(?:下属单位|所属单位|预算单位|下属事业单位)[^：。]{0,20}(?:包括|有|为)[:：]?([^。]+)。", section.text
        )
        if match:
            names = (n.strip(" “”") for n in re.split(r"[、，,；;]|和(?=.{4,})", match[1]))
            units += [n for n in names if 3 < len(n) < 40 and n not in units]
    return units


def _table(draft: _Draft, budget_units: list[str]) -> Table:
    _, columns, body = analyse(draft.rows)
    kind = kind_of(draft.title)
    groups = _groups(columns)
    values = [c for group in groups for c in group.values]
    rows = [row for group in groups for row in _rows(group, body, values, columns)]
    for side in dict.fromkeys(row.side for row in rows):
        set_hierarchy([row for row in rows if row.side == side], budget_units)
    if kind.rows == "projects":
        for row in rows:
            row.role = "project" if row.role == "item" else row.role
    paths = [[re.sub(r"\s", "", part) for part in columns[c].path] for c in values]
    unit = draft.unit or next((m[1] for p in paths for part in p if (m := UNIT_IN_HEADER.search(part))), None)
    return Table(number=draft.number, title=draft.title, kind=kind.name, unit=unit, columns=paths, rows=rows,
                 notes=[n.text for n in draft.notes], note_places=[n.place for n in draft.notes], place=draft.rows[0].place)  # fmt: skip


@dataclass
class _Group:
    """One label column with its values; a side-by-side table has two."""

    label: int
    codes: list[int]
    values: list[int]
    texts: list[int]
    side: Side | None


def _groups(columns: list[Column]) -> list[_Group]:
    roles = [column.role for column in columns]
    # A blank table has only columns without words; its labels are then the first that are no codes.
    words = [i for i, role in enumerate(roles) if role in ("label", "text")]
    first_label = next(iter(words or [i for i, role in enumerate(roles) if role != "code"]), 0)
    labels = [first_label, *(i for i in words if i > first_label and _opens_side(i, roles, columns))]
    groups = []
    for before, start, end in zip([-1, *labels], labels, [*labels[1:], len(roles)], strict=False):
        codes = [i for i in range(before + 1, start) if roles[i] == "code"]
        inside = range(start + 1, end)
        top = columns[start].path[0] if columns[start].path else ""
        side: Side | None = None
        if len(labels) > 1:
            side = "收入" if "收入" in top else "支出" if "支出" in top else None
        groups.append(
            _Group(
                start,
                codes,
                [i for i in inside if roles[i] == "value"],
                [i for i in inside if roles[i] == "text"],
                side,
            )
        )
    return groups


def _opens_side(i: int, roles: Sequence[str], columns: list[Column]) -> bool:
    """A second column of labels: values to its right, and a header leaf that the first label column has too."""
    leaf = columns[i].path[-1] if columns[i].path else ""
    same = any(columns[j].path and columns[j].path[-1] == leaf for j in range(i) if roles[j] in ("label", "text"))
    return same and "value" in roles[i + 1 :]


def _rows(group: _Group, body: list[GridRow], values: list[int], columns: list[Column]) -> list[Row]:
    rows = []
    lines = [grid_row.texts() + [""] * (len(columns) - len(grid_row.cells)) for grid_row in body]
    labels = split_codes([texts[group.label] for texts in lines])
    codes = join_codes([[texts[c] for c in group.codes] for texts in lines])
    for grid_row, texts, (split, name), code in zip(body, lines, labels, codes, strict=True):
        cells = [texts[c] if c in group.values else "" for c in values]
        # 合计 often stands in the cell of the code, merged with that of the name.
        label = name or next((texts[c] for c in group.codes if not texts[c].isdigit() and texts[c]), "")
        if not label and not any(cells) and not code:
            continue
        rows.append(
            Row(
                label=label,
                path=[label],
                code=code or split,
                side=group.side,
                cells=cells,
                values=[parse_amount(cell) for cell in cells],
                texts={"/".join(columns[c].path): texts[c] for c in group.texts},
                place=grid_row.place,
            )
        )
    return rows
