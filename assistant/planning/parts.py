"""A form to the parts of a plan.

In: a form, its question, and what binds its names. Out: parts with how sure their names are. A part whose names are not there
becomes a refusal that says so; what cannot be told at all raises UnclearError.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.binding.binder import Binder
from assistant.binding.slots import SCOPES, Bound
from assistant.forms import is_of_form
from assistant.plan import (
    Calculate,
    Check,
    Combine,
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
from assistant.planning import before
from assistant.planning.across import of_one, of_own, parts_of_one
from assistant.planning.again import SAME_WAY, again
from assistant.planning.arithmetic import COMPUTED, asked, over_scopes, rows_like_the_others, separate, shares_of_those
from assistant.planning.asking import NAMED, SETS, Across, Asking, Rules, calculation
from assistant.planning.averages import averaged
from assistant.planning.changes import those_that_moved
from assistant.planning.errors import HindranceError, UnclearError
from assistant.planning.nearest import PART_OF_YEAR, whole_year
from assistant.planning.statements import STATED, stated
from assistant.planning.words import WORDED, claimed_owner, spoken_of
from assistant.quantities import counting_units
from assistant.reader.form import Call, Form, Span, Thing, nodes, things_of
from assistant.reader.form import Part as FormPart
from assistant.turns import Turns

ABSENT: tuple[ReasonCode, ...] = ("other_year", "other_department")
SAID = {"hello": "greeting", "thanks": "thanks", "about": "about"}
REFUSED: tuple[ReasonCode, ...] = ("no_amount", "not_public", "out_of_scope", "unsafe")
RULES = Rules(COMPUTED, before.EXPRESSIONS, before.set_before, those_that_moved, of_one)
AS_OF = re.compile(
    r"^截[至止到]?$|^(?:截[至止到]?|今年|本年|至|\d{4}年).*(?:(?:\d|[一二三四五六七八九十])月(?:\d+[日号]|底|末|初)?|[年上去].{0,3}[初末底])$"
)
IN_YUAN = re.compile(r"(?:多少|几|多少个)块(?:钱|人民币)?(?![万亿板])")
PLAIN_YUAN = re.compile(r"(?<![亿万千百])元")
NOT_IN_WAN = re.compile(
    r"(?:(?<![分类级特区个])别|不|勿|莫|非)(?:要|用|以|按|是|写|说|给|拿|报|来)?(?:用|以|按|成)?[“\"]?万"
)
COLUMNS_SAID = re.compile(r"[两二三四五几各]个?[栏列]")
LEFT_OUT = re.compile(
    r"[^，。；？！]*(?:不要|(?<![分类级特区个])别|不用|无需|不必)(?:算|计|列|包括|包含|加|管)[^，。；？！]*"
)
THERE = re.compile(r"(?:有|要|会|打算|准备|安排|计划|列)[^，。；？?]{1,16}[吗么嘛][？?。]?$")
YEAR = re.compile(r"20\d\d年?")
ASKING_MORE = re.compile(
    r"多少|几|哪|谁|什么|啥|怎|为何|\d|一样|相等|一致|超|高|低|大|小|增|减|涨|降|变|占|够|对吗|真的"
)
ADDED = re.compile(r"总共|一共|合计|总计|加总|加起来|合起来|合并|共多少|总额|全加|总和")
WHOLE_MONEY = re.compile(r"支出|收入|预算|盘子|花")
FURTHER = re.compile(r"^(?:再|那么?|又)?(?:往前|往后|前一年|后一年|倒回)")  # 再往前，2021年预算是多少
ALL_MONEY = re.compile(r"总|一共|全部|所有|整个|盘子|支出|收入")
WHOLE_SAID = re.compile(r"总|一共|合计|全部|所有|整个|盘子|支出|收入|规模|共")
SOME_OF = re.compile(r"[几多][个项家][^，。？?]{0,6}(?:[里中]|当中|之中)")
HOW_MANY = re.compile(r"(?:有|共|是|总数)(?:几|多少)[个项]|(?:几|多少)[个项](?=[，,、；;])")
AMOUNTS_ASKED = re.compile(r"多少|金额|花了|各是|分别|几[块元万]")
AS_OF_BOUND = 0.7
WELL_BOUND = 0.9  # what a budget does not publish is answered only where a document has just that


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
    if own is not None:
        form = Form(tuple(of_own(ask, part, own) for part in form.parts))
    parts: list[Part] = []
    missing = False
    form = _whether_there(question, _indicator_behind_its_project(ask, form))
    form = _columns_of_one_row(ask, _column_behind_its_row(ask, form))
    form = _cells_of_one_indicator(ask, _one_set_of_indicators(form))
    form = _whole_of_both_scopes(ask, form)
    told = [part for part in form.parts if not (isinstance(part.node, Thing) and part.node.kind == "vague")]
    told = [part for part in told if not _is_left_out(question, part)] or told
    for part in _of_the_shown(ask, _about_one(_with_their_tables(ask, told or form.parts))):
        try:
            parts += _of_its_target(ask, part, parts) or _part(ask, part)
        except HindranceError as hindrance:
            intended = _intended(ask, part, hindrance)
            near = list(hindrance.near)
            missing |= hindrance.reason in ("not_found", "no_amount")
            parts.append(Refuse(reason=hindrance.reason, detail=hindrance.words, suggestions=near, intended=intended))
    parts = _alike(ask, told, parts)
    parts = [p for p in parts if not isinstance(p, Say)] or parts  # thanks behind a question are no question
    parts = _side_by_side(_counted_once([told for p in parts for told in _in_words(ask, p)], question))
    if binder.hints.both_scopes and ADDED.search(question) and not missing:
        parts = _added_up(ask, parts)
    return Outcome(_in_yuan(parts, question), ask.score, ask.taken, missing, ask.leans)


def _whether_there(question: str, form: Form) -> Form:
    """今年要买车吗: one thing, where only whether it is there is asked."""
    node = form.parts[0].node
    plain = isinstance(node, Thing) and node.kind == "thing" and bool(node.spans) and not node.bounds
    said = YEAR.sub("", question)
    if len(form.parts) > 1 or not plain or not THERE.search(said) or ASKING_MORE.search(said):
        return form
    return Form((replace(form.parts[0], node=Call("has", (node,))),))


def _alike(ask: Asking, said: Sequence[FormPart], parts: list[Part]) -> list[Part]:
    """货物、工程、服务分别是多少: a project, or all projects, beside rows of one table is the row that the same word names there."""
    found = [p.expression for p in parts if isinstance(p, Calculate) and isinstance(p.expression, Reduce)]
    if not 1 < len(said) == len(parts):
        return parts
    if len(found) == len(parts):
        kept = rows_like_the_others(ask, [part.node for part in said], found)
    else:  # 三类各占总额的百分之几
        shares = [p.expression for p in parts if isinstance(p, Calculate) and isinstance(p.expression, Combine)]
        calls = [part.node for part in said if isinstance(part.node, Call) and part.node.name == "share"]
        if not len(shares) == len(calls) == len(parts) or not all(e.how == "share" for e in shares):
            return parts
        mended = rows_like_the_others(ask, [call.args[0] for call in calls], [e.operands[0] for e in shares])
        kept = [e.model_copy(update={"operands": [m, *e.operands[1:]]}) for e, m in zip(shares, mended, strict=True)]
    return [
        p if p.expression == e else p.model_copy(update={"expression": e})  # type: ignore[union-attr]
        for p, e in zip(parts, kept, strict=True)
    ]


def _one_set_of_indicators(form: Form) -> Form:
    """整体自评，除了资金那块，哪几个指标没拿到满分: a set of indicators that was read as two sets is one."""
    calls = [part.node for part in form.parts if isinstance(part.node, Call) and part.node.name in ("which", "all")]
    sets = [call.args[0] for call in calls if len(call.args) == 1 and isinstance(call.args[0], Thing)]
    if not len(form.parts) == len(sets) > 1 or not any(thing.kind == "indicators" for thing in sets):
        return form
    spans = tuple(dict.fromkeys(span for thing in sets for span in thing.spans))
    bounds = tuple(bound for thing in sets for bound in thing.bounds)
    whole = Call(calls[-1].name, (Thing("indicators", spans, bounds),))
    return Form((FormPart(whole, form.parts[-1].flags),))


def _whole_of_both_scopes(ask: Asking, form: Form) -> Form:
    """甲中心连日常开支带项目一共多少: basic and project expenditure together are the whole."""
    if not ask.binder.hints.both_scopes:
        return form
    found: list[FormPart] = []
    for part in form.parts:
        node = part.node
        if isinstance(node, Thing) and node.kind == "total":
            node = replace(node, spans=tuple(s for s in node.spans if ask.binder.scope(ask.text(s)) is None))
        found.append(replace(part, node=node))
    return Form(tuple(found))


def _cells_of_one_indicator(ask: Asking, form: Form) -> Form:
    """设备完好率目标值和完成值各是多少: a column of a form that is named alone behind an indicator is that indicator's."""
    found: list[FormPart] = []
    lender: Thing | None = None
    for part in form.parts:
        node = part.node
        if not isinstance(node, Thing) or node.kind != "thing" or not node.spans or node.bounds:
            found.append(part)
            continue
        bound = ask.binder.thing(ask.words(node)) if lender is None else None
        if isinstance(bound, Bound) and is_of_form(bound.select):
            lender = node
        own = tuple(s for s in node.spans if ask.binder.forms.words.is_column(ask.text(s)))
        if lender is not None and lender is not node and own and not any(
            s not in lender.spans and s not in own for s in node.spans
        ):  # fmt: skip
            lent = tuple(s for s in lender.spans if not ask.binder.forms.words.is_column(ask.text(s)))
            spans = tuple(sorted({*lent, *own}, key=lambda s: s.start))
            found.append(replace(part, node=Thing("thing", spans)))
        else:
            found.append(part)
    return Form(tuple(found))


