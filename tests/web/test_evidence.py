"""The cited table or passage as HTML, on hand-built documents."""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal
from html import escape
from pathlib import Path

import pytest

from assistant.scans import Scans
from assistant.web.sources.evidence_html import GONE, MOST_ROWS, evidence_html
from assistant.web.sources.reference import Reference
from index.chunks import LONGEST, document_chunks
from index.model import Document, Place, Row, Section, Table
from index.sql.store import Store, document_id_of

ID = document_id_of(b"x")


def row(label: str, *cells: str, line: int = 1, **fields: object) -> Row:
    values = [Decimal(cell.replace(",", "")) if cell else None for cell in cells]
    known = {"path": [label], "cells": list(cells), "values": values, "place": Place(line=line)}
    return Row.model_validate({"label": label, **known, **fields})


def table(columns: list[list[str]], rows: list[Row], **fields: object) -> Table:
    known = {"title": "支出表", "kind": "other", "unit": "万元", "place": Place(line=1)}
    return Table.model_validate({**known, "columns": columns, "rows": rows, **fields})


@pytest.fixture
def shown(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Renders a reference into a document made of tables and sections."""

    def render(tables: list[Table], sections: list[Section] = (), name: str = "a.txt", source_url: str | None = None,  # type: ignore[assignment]
               **reference: object) -> str:  # fmt: skip
        store = Store.open(tmp_path)
        document = Document(
            title="某局预算", department="某局", year=2024, kind="部门预算", tables=tables, sections=list(sections)
        )
        store.add(document, ID, name, b"x", [], document_chunks(document, ID), source_url=source_url)
        return evidence_html(store, Reference.model_validate({"document": ID, **reference}), Scans(store))

    return render


def plain(html: str) -> str:
    return re.sub(r"<[^>]+>", "|", html)


def test_cited_cell_alone_is_the_hit(shown) -> None:  # type: ignore[no-untyped-def]
    rows = [row("甲", "1.00", "2.00"), row("乙", "3.00", "4.00")]
    html = shown([table([["基本"], ["项目"]], rows)], table=0, row=1, column=0)
    assert re.findall(r"<td[^>]*data-hit[^>]*>([^<]*)", html) == ["3.00"]
    assert re.findall(r'<th[^>]*class="bq-on"[^>]*>([^<]*)', html) == ["基本"]
    assert '<td data-at="0,0" class="bq-on">1.00</td>' in html
    assert "<b>3.00万元</b>" in html


def test_header_paths_share_cells_over_their_columns(shown) -> None:  # type: ignore[no-untyped-def]
    columns = [["合计"], ["财政拨款", "一般"], ["财政拨款", "基金"], ["其他"]]
    html = shown([table(columns, [row("甲", "1.00", "1.00", "", "")])], table=0, row=0, column=2)
    head = html.split("<thead>")[1].split("</thead>")[0]
    assert '<th colspan="1" rowspan="2">合计</th>' in head
    assert '<th colspan="2" rowspan="1" class="bq-on">财政拨款</th>' in head
    assert '<th colspan="1" rowspan="1" class="bq-on">基金</th>' in head
    assert head.count("<tr>") == 2


def test_equal_headers_side_by_side_stay_two_columns(shown) -> None:  # type: ignore[no-untyped-def]
    html = shown([table([["预算"], ["预算"]], [row("甲", "1.00", "2.00")])], table=0, row=0, column=0)
    assert html.count(">预算</th>") == 2


def test_blank_cited_cell_is_said_to_be_blank(shown) -> None:  # type: ignore[no-untyped-def]
    html = shown([table([["预算"]], [row("甲", "")])], table=0, row=0, column=0)
    assert "（空白）" in html
    assert "（空白）万元" not in html


def test_sides_meet_on_the_line_they_are_printed_on(shown) -> None:  # type: ignore[no-untyped-def]
    rows = [
        row("收入甲", "1.00", "", line=5, side="收入"), row("支出甲", "", "2.00", line=5, side="支出"),
        row("支出乙", "", "3.00", line=6, side="支出"),
    ]  # fmt: skip
    html = shown([table([["收入", "预算"], ["支出", "预算"]], rows)], table=0, row=2, column=1)
    body = plain(html.split("<tbody>")[1].split("</tbody>")[0])
    assert re.findall(r"[^|]+", body) == ["收入甲", "1.00", "支出甲", "2.00", "支出乙", "3.00"]
    assert re.findall(r"<td[^>]*data-hit[^>]*>([^<]*)", html) == ["3.00"]


def test_quoted_words_of_a_row_are_the_hit(shown) -> None:  # type: ignore[no-untyped-def]
    rows = [row("项目甲", "1.00", role="project", texts={"绩效目标": "保障热线运行"})]
    html = shown([table([["总计"]], rows)], table=0, row=0, text="保障热线运行")
    assert re.findall(r"<td[^>]*data-hit><div>([^<]*)", html) == ["保障热线运行"]


def test_words_by_place_are_found_in_a_table_too(shown) -> None:  # type: ignore[no-untyped-def]
    rows = [row("项目甲", "1.00", line=9, role="project", texts={"绩效目标": "接听率95%"})]
    html = shown([table([["总计"]], rows)], place={"line": 9}, text="95%")
    assert "bq-here" in html
    assert re.findall(r"<td[^>]*data-hit><div>([^<]*)", html) == ["接听率95%"]


def test_figure_is_marked_in_its_paragraph_not_inside_a_longer_number(shown) -> None:  # type: ignore[no-untyped-def]
    text = "比上年增加116万元，其中接待费16万元。"
    sections = [Section(path=["一、三公"], text=text, place=Place(line=3))]
    html = shown([], sections, place={"line": 3}, text="16万元")
    assert "接待费<mark data-hit>16万元</mark>" in html
    assert "一、三公" in html


def test_figure_that_stands_after_a_page_break_is_marked_in_the_whole_paragraph(shown) -> None:  # type: ignore[no-untyped-def]
    places = [Place(page=page, box=(50, 50, 400, 60)) for page in (1, 2)]
    section = Section(path=["一、三公"], text="接待费，共16万元。", place=places[0], joins=[(4, places[1])])
    html = shown([], [section], place=json.loads(places[1].model_dump_json()), text="16万元")
    assert "接待费，共<mark data-hit>16万元</mark>" in html


# --- scans -------------------------------------------------------------------------------------------------------
SCANNED = Place(page=3, box=(10.0, 20.5, 30.0, 40.0), turned=0)


@pytest.mark.parametrize(("confidence", "said"), [(0.99, False), (0.5, True)])
def test_cell_of_a_scan_is_shown_as_on_the_page_and_doubt_is_said(shown, confidence: float, said: bool) -> None:  # type: ignore[no-untyped-def]
    rows = [row("甲", "1.00", places=[SCANNED], confidences=[confidence])]
    html = shown([table([["预算"]], rows)], name="a.pdf", table=0, row=0, column=0)
    assert (
        f'<img loading="lazy" src="api/documents/{ID}/pages/3.png?box=10,20.5,30,40" alt="原件第3页的扫描图，框内识别为“1.00”">'
        in html
    )
    assert ("可能识别有误" in html) == said


@pytest.mark.parametrize(("confidence", "said"), [(0.99, False), (0.5, True)])
def test_figure_of_scanned_prose_is_shown_as_on_the_page(shown, confidence: float, said: bool) -> None:  # type: ignore[no-untyped-def]
    section = Section(path=["一、三公"], text="接待费16万元。", place=SCANNED, confidences=[(0, confidence)])
    html = shown([], [section], name="a.pdf", place=SCANNED.as_dict(), text="16万元")
    assert f"api/documents/{ID}/pages/3.png?box=10,20.5,30,40" in html
    assert ("可能识别有误" in html) == said


def test_picture_of_a_page_with_text_is_folded_up(shown) -> None:  # type: ignore[no-untyped-def]
    rows = [row("甲", "1.00", places=[SCANNED.model_copy(update={"turned": None})])]
    html = shown([table([["预算"]], rows)], name="a.pdf", table=0, row=0, column=0)
    assert '<details class="bq-term"><summary>原件第3页，框出所引之处</summary><figure' in html
    assert 'alt="原件第3页的图，框内是“1.00”"' in html


def test_web_page_has_no_picture(shown) -> None:  # type: ignore[no-untyped-def]
    rows = [row("甲", "1.00", places=[SCANNED.model_copy(update={"turned": None})])]
    assert "<img" not in shown([table([["预算"]], rows)], name="a.html", table=0, row=0, column=0)


def test_paragraph_stands_among_those_under_its_heading(shown) -> None:  # type: ignore[no-untyped-def]
    sections = [
        Section(path=[heading], text=f"第{line}段", place=Place(line=line))
        for line, heading in enumerate(["甲", "乙", "乙", "丙"])
    ]
    html = shown([], sections, place={"line": 2}, text="第2段")
    assert [p for p in plain(html).split("|") if p.startswith("第")] == ["第1段", "第2段"]


# --- terms -------------------------------------------------------------------------------------------------------
LONG = "指用于机关运行的经费。" + "包括办公费、印刷费、水费、电费等经费。" * 40
DEFINED = [
    Section(path=["第四部分", "名词解释"], text=text, place=Place(line=90 + n))
    for n, text in enumerate([
        "一、基本支出：指为保障机构正常运转而发生的支出<b>。", f"（二）行政经费（机关运行经费）：{LONG}", "3.“三公”经费：指因公出国（境）费等经费。",
    ])
]  # fmt: skip


def terms(html: str) -> dict[str, str]:
    """What the panel tells of terms, folded up."""
    return dict(re.findall(r"<details[^>]*><summary>名词解释：([^<]*)</summary><p>([^<]*)</p></details>", html))


@pytest.mark.parametrize(("label", "term"), [
    ("基本支出", "基本支出"), ("（一）基 本支出", "基本支出"), ("机关运行经费", "行政经费（机关运行经费）"), ("2、行政经费", "行政经费（机关运行经费）"),
    ("三公经费", "三公经费"), ("其中：“三公”经费", "三公经费"), ("基本支出结转", None), ("支出", None), ("合计", None),
])  # fmt: skip
def test_defined_term_in_the_cited_row_can_be_unfolded(shown, label: str, term: str | None) -> None:  # type: ignore[no-untyped-def]
    html = shown([table([["预算"]], [row(label, "1.00")])], DEFINED, table=0, row=0, column=0)
    assert list(terms(html)) == ([term] if term else [])


def test_markup_in_a_definition_is_text(shown) -> None:  # type: ignore[no-untyped-def]
    section = Section(
        path=["名词解释"], text="<b>经费</b>：指<img src=x onerror=alert(1)>全部支出。", place=Place(line=9)
    )
    html = shown([table([["预算"]], [row("<b>经费</b>", "1.00")])], [section], table=0, row=0, column=0)
    assert list(terms(html)) == [escape("<b>经费</b>")]
    assert "<img" not in html


def test_definition_is_quoted_in_full(shown) -> None:  # type: ignore[no-untyped-def]
    assert len(LONG) > LONGEST  # so that it is indexed in pieces
    rows = [row("行政经费", "1.00", "2.00")]
    html = shown([table([["合计"], ["支出", "基本支出"]], rows)], DEFINED, table=0, row=0, column=1)
    told = terms(html)
    assert told["行政经费（机关运行经费）"] == DEFINED[1].text
    assert told["基本支出"] == escape(DEFINED[0].text)
    assert html.index("</table>") < html.index("<details") < html.index("<footer>")


def test_what_all_of_a_table_is_can_be_unfolded(shown) -> None:  # type: ignore[no-untyped-def]
    economic = table([["预算"]], [row("办公费", "1.00")], kind="basic_by_economic")
    assert list(terms(shown([economic], DEFINED, table=0, row=0, column=0))) == ["基本支出"]
    assert terms(shown([economic], table=0, row=0, column=0)) == {}


# --- the original ------------------------------------------------------------------------------------------------
def test_evidence_leads_to_the_original_file(shown) -> None:  # type: ignore[no-untyped-def]
    url = "https://example.test/a?x=1&y=2"
    html = shown([table([["预算"]], [row("甲", "1.00")])], name="预算.pdf", source_url=url, table=0, row=0, column=0)
    digest = hashlib.sha256(b"x").hexdigest()
    assert f'原文件 <a href="api/documents/{ID}/file" download>预算.pdf</a>（1 字节）' in html
    assert f'<code class="bq-hash" title="{digest}">{digest}</code>' in html
    link = f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{escape(url)}</a>'
    assert f"公布地址 {link}" in html


@pytest.mark.parametrize("url", [None, "javascript:alert(1)", "data:text/html,x"])
def test_only_a_web_address_becomes_a_link(shown, url: str | None) -> None:  # type: ignore[no-untyped-def]
    html = shown([table([["预算"]], [row("甲", "1.00")])], source_url=url, table=0, row=0, column=0)
    assert "公布地址" not in html
    assert html.count("<a ") == 1


@pytest.mark.parametrize("reference", [
    {"document": "none"}, {"table": 9, "row": 0}, {"table": 0, "row": 9}, {"place": {"line": 99}, "text": "x"}, {},
])  # fmt: skip
def test_what_is_no_longer_there_is_said(shown, reference: dict) -> None:  # type: ignore[no-untyped-def]
    assert shown([table([["预算"]], [row("甲", "1.00")])], **reference) == GONE


def test_column_that_is_not_there_marks_the_row(shown) -> None:  # type: ignore[no-untyped-def]
    html = shown([table([["预算"]], [row("甲", "1.00")])], table=0, row=0, column=7)
    assert "bq-here" in html


def test_long_table_is_shown_around_the_cited_row(shown) -> None:  # type: ignore[no-untyped-def]
    rows = [row(f"第{n}行", "1.00", line=n) for n in range(MOST_ROWS + 500)]
    html = shown([table([["预算"]], rows)], table=0, row=MOST_ROWS + 400, column=0)
    assert "前面还有 500 行未显示" in html
    assert f"第{MOST_ROWS + 400}行" in html


def test_everything_of_the_document_is_escaped(shown) -> None:  # type: ignore[no-untyped-def]
    bad = "<img src=x onerror=alert(1)>\"'&"
    rows = [row(bad, "1.00", code=bad, texts={bad: bad}), row("乙", "1.00")]
    bad_table = table([[bad, bad]], rows, title=bad, number=bad, unit=bad, notes=[bad], note_places=[Place()])
    bad_table.rows[1].cells[0] = bad
    sections = [Section(path=[bad], text=bad + "丙", place=Place(line=7))]
    for reference in ({"table": 0, "row": 0, "column": 0}, {"table": 0, "row": 1}, {"place": {"line": 7}, "text": bad}):
        html = shown([bad_table], sections, name=bad, source_url=f"https://a/?{bad}", **reference)
        assert "<img" not in html
        assert "&lt;img" in html
        assert "onerror=alert(1)>" not in html
