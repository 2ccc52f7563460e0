"""Answers that are remembered, and whether questions can be answered, over a store of its own."""

from __future__ import annotations

import asyncio
import gc
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import app
from assistant.answer import Assistant
from assistant.contract import Answer, Note, Spent
from assistant.web.service.desk import Desk
from assistant.web.service.readiness import Readiness
from assistant.web.service.remembered import Remembered, key_of
from index.search.embedding_model import load_embedding
from index.search.vectors import Vectors
from index.settings import Settings, get_settings
from index.sql.store import Store
from tests.web.test_serve import SECOND

QUESTION = "总预算是多少"
TOKENS = {"calls": 1, "prompt_tokens": 1, "completion_tokens": 1, "ms": 1.0}


@pytest.fixture
def desk(tmp_path: Path, indexed_settings: Settings) -> Desk:
    settings = get_settings(store=shutil.copytree(indexed_settings.store, tmp_path / "store"))
    store = Store.open(settings.store, settings.database_url)
    vectors = Vectors.open(settings.store, load_embedding(settings))
    return Desk(store, vectors, Assistant(store, vectors), settings)


def remembered(desk: Desk) -> float:
    line = next(
        x for x in desk.metrics.text().decode().splitlines() if x.startswith("budget_qa_remembered_answers_total")
    )
    return float(line.split()[-1])


def same(one: Answer, other: Answer) -> bool:
    return one.model_dump(exclude={"elapsed_ms"}) == other.model_dump(exclude={"elapsed_ms"})


def test_the_same_question_is_answered_from_memory_until_the_documents_change(desk: Desk, tmp_path: Path) -> None:
    first = desk.ask(QUESTION, channel="api")
    again = desk.ask(QUESTION, channel="page")
    assert same(first, again)
    assert remembered(desk) == 1
    follow = desk.ask("换成元", channel="api", previous=[first.plan])
    assert not same(follow, desk.ask("换成元", channel="api"))
    assert remembered(desk) == 1

    (tmp_path / "临江市水文站2023年预算.txt").write_text(SECOND, "utf-8")
    desk.ingest([str(tmp_path / "临江市水文站2023年预算.txt")])
    assert "321.09" in desk.ask(QUESTION, channel="api").answer
    assert remembered(desk) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(question="问", answer="答", notes=[Note(code="unverified", text="")]),
        Answer(question="问", answer="答", llm=Spent(**TOKENS)),
        Answer(question="问", answer="答", llm=Spent(**TOKENS, failure="timeout")),
    ],
)
def test_what_may_be_better_the_next_time_is_not_remembered(answer: Answer) -> None:
    memory, key = Remembered(10), key_of(1, "问", None, [])
    memory.keep(key, answer)
    assert memory.get(key) is None


def test_memory_is_bounded_and_can_be_off() -> None:
    answer = Answer(question="问", answer="答")
    memory, none = Remembered(2), Remembered(0)
    for n in range(3):
        memory.keep(key_of(1, str(n), None, []), answer)
        none.keep(key_of(1, str(n), None, []), answer)
    assert [memory.get(key_of(1, str(n), None, [])) is None for n in range(3)] == [True, False, False]
    assert none.get(key_of(1, "2", None, [])) is None


def test_readiness_is_found_once_for_many_who_ask(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, ask = [], desk.assistant.ask
    monkeypatch.setattr(desk.assistant, "ask", lambda *args, **kwargs: (asked.append(args), ask(*args, **kwargs))[1])
    readiness = Readiness(desk)
    assert {readiness.verdict().documents for _ in range(20)} == {1}
    assert len(asked) == 1
    desk.gate.closed = True
    assert "正在停止" in readiness.verdict().problem


def test_the_page_is_built_without_leaving_an_event_loop_to_the_interpreters_end(desk: Desk) -> None:
    def left() -> list[asyncio.AbstractEventLoop]:
        gc.collect()
        return [one for one in gc.get_objects() if isinstance(one, asyncio.BaseEventLoop) and not one.is_closed()]

    before = left()
    with ThreadPoolExecutor(1) as pool:  # a thread has no loop of its own, whatever runs in this one
        pool.submit(app.build, desk).result()
    assert [loop for loop in left() if loop not in before] == []
