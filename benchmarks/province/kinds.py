"""The kinds of questions: what each asks of a document, and every answer that is right.

In: a seed, a Document, a random source. Out: what is asked, without its words. An item is asked for by name only where all tables
that print it agree, so that there is one answer.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from benchmarks.province.classification import ECONOMICS, FUNCTIONS
from benchmarks.province.departments import GENERAL, TOGETHER, WORDS, YEARS, Slot, has_final, index_of
from benchmarks.province.documents import Document
from benchmarks.province.figures import Budget, budget
from benchmarks.province.style import printed
from benchmarks.province.tables import basic, for_project, people, public, three_public

LONG_AGO = (2016, 2017, 2018)
COSTS = {
    "abroad": "因公出国（境）费",
    "cars": "公务用车购置及运行维护费",
    "reception": "公务接待费",
    "total": "“三公”经费",
}


@dataclass(frozen=True)
class Asked:
    """`wording` names the templates, `slots` fill them; any of `golds` is right; `also`: the other documents it is about."""

    wording: str
    slots: dict[str, str]
    golds: list[dict[str, Any]]
    also: list[int] = field(default_factory=list)


Asking = Callable[[int, Document, random.Random], Iterator[Asked]]


def amounts(*hundredths: int, unit: str = "万元", **more: Any) -> dict[str, Any]:
    return {"values": [printed(value) for value in hundredths], "unit": unit} | more


def percent(part: int, whole: int, places: str = "0.01") -> dict[str, Any]:
    share = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal(places), ROUND_HALF_UP)
    return {"values": [str(share)], "unit": "%"}


# --- one amount --------------------------------------------------------------------------------------------------
def _plain_items(one: Document) -> dict[str, int]:
    """项 with one amount in all tables: paid from the general budget alone, and with a name that no other row has."""
    sums: Counter[str] = Counter()
    other = set()
    for leaf in one.budget.leaves:
        sums[leaf.item] += leaf.amount
        if leaf.source != GENERAL:
            other.add(leaf.item)
    codes = {leaf.item[:n] for leaf in one.budget.leaves for n in (3, 5, 7)}
    names = Counter(FUNCTIONS[code] for code in codes)
    return {
        code: amount for code, amount in sums.items()
        if code not in other and names[FUNCTIONS[code]] == 1 and FUNCTIONS[code] not in ECONOMICS.values()
    }  # fmt: skip


def cell(seed: int, one: Document, rng: random.Random) -> Iterator[Asked]:
    items = _plain_items(one)
    for code in rng.sample(sorted(items), min(2, len(items))):
        yield Asked("cell_final" if one.slot.final else "cell", {"x": FUNCTIONS[code]}, [amounts(items[code])])


def code(seed: int, one: Document, rng: random.Random) -> Iterator[Asked]:
    if items := _plain_items(one):
        chosen = rng.choice(sorted(items))
        yield Asked("code", {"c": chosen}, [amounts(items[chosen])])


def economic(seed: int, one: Document, rng: random.Random) -> Iterator[Asked]:
    """Of basic expenditure from the general budget, which has a table of its own."""
    sums: Counter[str] = Counter()
    for leaf in one.budget.leaves:
        if basic(leaf) and leaf.source == GENERAL:
            sums[leaf.economic] += leaf.amount
    for chosen in rng.sample(sorted(sums), 2):
        yield Asked("economic", {"x": ECONOMICS[chosen]}, [amounts(sums[chosen])])


def column(seed: int, one: Document, rng: random.Random) -> Iterator[Asked]:
    """An item's part: 人员经费 or 公用经费 where there are such columns, else 基本支出 or 项目支出."""
    parts = {"基本支出": basic, "项目支出": for_project}
    if one.style.family != "long" and not one.slot.final:
        parts = {"人员经费": people, "公用经费": public}
    items = sorted(_plain_items(one))
    rng.shuffle(items)
    for item in items:
        name, fits = rng.choice(sorted(parts.items()))
        amount = one.budget.sum(lambda leaf, item=item, fits=fits: leaf.item == item and fits(leaf))  # type: ignore[misc]
        if amount:
            yield Asked("column", {"x": FUNCTIONS[item], "o": name}, [amounts(amount)])
            return


