"""Values of performance indicators: text to a number with its unit.

In: what a form prints for an indicator (≥95%, 20门, 不少于3次, 显著). Out: the number and its unit where the text is one
number with a bound at most; None for words, ranges and sentences, which stay text.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from index.amounts import parse_amount

BOUND = r"(?:[≥≤><=≧≦⩾⩽》《~约共]|不(?:低|少|高|多|大|小)于|不超过|达到?|大于|小于|多于|少于|等于|控制在|完成)*"
MEASURE = re.compile(
    rf"^{BOUND}(?P<number>-?\d[\d,]*(?:\.\d+)?)(?P<unit>%|‰|[^\d\s,.;，。；、:：()]{{0,8}})(?:以上|以下|以内)?$"
)


def parse_measure(text: str) -> tuple[Decimal, str | None] | None:
    """`≥45项` to (45, "项"), `95%` to (95, "%"), `6` to (6, None); None where the text is not one number."""
    clean = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    match = MEASURE.match(clean)
    value = parse_amount(match["number"]) if match else None
    if match is None or value is None:
        return None
    if re.search(r"[底前后起内]", match["unit"]):
        return None  # 12月底前, 3个月内: a date or a term
    return value, re.sub(r"(?:以上|以下|以内|左右)$", "", match["unit"]) or None
