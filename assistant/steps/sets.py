"""Questions about sets: what is ranked, counted, listed, averaged or compared one by one.

The set is a Select: projects, units, or the rows of one classification at one level, or the parts of a row; never rows of
different levels together.
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from assistant.context import (
    Context,
    asks_amount,
    calculate,
    is_statement,
    lend_slots,
    operands_of,
    said_again,
    value_of,
    wants_sum,
)
from assistant.lexicon import Lexicon
from assistant.plan import Classification, Combine, Condition, Part, Reduce, Select
from index.amounts import YUAN
from index.kinds import BY_NAME

LOWEST_LEVEL = 3
BELOW = re.compile(r"下|二级|直属|所属")
CLASSIFICATIONS: dict[str, Classification] = {
    "functional": "functional", "economic": "economic", "three_public": "three_public",
}  # fmt: skip


def universe_of(context: Context) -> Select | None:
    """The set that is ranked, counted or listed, or None when no set is named."""
    draft = context.first
    units = list(dict.fromkeys(u for d in context.drafts for u in d.units))
    columns = list(dict.fromkeys(c for d in context.drafts for c in d.columns))
    tables = [t for d in context.drafts for t in d.tables]
    level = next((d.level for d in context.drafts if d.level), None)
    classification = next((d.classification for d in context.drafts if d.classification), None)
    labels = [label for d in context.drafts for label in d.labels]
    if not labels and draft.codes and (draft.inside or context.noun("subject") or level is not None):
        labels = sorted({name for code in draft.codes for name in context.lexicon.code_names.get(code, ())})
        draft.inside = True
    where = context.conditions
    project_table = "project_list" in tables
    if context.projects and not context.reading.quantities("rank"):
        return Select(universe="projects", labels=context.projects, units=units, where=where)
    if classification is None and level is None and context.noun("project") and not labels:
        return Select(universe="projects", units=units, where=where)
    if len(units) > 1 and not labels:
        return Select(universe="units", units=units, columns=columns, where=where)
    compares_units = context.has("owner") and (columns or context.has("largest", "smallest")) and not labels
    if labels and not units and (context.noun("unit") or context.has("owner")) and context.has("largest", "smallest"):
        return Select(labels=labels, columns=columns, units=list(context.lexicon.units), where=where)
    if (context.noun("unit") and not units) or compares_units:
        return Select(universe="units", columns=columns, tables=tables, where=where, exclude=_own_units(context))
    of_parts = draft.inside or context.noun("subject") or context.has("each", "list")
    if labels and len(context.drafts) == 1 and of_parts and _has_parts(labels, context.lexicon):
        deepest = max((int(m.values("level")[0]) for m in context.reading.of("level")), default=None)
        below = deepest if deepest == LOWEST_LEVEL else None
        return Select(under=labels, level=below, columns=columns, tables=tables, where=where)
    if classification is None and (columns or tables) and not (set(tables) & {"project_list"}):
        classification = _classification_of(columns, tables, level)
    if classification or level:
        classification = classification or "functional"
        default_level = 2 if classification == "economic" else 1
        return Select(classification=classification, level=level or default_level, columns=columns,
                      tables=[t for t in tables if t != "project_list"], where=where)  # fmt: skip
    if project_table or (context.noun("project") and not labels):
        return Select(universe="projects", units=units, where=where)
    return None


def _own_units(context: Context) -> list[str]:
    """The departments' own units, where only those below them are asked for: 三家下属单位."""
    below = any(
        s.kind == "cue" and s.value == "subordinates" and BELOW.search(m.text)
        for m in context.reading.mentions for s in m.senses
    )  # fmt: skip
    all_of_them = any(int(q.value) == len(context.lexicon.units) for q in context.reading.quantities("count"))
    return [info.department for info in context.lexicon.documents] if below and not all_of_them else []


def _has_parts(labels: list[str], lexicon: Lexicon) -> bool:
    return any(whole in labels for whole, _ in lexicon.parts)


def _classification_of(columns: list[str], tables: list[str], level: int | None) -> Classification | None:
    if tables:
        return CLASSIFICATIONS.get(BY_NAME[tables[0]].rows)
    if level == 3:
        return "functional"
    if {"基本支出", "项目支出"} & set(columns):
        return "economic"
    return None


def rank(context: Context) -> Part | None:
    ranks = context.reading.quantities("rank")
    ordered = context.has("largest", "smallest", "descending", "ascending") or bool(ranks)
    if not ordered:
        return None
    universe = universe_of(context) or _named_set(context)
    if universe is None or (universe.universe == "projects" and _asks_unit(context)):
        return None  # 哪个单位的项目最多: by number or by money, only the asker knows
    text = context.reading.text
    if any(d.numbering for d in context.drafts):
        return None
    descending = not (context.has("smallest", "ascending") or any(q.text == "后" for q in ranks) or "倒数" in text)
    n: int | None = None
    position: int | None = None
    for quantity in ranks:
        if quantity.text == "第":
            position = int(quantity.value)
        else:
            n = int(quantity.value)
    if n and (context.has("mean") or wants_sum(context)):
        universe.top = n if descending else -n
        return calculate(context, Reduce(how="mean" if context.has("mean") else "sum", of=universe))
    cue = context.reading.cue("largest", "smallest")
    counted = [q for q in context.reading.quantities("count") if cue and q.start >= cue.end and q.start - cue.end <= 2]
    if n is None and position is None and counted:
        n = int(counted[0].value)
    if n is None and position is None and context.has("largest", "smallest"):
        position = 1
    if universe.universe == "items" and universe.classification and not universe.under and context.has("descending"):
        universe.where = universe.where or [Condition(operator="gt", amount=Decimal(0))]
    return calculate(context, Reduce(how="rank", of=universe, descending=descending, n=n, position=position))


