"""What is added up or averaged, each amount once.

In: a sum or mean call. Out: an Expression. What stands in basic and in project expenditure is added over both; a part of what is
added already is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from assistant.binding.slots import SCOPES, Bound
from assistant.plan import Combine, Expression, Reduce, Select, selects_of
from assistant.planning.asking import Asking
from assistant.planning.before import is_plain_prev, others, ranked_before, said_count, several_before
from assistant.planning.errors import UnclearError
from assistant.planning.operands import is_scope_alone, operands_of, over_scopes, scopes_of, separate
from assistant.reader.form import Call, Node, Thing

BOTH_TABLES = re.compile(r"[两俩]张?(?:个)?(?:表|边|头|块|处|样)|合(?:在)?一?起|合并|一起算|加一?起|加一?块|都算")
ADDING = re.compile(r"再加上|再加|加上|连同|算上")
How = Literal["sum", "mean"]


def summed(ask: Asking, call: Call) -> Expression:
    """The sum of things that are named one by one, of a set, or of what was spoken of; of a mean call their mean."""
    how: How = "mean" if call.name == "mean" else "sum"
    return _over_one(ask, call.args[0], how) if len(call.args) == 1 else _over_several(ask, call, how)


def _over_one(ask: Asking, node: Node, how: How) -> Expression:
    """The sum over what one node stands for: several things before, a set, or one row over its scopes."""
    rest = others(ask, node)
    if isinstance(rest, Reduce) and said_count(ask.question) in (None, len(ask.binder.members(rest.of))):
        return Reduce(how=how, of=rest.of)
    ranked = None if said_count(ask.question) else ranked_before(ask, node)
    if ranked is not None:
        return Reduce(how=how, of=ranked)
    several = several_before(ask, node)
    if several is not None and len(several) > 1:
        added = without_parts(ask, several) if how == "sum" else several
        return added[0] if len(added) == 1 else Combine(how=how, operands=added)
    scopes = over_scopes(ask, ask.expression(node)) if how == "sum" and is_plain_prev(node) else None
    if isinstance(scopes, Combine) and scopes.how == "sum":  # 差旅费多少 … 加起来呢
        return scopes
    if ask.is_set(node):
        return Reduce(how=how, of=ask.select(node))
    values = separate(ask, [ask.expression(node)])
    if how == "sum" and len(values) > 1:  # 水电费一共
        return Combine(how="sum", operands=[cell for v in values for cell in scopes_of(over_scopes(ask, v))])
    return over_scopes(ask, values[0]) if how == "sum" else values[0]


def _over_several(ask: Asking, call: Call, how: How) -> Expression:
    """The sum of things that are named one by one."""
    of_row = scopes_of_row_before(ask, call.args) if how == "sum" else None
    if of_row is not None:
        return of_row
    in_unit = those_in_unit(ask, call)
    if in_unit:
        return Combine(how=how, operands=in_unit)
    rowwise = rows_alone(ask, call.args) if how == "sum" and ask.binder.hints.both_scopes else []
    found = operands_of(ask, rowwise or in_each_scope(ask, call.args))
    subject = ask.turns.subject()
    if said_count(ask.question) == len(found) + 1 and ADDING.search(ask.question) and isinstance(subject, Reduce):
        found = (subject, *found)  # 再加上乙和丙，三项合计
        ask.leans = True
    operands = separate(ask, [o for i, o in enumerate(found) if o not in found[:i]])
    rows = [o for o in operands if isinstance(o, Reduce) and o.of.labels and o.of.universe == "items"]
    if len(rows) > 1 and any(
        isinstance(o, Reduce) and o.how == "value" and is_scope_alone(o.of.model_copy(update={"tables": []}))
        for o in operands
    ):
        raise UnclearError  # 水费、电费 and all project expenditure beside them
    if how == "sum":
        operands = without_parts(ask, operands)
    if len(operands) == 1 and how == "sum":  # 两张表里的水费加起来
        return over_scopes(ask, operands[0])
    in_both = len(rows) > 1 and any(len(scopes_of(over_scopes(ask, row))) > 1 for row in rows)
    if how == "sum" and (ask.binder.hints.both_scopes or in_both):
        operands = [cell for o in operands for cell in scopes_of(over_scopes(ask, o))]
    return Combine(how=how, operands=operands)


def without_parts(ask: Asking, operands: Sequence[Expression]) -> list[Expression]:
    """工资福利 and 奖金 together: the first alone, of which the other is a part; nothing is counted twice."""
    kept = []
    for operand in operands:
        wholes = [o for o in operands if _contains(ask, o, operand) and not _contains(ask, operand, o)]
        if not wholes:
            kept.append(operand)
            continue
        part, whole = (_called(selects_of(o)[0]) for o in (operand, wholes[0]))
        ask.taken.append((part, f"{whole}的一部分，不另加"))
    return kept


def _contains(ask: Asking, whole: Expression, part: Expression) -> bool:
    """Whether one amount has the other in it: by a table, or as all that is spent has basic and project expenditure."""
    of, named = selects_of(whole)[0], selects_of(part)[0]
    if named.whose() != of.whose() or (of.units and named.units != of.units):
        return False
    names = (*named.labels, *named.columns)
    scope = bool(names) and all(map(ask.binder.scope, names)) and not (named.units or named.under)
    all_spent = of == Select(total="支出", **of.whose())
    return (all_spent and scope) or ask.binder.is_part_of(part, whole)


def _called(select: Select) -> str:
    return next(iter((*select.labels, *select.columns)), "总支出")


def scopes_of_row_before(ask: Asking, nodes: Sequence[Node]) -> Expression | None:
    """基本和项目两张表合起来, after a row: that row in both, never all that is spent."""
    said = [
        ask.binder.scope(w)
        for n in nodes
        for w in (
            ask.words(n) if isinstance(n, Thing) and n.kind in ("thing", "prev", "pick") and not n.bounds else [""]
        )
    ]
    subject = ask.turns.subject() if sorted(s or "" for s in said) == sorted(SCOPES) else None
    if not isinstance(subject, Reduce) or not subject.of.labels or not BOTH_TABLES.search(ask.question):
        return None
    bare_row = subject.of.model_copy(update={"columns": [], "tables": [], "titles": [], "classification": None})
    both = over_scopes(ask, subject.model_copy(update={"of": bare_row}))
    ask.leans |= isinstance(both, Combine)
    return both if isinstance(both, Combine) else None


def rows_alone(ask: Asking, nodes: Sequence[Node]) -> list[Node]:
    """水费和电费，基本支出、项目支出都算上: the rows without the scopes that were given to this one or that; empty where none is."""
    found: list[Node] = []
    for node in nodes:
        if not (isinstance(node, Thing) and node.kind == "thing" and not node.bounds):
            return []
        words = [(s, ask.text(s)) for s in node.spans]
        spans = tuple(s for s, word in words if ask.binder.scope(word) is None and not ask.binder.is_noun(word))
        found += [Thing("thing", spans)] if spans else []
    return found if found != list(nodes) else []


def those_in_unit(ask: Asking, call: Call) -> list[Expression]:
    """乙中心这两块加起来, after two amounts of another unit: the same two of the unit that is named now."""
    leaning = [a for a in call.args if is_plain_prev(a)]
    named = [a for a in call.args if isinstance(a, Thing) and a.kind == "thing" and not a.bounds]
    count = said_count(ask.question)
    if len(call.args) != 2 or not leaning or not named or count is None:
        return []
    words = ask.words(named[0])
    if not all(map(ask.binder.is_unit_word, words)):
        return []
    before = ask.turns.so_many(count)
    return [Reduce(how="value", of=ask.settled(ask.binder.narrowed(selects_of(e)[0], words)).select) for e in before]


def in_each_scope(ask: Asking, args: Sequence[Node]) -> Sequence[Node]:
    """水费、电费 over 基本支出、项目支出: each row in each of the scopes that stand after it, and neither row nor scope alone."""
    things = [arg for arg in args if isinstance(arg, Thing) and arg.is_plain]
    if len(things) != len(args):
        return args
    bound = [ask.binder.thing(ask.words(thing)) for thing in things]
    selects = [b.select if isinstance(b, Bound) else None for b in bound]
    first = next(
        (i for i, s in enumerate(selects) if s is not None and is_scope_alone(s) and set(s.columns) <= set(SCOPES)), 0
    )
    rows, scopes = things[:first], things[first:]
    if not rows or any(s is None or not is_scope_alone(s) for s in selects[first:]):
        return args
    if any(s is None or s.columns or not (s.labels or s.codes) for s in selects[:first]):
        return args
    in_brackets = ask.question[: scopes[0].spans[0].start].endswith(("（", "("))
    if len(scopes) < 2 and not in_brackets:
        return args
    return [Thing("thing", (*row.spans, *scope.spans)) for row in rows for scope in scopes]
