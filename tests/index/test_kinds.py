"""Kinds of tables by their titles, whatever the province calls them."""

import pytest

from index.parsing.kinds import KINDS, kind_of


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("收支总体情况表", "income_expenditure_summary"),
        ("收支预算总表", "income_expenditure_summary"),
        ("收入支出决算总表", "income_expenditure_summary"),
        ("财政拨款收入支出决算总表", "appropriation_summary"),
        ("收入预算总表", "income_summary"),
        ("支出总体情况表", "expenditure_summary"),
        ("财政拨款收支总体情况表", "appropriation_summary"),
        ("财政拨款支出预算表（功能科目）", "appropriation_expenditure"),
        ("财政拨款基本支出预算表", "basic_by_economic"),
        ("一般公共预算支出情况表（按功能分类科目）", "general_public_expenditure"),
        ("一般公共预算基本支出情况表（按经济分类科目）", "basic_by_economic"),
        ("一般公共预算项目支出情况表（按经济分类科目）", "project_by_economic"),
        ("一般公共预算机关运行经费支出预算表", "operating_costs"),
        ("一般公共预算“三公”经费、会议费、培训费支出预算表", "three_public"),
        ("财政拨款安排的行政经费及“三公”经费预算表", "three_public"),
        ("政府性基金预算支出情况表", "government_fund"),
        ("国有资本经营预算支出情况表", "state_capital"),
        ("部门预算基本支出预算表", "basic_by_unit"),
        ("部门预算项目支出及其他支出预算表", "project_list"),
        ("政府采购支出预算表", "procurement"),
        ("部门整体支出绩效目标表", "performance_targets"),
        ("六、重点项目预算绩效目标情况", "key_project_targets"),
        ("人员情况表", "other"),
    ],
)
def test_titles_name_kinds(title, kind):
    assert kind_of(title).name == kind


def test_every_name_is_used_once():
    names = [kind.name for kind in KINDS]
    assert len(names) == len(set(names))
