"""What an overview finds and refuses, on hand-built tables, and on the shipped document."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from assistant.web.pages import overview_charts
from assistant.web.pages.overview import Composition, Overview, overview
from assistant.web.pages.overview_html import heading_html, numbers_html, pairs_html
from assistant.web.sources.finding import find
from assistant.web.sources.reference import Reference
from index.facts import document_facts
from index.model import Document, Place, Row, Table
from index.settings import Settings
from index.sql.store import Store

MARKUP = "<b onclick=alert(1)>甲</b>"


def row(label: str, *cells: str, **fields: object) -> Row:
    values = [Decimal(cell.replace(",", "")) if cell else None for cell in cells]
    level = 0 if fields.get("role") == "total" else 1
    known = {"path": [label], "cells": list(cells), "values": values, "place": Place(line=1), "level": level}
    return Row.model_validate({"label": label, **known, **fields})


def document(
    title: str, kind: str, rows: list[Row], year: int = 2024, columns: list[list[str]] | None = None
) -> Document:
    table = Table(title=title, kind=kind, unit="万元", columns=columns or [["合计"]], rows=rows, place=Place(line=1))
    return Document(title="预算", department="某局", year=year, kind="部门预算", tables=[table], sections=[])


def seen(made: Document, before: Overview | None = None) -> Overview:
    return overview(made, document_facts(made, "0123456789abcdef"), before)


def expenditure(*amounts: str, total: str, year: int = 2024, names: str = "甲乙丙丁") -> Document:
    rows = [row("合计", total, role="total"), *(row(f"{n}支出", a) for n, a in zip(names, amounts, strict=False))]
    return document("支出总表", "expenditure_summary", rows, year)


def balance(income: str, expenditure: str) -> Document:
    rows = [
        row("一、财政拨款", income, "", side="收入"), row("二、其他收入", "", "", side="收入"),
        row("收入总计", income, "", side="收入", role="total"),
        row("一、教育支出", "", "60.00", side="支出", block=1), row("二、卫生支出", "", "40.00", side="支出", block=1),
        row("支出总计", "", expenditure, side="支出", block=1, role="total"),
    ]  # fmt: skip
    columns = [["收入", "预算"], ["支出", "预算"]]
    return document("收支总表", "income_expenditure_summary", rows, columns=columns)


def test_parts_that_add_up_are_drawn() -> None:
    found = seen(expenditure("60.00", "40.00", total="100.00")).function
    assert found is not None
    assert (found.verdict, found.refusal) == ("一致", "")
    assert [(part.name, part.amount) for part in found.wholes[0].parts] == [("甲支出", 60), ("乙支出", 40)]
    assert [part.share_of(found.wholes[0]) for part in found.wholes[0].parts] == [60, 40]


def test_what_rounding_explains_is_drawn_and_said() -> None:
    found = seen(expenditure("33.33", "33.33", "33.33", total="100.00")).function
    assert found is not None
    assert (found.verdict, found.refusal) == ("尾差", "")
    assert "四舍五入" in heading_html("功能分类", found)


def test_parts_that_do_not_add_up_are_refused() -> None:
    found = seen(expenditure("60.00", "30.00", total="100.00")).function
    assert found is not None
    assert "100.00 与 90.00，差 10.00万元" in found.refusal
    assert "不画图" in heading_html("功能分类", found)


def test_negative_part_is_refused() -> None:
    found = seen(expenditure("110.00", "-10.00", total="100.00")).function
    assert found is not None
    assert "负数" in found.refusal


def test_step_below_that_does_not_add_up_is_left_out() -> None:
    rows = [
        row("合计", "100.00", role="total"), row("教育支出", "100.00", code="205"),
        row("普通教育", "70.00", code="20502", path=["教育支出", "普通教育"], level=2),
    ]  # fmt: skip
    found = seen(document("支出总表", "expenditure_summary", rows)).function
    assert found is not None
    assert found.refusal == ""
    assert found.wholes[0].parts[0].parts == ()


def test_flow_needs_both_sides_to_be_equal() -> None:
    equal, unequal = seen(balance("100.00", "100.00")).flow, seen(balance("120.00", "100.00")).flow
    assert equal is not None and unequal is not None
    assert equal.refusal == ""
    assert [leaf.name for whole in equal.wholes for leaf in whole.leaves()] == ["财政拨款", "教育支出", "卫生支出"]
    assert "“收入总计”与“支出总计”：120.00 与 100.00" in unequal.refusal


def test_three_public_is_its_three_costs() -> None:
    rows = [
        row("三公经费合计", "10.00", role="total"), row("1.因公出国（境）费", ""), row("2.公务用车购置及运行费", "8.00"),
        row("（1）公务用车购置费", "5.00"), row("（2）公务用车运行维护费", "3.00"), row("3.公务接待费", "2.00"),
    ]  # fmt: skip
    found = seen(document("三公经费表", "three_public", rows)).three_public
    assert found is not None
    assert found.verdict == "一致"
    assert [part.name for part in found.wholes[0].parts] == ["公务用车购置及运行费", "公务接待费"]
    assert [part.amount for part in found.wholes[0].parts[0].parts] == [5, 3]


def test_year_before_is_compared_by_name() -> None:
    before = seen(expenditure("50.00", "40.00", total="90.00", year=2023, names="甲丙"))
    pairs = seen(expenditure("60.00", "40.00", total="100.00"), before).before
    assert [(pair.name, pair.change) for pair in pairs] == [("支出合计", 10), ("甲支出", 10)]
    assert "+10.00" in pairs_html(pairs)


def test_document_without_such_tables_has_no_overview() -> None:
    assert seen(document("其他", "other", [row("甲", "1.00")])) == Overview()


def test_every_number_drawn_carries_its_cell() -> None:
    found = seen(balance("100.00", "100.00")).flow
    assert found is not None
    drawn = json.loads(overview_charts.flow(found).plot)["data"][0]
    cells = [Reference.model_validate_json(data[0]) for data in drawn["link"]["customdata"]]
    assert [(cell.table, cell.row, cell.column) for cell in cells] == [(0, 0, 0), (0, 3, 1), (0, 4, 1)]
    assert drawn["link"]["value"] == [100.0, 60.0, 40.0]


def test_markup_of_a_document_is_text() -> None:
    rows = [row("合计", "3.00", role="total"), row(MARKUP, "1.00"), row("乙", "2.00")]
    found = seen(document(MARKUP, "expenditure_summary", rows)).function
    assert found is not None
    drawings = [overview_charts.treemap(found), overview_charts.bars(found)]
    assert all(
        "<b onclick" not in text
        for text in (heading_html("题", found), numbers_html(found), *(d.plot for d in drawings))
    )


def test_search_finds_label_code_words_and_figures() -> None:
    rows = [
        row("办公费", "1,234.50", code="30201"), row("培训 费", "2.00"), row("项目", "3.00", texts={"绩效目标": "运行平稳"}),
    ]  # fmt: skip
    made = document("支出表", "other", rows)

    def found(sought: str) -> list[tuple[int | None, int | None]]:
        return [(hit.reference.row, hit.reference.column) for hit in find(made, "x", sought)]

    assert found("办公") == [(0, None)]
    assert found("３０２０１") == [(0, None)]
    assert found("培训费") == [(1, None)]
    assert found("平稳") == [(2, None)]
    assert found("1,234") == [(0, 0)]
    assert found("  ") == found("没有") == []


@pytest.mark.parametrize("field", ["flow", "function", "economic", "three_public", "units"])
def test_shipped_document_is_drawn(indexed_settings: Settings, field: str) -> None:
    store = Store.open(indexed_settings.store)
    info = store.documents()[0]
    facts = store.facts(documents=[info.id])
    found: Composition | None = getattr(overview(store.parsed(info.id), facts), field)
    assert found is not None
    assert found.refusal == ""
    known = {(f.table_index, f.row_index, f.column_index) for f in facts}
    for whole in found.wholes:
        assert {(p.fact.table_index, p.fact.row_index, p.fact.column_index) for p in whole.leaves()} <= known
