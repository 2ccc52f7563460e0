"""What the tables of a form are about, and the facts of forms."""

from decimal import Decimal

import pytest
from spans import draft, table

from index.chunks import document_chunks
from index.facts import Fact, document_facts
from index.model import Document, Table
from index.parsing.forms.form import form_tables
from index.parsing.forms.project_list import indicator_list
from index.parsing.subjects import subjects

OFFICE = "某市测试局"
HEAD = "一级指标|三级指标|年度指标值|实际完成值|分值|得分"
TREE = ("产出指标|整理卷数（卷）|≥100|120|20|18", "效益指标|查阅满意度|≥95%|96|10|10", "总分|<|||30|28")
FUNDS = ("资金（万元）|年度资金总额|10.00|<|<|<", "^|其中：财政拨款|8.00|<|<|<", "^|其他资金|2.00|<|<|<")
ARCHIVES = (f"项目名称|6档案整理|<|实施单位|{OFFICE}本级|<", *FUNDS, "总体目标|整理一万卷档案。|<|<|<|<", HEAD, *TREE)


def form(*lines: str, title: str = "档案整理项目绩效自评表") -> list[Table]:
    return form_tables(draft(title, *lines, unit=None))


def document(*tables: Table) -> Document:
    return Document(title="", department=OFFICE, year=2024, kind="部门决算", tables=list(tables), sections=[])


def facts(*tables: Table, **fields: object) -> list[Fact]:
    found = document_facts(document(*tables), "d1")
    return [f for f in found if all(getattr(f, name) == value for name, value in fields.items())]


def test_a_form_is_about_the_project_that_it_names_without_the_number_before_it():
    found = subjects(form(*ARCHIVES))
    assert {s and (s.name, s.is_project, s.unit) for s in found} == {("档案整理", True, f"{OFFICE}本级")}


def test_a_form_without_a_project_is_about_its_department_by_its_title():
    tables = form(f"部门名称|{OFFICE}|<|<|<|<", HEAD, *TREE, title="2024年部门整体绩效自评表")
    assert [s and (s.name, s.is_project) for s in subjects(tables)] == [("部门整体绩效自评", False)] * 2


def test_forms_of_one_title_are_told_apart():
    tables = form(*ARCHIVES, title="绩效自评表") + form(
        f"项目名称|热线|<|主管部门|{OFFICE}|<", HEAD, *TREE, title="绩效自评表"
    )
    assert [s and s.name for s in subjects(tables)] == ["6档案整理", "6档案整理", "热线", "热线"]


def test_the_money_of_a_form_is_its_project_s():
    found = facts(*form(*ARCHIVES), role="project", table_kind="performance_fields")
    assert [(f.name, f.column_name, f.value, f.unit) for f in found] == [
        ("档案整理", "", Decimal("10.00"), "万元"),
        ("档案整理", "财政拨款", Decimal("8.00"), "万元"),
        ("档案整理", "其他资金", Decimal("2.00"), "万元"),
    ]
    assert found[0].path == ("档案整理", "资金（万元）", "年度资金总额")


def test_the_score_of_a_form_is_its_project_s():
    found = facts(*form(*ARCHIVES), role="project", table_kind="performance_indicators")
    assert [(f.name, f.column_name, f.value, f.unit) for f in found] == [("档案整理", "得分", Decimal(28), "分")]


def test_what_was_reached_is_in_the_unit_of_the_target_or_of_the_name():
    found = facts(*form(*ARCHIVES), table_kind="performance_indicators", role="item")
    assert [(f.path[0], f.name, f.text, f.unit) for f in found if f.column[-1] in ("年度指标值", "实际完成值")] == [
        ("档案整理", "整理卷数（卷）", "≥100", "卷"),
        ("档案整理", "整理卷数（卷）", "120", "卷"),
        ("档案整理", "查阅满意度", "≥95%", "%"),
        ("档案整理", "查阅满意度", "96", "%"),
    ]


def test_rates_and_points_beside_money_are_no_money():
    lines = (
        "项目名称|热线|<|<|<|<",
        "资金（万元）|资金来源|全年预算数|全年执行数|执行率|得分",
        "^|年度资金总额|10.00|9.00|90%|9.0",
    )
    found = facts(*form(*lines, "目标|办好|<|<|<|<", HEAD, *TREE), table_kind="performance_funds")
    assert [(f.column_name, f.unit, f.role) for f in found] == [
        ("全年预算数", "万元", "project"), ("全年执行数", "万元", "project"), ("执行率", "%", "project"), ("得分", "分", "item"),
    ]  # fmt: skip


def test_indicators_of_a_list_begin_with_their_project():
    one = draft(
        "项目绩效目标表", "项目名称|项目总额|绩效目标|一级指标|三级指标|指标值", f"{OFFICE}|10.00||||",
        "11000022T000000460216-热线|10.00|办好热线|产出指标|天数|250天",
    )  # fmt: skip
    tables = indicator_list(one, [OFFICE])
    assert [f.path for f in facts(*tables, table_kind="performance_indicators")] == [("热线", "产出指标", "天数")]
    whole = facts(*tables, name="热线", column_name="")
    assert [(f.text, f.value) for f in whole] == [("10.00", Decimal("10.00"))]


def test_the_goal_of_a_form_is_its_project_s_in_words():
    found = [c for c in document_chunks(document(*form(*ARCHIVES)), "d1") if c.kind == "project"]
    assert [(c.subject, c.body) for c in found] == [("档案整理", "整理一万卷档案。")]


@pytest.mark.parametrize(("label", "kind"), [("项目名称", "performance_projects"), ("评价机构", "other")])
def test_a_table_of_scores_is_one_of_projects(label, kind):
    found = table(f"{label}|自评分数", "档案整理|98.5", "热线运行|100", title="国有资产占用情况", unit=None)
    assert (found.kind, [row.units for row in found.rows]) == (kind, [["分"]] * 2 if kind != "other" else [[], []])
