"""Statements to be held against the document: yes or no, with the figures."""

from __future__ import annotations

import re
from decimal import Decimal

from assistant.context import Context, calculate, is_statement, lend_slots, operands_of, value_of
from assistant.plan import Check, Combine, Condition, Part, Select
from assistant.steps.arithmetic import compared, default_whole
from assistant.steps.changes import change_check, is_change
from index.amounts import YUAN


def statement(context: Context) -> Part | None:
    if not is_statement(context):
        return None
    operands = operands_of(context)
    claims = list(context.reading.quantities("amount"))
    if any(n in context.lexicon.counted for d in operands for n in d.labels):
        claims += context.reading.quantities("count")
    about_us = context.reading.of("ourselves", "department")
    money = [q for q in claims if q.unit in YUAN]
    if not operands and money and about_us:
        said = Condition(operator="eq", amount=money[0].value, unit=money[0].unit)
        everything = value_of(Select(total="支出"))
        return calculate(context, Check(left=everything, relation=money[0].operator or "eq", claim=said))
    if is_change(context):
        return change_check(context)
    if context.reading.quantities("rank"):
        return None
    if operands and (context.has("half") or any(q.unit == "%" for q in claims)):
        whole = value_of(operands[1].select()) if len(operands) > 1 else default_whole(operands[0])
        share = Combine(how="share", operands=[value_of(operands[0].select()), whole])
        amount = next((q.value for q in claims if q.unit == "%"), Decimal(50))
        stated = next((q.operator for q in claims if q.unit == "%"), None)
        relation = stated or ("lt" if context.has("less") else "gt")
        return calculate(context, Check(left=share, relation=relation,
                                         claim=Condition(operator="eq", amount=amount, unit="%")))  # fmt: skip
    if len(operands) >= 2 and context.has("sum") and (claims or len(operands) >= 3):
        drafts = lend_slots(operands)
        added, compared_with = (drafts, None) if claims else (drafts[:-1], value_of(drafts[-1].select()))
        left = Combine(how="sum", operands=[value_of(d.select()) for d in added])
        sum_claimed = Condition(operator="eq", amount=claims[0].value, unit=claims[0].unit) if claims else None
        stated = (claims[0].operator if claims else None) or ("gt" if context.has("more") else "eq")
        return calculate(context, Check(left=left, relation=stated, right=compared_with, claim=sum_claimed))
    if len(operands) >= 2 and context.has("than", "more", "less", "same"):
        first, second = compared(context, lend_slots(operands))
        relation = "lt" if context.has("less") else ("eq" if context.has("same") else "gt")
        return calculate(
            context, Check(left=value_of(first.select()), relation=relation, right=value_of(second.select()))
        )
    if claims and operands:
        claim = claims[0]
        relation = claim.operator or "eq"
        return calculate(
            context,
            Check(
                left=value_of(operands[0].select()),
                relation=relation,
                claim=Condition(operator="eq", amount=claim.value, unit=claim.unit),
            ),
        )
    if context.has("exists") and context.noun("key_project"):
        return calculate(
            context, Check(left=value_of(Select(tables=["key_project_targets"], level=1)), relation="exists")
        )
    arranged = len(operands) == 1 and re.search(r"安排|列支|列了", context.reading.text)
    asks_existence = context.has("exists") or arranged or re.search(r"有.{1,20}[吗么嘛]", context.reading.text)
    if asks_existence and operands and not claims:
        return calculate(context, Check(left=value_of(operands[0].select()), relation="exists"))
    return None
