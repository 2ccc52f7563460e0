"""Slips of the pen: what is mended, and what must stay as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from assistant.words.fixed_words import FixedWords, Words
from assistant.words.spelling import Mended, Names, Spelling

NAMES = {"公务接待费": 1.0, "基本支出": 1.0, "基金支出": 0.95, "项目支出": 1.0, "数据中心": 1.0, "职业年金": 1.0, "从多到少": 1.0,
         "会议费": 1.0, "局本级": 1.0}  # fmt: skip
TEXT = "公务接待费基本支出项目支出数据中心职业年金会议费采购项目目标"


def spelling_over(names: Mapping[str, float], text: str, offices: Sequence[str] = ()) -> Spelling:
    words = Words(FixedWords())
    words.own = {name: {("label", name): score} for name, score in names.items()}
    return Spelling(Names(words), text, offices)


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return spelling_over(NAMES, TEXT, ["某市政务服务数据管理局"])


@pytest.mark.parametrize(
    ("typed", "meant", "taken"),
    [
        ("树据中心有几个项目", "数据中心有几个项目", ("树据中心", "数据中心")),
        ("局本辑的会议费", "局本级的会议费", ("局本辑", "局本级")),
        ("按钱从躲到少排", "按钱从多到少排", ("从躲到少", "从多到少")),
        ("公务接待待费是多少", "公务接待费是多少", ("接待待", "接待")),
        ("基支出是多少", "基本支出是多少", ("基支出", "基本支出")),
        ("踩购花了多少", "采购花了多少", ("踩购", "采购")),
    ],
)
def test_one_slip_is_mended_and_said(typed: str, meant: str, taken: tuple[str, str], spelling: Spelling) -> None:
    assert spelling.mended(typed) == Mended(meant, (taken,))


@pytest.mark.parametrize(
    "question",
    [
        "项目目标是什么",  # two words that meet
        "交易中心比局本级多多少",  # 多|多少
        "职业年金金额是多少",  # a name that the dictionary lacks, and what follows it
        "政数局一年花多少",  # an office by characters of its name
        "各是多少",  # words of one character that nearly always stand alone
        "三公共多少",  # numerals are never touched
        "写首诗",  # 首饰 is a word, and none of the documents
        "会一费是多少",
        "不会议费",
    ],
)
def test_what_is_no_slip_stays(question: str, spelling: Spelling) -> None:
    assert spelling.mended(question) == Mended(question)


def test_two_names_that_may_be_meant_leave_the_question() -> None:
    spelling = spelling_over({"甲建费用": 1.0, "甲健费用": 1.0}, "")
    assert spelling.mended("甲箭费用是多少").taken == ()


def test_what_the_documents_write_themselves_stays() -> None:
    spelling = spelling_over({"数据中心": 1.0}, "树据中心的项目")
    assert spelling.mended("树据中心的项目").taken == ()
