"""The accounting identities of a Document: which of its amounts must agree, and whether they do.

In: a Document. Out: identities with their verdicts. A rule is a function from the document to findings; it speaks only
where the tables that it is about exist and hold amounts, so a blank table gives none. What is often but not always true
(the rows of one fund are those of the whole budget) is asked only where the totals show that it is the same money.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import product

from index.amounts import convert, is_money
from index.checks.identity import Identity, IdentityCell, figure_cell, table_cells
from index.checks.sums import (
    NO_SUM,
    Sum,
    column_label,
    column_totals,
    row_parents,
    row_totals,
    side_of,
    three_public_sums,
    total_rows,
)
from index.facts import SIDES, Fact, column_name, document_facts
from index.model import Document, Row, Table
from index.parsing.kinds import BY_NAME
from index.parsing.prose import AMOUNT, Figure, figures
from index.parsing.rows import plain_label

Finding = tuple[str, str, tuple[IdentityCell, ...], tuple[IdentityCell, ...]]  # rule, title, left and right cells
Spot = tuple[int, int, int]  # table, row, column

FUNDS = {"一般公共预算", "财政拨款"}
PURPOSES = {"基本支出", "项目支出"}
GRAND_TOTAL = re.compile(r"^(?:本年)?(?:收入|支出|收支)?(?:合计|总计|总额|共计)?$")  # 人员经费合计 is a part's
OF_TOTAL = re.compile(r"(?:预算|总计|合计|总额|安排)+$")
OF_COST = re.compile(r"(?:支出|费用|费)+$")
NO_NAME = {"支出", "收入", "预算", "资金", "金额", "财政拨款"}  # too little to tell a cell by
OTHER_YEAR = re.compile(r"(?<![比较])(20\d\d)年")


def audit_document(document: Document, document_id: str) -> list[Identity]:
    """All identities of a document, rule by rule."""
    return identities((finding for rule in RULES for finding in rule(document)), document_id)


def identities(findings: Iterable[Finding], document_id: str) -> list[Identity]:
    """Findings as identities. What two rules both say is said once, a sum of zeros never."""
    found: dict[frozenset, Identity] = {}
    for name, title, left, right in findings:
        if left and right and any(cell.value for cell in left + right):
            key = frozenset((frozenset(left), frozenset(right)))
            found.setdefault(key, Identity(document_id, name, title, left, right))
    return list(found.values())


# --- within one table --------------------------------------------------------------------------------------------
def rows_sum_to_parent(document: Document) -> Iterator[Finding]:
    """A parent is the sum of the rows one step below it: by code, under a unit, or as numbered parts."""
    for index, table in enumerate(document.tables):
        for parent, children in row_parents(table).items():
            yield from _sums_of_rows("下级之和", table, index, (parent, children))


def rows_sum_to_total(document: Document) -> Iterator[Finding]:
    """A total row is the sum of the outermost rows below it, or of those above it since the total row before."""
    for index, table in enumerate(document.tables):
        for total in row_totals(table):
            yield from _sums_of_rows("大项之和", table, index, total)


def columns_sum_to_total(document: Document) -> Iterator[Finding]:
    """A 合计 column is the sum of the columns beside it, group by group of the header."""
    for index, table in enumerate(document.tables):
        for total in column_totals(table):
            yield from _sums_of_columns("各列之和", table, index, total)


def three_public_parts(document: Document) -> Iterator[Finding]:
    """“三公” is travel abroad, vehicles and reception; vehicles are purchase and running. In rows or in columns."""
    for index, table in enumerate(document.tables):
        if table.kind == "three_public":
            for total in three_public_sums([row.label for row in table.rows]):
                yield from _sums_of_rows("三公经费", table, index, total)
            for total in three_public_sums([column_label(path) for path in table.columns]):
                yield from _sums_of_columns("三公经费", table, index, total)


def income_equals_expenditure(document: Document) -> Iterator[Finding]:
    """The grand totals of both sides of one table. What is of this year alone need not balance."""
    for index, table in enumerate(document.tables):
        income, expenditure = _last_total(table, "收入"), _last_total(table, "支出")
        if income is None or expenditure is None:
            continue
        title = f"《{table.title}》“{table.rows[income].label}”与“{table.rows[expenditure].label}”"
        left, right = (_cells_in_total_column(table, index, r) for r in (income, expenditure))
        yield "收支平衡", title, left, right


# --- between tables ----------------------------------------------------------------------------------------------
def totals_agree(document: Document) -> Iterator[Finding]:
    """Totals of the same money: that of the project table, and of the column 项目支出 in the expenditure table."""
    meanings: dict[frozenset[str], dict[int, list[Spot]]] = {}
    for index, table in enumerate(document.tables):
        for r in total_rows(table) if BY_NAME[table.kind].rows not in ("other", "three_public") else ():
            for column in range(len(table.columns)):
                if table.rows[r].values[column] is not None and GRAND_TOTAL.match(plain_label(table.rows[r].label)):
                    spots = meanings.setdefault(_meaning(table, column, table.rows[r]), {})
                    spots.setdefault(index, []).append((index, r, column))
    for tables in meanings.values():
        first, *others = tables.values()
        for other in others:
            # A summary has two totals, with and without what was carried over; the other table has either.
            pairs = sorted(product(first, other), key=lambda pair: abs(_agreement("", document, *pair).difference))
            yield _finding(_agreement("合计一致", document, *pairs[0]))


def items_agree(document: Document) -> Iterator[Finding]:
    """The same item, by code or for a 类 by name, in two tables of the same money: each against the first such table."""
    tables = [i for i, t in enumerate(document.tables) if BY_NAME[t.kind].rows in ("functional", "summary")]
    columns = [(i, c) for i in tables for c in range(len(document.tables[i].columns))]
    items = {i: _items(document.tables[i]) for i in tables}
    meanings = {(i, c): _meaning(document.tables[i], c) for i, c in columns}
    for n, (j, d) in enumerate(columns):
        same = [(i, c) for i, c in columns[:n] if i != j and _same_money(document, meanings, (i, c), (j, d))]
        for key, s in items[j].items():
            spots = ((i, items[i][key], c) for i, c in same if key in items[i])
            first = next((spot for spot in spots if _value(document, spot) is not None), None)
            if first and _value(document, (j, s, d)) is not None:
                yield _finding(_agreement("科目一致", document, first, (j, s, d)))


def units_make_up_item(document: Document) -> Iterator[Finding]:
    """What all units spend on an item is the row of that name in the economic table of the same money."""
    by_rows = [(i, t, BY_NAME[t.kind].rows) for i, t in enumerate(document.tables)]
    pairs = product([x for x in by_rows if x[2] == "economic"], [x for x in by_rows if x[2] == "by_unit"])
    for (i, table, _), (j, parts, _) in pairs:
        for c, d in product(range(len(table.columns)), range(len(parts.columns))):
            if _meaning(table, c) == _meaning(parts, d):
                for r in (r for r, row in enumerate(table.rows) if row.level == 1):
                    label = table.rows[r].label
                    items = [s for s, row in enumerate(parts.rows) if row.budget_unit and row.label == label]
                    title = f"{title_of(table, r, c)} 与《{parts.title}》各单位之和"
                    yield "单位之和", title, table_cells(table, i, [r], [c]), table_cells(parts, j, items, [d])


def prose_agrees(document: Document) -> Iterator[Finding]:
    """An amount that prose states, against the cell of the same plain name. A name with several amounts is passed over."""
    yield from prose_against(document, document)


def prose_against(prose: Document, tables: Document) -> Iterator[Finding]:
    """The same for prose and tables that may be two files of one budget."""
    cells = money_cells(tables)
    for index, figure in enumerate(figures(prose.sections)):
        years = {int(year) for year in OTHER_YEAR.findall(figure.sentence)}
        if figure.measure != AMOUNT or not is_money(figure.unit) or years - {prose.year}:
            continue
        spot = named_like(tables, figure, cells)
        if spot:
            table = tables.tables[spot[0]]
            title = f"文中“{figure.label}”与{title_of(table, *spot[1:])}"
            yield "文表一致", title, (figure_cell(figure, index),), table_cells(table, spot[0], [spot[1]], [spot[2]])


RULES: tuple[Callable[[Document], Iterable[Finding]], ...] = (
    rows_sum_to_parent,
    rows_sum_to_total,
    columns_sum_to_total,
    three_public_parts,
    income_equals_expenditure,
    totals_agree,
    items_agree,
    units_make_up_item,
    prose_agrees,
)


# --- findings ----------------------------------------------------------------------------------------------------
def _sums_of_rows(rule: str, table: Table, index: int, total: Sum) -> Iterator[Finding]:
    whole, parts = total
    for c in (c for c, path in enumerate(table.columns) if not any(NO_SUM.search(part) for part in path)):
        title = f"{title_of(table, whole, c)} 与其{len(parts)}行之和"
        yield rule, title, table_cells(table, index, [whole], [c]), table_cells(table, index, parts, [c])


def _sums_of_columns(rule: str, table: Table, index: int, total: Sum) -> Iterator[Finding]:
    whole, parts = total
    for r in range(len(table.rows)):
        title = f"{title_of(table, r, whole)} 与其{len(parts)}列之和"
        yield rule, title, table_cells(table, index, [r], [whole]), table_cells(table, index, [r], parts)


# --- which cells are the same money ------------------------------------------------------------------------------
def _last_total(table: Table, side: str) -> int | None:
    """The grand total of a side."""
    totals = [r for r in total_rows(table) if side_of(table.rows[r]) == side]
    return totals[-1] if totals and not table.rows[totals[-1]].label.startswith("本年") else None


def _cells_in_total_column(table: Table, index: int, r: int) -> tuple[IdentityCell, ...]:
    columns = [c for c, path in enumerate(table.columns) if not column_name(path, table.title)]
    return table_cells(table, index, [r], columns)


def _meaning(table: Table, column: int, row: Row | None = None) -> frozenset[str]:
    """What money a column holds, whatever its row: the words of its table's kind, its own name, and the side."""
    sides = [SIDES & set(path) for path in table.columns]
    names = [column_name(path, table.title) for path in table.columns]
    unique = list(zip(names, sides, strict=True)).count((names[column], sides[column])) == 1
    name = names[column] if unique else "/".join(table.columns[column])
    words = {*BY_NAME[table.kind].facets, name, *sides[column], side_of(row) or "" if row else ""} - {""}
    if table.unit is None:
        words.add("单位未注明")  # not to be compared with tables that state theirs
    return frozenset(words - {"支出"} if words & PURPOSES else words)


