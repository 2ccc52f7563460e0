"""What a question is about, as the planning steps look at it.

In: a Reading with its drafts. Out: a Context, and the small questions that every step asks of it: is an amount asked for, is
it a statement to be checked, which operands are there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.drafts import Draft
from assistant.lexicon import Lexicon
from assistant.link import Reading
from assistant.plan import Calculate, Check, Condition, Expression, Reduce, Select

CHANGE, GROWTH = "比上年增减", "比上年增长率"


@dataclass
class Context:
    """Everything that the steps look at."""

    reading: Reading
    drafts: list[Draft]
    lexicon: Lexicon
    projects: list[str]
    conditions: list[Condition]
    searched: bool = False

    @property
    def first(self) -> Draft:
        return self.drafts[0] if self.drafts else Draft()

    @property
    def unit(self) -> str | None:
        """The unit of money asked for."""
        money = list(self.reading.of("money"))
        return money[-1].values("money")[0] if money else None

    @property
    def decimals(self) -> int | None:
        wanted = self.reading.quantities("decimals")
        return int(wanted[0].value) if wanted and self.unit else None

    def has(self, *cues: str) -> bool:
        return self.reading.has(*cues)

    def noun(self, *nouns: str) -> bool:
        return any(value in nouns for m in self.reading.of("noun") for value in m.values("noun"))


ASKS_HOW_MUCH = re.compile(r"多少|几个|几项|百分之几|几成|几倍")
YESNO = {"yesno", "exists"}
NAMES = ("label", "absent", "unit", "project", "total", "code")
AMOUNT_WORDS = re.compile(r"多少|几何|几多|几钱|几万|几块|金额|的钱|花.{0,3}钱|预算数|花费|数额|多大")


def asks_amount(context: Context) -> bool:
    return bool(AMOUNT_WORDS.search(context.reading.text)) or bool(context.conditions)


def value_of(select: Select) -> Reduce:
    return Reduce(how="value", of=select)


def calculate(context: Context, expression: Expression | Check) -> Calculate:
    return Calculate(
        expression=expression,
        unit=context.unit,
        decimals=context.decimals,
        with_code=context.noun("code"),
        with_target=context.has("target") and bool(context.projects),
        with_owner=context.has("owner") and bool(context.projects),
        names_only=_which_projects(context),
    )


def _which_projects(context: Context) -> bool:
    """哪个项目提到…: the project is asked for, not its amount."""
    asked = context.searched or (context.has("which", "list") and context.noun("project"))
    text = context.reading.text
    amounts = AMOUNT_WORDS.search(text) or "预算" in text or "安排数" in text
    return bool(context.projects and asked) and not (
        amounts or context.has("largest", "smallest", "count", "sum", "mean")
    )


def operands_of(context: Context) -> list[Draft]:
    """The drafts that can be operands, each completed by what its neighbours say."""
    if context.projects and not any(d.projects for d in context.drafts):
        rest = [d for d in context.drafts if (d.columns or d.total) and not d.labels]
        loose = [d for d in context.drafts if not d.columns]
        units = [u for d in loose for u in d.units if not any(u in name for name in context.projects)]
        return [Draft(projects=context.projects, words=context.projects, units=units), *rest]
    found = _said_once([d for d in context.drafts if (d.named or d.columns) and not _only_absent(d)])
    return [d for i, d in enumerate(found) if not any(d.select() == other.select() for other in found[:i])]


def _only_absent(draft: Draft) -> bool:
    return bool(draft.absent) and not (draft.labels or draft.codes or draft.units or draft.projects or draft.total)


def _said_once(found: list[Draft]) -> list[Draft]:
    """出差的费用，基本支出里的差旅费: an item named first in other words, and nothing more, is the same item."""
    bare = [d for d in found if d.labels and not (d.columns or d.units or d.tables or d.under or d.codes)]
    again = [d for d in bare for other in found if other is not d and d.start < other.start and
             set(d.labels) == set(other.labels) and d.words != other.words]  # fmt: skip
    return [d for d in found if not any(d is other for other in again)]


def said_again(context: Context) -> list[Draft]:
    """The operands that are named a second time: 分甲、乙、丙，丙多少 asks for 丙."""
    found = [d for d in context.drafts if d.named]
    return [d for i, d in enumerate(found) if any(d.select() == other.select() for other in found[:i])]


def lend_slots(operands: list[Draft]) -> list[Draft]:
    """Lend slots between operands: 甲中心的基本支出比乙中心多; 办公费基本支出和项目支出."""
    first = operands[0]
    for draft in operands[1:]:
        if not draft.named and draft.columns and first.named:
            draft.labels, draft.codes, draft.units, draft.projects = (
                first.labels,
                first.codes,
                first.units,
                first.projects,
            )
        if draft.units and not draft.columns and not draft.labels:
            draft.columns, draft.labels = first.columns, first.labels
        if draft.labels and not draft.columns and first.columns and first.labels:
            draft.columns = first.columns
        if draft.labels and not draft.units and first.units and first.labels:
            draft.units = first.units
        if draft.labels and not draft.tables and first.tables:
            draft.tables = first.tables
    last = operands[-1]
    for draft in operands[:-1]:
        if draft.units and not draft.columns and not draft.labels and last.units and (last.columns or last.labels):
            draft.columns, draft.labels = last.columns, last.labels
        if not draft.named and draft.columns and last.labels and last.columns:
            draft.labels = last.labels
        if draft.labels and not draft.columns and not draft.units and last.columns and last.labels:
            draft.columns = last.columns
    return operands


def wants_sum(context: Context) -> bool:
    totals = (m.text for m in context.reading.of("total"))
    return context.has("sum") or any(word in text for text in totals for word in ("合计", "总", "一共"))


def is_statement(context: Context) -> bool:
    """Whether something is stated and asked to be confirmed. An amount may be asked for beside it, in a clause that names
    nothing else (对吗，多少)."""
    reading = context.reading
    if not reading.has("yesno", "exists"):
        return False
    if reading.has("list", "which") and not (reading.has("exists") and context.conditions):
        return False
    clauses = reading.clauses()
    asking = [c for c in clauses if ASKS_HOW_MUCH.search("".join(m.text for m in c))]
    stated = [c for c in clauses if c not in asking and any(YESNO & set(m.values("cue")) for m in c)]
    return not asking or (bool(stated) and not any(m.is_a(*NAMES) for c in asking for m in c))
