"""Short conversations on the shipped document; the plans go back and forth as a client sends them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from assistant.contract import Answer

Talk = Callable[..., list[Answer]]


def given(answer: Answer) -> tuple[list[str], str | None]:
    """Values and unit of an answer that was not refused."""
    assert not answer.refused, answer.answer
    values = answer.value if isinstance(answer.value, list) else [answer.value]
    return [f"{Decimal(str(v)).normalize():f}" for v in values], answer.unit


CONVERSATIONS = [
    # another unit of money
    ["总预算是多少", (["8124.85"], "万元"), "换成亿元", (["0.812485"], "亿元"), "那用元表示呢", (["81248500"], "元")],
    ["公务用车购置费是多少", (["18"], "万元"), "换成元", (["180000"], "元")],
    # another column, another row, another unit of organisation
    ["一般公共服务支出是多少", (["7126.41"], "万元"), "其中基本支出呢", (["2766"], "万元"), "项目支出呢", (["4360.41"], "万元")],
    ["奖金是多少", (["220.04"], "万元"), "绩效工资呢", (["944.48"], "万元")],
    ["行政服务中心的基本支出是多少", (["727.81"], "万元"), "公共资源交易中心呢", (["2403.46"], "万元")],
    # a share of what was spoken of
    ["政务云服务采购项目多少钱", (["200"], "万元"), "它占项目支出的百分之几", (["4.59"], "%")],
    ["三公经费是多少", (["33.8"], "万元"), "占总支出的百分之几", (["0.42"], "%")],
    ["三公经费由哪几项构成", (["0", "30", "3.8"], "万元"), "公务接待费占几成", (["11.24"], "%")],
    ["金额最大的三个项目是哪些", (["1950.02", "700", "305"], "万元"), "其中工资福利支出占几成", (["40.74"], "%")],
    # what was counted in the same question, and not what was spoken of before
    ["三公经费是多少", (["33.8"], "万元"), "有几个单位，分别多少钱", (["3729.69", "1463.69", "2863.46", "68"], "万元")],
    # where all the money comes from, after all of it
    ["总预算是多少", (["8124.85"], "万元"), "这钱哪来的", (["8124.85", "0", "0", "0", "0", "0"], "万元")],
    # the nth, the sum and the number of a list
    ["金额最大的三个项目是哪些", (["1950.02", "700", "305"], "万元"), "第二个是多少", (["700"], "万元")],
    ["金额最大的三个项目是哪些", (["1950.02", "700", "305"], "万元"), "一共多少", (["2955.02"], "万元")],
    ["金额最大的项目是哪个", (["1950.02"], "万元"), "第二大的呢", (["700"], "万元"), "最小的呢", (["0.94"], "万元")],
    # the change against last year
    ["总收入是多少", (["8124.85"], "万元"), "比上年增加多少", (["2271.64"], "万元")],
    ["公务用车运行维护费是多少", (["12"], "万元"), "跟去年比呢", (["2"], "万元")],
    # a correction
    ["培训费是多少", (["6.5", "4"], "万元"), "不是，我问的是会议费", (["1.3"], "万元")],
    # each of two, against a whole; both scopes of a row; a member left out; a unit after a ranking
    ["基本支出和项目支出分别是多少", (["3764.44", "4360.41"], "万元"), "各占总支出的比例是多少", (["46.33", "53.67"], "%")],
    ["会议费的基本支出是多少", (["1.3"], "万元"), "行政运行的基本支出呢", (["971.48"], "万元")],
    ["培训费的基本支出是多少", (["6.5"], "万元"), "基本支出、项目支出两张表加在一起呢", (["10.5"], "万元")],
    ["局本级金额最大的项目是哪个", (["1950.02"], "万元"), "除了它，局本级哪个项目最贵", (["200"], "万元")],
    ["基本支出最多的单位是哪个", (["2403.46"], "万元"), "行政服务中心是多少", (["727.81"], "万元")],
    ["政府采购预算是多少", (["1500.68"], "万元"), "货物、工程、服务分别多少", (["634.34", "66.1", "800.24"], "万元")],
    # what is left of a set, added up and one by one
    ["三公经费多少", (["33.8"], "万元"), "其中接待呢", (["3.8"], "万元"), "剩下两项加起来多少", (["30"], "万元"),
     "剩下两项分别是多少", (["0", "30"], "万元")],
    ["各单位项目支出各多少", (["3096.53", "735.88", "460", "68"], "万元"), "最多的是哪家", (["3096.53"], "万元"),
     "其余三家合计呢", (["1263.88"], "万元")],
    # the one part of a class is no ranking: its parts are
    ["社会保障和就业支出是多少", (["594.09"], "万元"), "最小的那个呢", (["17.02"], "万元")],
    # what is inside a unit stays inside it, under whatever name its table prints the row
    ["行政服务中心要花多少钱", (["1463.69"], "万元"), "其中工资福利支出有多少", (["611.33"], "万元")],
    # what is complete in itself leans on nothing
    ["行政服务中心要花多少钱", (["1463.69"], "万元"), "政府采购预算是多少", (["1500.68"], "万元")],
    ["公务接待费是多少", (["3.8"], "万元"), "公共资源交易中心那边一年用多少钱", (["2863.46"], "万元")],
    # two answers compared
    ["基本支出是多少", (["3764.44"], "万元"), "项目支出呢", (["4360.41"], "万元"), "两个差多少", (["595.97"], "万元")],
]  # fmt: skip


@pytest.mark.parametrize("turns", CONVERSATIONS, ids=lambda turns: "-".join(turns[::2]))
def test_conversation(turns: list, talk: Talk) -> None:
    answers = talk(*turns[::2])
    assert [given(answer) for answer in answers] == turns[1::2]


def test_of_two_that_were_asked_for_side_by_side_one_is_the_larger(talk: Talk) -> None:
    larger = talk("印刷费的项目支出多少，邮电费的项目支出多少", "这两个哪个多")[1]
    assert given(larger) == (["14.7"], "万元")
    assert "印刷费" in larger.answer and "邮电费" in larger.answer


def test_nothing_leans_on_a_question_that_was_asked_back(talk: Talk) -> None:
    answers = talk("公务接待费是多少", "最贵的那个呢", "它为什么要花这么多")
    assert answers[1].plan["parts"][0]["part"] == "clarify", answers[1].answer
    assert "公务接待费" not in answers[2].answer


def test_no_verdict_is_given_of_what_was_only_asked_back(talk: Talk) -> None:
    asked, verdict = talk("政务云服务采购项目多少钱", "这钱哪来的", "够不够花")[1:]
    assert (asked.reason, verdict.reason) == ("ambiguous", "ambiguous"), verdict.answer
    assert verdict.value is None and not verdict.numbers


def test_which_unit_is_of_the_units_and_not_of_the_parts_of_what_was_spoken_of(talk: Talk) -> None:
    assert given(talk("社保支出多少", "哪家单位花得最多")[1]) == (["3729.69"], "万元")
    asked = talk("卫生健康上花了多少", "哪个单位花得最少")[1]
    assert asked.reason == "ambiguous" and "各单位预算中金额最小的是哪个" in asked.answer


def test_what_was_defined_is_spoken_of(talk: Talk) -> None:
    assert given(talk("什么是三公经费", "一共多少")[1]) == (["33.8"], "万元")


def test_what_is_not_inside_a_unit_is_not_given_of_all(talk: Talk) -> None:
    assert talk("行政服务中心要花多少钱", "其中印刷费多少")[1].refused


def test_what_was_not_there_is_spoken_of_still(talk: Talk) -> None:
    refused, projects = talk("行政服务中心的基本支出是多少", "数据事务中心的呢", "它的项目支出是多少")[1:]
    assert (refused.refused, refused.value) == (True, None)
    assert given(projects) == (["68"], "万元")


def test_two_amounts_that_differ_are_held_against_each_other_by_their_tables(talk: Talk) -> None:
    answer = talk("住房公积金是多少", "按经济分类的", "和功能分类表里的差多少")[-1]
    assert given(answer) == (["3"], "万元")
    assert "understood" in {note.code for note in answer.notes}


def test_what_a_project_is_to_reach_is_quoted(talk: Talk) -> None:
    answer = talk("公共资源交易一体化平台运维运营服务项目多少钱", "它的安全等级保护测评怎么要求")[-1]
    assert answer.value is None and "网络安全等级保护第三级" in answer.answer


@pytest.mark.parametrize(("asked", "amount"), [
    (("工资福利支出是多少", "奖金呢", "加起来"), "3309.75"),
    (("三公经费多少", "公务接待费呢", "两个加起来"), "33.80"),
    (("总预算多少", "项目支出呢", "加起来"), "8124.85"),
    (("基本支出多少", "项目支出呢", "加起来"), "8124.85"),
    (("总支出和项目支出合计多少",), "8124.85"),
    (("公务接待费多少", "奖金呢", "加起来"), "223.84"),
])  # fmt: skip
def test_part_is_not_added_to_what_has_it_already(talk: Talk, asked: tuple[str, ...], amount: str) -> None:
    assert talk(*asked)[-1].value == Decimal(amount)


def test_share_keeps_its_derivation(talk: Talk) -> None:
    assert talk("政务云服务采购项目多少钱", "它占项目支出的百分之几")[-1].derivation == "200.00 ÷ 4,360.41 = 4.59%"


def test_target_of_the_project_spoken_of(talk: Talk) -> None:
    answer = talk("金额最大的项目是哪个", "它的绩效目标是什么")[-1]
    assert not answer.refused and "初步实现全省数字政府基础能力均衡化发展" in answer.answer
    assert [c.kind for c in answer.citations] == ["passage"]


def test_other_year_then_this_one(talk: Talk) -> None:
    refused, answer = talk("2023年总预算是多少", "2024年呢")
    assert refused.reason == "other_year"
    assert given(answer) == (["8124.85"], "万元")


def test_full_question_forgets_what_was_before(talk: Talk) -> None:
    alone = talk("公务接待费是多少")[0]
    after = talk("金额最大的三个项目是哪些", "行政服务中心的基本支出是多少", "公务接待费是多少")[-1]
    assert (after.answer, after.value, after.plan["parts"]) == (alone.answer, alone.value, alone.plan["parts"])


@pytest.mark.parametrize("question", ["换成元", "那它占多少", "第二个呢", "为什么"])
def test_leaning_on_nothing_gives_no_number(question: str, talk: Talk) -> None:
    answer = talk(question)[0]
    assert answer.value is None and not answer.numbers
    assert answer.refused or answer.reason == "ambiguous" or answer.citations


@pytest.mark.parametrize("before", ["各单位项目支出谁最多", "食堂花多少", "行政运行的项目支出是多少"])
def test_row_named_in_full_leans_on_nothing(before: str, talk: Talk) -> None:
    """No column of the turn before is kept: 住房公积金 is asked for, not its project expenditure."""
    alone = talk("公积金交多少")[0]
    assert given(talk(before, "公积金交多少")[-1]) == given(alone)


def test_refusal_between_two_turns_is_passed_over(talk: Talk) -> None:
    answers = talk("总预算是多少", "今天天气怎么样", "换成元")
    assert answers[1].refused
    assert given(answers[2]) == (["81248500"], "元")


def test_follow_up_names_its_figures_anew(talk: Talk) -> None:
    """Every turn can be read, and checked, alone."""
    for answer in talk("奖金是多少", "绩效工资呢", "换成元"):
        assert "2024年韶关市政务服务数据管理局" in answer.answer
        assert answer.numbers and all(n.citations for n in answer.numbers)
