"""Document to facts: the cells of all tables and the figures of its prose in one relation.

A question names a row and sometimes a column; when it names none, the total column is meant. So each cell knows whether
its column is that one (`column_name` empty), and which words hold for it although its column does not print them
(`facets`: a cell of the basic-expenditure table is 基本支出).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from index.model import Document, Place, Row, RowRole, Section, Side, Table
from index.parsing.kinds import BY_NAME, FORM_KINDS
from index.parsing.prose import COUNTERS, figures, section_figures
from index.parsing.rows import HEAD_OFFICE, NOTHING, is_total, plain_label
from index.parsing.subjects import Subject, owner_in_list, subjects

TOTAL_COLUMNS = {
    "合计", "小计", "总计", "预算", "预算数", "预算金额", "金额", "本年预算", "年初预算数", "决算数", "内容", "项目金额", "资金总额",
    "收入合计", "支出合计", "本年收入合计", "本年支出合计", "本年支出", "本年收入", "项目总额", "项目资金总额", "项目总金额",
}  # fmt: skip
CARRIED = re.compile(r"结转|结余")
SAID_OF_ITEMS = re.compile(  # what a header says beside an item
    r"^(?:增减.*|变化.*|(?:上年|去年|本年|20\d\d年)?度?(?:年初|全年|调整后?)?(?:[预决]算数?)?)$|三公.*[预决]算数$"
)
ITEM_END = re.compile(r"(?<=费)[预决]算数?$")  # 机关运行经费预算数
SURE = 0.9  # OCR's confidence in its least certain character, from which a figure counts as read
BUDGETED = {"预算", "预算数", "年初预算数", "预算金额"}
THREE_PUBLIC_ITEM = re.compile(r"因公出国|公务用车|公务接待")
THREE_PUBLIC = "三公经费"
MEETINGS = re.compile(r"会议费|培训费")
SIDES = {"收入", "支出"}
TOTAL_FUNDS = re.compile(
    r"^(?:实施期|年度|本年度?|当年|项目)*(?:预算)?(?:资金|预算|金额|经费|支出)总额$|^(?:项目)?(?:总金额|总额)$"
)
OF_YEAR, EXECUTED = ("年初预算数", "全年预算数", "全年执行数"), "执行率"
FUNDS = {"财政拨款", "财政资金", "其他资金", "上年结转", "上年结转资金"}
SCORE = "得分"  # how a form's 总分 is asked for
INDICATOR_ENDS = "率度量值"  # 运行率, 满意度: what else a target mentions in passing is no indicator of it


@dataclass(frozen=True)
class Fact:
    """One cell or figure. `value` is in `unit`, None where the cell is blank; `name` is the label without numbering."""

    document: str
    department: str
    year: int
    source: Literal["cell", "figure"]
    table_kind: str
    table_number: str | None
    table_title: str
    table_index: int
    row_index: int
    column_index: int
    label: str
    name: str
    path: tuple[str, ...]
    code: str | None
    level: int
    role: RowRole
    side: Side | None
    budget_unit: str | None
    column: tuple[str, ...]
    column_name: str
    facets: tuple[str, ...]
    text: str
    value: Decimal | None
    unit: str | None
    place: Place
    confidence: float | None = None  # OCR's, where it was read from a picture


def column_name(column: list[str], table_title: str, year: int | None = None, final: bool = False) -> str:
    """What a column adds to its row: empty for the total column, else its leaf, or its parent for a 合计 under one. Of a table
    of several years the document's own `year` is understood; in `final` accounts it is 决算数, and 预算数 must be said."""
    understood = TOTAL_COLUMNS - BUDGETED if final else TOTAL_COLUMNS
    parts = [plain_label(re.sub(r"[（(].*?[)）]$", "", part)) for part in column]
    while parts and (
        parts[-1] in understood | SIDES or parts[-1] in plain_label(table_title) or _is_own_year(parts[-1], year)
    ):
        parts.pop()
    return parts[-1] if parts else ""


def _with_carried(columns: list[list[str]], names: list[str], c: int) -> str:
    """A column's name, told apart where the same stands under what was carried over: 上年结转结余 / 人员经费 beside 当年预算 / 人员经费."""
    above = next((plain_label(part) for part in columns[c][:-1] if CARRIED.search(part)), "")
    beside = any(
        names[i] == names[c] and not any(CARRIED.search(part) for part in column)
        for i, column in enumerate(columns)
    )  # fmt: skip
    return f"{above}{names[c]}" if above and beside else names[c]


def _is_own_year(part: str, year: int | None) -> bool:
    return year is not None and bool(re.fullmatch(rf"(?:{year}年|本年|当年)度?(?:预算数?)?", part))


def _is_final(table: Table) -> bool:
    return any("决算数" in part for column in table.columns for part in column)


