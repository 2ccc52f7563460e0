"""Rows with sources as XLSX and CSV."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from assistant.web.sources.export import FORMULA, Column, Export, Line, Source, csv_bytes, neutral, xlsx

SOURCE = Source("金额", "预算.pdf", "某市水务局", 2024, "项目支出表", "河道清淤", "合计", "12.10", "第3页")


def export(*values: str | int | Decimal | None) -> Export:
    return Export(
        "项目", [Column(str(i)) for i, _ in enumerate(values)], [Line(values, [SOURCE])], [("合计", Decimal("12.10"))]
    )


def read_csv(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@given(st.text())
def test_no_text_in_a_csv_begins_a_formula_and_none_is_lost(text: str) -> None:
    cell = read_csv(csv_bytes(export(neutral(text).replace("\x00", ""))))[1][1]
    assert not cell.startswith(FORMULA)
    assert neutral(text).removeprefix("'" if text.startswith(FORMULA) else "") == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12))
def test_amounts_in_a_csv_are_exact_numbers(amount: Decimal) -> None:
    assert Decimal(read_csv(csv_bytes(export(amount)))[1][1]) == amount


def test_csv_says_the_source_of_each_row() -> None:
    assert read_csv(csv_bytes(export("河道清淤")))[1] == [
        "1",
        "河道清淤",
        "金额：预算.pdf《项目支出表》河道清淤 › 合计：12.10",
    ]


def test_workbook_has_rows_sources_and_notes() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(export("河道清淤", Decimal("12.10"), None))))
    assert book.sheetnames == ["项目", "来源", "说明"]
    assert [cell.value for cell in book["项目"][2]] == [1, "河道清淤", 12.1, None]
    assert [cell.value for cell in book["来源"][2]] == [
        1,
        "金额",
        "预算.pdf",
        "某市水务局",
        2024,
        "项目支出表",
        "河道清淤",
        "合计",
        "12.10",
        "第3页",
    ]
    assert [cell.value for cell in book["说明"][2]] == ["合计", 12.1]


def test_words_in_a_workbook_are_text_whatever_they_begin_with() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(export('=HYPERLINK("x")', "a\x07b"))))
    cell = book["项目"][2][1]
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("x")')
    assert book["项目"][2][2].value == "ab"
