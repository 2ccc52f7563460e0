"""The accounting identities of a Document: which of its amounts must agree, and whether they do.

In: a Document. Out: identities with their verdicts. A rule is a function from the document to findings; it speaks only
where the tables that it is about exist and hold amounts, so a blank table gives none. What is often but not always true
(the rows of one fund are those of the whole budget) is asked only where the totals show that it is the same money.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, product

from index.amounts import convert, is_money
from index.facts import SIDES, Fact, column_name, document_facts
from index.identity import Identity, IdentityCell, figure_cell, table_cells
from index.kinds import BY_NAME
from index.model import Document, Row, Table
from index.prose import AMOUNT, Figure, figures
from index.rows import AMONG, is_total, numbering_level, plain_label

Finding = tuple[str, str, tuple[IdentityCell, ...], tuple[IdentityCell, ...]]  # rule, title, left and right cells
Sum = tuple[int, list[int]]  # a row (or column), and those that it is the sum of
Spot = tuple[int, int, int]  # table, row, column

TOTAL_LEAF = re.compile(r"^(?:合计|小计|总计|共计|总额)$")
NO_PART = re.compile(r"占|比|率|%|数量|人数|上年|去年")  # columns that are no part of the total beside them
OUTSIDE_THREE_PUBLIC = re.compile(r"会议费|培训费")  # often in the same table, in its total or not
THREE_PUBLIC = (  # a whole, then its parts
    (r"三公|^合计$", (r"^因公出国", r"^公务用车购置(?=及|和|与)", r"^公务接待")),
    (r"^公务用车购置(?=及|和|与)", (r"^公务用车购置(?!及|和|与)", r"^公务用车运行")),
)
FUNDS = {"一般公共预算", "财政拨款"}
PURPOSES = {"基本支出", "项目支出"}
OF_TOTAL = re.compile(r"(?:预算|总计|合计|总额|安排)+$")
OF_COST = re.compile(r"(?:支出|费用|费)+$")
OTHER_YEAR = re.compile(r"(?<![比较])(20\d\d)年")


def audit_document(document: Document, document_id: str) -> list[Identity]:
    """All identities of a document, rule by rule. What two rules both say is said once, a sum of zeros never."""
    found: dict[frozenset, Identity] = {}
    for rule in RULES:
        for name, title, left, right in rule(document):
            if left and right and any(cell.value for cell in left + right):
                key = frozenset((frozenset(left), frozenset(right)))
                found.setdefault(key, Identity(document_id, name, title, left, right))
    return list(found.values())


# --- within one table --------------------------------------------------------------------------------------------
def rows_sum_to_parent(document: Document) -> Iterator[Finding]:
    """A parent is the sum of the rows one step below it: by code, under a unit, or as numbered parts."""
    for index, table in enumerate(document.tables):
        for parent, children in _children(table).items():
            yield from _sums_of_rows("下级之和", table, index, (parent, children))


def rows_sum_to_total(document: Document) -> Iterator[Finding]:
    """A total row is the sum of the outermost rows below it, or of those above it since the total row before."""
    for index, table in enumerate(document.tables):
        for total in _totals(table):
            yield from _sums_of_rows("大项之和", table, index, total)


def columns_sum_to_total(document: Document) -> Iterator[Finding]:
    """A 合计 column is the sum of the columns beside it, group by group of the header."""
    for index, table in enumerate(document.tables):
        for total in _column_sums(table, (), range(len(table.columns))):
            yield from _sums_of_columns("各列之和", table, index, total)


def three_public_parts(document: Document) -> Iterator[Finding]:
    """“三公” is travel abroad, vehicles and reception; vehicles are purchase and running. In rows or in columns."""
    for index, table in enumerate(document.tables):
        if table.kind == "three_public":
            for total in _three_public([row.label for row in table.rows]):
                yield from _sums_of_rows("三公经费", table, index, total)
            for total in _three_public([_total_name(path) for path in table.columns]):
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
        for r in _total_rows(table):
            for column in range(len(table.columns)):
                if table.rows[r].values[column] is not None:
                    spots = meanings.setdefault(_meaning(table, column, table.rows[r]), {})
                    spots.setdefault(index, []).append((index, r, column))
    for tables in meanings.values():
        first, *others = tables.values()
        for other in others:
            # A summary has two totals, with and without what was carried over; the other table has either.
            pairs = sorted(product(first, other), key=lambda pair: abs(_agreement("", document, *pair).difference))
            yield _finding(_agreement("合计一致", document, *pairs[0]))


def items_agree(document: Document) -> Iterator[Finding]:
    """The same item, by code or for a 类 by name, in two tables of the same money."""
    tables = [i for i, t in enumerate(document.tables) if BY_NAME[t.kind].rows in ("functional", "summary")]
    for i, j in combinations(tables, 2):
        one, two = document.tables[i], document.tables[j]
        shared = [(r, s) for key, r in _items(one).items() if (s := _items(two).get(key)) is not None]
        for c, d in product(range(len(one.columns)), range(len(two.columns))):
            if _same_money(document, (i, c), (j, d)):
                for r, s in shared:
                    if one.rows[r].values[c] is not None and two.rows[s].values[d] is not None:
                        yield _finding(_agreement("科目一致", document, (i, r, c), (j, s, d)))


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
                    title = f"{_name(table, r, c)} 与《{parts.title}》各单位之和"
                    yield "单位之和", title, table_cells(table, i, [r], [c]), table_cells(parts, j, items, [d])


def prose_agrees(document: Document) -> Iterator[Finding]:
    """An amount that prose states, against the cell of the same plain name. A name with several amounts is passed over."""
    cells = [f for f in document_facts(document, "") if f.source == "cell" and f.value is not None and is_money(f.unit)]
    for index, figure in enumerate(figures(document.sections)):
        years = {int(year) for year in OTHER_YEAR.findall(figure.sentence)}
        if figure.measure != AMOUNT or not is_money(figure.unit) or years - {document.year}:
            continue
        same = _named_like(document, figure, cells)
        if len({convert(f.value, f.unit, "元") for f in same if f.value is not None and f.unit}) == 1:
            spot = same[0].table_index, same[0].row_index, same[0].column_index
            table = document.tables[spot[0]]
            title = f"文中“{figure.label}”与{_name(table, *spot[1:])}"
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


# --- what is a sum of what ---------------------------------------------------------------------------------------
def _children(table: Table) -> dict[int, list[int]]:
    """Rows to the rows one step below them. `其中：` without numbers names only some of the parts, so it is no sum."""
    latest: dict[tuple, int] = {}
    found: dict[int, list[int]] = {}
    for r, row in enumerate(table.rows):
        parent = latest.get((row.side, *row.path[:-1]))
        if len(row.path) > 1 and parent is not None:
            found.setdefault(parent, []).append(r)
        latest[(row.side, *row.path)] = r
    return {parent: rows for parent, rows in found.items() if not any(_is_some_part(table.rows[r]) for r in rows)}


def _is_some_part(row: Row) -> bool:
    return bool(AMONG.match(row.label)) and not numbering_level(row.label)


def _totals(table: Table) -> Iterator[Sum]:
    """Total rows with their parts, side by side of a table: above all parts, or below them and the total before."""
    for side in dict.fromkeys(row.side for row in table.rows):
        outer = [r for r, row in enumerate(table.rows) if row.side == side and len(row.path) == 1]
        totals = [r for r in outer if r in _total_rows(table)]
        if totals and totals[0] == outer[0]:
            yield totals[0], [r for r in outer if r not in totals]
            continue
        before = 0
        for total in totals:
            start, before = before, outer.index(total)
            if _side(table.rows[outer[start]]) not in (None, _side(table.rows[total])):
                start += 1  # 支出合计 does not build on 收入合计 above it
            yield total, outer[start:before]


def _column_sums(table: Table, group: tuple[str, ...], columns: Iterable[int]) -> Iterator[Sum]:
    """Total columns of a group of the header and of the groups inside it, with the columns that they add up."""
    depth = len(group)
    inside: dict[tuple[str, ...], list[int]] = {}
    total = None
    for c in columns:
        path = table.columns[c]
        if len(path) <= depth:
            return  # one path twice: the header was not understood
        if TOTAL_LEAF.match(path[depth]) and len(path) == depth + 1:
            total = c if total is None else -1
        elif not NO_PART.search(path[depth]):
            inside.setdefault(tuple(path[: depth + 1]), []).append(c)
    parts: list[int] = []
    for name, members in inside.items():
        whole = [members[0]] if len(members) == 1 else None
        if whole is None:
            sums = list(_column_sums(table, name, members))
            yield from sums
            whole = next(([c] for c, _ in sums if len(table.columns[c]) == depth + 2), members)
        parts += whole
    outside = table.kind == "three_public" and any(OUTSIDE_THREE_PUBLIC.search("".join(p)) for p in table.columns)
    some = any(AMONG.match(table.columns[c][-1]) for c in parts[1:])
    if total is not None and total >= 0 and len(parts) > 1 and not some and not (outside and not group):
        yield total, parts


def _three_public(labels: list[str]) -> Iterator[Sum]:
    """The whole and the parts among row labels or column names, where each stands exactly once."""
    names = [plain_label(label) for label in labels]
    for whole, parts in THREE_PUBLIC:
        found = [[i for i, name in enumerate(names) if re.search(pattern, name)] for pattern in (whole, *parts)]
        if all(len(places) == 1 for places in found):
            yield found[0][0], [places[0] for places in found[1:]]


def _sums_of_rows(rule: str, table: Table, index: int, total: Sum) -> Iterator[Finding]:
    whole, parts = total
    for c in range(len(table.columns)):
        title = f"{_name(table, whole, c)} 与其{len(parts)}行之和"
        yield rule, title, table_cells(table, index, [whole], [c]), table_cells(table, index, parts, [c])


def _sums_of_columns(rule: str, table: Table, index: int, total: Sum) -> Iterator[Finding]:
    whole, parts = total
    for r in range(len(table.rows)):
        title = f"{_name(table, r, whole)} 与其{len(parts)}列之和"
        yield rule, title, table_cells(table, index, [r], [whole]), table_cells(table, index, [r], parts)


# --- which cells are the same money ------------------------------------------------------------------------------
def _total_rows(table: Table) -> list[int]:
    return [r for r, row in enumerate(table.rows) if row.role == "total" and (is_total(row.label) or not row.label)]


def _side(row: Row) -> str | None:
    """The side that a row is on, or the one that its label names: 收入总计."""
    return row.side or next((side for side in SIDES if side in row.label), None)


def _last_total(table: Table, side: str) -> int | None:
    """The grand total of a side."""
    totals = [r for r in _total_rows(table) if _side(table.rows[r]) == side]
    return totals[-1] if totals and not table.rows[totals[-1]].label.startswith("本年") else None


def _cells_in_total_column(table: Table, index: int, r: int) -> tuple[IdentityCell, ...]:
    columns = [c for c, path in enumerate(table.columns) if not column_name(path, table.title)]
    return table_cells(table, index, [r], columns)


def _meaning(table: Table, column: int, row: Row | None = None) -> frozenset[str]:
    """What money a column holds, whatever its row: the words of its table's kind, its own name, and the side."""
    words = {*BY_NAME[table.kind].facets, column_name(table.columns[column], table.title)}
    words |= ({_side(row) or ""} if row else SIDES & set(table.columns[column])) - {""}
    return frozenset(words - {"", "支出"} if words & PURPOSES else words - {""})


