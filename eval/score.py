"""One scorer by what the gold object holds. In: gold objects and an answer. Out: a verdict with its reason.

Three outcomes: right; refused (refused or asked back though answerable); wrong. Beside it whether a wrong number was
stated, and whether the right place is cited. A value that nobody asked for makes an answer not right: `value` must be
exactly the gold's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from eval.answers import Given
from eval.measures import Amount, numbers_in, plain, same_amount, standard_unit
from eval.questions import Gold

Outcome = Literal["right", "refused", "wrong"]
CHOICES = 2  # suggestions that a question back must offer at least


@dataclass(frozen=True)
class Verdict:
    """`cited_right` is None where the gold names no place, or where the answer is not right."""

    outcome: Outcome
    reason: str
    wrong_number: bool = False
    cited_right: bool | None = None


def score(golds: Sequence[Gold], given: Given) -> Verdict:
    """The verdict over all gold objects of a case: any one met is right."""
    misses = []
    for gold in golds:
        miss = miss_of(gold, given)
        if miss is None:
            return Verdict("right", "as expected", cited_right=cited_right(gold, given))
        misses.append(miss)
    declined = given.refused or given.asked_back
    outcome: Outcome = "refused" if declined and not all(gold.refuse for gold in golds) else "wrong"
    return Verdict(outcome, " / ".join(dict.fromkeys(misses)), wrong_number=states_wrong_number(golds, given))


def miss_of(gold: Gold, given: Given) -> str | None:
    """Why an answer does not meet a gold object, or None where it does."""
    if gold.refuse:
        return _refusal(gold, given)
    if gold.clarify:
        return _question_back(given)
    if given.refused:
        return f"refused as {given.reason} though answerable"
    if given.asked_back:
        return "asked back though answerable"
    checks = (_boolean if gold.boolean is not None else _values, _names, _pieces)
    return next((miss for check in checks if (miss := check(gold, given))), None)


def _refusal(gold: Gold, given: Given) -> str | None:
    if not given.refused:
        return f"answered, expected a refusal as {' or '.join(gold.refuse)}"
    if given.value is not None:
        return "refused, but with a value"
    return None if given.reason in gold.refuse else f"refused as {given.reason}, expected {' or '.join(gold.refuse)}"


def _question_back(given: Given) -> str | None:
    if not given.asked_back:
        return "did not ask back"
    few = len(given.suggestions) < CHOICES
    return f"asked back with {len(given.suggestions)} suggestions, expected {CHOICES}" if few else None


def _boolean(gold: Gold, given: Given) -> str | None:
    said = given.boolean if given.boolean is not None else given.said
    if said is None:
        return f"expected {'yes' if gold.boolean else 'no'}, the value is no boolean"
    if said != gold.boolean:
        return f"says {'yes' if said else 'no'}, expected {'yes' if gold.boolean else 'no'}"
    return _among(gold, given)


def _values(gold: Gold, given: Given) -> str | None:
    """`value` exactly the gold's: as a set, in order where that was asked for; nothing more."""
    if not gold.values:
        asked = not given.amounts or _one_each(gold, given) or _in_pieces(gold, given)
        return None if asked else f"{_shown(given.amounts)}: a number nobody asked for"
    if not given.amounts:
        named = given.boolean is not None or given.names
        return _among(gold, given) if named else f"no value, expected {_shown(gold.amounts)}"
    for amount in gold.amounts:
        if not _stated_in(gold, amount, given.amounts):
            return f"{_shown(given.amounts)}, expected {_shown(gold.amounts)}"
    extra = [amount for amount in given.amounts if not _stated_in(gold, amount, gold.amounts)]
    if extra:
        return f"{_shown(extra)}: a number nobody asked for beside {_shown(gold.amounts)}"
    if len(given.amounts) < len(given.values):
        return f"{given.values}: more than the numbers asked for"
    if gold.strict_unit and standard_unit(given.unit) != standard_unit(gold.unit):
        return f"in {given.unit}, expected {gold.unit}"
    if gold.ordered and not _same_order(gold.amounts, given.amounts):
        return f"{_shown(given.amounts)}: expected in the order {_shown(gold.amounts)}"
    return None


