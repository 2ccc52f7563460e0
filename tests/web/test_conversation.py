"""A conversation kept, linked and asked again, over the shipped document."""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import parse_qs

import pytest

from assistant.answer import Assistant
from assistant.plan import Plan
from assistant.web.chat import conversation
from assistant.web.chat.conversation import SAVED, Question, Turn, again, answered, link, messages, saved, told
from assistant.web.service.desk import Desk
from index.search.embedding_model import load_embedding
from index.search.vectors import Vectors
from index.settings import Settings
from index.sql.store import Store

TAG = re.compile(r"<[^>]+>")


@pytest.fixture(scope="module")
def desk(indexed_settings: Settings) -> Desk:
    store = Store.open(indexed_settings.store, indexed_settings.database_url)
    vectors = Vectors.open(indexed_settings.store, load_embedding(indexed_settings))
    return Desk(store, vectors, Assistant(store, vectors), indexed_settings)


def ask(desk: Desk, *questions: str) -> list[Turn]:
    return again(desk, [Question(question=question) for question in questions])


def text(turn: Turn) -> str:
    return TAG.sub("", "".join(turn.html))


def test_what_was_kept_is_answered_as_before(desk: Desk) -> None:
    turns = ask(desk, "总预算是多少", "换成元", "三公经费呢")
    once_more = again(desk, told(json.loads(json.dumps(saved(turns)))))
    assert [turn.html for turn in once_more] == [turn.html for turn in turns]
    assert "81,248,500" in text(once_more[1])


def test_question_back_keeps_its_choices_in_words_once_its_buttons_are_gone(desk: Desk) -> None:
    turns = ask(desk, "数字政府那个项目多少钱", "总预算是多少")
    assert len(turns[0].suggestions) > 1

    def seen_first(count: int) -> list[bool]:
        first = unescape(TAG.sub("", messages(turns[:count])[1]["content"][0].value)).split("为什么这样回答")[0]
        return [s.question in first for s in turns[0].suggestions]

    assert not any(seen_first(1))
    assert all(seen_first(2))


def test_link_asks_what_the_question_leans_on_and_no_more(desk: Desk) -> None:
    turns = ask(desk, "公务接待费是多少", "总预算是多少", "换成元")
    assert parse_qs(link(turns)[1:]) == {"ask": ["总预算是多少", "换成元"]}
    assert parse_qs(link(turns[:2])[1:]) == {"ask": ["总预算是多少"]}


def test_link_names_the_documents_asked(desk: Desk) -> None:
    info = desk.documents()[0]
    turns = answered(desk, [], Question(question="总预算是多少", department=info.department, year=info.year))
    assert parse_qs(link(turns)[1:]) == {
        "ask": ["总预算是多少"],
        "department": [info.department],
        "year": [str(info.year)],
    }


def test_question_of_another_year_is_not_answered_from_this_one(desk: Desk) -> None:
    turns = answered(desk, [], Question(question="总预算是多少", year=1999))
    assert "8,124.85" not in text(turns[-1])


@pytest.mark.parametrize("kept", [
    None, 7, "turns", {"question": "x"}, [1, None, "x", {}], [{"question": 1}], [{"question": "x" * 30_000}], [{"question": "x", "year": "b"}],
])  # fmt: skip
def test_what_the_browser_made_up_is_left_out(kept: object) -> None:
    assert told(kept) == []


def test_kept_are_the_last_questions_of_a_length_that_fits(desk: Desk) -> None:
    turns = [Turn(Question(question=f"问{i}"), [""]) for i in range(40)] + [Turn(Question(question="长" * 5000), [""])]
    assert [kept["question"] for kept in saved(turns)] == [f"问{i}" for i in range(40 - SAVED, 40)]


def test_answer_that_fails_says_so_and_the_next_is_given(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    # Question by no other test: what is remembered is not answered anew.
    with monkeypatch.context() as patch:
        patch.setattr(desk.assistant, "ask", broken)
        turns = answered(desk, [], Question(question="总预算是多少呢"))
    assert "没能答出来" in text(turns[-1])
    assert "8,124.85" in text(answered(desk, turns, Question(question="总预算是多少呢"))[-1])


@pytest.mark.parametrize(
    "question", ["总预算是多少", "金额最大的三个项目是哪些", "什么是基本支出", "培训费比会议费多多少", "天气怎么样"]
)
def test_plan_beside_an_answer_is_its_plan(desk: Desk, question: str) -> None:
    """Though it leaves out what is empty."""
    (turn,) = ask(desk, question)
    carried = re.search(r' data-plan="([^"]*)"', turn.html[-1])
    assert carried is not None
    assert Plan.model_validate_json(unescape(carried[1])) == Plan.model_validate(turn.plan)


def test_nothing_is_exported_of_a_refusal(desk: Desk) -> None:
    refused, given = (turn.html[-1] for turn in ask(desk, "天气怎么样", "总预算是多少"))
    assert 'data-act="xlsx"' not in refused and 'data-act="good"' in refused
    assert 'data-act="xlsx"' in given


def test_more_turns_than_are_shown_push_out_the_first(desk: Desk) -> None:
    turns = [Turn(Question(question=f"问{i}"), [""]) for i in range(conversation.KEPT)]
    assert [t.asked.question for t in answered(desk, turns, Question(question=" "))][:2] == ["问1", "问2"]
