"""What askers think of answers, as the store keeps it."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.settings import Settings
from index.sql import feedback
from index.sql.feedback import Feedback, candidates
from index.sql.store import Store
from tests.services import both


@both
def test_feedback_comes_back_as_it_was_given(store: Store) -> None:
    given = Feedback("总预算是多少", "1万元。", False, "<b>不对</b>\n'; DROP TABLE feedback; --", {"parts": []})
    identifier = store.add_feedback(given)
    (kept,) = store.feedback()
    assert (kept.question, kept.answer, kept.good, kept.remark, kept.plan) == (
        given.question, given.answer, given.good, given.remark, given.plan
    )  # fmt: skip
    assert kept.id == identifier
    assert kept.given_at


@both
def test_feedback_changes_nothing_that_answers_rest_on(store: Store) -> None:
    before = store.generation()
    store.add_feedback(Feedback("问", "答", True))
    assert (store.generation(), store.documents()) == (before, [])


@both
def test_feedback_written_at_once_is_all_kept(backend: Settings) -> None:
    stores = [Store.open(backend.store, backend.database_url) for _ in range(4)]
    with ThreadPoolExecutor(16) as pool:
        ids = list(pool.map(lambda n: stores[n % 4].add_feedback(Feedback(f"问{n}", "答", True)), range(200)))
    assert len(set(ids)) == 200
    assert {entry.question for entry in stores[0].feedback()} == {f"问{n}" for n in range(200)}


@both
def test_only_the_newest_are_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedback, "KEPT", 3)
    for number in range(5):
        store.add_feedback(Feedback(f"问{number}", "答", True))
    assert [entry.question for entry in store.feedback()] == ["问2", "问3", "问4"]


def test_store_is_opened_while_another_process_writes(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    with sqlite3.connect(tmp_path / "budget.sqlite", isolation_level=None) as connection:
        connection.execute("BEGIN IMMEDIATE")
        assert Store.open(tmp_path).feedback() == []


@both
def test_null_character_is_kept_as_a_sign_that_any_database_takes(store: Store) -> None:
    store.add_feedback(Feedback("问\0", "答", True))
    assert store.feedback()[0].question == "问\ufffd"


def test_candidates_have_what_a_question_is_made_of(store: Store) -> None:
    store.add_feedback(Feedback("总预算是多少", "1万元。", False, "不对"))
    assert list(candidates(store.feedback())) == [
        {"id": "feedback-1", "class": "candidate", "question": "总预算是多少", "remark": "不对", "good": False, "answer": "1万元。"}
    ]  # fmt: skip
