"""How much of its budget was spent: final accounts held against the budget of the same item.

In: the plan of a question that asks so (`completion_words`), without that. Out: the plan with each amount of final accounts as a
share of its budget, which stands in a column beside it or in the budget of that year.
"""

from __future__ import annotations

from assistant.binding.things import BUDGET_COLUMNS
from assistant.lookup.lookup import Lookup
from assistant.plan import Calculate, Combine, Expression, Plan, Reduce, Select
from index.parsing.kinds import is_final


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