def _same_money(
    document: Document, meanings: Mapping[tuple[int, int], frozenset[str]], one: tuple[int, int], two: tuple[int, int]
) -> bool:
    """Whether two columns mean the same, or differ by side or fund alone and the totals of both are equal."""
    (i, c), (j, d) = one, two
    differ = meanings[one] ^ meanings[two]
    if not differ:
        return True
    if not differ <= FUNDS | SIDES or document.tables[i].unit != document.tables[j].unit:
        return False
    may = FUNDS | SIDES if "预算" in document.kind and not _carries_over(document) else FUNDS
    totals = [
        {value for r in total_rows(table) if (value := table.rows[r].values[column])}
        for table, column in ((document.tables[i], c), (document.tables[j], d))
    ]
    return differ <= may and bool(totals[0] & totals[1])


def _carries_over(document: Document) -> bool:
    """Whether something is left for the next year: what comes in for an item is then more than what goes out."""
    rows = [row for table in document.tables if BY_NAME[table.kind].rows == "summary" for row in table.rows]
    return any(re.search(r"结转下年|年末结转", row.label) and any(row.values) for row in rows)


def _value(document: Document, spot: Spot) -> Decimal | None:
    index, r, column = spot
    return document.tables[index].rows[r].values[column]


def _items(table: Table) -> dict[str, int]:
    """Items to their rows, by code and, for a 类, by name; summaries list the expenditure of each 类."""
    found: dict[str, int] = {}
    for r, row in enumerate(table.rows):
        if row.role == "item" and row.side != "收入":
            if row.code:
                found.setdefault(row.code, r)
            if row.level == 1:
                found.setdefault(plain_label(row.label), r)
    return found


