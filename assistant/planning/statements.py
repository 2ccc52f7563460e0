"""Statements to be held against the document: yes or no, with the figures.

In: a call such as is, has, up, only. Out: a Check.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from assistant.binding.slots import SCOPES, Side, Unbound
from assistant.plan import Check, Combine, Condition, Expression, Reduce, Select, selects_of
from assistant.planning.across import against_year_before
from assistant.planning.asking import SETS, Asking
from assistant.planning.before import several_before
from assistant.planning.bounds import HALF, OPERATORS, condition
from assistant.planning.changes import change, figure_of, named_now
from assistant.planning.errors import HindranceError, UnclearError
from assistant.planning.members import ranked_set
from assistant.planning.operands import operands_of
from assistant.planning.shares import share_of, whole_for
from assistant.reader.form import Call, Node, Span, Thing
from assistant.words.normal import normal
from assistant.words.quantities import quantities
from index.parsing.prose import CHANGE, GROWTH

COUNTED_BEHIND = re.compile(r"[个家辆台名位套处间人](?!月|百|千|万|亿|点)")
NEARLY = re.compile(r"(?:快|近|将近|接近|差不多|大约|大概|约)$")
RISEN, FALLEN = re.compile(r"增加|增长|多了|涨|上升|提高"), re.compile(r"减少|下降|少了|降了|压减|砍")
MOVES = {"gt": "up", "ge": "up", "lt": "down", "le": "down", "eq": "flat"}
EACH_IN_TABLES = re.compile(r"[两几](?:套|种)口径|[两几]张表|各表|在(?:不同|各)的?表")
EACH_UNIT = re.compile(r"[各几两三四五六七八九\d]个?(?:家|单位)|各家|下属|所属|单位")  # whose amounts are added up
NOTHING_ELSE = re.compile(
    r"[才只仅]|就这|再没|再无|没有别的|一共|总共|全部加|合计"
)  # the claimed amount is said to be all


def stated(ask: Asking, call: Call) -> Check:
    """A statement of whatever kind as what is to be held against the documents."""
    if call.name == "not":
        inner = call.args[0]
        check = stated(ask, inner) if isinstance(inner, Call) and inner.name in STATED else exists(ask, inner)
        return check.model_copy(update={"negated": not check.negated})
    if call.name == "is":
        return is_so(ask, call)
    if call.name == "has":
        return exists(ask, call.args[0])
    if call.name in ("up", "down", "flat"):
        return moved(ask, call)
    if call.name == "only":
        return only(ask, call)
    if call.name == "mostly":
        share = share_of(ask, Call("share", call.args))
        return Check(left=share, relation="gt", claim=Condition(operator="gt", amount=HALF, unit="%"))
    if call.name == "agree":
        return agree(ask, call)
    if call.name == "sums":
        return sums(ask, call)
    raise UnclearError


def is_so(ask: Asking, call: Call) -> Check:
    """is(A,>,B): a thing held against an amount, a place in a ranking or another thing."""
    left, relation, right = call.args
    assert isinstance(relation, str)
    operator = OPERATORS[relation]
    if isinstance(left, Call) and left.name in ("top", "bottom", "nth", "nthlow", "max", "min"):
        left, right = right, left  # 最大的是不是甲: 甲 stands first
    year_before = _against_absent_year(ask, left, operator, right)
    if year_before is not None:
        return year_before
    if isinstance(left, Span):
        left, right = right, left
    if isinstance(right, Span):
        return _is_amount(ask, left, operator, right)
    if (
        isinstance(right, Call)
        and right.name in ("top", "bottom")
        and len(right.args) == 1
        and ask.is_set(right.args[0])
    ):
        return Check(left=ask.expression(left), relation="eq", right=ranked_set(ask, right))
    sides = operands_of(ask, [left, right])
    if sides[0] == sides[1] and operator == "eq" and isinstance(left, Thing | Call):  # 三公合计等于三项之和
        return sums(ask, Call("sums", (left,)))
    return Check(left=sides[0], relation=operator, right=sides[1])


def _is_amount(ask: Asking, left: Node | str, operator: str, stated: Span) -> Check:
    """A thing held against an amount that the question states: of money, in per cent, or a number of members."""
    claim = condition(ask, stated, operator)
    if claim.unit == "%" and isinstance(left, Call) and left.name in ("diff", "change"):  # 比前年增长12%
        left = Call("pctmore" if left.name == "diff" else "growth", left.args)
    if isinstance(left, Call) and left.name == "rank":
        claim = claim.model_copy(update={"unit": None})
    if isinstance(left, Thing) and left.kind in SETS and claim.unit is None:
        return Check(left=Reduce(how="count", of=ask.select(left)), relation=operator, claim=claim)
    expression = ask.expression(left)
    if claim.unit is None and COUNTED_BEHIND.match(ask.question[stated.end :]) and ask.binder.is_money(expression):
        raise UnclearError  # 设了5个机构: no amount of money
    if claim.unit == "%" and not (_is_rate(expression) or ask.binder.is_rate(expression)):
        expression = Combine(how="share", operands=[expression, whole_for(ask, expression)])
    fallen, risen = bool(FALLEN.search(ask.question)), bool(RISEN.search(ask.question))
    if isinstance(expression, Reduce) and expression.of.measure:  # 比去年少了3万元, which only prose tells
        return Check(left=expression, relation="falls" if fallen and not risen else "rises", claim=claim)
    check = Check(left=expression, relation=operator, claim=claim, only=bool(NOTHING_ELSE.search(ask.question)))
    if isinstance(expression, Combine) and expression.how == "difference" and fallen != risen:
        first, second = expression.operands  # 增加了3万元 is not so where it fell by as much
        way = Check(left=first, relation="lt" if fallen else "gt", right=second)
        check = check.model_copy(update={"also": [way]})
    return _rounded(check, normal(ask.text(stated)))


def _against_absent_year(ask: Asking, left: Node | str, operator: str, right: Node | str) -> Check | None:
    """2025年比2024年涨了吗, where only 2025 is there: the change that prose tells."""
    if not (isinstance(left, Thing) and isinstance(right, Thing)) or operator not in MOVES:
        return None
    absent = [any(ask.binder.is_other_year(ask.text(s)) for s in side.spans) for side in (left, right)]
    if absent.count(True) != 1:
        return None
    here, way = (right, MOVES[operator]) if absent[0] else (left, MOVES[operator])
    turned = {"up": "down", "down": "up"}.get(way, way) if absent[0] else way
    return moved(ask, Call(turned, (here,)))


def exists(ask: Asking, node: Node) -> Check:
    """Whether a thing is there, or any member of a set; of a change whether there was any."""
    if isinstance(node, Call) and node.name in ("change", "growth"):
        changed = change(ask, node)
        return Check(left=changed, relation="same", negated=True)
    if ask.is_set(node):
        return Check(left=Reduce(how="list", of=ask.select(node)), relation="exists")
    if isinstance(node, Thing) and node.kind == "thing":
        bound = ask.binder.thing(ask.words(node))
        supposed = ask.binder.supposed(ask.words(node)) if isinstance(bound, Unbound) else None
        if supposed is not None:
            return Check(left=ask.value(supposed), relation="exists")
    return Check(left=ask.expression(node), relation="exists")


def moved(ask: Asking, call: Call) -> Check:
    """Whether a thing rose, fell or stayed, by the amount that is claimed. Raises HindranceError where nothing tells."""
    relation: Literal["rises", "falls", "same"] = {"up": "rises", "down": "falls", "flat": "same"}[call.name]  # type: ignore[assignment]
    claim = None
    if len(call.args) > 1 and isinstance(call.args[1], Span):
        claim = condition(ask, call.args[1], "about" if NEARLY.search(ask.question[: call.args[1].start]) else "eq")
        stated = [q for q in quantities(normal(ask.text(call.args[1]))) if q.operator]
        if stated:
            claim = claim.model_copy(update={"operator": stated[0].operator})
    now = named_now(ask, call.args[0])
    figure = figure_of(ask, now, GROWTH if claim is not None and claim.unit == "%" else CHANGE)
    both = against_year_before(ask, now, call.args[0]) if figure is None else []
    if both and (claim is None or claim.unit != "%"):
        way = {"up": "gt", "down": "lt", "flat": "eq"}[call.name]
        apart = Combine(how="difference", operands=both)
        also = [Check(left=apart, relation=claim.operator, claim=claim)] if claim is not None else []
        return Check(left=both[0], relation=way, right=both[1], also=also)
    if figure is None:
        raise HindranceError("no_amount", "与上年相比的变化")
    return Check(left=figure, relation=relation, claim=claim)


def only(ask: Asking, call: Call) -> Check:
    """公车购置全在项目支出里: there in one scope, and not in the other."""
    expression = ask.expression(call.args[0])
    selects = selects_of(expression)
    scopes = [c for c in selects[0].columns if c in SCOPES]
    if not scopes:
        return whole_is(ask, call.args[0], expression)
    other = next(s for s in SCOPES if s not in scopes)
    rest = [c for c in selects[0].columns if c not in SCOPES]
    elsewhere = selects[0].model_copy(update={"columns": [*rest, other], "tables": []})
    return Check(left=expression, relation="exists",
                 also=[Check(left=Reduce(how="value", of=elsewhere), relation="exists", negated=True)])  # fmt: skip


def whole_is(ask: Asking, node: Node, part: Expression) -> Check:
    """收入全是一般公共预算拨款吗: the part is all of the whole that is named beside it."""
    sides: list[Side] = [
        side for word in (ask.words(node) if isinstance(node, Thing) else []) for side in ask.binder.sides(word)
    ]
    if not sides:
        raise UnclearError
    whole = Reduce(how="value", of=Select(total=sides[0]))
    if part == whole:
        raise UnclearError
    return Check(left=part, relation="eq", right=whole)


def agree(ask: Asking, call: Call) -> Check:
    """Whether tables say the same of a thing, or several things are equal."""
    if len(call.args) == 1:
        several = several_before(ask, call.args[0])
        if several is not None and len(several) == 2:
            return Check(left=several[0], relation="eq", right=several[1])
        return Check(left=ask.expression(call.args[0]), relation="agree")
    first, second, *rest = [ask.expression(a) for a in call.args]
    if EACH_IN_TABLES.search(ask.question):  # 养老和年金这两项，两套口径对得上吗: each with itself
        each = [Check(left=e, relation="agree") for e in (second, *rest)]
        return Check(left=first, relation="agree", also=each)
    return Check(left=first, relation="eq", right=second,
                 also=[Check(left=first, relation="eq", right=other) for other in rest])  # fmt: skip


def sums(ask: Asking, call: Call) -> Check:
    """Whether the parts of a thing add up to it."""
    whole = ask.expression(call.args[0])
    if not isinstance(whole, Reduce):
        raise UnclearError
    by_units = Select(universe="units", columns=whole.of.columns, **whole.of.whose())
    said_units = EACH_UNIT.search(ask.question) and not (whole.of.units or whole.of.labels or whole.of.codes)
    parts = by_units if said_units and ask.binder.unit_names(by_units) else ask.binder.parts(whole.of)
    if parts is None:
        raise HindranceError("not_found", "下级各项")
    return Check(left=whole, relation="eq", right=Reduce(how="sum", of=parts))


def _is_rate(expression: Expression) -> bool:
    """Whether an expression is itself in per cent."""
    if isinstance(expression, Combine):
        return expression.how in ("share", "excess", "ratio")
    return isinstance(expression, Reduce) and expression.of.measure == GROWTH


def _rounded(check: Check, text: str) -> Check:
    """八千多万 claims more than eight and less than nine thousand."""
    if check.claim is None or not re.search(r"[\d一二三四五六七八九十百千两成][多余几来]|有余|出头", text):
        return check
    claim = check.claim.model_copy(update={"operator": "gt"})
    zeros = (
        len(str(int(claim.amount))) - len(str(int(claim.amount)).rstrip("0"))
        if claim.amount == int(claim.amount)
        else 0
    )
    upper = claim.model_copy(update={"operator": "lt", "amount": claim.amount + Decimal(10) ** zeros})
    return Check(left=check.left, relation="gt", claim=claim, also=[Check(left=check.left, relation="lt", claim=upper)])


STATED = ("is", "has", "not", "only", "mostly", "up", "down", "flat", "agree", "sums")
