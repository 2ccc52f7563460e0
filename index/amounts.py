"""Text to Decimal and back, and units of money. In: what a cell or a sentence prints. Out: exact decimals, never floats."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

YUAN = {"元": Decimal(1), "千元": Decimal(1000), "万元": Decimal(10_000), "百万元": Decimal(1_000_000),
        "千万元": Decimal(10_000_000), "亿元": Decimal(100_000_000)}  # fmt: skip
AMOUNT = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
SPACED = re.compile(r"[-+]?\d{1,3}(?: \d{3})+\.\d+")
CENT = Decimal("0.01")
UNIT_IN_HEADER = re.compile(r"[（(](?:单位[:：])?(百万元|亿元|万元|千元|元|%)[)）]")
COUNTED = re.compile(r"数量|人数|次数|个数|台数|辆数|(?<!金)额度$|分值|得分|率(?:[（(]|$)|占比|比例")


def parse_amount(text: str) -> Decimal | None:
    """The amount that a cell holds, or None where it is blank, a dash or words.

    Full-width digits, thousands separators, a leading minus and accountants' brackets are understood.
    """
    clean = unicodedata.normalize("NFKC", text).replace("−", "-").replace("，", ",")
    clean = re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", clean)
    if SPACED.fullmatch(clean):
        clean = clean.replace(" ", "")  # but 100 200 are two numbers
    negative = len(clean) > 2 and clean[0] == "(" and clean[-1] == ")"
    if negative:
        clean = clean[1:-1]
    if not AMOUNT.fullmatch(clean):
        return None
    value = Decimal(clean.replace(",", ""))
    return -value if negative else value


def parse_value(text: str) -> Decimal | None:
    """The number that a cell holds: an amount, or a percentage without its sign (12.5% is 12.5)."""
    clean = unicodedata.normalize("NFKC", text).strip()
    return parse_amount(clean[:-1] if clean.endswith("%") else clean)


def unit_of_column(path: list[str], table_unit: str | None) -> str | None:
    """The unit of a column's amounts: what its header prints in brackets, none for what it counts, else the table's."""
    for part in reversed(path):
        told = UNIT_IN_HEADER.search(part)
        if told:
            return told[1]
    leaf = path[-1] if path else ""
    return None if COUNTED.search(leaf) else table_unit


def convert(value: Decimal, unit: str, to: str) -> Decimal:
    """The same amount in another unit of money, exactly. Raises KeyError for a unit that is not money."""
    return value * YUAN[unit] / YUAN[to]


def is_money(unit: str | None) -> bool:
    """Whether a unit is one of money: 元, 千元, 万元, 亿元 and their like."""
    return unit in YUAN


def quotient(numerator: Decimal, denominator: Decimal) -> Decimal:
    """Rounded once, half up, to two decimals (DESIGN, contracts). Raises ZeroDivisionError."""
    if not denominator:
        raise ZeroDivisionError("the denominator is zero")
    return (numerator / denominator).quantize(CENT, ROUND_HALF_UP)


def format_amount(value: Decimal) -> str:
    """With thousands separators and at least two decimals; further decimals only where they are not zero."""
    exponent = value.normalize().as_tuple().exponent
    decimals = max(2, -exponent if isinstance(exponent, int) else 2)
    return f"{value:,.{decimals}f}"


def format_count(value: Decimal) -> str:
    """A plain number without trailing zeros: 4, 863.92."""
    return f"{value.normalize():,f}"
