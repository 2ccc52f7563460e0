"""Whether the statements of an answer are true of what they rest on.

In: a statement (a wording with what stands in its slots) and the kind of each document. Out: nothing, or UnverifiedError. What it names
must be what its sources say (`stated_names.py`); a wording that compares, orders, adds or divides must be so of the values in it. A wording
that is not listed here is never stated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from assistant.evidence import MONTHS, Value
from assistant.lookup.values import cell_of, in_yuan
from assistant.saying.compose import LONGEST_LIST
from assistant.saying.labels import NOUNS, counted_unit, place_text
from assistant.saying.stated_names import UnverifiedError, check_names
from assistant.saying.text import Named, Slot, Statement
from index.amounts import YUAN, is_money, quotient

TRUE, FALSE = ("affirmed", "exists", "affirmed_none"), ("denied", "not_exists", "denied_none")
SOME, NONE = ("exists", "denied_none"), ("not_exists", "affirmed_none")


def check_statement(statement: Statement, kinds: Mapping[str, str]) -> None:
    """Raises UnverifiedError where a statement is not true of its values. `kinds`: a document to 预算, 决算 or 绩效."""
    check_names(statement, kinds)
    if statement.wording not in CLAIMS:
        raise UnverifiedError(f"没有说明意思的措辞：{statement.wording}")
    claim = CLAIMS[statement.wording]
    if claim is not None and not claim(statement):
        raise UnverifiedError(f"说法与数不符：{statement.wording}")


def check_verdict(statements: Sequence[Statement], truth: bool | None) -> None:
    """A verdict must be the one that was found, and its 有 or 没有 be so of the numbers behind it."""
    said = [s.wording for s in statements]
    if any(wording in (FALSE if truth else TRUE) for wording in said) or (
        truth is None and any(wording in TRUE + FALSE for wording in said)
    ):
        raise UnverifiedError("结论与核对不符")
    some = any(value.amount or value.is_rounded for s in statements for value in s.values())
    if any(wording in (NONE if some else SOME) for wording in said):
        raise UnverifiedError("有无与数不符")


# --- what a wording claims -----------------------------------------------------------------------------------------
def _own_names(statement: Statement) -> bool:
    """Each number of a list stands behind its own name."""
    lists = [slot for slot in statement.slots.values() if isinstance(slot, Sequence) and not isinstance(slot, str)]
    pairs = [item for slot in lists for item in slot if isinstance(item, tuple)]
    return all(name.value == value for name, value in pairs)


def _comes(number: Value, exact: Decimal, operands: Sequence[Value], unit: str | None = None) -> bool:
    """Whether a number is this amount (in yuan where it is money), as far as its decimals go, in the unit that is named or in one like
    the operands', and cites what they cite."""
    like = operands[0].unit
    if (
        number.unit != unit
        if unit is not None
        else number.unit != like and not (is_money(number.unit) and is_money(like))
    ):
        return False
    cited, known = set(map(cell_of, number.facts)), [set(map(cell_of, v.facts)) for v in operands]
    if not cited <= set().union(*known) or not all(
        own <= cited if v.computed else own & cited for v, own in zip(operands, known, strict=True)
    ):
        return False
    if is_money(number.unit):
        exact = exact / YUAN[number.unit or ""]
    exponent = number.amount.as_tuple().exponent
    assert isinstance(exponent, int)
    return number.amount in (exact, exact.quantize(Decimal(1).scaleb(min(exponent, 0)), ROUND_HALF_UP))


def _total(values: Iterable[Value]) -> Decimal:
    return sum(map(in_yuan, values), Decimal(0))


def _value(s: Statement) -> bool:
    return s.value_named("label") == s.number()


def _share(s: Statement) -> bool:
    part, whole = s.value_named("part"), s.value_named("whole")
    return bool(whole.amount) and _comes(s.number(), quotient(in_yuan(part) * 100, in_yuan(whole)), [part, whole], "%")


def _ratio(s: Statement) -> bool:
    part, whole = s.value_named("part"), s.value_named("whole")
    return bool(whole.amount) and _comes(s.number(), quotient(in_yuan(part), in_yuan(whole)), [part, whole], "")


def _apart(s: Statement) -> bool:
    operands = [s.value_named("part"), s.value_named("whole")]
    part, whole = map(in_yuan, operands)
    way = "more" if part > whole else "less" if part < whole else "same"
    by = _comes(s.number(), abs(part - whole), operands)
    of = bool(whole) and _comes(s.number(), abs(quotient((part - whole) * 100, whole)), operands, "%")
    return s.wording == f"difference_{way}" and (by or of)


def _changed(s: Statement) -> bool:
    change, number = s.value_named("label"), s.number()
    way = "more" if change.amount > 0 else "less" if change.amount < 0 else "same"
    same_sign = change.computed or all((f.value or 0) * change.amount >= 0 for f in change.facts)
    return (
        s.wording.endswith(way) and same_sign and number.amount == abs(change.amount) and number.facts == change.facts
    )


def _sum(s: Statement) -> bool:
    return _comes(s.number(), _total(s.items()), s.items()) and _own_names(s)


def _mean(s: Statement) -> bool:
    return _comes(s.number(), _total(s.items()) / len(s.items()), s.items()) and _own_names(s)


def _sum_of_set(s: Statement) -> bool:
    count = s.number("count").amount == len(s.among)
    return count and _comes(s.number(), _total(s.among), s.among) and _noun(s)


def _mean_of_set(s: Statement) -> bool:
    count = s.number("count").amount == len(s.among)
    return count and _comes(s.number(), _total(s.among) / len(s.among), s.among) and _noun(s)


def _noun(s: Statement) -> bool:
    named = s.slots["set"]
    return isinstance(named, Named) and named.select is not None and s.slots["noun"] == NOUNS[named.select.universe]


