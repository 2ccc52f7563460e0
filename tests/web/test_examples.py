"""Example questions come from the documents, and only those that are answered out of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from assistant.budgets.library import Library
from assistant.contract import Answer, Citation, Note
from assistant.web.service.examples import MOST, Examples, candidates
from index.settings import Settings
from index.sql.store import Store


@dataclass
class Answering:
    """An assistant that answers with a citation of a document, refuses, or raises, by the question."""

    store: Store
    of: Callable[[str], str | None]
    notes: list[Note] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def library(self) -> Library:
        return Library(self.store.generation(), self.store.documents())

    def ask(self, question: str, *, alone: bool = False) -> Answer:
        self.asked.append(question)
        document = self.of(question)
        cited = {
            "id": "c1",
            "kind": "passage",
            "document": document,
            "department": "",
            "year": 2024,
            "text": "",
            "place": {},
        }
        citations = [Citation.model_validate(cited)] if document else []
        return Answer(question=question, answer="", refused=document is None, citations=citations, notes=self.notes)


def store_of(settings: Settings) -> Store:
    return Store.open(settings.store, settings.database_url)


def test_each_kind_gives_one_question_in_the_documents_words(indexed_settings: Settings) -> None:
    store = store_of(indexed_settings)
    document = store.documents()[0].id
    examples = Examples(store, Answering(store, lambda _: document)).current()  # type: ignore[arg-type]
    questions = [example.question for example in examples]
    assert len(questions) == MOST
    assert len(set(questions)) == MOST
    labels = {fact.name for fact in store.facts()}
    assert any(name in question for question in questions for name in labels if len(name) > 4)


def test_refused_candidates_give_way_to_the_next(indexed_settings: Settings) -> None:
    store = store_of(indexed_settings)
    info = store.documents()[0]
    shares = next(kind for kind in candidates(store, info) if kind and "百分之几" in kind[0])
    assistant = Answering(store, lambda question: None if shares[0] in question else info.id)
    questions = [example.question for example in Examples(store, assistant).current()]  # type: ignore[arg-type]
    assert shares[1] in questions
    assert shares[0] not in questions


def test_answer_out_of_another_document_is_no_example(indexed_settings: Settings) -> None:
    store = store_of(indexed_settings)
    assert Examples(store, Answering(store, lambda _: "another")).current() == []  # type: ignore[arg-type]


def test_stopped_answer_is_no_example_and_no_error(
    indexed_settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody asked, so an operator is told of no error."""
    store = store_of(indexed_settings)
    assistant = Answering(store, lambda _: None, notes=[Note(code="unverified", text="没有出处的数：1")])
    with caplog.at_level("INFO"):
        assert Examples(store, assistant).current() == []  # type: ignore[arg-type]
    told = [record.levelname for record in caplog.records if "没有出处的数：1" in record.getMessage()]
    assert len(told) == len(assistant.asked) and set(told) == {"INFO"}


def test_error_is_no_example(indexed_settings: Settings) -> None:
    def fail(_: str) -> str:
        raise ValueError

    store = store_of(indexed_settings)
    assert Examples(store, Answering(store, fail)).current() == []  # type: ignore[arg-type]


def test_examples_are_made_once_for_a_state_of_the_store(indexed_settings: Settings) -> None:
    store = store_of(indexed_settings)
    assistant = Answering(store, lambda _: store.documents()[0].id)
    examples = Examples(store, assistant)  # type: ignore[arg-type]
    examples.current()
    asked = len(assistant.asked)
    examples.current()
    assert len(assistant.asked) == asked
