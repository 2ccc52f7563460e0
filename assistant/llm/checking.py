"""Whether a plan that a language model wrote can be taken: every name in it is the documents', every number the asker's.

In: the plan, the question with those before it, what was offered, the lookup. Out: nothing, or RejectedError with what does not
hold. A plan that passes is executed like any other; no amount of it goes into an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from assistant.llm.offering import Offered
from assistant.lookup.lookup import Lookup
from assistant.plan import (
    Calculate,
    Check,
    Combine,
    Condition,
    Define,
    Expression,
    Part,
    Passage,
    Placed,
    Plan,
    Reduce,
    Refuse,
    Select,
    selects_of,
)
from assistant.words.quantities import quantities
from index.amounts import YUAN, is_money
from index.parsing.prose import CHANGE, GROWTH

MOST_PARTS, MOST_OPERANDS, DEEPEST = 6, 8, 4
OPERANDS = {
    "difference": 2,
    "ratio": 2,
    "share": 2,
    "excess": 2,
    "previous": 2,
    "each": 2,
    "monthly": 1,
}  # so many, no other
LOOKED_FOR = ("duty", "structure", "subordinates", "reason", "target", "owner", "explain", "search", "note")
REFUSED = ("not_found", "out_of_scope")  # a model cannot know any other


class RejectedError(Exception):
    """A plan of a language model names or counts what it may not."""


def check_plan(plan: Plan, question: str, before: Iterable[str], offered: Offered, lookup: Lookup) -> None:
    """Raises RejectedError."""
    if not 1 <= len(plan.parts) <= MOST_PARTS:
        raise RejectedError(f"{len(plan.parts)}个部分")
    said = _Said([question, *before])
    for part in plan.parts:
        _check_part(part, said, offered, lookup)


class _Said:
    """The numbers that the asker said."""

    def __init__(self, texts: Iterable[str]) -> None:
        found = [q for text in texts for q in quantities(text)]
        self._amounts = {q.value * YUAN.get(q.unit or "", Decimal(1)) for q in found} | {q.value for q in found}
        self._amounts |= {Decimal(digits) for text in texts for digits in re.findall(r"\d+(?:\.\d+)?", text)}

    def holds(self, amount: Decimal, unit: str | None = None) -> bool:
        scaled = amount * YUAN[unit] if unit is not None and is_money(unit) else amount
        return scaled in self._amounts or (unit is None and amount in self._amounts)


def _check_part(part: Part, said: _Said, offered: Offered, lookup: Lookup) -> None:
    if isinstance(part, Refuse):
        if part.reason not in REFUSED:
            raise RejectedError(f"拒答的理由：{part.reason}")
    elif isinstance(part, Define):
        _named(part.terms, {*offered.terms, *offered.labels}, "名词")
        if not part.terms:
            raise RejectedError("没有名词")
    elif isinstance(part, Passage):
        if part.about not in LOOKED_FOR:
            raise RejectedError(f"引文：{part.about}")
        _named(
            part.subject,
            {*offered.labels, *offered.projects, *offered.units, *offered.departments, *offered.terms},
            "所问",
        )
    elif isinstance(part, Calculate):
        _check_calculation(part, said, offered, lookup)
    else:
        raise RejectedError(f"不该由模型写：{part.part}")


def _check_calculation(part: Calculate, said: _Said, offered: Offered, lookup: Lookup) -> None:
    if part.unit is not None and part.unit not in YUAN:
        raise RejectedError(f"单位：{part.unit}")
    _check_shape(part.expression, 0)
    for select in selects_of(part.expression):
        _check_select(select, said, offered)
    for place in _places(part.expression):
        if place != 1 and not said.holds(Decimal(place)):
            raise RejectedError(f"问题里没有的数：{place}")
    if isinstance(part.expression, Check) and part.expression.claim is not None:
        _check_condition(part.expression.claim, said)
    try:
        found = lookup.look_up(part.expression, part.unit)
    except (
        ValueError,
        ArithmeticError,
        LookupError,
        AssertionError,
        TypeError,
    ) as error:  # made for what the local planner writes
        raise RejectedError(f"算不出：{type(error).__name__}") from error
    if not found.values and found.truth is None:
        raise RejectedError(f"查不到：{found.empty or '没有数'}")


def _check_shape(expression: Expression | Check, depth: int) -> None:
    """Not deeper or wider than anyone asks, with as many operands as the operation has."""
    if depth > DEEPEST:
        raise RejectedError("层数太多")
    if isinstance(expression, Combine):
        count = len(expression.operands)
        least = 1 if expression.how == "monthly" else 2
        if not least <= count <= MOST_OPERANDS or count != OPERANDS.get(expression.how, count):
            raise RejectedError(f"{expression.how}有{count}项")
        if count == 2 and expression.operands[0] == expression.operands[1]:
            raise RejectedError("与自己相比")
        if expression.how == "previous" and not _is_change(expression.operands[1]):
            raise RejectedError("上年数要由今年数和增减额算出")
    for inner in _inside(expression):
        _check_shape(inner, depth + 1)


def _check_select(select: Select, said: _Said, offered: Offered) -> None:
    named = {*offered.labels, *offered.projects, *offered.units, *offered.departments}
    _named([*select.labels, *select.under, *select.exclude], named, "名称")
    _named(select.columns, set(offered.columns), "栏目")
    _named(select.units, set(offered.units), "单位")
    _named(select.tables, set(offered.tables), "表")
    _named(select.departments, set(offered.departments), "部门")
    _named(select.years, set(offered.years), "年度")
    if select.measure not in (None, CHANGE, GROWTH):
        raise RejectedError(f"量：{select.measure}")
    if select.level not in (None, 1, 2, 3):
        raise RejectedError(f"级次：{select.level}")
    for condition in select.where:
        _check_condition(condition, said)


def _check_condition(condition: Condition, said: _Said) -> None:
    if not condition.than_mean and condition.amount and not said.holds(condition.amount, condition.unit):
        raise RejectedError(f"问题里没有的数：{condition.amount}{condition.unit or ''}")


def _named(names: Iterable[Any], known: set[Any], what: str) -> None:
    unknown = next((name for name in names if name not in known), None)
    if unknown is not None:
        raise RejectedError(f"没有这个{what}：{unknown}")


def _places(expression: Expression | Check) -> Iterator[int]:
    """All the counts and places in an expression."""
    if isinstance(expression, Reduce):
        yield from (abs(n) for n in (expression.n, expression.position) if n is not None)
    elif isinstance(expression, Combine) and expression.n is not None:
        yield abs(expression.n)
    for inner in _inside(expression):
        yield from _places(inner)


def _is_change(expression: Expression) -> bool:
    return isinstance(expression, Reduce) and expression.how == "value" and expression.of.measure == CHANGE


def _inside(expression: Expression | Check) -> list[Expression]:
    if isinstance(expression, Combine):
        return list(expression.operands)
    if isinstance(expression, Placed):
        return [expression.thing]
    if isinstance(expression, Check):
        return [expression.left, *([expression.right] if expression.right is not None else [])]
    return []
