"""The shipped document, read against what its raw text says.

Header paths and cells were written down by eye from the text file, not from what the parser made of it. The counts come
from a few lines over the raw text that share nothing with the parser.
"""

import re
from collections import Counter
from decimal import Decimal

import pytest
from builders import SHIPPED

from index.facts import document_facts
from index.ingest import parse_file

DEPARTMENT = "韶关市政务服务数据管理局"
CENTRE, EXCHANGE, DATA = "韶关市行政服务中心", "韶关市公共资源交易中心", "韶关市数据事务中心"

TABLES = {  # number: title, columns
    "1": ("收支总体情况表", ["收入/预算", "支出/预算"]),
    "2": (
        "收入总体情况表",
        [
            "合计",
            "财政拨款收入/一般公共预算",
            "财政拨款收入/政府性基金预算",
            "财政拨款收入/国有资本经营预算",
            "财政专户拨款收入/教育收费",
            "财政专户拨款收入/其他专户收入拨款",
            "其他资金收入/事业收入",
            "其他资金收入/经营收入",
            "其他资金收入/其他收入",
            "上级补助收入",
            "附属单位上缴收入",
            "用事业基金弥补收支差额",
        ],
    ),
    "3": (
        "支出总体情况表",
        ["合计", "基本支出", "项目支出", "事业单位经营支出", "对附属单位补助支出", "上缴上级支出", "结转下年"],
    ),
    "4": ("财政拨款收支总体情况表", ["收入/预算", "支出/预算"]),
    "5": (
        "一般公共预算支出情况表（按功能分类科目）",
        ["一般公共预算支出/小计", "一般公共预算支出/其中：基本支出", "一般公共预算支出/项目支出"],
    ),
    "6": ("一般公共预算基本支出情况表（按经济分类科目）", ["预算"]),
    "7": ("一般公共预算项目支出情况表（按经济分类科目）", ["预算"]),
    "8": (
        "财政拨款安排的行政经费及“三公”经费预算表",
        ["合计", "一般公共预算", "政府性基金预算", "国有资本经营预算"],
    ),
    "9": (
        "政府性基金预算支出情况表",
        ["政府性基金预算支出/小计", "政府性基金预算支出/其中：基本支出", "政府性基金预算支出/项目支出"],
    ),
    "10": (
        "国有资本经营预算支出情况表",
        ["国有资本经营预算支出/小计", "国有资本经营预算支出/其中：基本支出", "国有资本经营预算支出/项目支出"],
    ),
    "11": (
        "部门预算基本支出预算表",
        ["总计", "财政拨款/合计", "财政拨款/一般公共预算", "财政拨款/政府性基金预算", "财政专户拨款", "其他资金"],
    ),
    "12": (
        "部门预算项目支出及其他支出预算表",
        [
            "总计",
            "财政拨款/合计",
            "财政拨款/一般公共预算",
            "财政拨款/政府性基金预算",
            "财政拨款/国有资本经营预算",
            "财政专户拨款",
            "其他资金",
        ],
    ),
    None: ("重点项目预算绩效目标情况", ["预算数（单位：万元）"]),
}