def _in_words(ask: Asking, part: Part) -> list[Part]:
    """A part that asks for cells of forms which hold words, as what they say; a list of indicators as they are printed."""
    if not isinstance(part, Calculate) or isinstance(part.expression, Check):
        return [part]
    expression = part.expression
    operands = expression.operands if isinstance(expression, Combine) and expression.how == "list" else [expression]
    if not all(isinstance(o, Reduce) and is_of_form(o.of) for o in operands):
        return [part]
    return [_said_or_calculated(ask, part, o) for o in operands]


def _said_or_calculated(ask: Asking, part: Calculate, operand: Expression) -> Part:
    assert isinstance(operand, Reduce)
    worded = operand.how == "list" and not operand.of.short_of
    worded |= operand.how == "value" and not ask.binder.gives(operand) and ask.binder.says(operand.of)
    if worded:
        return Passage(about="form", of=operand, query=ask.question)
    return part.model_copy(update={"expression": operand, "names_only": bool(operand.of.short_of)})


def _with_their_tables(ask: Asking, parts: Sequence[FormPart]) -> list[FormPart]:
    """卫生健康支出多少，收支总表上的那个: a table named alone after a thing is where that thing stands."""
    found: list[FormPart] = []
    for part in parts:
        before = found[-1] if found else None
        node = part.node
        words = ask.words(node) if isinstance(node, Thing) and node.kind in ("thing", "total") else []
        words = [word for word in words if not _is_whose(ask, word)]
        alone = bool(words) and all(map(ask.binder.is_table, words))
        if (
            alone
            and before is not None
            and isinstance(before.node, Thing)
            and before.node.kind in ("thing", "total")
            and isinstance(node, Thing)
        ):
            spans = tuple(sorted({*before.node.spans, *node.spans}, key=lambda s: s.start))
            found[-1] = FormPart(Thing(before.node.kind, spans, before.node.bounds), before.flags)
        else:
            found.append(part)
    return found


