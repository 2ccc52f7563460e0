"""A grid of amounts to a Table."""

from decimal import Decimal

import pytest
from builders import only_table
from spans import draft, shown, table

from index.facts import SURE
from index.model import GridCell, Paragraph, Place, Table
from index.parsing.tables import build_table

OFFICE, CENTRE = "某市测试局", "某市服务中心"


def rows(one: Table) -> list[str]:
    return [shown(row) for row in one.rows]


def columns(one: Table) -> list[str]:
    return ["/".join(path) for path in one.columns]


def codes(one: Table) -> list[tuple[str | None, str]]:
    return [(row.code, "/".join(row.path)) for row in one.rows]


# --- lists side by side ------------------------------------------------------------------------------------------
def test_two_lists_side_by_side_become_one_after_the_other():
    one = table(
        "收入|<|支出|<",
        "项目|预算数|项目|预算数",
        "一、拨款|100.00|一、公共服务|80.00",
        "||二、教育|20.00",
        "收入总计|100.00|支出总计|100.00",
    )
    assert columns(one) == ["收入/预算数", "支出/预算数"]
    assert [(row.side, row.block, shown(row)) for row in one.rows] == [
        ("收入", 0, "一、拨款 | 100.00 | "),
        ("收入", 0, "收入总计 | 100.00 | "),
        ("支出", 1, "一、公共服务 |  | 80.00"),
        ("支出", 1, "二、教育 |  | 20.00"),
        ("支出", 1, "支出总计 |  | 100.00"),
    ]


@pytest.mark.parametrize("header", ["收入项目|金额|支出项目|金额", "收入|金额|支出|金额"])
def test_two_lists_under_a_header_of_one_row_are_two(header):
    one = table(header, "一、拨款|100.00|一、公共服务|80.00", "收入总计|80.00|支出总计|80.00")
    assert [(row.block, row.label) for row in one.rows] == [
        (0, "一、拨款"), (0, "收入总计"), (1, "一、公共服务"), (1, "支出总计"),
    ]  # fmt: skip


def test_three_lists_keep_their_rows_and_share_the_column_of_one_side():
    one = table(
        "收入|<|支出|<|<|<",
        "项目|预算数|功能分类|预算数|经济分类|预算数",
        "一、拨款|100.00|一、公共服务|100.00|一、工资|60.00",
        "||||二、商品|40.00",
        "收入总计|100.00|支出总计|100.00|支出总计|100.00",
    )
    assert columns(one) == ["收入/预算数", "支出/预算数"]
    assert [(row.side, row.block, row.label) for row in one.rows if row.side == "支出"] == [
        ("支出", 1, "一、公共服务"),
        ("支出", 1, "支出总计"),
        ("支出", 2, "一、工资"),
        ("支出", 2, "二、商品"),
        ("支出", 2, "支出总计"),
    ]
    assert {row.values[1] for row in one.rows if row.label == "支出总计"} == {Decimal("100.00")}


def test_four_lists_are_four():
    one = table(
        "收入|<|支出|<|<|<|<|<",
        "项目|预算数|项目（按功能）|预算数|项目（按部门经济）|预算数|项目（按政府经济）|预算数",
        "一、拨款|9.00|一、公共服务|9.00|一、工资|5.00|一、机关工资|5.00",
        "||||二、商品|4.00|二、机关商品|4.00",
        "收入总计|9.00|支出总计|9.00|支出总计|9.00|支出总计|9.00",
    )
    assert [[row.label for row in one.rows if row.block == block] for block in range(4)] == [
        ["一、拨款", "收入总计"],
        ["一、公共服务", "支出总计"],
        ["一、工资", "二、商品", "支出总计"],
        ["一、机关工资", "二、机关商品", "支出总计"],
    ]