def _agreement(rule: str, document: Document, one: Spot, two: Spot) -> Identity:
    """Two cells that hold the same amount."""
    cells = [table_cells(document.tables[i], i, [r], [c]) for i, r, c in (one, two)]
    names = [title_of(document.tables[i], r, c) for i, r, c in (one, two)]
    return Identity("", rule, " 与".join(names), cells[0], cells[1])


def _finding(identity: Identity) -> Finding:
    return identity.rule, identity.title, identity.left_cells, identity.right_cells


def money_cells(document: Document) -> list[tuple[Fact, frozenset[str]]]:
    """The cells that hold money; with what money it is, those of total rows."""
    return [
        (f, _meaning(document.tables[f.table_index], f.column_index, _row(document, f)) if f.role == "total" else frozenset())
        for f in document_facts(document, "") if f.source == "cell" and f.value is not None and is_money(f.unit)
    ]  # fmt: skip


def named_like(document: Document, figure: Figure, cells: list[tuple[Fact, frozenset[str]]]) -> Spot | None:
    """The cell that bears the name of a figure, None where several amounts do."""
    same = _named_like(figure, cells)
    if len({convert(f.value, f.unit, "元") for f in same if f.value is not None and f.unit}) != 1:
        return None
    return same[0].table_index, same[0].row_index, same[0].column_index


