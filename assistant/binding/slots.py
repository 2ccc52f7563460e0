"""What a thing of a form can be bound to, and the slots between: the stretches taken one way.

A Bound is a Select that the documents have; an Unbound says why there is none; an Ambiguous names several things that the words
mean as well as one another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from assistant.lookup.values import UNIT_SCOPES
from assistant.plan import ReasonCode, Select
from assistant.words.naming import Option, Slot
from assistant.words.normal import bare

Side = Literal["收入", "支出"]
SCOPES = UNIT_SCOPES
PROJECT_COLUMN = "项目支出"
MOST_TRIED = 240
MOST_CHOICES = 5  # names among which is asked back
SURE = 0.75  # a binding below it gives way to a project that is described better
EXACT = 0.9  # of an option that is a row's own name or a synonym
SHORT_WORD = 2  # characters of a word that tells little alone
CLASSIFICATIONS = ("functional", "economic", "three_public")
KIND_WORTH = {"row": 1.0, "project": 1.0, "code": 1.0, "unit": 0.999, "column": 0.995, "table": 0.99, "total": 0.985, "level": 0.98,
              "noun": 0.97, "absent": 0.5}  # fmt: skip


@dataclass(frozen=True)
class Hints:
    """What the wording of a question tells beside its form: whether things are counted (几辆), and where a topic must stand."""

    counting: bool = False
    field: Literal["name", "target"] | None = None
    below: bool = False  # only the units under the department are spoken of
    both_scopes: bool = False  # basic and project expenditure are meant together
    level: Literal["leaf", "class"] | None = None  # the deepest rows are meant, or the largest groups
    bought: bool = False  # what is to be bought is meant, not what is there
    carried: bool | None = None  # 总计 is said, with what other years leave; False: 本年合计
    question: str = ""
    units: tuple[str, ...] = ()  # in which a number of people or things is asked for: 人次


NO_HINTS = Hints()


@dataclass(frozen=True)
class Bound:
    """A Select with how sure it is, and slips that were read through."""

    select: Select
    score: float = 1.0
    taken: tuple[tuple[str, str], ...] = ()
    projects_found: bool = False
    also: tuple[Select, ...] = ()  # further cells of the same row that are asked for


@dataclass(frozen=True)
class Unbound:
    """Why a thing cannot be bound: a reason code and the words that it hangs on; `near` are names that come close."""

    reason: ReasonCode
    words: str
    near: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ambiguous:
    """Words that several things are called by."""

    words: str
    names: tuple[str, ...]


@dataclass
class Slots:
    """The slots of one way to take the stretches."""

    rows: list[list[str]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    numbering: str | None = None
    columns: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    projects: list[str] = field(default_factory=list)
    years: list[int] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)
    level: int | None = None
    classification: str | None = None
    nouns: list[str] = field(default_factory=list)
    total: str | None = None
    total_row: str | None = None  # the words for it, which may be a row's own name
    own: bool = False
    whole: bool = False


def worth(way: Iterable[Option]) -> float:
    """How sure a way to take all stretches is."""
    result = 1.0
    for option in way:
        result *= option.score * KIND_WORTH.get(option.slots[0].kind if option.slots else "", 1.0)
    return result


def may_be_department(choices: Iterable[Option]) -> bool:
    """Whether a stretch may name the department, whatever row is called so too."""
    return any(slot.kind == "department" for option in choices for slot in option.slots)


def year_of(slot: Slot, years: Collection[int]) -> int:
    """The year that a slot names; 去年 is counted from the latest of the documents' years."""
    return int(slot.value) if slot.kind == "year" else max(years, default=0) + int(slot.value)


def said_once(rows: Sequence[list[str]]) -> list[list[str]]:
    """请客吃饭的接待费: two words for one row are that row."""
    found: list[list[str]] = []
    for names in rows:
        common = [n for n in found[-1] if n in names] if found else []
        if common:
            found[-1] = common
        else:
            found.append(names)
    return found


def several_named(stretches: Sequence[str], rivals: Sequence[tuple[Option, ...]]) -> Ambiguous | None:
    """A stretch by which several units are called, one as well as another."""
    for index, text in enumerate(stretches):
        named = [[s.value for s in way[index].slots if s.kind in ("unit", "project")] for way in rivals]
        names = list(dict.fromkeys(values[0] for values in named if len(values) == 1))
        exact = any(bare(text) == bare(name) for name in names)  # 甲经费 beside 甲经费（结转）
        if len(names) > 1 and not exact and all(len(values) == 1 for values in named):
            return Ambiguous(text, tuple(names))
    return None
