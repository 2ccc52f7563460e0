"""Statements to be held against the document: yes or no, with the figures.

In: a Context. Out: a Check, or None when nothing is stated. Each form of statement is a function; the first that fits plans
it. What the asker denies (没有安排…吧) is the same statement denied.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from assistant.context import Context, calculate, is_statement, lend_slots, operands_of, said_again, value_of
from assistant.drafts import SCOPES, Draft
from assistant.plan import Check, Combine, Condition, Part, Reduce, Refuse, Select
from assistant.quantities import Quantity
from assistant.steps.arithmetic import compared, default_whole, lend_whole, whole_select
from assistant.steps.changes import change_check, changes_compared, figure_labels, is_change, is_denied
from assistant.steps.sets import universe_of
from index.amounts import YUAN

ARRANGED = re.compile(r"安排|列支|列了|列在|列入|编列|编了|[花有].{1,20}[吗么嘛没]")


def statement(context: Context) -> Part | None:
    if not is_statement(context):
        return None
    operands = operands_of(context)
    claims = _claims(context, operands)
    if context.has("than") and len(operands) < 2 and not is_change(context):
        return None  # what it is compared with was not understood
    for form in (_whole_budget, _counted, _moved, _ranked, _share, _multiple, _added, _exhaustive, _compared, _claimed,
                 _conditional, _consistent, _key_projects, _existing):  # fmt: skip
        check = form(context, operands, claims)
        if isinstance(check, Check) and form is not _exhaustive and is_denied(context.reading.question):
            for one in (check, *check.also):
                one.negated = True
        if check is not None:
            return calculate(context, check) if isinstance(check, Check) else check
    return None


def _claims(context: Context, operands: Sequence[Draft]) -> list[Quantity]:
    """The amounts that the asker states; a bare count only of what is counted."""
    claims = list(context.reading.quantities("amount"))
    if any(n in context.lexicon.counted for d in operands for n in d.labels):
        claims += context.reading.quantities("count")
    return claims


def condition(claim: Quantity) -> Condition:
    return Condition(operator=claim.operator or "eq", amount=claim.value, unit=claim.unit)


def claimed(left: Reduce | Combine, claim: Quantity, only: bool = False) -> Check:
    said = condition(claim)
    check = Check(left=left, relation=said.operator, claim=said, only=only)
    if re.search(r"[\d一二三四五六七八九十百千两成][多余]|有余|出头", claim.text):  # 八千多万: below 九千万
        next_step = Condition(operator="lt", amount=claim.value + step(claim.value), unit=claim.unit)
        check.also = [Check(left=left, relation="lt", claim=next_step)]
    return check


def step(value: Decimal) -> Decimal:
    """One in the last place of a round number: 1000 for 8000, 10 for 30."""
    zeros = len(str(int(value))) - len(str(int(value)).rstrip("0")) if value == int(value) else 0
    return Decimal(10) ** zeros


def together(checks: Sequence[Check]) -> Check:
    """Several statements as one that holds when all do."""
    first, *rest = checks
    return first.model_copy(update={"also": [*first.also, *rest]})


# --- the forms -----------------------------------------------------------------------------------------------------
def _whole_budget(context: Context, operands: list[Draft], claims: list[Quantity]) -> Check | None:
    """The department has so much, with nothing else named."""
    money = [q for q in claims if q.unit in YUAN]
    about_us = context.reading.of("ourselves", "department")
    if operands or not money or not about_us or context.noun("project"):
        return None
    return claimed(value_of(Select(total="支出")), money[0])


def _counted(context: Context, operands: list[Draft], claims: list[Quantity]) -> Check | None:
    """So many projects or units there are."""
    counts = [q for q in context.reading.quantities("count") if not context.has("share", "half")]
    if not counts or claims or context.has("largest", "smallest") or not context.noun("project", "unit"):
        return None
    if context.projects or any(d.labels for d in context.drafts):
        return None
    universe = universe_of(context)
    if universe is None or universe.universe == "items":
        return None
    if universe.universe == "units" and re.search(r"下属|所属|二级|下辖|下设", context.reading.text):
        universe.exclude = list({info.department for info in context.lexicon.documents})
    said = Condition(operator=counts[0].operator or "eq", amount=counts[0].value)
    return Check(left=Reduce(how="count", of=universe), relation=said.operator, claim=said)


def _moved(context: Context, operands: list[Draft], claims: list[Quantity]) -> Check | Part | None:
    """It rose or fell against the year before."""
    beside = len(operands) >= 2 and context.has("than") and not context.reading.quantities("relative_year")
    if not is_change(context) or (beside and not figure_labels(context.first, context.lexicon)):
        return None
    check = changes_compared(context)
    if check is not None:
        return check
    check = change_check(context)
    return Refuse(reason="no_amount", detail="与上年相比的变化") if check is None else calculate(context, check)


def _ranked(context: Context, operands: list[Draft], claims: list[Quantity]) -> Check | None:
    """It is the largest, the smallest or the nth of its kind."""
    ranks = [q for q in context.reading.quantities("rank") if q.text == "第"]
    ends = [q for q in context.reading.quantities("rank") if q.text != "第" and q.value == 1]  # 最少的一项
    if not (ranks or ends or context.has("largest", "smallest")) or not operands:
        return None
    subject = next((d for d in reversed(operands) if not d.inside and (d.named or d.columns)), operands[-1])
    lowest = context.has("smallest") or "倒数" in context.reading.text or any(q.text == "后" for q in ends)
    again = said_again(context)
    if len(again) == 1 and len(operands) > 1 and not ranks:
        rivals = Combine(how="least" if lowest else "greatest", operands=[value_of(d.select()) for d in operands])
        return Check(left=value_of(again[0].select()), relation="eq", right=rivals)
    universe = _rivals(context, subject, operands)
    if universe is None:
        return None
    place = Reduce(how="rank", of=universe, descending=not lowest, position=int(ranks[0].value) if ranks else 1)
    return Check(left=value_of(subject.select()), relation="eq", right=place)


def _rivals(context: Context, subject: Draft, operands: Sequence[Draft]) -> Select | None:
    """The set in which something is said to have its place."""
    if subject.projects:
        return Select(universe="projects", units=subject.units)
    if subject.units and not subject.labels:
        columns = [c for d in operands for c in d.columns]
        return Select(universe="units", columns=list(dict.fromkeys(columns)))
    if not subject.labels:
        return None
    whole = next((d.labels for d in operands if d.inside and d is not subject and d.labels), subject.under)
    if not whole:
        above = {a for a, part in context.lexicon.parts if part in subject.labels}
        whole = sorted(a for a in above if not any((a, b) in context.lexicon.parts for b in above))
    columns = subject.columns or [c for d in operands for c in d.columns]
    facets = {f for label in subject.labels for f in context.lexicon.label_facets[label]}
    if not columns and facets >= SCOPES:
        return None  # its place in which of the two tables
    return Select(under=whole, columns=columns, units=subject.units) if whole else None


def _share(context: Context, operands: list[Draft], claims: list[Quantity]) -> Check | None:
    """It takes up so much of the whole."""
    percents = [q for q in claims if q.unit == "%"]
    cue = context.reading.cue("share")
    if not operands or not (context.has("half", "mostly") or percents):
        return None
    if cue is not None and all(d.start >= cue.end for d in operands):
        return None  # what takes up the share was not understood
    scopes = [v for m in context.reading.of("column") for v in m.values("column") if v in SCOPES]
    if context.has("mostly") and not percents and operands[0].labels and len(scopes) == 1:
        (other,) = SCOPES - set(scopes)
        sides = [value_of(operands[0].select(columns=[c], tables=[])) for c in (scopes[0], other)]
        return Check(left=sides[0], relation="gt", right=sides[1])
    if operands[0].projects and not percents and not any(d.projects for d in context.drafts):
        return None  # a project found by an everyday word is no part that was named
    if context.has("mostly") and not percents and len(operands) > 1 and not operands[0].inside:
        first, second = lend_slots(operands)[:2]
        return Check(left=value_of(first.select()), relation="gt", right=value_of(second.select()))
    part, whole = _part_and_whole(context, operands)
    share = Combine(how="share", operands=[value_of(part.select()), whole])
    amount = percents[0].value if percents else Decimal(50)
    relation = (percents[0].operator if percents else None) or (
        "lt" if context.has("less") else "eq" if percents and not context.has("half", "more") else "gt"
    )
    return Check(left=share, relation=relation, claim=Condition(operator="eq", amount=amount, unit="%"))


def _part_and_whole(context: Context, operands: list[Draft]) -> tuple[Draft, Reduce]:
    inside = next((d for d in operands if d.inside and d.labels), None)
    if inside is not None and len(operands) > 1:
        return next(d for d in operands if d is not inside), value_of(inside.select())
    part = operands[0]
    if len(operands) < 2:
        if part.units and re.search(r"(?:[它其]|自己|自身|本身)的?(?:全部|总|整个|预算|支出)", context.reading.text):
            return part, value_of(Select(units=part.units))
        above = part.select(labels=part.under, under=[]) if part.under else None
        return part, value_of(above) if above else default_whole(part)
    whole = operands[1]
    lend_whole(part, whole)
    return part, value_of(whole_select(whole, part))


def _multiple(context: Context, operands: list[Draft], claims: list[Quantity]) -> Check | None:
    """It is so many times another."""
    times = [q for q in claims if q.unit == "倍"]
    if not times or len(operands) < 2:
        return None
    first, second = compared(context, lend_slots(operands))
    return claimed(Combine(how="ratio", operands=[value_of(first.select()), value_of(second.select())]), times[0])


def _added(context: Context, operands: list[Draft], claims: list[Quantity]) -> Check | None:
    """Several things together are so much, or as much as another."""
    labelled = [d for d in operands if d.labels]
    if len(labelled) == 1 and len(operands) < 3 and context.has("sum") and context.has("same", "audit"):
        parts = Select(under=labelled[0].labels, columns=labelled[0].columns, tables=labelled[0].tables)
        if any(whole in labelled[0].labels for whole, _ in context.lexicon.parts):
            return Check(left=Reduce(how="sum", of=parts), relation="eq", right=value_of(labelled[0].select()))
    if len(operands) < 2 or not context.has("sum") or not (claims or len(operands) >= 3):
        return None
    drafts = lend_slots([d for d in operands if not d.whole] if claims else operands)
    added, measure = (drafts, None) if claims else (drafts[:-1], value_of(drafts[-1].select()))
    left = Combine(how="sum", operands=[value_of(d.select()) for d in added])
    if claims:
        return claimed(left, claims[0])
    return Check(left=left, relation="gt" if context.has("more") else "eq", right=measure)


def _exhaustive(context: Context, operands: list[Draft], claims: list[Quantity]) -> Check | None:
    """It is all in one column or part: 全部是项目支出, 只有基本支出."""
    cue = context.reading.cue("only")
    if cue is None or any(0 <= claim.start - cue.end <= 1 for claim in claims):
        return None  # 只有1.24万元: only so much, not only there
    subject = next((d for d in operands if d.labels or d.codes or d.units), None)
    if subject is None:
        return _of_one_fund(operands)
    scopes = [(m.start, v) for m in context.reading.of("column") for v in m.values("column") if v in SCOPES]
    if scopes:
        after = [v for start, v in scopes if start >= cue.end]
        there = after[0] if after else scopes[-1][1]
        (other,) = SCOPES - {there}
        holds = [Check(left=value_of(subject.select(columns=[there], tables=[])), relation="exists"),
                 Check(left=value_of(subject.select(columns=[other], tables=[])), relation="exists", negated=True)]  # fmt: skip
        return together(holds)
    wholes = [d for d in operands if d is not subject and (d.labels or d.total or d.columns)]
    if not wholes or context.has("exists"):
        return None
    return Check(left=value_of(subject.select()), relation="eq", right=value_of(wholes[0].select()))


def _of_one_fund(operands: list[Draft]) -> Check | None:
    """项目支出全部来自一般公共预算: a scope that is all of one fund."""
    columns = list(dict.fromkeys(c for d in operands for c in d.columns))
    scopes = [c for c in columns if c in SCOPES]
    if len(columns) != 2 or len(scopes) != 1:
        return None
    return Check(left=value_of(Select(columns=columns)), relation="eq", right=value_of(Select(columns=scopes)))


def _compared(context: Context, operands: list[Draft], claims: list[Quantity]) -> Check | None:
    """More, less or as much as another; the same row in two tables."""
    order = re.search(r"排[在得].*?([前后])", context.reading.text)
    if not operands or not (order or context.has("than", "more", "less", "same", "audit")):
        return None
    tables = [d for d in context.drafts if d.tables or d.classification]
    if len(tables) == 2 and len(operands) == 1:
        sides = [
            value_of(operands[0].select(tables=d.tables, classification=None if d.tables else d.classification))
            for d in tables
        ]
        return Check(left=sides[0], relation="eq", right=sides[1])
    if len(operands) < 2 or (claims and len(claims) >= len(operands)):
        return None
    if claims and not context.has("than"):
        return None
    first, second = compared(context, lend_slots(operands))
    relation = "lt" if context.has("less") else "gt" if context.has("more") else "eq"
    if order:
        relation = "gt" if order[1] == "前" else "lt"
    return Check(left=value_of(first.select()), relation=relation, right=value_of(second.select()))


def _claimed(context: Context, operands: list[Draft], claims: list[Quantity]) -> Check | None:
    """So much it is; several things each with their own amount, or all within one bound."""
    if not claims or not operands:
        return None
    only = context.has("only")
    if len(claims) == 1 and len(operands) == 1:
        return claimed(value_of(operands[0].select()), claims[0], only)
    if len(claims) == 1 and re.search(r"都|均|各", context.reading.text):
        return together([claimed(value_of(d.select()), claims[0]) for d in lend_slots(operands)])
    if len(claims) == 1:
        return claimed(value_of(operands[0].select()), claims[0], only)
    pairs = [(max((d for d in operands if d.start < q.start), key=lambda d: d.start, default=operands[0]), q)
             for q in claims]  # fmt: skip
    return together([claimed(value_of(draft.select()), claim) for draft, claim in pairs])


def _conditional(context: Context, operands: list[Draft], claims: list[Quantity]) -> Check | None:
    """There is one that meets a bound: 有超过一百万的项目吗."""
    if operands or not context.conditions or not context.noun("project", "unit", "subject"):
        return None
    universe = universe_of(context)
    if universe is None:
        return None
    counts = context.reading.quantities("count")
    if counts:
        said = Condition(operator="eq", amount=counts[-1].value)
        return Check(left=Reduce(how="count", of=universe), relation="eq", claim=said)
    return Check(left=Reduce(how="list", of=universe), relation="exists")


def _consistent(context: Context, operands: list[Draft], claims: list[Quantity]) -> Check | None:
    """One row reads the same in all tables; income and expenditure balance."""
    if claims or not context.has("same", "audit"):
        return None
    if not operands and context.has("audit"):
        sides = [value_of(Select(total=side)) for side in ("收入", "支出")]
        return Check(left=sides[0], relation="eq", right=sides[1])
    return Check(left=value_of(operands[0].select()), relation="agree") if len(operands) == 1 else None


def _key_projects(context: Context, operands: list[Draft], claims: list[Quantity]) -> Check | None:
    if not context.has("exists") or not context.noun("key_project"):
        return None
    return Check(left=value_of(Select(tables=["key_project_targets"], level=1)), relation="exists")


def _existing(context: Context, operands: list[Draft], claims: list[Quantity]) -> Check | None:
    """It is there; of several, all are."""
    if not operands or claims or not (context.has("exists", "also") or ARRANGED.search(context.reading.text)):
        return None
    if context.has("each") and context.noun("unit") and not any(d.labels or d.units for d in operands):
        columns = [c for d in operands for c in d.columns]
        if len({info.department for info in context.lexicon.documents}) > 1 or not columns:
            return None
        selects = [Select(units=[unit], columns=columns) for unit in context.lexicon.units]
        return together([Check(left=value_of(select), relation="exists") for select in selects])
    return together([Check(left=value_of(d.select()), relation="exists") for d in lend_slots(operands)])
