"""ODS workbooks: repeated and covered cells, texts as shown, and what is hidden."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from odf.office import Annotation
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import CoveredTableCell, Table, TableCell, TableColumn, TableRow
from odf.text import P
from spans import drawn

from index.amounts import parse_amount
from index.model import Grid
from index.readers import read_blocks

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
NAME = "预算.ods"
HEADER = ("项目", "预算")


def cell(*lines: str, **fields: object) -> TableCell:
    made = TableCell(**fields)
    for line in lines:
        made.addElement(P(text=line))
    return made


def row(*cells: str | TableCell | CoveredTableCell, **fields: object) -> TableRow:
    made = TableRow(**fields)
    for one in cells:
        made.addElement(cell(one) if isinstance(one, str) else one)
    return made


def saved(*rows: TableRow, document: OpenDocumentSpreadsheet | None = None) -> bytes:
    document = document or OpenDocumentSpreadsheet()
    sheet = Table(name="表一")
    for one in rows:
        sheet.addElement(one)
    document.spreadsheet.addElement(sheet)
    content = io.BytesIO()
    document.write(content)
    return content.getvalue()


def read(*rows: TableRow) -> list[Grid]:
    return read_blocks(Path(NAME), saved(*rows))


def lines(*rows: TableRow) -> list[str]:
    (grid,) = read(*rows)
    return drawn(grid.rows)


def archive(xml: str) -> bytes:
    """A workbook of just this content; `table` and `text` are its namespaces."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("content.xml", xml)
    return content.getvalue()


def test_merged_cells_of_a_header_keep_their_spans():
    assert lines(
        row(cell("支出总体情况表", numbercolumnsspanned=3), CoveredTableCell(numbercolumnsrepeated=2)),
        row(cell("项目", numberrowsspanned=2), cell("预算", numbercolumnsspanned=2), CoveredTableCell()),
        row(CoveredTableCell(), "合计", "基本支出"),
        row("教育支出", "3.00", "2.00"),
    ) == ["支出总体情况表|<|<", "项目|预算|<", "^|合计|基本支出", "教育支出|3.00|2.00"]  # fmt: skip


def test_repeated_cells_and_rows_are_spelled_out():
    assert lines(row("项目", cell("预算", numbercolumnsrepeated=2)), row("水费", "0.00", "", numberrowsrepeated=3)) == [
        "项目|预算|预算", *["水费|0.00|"] * 3
    ]  # fmt: skip


def test_blank_fields_up_to_the_edge_of_the_sheet_are_left_out():
    edge = cell(numbercolumnsrepeated=16382)
    below = row(cell(numbercolumnsrepeated=16384), numberrowsrepeated=1048574)
    assert lines(row(*HEADER, edge), row("水费", "1.00"), below) == ["项目|预算", "水费|1.00"]


def test_what_a_covered_cell_still_holds_is_not_read():
    covered = CoveredTableCell()
    covered.addElement(P(text="旧稿"))
    assert lines(row(cell("预算", numbercolumnsspanned=2), covered), row("水费", "1.00")) == ["预算|<", "水费|1.00"]


def test_a_cell_is_read_as_it_is_shown():
    percent, money = (
        cell("98.5%", valuetype="percentage", value=0.985),
        cell("1,234.50", valuetype="float", value=1234.5),
    )
    assert lines(row(*HEADER), row("完成率", percent), row("水费", money)) == [
        "项目|预算",
        "完成率|98.5%",
        "水费|1,234.50",
    ]


def test_a_remark_on_a_cell_is_not_its_text():
    remark = Annotation()
    remark.addElement(P(text="待核"))
    noted = cell("1.00")
    noted.addElement(remark)
    assert lines(row(*HEADER), row("水费", noted)) == ["项目|预算", "水费|1.00"]


def test_two_amounts_in_a_cell_are_not_one():
    (grid,) = read(row(*HEADER), row("水费", cell("100", "200")))
    assert parse_amount(grid.rows[1].cells[1].text) is None


