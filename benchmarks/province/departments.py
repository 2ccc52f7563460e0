"""Who publishes: the departments of the province, their units and projects, and which document is whose.

In: a seed, and an index of a document or the number of a department. Out: a Slot, a Department. The documents stand in blocks
of five departments over five years, latest first, with one of final accounts, so that few documents already hold several
departments and two years.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

import yaml

from benchmarks.province.classification import DATA, FUNCTIONS

WORDS: dict[str, Any] = yaml.safe_load((DATA / "words.yaml").read_text("utf-8"))
OFFICES: list[dict[str, Any]] = yaml.safe_load((DATA / "offices.yaml").read_text("utf-8"))
YEARS = (2025, 2024, 2023, 2022, 2021)
TOGETHER = 5  # departments of a block
FINAL_AFTER, FINAL_YEAR = 10, 2023  # where in a block the final accounts stand, and of which year they are
BLOCK = TOGETHER * len(YEARS) + 1
GENERAL, FUND, CAPITAL, SPECIAL, OWN = "一般公共预算", "政府性基金预算", "国有资本经营预算", "财政专户", "单位资金"
APPROPRIATED = (GENERAL, FUND, CAPITAL)


@dataclass(frozen=True)
class Slot:
    """Which document an index is: of which department and year, and whether it is the final accounts."""

    department: int
    year: int
    final: bool


@dataclass(frozen=True)
class Unit:
    name: str
    short: str  # without the place
    administrative: bool
    staff: int


@dataclass(frozen=True)
class Project:
    """`split`: by economic 款 in hundredths; `first` and `last` are the years in which it is paid for."""

    unit: int
    name: str
    goal: str
    item: str
    source: str
    split: tuple[tuple[str, int], ...]
    base: int
    steady: bool
    first: int
    last: int


@dataclass(frozen=True)
class Department:
    number: int
    name: str
    place: str
    office: dict[str, Any]
    units: tuple[Unit, ...]
    projects: tuple[Project, ...]

    @property
    def level(self) -> str:
        """市, 县 or 区."""
        return self.place[-1]

    def item_of_running(self, unit: Unit) -> str:
        """The 项 that pays for a unit to run."""
        section: str = self.office["section"]
        if unit.administrative:
            return f"{section}01"
        return next(
            code for end in ("50", "04", "99")
            if FUNCTIONS.get(code := section + end) and (end == "99" or FUNCTIONS[code] in ("事业运行", "事业机构"))
        )  # fmt: skip


def slot(seed: int, index: int) -> Slot:
    """What an index stands for."""
    block, within = divmod(index, BLOCK)
    if within == FINAL_AFTER:
        chosen = random.Random(f"{seed}/final/{block}").randrange(TOGETHER)
        return Slot(block * TOGETHER + chosen, FINAL_YEAR, True)
    within -= within > FINAL_AFTER
    return Slot(block * TOGETHER + within % TOGETHER, YEARS[within // TOGETHER], False)


def index_of(seed: int, wanted: Slot) -> int:
    """The index of a document; the other way round."""
    block = wanted.department // TOGETHER * BLOCK
    return next(index for index in range(block, block + BLOCK) if slot(seed, index) == wanted)


def has_final(seed: int, number: int, year: int) -> bool:
    """Whether a department also published final accounts of a year."""
    return slot(seed, number // TOGETHER * BLOCK + FINAL_AFTER) == Slot(number, year, True)


@lru_cache(maxsize=4)
def _all_names(seed: int) -> list[tuple[str, int]]:
    """Places with offices in the order in which they publish."""
    rng = random.Random(f"{seed}/places")
    stems = ["".join(pair) for pair in product(WORDS["firsts"], WORDS["seconds"])]
    places = [stem + rng.choice("市县县区") for stem in stems]
    names = list(product(places, range(len(OFFICES))))
    rng.shuffle(names)
    return names


def most_documents() -> int:
    return len(WORDS["firsts"]) * len(WORDS["seconds"]) * len(OFFICES) // TOGETHER * BLOCK


@lru_cache(maxsize=64)
def department(seed: int, number: int) -> Department:
    place, which = _all_names(seed)[number]
    office = OFFICES[which]
    rng = random.Random(f"{seed}/department/{number}")
    name = f"{office.get('prefix', '')}{place}{office['name']}"
    units = [Unit(name, office["name"], True, rng.randint(15, 120))]
    shorts = rng.sample(office["units"], rng.choices(range(len(office["units"]) + 1), _few(len(office["units"])))[0])
    units += [Unit(place + short, short, rng.random() < 0.15, rng.randint(6, 90)) for short in shorts]
    projects = [p for u, unit in enumerate(units) for p in _projects(rng, office, u, unit)]
    return Department(number, name, place, office, tuple(units), tuple(projects))


def _few(most: int) -> list[int]:
    """How likely it is to have none, one, two … units."""
    return [3, 3, 3, 2, 2, 1, 1][: most + 1]


# --- projects ----------------------------------------------------------------------------------------------------
SPENT_ON = ("30201", "30202", "30211", "30213", "30214", "30216", "30218", "30226", "30227", "30227", "30299", "30305", "31002",
            "31003", "31006", "31007", "31022", "31204")  # fmt: skip
BY_WORD = (("培训", "30216"), ("物业", "30209"), ("租", "30214"), ("设备", "31003"), ("系统", "31007"), ("平台", "31007"),
           ("维修", "30213"), ("修缮", "30213"), ("改造", "31006"), ("补助", "30305"), ("补贴", "30399"), ("奖补", "31204"),
           ("外包", "30227"), ("运维", "30213"), ("材料", "30218"), ("劳务", "30226"), ("宣传", "30202"), ("公务用车", "30231"))  # fmt: skip


def _projects(rng: random.Random, office: dict[str, Any], u: int, unit: Unit) -> list[Project]:
    if u == 0:
        told = rng.sample(office["projects"], rng.randint(2, len(office["projects"])))
        told += rng.sample(WORDS["everywhere"], rng.randint(1, 5))
    else:
        told = [unit.short + text for text in rng.sample(WORDS["of_unit"], rng.randint(1, 4))]
    return [_project(rng, office, u, *text.format(topic=office["topic"]).split("|")) for text in told]


def _project(rng: random.Random, office: dict[str, Any], u: int, name: str, purpose: str) -> Project:
    source, item = GENERAL, rng.choice([*office["business"], *office["business"], f"{office['section']}02"])
    for other, chance in (("funds", 0.2), ("capital", 0.15)):
        if (items := WORDS[other].get(office["section"])) and rng.random() < chance:
            source, item = (FUND if other == "funds" else CAPITAL), rng.choice(items)
    if source == GENERAL and u and rng.random() < 0.12:
        source = rng.choice((SPECIAL, OWN))
    if item not in FUNCTIONS:
        item = office["business"][0]
    first, last = (YEARS[-1] - 1, YEARS[0]) if rng.random() < 0.6 else sorted(rng.sample(range(2020, 2026), 2))
    metrics = "；".join(rng.sample(WORDS["metrics"], 2))
    goal = f"{purpose}。{metrics}。".format(n=rng.randint(2, 60), p=rng.randint(85, 99), m=rng.randint(2, 90) * 100)
    amount = min(rng.lognormvariate(3.7, 1.1), 6000)
    return Project(u, name, goal, item, source, _split(rng, name), max(100, round(amount * 100)), rng.random() < 0.25,
                   first, last)  # fmt: skip


def _split(rng: random.Random, name: str) -> tuple[tuple[str, int], ...]:
    """What a project is spent on, by its name and at random, in hundredths."""
    main = next((code for word, code in BY_WORD if word in name), rng.choice(SPENT_ON))
    others = [code for code in rng.sample(SPENT_ON, rng.randint(0, 3)) if code != main]
    shares = {code: rng.randint(5, 20) for code in others}
    return ((main, 100 - sum(shares.values())), *shares.items())
