"""Blocks to documents: titles, captions, sections, units, sides and hierarchy."""

from pathlib import Path

import pytest
from builders import EXPENDITURE, HEAD, PROJECTS, SUMMARY, budget, budget_text, only_table, table_text
from hypothesis import given, settings
from hypothesis import strategies as st

from index.amounts import parse_amount
from index.checks.audit import audit_document
from index.chunks import document_chunks
from index.errors import StructureError
from index.facts import document_facts
from index.parsing.structure import build_document, chinese_number
from index.readers import read_blocks


def build(text: str):
    return build_document(read_blocks(Path("a.txt"), text.encode()), "a.txt")


def test_title_year_department_and_kind_come_from_the_head():
    document = budget(SUMMARY)
    assert (document.department, document.year, document.kind) == ("某市测试局", 2024, "部门预算")
    assert document.title == "2024年某市测试局部门预算"


def test_units_come_from_the_prose_after_the_department():
    assert budget(SUMMARY).budget_units == ["某市测试局", "某市服务中心", "某市数据中心"]


@pytest.mark.parametrize("text", ["没有标题\n\n项目\t1.00\n", "2024年工作总结\n\n第一部分 概况\n\n项目\t1.00\n"])
def test_a_file_without_a_budget_title_is_refused(text):
    with pytest.raises(StructureError, match=r"^a\.txt："):
        build(text)


def test_a_file_without_tables_is_refused():
    with pytest.raises(StructureError, match=r"^a\.txt：没有找到表格"):
        build(HEAD)


def test_a_table_has_title_unit_notes_and_the_line_of_its_header():
    table = only_table("项目|预算", "合计|1.00", title="收入总体情况表", unit="元", notes="注：不含专户。")
    assert (table.title, table.unit, table.notes, table.kind) == (
        "收入总体情况表",
        "元",
        ["注：不含专户。"],
        "income_summary",
    )
    assert table.place.line == 15


def test_an_empty_note_is_no_note():
    assert only_table("项目|预算", "合计|1.00", notes="注：无。").notes == []


def test_a_title_right_below_a_note_begins_the_next_table():
    first, second = table_text("收入总体情况表", "项目|预算", "合计|1.00", notes="注：无。"), EXPENDITURE.lstrip()
    tables = budget(first.rstrip() + "\n" + second).tables
    assert [(table.title, table.unit) for table in tables] == [("收入总体情况表", "万元"), ("支出总体情况表", "万元")]


def test_a_note_of_two_lines_stays_with_its_table():
    table = only_table("项目|预算", "合计|1.00", notes="注：第一句。\n第二句。")
    assert table.notes == ["注：第一句。", "第二句。"]


def test_a_unit_in_the_header_counts_where_no_line_states_one():
    text = HEAD + "\n支出总体情况表\n\n项目\t预算数（单位：万元）\n电费\t1.00\n"
    assert build(text).tables[0].unit == "万元"


def test_a_unit_stated_nowhere_is_unknown():
    assert build(HEAD + "\n支出总体情况表\n\n项目\t预算\n电费\t1.00\n").tables[0].unit is None


def test_the_contents_page_numbers_tables_and_makes_none():
    contents = "目 录\n\n第二部分 2024年部门预算表\n\n- 一、收支总体情况表\n- 二、支出总体情况表\n\n"
    document = build(HEAD.replace("第一部分", contents + "第一部分") + SUMMARY + EXPENDITURE)
    assert [(table.number, table.title) for table in document.tables] == [
        ("1", "收支总体情况表"),
        ("2", "支出总体情况表"),
    ]


def test_a_printed_number_counts_without_a_contents_page():
    assert build(HEAD + "\n表7\n" + EXPENDITURE).tables[0].number == "7"


def test_the_two_sides_of_a_table_become_rows_of_one():
    table = budget(SUMMARY).tables[0]
    assert table.columns == [["收入", "预算"], ["支出", "预算"]]
    assert [(row.side, row.label, row.cells) for row in table.rows] == [
        ("收入", "一、预算拨款", ["100.00", ""]),
        ("收入", "二、其他资金", ["0.00", ""]),
        ("收入", "收入总计", ["100.00", ""]),
        ("支出", "一、一般公共服务支出", ["", "80.00"]),
        ("支出", "二、教育支出", ["", "20.00"]),
        ("支出", "支出总计", ["", "100.00"]),
    ]


