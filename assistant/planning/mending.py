"""A reading that passes over a name of the documents, with that name taken up; one of a text about projects, as their list.

In: a form, its question and the stretches that it passes over, each with the kind of name it is. Out: a form or None. A name that
stands in a list beside one that was read (奖金、绩效工资、津贴补贴) is asked in the same way; one that narrows (a unit, a column, a
table) narrows everything that is not narrowed in that way already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from assistant.reader.form import Call, Form, Node, Part, Span, Thing, nodes, spans_of, with_spans
from assistant.reader.network import Read

NARROWING = ("column", "unit", "own", "table", "code")
NARROWED = ("thing", "total", "income", "projects", "items", "indicators")
SETS_OF_UNITS = ("units", "departments")
WORDED = ("define", "duty", "org", "members", "note", "code", "say", "where")
LISTED = ("sum", "mean", "max", "min", "sort", "sortup")
BETWEEN = re.compile(r"[、，,;；/+＋]?(?:和|跟|与|及|以及|还有|同|加上?|再加)?")

WHICH_PROJECTS = re.compile(r"(?:哪些|哪几个|什么|啥)([^，。；？?！!]{0,10}?)的?项目[\W呢啊呀]*$")
TEXT_WORTH = 0.2  # of what is likelier a list


def with_list(read: Read, question: str) -> list[Read]:
    """A reading that looks for a text on projects (要搞哪些信息化项目), after that of the list of those projects."""
    asked = WHICH_PROJECTS.search(question)
    looks = [isinstance(part.node, Call) and part.node.name in ("say", "goal") for part in read.form.parts]
    if asked is None or looks != [True]:
        return [read]
    projects = Thing("projects", (Span(*asked.span(1)),) if asked[1] else ())
    listed = Form((Part(Call("which", (projects,)), read.form.parts[0].flags),))
    return [Read(listed, read.probability), Read(read.form, read.probability * TEXT_WORTH)]


def taken_up(form: Form, question: str, missing: Sequence[Span], kind_of: Callable[[Span], str | None]) -> Form | None:
    """The form with every missing stretch in its place; None where one has none."""
    for span in missing:
        kind = kind_of(span)
        narrowed = _narrowed(form, span, kind, kind_of) if kind in NARROWING else None
        narrows_some = any(kind_of(s) == kind for s in spans_of(form)) and narrowed is not None
        changed = narrowed if narrows_some else _listed(form, question, span, kind, kind_of) or narrowed
        if changed is None:
            return None
        form = changed
    return form


def _listed(
    form: Form, question: str, span: Span, kind: str | None, kind_of: Callable[[Span], str | None]
) -> Form | None:
    """The form with a stretch asked like its neighbour in a list of the question."""
    for index, part in enumerate(form.parts):
        for other in _spans(part.node):
            low, high = sorted((other, span), key=lambda s: s.start)
            between = question[low.end : high.start]
            if not between or not BETWEEN.fullmatch(between) or kind_of(other) != kind:
                continue
            after = span.start > other.start
            inner = _beside(part.node, other, span, after)
            if inner is not None:
                return replace(form, parts=(*form.parts[:index], replace(part, node=inner), *form.parts[index + 1 :]))
            if sum(s == other for s in _spans(part.node)) > 1:
                return None
            copy = Part(_with(part.node, other, span), part.flags)  # type: ignore[arg-type]
            pair = (part, copy) if after else (copy, part)
            return replace(form, parts=(*form.parts[:index], *pair, *form.parts[index + 1 :]))
    return None


def _beside(node: Node, other: Span, span: Span, after: bool) -> Thing | Call | None:
    """A call over several operands with one more, which is like that which has `other`."""
    if not isinstance(node, Call):
        return None
    for index, arg in enumerate(node.args):
        deeper = _beside(arg, other, span, after)
        if deeper is not None:
            return replace(node, args=(*node.args[:index], deeper, *node.args[index + 1 :]))
        if node.name in LISTED and len(node.args) > 1 and other in list(_spans(arg)):
            pair = (arg, _with(arg, other, span)) if after else (_with(arg, other, span), arg)
            return replace(node, args=(*node.args[:index], *pair, *node.args[index + 1 :]))
    return None


def _narrowed(form: Form, span: Span, kind: str, kind_of: Callable[[Span], str | None]) -> Form | None:
    """The form with a stretch in every thing that has none of its kind."""

    def node(value: Node) -> Node:
        if isinstance(value, Call):
            return value if value.name in WORDED else replace(value, args=tuple(map(node, value.args)))
        if not isinstance(value, Thing):
            return value
        fits = value.kind in NARROWED or (value.kind in SETS_OF_UNITS and kind in ("column", "table"))
        alike = any(kind_of(s) == kind for s in value.spans)
        if not fits or alike or (value.kind == "projects" and kind == "column"):
            return value
        return replace(value, spans=tuple(sorted((*value.spans, span), key=lambda s: s.start)))

    changed = replace(form, parts=tuple(Part(node(part.node), part.flags) for part in form.parts))  # type: ignore[arg-type]
    return None if changed == form else changed


def _with(value: Node, old: Span, new: Span) -> Node:
    """A node with one stretch instead of another."""
    return with_spans(value, lambda s: new if s == old else s)


def _spans(value: Node) -> Iterator[Span]:
    """The stretches of a node's things."""
    return (span for node in nodes(value) if isinstance(node, Thing) for span in node.spans)