CELLS = {  # number: (row path from its end, column, text)
    "1": [
        ("一、预算拨款", "收入/预算", "8,124.85"),
        ("三、其他资金", "收入/预算", "0.00"),
        ("本年收入合计", "收入/预算", "8,124.85"),
        ("四、上级补助收入", "收入/预算", "0.00"),
        ("一、一般公共服务支出", "支出/预算", "7,126.41"),
        ("八、社会保障和就业支出", "支出/预算", "594.09"),
        ("九、卫生健康支出", "支出/预算", "147.37"),
        ("十九、住房保障支出", "支出/预算", "256.98"),
        ("二十三、其他支出", "支出/预算", "0.00"),
        ("支出总计", "支出/预算", "8,124.85"),
    ],
    "2": [
        ("合计", "合计", "8,124.85"),
        ("一般公共服务支出", "财政拨款收入/一般公共预算", "7,126.41"),
        ("人大事务/一般行政管理事务", "合计", "31.50"),
        ("行政运行", "合计", "971.48"),
        ("其他政府办公厅（室）及相关机构事务支出", "财政拨款收入/一般公共预算", "3,832.41"),
        ("行政单位离退休", "合计", "78.46"),
        ("机关事业单位职业年金缴费支出", "合计", "145.68"),
        ("事业单位医疗", "财政拨款收入/一般公共预算", "97.63"),
        ("住房改革支出/住房公积金", "合计", "256.98"),
        ("卫生健康支出", "用事业基金弥补收支差额", "0.00"),
    ],
    "3": [
        ("合计", "合计", "8,124.85"),
        ("合计", "基本支出", "3,764.44"),
        ("合计", "项目支出", "4,360.41"),
        ("一般公共服务支出", "基本支出", "2,766.00"),
        ("政府办公厅（室）及相关机构事务", "项目支出", "3,832.41"),
        ("其他一般公共服务支出/其他一般公共服务支出", "项目支出", "528.00"),
        ("机关事业单位基本养老保险缴费支出", "基本支出", "291.36"),
        ("其他行政事业单位养老支出", "合计", "17.02"),
        ("行政单位医疗", "基本支出", "49.73"),
        ("住房保障支出", "结转下年", "0.00"),
    ],
    "4": [
        ("一、一般公共预算", "收入/预算", "8,124.85"),
        ("二、政府性基金预算", "收入/预算", "0.00"),
        ("收入总计", "收入/预算", "8,124.85"),
        ("一、一般公共服务支出", "支出/预算", "7,126.41"),
        ("八、社会保障和就业支出", "支出/预算", "594.09"),
        ("十九、住房保障支出", "支出/预算", "256.98"),
        ("二十、粮油物资储备支出", "支出/预算", "0.00"),
        ("二十一、国有资本经营预算支出", "支出/预算", "0.00"),
        ("本年支出合计", "支出/预算", "8,124.85"),
        ("二十四、结转下年", "支出/预算", "0.00"),
    ],
    "5": [
        ("合计", "一般公共预算支出/小计", "8,124.85"),
        ("合计", "一般公共预算支出/其中：基本支出", "3,764.44"),
        ("人大事务", "一般公共预算支出/小计", "31.50"),
        ("政府办公厅（室）及相关机构事务", "一般公共预算支出/小计", "4,803.89"),
        ("行政运行", "一般公共预算支出/其中：基本支出", "971.48"),
        ("其他政府办公厅（室）及相关机构事务支出", "一般公共预算支出/其中：基本支出", "0.00"),
        ("社会保障和就业支出", "一般公共预算支出/小计", "594.09"),
        ("事业单位离退休", "一般公共预算支出/其中：基本支出", "61.57"),
        ("行政事业单位医疗", "一般公共预算支出/小计", "147.37"),
        ("住房公积金", "一般公共预算支出/项目支出", "0.00"),
    ],
    "6": [
        ("合计", "预算", "3,764.44"),
        ("工资福利支出", "预算", "3,309.75"),
        ("基本工资", "预算", "624.86"),
        ("绩效工资", "预算", "944.48"),
        ("住房公积金", "预算", "259.98"),
        ("商品和服务支出/办公费", "预算", "68.61"),
        ("商品和服务支出/劳务费", "预算", "0.45"),
        ("公务用车运行维护费", "预算", "12.00"),
        ("对个人和家庭的补助/退休费", "预算", "138.78"),
        ("资本性支出/办公设备购置", "预算", "1.24"),
    ],
    "7": [
        ("合计", "预算", "4,360.41"),
        ("商品和服务支出", "预算", "3,720.85"),
        ("办公费", "预算", "19.48"),
        ("物业管理费", "预算", "59.26"),
        ("维修（护）费", "预算", "334.07"),
        ("租赁费", "预算", "321.58"),
        ("劳务费", "预算", "863.81"),
        ("委托业务费", "预算", "1,985.13"),
        ("资本性支出", "预算", "639.55"),
        ("资本性支出/公务用车购置", "预算", "18.00"),
    ],
    "8": [
        ("行政经费", "合计", "1,311.76"),
        ("行政经费", "国有资本经营预算", "0.00"),
        ("“三公”经费", "合计", "33.80"),
        ("“三公”经费", "一般公共预算", "33.80"),
        ("“三公”经费/其中：（一）因公出国（境）支出", "合计", "0.00"),
        ("“三公”经费/（二）公务用车购置及运行维护支出", "一般公共预算", "30.00"),
        ("（二）公务用车购置及运行维护支出/1. 公务用车购置费", "合计", "18.00"),
        ("（二）公务用车购置及运行维护支出/2. 公务用车运行维护费", "合计", "12.00"),
        ("2. 公务用车运行维护费", "政府性基金预算", "0.00"),
        ("“三公”经费/（三）公务接待费支出", "合计", "3.80"),
    ],
    "9": [
        ("合计", "政府性基金预算支出/小计", "0.00"),
        ("合计", "政府性基金预算支出/其中：基本支出", "0.00"),
        ("合计", "政府性基金预算支出/项目支出", "0.00"),
    ],
    "10": [
        ("合计", "国有资本经营预算支出/小计", "0.00"),
        ("合计", "国有资本经营预算支出/其中：基本支出", "0.00"),
        ("合计", "国有资本经营预算支出/项目支出", "0.00"),
    ],
    "11": [
        ("合计", "总计", "3,764.44"),
        (DEPARTMENT, "总计", "633.16"),
        (f"{DEPARTMENT}/工资和福利支出", "财政拨款/合计", "535.65"),
        (f"{DEPARTMENT}/其他资本性等支出", "总计", "0.24"),
        (CENTRE, "财政拨款/一般公共预算", "727.81"),
        (f"{CENTRE}/商品和服务支出", "总计", "47.62"),
        (f"{CENTRE}/对个人和家庭的补助", "财政专户拨款", "0.00"),
        (EXCHANGE, "总计", "2,403.46"),
        (f"{EXCHANGE}/工资和福利支出", "总计", "2,162.77"),
        (f"{EXCHANGE}/对个人和家庭的补助", "其他资金", "0.00"),
    ],
    "12": [
        ("合计", "总计", "4,360.41"),
        (DEPARTMENT, "财政拨款/合计", "3,096.53"),
        (f"{DEPARTMENT}/韶关市政务云服务采购项目", "总计", "200.00"),
        (f"{DEPARTMENT}/*市党政机关办公设备套件更新项目（涉密项目）", "总计", "100.00"),
        (f"{DEPARTMENT}/韶关市-省数字政府基础能力均衡化发展奖补资金", "财政拨款/一般公共预算", "1,950.02"),
        (CENTRE, "总计", "735.88"),
        (f"{CENTRE}/2024年市政务服务运行经费", "总计", "700.00"),
        (f"{EXCHANGE}/业务保障运行经费", "财政拨款/合计", "305.00"),
        (f"{DATA}/{DATA}公务用车购置项目", "总计", "18.00"),
        (f"{DATA}/{DATA}工作经费", "其他资金", "0.00"),
    ],
    None: [("无", "预算数（单位：万元）", "0")],
}


