"""The verifier stops what its sources do not bear out: right answers of the shipped document, altered one by one."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest

import assistant.answering
from assistant.answer import Assistant
from assistant.evidence import Value
from assistant.saying.compose import named
from assistant.saying.labels import fact_label
from assistant.saying.stated_names import UnverifiedError, row_names
from assistant.saying.text import AnswerText, Named, NumberSpan
from assistant.saying.verify import verify
from index.facts import Fact
from index.sql.store import Store
from tests.assistant.mutations import Others, composed_mutants, edited, replaced

QUESTIONS = [
    "公务接待费是多少", "住房公积金是多少", "2010301行政运行的基本支出是多少", "总预算是多少", "支出总计用元表示是多少",
    "三公经费是多少亿元", "外交支出是多少", "会议费是多少", "本年收入合计是多少", "涉密项目多少钱",
    "政务云服务采购项目多少钱", "行政服务中心的基本支出是多少", "公共资源交易中心商品和服务支出是多少",
    "行政服务中心对个人和家庭的补助是多少", "房屋面积多少平方米", "车辆有几辆", "政府采购安排多少", "收入预算比上年增加多少",
    "公务用车运行维护费比上年减少多少", "基本支出和项目支出各是多少", "办公费、水费和电费分别是多少",
    "三公经费占总支出的百分之几", "货物类采购占政府采购的百分之几", "退休费占对个人和家庭的补助的比例",
    "行政服务中心的项目支出是公共资源交易中心的几倍", "住房保障支出和卫生健康支出一共多少",
    "基本工资、津贴补贴和奖金合计是多少", "办公费和差旅费相差多少", "商品和服务支出比工资福利支出少多少",
    "公务用车购置和公务接待费哪个多", "项目的平均金额是多少", "一共有多少个项目", "金额最大的三个项目是哪些",
    "超过100万元的项目有哪些", "各单位的项目支出分别是多少", "培训费是50万吧？", "外交支出是0吗",
    "政务云服务采购项目的绩效目标是什么", "基本支出是什么意思", "数据事务中心的职责是什么", "收入增加的原因是什么",
    "内设机构有哪些", "下属单位有哪些",
]  # fmt: skip
OTHER_UNIT = {"万元": "亿元", "亿元": "万元", "元": "万元", "%": "倍", "平方米": "辆", "辆": "台", "个": "%", "倍": "%"}
UNIT = re.compile("|".join(sorted(OTHER_UNIT, key=len, reverse=True)))


@dataclass
class Given:
    """What the product handed to its verifier; `others` are the arguments after the derivation."""

    answer: AnswerText
    question: str
    derivation: str | None
    others: tuple[Any, ...] = ()

    def verify(self, answer: AnswerText | None = None) -> None:
        """Verify an altered text, or this one, with all else as the product gave it."""
        verify(self.answer if answer is None else answer, self.question, self.derivation, *self.others)


def given_for(question: str, over: Assistant) -> Given:
    """The text of an answer on the product's own path, caught on its way into the verifier."""
    caught: list[Given] = []

    def catching(answer: AnswerText, asked: str, derivation: str | None, *others: Any) -> None:
        caught.append(Given(answer, asked, derivation, others))
        caught[-1].verify()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assistant.answering, "verify", catching)
        answer = over.ask(question)
    assert not answer.refused, f"{question}: {answer.answer}"
    own = [given for given in caught if given.question == question]  # beside it suggestions may be looked up
    assert len(own) == 1, question
    return own[0]


def mutants(given: Given, store: Store) -> Iterator[tuple[str, AnswerText]]:
    """Each way in which the answer could be wrong, with its kind."""
    yield from numbers_altered(given.answer)
    yield from names_altered(given, store)
    yield from figures_invented(given.answer)
    yield from quotations_altered(given.answer)


def numbers_altered(answer: AnswerText) -> Iterator[tuple[str, AnswerText]]:
    for span in answer.numbers:
        printed = answer.text[span.start : span.end]
        for offset, character in enumerate(printed):
            if character.isdigit():
                digit = str((int(character) + 1) % 10)
                at = span.start + offset
                yield "digit", edited(answer, at, at + 1, digit)
        point = printed.find(".")
        if point >= 0 and Decimal(printed.replace(",", "")):
            yield "decimal point", edited(answer, span.start + point, span.start + point + 1, "")
        unit = UNIT.match(answer.text, span.end)
        if unit and (span.value.amount or unit[0] not in ("万元", "亿元", "元")):
            yield "unit", edited(answer, span.end, unit.end(), OTHER_UNIT[unit[0]])
            if span.value.unit and span.value.label != "数量":  # 共4单位 is awkward, not wrong
                yield "unit dropped", edited(answer, span.end, unit.end(), "")
        fact = span.value.facts[0] if span.value.facts else None
        if fact and fact.column_name.startswith("比上年") and fact.value:
            yield "direction", replaced(replaced(answer, "增加", "降低"), "减少", "增加")