def _table_facts(document: Document, document_id: str, table: Table, table_index: int) -> list[Fact]:
    kind = BY_NAME[table.kind]
    final = _is_final(table)
    names = [column_name(column, table.title, document.year, final) for column in table.columns]
    if kind.name.startswith("performance"):
        names = [name or _words_column(table, c) for c, name in enumerate(names)]
    if names and (len(names) == 1 or all(names)):
        names[0] = ""
    names = [_with_carried(table.columns, names, c) for c in range(len(names))]
    sides = {row.side: _columns_of(table, row.side) for row in table.rows}
    items = _items_of_columns(document, table)
    return [
        Fact(
            document=document_id, department=document.department, year=document.year, source="cell",
            table_kind=table.kind, table_number=table.number, table_title=table.title, table_index=table_index,
            row_index=r, column_index=c, label=items[c][0] if items else row.label,
            name=items[c][0] if items else _name(row, table), path=(items[c][0],) if items else tuple(row.path),
            code=row.code, level=1 if items else row.level, role="item" if items else row.role, side=row.side,
            budget_unit=_owner(document, row, table) if items else row.budget_unit,
            column=tuple(table.columns[c]), column_name=items[c][1] if items else names[c], facets=kind.facets,
            text=row.cells[c], value=row.values[c], unit=table.unit_of(row, c), place=row.place_of(c),
            confidence=row.confidences[c] if c < len(row.confidences) else None,
        )
        for r, row in enumerate(table.rows)
        if row.label not in NOTHING or row.role == "total" or items
        for c in sides[row.side]
    ]  # fmt: skip


def _words_column(table: Table, c: int) -> str:
    """The name of a column of words (绩效目标), which is no total column; empty for one of amounts."""
    wordy = any(row.cells[c] for row in table.rows) and all(row.values[c] is None for row in table.rows)
    return plain_label(table.columns[c][-1]) if wordy and len(table.columns) > 1 else ""


def _items_of_columns(document: Document, table: Table) -> list[tuple[str, str]]:
    """Where the “三公” table has its items in the header, and units or nothing in its rows: the item that each column is, and
    what else its header says (a year, 预算数). Empty where the rows are the items."""
    if table.kind != "three_public" or sum(bool(THREE_PUBLIC_ITEM.search("".join(c))) for c in table.columns) < 3:
        return []
    final = _is_final(table)
    with_more = any(MEETINGS.search("".join(column)) for column in table.columns)
    found = []
    for column in table.columns:
        parts = [plain_label(part) for part in column]
        said = [p for p in parts if SAID_OF_ITEMS.search(p)]
        named = [ITEM_END.sub("", p) for p in parts if p not in said and p not in TOTAL_COLUMNS]
        own = [
            p
            for p in said
            if not _is_own_year(p, document.year)
            and (re.search(r"\d", p) or not re.search(r"决算数$" if final else r"预算数$", p))
        ]
        item = named[-1] if named else "合计"
        if "三公" in item or (item == "合计" and not with_more):
            item = THREE_PUBLIC
        found.append((item, own[-1] if own else ""))
    return found


def _owner(document: Document, row: Row, table: Table) -> str | None:
    """The unit that a row of units is about; a total, or the department's own row where there is none, is about no unit."""
    if row.role == "total" or not row.label:
        return None
    own = HEAD_OFFICE.sub("", row.label) == document.department
    return row.label if not own or any(other.role == "total" for other in table.rows) else None


def _name(row: Row, table: Table) -> str:
    """The words of a row's label; a total row without one is 合计 all the same, and that of the “三公” table is their sum."""
    if table.kind == "three_public" and is_total(row.label) and not any(
        "三公" in other.label or MEETINGS.search(other.label) for other in table.rows
    ):  # fmt: skip
        return THREE_PUBLIC
    return plain_label(row.label) or ("合计" if row.role == "total" else "")


def _columns_of(table: Table, side: Side | None) -> list[int]:
    """The columns that belong to a side: those where any of its rows prints something."""
    rows: list[Row] = [row for row in table.rows if row.side == side]
    return [c for c in range(len(table.columns)) if side is None or any(row.cells[c] for row in rows)]


def document_facts(document: Document, document_id: str) -> list[Fact]:
    """All facts of a document: its cells in table order, then the figures of its prose."""
    about = subjects(document.tables)
    cells = [
        _of_form(fact, about[i], document.tables, i)
        for i, table in enumerate(document.tables)
        for fact in _table_facts(document, document_id, table, i)
    ]
    prose = [
        Fact(
            document=document_id, department=document.department, year=document.year, source="figure",
            table_kind="prose", table_number=None, table_title=figure.path[-1] if figure.path else "",
            table_index=-1, row_index=i, column_index=0, label=figure.label, name=plain_label(figure.label),
            path=(*figure.path, *([figure.whole] if figure.whole else []), figure.label), code=None,
            level=2 if figure.whole else 1, role="item", side=None, budget_unit=None,
            column=(figure.measure,) if figure.measure else (), column_name=figure.measure, facets=(),
            text=figure.text, value=figure.value, unit=figure.unit, place=figure.place,
            confidence=figure.confidence,
        )
        for i, figure in enumerate(figures(document.sections, document.department))
    ]  # fmt: skip
    targets = [
        fact for i, table in enumerate(document.tables) for fact in _target_figures(document, document_id, table, i)
    ]
    return _one_name_a_unit(cells) + prose + targets


