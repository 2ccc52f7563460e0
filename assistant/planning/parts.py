"""A form to the parts of a plan.

In: a form, its question, and what binds its names. Out: parts with how sure their names are. A part whose names are not there
becomes a refusal that says so; what cannot be told at all raises UnclearError.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.binding.binder import Binder
from assistant.binding.slots import Bound
from assistant.plan import (
    Calculate,
    Check,
    Define,
    Expression,
    Part,
    Passage,
    ReasonCode,
    Reduce,
    Refuse,
    Say,
    Select,
    selects_of,
)
from assistant.planning.across import of_own, parts_of_one
from assistant.planning.again import SAME_WAY, again
from assistant.planning.asking import NAMED, OWN_NAME, SETS, Across, Asking, calculation
from assistant.planning.averages import averaged
from assistant.planning.before import is_plain_prev, money_of_project
from assistant.planning.errors import HindranceError, UnclearError
from assistant.planning.grouping import grouped, once_each
from assistant.planning.joining import joined
from assistant.planning.members import asked, shares_of_those
from assistant.planning.nearest import PART_OF_YEAR, whole_year
from assistant.planning.operands import over_scopes
from assistant.planning.rules import RULES
from assistant.planning.statements import STATED, stated
from assistant.planning.words import WORDED, claimed_owner, spoken_of
from assistant.reader.form import Call, Form, Thing, things_of
from assistant.reader.form import Part as FormPart
from assistant.turns import Turns
from assistant.words.quantities import counting_units

ABSENT: tuple[ReasonCode, ...] = ("other_year", "other_department")
SAID = {"hello": "greeting", "thanks": "thanks", "about": "about"}
REFUSED: tuple[ReasonCode, ...] = ("no_amount", "not_public", "out_of_scope", "unsafe")
AS_OF = re.compile(
    r"^截[至止到]?$|^(?:截[至止到]?|今年|本年|至|\d{4}年).*(?:(?:\d|[一二三四五六七八九十])月(?:\d+[日号]|底|末|初)?|[年上去].{0,3}[初末底])$"
)
WHOLE_MONEY = re.compile(r"支出|收入|预算|盘子|花")
FURTHER = re.compile(r"^(?:再|那么?|又)?(?:往前|往后|前一年|后一年|倒回)")  # 再往前，2021年预算是多少
ALL_MONEY = re.compile(r"总|一共|全部|所有|整个|盘子|支出|收入")
WHOLE_SAID = re.compile(rf"{ALL_MONEY.pattern}|合计|规模|共")
AMOUNTS_ASKED = re.compile(r"多少|金额|花了|各是|分别|几[块元万]")
UNITS_BELOW, UNITS = re.compile(r"(?:下属|所属|二级|直属|下设).{0,4}单位$"), re.compile(r"预算.{0,4}单位$")
OWN_OFFICE = re.compile(r"(?:本级|本部|机关|[（(][^）)]*[）)])+$")
AS_OF_BOUND = 0.7  # the score of what prose states as of a day


@dataclass(frozen=True)
class Outcome:
    """The parts of a plan, how sure their names are, slips that were read through, whether the documents lack what is asked, and
    whether it was told by the turns before, though no word of the form leans on them."""

    parts: list[Part]
    score: float
    taken: list[tuple[str, str]]
    missing: bool = False
    leans: bool = False


def planned(form: Form, question: str, binder: Binder, turns: Turns, across: Across | None = None) -> Outcome:
    """All parts of a form. Raises UnclearError where what is asked cannot be told."""
    counts = Counter(span for thing in things_of(form) for span in set(thing.spans))
    common = frozenset(s for s, n in counts.items() if n > 1)
    own = across.own if across is not None else None
    ask = Asking(question, binder, turns, RULES, shared=common, across=across, own=own)
    own_parts = [of_own(ask, part, own) for part in form.parts] if own is not None else form.parts
    said = grouped(ask, own_parts)
    parts: list[Part] = []
    missing = False
    for part in once_each(ask, said):
        try:
            parts += _of_its_target(ask, part, parts) or _of_those_counted(part, parts) or _part(ask, part)
        except HindranceError as hindrance:
            intended = _intended(ask, part, hindrance)
            near = list(hindrance.near)
            missing |= hindrance.reason in ("not_found", "no_amount")
            parts.append(Refuse(reason=hindrance.reason, detail=hindrance.words, suggestions=near, intended=intended))
    return Outcome(joined(ask, said, parts, missing), ask.score, ask.taken, missing, ask.leans)


def _of_its_target(ask: Asking, part: FormPart, before: Sequence[Part]) -> list[Part]:
    """What is asked of the prose behind a project (预算多少，成果给哪几个部门用) is told by that project's target."""
    node, last = part.node, before[-1] if before else None
    if not (isinstance(node, Call) and node.name == "say" and isinstance(last, Calculate)):
        return []
    projects = _projects_in(ask, last.expression)
    words = ask.words(node.args[0]) if isinstance(node.args[0], Thing) else []
    if len(projects) != 1 or not words or isinstance(ask.binder.project(words), Bound):
        return []
    return [Passage(about="target", subject=projects, query=ask.question)]


