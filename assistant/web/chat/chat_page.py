"""The chat page. In: a Desk. Out: Gradio Blocks: which documents are asked, the conversation, the evidence panel beside it.

The conversation is the session's own (gr.State); its questions are kept in the browser and asked again on the next visit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

import gradio as gr
from gradio.components.chatbot import ExampleMessage
from gradio.components.navbar import Navbar
from pydantic import ValidationError

from assistant.budgets.library import Scope
from assistant.web.chat import conversation
from assistant.web.chat.actions_js import ACTIONS, RETURN, SEND
from assistant.web.chat.conversation import LONGEST, Question, Turn, messages
from assistant.web.pages.frame import CHAT, CLICKED, PICKED, PLAIN, QUIET, evidence, opening, options
from assistant.web.pages.frame_js import PANEL
from assistant.web.service.admission import client
from assistant.web.service.desk import Desk
from assistant.web.service.gate import TurnedAwayError
from assistant.web.service.request_log import adopt
from assistant.web.sources.evidence_html import EMPTY
from assistant.web.sources.reference import Reference
from index.sql.store import DocumentInfo

TITLE = "预算问答助手"
SESSIONS = 500  # open pages that are remembered, each some 0.7 MB in Gradio; a page beyond them loses its turns
NAMED = 3  # documents named in the scope line
STORAGE = "budget-qa"  # what the browser keeps it under
# Gradio encrypts what the browser keeps; with a key that changes at every start it would be lost with each. It is no secret.
STORAGE_KEY = "budget-qa-storage"
PLACEHOLDER, RESTORING = "例如：三公经费是多少", "正在恢复上次的对话……"
WRITE_FIRST = f"请先写下想问的内容，{PLACEHOLDER}"
PICKER: dict[str, Any] = {"container": False, "show_label": False, "filterable": True}
NOTHING_KEPT: dict[str, Any] = {"turns": [], "department": "", "year": ""}


def build_page(desk: Desk) -> gr.Blocks:
    """The page over one desk; further pages are added to it."""
    page = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with page:
        _ChatPage(page, desk)
    page.state_session_capacity = SESSIONS
    page.queue(max_size=max(1, desk.gate.waiting), default_concurrency_limit=desk.gate.at_once, api_open=False)
    return page


class _ChatPage:
    """Its components, and what changes them."""

    def __init__(self, page: gr.Blocks, desk: Desk) -> None:
        self._desk = desk
        documents = desk.documents()
        Navbar(main_page_name=CHAT)
        self.turns = gr.State([])
        self.kept = gr.BrowserState(NOTHING_KEPT, storage_key=STORAGE, secret=STORAGE_KEY)
        self.head = gr.HTML(head_html(documents), elem_id="head", **PLAIN)
        with gr.Row(elem_id="scope", visible=len(documents) > 1) as self.picking:
            self.department = gr.Dropdown(label="部门", elem_id="department", **PICKER, **_departments(documents))
            self.year = gr.Dropdown(label="年度", elem_id="year", **PICKER, **_years(documents))
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="talk"):
                self._make_talk()
            with gr.Column(elem_id="side"):
                self.panel = gr.HTML(EMPTY, elem_id="evidence", js_on_load=PANEL + ACTIONS, apply_default_css=False)
        self._listen(page)

    def _make_talk(self) -> None:
        self.chat = gr.Chatbot(
            elem_id="chat", show_label=False, label="对话", container=False, layout="bubble", latex_delimiters=[], buttons=[],
            feedback_options=None, examples=_examples(self._desk), placeholder=welcome_html(self._desk), autoscroll=False,
        )  # fmt: skip
        with gr.Row(elem_id="ask-row"):
            self.box = gr.Textbox(
                elem_id="question", show_label=False, label="问题", container=False, lines=1, max_lines=5, autofocus=True,
                placeholder=PLACEHOLDER, max_length=LONGEST,
            )  # fmt: skip
            self.send = gr.Button("发送", variant="primary", elem_id="send")
            self.clear = gr.Button("清空", elem_id="clear")
        gr.HTML(FOOT + _model_html(self._desk), elem_id="foot", **PLAIN)

    def _listen(self, page: gr.Blocks) -> None:
        at_once = self._desk.gate.at_once
        scope = [self.department, self.year]
        shown = [self.box, self.chat, self.turns, self.panel, self.head, self.kept]
        asking: dict[str, Any] = {
            **QUIET,
            "concurrency_limit": at_once,
            "concurrency_id": "ask",
        }
        typed = [self.box.submit, self.send.click]
        # What is sent while an answer still comes waits for its end. A choice can't: Gradio would then make the earlier one again.
        written = gr.on(
            typed, self._written, [self.box, self.turns, *scope], shown, js=SEND, trigger_mode="always_last", **asking
        )
        written.failure(None, None, self.box, js=RETURN, **QUIET)
        clicked = [self.chat.example_select, self.chat.option_select]
        chosen = gr.on(clicked, self._chosen, [self.turns, *scope], shown, trigger_mode="once", **asking)
        if self._desk.words:  # prose comes after the answer; whoever asks on does not wait for it
            wording = [
                event.then(
                    self._worded, self.turns, [self.chat, self.turns], concurrency_limit=at_once, concurrency_id="word",
                    trigger_mode="multiple", **QUIET,
                )
                for event in (written, chosen)
            ]  # fmt: skip
            gr.on([*typed, *clicked, self.clear.click], None, None, None, cancels=wording, queue=False)
        cleared = [self.chat, self.turns, self.panel, self.kept]
        self.clear.click(self._cleared, scope, cleared, queue=False, **QUIET)
        self.panel.open(opening(self._desk), None, self.panel, concurrency_limit=at_once, **CLICKED)
        narrowed = [self.head, self.year, self.kept]
        picked = [part.input for part in scope]
        gr.on(picked, self._narrowed, [*scope, self.turns], narrowed, queue=False, **PICKED)
        loaded = [self.head, self.picking, *scope, self.box, self.chat, self.turns, self.panel]
        page.load(self._loaded, [self.kept], loaded, **QUIET)

    # --- events --------------------------------------------------------------------------------------------------------
    def _written(
        self, question: str, said: list[Turn], department: str, year: Any, request: gr.Request
    ) -> Iterator[tuple]:
        yield from self._asked(_of_page(question, department, year), said, request)

    def _chosen(
        self, said: list[Turn], department: str, year: Any, event: gr.SelectData, request: gr.Request
    ) -> Iterator[tuple]:
        value = event.value
        text = str(value["text"] if isinstance(value, dict) else value)
        yield from self._asked(_of_page(text, department, year), said, request)

    def _asked(self, asked: Question, said: list[Turn], request: gr.Request) -> Iterator[tuple]:
        """First the question with a line that it is being looked up, then the answer and its first source.

        Sent twice in haste, the second time is empty: nothing is added to a conversation then.
        """
        if said and not asked.question.strip():
            yield gr.Textbox(placeholder=WRITE_FIRST), *(gr.skip(),) * 5
            return
        why_not = self._turned_away(request)
        if why_not:
            shown = messages(conversation.turned_away(said, asked, why_not))
            yield asked.question, shown, gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        if asked.question.strip():
            waiting = conversation.waiting(said, asked)
            yield gr.skip(), messages(waiting), gr.skip(), gr.skip(), gr.skip(), gr.skip()
        adopt(_scope(request))
        turns = conversation.answered(self._desk, said, asked)
        head = head_html(self._desk.documents(), asked.department, asked.year or "")
        kept = _kept(turns, asked.department, asked.year or "")
        yield gr.skip(), messages(turns), turns, self._first_source(turns), head, kept

    def _turned_away(self, request: gr.Request) -> str:
        """Why a question is not taken now; empty where it is."""
        try:
            self._desk.admit(client(_scope(request)))
        except TurnedAwayError as error:
            return error.detail
        return ""

    def _worded(self, said: list[Turn]) -> tuple:
        turns = conversation.worded(self._desk, said)
        return (messages(turns), turns) if turns is not None else (gr.skip(), gr.skip())

    def _cleared(self, department: str, year: Any) -> tuple:
        return [], [], EMPTY, _kept([], department, year)

    def _narrowed(self, department: str, year: Any, said: list[Turn]) -> tuple:
        found = self._desk.documents()
        years = _years(found, department, year)
        scope = (department, years["value"])
        return head_html(found, *scope), gr.Dropdown(**years), _kept(said, *scope)

    def _first_source(self, turns: Sequence[Turn]) -> Any:
        first = turns[-1].first if turns else None
        return evidence(self._desk, Reference.of(first)) if first else gr.skip()

    def _loaded(self, kept: Any, request: gr.Request) -> Iterator[tuple]:
        """What may have changed since the page was built, what the address asks for, and else what the browser kept.

        `ask` (once or more) is asked at once, `department` and `year` pick the documents, `question` is put in the box alone.
        """
        kept = kept if isinstance(kept, dict) else NOTHING_KEPT
        documents, address = self._desk.documents(), request.query_params
        linked = address.getlist("ask")[-conversation.SAVED :]
        scope: Mapping[str, Any] = address if linked or "department" in address or "year" in address else kept
        departments = _departments(documents, scope.get("department"))
        years = _years(documents, departments["value"], scope.get("year"))
        picked = departments["value"], years["value"]
        questions = _linked(linked, *picked) if linked else conversation.told(kept.get("turns"))
        asked_for = address.get("question", "")[:LONGEST]
        # A question in the address is put in the box; else the box is left to who may already be writing.
        box: Any = gr.Textbox(asked_for) if asked_for else gr.skip()
        if questions:
            box = gr.Textbox(asked_for, interactive=False, placeholder=RESTORING)
        page = gr.Chatbot(examples=_examples(self._desk), placeholder=welcome_html(self._desk))
        yield (
            head_html(documents, *picked), gr.Row(visible=len(documents) > 1), gr.Dropdown(**departments), gr.Dropdown(**years),
            box, page, gr.skip(), gr.skip(),
        )  # fmt: skip
        if questions:
            yield from self._asked_again(questions, request)

    def _asked_again(self, questions: Sequence[Question], request: gr.Request) -> Iterator[tuple]:
        """The conversation that was kept or linked, and the box open again."""
        why_not = self._turned_away(request)
        adopt(_scope(request))
        again = conversation.again
        turns = conversation.turned_away([], questions[-1], why_not) if why_not else again(self._desk, questions)
        box = gr.Textbox(interactive=True, placeholder=PLACEHOLDER)
        nothing = (gr.skip(),) * 4
        yield *nothing, box, messages(turns), turns, self._first_source(turns)


def _of_page(question: str, department: Any, year: Any) -> Question:
    return Question(question=question, department=department or "", year=year or None)


def _scope(request: gr.Request) -> Any:
    """Of the request that joined Gradio's queue."""
    assert request.request is not None
    return request.request.scope