def test_one_list_broken_in_two_has_one_column_and_its_codes():
    one = table(
        "科目编码|科目名称|金额|科目编码|科目名称|金额",
        "301|工资|30.00|302|商品|70.00",
        "30101|基本工资|30.00|30201|办公费|70.00",
    )
    assert (columns(one), {row.side for row in one.rows}) == (["金额"], {None})
    assert codes(one) == [("301", "工资"), ("30101", "工资/基本工资"), ("302", "商品"), ("30201", "商品/办公费")]


def test_several_amounts_on_each_side_keep_their_columns():
    one = table("收入|<|<|支出|<|<", "项目|上年|本年|项目|上年|本年", "拨款|1.00|2.00|教育|3.00|4.00")
    assert columns(one) == ["收入/上年", "收入/本年", "支出/上年", "支出/本年"]
    assert [row.cells for row in one.rows] == [["1.00", "2.00", "", ""], ["", "", "3.00", "4.00"]]


def test_a_label_that_runs_over_the_left_list_belongs_to_the_right_one():
    one = table(
        "收入|<|支出|<",
        "项目|预算数|项目|预算数",
        "一、拨款|100.00|一、公共服务|80.00",
        "年终结转|<|<|20.00",
        "收入总计|100.00|支出总计|100.00",
    )
    assert [(row.side, row.cells) for row in one.rows if row.label == "年终结转"] == [("支出", ["", "20.00"])]


# --- codes -------------------------------------------------------------------------------------------------------
EDUCATION = [(None, "合计"), ("205", "教育"), ("20502", "教育/普通教育"), ("2050204", "教育/普通教育/高中教育")]


@pytest.mark.parametrize(
    "body",
    [
        ("205|||教育|10.00", "205|02||普通教育|10.00", "205|02|04|高中教育|10.00"),
        ("205|||教育|10.00", "|02||普通教育|10.00", "||04|高中教育|10.00"),
        ("205|||教育|10.00", "205|2||普通教育|10.00", "205|2|4|高中教育|10.00"),
        ("205|||教育|10.00", "205|20502||普通教育|10.00", "205|20502|2050204|高中教育|10.00"),
    ],
)
def test_codes_split_over_columns_are_joined(body):
    one = table("科目编码|<|<|科目名称|合计", "类|款|项|^|^", "合计|<|<|<|10.00", *body)
    assert codes(one) == EDUCATION


def test_parts_of_the_code_may_be_named_in_the_line_of_the_total():
    one = table(
        "科目编码|<|<|科目名称|合计",
        "类|款|项|合计|10.00",
        "205|||教育|10.00",
        "205|02||普通教育|10.00",
        "205|02|04|高中教育|10.00",
    )
    assert (codes(one), columns(one)) == (EDUCATION, ["合计"])


@pytest.mark.parametrize("form", ["[{}]{}", "{} {}", "{}-{}", "{}{}", "【{}】{}"])
def test_codes_inside_of_labels_are_taken_out(form):
    labels = (form.format("301", "工资"), form.format("30101", "基本工资"), form.format("302", "商品"))
    one = table("项目|合计", *(f"{label}|1.00" for label in labels))
    assert codes(one) == [("301", "工资"), ("30101", "工资/基本工资"), ("302", "商品")]


def test_a_total_merged_over_code_and_name_is_the_total():
    one = table("科目编码|科目名称|合计", "合计|<|30.00", "201|公共服务|30.00", "20101|人大|30.00")
    assert [(row.role, row.level, shown(row)) for row in one.rows] == [
        ("total", 0, "合计 | 30.00"),
        ("item", 1, "公共服务 | 30.00"),
        ("item", 2, "公共服务/人大 | 30.00"),
    ]


def test_a_total_in_the_column_of_codes_is_the_total():
    one = table("科目编码|科目名称|合计", "合计||30.00", "201|公共服务|30.00")
    assert [(row.role, row.code, row.label) for row in one.rows] == [
        ("total", None, "合计"),
        ("item", "201", "公共服务"),
    ]


