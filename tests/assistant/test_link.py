"""Words of a question to what they mean, over the labels of the shipped document."""

from __future__ import annotations

from itertools import pairwise

import pytest

from assistant.lexicon import Lexicon
from assistant.link import Reading, link


def labels(reading: Reading) -> list[str]:
    return [value for m in reading.mentions for kind in ("label", "project") for value in m.values(kind)]


def texts(reading: Reading) -> list[str]:
    return [m.text for m in reading.mentions]


@pytest.mark.parametrize(
    ("question", "longest"),
    [
        ("公务用车运行维护费是多少", "公务用车运行维护费"),
        ("机关事业单位基本养老保险缴费支出是多少", "机关事业单位基本养老保险缴费支出"),
        ("其他行政事业单位养老支出是多少", "其他行政事业单位养老支出"),
        ("对个人和家庭的补助是多少", "对个人和家庭的补助"),
        ("其他商品和服务支出是多少", "其他商品和服务支出"),
    ],
)
def test_longest_label_wins(question: str, longest: str, lexicon: Lexicon) -> None:
    reading = link(question, lexicon)
    assert longest in texts(reading)
    assert longest in labels(reading)


@pytest.mark.parametrize(
    ("typo", "label"),
    [("公务接代费", "公务接待费"), ("办工费", "办公费"), ("物业管里费", "物业管理费"), ("住房公基金", "住房公积金")],
)
def test_slip_is_read_by_its_sound(typo: str, label: str, lexicon: Lexicon) -> None:
    reading = link(f"{typo}是多少", lexicon)
    assert label in labels(reading)
    assert [(m.text, m.typo) for m in reading.typos()] == [(typo, label)]


@pytest.mark.parametrize("question", ["非税收入是多少", "非公务接待费是多少", "不公务用车购置", "未休年休假补贴"])
def test_negation_is_never_a_slip(question: str, lexicon: Lexicon) -> None:
    assert link(question, lexicon).typos() == []


def test_right_spelling_is_no_slip(lexicon: Lexicon) -> None:
    assert link("公务接待费和办公费一共多少", lexicon).typos() == []


@pytest.mark.parametrize("word", ["幼儿园", "火星探测", "魑魅魍魉"])
def test_unknown_word_stays_unknown(word: str, lexicon: Lexicon) -> None:
    reading = link(f"{word}的办公费是多少", lexicon)
    assert word in "".join(m.text for m in reading.unknown())
    assert "办公费" in labels(reading)


@pytest.mark.parametrize("mark", "，。；：？！")
def test_hard_break_is_not_crossed(mark: str, lexicon: Lexicon) -> None:
    """A label whose two halves stand in two clauses is no label."""
    assert "公务接待费" not in texts(link(f"公务{mark}接待费是多少", lexicon))


@pytest.mark.parametrize(
    "question", ["公务 接待费是多少", "“公务接待费”是多少", "公务接待费：是多少", "公務接待費是多少"]
)
def test_soft_marks_are_crossed(question: str, lexicon: Lexicon) -> None:
    assert "公务接待费" in labels(link(question, lexicon))


def test_mentions_cover_the_question_in_order(lexicon: Lexicon) -> None:
    reading = link("行政服务中心的项目支出占总支出的百分之几？", lexicon)
    assert "".join(texts(reading)) == reading.text
    assert all(before.end == after.start for before, after in pairwise(reading.mentions))


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("行政服务中心的基本支出", "韶关市行政服务中心"),
        ("公共资源交易中心的基本支出", "韶关市公共资源交易中心"),
        ("数据事务中心的项目支出", "韶关市数据事务中心"),
    ],
)  # fmt: skip
def test_unit_is_known_by_its_short_name(question: str, unit: str, lexicon: Lexicon) -> None:
    reading = link(question, lexicon)
    assert [m.values("unit") for m in reading.of("unit")] == [[unit]]


def test_department_is_known_by_its_abbreviation(lexicon: Lexicon) -> None:
    reading = link("政数局的总预算是多少", lexicon)
    assert [m.values("department") for m in reading.of("department")] == [["韶关市政务服务数据管理局"]]


@pytest.mark.parametrize("question", ["", "？", " ", "a", "。。。"])
def test_next_to_nothing_is_read(question: str, lexicon: Lexicon) -> None:
    assert link(question, lexicon).question == question


def test_manner_written_by_ear_is_no_unknown_word(lexicon: Lexicon) -> None:
    reading = link("房屋一共有多大面及", lexicon)
    assert not reading.unknown()


def test_what_is_disclaimed_names_nothing(lexicon: Lexicon) -> None:
    reading = link("不是基本支出，是项目支出里的培训费", lexicon)
    assert [m.values("column") for m in reading.of("column")] == [["项目支出"]]
    assert link("水费是多少元，不要万元", lexicon).of("money")[-1].values("money") == ["元"]


def test_a_premise_with_not_is_no_disclaimer(lexicon: Lexicon) -> None:
    assert link("公务接待费不是基本支出吗", lexicon).of("column")