def _is_whose(ask: Asking, word: str) -> bool:
    """Whether words only tell the department or the year."""
    return (ask.binder.means_something(word) and ask.binder.is_ours(word)) or ask.binder.is_only_year(word)


def _of_its_target(ask: Asking, part: FormPart, before: Sequence[Part]) -> list[Part]:
    """What is asked of the prose behind a project (预算多少，成果给哪几个部门用) is told by that project's target."""
    node, last = part.node, before[-1] if before else None
    if not (isinstance(node, Call) and node.name == "say" and isinstance(last, Calculate)):
        return []
    selects = selects_of(last.expression)
    projects = [n for s in selects for n in (s.labels if s.universe == "projects" else ask.binder.projects_of(s))]
    words = ask.words(node.args[0]) if isinstance(node.args[0], Thing) else []
    if len(projects) != 1 or not words or isinstance(ask.binder.project(words), Bound):
        return []
    return [Passage(about="target", subject=projects, query=ask.question)]


def _is_left_out(question: str, part: FormPart) -> bool:
    """Whether a part only speaks of what the asker wants left out: 各单位的小计行不要算进去."""
    spans = [n for n in nodes(part.node) if isinstance(n, Span)]
    return bool(spans) and any(
        all(m.start() <= s.start and s.end <= m.end() for s in spans) for m in LEFT_OUT.finditer(question)
    )


