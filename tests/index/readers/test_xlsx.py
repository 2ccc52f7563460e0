"""XLSX workbooks: spans, places, what is hidden, and values as their cells show them."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from spans import drawn

from index.model import Block, Grid, Paragraph
from index.parsing.structure import build_document
from index.readers import read_blocks

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)  # what encrypted workbooks begin with
NAME = "预算.xlsx"
PROJECTS = [["项目", "金额"], ["办公费", 1], ["水费", 2]]


def workbook(rows: Sequence[Sequence[object]], *merged: str) -> Workbook:
    book = Workbook()
    book.active.title = "表一"
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    return book


def saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def rewritten(content: bytes, *changes: tuple[bytes, bytes]) -> bytes:
    """A workbook with patterns replaced in the XML of all its parts."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            for pattern, new in changes:
                part = re.sub(pattern, new, part)
            target.writestr(name, part)
    return changed.getvalue()


def read(book: Workbook) -> list[Block]:
    return read_blocks(Path(NAME), saved(book))


def grids(book: Workbook) -> list[list[str]]:
    return [drawn(block.rows) for block in read(book) if isinstance(block, Grid)]


def test_labels_know_by_how_many_spaces_they_are_set_in():
    (block,) = read(workbook([["项目", "金额"], ["支出", 3], ["  工资", 1], ["\u3000\u3000津贴", 2]]))
    assert [row.cells[0].indent for row in block.rows] == [0, 0, 1, 2]
    assert drawn(block.rows)[2:] == ["工资|1", "津贴|2"]


def shown(value: object, number_format: str) -> str:
    """The text of one cell that holds a value in a format."""
    book = workbook([["项目", value], ["合计", 1]])
    book.active["B1"].number_format = number_format
    return grids(book)[0][0].removeprefix("项目|")


# --- tables of a sheet -----------------------------------------------------------------------------------------------
def test_merged_cells_of_a_header_keep_their_spans():
    rows = [
        ["科目", None, "预算", None],
        ["编码", "名称", "合计", "其中"],
        [None, None, None, "基本支出"],
        [205, "教育支出", 3, 2],
    ]
    book = workbook(rows, "A1:B1", "C1:D1", "A2:A3", "B2:B3", "C2:C3")
    assert grids(book) == [["科目|<|预算|<", "编码|名称|合计|其中", "^|^|^|基本支出", "205|教育支出|3|2"]]


def test_title_unit_and_notes_inside_a_sheet_are_those_of_its_table():
    rows = [["支出总体情况表"], ["部门：某市测试局", None, "单位：千元"], ["项目", "合计", "其中：基本支出"], ["合计", 3, 2],
            ["教育支出", 3, 2], ["注：本表不含上年结转。"]]  # fmt: skip
    head = workbook([["2024年某市测试局部门预算"]])
    (table,) = build_document([*read(head), *read(workbook(rows, "A1:C1", "A6:C6"))], NAME).tables
    assert (table.title, table.unit, table.notes) == ("支出总体情况表", "千元", ["注：本表不含上年结转。"])
    assert [(row.label, row.cells) for row in table.rows] == [("合计", ["3", "2"]), ("教育支出", ["3", "2"])]


def test_a_blank_row_and_a_title_begin_another_table():
    second = [["支出情况表"], ["单位：元"], ["项目", "金额"], ["电费", 3]]
    assert grids(workbook([["收入情况表"], *PROJECTS, [], *second])) == [
        ["收入情况表|", "项目|金额", "办公费|1", "水费|2"],
        ["支出情况表|", "单位：元|", "项目|金额", "电费|3"],
    ]


def test_a_blank_row_alone_parts_no_table():
    assert grids(workbook([*PROJECTS, [], ["电费", 3]])) == [["项目|金额", "办公费|1", "水费|2", "|", "电费|3"]]


def test_cells_know_their_sheet_and_address_wherever_the_table_begins():
    (grid,) = read(workbook([[], [], *[[None] * 26 + row for row in PROJECTS]]))
    assert grid.place.as_dict() == {"sheet": "表一", "cell": "AA3"}
    assert [cell.place.cell for row in grid.rows for cell in row.cells] == ["AA3", "AB3", "AA4", "AB4", "AA5", "AB5"]


def test_a_sheet_of_prose_is_paragraphs_with_their_address():
    blocks = read(workbook([["2024年部门预算说明"], [], ["本部门预算收入增加。"]], "A1:F1"))
    assert [(b.text, b.place.cell) for b in blocks] == [("2024年部门预算说明", "A1"), ("本部门预算收入增加。", "A3")]


def test_spaces_and_breaks_for_looks_go():
    assert grids(workbook([["科 目　编 码", "一般公共\n预算"], [205, 1]])) == [["科目编码|一般公共预算", "205|1"]]


def test_a_blank_cell_stays_blank_and_a_zero_stays_zero():
    assert grids(workbook([["项目", "甲", "乙"], ["水费", None, 0]])) == [["项目|甲|乙", "水费||0"]]


# --- what is hidden --------------------------------------------------------------------------------------------------
def test_hidden_sheets_are_not_read():
    book = workbook(PROJECTS)
    for state in ("hidden", "veryHidden", "visible"):
        sheet = book.create_sheet(state)
        sheet.append(["项目", state])
        sheet.sheet_state = state
    assert [block.place.sheet for block in read(book)] == ["表一", "visible"]


