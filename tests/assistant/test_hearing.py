"""A question however it is typed: the same answer, and what was taken for what is said."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.words.normal import as_typed_plainly


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("項目支出佔總支出的百分之幾", "项目支出占总支出的百分之几"),
        ("５０万元以上的项目", "50万元以上的项目"),
        ("5 0 万 元 以 上 的 项 目", "50万元以上的项目"),
        ("总 预算 是 多少", "总预算是多少"),
        ("What is the total budget", "What is the total budget"),
        ("用 ORACLE 数据库的项目", "用 ORACLE 数据库的项目"),
    ],
)
def test_plain_characters(typed: str, plain: str) -> None:
    assert as_typed_plainly(typed) == plain


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("公務接待費是多少", []),
        ("公 务 接 待 费 是 多 少", []),
        ("公务接待待费是多少", ["“接待待”按“接待”理解"]),
        ("二〇二四年的公务接代费", ["“公务接代费”按“公务接待费”理解"]),
    ],
)
def test_the_answer_is_the_same_and_says_what_was_taken(typed: str, taken: list[str], ask) -> None:  # type: ignore[no-untyped-def]
    answer = ask(typed)
    assert (answer.question, answer.value, answer.unit) == (typed, Decimal("3.80"), "万元")
    assert [note.text for note in answer.notes if note.code == "taken"] == taken


@pytest.mark.parametrize(
    ("asked", "reason", "figure"),
    [
        ("四月份公务接待费是多少", "no_amount", "3.80"),
        ("每个职工平均拿多少绩效工资", "no_amount", "944.48"),
        ("2022年的公务接待费", "other_year", "3.80"),
    ],
)
def test_a_refusal_names_and_cites_what_there_is(asked: str, reason: str, figure: str, ask) -> None:  # type: ignore[no-untyped-def]
    answer = ask(asked)
    assert (answer.refused, answer.reason, answer.value) == (True, reason, None)
    assert [answer.answer[n.start : n.end] for n in answer.numbers] == [figure]
    assert figure in [c.text for c in answer.citations]


@pytest.mark.parametrize("asked", ["韶关市财政局3月电费", "局长一个月工资多少", "三月份的甲乙丙费"])
def test_a_refusal_states_no_figure_of_another_thing(asked: str, ask) -> None:  # type: ignore[no-untyped-def]
    assert ask(asked).numbers == []