def _indicator_behind_its_project(ask: Asking, form: Form) -> Form:
    """甲经费，采纳建议率的指标值多少: an indicator alone behind a project, with nothing between that asks, is that project's."""
    found: list[FormPart] = []
    for part in form.parts:
        before, node = (found[-1].node if found else None), part.node
        if not (isinstance(before, Thing) and isinstance(node, Thing) and before.is_plain and node.is_plain):
            found.append(part)
            continue
        both = Thing("thing", tuple(sorted({*before.spans, *node.spans}, key=lambda s: s.start)))
        between = ask.question[before.spans[-1].end : node.spans[0].start]
        bound = ask.binder.thing(ask.words(before)) if re.fullmatch(r"[的，,：:\s”\"]*", between) else None
        is_project = isinstance(bound, Bound) and bound.select.universe == "projects"
        if is_project and ask.binder.indicator(ask.words(both)) is not None:
            found[-1] = replace(part, node=both)
        else:
            found.append(part)
    return Form(tuple(found))


def _column_behind_its_row(ask: Asking, form: Form) -> Form:
    """职业年金缴费支出，一般公共预算“小计”多少: a column alone behind a row, with nothing between that asks, is that row's."""
    if len(form.parts) != 2:
        return form
    first, second = (part.node for part in form.parts)
    if not (isinstance(first, Thing) and isinstance(second, Thing) and first.is_plain and second.is_plain):
        return form
    between = ask.question[first.spans[-1].end : second.spans[0].start]
    column = all(ask.binder.is_column(word) or ask.binder.is_empty(word) for word in ask.words(second))
    if not column or not re.fullmatch(r"[的，,\s“”\"（）()]*", between) or not between:
        return form
    both = Thing("thing", (*first.spans, *second.spans))
    bound = ask.binder.thing(ask.words(both))
    return (
        Form((replace(form.parts[0], node=both, flags=form.parts[1].flags),))
        if isinstance(bound, Bound) and bound.select.labels
        else form
    )


def _columns_of_one_row(ask: Asking, form: Form) -> Form:
    """甲科目，总额、基本支出、项目支出三栏: columns that are named behind a row are that row's."""
    first, *rest = [part.node for part in form.parts]
    plain = [n for n in (first, *rest) if isinstance(n, Thing) and n.is_plain]
    if not rest or len(plain) <= len(rest) or not COLUMNS_SAID.search(ask.question):
        return form
    columns = [all(ask.binder.scope(word) for word in ask.words(n)) for n in plain]
    if columns[0] or not all(columns[1:]):
        return form
    spans = plain[0].spans
    lent = [
        part if n is first else replace(part, node=Thing("thing", (*spans, *n.spans)))
        for part, n in zip(form.parts, plain, strict=True)
    ]
    return Form(tuple(lent))


def _about_one(parts: Sequence[FormPart]) -> list[FormPart]:
    """The parts without those that ask once more, in the same words, for what another part gives with its amount.

    哪个项目做中介超市升级，预算多少 asks for the one project and its amount; 政府采购分货物、工程、服务，哪类最多、多少 for the largest alone.
    """
    found: list[FormPart] = []
    for part in parts:
        if _names_again(part.node, [p.node for p in found]):
            continue
        spans = set(part.node.spans) if isinstance(part.node, Thing) and part.node.kind == "thing" else set()
        told = next((i for i, p in enumerate(found) if spans and _gives_that(p.node, spans)), None)
        if told is None:
            found.append(part)
        elif isinstance(found[told].node, Call) and found[told].node.name == "which":  # type: ignore[union-attr]
            found[told] = FormPart(Call("all", found[told].node.args), (*found[told].flags, *part.flags))  # type: ignore[union-attr]
    return found


def _names_again(node: Call | Thing, before: Sequence[Call | Thing]) -> bool:
    """涨了是因为什么，点了哪几个项目的名: projects of just what the reason before is asked for are those that it names."""
    if not (isinstance(node, Call) and node.name in ("which", "all") and isinstance(node.args[0], Thing)):
        return False
    things = {thing.spans for call in before if isinstance(call, Call) and call.name == "why"
              for thing in things_of(Form((FormPart(call, ()),)))}  # fmt: skip
    return node.args[0].kind == "projects" and bool(node.args[0].spans) and node.args[0].spans in things


