"""Header rows to column paths and roles."""

import pytest
from builders import grid_rows

from index.parsing.headers import analyse, column_paths, count_header_rows


def paths(*lines: str) -> list[str]:
    return ["/".join(path) for path in column_paths(grid_rows(*lines))]


def roles(*lines: str) -> list[str]:
    return [column.role for column in analyse(grid_rows(*lines))[1]]


def test_a_single_header_row_gives_paths_of_one():
    assert paths("项目|合计|一般公共预算") == ["项目", "合计", "一般公共预算"]


def test_a_merged_cell_reaches_over_the_columns_below_it():
    header = paths("科目|合计|财政拨款||其他", "||一般公共预算|政府性基金|")
    assert header == ["科目", "合计", "财政拨款/一般公共预算", "财政拨款/政府性基金", "其他"]


def test_a_closed_column_does_not_lend_its_name_to_the_right():
    assert paths("科目|总计||其他资金", "||教育收费|") == ["科目", "总计", "教育收费", "其他资金"]


def test_three_header_rows_give_paths_of_three():
    header = paths("科目|本年支出|||", "|合计|财政拨款||其他", "||一般公共预算|政府性基金|")
    money = ["合计", "财政拨款/一般公共预算", "财政拨款/政府性基金", "其他"]
    assert header == ["科目", *(f"本年支出/{path}" for path in money)]


def test_the_group_beside_a_group_starts_where_its_own_name_stands():
    header = paths("项目|三公经费|||会议费", "|出国|公务用车||", "||购置|运行|")
    assert header == ["项目", "三公经费/出国", "三公经费/公务用车/购置", "三公经费/公务用车/运行", "会议费"]


def test_two_tables_side_by_side_keep_their_sides_apart():
    assert paths("收入||支出|", "项目|预算|项目|预算") == ["收入/项目", "收入/预算", "支出/项目", "支出/预算"]


def test_a_name_merged_downwards_stands_once_in_its_path():
    assert paths("合计|收入", "合计|事业收入") == ["合计", "收入/事业收入"]


def test_header_rows_end_at_the_first_amount():
    assert count_header_rows(grid_rows("项目|预算", "|万元", "合计|1.00", "办公费|1.00")) == 2


def test_a_running_number_in_front_is_no_amount():
    assert count_header_rows(grid_rows("1|年度|金额", "1|办公费|5.00")) == 1


def test_a_row_that_numbers_the_columns_is_neither_header_nor_body():
    _, columns, body = analyse(grid_rows("项目|预算|结转", "栏次|1|2", "电费|5.00|6.00", "栏次|1|2", "水费|1|2"))
    assert [column.path for column in columns] == [["项目"], ["预算"], ["结转"]]
    assert [row.cells[0].text for row in body] == ["电费", "水费"]


@pytest.mark.parametrize("row", ["201|教育支出|", "[201]教育支出||", "合计||"])
def test_a_row_of_blank_cells_is_no_header(row):
    assert count_header_rows(grid_rows("科目|名称|金额", row, "202|卫生|5.00")) == 1


def test_the_header_of_a_blank_table_reaches_below_its_merged_cells():
    assert count_header_rows(grid_rows("功能分类科目||政府性基金||", "科目编码|科目名称|小计|基本|项目")) == 2
    assert count_header_rows(grid_rows("项目|预算", "无|无")) == 1


def test_header_rows_that_page_breaks_repeat_are_dropped():
    header, _, body = analyse(grid_rows("项目|预算", "电费|1.00", "项目|预算", "水费|2.00", "|", "项目|3.00"))
    assert [row.texts() for row in header] == [["项目", "预算"]]
    assert [row.cells[0].text for row in body if row.cells[0].text] == ["电费", "水费", "项目"]


def test_columns_are_told_by_what_they_hold():
    assert roles("科目编码|科目名称|合计|绩效目标", "201|教育|1.00|办好学校", "202|卫生|2.00|无") == [
        "code",
        "text",
        "value",
        "text",
    ]


def test_a_first_column_of_digits_holds_codes_whatever_it_is_called():
    assert roles("科目|名称|金额", "20101|人大事务|1.00", "20102|政协事务|") == ["code", "text", "value"]


def test_an_empty_column_under_a_header_still_counts():
    assert roles("项目|预算|上年结转", "电费|1.00|") == ["label", "value", "value"]


def test_a_column_with_dashes_among_amounts_holds_amounts():
    assert roles("项目|预算", "电费|1.00", "水费|-", "邮费|2.00") == ["label", "value"]


def test_short_rows_are_read_as_far_as_they_go():
    _, columns, body = analyse(grid_rows("项目|预算|备注", "电费|1.00"))
    assert (len(columns), [cell.text for cell in body[0].cells]) == (3, ["电费", "1.00"])
