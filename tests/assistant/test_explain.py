"""What is told under an answer: where was looked, for what, and what was done with it."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from assistant.contract import Answer
from eval.questions import DEV, load_cases, turns_before

Ask, Talk = Callable[[str], Answer], Callable[..., list[Answer]]
LIST = "部门预算项目支出及其他支出预算表"
BASIC = "一般公共预算基本支出情况表（按经济分类科目）"


@pytest.mark.parametrize(
    ("question", "explanation"),
    [
        ("2010301行政运行的基本支出是多少",
         "在《支出总体情况表》、《一般公共预算支出情况表（按功能分类科目）》中查“行政运行”的“基本支出”。"),
        ("金额最大的三个项目是哪些", f"在《{LIST}》中的27个项目中按金额从大到小取前3个。"),
        ("行政服务中心第二大的项目是哪个",
         f"在《{LIST}》中的“韶关市行政服务中心的项目”（共3个项目）中按金额从大到小取排在第二的。"),
        ("超过100万元的项目一共多少钱", f"在《{LIST}》中找出“超过100万元的项目”（共8个项目），把它们的数相加。"),
        ("一共有多少个项目", f"在《{LIST}》中数出“项目”有几个。"),
        ("基本工资和津贴补贴一共多少元", f"在《{BASIC}》中查“基本工资”、“津贴补贴”，把它们相加，换算成元。"),
        ("货物类采购占政府采购的百分比", "在《四、政府采购情况》中查“货物类采购预算”、“政府采购”，用前者除以后者，化成百分比。"),
        ("行政服务中心项目支出比公共资源交易中心高，对不对",
         f"在《{LIST}》中查“韶关市行政服务中心”的“项目支出”、“韶关市公共资源交易中心”的“项目支出”，看前者是否超过后者。"),
        ("机关运行经费同比增幅是不是超过三成？",
         "在《三、机关运行经费安排情况》中查“机关运行经费”的“比上年增长率”，看是不是增加，是否超过30%。"),
        ("基本支出是什么意思", "在《第四部分 名词解释》中查“基本支出”的解释，原文引用。"),
        ("政务云服务采购项目的绩效目标是什么", f"在《{LIST}》中找“韶关市政务云服务采购项目”的绩效目标，原文引用。"),
        ("2025年三公经费是多少",
         "问的是“三公经费是多少”；问题要的是“2025年”的数，收录的只有2024年的文件，所以不答。"
         "在《财政拨款安排的行政经费及“三公”经费预算表》、《二、“三公”经费安排情况》中查“三公经费”。"),
        ("你觉得这个预算花得合理吗", "问题要的不是预算文件里的数或说明，所以没有去查。"),
        ("你好", "这不是查数的问题，没有去查文件。"),
    ],
)  # fmt: skip
def test_explanation_tells_the_plan_that_was_carried_out(question: str, explanation: str, ask: Ask) -> None:
    assert ask(question).explanation == explanation


def test_question_back_tells_what_was_unclear(ask: Ask) -> None:
    answer = ask("数字政府那个项目多少钱")
    assert answer.reason == "ambiguous"
    assert answer.explanation.startswith("问题的意思拿不准，不猜：“数字政府、项目”可能指几样")
    assert all(suggestion.text in answer.explanation for suggestion in answer.suggestions)


def test_each_part_of_a_question_has_its_sentence(ask: Ask) -> None:
    explanation = ask("基本支出是什么意思？基本工资是多少？").explanation
    assert explanation == f"在《第四部分 名词解释》中查“基本支出”的解释，原文引用。在《{BASIC}》中查“基本工资”。"


def test_every_answer_is_explained_with_every_table_that_it_cites(talk: Talk) -> None:
    files = [load_cases(path) for path in sorted(DEV.glob("*.jsonl"))]
    cases = [(case, own) for own in files for case in own if case.document is None]
    for case, own in random.Random(11).sample(cases, 150):
        answer = talk(*(turn.question for turn in turns_before(case, own)), case.question)[-1]
        tables = {f"《{citation.table}》" for citation in answer.citations if citation.table}
        assert answer.explanation.endswith("。"), case.question
        assert {table for table in tables if table not in answer.explanation} == set(), case.question
