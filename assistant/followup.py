"""A question that leans on the ones before it.

In: the Context of an elliptical question and the earlier plans. Out: the part that is meant, or None when the question
stands alone. What the new question names replaces the slot of the same kind in the earlier plan; the rest stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from assistant.context import AMOUNT_WORDS, CHANGE, GROWTH, Context
from assistant.drafts import SCOPES, Draft
from assistant.plan import Calculate, Check, Combine, Expression, Part, Passage, Plan, Reduce, Refuse, Select
from assistant.projects import content_runs
from assistant.steps.arithmetic import default_whole
from assistant.steps.changes import figure_labels


def is_elliptical(context: Context) -> bool:
    """Whether a question may lean on the one before: it points back, or names too little to stand alone."""
    cue = context.reading.cue("share")
    opens_with_share = cue is not None and cue.start <= 2
    if cue is not None and opens_with_share and all(d.start >= cue.start for d in context.drafts):
        return True
    if context.has("share") and context.noun("project", "unit") and not context.reading.has("back"):
        return False
    if SEVERAL.search(context.reading.text) and context.has("sum", "difference", "mean") and len(context.drafts) < 2:
        return True
    opens = re.match(r"(?:那|这)?(?:其中|里头|里面|当中)", context.reading.text)
    bare = len(context.reading.text) <= 6 and not any(d.columns for d in context.drafts)
    leans = bool(opens) or context.has("back") or bare
    if sum(d.named for d in context.drafts) >= 2:
        return False
    complete_alone = any(
        d.labels or d.codes or d.projects or d.total or (d.units and d.columns) for d in context.drafts
    ) or bool(context.projects)
    points = any(w in context.reading.text for w in ("它", "其占", "这个项目", "这项", "该项"))
    if points and context.has("share", "ratio", "difference"):
        return True
    pointed = re.search(r"[该这那此](?:个|家)?(?:单位|中心|局|部门)", context.reading.text)
    if pointed and all(len(d.units) != 1 for d in context.drafts):
        return True
    if context.has("share") and re.match(r"那", context.reading.text) and context.reading.text.endswith("呢"):
        return True
    if any((d.units and (d.columns or d.labels)) or d.projects or d.total for d in context.drafts):
        return False
    if complete_alone:
        return leans and not (context.has("largest", "smallest") and context.noun("project", "unit"))
    return leans or not context.drafts


def complete(context: Context, previous: Sequence[Plan]) -> Part | None:
    """The part that an elliptical question means. Plans are oldest first."""
    calculated = [c for plan in previous for c in _calculations(plan)]
    last_passage = next((p for plan in reversed(previous) for p in plan.parts if isinstance(p, Passage)), None)
    words = context.has("target", "owner", "duty") or (
        re.search(r"什么|啥|哪些|怎么|干嘛|为何", context.reading.text) and not AMOUNT_WORDS.search(context.reading.text)
        and not any(d.named or d.columns for d in context.drafts) and not context.has(*NOT_WORDS)
        and not context.reading.quantities("rank")
    )  # fmt: skip
    lists = context.has("list") and bool(calculated) and isinstance(calculated[-1].expression, Reduce)
    lists = lists and calculated[-1].expression.how not in ("value", "rank")  # type: ignore[union-attr]
    if words and not lists and not context.projects:
        about = "owner" if context.has("owner") else "target"
        found_words = _of_projects(calculated, last_passage, about, context)
        if found_words is not None or context.has("target", "owner"):
            return found_words
    again = (
        _again(context, calculated[-1], last_passage, previous[-1])
        if calculated
        else (
            _again(context, Calculate(expression=Reduce(how="value", of=Select())), last_passage, previous[-1])
            if last_passage is not None and last_passage.about in ("target", "owner")
            else None
        )
    )
    if again is not None:
        return again
    if not calculated:
        return None
    base = calculated[-1]
    spread = {c for d in context.drafts for c in d.columns} >= SCOPES
    if spread and context.has("sum"):
        select = _select_of(base.expression)
        if select is not None and select.labels:
            cells = [select.model_copy(update={"columns": [s], "tables": []}) for s in sorted(SCOPES)]
            return Calculate(expression=Combine(how="sum", operands=[Reduce(how="value", of=c) for c in cells]))
    if context.has("derive"):
        select = _select_of(base.expression)
        if select is not None and select.labels:
            now, change = (Reduce(how="value", of=Select(labels=select.labels, measure=m)) for m in (None, CHANGE))
            return Calculate(expression=Combine(how="previous", operands=[now, change]), unit=context.unit)
    if context.has("reason") and not any(d.named for d in context.drafts):
        select = _select_of(base.expression)
        return Passage(about="reason", subject=select.labels if select else [], query=context.reading.question)
    for step in (_one_of, _all_of, _pair_difference, _share_of, _next_in_rank, _whole_of_set, _change_of):
        found = step(context, base, calculated)
        if found is not None:
            return found
    select = _select_of(base.expression)
    if select is None:
        return None
    replaced = _replace(select, context)
    if replaced is None and context.unit is None:
        return None
    if replaced is None:
        return base.model_copy(update={"unit": context.unit})
    return Calculate(expression=_with_select(base.expression, replaced), unit=context.unit or base.unit)


def _again(context: Context, base: Calculate, last: Passage | None, latest: Plan) -> Part | None:
    """这个项目多少钱: the amount of what was spoken of."""
    if any(w in context.reading.text for w in ("另外", "其他", "别的", "剩下", "其余")) or context.projects:
        return None
    if any(d.named or d.columns for d in context.drafts) or context.unit or context.reading.quantities("rank"):
        return None
    if not any(w in context.reading.text for w in ("多少", "金额", "几", "预算", "钱")) or context.has(*OPERATIONS):
        return None
    if last is not None and last in latest.parts and last.subject and last.about in ("target", "owner"):
        return Calculate(expression=Reduce(how="value", of=Select(universe="projects", labels=last.subject)))
    return base


NOT_WORDS = ("share", "ratio", "difference", "sum", "mean", "count", "largest", "smallest", "change", "reason", "derive",
             "descending", "ascending", "structure", "subordinates", "define")  # fmt: skip
SHORT = 5
SEVERAL = re.compile(r"[这那]?[两二三四五六](?:个|项|笔|家|样|者|边)|它们|他们俩|俩|这些|这几|那几|二者|两者")
OPERATIONS = (
    "derive",
    "reason",
    "duty",
    "define",
    "target",
    "owner",
    "share",
    "ratio",
    "difference",
    "sum",
    "mean",
    "count",
    "list",
    "largest",
    "smallest",
    "change",
)


def _calculations(plan: Plan) -> list[Calculate]:
    found = []
    for part in plan.parts:
        if isinstance(part, Calculate):
            found.append(part)
        elif isinstance(part, Refuse) and part.intended is not None:
            found.append(part.intended)
    return found


def _select_of(expression: Expression | Check) -> Select | None:
    """The select that an expression is mainly about: the first."""
    if isinstance(expression, Reduce):
        return expression.of
    if isinstance(expression, Check):
        return _select_of(expression.left)
    return _select_of(expression.operands[0]) if expression.operands else None


def _with_select(expression: Expression | Check, select: Select) -> Reduce | Combine:
    """The same question of other rows; a share stays a share, what was compared becomes the plain value."""
    if isinstance(expression, Combine) and expression.how in ("share", "ratio"):
        first = _with_select(expression.operands[0], select)
        return expression.model_copy(update={"operands": [first, *expression.operands[1:]]})
    if isinstance(expression, Reduce):
        return expression.model_copy(update={"of": select})
    return Reduce(how="value", of=select)


def _of_projects(calculated: list[Calculate], passage: Passage | None, about: str, context: Context) -> Part | None:
    for part in reversed(calculated):
        expression = part.expression
        select = _select_of(expression)
        if select is not None and select.universe == "projects":
            subject = select.labels
            if isinstance(expression, Combine):
                expression = expression.operands[0]
            expression = expression if isinstance(expression, Reduce) else Reduce(how="list", of=select)
            return Passage(about=about, subject=subject, query=context.reading.question,
                           of=None if subject else expression)  # fmt: skip
    if passage is not None and passage.about in ("target", "owner"):
        return passage.model_copy(update={"about": about, "query": context.reading.question})
    return None


def _one_of(context: Context, base: Calculate, calculated: list[Calculate]) -> Part | None:
    """我指运维运营那个: one of the several that the last answer gave."""
    expression = base.expression
    if not isinstance(expression, Reduce) or len(expression.of.labels) < 2 or context.has("difference", "sum", "share"):
        return None
    runs = [run for run, _ in content_runs(context.reading) if len(run) >= 2]
    kept = [label for label in expression.of.labels if runs and all(run in label for run in runs)]
    if not kept or len(kept) == len(expression.of.labels):
        return None
    select = expression.of.model_copy(update={"labels": kept})
    return base.model_copy(update={"expression": expression.model_copy(update={"of": select})})


def _all_of(context: Context, base: Calculate, calculated: list[Calculate]) -> Part | None:
    """这两个一共多少: over the several that the last answer gave."""
    expression = base.expression
    if not isinstance(expression, Reduce) or len(expression.of.labels) < 2 or any(d.named for d in context.drafts):
        return None
    if context.has("sum", "mean"):
        how = "mean" if context.has("mean") else "sum"
        return Calculate(expression=expression.model_copy(update={"how": how}), unit=context.unit)
    if context.has("difference") and len(expression.of.labels) == 2:
        operands = [
            Reduce(how="value", of=expression.of.model_copy(update={"labels": [label]}))
            for label in expression.of.labels
        ]
        return Calculate(expression=Combine(how="difference", operands=list(operands)), unit=context.unit)
    return None


def _pair_difference(context: Context, base: Calculate, calculated: list[Calculate]) -> Part | None:
    """两家差多少, 前者是后者的几倍, 加起来: over the last two values of the conversation."""
    if not context.has("difference", "sum", "ratio") or any(d.named or d.columns for d in context.drafts):
        return None
    text = context.reading.text
    pair = bool(re.search(r"两|二者|它们|俩|差|前后|前者|后者", text)) or len(text) <= SHORT
    operands: list[Expression] = [c.expression for c in calculated[-2:] if not isinstance(c.expression, Check)]
    if isinstance(base.expression, Combine) and len(base.expression.operands) == 2 and not context.has("sum"):
        operands = base.expression.operands
    if (
        not pair
        or len(operands) < 2
        or (isinstance(operands[-1], Reduce) and operands[-1].how not in ("value", "rank"))
    ):
        return None
    how: Literal["difference", "ratio", "sum"] = (
        "difference" if context.has("difference") else "ratio" if context.has("ratio") else "sum"
    )
    return Calculate(expression=Combine(how=how, operands=operands), unit=context.unit or base.unit)


def _share_of(context: Context, base: Calculate, calculated: list[Calculate]) -> Part | None:
    """它占多少: the last value as a part of what is named now, or of the default whole."""
    if not context.has("share", "ratio") or isinstance(base.expression, Check):
        return None
    named = [d for d in context.drafts if d.named or d.columns]
    if len(named) > 1:
        return None
    part = base.expression
    if isinstance(part, Combine) and part.how in ("share", "difference") and part.operands:
        part = part.operands[0]  # 甲比乙少多少，占总数多少: 甲 is what is spoken of
    select = _select_of(part)
    assert select is not None
    if isinstance(part, Reduce) and part.how == "count":
        return None
    draft = Draft(labels=select.labels, columns=select.columns, units=select.units,
                  projects=select.labels if select.universe == "projects" else [])  # fmt: skip
    if select.universe == "projects" and not select.labels:
        draft.projects = ["*"]
    if (
        SEVERAL.search(context.reading.text)
        and len(calculated) >= 2
        and isinstance(part, Reduce)
        and part.how == "value"
    ):
        plain = [c.expression for c in calculated if isinstance(c.expression, Reduce)]
        within = [_in_columns(e, named[0].columns) for e in plain] if named else []
        different = [e for i, e in enumerate(within) if e not in within[i + 1 :]]
        if len(different) >= 2:
            both = Combine(how="sum", operands=different[-2:])
            whole_value = Reduce(how="value", of=named[0].select())
            return Calculate(expression=Combine(how="share", operands=[both, whole_value]))
    whole = Reduce(how="value", of=named[0].select()) if named else default_whole(draft)
    ranked = base.expression if isinstance(base.expression, Reduce) and base.expression.how == "rank" else None
    if not named and ranked is not None and context.has("smallest", "largest"):
        whole = ranked.model_copy(update={"descending": context.has("largest"), "position": 1, "n": None})
    elif not named and context.has("ratio"):
        return None
    how = "ratio" if context.has("ratio") else "share"
    cue = context.reading.cue("share", "ratio")
    before = bool(named or context.projects) and cue is not None and (context.projects or named[0].end <= cue.start)
    if before and isinstance(base.expression, Combine) and base.expression.how in ("share", "ratio"):
        replaced = _replace(select, context)
        return Calculate(expression=_with_select(base.expression, replaced)) if replaced is not None else None
    positions = [q for q in context.reading.quantities("rank") if q.text == "第"]
    if positions and isinstance(part, Reduce) and part.how != "value":
        nth = part.of.model_copy(update={"nth": int(positions[0].value)})
        ordered = part.how == "rank"
        one = (
            part.model_copy(update={"position": int(positions[0].value), "n": None})
            if ordered
            else (Reduce(how="list", of=nth))
        )
        return Calculate(expression=Combine(how=how, operands=[one, Reduce(how="sum", of=part.of)]))
    if (
        named
        and named[0].named
        and re.match(r"(?:今年|本年|那|这|[笔项个块])*(?:其中|里面|里头|当中)", context.reading.text)
    ):
        whole_select = select.model_copy(update={"measure": None})
        part = Reduce(how="value", of=_replace(whole_select, context) or named[0].select())
        whole = Reduce(how="value", of=whole_select)
    return Calculate(expression=Combine(how=how, operands=[part, whole]))


def _in_columns(expression: Expression, columns: list[str]) -> Expression:
    """A plain value within the columns of the whole that it is compared with."""
    if isinstance(expression, Reduce) and expression.of.labels and not expression.of.columns:
        return expression.model_copy(update={"of": expression.of.model_copy(update={"columns": columns})})
    return expression


def _next_in_rank(context: Context, base: Calculate, calculated: list[Calculate]) -> Part | None:
    """第二多的呢, 最小的呢: another place in the same set."""
    expression = base.expression
    if isinstance(expression, Combine) and expression.how in ("share", "ratio"):
        expression = expression.operands[0]
    if not isinstance(expression, Reduce):
        return None
    ranks = context.reading.quantities("rank")
    if not ranks and not context.has("largest", "smallest"):
        return None
    if (expression.how == "value" and len(expression.of.labels) < 2) or any(d.named for d in context.drafts):
        return None
    if expression.how == "value":
        expression = expression.model_copy(update={"how": "list"})
    positions = [q for q in ranks if q.text == "第"]
    if expression.how == "list" and positions and not context.has("largest", "smallest"):
        nth = expression.of.model_copy(update={"nth": int(positions[0].value)})
        return Calculate(expression=expression.model_copy(update={"of": nth}), unit=context.unit or base.unit)
    descending = not context.has("smallest") if context.has("smallest", "largest") else expression.descending
    updated = {"how": "rank", "descending": descending, "n": None, "position": 1}
    for quantity in ranks:
        key = "position" if quantity.text == "第" else "n"
        updated.update({"position": None, "n": None, key: int(quantity.value)})
    return Calculate(expression=expression.model_copy(update=updated), unit=context.unit or base.unit)


def _whole_of_set(context: Context, base: Calculate, calculated: list[Calculate]) -> Part | None:
    """一共多少, 有几个, 平均呢: the same set, reduced otherwise."""
    expression = base.expression
    if not isinstance(expression, Reduce) or expression.how == "value" or any(d.named for d in context.drafts):
        return None
    how = next((how for how in ("mean", "count", "sum", "list") if context.has(how)), None)
    if how is None:
        return None
    updated: dict = {"how": how, "n": None, "position": None}
    if expression.n:
        top = expression.n if expression.descending else -expression.n
        updated["of"] = expression.of.model_copy(update={"top": top})
    return Calculate(expression=expression.model_copy(update=updated), unit=context.unit or base.unit)


def _change_of(context: Context, base: Calculate, calculated: list[Calculate]) -> Part | None:
    """跟去年比呢: the change of what was asked before, or of what is named now."""
    if not (
        context.has("change") or (context.has("same", "more", "less") and context.reading.quantities("relative_year"))
    ):
        return None
    named = [d for d in context.drafts if d.labels or d.total]
    select = _select_of(base.expression)
    if select is None:
        return None
    draft = named[0] if named else Draft(labels=select.labels, total=select.total)
    labels = figure_labels(draft, context.lexicon)
    if not labels:
        return Refuse(reason="no_amount", detail="与上年相比的变化")
    wants_growth = context.has("growth")
    return Calculate(
        expression=Reduce(how="value", of=Select(labels=labels, measure=GROWTH if wants_growth else CHANGE))
    )


def _replace(select: Select, context: Context) -> Select | None:
    """The earlier select with the slots that the new question names."""
    changes: dict = {}
    years = [int(q.value) for q in context.reading.quantities("year")]
    if not years and select.years and re.search(r"今年|本年|当年", context.reading.text):
        years = context.lexicon.years()[:1]
    if years:
        changes["years"] = years
    drafts = context.drafts or ([Draft()] if context.noun("project") and not context.projects else [])
    for draft in drafts:
        if draft.labels or draft.codes:
            changes.update(labels=draft.labels, codes=draft.codes, total=None, universe="items", under=draft.under,
                           measure=None)  # fmt: skip
            if select.universe == "projects" and not draft.units:
                changes["units"] = []
        if context.projects or draft.projects:
            changes.update(
                labels=context.projects or draft.projects, universe="projects", total=None, columns=[], units=[]
            )
        if draft.units and len(draft.units) > 1 and re.search(r"[该这那此]", context.reading.text):
            owners = select.units or [u for n in select.labels if (u := context.lexicon.project_units.get(n))]
            draft.units = owners or draft.units
        if draft.units:
            changes["units"] = draft.units
            if select.universe == "projects" and select.labels:
                changes.update(universe="items", labels=[])
        if draft.columns:
            changes["columns"] = draft.columns
            if not draft.tables:
                changes["tables"] = []
            if select.total:
                changes["total"] = None
        if draft.classification is None and context.noun("project") and not draft.named and select.universe == "items":
            changes["columns"] = ["项目支出"]
        if draft.tables:
            changes["tables"] = draft.tables
        if draft.total and not draft.labels:
            changes.update(total=draft.total, labels=[], codes=[], columns=[])
    if context.conditions:
        changes["where"] = context.conditions
    return select.model_copy(update=changes) if changes else None
