"""The page of the audit. In: a Desk. Out: a page that lists accounting identities by verdict, department and year, each side's
cells opening in the evidence panel, with the list as a file to keep.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import gradio as gr

from assistant.web.pages.audit_html import ABOUT, OPENED, list_html
from assistant.web.pages.frame import CLICKED, PLAIN, QUIET, opening, options, routed
from assistant.web.pages.frame_js import PANEL
from assistant.web.service.auditing import MOST_DEPARTMENTS, TooManyError, Wanted, counts
from assistant.web.service.desk import Desk
from assistant.web.sources.named_cells import NamedCells
from index.checks.identity import VERDICTS

NAME, PATH = "核对", "audit"
AT_ONCE = 30  # identities on a page
ALL = "全部"
WAITING = '<div class="bq-empty"><p>正在核对……</p></div>'


def add(page: gr.Blocks, desk: Desk) -> None:
    """The page, beside the others of the service."""
    with routed(page, NAME, PATH, "表里的数应当对得上：上下级合计、收支平衡、各表之间、文与表、与上年文件。"):
        _AuditPage(page, desk)


class _AuditPage:
    """Its components, and what changes them."""

    def __init__(self, page: gr.Blocks, desk: Desk) -> None:
        self._desk = desk
        with gr.Row(elem_id="filters"):
            self.verdict = gr.Radio([ALL, *VERDICTS], value=ALL, label="结论", elem_id="verdict")
            self.department = gr.Dropdown(label="部门", filterable=True, elem_id="audit-department")
            self.year = gr.Dropdown(label="年度", elem_id="audit-year")
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="audit"):
                gr.HTML(ABOUT, **PLAIN)
                self.summary = gr.HTML("", elem_id="audit-summary", **PLAIN)
                self.found = gr.HTML(WAITING, elem_id="identities", **PLAIN)
                with gr.Row(elem_id="turn"):
                    self.back = gr.Button("上一页", elem_id="back")
                    self.forth = gr.Button("下一页", elem_id="forth")
                self.first = gr.State(0)
            with gr.Column(elem_id="side"):
                self.panel = gr.HTML(OPENED, elem_id="evidence", js_on_load=PANEL, apply_default_css=False)
        self._listen(page)

    def _listen(self, page: gr.Blocks) -> None:
        shown = [self.verdict, self.summary, self.found, self.back, self.forth, self.first]
        asked: list[Any] = [self.verdict, self.department, self.year]
        waiting = {**QUIET, "show_progress": "minimal", "show_progress_on": self.found}
        page.load(self._loaded, None, [self.department, self.year, *shown], **waiting)
        gr.on([part.input for part in asked], self._chosen, asked, shown, trigger_mode="always_last", **waiting)
        self.back.click(self._earlier, [*asked, self.first], shown, **waiting)
        self.forth.click(self._later, [*asked, self.first], shown, **waiting)
        self.panel.open(opening(self._desk), None, self.panel, **CLICKED)

    # --- events --------------------------------------------------------------------------------------------------------
    def _loaded(self) -> tuple[Any, ...]:
        infos = self._desk.documents()
        departments = list(dict.fromkeys(info.department for info in infos))
        years = sorted({info.year for info in infos}, reverse=True)
        chosen = departments[0] if len(departments) > MOST_DEPARTMENTS else ""
        return (gr.Dropdown(options(departments, "全部部门"), value=chosen), gr.Dropdown(options(years, "全部年度"), value=""),
                *_listed(self._desk, ALL, Wanted(chosen or None), 0))  # fmt: skip

    def _chosen(self, verdict: str, department: str, year: int | str, at: int = 0) -> tuple[Any, ...]:
        return _listed(self._desk, verdict, Wanted(department or None, int(year) if year else None), at)

    def _earlier(self, verdict: str, department: str, year: int | str, at: int) -> tuple[Any, ...]:
        return self._chosen(verdict, department, year, max(0, at - AT_ONCE))

    def _later(self, verdict: str, department: str, year: int | str, at: int) -> tuple[Any, ...]:
        return self._chosen(verdict, department, year, at + AT_ONCE)


def _listed(desk: Desk, verdict: str, wanted: Wanted, at: int) -> tuple[Any, ...]:
    """The choices of verdicts with their numbers, the line above the list, the list, and how to go on from it."""
    try:
        everything = desk.audit.find(wanted)
    except TooManyError as error:
        quiet = gr.Button(interactive=False, visible=False)
        return (
            gr.Radio([ALL, *VERDICTS], value=verdict),
            "",
            f'<div class="bq-empty"><p>{error}。</p></div>',
            quiet,
            quiet,
            0,
        )
    number = counts(everything)
    # What differs comes first, then what rounding explains.
    names = VERDICTS[::-1] if verdict == ALL else (verdict,)
    found = [checked for name in names for checked in everything if checked.verdict == name]
    choices = [(f"{ALL} {len(everything):,}", ALL), *((f"{name} {number[name]:,}", name) for name in VERDICTS)]
    page = found[at : at + AT_ONCE]
    return (
        gr.Radio(choices, value=verdict),
        _summary(len(found), at, len(page), verdict, wanted),
        list_html(page, NamedCells(desk.store)),
        gr.Button(interactive=at > 0, visible=len(found) > AT_ONCE),
        gr.Button(interactive=at + AT_ONCE < len(found), visible=len(found) > AT_ONCE),
        at,
    )


def _summary(total: int, at: int, shown: int, verdict: str, wanted: Wanted) -> str:
    """Which are shown, and the same list as a file."""
    if not total:
        return ""
    query = {"verdict": "" if verdict == ALL else verdict, "department": wanted.department, "year": wanted.year}
    asked = urlencode({name: value for name, value in query.items() if value})
    links = "".join(
        f'<a href="api/audit.{ending}?{asked}" download>{name}</a>'
        for ending, name in (("xlsx", "导出工作簿"), ("csv", "导出 CSV"))
    )
    return f'<p class="bq-count" role="status">第 {at + 1:,}–{at + shown:,} 条，共 {total:,} 条<span>{links}</span></p>'
