"""The chat page. In: a Desk. Out: Gradio Blocks: conversation, sources under each answer, the evidence panel beside it.

The conversation is the session's own (gr.State); the assistant gets the plans of its turns with every question.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

import gradio as gr
from gradio.components.chatbot import ExampleMessage
from gradio.components.navbar import Navbar

from assistant.answer import Answer, Suggestion
from assistant.web.answer_html import FAILED, WAITING, answer_html, question_html
from assistant.web.desk import Desk
from assistant.web.evidence import EMPTY
from assistant.web.pages import CHAT, PLAIN, evidence, opening
from assistant.web.reference import Reference
from assistant.web.script import PANEL
from index.store import DocumentInfo

TITLE = "预算问答助手"
ASKERS = 16  # questions answered at once
WAITERS = 200  # questions waiting; beyond it Gradio says that the service is busy
REMEMBERED = 8  # turns whose plans go with a question
KEPT = 100  # turns shown
NAMED = 3  # documents named in the scope line
LONGEST = 20_000  # characters that the box takes; what is too long for an answer is the assistant's to say
EMPTY_QUESTION = '<div class="bq-answer"><p class="bq-text">请先写下想问的内容，例如点一个上面的示例问题。</p></div>'


@dataclass
class Turn:
    """A question, its answer as shown, and what goes with the next question."""

    question: str
    html: str
    suggestions: list[Suggestion] = field(default_factory=list)
    plan: dict[str, Any] | None = None


def build_page(desk: Desk) -> gr.Blocks:
    """The page over one desk."""
    page = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with page:
        Navbar(main_page_name=CHAT)
        turns = gr.State([])
        head = gr.HTML(head_html(desk.documents()), elem_id="head", **PLAIN)
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="talk"):
                chat = gr.Chatbot(
                    elem_id="chat", show_label=False, label="对话", container=False, layout="bubble", latex_delimiters=[], buttons=[],
                    feedback_options=None, examples=_examples(desk), placeholder=welcome_html(desk), autoscroll=False,
                )  # fmt: skip
                with gr.Row(elem_id="ask-row"):
                    box = gr.Textbox(
                        elem_id="question", show_label=False, label="问题", container=False, lines=1, max_lines=5, autofocus=True,
                        placeholder="例如：三公经费是多少", max_length=LONGEST,
                    )  # fmt: skip
                    send = gr.Button("发送", variant="primary", elem_id="send")
                    clear = gr.Button("清空", elem_id="clear")
                gr.HTML(FOOT, elem_id="foot", **PLAIN)
            with gr.Column(elem_id="side"):
                panel = gr.HTML(EMPTY, elem_id="evidence", js_on_load=PANEL, apply_default_css=False)

        def asked(question: str, said: list[Turn]) -> Iterator[tuple]:
            yield from _asked(desk, question, said)

        def picked(said: list[Turn], event: gr.SelectData) -> Iterator[tuple]:
            value = event.value
            yield from _asked(desk, str(value["text"] if isinstance(value, dict) else value), said)

        shown: list[Any] = [box, chat, turns, panel, head]
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        asking: dict[str, Any] = {**quiet, "concurrency_limit": ASKERS, "concurrency_id": "ask", "trigger_mode": "once"}
        gr.on([box.submit, send.click], asked, [box, turns], shown, **asking)
        gr.on([chat.example_select, chat.option_select], picked, [turns], shown, **asking)
        clear.click(lambda: ([], [], EMPTY), None, [chat, turns, panel], queue=False, **quiet)
        panel.open(opening(desk), None, panel, concurrency_limit=ASKERS, **quiet)

        def loaded(request: gr.Request) -> tuple[Any, ...]:
            # A question in the address is put in the box; else the box is left to who may already be writing.
            asked_for = request.query_params.get("question", "")[:LONGEST]
            return *_loaded(desk), asked_for or gr.skip()

        page.load(loaded, None, [head, chat, box], queue=False, **quiet)
    page.queue(max_size=WAITERS, default_concurrency_limit=ASKERS, api_open=False)
    return page


# --- events --------------------------------------------------------------------------------------------------------
def _asked(desk: Desk, question: str, said: list[Turn]) -> Iterator[tuple]:
    """First the question with a line that it is being looked up, then the answer and its first source."""
    head = head_html(desk.documents())
    if not question.strip():
        turns = [*said, Turn("", EMPTY_QUESTION)]
        yield "", messages(turns), said, gr.skip(), head
        return
    waiting = [*said, Turn(question, WAITING)][-KEPT:]
    yield "", messages(waiting), waiting, gr.skip(), head
    try:
        answer = desk.ask(question, channel="page", previous=[t.plan for t in said if t.plan][-REMEMBERED:])
    except Exception:  # counted and logged by the desk; the page goes on
        waiting[-1] = Turn(question, FAILED)
        yield gr.skip(), messages(waiting), waiting, gr.skip(), head
        return
    turns = [*waiting[:-1], Turn(question, answer_html(answer), answer.suggestions, answer.plan)]
    yield gr.skip(), messages(turns), turns, _first_source(desk, answer), head


def _first_source(desk: Desk, answer: Answer) -> Any:
    return evidence(desk, Reference.of(answer.citations[0])) if answer.citations else gr.skip()


def _loaded(desk: Desk) -> tuple[str, Any]:
    """What may have changed since the page was built: documents come and go while the service runs."""
    return head_html(desk.documents()), gr.Chatbot(examples=_examples(desk), placeholder=welcome_html(desk))


# --- what is shown -------------------------------------------------------------------------------------------------
def messages(turns: list[Turn]) -> list[dict[str, Any]]:
    """The conversation for the Chatbot; only the last answer's suggestions can be clicked."""
    shown: list[dict[str, Any]] = []
    for turn in turns:
        if turn.question:
            shown.append({"role": "user", "content": gr.HTML(question_html(turn.question), **PLAIN)})
        shown.append({"role": "assistant", "content": gr.HTML(turn.html, **PLAIN)})
    if turns and turns[-1].suggestions:
        shown[-1]["options"] = [{"value": s.question, "label": s.text} for s in turns[-1].suggestions]
    return shown


def head_html(documents: list[DocumentInfo]) -> str:
    """Title, and which documents are asked."""
    names = [f"{info.department}　{info.year}年　{info.kind}" for info in documents]
    chips = "".join(f"<b>{escape(name)}</b>" for name in names[:NAMED])
    more = f"等 {len(names)} 份文件" if len(names) > NAMED else ""
    scope = f"正在查询{chips}{more}" if names else "还没有收录文件：请运营者用 budget-qa ingest 收录"
    return (
        f'<div class="bq-head"><h1>{TITLE}</h1><p>每个数字都来自公开的预算文件，点开就能看到原表。</p>'
        f'<div class="bq-scope" aria-label="正在查询的文件">{scope}</div></div>'
    )


def welcome_html(desk: Desk) -> str:
    if not desk.documents():
        return '<div class="bq-welcome">还没有收录文件。</div>'
    return '<div class="bq-welcome"><p>想了解这份预算的什么？可以直接提问，也可以从下面选一个问题开始。</p></div>'


def _examples(desk: Desk) -> list[ExampleMessage]:
    return [{"text": example.question, "display_text": example.text} for example in desk.examples.current()]


FOOT = (
    "回答只依据已收录的文件；文件里没有的会直接说明。"
    '程序可用<a href="api/docs" target="_blank" rel="noopener">接口</a>取得同样的回答。'
)
