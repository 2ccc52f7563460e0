"""Evidence to text, by the wordings of `prompts/wordings.yaml`.

In: a part of a plan and its Evidence. Out: an AnswerText in which every number is a value of the evidence, named by the
document's own label, with department, year and unit said.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from assistant.evidence import Evidence, Value
from assistant.lookup.statements import is_place
from assistant.lookup.values import in_yuan, of_several_budgets
from assistant.plan import Calculate, Check, Combine, Expression, Placed, Reduce, Select, selects_of
from assistant.saying.labels import (
    NOUNS,
    OF_SETS,
    counted_unit,
    distinguish,
    fact_label,
    heading_of,
    item_name,
    label_of,
    list_names,
    operand_labels,
    operand_of,
    place_text,
    plain_item,
    scope_text,
    set_text,
    sought_text,
    with_scopes,
)
from assistant.saying.text import AnswerText, Named, Quoted
from index.parsing.rows import plain_label

LONGEST_LIST = 60
NOWHERE = Named("")  # no scope: said before


def compose(part: Calculate, evidence: Evidence) -> AnswerText:
    """The text of a calculated part; evidence must not be empty."""
    text = AnswerText()
    values = [v.to(part.unit).rounded(part.decimals) for v in evidence.values]
    shown = [v.to(part.unit) for v in evidence.shown]
    expression = part.expression
    if isinstance(expression, Check):
        _check(text, expression, evidence, part.unit, part.decimals)
    elif isinstance(expression, Combine):
        _combine(text, expression, values, shown)
    elif isinstance(expression, Placed):
        _placed(text, expression, evidence, values, shown)
    else:
        _reduce(text, expression, evidence, values, shown)
    if part.with_table:
        titles = {f.table_title: f for v in values for f in v.facts if f.source == "cell"}
        tables = [Named(f"《{title}》", (fact,)) for title, fact in titles.items()]
        if tables:
            text.fill("from_tables", tables=tables)
    if part.with_code:
        codes = {(plain_item(f), f.code): f for v in values for f in v.facts[:1] if f.code}
        for (name, code), fact in codes.items():
            text.fill("code", label=Named(name, (fact,)), code=Named(code or "", (fact,)))
    return text


# --- one expression ------------------------------------------------------------------------------------------
def _reduce(text: AnswerText, reduce: Reduce, evidence: Evidence, values: list[Value],
            shown: list[Value]) -> None:  # fmt: skip
    scope = scope_once(text, values or shown)
    members = set_named(reduce.of, shown if reduce.how in ("count", "sum", "mean") else values)
    noun = NOUNS[reduce.of.universe]
    if reduce.how == "count":
        wording = "count" if values[0].amount else "count_none"
        text.fill(wording, scope=scope, set=members, number=_bare(values[0]))
        if 0 < len(shown) <= 12:
            text.fill("they_are", items=_items(with_scopes(shown, [item_name(v) for v in shown]), shown))
    elif reduce.how == "sum":
        text.fill("sum_set", shown, scope=scope, set=members, number=values[0], count=count_of(shown), noun=noun)
    elif reduce.how == "mean":
        text.fill("mean", shown, scope=scope, set=members, count=count_of(shown), noun=noun, number=values[0])
    elif reduce.how == "rank":
        _rank(text, reduce, values, scope, evidence.among)
    elif reduce.how == "list":
        items = _items(with_scopes(values, list_names(values)), values)[:LONGEST_LIST]
        text.fill("list", scope=scope, set=members, count=count_of(values), noun=noun, items=items)
    elif reduce.of.measure:
        _changes(text, values, scope)
    else:
        _values(text, reduce.of, values, shown, scope)


def _values(text: AnswerText, select: Select, values: list[Value], shown: list[Value], scope: Named) -> None:
    if not values:
        return
    if len(values) == 1:
        text.fill("value", scope=scope, label=named(label_of(values[0], select), values[0]), number=values[0])
        if shown:
            text.fill("among_them", items=[(named(v.label, v), v) for v in shown])
        return
    name = "、".join(dict.fromkeys(plain_label(v.facts[0].label) for v in values))
    one = len({v.facts[0].name for v in values}) == 1 and not of_several_budgets(values)
    told = any(all(fact.source == "figure" for fact in v.facts) for v in values)
    text.fill(("values_told" if told else "values") if one else "several", scope=scope,
              label=Named(name, tuple(v.facts[0] for v in values)), items=_items(distinguish(values, select), values))  # fmt: skip


def _rank(text: AnswerText, reduce: Reduce, values: list[Value], scope: Named, among: list[Value]) -> None:
    if reduce.of.measure:
        _changes(text, values, scope)
        return
    items = _items(with_scopes(values, [item_name(v) for v in values]), values)
    by = "、".join(reduce.of.columns) if reduce.of.universe == "projects" and reduce.of.columns else "金额"
    members = set_named(reduce.of, values)
    if reduce.position:
        order = place_text(by, reduce.descending, reduce.position)
        text.fill("rank_one", among, scope=scope, set=members, order=order, items=items)
    else:
        order = "从大到小" if reduce.descending else "从小到大"
        text.fill("rank_many", among, scope=scope, set=members, by=by, order=order, items=items)


def _changes(text: AnswerText, values: list[Value], scope: Named) -> None:
    labels = with_scopes(values, [value.facts[0].label for value in values])
    for label, value in zip(labels, values, strict=True):
        kind = "growth" if value.unit == "%" else "change"
        if kind == "growth" and not value.amount:
            kind = "change"
        size = Value(abs(value.amount), value.unit, value.label, value.facts, value.computed)
        text.fill(f"{kind}_{_way(value.amount)}", scope=scope, label=named(label, value), number=size)
        scope = NOWHERE


def _placed(text: AnswerText, placed: Placed, evidence: Evidence, values: list[Value], shown: list[Value]) -> None:
    own = shown[0]
    text.fill("placed", evidence.among, scope=scope_once(text, shown), label=named(fact_label(own.facts[0]), own), amount=own,
              set=set_named(placed.among, evidence.among), number=_bare(values[0]))  # fmt: skip


def _combine(text: AnswerText, combine: Combine, values: list[Value], shown: list[Value]) -> None:
    scope = scope_once(text, [*values, *shown])
    if combine.how == "list" and any(v.is_change for v in values):
        amounts = [v for v in values if not v.is_change]
        _values(text, Select(), amounts, [], scope)
        _changes(text, [v for v in values if v.is_change], NOWHERE if amounts else scope)
        return
    if combine.how in ("list", "descending", "ascending"):
        wording = "several" if combine.how == "list" else f"several_{combine.how}"
        text.fill(wording, scope=scope, items=_operand_items(values, combine))
        return
    if combine.how in ("greatest", "least"):
        items = _operand_items([*values, *shown], combine)
        wording = combine.how if len(items) < 3 else f"{combine.how}_{'first' if combine.n else 'of_all'}"
        if shown:
            text.fill(wording, scope=scope, items=items[: len(values)], others=items[len(values) :])
        else:
            alike = len({in_yuan(v) for v in values}) == 1
            text.fill("all_alike" if alike else "several", scope=scope, items=items)
        return
    size = max(1, len(shown) // len(values))
    for index, value in enumerate(values):
        own = shown[index * size : (index + 1) * size]
        _computed(text, combine, value, own, scope if scope.words else scope_once(text, [value, *own]))
        scope = NOWHERE


def _computed(text: AnswerText, combine: Combine, value: Value, operands: list[Value], scope: Named) -> None:
    """One computed number, with the operands that it comes from."""
    items = _operand_items(operands, combine)
    first, last = items[0][0], items[-1][0]
    if combine.how in ("sum", "mean"):
        text.fill("sum" if combine.how == "sum" else "mean_of", scope=scope, items=items, number=value)
        return
    if combine.how == "rest":
        text.fill("rest", scope=scope, whole=first, amount=operands[0], number=value, items=items[1:])
        return
    if combine.how == "previous":
        text.fill("previous", operands[1:2], scope=scope, label=first, number=value, amount=operands[0])
        _changes(text, operands[1:], NOWHERE)
        return
    if combine.how in ("difference", "excess"):
        way = _way(operands[0].amount - operands[1].amount)
        text.fill(f"difference_{way}", scope=scope, part=first, whole=last, number=value)
    elif combine.how == "monthly":
        text.fill("monthly", scope=scope, part=first, number=value)
    elif combine.how == "each":
        wording = "each_number" if last.words.endswith("数") else "each"
        text.fill(wording, scope=scope, part=first, whole=last, unit=counted_unit(operands[1]), number=value)
    else:
        number = value if value.unit == "%" else Value(value.amount, "", value.label, value.facts, True)
        text.fill(combine.how, scope=scope, part=first, whole=last, number=number)
    text.fill("among_them", items=items)


def _check(text: AnswerText, check: Check, evidence: Evidence, unit: str | None, decimals: int | None) -> None:
    text.truth = evidence.truth
    text.fill(_verdict(check, bool(evidence.truth)))
    said: set[str] = set()
    for one, found in zip((check, *check.also), (evidence, *evidence.also), strict=True):
        own = AnswerText()
        _figures(own, one, found, unit, decimals)
        if own.text not in said:
            said.add(own.text)
            _figures(text, one, found, unit, decimals)


def _verdict(check: Check, truth: bool) -> str:
    if check.relation != "exists" or check.also:
        return "affirmed" if truth else "denied"
    if check.negated:
        return "affirmed_none" if truth else "denied_none"
    return "exists" if truth else "not_exists"


def _figures(text: AnswerText, check: Check, evidence: Evidence, unit: str | None, decimals: int | None) -> None:
    """What one statement is held against."""
    left = check.left
    values = [v.to(unit).rounded(decimals) for v in evidence.values]
    shown = [v.to(unit) for v in evidence.shown]
    scope = scope_once(text, values or shown)
    for chunk in evidence.passages:
        text.fill("quote", source=Named(heading_of(chunk), (chunk,)), quote=Quoted(chunk.body, chunk))
    if not values:
        if not evidence.passages:
            text.fill("not_listed", set=Named(sought_text(_first_select(check)), select=_first_select(check)))
    elif check.relation in ("rises", "falls", "same"):
        _changes(text, values, scope)
        _changes(text, [v for v in shown if v.facts[0].column_name], NOWHERE)
        _values(text, Select(), [v for v in shown if not v.facts[0].column_name], [], NOWHERE)
    elif isinstance(left, Combine) and check.right is None:
        _combine(text, left, values, shown)
    elif check.right is None and isinstance(left, Reduce) and left.how != "value":
        _reduce(text, left, evidence, values, shown)
    elif check.right is None:
        _values(text, _first_select(check), values, [], scope)
        if any(v.computed and v.label == "合计" for v in shown):
            text.fill("together", values, number=shown[-1])
    elif is_place(check.right):
        _values(text, _first_select(check), values, [], scope)
        if isinstance(check.right, Reduce):
            _rank(text, check.right, shown, NOWHERE, evidence.among)
        else:
            text.fill("several", items=_operand_items(shown, check))
    elif shown:
        sides = [v.to(unit) for v in evidence.values]
        _combine(text, Combine(how="difference", operands=_operands(check)), shown, sides)
        parts = [v.to(unit) for v in evidence.parts]
        if parts:
            text.fill("added", items=[(named(fact_label(v.facts[0]), v), v) for v in parts if v.facts])
    else:
        text.fill("several", scope=scope, items=_operand_items(values, check))


# --- what stands in the slots of a wording -------------------------------------------------------------------------
def scope_once(text: AnswerText, values: Sequence[Value]) -> Named:
    """The scope of the values, unless the text has said it already."""
    scope = scope_text(values)
    return NOWHERE if scope in text.text else Named(scope, tuple(fact for v in values for fact in v.facts))


def named(words: str, value: Value) -> Named:
    """Words for what a value is the value of."""
    return Named(words, value.facts, value)


def set_named(select: Select, members: Sequence[Value]) -> Named:
    """What a set is called, with its members as far as they are known."""
    return Named(set_text(select), tuple(fact for v in members for fact in v.facts), select=select)


def _items(labels: Sequence[str], values: Sequence[Value]) -> list[tuple[Named, Value]]:
    return [(named(label, value), value) for label, value in zip(labels, values, strict=True)]


def _way(amount: Decimal) -> str:
    return "more" if amount > 0 else "less" if amount < 0 else "same"


def _operand_items(values: list[Value], expression: Combine | Check) -> list[tuple[Named, Value]]:
    """Operands with their labels, those that are sets with what the set is."""
    items = []
    for label, value in zip(operand_labels(values, expression), values, strict=True):
        of = operand_of(value, expression)
        select = of.of if isinstance(of, Reduce) and of.how in OF_SETS else None
        items.append((Named(label, value.facts, value, select), value))
    return items


def _operands(check: Check) -> list[Expression]:
    assert check.right is not None
    return [check.left, check.right]


def _first_select(check: Check) -> Select:
    return selects_of(check.left)[0]


def count_of(values: Sequence[Value]) -> Value:
    """How many there are, resting on one fact of each."""
    return Value(Decimal(len(values)), "", "数量", tuple(fact for v in values for fact in v.facts[:1]))


def _bare(value: Value) -> Value:
    return Value(value.amount, "", value.label, value.facts, value.computed)
