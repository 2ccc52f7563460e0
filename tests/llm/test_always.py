"""A model that is always asked never overrules what is sure: where it reads otherwise, both readings are offered."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from assistant.answer import Assistant
from assistant.contract import Answer
from assistant.llm.model import LanguageModel
from index.settings import get_settings
from index.sql.store import Store
from tests.assistant.conftest import add_document, office
from tests.llm.scripted import ScriptedServer, plan, value

Asked = Callable[[str], Answer]


@pytest.fixture(scope="module")
def always(endpoint: ScriptedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    store = Store.open(tmp_path_factory.mktemp("always"))
    add_document(store, office(), b"office", "档案.txt")
    model = LanguageModel(get_settings(llm_base_url=endpoint.url, llm_model="m", llm_understanding="always"))
    yield Assistant(store, None, model=model)
    model.close()
    store.close()


def test_where_both_agree_the_local_answer_stands(always: Assistant, endpoint: ScriptedServer) -> None:
    endpoint.script = lambda exchange: exchange.say(plan(value("奖金")))
    answer = always.ask("奖金是多少")
    assert answer.mode == "local" and answer.llm is not None and answer.llm.calls == 1
    assert "llm" not in {note.code for note in answer.notes}


def test_where_they_differ_both_are_offered(always: Assistant, endpoint: ScriptedServer) -> None:
    endpoint.script = lambda exchange: exchange.say(plan(value("水费")))
    answer = always.ask("奖金多少钱")
    assert answer.reason == "ambiguous" and answer.value is None
    assert [s.question for s in answer.suggestions][:2] == ["奖金是多少", "水费是多少"]


def test_what_starts_the_service_asks_no_model(always: Assistant, endpoint: ScriptedServer) -> None:
    seen = len(endpoint.seen)
    always.ask("总预算是多少", alone=True)
    assert len(endpoint.seen) == seen
