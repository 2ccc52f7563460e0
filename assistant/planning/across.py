"""A question over several budgets: each thing is bound among the words of the budget that it names.

In: a node of a form, and the budgets that the question is about. Out: Expressions whose selects say whose they are (department,
year, 预算 or 决算), so that they can be computed with each other and mean the same in the next turn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from assistant.binding.slots import Bound
from assistant.budgets.departments import SHORTEST
from assistant.budgets.scoping import YEAR, Budget, Known, years_in
from assistant.lookup.form_rows import is_of_form
from assistant.plan import Calculate, Expression, Part, Plan, Select, selects_of, with_selects
from assistant.planning.asking import NAMED, SETS, Asking
from assistant.planning.errors import HindranceError, UnclearError
from assistant.reader.form import Call, Node, Span, Thing, nodes
from assistant.reader.form import Part as FormPart

FINAL = re.compile(r"决算|实际(?:花|支出|用|开支|发生)?")
FIRST = re.compile(r"预算")
ACTUAL = re.compile(r"(?:最终|最后)?(?:决算数?|实际(?:花|支出|用|开支|发生|数)?了?)")
SAID_OF_BUDGETS = re.compile(  # words that tell which of the budgets is meant and nothing more
    r"(?:20)?\d\d年?度?|(?:部门|单位|年初|公开的?)?(?:预算|决算)(?:数|里|中|公开)?|实际(?:花|支出|用|开支|发生)?|全年|年度?|最[后终]|相?差|[的花了数到至从和与当、~—-]"
)
SAME_YEAR = re.compile(r"同一?年?度?期?|当年")
BETWEEN = re.compile(r"[、，,和与跟及同以\s]*")
LEANING = ("prev", "again", "pick", "others", "next")
COMPARING = ("max", "min", "diff", "times", "pctmore", "sort", "sortup", "is")
MOST_BUDGETS = 60  # that are held against each other in one answer


def of_budget(expression: Any, budget: Budget) -> Any:
    """The expression with every select over one budget, unless it says already whose it is."""
    return with_selects(expression, lambda select: owned(select, budget))


def owned(select: Select, budget: Budget) -> Select:
    """A select that says whose it is: of this budget, unless it named one already."""
    if select.kinds:
        return select
    return select.model_copy(update=budget.whose())


def plan_of_budget(plan: Plan, known: Sequence[Budget]) -> Plan:
    """A plan of a turn before, whose figures were all of one budget, saying so."""
    own = [b for b in known if set(plan.documents) & set(b.documents)]
    if len(own) != 1:
        return plan
    return plan.model_copy(update={"parts": _parts_of(plan.parts, own[0])})


def asked_of(plan: Plan, known: Known) -> list[str]:
    """The documents of the budgets that all figures of a plan say they are of; none where any does not say so."""
    if not all(isinstance(part, Calculate) for part in plan.parts):
        return []
    selects = [s for part in plan.parts if isinstance(part, Calculate) for s in selects_of(part.expression)]
    if not all(s.departments and s.years and s.kinds for s in selects):
        return []
    budgets = known.of_departments({name for s in selects for name in s.departments})
    return [d for b in budgets if any(b.whose() == s.whose() for s in selects) for d in b.documents]


def _parts_of(parts: Sequence[Part], budget: Budget) -> list[Part]:
    """The parts of a plan, each saying whose its figures are."""
    return [
        p.model_copy(update={"expression": of_budget(p.expression, budget)}) if isinstance(p, Calculate) else p
        for p in parts
    ]


# --- one budget --------------------------------------------------------------------------------------------------
def within(ask: Asking, budget: Budget) -> Asking:
    """The question as asked of one budget alone."""
    assert ask.across is not None
    return replace(ask, binder=ask.across.binder_of(budget), own=budget, described={})


def of_one(ask: Asking, node: Node) -> Expression | None:
    """What a node is the value of, where it names one of the budgets; None where it names none or several."""
    if _compares_with_before(node) or _changed_between_years(ask, node):
        return None
    budgets = named(ask, node)
    if not budgets and ask.across is not None and ask.across.named and isinstance(node, Thing) and node.kind in NAMED:
        raise UnclearError  # of which of them?
    return in_budget(ask, node, budgets[0]) if len(budgets) == 1 else None


def in_budget(ask: Asking, node: Node, budget: Budget) -> Expression:
    """What a node is the value of in one budget."""
    found, score = _bound_in(ask, node, budget)
    ask.score = min(ask.score, score)
    return found


def _bound_in(ask: Asking, node: Node, budget: Budget) -> tuple[Expression, float]:
    """What a node is the value of in one budget, and how sure that is."""
    inner = within(ask, budget)
    return of_budget(inner.expression(without_scope(ask, node, budget)), budget), inner.score


def parts_of_one(ask: Asking, part: FormPart, plan: Callable[[Asking, FormPart], list[Part]]) -> list[Part] | None:
    """The parts of a question that names one of the budgets, or that is asked of each; None where they belong together."""
    assert ask.across is not None
    budgets = named(ask, part.node)
    if _changed_between_years(ask, part.node):
        return None
    leaning = _leans(part.node)
    if not budgets and not leaning and ask.across.named and _is_asked_of_each(part.node):
        budgets = list(ask.across.asked)
    elif len(budgets) != 1 or _compares_with_before(part.node):
        return None
    found: list[Part] = []
    for budget in budgets:
        inner = within(ask, budget)
        node = without_scope(ask, part.node, budget)
        assert isinstance(node, Thing | Call)
        found += _parts_of(plan(inner, replace(part, node=node)), budget)
        ask.score = min(ask.score, inner.score)
    return found


def _leans(node: Node) -> bool:
    return any(isinstance(n, Thing) and n.kind in LEANING for n in nodes(node))


def _compares_with_before(node: Node) -> bool:
    """Whether what was spoken of before is held against something of one budget: 跟乙局的比呢."""
    return isinstance(node, Call) and node.name in COMPARING and _leans(node)


def _changed_between_years(ask: Asking, node: Node) -> bool:
    """对比2021和2023两年，事业收入变化了多少: a change of a thing of which only one of the two years was read."""
    return isinstance(node, Call) and node.name in ("change", "growth") and bool(two_years(ask, node.args[0]))


def _is_asked_of_each(node: Node) -> bool:
    """Whether a node asks for figures of things, and holds no two against each other."""
    inside = list(nodes(node))
    things = [n for n in inside if isinstance(n, Thing)]
    apart = not any(isinstance(n, Call) and n.name in COMPARING for n in inside)
    return apart and bool(things) and all(t.kind in (*NAMED, "projects", "items") for t in things)


def named(ask: Asking, node: Node) -> list[Budget]:
    """The budgets that the stretches of a node name, as department, year or 决算 told from 预算."""
    assert ask.across is not None
    asked = ask.across.asked
    texts = [ask.text(n) for n in nodes(node) if isinstance(n, Span)]
    departments = {b.department for b in asked if any(_names(text, b.department) for text in texts)}
    years = {year for text in texts for year in years_in(text)}
    one_department = len({b.department for b in asked}) == 1
    final = any(FINAL.search(text) for text in texts)
    first = any(FIRST.search(text) for text in texts)
    if not departments and not (one_department and (years or final or first)):
        return []
    fitting = [b for b in asked if not departments or b.department in departments]
    fitting = [b for b in fitting if not years or b.year in years]
    if final != first and len({(b.department, b.year) for b in fitting}) < len(fitting):
        fitting = [b for b in fitting if b.kind == ("决算" if final else "预算")]
    return fitting


def _names(text: str, department: str) -> bool:
    return department in text or (len(text) >= SHORTEST and text in department)


def only_scope(ask: Asking, span: Span, budget: Budget | None) -> bool:
    """Whether a stretch only tells which budget is meant."""
    assert ask.across is not None
    text = ask.text(span)
    years = years_in(text)
    if years and not years & {b.year for b in ask.across.asked}:
        return False  # of none of them: to be refused
    own = any(_names(text, b.department) for b in ask.across.asked)
    if SAME_YEAR.fullmatch(text):
        return True
    if not own and not YEAR.search(text):  # 预算 and 决算 are columns of a document too
        said = FINAL.search(text) if budget is None or budget.kind == "决算" else FIRST.search(text)
        return bool(said) and SAID_OF_BUDGETS.sub("", text) == ""
    for department in {b.department for b in ask.across.asked}:
        text = text.replace(department, "") if department in text else text
        if len(text) >= SHORTEST and text in department:
            text = ""
    return SAID_OF_BUDGETS.sub("", text) == ""


def without_scope(ask: Asking, node: Node, budget: Budget) -> Node:
    """A node without the stretches that only tell which budget is meant."""

    def stripped(thing: Thing) -> Thing:
        return replace(thing, spans=tuple(s for s in thing.spans if not only_scope(ask, s, budget)))

    return _with_things(node, stripped)


def _with_things(node: Node, change: Callable[[Thing], Thing]) -> Node:
    """The same node with every thing in it changed."""
    if isinstance(node, Thing):
        return change(node)
    if isinstance(node, Call):
        return replace(node, args=tuple(_with_things(arg, change) for arg in node.args))
    return node


def whose(ask: Asking, select: Select) -> Budget | None:
    """The budget that a select of a question over several names; None where it names none."""
    if not ask.asks_several or ask.across is None:
        return None
    return next((b for b in ask.across.known if b.whose() == select.whose()), None)


def of_own(ask: Asking, part: FormPart, budget: Budget) -> FormPart:
    """A part without the name of the one budget that is asked: its department is no unit among others. A node keeps what it would
    be empty without."""

    def stripped(thing: Thing) -> Thing:
        if thing.kind == "again" and ask.turns.was_of_others(budget.documents):  # 乙局2021年的呢
            return replace(thing, spans=tuple(s for s in thing.spans if not only_scope(ask, s, budget)))
        kept = tuple(s for s in thing.spans if not (ask.binder.is_unit(budget.department) and
                                                    names_department(ask, s, budget)))  # fmt: skip
        kept = spent_anyway(kept)
        return replace(thing, spans=kept) if kept or thing.kind in ("total", "income", *SETS) else thing

    def spent_anyway(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        """The stretches without 实际 and 决算, beside a row of final accounts: every figure there is one; not beside what a form
        has targets of."""
        plain = tuple(s for s in spans if ACTUAL.fullmatch(ask.text(s)) is None)
        if budget.kind != "决算" or len(plain) == len(spans) or not plain:
            return spans
        bound = ask.binder.thing([ask.text(s) for s in plain])
        row = isinstance(bound, Bound) and bool(bound.select.labels) and bound.select.universe == "items"
        return plain if row and isinstance(bound, Bound) and not is_of_form(bound.select) else spans

    node = _with_things(part.node, stripped)
    assert isinstance(node, Thing | Call)
    return replace(part, node=node)


def names_department(ask: Asking, span: Span, budget: Budget) -> bool:
    """Whether a stretch is the department's full name, with its year or without."""
    return budget.department in ask.text(span) and only_scope(ask, span, budget)


