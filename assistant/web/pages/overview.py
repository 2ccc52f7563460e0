"""What a document's tables say of its whole: where the money comes from and goes to, by function, by economic use, for “三公”,
by unit, and against the year before.

In: a Document with its facts. Out: wholes with their parts, each of them a fact, and each whole held against the sum of its
parts as in the audit. Whoever draws them draws only those that add up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from index.amounts import is_money, quotient
from index.checks.audit import GRAND_TOTAL
from index.checks.identity import Identity, IdentityCell, Verdict
from index.checks.sums import row_parents, row_totals, three_public_sums
from index.facts import THREE_PUBLIC, Fact
from index.model import Document, Side, Table
from index.parsing.rows import is_total, plain_label

FLOW = "income_expenditure_summary"
# Tables by their kind, the better first.
FUNCTIONAL = ("expenditure_summary", "general_public_expenditure", "appropriation_expenditure")
ECONOMIC = ("basic_by_economic", "project_by_economic")
BY_UNIT = ("expenditure_summary", "basic_by_unit", "general_public_expenditure", "income_summary")


@dataclass(frozen=True)
class Part:
    """An amount with what it is made up of, if that is known."""

    fact: Fact
    parts: tuple[Part, ...] = ()

    @property
    def amount(self) -> Decimal:
        """In the unit of the fact; what is blank is nothing."""
        return self.fact.value or Decimal(0)

    @property
    def name(self) -> str:
        """As its row is called."""
        return self.fact.name or self.fact.label

    def leaves(self) -> Iterator[Part]:
        """Those below it that are made up of nothing further; itself where nothing is below it."""
        for part in self.parts:
            yield from part.leaves()
        if not self.parts:
            yield self

    def sums(self) -> Iterator[Identity]:
        """That it is the sum of its parts, and so on down."""
        if self.parts:
            yield _identity("大项之和", self, self.parts)
        for part in self.parts:
            yield from part.sums()

    def share_of(self, whole: Part) -> Decimal | None:
        """In percent, rounded once."""
        return quotient(self.amount * 100, whole.amount) if whole.amount else None


@dataclass(frozen=True)
class Composition:
    """One or two wholes that are equal (income and expenditure), each with its parts."""

    title: str
    wholes: tuple[Part, ...]

    @property
    def unit(self) -> str:
        """Of its amounts."""
        return self.wholes[0].fact.unit or ""

    @property
    def sums(self) -> list[Identity]:
        """That each whole is the sum of its parts, and both wholes are equal."""
        found = [identity for whole in self.wholes for identity in whole.sums()]
        if len(self.wholes) == 2:
            found.append(_identity("收支平衡", self.wholes[0], self.wholes[1:]))
        return found

    @property
    def verdict(self) -> Verdict:
        """The worst of its sums."""
        verdicts = {identity.verdict for identity in self.sums}
        return next((v for v in ("不一致", "尾差") if v in verdicts), "一致")

    @property
    def refusal(self) -> str:
        """Why it is not to be drawn; empty where it is."""
        wrong = next((identity for identity in self.sums if identity.verdict == "不一致"), None)
        if wrong:
            return (
                f"《{self.title}》{wrong.title}：{wrong.left} 与 {wrong.right}，差 {wrong.difference}"
                f"{wrong.unit or ''}，对不上，所以不画图。"
            )
        if any(leaf.amount < 0 for whole in self.wholes for leaf in whole.leaves()):
            return f"《{self.title}》里有负数，占比没有意义，所以不画图。"
        return ""


@dataclass(frozen=True)
class Pair:
    """The same amount of two years, and what it is called."""

    name: str
    now: Part
    before: Part

    @property
    def change(self) -> Decimal:
        """By how much it has grown, in the unit of both."""
        return self.now.amount - self.before.amount


@dataclass(frozen=True)
class Overview:
    """Each is None where the document has no such table."""

    flow: Composition | None = None
    function: Composition | None = None
    economic: Composition | None = None
    three_public: Composition | None = None
    units: Composition | None = None
    before: tuple[Pair, ...] = ()


def overview(document: Document, facts: Sequence[Fact], before: Overview | None = None) -> Overview:
    """`facts` are those of the document; `before` is the overview of the same budget a year earlier."""
    cells = _Cells(document, facts)
    found = Overview(
        flow=cells.flow(),
        function=cells.by_rows(FUNCTIONAL, _are_items),
        economic=cells.by_rows(ECONOMIC, _are_items),
        three_public=cells.three_public(),
        units=cells.by_rows(BY_UNIT, _are_units),
    )
    return replace(found, before=tuple(_pairs(found, before))) if before else found


def _are_items(parts: Sequence[Part]) -> bool:
    return all(part.fact.role == "item" and part.fact.level == 1 for part in parts)


def _are_units(parts: Sequence[Part]) -> bool:
    return len(parts) > 1 and all(part.fact.role == "unit" for part in parts)


class _Cells:
    """The cells of a document by their place, and the sums that its tables make of them."""

    def __init__(self, document: Document, facts: Sequence[Fact]) -> None:
        self._tables = document.tables
        self._facts = [f for f in facts if f.source == "cell" and is_money(f.unit)]
        rows: dict[tuple[int, int], list[Fact]] = {}
        for fact in self._facts:
            if fact.value is not None:
                rows.setdefault((fact.table_index, fact.row_index), []).append(fact)
        self._totals = {row: total for row, own in rows.items() if (total := _in_total_column(own))}

    def flow(self) -> Composition | None:
        """From the sources of income to what it is spent on, by the grand totals of both sides of one table."""
        for index, table in self._of_kind(FLOW):
            sides = [self._grand_total(index, table, side) for side in ("收入", "支出")]
            if all(side and side.parts for side in sides):
                return Composition(table.title, tuple(side for side in sides if side))
        return None

    def by_rows(self, kinds: Iterable[str], fits: Callable[[Sequence[Part]], bool]) -> Composition | None:
        """The first table of the kinds, in that order, that has a total row of such rows; one that adds up if there is any."""
        found = [
            Composition(table.title, (Part(whole.fact, tuple(map(_as_far_as_it_adds_up, whole.parts))),))
            for kind in kinds
            for index, table in self._of_kind(kind)
            for total, rows in row_totals(table)
            if GRAND_TOTAL.match(plain_label(table.rows[total].label))
            and (whole := self._part(index, total, rows, row_parents(table)))
            and whole.parts
            and fits(whole.parts)
        ]
        return next((one for one in found if not one.refusal), found[0] if found else None)

    def three_public(self) -> Composition | None:
        """The whole with travel, vehicles and reception; vehicles with purchase and running."""
        for index, table in self._of_kind("three_public"):
            own = [f for f in self._facts if f.table_index == index and not f.column_name and f.budget_unit is None]
            if any(fact.name == THREE_PUBLIC for fact in own):
                own = [fact for fact in own if not is_total(fact.name)]  # a total with what is none of the three
            sums = dict(three_public_sums([fact.name for fact in own]))
            for whole, parts in sums.items():
                if own[whole].value and (own[whole].name == THREE_PUBLIC or is_total(own[whole].name)):
                    return Composition(table.title, (_nested(whole, parts, own, sums),))
        return None

    def _of_kind(self, kind: str) -> Iterator[tuple[int, Table]]:
        return ((index, table) for index, table in enumerate(self._tables) if table.kind == kind)

    def _grand_total(self, index: int, table: Table, side: Side) -> Part | None:
        """The last total row of a side with its parts; a total among them is opened up."""
        # A side may hold two lists beside each other, by function and by purpose, with a total each.
        sums = {
            total: [r for r in rows if table.rows[r].block == table.rows[total].block]
            for total, rows in row_totals(table) if table.rows[total].side == side
        }  # fmt: skip
        if not sums:
            return None
        last = max(sums)
        return self._part(index, last, sums[last], sums)

    def _part(self, index: int, row: int, rows: Sequence[int], sums: dict[int, list[int]]) -> Part | None:
        """A row's total with those of the rows that `sums` makes it of, and so on; rows without an amount are left out."""
        fact = self._totals.get((index, row))
        if fact is None or not fact.value:
            return None
        parts = tuple(part for r in rows if (part := self._part(index, r, sums.get(r, ()), sums)))
        return Part(fact, parts)