def _kept(turns: Sequence[Turn], department: str, year: Any) -> dict[str, Any]:
    """What the browser keeps."""
    return {"turns": conversation.saved(turns), "department": department, "year": year}


def _linked(questions: Sequence[str], department: str, year: Any) -> list[Question]:
    found = []
    for question in questions:
        try:
            found.append(_of_page(question, department, year))
        except ValidationError:  # longer than the box takes
            continue
    return found


# --- what is shown -------------------------------------------------------------------------------------------------
def _departments(documents: Sequence[DocumentInfo], picked: Any = "") -> dict[str, Any]:
    """Choices and value of the picker; what is not there is not picked."""
    names = sorted({info.department for info in documents})
    return {"choices": options(names, "全部部门"), "value": picked if picked in names else ""}


def _years(documents: Sequence[DocumentInfo], department: str = "", picked: Any = "") -> dict[str, Any]:
    """Those of the department, the newest first."""
    years = sorted({info.year for info in documents if department in ("", info.department)}, reverse=True)
    found = [year for year in years if str(year) == str(picked)]
    return {"choices": options(years, "全部年度"), "value": found[0] if found else ""}


def head_html(documents: Sequence[DocumentInfo], department: str = "", year: Any = "") -> str:
    """Title, and which documents are asked."""
    asked = Scope(department=department or None, year=year or None).among(documents)
    names = [f"{info.department}　{info.year}年　{info.kind}" for info in asked]
    chips = "".join(f"<b>{escape(name)}</b>" for name in names[:NAMED])
    more = f"等 {len(names)} 份文件" if len(names) > NAMED else ""
    many = " bq-many" if more else ""
    none = "所选的部门和年度已经没有文件，请另选" if documents else "还没有收录文件：请运营者用 budget-qa ingest 收录"
    scope = f"正在查询{chips}{more}" if names else none
    return (
        f'<div class="bq-head"><h1>{TITLE}</h1><p>每个数字都来自公开的预算文件，点开就能看到原表。</p>'
        f'<div class="bq-scope{many}" role="status" aria-label="正在查询的文件">{scope}</div></div>'
    )


def welcome_html(desk: Desk) -> str:
    """What stands in place of a conversation before its first question."""
    if not desk.documents():
        return '<div class="bq-welcome">还没有收录文件。</div>'
    return '<div class="bq-welcome"><p>想了解这份预算的什么？可以直接提问，也可以从下面选一个问题开始。</p></div>'


def _examples(desk: Desk) -> list[ExampleMessage]:
    return [{"text": example.question, "display_text": example.text} for example in desk.examples.current()]


FOOT = (
    "回答只依据已收录的文件；文件里没有的会直接说明。"
    '程序可用<a href="api/docs" target="_blank" rel="noopener">接口</a>取得同样的回答。'
)


def _model_html(desk: Desk) -> str:
    """Where questions go beside this program, where they do."""
    model = desk.assistant.model
    if model is None:
        return ""
    where = f"问题会发送给 {escape(model.host)} 上的" if model.is_remote else "问题会交给本机的"
    return f"<br>{where}语言模型（{escape(model.name)}）帮助理解和说明；数仍由本程序从文件里查出。"
