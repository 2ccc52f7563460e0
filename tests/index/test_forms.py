"""Performance forms to Tables: fields, small tables, indicators, and lists of projects with indicators."""

from decimal import Decimal

import pytest
from spans import draft, shown

from index.model import Table
from index.parsing.forms.form import form_tables
from index.parsing.forms.project_list import indicator_list
from index.parsing.forms.recognising import is_form, is_indicator_list

OFFICE, CENTRE = "某市测试局", "某市服务中心"
NAME = "项目名称|档案整理|<|<"
TREE = ("产出指标|整理卷数|≥100卷|40", "^|合格率|≥95%|30", "效益指标|服务人数|显著提高|20")
HEADER = "一级指标|三级指标|指标值|分值"


def form(*lines: str, title: str = "项目支出绩效目标表", unit: str | None = "万元") -> dict[str, Table]:
    """The tables of a form by their kind, without the performance_ in front."""
    one = draft(title, *lines, unit=unit)
    assert is_form(one)
    return {table.kind.removeprefix("performance_"): table for table in form_tables(one)}


def fields(*lines: str, **options) -> list[str]:
    """The fields of a form with one indicator."""
    return [shown(row) for row in form(*lines, HEADER, TREE[0], **options)["fields"].rows]


def indicators(*lines: str, title: str = "项目支出绩效目标表") -> list[str]:
    return [shown(row) for row in form(*lines, title=title)["indicators"].rows]


def project_list(*lines: str) -> tuple[Table, Table]:
    """The projects and the indicators of a list of both."""
    one = draft("部门预算项目绩效目标表", *lines)
    assert is_indicator_list(one) and not is_form(one)
    projects, tree = indicator_list(one, [OFFICE, CENTRE])
    return projects, tree


def rows(one: Table) -> list[str]:
    return [shown(row) for row in one.rows]


# --- which grids are forms ---------------------------------------------------------------------------------------
def test_a_grid_that_opens_with_the_name_of_a_project_is_a_form_under_such_a_title():
    lines = ("项目名称|档案整理", "年度资金总额|10.00", "目标|建成")
    assert is_form(draft("项目支出绩效目标表", *lines))
    assert not is_form(draft("项目支出预算表", *lines))


@pytest.mark.parametrize(
    "lines",
    [
        ("项目|预算|决算", "电费|1.00|2.00", "水费|1.00|2.00"),
        ("项目名称|金额|绩效目标", "电费|1.00|节约", "水费|1.00|节约"),
        ("项目名称|档案整理", "目标|建成"),
    ],
)
def test_tables_of_amounts_are_no_forms(lines):
    assert not is_form(draft("项目支出绩效目标表", *lines))


def test_a_grid_whose_merged_cells_are_unknown_is_no_form():
    one = draft("项目支出绩效目标表", NAME, HEADER, *TREE)
    one.spanned = False
    assert not is_form(one) and not is_indicator_list(one)


def test_a_form_gives_its_tables_under_its_title():
    tables = form(NAME, "资金|来源|年初数|执行数", "^|财政拨款|10.00|9.00", HEADER, *TREE, title="2024年绩效目标表")
    assert list(tables) == ["fields", "funds", "indicators"]
    assert {(table.title, table.unit) for table in tables.values()} == {("2024年绩效目标表", "万元")}


# --- fields ------------------------------------------------------------------------------------------------------
def test_fields_in_pairs_are_label_and_value():
    assert fields(NAME, f"主管部门：|{OFFICE}|实施 单位|{CENTRE}", "项目期|1年|项目属性|延续项目") == [
        "项目名称 | 档案整理",
        f"主管部门 | {OFFICE}",
        f"实施单位 | {CENTRE}",
        "项目期 | 1年",
        "项目属性 | 延续项目",
    ]


def test_blank_values_are_blank_fields():
    assert fields(NAME, "主管部门||实施单位|", "项目期||项目属性|延续项目")[1:] == [
        "主管部门 | ", "实施单位 | ", "项目期 | ", "项目属性 | 延续项目",
    ]  # fmt: skip