def _one_name_a_unit(cells: list[Fact]) -> list[Fact]:
    """The cells, a head office that one table calls 甲局（本级） and another 甲局 under the shorter name; where one table has both
    they are two."""
    tables: dict[int, set[str]] = {}
    for fact in cells:
        if fact.budget_unit:
            tables.setdefault(fact.table_index, set()).add(fact.budget_unit)
    names = set().union(*tables.values())
    short = {name: HEAD_OFFICE.sub("", name) for name in names if HEAD_OFFICE.search(name)}
    one = {
        name: base for name, base in short.items()
        if base in names and not any({name, base} <= units for units in tables.values())
    }  # fmt: skip
    return [
        replace(f, budget_unit=one[f.budget_unit], name=one.get(f.name, f.name)) if f.budget_unit in one else f
        for f in cells
    ]


def _of_form(fact: Fact, subject: Subject | None, tables: Sequence[Table], index: int) -> Fact:
    """A cell of a form with what the form is about at the head of its path. The money of a project's form, and its score, are the
    project's own: its 年度资金总额 is the project's amount, its 财政拨款 a column of that."""
    row = tables[index].rows[fact.row_index]
    if fact.table_kind == "performance_projects" and fact.unit == "分":
        return replace(fact, column_name=SCORE)
    if subject is None:
        owner = owner_in_list(row, tables, index) if fact.table_kind in FORM_KINDS else ()
        return replace(fact, path=(owner[-1], *fact.path[len(owner) :])) if owner else fact
    fact = replace(fact, path=(subject.name, *fact.path))
    column = _column_of_project(fact, tables[index]) if subject.is_project else None
    if column is None:
        return fact
    return replace(
        fact, role="project", label=subject.name, name=plain_label(subject.name), column_name=column, level=1,
        column=(fact.label, *fact.column), budget_unit=subject.unit, code=None,
    )  # fmt: skip


def _column_of_project(fact: Fact, table: Table) -> str | None:
    """Which of a project's amounts a cell of its form is, empty for the whole; None for what is none."""
    name, leaf = fact.name, fact.column[-1] if fact.column else ""
    if fact.table_kind == "performance_indicators":
        scored = fact.role == "total" and re.search(r"得分$|自评分$", leaf)
        return SCORE if scored else None
    if not any(re.search(r"资金|预算|金额|经费", part) for part in fact.path[1:-1]):
        return None
    if fact.table_kind == "performance_funds":
        said = next((c for c in (*OF_YEAR, EXECUTED) if fact.column and c in plain_label(leaf)), None)
        return said if TOTAL_FUNDS.match(name) else None
    spread = next((c for c in OF_YEAR if name.startswith(c)), None)
    if spread:
        return spread
    if TOTAL_FUNDS.match(name):
        others = [row for row in table.rows if TOTAL_FUNDS.match(plain_label(row.label)) and any(row.cells)]
        return "" if len(others) < 2 or not name.startswith("实施期") else name
    return name if name in FUNDS else None


def _target_figures(document: Document, document_id: str, table: Table, table_index: int) -> list[Fact]:
    """The figures inside performance targets (运行率达到99.5%以上), each under its project."""
    found = []
    for r, row in enumerate(table.rows):
        for column, text in row.texts.items() if row.role == "project" else ():
            for figure in section_figures(Section(path=[row.label], text=text, place=row.place)):
                if figure.label[-1] not in INDICATOR_ENDS and figure.unit not in COUNTERS:
                    continue
                found.append(
                    Fact(
                        document=document_id,
                        department=document.department,
                        year=document.year,
                        source="figure",
                        table_kind="target",
                        table_number=table.number,
                        table_title=table.title,
                        table_index=table_index,
                        row_index=r,
                        column_index=0,
                        label=figure.label,
                        name=plain_label(figure.label),
                        path=(row.label, figure.label),
                        code=None,
                        level=1,
                        role="item",
                        side=None,
                        budget_unit=None,
                        column=(column,),
                        column_name=figure.measure,
                        facets=(),
                        text=figure.text,
                        value=figure.value,
                        unit=figure.unit,
                        place=row.place,
                        confidence=row.text_confidences.get(column),
                    )
                )
    return found
