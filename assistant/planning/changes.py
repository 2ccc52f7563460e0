"""Against the year before: change, growth, and the year before's amount, which only prose states.

In: a call. Out: an Expression over the figures of prose; without one a HindranceError.
"""

from __future__ import annotations

import re
from typing import Literal

from assistant.plan import Combine, Expression, Reduce, Select, selects_of
from assistant.planning.across import against_year_before, in_budget, two_years
from assistant.planning.asking import WORKED_OUT, Asking
from assistant.planning.before import narrowed
from assistant.planning.errors import HindranceError
from assistant.reader.form import Call, Node, Span, Thing
from index.parsing.prose import CHANGE, GROWTH

LAST_YEAR = re.compile(r"(?:上年|去年|上一年|前一年)度?(?!增|减|比|相比)")


def figure_of(ask: Asking, expression: Expression, measure: str | None) -> Reduce | None:
    """The figure that prose states of a thing: its change, its growth, or itself."""
    for select in selects_of(expression)[:1]:
        for labels in (ask.binder.figure_labels(select), ask.binder.figures_called_alike(select)):
            figure = Select(labels=labels, measure=measure, **select.whose())
            if labels and ask.binder.holds(figure):
                return Reduce(how="value", of=figure)
    for select in (
        selects_of(expression)[:1] if measure else ()
    ):  # all the money is 一般公共预算拨款, of which prose tells
        figure = Select(labels=ask.binder.figures_as_large(select), measure=measure, **select.whose())
        if figure.labels and ask.binder.holds(figure):
            return Reduce(how="value", of=figure)
    return None


def change(ask: Asking, call: Call) -> Expression:
    """By how much a thing, or each of a set, moved since the year before: of two documents, else as prose states it. Raises HindranceError."""
    node = call.args[0]
    if WORKED_OUT.search(ask.question) and LAST_YEAR.search(ask.question):  # 按增加额倒推，上年是多少
        return year_before(ask, call)
    measure = GROWTH if call.name == "growth" else CHANGE
    if ask.is_set(node) and not (isinstance(node, Thing) and node.kind == "prev"):
        select = ask.select(node)
        found = [figure_of(ask, m, measure) for m in ask.binder.members(select)]
        kept: list[Expression] = [f for f in found if f is not None]
        if not kept:
            raise HindranceError("no_amount", "与上年相比的变化")
        return Combine(how="list", operands=kept)
    how: Literal["excess", "difference"] = "excess" if call.name == "growth" else "difference"
    apart = years_held_apart(ask, node)
    years = two_years(ask, node) if not apart else ()
    if years and isinstance(node, Thing):
        earlier, later = [in_budget(ask, node, budget) for budget in years]
        return Combine(how=how, operands=[later, earlier])
    spoken = apart or both_years_before(ask, node)
    if spoken:
        return Combine(how=how, operands=spoken)
    expression = named_now(ask, node)
    if isinstance(expression, Combine) and expression.how in ("rest", "difference", "share", "ratio", "excess"):
        raise HindranceError("no_amount", "与上年相比的变化")  # of what is worked out no document tells a change
    both = against_year_before(ask, expression, node)
    if both:
        return Combine(how=how, operands=both)
    figure = figure_of(ask, expression, measure) or growth_worked_out(ask, expression, measure)
    if figure is None:
        raise HindranceError("no_amount", "与上年相比的变化")
    return figure


def growth_worked_out(ask: Asking, expression: Expression, measure: str) -> Expression | None:
    """降幅多大, where prose states the amount and by how much it fell: the fall against the year before, worked out."""
    value, changed = figure_of(ask, expression, None), figure_of(ask, expression, CHANGE)
    if measure != GROWTH or value is None or changed is None:
        return None
    return Combine(how="excess", operands=[value, Combine(how="previous", operands=[value, changed])])


def years_held_apart(ask: Asking, node: Node) -> list[Expression]:
    """降了百分之几, or 那会议费呢，降了多少, after two years were held against each other: the later and the earlier of these, of what
    is named now; else empty."""
    if not isinstance(node, Thing) or node.kind not in ("prev", "thing") or (node.kind == "thing" and not node.spans):
        return []
    if any(ask.binder.is_year(ask.text(s)) for s in node.spans):
        return []
    operands = [o for o in ask.turns.compared() if isinstance(o, Reduce)]
    years = [operand.of.years for operand in operands]
    if len(years) != 2 or not all(len(said) == 1 for said in years) or years[0] == years[1]:
        return []
    if operands[0].of.departments != operands[1].of.departments:
        return []
    if node.spans:
        ask.leans = True
        operands = [Reduce(how="value", of=narrowed(ask, o.of, ask.words(node))) for o in operands]
    return list(operands) if years[0] > years[1] else list(reversed(operands))


