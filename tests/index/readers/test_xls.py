"""XLS workbooks. `data/small.xls` has two sheets and a hidden one: merged header cells, decimals, a percentage."""

from pathlib import Path

import pytest
from spans import drawn

from index.readers import read_blocks

SMALL = Path(__file__).parents[2] / "data" / "small.xls"


@pytest.fixture(scope="module")
def grids():
    return read_blocks(Path("预算.xls"), SMALL.read_bytes())


def test_merged_cells_of_title_and_header_keep_their_spans(grids):
    assert drawn(grids[0].rows)[:4] == ["收支总体情况表|<|<", "单位：万元||", "项目|预算|<", "^|合计|基本支出"]


def test_amounts_are_printed_as_their_cells_show_them(grids):
    assert drawn(grids[0].rows)[4:] == ["教育支出|1,234.50|0.30", "卫生健康支出|-20.06|0.00", "合计|1,214.44|0.30"]


def test_hidden_sheets_are_not_read(grids):
    assert [grid.place.sheet for grid in grids] == ["收支总表", "三公经费"]


def test_cells_know_their_address_wherever_the_table_begins(grids):
    assert [cell.place.cell for row in grids[1].rows[:2] for cell in row.cells] == ["B2", "C2", "B3", "C3"]
    assert drawn(grids[1].rows)[:2] == ["项目|预算数", "公务接待费|12"]


def test_a_percentage_stays_a_percentage(grids):
    assert drawn(grids[1].rows)[2] == "完成率|98.5%"


@pytest.mark.parametrize(
    "end",
    [
        100,
        3000,
        5000,
        (6000),
    ],
)
def test_a_workbook_cut_off_is_refused_by_name(refusal, end):
    assert "不是完整的XLS工作簿" in refusal("预算.xls", SMALL.read_bytes()[:end])


@pytest.mark.parametrize(
    "page", ["<html><table><tr><td>1</td></tr></table>", "\n<TABLE></TABLE>", '<?xml version="1.0"?>']
)
def test_a_web_page_called_xls_is_refused_with_its_own_suffix(refusal, page):
    assert "改为 .html" in refusal("预算.xls", page.encode())


def test_other_formats_and_empty_files_are_refused(refusal):
    assert ".xlsx文件" in refusal("预算.xls", b"PK\x03\x04" + bytes(100))
    assert "空" in refusal("预算.xls", b"")
    assert "不是完整的XLS工作簿" in refusal("预算.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
