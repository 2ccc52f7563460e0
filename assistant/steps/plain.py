"""The plain value of what is named, once no other step has taken the question."""

from __future__ import annotations

import re

from assistant.context import Context, asks_amount, calculate, is_statement, operands_of, value_of
from assistant.plan import Check, Clarify, Condition, Part, Passage, Refuse, Select
from index.amounts import YUAN

COUNTED = re.compile(r"(?:多少|几)个?(?:人[次员]?|名|位|户|家|台|辆|件|场次?|次|批次?)(?![的钱万元])")  # no money
WORDED = re.compile(
    r"如何|怎么|怎样|为何|谁|哪|还是|依据|凭|说明|解释|交代|规定|范围|文号|区别|差在|不同|(?:什么|啥)(?!数|价|金额|额)|何|性质|用途|来源|截[至止]"
)
SOURCE = re.compile(r"从(?:哪|何)|来自|来源|由来|怎么来|哪[儿里]来|(?:什么|啥|哪[些种])钱|拿[来去](?:做|干|买)")


def indicator(context: Context) -> Part | None:
    """A figure inside a performance target: 正常运行率要求达到多少."""
    indicators = context.lexicon.indicators
    labels = [n for d in context.drafts for n in d.labels if n in indicators]
    if context.projects:
        labels = [n for n in labels if indicators[n] & set(context.projects)]
    if not labels or not (asks_amount(context) or context.has("count")):
        return None
    return calculate(context, value_of(Select(labels=labels, under=context.projects)))


def asks_in_words(context: Context) -> bool:
    """Whether something else than an amount is asked: 编制范围如何, 依据的是哪个规范."""
    text = context.reading.text
    amounts = context.conditions or context.reading.quantities("amount")
    if SOURCE.search(text) and not re.search(r"多少|[几金]额|几[个项元万]", text):
        return not amounts
    return bool(WORDED.search(text)) and not asks_amount(context) and not amounts


def plain(context: Context) -> Part | None:
    operands = operands_of(context)
    if context.has("share", "ratio", "mean", "largest", "smallest", "except", "derive", "half"):
        return None  # an operation that could not be carried out is not passed over
    if any(not (q.text == "第" and operands and operands[0].numbering) for q in context.reading.quantities("rank")):
        return None
    if is_statement(context) and not context.has("exists") and not asks_amount(context):
        return None
    if asks_in_words(context):
        return Passage(about="search", query=context.reading.question)
    counted = COUNTED.search(context.reading.text)
    if counted and not any(n in context.lexicon.counted for d in operands for n in d.labels):
        return Refuse(reason="not_found", detail=counted[0])
    if not operands:
        return _whole(context)
    claims = [q for q in context.reading.quantities("amount") if q.operator is None and q.unit in YUAN]
    if claims and len(operands) == 1 and not context.projects:
        claim = Condition(operator="eq", amount=claims[0].value, unit=claims[0].unit)
        return calculate(context, Check(left=value_of(operands[0].select()), relation="eq", claim=claim))
    loose = [m for m in context.reading.of("weak") if not m.is_a("label", "unit")]
    if loose and not any(d.labels or d.codes or d.columns or d.projects or d.total for d in operands):
        return None  # 甲中心的工作经费 is not the whole budget of 甲中心
    draft = operands[0]
    vague = [m for m in context.reading.of("unit") if len(m.values("unit")) > 1]
    if vague and draft.units and not draft.columns and not draft.labels:
        choices = [f"{unit}的预算是多少" for unit in draft.units]
        return Clarify(text=f"“{vague[0].text}”可能指几个单位，请选择", choices=choices)
    if draft.tables and not draft.named and not draft.columns:
        return None
    if len(operands) == 1 and not draft.named and not draft.columns:
        return None
    return calculate(context, value_of(draft.select()))


def _whole(context: Context) -> Part | None:
    """Nothing named but the department itself, or projects as a whole: the total."""
    if context.reading.unknown() or not (asks_amount(context) or context.has("sum")):
        return None
    if context.noun("project") and context.has("sum"):
        return calculate(context, value_of(Select(columns=["项目支出"])))
    budget = "预算" in context.reading.text or context.has("sum")
    if context.reading.of("department") and budget and not context.reading.of("weak"):
        return calculate(context, value_of(Select(total="支出")))
    if context.has("sum") and (context.reading.of("ourselves") or context.noun("unit")):
        return calculate(context, value_of(Select(total="支出")))
    return None


def table_total(context: Context) -> Part | None:
    """A table named alone: its total."""
    draft = context.first
    if draft.tables and not draft.named and not draft.columns:
        return calculate(context, value_of(draft.select()))
    return None