@pytest.fixture(scope="module")
def document():
    (document,), _ = parse_file(SHIPPED)
    return document


@pytest.fixture(scope="module")
def raw_lines():
    return SHIPPED.read_text("utf-8-sig").splitlines()


def table_of(document, number):
    return next(table for table in document.tables if table.number == number)


def test_the_head_is_known(document):
    assert (document.department, document.year, document.kind) == (DEPARTMENT, 2024, "部门预算")
    assert document.title == f"2024年{DEPARTMENT}部门预算"
    assert document.budget_units == [DEPARTMENT, CENTRE, EXCHANGE, DATA]


def test_the_tables_are_the_twelve_and_the_one_in_part_three(document):
    assert [table.number for table in document.tables] == list(TABLES)
    assert {table.unit for table in document.tables} == {"万元"}


@pytest.mark.parametrize("number", TABLES)
def test_header_paths_are_those_of_the_page(document, number):
    table = table_of(document, number)
    assert (table.title, ["/".join(column) for column in table.columns]) == TABLES[number]


@pytest.mark.parametrize(
    ("number", "row", "column", "text"), [(n, *cell) for n, cells in CELLS.items() for cell in cells]
)
def test_cells_are_those_of_the_page(document, number, row, column, text):
    table = table_of(document, number)
    c = ["/".join(path) for path in table.columns].index(column)
    found = [r for r in table.rows if r.path == row.split("/") or ("/".join(r.path)).endswith("/" + row)]
    assert [r.cells[c] for r in found if r.cells[c]] == [text]


def test_every_amount_of_the_tables_is_a_fact_as_often_as_it_is_printed(document, raw_lines):
    printed = Counter(
        cell.strip()
        for line in raw_lines
        if "\t" in line
        for cell in line.split("\t")
        if re.fullmatch(r"\s*[\d,]+\.\d\d\s*", cell)
    )
    facts = [f for f in document_facts(document, "d") if f.source == "cell"]
    assert Counter(f.text for f in facts if f.text) == printed
    assert all(f.value == Decimal(f.text.replace(",", "")) for f in facts if f.text)


def test_every_row_stands_on_the_line_that_prints_it(document, raw_lines):
    for table in document.tables:
        for row in table.rows:
            line = raw_lines[row.place.line - 1]
            assert row.label in line
            assert set(filter(None, row.cells)) <= {cell.strip() for cell in line.split("\t")}


