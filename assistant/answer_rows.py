"""The rows of an answer: what its text lists, or else its numbers one by one. In: an Answer. Out: rows, in the order of the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from assistant.contract import Answer, Number

FEWEST = 3  # numbers in a list that become rows of a table
UNIT = re.compile(
    r"个单位|个项目|亿元|万元|千元|元|%|个百分点|万平方米|平方米|人次|批次|工作日|[个倍辆台项人家套件条处次批份名位册篇期场天分]"
)
AMOUNT = re.compile(r"[-+]?[\d,]+(?:\.\d+)?")
FIRST_LABEL = re.compile(r"[：:]([^：:]+) $")
NEXT_LABEL = re.compile(r"、([^。]+) ")


@dataclass(frozen=True)
class Row:
    """One of the things that a text lists: `label` stands at `start`, its number and unit end at `end`."""

    label: str
    number: Number
    unit: str
    start: int
    end: int

    @property
    def amount(self) -> Decimal | None:
        """The number as printed; None where it is none, as in 2024-06."""
        return Decimal(self.number.text.replace(",", "")) if AMOUNT.fullmatch(self.number.text) else None


def listed(answer: Answer) -> list[Row]:
    """What is shown as a table: the longest list in the text; empty where it is too short for one."""
    found = _longest(answer)
    return found if len(found) >= FEWEST else []


def _longest(answer: Answer) -> list[Row]:
    """The longest list in the text: `甲 1万元、乙 2万元` after a colon."""
    runs: list[list[Row]] = [[]]
    at = 0
    for number in in_order(answer):
        gap = answer.answer[at : number.start]
        unit = unit_after(answer, number)
        end = number.end + len(unit)
        found = NEXT_LABEL.fullmatch(gap) if runs[-1] else None
        if found is None:
            runs.append([])
            found = FIRST_LABEL.search(gap)
        if found:
            runs[-1].append(Row(found[1], number, unit, at + found.start(1), end))
        at = end
    return max(runs, key=len)


def every_row(answer: Answer) -> list[Row]:
    """What the text lists, and each other number under the words of its only cell."""
    known = {row.number.start: row for row in _longest(answer)}
    names = {c.id: " › ".join([*c.row, *c.column]) for c in answer.citations}
    rows = []
    for number in in_order(answer):
        unit = unit_after(answer, number)
        label = names.get(number.citations[0], "") if len(number.citations) == 1 else ""
        rows.append(known.get(number.start) or Row(label, number, unit, number.start, number.end + len(unit)))
    return rows


def in_order(answer: Answer) -> list[Number]:
    """The numbers of an answer as they stand in its text."""
    return sorted(answer.numbers, key=lambda number: number.start)


def unit_after(answer: Answer, number: Number) -> str:
    """The unit that the text prints behind a number; empty where there is none."""
    found = UNIT.match(answer.answer, number.end)
    return found[0] if found else ""


def after_stops(text: str, start: int) -> int:
    """Where the next sentence begins after a list that is shown apart: the stop behind it would stand alone at the head of a line."""
    return len(text) - len(text[start:].lstrip("。 "))
