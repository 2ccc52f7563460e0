"""Saved web pages: encodings, spans, what is no content, and pages whose text is placed piece by piece."""

import random
from pathlib import Path

import pytest
from spans import drawn

from index.amounts import parse_amount
from index.model import Block, Grid, Paragraph
from index.parsing.structure import build_document
from index.readers import read_blocks

NAME = "预算.html"
TABLE = "<table><tr><td>项目</td><td>预算</td></tr><tr><td>水费</td><td>1.00</td></tr></table>"
READ = ["项目|预算", "水费|1.00"]


def read(body: str, head: str = "") -> list[Block]:
    return read_blocks(Path(NAME), f"<html><head>{head}</head><body>{body}</body></html>".encode())


def texts(blocks: list[Block]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def grids(blocks: list[Block]) -> list[list[str]]:
    return [drawn(block.rows) for block in blocks if isinstance(block, Grid)]


# --- encodings -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="gbk">', "gbk"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=gb2312">', "gb18030"),
        ('<meta charset="utf-8">', "utf-8"),
        ('<meta charset="utf-8">', "gbk"),
        ('<meta charset="gb2312">', "utf-8-sig"),
        ("", "gbk"),
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ('<meta charset="gb2312">', "utf-8"),
    ],
)  # fmt: skip
def test_pages_are_read_in_their_encoding_whatever_they_say(head, encoding):
    page = f"<html><head>{head}<title>预算</title></head><body><p>某市测试局，珺</p></body></html>"
    assert texts(read_blocks(Path(NAME), page.encode(encoding))) == ["预算", "某市测试局，珺"]


# --- tables ----------------------------------------------------------------------------------------------------------
def test_rowspan_and_colspan_are_kept():
    table = """<table><thead><tr><th rowspan=3>科目</th><th colspan="3">预算</th></tr>
      <tr><th rowspan="2">合计</th><th colspan=2>其中</th></tr><tr><th>基本支出</th><th>项目支出</th></tr></thead>
      <tbody><tr><td>教育支出</td><td>3</td><td></td><td>1</td></tr></tbody></table>"""
    assert grids(read(table)) == [["科目|预算|<|<", "^|合计|其中|<", "^|^|基本支出|项目支出", "教育支出|3||1"]]


def test_spans_that_go_beyond_the_table_are_cut():
    table = "<table><tr><td rowspan=9>甲</td><td>1</td></tr><tr><td>2</td></tr></table>"
    assert grids(read(table)) == [["甲|1", "^|2"]]


@pytest.mark.parametrize("span", ["x", "", "-2", "1.5"])
def test_spans_that_are_no_number_count_as_one(span):
    assert grids(read(f'<table><tr><td colspan="{span}">甲</td><td>1</td></tr></table>')) == [["甲|1"]]


def test_short_rows_are_filled_up():
    assert grids(read("<table><tr><td>甲<td>1<td>2<tr><td>乙<td>3</table>")) == [["甲|1|2", "乙|3|"]]


def test_spaces_and_breaks_for_looks_go():
    table = "<table><tr><td>&nbsp;一般公共<br>预 算\n</td><td> 1,000.00&nbsp;</td></tr></table>"
    assert grids(read(table)) == [["一般公共预算|1,000.00"]]


@pytest.mark.parametrize("cell", ["100<br>200", "<p>100</p><p>200</p>"])
def test_two_amounts_in_a_cell_are_not_one(cell):
    (grid,) = read(f"<table><tr><td>水费</td><td>{cell}</td></tr></table>")
    assert parse_amount(grid.rows[0].cells[1].text) is None


def test_tables_that_lay_out_a_page_give_what_they_hold():
    page = f"<table><tr><td>某市测试局</td><td>栏目</td></tr><tr><td colspan=2><p>前言</p>{TABLE}</td></tr></table>"
    single = "<table><tr><td>第一段</td></tr><tr><td>第二段</td></tr></table>"
    blocks = read(page + single)
    assert (texts(blocks), grids(blocks)) == (["某市测试局", "栏目", "前言", "第一段", "第二段"], [READ])


