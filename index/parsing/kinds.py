"""The standard tables of a department budget, told by their titles.

A title names a kind whatever the province calls it (收支总体情况表, 收支预算总表). What a kind says of its rows and of
the money in it lets a question's word find a cell that does not print that word: a row of the basic-expenditure table is
基本支出 although no column says so. Order matters: the first kind whose words all stand in the title is taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

RowsOf = Literal["functional", "economic", "summary", "three_public", "by_unit", "projects", "form", "other"]
NEVER = r"(?!)"  # kinds that the shape of a grid tells, whatever its title


@dataclass(frozen=True)
class TableKind:
    """`pattern` is searched in the title; `facets` are the words that hold for every cell of such a table."""

    name: str
    pattern: str
    rows: RowsOf
    facets: tuple[str, ...] = ()


KINDS = (
    TableKind("performance_fields", NEVER, "form"),
    TableKind("performance_funds", NEVER, "form"),
    TableKind("performance_projects", NEVER, "projects"),
    TableKind("performance_indicators", NEVER, "form"),
    TableKind("key_project_targets", r"重点项目.*绩效", "other"),
    TableKind("performance_targets", r"绩效", "other"),
    TableKind("three_public", r"三公|行政经费", "three_public", ("财政拨款",)),
    TableKind("operating_costs", r"机关运行经费", "other"),
    TableKind("procurement", r"政府采购|政府购买服务", "other"),
    TableKind(
        "project_list",
        r"项目支出(及其他支出)?预算表|项目支出(预算)?明细表|项目支出表|专项业务经费支出(预算)?表",
        "projects",
        ("项目支出",),
    ),
    TableKind("basic_by_unit", r"部门预算基本支出", "by_unit", ("基本支出",)),
    TableKind("government_fund", r"政府性基金", "functional", ("政府性基金预算",)),
    TableKind("state_capital", r"国有资本经营", "functional", ("国有资本经营预算",)),
    TableKind("basic_by_economic", r"(一般公共预算|财政拨款).*基本支出", "economic", ("基本支出", "一般公共预算")),
    TableKind("project_by_economic", r"一般公共预算.*项目支出", "economic", ("项目支出", "一般公共预算")),
    TableKind("general_public_expenditure", r"一般公共预算.*支出", "functional", ("一般公共预算",)),
    TableKind("basic_expenditure", r"(?<!一般公共预算)基本支出(?!.*经济)", "functional", ("基本支出",)),
    TableKind("project_expenditure", r"(?<!一般公共预算)项目支出(?!.*经济)", "functional", ("项目支出",)),
    TableKind("appropriation_summary", r"财政拨款.*收(支|入支出)", "summary", ("财政拨款",)),
    TableKind("appropriation_expenditure", r"财政拨款.*支出", "functional", ("财政拨款",)),
    TableKind("income_expenditure_summary", r"收支|收入支出", "summary"),
    TableKind("income_summary", r"收入", "functional", ("收入",)),
    TableKind("expenditure_summary", r"支出", "functional", ("支出",)),
    TableKind("other", r"", "other"),
)
BY_NAME = {kind.name: kind for kind in KINDS}
FORM_KINDS = tuple(kind.name for kind in KINDS if kind.rows == "form")


def kind_of(title: str) -> TableKind:
    """The kind of a table by its title; `other` where no standard title fits."""
    plain = re.sub(r"[“”\"\s]", "", title)
    return next(kind for kind in KINDS if re.search(kind.pattern, plain))


def kind_of_budget(kind: str) -> str:
    """What a document's kind (部门预算, 单位决算, 绩效自评表) is of: 预算, 调整预算, 决算 or 绩效."""
    if "调整" in kind:
        return "调整预算"
    return "决算" if is_final(kind) else "绩效" if "绩效" in kind else "预算"


def is_final(kind: str) -> bool:
    """Whether a document's kind is of final accounts."""
    return "决算" in kind
