"""The page 项目与绩效. In: a Desk. Out: a page of the Blocks: search and filters, the list, the chosen project with its source.

The filters are Gradio's own components. The list is HTML of ours: Gradio's Dataframe sorts only the rows that it has been given,
which of several pages would be wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import gradio as gr
from pydantic import ValidationError

from assistant.catalog import Order, share_of
from assistant.web.api.project_export import conditions
from assistant.web.api.projects import LONGEST_WORDS, Wanted
from assistant.web.pages.frame import CLICKED, PICKED, PLAIN, QUIET, evidence, folded, opening, routed
from assistant.web.pages.frame_js import PANEL, PROJECTS
from assistant.web.pages.project_html import BAD_FILTER, NO_CARD, NO_PROJECT, PAGE, Shown, card_html, list_html
from assistant.web.service.desk import Desk
from assistant.web.sources.evidence_html import EMPTY, GONE
from assistant.web.sources.reference import Reference
from index.amounts import parse_amount

NAME, PATH = "项目与绩效", "/projects"
ABOUT = "全部文件里的项目：查找、筛选、求和、下载；每个金额点开就能看到原表。"
TARGETS = [("全部", ""), ("有绩效目标", "with"), ("没有绩效目标", "without")]
CLEARED: tuple[Any, ...] = ("", True, [], [], [], "", "", "")  # the filters as they are at first
ORDERS: tuple[Order, ...] = ("amount_desc", "amount_asc", "name", "department")
READERS = 8  # filters worked on at once


@dataclass(frozen=True)
class Standing:
    """Where the reader stands in the list: the order, None for the usual one, and the page from 0."""

    order: Order | None = None
    page: int = 0


def add(page: gr.Blocks, desk: Desk) -> None:
    """The page, beside the others of the service."""
    with routed(page, NAME, PATH, ABOUT):
        _ProjectsPage(page, desk)


class _ProjectsPage:
    """Its components, and what changes them."""

    def __init__(self, page: gr.Blocks, desk: Desk) -> None:
        self._desk = desk
        self.standing = gr.State(Standing())
        self._make_filters()
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="talk"):
                self.listing = gr.HTML("", elem_id="projects", js_on_load=PROJECTS, apply_default_css=False)
            with gr.Column(elem_id="side"):
                self.card = gr.HTML(NO_CARD, elem_id="card", **PLAIN)
                self.panel = gr.HTML(EMPTY, elem_id="evidence", js_on_load=PANEL, apply_default_css=False)
        self._listen(page)

    def _make_filters(self) -> None:
        with gr.Row(elem_id="search"):
            self.words = gr.Textbox(
                label="搜索项目", placeholder="项目、单位或绩效目标里的词，如：运维", max_length=LONGEST_WORDS, lines=1, max_lines=1,
                elem_id="words", scale=4, autofocus=True,
            )  # fmt: skip
            self.meaning = gr.Checkbox(
                True, label="也找含义相近的", container=False, elem_id="meaning", scale=0, min_width=160
            )
            gr.HTML(folded("筛选"), elem_id="fold", **PLAIN)
        with gr.Row(elem_id="filters"):
            self.departments = gr.Dropdown([], label="部门", multiselect=True, elem_id="departments", scale=3)
            self.years = gr.Dropdown([], label="年度", multiselect=True, elem_id="years", scale=2)
            self.units = gr.Dropdown([], label="资金使用单位", multiselect=True, elem_id="units", scale=3)
            bound: dict[str, Any] = {"placeholder": "不限", "max_length": 20, "lines": 1, "max_lines": 1, "scale": 2}
            # Not gr.Number: left empty it sends 0, and what is typed as a float.
            self.least = gr.Textbox(label="金额不少于（万元）", elem_id="least", min_width=120, **bound)
            self.most = gr.Textbox(label="金额不超过（万元）", elem_id="most", min_width=120, **bound)
            self.target = gr.Dropdown(TARGETS, value="", label="绩效目标", elem_id="target", scale=2, min_width=130)
            self.clear = gr.Button("清除", elem_id="clear", scale=0, min_width=76)

    def _listen(self, page: gr.Blocks) -> None:
        filters: list[Any] = [
            self.words, self.meaning, self.departments, self.years, self.units, self.least, self.most, self.target,
        ]  # fmt: skip
        chosen, shown = [self.standing, *filters], [self.listing, self.standing]
        work: dict[str, Any] = {"concurrency_limit": READERS, "concurrency_id": "projects"}
        # Not `input`, which waits for a key press: an input method for Chinese sends none.
        gr.on([part.change for part in filters], self._filtered, chosen, shown, **work, **PICKED)
        self.listing.order(self._ordered, chosen, shown, **work, **QUIET)
        self.listing.turn(self._turned, chosen, shown, **work, **QUIET)
        self.listing.pick(self._picked, None, [self.card, self.panel], **work, **CLICKED)
        self.departments.change(self._owned, [self.departments, self.units], self.units, queue=False, **QUIET)
        self.clear.click(self._cleared, None, [*filters, *shown], queue=False, **QUIET)
        self.panel.open(opening(self._desk), None, self.panel, concurrency_limit=READERS, **CLICKED)
        loaded = [self.departments, self.years, self.units, *shown]
        page.load(self._loaded, None, loaded, queue=False, **QUIET)

    # --- events --------------------------------------------------------------------------------------------------------
    def _filtered(self, stands: Standing, *chosen: Any) -> tuple:
        """A new selection begins on its first page."""
        return _listed(self._desk, replace(stands, page=0), chosen)

    def _ordered(self, event: gr.EventData, _stands: Standing, *chosen: Any) -> tuple:
        order = next((order for order in ORDERS if order == event.order), None)
        return _listed(self._desk, Standing(order), chosen)

    def _turned(self, event: gr.EventData, stands: Standing, *chosen: Any) -> tuple:
        number = str(event.page)
        return _listed(self._desk, replace(stands, page=int(number) if number.isdecimal() else 0), chosen)

    def _picked(self, event: gr.EventData) -> tuple[str, str]:
        """The card of a project, and at once the source of its amount."""
        catalog = self._desk.projects.current()
        entry = catalog.get(str(event.project))
        if entry is None:
            return NO_PROJECT, GONE
        doubtful = entry.fact.confidence is not None and self._desk.assistant.scans().any_in_doubt([entry.fact])
        card = card_html(entry, share_of(self._desk.store, entry), catalog.other_years(entry), doubtful)
        return card, evidence(self._desk, Reference.of_fact(entry.fact))

    def _owned(self, departments: list[str], chosen: list[str]) -> Any:
        """The units of the departments chosen; units chosen before stay where they are among them."""
        units = self._desk.projects.current().units(departments)
        return gr.Dropdown(choices=units, value=[unit for unit in chosen if unit in units])

    def _cleared(self) -> tuple:
        return (*CLEARED, *_listed(self._desk, Standing(), CLEARED))

    def _loaded(self) -> tuple:
        """What may have changed since the page was built: documents come and go while the service runs."""
        catalog = self._desk.projects.current()
        choices = [gr.Dropdown(choices=found) for found in (catalog.departments(), catalog.years(), catalog.units())]
        return (*choices, *_listed(self._desk, Standing(), CLEARED))


def _listed(desk: Desk, stands: Standing, chosen: Sequence[Any]) -> tuple[str, Standing]:
    """The list for the filters as chosen, and where the reader then stands in it."""
    try:
        wanted = _wanted(stands.order, *chosen)
    except ValidationError:
        return BAD_FILTER, stands
    chosen_filter = wanted.filter()
    selection = desk.projects.current().select(chosen_filter, wanted.sort)
    last = max(0, -(-len(selection.entries) // PAGE) - 1)
    stands = replace(stands, page=min(stands.page, last))
    order = wanted.sort or ("relevance" if wanted.q.strip() else "amount_desc")
    return list_html(selection, Shown(order, stands.page, _query(wanted), conditions(chosen_filter))), stands


def _wanted(order: Order | None, words: str, meaning: bool, departments: list[str], years: list[int], units: list[str],
            least: str, most: str, target: str) -> Wanted:  # fmt: skip
    """The filters as the API takes them. Raises ValidationError."""
    return Wanted.model_validate({
        "q": words or "", "meaning": meaning, "department": departments, "year": years, "unit": units, "min": _typed(least),
        "max": _typed(most), "target": target or None, "sort": order,
    })  # fmt: skip


def _typed(text: str) -> Decimal | str | None:
    """The amount that a box holds, None where it is empty; what is no amount stays as it is, to be found fault with."""
    amount = parse_amount(text)
    return (text.strip() or None) if amount is None else amount


def _query(wanted: Wanted) -> str:
    """The filters as the query string of a download."""
    said = urlencode(wanted.model_dump(mode="json", exclude_defaults=True), doseq=True)
    return f"?{said}" if said else ""
