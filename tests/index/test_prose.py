"""Figures stated in prose: their subject, measure, sign and unit."""

import pytest

from index.model import Place, Section
from index.parsing.prose import figures


def read(text: str) -> list[tuple[str, str, str, str]]:
    found = figures([Section(path=["一、情况"], text=text, place=Place(line=7))])
    return [(f.label, f.measure, str(f.value), f.unit) for f in found]


def test_a_change_takes_the_subject_of_the_amount_before_it():
    assert read("2024年本部门收入预算8,124.85万元，比上年增加2,271.64万元，增长38.8%。") == [
        ("收入预算", "", "8124.85", "万元"),
        ("收入预算", "比上年增减", "2271.64", "万元"),
        ("收入预算", "比上年增长率", "38.8", "%"),
    ]


def test_a_figure_is_as_sure_as_its_least_certain_character():
    text = "办公费12.50万元，水费3万元。"
    sure = [(0, 0.5), (3, 0.98), (6, 0.7), (7, 0.95), (11, 0.4), (12, 0.99)]
    section = Section(path=[], text=text, place=Place(page=1), confidences=sure)
    assert [(figure.text, figure.confidence) for figure in figures([section])] == [("12.50万元", 0.7), ("3万元", 0.99)]


def test_a_fall_is_negative():
    assert read("公务接待费3.8万元，比上年减少0.2万元，下降5％。") == [
        ("公务接待费", "", "3.8", "万元"),
        ("公务接待费", "比上年增减", "-0.2", "万元"),
        ("公务接待费", "比上年增长率", "-5", "%"),
    ]


def test_level_with_a_year_by_its_number_is_no_change():
    assert read("“三公”经费预算27万元，与2025年持平。")[1:] == [("三公经费预算", "比上年增减", "0", "万元")]


def test_income_and_expenditure_are_one_subject():
    assert read("本年收、支预算总计10,150.48万元。") == [("本年收支预算", "", "10150.48", "万元")]


def test_each_sentence_starts_anew():
    assert read("培训费6万元。比上年增加1万元。") == [("培训费", "", "6", "万元")]


def test_brackets_have_their_own_subjects_and_give_the_outer_one_back():
    assert read("公车费30万元（购置费18万元，比上年增加18万元；运行费12万元）比上年增加16万元，增长114.3%。") == [
        ("公车费", "", "30", "万元"),
        ("购置费", "", "18", "万元"),
        ("购置费", "比上年增减", "18", "万元"),
        ("运行费", "", "12", "万元"),
        ("公车费", "比上年增减", "16", "万元"),
        ("公车费", "比上年增长率", "114.3", "%"),
    ]


def test_a_full_stop_inside_brackets_ends_no_sentence():
    assert read("公车费30万元（运行费12万元。）比上年增加16万元。")[2] == ("公车费", "比上年增减", "16", "万元")


def test_a_bound_belongs_to_the_name_that_it_is_part_of():
    assert read("车辆6辆，单价在100万元以上的设备0台。") == [
        ("车辆", "", "6", "辆"),
        ("单价在100万元以上的设备", "", "0", "台"),
    ]


def test_a_bound_that_is_reached_is_a_figure():
    assert read("平台正常运行率达到99.5%以上。") == [("平台正常运行率", "", "99.5", "%")]


def test_nothing_to_compare_with_is_no_figure():
    assert [row[1] for row in read("因公出国（境）费0万元，比上年增加0万元，增长--（基数为0，不可比）。")] == [
        "",
        "比上年增减",
    ]


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("收入预算9万元，与上年相比减少2万元。", ("收入预算", "比上年增减", "-2", "万元")),
        ("收入预算9万元，比 2023 年度预算数增长 5%。", ("收入预算", "比上年增长率", "5", "%")),
        ("“三公”经费9万元，比2023年财政拨款“三公”经费年初预算增加2万元。", ("三公经费", "比上年增减", "2", "万元")),
        ("支出9万元。与上年相比，财政拨款支出增加2万元。", ("财政拨款支出", "比上年增减", "2", "万元")),
    ],
)
def test_changes_are_told_in_many_ways(text, change):
    assert read(text)[-1] == change


def test_a_share_is_no_amount_of_what_it_is_a_share_of():
    assert read("教育支出20万元，占支出总额的20%，完成年初预算的95%。") == [("教育支出", "", "20", "万元")]


def test_years_of_other_words_stay_in_the_name():
    assert read("2024年收入总计9万元，其中本年收入7万元，上年结转2万元，年初预算8万元。") == [
        ("收入", "", "9", "万元"),
        ("本年收入", "", "7", "万元"),
        ("上年结转", "", "2", "万元"),
        ("年初预算", "", "8", "万元"),
    ]


def test_reasons_are_no_subjects():
    assert read("主要原因是：一是增加了项目；二是新增了1个下属事业单位。") == []


@pytest.mark.parametrize("text", ["见第3项。", "2022—2025年共4年。", "为期3年。", "12345热线全天服务。"])
def test_numbers_that_measure_nothing_are_no_figures(text):
    assert read(text) == []


def test_parts_of_an_enumeration_each_have_their_amount():
    assert read("政府采购安排1500.68万元，其中：货物类采购预算634.34万元，工程类采购预算66.1万元。") == [
        ("政府采购", "", "1500.68", "万元"),
        ("货物类采购预算", "", "634.34", "万元"),
        ("工程类采购预算", "", "66.1", "万元"),
    ]


def test_a_date_and_the_department_are_no_part_of_the_subject():
    assert read("截至2024年1月31日，本部门固定资产金额934.48万元。") == [("固定资产", "", "934.48", "万元")]


def test_a_figure_knows_its_sentence_path_and_place():
    (figure,) = figures([Section(path=["二、资产"], text="前言。房屋863.92平方米。", place=Place(line=7))])
    assert (figure.text, figure.sentence, figure.path, figure.place.line) == (
        "863.92平方米",
        "房屋863.92平方米。",
        ["二、资产"],
        7,
    )


def test_a_figure_after_a_page_break_stands_where_it_is_printed():
    section = Section(path=[], text="房屋1平方米，车辆2辆。", place=Place(line=7), joins=[(7, Place(line=9))])
    assert [figure.place.line for figure in figures([section])] == [7, 9]


def test_a_score_is_a_figure_and_points_of_a_standard_are_none():
    assert read("热线运行项目综合评价得分85.19分，评价等级为良。") == [("热线运行项目综合评价得分", "", "85.19", "分")]
    assert read("每少一次扣2分，会议15分钟。") == []


def test_people_follow_the_times_that_they_came():
    assert read("国内公务接待10批次、152人次，共0.90万元。") == [
        ("国内公务接待", "", "10", "批次"),
        ("国内公务接待人次", "", "152", "人次"),
    ]
