"""DOCX documents: order, merged cells, and what a reader of the page does not see."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from spans import drawn

from index.amounts import parse_amount
from index.model import Block, Grid, Paragraph
from index.parsing.structure import build_document
from index.readers import read_blocks

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)  # what encrypted documents begin with
NAME = "预算.docx"
RUN = "<w:r><w:t>2024年</w:t></w:r>"
TEXT_BOX = """<w:r {names} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
  xmlns:v="urn:schemas-microsoft-com:vml" xmlns:s="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
  <mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><s:txbx>{box}</s:txbx></w:drawing></mc:Choice>
  <mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"""


def saved(document: Document) -> bytes:
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def read(document: Document) -> list[Block]:
    return read_blocks(Path(NAME), saved(document))


def add_table(document: Document, *lines: str, merged: tuple[tuple[int, int, int, int], ...] = ()) -> None:
    """A table; `merged` are first row, first column, last row, last column."""
    fields = [line.split("|") for line in lines]
    table = document.add_table(len(fields), len(fields[0]))
    for r, line in enumerate(fields):
        for c, text in enumerate(line):
            table.cell(r, c).text = text
    for top, left, bottom, right in merged:
        table.cell(top, left).merge(table.cell(bottom, right))


def add_to_paragraph(document: Document, before: str, xml: str, after: str = "") -> None:
    """A paragraph with raw markup between two runs."""
    paragraph = document.add_paragraph(before)
    paragraph._p.append(parse_xml(xml))
    paragraph.add_run(after)


def texts(document: Document) -> list[str]:
    return [block.text for block in read(document) if isinstance(block, Paragraph)]


def grids(document: Document) -> list[list[str]]:
    return [drawn(block.rows) for block in read(document) if isinstance(block, Grid)]


# --- order and spans -------------------------------------------------------------------------------------------------
def test_paragraphs_and_tables_stand_in_reading_order():
    document = docx.Document()
    document.add_paragraph("收入情况表")
    add_table(document, "项目|金额", "办公费|1")
    document.add_paragraph("")
    document.add_paragraph("支出情况表")
    add_table(document, "项目|金额")
    blocks = read(document)
    assert [block.kind for block in blocks] == ["paragraph", "grid", "paragraph", "grid"]
    assert [block.place.line for block in blocks] == sorted({block.place.line for block in blocks})


def test_merged_cells_of_a_header_keep_their_spans():
    document = docx.Document()
    lines = "科目|预算||", "|合计|其中|", "||基本支出|项目支出", "教育支出|3|2|1"
    add_table(document, *lines, merged=((0, 0, 2, 0), (0, 1, 0, 3), (1, 1, 2, 1), (1, 2, 1, 3)))
    assert grids(document) == [["科目|预算|<|<", "^|合计|其中|<", "^|^|基本支出|项目支出", "教育支出|3|2|1"]]


def test_a_block_of_rows_and_columns_is_one_cell():
    document = docx.Document()
    add_table(document, "无||1", "||2", "3|4|5", merged=((0, 0, 1, 1),))
    assert grids(document) == [["无|<|1", "^|<|2", "3|4|5"]]


@pytest.mark.parametrize(("row", "side", "cell", "line"), [(1, "Before", 0, "|1|2"), (1, "After", 2, "水费|1|")])
def test_a_row_that_begins_late_or_ends_early_keeps_its_columns(row, side, cell, line):
    document = docx.Document()
    add_table(document, "项目|甲|乙", "水费|1|2")
    tr = document.tables[0].rows[row]._tr
    tr.remove(tr.tc_lst[cell])
    tr.insert(0, parse_xml(f'<w:trPr {nsdecls("w")}><w:grid{side} w:val="1"/></w:trPr>'))
    assert grids(document) == [["项目|甲|乙", line]]


def test_title_unit_and_columns_are_those_of_the_document():
    document = docx.Document()
    for text in ("2024年某市测试局部门预算", "支出总体情况表", "单位：千元"):
        document.add_paragraph(text)
    add_table(document, "项目|预算|", "|合计|基本支出", "合计|3|2", "教育支出|3|2", merged=((0, 0, 1, 0), (0, 1, 0, 2)))
    (table,) = build_document(read(document), NAME).tables
    assert (table.title, table.unit, table.columns) == (
        "支出总体情况表",
        "千元",
        [["预算", "合计"], ["预算", "基本支出"]],
    )
    assert [(row.label, row.cells) for row in table.rows] == [("合计", ["3", "2"]), ("教育支出", ["3", "2"])]


# --- what is seen and what is not ------------------------------------------------------------------------------------
def test_hidden_runs_are_not_read():
    document = docx.Document()
    paragraph = document.add_paragraph("预算")
    paragraph.add_run("（草稿）").font.hidden = True
    paragraph.add_run("100万元")
    add_table(document, "水费|1")
    document.tables[0].cell(0, 1).paragraphs[0].add_run("9").font.hidden = True
    assert (texts(document), grids(document)) == (["预算100万元"], [["水费|1"]])


def test_text_boxes_headers_and_footers_are_not_read():
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.sections[0].footer.paragraphs[0].text = "第1页"
    box = "<w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>"
    add_to_paragraph(document, "预算", TEXT_BOX.format(names=nsdecls("w"), box=box), "说明")
    assert texts(document) == ["预算说明"]


def test_deleted_text_is_not_read():
    document = docx.Document()
    deleted = f'<w:del {nsdecls("w")} w:id="1" w:author="某"><w:r><w:delText>旧</w:delText></w:r></w:del>'
    add_to_paragraph(document, "预算", deleted, "说明")
    assert texts(document) == ["预算说明"]


@pytest.mark.parametrize("tag", ["smartTag", "ins", "hyperlink", "sdt"])
def test_runs_inside_other_markup_are_read(tag):
    document = docx.Document()
    inner = f"<w:sdtContent>{RUN}</w:sdtContent>" if tag == "sdt" else RUN
    add_to_paragraph(document, "某市测试局", f"<w:{tag} {nsdecls('w')}>{inner}</w:{tag}>", "部门预算")
    assert texts(document) == ["某市测试局2024年部门预算"]


def test_paragraphs_and_tables_in_a_content_control_are_read():
    document = docx.Document()
    document.add_paragraph("支出情况表")
    add_table(document, "项目|金额", "办公费|1")
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent/></w:sdt>")
    body = document.element.body
    control[0].extend(list(body)[:2])
    body.insert(0, control)
    assert (texts(document), grids(document)) == (["支出情况表"], [["项目|金额", "办公费|1"]])


def test_the_text_of_a_table_inside_a_cell_is_read():
    document = docx.Document()
    add_table(document, "项目|内容")
    document.tables[0].cell(0, 1).add_table(1, 1).cell(0, 0).text = "水费5万元"
    assert "水费5万元" in str(read(document))


def test_two_amounts_in_a_cell_are_not_one():
    document = docx.Document()
    add_table(document, "水费|100")
    document.tables[0].cell(0, 1).add_paragraph("200")
    (grid,) = read(document)
    assert parse_amount(grid.rows[0].cells[1].text) is None


def test_a_name_over_two_paragraphs_of_a_cell_is_one():
    document = docx.Document()
    add_table(document, "一般公共|1")
    document.tables[0].cell(0, 0).add_paragraph("预算拨款")
    assert grids(document) == [["一般公共预算拨款|1"]]


# --- what is refused -------------------------------------------------------------------------------------------------
def test_broken_and_empty_documents_are_refused_by_name(refusal):
    whole = saved(docx.Document())
    assert "空" in refusal(NAME, whole)
    assert "空" in refusal(NAME, b"")
    assert "不是完整的Office文件" in refusal(NAME, whole[: len(whole) // 2])
    assert "损坏" in refusal(NAME, whole.replace(b"word/document.xml", b"word/documenx.xml"))


def test_encrypted_documents_are_refused_with_the_way_out(refusal):
    assert "密码" in refusal(NAME, OLE)


def test_a_small_document_that_unpacks_to_much_is_refused(refusal, zip_bomb):
    assert "解压后有30MB" in refusal(NAME, zip_bomb)