def test_units_listed_with_their_codes_are_units():
    one = table("单位编码|单位名称|合计", f"105001|{OFFICE}|10.00", f"105002|{CENTRE}|5.00", units=(OFFICE, CENTRE))
    assert [(row.role, row.level, row.label) for row in one.rows] == [("unit", 1, OFFICE), ("unit", 1, CENTRE)]


def test_projects_below_a_unit_with_its_code_are_its():
    one = table(
        "单位编码|单位（项目）名称|项目金额", "|合计|7.00", f"101|{OFFICE}|7.00", f"101001|{CENTRE}|3.00", "|大厅运行|3.00",
        f"101002|{OFFICE}|4.00", "|档案整理|4.00",
    )  # fmt: skip
    assert [(row.label, row.budget_unit) for row in one.rows if row.role != "unit"] == [
        ("合计", None), ("大厅运行", CENTRE), ("档案整理", OFFICE),
    ]  # fmt: skip


# --- several columns of labels -----------------------------------------------------------------------------------
def test_several_label_columns_are_the_path():
    one = table(
        "类别|项目名称|金额", "运转类|电费|10.00", "^|水费|20.00", "特定目标类|大厅|30.00", "合计|<|60.00"
    )  # fmt: skip
    assert rows(one) == ["运转类/电费 | 10.00", "运转类/水费 | 20.00", "特定目标类/大厅 | 30.00", "合计 | 60.00"]
    assert [row.role for row in one.rows] == ["item", "item", "item", "total"]


def test_codes_of_outer_label_columns_are_kept_beside_the_path():
    one = table("一级|二级|三级|金额", "合计|||3.00", "02-辅助服务|0211-后勤服务|物业管理服务|3.00")
    assert [(row.path, row.texts) for row in one.rows[1:]] == [
        (["辅助服务", "后勤服务", "物业管理服务"], {"一级": "02-辅助服务", "二级": "0211-后勤服务"})
    ]


def test_blank_label_cells_are_those_of_the_rows_above():
    one = table("一级项目|二级项目|金额", "运转类||30.00", "|电费|10.00", "|水费|20.00", "特定类||5.00", "合计||35.00")
    assert [row.path for row in one.rows] == [
        ["运转类"], ["运转类", "电费"], ["运转类", "水费"], ["特定类"], ["合计"],
    ]  # fmt: skip


def test_a_column_of_units_gives_rows_their_unit():
    one = table(
        "单位名称|项目名称|合计|财政拨款",
        f"{OFFICE}|档案整理|10.00|10.00",
        "^|大厅运行|20.00|20.00",
        f"{CENTRE}|热线|5.00|5.00",
        "合计|<|35.00|35.00",
        title="项目支出预算表",
        units=(OFFICE, CENTRE),
    )
    assert [(row.role, row.budget_unit, row.label) for row in one.rows] == [
        ("project", OFFICE, "档案整理"),
        ("project", OFFICE, "大厅运行"),
        ("project", CENTRE, "热线"),
        ("total", None, "合计"),
    ]


def test_units_above_their_items_give_rows_their_unit():
    one = table(
        "项目|合计",
        "合计|15.00",
        f"{OFFICE}|10.00",
        "电费|10.00",
        f"{CENTRE}|5.00",
        "水费|5.00",
        units=(OFFICE, CENTRE),
    )
    assert [(row.budget_unit, shown(row)) for row in one.rows[2::2]] == [
        (OFFICE, f"{OFFICE}/电费 | 10.00"),
        (CENTRE, f"{CENTRE}/水费 | 5.00"),
    ]


def test_columns_of_words_stand_beside_the_amounts():
    one = table("项目|金额|绩效目标|备注", "电费|1.00|保障运转|", "水费|2.00|节约|已批")
    assert [row.texts for row in one.rows] == [
        {"绩效目标": "保障运转", "备注": ""},
        {"绩效目标": "节约", "备注": "已批"},
    ]
    assert columns(one) == ["金额"]


