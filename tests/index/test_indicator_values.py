"""Values of performance indicators: text to a number with its unit. (index/parsing/measures.py)"""

from decimal import Decimal

import pytest

from index.parsing.measures import measure_parts, parse_measure, unit_in_label


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("≥95%", "95", "%"),
        ("95%", "95", "%"),
        ("≥ 95 %", "95", "%"),
        ("≥９５％", "95", "%"),
        ("＝100%", "100", "%"),
        ("≧20门", "20", "门"),
        ("≤1,234.50万元", "1234.50", "万元"),
        ("6", "6", None),
        ("0", "0", None),
        ("-3%", "-3", "%"),
        ("5‰", "5", "‰"),
        ("不少于3次", "3", "次"),
        ("不低于90分", "90", "分"),
        ("不超过12.5万元", "12.5", "万元"),
        ("大于等于8个", "8", "个"),
        ("达到98%", "98", "%"),
        ("约300人次", "300", "人次"),
        ("共12场", "12", "场"),
        ("95%以上", "95", "%"),
        ("20人以上", "20", "人"),
        ("3次以下", "3", "次"),
        ("12个月", "12", "个月"),
        ("≥1次/年", "1", "次/年"),
        ("=710元/人月", "710", "元"),
        (">=100百分比", "100", "%"),
    ],
)
def test_a_number_with_a_bound_and_a_unit_is_read(text, number, unit):
    assert parse_measure(text) == (Decimal(number), unit)


@pytest.mark.parametrize(
    "text",
    [
        "显著提高",
        "",
        "—",
        "≥",
        "90%-95%",
        "90~95",
        "1、2",
        "12月底前",
        "3个月内",
        "2024年12月",
        "合格率95%",
        "20门，每门10课时",
        "完成10个项目，验收5个",
        "1.2.3",
        "5:1",
    ],
)
def test_words_ranges_terms_and_sentences_stay_text(text):
    assert parse_measure(text) is None


def test_decimals_keep_what_was_printed():
    assert str(parse_measure("≥95.50%")[0]) == "95.50"


@pytest.mark.parametrize(
    "bound",
    ["≥", "≤", ">", "<", "=", "》", "《", "~", "不小于", "不高于", "不多于", "不大于", "控制在", "完成", "等于"],
)
def test_bounds_do_not_change_the_number(bound):
    assert parse_measure(f"{bound}5项") == (Decimal(5), "项")


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("提交报告（篇）", "篇"),
        ("外勤经费标准（元/人/天）", "元"),
        ("服务企业次数（年度）", None),
        ("房屋修缮项目（小学）", None),
        ("覆盖率(%)", "%"),
    ],
)
def test_a_unit_in_brackets_behind_a_name_is_read(label, unit):
    assert unit_in_label(label) == unit


def test_a_measure_is_printed_with_its_bound_and_what_it_is_for():
    assert measure_parts("＝ 710.50元/人月") == ("=", "710.50", "/人月")
    assert measure_parts("≥1次/年") == ("≥", "1", "")
    assert measure_parts("显著提高") is None