def test_a_group_names_its_fields_and_their_unit():
    table = form(
        NAME, "资金（万元）|资金总额|10.00|<", "^|财政拨款|8.00|<", "^|其他资金||<", HEADER, TREE[0], unit=None
    )["fields"]
    assert rows(table)[1:] == [
        "资金（万元）/资金总额 | 10.00",
        "资金（万元）/财政拨款 | 8.00",
        "资金（万元）/其他资金 | ",
    ]
    assert [(row.values, row.units) for row in table.rows[2:]] == [([Decimal("8.00")], ["万元"]), ([None], [None])]


def test_a_label_before_pairs_of_amounts_names_them():
    lines = ("项目名称|档案整理|<|<|<", "基本信息|人数|750|单位数|10")
    table = form(*lines, "一级指标|二级指标|三级指标|指标值|分值", "产出指标|数量|卷数|≥100卷|10")["fields"]
    assert rows(table)[1:] == ["基本信息/人数 | 750", "基本信息/单位数 | 10"]


def test_fields_of_money_keep_what_was_printed():
    table = form(NAME, "年度资金总额|1,234.50|其中：财政拨款|1,000.00", HEADER, TREE[0])["fields"]
    assert [(row.label, row.cells, row.values) for row in table.rows[1:]] == [
        ("年度资金总额", ["1,234.50"], [Decimal("1234.50")]),
        ("其中：财政拨款", ["1,000.00"], [Decimal("1000.00")]),
    ]


@pytest.mark.parametrize("closing", ["备注|无|<|<", "其他说明|无|<|<"])
def test_fields_go_on_below_the_indicators(closing):
    table = form(NAME, HEADER, *TREE, closing, "联系人|甲|电话|123")["fields"]
    assert rows(table)[2:] == ["联系人 | 甲", "电话 | 123"]
    assert rows(table)[1].endswith(" | 无")


# --- small tables inside -----------------------------------------------------------------------------------------
FUNDS = ("资金情况|来源|年初预算数|执行数", "^|年度资金总额|10.00|9.00", "^|其中：财政拨款|8.00|")


def test_funds_with_a_header_are_a_table_of_their_own():
    funds = form(NAME, *FUNDS, HEADER, *TREE)["funds"]
    assert funds.columns == [["年初预算数"], ["执行数"]]
    assert rows(funds) == ["资金情况/年度资金总额 | 10.00 | 9.00", "资金情况/其中：财政拨款 | 8.00 | "]
    assert funds.rows[1].values == [Decimal("8.00"), None]


@pytest.mark.parametrize("group", ["资金情况（元）", "资金情况（单位：元）"])
def test_the_unit_of_funds_may_stand_in_their_label(group):
    assert form(NAME, f"{group}|来源|年初数|执行数", "^|合计|10.00|9.00", HEADER, *TREE)["funds"].unit == "元"


def test_two_lists_of_funds_side_by_side_are_told_apart():
    funds = form(
        "项目名称|档案整理|<|<|<",
        "预算支出|事业发展支出|预算金额|经常性支出|预算金额",
        "^|档案|10.00|工资|50.00",
        "^|大厅|5.00||",
        "一级指标|二级指标|三级指标|指标值|分值",
        "产出指标|数量|卷数|≥100卷|10",
    )["funds"]
    assert [("/".join(row.path), [cell for cell in row.cells if cell]) for row in funds.rows] == [
        ("预算支出/事业发展支出/档案", ["10.00"]),
        ("预算支出/经常性支出/工资", ["50.00"]),
        ("预算支出/事业发展支出/大厅", ["5.00"]),
    ]


def test_a_row_that_repeats_the_header_of_funds_opens_another_part():
    funds = form(
        "项目名称|档案整理|<|<|<",
        "预算支出|事业发展支出|预算金额|经常性支出|预算金额",
        "^|档案|10.00|工资|50.00",
        "^|项目支出|预算金额|公用支出|预算金额",
        "^|大厅|5.00|水电|6.00",
        "一级指标|二级指标|三级指标|指标值|分值",
        "产出指标|数量|卷数|≥100卷|10",
    )["funds"]
    assert [row.path[1:] for row in funds.rows] == [
        ["事业发展支出", "档案"], ["经常性支出", "工资"], ["项目支出", "大厅"], ["公用支出", "水电"],
    ]  # fmt: skip