def both_years_before(ask: Asking, node: Node) -> list[Expression]:
    """涨了多少, after one thing was told of two years: the later and the earlier; empty where the last two answers were others."""
    if not (isinstance(node, Thing) and node.kind == "prev" and not node.spans):
        return []
    last, before = ask.turns.subject(), ask.turns.before()
    if not (isinstance(last, Reduce) and isinstance(before, Reduce) and last.how == before.how):
        return []
    mine, other = last.of, before.of
    same = mine.departments == other.departments and mine.units == other.units
    same &= mine.model_copy(update={"years": other.years, "tables": other.tables}) == other
    if not (same and len(mine.years) == len(other.years) == 1 and mine.years != other.years):
        return []
    return [last, before] if mine.years > other.years else [before, last]


def named_now(ask: Asking, node: Node) -> Expression:
    """The thing whose change is asked for; where only prose names it, its figure."""
    if isinstance(node, Thing) and node.kind in ("thing", "total", "income") and node.spans:
        other = [
            s for s in node.spans if ask.binder.is_other_year(ask.text(s)) and not ask.binder.is_last_year(ask.text(s))
        ]
        if other:  # 2025年的预算涨了还是跌了
            raise HindranceError("other_year", ask.text(other[0]))
        said = [s for s in node.spans if not ask.binder.is_only_year(ask.text(s))]
        spans = [_without_year(ask, s) for s in said if not ask.binder.is_last_year(ask.text(s))]
        if not spans and node.kind == "thing":
            return ask.value(ask.bind([], "支出"))
        node = Thing(node.kind, tuple(spans))
    if isinstance(node, Thing) and not node.spans and node.kind == "thing":
        return ask.value(ask.bind([], "支出"))
    return ask.expression(node)


def _without_year(ask: Asking, span: Span) -> Span:
    """A stretch without the words for last year that it begins with: 上年机关运行经费."""
    said = LAST_YEAR.match(ask.text(span))
    return Span(span.start + said.end(), span.end) if said is not None else span


def year_before(ask: Asking, call: Call) -> Expression:
    """Last year's amount, which no table has: worked out from what prose says of the change, where that is asked for."""
    now = named_now(ask, call.args[0])
    both = against_year_before(ask, now, call.args[0])
    if both:
        return both[1]
    value, change = figure_of(ask, now, None), figure_of(ask, now, CHANGE)
    if value is None or change is None:
        raise HindranceError("other_year", "上年")
    return Combine(how="previous", operands=[value, change])


def most_changed(ask: Asking, call: Call, largest: bool) -> Expression:
    """The member of a set that moved most, or least, as prose states it."""
    select = ask.select(call.args[0]).model_copy(update={"measure": CHANGE if call.name == "change" else GROWTH})
    return Reduce(how="rank", of=select, descending=largest, position=1)


def changed_instead(ask: Asking, call: Call) -> Expression | None:
    """今年比去年多多少, where the year before is not there: the change that prose states."""
    if len(call.args) != 2 or not all(
        isinstance(a, Thing) and a.kind in ("thing", "total", "income") for a in call.args
    ):
        return None
    sides = [(a, [s for s in a.spans if ask.binder.is_other_year(ask.text(s))]) for a in call.args]  # type: ignore[union-attr]
    absent = [a for a, years in sides if years]
    if len(absent) != 1:
        return None
    here = next(a for a, years in sides if not years)
    assert isinstance(here, Thing)
    return change(ask, Call("growth" if call.name == "pctmore" else "change", (here,)))


def those_that_moved(ask: Asking, select: Select, rose: bool) -> Select:
    """The members of a set that rose, or fell, since the year before, as far as prose says so."""
    kept = []
    for member in ask.binder.members(select):
        figure = figure_of(ask, member, CHANGE)
        amounts = ask.binder.amounts(figure) if figure is not None else []
        if amounts and (amounts[0] > 0 if rose else amounts[0] < 0):
            kept += selects_of(member)[0].labels
    if not kept:
        raise HindranceError("no_amount", "与上年相比的变化")
    return select.model_copy(update={"labels": kept})