def test_a_side_that_ends_earlier_has_fewer_rows():
    table = only_table(
        "收入||支出|", "项目|预算|项目|预算", "一、拨款|1.00|一、外交|0.00", "||二、国防|1.00", title="收支总表"
    )
    assert [(row.side, row.label) for row in table.rows] == [
        ("收入", "一、拨款"),
        ("支出", "一、外交"),
        ("支出", "二、国防"),
    ]


def test_a_table_goes_on_after_a_page_break_with_its_parents():
    lines = ("科目编码|科目名称|合计", "201|一般公共服务|1.00", "20101|人大事务|1.00")
    text = (
        HEAD + table_text("支出总体情况表", *lines).rstrip() + "\n\n科目编码\t科目名称\t合计\n2010102\t一般行政\t1.00\n"
    )
    (table,) = build(text).tables
    assert table.rows[2].path == ["一般公共服务", "人大事务", "一般行政"]
    assert [row.label for row in table.rows] == ["一般公共服务", "人大事务", "一般行政"]


def test_a_code_column_gives_codes_and_the_total_has_none():
    rows = budget(EXPENDITURE).tables[0].rows
    assert [(row.code, row.label, row.role) for row in rows] == [
        (None, "合计", "total"),
        ("201", "一般公共服务支出", "item"),
        ("20101", "人大事务", "item"),
        ("205", "教育支出", "item"),
    ]


def test_codes_split_into_columns_give_codes_and_no_amounts():
    lines = ("科目编码|||科目名称|合计", "类|款|项||", "合计||||9.00", "201|||公共服务|9.00", "201|1||人大事务|9.00")
    table = only_table(*lines)
    assert table.columns == [["合计"]]
    assert [(row.code, row.label, row.cells) for row in table.rows] == [
        (None, "合计", ["9.00"]),
        ("201", "公共服务", ["9.00"]),
        ("20101", "人大事务", ["9.00"]),
    ]


def test_the_right_side_of_a_table_has_its_own_codes():
    lines = (
        "收入|||支出||",
        "编码|项目|预算|编码|项目|预算",
        "101|拨款|9.00|201|公共服务|8.00",
        "102|其他|1.00|205|教育|2.00",
    )
    rows = only_table(*lines, title="收支总表").rows
    assert [(row.side, row.code, row.label) for row in rows] == [
        ("收入", "101", "拨款"),
        ("收入", "102", "其他"),
        ("支出", "201", "公共服务"),
        ("支出", "205", "教育"),
    ]


def test_projects_have_unit_amount_and_target():
    rows = {row.label: row for row in budget(PROJECTS).tables[0].rows}
    project = rows["档案整理项目"]
    assert (project.role, project.budget_unit, project.cells[0]) == ("project", "某市测试局", "25.00")
    assert project.texts == {"绩效目标": "整理档案，完成率达到99.5%以上。"}
    assert rows["大厅运行经费"].budget_unit == "某市服务中心"
    assert [rows[name].role for name in ("合计", "某市服务中心")] == ["total", "unit"]


def test_a_unit_name_that_its_cell_cuts_off_is_that_of_its_code():
    header, total = "单位编码|单位名称|合计", "|合计|9.00"
    whole = [total, "101|某市测试局|9.00", "101001|某市测试局（本级）|5.00", "101002|某市测试服务中心|4.00"]
    cut = [total, "101|某市测试局|9.00", "101001|某市测试|5.00", "101002|某市测试|4.00"]
    first, second = budget(
        table_text("收入总体情况表", header, *whole), table_text("支出总体情况表", header, *cut)
    ).tables
    assert [row.label for row in second.rows] == [row.label for row in first.rows]
    assert [row.budget_unit for row in second.rows] == [row.budget_unit for row in first.rows]


def test_a_department_whose_head_office_has_the_same_code_keeps_its_name():
    header = "单位编码|单位名称|合计"
    tables = [table_text(title, header, f"101|{name}|9.00")
              for title, name in (("收入总体情况表", "某市测试局"), ("支出总体情况表", "某市测试局（本级）"))]  # fmt: skip
    assert [one.rows[0].label for one in budget(*tables).tables] == ["某市测试局", "某市测试局（本级）"]