def test_the_kind_of_a_project_beside_its_name_does_not_name_its_row():
    one = table(
        "项目名称|项目类别|合计|财政拨款",
        "合计||30.00|30.00",
        "档案整理|其他运转类|10.00|10.00",
        "热线运行|特定目标类|20.00|20.00",
    )
    assert [(row.path, row.texts) for row in one.rows] == [
        (["合计"], {"项目类别": ""}),
        (["档案整理"], {"项目类别": "其他运转类"}),
        (["热线运行"], {"项目类别": "特定目标类"}),
    ]


def test_a_header_over_two_columns_of_names_is_their_path():
    one = table("项目名称|<|金额", "一般公共预算资金|小计|30.00", "^|专项收入|10.00", "其他资金|小计|5.00")
    assert [row.path for row in one.rows] == [
        ["一般公共预算资金", "小计"], ["一般公共预算资金", "专项收入"], ["其他资金", "小计"],
    ]  # fmt: skip


def test_a_total_merged_over_columns_of_words_is_not_their_text():
    one = table("科目编码|科目名称|政府编码|政府科目|合计", "合计|<|<|<|3.00", "30201|办公费|50201|办公经费|3.00")
    assert [row.texts for row in one.rows] == [
        {"政府编码": "", "政府科目": ""}, {"政府编码": "50201", "政府科目": "办公经费"},
    ]  # fmt: skip


def test_running_numbers_are_neither_label_nor_amount():
    one = table("序号|采购项目|数量|金额", "1|电脑|3|1.50", "2|打印机|2|0.20")
    assert (columns(one), rows(one)) == (["数量", "金额"], ["电脑 | 3 | 1.50", "打印机 | 2 | 0.20"])


# --- small, blank and other amounts ------------------------------------------------------------------------------
def test_one_row_of_amounts_without_a_label_is_a_row():
    one = table(
        "合计|因公出国|公务接待|公务用车|<", "^|^|^|购置|运行", "10.00|1.00|2.00|3.00|4.00", title="三公经费支出表"
    )
    assert columns(one) == ["合计", "因公出国", "公务接待", "公务用车/购置", "公务用车/运行"]
    assert rows(one) == [" | 10.00 | 1.00 | 2.00 | 3.00 | 4.00"]


def test_a_blank_table_has_columns_and_no_rows():
    one = table("科目编码|科目名称|合计|基本支出", "|||", "|||", title="政府性基金预算支出表")
    assert (columns(one), one.rows) == (["合计", "基本支出"], [])


def test_a_header_alone_is_a_blank_table():
    one = table("科目编码|科目名称|合计|<", "^|^|基本支出|其他支出")
    assert (columns(one), one.rows) == (["合计/基本支出", "合计/其他支出"], [])


def test_a_blank_column_of_project_expenditure_is_a_column_of_amounts():
    one = table("科目编码|科目名称|合计|基本支出|项目支出", "201|公共服务|10.00|10.00|", "202|外交|5.00|5.00|")
    assert columns(one) == ["合计", "基本支出", "项目支出"]


def test_the_one_blank_row_of_a_table_without_labels_is_a_row():
    one = table("合计|因公出国|公务接待", "||", title="三公经费支出表")
    assert [row.values for row in one.rows] == [[None] * len(one.columns)]


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1,234.50", "1234.50"),
        ("0.00", "0.00"),
        ("-1.00", "-1.00"),
        ("(2.00)", "-2.00"),
        ("12.5%", "12.5"),
        ("—", None),
        ("", None),
    ],
)
def test_cells_stay_as_printed_beside_their_value(printed, value):
    row = table("项目|金额|备考", "电费|1.00|1.00", f"水费|{printed}|1.00").rows[1]
    assert (row.cells[0], row.values[0]) == (printed, Decimal(value) if value else None)


