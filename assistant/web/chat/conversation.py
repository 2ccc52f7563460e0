"""The turns of one conversation: asked, shown, kept in the browser and asked again. In: questions with their scope, over a Desk.
Out: turns, and messages for the Chatbot.

What the browser keeps are questions alone: on its next visit they are answered anew, so that what is shown is what the documents
say now, and nothing that comes back from a browser is shown as an answer.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import Any
from urllib.parse import urlencode

import gradio as gr
from gradio.components.plot import PlotData
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.budgets.library import Scope
from assistant.contract import Answer, Suggestion
from assistant.turns import REMEMBERED
from assistant.web.chat.answer_actions import actions_html
from assistant.web.chat.answer_chart import chart_of
from assistant.web.chat.answer_html import FAILED, WAITING, answer_html, parted_html, question_html
from assistant.web.pages.frame import PLAIN
from assistant.web.service.desk import Desk

log = logging.getLogger(__name__)
KEPT = 100  # turns shown
SAVED = 12  # turns that the browser keeps: all are asked again when the page is opened
LONGEST = 20_000  # characters that the box takes; what is too long for an answer is the assistant's to say
LONGEST_SAVED = 600  # characters of a question that is kept
EMPTY_QUESTION = '<div class="bq-answer"><p class="bq-text">请先写下想问的内容，例如点一个上面的示例问题。</p></div>'

TURNED_AWAY = '<div class="bq-answer"><p class="bq-text">{why}。</p></div>'


class Question(BaseModel):
    """A question, and of which department and year; empty for any. Comes back from the browser: nothing in it is trusted."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    question: str = Field(max_length=LONGEST)
    department: str = Field("", max_length=200)
    year: int | None = None

    def scope(self) -> Scope | None:
        """Which documents it is about; None for all."""
        return Scope(department=self.department or None, year=self.year) if self.department or self.year else None


@dataclass
class Turn:
    """A question, its answer as shown, and what goes with the next question."""

    asked: Question
    html: Sequence[str]  # a chart, where there is one, stands after the first
    suggestions: list[Suggestion] = field(default_factory=list)
    plan: dict[str, Any] | None = None
    chart: PlotData | None = None
    first: Any = None  # its first citation, opened at once
    answer: Answer | None = None
    actions: str = ""  # the row of what can be done with the answer

    @cached_property
    def followed(self) -> Sequence[str]:
        """What is shown once another turn follows: of a question back, whose buttons go, its choices in words."""
        if self.answer is None or self.answer.reason != "ambiguous":
            return self.html
        return [answer_html(self.answer, self.actions, choices=True)]

    @property
    def leans(self) -> bool:
        """Whether it cannot be asked without the turns before it."""
        return bool(self.plan and self.plan.get("leans"))


def waiting(said: Sequence[Turn], asked: Question) -> list[Turn]:
    """The turns with a question whose answer is being made."""
    return [*said, Turn(asked, [WAITING])][-KEPT:]


def turned_away(said: Sequence[Turn], asked: Question, why: str) -> list[Turn]:
    """Shown once, and not kept: the question may be asked again."""
    return [*said, Turn(asked, [TURNED_AWAY.format(why=escape(why))])][-KEPT:]


def answered(desk: Desk, said: Sequence[Turn], asked: Question) -> list[Turn]:
    """The turns with one more, whatever becomes of it."""
    if not asked.question.strip():
        return [*said, Turn(asked, [EMPTY_QUESTION])][-KEPT:]
    plans = [turn.plan for turn in said if turn.plan][-REMEMBERED:]
    try:
        answer = desk.ask(asked.question, channel="page", scope=asked.scope(), previous=plans)
    except Exception:  # counted and logged by the desk; the page goes on
        return [*said, Turn(asked, [FAILED])][-KEPT:]
    return [*said, _turn(said, asked, answer)][-KEPT:]


def worded(desk: Desk, turns: Sequence[Turn]) -> list[Turn] | None:
    """The turns with prose beside the last answer; None where there is none to add. Takes as long as a language model does."""
    last = turns[-1] if turns else None
    if last is None or last.answer is None:
        return None
    try:
        answer = desk.word(last.answer)
    except Exception:  # the answer stands without it
        log.exception("no prose for %r", last.asked.question[:200])
        return None
    return [*turns[:-1], _turn(turns[:-1], last.asked, answer)] if answer.prose is not None else None


def _turn(said: Sequence[Turn], asked: Question, answer: Answer) -> Turn:
    turn = Turn(
        asked, [], answer.suggestions, answer.plan, chart_of(answer), next(iter(answer.citations), None), answer
    )
    turn.actions = actions_html(answer, asked.department, asked.year, link([*said, turn]))
    turn.html = [answer_html(answer, turn.actions)] if turn.chart is None else parted_html(answer, turn.actions)
    return turn


def link(turns: Sequence[Turn]) -> str:
    """The address that asks the last question again, after those it leans on."""
    chain = [turns[-1]]
    for turn in reversed(turns[:-1]):
        if not chain[0].leans:
            break
        chain.insert(0, turn)
    asked = [turn.asked for turn in chain if turn.asked.question]
    scope = {"department": asked[-1].department, "year": asked[-1].year}
    return "?" + urlencode([*(("ask", a.question) for a in asked), *((k, v) for k, v in scope.items() if v)])


# --- kept in the browser, or come with an address ------------------------------------------------------------------
def saved(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """What the browser is to keep of a conversation."""
    asked = [turn.asked for turn in turns if 0 < len(turn.asked.question) <= LONGEST_SAVED]
    return [a.model_dump(exclude_defaults=True) for a in asked[-SAVED:]]


def told(kept: Any) -> list[Question]:
    """The questions that the browser kept; what is none of ours is left out."""
    found = []
    for entry in kept if isinstance(kept, list) else []:
        try:
            found.append(Question.model_validate(entry))
        except ValidationError:
            continue
    return found[-SAVED:]


def again(desk: Desk, questions: Sequence[Question]) -> list[Turn]:
    """A conversation asked once more, from its first question on."""
    turns: list[Turn] = []
    for asked in questions:
        turns = answered(desk, turns, asked)
    return turns


# --- what is shown -------------------------------------------------------------------------------------------------
def messages(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """The conversation for the Chatbot; only the last answer's suggestions can be clicked."""
    shown: list[dict[str, Any]] = []
    for index, turn in enumerate(turns, 1):
        if turn.asked.question:
            shown.append({"role": "user", "content": gr.HTML(question_html(turn.asked.question), **PLAIN)})
        shown.append({"role": "assistant", "content": list(_content(turn, index == len(turns)))})
    if turns and turns[-1].suggestions:
        shown[-1]["options"] = [{"value": s.question, "label": s.text} for s in turns[-1].suggestions]
    return shown


def _content(turn: Turn, last: bool) -> Iterator[Any]:
    first, *rest = turn.html if last else turn.followed
    yield gr.HTML(first, **PLAIN)
    if turn.chart is not None:
        yield gr.Plot(turn.chart, show_label=False, container=False)
    yield from (gr.HTML(html, **PLAIN) for html in rest)