def _gives_that(node: Call | Thing, spans: set[Span]) -> bool:
    """Whether a call gives amounts of what the spans name."""
    if not isinstance(node, Call):
        return False
    things = [arg for arg in node.args if isinstance(arg, Thing)]
    if node.name == "which" and len(things) == 1 and things[0].kind == "projects" and not things[0].bounds:
        return any(s.start < t.end and t.start < s.end for s in spans for t in things[0].spans)
    return (
        node.name in ("max", "min") and len(things) == len(node.args) > 1 and all(spans < set(t.spans) for t in things)
    )


def _of_the_shown(ask: Asking, parts: Sequence[FormPart]) -> list[FormPart]:
    """前三名分别多少，三个累计多少: what is summed after a ranking are those that it shows, where as many are named again."""
    found: list[FormPart] = []
    for part in parts:
        shown = found[-1].node if found else None
        node = part.node
        if (
            isinstance(shown, Call) and shown.name in ("top", "bottom") and isinstance(node, Call)
            and node.name in ("sum", "mean") and node.args == shown.args[:1]
            and before.said_count(ask.question) == ask.first_so_many(shown)
        ):  # fmt: skip
            node = Call(node.name, (shown,))
        found.append(FormPart(node, part.flags))
    return found


def _part(ask: Asking, part: FormPart) -> list[Part]:
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
    selects = selects_of(subject) if subject is not None else []
    projects = [n for s in selects for n in (s.labels if s.universe == "projects" else ask.binder.projects_of(s))]
    things = spoken_of(ask, ask.words(node))
    if (
        len(projects) != 1
        or any(map(ask.binder.means_something, ask.words(node)))
        or not ask.binder.target_speaks_of(projects[0], things)
    ):
        return []
    return [Passage(about="target", subject=projects, query=ask.question)]


def _is_one_of_ranked(ask: Asking, node: Thing) -> bool:
    """Whether a unit is named and nothing else, after the units were put in order or listed."""
    part = ask.turns.last_part()
    expression = part.expression if isinstance(part, Calculate) else None
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
        income, spent = (Reduce(how="value", of=Select(total=side)) for side in ("收入", "支出"))
        return [calculation(Check(left=income, relation="eq", right=spent), flags)]
    spoken = selects_of(subject) if kind == "thing" and (subject := ask.turns.subject()) is not None else []
    its_money = before.money_of_project(ask, spoken) if spoken and [*map(ask.text, node.spans)] == ["项目"] else None
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
        enough = WELL_BOUND if kept == words else AS_OF_BOUND
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


def _counted_once(parts: list[Part], question: str) -> list[Part]:
    """几个、各是多少: a list tells how many there are; a count of the same set beside it says nothing more."""
    parts = [p for i, p in enumerate(parts) if p not in parts[:i]]
    hows = (
        ("list",) if HOW_MANY.search(question) else ("list", "sum", "mean")
    )  # 几个项目合起来多少钱 asks for no number of them
    told = [p.expression.of for p in parts if any(_reduces(p, how) for how in hows)]  # type: ignore[union-attr]
    parts = [p for p in parts if not (_reduces(p, "count") and p.expression.of in told)]  # type: ignore[union-attr]
    there: list[object] = [p.expression.left for p in parts if isinstance(p, Calculate) and isinstance(p.expression, Check)
             and p.expression.relation == "exists"]  # fmt: skip
    parts = [p for p in parts if not (_reduces(p, "list") and p.expression in there)]  # type: ignore[union-attr]
    ranked = [p.expression.of for p in parts if _reduces(p, "rank")]  # type: ignore[union-attr]
    if SOME_OF.search(question):  # 几个项目里，最大的三个: how many there are is not asked
        parts = [p for p in parts if not (_reduces(p, "count") and p.expression.of in ranked)]  # type: ignore[union-attr]
    told_before = [o for p in parts if _combines(p, "previous") for o in p.expression.operands]  # type: ignore[union-attr]
    parts = [p for p in parts if not (isinstance(p, Calculate) and p.expression in told_before)]
    ordered = ("difference", "descending", "ascending")
    compared = [p.expression.operands for p in parts if _combines(p, *ordered)]  # type: ignore[union-attr]
    parts = [p for p in parts if not (_combines(p, "greatest", "least") and any(
        all(o in operands for o in p.expression.operands) for operands in compared))]  # type: ignore[union-attr]  # fmt: skip
    some = [p.expression.of for p in parts if isinstance(p, Calculate) and isinstance(p.expression, Reduce) and (
        p.expression.n or p.expression.position or p.expression.of.labels) and p.expression.how in ("rank", "list")]  # fmt: skip
    return [p for p in parts if not any(_lists_whole(p, select) for select in some)]


