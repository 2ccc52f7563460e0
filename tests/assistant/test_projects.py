"""Projects by what people call them: by words here; by meaning too, over the shipped document, with the real model."""

from __future__ import annotations

import pytest

from assistant.answer import Assistant
from assistant.words.projects import ProjectFinder
from index.search.embedding_model import load_embedding
from index.search.vectors import Vectors
from index.settings import Settings
from index.sql.store import Store

SURE = 0.6


@pytest.fixture(scope="module")
def by_words(office_assistant: Assistant) -> ProjectFinder:
    return office_assistant.state().planner.finder


@pytest.fixture(scope="module")
def by_meaning(indexed_settings: Settings) -> ProjectFinder:
    store = Store.open(indexed_settings.store)
    vectors = Vectors.open(indexed_settings.store, load_embedding(indexed_settings))
    return Assistant(store, vectors).state().planner.finder


def best(finder: ProjectFinder, *stretches: str) -> str | None:
    matches = finder.described(stretches)
    return matches[0].name if matches and matches[0].score >= SURE else None


@pytest.mark.parametrize(
    ("stretches", "name"),
    [
        (("库房改造",), "库房改造项目"),
        (("改造库房",), "库房改造项目"),
        (("缩微",), "缩微拍摄项目"),
        (("档案馆", "展厅"), "展厅维护项目"),
        (("食堂改造工程",), None),
        (("库房拍摄项目",), None),
        (("无人机",), None),
        (("",), None),
    ],
)
def test_words(by_words, stretches, name):
    assert best(by_words, *stretches) == name


def test_projects_that_speak_of_a_topic(by_words):
    assert by_words.speaking_of(["库房"]) == ["库房改造项目"]
    assert by_words.speaking_of(["三间"]) == ["库房改造项目"]
    assert by_words.speaking_of(["三间"], "name") == []
    assert by_words.speaking_of(["飞船"]) == []


def test_a_description_in_other_words_is_found_by_meaning(by_meaning):
    found = best(by_meaning, "给评标专家发的钱")
    assert found is not None
    assert "评审" in found


@pytest.mark.parametrize("description", ["幼儿园建设", "扶贫产业园", "地铁隧道", "足球比赛奖金"])
def test_what_no_project_is_about_is_not_found_by_meaning(by_meaning, description):
    assert best(by_meaning, description) is None
