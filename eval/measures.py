"""Numbers in Chinese text, and units. In: an answer, a citation or a question. Out: exact amounts with their place.

Written apart from `index/amounts.py` on purpose: what checks the product does not share its code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

MONEY = {
    "元": Decimal(1), "千元": Decimal(10**3), "万元": Decimal(10**4), "百万元": Decimal(10**6),
    "千万元": Decimal(10**7), "亿元": Decimal(10**8),
}  # fmt: skip
COUNTED = "个项家辆台人次种条笔类名位座栋套处张件口"  # one of these and another count the same: 8个 is 8项
SPELLED = {"万": "万元", "亿": "亿元", "百万": "百万元", "千万": "千万元", "％": "%", "个百分点": "百分点"}
UNIT = (
    r"亿元|千万元|百万元|万元|千元|元|千万|百万|亿|万(?![人次户辆台个件条])|%|％|个?百分点|平方米|倍"
    f"|[{COUNTED}]"
)
UNIT_AFTER = re.compile(rf"\s*[（(]?\s*({UNIT})")
DIGITS = re.compile(r"(?P<sign>[-−])?(?P<number>(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?)")
# Words between which a hyphen before digits is a minus sign; in 甲市-110平台 or 2022-2025 it is none.
BEFORE_MINUS = "为是到至计约(（:：=，,、；; \t\n"
NUMERALS = "一二三四五六七八九两零〇十百千"
HANZI = re.compile(
    rf"百分之(?P<percent>[{NUMERALS}]+(?:点[{NUMERALS}]+)?)"
    rf"|(?P<amount>[一二三四五六七八九两零〇十][{NUMERALS}]*(?:点[{NUMERALS}]+)?|[百千](?=万))(?=(?:千万|百万|[万亿千])?元|[万亿]|%|倍)"
)
SCALES = {"十": 10, "百": 100, "千": 1000}


class Amount(NamedTuple):
    """A number in a unit; None where no unit is known."""

    number: Decimal
    unit: str | None = None

    def __str__(self) -> str:
        return f"{self.number.normalize():f}{' ' + self.unit if self.unit else ''}"


class Stated(NamedTuple):
    """A number as printed: `text[start:end]`, its amount with the unit that follows it, its printed decimals."""

    start: int
    end: int
    amount: Amount
    decimals: int


def standard_unit(unit: str | None) -> str | None:
    """万 as 万元, ％ as %, a blank one as None."""
    return SPELLED.get(unit.strip(), unit.strip()) or None if unit else None


def same_unit(one: str | None, other: str | None) -> bool:
    """Whether two units that are not both money mean the same: equal, both counting things, or one left out."""
    if one == other:
        return True
    if one is None or other is None:
        rest = one or other or ""
        return rest == "倍" or rest[0] in COUNTED
    return one[0] in COUNTED and other[0] in COUNTED


def same_amount(one: Amount, other: Amount) -> bool:
    """Exactly the same amount, units of money converted."""
    if one.unit in MONEY and other.unit in MONEY:
        return one.number * MONEY[one.unit] == other.number * MONEY[other.unit]
    return one.number == other.number and same_unit(one.unit, other.unit)


def convert(amount: Amount, unit: str) -> Decimal:
    """An amount of money in another unit of money. Raises KeyError for any other unit."""
    return amount.number * MONEY[amount.unit or ""] / MONEY[unit]


def half_up(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def plain(text: str) -> str:
    """For comparing words: NFKC, without spaces and quotation marks."""
    return re.sub(r"[\s“”‘’\"'「」『』]", "", unicodedata.normalize("NFKC", text))


def numbers_in(text: str) -> list[Stated]:
    """All numbers of a text, in order: digits, and amounts or percentages written in Chinese numerals."""
    return sorted([_digits(text, match) for match in DIGITS.finditer(text)] + _numerals(text))


def amounts_in(texts: Sequence[str]) -> list[Amount]:
    return [stated.amount for text in texts for stated in numbers_in(text)]


def _digits(text: str, match: re.Match[str]) -> Stated:
    clean = unicodedata.normalize("NFKC", match["number"]).replace(",", "")
    start, number = match.start("number"), Decimal(clean)
    before = text[match.start() - 1] if match.start() else ""
    if match["sign"] and (not before or before in BEFORE_MINUS):
        start, number = match.start(), -number
    return Stated(start, match.end(), Amount(number, _unit_after(text, match.end())), len(clean.partition(".")[2]))


def _unit_after(text: str, end: int) -> str | None:
    match = UNIT_AFTER.match(text, end)
    return standard_unit(match[1]) if match else None


def _numerals(text: str) -> list[Stated]:
    found = []
    for match in HANZI.finditer(text):
        number = _numeral(match["percent"] or match["amount"])
        unit = "%" if match["percent"] else _unit_after(text, match.end())
        decimals = len((match["percent"] or match["amount"]).partition("点")[2])
        found.append(Stated(match.start(), match.end(), Amount(number, unit), decimals))
    return found


def _numeral(text: str) -> Decimal:
    """一百二十 as 120, 三十八点八 as 38.8."""
    whole, _, fraction = text.replace("两", "二").replace("〇", "零").partition("点")
    total = digit = 0
    for character in whole:
        if character in SCALES:
            total, digit = total + (digit or 1) * SCALES[character], 0
        else:
            digit = "零一二三四五六七八九".index(character)
    decimals = "".join(str("零一二三四五六七八九".find(character)) for character in fraction if character not in SCALES)
    return Decimal(f"{total + digit}.{decimals or 0}")