def project(seed: int, one: Document, rng: random.Random) -> Iterator[Asked]:
    if _lists_projects(one):
        chosen, amount = rng.choice(list(one.budget.projects().items()))
        yield Asked("project", {"x": one.budget.department.projects[chosen].name}, [amounts(amount)])


def _lists_projects(one: Document) -> bool:
    return one.table("projects") is not None and bool(one.budget.projects())


def costs(seed: int, one: Document, rng: random.Random) -> Iterator[Asked]:
    found = {key: amount for key, amount in three_public(one.budget).items() if amount and key in COSTS}
    if one.slot.final:
        return  # its table gives what was planned beside what was spent
    for key in rng.sample(sorted(found), min(2, len(found))):
        yield Asked("three_public", {"x": COSTS[key]}, [amounts(found[key])])


# --- computed ----------------------------------------------------------------------------------------------------
def share(seed: int, one: Document, rng: random.Random) -> Iterator[Asked]:
    name, fits = rng.choice((("基本支出", basic), ("项目支出", for_project)))
    part = one.budget.sum(fits)
    if part:
        yield Asked("share", {"x": name}, _rounded(one, part, one.budget.sum()))


def _rounded(one: Document, part: int, whole: int) -> list[dict[str, Any]]:
    """A percentage to two decimals, or as the prose prints it."""
    golds = [percent(part, whole), percent(part, whole, "0.1")]
    return golds[:1] if one.style.decimals == 2 else golds


def difference(seed: int, one: Document, rng: random.Random) -> Iterator[Asked]:
    items = _plain_items(one)
    if len(items) > 1:
        more, less = sorted(rng.sample(sorted(items), 2), key=lambda item: -items[item])
        if items[more] > items[less]:
            names = {"x": FUNCTIONS[more], "o": FUNCTIONS[less]}
            yield Asked("difference", names, [amounts(items[more] - items[less])])


def change(seed: int, one: Document, rng: random.Random) -> Iterator[Asked]:
    """What the prose tells of income."""
    moved = one.budget.sum() - one.before.sum()
    if moved:
        wording = "change_final" if one.slot.final else "change"
        yield Asked(wording, {"way": "增加" if moved > 0 else "减少"}, _moved(moved))


def _moved(moved: int) -> list[dict[str, Any]]:
    """How much, or with its sign."""
    return [amounts(abs(moved)), amounts(moved)] if moved < 0 else [amounts(moved)]


def growth(seed: int, one: Document, rng: random.Random) -> Iterator[Asked]:
    now, before = (three_public(b)["total"] for b in (one.budget, one.before))
    if before and now != before:
        golds = _rounded(one, abs(now - before), before)
        golds += [gold | {"values": [f"-{gold['values'][0]}"]} for gold in golds if now < before]
        yield Asked("growth", {"way": "增长" if now > before else "下降"}, golds)


def yes_no(seed: int, one: Document, rng: random.Random) -> Iterator[Asked]:
    total = three_public(one.budget)["total"]
    limit = max(1, round(total * rng.choice((0.6, 0.9, 1.1, 1.5)) / 100))
    if not one.slot.final and total and total != limit * 100:
        yield Asked("yes_no", {"n": str(limit)}, [{"boolean": total > limit * 100}])


# --- sets --------------------------------------------------------------------------------------------------------
def top(seed: int, one: Document, rng: random.Random) -> Iterator[Asked]:
    projects = one.budget.projects()
    if _lists_projects(one) and list(projects.values()).count(max(projects.values())) == 1:
        largest = max(projects, key=projects.__getitem__)
        yield Asked("top", {}, [{"names": [one.budget.department.projects[largest].name]}])


def count(seed: int, one: Document, rng: random.Random) -> Iterator[Asked]:
    if _lists_projects(one):
        yield Asked("count", {}, [{"values": [str(len(one.budget.projects()))], "unit": "个"}])


