"""A store that an earlier version made is opened by this one, with all that it held.

`tests/data/store_schema4.sql` is such a store as text: two editions of a budget of an invented department, and an opinion. It is
never made anew: a store of a later schema gets a file of its own.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from assistant.answer import Assistant
from index.store import Store

DATA = Path(__file__).parents[1] / "data"
STORES = sorted(DATA.glob("store_schema*.sql"))


@pytest.fixture(params=STORES, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    connection = sqlite3.connect(tmp_path / "budget.sqlite")
    connection.executescript(request.param.read_text("utf-8"))
    connection.close()
    return tmp_path


def test_there_is_a_store_of_the_first_release() -> None:
    assert "store_schema4" in [path.stem for path in STORES]


def test_old_store_is_opened_with_all_that_it_held(old: Path) -> None:
    for _ in range(2):  # what was upgraded opens again
        store = Store.open(old)
        former, latest = sorted(store.documents(hidden=True), key=lambda info: info.superseded_by is None)
        assert (former.superseded_by, latest.supersedes) == (latest.id, (former.id,))
        assert [info.id for info in store.documents()] == [latest.id]
        assert (latest.department, latest.year, latest.file_name) == ("某市测试局", 2024, "预算.txt")
        assert latest.source_url == "https://example.test/2024.html"
        assert store.as_they_came([latest.id, former.id]) == [former.id, latest.id]
        assert store.original(latest.sha256)[1].decode().startswith("2024年\n某市测试局")  # type: ignore[index]
        assert store.parsed(former.id).tables[0].rows[1].cells[0] == "6.90"
        amounts = [str(fact.value) for fact in store.facts() if "教育支出" in fact.label and fact.source == "cell"]
        assert amounts == ["7.00", "4.00", "3.00"]
        assert store.chunk_keys()
        (opinion,) = store.feedback()
        assert (opinion.remark, opinion.plan, store.ever_used()) == ("要加上合计", {"parts": []}, True)
        store.close()


def test_old_store_is_answered_from_and_added_to(old: Path) -> None:
    store = Store.open(old)
    answer = Assistant(store, None).ask("教育支出是多少")
    assert (answer.value, answer.unit) == (7, "万元")
    generation = store.generation()
    store.remove(store.documents()[0].id)
    assert store.generation() > generation
    store.close()
