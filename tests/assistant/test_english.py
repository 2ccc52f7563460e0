"""English questions in Chinese: whole, mixed, and what is in neither language."""

from __future__ import annotations

import re

import pytest

from assistant.words.english import English, is_english, is_foreign
from assistant.words.vocabulary import load_vocabulary


@pytest.fixture(scope="module")
def english() -> English:
    vocabulary = load_vocabulary()
    return English(vocabulary.english, vocabulary.regions)


ASKED = [
    ("What is the total budget?", "总预算是多少"),
    ("How much do they spend on salaries?", "工资福利支出是多少"),
    ("Which project is the largest?", "金额最大的项目是哪个"),
    ("What share is project expenditure?", "项目支出占总支出的百分之几"),
    ("How much did it change from last year?", "总支出比去年变化多少"),
    ("Name the three largest projects, please.", "金额最大的三个项目是哪些"),
    ("What's the total budget of 水文站?", "水文站的总预算是多少"),
    ("How much was spent on travel in March?", "三月差旅费是多少"),
    ("What was the total budget in 2023?", "2023年总预算是多少"),
    ("What is the budget of the Beijing Audit Bureau?", "北京审计局的预算是多少"),
    ("Is project expenditure more than 50 million yuan?", "项目支出超过五千万元吗"),
    ("What is the total budget, and which project is the largest?", "总预算是多少；金额最大的项目是哪个"),
]


@pytest.mark.parametrize(("asked", "expected"), ASKED)
def test_an_english_question_is_restated(asked: str, expected: str, english: English) -> None:
    restated = english.restated(asked)
    assert restated is not None
    assert restated.text == expected


@pytest.mark.parametrize(
    "asked",
    [
        "What's the weather?",
        "What is Zhang Wei's salary?",
        "Total budget of Atlantis",
        "Quel est le budget total ?",
        "Hi",
    ],
)
def test_a_word_in_neither_language_leaves_the_question(asked: str, english: English) -> None:
    assert english.restated(asked) is None


def test_it_leans_on_the_turn_before(english: English) -> None:
    asked = "How much did it change from last year?"
    restated = english.restated(asked, follows=True)
    assert restated is not None
    assert restated.text == "它比去年变化多少"


def test_english_words_in_a_chinese_question_but_for_those_of_the_documents(english: English) -> None:
    mixed = english.mixed("training平台的budget是多少", lambda word: word == "training")
    assert (mixed.text, mixed.terms) == ("training平台的预算是多少", (("预算", "budget"),))


def test_every_pattern_names_slots_that_its_chinese_has() -> None:
    for chinese, ways in load_vocabulary().english["questions"].items():
        slots = set(re.findall(r"\{(\w)\}", chinese))
        assert all(set(re.findall(r"\{(\w)\}", way)) == slots for way in ways), chinese


@pytest.mark.parametrize(
    ("text", "english", "foreign"),
    [("What is 三公经费?", True, True), ("budget是多少", False, False), ("予算の合計はいくらですか", False, True),
     ("Каков бюджет", False, True), ("2010301", False, False), ("总预算", False, False)],
)  # fmt: skip
def test_which_language(text: str, english: bool, foreign: bool) -> None:
    assert (is_english(text), is_foreign(text)) == (english, foreign)


def test_an_english_question_is_answered_with_the_term_in_both_languages(ask) -> None:  # type: ignore[no-untyped-def]
    answer = ask("How much are official reception expenses?")
    assert answer.answer.startswith("公务接待费（official reception expenses）：\n")
    assert [answer.answer[n.start : n.end] for n in answer.numbers] == ["3.80"]
    assert [note.code for note in answer.notes] == ["english"]


@pytest.mark.parametrize("asked", ["What's the weather?", "Quel est le budget total ?", "총예산은 얼마입니까?"])
def test_what_cannot_be_restated_is_refused_in_both_languages(asked: str, ask) -> None:  # type: ignore[no-untyped-def]
    answer = ask(asked)
    assert (answer.reason, answer.value) == ("out_of_scope", None)
    assert "请用中文" in answer.answer
    assert "please ask in Chinese" in answer.answer