def test_text_and_tables_stand_in_order_with_their_lines():
    blocks = read(f"\n<p>收入\n情况表</p>\n{TABLE}\n<div>第一行<br>第二行</div>")
    assert [(block.kind, block.place.line) for block in blocks] == [
        ("paragraph", 2), ("grid", 4), ("paragraph", 5), ("paragraph", 5)
    ]  # fmt: skip
    assert texts(blocks) == ["收入情况表", "第一行", "第二行"]


def test_title_unit_and_columns_are_those_of_the_page():
    head = "<title>2024年某市测试局部门预算</title>"
    (table,) = build_document(read(f"<h2>支出总体情况表</h2><p>单位：千元</p>{TABLE}", head), NAME).tables
    assert (table.title, table.unit, table.columns) == ("支出总体情况表", "千元", [["预算"]])


def test_a_page_written_in_one_line_keeps_its_prose():
    head = "<title>2024年某市测试局部门预算</title>"
    document = build_document(read(f"<p>收入增加。</p><h2>支出总体情况表</h2>{TABLE}<p>支出减少。</p>", head), NAME)
    assert [s.text for s in document.sections if s.text.endswith("。")] == ["收入增加。", "支出减少。"]


def test_the_caption_of_a_table_is_read():
    blocks = read(TABLE.replace("<table>", "<table><caption>支出情况表</caption>"))
    assert (texts(blocks), grids(blocks)) == (["支出情况表"], [READ])


# --- what is no content ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "aside",
    [
        "<script>var a = '暗';</script>",
        "<style>.a{}</style>",
        "<nav><ul><li>首页</li></ul></nav>",
        "<footer>版权</footer>",
        "<noscript>请打开脚本</noscript>",
        "<!-- 注 -->",
        "<select><option>部门</option></select><button>打印</button>",
        '<div style="display: none">暗</div>',
        '<div style="VISIBILITY:hidden"><table><tr><td>暗<td>9</table></div>',
        "<p hidden>暗</p>",
        '<table style="display:none"><tr><td>暗<td>9</table>',
        "<iframe src='http://example.org'>暗</iframe>",
    ],
)
def test_scripts_menus_and_hidden_elements_are_not_read(aside):
    blocks = read(f"<p>前言</p>{aside}{TABLE}{aside}<p>后记</p>")
    assert (texts(blocks), grids(blocks)) == (["前言", "后记"], [READ])


def test_hidden_words_in_a_line_or_a_cell_are_not_read():
    blocks = read(
        '<p>预<span style="display:none">暗</span>算</p>'
        + TABLE.replace("1.00", "<i hidden>9</i>1.00<script>9</script>")
    )
    assert (texts(blocks), grids(blocks)) == (["预算"], [READ])


@pytest.mark.parametrize(
    "hidden", ['<tr style="display:none"><td>底稿</td><td>9</td></tr>', "<tr hidden><td>底稿<td>9</tr>"]
)
def test_hidden_rows_are_not_read(hidden):
    assert "底稿" not in str(grids(read(TABLE.replace("<tr><td>水", f"{hidden}<tr><td>水"))))


def test_a_page_inside_a_form_is_read():
    blocks = read(f'<form id="form1" method="post"><p>前言</p>{TABLE}</form>')
    assert (texts(blocks), grids(blocks)) == (["前言"], [READ])


# --- text placed piece by piece --------------------------------------------------------------------------------------
def placed(text: str, left: float, top: float, style: str = "font-size:10pt") -> str:
    return f'<div style="position:absolute;left:{left}pt;top:{top}pt;{style}">{text}</div>'


def written(text: str, left: float, top: float) -> list[str]:
    """One element a character."""
    pieces, at = [], left
    for character in text:
        pieces.append(placed(character, at, top))
        at += 5 if character.isascii() else 10
    return pieces


def page(*pieces: str) -> str:
    return f'<div style="position:relative;width:595pt;height:842pt">{"".join(pieces)}</div>'


