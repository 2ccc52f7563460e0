"""A printed derivation, computed again.

In: `3,764.44 ÷ 8,124.85 = 46.33%`. Out: its operands, its result, and whether it holds. It reads what a person would
read, numbers, signs and brackets, and passes over the words between them. It knows nothing of how the product computes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, InvalidOperation

from eval.measures import MONEY, Amount, Stated, convert, half_up, numbers_in

SIGNS = {"+": "+", "＋": "+", "−": "-", "－": "-", "–": "-", "-": "-", "×": "*", "*": "*", "÷": "/", "/": "/"}
BRACKETS = {"(": "(", "（": "(", ")": ")", "）": ")"}
EQUALS = re.compile(r"[=＝≈]")
END = re.compile(r"[；;。\n]|，(?=[^，]*[=＝≈])")
# Digits that are no operands: years, numbers of tables, codes in brackets.
NO_OPERAND = re.compile(r"\d{4}年度?|表\s*\d+|[\[【]\d+[\]】]")
HUNDRED = Decimal(100)
Token = Amount | str


@dataclass(frozen=True)
class Step:
    """One `expression = result`; `why` says what does not hold, None where the arithmetic is right."""

    text: str
    operands: tuple[Stated, ...]
    result: Stated
    why: str | None = None


def steps(derivation: str, names: Iterable[str] = ()) -> list[Step]:
    """All computations in a derivation, in order. `names` are labels whose digits are no operands (2024年运行经费)."""
    for name in sorted((n for n in set(names) if len(n) > 1 and not _is_number(n)), key=len, reverse=True):
        derivation = derivation.replace(name, " ")
    derivation = NO_OPERAND.sub(" ", derivation)
    return [step for part in END.split(derivation) for step in _steps_of(part.strip())]


def _steps_of(statement: str) -> list[Step]:
    sides = EQUALS.split(statement)
    if len(sides) < 2:
        return []
    # The side with an operation is computed, wherever it stands; without one it is a change of units.
    computed = next((side for side in sides if len(_operands(side)) > 1), sides[0])
    operands = _operands(computed)
    results = [numbers_in(side)[0] for side in sides if side is not computed and len(_operands(side)) == 1]
    return [Step(statement, operands, result, _disagreement(computed, result)) for result in results if operands]


def _disagreement(side: str, result: Stated) -> str | None:
    """Why an expression does not give the printed result, or None where it does, rounded half up as printed."""
    operands = [stated.amount for stated in _operands(side)]
    units = {operand.unit for operand in operands if operand.unit in MONEY}
    unit = units.pop() if len(units) == 1 else "元" if units else None
    try:
        value = _evaluate(_tokens(side, unit))
    except (ValueError, DivisionByZero, InvalidOperation) as error:
        return f"cannot be computed ({type(error).__name__})"
    candidates = [value]
    if result.amount.unit == "%" and not any(o.number == HUNDRED and o.unit is None for o in operands):
        candidates = [value * 100]
    elif result.amount.unit in MONEY and unit:
        candidates = [convert(Amount(value, unit), result.amount.unit)]
        if len(operands) > 1 and any(operand.unit is None for operand in operands):
            candidates.append(value)  # 8,124.85万元 × 10000 = 81,248,500元 prints the factor itself
    if any(half_up(candidate, result.decimals) == result.amount.number for candidate in candidates):
        return None
    return f"gives {candidates[0].normalize():f}, printed {result.amount}"


def _tokens(side: str, unit: str | None) -> list[Token]:
    """Operands in one unit of money, percentages as fractions; signs and brackets; words dropped."""
    found: list[Token] = []
    position = 0
    for stated in numbers_in(side):
        found += _signs(side[position : stated.start])
        amount = stated.amount
        if amount.unit in MONEY and unit:
            amount = Amount(convert(amount, unit), unit)
        elif amount.unit == "%":
            amount = Amount(amount.number / 100)
        found.append(amount)
        position = stated.end
    return found + _signs(side[position:])


def _signs(between: str) -> list[Token]:
    """The signs and brackets between two numbers. A bracket of words, and a hyphen between words, belong to a name."""
    between = re.sub(r"(?<=[^\W\d_])-(?=[^\W\d_])", "", re.sub(r"[（(][^（()）]*[)）]", "", between))
    return [(SIGNS | BRACKETS)[character] for character in between if character in SIGNS or character in BRACKETS]


def _evaluate(tokens: list[Token]) -> Decimal:
    """The value of an expression with the usual precedence. Raises ValueError where it is none."""
    value, rest = _sum(tokens)
    if rest:
        raise ValueError(f"left over: {rest}")
    return value


def _sum(tokens: list[Token]) -> tuple[Decimal, list[Token]]:
    value, rest = _product(tokens)
    while rest and (rest[0] in ("+", "-") or _negative(rest[0])):
        # `8 -5` printed with the sign at the number: what follows is added, being negative already.
        sign, (operand, rest) = ("+", _product(rest)) if _negative(rest[0]) else (rest[0], _product(rest[1:]))
        value = value + operand if sign == "+" else value - operand
    return value, rest


def _product(tokens: list[Token]) -> tuple[Decimal, list[Token]]:
    value, rest = _factor(tokens)
    while rest and rest[0] in ("*", "/"):
        sign, (operand, rest) = rest[0], _factor(rest[1:])
        value = value * operand if sign == "*" else value / operand
    return value, rest


def _factor(tokens: list[Token]) -> tuple[Decimal, list[Token]]:
    if not tokens:
        raise ValueError("an operand is missing")
    first, rest = tokens[0], tokens[1:]
    if isinstance(first, Amount):
        return first.number, rest
    if first == "-":
        value, rest = _factor(rest)
        return -value, rest
    if first != "(":
        raise ValueError(f"{first} where an operand should be")
    value, rest = _sum(rest)
    if not rest or rest[0] != ")":
        raise ValueError("a bracket is not closed")
    return value, rest[1:]


def _negative(token: Token) -> bool:
    return isinstance(token, Amount) and token.number < 0


def _operands(side: str) -> tuple[Stated, ...]:
    return tuple(numbers_in(side))


def _is_number(name: str) -> bool:
    return re.fullmatch(r"[\d,.]+", name) is not None