def _added_up(ask: Asking, parts: list[Part]) -> list[Part]:
    """基本支出和项目支出都算上: what is given in one scope and in the other, together."""
    operands: list[Expression] = []
    for part in parts:
        expression = part.expression if isinstance(part, Calculate) else None
        if isinstance(expression, Combine) and expression.how in ("sum", "list"):
            operands += expression.operands
        elif isinstance(expression, Reduce) and expression.how == "value":
            operands.append(expression)
        else:
            return parts
    operands = separate(ask, operands)
    scopes = {c for o in operands for s in selects_of(o) for c in s.columns if c in SCOPES}
    first = parts[0]
    if len(operands) < 2 or len(scopes) < 2 or not isinstance(first, Calculate):
        return parts
    return [first.model_copy(update={"expression": Combine(how="sum", operands=operands)})]


def _lists_whole(part: Part, some: Select) -> bool:
    """Whether a part lists the whole set of which another part gives some: 金额排前三的项目，从高到低."""
    if not (isinstance(part, Calculate) and isinstance(part.expression, Reduce)):
        return False
    reduce, select = part.expression, part.expression.of
    whole = reduce.how == "list" or (reduce.how == "rank" and not reduce.n and not reduce.position)
    bare_set = select.model_copy(update={"tables": []})
    return whole and not select.labels and bare_set in (
        some.model_copy(update={"tables": []}), some.model_copy(update={"tables": [], "labels": []}))  # fmt: skip


def _combines(part: Part, *hows: str) -> bool:
    return isinstance(part, Calculate) and isinstance(part.expression, Combine) and part.expression.how in hows


def _reduces(part: Part, how: str) -> bool:
    return isinstance(part, Calculate) and isinstance(part.expression, Reduce) and part.expression.how == how


def _in_yuan(parts: list[Part], question: str) -> list[Part]:
    """多少块钱 asks for 元, whatever unit is named to be left out (别用万)."""
    if not IN_YUAN.search(question) and not (NOT_IN_WAN.search(question) and PLAIN_YUAN.search(question)):
        return parts
    if NOT_IN_WAN.search(question):
        parts = [p.model_copy(update={"unit": None}) if isinstance(p, Calculate) else p for p in parts]
    return [p.model_copy(update={"unit": "元"}) if isinstance(p, Calculate) and p.unit is None else p for p in parts]


def _side_by_side(parts: list[Part]) -> list[Part]:
    """Plain values that are asked one after the other become one list."""
    found: list[Part] = []
    for part in parts:
        before = found[-1] if found else None
        if _is_plain(part) and _is_plain(before) and _same_unit(part, before) and part.decimals == before.decimals:  # type: ignore[union-attr]
            operands = before.expression.operands if isinstance(before.expression, Combine) else [before.expression]  # type: ignore[union-attr]
            listed = Combine(how="list", operands=[*operands, part.expression])  # type: ignore[union-attr]
            found[-1] = before.model_copy(update={"expression": listed, "unit": before.unit or part.unit})  # type: ignore[union-attr]
        else:
            found.append(part)
    return found


def _same_unit(part: Part, before: Part | None) -> bool:
    """Whether two plain values are wanted in one unit; a rate takes any."""
    return (
        isinstance(part, Calculate)
        and isinstance(before, Calculate)
        and (part.unit == before.unit or None in (part.unit, before.unit))
    )


def _is_plain(part: Part | None) -> bool:
    if not isinstance(part, Calculate) or part.with_owner or part.with_code or part.names_only:
        return False
    expression = part.expression
    if isinstance(expression, Combine):
        return expression.how == "list" and all(isinstance(o, Reduce) and o.how == "value" for o in expression.operands)
    return isinstance(expression, Reduce) and expression.how == "value"
