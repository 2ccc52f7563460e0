"""The operator's page of documents. In: a Desk and its Operator. Out: a page behind a password: files are sent and indexed,
listed, corrected, read anew and deleted.

Anyone may call an event of Gradio's, so each asks for the session first, and without it does nothing. No event takes a file:
Gradio would fetch what a stranger names before it calls the event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from queue import SimpleQueue
from typing import Any

import gradio as gr
from pydantic import BaseModel, TypeAdapter, ValidationError

from assistant.web.api.operator_routes import Operator
from assistant.web.api.uploads import base_name
from assistant.web.pages.documents_html import (
    DELETING,
    NO_FILE,
    UNCHOSEN,
    Size,
    chosen_html,
    confirm_html,
    done_html,
    failed_html,
    intake_html,
    list_html,
    outcome_html,
    reports_html,
    waiting_html,
)
from assistant.web.pages.documents_js import FOCUS, INTAKE, LIST, SEND, SIGN_IN, SIGN_OUT
from assistant.web.pages.frame import PLAIN, QUIET, routed
from assistant.web.service.desk import Desk
from index.errors import BudgetQAError
from index.ingest import Correction
from index.report import FileReport
from index.settling import Progress
from index.sql.store import DocumentInfo
from index.web_address import LONGEST as LONGEST_ADDRESS

NAME, PATH = "文件", "documents"
AT_ONCE = 50  # documents on a page of the list
LONGEST = 100  # characters of a department, or of what is sought
YEARS = range(1990, 2101)
BAD_YEAR = f"年份应是 {YEARS[0]} 到 {YEARS[-1]} 的四位数字，例如 2024；不更正就留空。"
EXPIRED = "登录已经过期，请重新登录。"
GONE = "这份文件已被移除或更新，请刷新页面。"
Updates = dict[Any, Any]
Event = Callable[..., Iterator[Updates]]


class Sent(BaseModel):
    """A file as the browser sent it: the token to take it by, or why it was not received."""

    name: str
    file: str | None = None
    error: str = ""


SENT = TypeAdapter(list[Sent])


def add(page: gr.Blocks, desk: Desk, operator: Operator) -> None:
    """The page, beside the others of the service."""
    with routed(page, NAME, PATH, "收录、更正和删除文件；改动在各页立即生效。"):
        _DocumentsPage(page, desk, operator)


class _DocumentsPage:
    """Its components, and what changes them. Every event names the components that it changes."""

    def __init__(self, page: gr.Blocks, desk: Desk, operator: Operator) -> None:
        self._desk, self._operator = desk, operator
        self._sizes: dict[tuple[str, str], tuple[int, int]] = {}  # pages and tables by document and when it was indexed
        with gr.Column(elem_id="door", visible=False) as self.door:
            self.password = gr.Textbox(
                label="密码", type="password", max_length=200, autofocus=True, elem_id="password",
                html_attributes=gr.InputHTMLAttributes(autocomplete="current-password"),
            )  # fmt: skip
            self.enter = gr.Button("登录", variant="primary", elem_id="enter")
            self.refused = gr.HTML("", elem_id="refused", **PLAIN)
        with gr.Column(elem_id="documents-page", visible=False) as self.inside, gr.Row(elem_id="operate"):
            with gr.Column(elem_id="shelf"):
                self._make_shelf()
            with gr.Column(elem_id="tasks"):
                with gr.Column(elem_classes="bq-card"):
                    self._make_intake()
                with gr.Column(elem_classes="bq-card"):
                    self._make_manager()
        self._listen(page)

    def _make_shelf(self) -> None:
        with gr.Row(elem_id="shelf-head"):
            self.sought = gr.Textbox(
                label="查找文件", placeholder="文件名、部门、年份或种类", max_length=LONGEST, elem_id="sought"
            )
            self.leave = gr.Button("退出登录", elem_id="leave")
        self.count = gr.HTML("", elem_id="count", **PLAIN)
        self.listing = gr.HTML("", elem_id="listing", js_on_load=LIST, apply_default_css=False)
        with gr.Row(elem_id="turn"):
            self.back = gr.Button("上一页", elem_id="back", visible=False)
            self.forth = gr.Button("下一页", elem_id="forth", visible=False)
        self.at = gr.State(0)

    def _make_intake(self) -> None:
        intake = intake_html(self._operator.megabytes)
        gr.HTML(intake, elem_id="intake", js_on_load=INTAKE, apply_default_css=False)
        with gr.Row(elem_classes="bq-told"):
            self.told: list[Any] = _told("可不填", "told")
        self.take = gr.Button("收录", variant="primary", elem_id="take")
        self.sent = gr.Textbox(visible=False)
        self.reports = gr.HTML("", elem_id="reports", **PLAIN)

    def _make_manager(self) -> None:
        self.chosen = gr.State("")
        self.head = gr.HTML(UNCHOSEN, elem_id="chosen", js_on_load=FOCUS, apply_default_css=False)
        with gr.Column(visible=False, elem_id="manage") as self.manage:
            with gr.Row(elem_classes="bq-told"):
                self.department, self.year, self.address = _told("", "own")
            with gr.Row(elem_classes="bq-buttons"):
                self.correct = gr.Button("保存更正", variant="primary", elem_id="correct")
                self.again = gr.Button("重新收录", elem_id="again")
                self.delete = gr.Button("删除", elem_id="delete")
        with gr.Column(visible=False, elem_id="confirm") as self.confirm:
            self.sure = gr.HTML("", elem_id="sure", js_on_load=FOCUS, apply_default_css=False)
            with gr.Row(elem_classes="bq-buttons"):
                self.really = gr.Button("确认删除", variant="stop", elem_id="really")
                self.keep = gr.Button("不删除", elem_id="keep")
        self.outcome = gr.HTML("", elem_id="outcome", js_on_load=FOCUS, apply_default_css=False)

    def _listen(self, page: gr.Blocks) -> None:
        shown = [
            self.door, self.refused, self.inside, self.count, self.listing, self.back, self.forth, self.at, self.reports, self.chosen,
            self.head, self.manage, self.department, self.year, self.address, self.confirm, self.sure, self.outcome,
        ]  # fmt: skip
        where: list[Any] = [self.sought, self.at]
        # One at a time: the store takes one writer, and who waits for it need not hold a thread.
        work: dict[str, Any] = {**QUIET, "concurrency_limit": 1, "concurrency_id": "operator"}

        def on(listener: Any, event: Event, inputs: list[Any], **options: Any) -> None:
            listener(self._guarded(event), inputs, shown, **{**QUIET, **options})

        page.load(self._loaded, None, shown, **QUIET)
        gr.on(
            [self.password.submit, self.enter.click],
            None,
            self.password,
            [self.password, self.refused],
            js=SIGN_IN,
            **QUIET,
        )
        self.leave.click(None, None, None, js=SIGN_OUT, **QUIET)
        on(self.sought.change, self._found, [self.sought])
        on(self.back.click, self._back, where)
        on(self.forth.click, self._forth, where)
        on(self.listing.pick, self._picked, where)
        on(
            self.take.click,
            self._taken,
            [self.sent, *self.told, self.chosen, *where],
            js=SEND,
            **work,
        )
        own: list[Any] = [self.chosen, self.department, self.year, self.address, *where]
        on(self.correct.click, self._corrected, own, **work)
        on(self.again.click, self._read_again, [self.chosen, *where], **work)
        on(self.delete.click, self._asked, [self.chosen])
        on(self.keep.click, self._kept, [])
        on(self.really.click, self._deleted, [self.chosen, *where], **work)

    # --- who may -------------------------------------------------------------------------------------------------------
    def _guarded(self, event: Event) -> Event:
        """An event that is the operator's alone."""

        def guarded(request: gr.Request, said: gr.EventData, *values: Any) -> Iterator[Updates]:
            if self._operator.sessions.holds(request):
                yield from event(said, *values)
            else:
                yield {**self._outside(), self.refused: failed_html(EXPIRED)}

        return guarded

    def _loaded(self, request: gr.Request) -> Updates:
        if not self._operator.sessions.holds(request):
            return self._outside()
        return {self.door: gr.Column(visible=False), self.inside: gr.Column(visible=True), **self._listed("", 0)}

    def _outside(self) -> Updates:
        """Nothing but the door."""
        return {
            self.door: gr.Column(visible=True), self.inside: gr.Column(visible=False), self.listing: "", self.count: "",
            self.reports: "",
        }  # fmt: skip

    # --- the list ------------------------------------------------------------------------------------------------------
    def _found(self, _said: gr.EventData, sought: str) -> Iterator[Updates]:
        yield self._listed(sought, 0)

    def _back(self, _said: gr.EventData, sought: str, at: int) -> Iterator[Updates]:
        yield self._listed(sought, at - AT_ONCE)

    def _forth(self, _said: gr.EventData, sought: str, at: int) -> Iterator[Updates]:
        yield self._listed(sought, at + AT_ONCE)

    def _listed(self, sought: str, at: int, chosen: str = "") -> Updates:
        """The documents with all that is sought in their names, from one on."""
        infos = self._desk.store.documents(hidden=True)
        found = [info for info in infos if all(word in _text(info) for word in sought.lower().split())]
        at = max(0, min(at, (len(found) - 1) // AT_ONCE * AT_ONCE))
        some = found[at : at + AT_ONCE]
        which = f"，列出第 {at + 1}–{at + len(some)} 份" if len(found) > AT_ONCE else ""
        count = f"{'找到' if sought.strip() else '共'} {len(found)} 份{which}" if infos else "还没有收录文件"
        names = {info.id: info.file_name for info in infos}
        return {
            self.listing: list_html(some, self._sizes_of(some), names, chosen),
            self.count: f'<p class="bq-count" role="status">{count}</p>',
            self.back: gr.Button(interactive=at > 0, visible=len(found) > AT_ONCE),
            self.forth: gr.Button(interactive=at + AT_ONCE < len(found), visible=len(found) > AT_ONCE),
            self.at: at,
        }  # fmt: skip

    def _sizes_of(self, infos: list[DocumentInfo]) -> dict[str, Size]:
        facts = self._desk.store.facts_by_document()
        return {info.id: Size(*self._pages_and_tables(info), facts.get(info.id, 0)) for info in infos}

    def _pages_and_tables(self, info: DocumentInfo) -> tuple[int, int]:
        """Counted once: it takes the whole document."""
        key = info.id, info.indexed_at
        if key not in self._sizes:
            document = self._desk.store.parsed(info.id)
            rows = [row.place for table in document.tables for row in table.rows]
            places = [*rows, *(section.place for section in document.sections)]
            self._sizes[key] = max((place.page or 0 for place in places), default=0), len(document.tables)
        return self._sizes[key]

    # --- files that are sent -------------------------------------------------------------------------------------------
    def _taken(self, _said: gr.EventData, sent: str, department: str, year: str, address: str, chosen: str, sought: str,
               at: int) -> Iterator[Updates]:  # fmt: skip
        """Index what the browser has sent, one after another, and say how far it is."""
        try:
            told, files = _correction(department, year, address), SENT.validate_json(sent or "[]")
        except ValidationError:
            files = []
        except ValueError as error:
            yield {self.reports: failed_html(str(error))}
            return
        if not files:
            yield {self.reports: NO_FILE}
            return
        done: list[FileReport] = []
        for number, file in enumerate(files, 1):
            source = None if file.file is None else self._operator.uploads.take(file.file)
            if source is None:
                why = file.error or "文件没有收到，请重新选择后再收录"
                done.append(FileReport(path=base_name(file.name), error=why))
                yield {self.reports: reports_html(done)}
                continue

            yield {self.reports: reports_html(done, waiting_html(source.name, number, len(files), 0, 0))}
            for step in _steps(partial(self._desk.take_in, source, told)):
                if isinstance(step, FileReport):
                    done.append(step)
                    yield {self.reports: reports_html(done), **self._listed(sought, at, chosen)}
                else:
                    waiting = waiting_html(source.name, number, len(files), *step)
                    yield {self.reports: reports_html(done, waiting)}

    # --- one document --------------------------------------------------------------------------------------------------
    def _picked(self, said: gr.EventData, sought: str, at: int) -> Iterator[Updates]:
        info = self._info(str(getattr(said, "document", "")))
        yield {**self._shown(info), self.outcome: "", **self._listed(sought, at, info.id if info else "")}

    def _corrected(self, _said: gr.EventData, chosen: str, department: str, year: str, address: str, sought: str,
                   at: int) -> Iterator[Updates]:  # fmt: skip
        try:
            told = _correction(department, year, address)
        except ValueError as error:
            yield {self.outcome: failed_html(str(error))}
            return
        yield from self._redone(chosen, told, sought, at)

    def _read_again(self, _said: gr.EventData, chosen: str, sought: str, at: int) -> Iterator[Updates]:
        """What was corrected stays so."""
        info = self._info(chosen)
        yield from self._redone(chosen, Correction(info.department, info.year) if info else Correction(), sought, at)

    def _redone(self, chosen: str, told: Correction, sought: str, at: int) -> Iterator[Updates]:
        """Index the stored original anew."""
        info = self._info(chosen)
        if info is None:
            yield {**self._shown(None), self.outcome: failed_html(GONE)}
            return
        if self._together(info) > 1:  # a department of one's own would make one budget of all
            told = Correction(None, told.year, told.source_url)
        # Nothing else is to be asked of it meanwhile.
        yield {self.manage: gr.Column(visible=False), self.outcome: waiting_html(info.file_name, 1, 1, 0, 0)}
        try:
            for step in _steps(partial(self._desk.read_again, chosen, told)):
                if isinstance(step, FileReport):
                    now = self._info(chosen)
                    yield {**self._shown(now), self.outcome: outcome_html(step), **self._listed(sought, at, chosen)}
                else:
                    yield {self.outcome: waiting_html(info.file_name, 1, 1, *step)}
        except BudgetQAError as error:
            yield {**self._shown(self._info(chosen)), self.outcome: failed_html(str(error))}

    def _asked(self, _said: gr.EventData, chosen: str) -> Iterator[Updates]:
        """Nothing is deleted without being named once more."""
        info = self._info(chosen)
        if info is None:
            yield {**self._shown(None), self.outcome: failed_html(GONE)}
            return
        yield {
            self.confirm: gr.Column(visible=True), self.manage: gr.Column(visible=False), self.outcome: "",
            self.sure: confirm_html(info, self._together(info)),
        }  # fmt: skip

    def _kept(self, _said: gr.EventData) -> Iterator[Updates]:
        yield {self.confirm: gr.Column(visible=False), self.manage: gr.Column(visible=True)}

    def _deleted(self, _said: gr.EventData, chosen: str, sought: str, at: int) -> Iterator[Updates]:
        info = self._info(chosen)
        yield {self.confirm: gr.Column(visible=False), self.outcome: DELETING}
        try:
            self._desk.remove(chosen)
        except BudgetQAError:
            yield {**self._shown(None), self.outcome: failed_html(GONE), **self._listed(sought, at)}
            return
        said = done_html(f"已删除“{info.file_name if info else chosen}”")
        yield {**self._shown(None), self.outcome: said, **self._listed(sought, at)}

    def _shown(self, info: DocumentInfo | None) -> Updates:
        """A document to be managed, or that none is chosen."""
        several = info is not None and self._together(info) > 1
        return {
            self.chosen: info.id if info else "",
            self.head: chosen_html(info, self._together(info)) if info else UNCHOSEN,
            self.manage: gr.Column(visible=info is not None),
            self.confirm: gr.Column(visible=False),
            self.department: gr.Textbox(info.department if info else "", interactive=not several),
            self.year: str(info.year) if info else "",
            self.address: (info.source_url or "") if info else "",
        }  # fmt: skip

    def _info(self, document: str) -> DocumentInfo | None:
        return self._desk.store.info(document)

    def _together(self, info: DocumentInfo) -> int:
        """How many budgets the file of a document holds."""
        return len(self._desk.store.of_file(info.sha256))


def _told(hint: str, name: str) -> list[gr.Textbox]:
    """Where department and year are put right, and where the file is published."""
    one: dict[str, Any] = {"placeholder": hint, "lines": 1, "max_lines": 1}
    # Not gr.Number: left empty it sends 0.
    return [
        gr.Textbox(label="更正：部门", max_length=LONGEST, elem_id=f"{name}-department", scale=3, **one),
        gr.Textbox(label="更正：年份", max_length=4, elem_id=f"{name}-year", scale=1, min_width=90, **one),
        gr.Textbox(label="公布地址", max_length=LONGEST_ADDRESS, elem_id=f"{name}-address", scale=3, **one),
    ]


def _correction(department: str, year: str, address: str) -> Correction:
    """What the operator says, in as far as it says something. Raises ValueError: what is wrong with the year or the address."""
    department, year, address = department.strip(), year.strip(), address.strip()
    if year and not (year.isascii() and year.isdecimal() and int(year) in YEARS):
        raise ValueError(BAD_YEAR)
    return Correction(department or None, int(year) if year else None, address or None)


def _steps(work: Callable[[Progress], FileReport]) -> Iterator[tuple[int, int] | FileReport]:
    """How many texts of how many are done, as it goes on, and in the end the report."""
    said: SimpleQueue[tuple[int, int] | None] = SimpleQueue()
    with ThreadPoolExecutor(1) as thread:
        future = thread.submit(work, lambda _name, done, total: said.put((done, total)))
        future.add_done_callback(lambda _: said.put(None))
        while (step := said.get()) is not None:
            yield step
        yield future.result()


def _text(info: DocumentInfo) -> str:
    return f"{info.file_name} {info.department} {info.year}年 {info.kind} {info.sha256}".lower()
