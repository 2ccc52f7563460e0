"""The members of a set: listed, counted, put in order, or one thing asked of each.

In: a call over a set. Out: an Expression.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal

from assistant.binding.slots import PROJECT_COLUMN
from assistant.plan import Combine, Expression, Placed, Reduce, Select
from assistant.planning.across import each_department, is_departments, of_each
from assistant.planning.asking import SETS, Asking
from assistant.planning.before import budgets_before, is_plain_prev, others, ranked_before, said_count, several_before
from assistant.planning.changes import figure_of, most_changed
from assistant.planning.errors import HindranceError, UnclearError
from assistant.planning.operands import is_scope_alone, operands_of
from assistant.planning.shares import AS_AMOUNT, whole_for
from assistant.reader.form import Call, Node, Thing
from index.parsing.prose import CHANGE, GROWTH

BY_MONEY = re.compile(r"(?:钱|金额|经费|资金|预算|支出)(?:数)?最[多大少小高低]|最[花烧费]钱")
LARGEST_PROJECT = re.compile(r"最[大多高小少低贵]的?(?:那|一|这)?个?项目(?!支出|经费|资金|总)")
ITS_PROJECTS = re.compile(r"哪[几些]个?(?:项目|专项)|(?:项目|专项)(?:都?有|是)哪[些几]|什么项目")
WHICH_UNIT = re.compile(r"哪[一几]?[个家]?(?:下属|所属|直属|预算)?单位")
TOGETHER = re.compile(r"加|合|一共|总|共|一起|累计|全部|都算|整个")


def ranked_set(ask: Asking, call: Call) -> Expression:
    """The members of a set in order: the first alone, or the first so many, of a top or bottom call."""
    again = budgets_before(ask, call.args[0])
    if again or is_departments(ask, call.args[0]):
        return of_departments(ask, call, again)
    if isinstance(ask.turns.subject(), Combine) and several_before(ask, call.args[0]) is not None:
        return greatest(ask, call)
    n = ask.first_so_many(call)
    select = ask.select(call.args[0])
    if is_plain_prev(call.args[0]) and select.universe == "items" and WHICH_UNIT.search(ask.question):
        raise UnclearError  # 哪个单位花得最少, after a row: of the units, and not of its parts
    if select.top in (1, -1):  # 排第一的, after the smallest was named: of the whole ranking
        select = select.model_copy(update={"top": None})
    select, descending = ask.binder.divided(select), call.name == "top"
    if n == 1:
        return Reduce(how="rank", of=select, descending=descending, position=1)
    return Reduce(how="rank", of=select, descending=descending, n=n)


def of_departments(ask: Asking, call: Call, again: list[Expression]) -> Combine:
    """The departments put in order, or the first so many of them; `again`: those that the turn before put in order."""
    operands, n = again or each_department(ask, call.args[0]), ask.first_so_many(call)
    if n == 1:
        return Combine(how="greatest" if call.name == "top" else "least", operands=operands)
    return Combine(how="descending" if call.name == "top" else "ascending", operands=operands, n=n)


def top(ask: Asking, call: Call) -> Expression:
    """The largest as one value: of several, their sum."""
    inner = call.args[0]
    if isinstance(inner, Call) and inner.name == "by":
        counts = isinstance(inner.args[1], Call) and inner.args[1].name == "count"
        if counts and BY_MONEY.search(ask.question):  # 谁的项目钱最多
            units = ask.select(inner.args[0]).model_copy(update={"columns": [PROJECT_COLUMN]})
            return Reduce(how="rank", of=units, descending=call.name == "top", position=1)
        return Combine(how="greatest" if call.name == "top" else "least", operands=each(ask, inner))
    if isinstance(inner, Call) and inner.name in ("change", "growth"):
        return most_changed(ask, inner, call.name == "top")
    ranking = ranked_set(ask, call)
    if isinstance(ranking, Reduce) and ranking.of.universe == "units" and LARGEST_PROJECT.search(ask.question):
        raise UnclearError  # 排第一的那家，它最大的一个项目: no unit
    if isinstance(ranking, Reduce) and ranking.n:
        return Reduce(
            how="sum", of=ranking.of.model_copy(update={"top": ranking.n if ranking.descending else -ranking.n})
        )
    return ranking


def greatest(ask: Asking, call: Call) -> Expression:
    """Which of several things is the largest, or for min and bottom the smallest."""
    operands = several_before(ask, call.args[0]) if len(call.args) == 1 else None
    if len(call.args) == 1 and is_departments(ask, call.args[0]):
        operands = each_department(ask, call.args[0])
    operands = operands or of_each(ask, call.args) or members_among(ask, call.args) or list(operands_of(ask, call.args))
    if len(operands) == 1 and ask.is_set(call.args[0]):
        select = ask.binder.divided(ask.select(call.args[0]))
        return Reduce(how="rank", of=select, descending=call.name in ("max", "top"), position=1)
    return Combine(how="greatest" if call.name in ("max", "top") else "least", operands=operands)


def members_among(ask: Asking, nodes: Sequence[Node]) -> list[Expression]:
    """局本级和各下属单位里谁最少: the things, and the members of the sets beside them; empty where there is no set beside a thing."""
    sets = [isinstance(node, Thing) and node.kind in SETS for node in nodes]
    if len(nodes) < 2 or not any(sets):
        return []
    found: list[Expression] = []
    for node, several in zip(nodes, sets, strict=True):
        found += ask.binder.members(ask.select(node)) if several else [ask.expression(node)]
    return [e for i, e in enumerate(found) if e not in found[:i]]


def nth(ask: Asking, call: Call) -> Expression:
    """The member of a set at one place, from the largest or for nthlow from the smallest."""
    if budgets_before(ask, call.args[0]):
        members, place = ask.turns.members(), ask.how_many(call.args[1])
        if not 0 < place <= len(members):
            raise UnclearError
        return members[place - 1 if call.name == "nth" else -place]
    select = ask.binder.divided(ask.select(call.args[0]))
    return Reduce(how="rank", of=select, descending=call.name == "nth", position=ask.how_many(call.args[1]))


def sorted_(ask: Asking, call: Call) -> Expression:
    """All members of a set, or all that are named, in order."""
    way: Literal["descending", "ascending"] = "descending" if call.name == "sort" else "ascending"
    several = several_before(ask, call.args[0]) if isinstance(ask.turns.subject(), Combine) else None
    first = call.args[0]
    if several is None and isinstance(first, Call) and first.name == "by":
        several = each(ask, first)
    if is_departments(ask, first):
        several = each_department(ask, first)
    if several is None and len(call.args) > 1:
        several = members_among(ask, call.args) or list(operands_of(ask, call.args))
    several = several or of_each(ask, call.args) or None
    if several is not None:
        return Combine(how=way, operands=several)
    return Reduce(how="rank", of=ask.binder.divided(ask.select(first)), descending=call.name == "sort")


def listed(ask: Asking, call: Call) -> Expression:
    """The members of a set, each with its figure."""
    rest = others(ask, call.args[0])
    if isinstance(rest, Reduce):
        if said_count(ask.question) not in (None, len(ask.binder.members(rest.of))):
            raise UnclearError  # 剩下的是哪两类, where three are left
        return rest
    several = several_before(ask, call.args[0])
    if is_departments(ask, call.args[0]):
        several = each_department(ask, call.args[0])
    if several is not None:
        return Combine(how="list", operands=several)
    if isinstance(call.args[0], Call) and call.args[0].name == "by":
        return Combine(how="list", operands=each(ask, call.args[0]))
    if isinstance(call.args[0], Call) and not ask.is_set(call.args[0]):
        return ask.expression(call.args[0])
    if isinstance(call.args[0], Call) and call.args[0].name in ("top", "bottom") and ITS_PROJECTS.search(ask.question):
        least = ask.binder.the_one(ranked_set(ask, call.args[0]))
        if least is not None and least.of.units and not least.of.labels:  # 最少的那家，钱花在哪几个项目上
            return Reduce(how="list", of=Select(universe="projects", units=least.of.units))
    return Reduce(how="list", of=ask.select(call.args[0]))


def counted(ask: Asking, call: Call) -> Expression:
    """How many members a set has, or the number that the documents state of what is named."""
    node = call.args[0]
    for word in ask.words(node) if isinstance(node, Thing) and not node.bounds else ():
        stated = ask.binder.counted(word)
        if stated is not None:  # 分中心有几个, which a target tells
            return stated
    ranked = ranked_before(ask, call.args[0])
    return Reduce(how="count", of=ranked or ask.select(call.args[0]))


def place(ask: Asking, call: Call) -> Expression:
    """Which place a thing takes among its like, or in the set that is named."""
    thing = ask.expression(call.args[0])
    if not isinstance(thing, Reduce):
        raise UnclearError
    among = ask.select(call.args[1]) if len(call.args) > 1 else ask.binder.peers(thing.of)
    return Placed(thing=thing, among=among)


def each(ask: Asking, call: Call) -> list[Expression]:
    """An expression for each member of a set of units, or for each thing that was spoken of: 各占总支出的百分之几."""
    several = several_before(ask, call.args[0])
    if several is not None and len(several) > 1:
        return each_member(ask, several, call.args[1], lambda: whole_for(ask, several[0]))
    select, inner = ask.select(call.args[0]), call.args[1]
    if select.universe != "units":
        return each_row(ask, select, inner)
    units = ask.binder.unit_names(select)
    if not units:
        raise HindranceError("not_found", "单位")
    expressions: list[Expression] = []
    for unit in units:
        expression = (
            ask.expression(inner)
            if not (isinstance(inner, Call) and inner.name in ("top", "bottom"))
            else asked(ask, inner)
        )
        expressions.append(_within_unit(expression, unit))
    return expressions


def each_row(ask: Asking, select: Select, inner: Node) -> list[Expression]:
    """change({}) or share({}) for each row of a set."""
    return each_member(ask, ask.binder.members(select), inner, lambda: whole_for(ask, Reduce(how="sum", of=select)))


def each_member(
    ask: Asking, members: Sequence[Expression], inner: Node, whole_of: Callable[[], Expression]
) -> list[Expression]:
    """change({}) or share({}) for each of several things; `whole_of` gives what a share is of where nothing is said."""
    if not isinstance(inner, Call) or not inner.args:
        raise UnclearError
    if inner.name == "share" and AS_AMOUNT.search(ask.question):
        raise UnclearError  # 各占多少万: amounts, and of what is not told
    if inner.name == "share":
        whole = ask.expression(inner.args[1]) if len(inner.args) > 1 else whole_of()
        return [Combine(how="share", operands=[in_row_of(m, whole), whole]) for m in members]
    if inner.name in ("change", "growth"):
        found = [figure_of(ask, m, CHANGE if inner.name == "change" else GROWTH) for m in members]
        return [f for f in found if f is not None]
    raise UnclearError


def shares_of_those(ask: Asking, call: Call) -> Expression | None:
    """这两样占总支出的比重, after two amounts: the share of each; None where their sum is asked for."""
    inner = call.args[0] if call.name == "share" and len(call.args) == 2 else None
    if not (isinstance(inner, Call) and inner.name == "sum" and len(inner.args) == 1 and is_plain_prev(inner.args[0])):
        return None
    several = several_before(ask, inner.args[0])
    if several is None or len(several) < 2 or TOGETHER.search(ask.question):
        return None
    members = each_member(ask, several, Call("share", (inner, call.args[1])), lambda: several[0])
    return Combine(how="list", operands=members)


def in_row_of(part: Expression, whole: Expression) -> Expression:
    """项目支出占一般公共服务支出的比重: a column that is held against a row is that row's cell in it."""
    if not (isinstance(part, Reduce) and isinstance(whole, Reduce) and whole.of.labels and not whole.of.columns):
        return part
    return (
        part.model_copy(update={"of": part.of.model_copy(update={"labels": whole.of.labels})})
        if is_scope_alone(part.of)
        else part
    )


def by(ask: Asking, call: Call) -> Expression:
    """by(SET,EXPR): the expression for each member, side by side."""
    return Combine(how="list", operands=each(ask, call))


def asked(ask: Asking, call: Call) -> Expression:
    """What a call gives where it is what is asked: a ranking shows its members, not their sum."""
    if call.name in ("top", "bottom") and ask.is_set(call.args[0]):
        return ranked_set(ask, call)
    return ask.expression(call)


def _within_unit(expression: Expression, unit: str) -> Expression:
    """An expression with every select narrowed to a unit."""
    if isinstance(expression, Reduce):
        select = expression.of
        if select.total and not select.columns:
            select = Select(**select.whose())
        return expression.model_copy(update={"of": select.model_copy(update={"units": [unit], "total": None})})
    if isinstance(expression, Combine):
        return expression.model_copy(update={"operands": [_within_unit(o, unit) for o in expression.operands]})
    return expression