def placed_table(*lines: str, borders: bool) -> list[str]:
    """A table with its corner at 60, 100; its lines are the borders of its cells, or thin elements with a background."""
    fields = [line.split("|") for line in lines]
    pieces = []
    for r, line in enumerate(fields):
        for c, text in enumerate(line):
            pieces += written(text, 65 + 120 * c, 110 + 30 * r)
            if borders:
                pieces.append(placed("", 60 + 120 * c, 100 + 30 * r, "width:120pt;height:30pt;border:1px solid #000"))
    width, height = 120 * len(fields[0]), 30 * len(fields)
    if not borders:
        pieces += [
            placed("", 60, 100 + 30 * r, f"width:{width}pt;height:1pt;background-color:#000")
            for r in range(len(fields) + 1)
        ]
        pieces += [
            placed("", 60 + 120 * c, 100, f"width:1pt;height:{height}pt;background:black")
            for c in range(len(fields[0]) + 1)
        ]
    return pieces


@pytest.mark.parametrize("borders", [True, False])
def test_text_placed_piece_by_piece_is_read_like_a_printed_page(borders):
    lines = ["项目|预算|其中：基本支出", "教育支出|1,234.56|0.10", "卫生健康支出|-2.00|"]
    pieces = [
        *written("支出总体情况表", 200, 50),
        *written("单位：万元", 400, 80),
        *placed_table(*lines, borders=borders),
    ]
    random.Random(5).shuffle(pieces)
    blocks = read(page(*pieces), "<title>某市测试局</title>")
    assert (texts(blocks), grids(blocks)) == (["某市测试局", "支出总体情况表", "单位：万元"], [lines])
    assert (blocks[1].place.page, blocks[1].place.box) == (1, (200, 50, 270, 60))


def test_placed_pages_are_numbered_in_order():
    blocks = read(page(*written("第一页的说明文字" * 3, 60, 100)) + page(*written("第二页的说明文字" * 3, 60, 100)))
    assert [(block.text[:3], block.place.page) for block in blocks] == [("第一页", 1), ("第二页", 2)]


def test_hidden_pieces_and_white_lines_are_not_read():
    lines = ["项目|预算", "教育支出|1,234.56", "卫生健康支出|2.00", "其他支出|2.00"]
    pieces = placed_table(*lines, borders=True)
    pieces.append(placed("暗", 65, 300, "font-size:10pt;display:none"))
    pieces.append(placed("暗", 65, 320, "font-size:10pt;visibility:hidden"))
    pieces.append(placed("", 100, 100, "width:1pt;height:120pt;background:#ffffff"))
    blocks = read(page(*pieces))
    assert (texts(blocks), grids(blocks)) == ([], [lines])


def test_a_few_placed_elements_make_no_printed_page():
    blocks = read(placed("横幅", 0, 0) + f"<p>前言</p>{TABLE}")
    assert (texts(blocks), grids(blocks)) == (["横幅", "前言"], [READ])


def test_pieces_inside_a_placed_line_are_read_once():
    lines = [placed(placed(f"第{n}行", 0, 0), 60, 100 + 20 * n, "") for n in range(20)]
    assert texts(read(page(*lines))) == [f"第{n}行" for n in range(20)]


def test_a_hidden_page_is_not_read():
    blocks = read(
        page(*written("看得见的说明" * 7, 60, 100))
        + f'<div style="display:none">{page(*written("底稿", 60, 100))}</div>'
    )
    assert [block.place.page for block in blocks] == [1]


# --- what is refused -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "content",
    [b"", b" \n", b"<html><body></body></html>", b"<html><body><script>1</script></body></html>", b"<!-- -->"],
)
def test_pages_without_text_are_refused_by_name(refusal, content):
    assert refusal(NAME, content)


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n", b"PK\x03\x04" + bytes(50), b"<html>\x00\xff\xfe", "网页".encode("utf-16")]
)
def test_bytes_that_are_no_page_are_refused_by_name(refusal, content):
    assert refusal("预算.htm", content)


def test_a_page_nested_without_end_is_refused_or_read_in_one_line(refusal):
    assert refusal(NAME, b"<div>" * 50_000 + "深".encode())