def test_percentages_are_no_money():
    one = table("项目|2023年|2024年|增减率", "电费|1.00|2.00|100.00%", "水费|4.00|2.00|-50.00%", unit="元")
    assert [one.unit_of(one.rows[1], c) for c in range(3)] == ["元", "元", "%"]
    assert one.rows[1].values[2] == Decimal("-50.00")


def test_a_column_of_percentages_by_its_header_is_no_money():
    one = table("项目|金额|增长（%）|人数", "电费|1.00|10.00|5")
    assert [one.unit_of(one.rows[0], c) for c in range(3)] == ["万元", "%", None]


@pytest.mark.parametrize(("unit", "told"), [(None, "元"), ("万元", "万元")])
def test_the_unit_of_the_header_counts_where_the_caption_has_none(unit, told):
    assert table("项目|金额（元）", "电费|1.00", unit=unit).unit == told


def test_amounts_alone_may_tell_the_hierarchy():
    one = table("项目|金额", "合计|35.00", "运转类|30.00", "电费|10.00", "水费|20.00", "邮费|5.00")
    assert [row.path for row in one.rows[2:]] == [["运转类", "电费"], ["运转类", "水费"], ["邮费"]]


def test_header_rows_and_numbers_of_columns_that_pages_repeat_are_no_rows():
    one = table("项目|上年|本年", "栏次|1|2", "电费|1.00|2.00", "项目|上年|本年", "栏次|1|2", "水费|3.00|4.00")
    assert rows(one) == ["电费 | 1.00 | 2.00", "水费 | 3.00 | 4.00"]


def test_notes_places_and_confidences_are_kept():
    one = draft("支出预算表", "项目|上年|本年", "电费|1.00|2.00")
    one.notes.append(Paragraph(text="注：含结转。", place=Place(line=9)))
    one.rows[1].cells[2] = GridCell(text="2.00", place=Place(page=3), confidence=0.8)
    built = build_table(one, [])
    row = built.rows[0]
    assert (built.notes, built.note_places, built.place) == (["注：含结转。"], [Place(line=9)], Place(line=1))
    assert (row.place_of(0), row.place_of(1), row.confidences) == (Place(line=2), Place(page=3), [None, 0.8])


def test_words_of_a_scan_keep_the_confidence_of_their_cell():
    one = draft("项目支出表", "项目|金额|绩效目标", "档案整理项目|25.00|完成率达到99.5%以上。", "库房改造项目|5.00|无")
    one.rows[1].cells[2].confidence = 0.7
    assert [row.text_confidences for row in build_table(one, []).rows] == [{"绩效目标": 0.7}, {}]


# --- figures of scans --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("amounts", "doubtful"),
    [
        (("12.50", "7.2", "5.30", "0.00"), ["7.2"]),
        (("12.50", "7.20", "5.30", "0"), []),
        (("12.5", "7.25", "5", "3.25"), []),
    ],
)
def test_an_amount_with_other_decimals_than_its_column_is_doubtful(amounts, doubtful):
    drawn = draft("支出预算表", "项目|预算", *(f"项目{n}|{amount}" for n, amount in enumerate((*amounts, "88.88"))))
    for row in drawn.rows:
        row.cells[1].confidence = 0.99
    read = build_table(drawn, [])
    assert [row.cells[0] for row in read.rows if (row.confidences[0] or 0) < SURE] == doubtful


def test_a_project_is_called_by_its_name_and_not_by_the_unit_beside_it():
    lines = ("项目名称|项目单位|合计", "网络专项经费|某市测试局|30.00", "驻外经费|某市测试局|12.00")
    rows = only_table(*lines, title="项目支出表").rows
    assert [(row.label, row.texts) for row in rows] == [
        ("网络专项经费", {"项目单位": "某市测试局"}),
        ("驻外经费", {"项目单位": "某市测试局"}),
    ]
