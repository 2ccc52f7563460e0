"""The parts that tables are made of: rows by code, by unit, by project; columns by source and purpose.

In: a Budget and a Style. Out: Tables, which know their figures as numbers and how they are printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from benchmarks.province.classification import CLASSES, FUNCTIONS, with_parents
from benchmarks.province.departments import APPROPRIATED, GENERAL
from benchmarks.province.figures import (
    ABROAD,
    CAR_BUYING,
    CAR_RUNNING,
    PEOPLE,
    RECEPTION,
    Budget,
    Leaf,
)
from benchmarks.province.style import Style

Path = tuple[str, ...]
Columns = dict[Path, Callable[[Leaf], bool]]  # headers, and which leaves a column adds up
NUMERALS = "〇一二三四五六七八九"


@dataclass(frozen=True)
class Line:
    """A row: what its label columns print, its name and code, its amounts in hundredths of 万元, and words."""

    labels: tuple[str, ...]
    name: str
    code: str | None
    values: tuple[int, ...]
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Side:
    """A list with its label columns (`heads`), amounts (`columns`) and words."""

    heads: tuple[Path, ...]
    columns: tuple[Path, ...]
    lines: tuple[Line, ...]
    words: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Table:
    """`key` names what it is in whatever family; `right` is the second list of a table of two."""

    key: str
    title: str
    left: Side
    right: Side | None = None
    notes: tuple[str, ...] = ()
    inserted: bool = False  # stands in the prose, without a title or unit of its own

    @property
    def sides(self) -> tuple[Side, ...]:
        return (self.left, self.right) if self.right else (self.left,)


def numeral(n: int) -> str:
    tens, ones = divmod(n, 10)
    text = (NUMERALS[tens] if tens > 1 else "") + ("十" if tens else "")
    return text + (NUMERALS[ones] if ones or not tens else "")


# --- which leaves ------------------------------------------------------------------------------------------------
def everything(leaf: Leaf) -> bool:
    return True


def nothing(leaf: Leaf) -> bool:
    return False


def basic(leaf: Leaf) -> bool:
    return leaf.project is None


def for_project(leaf: Leaf) -> bool:
    return leaf.project is not None


def people(leaf: Leaf) -> bool:
    return basic(leaf) and leaf.economic.startswith(PEOPLE)


def public(leaf: Leaf) -> bool:
    return basic(leaf) and not leaf.economic.startswith(PEOPLE)


def from_(*sources: str) -> Callable[[Leaf], bool]:
    return lambda leaf: leaf.source in sources


def both(one: Callable[[Leaf], bool], two: Callable[[Leaf], bool]) -> Callable[[Leaf], bool]:
    return lambda leaf: one(leaf) and two(leaf)


def spent_on(*codes: str) -> Callable[[Leaf], bool]:
    """From the appropriations, as the three public costs are."""
    return lambda leaf: leaf.source in APPROPRIATED and leaf.economic in codes


# --- rows --------------------------------------------------------------------------------------------------------
def by_code(budget: Budget, columns: Columns, which: Callable[[Leaf], bool], heads: Sequence[Path],
            names: dict[str, str] = FUNCTIONS) -> Side:  # fmt: skip
    """A total and the rows of each code with those above it, by function or (`names`) by economic purpose."""
    functional = names is FUNCTIONS
    leaves = [leaf for leaf in budget.leaves if which(leaf)]
    codes = with_parents(leaf.item if functional else leaf.economic for leaf in leaves)

    def rows(leaf: Leaf) -> Iterable[str]:
        code = leaf.item if functional else leaf.economic
        return ("", *(code[:n] for n in (3, 5, 7) if n <= len(code))) if which(leaf) else ()

    sums = budget.spread(rows, lambda leaf: [path for path, fits in columns.items() if fits(leaf)])

    def line(code: str, name: str) -> Line:
        return Line(_coded(code, name, len(heads)), name, code or None, tuple(sums[code, p] for p in columns))

    lines = [line("", "合计"), *(line(code, names[code]) for code in codes)]
    return Side(tuple(heads), tuple(columns), tuple(lines))


def _coded(code: str, name: str, heads: int) -> tuple[str, ...]:
    if heads == 2:
        return code, name
    return (f"[{code}]{name}" if code else name,)


def code_heads(style: Style, top: str) -> list[Path]:
    """One column for code and name, or two below a common header."""
    return [(f"{top}名称",)] if style.bracketed else [(top, "科目编码"), (top, "科目名称")]


def by_unit(budget: Budget, style: Style, columns: Columns, which: Callable[[Leaf], bool]) -> Side:
    """A total and a row for each unit; units without amounts are left out."""
    sums = budget.spread(lambda leaf: ("", leaf.unit) if which(leaf) else (),
                         lambda leaf: [path for path, fits in columns.items() if fits(leaf)])  # fmt: skip
    there = sorted({leaf.unit for leaf in budget.leaves if which(leaf)})
    lines = [Line(("合计",), "合计", None, tuple(sums["", path] for path in columns))]
    for u in there:
        name = unit_name(budget, style, u)
        lines.append(Line((name,), name, None, tuple(sums[u, path] for path in columns)))
    return Side((("单位名称",),), tuple(columns), tuple(lines))


def unit_name(budget: Budget, style: Style, u: int) -> str:
    return budget.department.units[u].name + ("" if u else style.head_office)


def numbered(items: Iterable[tuple[str, tuple[int, ...]]], brackets: bool = False) -> list[Line]:
    """一、甲 二、乙 … or （一）甲 （二）乙 …"""
    shape = "（{}）{}" if brackets else "{}、{}"
    return [plain(shape.format(numeral(n), name), values) for n, (name, values) in enumerate(items, 1)]


def plain(label: str, values: Iterable[int]) -> Line:
    return Line((label,), label, None, tuple(values))


def by_class(budget: Budget, style: Style, columns: Columns) -> list[tuple[str, tuple[int, ...]]]:
    """The 类 with their amounts: all of them, or those that have any."""
    sums = budget.spread(lambda leaf: (leaf.item[:3],), lambda leaf: [p for p, fits in columns.items() if fits(leaf)])
    rows = [(name, tuple(sums[code, path] for path in columns)) for code, name in CLASSES.items() if code < "230"]
    return rows if style.every_class else [row for row in rows if any(row[1])]


def three_public(budget: Budget) -> dict[str, int]:
    """The three public costs with their parts."""
    parts = {
        "abroad": budget.sum(spent_on(ABROAD)), "buying": budget.sum(spent_on(CAR_BUYING)),
        "running": budget.sum(spent_on(CAR_RUNNING)), "reception": budget.sum(spent_on(RECEPTION)),
    }  # fmt: skip
    parts["cars"] = parts["buying"] + parts["running"]
    return parts | {"total": parts["abroad"] + parts["cars"] + parts["reception"]}


def operating(budget: Budget) -> int:
    """机关运行经费: public money of the basic expenditure of administrative units."""
    offices = {u for u, unit in enumerate(budget.department.units) if unit.administrative}
    return budget.sum(lambda leaf: public(leaf) and leaf.source == GENERAL and leaf.unit in offices)
