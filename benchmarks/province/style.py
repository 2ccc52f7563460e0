"""How a department lays out its documents, the same every year.

In: a seed and the number of a department, or an index. Out: a Style; the format of a file.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Family = Literal["long", "wide", "short"]
Format = Literal["txt", "xlsx", "pdf"]
OTHER_FORMATS: tuple[tuple[Format, float], ...] = (("xlsx", 0.012), ("pdf", 0.008))


@dataclass(frozen=True)
class Style:
    """`family`: which set of tables; `unit` of the tables' money; `blank`: zeros are not printed; `page`: rows after which a page
    ends and the header comes again, 0 for never."""

    family: Family
    unit: Literal["万元", "元"]
    blank: bool
    thousands: bool
    bracketed: bool  # codes before their names, in one column
    every_class: bool  # summaries list all 类, not only those with money
    head_office: str  # what the department's own row is called, after its name
    numbered: str  # what stands above each title, with {} for the number; empty for nothing
    owner: str
    owner_and_unit: bool  # on one line
    page: int
    prose_first: bool
    by_project_purpose: bool
    with_targets: bool
    with_purchases: bool
    by_item: bool  # prose tells every 项
    decimals: int  # of percentages

    def money(self, hundredths: int) -> str:
        """An amount as a table prints it."""
        if not hundredths:
            return "" if self.blank else "0.00"
        if self.unit == "元":
            hundredths *= 10_000
        return printed(hundredths, self.thousands)


def printed(hundredths: int, thousands: bool = False) -> str:
    whole, rest = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole:{',' if thousands else ''}}.{rest:02d}"


@lru_cache(maxsize=64)
def style(seed: int, number: int) -> Style:
    rng = random.Random(f"{seed}/style/{number}")
    family: Family = rng.choices(("long", "wide", "short"), (4, 3, 3))[0]
    return Style(
        family=family,
        unit="元" if rng.random() < 0.08 else "万元",
        blank=rng.random() < (0.1 if family == "long" else 0.6),
        thousands=rng.random() < 0.6,
        bracketed=rng.random() < 0.4,
        every_class=rng.random() < (0.7 if family == "long" else 0.2),
        head_office=rng.choice(("", "（本级）", "本级") if family != "long" else ("", "", "（本级）")),
        numbered=rng.choice(("", "表{}", "公开{:02d}表", "预算{:02d}表")),
        owner=rng.choice(("单位名称", "部门名称", "编制单位", "预算部门")),
        owner_and_unit=rng.random() < 0.3,
        page=rng.choice((0, 0, 24, 30)),
        prose_first=rng.random() < 0.25,
        by_project_purpose=rng.random() < 0.6,
        with_targets=rng.random() < 0.6,
        with_purchases=rng.random() < 0.4,
        by_item=rng.random() < 0.4,
        decimals=rng.choice((1, 2)),
    )


def format_of(seed: int, index: int) -> Format:
    drawn = random.Random(f"{seed}/format/{index}").random()
    for name, share in OTHER_FORMATS:
        if drawn < share:
            return name
        drawn -= share
    return "txt"
