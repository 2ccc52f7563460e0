"""Shares, ratios, differences and sums of named things. What one operand leaves open its neighbour lends."""

from __future__ import annotations

from assistant.context import Context, calculate, is_statement, lend_slots, operands_of, value_of, wants_sum
from assistant.drafts import Draft
from assistant.plan import Combine, Expression, Part, Reduce, Select
from assistant.steps.changes import is_change
from assistant.steps.sets import universe_of


def share(context: Context) -> Part | None:
    if not context.has("share") or is_change(context):
        return None
    operands = operands_of(context)
    cue = context.reading.cue("share")
    assert cue is not None
    before = [m for m in context.reading.mentions if m.end <= cue.start]
    said = any(m.is_a("label", "column", "unit", "project", "total", "code", "noun", "table") for m in before)
    only_whole = len(operands) == 1 and operands[0].start >= cue.end and not context.projects
    if only_whole and not context.noun("project") and not context.conditions:
        return None
    if not said and not context.projects and not context.conditions and not context.reading.quantities("rank"):
        return None  # 占…的多少: of what, only the turn before could say
    part_set = _set_before(context, cue.start)
    if part_set is not None:
        after = [d for d in operands if d.start >= cue.end]
        whole_of_set = value_of(after[0].select()) if after else default_whole(Draft(projects=["*"]))
        return calculate(context, Combine(how="share", operands=[Reduce(how="sum", of=part_set), whole_of_set]))
    if not any(d.end <= cue.start for d in operands) and context.noun("project") and not context.projects:
        operands = [Draft(columns=["项目支出"], words=["项目"]), *operands]
    if not operands:
        return None
    dropped = [m for m in context.reading.mentions if m.end <= cue.start and (m.is_a("label", "weak") or not m.known)]
    if dropped and not any(d.start < cue.start for d in operands):
        return None  # what the share is of was named, but not understood
    parts_only = len(operands) >= 2 and _each_has_its_share(operands, context)
    if parts_only and context.has("each", "list"):
        each_share = [
            Combine(how="share", operands=[value_of(d.select()), default_whole(d)]) for d in lend_slots(operands)
        ]
        return calculate(context, Combine(how="list", operands=list(each_share)))
    if len(operands) >= 2:
        whole = next((d for d in operands[:-1] if d.inside and d.end <= cue.start), None)
        if whole is not None and all(d.end <= cue.start or d is whole for d in operands):
            part = next(d for d in operands if d is not whole)
        else:
            part, whole = operands[0], operands[-1]
        parts = [d for d in operands if d is not whole]
        for draft in parts:
            lend_whole(draft, whole)
        left: Expression = value_of(part.select())
        if len(parts) > 1 and context.has("each", "list"):
            shares = [
                Combine(how="share", operands=[value_of(d.select()), value_of(whole_select(whole, d))]) for d in parts
            ]
            return calculate(context, Combine(how="list", operands=list(shares)))
        if len(parts) > 1:
            left = Combine(how="sum", operands=[value_of(d.select()) for d in parts])
        return calculate(context, Combine(how="share", operands=[left, value_of(whole_select(whole, part))]))
    if len(operands) == 1 and operands[0].under:
        draft = operands[0]
        above = draft.select(labels=draft.under, under=[])
        return calculate(context, Combine(how="share", operands=[value_of(draft.select()), value_of(above)]))
    return calculate(
        context, Combine(how="share", operands=[value_of(operands[0].select()), default_whole(operands[0])])
    )


def _each_has_its_share(operands: list[Draft], context: Context) -> bool:
    """基本支出占比、项目支出占比: nothing named is the whole."""
    cues = [m for m in context.reading.mentions if any(s.kind == "cue" and s.value == "share" for s in m.senses)]
    if any(d.inside for d in operands):
        return False
    if all(d.end <= cues[0].start for d in operands):
        return True
    ends = [*(d.start for d in operands[1:]), len(context.reading.text)]
    return all(any(d.end <= c.start < end for c in cues) for d, end in zip(operands, ends, strict=True))


def _set_before(context: Context, end: int) -> Select | None:
    """A described set as the part of a share: 前三个项目, 超过一百万的项目."""
    tops = [q for q in context.reading.quantities("rank") if q.text in ("前", "后") and q.end <= end]
    bounded = bool(context.conditions) and not is_statement(context)
    if not tops and not bounded and not context.has("largest", "smallest"):
        return None
    universe = universe_of(context)
    if universe is None:
        return None
    if tops:
        universe.top = int(tops[0].value) * (1 if tops[0].text == "前" else -1)
    elif context.has("largest", "smallest"):
        universe.top = 1 if context.has("largest") else -1
    return universe


def lend_whole(part: Draft, whole: Draft) -> None:
    """The part of a whole is in the whole's column and unit: 行政运行占基本支出."""
    if part.labels and whole.columns and not whole.labels and not part.columns:
        part.columns = whole.columns
    if part.labels and whole.units and not part.units:
        part.units = whole.units
    if part.columns and not part.named and whole.units:
        part.units = whole.units


def whole_select(whole: Draft, part: Draft) -> Select:
    if whole.labels and part.columns and not whole.columns and not part.projects:
        return whole.select(columns=part.columns)
    return whole.select()