def names_altered(given: Given, store: Store) -> Iterator[tuple[str, AnswerText]]:
    answer = given.answer
    facts = [
        s.value.facts[0] for s in answer.numbers if s.value.facts and not s.value.computed and s.value.label != "数量"
    ]
    if not facts:
        return
    others = [f for f in store.facts(roles=["item", "project"]) if f.source == "cell" and f.value != facts[0].value]
    for fact in facts[:3]:
        own = max((n for n in (fact_label(fact), fact.label, *row_names(fact)) if n in answer.text), key=len)
        other = next(
            (f.name for f in others if f.name not in answer.text and not any(n in f.name for n in row_names(fact))), ""
        )
        if other:
            yield "row", replaced(answer, own, other)
    yield "year", replaced(answer, "2024年韶关", "2023年韶关")
    yield "department", replaced(answer, f"年{facts[0].department}", "年韶关市财政局")
    columns = [f.column_name for f in facts if f.column_name and not f.column_name.startswith("比上年")]
    for column in columns[:1]:
        yield "column", replaced(answer, column, "上缴上级支出")
    units = [f.budget_unit for f in facts if f.budget_unit and f.role == "item"]
    for unit in units[:1]:
        yield "unit of organisation", replaced(answer, unit, "韶关市数据事务中心")


def figures_invented(answer: AnswerText) -> Iterator[tuple[str, AnswerText]]:
    end = len(answer.text)
    for words in ("其中用于宣传77.31万元。", "约占四成，即41.7%。", "另有三百五十万元。", "共涉及9873人。"):
        yield "invented figure", edited(answer, end, end, words)
    yield "invented figure", edited(answer, 0, 0, "去年为6,543.21万元，")


def quotations_altered(answer: AnswerText) -> Iterator[tuple[str, AnswerText]]:
    for quote in answer.quotes:
        middle = (quote.start + quote.end) // 2
        yield "quotation", edited(answer, middle, middle + 1, "龘")
        yield "quotation", edited(answer, middle, middle, "不")
        cut = (quote.end - quote.start) // 3
        yield "quotation", edited(answer, quote.start + cut, quote.start + 2 * cut, "")
        for digit in re.finditer(r"\d", answer.text[quote.start : quote.end]):
            at = quote.start + digit.start()
            yield "digit of a quotation", edited(answer, at, at + 1, str((int(digit[0]) + 1) % 10))


def survivors(given: Given, store: Store) -> list[str]:
    """The altered texts that pass."""
    passed = []
    for kind, answer in mutants(given, store):
        assert answer.text != given.answer.text, kind
        try:
            given.verify(answer)
        except UnverifiedError:
            continue
        passed.append(f"{kind}: {answer.text[:160]}")
    return passed


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_altered_answer_is_stopped(question: str, assistant: Assistant, shipped_store: Store) -> None:
    given = given_for(question, assistant)
    assert survivors(given, shipped_store) == []


def test_alterations_are_many_and_of_every_kind(assistant: Assistant, shipped_store: Store) -> None:
    made = Counter(kind for q in QUESTIONS for kind, _ in mutants(given_for(q, assistant), shipped_store))
    assert made.total() > 800
    for kind in ("digit", "decimal point", "unit", "unit dropped", "row", "year", "department", "column", "direction",
                 "unit of organisation", "invented figure", "quotation", "digit of a quotation"):  # fmt: skip
        assert made[kind] >= 2, kind