def _of_those_counted(part: FormPart, before: Sequence[Part]) -> list[Part]:
    """有几个单位，各花多少: what was counted just now, and not what was spoken of in the turn before."""
    node = part.node.args[0] if isinstance(part.node, Call) and part.node.name == "all" else part.node
    last = before[-1] if before else None
    counted = last.expression if isinstance(last, Calculate) else None
    if not (is_plain_prev(node) and isinstance(counted, Reduce) and counted.how == "count"):
        return []
    return [calculation(counted.model_copy(update={"how": "list"}), set(part.flags))]


def _part(ask: Asking, part: FormPart) -> list[Part]:
    """A part of a form, in the budget that it names, as the parts of a plan."""
    found = parts_of_one(ask, part, _part) if ask.asks_several else None
    if found is not None:
        return found
    node, flags = _in_the_same_way(ask, part.node), set(part.flags)
    if isinstance(node, Thing):
        return _thing(ask, node, flags)
    if node.name in WORDED:
        return WORDED[node.name](ask, node, flags)
    if node.name == "is":
        owned = claimed_owner(ask, node)
        if owned is not None:
            return owned
    if node.name in STATED:
        return [calculation(stated(ask, node), flags)]
    those = shares_of_those(ask, node)
    if those is not None:
        return [calculation(those, flags)]
    units = _units_told(ask, node, flags)
    if units:
        return units
    expression = asked(ask, node)
    if (
        isinstance(expression, Reduce)
        and expression.how == "list"
        and expression.of.with_target
        and len(expression.of.labels) == 1
    ):
        return [Passage(about="target", subject=expression.of.labels, query=ask.question)]  # 甲项目有什么绩效目标
    told = _what_it_is_for(ask, node, expression) or _empty_table(ask, expression)
    return told or [calculation(expression, flags, names_only=node.name == "which")]


def _in_the_same_way(ask: Asking, node: Call | Thing) -> Call | Thing:
    """机关服务那行也这么比: what was computed last, of another thing, whatever call it was read as."""
    leans = isinstance(node, Call) and any(isinstance(a, Thing) and a.kind == "prev" and not a.spans for a in node.args)
    named = [a for a in node.args if isinstance(a, Thing) and a.is_plain] if isinstance(node, Call) else []
    if not leans or len(named) != 1 or not SAME_WAY.search(ask.question):
        return node
    return Thing("again", named[0].spans)


