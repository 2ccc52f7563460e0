"""The parts of a form, before their names are bound: what belongs together in one part, and nothing asked twice.

In: the parts that were read. Out: the parts to plan. A column, table or indicator that was read as a part of its own goes to the thing
that it stands behind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.binding.slots import Bound
from assistant.lookup.form_rows import is_of_form
from assistant.planning.asking import Asking
from assistant.planning.before import said_count
from assistant.reader.form import Call, Form, Span, Thing, nodes, things_of
from assistant.reader.form import Part as FormPart

COLUMNS_SAID = re.compile(r"[两二三四五几各]个?[栏列]")
LEFT_OUT = re.compile(
    r"[^，。；？！]*(?:不要|(?<![分类级特区个])别|不用|无需|不必)(?:算|计|列|包括|包含|加|管)[^，。；？！]*"
)
THERE = re.compile(r"(?:有|要|会|打算|准备|安排|计划|列)[^，。；？?]{1,16}[吗么嘛][？?。]?$")
YEAR = re.compile(r"20\d\d年?")
ASKING_MORE = re.compile(
    r"多少|几|哪|谁|什么|啥|怎|为何|\d|一样|相等|一致|超|高|低|大|小|增|减|涨|降|变|占|够|对吗|真的"
)


def grouped(ask: Asking, parts: Sequence[FormPart]) -> Sequence[FormPart]:
    """The parts with what was read apart put together."""
    for step in STEPS:
        parts = step(ask, parts)
    return parts


def once_each(ask: Asking, parts: Sequence[FormPart]) -> list[FormPart]:
    """Grouped parts without those that only add to the part before, or ask for the same again."""
    return _of_the_shown(ask, _about_one(_with_their_tables(ask, parts)))


def _whether_there(ask: Asking, parts: Sequence[FormPart]) -> Sequence[FormPart]:
    """今年要买车吗: one thing, where only whether it is there is asked."""
    node = parts[0].node
    plain = isinstance(node, Thing) and node.is_plain
    said = YEAR.sub("", ask.question)
    if len(parts) > 1 or not plain or not THERE.search(said) or ASKING_MORE.search(said):
        return parts
    return [replace(parts[0], node=Call("has", (node,)))]


def _one_set_of_indicators(ask: Asking, parts: Sequence[FormPart]) -> Sequence[FormPart]:
    """整体自评，除了资金那块，哪几个指标没拿到满分: a set of indicators that was read as two sets is one."""
    calls = [part.node for part in parts if isinstance(part.node, Call) and part.node.name in ("which", "all")]
    sets = [call.args[0] for call in calls if len(call.args) == 1 and isinstance(call.args[0], Thing)]
    if not len(parts) == len(sets) > 1 or not any(thing.kind == "indicators" for thing in sets):
        return parts
    spans = tuple(dict.fromkeys(span for thing in sets for span in thing.spans))
    bounds = tuple(bound for thing in sets for bound in thing.bounds)
    whole = Call(calls[-1].name, (Thing("indicators", spans, bounds),))
    return [FormPart(whole, parts[-1].flags)]


def _whole_of_both_scopes(ask: Asking, parts: Sequence[FormPart]) -> Sequence[FormPart]:
    """甲中心连日常开支带项目一共多少: basic and project expenditure together are the whole."""
    if not ask.binder.hints.both_scopes:
        return parts
    found: list[FormPart] = []
    for part in parts:
        node = part.node
        if isinstance(node, Thing) and node.kind == "total":
            node = replace(node, spans=tuple(s for s in node.spans if ask.binder.scope(ask.text(s)) is None))
        found.append(replace(part, node=node))
    return found


def _cells_of_one_indicator(ask: Asking, parts: Sequence[FormPart]) -> Sequence[FormPart]:
    """设备完好率目标值和完成值各是多少: a column of a form that is named alone behind an indicator is that indicator's."""
    found: list[FormPart] = []
    lender: Thing | None = None
    for part in parts:
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
    return found


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


def _is_left_out(question: str, part: FormPart) -> bool:
    """Whether all that a part names stands in a clause about what is not to be counted."""
    spans = [n for n in nodes(part.node) if isinstance(n, Span)]
    return bool(spans) and any(
        all(m.start() <= s.start and s.end <= m.end() for s in spans) for m in LEFT_OUT.finditer(question)
    )


def _indicator_behind_its_project(ask: Asking, parts: Sequence[FormPart]) -> Sequence[FormPart]:
    """甲经费，采纳建议率的指标值多少: an indicator alone behind a project, with nothing between that asks, is that project's."""
    found: list[FormPart] = []
    for part in parts:
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
    return found


def _column_behind_its_row(ask: Asking, parts: Sequence[FormPart]) -> Sequence[FormPart]:
    """职业年金缴费支出，一般公共预算“小计”多少: a column alone behind a row, with nothing between that asks, is that row's."""
    if len(parts) != 2:
        return parts
    first, second = (part.node for part in parts)
    if not (isinstance(first, Thing) and isinstance(second, Thing) and first.is_plain and second.is_plain):
        return parts
    between = ask.question[first.spans[-1].end : second.spans[0].start]
    column = all(ask.binder.is_column(word) or ask.binder.is_empty(word) for word in ask.words(second))
    if not column or not re.fullmatch(r"[的，,\s“”\"（）()]*", between) or not between:
        return parts
    both = Thing("thing", (*first.spans, *second.spans))
    bound = ask.binder.thing(ask.words(both))
    if not isinstance(bound, Bound) or not bound.select.labels:
        return parts
    return [replace(parts[0], node=both, flags=parts[1].flags)]


def _columns_of_one_row(ask: Asking, parts: Sequence[FormPart]) -> Sequence[FormPart]:
    """甲科目，总额、基本支出、项目支出三栏: columns that are named behind a row are that row's."""
    first, *rest = [part.node for part in parts]
    plain = [n for n in (first, *rest) if isinstance(n, Thing) and n.is_plain]
    if not rest or len(plain) <= len(rest) or not COLUMNS_SAID.search(ask.question):
        return parts
    columns = [all(ask.binder.scope(word) for word in ask.words(n)) for n in plain]
    if columns[0] or not all(columns[1:]):
        return parts
    spans = plain[0].spans
    return [
        part if n is first else replace(part, node=Thing("thing", (*spans, *n.spans)))
        for part, n in zip(parts, plain, strict=True)
    ]


def _without_vague(ask: Asking, parts: Sequence[FormPart]) -> Sequence[FormPart]:
    """The parts that say something, where any does."""
    return [part for part in parts if not (isinstance(part.node, Thing) and part.node.kind == "vague")] or parts


def _without_left_out(ask: Asking, parts: Sequence[FormPart]) -> Sequence[FormPart]:
    """The parts without those that only speak of what the asker wants left out: 各单位的小计行不要算进去."""
    return [part for part in parts if not _is_left_out(ask.question, part)] or parts


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
            and said_count(ask.question) == ask.first_so_many(shown)
        ):  # fmt: skip
            node = Call(node.name, (shown,))
        found.append(FormPart(node, part.flags))
    return found


STEPS: tuple[Callable[[Asking, Sequence[FormPart]], Sequence[FormPart]], ...] = (
    _indicator_behind_its_project, _whether_there, _column_behind_its_row, _columns_of_one_row, _one_set_of_indicators,
    _cells_of_one_indicator, _whole_of_both_scopes, _without_vague, _without_left_out,
)  # fmt: skip
