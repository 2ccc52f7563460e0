"""Accounting identities: which are found, what they say, and what is no identity."""

import json
from collections import Counter
from decimal import Decimal

import pytest
from builders import EXPENDITURE, HEAD, PROJECTS, SHIPPED, SUMMARY, budget, table_text

from index.checks.audit import audit_document
from index.facts import document_facts
from index.ingest import parse_file


def audit(*tables: str, **options: str):
    return audit_document(budget(*tables, **options), "d1")


def found(identities, rule: str) -> list[tuple[str, str, str]]:
    """Left, right and verdict of the identities of one rule."""
    return [(str(i.left), str(i.right), i.verdict) for i in identities if i.rule == rule]


def coded(*lines: str, title: str = "支出总体情况表") -> str:
    return table_text(title, "编码|科目名称|合计|基本支出|项目支出", *lines)


# --- within one table --------------------------------------------------------------------------------------------
def test_children_of_a_code_sum_to_their_parent():
    table = table_text(
        "支出表", "编码|名称|金额", "201|公共服务|6.00", "20101|人大|1.00", "2010101|行政|1.00", "20103|政府办|5.00"
    )
    assert found(audit(table), "下级之和") == [("6.00", "6.00", "一致"), ("1.00", "1.00", "一致")]


def test_items_sum_to_their_unit_and_units_to_the_total():
    identities = audit(PROJECTS)
    assert Counter(found(identities, "下级之和")) == {("25.00", "25.00", "一致"): 3, ("5.00", "5.00", "一致"): 3}
    assert found(identities, "大项之和") == [("30.00", "30.00", "一致")] * 3


def test_numbered_parts_sum_to_the_row_that_they_are_of():
    table = table_text(
        "三公经费表",
        "项目|合计",
        "行政经费|9.00",
        "“三公”经费|5.00",
        "其中：（一）因公出国（境）费|0.00",
        "（二）公务用车购置及运行维护费|4.00",
        "1. 公务用车购置费|3.00",
        "2. 公务用车运行维护费|1.00",
        "（三）公务接待费|1.00",
    )
    identities = audit(table)
    assert found(identities, "下级之和") == [("5.00", "5.00", "一致"), ("4.00", "4.00", "一致")]
    assert found(identities, "三公经费") == []  # said once


def test_unnumbered_among_names_only_some_parts():
    assert (
        audit(table_text("支出表", "项目|金额", "一、基本支出|9.00", "其中：人员经费|7.00", "二、项目支出|1.00")) == []
    )


@pytest.mark.parametrize(
    "lines", [("合计|6.00", "甲|1.00", "乙|5.00"), ("甲|1.00", "乙|5.00", "合计|6.00"), ("甲|1.00", "乙|5.00", "|6.00")]
)
def test_a_total_first_last_or_without_a_label_is_the_sum_of_the_others(lines):
    assert found(audit(table_text("人员支出", "项目|金额", *lines)), "大项之和") == [("6.00", "6.00", "一致")]


def test_a_second_total_builds_on_the_first():
    table = table_text(
        "收支表",
        "收入||支出|",
        "项目|预算|项目|预算",
        "一、拨款|8.00|一、教育|9.00",
        "本年收入合计|8.00|本年支出合计|9.00",
        "二、上年结转|2.00|二、结转下年|1.00",
        "收入总计|10.00|支出总计|10.00",
    )
    identities = audit(table)
    assert [left for left, right, _ in found(identities, "大项之和") if left == right] == [
        "8.00",
        "10.00",
        "9.00",
        "10.00",
    ]
    assert found(identities, "收支平衡") == [("10.00", "10.00", "一致")]


def test_totals_of_this_year_alone_need_not_balance():
    table = table_text(
        "收支表",
        "收入||支出|",
        "项目|预算|项目|预算",
        "一、拨款|8.00|一、教育|9.00",
        "本年收入合计|8.00|本年支出合计|9.00",
    )
    assert found(audit(table), "收支平衡") == []


