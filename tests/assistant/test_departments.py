"""Departments are found in a question through an index as they are by trying every name."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.budgets.departments import SHORTEST, Departments, _forms, _names

NAMES = [
    "甲市审计局", "乙省人民检察院", "甲市人民政府办公厅", "丁市审计局", "丙大学", "中共甲市委宣传部", "乙县审计局", "甲市教育局",
    "甲市人大常委会办公室", "乙省教育厅", "戊区政务服务数据管理局",
]  # fmt: skip


def tried(question: str, name: str) -> set[tuple[int, int]]:
    """The longest stretch from each place that can name a department."""
    found = {}
    for start in range(len(question)):
        for end in range(min(len(question), start + len(name)), start + SHORTEST - 1, -1):
            if any(_names(question[start:end], form) for form in _forms(name)):
                found[start] = end
                break
    return set(found.items())


def indexed(question: str, names: list[str]) -> dict[str, set[tuple[int, int]]]:
    found: dict[str, dict[int, int]] = {name: {} for name in names}
    index = Departments(names)
    for start in range(len(question)):
        for end, at in index._named_from(question, start):
            ends = found[names[at]]
            ends[start] = max(end, ends.get(start, 0))
    return {name: set(ends.items()) for name, ends in found.items()}


CHARACTERS = sorted({character for name in NAMES for character in name} | set("的三公钱查权"))
QUESTIONS = st.lists(st.one_of(st.sampled_from(NAMES), st.text(st.sampled_from(CHARACTERS), max_size=6)), max_size=4)


@given(QUESTIONS)
@settings(deadline=None)
def test_the_index_finds_what_trying_every_name_finds(pieces: list[str]) -> None:
    question = "".join(pieces)
    assert indexed(question, NAMES) == {name: tried(question, name) for name in NAMES}


def test_a_department_among_a_thousand_is_found_alone() -> None:
    offices = ("水务", "审计", "教育", "民政", "财政", "文旅", "林业", "统计", "信访", "体育")
    names = [
        f"{a}{b}市{office}局" for a in "甲乙丙丁戊己庚辛壬癸" for b in "子丑寅卯辰巳午未申酉" for office in offices
    ]
    assert len(names) == 1000
    assert Departments(names).mentions("丙辰市林业局一年花多少") == [(0, 6, ["丙辰市林业局"])]
    (mention,) = Departments(names).mentions("林业局一年花多少")
    assert mention[:2] == (0, 3) and len(mention[2]) == 100
