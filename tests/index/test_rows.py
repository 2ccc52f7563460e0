"""Row labels: codes, numbering, levels and parents."""

import pytest
from builders import hierarchy

from index.parsing.rows import code_level, is_total, join_codes, numbering_level, plain_label, split_code, split_codes


@pytest.mark.parametrize(
    ("label", "code", "name"),
    [
        ("[30201]办公费", "30201", "办公费"),
        ("[30226] 劳务费", "30226", "劳务费"),
        ("【301】工资福利支出", "301", "工资福利支出"),
        ("2010102一般行政管理事务", "2010102", "一般行政管理事务"),
        ("20101 人大事务", "20101", "人大事务"),
        ("2024年运行经费", None, "2024年运行经费"),
        ("办公费", None, "办公费"),
    ],
)
def test_codes_are_split_from_names(label, code, name):
    assert split_code(label) == (code, name)


@pytest.mark.parametrize(
    "lines",
    [
        [["201", "", ""], ["201", "01", ""], ["201", "01", "02"], ["205", "", ""]],
        [["201", "", ""], ["201", "1", ""], ["201", "1", "2"], ["205", "", ""]],
        [["201", "", ""], ["", "01", ""], ["", "", "02"], ["205", "", ""]],
        [["201", "", ""], ["201", "20101", ""], ["201", "20101", "2010102"], ["205", "", ""]],
    ],
)
def test_parts_of_a_code_in_columns_of_their_own_are_joined(lines):
    assert join_codes([["合计", "", ""], *lines]) == [None, "201", "20101", "2010102", "205"]


def test_digits_that_open_a_name_here_and_there_are_no_codes():
    assert split_codes(["热线运维", "12345热线话务系统", "工作经费"])[1] == (None, "12345热线话务系统")
    assert split_codes(["合计", "301工资", "30101基本工资", "[302] 商品"])[1:] == [
        ("301", "工资"),
        ("30101", "基本工资"),
        ("302", "商品"),
    ]
    assert plain_label("12345热线话务系统") == "12345热线话务系统"


@pytest.mark.parametrize(
    ("label", "level"),
    [
        ("一、教育支出", 1),
        ("二十三、其他支出", 1),
        ("（二）公务用车", 2),
        ("(二)公务用车", 2),
        ("1. 购置费", 3),
        ("2、运行费", 3),
        ("（3）接待", 4),
        ("其中：（一）因公出国", 2),
        ("1.5万元以下", 0),
        ("三公经费", 0),
        ("其中：人员经费", 0),
    ],
)
def test_numbering_has_levels(label, level):
    assert numbering_level(label) == level


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("[30213] 维修(护)费", "维修（护）费"),
        ("其中：（一）因公出国（境）支出", "因公出国（境）支出"),
        ("“三公”经费", "三公经费"),
        ("1. 公务用车购置费", "公务用车购置费"),
        ("*办公设备更新项目（涉密项目）", "办公设备更新项目（涉密项目）"),
        ("其中：基本支出", "基本支出"),
        ("合 计", "合计"),
        ("一、（一）教育", "教育"),
    ],
)
def test_a_plain_label_is_words_alone(label, words):
    assert plain_label(label) == words


@pytest.mark.parametrize("label", ["合计", "合 计", "总计", "本年收入合计", "支出总计", "收支总计", "共计"])
def test_totals_are_told_by_their_label(label):
    assert is_total(label)


@pytest.mark.parametrize("label", ["合计数以外", "小计", "三公经费", "", "不含合计"])
def test_other_labels_are_no_totals(label):
    assert not is_total(label)


def test_codes_have_levels():
    assert [code_level(code) for code in ("201", "20101", "2010102")] == [1, 2, 3]


def test_codes_give_parents_and_levels():
    rows = hierarchy("合计", "201:一般公共服务", "20101:人大事务", "2010102:一般行政", "205:教育", "2050101:行政运行")
    assert [(row.level, row.path) for row in rows] == [
        (0, ["合计"]),
        (1, ["一般公共服务"]),
        (2, ["一般公共服务", "人大事务"]),
        (3, ["一般公共服务", "人大事务", "一般行政"]),
        (1, ["教育"]),
        (3, ["教育", "行政运行"]),
    ]


def test_codes_stand_under_the_unit_above_them():
    rows = hierarchy(
        "合计", "甲局", "201:公共服务", "20101:人大", "乙中心", "201:公共服务", "20103:政府办", units=("甲局", "乙中心")
    )
    assert [row.role for row in rows] == ["total", "unit", "item", "item", "unit", "item", "item"]
    assert rows[3].path == ["甲局", "公共服务", "人大"]
    assert (rows[6].path, rows[6].level, rows[6].budget_unit) == (["乙中心", "公共服务", "政府办"], 2, "乙中心")


def test_rows_stand_under_the_unit_above_them():
    rows = hierarchy("合计", "甲局", "工资", "甲局大楼维修", "乙中心", "工资", units=("甲局", "乙中心"))
    assert [row.role for row in rows] == ["total", "unit", "item", "item", "unit", "item"]
    assert [row.path for row in rows[2:4]] == [["甲局", "工资"], ["甲局", "甲局大楼维修"]]
    assert (rows[5].path, rows[5].budget_unit) == (["乙中心", "工资"], "乙中心")


def test_numbering_gives_parents():
    rows = hierarchy(
        "一、本年收入", "（一）财政拨款", "1.一般公共预算", "2.政府性基金", "（二）事业收入", "二、上年结转", "收入总计"
    )
    assert [row.path for row in rows] == [
        ["一、本年收入"],
        ["一、本年收入", "（一）财政拨款"],
        ["一、本年收入", "（一）财政拨款", "1.一般公共预算"],
        ["一、本年收入", "（一）财政拨款", "2.政府性基金"],
        ["一、本年收入", "（二）事业收入"],
        ["二、上年结转"],
        ["收入总计"],
    ]


def test_among_opens_the_parts_of_the_row_above():
    rows = hierarchy("行政经费", "三公经费", "其中：（一）出国", "（二）公车", "1. 购置", "2. 运行", "（三）接待")
    assert [row.path for row in rows[2:]] == [
        ["三公经费", "其中：（一）出国"],
        ["三公经费", "（二）公车"],
        ["三公经费", "（二）公车", "1. 购置"],
        ["三公经费", "（二）公车", "2. 运行"],
        ["三公经费", "（三）接待"],
    ]
    assert rows[1].path == ["三公经费"]


def test_among_without_numbers_lists_some_parts_until_the_next_number():
    rows = hierarchy("一、基本支出", "其中：人员经费", "公用经费", "二、项目支出", "支出合计")
    assert [row.path for row in rows[1:3]] == [["一、基本支出", "其中：人员经费"], ["一、基本支出", "公用经费"]]
    assert [row.path for row in rows[3:]] == [["二、项目支出"], ["支出合计"]]


def test_what_follows_a_total_is_no_part_of_it():
    rows = hierarchy("一、预算拨款", "本年收入合计", "二、上级补助收入", "收入总计")
    assert [(row.role, row.path) for row in rows[1:3]] == [("total", ["本年收入合计"]), ("item", ["二、上级补助收入"])]


@pytest.mark.parametrize("labels", [("", "一、甲", "二、乙"), ("一、甲", "二、乙", "")])
def test_a_first_or_last_row_without_a_label_is_the_total(labels):
    rows = hierarchy(*labels)
    assert [row.role for row in rows if not row.label] == ["total"]


def test_a_total_may_end_with_a_colon():
    assert [is_total("总计："), is_total("合 计:"), plain_label("总计：")] == [True, True, "总计"]
