"""Cells and figures as facts."""

from decimal import Decimal

import pytest
from builders import EXPENDITURE, PROJECTS, SUMMARY, budget, table_text

from index.facts import _with_carried, column_name, document_facts


def facts_of(*tables: str, **options: str):
    return document_facts(budget(*tables, **options), "d1")


def only(facts, **fields):
    (fact,) = [f for f in facts if all(getattr(f, name) == value for name, value in fields.items())]
    return fact


def test_blank_zero_and_absent_are_three_things():
    facts = facts_of(table_text("支出总体情况表", "项目|合计|结转|其他", "电费|1.00|0.00|", "水费||2.00|3.00"))
    cells = {(f.name, f.column_name): (f.text, f.value) for f in facts}
    assert cells["电费", "结转"] == ("0.00", Decimal(0))
    assert cells["电费", "其他"] == ("", None)
    assert not [name for name, _ in cells if name == "燃气费"]


def test_a_fact_carries_where_it_stands():
    fact = only(facts_of(EXPENDITURE), code="20101", column_name="基本支出")
    assert (fact.document, fact.department, fact.year, fact.table_kind) == (
        "d1",
        "某市测试局",
        2024,
        "expenditure_summary",
    )
    assert (fact.table_index, fact.row_index, fact.column_index, fact.level) == (0, 2, 1, 2)
    assert (fact.path, fact.column, fact.value, fact.unit) == (
        ("一般公共服务支出", "人大事务"),
        ("基本支出",),
        Decimal("50.00"),
        "万元",
    )


def test_each_side_has_only_its_own_columns():
    facts = facts_of(SUMMARY)
    assert {(f.side, f.column) for f in facts} == {("收入", ("收入", "预算")), ("支出", ("支出", "预算"))}
    assert len(facts) == 6


def test_a_row_of_the_unit_table_knows_its_unit():
    fact = only(facts_of(PROJECTS), name="大厅运行经费", column_name="")
    assert (fact.role, fact.budget_unit, fact.value) == ("project", "某市服务中心", Decimal("5.00"))


def test_a_total_row_without_a_label_is_a_total_all_the_same():
    facts = facts_of(table_text("支出总体情况表", "项目|预算", "一、电费|1.00", "|1.00"))
    assert [(f.name, f.role) for f in facts] == [("电费", "item"), ("合计", "total")]


def test_a_row_that_says_nothing_is_no_fact():
    assert facts_of(table_text("支出总体情况表", "项目|预算", "无|0")) == []


def test_figures_of_prose_follow_the_cells():
    fact = facts_of(SUMMARY, prose="“三公”经费5万元，比上年减少1万元。")[-1]
    assert (fact.source, fact.name, fact.column_name, fact.value) == ("figure", "三公经费", "比上年增减", Decimal(-1))
    assert (fact.table_index, fact.table_title) == (-1, "一、收支情况")


def test_figures_of_a_target_belong_to_their_project():
    fact = only(facts_of(PROJECTS), source="figure")
    assert (fact.path, fact.value, fact.unit) == (("档案整理项目", "完成率"), Decimal("99.5"), "%")


def test_figures_of_a_target_are_as_sure_as_its_cell():
    document = budget(PROJECTS)
    for row in document.tables[0].rows:
        row.text_confidences = {"绩效目标": 0.7}
    assert only(document_facts(document, "d1"), source="figure").confidence == 0.7


@pytest.mark.parametrize(
    ("column", "title", "name"),
    [
        (["合计"], "收入总体情况表", ""),
        (["预算"], "一般公共预算基本支出情况表", ""),
        (["预算数（单位：万元）"], "重点项目情况", ""),
        (["收入", "预算"], "收支总体情况表", ""),
        (["基本支出"], "支出总体情况表", "基本支出"),
        (["财政拨款", "合计"], "部门预算基本支出预算表", "财政拨款"),
        (["财政拨款", "一般公共预算"], "部门预算基本支出预算表", "一般公共预算"),
        (["一般公共预算支出", "小计"], "一般公共预算支出情况表（按功能分类科目）", ""),
        (["一般公共预算支出", "其中：基本支出"], "一般公共预算支出情况表（按功能分类科目）", "基本支出"),
    ],
)
def test_a_column_is_named_by_what_it_adds_to_its_row(column, title, name):
    assert column_name(column, title) == name


def test_the_first_column_is_meant_where_none_is_a_total():
    facts = facts_of(table_text("支出总体情况表", "项目|基本支出|项目支出", "电费|1.00|2.00"))
    assert [f.column_name for f in facts] == ["", "项目支出"]


def test_what_stands_beside_the_three_public_items_is_an_item_of_its_own():
    lines = ("合计|因公出国（境）费|公务接待费|公务用车运行费|机关运行经费预算数", "5.00|0.00|2.00|3.00|90.00")
    facts = facts_of(table_text("“三公”经费和机关运行经费预算表", *lines))
    assert {(f.name, f.text) for f in facts} == {
        ("三公经费", "5.00"), ("因公出国（境）费", "0.00"), ("公务接待费", "2.00"), ("公务用车运行费", "3.00"), ("机关运行经费", "90.00"),
    }  # fmt: skip


def test_what_was_carried_over_is_a_column_of_its_own():
    columns = [
        ["合计"],
        ["当年预算", "小计"],
        ["当年预算", "人员经费"],
        ["上年结转结余", "小计"],
        ["上年结转结余", "人员经费"],
    ]
    names = [column_name(column, "支出总表") for column in columns]
    assert [_with_carried(columns, names, c) for c in range(5)] == [
        "", "当年预算", "人员经费", "上年结转结余", "上年结转结余人员经费",
    ]  # fmt: skip