def test_hidden_rows_and_columns_are_not_read():
    book = workbook(
        [
            ["编码", "项目", "底稿", "核对", "金额"],
            [1, "办公费", 7, 7, 10],
            [2, "草稿", 8, 8, 20],
            [3, "水费", 9, 9, 30],
        ]
    )
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["A"].hidden = True
    book.active.column_dimensions.group("C", "D", hidden=True)
    assert grids(book) == [["项目|||金额", "办公费|||10", "|||", "水费|||30"]]


@pytest.mark.parametrize("hidden", ["column", "row"])
def test_a_merged_title_that_begins_in_a_hidden_column_or_row_is_read(hidden):
    book = workbook([["支出总体情况表"], [], ["编码", "项目", "金额"], [205, "教育支出", 1]], "A1:C2")
    dimension = book.active.column_dimensions["A"] if hidden == "column" else book.active.row_dimensions[1]
    dimension.hidden = True
    assert "支出总体情况表" in [cell.text for block in read(book) for row in block.rows for cell in row.cells]


# --- values as shown -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.985, "0.0%", "98.5%"),
        (0.5, "0%", "50%"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (1234.5, "0.00", "1234.50"),
        (1.005, "0.00", "1.01"),
        (1234.5, "#,##0", "1,235"),
        (0, "0.00", "0.00"),
        (1.2, "0.##", "1.2"),
        (1, "0.##", "1"),
        (-5, "#,##0.00;[Red]-#,##0.00", "-5.00"),
        (12.5, '"¥"#,##0.00_);[Red]("¥"#,##0.00)', "12.50"),
        (12.5, r'_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "12.50"),
        (20101, "@", "20101"),
        ("0201", "0.00", "0201"),
        (5, "00", "05"),
        (1234567, "#,##0,", "1,235"),
        (12345, r"0\.0000", "1.2345"),
        (0, "0.00;-0.00;", ""),
    ],
)  # fmt: skip
def test_a_number_is_read_as_its_format_shows_it(value, number_format, text):
    assert shown(value, number_format) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1 + 0.2, "0.3"), (8124.85, "8124.85"), (100.0, "100"), (1e16, "10000000000000000"), (-0.06, "-0.06")],
)
def test_a_number_in_general_format_shows_no_rounding_of_floats(value, text):
    assert shown(value, "General") == text


@pytest.mark.parametrize("value", [date(2024, 3, 1), datetime(2024, 3, 1, 8, 30)])
def test_a_date_is_a_date_in_whatever_format(value):
    assert shown(value, 'yyyy"年"m"月"d"日"') == "2024-03-01"


def test_a_formula_is_read_as_the_value_that_was_saved_with_it():
    content = saved(workbook([*PROJECTS, ["合计", "=SUM(B2:B3)"]]))
    (grid,) = read_blocks(Path(NAME), rewritten(content, (rb"</f><v\s*(?:/>|></v>)", b"</f><v>3</v>")))
    assert drawn(grid.rows) == ["项目|金额", "办公费|1", "水费|2", "合计|3"]


def test_a_formula_that_was_never_calculated_is_blank():
    assert grids(workbook([*PROJECTS, ["合计", "=SUM(B2:B3)"]])) == [["项目|金额", "办公费|1", "水费|2", "合计|"]]


# --- what is refused -------------------------------------------------------------------------------------------------
def test_broken_workbooks_are_refused_by_name(refusal):
    whole = saved(workbook(PROJECTS))
    assert "不是完整的Office文件" in refusal(NAME, whole[: len(whole) // 2])
    assert "损坏" in refusal(NAME, whole.replace(b"xl/workbook.xml", b"xl/workbooc.xml"))
    assert "空" in refusal(NAME, b"")
    assert "空" in refusal(NAME, saved(Workbook()))


def test_encrypted_workbooks_are_refused_with_the_way_out(refusal):
    assert "密码" in refusal(NAME, OLE)


def test_a_small_workbook_that_unpacks_to_much_is_refused(refusal, zip_bomb):
    assert "解压后有30MB" in refusal(NAME, zip_bomb)


# --- what stands far away --------------------------------------------------------------------------------------------
def test_a_format_far_away_is_no_field():
    book = workbook(PROJECTS)
    book.active["XFD1048576"].number_format = "0.00"
    assert grids(book) == [["项目|金额", "办公费|1", "水费|2"]]


@pytest.mark.parametrize("address", ["XFD1048576", "XFD3", "A1048576"])
def test_a_text_far_away_is_no_part_of_the_table(address):
    book = workbook(PROJECTS)
    book.active[address] = "误录"
    assert grids(book) == [["项目|金额", "办公费|1", "水费|2"]]
    assert [(b.text, b.place.cell) for b in read(book) if isinstance(b, Paragraph)] == [("误录", address)]


def test_a_merged_range_over_the_whole_sheet_is_read_as_it_shows():
    book = workbook([["支出情况表"], *PROJECTS], "A1:B1", "A5:B5")
    content = rewritten(saved(book), (rb'ref="A1:B1"', b'ref="A1:XFD1"'), (rb'ref="A5:B5"', b'ref="A5:XFD1048576"'))
    (grid,) = read_blocks(Path(NAME), content)
    assert drawn(grid.rows) == ["支出情况表|<", "项目|金额", "办公费|1", "水费|2"]


def test_texts_strewn_over_a_sheet_are_refused_with_their_place(refusal):
    book = workbook([])
    for n in range(100):
        book.active.cell(1 + 900 * n, 1 + 90 * n, "散").number_format = "@"
    assert "从A1到" in refusal(NAME, saved(book))
