"""Markdown: pipe tables, and markup that is no text."""

from pathlib import Path

import pytest

from index.model import Block, Grid, Paragraph
from index.parsing.structure import build_document
from index.readers import read_blocks


def read(text: str) -> list[Block]:
    return read_blocks(Path("预算.md"), text.encode())


def lines(text: str) -> list[str]:
    (grid,) = read(text)
    assert isinstance(grid, Grid)
    return ["|".join(row.texts()) for row in grid.rows]


@pytest.mark.parametrize(
    "text",
    [
        "| 项目 | 预算 |\n|------|-----:|\n| 水费 | 1,000.00 |\n| 电费 | |",
        "项目|预算\n:--|--\n水费|1,000.00\n电费|",
        "|项目|预算|\n|:-:|---|\n|水费|1,000.00|\n|电费",
    ],
)
def test_a_pipe_table_is_a_grid_with_or_without_its_edges(text):
    assert lines(text) == ["项目|预算", "水费|1,000.00", "电费|"]


def test_an_escaped_pipe_parts_no_cell():
    (grid,) = read("| 项目 | 预算 |\n|---|---|\n| 甲\\|乙 | 1 |")
    assert grid.rows[1].texts() == ["甲|乙", "1"]


def test_markup_is_no_text():
    assert lines("| **项目** | [预算](http://example.org) |\n|---|---|\n| `水费` | *1.00* |") == [
        "项目|预算",
        "水费|1.00",
    ]


@pytest.mark.parametrize("tag", ["<br>", "<br/>", "<br />"])
def test_a_line_break_in_a_cell_is_no_text(tag):
    assert lines(f"| 一般公共{tag}预算 | 金额 |\n|---|---|\n| 1 | 2 |") == ["一般公共预算|金额", "1|2"]


def test_blocks_and_rows_know_their_line():
    blocks = read(
        "# 支出情况表\n\n单位：元\n续行\n\n| 项目 | 金额 |\n|---|---|\n| 水费 | 1 |\n| 电费 | 2 |\n\n注：略。\n"
    )
    assert [(b.text, b.place.line) for b in blocks if isinstance(b, Paragraph)] == [
        ("支出情况表", 1), ("单位：元", 3), ("续行", 4), ("注：略。", 11)
    ]  # fmt: skip
    assert [row.place.line for row in blocks[3].rows] == [6, 8, 9]


def test_prose_and_a_second_table_end_a_table():
    table = "| 项目 | 金额 |\n|---|---|\n| 水费 | 1 |\n\n"
    assert [block.kind for block in read(f"{table}{table}- 一条\n\n{table}")] == ["grid", "grid", "paragraph", "grid"]


def test_title_and_unit_above_a_table_are_its_own():
    head = "# 2024年某市测试局部门预算\n\n## 支出总体情况表\n\n单位：千元\n\n"
    (table,) = build_document(
        read(head + "| 项目 | 预算 |\n|---|---|\n| 合计 | 1 |\n| 教育支出 | 1 |"), "预算.md"
    ).tables
    assert (table.title, table.unit, table.columns) == ("支出总体情况表", "千元", [["预算"]])


def test_common_encodings_give_the_same_blocks():
    text = "单位：万元\n\n| 项目 | 预算 |\n|---|---|\n| 水费 | 1 |\n"
    assert [read_blocks(Path("预算.markdown"), text.encode(e)) for e in ("gbk", "utf-8-sig")] == [read(text)] * 2


@pytest.mark.parametrize("content", [b"", b"\n \n", "| 预算 |".encode("utf-16"), b"| a |\n|---|\n| \x00 |"])
def test_empty_files_and_bytes_that_are_no_text_are_refused_by_name(refusal, content):
    assert refusal("预算.md", content)


@pytest.mark.parametrize("text", ["[" * 20_000, "*a " * 20_000])
def test_markup_without_end_is_read_as_text(text):
    (paragraph,) = read(text)
    assert paragraph.text == text.strip()
