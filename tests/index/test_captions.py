"""What stands above a table: title, number, unit of money, owner."""

import pytest

from index.captions import Caption, is_title, number_of, owner_of, read_caption, split_number, unit_of
from index.model import Paragraph, Place


def caption(*lines: str) -> Caption:
    return read_caption([Paragraph(text=text, place=Place(line=n)) for n, text in enumerate(lines, 1)])


@pytest.mark.parametrize(
    ("printed", "title", "number"),
    [
        ("公开01表：收支预算总表", "收支预算总表", "1"),
        ("公开10表：部门收入总表", "部门收入总表", "10"),
        ("预算03表 支出预算总表", "支出预算总表", "3"),
        ("附表2：政府采购预算表", "政府采购预算表", "2"),
        ("表3-1 项目支出明细表", "项目支出明细表", "3-1"),
        ("表5、“三公”经费预算表", "“三公”经费预算表", "5"),
        ("一、收支预算总表", "收支预算总表", None),
        ("（二）支出预算表", "支出预算表", None),
        ("12.支出预算表", "支出预算表", None),
        ("2024年收支预算总表", "2024年收支预算总表", None),
        ("236-基本办学条件专项绩效目标表", "236-基本办学条件专项绩效目标表", None),
        ("236人才计划专项绩效目标表", "236人才计划专项绩效目标表", None),
        ("2024年度部门支出情况表", "2024年度部门支出情况表", None),
        ("收支预算总表（2024年）", "收支预算总表（2024年）", None),
        ("三公经费支出情况", "三公经费支出情况", None),
    ],
)
def test_a_number_is_parted_from_its_title(printed, title, number):
    found = caption(printed)
    assert (found.title, found.number) == (title, number)
    assert split_number(printed) == (title, number)


@pytest.mark.parametrize("text", ["3个项目", "2024", "第3部分", "20个单位的情况说明"])
def test_a_number_in_front_of_what_is_no_table_stays(text):
    assert split_number(text) == (text, None)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("公开01表", "1"),
        ("公开 01 表", "1"),
        ("预算03表", "3"),
        ("附表2", "2"),
        ("附件3-1", "3-1"),
        ("表 5", "5"),
        ("附表二", "二"),
        ("收支预算总表", None),
        ("表说明", None),
    ],
)
def test_a_line_of_its_own_holds_the_number(text, number):
    assert number_of(text) == number
    assert caption(text, "支出预算表").number == number


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("单位：元", "元"),
        ("单位：万元", "万元"),
        ("单位:千元", "千元"),
        ("金额单位：亿元", "亿元"),
        ("单 位 ： 万 元", "万元"),
        ("单位：人民币万元", "万元"),
        ("单位：百万元", "百万元"),
        ("部门：某市测试局 金额单位：元", "元"),
        ("万元", "万元"),
        ("收支总表（单位：千元）", "千元"),
        ("单位：某市测试局", None),
        ("共计5万元", None),
        ("美元", None),
    ],
)
def test_the_unit_of_money_is_told_by_its_line(text, unit):
    assert unit_of(text) == unit


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("部门：某市测试局", "某市测试局"),
        ("部门名称：某市测试局", "某市测试局"),
        ("单位名称：[105001]某市测试局", "某市测试局"),
        ("预算单位：105001-某市测试局（本级）", "某市测试局（本级）"),
        ("编制单位:某市测试局        金额单位：万元", "某市测试局"),
        ("填报单位（盖章）：某市测试局", "某市测试局"),
        ("部门：某市测试局 单位：万元", "某市测试局"),
        ("单位：某市服务中心", "某市服务中心"),
        ("单位：万元", None),
        ("部门：", None),
        ("部门：     单位：万元", None),
        ("某市测试局", None),
    ],
)
def test_the_owner_is_told_by_its_line(text, owner):
    assert owner_of(text) == owner


@pytest.mark.parametrize(
    "text",
    [
        "收支预算总表",
        "项目支出明细",
        "三公经费情况",
        "资产清单",
        "支出表（按科目）",
        "支 出 预 算 表",
        "支出预算表(2024)",
    ],
)
def test_titles_end_with_what_a_table_is_called(text):
    assert is_title(text)


@pytest.mark.parametrize(
    "text",
    [
        "公开01表",
        "单位：万元",
        "编制部门：某市表",
        "支出情况如下表",
        "支出有增减。详见下表",
        "某市测试局",
        "支" * 70 + "表",
    ],
)
def test_other_lines_are_no_titles(text):
    assert not is_title(text)


@pytest.mark.parametrize(
    "lines",
    [
        ("公开05表", "支出预算总表", "部门：某市测试局", "单位：万元"),
        ("单位：万元", "部门：某市测试局", "支出预算总表", "公开05表"),
        ("支出预算总表", "公开05表", "部门：某市测试局 单位：万元"),
        ("2024年预算说明如下：", "公开05表：支出预算总表", "部门：某市测试局", "单位：万元"),
    ],
)
def test_a_caption_is_read_in_whatever_order_it_stands(lines):
    found = caption(*lines)
    assert (found.title, found.number, found.unit, found.owner) == ("支出预算总表", "5", "万元", "某市测试局")
    assert [p.text for p in found.used] == [line for line in lines if "支出预算总表" in line]


def test_the_nearest_caption_counts():
    found = caption("收入预算表", "单位：元", "支出预算表", "单位：万元")
    assert (found.title, found.unit) == ("支出预算表", "万元")


def test_the_unit_may_stand_in_the_title():
    assert caption("收支总表（单位：千元）").unit == "千元"


@pytest.mark.parametrize(
    "lines",
    [
        ("一般公共预算“三公”经费（含", "会议费）支出表"),
        ("一般公共预算“三公”经费（含", "会议费", "）支出表"),
    ],
)
def test_a_title_whose_bracket_stands_open_goes_on(lines):
    found = caption("部门预算", *lines, "单位：万元")
    assert found.title == "一般公共预算“三公”经费（含会议费）支出表"
    assert [p.text for p in found.used] == list(lines)


@pytest.mark.parametrize(
    ("above", "title"),
    [
        ("档案整理项目", "档案整理项目绩效目标表"),
        ("2024年某市测试局部门整体支出", "2024年某市测试局部门整体支出绩效目标表"),
        ("单位：万元", "绩效目标表"),
        ("部门：某市测试局", "绩效目标表"),
        ("公开05表", "绩效目标表"),
        ("（2024年度）", "绩效目标表"),
        ("以上为收入情况。", "绩效目标表"),
    ],
)
def test_a_bare_title_takes_the_line_above_it(above, title):
    assert caption(above, "绩效目标表").title == title


@pytest.mark.parametrize("rest", ["算表", "情况表", "目标表"])
def test_the_rest_of_a_wrapped_title_takes_the_line_above_it(rest):
    assert caption("2024年一般公共预算“三公”经费支出", rest).title == f"2024年一般公共预算“三公”经费支出{rest}"


def test_a_title_that_says_enough_takes_no_line_above_it():
    assert caption("档案整理项目", "支出预算表").title == "支出预算表"
    assert caption("档案整理项目", "项目支出绩效目标申报表").title == "项目支出绩效目标申报表"


def test_nothing_above_a_table_is_no_caption():
    assert caption() == Caption("", None, None, None, ())
    assert caption("某市测试局有编制三十人。").title == ""


def test_spaces_of_a_title_are_one():
    assert caption("2024年　　支出预算表").title == "2024年 支出预算表"
