"""Whether a plan explains what its question names.

In: a Reading and the parts planned for it. Out: the words that no part took up. A question whose item, unit, level, bound or
operation was passed over would get the answer to another question, so it is asked back instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from assistant.context import GROWTH
from assistant.lexicon import Lexicon
from assistant.link import Mention, Reading
from assistant.plan import Calculate, Check, Combine, Expression, Part, Reduce, Select, selects_of
from index.kinds import BY_NAME
from index.rows import plain_label

NAMED = ("label", "code", "unit", "project", "column", "headquarters")


def unexplained(reading: Reading, parts: Sequence[Part], lexicon: Lexicon) -> list[str]:
    """Words of the question that the plan does not take up; empty when it is not about numbers alone."""
    if not parts or not all(isinstance(part, Calculate) for part in parts):
        return []
    expressions = [part.expression for part in parts if isinstance(part, Calculate)]
    selects = [select for expression in expressions for select in selects_of(expression)]
    names = _names(selects, lexicon)
    found = [m.text for m in reading.mentions if _is_name(m) and not _taken_up(m, names, selects, lexicon)]
    return (
        found
        + _left_over(reading, selects)
        + _parted(reading, selects, lexicon)
        + _operations(reading, expressions, selects)
    )


def _parted(reading: Reading, selects: Sequence[Select], lexicon: Lexicon) -> list[str]:
    """Neighbours that name one cell together (甲中心的项目支出) but stand in no select together."""
    mentions = [m for m in reading.mentions if m.text not in ("的", "之")]
    found = []
    for first, second in pairwise(mentions):
        if not first.is_a("unit", "headquarters") or not second.is_a("column") or second.is_a("cue", "weak", "total"):
            continue
        if any(mark in "，,；;。？?！!：:、" for mark in reading.breaks.get(second.start, "")):
            continue
        owners, columns = set(_unit_values(first, lexicon)), set(second.values("column"))
        if not any(
            (owners & set(s.units) or (s.universe == "units" and not s.units))
            and (columns & set(s.columns) or not s.columns)
            for s in selects
        ):
            found.append(first.text)
    return found


def _left_over(reading: Reading, selects: Sequence[Select]) -> list[str]:
    """Everyday business words in the place of an operand (人员经费占…) that are no part of what the plan takes."""
    names = [name for s in selects for name in (*s.labels, *s.under, *s.units, *s.columns)]
    if any(select.universe == "projects" for select in selects):
        return []
    found = []
    for mention, after in pairwise(m for m in reading.mentions if m.text not in ("的", "之")):
        operand = any(s.kind == "cue" and s.value in ("share", "ratio", "than", "difference") for s in after.senses)
        loose = mention.is_a("weak") and not mention.is_a(*NAMED, "noun", "total", "table", "cue")
        bracketed = "）" in reading.breaks.get(after.start, "")
        if operand and loose and not (mention.filler or bracketed) and not any(mention.text in name for name in names):
            found.append(mention.text)
    return found


def _unit_values(mention: Mention, lexicon: Lexicon) -> list[str]:
    if mention.is_a("headquarters"):
        return [name for name in lexicon.units if any(name == info.department for info in lexicon.documents)]
    return mention.values("unit")


def _is_name(mention: Mention) -> bool:
    return mention.is_a(*NAMED) and not mention.filler and not mention.is_a("cue", "weak", "total")


def _names(selects: Sequence[Select], lexicon: Lexicon) -> set[str]:
    names: set[str] = set()
    for select in selects:
        names |= {*select.labels, *select.codes, *select.under, *select.columns, *select.units, *select.exclude}
        names |= {facet for table in select.tables if table in BY_NAME for facet in BY_NAME[table].facets}
        names |= {lexicon.project_units.get(plain_label(label), "") for label in select.labels}
        names |= {code for code, labels in lexicon.code_names.items() if labels & {*select.labels, *select.under}}
        names |= {name for code in select.codes for name in lexicon.code_names.get(code, ())}
        if select.universe == "units" and not select.units:
            names |= set(lexicon.units)
        if select.universe == "projects":
            names.add("项目支出")
        if select.total:
            names |= {facet for kind in BY_NAME.values() for facet in kind.facets if facet not in SCOPES}
    return names


SCOPES = {"基本支出", "项目支出"}


def _taken_up(mention: Mention, names: set[str], selects: Sequence[Select], lexicon: Lexicon) -> bool:
    values = {sense.value for sense in mention.senses if sense.kind in NAMED}
    if mention.is_a("headquarters"):
        values |= {name for name in lexicon.units if any(name == info.department for info in lexicon.documents)}
    if values & names:
        return True
    # Part of the name of a project or row that the plan takes, in name or by its table's money.
    labels = [label for select in selects for label in (*select.labels, *select.under)]
    if any((value, plain_label(label)) in lexicon.parts for value in values for label in labels):
        return True  # an ancestor said for clearness: 一般公共服务支出（类）…行政运行（项）
    if any(mention.text in plain_label(label) or any(v in label for v in values) for label in labels):
        return True
    if mention.is_a("column") and any(values & lexicon.label_facets.get(label, set()) for label in labels):
        return True
    if {"基本支出", "项目支出"} & values and any(
        (select.units or select.universe == "units") and not select.columns for select in selects
    ):
        return True  # a unit's whole budget is both
    projects = any(select.universe == "projects" and select.labels for select in selects)
    return projects and mention.is_a("label") and not mention.is_a("unit")


def _operations(reading: Reading, expressions: Sequence[Expression | Check], selects: Sequence[Select]) -> list[str]:
    """Operation words and bounds that the plan does not carry out."""
    ways = {way for expression in expressions for way in _ways(expression)}
    missing = []
    for cues, served in OPERATIONS.items():
        cue = reading.cue(*cues)
        bound = any(0 <= q.start - cue.end <= 2 for q in reading.quantities("amount")) if cue else False
        bound = bound or (cue is not None and cue.text in ("不算", "不含") and bool(reading.quantities("amount")))
        if cue is not None and not ways & served and not bound:
            missing.append(cue.text)
    if reading.has("sum") and any(
        isinstance(e, Combine) and e.how == "list" and len(e.operands) > 1 for e in expressions
    ):
        missing += [m.text for m in [reading.cue("sum")] if m is not None and not m.is_a("total")]
    bounds = [q for q in reading.quantities("amount") if q.operator is not None]
    if bounds and not any(select.where for select in selects) and not ways & {"check", "previous"}:
        missing.append(bounds[0].text)
    levels = [m for m in reading.of("level") if not m.filler]
    ranked = ways & {"rank", "list", "count", "sum", "mean"}
    if levels and ranked and not any(select.level or select.universe != "items" or select.labels for select in selects):
        missing.append(levels[0].text)
    ordinal = [m for m in reading.mentions if m.quantity and m.quantity.kind == "rank" and m.quantity.text == "第"]
    if ordinal and not ways & {"position"} and not any(select.numbering or select.nth for select in selects):
        missing.append(ordinal[0].text)
    return missing


OPERATIONS: dict[tuple[str, ...], set[str]] = {
    ("ratio",): {"ratio"},
    ("share",): {"share", "check", GROWTH},
    ("difference",): {"difference", "check"},
    ("mean",): {"mean"},
    ("largest", "smallest"): {"rank", "greatest", "least", "top", "check"},
    ("except",): {"difference", "units"},
    ("derive",): {"difference", "previous"},
    ("descending", "ascending"): {"rank"},
    ("rest",): {"difference"},
    ("unsupported",): set(),
}


def _ways(expression: Expression | Check) -> set[str]:
    """The operations that an expression carries out."""
    if isinstance(expression, Check):
        right = _ways(expression.right) if expression.right is not None else set()
        return {"check"} | _ways(expression.left) | right | {way for other in expression.also for way in _ways(other)}
    if isinstance(expression, Combine):
        return {expression.how} | {way for operand in expression.operands for way in _ways(operand)}
    assert isinstance(expression, Reduce)
    ways: set[str] = {expression.how}
    if expression.position or expression.n or expression.of.top or expression.of.nth:
        ways |= {"position", "top", "rank"}
    if expression.of.units:
        ways.add("units")
    if expression.of.measure:
        ways.add(expression.of.measure)
    return ways
