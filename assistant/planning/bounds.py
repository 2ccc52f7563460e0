"""The conditions of a set: amounts, what is left out, what rose or fell.

In: a set and the bounds of the form. Out: the Select with these conditions; an amount as the words around it mean it (不到, 含本数).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from assistant.binding.things import SUBORDINATE
from assistant.lookup.form_rows import is_of_form
from assistant.plan import Condition, Expression, Select, selects_of
from assistant.planning.asking import Asking
from assistant.planning.changes import those_that_moved
from assistant.planning.errors import HindranceError, UnclearError
from assistant.reader.form import Bound as SetBound
from assistant.reader.form import Call, Span, Thing
from assistant.words.normal import normal
from assistant.words.quantities import Quantity, number, quantities

OPERATORS = {">": "gt", ">=": "ge", "<": "lt", "<=": "le", "=": "eq", "~": "about", "!=": "ne"}
HALF, MOST = Decimal(50), re.compile(r"^半$|一半|半数|过半|大半|多半|五成")
BELOW_UNITS = re.compile(SUBORDINATE)
WITHOUT_ENDS = re.compile(r"两[头端边]都?不[含算包]|不(?:含|包含|包括|算)(?:本数|两[头端边]|边界|端点)")


def bounded(ask: Asking, select: Select, bounds: Sequence[SetBound]) -> Select:
    """A set with its conditions; members that rose or fell are told by what prose says of each."""
    where = list(select.where)
    changes: dict = {}
    for bound in said_once(ask, bounds):
        kind, value = bound.kind, bound.value
        if kind == "[goal]":
            changes["with_target"] = select.universe == "projects"
        elif kind == "[nogoal]":
            changes["without_target"] = True
        elif kind in ("[zero]", "[nonzero]"):
            where.append(Condition(operator="eq" if kind == "[zero]" else "ne", unit="元"))
        elif kind in ("[>mean]", "[<mean]"):
            where.append(Condition(operator="gt" if kind == "[>mean]" else "lt", than_mean=True))
        elif kind == "[not":
            changes["exclude"] = [*select.exclude, *changes.get("exclude", []), *excluded(ask, value, select)]
        elif isinstance(value, Span):
            operator = OPERATORS[kind.removeprefix("[").removeprefix("share")]
            where.append(condition(ask, value, operator, of_share="share" in kind))
        elif value is not None:
            where.append(Condition(operator=OPERATORS[kind[1:]], than=ask.expression(value)))
    left_out = changes.get("exclude", [])
    if set(left_out) & set(select.units):
        changes["units"] = [name for name in select.units if name not in left_out]
    narrowed = select.model_copy(update={**changes, "where": where})
    for bound in bounds:
        if bound.kind in ("[up]", "[down]"):
            narrowed = those_that_moved(ask, narrowed, bound.kind == "[up]")
    return narrowed


def said_once(ask: Asking, bounds: Sequence[SetBound]) -> list[SetBound]:
    """The bounds without those that only repeat an amount in brackets: 超过100万元（不含100万元）."""
    found: list[SetBound] = []
    for bound in bounds:
        value = bound.value
        before = [b.value for b in found if isinstance(b.value, Span)]
        if isinstance(value, Span) and before:
            between = ask.question[before[-1].end : value.start]
            same = normal(ask.text(before[-1])).rstrip("元整") == normal(ask.text(value)).rstrip("元整")
            if same and re.search(r"[（(][^）)]*$", between):
                continue
        found.append(bound)
    return found


def excluded(ask: Asking, value: Span | Thing | Call | None, select: Select) -> list[str]:
    """The names of the members that [not …] leaves out. Raises HindranceError where none is called so."""
    if isinstance(value, Thing) and value.kind in ("prev", "pick"):  # 除开它
        return names_given(ask.expression(value))
    if isinstance(value, Call):  # 除了最大的那个
        found = ask.expression(value)
        names = names_given(ask.binder.the_one(found) or found)
        if names:
            return names
    words = [ask.text(value)] if isinstance(value, Span) else ask.words(value) if isinstance(value, Thing) else []
    of_units = bool(select.units or select.universe == "units") and all(map(ask.binder.is_unit_word, words))
    universe = "units" if of_units else select.universe
    names = [name for word in words for name in ask.binder.names(word, universe)]
    if is_of_form(select):  # 除了资金执行那块: which stands beside the indicators
        return [n for n in ask.binder.indicator_names(select) if any(word in n for word in words)]
    if not names and select.units and all(BELOW_UNITS.search(word) for word in words):
        return []  # 局本级，不算下属单位: they are out already
    if not names:
        raise HindranceError("not_found", "、".join(words))
    return names


def names_given(expression: Expression) -> list[str]:
    """The names of what an expression gives: of its rows, or of its units."""
    return list(dict.fromkeys(name for s in selects_of(expression) for name in (s.labels or s.units)))


def condition(ask: Asking, span: Span, operator: str, of_share: bool = False) -> Condition:
    """A bound by a stated amount. What stands around the amount (不到, 以上) says the relation surer than the form does."""
    said = quantity(ask, span)
    operator = operator_at(ask, span) or operator
    amount = re.escape(ask.text(span).rstrip("元"))
    without = re.search(rf"不[含包][含括]?{amount}", ask.question)
    if without or WITHOUT_ENDS.search(ask.question):
        operator = {"ge": "gt", "le": "lt"}.get(operator, operator)
    elif re.search(rf"(?<!不)(?:含|包含|包括){amount}", ask.question):
        operator = {"gt": "ge", "lt": "le"}.get(operator, operator)
    if said is None:
        raise UnclearError(ask.text(span))
    return Condition(operator=operator, amount=said.value, unit=said.unit, of_share=of_share)


def operator_at(ask: Asking, span: Span) -> str | None:
    """The relation that the words around an amount state."""
    for quantity in quantities(ask.question):
        if quantity.kind == "amount" and quantity.operator and quantity.start < span.end and span.start < quantity.end:
            return quantity.operator
    return None


def quantity(ask: Asking, span: Span) -> Quantity | None:
    """The amount that a stretch states: 50万, 一半, 三成, 零, 12.5%, 40."""
    text = normal(ask.text(span))
    found = [q for q in quantities(text) if q.kind == "amount"]
    if found:
        return found[0]
    if MOST.search(text):
        return Quantity(0, len(text), "amount", HALF, "%", text=text)
    if re.search(r"零|^0|没有?钱|分文", text):
        return Quantity(0, len(text), "amount", Decimal(0), None, text=text)
    if re.fullmatch(r"上?[十百千]?[万亿]元?", text):  # 过千万
        text = re.sub(r"^上?", "一", text)
        found = [q for q in quantities(text if text.endswith("元") else f"{text}元") if q.kind == "amount"]
        if found:
            return found[0]
    digits = re.search(r"\d[\d,]*(?:\.\d+)?|[一二三四五六七八九十百千万亿两]+", text)
    try:
        value = number(digits[0]) if digits else None
    except ValueError:
        return None
    if value is None:
        return None
    unit = "%" if re.search(r"%|百分之|个点", text) else None
    return Quantity(0, len(text), "amount", value, unit, text=text)