def _one_each(gold: Gold, given: Given) -> bool:
    """Whether the numbers are those of the names asked for, one each: 最少的是甲中心 with its amount."""
    return len(given.amounts) == len(gold.names)


def _in_pieces(gold: Gold, given: Given) -> bool:
    """Whether every number stands in the pieces of text asked for."""
    said = [found.amount for piece in gold.contains for found in numbers_in(piece)]
    return all(any(amount.number == other.number for other in said) for amount in given.amounts)


def _among(gold: Gold, given: Given) -> str | None:
    """The gold's values among the numbers stated in the text (beside a yes, a no or names)."""
    missing = [amount for amount in gold.amounts if not _stated_in(gold, amount, given.stated)]
    return f"does not state {_shown(missing)}" if missing else None


def _stated_in(gold: Gold, amount: Amount, others: Iterable[Amount]) -> bool:
    """Whether an amount is one of the others; where the gold has no unit, by the number alone."""
    if gold.unit is None:
        return any(amount.number == other.number for other in others)
    quotient = any("/" in formula for formula in gold.formula)
    return any(same_amount(amount, other) or (quotient and _rounds_to(amount, other)) for other in others)


def _rounds_to(one: Amount, other: Amount) -> bool:
    """Whether one of two is the other rounded to two decimals: gold quotients are, an answer may be exact."""
    places = Decimal("0.01")
    rounded = (one.number.quantize(places, ROUND_HALF_UP), other.number.quantize(places, ROUND_HALF_UP))
    return one.unit == other.unit and rounded[0] == rounded[1] and rounded[0] in (one.number, other.number)


def _same_order(expected: list[Amount], found: list[Amount]) -> bool:
    return len(expected) == len(found) and all(
        one.number == other.number or same_amount(one, other) for one, other in zip(expected, found, strict=True)
    )


def _names(gold: Gold, given: Given) -> str | None:
    text = plain(given.answer)
    missing = [name for name in gold.names if plain(name) not in text]
    if missing:
        return f"does not name {'、'.join(missing)}"
    known = [plain(piece) for piece in gold.names + gold.contains]
    extra = [n for n in given.names if not any(plain(n) in k or k in plain(n) for k in known)] if gold.names else []
    return f"{'、'.join(extra)}: a name nobody asked for" if extra else None


def _pieces(gold: Gold, given: Given) -> str | None:
    text = plain(given.answer)
    missing = [piece for piece in gold.contains + gold.says if plain(piece) not in text]
    return f"does not say {'、'.join(missing)}" if missing else None


def states_wrong_number(golds: Sequence[Gold], given: Given) -> bool:
    """Whether an answer that is not right states a number where every gold holds others, or a refusal.

    A number is stated as `value`; beside a yes, a no or names, in the text. A part of the gold's values is no wrong
    number; the right digits without a unit are none either, but the right digits in a wrong unit are.
    """
    if not any(gold.values or gold.refuse for gold in golds):
        return False
    known = [amount for gold in golds for amount in gold.amounts]
    if given.amounts:
        return not all(_known(amount, known) for amount in given.amounts)
    if given.boolean is None and not given.names:
        return False
    reached = any(gold.values and all(_known(a, given.stated) for a in gold.amounts) for gold in golds)
    return bool(given.stated) and not reached


def _known(amount: Amount, others: Iterable[Amount]) -> bool:
    return any(
        same_amount(amount, other) or (amount.number == other.number and None in (amount.unit, other.unit))
        for other in others
    )


def cited_right(gold: Gold, given: Given) -> bool | None:
    """Whether the citations stand in any of the gold's `lines`, or else in the lines of all its cells."""
    cited = {citation.place.get("line") for citation in given.citations}
    if gold.lines:
        return bool(cited & set(gold.lines))
    return gold.cell_lines <= cited if gold.cell_lines else None


def _shown(amounts: Sequence[Amount]) -> str:
    return "、".join(map(str, amounts)) or "nothing"