# --- what a slip of the composer would look like -------------------------------------------------------------------
@pytest.mark.parametrize("question", ["公务接待费是多少", "政务云服务采购项目多少钱", "行政服务中心的基本支出是多少"])
def test_value_of_another_cell_is_stopped(question: str, assistant: Assistant, shipped_store: Store) -> None:
    given = given_for(question, assistant)
    span = given.answer.numbers[0]
    other = next(f for f in shipped_store.facts(table_kinds=["basic_by_economic"]) if f.name == "印刷费")
    for value in (
        replace(span.value, facts=(other,)), replace(span.value, facts=()), replace(span.value, amount=Decimal("2.00")),
    ):  # fmt: skip
        altered = copy(given.answer)
        altered.numbers = [replace(span, value=value), *given.answer.numbers[1:]]
        with pytest.raises(UnverifiedError):
            given.verify(altered)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("33.80", "33.81"),
        ("8,124.85", "8,124.80"),
        ("0.42%", "0.43%"),
        ("÷", "−"),
        ("33.80 ÷ 8,124.85", "8,124.85 ÷ 33.80"),
    ],
)
def test_derivation_that_does_not_hold_is_stopped(old: str, new: str, assistant: Assistant) -> None:
    given = given_for("三公经费占总支出的百分之几", assistant)
    assert given.derivation is not None and old in given.derivation
    with pytest.raises(UnverifiedError):
        replace(given, derivation=given.derivation.replace(old, new)).verify()


def test_computed_number_without_derivation_is_stopped(assistant: Assistant) -> None:
    given = given_for("住房保障支出和卫生健康支出一共多少", assistant)
    with pytest.raises(UnverifiedError):
        replace(given, derivation=None).verify()


def test_sign_dropped_or_added_is_stopped(office_assistant: Assistant) -> None:
    """A cell of −5.00 said as 5.00."""
    given = given_for("其他支出是多少", office_assistant)
    span = given.answer.numbers[0]
    assert given.answer.text[span.start : span.end] == "-5.00"
    with pytest.raises(UnverifiedError):
        given.verify(edited(given.answer, span.start, span.start + 1, ""))


def test_blank_cell_is_no_source(shipped_store: Store) -> None:
    fact = next(f for f in shipped_store.facts(table_kinds=["basic_by_economic"]) if f.name == "印刷费")
    blank: Fact = replace(fact, value=None, text="")
    value = Value(Decimal("2.00"), "万元", "印刷费", (blank,))
    scope = Named(f"2024年{fact.department}：", (blank,))
    answer = AnswerText().fill("value", scope=scope, label=named("印刷费", value), number=value)
    with pytest.raises(UnverifiedError):
        verify(answer, "印刷费是多少", None)


def test_number_without_span_is_stopped_even_when_it_is_right(assistant: Assistant) -> None:
    """A figure that no record stands for has no citation."""
    given = given_for("公务接待费是多少", assistant)
    bare = copy(given.answer)
    spans: list[NumberSpan] = []
    bare.numbers = spans
    with pytest.raises(UnverifiedError):
        given.verify(bare)


def test_number_of_the_question_may_be_repeated(assistant: Assistant) -> None:
    given = given_for("超过100万元的项目有哪些", assistant)
    assert "超过100万元" in given.answer.text
    given.verify()


def test_stopped_answer_becomes_a_refusal(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stopping(*_: object) -> None:
        raise UnverifiedError("没有出处的数：1")

    monkeypatch.setattr("assistant.answering.verify", stopping)
    answer = assistant.ask("公务接待费是多少")
    assert answer.refused and answer.reason == "not_found" and answer.value is None
    assert "3.80" not in answer.answer
    assert [note.code for note in answer.notes] == ["unverified"]
    assert [r.levelname for r in caplog.records if "没有出处的数：1" in r.getMessage()] == ["ERROR"]
    caplog.clear()
    assert assistant.ask("公务接待费是多少", alone=True).stops  # which nobody waits for
    assert not [r for r in caplog.records if r.levelname == "ERROR"]


def test_a_name_of_the_table_in_place_of_the_column_is_stopped(assistant: Assistant) -> None:
    """甲的一般公共预算 for 甲的项目支出, in a table of the general public budget: all words are the cell's, its column is not said."""
    given = given_for("一般公共服务支出的项目支出占一般公共服务支出的百分之几", assistant)
    drawn = (
        text for seed in range(9) for kind, text in composed_mutants(given.answer, Others([], ["一般公共预算"], [], []), random.Random(seed))
        if kind == "column"
    )  # fmt: skip
    altered = next(text for text in drawn if "其中：一般公共服务支出的一般公共预算 4,360.41万元" in text.text)
    with pytest.raises(UnverifiedError, match="哪一栏"):
        given.verify(altered)