def unit(seed: int, one: Document, rng: random.Random) -> Iterator[Asked]:
    """What all projects of a subordinate unit come to."""
    who = one.budget.department
    units = sorted({who.projects[p].unit for p in one.budget.projects()} - {0})
    if _lists_projects(one) and units:
        chosen = rng.choice(units)
        amount = one.budget.sum(lambda leaf: for_project(leaf) and leaf.unit == chosen)
        yield Asked("unit", {"x": who.units[chosen].name}, [amounts(amount)])


def text(seed: int, one: Document, rng: random.Random) -> Iterator[Asked]:
    """What a project is for."""
    if any(side.words for table in one.tables for side in table.sides if not table.inserted) and _lists_projects(one):
        project = one.budget.department.projects[rng.choice(list(one.budget.projects()))]
        yield Asked("text", {"x": project.name}, [{"contains": [project.goal.split("。")[0]]}])


# --- several documents -------------------------------------------------------------------------------------------
def larger(seed: int, one: Document, rng: random.Random) -> Iterator[Asked]:
    """Against the department before it in the block, of the same year."""
    where = one.slot
    before = where.department - 1
    mixed = any(has_final(seed, number, where.year) for number in (where.department, before))
    if where.final or mixed or where.department % TOGETHER == 0:
        return
    other = budget(seed, before, where.year)
    totals = {one.department: one.budget.sum(), other.department.name: other.sum()}
    if len(set(totals.values())) == 2:
        first = max(totals, key=totals.__getitem__)
        both = sorted(totals.values(), reverse=True)
        golds = [{"names": [first]}, amounts(*both, names=[first]), amounts(both[0] - both[1], names=[first])]
        yield Asked("larger", {"o": other.department.name}, golds, [index_of(seed, Slot(before, where.year, False))])


def years(seed: int, one: Document, rng: random.Random) -> Iterator[Asked]:
    """Against the year after, whose document stands before it."""
    where = one.slot
    after = where.year + 1
    mixed = any(has_final(seed, where.department, year) for year in (where.year, after))
    if where.final or mixed or after > YEARS[0]:
        return
    later: Budget = budget(seed, where.department, after)
    moved = later.sum() - one.budget.sum()
    if moved:
        slots = {"way": "增加" if moved > 0 else "减少", "b": str(where.year), "y": str(after)}
        yield Asked("years", slots, _moved(moved), [index_of(seed, Slot(where.department, after, False))])


# --- what is not there -------------------------------------------------------------------------------------------
def refuse_year(seed: int, one: Document, rng: random.Random) -> Iterator[Asked]:
    yield Asked("refuse_year", {"b": str(rng.choice(LONG_AGO))}, [{"refuse": ["other_year"]}])


def refuse_department(seed: int, one: Document, rng: random.Random) -> Iterator[Asked]:
    name = rng.choice(WORDS["never"]) + one.budget.department.office["name"]
    prefix = one.budget.department.office.get("prefix", "")
    yield Asked("refuse_department", {"o": prefix + name}, [{"refuse": ["other_department"]}])


def refuse_item(seed: int, one: Document, rng: random.Random) -> Iterator[Asked]:
    """An item of another office, whose name stands nowhere in the document."""
    if one.slot.final:
        return
    said = str(one.body) + str(one.budget.department)
    names = sorted({name for code, name in FUNCTIONS.items() if len(code) == 7 and name not in said and len(name) > 3})
    yield Asked("refuse_item", {"x": rng.choice(names)}, [{"refuse": ["not_found"]}])


def refuse_month(seed: int, one: Document, rng: random.Random) -> Iterator[Asked]:
    if not one.slot.final:
        yield Asked("refuse_month", {"m": str(rng.randint(1, 12))}, [{"refuse": ["no_amount"]}])


KINDS: dict[str, Asking] = {
    "cell": cell, "code": code, "economic": economic, "column": column, "project": project, "three_public": costs,
    "share": share, "difference": difference, "change": change, "growth": growth, "yes_no": yes_no,
    "top": top, "count": count, "unit": unit, "text": text, "larger": larger, "years": years,
    "refuse_year": refuse_year, "refuse_department": refuse_department, "refuse_item": refuse_item,
    "refuse_month": refuse_month,
}  # fmt: skip