# --- several budgets ---------------------------------------------------------------------------------------------
def shared(ask: Asking, args: Sequence[Node]) -> list[Node]:
    """甲局、乙局的三公经费: what stands once behind a list of budgets belongs to each of them."""
    found = list(args)
    if not all(isinstance(n, Thing) and n.kind in NAMED for n in args):
        return found
    said = [tuple(s for s in n.spans if not only_scope(ask, s, None)) for n in args if isinstance(n, Thing)]
    for index, node in enumerate(args):
        assert isinstance(node, Thing)
        lender = next((i for i in (*range(index + 1, len(args)), *range(index)) if said[i]), None)
        if said[index] or lender is None or not node.spans:
            continue
        if node.kind == "thing" or _listed(ask, args, index):
            kind = args[lender].kind
            lent = [
                s for s in said[lender] if SAID_OF_BUDGETS.sub("", ask.text(s))
            ]  # not whether of budget or accounts
            spans = sorted({*node.spans, *lent}, key=lambda s: s.start)
            found[index] = Thing(kind, tuple(spans))
    return found


def of_each(ask: Asking, args: Sequence[Node]) -> list[Expression]:
    """A thing that is asked of all the budgets alike, in each of them: 三公经费谁多; empty where that is not asked."""
    if not ask.asks_several or ask.across is None or not ask.across.named:
        return []
    things = [arg for arg in args if isinstance(arg, Thing) and arg.kind in NAMED and not named(ask, arg)]
    if len({tuple(map(ask.text, thing.spans)) for thing in things}) != 1:
        return []
    if len(things) + sum(isinstance(arg, Thing) and arg.kind == "prev" and not arg.spans for arg in args) < len(args):
        return []
    return [in_budget(ask, things[0], budget) for budget in ask.across.asked]


