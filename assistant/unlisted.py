"""Projects that are not in a budget's list of them: confidential ones, or those without a performance target.

In: what is computed of all projects. Out: whether the list is known to be one of some. It is where its projects add up to less than
the tables have as project expenditure.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from assistant.binding.slots import PROJECT_COLUMN
from assistant.lookup.lookup import Lookup
from assistant.lookup.values import in_yuan
from assistant.plan import Check, Expression, Reduce, Select
from index.editions import budget_key
from index.sql.store import DocumentInfo

ROUNDING = Decimal("0.005")  # of all project expenditure


def listed_in_part(expression: Expression | Check, lookup: Lookup, documents: Sequence[DocumentInfo]) -> bool:
    """Whether all projects of one budget are listed, counted, ranked or added, and are less than its project expenditure."""
    if not isinstance(expression, Reduce) or expression.how == "value":
        return False
    whose = expression.of.whose()
    listed = Select(universe="projects", **whose)
    if expression.of != listed or len({budget_key(info) for info in documents}) != 1:
        return False
    of_listed = lookup.look_up(Reduce(how="sum", of=listed)).values
    spent = lookup.look_up(Reduce(how="value", of=Select(columns=[PROJECT_COLUMN], **whose))).values
    if len(of_listed) != 1 or not spent:
        return False
    most = max(map(in_yuan, spent))  # the list may have a total of its own
    return most - in_yuan(of_listed[0]) > most * ROUNDING
