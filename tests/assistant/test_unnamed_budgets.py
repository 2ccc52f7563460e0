"""Questions that name none of the two budgets that are there: what is told of both says each time whose it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.answer import Assistant
from assistant.contract import Answer
from index.model import Document
from index.sql.store import Store
from tests.assistant.conftest import add_document, row, table

FIRST, OTHER = "2025年甲市档案局", "2024年乙市水务局"


def budget(department: str, year: int, total: str, running: str, projects: dict[str, str], only: str) -> Document:
    """Expenditure by function, one item of it in this budget alone, and projects."""
    summary = table("支出总体情况表", "expenditure_summary", [["合计"]], [
        row("合计", total, role="total", level=0),
        row("行政运行", running, code="2010301", level=3),
        row(only, "10.00", code="2010399", level=3),
    ])  # fmt: skip
    listed = table("部门预算项目支出表", "project_list", [["预算"]], [
        row(name, amount, role="project") for name, amount in projects.items()
    ])  # fmt: skip
    return Document(title=f"{year}年{department}部门预算", department=department, year=year, kind="部门预算",
                    budget_units=[department], tables=[summary, listed], sections=[])  # fmt: skip


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Answer]:
    store = Store.open(tmp_path_factory.mktemp("two"))
    archive = budget("甲市档案局", 2025, "200.00", "50.00", {"库房改造": "90.00", "档案数字化": "40.00"}, "档案整理")
    water = budget("乙市水务局", 2024, "400.00", "80.00", {"堤防加固": "150.00", "水质监测": "60.00"}, "河道巡查")
    for number, document in enumerate((archive, water)):
        add_document(store, document, f"unnamed {number}".encode(), f"{number}.txt")
    return Assistant(store, None).ask


def test_a_ranking_over_both_says_whose_each_is(ask: Callable[[str], Answer]) -> None:
    answer = ask("金额最大的三个项目是哪些")
    assert answer.value == [150, 90, 60]
    assert all(f"{whose}{name}" in answer.answer for whose, name in
               ((OTHER, "堤防加固"), (FIRST, "库房改造"), (OTHER, "水质监测")))  # fmt: skip


def test_a_list_over_both_says_whose_each_is(ask: Callable[[str], Answer]) -> None:
    answer = ask("超过50万元的项目有哪些")
    assert not answer.refused
    assert f"{FIRST}库房改造" in answer.answer and f"{OTHER}堤防加固" in answer.answer


def test_a_share_is_told_within_each(ask: Callable[[str], Answer]) -> None:
    answer = ask("行政运行占总支出的百分之几")
    assert answer.value == [25, 20]
    assert answer.answer.index(FIRST) < answer.answer.index("25.00%") < answer.answer.index(OTHER)


def test_an_item_of_one_is_held_against_the_total_of_that_one(ask: Callable[[str], Answer]) -> None:
    answer = ask("河道巡查占总支出的百分之几")
    assert answer.value == 2.5 and answer.answer.startswith(f"{OTHER}：")
    assert FIRST not in answer.answer
