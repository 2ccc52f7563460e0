"""Changes against the year before, which only prose states."""

from __future__ import annotations

import re

from assistant.context import CHANGE, GROWTH, Context, calculate, value_of
from assistant.drafts import Draft
from assistant.lexicon import Lexicon
from assistant.plan import Check, Combine, Condition, Part, Reduce, Refuse, Select

RISING = r"增|涨|翻|上升|提高|提升|走高|[变]?多了|高了|变[多高大]|扩大"
FALLING = r"减|降|跌|砍|缩|压|省了|回落|走低|[少低]了|变[少低小]"
ALL = "预算总额"  # said of income and expenditure alike
ASKED_BACK = re.compile(  # these deny nothing
    r"有没有|有无|是否有|没[说记弄搞看算]?错|没问题|没变化?|没有变[化动]|没有?(?:别的|其他)|无其他"
)
DENIED = re.compile(r"(?:没有|没(?!有)|未|并无|毫无|并非)(?!$|[吗么呢吧啊]$)|一(?:分|毛|点|个).{0,8}(?:没|未)")


def is_change(context: Context) -> bool:
    if context.has("change", "derive") or re.search(
        r"增长率|增幅|降幅|涨幅|增速|翻倍|翻.{0,2}番", context.reading.text
    ):
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
    sides = {t.side for t in lexicon.vocabulary.totals if set(names) & set(t.words)}
    if sides:  # 支出预算 here is 支出 there
        words = {word for t in lexicon.vocabulary.totals if t.side in sides and t.name != ALL for word in t.words}
        names += [name for name in sorted(lexicon.figures & words) if name not in names]
    if not names and draft.labels:
        stems = {stem(label) for label in draft.labels}
        names = [name for name in sorted(lexicon.figures) if stem(name) in stems]
    if not names and (draft.total or not (draft.named or draft.columns)):
        side = draft.total
        words = {word for t in lexicon.vocabulary.totals if side is None or t.side == side for word in t.words}
        names = [name for name in sorted(lexicon.figures) if name in words]
    return names


def change(context: Context) -> Part | None:
    if not is_change(context):
        return None
    labels = figure_labels(context.first, context.lexicon)
    if not labels:
        return Refuse(reason="no_amount", detail="与上年相比的变化")
    if context.has("largest", "smallest"):
        parts = Select(under=labels, measure=CHANGE)
        rises = direction(context.reading.text) != "falls"
        return calculate(context, Reduce(how="rank", of=parts, descending=rises == context.has("largest"), position=1))
    now = value_of(Select(labels=labels))
    if _derives(context):
        changed = value_of(Select(labels=labels, measure=CHANGE))
        return calculate(context, Combine(how="previous", operands=[now, changed]))
    wanted = [value_of(Select(labels=labels, measure=m)) for m in _measures(context)]
    if _asks_now(context):
        wanted.insert(0, now)
    return calculate(context, wanted[0] if len(wanted) == 1 else Combine(how="list", operands=list(wanted)))


def _derives(context: Context) -> bool:
    """Whether the amount of the year before is to be worked out from this year's and the change."""
    worked_out = re.search(r"减去|减掉|扣除|扣掉|加回|加上|还原", context.reading.text)
    return context.has("derive") or bool(worked_out and context.reading.quantities("relative_year"))


def _measures(context: Context) -> list[str]:
    """What of a change is asked: its amount, its rate, or both."""
    text = context.reading.text
    amount = re.search(r"多少钱|多少万|金额|多少元|几块|数额|[增减]加?额", text)
    if not context.has("growth", "share"):
        return [CHANGE]
    cue = context.reading.cue("growth", "share")
    both = amount or any(m.end <= cue.start for m in context.reading.mentions if "what" in m.values("cue"))  # type: ignore[union-attr]
    return [CHANGE, GROWTH] if both else [GROWTH]


def _asks_now(context: Context) -> bool:
    """Whether this year's amount is asked for in a clause of its own beside the change."""
    clauses = [c for c in context.reading.clauses() if any("what" in m.values("cue") for m in c)]
    moves = ("change", "growth")
    return any(not any(m.values("cue")[:1] and set(m.values("cue")) & {*moves, "same", "more", "less"} for m in c)
               and any(m.is_a("label", "total") for m in c) for c in clauses)  # fmt: skip


def direction(text: str) -> str | None:
    """rises or falls: the last word of movement that is said; None where none is."""
    text = re.sub(r"[多不至]少|少说|增减", "", text)
    ways = [("rises", m.end()) for m in re.finditer(RISING, text)]
    ways += [("falls", m.end()) for m in re.finditer(FALLING, text)]
    return max(ways, key=lambda way: way[1])[0] if ways else None


def change_check(context: Context) -> Check | None:
    """The statement that something rose, fell or stayed, by how much; None where prose tells of no such change."""
    named = [d for d in context.drafts if d.named and figure_labels(d, context.lexicon)] or [context.first]
    checks = [_moved(context, labels) for d in named if (labels := figure_labels(d, context.lexicon))]
    return checks[0].model_copy(update={"also": checks[1:]}) if checks else None


def _moved(context: Context, labels: list[str]) -> Check:
    way = direction(context.reading.text)
    claims = context.reading.quantities("amount")
    claim = None
    if claims:
        claim = Condition(operator=claims[0].operator or "eq", amount=claims[0].value, unit=claims[0].unit)
    relation = "same" if context.has("same") and claim is None else way or ("rises" if claim else "same")
    left = value_of(Select(labels=labels, measure=GROWTH if claim is not None and claim.unit == "%" else CHANGE))
    unmoved = relation == "same" and not context.has("same")  # 有变化吗: whether it is not the same
    return Check(left=left, relation=relation, claim=claim, negated=unmoved != is_denied(context.reading.question))


def changes_compared(context: Context) -> Check | None:
    """One change held against another: 甲的增幅比乙大."""
    pairs = [labels for d in context.drafts if d.named and (labels := figure_labels(d, context.lexicon))]
    if len(pairs) != 2 or not context.has("than", "same") or not context.has("more", "less", "same"):
        return None
    if context.reading.quantities(
        "relative_year",
    ) or context.reading.quantities("amount"):
        return None
    measure = GROWTH if context.has("growth") else CHANGE
    left, right = (value_of(Select(labels=labels, measure=measure)) for labels in pairs)
    relation = "lt" if context.has("less") else "gt" if context.has("more") else "eq"
    return Check(left=left, relation=relation, right=right)


def is_denied(question: str) -> bool:
    """Whether a statement denies something (没有安排…吧); 没有 at the end of a clause merely asks."""
    pieces = re.split(r"[，,；;。？?！!]", question)
    return any(DENIED.search(ASKED_BACK.sub("", piece)) for piece in pieces)
