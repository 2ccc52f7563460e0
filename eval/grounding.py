"""Whether cited values reproduce a printed number. In: the number and the citations it names. Out: yes or no.

Four ways, and no other: it is a cited value (in another unit of money, rounded to what is printed); it is the result of
the printed derivation, whose operands are cited and whose arithmetic holds; it counts what is cited; it is the rank of
the value answered among the values cited.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from eval.answers import Citation, Given
from eval.derivation import Step, steps
from eval.measures import COUNTED, MONEY, Amount, Stated, amounts_in, convert, half_up, same_unit, standard_unit

FACTORS = {Decimal(10) ** exponent for exponent in (2, 3, 4, 5, 8)}  # between units of money, and per cent
# A fall is printed as words and a positive number: 减少2万元 for −2.
FALLING = re.compile(r"减|少|降|低|缩|短")
ORDINAL = re.compile(r"(第|前|排名?|位列|位居)\s*$")
DIVISION = re.compile(r"[÷/]")
MONTHS = Decimal(12)  # by which an amount of a year is averaged
UNKNOWN = "?"
ROUNDED = 2  # decimals from which a value may be printed rounded without saying 约


def cited_amounts(citations: Iterable[Citation]) -> list[Amount]:
    """The values cited; a passage, which has none of its own, brings the numbers of its text."""
    found: list[Amount] = []
    for citation in citations:
        found += amounts_in([citation.text]) if citation.amount is None else [citation.amount]
    return found


def is_reproduced(stated: Stated, given: Given, cited: Sequence[Citation], text: str) -> bool:
    """Whether a number printed in `text` (the answer, or a note) is reproduced by the citations given for it."""
    amounts, unit = cited_amounts(cited), standard_unit(given.unit)
    context = text[max(0, stated.start - 12) : stated.start] + text[stated.end : stated.end + 6]
    return (
        any(reproduces(amount, stated, unit, context) for amount in amounts + derived(given, cited))
        or _counts(stated, given, cited)
        or _ranks(stated, given, amounts, text)
    )


def reproduces(amount: Amount, stated: Stated, unit: str | None = None, context: str = "") -> bool:
    """Whether an amount is what is printed, in the printed unit; where none is printed, in the answer's or its own."""
    for printed in {stated.amount.unit} if stated.amount.unit else {unit, amount.unit}:
        if amount.unit in MONEY and printed in MONEY:
            value = convert(amount, printed)
        elif printed == amount.unit or amount.unit is None or same_unit(printed, amount.unit):
            value = amount.number
        else:
            continue
        values = [value, -value] if value < 0 and FALLING.search(context) else [value]
        if stated.decimals >= ROUNDED or printed != amount.unit or "约" in context:
            values += [half_up(one, stated.decimals) for one in values]
        if stated.amount.number in values:
            return True
    return False


def derived(given: Given, cited: Sequence[Citation]) -> list[Amount]:
    """The results of the printed derivation that hold and rest on these citations alone, or on results before them."""
    names = [name for citation in given.citations for name in citation.names]
    known, found, terms = cited_amounts(cited), [], {Decimal(len(cited)), MONTHS}
    for step in steps(given.derivation or "", names):
        if step.why is None:
            unit = _unit_of(step, known, standard_unit(given.unit), terms)
            if unit != UNKNOWN:
                found.append(Amount(step.result.amount.number, step.result.amount.unit or unit))
                known.append(found[-1])
        terms.add(Decimal(len(step.operands)))
    return found


def _unit_of(step: Step, known: Sequence[Amount], asked: str | None, terms: set[Decimal]) -> str | None:
    """The unit of a result printed without one: that of its operands, 倍 for one amount by another, UNKNOWN where an
    operand is neither cited, nor a factor between units, nor the number of terms or months (the divisor of a mean)."""
    units = [_read_in(operand, known, asked, step.text) for operand in step.operands]
    for index, operand in enumerate(step.operands):
        number, unit = operand.amount
        is_factor = unit in (None, "%") and number in FACTORS
        is_divisor = index > 0 and (unit is None or unit[0] in COUNTED) and number in terms
        if units[index] == UNKNOWN and not (is_factor or is_divisor):
            return UNKNOWN
    if DIVISION.search(step.text) and len(units) > 1 and units[-1] != UNKNOWN:
        by_number = units[0] in MONEY and units[-1] not in MONEY  # an amount for each of so many things
        return units[0] if by_number else "倍"
    return next((unit for unit in units if unit != UNKNOWN), None)


def _read_in(operand: Stated, known: Sequence[Amount], asked: str | None, text: str) -> str | None:
    """The unit in which an operand is a known amount: as printed, its own, or the one asked for; else UNKNOWN."""
    money = sorted(
        {amount.unit for amount in known if amount.unit in MONEY}
    )  # 元 beside 万元 is computed in one of them
    for amount in known:
        for unit in (operand.amount.unit,) if operand.amount.unit else (amount.unit, asked, *money):
            printed = operand._replace(amount=Amount(operand.amount.number, unit))
            if reproduces(amount, printed, amount.unit, text):
                return unit
    return UNKNOWN


def _counts(stated: Stated, given: Given, cited: Sequence[Citation]) -> bool:
    """Whether a number counts what is cited: the cells, their rows, or the values answered with."""
    unit = stated.amount.unit or standard_unit(given.unit)
    if unit is None or unit[0] not in COUNTED or unit in {standard_unit(citation.unit) for citation in cited}:
        return False  # 6辆 cited as 6辆 is a value, and no other number of 辆 counts it
    rows = {tuple(citation.row) for citation in cited if citation.row}
    shown = len(given.values) if isinstance(given.value, list) else 0
    return stated.amount.number in {Decimal(n) for n in (len(cited), len(rows), shown) if n}


def _ranks(stated: Stated, given: Given, amounts: Sequence[Amount], text: str) -> bool:
    """Whether 第k is the place of the value answered among those cited, or 前k the number of values shown."""
    match = ORDINAL.search(text, 0, stated.start)
    rank = stated.amount.number
    if not match or stated.decimals or not 1 <= rank <= max(len(amounts), len(given.values)):
        return False
    if match[1] == "前":
        return rank in (len(amounts), len(given.values))
    values = sorted({convert(a, "元") if a.unit in MONEY else a.number for a in amounts})
    answered = {convert(a, "元") if a.unit in MONEY else a.number for a in given.amounts or list(amounts[:1])}
    return int(rank) <= len(values) and bool({values[int(rank) - 1], values[-int(rank)]} & answered)