def test_cells_know_their_sheet_and_address():
    (grid,) = read(row(), row("", *HEADER), row("", "水费", "1.00"))
    assert grid.place.as_dict() == {"sheet": "表一", "cell": "B2"}
    assert [one.place.cell for line in grid.rows for one in line.cells] == ["B2", "C2", "B3", "C3"]


def test_addresses_count_repeated_blank_rows():
    (grid,) = read(row(*HEADER), row("", numberrowsrepeated=3), row("水费", "1.00"))
    assert grid.rows[-1].cells[1].place.cell == "B5"


def test_hidden_sheets_are_not_read():
    document = OpenDocumentSpreadsheet()
    style = Style(name="hidden", family="table")
    style.addElement(TableProperties(display="false"))
    document.automaticstyles.addElement(style)
    draft = Table(name="底稿", stylename=style)
    draft.addElement(row("草稿", "9.00"))
    document.spreadsheet.addElement(draft)
    blocks = read_blocks(Path(NAME), saved(row(*HEADER), row("水费", "1.00"), document=document))
    assert [block.place.sheet for block in blocks] == ["表一"]


@pytest.mark.parametrize("visibility", ["collapse", "filter"])
def test_hidden_rows_are_not_read(visibility):
    assert lines(row(*HEADER), row("草稿", "9.00", visibility=visibility), row("水费", "1.00")) == [
        "项目|预算", "|", "水费|1.00"
    ]  # fmt: skip


def test_hidden_columns_are_not_read():
    hidden = [TableColumn(), TableColumn(visibility="collapse"), TableColumn()]
    (grid,) = read_blocks(Path(NAME), saved(*hidden, row("项目", "底稿", "预算"), row("水费", "9.00", "1.00")))
    assert drawn(grid.rows) == ["项目||预算", "水费||1.00"]


def test_entities_are_not_followed(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", encoding="utf-8")
    head = f'<!DOCTYPE o [<!ENTITY s SYSTEM "{secret.as_uri()}">]><o xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    body = "<t:table><t:table-row><t:table-cell><p>&s;水费</p></t:table-cell></t:table-row></t:table></o>"
    content = archive(head + 'xmlns="urn:oasis:names:tc:opendocument:xmlns:text:1.0">' + body)
    assert all("机密" not in block.text for block in read_blocks(Path(NAME), content))


# --- what is refused -------------------------------------------------------------------------------------------------
def test_broken_and_empty_workbooks_are_refused_by_name(refusal):
    whole = saved(row(*HEADER))
    assert "不是完整的Office文件" in refusal(NAME, whole[: len(whole) // 2])
    assert "不是完整的ODS工作簿" in refusal(NAME, whole.replace(b"content.xml", b"contents.xm"))
    assert "不是完整的ODS工作簿" in refusal(NAME, archive("<o><unclosed></o>"))
    assert "空" in refusal(NAME, b"")
    assert "空" in refusal(NAME, saved())


@pytest.mark.parametrize("stored", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_workbook_with_damaged_bytes_is_refused_by_name(refusal, stored):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", stored) as made:
        made.writestr("content.xml", "<o>" + "水费" * 50 + "</o>")
    damaged = bytearray(content.getvalue())
    damaged[41:46] = b"\xff" * 5
    refusal(NAME, bytes(damaged))


def test_a_count_that_is_no_number_is_refused_by_name(refusal):
    name = 'xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0" t:number-columns-repeated="x"'
    refusal(NAME, archive(f"<t:table {name}><t:table-row><t:table-cell {name}/></t:table-row></t:table>"))


def test_encrypted_workbooks_are_refused(refusal):
    refusal(NAME, OLE)
    assert "密码" in refusal(NAME, archive("\x93\x0e\x7f garbled"))


def test_a_text_repeated_over_the_whole_sheet_is_refused(refusal):
    content = saved(row(cell("无", numbercolumnsrepeated=16384), numberrowsrepeated=1048576))
    assert "重复的内容太多" in refusal(NAME, content)


def test_a_small_workbook_that_unpacks_to_much_is_refused(refusal, zip_bomb):
    assert "解压后有30MB" in refusal(NAME, zip_bomb)
