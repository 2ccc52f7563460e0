"""The parts of a plan, seen together: nothing is told twice, and what is asked side by side is one list or one sum.

In: the parts of the form and what each became. Out: the parts of the plan.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeGuard

from assistant.binding.slots import SCOPES
from assistant.lookup.form_rows import is_of_form
from assistant.plan import Calculate, Check, Combine, Expression, Part, Passage, Reduce, Say, Select, selects_of
from assistant.planning.asking import Asking
from assistant.planning.operands import rows_like_the_others, separate
from assistant.reader.form import Call
from assistant.reader.form import Part as FormPart

IN_YUAN = re.compile(r"(?:多少|几|多少个)块(?:钱|人民币)?(?![万亿板])")
PLAIN_YUAN = re.compile(r"(?<![亿万千百])元")
NOT_IN_WAN = re.compile(
    r"(?:(?<![分类级特区个])别|不|勿|莫|非)(?:要|用|以|按|是|写|说|给|拿|报|来)?(?:用|以|按|成)?[“\"]?万"
)
ADDED = re.compile(r"总共|一共|合计|总计|加总|加起来|合起来|合并|共多少|总额|全加|总和")
SOME_OF = re.compile(r"[几多][个项家][^，。？?]{0,6}(?:[里中]|当中|之中)")
HOW_MANY = re.compile(r"(?:有|共|是|总数)(?:几|多少)[个项]|(?:几|多少)[个项](?=[，,、；;])")


def joined(ask: Asking, said: Sequence[FormPart], parts: list[Part], missing: bool) -> list[Part]:
    """The parts that the parts of a form became, put together; `missing`: the documents lack something of it."""
    parts = _alike(ask, said, parts)
    parts = [p for p in parts if not isinstance(p, Say)] or parts  # thanks behind a question are no question
    parts = _counted_once([told for p in parts for told in _in_words(ask, p)], ask.question)
    parts = _side_by_side(parts)
    if ask.binder.hints.both_scopes and ADDED.search(ask.question) and not missing:
        parts = _added_up(ask, parts)
    return _in_yuan(parts, ask.question)


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


def _counted_once(parts: list[Part], question: str) -> list[Part]:
    """几个、各是多少: a list tells how many there are; a count of the same set beside it says nothing more."""
    parts = [p for i, p in enumerate(parts) if p not in parts[:i]]
    # 几个项目合起来多少钱 asks for no number of them
    hows = ("list",) if HOW_MANY.search(question) else ("list", "sum", "mean")
    told = [reduce.of for p in parts if (reduce := _reduced(p, *hows))]
    parts = [p for p in parts if not ((reduce := _reduced(p, "count")) and reduce.of in told)]
    there: list[object] = [p.expression.left for p in parts if isinstance(p, Calculate) and isinstance(p.expression, Check)
             and p.expression.relation == "exists"]  # fmt: skip
    parts = [p for p in parts if not ((reduce := _reduced(p, "list")) and reduce in there)]
    if SOME_OF.search(question):  # 几个项目里，最大的三个: how many there are is not asked
        ranked = [reduce.of for p in parts if (reduce := _reduced(p, "rank"))]
        parts = [p for p in parts if not ((reduce := _reduced(p, "count")) and reduce.of in ranked)]
    told_before = [o for p in parts if (combine := _combined(p, "previous")) for o in combine.operands]
    parts = [p for p in parts if not (isinstance(p, Calculate) and p.expression in told_before)]
    compared = [c.operands for p in parts if (c := _combined(p, "difference", "descending", "ascending"))]
    parts = [p for p in parts if not ((combine := _combined(p, "greatest", "least")) and any(
        all(o in operands for o in combine.operands) for operands in compared))]  # fmt: skip
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


def _combined(part: Part, *hows: str) -> Combine | None:
    """What a part computes, where it computes it in one of these ways."""
    expression = part.expression if isinstance(part, Calculate) else None
    return expression if isinstance(expression, Combine) and expression.how in hows else None


def _reduced(part: Part, *hows: str) -> Reduce | None:
    """What a part reduces, where it reduces it in one of these ways."""
    expression = part.expression if isinstance(part, Calculate) else None
    return expression if isinstance(expression, Reduce) and expression.how in hows else None


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
        if _is_plain(part) and _is_plain(before) and _are_in_one_unit(part, before):
            operands = before.expression.operands if isinstance(before.expression, Combine) else [before.expression]
            listed = Combine(how="list", operands=[*operands, part.expression])
            found[-1] = before.model_copy(update={"expression": listed, "unit": before.unit or part.unit})
        else:
            found.append(part)
    return found


def _are_in_one_unit(part: Calculate, before: Calculate) -> bool:
    """Whether two plain values are wanted in one unit, with as many decimals; a rate takes any unit."""
    return (part.unit == before.unit or None in (part.unit, before.unit)) and part.decimals == before.decimals


def _is_plain(part: Part | None) -> TypeGuard[Calculate]:
    """Whether a part gives a value, or a list of values, and nothing beside."""
    if not isinstance(part, Calculate) or part.with_owner or part.with_code or part.names_only:
        return False
    expression = part.expression
    if isinstance(expression, Combine):
        return expression.how == "list" and all(isinstance(o, Reduce) and o.how == "value" for o in expression.operands)
    return isinstance(expression, Reduce) and expression.how == "value"