def _named_like(figure: Figure, cells: list[tuple[Fact, frozenset[str]]]) -> list[Fact]:
    """The cells that bear the name of a figure: of the “三公” table where it has it, else totals, else items. Where any cell of
    that name, in whatever table, holds the figure's amount, that one is meant."""
    name = OF_TOTAL.sub("", figure.label)
    same_cost = [f for f, _ in cells if f.name and OF_COST.sub("", f.name) == OF_COST.sub("", figure.label)]
    three_public = [f for f in same_cost if f.table_kind == "three_public" and not f.column_name]
    meanings = [
        (f, meaning) for f, meaning in cells
        if f.role == "total" and f.table_kind != "three_public" and OF_TOTAL.sub("", f.name) in ("", "本年" + name, name)
    ]  # fmt: skip
    totals = [f for f, meaning in meanings if meaning == {name}]
    items = [f for f, _ in cells if f.name == figure.label and f.role == "item"]
    of_money = [f for f, meaning in meanings if _core(name) in {_core(word) for word in meaning}]
    of_column = [
        f for f, _ in cells if f.column_name and OF_COST.sub("", f.column_name) == OF_COST.sub("", figure.label)
    ]
    meant = [f for f in [*same_cost, *of_money, *items, *of_column] if _equal(f, figure)]
    if meant:
        return meant[:1]
    if figure.label in NO_NAME:
        return []
    return three_public or totals or [f for f in items if not f.column_name]


def _core(name: str) -> str:
    return re.sub(r"(?:收入|支出|拨款|预算|安排|资金)+$", "", name) or name


def _equal(fact: Fact, figure: Figure) -> bool:
    if fact.value is None or not fact.unit:
        return False
    return convert(fact.value, fact.unit, "元") == convert(figure.value, figure.unit, "元")


def _row(document: Document, fact: Fact) -> Row:
    return document.tables[fact.table_index].rows[fact.row_index]


def title_of(table: Table, r: int, column: int) -> str:
    """Table, row and column in plain words."""
    row = table.rows[r]
    unit = f"{row.budget_unit}：" if row.budget_unit and row.role != "unit" else ""
    return f"《{table.title}》{unit}“{row.label or '合计'}”（{'/'.join(table.columns[column])}）"
