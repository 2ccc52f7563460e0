"""Numbers in a question: what is read where, in which unit, with which bound."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.words.quantities import Quantity, asked_count, number, quantities


def kinds(question: str, kind: str) -> list[Quantity]:
    return [q for q in quantities(question) if q.kind == kind]


def amount(question: str) -> tuple[str, str | None, str | None]:
    """The one amount of a question: value, unit, operator."""
    found = kinds(question, "amount")
    assert len(found) == 1, found
    return f"{found[0].value.normalize():f}", found[0].unit, found[0].operator


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,200", "1200"),
        ("0.5", "0.5"),
        ("五十", "50"),
        ("两百", "200"),
        ("一千二百", "1200"),
        ("十五", "15"),
        ("8,124.85", "8124.85"),
    ],
)
def test_number_reads_digits_and_chinese_numerals(text: str, value: str) -> None:
    assert number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "办公费", "1.2.3"])
def test_number_refuses_words(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        number(text)


@given(st.integers(0, 10**12))
def test_number_of_digits_round_trips(n: int) -> None:
    assert number(str(n)) == number(f"{n:,}") == n


@given(st.integers(1, 99_999_999))
def test_number_of_chinese_numerals_round_trips(n: int) -> None:
    assert number(cn2an.an2cn(n)) == n


@given(st.decimals(0, 10**9, places=2))
def test_decimals_stay_exact(value: Decimal) -> None:
    assert amount(f"办公费是{value}万元吗")[0] == f"{value.normalize():f}"


@pytest.mark.parametrize(
    ("question", "value", "unit", "operator"),
    [
        ("培训费是50万吧", "50", "万元", None),
        ("超过100万元的项目", "100", "万元", "gt"),
        ("一百万以上的项目", "100", "万元", "ge"),
        ("100万元以上的项目", "100", "万元", "ge"),
        ("不低于20万的项目", "20", "万元", "ge"),
        ("至少20万的项目", "20", "万元", "ge"),
        ("不超过20万的项目", "20", "万元", "le"),
        ("20万以内的项目", "20", "万元", "le"),
        ("不到十万的项目", "10", "万元", "lt"),
        ("低于1亿元的科目", "1", "亿元", "lt"),
        ("20万以下的项目", "20", "万元", "lt"),
        ("是500块钱吗", "500", "元", None),
        ("超过1000平米吗", "1000", "平方米", "gt"),
        ("有6辆车", "6", "辆", None),
        ("增长38.8%吗", "38.8", "%", None),
        ("占比超过30%吗", "30", "%", "gt"),
        ("增长10个百分点", "10", "%", None),
    ],
)
def test_amount_with_unit_and_bound(question: str, value: str, unit: str, operator: str | None) -> None:
    assert amount(question) == (value, unit, operator)


@pytest.mark.parametrize(
    "question", ["60万到120万之间的项目", "在60万元至120万元之间", "60~120万元的项目", "介于60万和120万之间"]
)
def test_between_is_two_conditions(question: str) -> None:
    low, high = kinds(question, "amount")
    assert (low.value, low.unit, low.operator) == (60, "万元", "ge")
    assert (high.value, high.unit, high.operator) == (120, "万元", "le")


def test_bound_left_out_of_a_range_is_strict() -> None:
    low, high = kinds("60万（不含）到120万（含）的项目", "amount")
    assert (low.operator, high.operator) == ("gt", "le")


@pytest.mark.parametrize(
    ("question", "operator"),
    [("为0的科目", "eq"), ("不为0的科目", "gt"), ("有安排的科目", "gt"), ("没安排的科目", "eq")],
)
def test_zero_is_a_condition(question: str, operator: str) -> None:
    assert amount(question) == ("0", "元", operator)


@pytest.mark.parametrize(
    ("question", "value", "operator"),
    [
        ("占比在九成以上", "90", "ge"),
        ("超过三成", "30", "gt"),
        ("不到两成", "20", "lt"),
        ("超过三分之一", "33.33", "gt"),
        ("占二分之一吗", "50", None),
    ],
)
def test_tenths_and_fractions_are_per_cent(question: str, value: str, operator: str | None) -> None:
    assert amount(question) == (value, "%", operator)


@pytest.mark.parametrize("question", ["成本是多少", "完成了吗", "成立时间", "成果有哪些"])
def test_words_with_cheng_are_no_tenths(question: str) -> None:
    assert quantities(question) == []


@pytest.mark.parametrize(
    ("question", "year"),
    [("2024年总预算", 2024), ("2023年度的办公费", 2023), ("22年的办公费", 2022), ("2025财年", 2025)],
)
def test_years(question: str, year: int) -> None:
    assert [q.value for q in quantities(question)] == [year]
    assert quantities(question)[0].kind == "year"


@pytest.mark.parametrize(
    ("question", "offset"), [("去年的办公费", -1), ("上年度", -1), ("前年", -2), ("明年预算", 1), ("后年", 2)]
)
def test_relative_years(question: str, offset: int) -> None:
    assert [(q.kind, q.value) for q in quantities(question)] == [("relative_year", offset)]


def test_year_in_an_items_name_is_no_relative_year() -> None:
    assert quantities("上年结转是多少") == []


def test_number_of_money_is_no_year() -> None:
    assert amount("超过2000万元的项目")[:2] == ("2000", "万元")
    assert kinds("超过2000万元的项目", "year") == []


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("208类05款99项", "2080599"),
        ("201类03款是多少", "20103"),
        ("2010301是多少", "2010301"),
        ("20805的预算", "20805"),
        ("301是什么", "301"),
    ],
)
def test_codes(question: str, code: str) -> None:
    assert [q.text for q in quantities(question)] == [code]
    assert quantities(question)[0].kind == "code"


@pytest.mark.parametrize("question", ["12345热线", "300个项目", "301万元的项目", "123.45是什么"])
def test_other_numbers_are_no_codes(question: str) -> None:
    assert [q for q in kinds(question, "code") if q.text != "12345"] == []


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        ("第二大的项目", "第", 2),
        ("排第三名的", "第", 3),
        ("前三个项目", "前", 3),
        ("头五名", "前", 5),
        ("最大的3个项目", "前", 3),
        ("最小的两个项目", "后", 2),
        ("后两名", "后", 2),
        ("top 5的项目", "前", 5),
    ],
)  # fmt: skip
def test_ranks(question: str, text: str, value: int) -> None:
    assert [(q.text, q.value) for q in kinds(question, "rank")] == [(text, value)]


@pytest.mark.parametrize("question", ["第二部分讲什么", "第三张表", "第九千万个"])
def test_parts_and_tables_are_no_ranks(question: str) -> None:
    assert kinds(question, "rank") == []


@pytest.mark.parametrize(("question", "places"), [("保留两位小数", 2), ("精确到一位小数", 1), ("保留3位小数", 3)])
def test_decimals_wanted(question: str, places: int) -> None:
    assert [q.value for q in kinds(question, "decimals")] == [places]


def test_numbering_in_front_of_a_label() -> None:
    assert [q.text for q in kinds("二十三、其他支出是多少", "numbering")] == ["二十三"]


@given(st.text(alphabet="第前后一二三四两亿万元以上下到至、年类款项%0123456789.,超过不分之保留位小数个", max_size=24))
def test_any_text_is_read_without_overlaps(text: str) -> None:
    found = quantities(text)
    assert all(0 <= q.start < q.end <= len(text) for q in found)
    assert all(before.end <= after.start for before, after in pairwise(found))


@pytest.mark.parametrize(
    ("question", "unit"),
    [("每期印多少册", "册"), ("要培训多少人次", "人次"), ("至少要拨给几家单位", "家"), ("三家多少钱", None), ("花了几万元", None),
     ("人均多少元", None), ("多少人，多少辆车", None), ("邮电费几个钱", None), ("涉及多少项目资金", None),
     ("要扶持几个项目", "个"), ("要接待多少来访的群众", "人次"), ("有多少管仓库的人", "人次"),
     ("多少钱发给看门的人", None), ("公务接待几批", "批"), ("多久要响应", "小时"),
     ("下属那几家单位里谁最多", None), ("前几家单位", None)],
)  # fmt: skip
def test_the_measure_word_that_a_number_is_asked_in(question: str, unit: str | None) -> None:
    assert next(iter(asked_count(question)), None) == unit