def _list(s: Statement) -> bool:
    return _own_names(s) and _noun(s) and min(s.number("count").amount, LONGEST_LIST) == len(s.items())


def _rest(s: Statement) -> bool:
    whole, parts = s.value_named("whole"), s.items()
    left = _comes(s.number(), in_yuan(whole) - _total(parts), [whole, *parts])
    return whole == s.number("amount") and left and _own_names(s)


def _previous(s: Statement) -> bool:
    now, (change,) = s.number("amount"), s.among
    return s.value_named("label") == now and _comes(s.number(), in_yuan(now) - in_yuan(change), [now, change])


def _monthly(s: Statement) -> bool:
    return _comes(s.number(), in_yuan(s.value_named("part")) / MONTHS, [s.value_named("part")])


def _each(s: Statement) -> bool:
    part, whole = s.value_named("part"), s.value_named("whole")
    mean = _comes(s.number(), in_yuan(part) / in_yuan(whole), [part, whole])
    return s.slots["unit"] == counted_unit(whole) and mean


def _greatest(s: Statement) -> bool:
    return max(map(in_yuan, s.items())) > min(map(in_yuan, s.items("others"))) and _before_others(s, max)


def _least(s: Statement) -> bool:
    return min(map(in_yuan, s.items())) < max(map(in_yuan, s.items("others"))) and _before_others(s, min)


def _before_others(s: Statement, end: Callable[[Iterable[Decimal]], Decimal]) -> bool:
    items, others = (list(map(in_yuan, s.items(slot))) for slot in ("items", "others"))
    return end(items) == end([*items, *others]) and _own_names(s)


def _alike(s: Statement) -> bool:
    return len(set(map(in_yuan, s.items()))) == 1 and _own_names(s)


def _falling(s: Statement) -> bool:
    amounts = [in_yuan(v) for v in s.items()]
    return amounts == sorted(amounts, reverse=True) and _own_names(s)


def _rising(s: Statement) -> bool:
    amounts = [in_yuan(v) for v in s.items()]
    return amounts == sorted(amounts) and _own_names(s)


def _every(s: Statement) -> list[Decimal]:
    """All of which some are listed, rounded as those are."""
    rounded = next((v for v in s.items() if v.is_rounded), None)
    if rounded is None:
        return [in_yuan(v) for v in s.among]
    exponent = rounded.amount.as_tuple().exponent
    assert isinstance(exponent, int)
    return [in_yuan(v.to(rounded.unit).rounded(-exponent)) for v in s.among]


def _first_of_all(s: Statement) -> bool:
    """What is listed in an order comes in that order, and before all that is not listed."""
    falling = s.slots["order"] == "从大到小"
    listed, every = [in_yuan(v) for v in s.items()], sorted(_every(s), reverse=falling)
    return (_falling(s) if falling else _rising(s)) and every[: len(listed)] == listed and _by(s, s.slots["by"])


def _place_of_all(s: Statement) -> bool:
    """What is said to take a place takes it among all."""
    every = _every(s)
    named = s.slots["set"]
    assert isinstance(named, Named) and named.select is not None
    by = "、".join(named.select.columns) if named.select.universe == "projects" else ""
    own = in_yuan(s.items()[0])
    places = [
        place_text(by or "金额", falling, place)
        for falling in (True, False)
        for place in range(sum(o > own if falling else o < own for o in every) + 1,
                           sum(o >= own if falling else o <= own for o in every) + 1)
    ]  # fmt: skip
    return s.slots["order"] in places and all(in_yuan(v) == own for v in s.items()) and _own_names(s)


def _by(s: Statement, by: Slot) -> bool:
    named = s.slots["set"]
    assert isinstance(named, Named) and named.select is not None
    return by == "金额" or by == "、".join(named.select.columns)


def _placed(s: Statement) -> bool:
    own = in_yuan(s.number("amount"))
    return s.value_named("label") == s.number("amount") and s.number().amount == 1 + sum(
        in_yuan(v) > own for v in s.among
    )


def _together(s: Statement) -> bool:
    return _comes(s.number(), _total(s.among), s.among)


def _told_by(source: str) -> Callable[[Statement], bool]:
    return lambda s: _value(s) and all(fact.source == source for fact in s.number().facts)


CLAIMS: dict[str, Callable[[Statement], bool] | None] = {
    "value": _value, "values": _own_names, "values_told": _own_names, "several": _own_names, "they_are": _own_names,
    "among_them": _own_names, "added": _own_names, "several_descending": _falling, "several_ascending": _rising,
    "share": _share, "ratio": _ratio, "difference_more": _apart, "difference_less": _apart, "difference_same": _apart,
    "sum": _sum, "mean_of": _mean, "sum_set": _sum_of_set, "mean": _mean_of_set, "list": _list, "rest": _rest,
    "previous": _previous, "monthly": _monthly, "each": _each, "each_number": _each,
    **dict.fromkeys(("greatest", "greatest_of_all", "greatest_first"), _greatest), **dict.fromkeys(("least", "least_of_all", "least_first"), _least),
    "all_alike": _alike, "rank_many": _first_of_all, "rank_one": _place_of_all, "placed": _placed,
    "change_more": _changed, "change_less": _changed, "change_same": _changed, "growth_more": _changed,
    "growth_less": _changed, "together": _together, "prose_says": _told_by("figure"), "table_says": _told_by("cell"),
    "count": lambda s: bool(s.number().amount), "count_none": lambda s: not s.number().amount,
    **dict.fromkeys((*TRUE, *FALSE, "not_listed", "quote", "quoted", "quoted_next", "quoted_on", "target_says", "owner",
                     "owner_of", "of_form", "cell", "and", "end", "from_tables", "code")),
}  # fmt: skip