def _same_money(document: Document, one: tuple[int, int], two: tuple[int, int]) -> bool:
    """Whether two columns mean the same, or differ by side or fund alone and the totals of both are equal."""
    (i, c), (j, d) = one, two
    differ = _meaning(document.tables[i], c) ^ _meaning(document.tables[j], d)
    if not differ:
        return True
    may = FUNDS | SIDES if "预算" in document.kind else FUNDS
    totals = [
        {value for r in _total_rows(table) if (value := table.rows[r].values[column])}
        for table, column in ((document.tables[i], c), (document.tables[j], d))
    ]
    same_unit = document.tables[i].unit == document.tables[j].unit
    return differ <= may and same_unit and bool(totals[0] & totals[1])


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
    names = [_name(document.tables[i], r, c) for i, r, c in (one, two)]
    return Identity("", rule, " 与".join(names), cells[0], cells[1])


def _finding(identity: Identity) -> Finding:
    return identity.rule, identity.title, identity.left_cells, identity.right_cells


def _named_like(document: Document, figure: Figure, cells: list[Fact]) -> list[Fact]:
    """The cells that bear the name of a figure: of the “三公” table where it has it, else totals, else items."""
    name = OF_TOTAL.sub("", figure.label)
    same_cost = [f for f in cells if f.name and OF_COST.sub("", f.name) == OF_COST.sub("", figure.label)]
    three_public = [f for f in same_cost if f.table_kind == "three_public" and not f.column_name]
    totals = [
        f for f in cells
        if f.role == "total" and OF_TOTAL.sub("", f.name) in ("", "本年" + name, name)
        and _meaning(document.tables[f.table_index], f.column_index, _row(document, f)) == {name}
    ]  # fmt: skip
    items = [f for f in cells if f.name == figure.label and f.role == "item" and not f.column_name]
    return three_public or totals or items


def _row(document: Document, fact: Fact) -> Row:
    return document.tables[fact.table_index].rows[fact.row_index]


def _total_name(path: list[str]) -> str:
    """A column by its name, where 小计 under a group is the group: 公务用车购置及运行费 / 小计."""
    names = [part for part in path if not TOTAL_LEAF.match(part)]
    return names[-1] if names else path[-1] if path else ""


def _name(table: Table, r: int, column: int) -> str:
    """Table, row and column in plain words."""
    row = table.rows[r]
    unit = f"{row.budget_unit}：" if row.budget_unit and row.role != "unit" else ""
    return f"《{table.title}》{unit}“{row.label or '合计'}”（{'/'.join(table.columns[column])}）"
