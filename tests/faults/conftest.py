"""Services that faults befall, over both kinds of stores, one for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.settings import Settings, get_settings
from tests.conftest import budget_qa
from tests.faults.killed_app import FIGURE, SHARE, TERM, TEXT, App, budget
from tests.faults.stream import Question
from tests.services import Chroma, PostgreSQL, environment


def questions(app: App) -> list[Question]:
    """About the first document of a service, which no test changes."""
    (first,) = [document["id"] for document in app.documents() if document["department"] == "某市测试局"]
    return [
        Question(FIGURE, (first,), 7.0), Question(TEXT, (first,)), Question(SHARE, (first,), 44.44), Question(TERM, (first,)),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def on_servers(tmp_path_factory: pytest.TempPathFactory, postgresql: PostgreSQL, chroma: Chroma) -> Settings:
    folder = tmp_path_factory.mktemp("servers") / "store"
    return get_settings(store=folder, database_url=postgresql.database(), chroma_url=chroma.url)


@pytest.fixture(scope="module")
def replica(on_servers: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A service over PostgreSQL and a Chroma server with one document."""
    file = tmp_path_factory.mktemp("first") / "某市测试局.txt"
    file.write_text(budget(), "utf-8")
    app = App(on_servers.store, environment(on_servers))
    done = budget_qa("ingest", str(file), "--store", str(app.store), **app.environment)
    assert done.returncode == 0, done.stderr
    app.start()
    yield app
    if app.process.poll() is None:
        app.end()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """For files that are indexed."""
    made = tmp_path / "文件"
    made.mkdir()
    return made
