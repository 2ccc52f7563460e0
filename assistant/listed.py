"""The things that an answer's text lists: `甲 1万元、乙 2万元`. In: an Answer. Out: labels with their numbers, to be shown as rows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answer import Answer, Number

ROWS = 3  # so many numbers in a list become a table
UNIT = re.compile(
    r"个单位|个项目|亿元|万元|千元|元|%|个百分点|万平方米|平方米|人次|批次|工作日|[个倍辆台项人家套件条处次批份名位册篇期场天分]"
)
FIRST_LABEL = re.compile(r"[：:]([^：:]+) $")
NEXT_LABEL = re.compile(r"、([^。]+) ")


@dataclass(frozen=True)
class Item:
    """One of the things that a text lists: `label` stands at `start`, its number and unit end at `end`."""

    label: str
    number: Number
    start: int
    end: int


def listed(answer: Answer) -> list[Item]:
    """The longest list in the text: `甲 1万元、乙 2万元` after a colon; empty where it is too short for a table."""
    runs: list[list[Item]] = [[]]
    at = 0
    for number in sorted(answer.numbers, key=lambda n: n.start):
        gap = answer.answer[at : number.start]
        end = number.end + len(unit_after(answer, number))
        found = NEXT_LABEL.fullmatch(gap) if runs[-1] else None
        if found is None:
            runs.append([])
            found = FIRST_LABEL.search(gap)
        if found:
            runs[-1].append(Item(found[1], number, at + found.start(1), end))
        at = end
    longest = max(runs, key=len)
    return longest if len(longest) >= ROWS else []


def unit_after(answer: Answer, number: Number) -> str:
    """The unit that follows a number in the text."""
    found = UNIT.match(answer.answer, number.end)
    return found[0] if found else ""