def test_notes_are_those_that_say_something(document):
    assert {table.number: table.notes for table in document.tables if table.notes} == {
        "1": [
            "注：财政拨款收支情况包括一般公共预算、政府性基金预算、国有资本经营预算拨款收支情况。",
            "本套报表金额单位转换时可能存在尾数误差。",
        ],
        "4": ["注：表中功能分类科目，根据部门实际预算编制情况编制。"],
        "8": [
            "注：行政经费包括韶关市政务服务数据管理局和韶关市行政服务中心的数据，韶关市公共资源交易中心和韶关市数据事务中心无行政经费。"
        ],
        "9": ["注：本表本年无发生额。"],
        "10": ["注：本表本年无发生额。"],
        None: ["注：本年度无重点项目。"],
    }


def test_no_header_row_is_left_among_the_rows(document):
    labels = {row.label for table in document.tables for row in table.rows}
    assert not labels & {"项目", "科目名称", "部门预算支出经济科目", "支出项目类别（资金使用单位）"}


def test_each_unit_has_its_projects(document):
    projects = [row for row in table_of(document, "12").rows if row.role == "project"]
    assert Counter(row.budget_unit for row in projects) == {DEPARTMENT: 17, CENTRE: 3, EXCHANGE: 5, DATA: 2}
    assert sum(row.values[0] for row in projects) == Decimal("4360.41")


def test_each_project_has_the_target_of_its_line(document, raw_lines):
    projects = [row for row in table_of(document, "12").rows if row.role == "project"]
    for row in projects:
        assert row.texts == {"绩效目标": raw_lines[row.place.line - 1].split("\t")[-1].strip()}
        assert len(row.texts["绩效目标"]) > 20


def test_codes_give_three_levels(document):
    rows = {row.code: row for row in table_of(document, "5").rows if row.code}
    assert rows["2010102"].path == ["一般公共服务支出", "人大事务", "一般行政管理事务"]
    assert [rows[code].level for code in ("208", "20805", "2080505")] == [1, 2, 3]
    assert table_of(document, "6").rows[-1].path == ["资本性支出", "办公设备购置"]


def test_the_first_part_tells_the_duties_of_each_unit(document):
    duties = [s.text for s in document.sections if s.path[-1] == "一、主要职责"]
    assert [text[:3] for text in duties] == ["（一）", "（二）", "（三）", "（四）"]
    assert [unit in text[:20] for unit, text in zip((CENTRE, EXCHANGE, DATA), duties[1:], strict=True)] == [True] * 3


def test_part_three_has_its_six_headings(document):
    headings = [s.path[-1] for s in document.sections if s.path[0].startswith("第三部分")]
    assert list(dict.fromkeys(headings)) == [
        "一、部门预算收支增减变化情况",
        "二、“三公”经费安排情况",
        "三、机关运行经费安排情况",
        "四、政府采购情况",
        "五、国有资产占有使用情况",
        "六、重点项目预算绩效目标情况",
    ]


def test_part_four_defines_ten_terms(document):
    terms = [re.match(r"(\w+)、(.+?)：", s.text)[1] for s in document.sections if s.path[0].startswith("第四部分")]
    assert terms == list("一二三四五六七八九十")


def test_words_broken_over_a_page_are_whole(document):
    (section,) = [s for s in document.sections if s.path[-1] == "三、机关运行经费安排情况"]
    assert "维修(护)费、租赁费" in section.text


FIGURES = [  # label, measure, amount, unit, line: read by eye from part three
    ("收入预算", "", "8124.85", "万元", 462),
    ("支出预算", "比上年增长率", "38.8", "%", 462),
    ("三公经费", "", "33.8", "万元", 466),
    ("因公出国（境）费", "", "0", "万元", 466),
    ("公务用车购置费", "比上年增减", "18", "万元", 466),
    ("公务用车运行维护费", "比上年增减", "-2", "万元", 466),
    ("公务用车购置及运行维护费", "比上年增长率", "114.3", "%", 466),
    ("机关运行经费", "比上年增长率", "28.75", "%", 472),
    ("服务类采购预算", "", "800.24", "万元", 476),
    ("房屋", "", "863.92", "平方米", 480),
    ("单价在100万元以上的设备", "", "0", "台", 480),
    ("拟购置固定资产", "", "34.96", "万元", 480),
]


@pytest.mark.parametrize(("label", "measure", "value", "unit", "line"), FIGURES)
def test_figures_of_part_three_are_facts(document, label, measure, value, unit, line):
    facts = [f for f in document_facts(document, "d") if f.source == "figure" and f.name == label]
    assert (Decimal(value), unit, line) in [(f.value, f.unit, f.place.line) for f in facts if f.column_name == measure]
