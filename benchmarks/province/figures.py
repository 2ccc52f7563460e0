"""The amounts of a budget: one list of leaves, of which every figure of its document is a sum.

In: a seed, a department, a year. Out: a Budget. Amounts are whole hundredths of 万元. What a unit or a project costs has a base
and moves with the years, so that each year can be made alone and still says how it differs from the year before.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from benchmarks.province.classification import FUNCTIONS
from benchmarks.province.departments import (
    GENERAL,
    OWN,
    SPECIAL,
    YEARS,
    Department,
    Project,
    Unit,
    department,
)

BEFORE_ALL = YEARS[-1] - 1  # the year that the first documents compare with
ABROAD, RECEPTION, CAR_RUNNING, CAR_BUYING = "30212", "30217", "30231", "31013"
PEOPLE = ("301", "303")  # what of basic expenditure is 人员经费; the rest is 公用经费


@dataclass(frozen=True)
class Leaf:
    """An amount of one unit, item, purpose and source; `project` is its place among the department's, None for basic expenditure."""

    unit: int
    item: str
    economic: str
    source: str
    project: int | None
    amount: int


@dataclass(frozen=True)
class Purchases:
    goods: int
    works: int
    services: int

    @property
    def total(self) -> int:
        return self.goods + self.works + self.services


@dataclass(frozen=True)
class Budget:
    """`final`: the amounts are those of the final accounts."""

    department: Department
    year: int
    final: bool
    leaves: tuple[Leaf, ...]
    purchases: Purchases
    vehicles: int
    devices: int  # of more than a million each

    def sum(self, fits: Callable[[Leaf], bool] = lambda leaf: True) -> int:
        return sum(leaf.amount for leaf in self.leaves if fits(leaf))

    def spread(self, rows: Callable[[Leaf], Iterable], columns: Callable[[Leaf], Iterable]) -> Counter:
        """Amounts by row and column: each leaf is added to all the rows and columns that it counts in."""
        found: Counter = Counter()
        for leaf in self.leaves:
            for row in rows(leaf):
                for column in columns(leaf):
                    found[row, column] += leaf.amount
        return found

    def projects(self) -> dict[int, int]:
        """Amounts of the projects of this year, by their place among the department's."""
        found: Counter = Counter()
        for leaf in self.leaves:
            if leaf.project is not None:
                found[leaf.project] += leaf.amount
        return dict(sorted(found.items()))


@lru_cache(maxsize=32)
def budget(seed: int, number: int, year: int, final: bool = False) -> Budget:
    who = department(seed, number)
    years = year - BEFORE_ALL
    moves = random.Random(f"{seed}/year/{number}/{year}")
    leaves = []
    for unit, item, economic, source, base, steady in _basic(seed, number):
        grown = base * (1.03**years) * moves.uniform(0.94, 1.06)
        leaves.append(Leaf(unit, item, economic, source, None, base if steady else max(1, round(grown))))
    for p, project in enumerate(who.projects):
        moved = moves.uniform(0.7, 1.5)
        if project.first <= year <= project.last:
            leaves += _of_project(p, project, project.base if project.steady else round(project.base * moved))
    if final:
        spent = random.Random(f"{seed}/final/{number}/{year}")
        leaves = [Leaf(*_key(leaf), max(1, round(leaf.amount * spent.uniform(0.85, 1.04)))) for leaf in leaves]
    bought = sum(leaf.amount for leaf in leaves if leaf.project is not None)
    goods, works, services = (round(bought * moves.uniform(0.02, 0.2) / 100) * 100 for _ in range(3))
    return Budget(who, year, final, tuple(leaves), Purchases(goods, works if moves.random() < 0.6 else 0, services),
                  moves.randint(1, 20), moves.choice((0, 0, 0, 1, 2, 3)))  # fmt: skip


def _key(leaf: Leaf) -> tuple[int, str, str, str, int | None]:
    return leaf.unit, leaf.item, leaf.economic, leaf.source, leaf.project