TASKS = ("年度主要任务|任务名称|主要内容|预算金额", "^|档案|整理档案|10.00", "^|大厅|保障大厅|5.00")
ALL_TASKS = ["档案 | 整理档案 | 10.00", "大厅 | 保障大厅 | 5.00", "热线 | 接听 | 2.00", "维修 | 修缮 | 1.00"]


def tasks(*overleaf: str) -> list[str]:
    title = "2024年部门整体支出绩效目标表"
    return rows(form(f"部门名称|{OFFICE}|<|<", *TASKS, *overleaf, HEADER, *TREE, title=title)["funds"])


def test_tasks_go_on_overleaf_under_the_label_again():
    found = tasks("年度主要任务|热线|接听|2.00", "^|维修|修缮|1.00")
    assert found == [f"年度主要任务/{task}" for task in ALL_TASKS]


def test_tasks_go_on_overleaf_under_a_blank_label():
    assert tasks("|热线|接听|2.00", "^|维修|修缮|1.00") == [f"年度主要任务/{task}" for task in ALL_TASKS]


def test_goals_are_fields_below_their_labels():
    goals = ("年度总体目标|预期目标|<|实际完成情况", "^|整理一万卷|<|已完成")
    tables = form(NAME, *goals, HEADER, *TREE, title="项目支出绩效自评表")
    assert rows(tables["fields"])[1:] == ["年度总体目标/预期目标 | 整理一万卷", "年度总体目标/实际完成情况 | 已完成"]
    assert "funds" not in tables


def test_long_and_short_goals_stand_under_the_label_beside_them():
    assert fields(NAME, "总体目标|长期目标|年度目标|<", "^|整理全部|整理一万卷|<")[1:] == [
        "总体目标/长期目标 | 整理全部", "总体目标/年度目标 | 整理一万卷",
    ]  # fmt: skip


# --- the tree of indicators --------------------------------------------------------------------------------------
def test_indicators_are_rows_with_their_branches_as_path():
    assert indicators(NAME, HEADER, *TREE) == [
        "产出指标/整理卷数 | ≥100卷 | 40",
        "产出指标/合格率 | ≥95% | 30",
        "效益指标/服务人数 | 显著提高 | 20",
    ]


def test_values_have_numbers_with_their_own_units_and_scores_points():
    table = form(NAME, HEADER, *TREE)["indicators"]
    assert table.columns == [["指标值"], ["分值"]]
    assert [(row.values, row.units) for row in table.rows] == [
        ([Decimal(100), Decimal(40)], ["卷", "分"]),
        ([Decimal(95), Decimal(30)], ["%", "分"]),
        ([None, Decimal(20)], [None, "分"]),
    ]


def test_a_column_of_units_gives_values_theirs():
    table = form(
        "项目名称|档案整理|<|<",
        "一级指标|三级指标|指标值|度量单位",
        "产出指标|整理卷数|≥100|卷",
        "^|合格率|95|%",
        "^|及时率|90%|百分比",
        "效益指标|影响|深远|级",
    )["indicators"]
    assert [(row.values[0], row.units[0]) for row in table.rows] == [
        (Decimal(100), "卷"), (Decimal(95), "%"), (Decimal(90), "%"), (None, None),
    ]  # fmt: skip


def test_merged_and_blank_levels_are_those_above():
    assert indicators(
        "项目名称|档案整理|<|<",
        "一级指标|二级指标|三级指标|指标值",
        "产出指标|数量指标|卷数|100卷",
        "^|^|册数|20册",
        "||场次|5场",
        "|质量指标|合格率|95%",
        "效益指标||影响|深远",
        "满意度指标|<|满意度|90%",
    ) == [
        "产出指标/数量指标/卷数 | 100卷",
        "产出指标/数量指标/册数 | 20册",
        "产出指标/数量指标/场次 | 5场",
        "产出指标/质量指标/合格率 | 95%",
        "效益指标/影响 | 深远",
        "满意度指标/满意度 | 90%",
    ]