def test_one_list_of_income_then_expenditure_balances_too():
    table = table_text("收支表", "项目|预算", "一、拨款|8.00", "收入总计|8.00", "一、教育|8.00", "支出总计|8.00")
    assert found(audit(table), "收支平衡") == [("8.00", "8.00", "一致")]
    assert found(audit(table), "大项之和") == [("8.00", "8.00", "一致")] * 2


def test_columns_sum_to_their_total_group_by_group():
    table = table_text(
        "基本支出", "项目|总计|财政拨款|||其他", "||合计|一般公共预算|政府性基金|", "工资|9.00|7.00|5.00|2.00|2.00"
    )
    assert found(audit(table), "各列之和") == [("7.00", "7.00", "一致"), ("9.00", "9.00", "一致")]


def test_a_group_without_a_total_counts_with_all_its_columns():
    table = table_text(
        "收入总表", "项目|合计|财政拨款||事业收入", "||一般公共预算|政府性基金|", "工资|9.00|5.00|2.00|2.00"
    )
    assert found(audit(table), "各列之和") == [("9.00", "9.00", "一致")]


def test_shares_and_last_years_columns_are_no_parts():
    table = table_text("支出表", "项目|合计|基本支出|项目支出|占比（%）|上年预算", "电费|9.00|5.00|4.00|12.5|8.00")
    assert found(audit(table), "各列之和") == [("9.00", "9.00", "一致")]


def test_a_later_among_column_is_part_of_its_neighbour():
    table = table_text("支出表", "项目|合计|财政拨款|其中：一般公共预算|其他资金", "电费|9.00|5.00|4.00|4.00")
    assert found(audit(table), "各列之和") == []


def test_three_public_may_stand_in_columns_beside_meetings():
    table = table_text(
        "“三公”经费、会议费支出预算表",
        "单位|“三公”经费合计|因公出国（境）费|公务用车购置及运行费|||公务接待费|会议费",
        "|||小计|公务用车购置费|公务用车运行费||",
        "本级|9.00|1.00|5.00|3.00|2.00|3.00|4.00",
    )
    assert found(audit(table), "三公经费") == [("9.00", "9.00", "一致")]
    assert found(audit(table), "各列之和") == [("5.00", "5.00", "一致")]


# --- between tables ----------------------------------------------------------------------------------------------
def test_the_project_table_agrees_with_the_column_of_the_expenditure_table():
    assert ("30.00", "30.00", "一致") in found(audit(EXPENDITURE, PROJECTS), "合计一致")
    (other,) = [
        i
        for i in audit(EXPENDITURE, PROJECTS.replace("合计|30.00", "合计|31.00").replace("合计\t30.00", "合计\t31.00"))
        if i.rule == "合计一致"
    ]
    assert (other.left, other.right, other.verdict) == (30, 31, "不一致")


def test_rows_of_one_code_agree_in_two_tables_of_the_same_money():
    first = coded("|合计|9.00|5.00|4.00", "201|公共服务|9.00|5.00|4.00")
    second = coded("|合计|9.00|5.00|4.00", "201|公共服务|9.00|5.10|4.00", title="一般公共预算支出表")
    assert [row for row in found(audit(first, second), "科目一致") if row[2] != "一致"] == [("5.00", "5.10", "不一致")]


def test_rows_are_not_compared_where_the_totals_show_other_money():
    first = coded("|合计|9.00|5.00|4.00", "201|公共服务|9.00|5.00|4.00")
    second = table_text("一般公共预算支出表", "编码|科目名称|合计", "|合计|8.00", "201|公共服务|8.00")
    assert found(audit(first, second), "科目一致") == []


