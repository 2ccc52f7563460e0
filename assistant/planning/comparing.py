"""Two sides held against each other: by how much, by how many per cent, how many times; and a whole without its parts.

In: a call with one side or two. Out: an Expression. The side that is not said is what was spoken of before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.plan import Combine, Expression, Reduce, selects_of
from assistant.planning.across import named, of_each
from assistant.planning.asking import Asking
from assistant.planning.before import is_plain_prev, narrowed, several_before
from assistant.planning.changes import changed_instead
from assistant.planning.errors import UnclearError
from assistant.planning.operands import operands_of
from assistant.planning.shares import whole_for
from assistant.reader.form import Call, Node, Thing

IT = re.compile(r"(?<!其)它|[这该](?:个|家|项|笔|单位|项目)?(?=是|相当于|顶)")


def pair(ask: Asking, call: Call) -> tuple[Expression, Expression]:
    """The two sides of a comparison; one side alone is compared with what was spoken of before."""
    both = of_each(ask, call.args)
    if len(both) == 2:
        return both[0], both[1]
    if len(call.args) == 2:
        call = Call(call.name, tuple(of_another_table(ask, node, call.args) for node in call.args))
        apart = of_both_departments(ask, call.args)
        if apart:
            return apart[0], apart[1]
        whole = stated_whole(ask, call.args)
        first, second = (ask.expression(call.args[0]), whole) if whole else operands_of(ask, call.args)
        inside = any(
            isinstance(a, Combine) and a.how == "sum" and b in a.operands for a, b in ((first, second), (second, first))
        )
        if first == second or inside:
            raise UnclearError  # nothing is compared with itself
        return first, second
    several = several_before(ask, call.args[0])
    if several is not None and len(several) == 2:
        return several[0], several[1]
    last, before = ask.expression(call.args[0]), ask.turns.before()
    if before is None:
        raise UnclearError
    return before, last


def of_both_departments(ask: Asking, nodes: Sequence[Node]) -> list[Expression]:
    """机关运行经费差多少呢, after two departments were held against each other: of each of them; else empty."""
    leaning = [node for node in nodes if is_plain_prev(node)]
    things = [n for n in nodes if isinstance(n, Thing) and n.is_plain]
    if not ask.asks_several or len(leaning) != 1 or len(things) != 1 or named(ask, things[0]):
        return []
    members = ask.turns.members()
    if len(members) != 2 or len({tuple(s.departments) for m in members for s in selects_of(m)}) != 2:
        return []
    return [Reduce(how="value", of=narrowed(ask, selects_of(m)[0], ask.words(things[0]))) for m in members]


def of_another_table(ask: Asking, node: Node, nodes: Sequence[Node]) -> Node:
    """和功能分类表里的差多少: a side that only names a table is what was spoken of, in that table."""
    told = [
        n
        for n in nodes
        if isinstance(n, Thing) and n.is_plain and n.spans and all(map(ask.binder.is_table, ask.words(n)))
    ]
    leans = any(is_plain_prev(other) for other in nodes) or (ask.turns.any and len(told) == len(nodes) > 1)
    named = isinstance(node, Thing) and node.is_plain and all(map(ask.binder.is_table, ask.words(node)))
    return Thing("prev", node.spans) if leans and named and isinstance(node, Thing) else node


def stated_whole(ask: Asking, nodes: Sequence[Node]) -> Expression | None:
    """把三家的基本支出加起来，和表上的合计差多少: the total of the column in which the units' amounts stand."""
    first, second = nodes
    if not (isinstance(first, Call) and first.name == "sum" and isinstance(second, Thing) and second.is_plain):
        return None
    if not all(
        ask.binder.is_empty(w) or ask.binder.is_bare_total(w) or ask.binder.is_noun(w) for w in ask.words(second)
    ):
        return None
    added = selects_of(ask.expression(first))
    columns = {tuple(s.columns) for s in added}
    if not added or len(columns) != 1 or not all(s.units or s.universe == "units" for s in added):
        return None
    return whole_for(ask, Reduce(how="value", of=added[0].model_copy(update={"labels": []})))


def difference(ask: Asking, call: Call) -> Expression:
    """How much more the first side is than the second; of a year that is not there, the change that prose states."""
    return changed_instead(ask, call) or Combine(how="difference", operands=list(pair(ask, call)))


def times(ask: Asking, call: Call) -> Expression:
    """How many times as much; of two that were only spoken of, that which 它 means, else the larger, by the other."""
    first, second = pair(ask, call)
    if len(call.args) == 1:
        said = [v for e in (first, second) for v in ask.binder.amounts(e)]
        if IT.search(ask.question) or (len(said) == 2 and said[0] < said[1]):
            first, second = second, first
    return Combine(how="ratio", operands=[first, second])


def excess(ask: Asking, call: Call) -> Expression:
    """By how much in percent one is more than another; of one thing in two years the later against the earlier."""
    instead = changed_instead(ask, call)
    if instead is not None:
        return instead
    first, second = pair(ask, call)
    mine, other = (selects_of(e)[0] for e in (first, second))
    same = mine.model_copy(update={"years": other.years}) == other
    if same and mine.years and other.years and mine.years < other.years:
        first, second = second, first
    return Combine(how="excess", operands=[first, second])


def rest(ask: Asking, call: Call) -> Expression:
    """The first operand without the others."""
    whole, *parts = call.args
    removed = [ask.expression(p) for p in parts]
    return Combine(how="rest", operands=[ask.expression(whole), *removed])