def _listed(ask: Asking, args: Sequence[Node], index: int) -> bool:
    """Whether only a comma or 和 stands between a budget and the next, so that it has no words of its own."""
    here = max(s.end for s in args[index].spans)  # type: ignore[union-attr]
    behind = [s.start for n in args if isinstance(n, Thing) for s in n.spans if s.start >= here]
    return bool(behind) and bool(BETWEEN.fullmatch(ask.question[here : min(behind)])) and here < min(behind)


def is_departments(ask: Asking, node: Node) -> bool:
    """Whether a set is of departments; 哪个单位, where no department is named beside it, is one of them."""
    if not ask.asks_several or not isinstance(node, Thing):
        return False
    return node.kind in ("departments", "years") or (node.kind == "units" and not named(ask, node))


def each_department(ask: Asking, node: Node) -> list[Expression]:
    """What a set of departments asks, of each: its latest budget, or that of the year or kind that is named."""
    assert isinstance(node, Thing) and ask.across is not None
    texts = [ask.text(s) for s in node.spans]
    years = {year for text in texts for year in years_in(text)}
    kind = "决算" if any(FINAL.search(text) for text in texts) else "预算"
    fitting = [b for b in ask.across.asked if not years or b.year in years or node.kind == "years"]
    if not ask.across.named:
        fitting = [b for b in fitting if b.kind == kind]
    by_year = node.kind == "years"
    latest = {(b.department, b.year if by_year else 0): b for b in sorted(fitting, key=lambda b: b.year)}
    if not latest or len(latest) > MOST_BUDGETS:
        raise UnclearError
    found: list[Expression] = []
    for budget in latest.values():
        kind_of_thing = "thing" if any(not only_scope(ask, s, budget) for s in node.spans) else "total"
        try:
            found.append(_bound_in(ask, Thing(kind_of_thing, node.spans), budget)[0])
        except (HindranceError, UnclearError):
            continue
    if not found:
        raise HindranceError("not_found", "、".join(texts))
    universes = [selects_of(value)[0].universe for value in found]
    usual = max(universes, key=universes.count)  # a project whose name is like the row's is not held against it
    return [value for value, universe in zip(found, universes, strict=True) if universe == usual]