def test_the_same_name_in_another_classification_is_another_thing():
    functional = coded("|合计|9.00|9.00|0.00", "221|住房公积金|2.00|2.00|0.00", "201|公共服务|7.00|7.00|0.00")
    economic = table_text(
        "一般公共预算基本支出情况表",
        "科目|预算",
        "合计|9.00",
        "[301]工资|4.00",
        "[30113]住房公积金|4.00",
        "[302]商品|5.00",
    )
    assert all(identity.verdict == "一致" for identity in audit(functional, economic))


def test_a_class_in_the_summary_agrees_with_its_code_elsewhere():
    assert ("80.00", "80.00", "一致") in found(audit(SUMMARY, EXPENDITURE), "科目一致")


def test_final_accounts_need_not_spend_what_they_received():
    head = HEAD.replace("部门预算\n\n第一", "部门决算\n\n第一")
    income = table_text("收入决算表", "编码|科目名称|合计", "|合计|9.00", "201|公共服务|9.00")
    expenditure = table_text("支出决算表", "编码|科目名称|合计", "|合计|8.00", "201|公共服务|8.00")
    assert {i.verdict for i in audit(income, expenditure, head=head)} == {"一致"}


def test_units_together_make_up_the_economic_row():
    economic = table_text("一般公共预算基本支出情况表", "科目|预算", "合计|9.00", "[302]商品和服务支出|9.00")
    by_unit = table_text(
        "部门预算基本支出预算表",
        "类别（资金使用单位）|总计|财政拨款|",
        "||合计|一般公共预算",
        "合计|9.00|9.00|9.00",
        "某市测试局|5.00|5.00|5.00",
        "商品和服务支出|5.00|5.00|5.00",
        "某市服务中心|4.00|4.00|4.00",
        "商品和服务支出|4.00|4.00|4.00",
    )
    assert found(audit(economic, by_unit), "单位之和") == [("9.00", "9.00", "一致")]


def test_tables_in_different_units_are_compared_in_the_coarser_one():
    lines = ("一、拨款|81248512|一、教育|81248512", "收入总计|81248512|支出总计|81248512")
    yuan = table_text("收支总表", "收入||支出|", "项目|预算|项目|预算", *lines, unit="元")
    (identity,) = (i for i in audit(yuan, coded("205|教育|8,124.85|0.00|0.00")) if i.rule == "科目一致")
    assert (identity.unit, identity.verdict, identity.difference) == ("万元", "尾差", Decimal("0.0012"))


def test_a_table_that_states_no_unit_is_not_compared_with_one_that_does():
    bare = SUMMARY.replace("单位：万元", "")
    assert {i.rule for i in audit(bare, EXPENDITURE)} == {"大项之和", "收支平衡", "下级之和", "各列之和"}


# --- prose -------------------------------------------------------------------------------------------------------
def test_prose_agrees_with_the_cell_of_its_name():
    identities = audit(SUMMARY, prose="2024年本部门收入预算100万元，比上年增加5万元。支出预算101万元。")
    assert found(identities, "文表一致") == [("100", "100.00", "一致"), ("101", "100.00", "不一致")]
    (cell,) = next(i for i in identities if i.rule == "文表一致").left_cells
    assert (cell.table, cell.text) == (-1, "100万元")


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("0.01亿元", "一致"),
        ("100.04万元", "不一致"),
        ("100.01万元", "尾差"),
        ("1000004元", "尾差"),
        ("99.6万元", "不一致"),
    ],
)
def test_prose_may_round_and_use_another_unit(said, verdict):
    assert [i.verdict for i in audit(SUMMARY, prose=f"收入预算{said}。") if i.rule == "文表一致"] == [verdict]


def test_prose_that_rounds_to_its_last_place_agrees_so_far():
    exact = SUMMARY.replace("100.00", "100.04").replace("80.00", "80.04")
    assert [i.verdict for i in audit(exact, prose="收入预算100.0万元。") if i.rule == "文表一致"] == ["尾差"]