def _what_it_is_for(ask: Asking, node: Call, expression: Expression) -> list[Part]:
    """差旅费里可以列支哪些开销: what a row without parts is for, as the document defines it; else empty."""
    listed = isinstance(expression, Reduce) and expression.how == "list" and expression.of.universe == "items"
    inner = node.args[0]
    listed &= isinstance(inner, Thing) and inner.kind == "items" and not inner.bounds
    if node.name not in ("which", "all") or not listed or AMOUNTS_ASKED.search(ask.question):
        return []
    assert isinstance(expression, Reduce)
    names = [*expression.of.under, *expression.of.labels, *ask.words(node.args[0])]  # type: ignore[arg-type]
    if any(isinstance(m, Reduce) and not set(m.of.labels) & set(names) for m in ask.binder.members(expression.of)):
        return []
    terms = list(dict.fromkeys(t for name in names for t in ask.binder.terms(name)))
    return [Define(terms=terms)] if terms else []


def _empty_table(ask: Asking, expression: Expression) -> list[Part]:
    """What a table's note says where a list of its rows has none: 注：本年度无重点项目."""
    if not isinstance(expression, Reduce) or expression.how != "list":
        return []
    select = expression.of
    if not select.tables or select.labels or select.where or ask.binder.gives(expression):
        return []
    return [Passage(about="note", tables=select.tables, query=ask.question)]


def _units_told(ask: Asking, node: Call, flags: set[str]) -> list[Part]:
    """How many units there are where no table lists them: the number that prose states, else what it says of them."""
    inner = node.args[0] if node.name == "count" else None
    if not isinstance(inner, Thing) or inner.kind != "units" or inner.spans or inner.bounds:
        return []
    below = ask.binder.hints.below
    listed = [OWN_OFFICE.sub("", name) for name in ask.binder.unit_names(Select(universe="units"))]
    if any(not (below and ask.binder.is_ours(name)) for name in listed):
        return []
    stated = ask.binder.count_called(UNITS_BELOW if below else UNITS, ("个", "家"))
    return [calculation(stated, flags) if stated is not None else Passage(about="subordinates", query=ask.question)]


def _number_of(ask: Asking, node: Thing) -> Expression | None:
    """公务接待几批、多少人次: the number that prose gives beside the amount of what is named; None where it gives none."""
    words = ask.words(node)
    measures = [w for w in words if counting_units(w)]
    units = counting_units(measures[0]) if measures else ask.binder.hints.units
    rest = [w for w in words if w not in measures]
    bound = ask.binder.thing(rest) if units and rest else None
    if not isinstance(bound, Bound) or bound.select.universe != "items" or not ask.binder.is_money(ask.value(bound)):
        return None
    return ask.binder.count_beside(bound.select, units)


def _said_of_project(ask: Asking, node: Thing) -> list[Part]:
    """它要过几级等保, after a project: its target, where that speaks of all that is said; else empty."""
    subject = ask.turns.subject()
    projects = _projects_in(ask, subject) if subject is not None else []
    things = spoken_of(ask, ask.words(node))
    if (
        len(projects) != 1
        or any(map(ask.binder.means_something, ask.words(node)))
        or not ask.binder.target_speaks_of(projects[0], things)
    ):
        return []
    return [Passage(about="target", subject=projects, query=ask.question)]


def _projects_in(ask: Asking, expression: Expression | Check) -> list[str]:
    """The projects that an expression is about, by their names or by indicators of their forms."""
    selects = selects_of(expression)
    return [n for s in selects for n in (s.labels if s.universe == "projects" else ask.binder.projects_of(s))]


def _is_one_of_ranked(ask: Asking, node: Thing) -> bool:
    """Whether a unit is named and nothing else, after the units were put in order or listed."""
    expression = ask.turns.last_expression()
    of_units = (
        isinstance(expression, Reduce) and expression.how in ("rank", "list") and expression.of.universe == "units"
    )
    return of_units and bool(node.spans) and all(map(ask.binder.is_unit_word, ask.words(node)))