def test_a_tree_goes_on_over_a_page_break_with_its_header_again():
    found = indicators(
        "项目名称|档案整理|<|<|<",
        "绩效指标|一级指标|二级指标|三级指标|指标值",
        "^|产出指标|数量指标|卷数|100卷",
        "^|^|^|册数|20册",
        "^|^|质量指标|合格率|95%",
        "|一级指标|二级指标|三级指标|指标值",
        "^|||及时率|98%",
        "^|效益指标|社会效益|影响|深远",
    )
    assert found[2:] == [
        "产出指标/质量指标/合格率 | 95%",
        "产出指标/质量指标/及时率 | 98%",
        "效益指标/社会效益/影响 | 深远",
    ]


def test_a_small_tree_beside_its_label_keeps_its_rows():
    lines = ("绩效指标|一级指标|三级指标|指标值", "^|产出指标|卷数|100卷", "^|效益指标|影响|深远")
    assert indicators(NAME, *lines) == ["产出指标/卷数 | 100卷", "效益指标/影响 | 深远"]


def test_a_header_of_two_rows_gives_paths_of_two():
    table = form(
        "项目名称|档案整理|<|<",
        "一级指标|三级指标|指标值|<",
        "^|^|预期|实际",
        "产出指标|卷数|≥100卷|90卷",
    )["indicators"]
    assert (table.columns, rows(table)) == ([["指标值", "预期"], ["指标值", "实际"]], ["产出指标/卷数 | ≥100卷 | 90卷"])


def test_an_indicator_without_a_name_is_its_branch():
    assert indicators(NAME, HEADER, TREE[0], "成本指标||≤5万元|10")[1] == "成本指标 | ≤5万元 | 10"


def test_blank_rows_of_a_tree_are_none():
    assert len(indicators(NAME, HEADER, TREE[0], "|||", "|||")) == 1


def test_the_sum_of_points_is_a_total():
    table = form(NAME, HEADER, *TREE, "总分|<|<|90", title="项目支出绩效自评表")["indicators"]
    total = table.rows[-1]
    assert (total.role, total.level, total.path, total.values, total.units) == (
        "total", 0, ["总分"], [None, Decimal(90)], [None, "分"],
    )  # fmt: skip


def test_a_sum_of_points_that_is_left_blank_is_a_total_without_values():
    tables = form(NAME, HEADER, *TREE, "合计|<||", "说明|无|<|<", title="项目支出绩效自评表")
    total = tables["indicators"].rows[-1]
    assert (total.role, total.path, total.cells, total.values) == ("total", ["合计"], ["", ""], [None, None])
    assert rows(tables["fields"])[1:] == ["说明 | 无"]


# --- lists of projects with their indicators ---------------------------------------------------------------------
LIST = "单位名称|项目名称|预算数|一级指标|三级指标|指标值"


def test_a_list_gives_projects_and_their_indicators():
    projects, tree = project_list(
        LIST,
        f"{OFFICE}|档案整理|10.00|产出指标|卷数|≥100卷",
        "^|^|^|^|合格率|≥95%",
        "^|大厅运行|5.00|产出指标|天数|250天",
        "^|^|^|效益指标|影响|深远",
    )
    assert rows(projects) == [f"{OFFICE}/档案整理 | 10.00", f"{OFFICE}/大厅运行 | 5.00"]
    assert rows(tree) == [
        f"{OFFICE}/档案整理/产出指标/卷数 | ≥100卷",
        f"{OFFICE}/档案整理/产出指标/合格率 | ≥95%",
        f"{OFFICE}/大厅运行/产出指标/天数 | 250天",
        f"{OFFICE}/大厅运行/效益指标/影响 | 深远",
    ]
    assert [row.role for row in projects.rows] == ["project", "project"]


def test_an_amount_merged_over_indicators_counts_once_over_page_breaks_too():
    projects, tree = project_list(
        LIST,
        f"{OFFICE}|档案整理|10.00|产出指标|卷数|≥100卷",
        "^|^|^|^|合格率|≥95%",
        LIST,
        f"{OFFICE}|档案整理|10.00|效益指标|影响|深远",
    )
    assert ([row.values for row in projects.rows], len(tree.rows)) == ([[Decimal("10.00")]], 3)


