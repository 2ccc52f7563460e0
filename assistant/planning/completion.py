"""How much of its budget was spent: final accounts held against the budget of the same item.

In: a question that asks so, and the plan of what is left of it. Out: the plan with each amount of final accounts as a share of
its budget, which stands in a column beside it or in the budget of that year.
"""

from __future__ import annotations

import re

from assistant.binding.things import BUDGET_COLUMNS
from assistant.lookup.lookup import Lookup
from assistant.plan import Calculate, Combine, Expression, Plan, Reduce, Select
from index.kinds import is_final

BUDGET = r"(?:当年|全年|年初|年度|调整)?的?预算数?"
ASKED = r"(?:百分之(?:多少|几)|百分比|比例|多少|几成|多大比例)"
COMPLETION = re.compile(
    rf"(?:支出)?(?:决算数?|实际)?(?:才|只|共|就|仅)?(?:完成|执行|用|花)了?{BUDGET}的?(?:是|为)?{ASKED}"
    rf"|{BUDGET}的?(?:完成|执行)(?:率|比例|情况)?(?:是|为|有)?{ASKED}"
    r"|^(?:那|那么|所以|它的?)?完成率(?:是|有)?多少"
    r"|(?<!任务)(?<!指标)(?<!目标)(?:决算|预算)的?(?:完成|执行)率"
)
SAID_MORE = re.compile(r"[一-鿿]")
FILLING = re.compile(r"[那它这所以的才只仅就等于相当呢啊吧呀了，。？?！!是为有多少]")


def without_completion(question: str) -> str | None:
    """The question for the amount alone; None where it does not ask how much of a budget was spent."""
    found = COMPLETION.search(question)
    if found is None:
        return None
    before, behind = question[: found.start()], question[found.end() :]
    said = SAID_MORE.search(FILLING.sub("", before + behind))
    return f"{before.rstrip('，,的')}决算是多少" if said else "那是多少"


def against_budget(plan: Plan, lookup: Lookup) -> Plan | None:
    """The plan with its amounts as shares of their budgets; None where one is no amount of final accounts, or has none."""
    parts = [_share(part, lookup) for part in plan.parts]
    if not parts or any(part is None for part in parts):
        return None
    return plan.model_copy(update={"parts": parts})


def _share(part: object, lookup: Lookup) -> Calculate | None:
    expression = part.expression if isinstance(part, Calculate) else None
    if not isinstance(part, Calculate) or not isinstance(expression, Reduce) or expression.how != "value":
        return None
    values = lookup.look_up(expression).values
    facts = [value.facts[0] for value in values if value.facts]
    if len(facts) != 1 or not is_final(lookup.kind_of(facts[0].document)):
        return None
    whole = _budget_of(expression.of, facts[0].year, facts[0].department, lookup)
    shared = Combine(how="share", operands=[expression, whole]) if whole is not None else None
    return part.model_copy(update={"expression": shared, "unit": None}) if shared is not None else None


def _budget_of(select: Select, year: int, department: str, lookup: Lookup) -> Expression | None:
    """What was budgeted for the same rows: in a column of the final accounts, else in the budget of the year."""
    beside = [select.model_copy(update={"columns": [column]}) for column in BUDGET_COLUMNS]
    other = {"columns": [], "tables": [], "titles": [], "years": [year], "departments": [department], "kinds": ["预算"]}
    for candidate in [*beside, select.model_copy(update=other)]:
        whole = Reduce(how="value", of=candidate)
        if len(lookup.look_up(whole).values) == 1:
            return whole
    return None