def test_blank_zero_and_absent_cells_differ():
    row = only_table("项目|预算|结转|其他", "电费|1.00|0.00|", "水费||2.00|3.00").rows[0]
    assert row.cells == ["1.00", "0.00", ""]
    assert [None if value is None else str(value) for value in row.values] == ["1.00", "0.00", None]


def test_a_blank_table_has_columns_and_no_rows():
    document = budget(
        SUMMARY, table_text("政府性基金预算支出情况表", "功能分类科目||基金支出||", "编码|名称|小计|基本支出|项目支出")
    )
    assert document.tables[1].rows == []
    assert ["基金支出", "基本支出"] in document.tables[1].columns


def test_prose_stands_under_its_headings():
    sections = budget(SUMMARY, prose="收入预算100万元。").sections
    assert sections[-1].path == ["第三部分 2024年部门预算情况说明", "一、收支情况"]
    assert sections[-1].text == "收入预算100万元。"


def test_a_sentence_cut_by_a_page_break_is_joined_and_keeps_both_lines():
    start = "行政经费包括办公费、印刷费、水费、电费、邮电费、取暖费、物业管理费、维修"
    section = budget(SUMMARY, prose=f"{start}\n\n(护)费等。").sections[-1]
    assert section.text == f"{start}(护)费等。"
    assert section.place_at(len(start)).line == section.place.line + 2


def test_text_that_goes_on_on_a_scanned_page_is_as_sure_as_it_is_read_there():
    start = "行政经费包括办公费、印刷费、水费、电费、邮电费、取暖费、物业管理费、维修"
    blocks = read_blocks(Path("a.txt"), budget_text(SUMMARY, prose=f"{start}\n\n(护)费2元。").encode())
    blocks[-1].confidences = [(0, 0.9), (4, 0.8)]
    section = build_document(blocks, "a.txt").sections[-1]
    assert section.confidences == [(len(start), 0.9), (len(start) + 4, 0.8)]
    assert (section.confidence_in(0, len(start)), section.confidence_in(0, len(section.text))) == (None, 0.8)


def test_captions_are_no_prose():
    texts = [section.text for section in budget(SUMMARY, EXPENDITURE).sections]
    assert not [text for text in texts if "情况表" in text or "单位：" in text]


def test_a_table_inside_prose_takes_the_heading_as_title():
    text = budget_text(SUMMARY, prose="情况如下：\n\n项目\t预算数（单位：万元）\n无\t0\n")
    table = build(text).tables[1]
    assert (table.title, table.number) == ("收支情况", None)


@pytest.mark.parametrize(("text", "number"), [("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("三十五", 35)])
def test_chinese_numbers_are_read(text, number):
    assert chinese_number(text) == number


CELL = st.sampled_from(
    ["", "合计", "1.00", "0.00", "201", "[20101]人大", "其中：甲", "（一）乙", "单位", "某市服务中心", "-", "项目"]
)
LINE = st.lists(CELL, min_size=2, max_size=6).map("\t".join)
PROSE = st.sampled_from(
    ["", "支出总体情况表", "单位：元", "注：无。", "一、收支", "第三部分 说明", "收入5万元（其中3万元", "表3"]
)


@settings(deadline=None)
@given(st.lists(LINE | PROSE, max_size=25))
def test_whatever_stands_below_the_title_gives_a_document_or_an_error_of_ours(lines):
    try:
        document = build(HEAD + "\n".join(lines))
    except StructureError:
        return
    identities = audit_document(document, "d")
    assert all(identity.verdict for identity in identities)
    assert all(chunk.text for chunk in document_chunks(document, "d"))
    for fact in document_facts(document, "d"):
        assert (fact.value is None) == (parse_amount(fact.text.rstrip("万元")) is None)
    for table in document.tables:
        assert all(len(row.cells) == len(row.values) == len(table.columns) for row in table.rows)


@pytest.mark.parametrize(("rows", "columns"), [(1, 301), (5000, 2)])
def test_a_table_larger_than_any_is_refused_with_the_way_out(rows, columns):
    """As of a text that is repeated over a whole sheet; what follows would take hours over it."""
    lines = ["|".join(["合计", *["1.00"] * (columns - 1)])] * rows
    with pytest.raises(StructureError, match=r"多达\d+行、\d+列，.*请删去"):
        budget(table_text("支出总体情况表", "项目|金额", *lines))