def _asks_unit(context: Context) -> bool:
    """哪个单位的项目最多: whether units are to be ranked by their projects, not projects by their amount."""
    mentions = [m for m in context.reading.mentions if not (m.filler and not m.senses)]
    most = any(
        "project" in noun.values("noun") and {"largest", "smallest"} & {s.value for s in cue.senses if s.kind == "cue"}
        for noun, cue in pairwise(mentions)
    )
    return most and (context.has("owner") or context.noun("unit")) and not any(d.units for d in context.drafts)


def _named_set(context: Context) -> Select | None:
    """The set of things that are named one by one, to be put in order."""
    operands = operands_of(context)
    labels = list(dict.fromkeys(label for d in operands for label in d.labels))
    if len(labels) < 2 or not context.has("descending", "ascending") or any(d.units for d in operands):
        return None
    return Select(labels=labels, columns=list(dict.fromkeys(c for d in operands for c in d.columns)))


def which_is_more(context: Context) -> Part | None:
    """基本支出和项目支出哪个多: of named things the one with more."""
    operands = operands_of(context)
    compared = context.has("more", "less", "largest", "smallest") and context.has("which", "owner")
    if not compared or len(operands) < 2:
        return None
    least = context.has("less", "smallest")
    selects = [value_of(d.select()) for d in lend_slots(operands)]
    return calculate(context, Combine(how="least" if least else "greatest", operands=list(selects)))


def by_amount(context: Context) -> Part | None:
    """700万的那个项目是哪个: found by its printed amount."""
    amounts = [q for q in context.reading.quantities("amount") if q.operator is None and q.unit in YUAN]
    if not amounts or not context.has("which", "list", "what") or is_statement(context):
        return None
    context.conditions = [Condition(operator="eq", amount=amounts[0].value, unit=amounts[0].unit)]
    universe = universe_of(context)
    return calculate(context, Reduce(how="list", of=universe)) if universe is not None else None


def count_or_list(context: Context) -> Part | None:
    if context.searched:
        how = "sum" if wants_sum(context) else "count" if context.has("count") else "list"
        return calculate(context, Reduce(how=how, of=Select(universe="projects", labels=context.projects)))
    if context.has("without") and not context.projects:
        return calculate(context, Reduce(how="list", of=Select(universe="projects", without_target=True)))
    several = len([d for d in operands_of(context) if d.columns or d.named]) > 1
    if several and context.has("each") and not context.reading.of("noun", "level") and not context.conditions:
        return None
    universe = universe_of(context)
    if universe is None or len(context.projects) == 1:
        return None
    text = context.reading.text
    if (
        universe.universe == "projects"
        and universe.units
        and not asks_amount(context)
        and not context.has("count", "mean")
    ):
        return calculate(context, Reduce(how="list", of=universe))
    if context.has("mean"):
        return calculate(context, Reduce(how="mean", of=universe))
    if context.has("count") and context.has("each", "list") and context.noun("project"):
        return calculate(context, Reduce(how="list", of=universe))
    if context.has("count") and not any(d.labels for d in context.drafts):
        return calculate(context, Reduce(how="count", of=universe))
    chosen = universe.universe == "projects" and (context.conditions or universe.labels)
    if wants_sum(context) and (chosen or (universe.universe == "units" and universe.exclude)):
        return calculate(context, Reduce(how="sum", of=universe))
    named = context.has("list", "each") or context.conditions or "哪些" in text
    if any(d.labels or d.codes for d in context.drafts) and not universe.under and not context.conditions:
        return None
    if not named:
        return None
    if (
        any(d.columns for d in context.drafts)
        and universe.universe == "projects"
        and not context.conditions
        and not context.has("list")
    ):
        return None
    if universe.universe == "items" and not universe.under and not universe.level and not context.conditions:
        return None
    return calculate(context, Reduce(how="list", of=universe))


def each(context: Context) -> Part | None:
    """Several named things at once: 基本支出和项目支出各是多少."""
    operands = operands_of(context)
    if len(operands) < 2 or context.projects or is_statement(context):
        return None
    operands = said_again(context) or [d for d in operands if not d.whole] or operands
    operands = lend_slots(operands)
    selects = [d.select() for d in operands]
    if len(selects) == 1:
        return calculate(context, value_of(selects[0]))
    return calculate(context, Combine(how="list", operands=[value_of(s) for s in selects]))
