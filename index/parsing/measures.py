"""Values of performance indicators: text to a number with its unit.

In: what a form prints for an indicator (≥95%, 20门, 不少于3次, 显著). Out: the number and its unit where the text is one
number with a bound at most; None for words, ranges and sentences, which stay text.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from index.amounts import is_money, parse_amount

BOUND = r"(?:[≥≤><=≧≦⩾⩽》《~约共]|不(?:低|少|高|多|大|小)于|不超过|达到?|大于|小于|多于|少于|等于|控制在|完成)*"
MEASURE = re.compile(
    rf"^{BOUND}(?P<number>-?\d[\d,]*(?:\.\d+)?)(?P<unit>%|‰|[^\d\s,.;，。；、:：()]{{0,8}})(?:以上|以下|以内)?$"
)

PERCENT = {"％", "百分比", "百分之"}
UNIT_IN_LABEL = re.compile(
    r"[（(](?:单位[:：])?((?:[十百千万亿]*(?:元|人次|人|次|个|项|家|条|篇|份|场|期|套|台|辆|件|户|名|门|册|卷|本|张|棵|只|批|处|座|亩|吨|公里|平方米|立方米)"
    r"|天|日|小时|分钟|年|个月|%|％)(?:/[^（）()]{1,6})?)[)）]$"
)


def unit_in_label(label: str) -> str | None:
    """The unit that stands in brackets behind the name of an indicator: 发表文章（篇）."""
    match = UNIT_IN_LABEL.search(label)
    return _plain_money(match[1].replace("％", "%")) if match else None


def parse_measure(text: str) -> tuple[Decimal, str | None] | None:
    """`≥45项` to (45, "项"), `95%` to (95, "%"), `6` to (6, None); None where the text is not one number."""
    clean = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    match = MEASURE.match(clean)
    value = parse_amount(match["number"]) if match else None
    if match is None or value is None:
        return None
    if re.search(r"[底前后起内]", match["unit"]):
        return None  # 12月底前, 3个月内: a date or a term
    return value, _plain_money(re.sub(r"(?:以上|以下|以内|左右)$", "", match["unit"])) or None


def measure_parts(text: str) -> tuple[str, str, str] | None:
    """A measure as printed: what stands before its number (≥), the number, and for what it is so much money (/人月)."""
    clean = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    match = MEASURE.match(clean)
    if match is None:
        return None
    money, slash, rest = match["unit"].partition("/")
    return clean[: match.start("number")], match["number"], f"/{rest}" if slash and is_money(money) else ""


def _plain_money(unit: str) -> str:
    """元/人月 is so many 元; for what, its text tells. 百分比 is written for %."""
    if unit in PERCENT:
        return "%"
    money = unit.partition("/")[0]
    return money if is_money(money) else unit