def test_last_years_amounts_in_prose_are_not_compared():
    assert found(audit(SUMMARY, prose="2023年收入预算90万元。"), "文表一致") == []
    assert found(audit(SUMMARY, prose="收入预算100万元，比2023年增加10万元。"), "文表一致") == [
        ("100", "100.00", "一致")
    ]


def test_a_name_with_several_amounts_is_compared_with_the_one_that_agrees_or_not_at_all():
    tables = [
        table_text(f"一般公共预算{kind}支出情况表", "科目|预算", "合计|9.00", f"[30201]办公费|{amount}")
        for kind, amount in (("基本", "9.00"), ("项目", "8.00"))
    ]
    assert found(audit(*tables, prose="办公费8万元。"), "文表一致") == [("8", "8.00", "一致")]
    assert found(audit(*tables, prose="办公费7万元。"), "文表一致") == []


# --- verdicts and form -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("total", "verdict"),
    [("6.00", "一致"), ("6.01", "尾差"), ("5.98", "尾差"), ("6.03", "不一致"), ("16.00", "不一致")],
)
def test_a_hundredth_for_each_addend_is_rounding(total, verdict):
    (identity,) = audit(table_text("人员支出", "项目|金额", f"合计|{total}", "甲|1.00", "乙|5.00"))
    assert (identity.verdict, identity.difference) == (verdict, Decimal(total) - 6)


@pytest.mark.parametrize("lines", [(), ("合计|0.00|0.00|0.00",), ("合计|||", "甲|||")])
def test_blank_tables_give_no_identities(lines):
    assert audit(table_text("政府性基金支出表", "项目|合计|基本支出|项目支出", *lines)) == []


def test_blank_cells_are_no_addends():
    (identity,) = audit(table_text("人员支出", "项目|金额", "合计|5.00", "甲|", "乙|5.00"))
    assert [cell.text for cell in identity.right_cells] == ["5.00"]


def test_an_identity_names_table_row_and_column_and_cites_cells_as_facts_do():
    document = budget(EXPENDITURE)
    places = {(f.table_index, f.row_index, f.column_index): f.text for f in document_facts(document, "d1")}
    identities = audit_document(document, "d1")
    assert all(places[cell.table, cell.row, cell.column] == cell.text for i in identities for cell in i.cells)
    title = next(i.title for i in identities if i.rule == "各列之和")
    assert "《支出总体情况表》" in title
    assert "“合计”（合计）" in title


def test_an_identity_is_json_with_decimal_strings():
    (identity,) = audit(table_text("人员支出", "项目|金额", "合计|6.00", "甲|1.00", "乙|5.00"))
    shown = json.loads(json.dumps(identity.as_dict(), ensure_ascii=False))
    assert (shown["left"], shown["right"], shown["difference"], shown["unit"]) == ("6.00", "6.00", "0.00", "万元")
    assert shown["left_cells"] == [{"table": 0, "row": 0, "column": 0, "text": "6.00", "value": "6.00"}]


def test_the_shipped_document_agrees_with_itself():
    identities = audit_document(parse_file(SHIPPED)[0][0], "d1")
    assert [i.title for i in identities if i.verdict == "不一致"] == []
    assert {i.rule for i in identities} == {
        "下级之和",
        "大项之和",
        "各列之和",
        "收支平衡",
        "合计一致",
        "科目一致",
        "单位之和",
        "文表一致",
    }
    assert max(abs(i.difference) for i in identities) == Decimal("0.01")


def test_a_digit_altered_in_the_shipped_document_is_found():
    (document,), _ = parse_file(SHIPPED)
    cells = [(r, c) for t in document.tables for r in t.rows for c, value in enumerate(r.values) if value]
    for row, column in cells[::23]:
        value = row.values[column]
        row.values[column] = value + 10
        assert any(i.verdict == "不一致" for i in audit_document(document, "d1")), row.path
        row.values[column] = value
