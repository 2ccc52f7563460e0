"""The page of tables. In: a Desk. Out: a page that shows any indexed document: its contents, each table as printed, a search,
a cell to cite or to ask about, and an overview of the whole.

What is shown is named by a Reference, also in the page's address, so that a link opens the same cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from itertools import islice
from typing import Any
from urllib.parse import urlencode

import gradio as gr
from pydantic import ValidationError

from assistant.web.pages import overview_charts
from assistant.web.pages.frame import CLICKED, PICKED, PLAIN, QUIET, evidence, folded, routed, told
from assistant.web.pages.frame_js import TABLES
from assistant.web.pages.overview import Overview, overview
from assistant.web.pages.overview_html import heading_html, numbers_html, pairs_html
from assistant.web.service.desk import Desk
from assistant.web.sources.evidence_html import GONE
from assistant.web.sources.finding import Hit, find
from assistant.web.sources.named_cells import cell_source, title_of
from assistant.web.sources.reference import Reference
from index.checks.sums import column_label
from index.model import Document
from index.parsing.rows import plain_label
from index.sql.store import DocumentInfo

NAME, PATH = "预算表", "tables"
OVERVIEW = "总览"  # the first entry of the contents
MOST_HITS = 60
CHARTS = {  # of an overview, as they stand on the page: field, title, drawing
    "flow": ("收入到支出", overview_charts.flow), "function": ("支出按功能分类", overview_charts.treemap),
    "economic": ("基本支出按经济分类", overview_charts.bars), "three_public": ("“三公”经费", overview_charts.bars),
    "units": ("各单位", overview_charts.bars),
}  # fmt: skip
NOTHING = '<div class="bq-empty"><p>还没有收录文件：请运营者用 budget-qa ingest 收录。</p></div>'
ELSEWHERE = '<p class="bq-why-not" role="status">链接所指的文件已被移除或更新；下面是另一份文件。</p>'
NO_OVERVIEW = (
    '<p class="bq-why-not">这份文件没有收支总表、支出表、“三公”表这类可以画成图的表，请从目录里看它的各张表。</p>'
)
Updates = dict[Any, Any]


def add(page: gr.Blocks, desk: Desk) -> None:
    """The page, beside the others of the service."""
    with routed(page, NAME, PATH, "按部门、年度翻看已收录的文件，表和原件一样；点任何一格可以引用或提问。"):
        _TablesPage(page, desk)


class _TablesPage:
    """Its components, and what changes them. Every event names the components that it changes."""

    def __init__(self, page: gr.Blocks, desk: Desk) -> None:
        self._desk = desk
        with gr.Row(elem_id="pick"):
            self.department = gr.Dropdown(label="部门", filterable=True, elem_id="pick-department")
            self.year = gr.Dropdown(label="年度", elem_id="pick-year")
            self.document = gr.Dropdown(label="文件", elem_id="pick-document")
        with gr.Row(elem_id="browse"):
            with gr.Column(elem_id="contents-side"):
                self.sought = gr.Textbox(
                    label="在这份文件里查找", placeholder="名称、编码、金额或文字", max_length=100, elem_id="sought"
                )
                self.hits = gr.HTML("", elem_id="hits", **PLAIN)
                gr.HTML(folded("目录"), elem_id="fold", **PLAIN)
                self.contents = gr.Radio(label="目录", elem_id="contents")
            with gr.Column(elem_id="sheet"):
                self.cited = gr.HTML("", elem_id="cited", **PLAIN)
                self.panel = gr.HTML("", elem_id="evidence", js_on_load=TABLES, apply_default_css=False)
                with gr.Column(elem_id="overview", visible=False) as self.whole:
                    self.nothing = gr.HTML("", elem_id="no-overview", **PLAIN)
                    self.charts = {field: _chart(field) for field in (*CHARTS, "before")}
        self._listen(page)

    def _listen(self, page: gr.Blocks) -> None:
        everything = [
            self.department, self.year, self.document, self.sought, self.hits, self.contents, self.cited, self.panel, self.whole,
            self.nothing, *(part for chart in self.charts.values() for part in chart),
        ]  # fmt: skip
        page.load(self._loaded, None, everything, **QUIET)
        self.department.input(self._picked, self.department, everything, **PICKED)
        self.year.input(self._picked, [self.department, self.year], everything, **PICKED)
        self.document.input(self._document_picked, self.document, everything, **PICKED)
        self.contents.input(self._turned_to, [self.document, self.contents], everything, **PICKED)
        self.sought.change(self._found, [self.document, self.sought], self.hits, **QUIET)
        self.panel.open(self._opened, None, everything, **CLICKED)
        self.panel.select(self._cited, None, self.cited, **CLICKED)

    # --- events --------------------------------------------------------------------------------------------------------
    def _loaded(self, request: gr.Request) -> Updates:
        """What the address names, else the first document."""
        infos = self._desk.documents()
        if not infos:
            return {self.panel: NOTHING}
        reference = reference_of(request.query_params)
        if reference is None:
            return self._overview(infos[0])
        info = self._info(reference.document)
        if info is None:
            return {**self._overview(infos[0]), self.cited: ELSEWHERE}
        return self._overview(info) if reference.table is None else self._show(reference)

    def _picked(self, department: str, year: int | None = None) -> Updates:
        """The first document of a department, and of a year."""
        infos = [i for i in self._desk.documents() if i.department == department and year in (None, i.year)]
        return self._overview(infos[0]) if infos else {}

    def _document_picked(self, document: str) -> Updates:
        info = self._info(document)
        return self._overview(info) if info else {self.panel: GONE}

    def _turned_to(self, document: str, entry: str) -> Updates:
        info = self._info(document)
        if info is None or not entry.isdecimal():
            return self._document_picked(document)
        return self._show(Reference(document=document, table=int(entry)))

    def _found(self, document: str, sought: str) -> str:
        if self._info(document) is None:
            return ""
        hits = list(islice(find(self._desk.store.parsed(document), document, sought), MOST_HITS + 1))
        return hits_html(hits, sought)

    def _opened(self, event: gr.EventData) -> Updates:
        """A hit of the search, or a number of the overview."""
        reference = told(event)
        return self._show(reference) if reference else {self.panel: GONE}

    def _cited(self, event: gr.EventData) -> str:
        """A cell that was clicked in the table on the page."""
        reference = told(event)
        return self._citation(reference) if reference else ""

    # --- what is shown -------------------------------------------------------------------------------------------------
    def _info(self, document: str) -> DocumentInfo | None:
        return next((info for info in self._desk.documents() if info.id == document), None)

    def _choices(self, info: DocumentInfo, document: Document, entry: str) -> Updates:
        """The pickers and the contents as they are for a document."""
        infos = self._desk.documents()
        own = [i for i in infos if i.department == info.department]
        same = [(f"{i.kind}　{i.file_name}", i.id) for i in own if i.year == info.year]
        titles = [(title_of(table), str(index)) for index, table in enumerate(document.tables)]
        return {
            self.department: gr.Dropdown(list(dict.fromkeys(i.department for i in infos)), value=info.department),
            self.year: gr.Dropdown([(f"{y}年", y) for y in dict.fromkeys(i.year for i in own)], value=info.year),
            self.document: gr.Dropdown(same, value=info.id),
            self.contents: gr.Radio([(OVERVIEW, OVERVIEW), *titles], value=entry),
        }

    def _show(self, reference: Reference) -> Updates:
        """A table, at its cell where one is named."""
        info = self._info(reference.document)
        if info is None or reference.table is None:
            return {self.panel: GONE, self.whole: gr.Column(visible=False), self.cited: ""}
        document = self._desk.store.parsed(info.id)
        return {
            **self._choices(info, document, str(reference.table)),
            self.panel: evidence(self._desk, reference),
            self.cited: self._citation(reference),
            self.whole: gr.Column(visible=False),
        }

    def _overview(self, info: DocumentInfo) -> Updates:
        """The document as a whole; what was sought in another is forgotten."""
        document = self._desk.store.parsed(info.id)
        shown = self._computed(info, document)
        updates: Updates = {
            **self._choices(info, document, OVERVIEW),
            self.panel: f'<i hidden data-shown="{escape(Reference(document=info.id).packed())}"></i>',
            self.cited: "", self.sought: "", self.hits: "", self.whole: gr.Column(visible=True),
        }  # fmt: skip
        for field, (title, draw) in CHARTS.items():
            heading, plot, numbers = self.charts[field]
            composition = getattr(shown, field)
            drawn = composition is not None and not composition.refusal
            updates[heading] = heading_html(title, composition)
            updates[plot] = gr.Plot(draw(composition) if drawn else None, visible=drawn)
            updates[numbers] = numbers_html(composition)
        heading, plot, numbers = self.charts["before"]
        updates[heading] = f"<h2>与{info.year - 1}年相比</h2>" if shown.before else ""
        updates[plot] = gr.Plot(
            overview_charts.pairs(shown.before) if shown.before else None, visible=bool(shown.before)
        )
        updates[numbers] = pairs_html(shown.before)
        updates[self.nothing] = NO_OVERVIEW if shown == Overview() else ""
        return updates

    def _computed(self, info: DocumentInfo, document: Document) -> Overview:
        store = self._desk.store
        earlier = next(
            (i for i in self._desk.documents()
             if (i.department, i.kind, i.year) == (info.department, info.kind, info.year - 1)), None
        )  # fmt: skip
        before = overview(store.parsed(earlier.id), store.facts(documents=[earlier.id])) if earlier else None
        return overview(document, store.facts(documents=[info.id]), before)

    def _citation(self, reference: Reference) -> str:
        info = self._info(reference.document)
        if info is None or reference.table is None or reference.row is None or reference.column is None:
            return ""
        try:
            document = self._desk.store.parsed(info.id)
            return citation_html(info, document, reference, len(self._desk.documents()) > 1)
        except IndexError:
            return ""


def _chart(field: str) -> tuple[gr.HTML, gr.Plot, gr.HTML]:
    """Heading, drawing and numbers."""
    with gr.Column(elem_classes="bq-chart"):
        return (
            gr.HTML("", **PLAIN),
            gr.Plot(show_label=False, container=False, visible=False, elem_id=f"chart-{field}"),
            gr.HTML("", elem_id=f"numbers-{field}", **PLAIN),
        )


# --- addresses -----------------------------------------------------------------------------------------------------
def address_of(reference: Reference) -> str:
    """The page's address with a table or cell open, from the page's own folder."""
    named = {name: getattr(reference, name) for name in ("document", "table", "row", "column")}
    return f"{PATH}?{urlencode({name: value for name, value in named.items() if value is not None})}"


def reference_of(query: Mapping[str, str]) -> Reference | None:
    """What such an address names; None where it names nothing that can be."""
    named = {name: query[name] for name in ("document", "table", "row", "column") if name in query}
    try:
        return Reference.model_validate(named) if named else None
    except ValidationError:
        return None


# --- HTML ----------------------------------------------------------------------------------------------------------
def hits_html(hits: list[Hit], sought: str) -> str:
    """What was found, each a button that opens its table at the row."""
    if not sought.strip():
        return ""
    if not hits:
        return '<p class="bq-count">没有找到</p>'
    shown = hits[:MOST_HITS]
    lines = "".join(
        f'<li><button type="button" class="bq-found-row" data-cite="{escape(hit.reference.packed())}"><b>{escape(hit.row[-1] or "合计")}</b>'
        f"<u>{escape(hit.text)}</u><em>{escape(' › '.join((hit.table, *hit.row[:-1])))}</em></button></li>"
        for hit in shown
    )
    count = f"找到 {len(shown)} 行" if len(hits) <= MOST_HITS else f"先列出 {MOST_HITS} 行，请多写几个字"
    return f'<p class="bq-count" role="status">{count}</p><ol>{lines}</ol>'


def citation_html(info: DocumentInfo, document: Document, reference: Reference, one_of_several: bool) -> str:
    """The cell in words, its address to copy, and a question to ask about it. Raises IndexError where there is no such cell."""
    assert reference.table is not None and reference.row is not None and reference.column is not None
    source = cell_source(document, info.id, reference.table, reference.row, reference.column)
    trail = [f"{info.year}年　{info.department}　{info.kind}", source.table, *source.row, " / ".join(source.column)]
    asked = urlencode(
        {"question": question_about(document, reference, f"{info.year}年{info.department}的" if one_of_several else "")}
    )
    value = escape(source.amount) if source.text else "（空白）"
    ask = f'<a class="bq-ask" href="./?{escape(asked)}">就这个数提问</a>' if source.text else ""
    link = escape(address_of(reference))
    return (
        f'<div class="bq-cited" role="status" data-address="{link}"><p class="bq-trail">{"".join(f"<span>{escape(t)}</span>" for t in trail)}</p>'
        f'<p class="bq-value">{value}</p><p class="bq-do">{ask}<button type="button" data-copy="{link}">复制链接</button></p></div>'
    )  # fmt: skip


def question_about(document: Document, reference: Reference, whose: str) -> str:
    """`《表名》里“行”的“列”是多少`; a 小计 column is called by its group."""
    assert reference.table is not None and reference.row is not None and reference.column is not None
    table = document.tables[reference.table]
    row = plain_label(table.rows[reference.row].label) or "合计"
    return f"{whose}《{table.title}》里“{row}”的“{column_label(table.columns[reference.column])}”是多少"
