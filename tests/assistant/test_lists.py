"""Lists that stand under a heading of their own: the tasks of a form, a small table that no standard title names."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from assistant.answer import Assistant
from assistant.contract import Answer
from index.model import Document
from index.parsing.forms.form import form_tables
from index.sql.store import Store
from tests.assistant.conftest import add_document, row, table
from tests.index.spans import draft

DEPARTMENT = "某县粮食局"


def budget() -> Document:
    courses = table("培训费明细表", "other", [["人数"], ["金额"]], [
        row("储粮技术培训", "95", "3.65"), row("统计员培训", "120", "8.70"), row("消防培训", "50", "2.65"),
    ])  # fmt: skip
    tasks = form_tables(draft(
        "部门整体绩效目标申报表", f"部门名称|{DEPARTMENT}|<|<",
        "年度重点工作任务|任务名称|主要实施内容|拟投入的资金（万元）",
        "^|做好粮油轮换|轮换县级储备粮，更新12325举报热线|120.00", "^|推进仓房建设|新建高标准粮仓三栋|300.00",
        "^|开展质量监测|抽检收购粮样品|18.50", unit=None,
    ))  # fmt: skip
    total = {"role": "total", "level": 0}
    summary = table("支出总体情况表", "expenditure_summary", [["合计"]], [row("合计", "500.00", **total)])
    return Document(title="", department=DEPARTMENT, year=2026, kind="部门预算", budget_units=[DEPARTMENT],
                    tables=[summary, courses, *tasks], sections=[])  # fmt: skip


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    store = Store.open(tmp_path_factory.mktemp("lists"))
    add_document(store, budget(), b"lists", "粮食.pdf")
    yield Assistant(store, None)
    store.close()


def amounts(answer: Answer) -> list[Decimal]:
    assert not answer.refused, answer.answer
    value = answer.value if isinstance(answer.value, list) else [answer.value]
    return [Decimal(str(v)) for v in value]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("培训费明细表里金额最大的是哪个", ["8.70"]),
        ("年度重点工作任务里拟投入资金最多的两项是哪两项", ["300.00", "120.00"]),
        ("重点任务里拟投入的资金一共多少", ["438.50"]),
        ("重点工作任务里，粮仓那一项准备投多少钱", ["300.00"]),
        ("重点工作任务里，12325热线那一项准备投多少钱", ["120.00"]),
    ],
)
def test_rows_under_a_heading_are_found_by_it(assistant: Assistant, question: str, expected: list[str]) -> None:
    assert amounts(assistant.ask(question)) == [Decimal(e) for e in expected]


def test_a_row_that_the_list_does_not_have_is_not_made_up(assistant: Assistant) -> None:
    answer = assistant.ask("重点工作任务里，水库那一项准备投多少钱")
    assert answer.refused and not answer.numbers
