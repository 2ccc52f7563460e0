"""Questions that fit the last answer, every one of them answerable. In: a plan. Out: up to three questions."""

from __future__ import annotations

from assistant.lookup.form_rows import is_of_form
from assistant.plan import Calculate, Plan, Reduce, Refuse
from assistant.planning.planner import Planner

MOST = 3


def suggestions(plan: Plan, refused: bool, planner: Planner) -> list[str]:
    """What to ask next; after a refusal, what there is."""
    part = plan.parts[0]
    if refused or not isinstance(part, Calculate):
        return planner.examples()[:MOST] if refused and not (isinstance(part, Refuse) and part.suggestions) else []
    expression = part.expression
    if not isinstance(expression, Reduce):
        return []
    return _after(expression)[:MOST]


def _after(reduce: Reduce) -> list[str]:
    select = reduce.of
    if select.universe == "projects" and select.labels and len(select.labels) == 1:
        return [f"{select.labels[0]}的绩效目标是什么", "它占项目支出的百分之几"]
    if select.universe == "projects":
        return ["一共多少钱", "项目支出合计是多少"]
    if select.labels and not select.measure and not is_of_form(select):
        return [f"{select.labels[0]}占总支出的百分之几"]
    if select.columns or select.total:
        return ["各单位的项目支出分别是多少", "金额最大的三个项目是哪些"]
    return []