def _of_project(p: int, project: Project, amount: int) -> list[Leaf]:
    """A project's amount in whole 万元 where it is large, as they mostly are, and its parts."""
    amount = max(100, round(amount / 100) * 100) if p % 3 else max(100, amount)
    parts = [(code, amount * share // 100) for code, share in project.split[1:]]
    parts.append((project.split[0][0], amount - sum(part for _, part in parts)))
    return [Leaf(project.unit, project.item, code, project.source, p, part) for code, part in parts if part]


# --- basic expenditure -------------------------------------------------------------------------------------------
Base = tuple[int, str, str, str, int, bool]
# Economic 款: how likely a unit has it, and what it costs a head in 万元, at least and at most.
PUBLIC = (("30201", 1, 0.2, 0.9), ("30202", 0.6, 0.02, 0.1), ("30203", 0.1, 0.02, 0.1), ("30204", 0.3, 0.005, 0.02),
          ("30205", 0.8, 0.02, 0.08), ("30206", 0.9, 0.05, 0.3), ("30207", 0.9, 0.03, 0.2), ("30208", 0.2, 0.1, 0.3),
          ("30209", 0.5, 0.1, 0.5), ("30211", 0.95, 0.1, 0.5), ("30213", 0.8, 0.05, 0.3), ("30214", 0.2, 0.1, 0.4),
          ("30215", 0.6, 0.02, 0.2), ("30216", 0.7, 0.02, 0.2), ("30226", 0.4, 0.05, 0.4), ("30227", 0.4, 0.05, 0.5),
          ("30228", 0.95, 0.15, 0.35), ("30229", 0.8, 0.1, 0.3), ("30239", 0.8, 0.3, 0.9), ("30240", 0.1, 0.01, 0.03),
          ("30299", 0.7, 0.05, 0.6), ("31002", 0.35, 0.02, 0.15))  # fmt: skip
FAMILY = (("30301", 0.1, 0.1, 0.3), ("30302", 0.8, 0.4, 1.6), ("30304", 0.3, 0.02, 0.2), ("30305", 0.4, 0.02, 0.2),
          ("30307", 0.3, 0.02, 0.1), ("30309", 0.4, 0.005, 0.05), ("30399", 0.4, 0.01, 0.2))  # fmt: skip
PAY = (("30101", 1, 4.5, 7.5), ("30102", 1, 1.0, 5.0), ("30103", 0.9, 1.5, 5.0), ("30106", 0.2, 0.3, 0.6),
       ("30114", 0.3, 0.05, 0.2), ("30199", 0.6, 0.3, 2.5))  # fmt: skip


@lru_cache(maxsize=32)
def _basic(seed: int, number: int) -> tuple[Base, ...]:
    """What the units of a department cost in the first year, before it moves."""
    who = department(seed, number)
    rng = random.Random(f"{seed}/basic/{number}")
    return tuple(base for u, unit in enumerate(who.units) for base in _of_unit(rng, who, u, unit))


def _of_unit(rng: random.Random, who: Department, u: int, unit: Unit) -> list[Base]:
    run = who.item_of_running(unit)
    own = "1" if unit.administrative else "2"  # 行政单位… or 事业单位…
    found: list[Base] = []

    def add(item: str, code: str, amount: float, source: str = GENERAL, steady: bool = False) -> None:
        found.append((u, item, code, source, max(1, round(amount * 100)), steady))

    def some(costs: Iterable[tuple[str, float, float, float]], item_of: Callable[[str], str]) -> None:
        for code, chance, least, most in costs:
            if rng.random() < chance:
                add(item_of(code), code, unit.staff * rng.uniform(least, most))

    some(PAY, lambda code: run)
    if not unit.administrative:
        add(run, "30107", unit.staff * rng.uniform(4, 8))
    pay = sum(base[4] for base in found) / 100
    add("2080505", "30108", pay * 0.16)
    if rng.random() < 0.9:
        add("2080506", "30109", pay * 0.08)
    add(f"210110{own}", "30110", pay * 0.08)
    if rng.random() < 0.4:
        add("2101103", "30111", pay * 0.03)
    add("2089999" if rng.random() < 0.5 else run, "30112", pay * rng.uniform(0.005, 0.015))
    add("2210201", "30113", pay * 0.12)
    if rng.random() < 0.15:
        add("2210203", "30102", pay * rng.uniform(0.02, 0.05))
    some(FAMILY, lambda code: f"208050{own}" if code in ("30301", "30302") else run)
    some(PUBLIC, lambda code: run)
    _three_public(rng, unit, lambda code, amount: add(run, code, amount, steady=rng.random() < 0.5))
    if not unit.administrative and rng.random() < 0.3:
        source = rng.choice((SPECIAL, OWN, OWN))
        for code in rng.sample(("30199", "30226", "30218", "30299", "31003", "30399"), rng.randint(1, 3)):
            add(run, code, unit.staff * rng.uniform(0.2, 1.5), source)
    assert all(base[1] in FUNCTIONS for base in found)
    return found


def _three_public(rng: random.Random, unit: Unit, add: Callable[[str, float], None]) -> None:
    if unit.administrative and rng.random() < 0.1:
        add(ABROAD, rng.uniform(2, 20))
    if rng.random() < 0.75:
        add(RECEPTION, rng.uniform(0.2, 6))
    if rng.random() < 0.65:
        add(CAR_RUNNING, rng.randint(1, 6) * rng.choice((1.5, 2, 2.5, 3, 3.5)))
    if rng.random() < 0.08:
        add(CAR_BUYING, rng.choice((15, 16.8, 17.5, 18)))
