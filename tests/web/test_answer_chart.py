"""What is drawn of an answer follows from its plan."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from assistant.answer import Assistant
from assistant.contract import Answer
from assistant.plan import Calculate, Combine, Expression, Plan, Reduce, Select
from assistant.web.chat.answer_chart import MOST, chart_of
from index.settings import Settings
from tests.web.test_answer_html import answer


@pytest.fixture(scope="module")
def assistant(indexed_settings: Settings) -> Assistant:
    return Assistant.open(indexed_settings)


def planned(given: Answer, expression: Expression) -> Answer:
    given.plan = Plan(parts=[Calculate(expression=expression)]).model_dump(mode="json")
    return given


def listing(text: str, *numbers: str, how: str = "rank", **of: object) -> Answer:
    select = Select(**of)  # type: ignore[arg-type]
    return planned(answer(text, *numbers), Reduce(how=how, of=select))  # type: ignore[arg-type]


def drawn(given: Answer) -> dict:
    chart = chart_of(given)
    assert chart is not None
    return json.loads(chart.plot)


def test_ranking_is_bars_in_its_order(assistant: Assistant) -> None:
    given = assistant.ask("金额最大的五个项目是哪些")
    (trace,) = drawn(given)["data"]
    assert trace["type"] == "bar"
    assert trace["x"] == [float(v) for v in given.value]  # type: ignore[union-attr]
    cited = [json.loads(reference) for reference, _ in trace["customdata"]]
    assert [(c["row"], c["column"]) for c in cited] == [(c.row_index, c.column_index) for c in given.citations]


def test_parts_of_a_whole_are_a_ring(assistant: Assistant) -> None:
    (trace,) = drawn(assistant.ask("支出按功能分类的构成"))["data"]
    assert trace["type"] == "pie"
    assert sum(map(Decimal, map(str, trace["values"]))) == Decimal("8124.85")


def test_shares_that_add_up_are_a_ring_and_others_bars() -> None:
    shares = Combine(how="list", operands=[Reduce(how="value", of=Select(labels=[name])) for name in "甲乙丙"])
    whole = planned(answer("占比：甲 50.00%、乙 30.00%、丙 20.01%。", "50.00", "30.00", "20.01"), shares)
    some = planned(answer("占比：甲 50.00%、乙 30.00%、丙 10.00%。", "50.00", "30.00", "10.00"), shares)
    assert [drawn(given)["data"][0]["type"] for given in (whole, some)] == ["pie", "bar"]


def test_years_are_a_line_from_the_earliest() -> None:
    (trace,) = drawn(listing("依次为：2024年 3.00万元、2022年 1.00万元、2023年 2.00万元。", "3.00", "1.00", "2.00"))[
        "data"
    ]
    assert (trace["type"], trace["x"], trace["y"]) == ("scatter", ["2022年", "2023年", "2024年"], [1, 2, 3])


def test_filtered_parts_are_no_whole() -> None:
    text, numbers = "共3项：甲 3.00万元、乙 2.00万元、丙 1.00万元。", ("3.00", "2.00", "1.00")
    where = [{"operator": "gt", "amount": "0.5", "unit": "万元"}]
    assert drawn(listing(text, *numbers, how="list", under=["丁"]))["data"][0]["type"] == "pie"
    assert drawn(listing(text, *numbers, how="list", under=["丁"], where=where))["data"][0]["type"] == "bar"


def test_long_list_is_drawn_as_far_as_it_is_readable() -> None:
    numbers = [f"{100 - i}.00" for i in range(30)]
    text = "依次为：" + "、".join(f"项{i} {n}万元" for i, n in enumerate(numbers)) + "。"
    assert len(drawn(listing(text, *numbers))["data"][0]["x"]) == MOST


@pytest.mark.parametrize("given", [
    listing("依次为：甲 3.00万元、乙 2.00万元。", "3.00", "2.00"),  # two are read faster than drawn
    listing("依次为：甲 3.00万元、乙 2.00元、丙 1.00元。", "3.00", "2.00", "1.00"),  # other units
    listing("依次为：甲 3.00万元、乙 -2.00万元、丙 1.00万元。", "3.00", "-2.00", "1.00"),  # below zero
    listing("依次为：甲 0.00万元、乙 0.00万元、丙 0.00万元。", "0.00", "0.00", "0.00"),
    listing("口径不同：甲 3.00万元、乙 2.00万元、丙 1.00万元。", "3.00", "2.00", "1.00", how="value"),  # one thing in three tables
    answer("依次为：甲 3.00万元、乙 2.00万元、丙 1.00万元。", "3.00", "2.00", "1.00"),  # of no plan
])  # fmt: skip
def test_nothing_is_drawn_that_would_mislead(given: Answer) -> None:
    assert chart_of(given) is None


def test_names_from_documents_are_no_markup() -> None:
    bad = "<b>甲</b>"
    given = listing(f"依次为：{bad} 3.00万元、乙 2.00万元、丙 1.00万元。", "3.00", "2.00", "1.00")
    assert "<b>甲" not in chart_of(given).plot  # type: ignore[union-attr]
    assert "&lt;b&gt;甲" in chart_of(given).plot  # type: ignore[union-attr]
