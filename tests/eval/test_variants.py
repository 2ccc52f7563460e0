"""Variants of questions: how they are made, and that a few of them are answered as the plain question is."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from eval.products import opened
from eval.questions import DEV, load_cases
from eval.variants import KINDS, Say, ask_variants, outcome

SEED = 3


def say(question: str, *names: str) -> Say:
    return Say(question, frozenset(names), random.Random(SEED))


@pytest.mark.parametrize("kind", ["homophone", "left_out", "doubled"])
def test_numbers_and_negations_are_never_touched(kind: str) -> None:
    for seed in range(20):
        changed = KINDS[kind](Say("2024年不到三十万元的非税项目", frozenset(), random.Random(seed)))
        assert changed is None or all(part in changed for part in ("2024年不", "三十万元", "非"))


def test_a_character_that_makes_another_name_is_not_left_out() -> None:
    names = frozenset({"水电费", "水费", "电费"})
    assert {KINDS["left_out"](Say("水电费", names, random.Random(seed))) for seed in range(20)} == {"水电"}


def test_english_words_take_the_place_of_whole_names_alone() -> None:
    assert KINDS["english_mixed"](say("培训费是多少", "培训费")) == " training 是多少"
    assert KINDS["english_mixed"](say("元宇宙培训费用", "元宇宙培训费用")) is None


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"value": 3.8, "unit": "万元", "reason": None, "answer": "另一种说法"}, "same"),
        ({"value": None, "unit": None, "reason": "not_found", "refused": True, "answer": ""}, "declined"),
        ({"value": 4.8, "unit": "万元", "reason": None, "answer": ""}, "other"),
    ],
)
def test_outcomes(other: dict, expected: str) -> None:
    assert outcome({"value": 3.8, "unit": "万元", "reason": None, "answer": "为3.8万元"}, other) == expected


def test_few_variants_get_another_answer() -> None:
    with opened(None) as measured:
        cases = [case for case in load_cases(Path(DEV / "shaoguan.jsonl")) if not case.followup_of]
        asked = ask_variants(cases, measured.product, measured.names, list(KINDS), 12, SEED)
    counts = Counter(one.outcome for one in asked)
    assert counts["same"] >= 0.9 * len(asked)
    assert counts["other"] <= 0.05 * len(asked), [a for a in asked if a.outcome == "other"]