def against_year_before(ask: Asking, now: Expression, node: Node) -> list[Expression]:
    """A thing this year and the year before, where that year's document is there; empty where it is not."""
    if ask.across is None:
        return []
    budget = ask.own or whose(ask, selects_of(now)[0])
    earlier = ask.across.year_before(budget) if budget is not None else None
    if budget is None or earlier is None:
        return []
    this, inner = of_budget(now, budget), within(ask, earlier)
    before = with_selects(this, lambda select: select.model_copy(update={"years": [earlier.year]}))
    if not inner.binder.gives(before) and isinstance(node, Thing) and node.kind in NAMED:
        spans = tuple(s for s in node.spans if not inner.binder.is_year(ask.text(s)))
        try:
            before, _ = _bound_in(ask, replace(node, spans=spans), earlier)
        except (HindranceError, UnclearError):
            return []
    return [this, before] if ask.binder.gives(this) and inner.binder.gives(before) else []


def two_years(ask: Asking, node: Node) -> list[Budget]:
    """The first and the last of the years of one department that a thing names: 从2017年到2019年."""
    if ask.across is None or ask.own is not None or not isinstance(node, Thing):
        return []
    budgets = sorted(named(ask, node), key=lambda b: b.year)
    said = years_in(ask.question)
    if len(budgets) == 1 and len(said) == 2 and budgets[0].year in said:  # the other year is named outside the thing
        alike = (budgets[0].department, budgets[0].kind)
        budgets = sorted(
            (b for b in ask.across.asked if (b.department, b.kind) == alike and b.year in said), key=lambda b: b.year
        )
    same = len({(b.department, b.kind) for b in budgets}) == 1
    return [budgets[0], budgets[-1]] if len(budgets) > 1 and same else []
