"""Which table a question names, where a budget has several of a kind or a row stands in several."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from assistant.answer import Assistant
from assistant.contract import Answer
from index.model import Document
from index.sql.store import Store
from tests.assistant.conftest import add_document, row, table

DEPARTMENT = "某县水务局"
BY_FUNCTION = "一般公共预算支出明细表（按支出功能分类科目-不含上年结转）"
BY_KIND = "一般公共预算支出明细表（按支出经济分类科目-不含上年结转）"


def budget() -> Document:
    """Two tables of a kind that differ by their brackets; a summary whose rows begin again; columns under two headings."""
    total = {"role": "total", "level": 0}
    spent, parts = {"side": "支出"}, ("一、财政拨款",)
    summary = table("收支总表", "income_expenditure_summary", [["收入", "预算数"], ["支出", "预算数"]], [
        row("一、财政拨款", "90.00", "", side="收入"),
        row("1、一般公共预算拨款", "90.00", "", parents=parts, side="收入"),
        row("本年收入合计", "90.00", "", side="收入", **total),
        row("收入总计", "95.00", "", side="收入", **total),
        row("一、财政拨款", "", "90.00", **spent),
        row("1、人员经费", "", "60.00", parents=parts, **spent),
        row("2、公用经费", "", "30.00", parents=parts, **spent),
        row("支出总计", "", "95.00", **spent, **total),
    ])  # fmt: skip
    by_function = table(BY_FUNCTION, "general_public_expenditure", [["合计"]], [
        row("合计", "90.00", **total), row("教育支出", "70.00", code="205"), row("培训支出", "7.00", code="20508", parents=("教育支出",)),
    ])  # fmt: skip
    by_kind = table(BY_KIND, "general_public_expenditure", [["合计"]], [
        row("合计", "80.00", **total), row("教育支出", "40.00", code="301"), row("培训支出", "4.00", code="30101", parents=("教育支出",)),
    ])  # fmt: skip
    income = table("收入总表", "income_summary", [["本年收入", "事业收入"], ["上年结转", "事业收入"]], [
        row("合计", "11.00", "2.00", **total), row("教育支出", "11.00", "2.00", code="205"),
    ])  # fmt: skip
    return Document(title=f"2024年{DEPARTMENT}部门预算", department=DEPARTMENT, year=2024, kind="部门预算",
                    budget_units=[DEPARTMENT], tables=[summary, by_function, by_kind, income], sections=[])  # fmt: skip


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    store = Store.open(tmp_path_factory.mktemp("tables"))
    add_document(store, budget(), b"tables", "水务.txt")
    yield Assistant(store, None)
    store.close()


@pytest.mark.parametrize(
    ("question", "value"),
    [
        (f"{BY_FUNCTION}里培训支出是多少", "7.00"),
        (f"{BY_KIND}里培训支出是多少", "4.00"),
        (f"{BY_KIND}里合计是多少", "80.00"),
        (f"{BY_KIND}里培训支出占教育支出的百分之几", "10.00"),
        ("收支总表里本年收入合计是多少", "90.00"),
        ("收支总表里收入总计是多少", "95.00"),
        ("收入总表里合计的本年收入的事业收入是多少", "11.00"),
    ],
)
def test_a_named_table_answers_with_its_own_cell(assistant: Assistant, question: str, value: str):
    answer: Answer = assistant.ask(question)
    assert (answer.value, answer.reason) == (Decimal(value), None)


def test_parts_of_a_row_that_stands_twice_are_not_added_together(assistant: Assistant):
    assert assistant.ask("收支总表里财政拨款下面各项加起来是多少").value == Decimal("90.00")
