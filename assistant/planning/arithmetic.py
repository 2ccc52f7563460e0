"""Rankings, sums, differences, ratios and the rest: each call of the form language to an Expression.

In: a call. Out: an Expression. What one side of a comparison leaves open it has from the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from assistant.binding.slots import PROJECT_COLUMN, SCOPES, Bound
from assistant.plan import (
    Combine,
    Expression,
    Placed,
    Reduce,
    Select,
    selects_of,
)
from assistant.planning.across import each_department, is_departments, named, of_each, only_scope, shared
from assistant.planning.asking import SETS, Asking
from assistant.planning.before import budgets_before, narrowed, ranked_before, rest_of_set, said_count, several_before
from assistant.planning.changes import change, changed_instead, figure_of, most_changed, year_before
from assistant.planning.errors import HindranceError, UnclearError
from assistant.planning.shares import AS_AMOUNT, own_units, share_of, whole_for
from assistant.reader.form import Call, Node, Thing
from index.prose import CHANGE, GROWTH

YEAR_COLUMN = re.compile(r"20\d\d年|[上去]年")
BY_MONEY = re.compile(r"(?:钱|金额|经费|资金|预算|支出)(?:数)?最[多大少小高低]|最[花烧费]钱")
LARGEST_PROJECT = re.compile(r"最[大多高小少低贵]的?(?:那|一|这)?个?项目(?!支出|经费|资金|总)")
ITS_PROJECTS = re.compile(r"哪[几些]个?(?:项目|专项)|(?:项目|专项)(?:都?有|是)哪[些几]|什么项目")
BOTH_TABLES = re.compile(r"[两俩]张?(?:个)?(?:表|边|头|块|处|样)|合(?:在)?一?起|合并|一起算|加一?起|加一?块|都算")
ADDING = re.compile(r"再加上|再加|加上|连同|算上")
TOGETHER = re.compile(r"加|合|一共|总|共|一起|累计|全部|都算|整个")
THE_OTHERS = re.compile(r"(?:另外?|其余|其他|其它|剩下|剩余|余下)的?[二两俩三仨四五六七八九几那]*[个家项笔类块样]")
POINTS_BACK = re.compile(r"[它这那该其]|刚才|上面|前面")
IT = re.compile(r"(?<!其)它|[这该](?:个|家|项|笔|单位|项目)?(?=是|相当于|顶)")


def ranked_set(ask: Asking, call: Call) -> Expression:
    again = budgets_before(ask, call.args[0])
    if again or is_departments(ask, call.args[0]):
        return of_departments(ask, call, again)
    if isinstance(ask.turns.subject(), Combine) and several_before(ask, call.args[0]) is not None:
        return greatest(ask, call)
    n = ask.first_so_many(call)
    select = ask.select(call.args[0])
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
    if budgets_before(ask, call.args[0]):
        members, place = ask.turns.members(), ask.how_many(call.args[1])
        if not 0 < place <= len(members):
            raise UnclearError
        return members[place - 1 if call.name == "nth" else -place]
    select = ask.binder.divided(ask.select(call.args[0]))
    return Reduce(how="rank", of=select, descending=call.name == "nth", position=ask.how_many(call.args[1]))


def sorted_(ask: Asking, call: Call) -> Expression:
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
    node = call.args[0]
    for word in ask.words(node) if isinstance(node, Thing) and not node.bounds else ():
        stated = ask.binder.counted(word)
        if stated is not None:  # 分中心有几个, which a target tells
            return stated
    ranked = ranked_before(ask, call.args[0])
    return Reduce(how="count", of=ranked or ask.select(call.args[0]))


def summed(ask: Asking, call: Call) -> Expression:
    how: Literal["sum", "mean"] = "mean" if call.name == "mean" else "sum"
    if len(call.args) == 1:
        arg = call.args[0]
        rest = others(ask, arg)
        if isinstance(rest, Reduce) and said_count(ask.question) in (None, len(ask.binder.members(rest.of))):
            return Reduce(how=how, of=rest.of)
        ranked = None if said_count(ask.question) else ranked_before(ask, arg)
        if ranked is not None:
            return Reduce(how=how, of=ranked)
        several = several_before(ask, arg)
        if several is not None and len(several) > 1:
            return Combine(how=how, operands=several)
        scopes = over_scopes(ask, ask.expression(arg)) if how == "sum" and is_plain_prev(arg) else None
        if isinstance(scopes, Combine) and scopes.how == "sum":  # 差旅费多少 … 加起来呢
            return scopes
        if ask.is_set(arg):
            return Reduce(how=how, of=ask.select(arg))
        values = separate(ask, [ask.expression(arg)])
        if how == "sum" and len(values) > 1:  # 水电费一共
            return Combine(how="sum", operands=[cell for v in values for cell in scopes_of(over_scopes(ask, v))])
        return over_scopes(ask, values[0]) if how == "sum" else values[0]
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
        isinstance(o, Reduce) and o.how == "value" and _is_scope(o.of.model_copy(update={"tables": []}))
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
        wholes = [o for o in operands if ask.binder.is_part_of(operand, o) and not ask.binder.is_part_of(o, operand)]
        if not wholes:
            kept.append(operand)
            continue
        part, whole = (next(iter(selects_of(o)[0].labels), "") for o in (operand, wholes[0]))
        ask.taken.append((part, f"{whole}的一部分，不另加"))
    return kept


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
        (i for i, s in enumerate(selects) if s is not None and _is_scope(s) and set(s.columns) <= set(SCOPES)), 0
    )
    rows, scopes = things[:first], things[first:]
    if not rows or any(s is None or not _is_scope(s) for s in selects[first:]):
        return args
    if any(s is None or s.columns or not (s.labels or s.codes) for s in selects[:first]):
        return args
    in_brackets = ask.question[: scopes[0].spans[0].start].endswith(("（", "("))
    if len(scopes) < 2 and not in_brackets:
        return args
    return [Thing("thing", (*row.spans, *scope.spans)) for row in rows for scope in scopes]


def operands_of(ask: Asking, nodes: Sequence[Node]) -> tuple[Expression, ...]:
    """The operands of a call, each with what it has from the others."""
    if ask.asks_several:
        leans = any(is_plain_prev(node) for node in nodes)
        asked = with_row_named(ask, nodes) if leans else nodes
        return tuple(leans_on(ask, node) if leans else ask.expression(node) for node in shared(ask, asked))
    kept = with_common_head(ask, nodes)
    return lent_to_each_other(ask, rows_like_the_others(ask, kept, [_apart(ask, node, kept) for node in kept]))


def with_row_named(ask: Asking, nodes: Sequence[Node]) -> Sequence[Node]:
    """跟乙局的公务接待费比谁多, after what a car cost: both sides are of the row that is named, where no word points back."""
    things = [node for node in nodes if isinstance(node, Thing) and node.is_plain]
    named_rows = [tuple(s for s in node.spans if not only_scope(ask, s, None)) for node in things]
    rows = [spans for spans in named_rows if len(spans) == 1 and ask.binder.is_row_name(ask.text(spans[0]))]
    if len(rows) != 1 or POINTS_BACK.search(ask.question):
        return nodes
    return [replace(n, spans=rows[0]) if isinstance(n, Thing) and is_plain_prev(n) else n for n in nodes]


def leans_on(ask: Asking, node: Node) -> Expression:
    """跟乙局的比呢: of a side that only names a budget, what was spoken of, in that one."""
    subject = ask.turns.subject()
    plain = node.spans if isinstance(node, Thing) and node.is_plain else ()
    budgets = named(ask, node) if plain and all(only_scope(ask, s, None) for s in plain) else []
    if len(budgets) != 1 or not isinstance(subject, Reduce):
        return ask.expression(node)
    moved = subject.of.model_copy(update=budgets[0].whose())
    if not ask.binder.holds(moved):
        raise HindranceError("not_found", "、".join(moved.labels or moved.columns))
    return subject.model_copy(update={"of": moved})


def _apart(ask: Asking, node: Node, nodes: Sequence[Node]) -> Expression:
    """What a node is the value of; where nothing is called so, without the rows that it shares with another: 办公费的上年结转是
    水费的几倍."""
    try:
        return ask.expression(node)
    except HindranceError:
        others = {s for n in nodes if n is not node and isinstance(n, Thing) for s in n.spans}
        spans = node.spans if isinstance(node, Thing) else ()
        own = tuple(s for s in spans if s not in others or not ask.binder.may_be_row(ask.text(s)))
        if not isinstance(node, Thing) or not set(own) - others or own == spans:
            raise
        found = ask.expression(Thing(node.kind, own))
        dropped = [ask.text(s) for s in spans if s not in own]
        if any(select.labels for select in selects_of(found)) and any(ask.binder.names(w, "items") for w in dropped):
            raise  # a row at the beginning of the year is not all expenditure then
        return found


def rows_like_the_others(ask: Asking, nodes: Sequence[Node], found: Sequence[Expression]) -> list[Expression]:
    """货物、工程、服务三类采购: a project beside rows of one table is the row beside them that the same words name."""
    rows = [e for e in found if isinstance(e, Reduce) and e.of.universe == "items" and e.of.labels]
    kept = list(found)
    for index, (node, expression) in enumerate(zip(nodes, found, strict=True)):
        if not (isinstance(expression, Reduce) and isinstance(node, Thing) and node.kind == "thing" and rows):
            continue
        said = [w for w in ask.words(node) if not ask.binder.is_only_year(w)]
        noun = not expression.of.labels and bool(said) and all(map(ask.binder.is_noun, said))  # 工程, beside 货物
        if noun or expression.of.universe == "projects":
            beside = ask.binder.row_beside(rows[0].of, said, by_name=noun or len(rows) > 1)
            kept[index] = Reduce(how="value", of=beside) if beside is not None else expression
    return kept


def with_common_head(ask: Asking, nodes: Sequence[Node]) -> Sequence[Node]:
    """货物、工程、服务采购预算: what stands once before or behind a list of single words belongs to each of them."""
    things = [n for n in nodes if isinstance(n, Thing) and n.is_plain]
    if len(things) < len(nodes) or len(things) < 2:
        return nodes
    for rich, rest in ((things[-1], things[:-1]), (things[0], things[1:])):
        head = rich.spans[1:] if rich is things[-1] else rich.spans[:-1]
        if not head or any(len(thing.spans) > 1 for thing in rest):
            continue
        lent = [Thing("thing", tuple(sorted((*thing.spans, *head), key=lambda s: s.start))) for thing in rest]
        bound = [ask.binder.thing(ask.words(thing)) for thing in lent]
        alone = [ask.binder.thing(ask.words(thing)) for thing in rest]
        if all(isinstance(b, Bound) and b.select.labels for b in bound) and any(
            not (isinstance(b, Bound) and b.select.labels) for b in alone
        ):
            return [*lent, rich] if rich is things[-1] else [rich, *lent]
    return nodes


def others(ask: Asking, node: Node) -> Expression | None:
    """另外两类: what is left of the set that was spoken of; None where no others are."""
    said = isinstance(node, Thing) and node.kind == "others"
    return (
        rest_of_set(ask, Thing("others")) if said or (is_plain_prev(node) and THE_OTHERS.search(ask.question)) else None
    )


def is_plain_prev(node: Node) -> bool:
    return isinstance(node, Thing) and node.kind == "prev" and not node.spans and not node.bounds


def separate(ask: Asking, values: Sequence[Expression]) -> list[Expression]:
    """Values of one word for several rows as a value for each row."""
    found: list[Expression] = []
    for value in values:
        plain = isinstance(value, Reduce) and value.how == "value"
        found += [Reduce(how="value", of=s) for s in ask.binder.separately(value.of)] if plain else [value]  # type: ignore[union-attr]
    return found


def scopes_of(value: Expression) -> list[Expression]:
    return value.operands if isinstance(value, Combine) and value.how == "sum" else [value]


def over_scopes(ask: Asking, value: Expression) -> Expression:
    """办公费一共多少: its basic and project expenditure together, where both tables have it."""
    if not isinstance(value, Reduce) or value.how != "value" or value.of.columns or value.of.tables or value.of.units:
        return value
    cells = [Reduce(how="value", of=value.of.model_copy(update={"columns": [scope]})) for scope in SCOPES]
    both = value.of.labels and value.of.universe == "items" and all(ask.binder.holds(c.of) for c in cells)
    if not both or ask.binder.is_one_value(value.of):
        return value
    given = [cell for cell in cells if ask.binder.gives(cell)]  # one of them may be blank
    return Combine(how="sum", operands=list(cells)) if len(given) == len(cells) else (given or [value])[0]


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
    return changed_instead(ask, call) or Combine(how="difference", operands=list(pair(ask, call)))


def lent_to_each_other(ask: Asking, sides: Sequence[Expression]) -> tuple[Expression, ...]:
    """甲中心的基本支出比乙中心多: what one side leaves open it has from the first or last that says it."""
    found = own_units(ask, sides)
    for lender, borrower in ((0, i) for i in range(1, len(found))):
        found[borrower] = borrowed(ask, found[borrower], found[lender])
    for index in range(len(found) - 1):
        found[index] = borrowed(ask, found[index], found[-1])
    return tuple(found)


def _is_scope(select: Select) -> bool:
    """Whether a select names a column and nothing else."""
    return bool(select.columns) and not (select.labels or select.units or select.codes or select.tables or select.under)


def borrowed(ask: Asking, to: Expression, lender: Expression) -> Expression:
    if not (isinstance(to, Reduce) and isinstance(lender, Reduce) and to.how == lender.how == "value"):
        return to
    mine, other = to.of, lender.of
    changes: dict = {}
    if mine.units and other.units and not (mine.labels or mine.codes or mine.columns):
        changes = {"labels": other.labels, "codes": other.codes, "columns": other.columns}
    elif _is_scope(mine) and (other.columns or other.labels or other.codes):
        changes = {"labels": other.labels, "codes": other.codes, "units": other.units}
    elif (mine.labels or mine.codes) and (other.labels or other.codes) and mine.universe == other.universe == "items":
        changes = {
            k: getattr(other, k)
            for k in ("columns", "units", "tables", "titles")
            if not getattr(mine, k) and getattr(other, k)
        }
        if mine.years and any(YEAR_COLUMN.match(c) for c in other.columns):
            changes.pop("columns", None)  # 2026年的 beside 2025年, which a table has as a column
    borrowed = mine.model_copy(update={k: v for k, v in changes.items() if v})
    if borrowed == other:
        return to  # nothing is held against itself
    return to.model_copy(update={"of": borrowed}) if borrowed != mine and ask.binder.holds(borrowed) else to


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
    whole, *parts = call.args
    removed = [ask.expression(p) for p in parts]
    return Combine(how="rest", operands=[ask.expression(whole), *removed])


def place(ask: Asking, call: Call) -> Expression:
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
        if _is_scope(part.of)
        else part
    )


def by(ask: Asking, call: Call) -> Expression:
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


COMPUTED: dict[str, Callable[[Asking, Call], Expression]] = {
    "all": listed, "which": listed, "count": counted, "sum": summed, "mean": summed, "top": top, "bottom": top, "nth": nth,
    "nthlow": nth, "sort": sorted_, "sortup": sorted_, "max": greatest, "min": greatest, "rank": place, "diff": difference,
    "pctmore": excess, "share": share_of, "times": times, "rest": rest, "by": by, "change": change, "growth": change,
    "prev_year": year_before,
}  # fmt: skip