def default_whole(part: Draft) -> Reduce:
    """What a share is of when nothing is said: all project expenditure for a project, else the total of the column."""
    if part.projects:
        return value_of(Select(columns=["项目支出"]))
    if part.units and part.columns:
        return value_of(Select(columns=part.columns))
    if part.labels and part.columns:
        return value_of(Select(columns=part.columns))
    return value_of(Select(total="支出"))


def ratio(context: Context) -> Part | None:
    operands = operands_of(context)
    if not context.has("ratio") or len(operands) < 2:
        return None
    first, second = lend_slots(operands)[:2]
    return calculate(context, Combine(how="ratio", operands=[value_of(first.select()), value_of(second.select())]))


def difference(context: Context) -> Part | None:
    operands = operands_of(context)
    compares = context.has("difference") or (
        context.has("than") and context.has("more", "less") and not is_statement(context)
    )
    if not compares or len(operands) < 2 or is_change(context):
        return None
    shared = lend_slots(operands)
    if len(shared) > 2 and context.has("sum"):
        than = context.reading.cue("than")
        cut = sum(d.end <= than.start for d in shared) if than else 1
        sides = [_side(shared[: cut or 1]), _side(shared[cut or 1 :])]
        return calculate(context, Combine(how="difference", operands=sides))
    first, second = compared(context, shared)
    return calculate(context, Combine(how="difference", operands=[value_of(first.select()), value_of(second.select())]))


def _side(drafts: list[Draft]) -> Expression:
    """One side of a comparison: a value, or the sum of several."""
    values: list[Expression] = [value_of(d.select()) for d in drafts]
    return values[0] if len(values) == 1 else Combine(how="sum", operands=values)


def compared(context: Context, operands: list[Draft]) -> tuple[Draft, Draft]:
    """What is compared with what: the thing after 比 is the measure, wherever the other stands."""
    first, second = operands[0], operands[1]
    than = context.reading.cue("than")
    if than is not None and than.end <= first.start and not any(d.end <= than.start for d in operands):
        return second, first
    return first, second


def remainder(context: Context) -> Part | None:
    """What is left of a whole without some of its parts: 工资福利支出里除了奖金."""
    cue = context.reading.cue("except")
    operands = operands_of(context)
    if cue is None or not operands or is_statement(context):
        return None
    bounds = [q for q in context.reading.quantities("amount") if 0 <= q.start - cue.end <= 1]
    nouns = context.reading.of("noun")[:1]
    if bounds or any(m.start >= cue.end for m in nouns):
        return None  # 不含100万元 is a bound, 不算下属单位 a scope
    first = min((d.start for d in operands if d.start >= cue.end), default=cue.end)
    if any(m for m in context.reading.mentions if cue.end <= m.start < first and (m.is_a("weak") or not m.known)):
        return None  # what is to be left out was named, but not understood
    if len(operands) == 1:
        whole_total = default_whole(operands[0]) if operands[0].projects else value_of(Select(total="支出"))
        return calculate(context, Combine(how="difference", operands=[whole_total, value_of(operands[0].select())]))
    before = [d for d in operands if d.end <= cue.start]
    after = [d for d in operands if d.start >= cue.end]
    whole, parts = (before[0], after) if before else (after[-1], after[:-1])
    if not parts:
        return None
    removed: Expression = value_of(parts[0].select())
    if len(parts) > 1:
        removed = Combine(how="sum", operands=[value_of(d.select()) for d in parts])
    return calculate(context, Combine(how="difference", operands=[value_of(whole.select()), removed]))


def total_of(context: Context) -> Part | None:
    operands = operands_of(context)
    if not wants_sum(context) or context.has("each", "list"):
        return None
    parts = [d for d in operands if not d.whole]
    operands = parts if len(parts) > 1 else operands
    rows = [d for d in operands if d.named and not (d.total and not (d.labels or d.units or d.codes))]
    columns = [d for d in operands if not d.named and d.columns]
    spread = {c for d in operands for c in d.columns} >= {"基本支出", "项目支出"}
    if spread and len(rows) >= 2 and all(d.labels for d in rows):
        several = [d for i, d in enumerate(rows) if all(d.labels != other.labels for other in rows[:i])]
        cells = [d.select(columns=[scope], tables=[]) for d in several for scope in ("基本支出", "项目支出")]
        return calculate(context, Combine(how="sum", operands=[value_of(s) for s in cells]))
    if len(rows) == 1 and len(columns) >= 1 and rows[0].columns:
        rows += columns
    if len(rows) < 2 and len(columns) >= 2 and not rows:
        rows = columns
    if len(rows) < 2:
        return _sum_over_tables(context, operands)
    rows = lend_slots(rows)
    return calculate(context, Combine(how="sum", operands=[value_of(d.select()) for d in rows]))


def _sum_over_tables(context: Context, operands: list[Draft]) -> Part | None:
    """One item over the basic and the project table: 委托业务费两张表加总."""
    if len(operands) == 1 and operands[0].labels and not operands[0].columns and not operands[0].units:
        both = {"基本支出", "项目支出"} <= {f for n in operands[0].labels for f in context.lexicon.label_facets[n]}
        if (
            both
            and context.has("sum")
            and any(
                w in context.reading.text
                for w in ("加起来", "合起来", "加总", "相加", "两张", "两个表", "两表", "之和")
            )
        ):
            scopes = [
                value_of(operands[0].select(columns=[scope], classification=None)) for scope in ("基本支出", "项目支出")
            ]
            return calculate(context, Combine(how="sum", operands=list(scopes)))
    return None