def test_an_amount_merged_over_two_projects_counts_once():
    projects, _ = project_list(
        LIST, f"{OFFICE}|档案整理|10.00|产出指标|卷数|≥100卷", "^|大厅运行|^|产出指标|天数|250天"
    )
    assert [row.values for row in projects.rows] == [[Decimal("10.00")], [None]]


def test_projects_of_one_name_in_two_units_are_two():
    projects, tree = project_list(
        LIST, f"{OFFICE}|运行经费|10.00|产出指标|卷数|≥100卷", f"{CENTRE}|运行经费|5.00|产出指标|天数|250天"
    )
    assert rows(projects) == [f"{OFFICE}/运行经费 | 10.00", f"{CENTRE}/运行经费 | 5.00"]
    assert tree.rows[1].path[0] == CENTRE


def test_a_column_of_units_gives_projects_their_unit():
    projects, _ = project_list(
        LIST, f"{OFFICE}|档案整理|10.00|产出指标|卷数|≥100卷", f"{CENTRE}|热线|5.00|产出指标|天数|250天"
    )
    assert [row.budget_unit for row in projects.rows] == [OFFICE, CENTRE]


def test_units_above_their_projects_are_their_units():
    projects, tree = project_list(
        "项目名称|预算数|一级指标|三级指标|指标值",
        f"{OFFICE}|10.00|||",
        "档案整理|10.00|产出指标|卷数|≥100卷",
        f"{CENTRE}|5.00|||",
        "热线|5.00|产出指标|天数|250天",
    )
    assert [(row.role, row.budget_unit, row.label) for row in projects.rows] == [
        ("unit", OFFICE, OFFICE), ("project", OFFICE, "档案整理"), ("unit", CENTRE, CENTRE), ("project", CENTRE, "热线"),
    ]  # fmt: skip
    assert [row.path[:2] for row in tree.rows] == [[OFFICE, "档案整理"], [CENTRE, "热线"]]


def test_codes_goals_and_totals_of_a_list_are_told_apart():
    projects, _ = project_list(
        "项目编码|项目名称|项目金额|绩效目标|绩效指标|<|<",
        "^|^|^|^|一级指标|三级指标|指标值",
        "合计||15.00||||",
        "0001|档案整理|10.00|整理一万卷|产出指标|卷数|≥100卷",
        "0002|大厅运行|5.00|办好|产出指标|天数|250天",
    )
    assert projects.columns == [["项目金额"], ["绩效目标"]]
    assert [(row.role, row.code, shown(row)) for row in projects.rows] == [
        ("total", None, "合计 | 15.00 | "),
        ("project", "0001", "档案整理 | 10.00 | 整理一万卷"),
        ("project", "0002", "大厅运行 | 5.00 | 办好"),
    ]


def test_the_code_in_a_project_name_is_none_of_its_name_nor_of_its_indicators_paths():
    code = "11000024T000002872308"
    projects, tree = project_list(LIST, f"{OFFICE}|{code}-档案整理|10.00|产出指标|卷数|≥100卷")
    assert [(row.code, row.path) for row in projects.rows] == [(code, [OFFICE, "档案整理"])]
    assert tree.rows[0].path == [OFFICE, "档案整理", "产出指标", "卷数"]


def test_a_total_of_a_list_stands_alone():
    projects, _ = project_list(LIST, f"{OFFICE}|档案整理|10.00|产出指标|卷数|≥100卷", "合计|<|10.00|||")
    assert [(row.level, row.path) for row in projects.rows if row.role == "total"] == [(0, ["合计"])]


def test_a_note_across_a_list_is_no_project():
    projects, tree = project_list(
        LIST, f"{OFFICE}|档案整理|10.00|产出指标|卷数|≥100卷", "注：以上为全部项目。|<|<|<|<|<"
    )
    assert (len(projects.rows), len(tree.rows)) == (1, 1)


def test_a_list_may_have_its_title_above_its_header():
    title, blank = "某局2024年项目支出绩效目标表|<|<|<|<|<", "|||||"
    projects, tree = project_list(title, blank, LIST, f"{OFFICE}|档案整理|10.00|产出指标|卷数|≥100卷")
    assert rows(projects) == [f"{OFFICE}/档案整理 | 10.00"]
    assert rows(tree) == [f"{OFFICE}/档案整理/产出指标/卷数 | ≥100卷"]
