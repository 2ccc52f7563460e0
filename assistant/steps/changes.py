"""Changes against the year before, which only prose states."""

from __future__ import annotations

import re

from assistant.context import CHANGE, GROWTH, Context, calculate, value_of
from assistant.drafts import Draft
from assistant.lexicon import Lexicon
from assistant.plan import Check, Combine, Condition, Part, Refuse, Select


def is_change(context: Context) -> bool:
    if context.has("change", "derive") or re.search(r"增长率|增幅|降幅|涨幅|增速", context.reading.text):
        return True
    return bool(context.reading.quantities("relative_year")) and context.has(
        "same", "more", "less", "difference", "than"
    )


def stem(label: str) -> str:
    """A label without the word for money at its end: 公务接待费支出 and 公务接待费 are one."""
    return re.sub(r"(?:支出|费用|经费|费)+$", "", label)


def figure_labels(draft: Draft, lexicon: Lexicon) -> list[str]:
    """The names under which prose speaks of what a draft means: 总支出 is 支出预算 there."""
    names = [label for label in draft.labels if label in lexicon.figures]
    if not names and draft.labels:
        stems = {stem(label) for label in draft.labels}
        names = [name for name in sorted(lexicon.figures) if stem(name) in stems]
    if not names and (draft.total or not draft.named):
        side = draft.total
        words = {word for t in lexicon.vocabulary.totals if side is None or t.side == side for word in t.words}
        names = [name for name in sorted(lexicon.figures) if name in words]
    return names


def change(context: Context) -> Part | None:
    if not is_change(context):
        return None
    draft = context.first
    labels = figure_labels(draft, context.lexicon)
    if not labels:
        return Refuse(reason="no_amount", detail="与上年相比的变化")
    if context.has("derive"):
        now = value_of(Select(labels=labels))
        return calculate(
            context, Combine(how="difference", operands=[now, value_of(Select(labels=labels, measure=CHANGE))])
        )
    if context.has("growth") and re.search(r"多少钱|多少万|金额|多少元|增加额", context.reading.text):
        both = [value_of(Select(labels=labels, measure=m)) for m in (CHANGE, GROWTH)]
        return calculate(context, Combine(how="list", operands=list(both)))
    measure = GROWTH if _wants_growth(context) else CHANGE
    return calculate(context, value_of(Select(labels=labels, measure=measure)))


def _wants_growth(context: Context) -> bool:
    text = context.reading.text
    return context.has("growth") and not any(w in text for w in ("多少钱", "多少万", "金额", "多少元"))


def change_check(context: Context) -> Part | None:
    labels = figure_labels(context.first, context.lexicon)
    if not labels:
        return Refuse(reason="no_amount", detail="与上年相比的变化")
    text = context.reading.text
    falls = bool(re.search(r"减|降|少|低|砍|缩|省|压|跌", text)) and not re.search(r"不减反增|不降反升", text)
    claims = context.reading.quantities("amount")
    relation = "same" if context.has("same") and not claims else ("falls" if falls else "rises")
    claim = Condition(operator="eq", amount=claims[0].value, unit=claims[0].unit) if claims else None
    measure = GROWTH if claim is not None and claim.unit == "%" else CHANGE
    left = value_of(Select(labels=labels, measure=measure))
    return calculate(context, Check(left=left, relation=relation, claim=claim))