def _thing(ask: Asking, node: Thing, flags: set[str]) -> list[Part]:
    kind = node.kind
    if kind in SAID:
        return [Say(wording=SAID[kind])]
    if kind in REFUSED:
        return [_withheld(ask, node, flags)]
    if kind == "balanced":
        # 总计 on both sides: what is carried over belongs to the balance too
        income, spent = (Reduce(how="value", of=Select(total=side, carried=True)) for side in ("收入", "支出"))
        return [calculation(Check(left=income, relation="eq", right=spent), flags)]
    spoken = selects_of(subject) if kind == "thing" and (subject := ask.turns.subject()) is not None else []
    its_money = money_of_project(ask, spoken) if spoken and [*map(ask.text, node.spans)] == ["项目"] else None
    if its_money is not None:  # 项目总共安排了多少资金, after one of its indicators
        ask.leans = True
        return [calculation(its_money, flags)]
    if kind == "thing" and not node.bounds and _is_one_of_ranked(ask, node):  # 甲中心是多少, after which unit has most
        ask.leans, kind = True, "again"
    moved = _in_year_that_is_there(ask, node) if kind == "total" else None
    if kind == "again" or moved is not None:
        return again(ask, moved or node, flags)
    if kind in SETS:
        listed = Reduce(how="list", of=ask.select(node))
        return _empty_table(ask, listed) or [calculation(listed, flags)]
    if kind == "total" and ask.turns.unanswered and not WHOLE_SAID.search(ask.question):
        raise UnclearError  # 那2021年是多少, after a question that had no answer: of what?
    counted = _number_of(ask, node) if kind == "thing" and not node.bounds else None
    if counted is not None:
        return [calculation(counted, flags)]
    told = _said_of_project(ask, node) if kind == "prev" and node.spans else []
    if told:
        return told
    expression = ask.expression(node)
    return [calculation(over_scopes(ask, expression) if kind == "total" and node.spans else expression, flags)]


def _in_year_that_is_there(ask: Asking, node: Thing) -> Thing | None:
    """那2024年的总额呢, after the same was asked of a year that no document has: the last question again, not all money."""
    if not node.spans or not all(map(ask.binder.is_only_year, ask.words(node))):
        return None
    refused = ask.turns.refused_for("other_year") and not WHOLE_MONEY.search(ask.question)
    further = ask.turns.any and FURTHER.search(ask.question) and not ALL_MONEY.search(ask.question)
    return Thing("again", node.spans) if refused or further else None


def _withheld(ask: Asking, node: Thing, flags: set[str]) -> Part:
    """What budgets do not publish; but where a document has just that (执行率 of final accounts), it is answered."""
    words = ask.words(node)
    mean = averaged(ask, node) if node.kind == "no_amount" else None
    if mean is not None:
        return calculation(mean, flags)
    if words and node.kind in ("no_amount", "not_public"):
        as_of = any(w.startswith("截") for w in words)
        whole = as_of or not any(map(PART_OF_YEAR.match, words))  # of a month no figure of the year is the answer
        kept = [w for w in words if not AS_OF.search(w)]
        bound = ask.binder.thing(kept) if whole else None  # what prose states as of a day
        # What a budget does not publish is answered only where a document has just that.
        enough = OWN_NAME if kept == words else AS_OF_BOUND
        if isinstance(bound, Bound) and bound.score > enough and not bound.projects_found:
            return calculation(ask.value(bound), flags)
    reason: ReasonCode = "not_public" if any(ask.binder.is_private(word) for word in words) else node.kind  # type: ignore[assignment]
    nearest = whole_year(ask, words) if reason == "no_amount" else None
    return Refuse(reason=reason, detail="、".join(words), nearest=nearest)


def _intended(ask: Asking, part: FormPart, hindrance: HindranceError) -> Calculate | None:
    """What would be answered had the documents the year or the department that is asked for."""
    node = part.node
    if hindrance.intended is not None:
        return calculation(hindrance.intended, set())
    if not isinstance(node, Thing) or node.kind not in NAMED or hindrance.reason not in ABSENT:
        return None
    absent = hindrance.words if hindrance.reason == "other_department" else None
    spans = tuple(s for s in node.spans if not ask.binder.is_year(ask.text(s)) and ask.text(s) != absent)
    try:
        return calculation(ask.expression(Thing(node.kind, spans, node.bounds)), set())
    except (HindranceError, UnclearError):
        return None