def _in_total_column(row: Sequence[Fact]) -> Fact | None:
    """The amount of a row in the column that adds nothing to it, or its only amount."""
    return next((fact for fact in row if not fact.column_name), row[0] if len(row) == 1 else None)


def _as_far_as_it_adds_up(part: Part) -> Part:
    """A part without those below it, or below them, that do not make it up."""
    whole = Part(part.fact, tuple(map(_as_far_as_it_adds_up, part.parts)))
    return whole if all(identity.verdict != "不一致" for identity in whole.sums()) else Part(part.fact)


def _nested(whole: int, parts: Sequence[int], facts: Sequence[Fact], sums: dict[int, list[int]]) -> Part:
    inner = tuple(_nested(p, sums.get(p, []), facts, sums) for p in parts if facts[p].value)
    return Part(facts[whole], inner)


def _pairs(now: Overview, before: Overview) -> Iterator[Pair]:
    """Wholes and parts of the same name in the tables of both years."""
    three_public = (THREE_PUBLIC, now.three_public, before.three_public)
    for name, one, other in (("支出合计", now.function, before.function), three_public):
        if one is None or other is None or one.unit != other.unit:
            continue
        (whole, *_), (old, *_) = one.wholes, other.wholes
        known = {part.name: part for part in old.parts}
        yield Pair(name, whole, old)
        yield from (Pair(part.name, part, known[part.name]) for part in whole.parts if part.name in known)


def _identity(rule: str, whole: Part, parts: Sequence[Part]) -> Identity:
    title = f"“{whole.name}”与其{len(parts)}项之和" if rule != "收支平衡" else f"“{whole.name}”与“{parts[0].name}”"
    return Identity(whole.fact.document, rule, title, (_cell(whole),), tuple(_cell(part) for part in parts))


def _cell(part: Part) -> IdentityCell:
    fact = part.fact
    return IdentityCell(fact.table_index, fact.row_index, fact.column_index, fact.text, part.amount, fact.unit)
