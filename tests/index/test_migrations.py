"""Stores of every earlier version, as the programs of their time wrote them, come to this version without loss.

`stores/` holds them as text, of an invented department; none is ever made anew. `editions_4.sql` is of the first release: two editions of
a budget, and an opinion.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine, text

from assistant.answer import Assistant
from index.errors import StoreError
from index.settings import Settings
from index.sql.database import MIGRATIONS, VERSION
from index.sql.feedback import Feedback
from index.sql.schema import Words, metadata
from index.sql.store import Standing, Store
from tests.services import both

FOLDER = Path(__file__).parent / "stores"
STORES = sorted(FOLDER.glob("version_*.sql"))
OTHER = "0" * 16
ROOT = Path(__file__).parents[2]


def opened(backend: Settings) -> Store:
    return Store.open(backend.store, backend.database_url)


def url(backend: Settings) -> str:
    backend.store.mkdir(exist_ok=True)
    return backend.database_url or f"sqlite:///{backend.store / 'budget.sqlite'}"


def put_back(backend: Settings, path: Path) -> None:
    """A store as a program of before left it. For PostgreSQL the rows of SQLite go into the tables of that version."""
    if backend.database_url is None:
        with sqlite3.connect(url(backend).removeprefix("sqlite:///")) as connection:
            connection.executescript(path.read_text("utf-8"))
        return
    old = create_engine("sqlite://")
    with old.connect() as source, create_engine(url(backend)).begin() as target:
        source.connection.executescript(path.read_text("utf-8"))  # type: ignore[attr-defined]
        config = Config(attributes={"connection": target})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, f"000{path.stem[-1]}")
        target.execute(text("DROP TABLE alembic_version"))
        there = MetaData()
        there.reflect(target)
        for table in there.sorted_tables:
            rows = source.execute(text(f"SELECT * FROM {table.name}")).mappings().all()
            jsons = [column.name for column in table.columns if str(column.type) == "JSON"]
            if rows:
                target.execute(table.insert(), [{**row, **{n: json.loads(row[n]) for n in jsons}} for row in rows])
            if rows and "id" in rows[0] and isinstance(rows[0]["id"], int):
                target.execute(text(f"SELECT setval('{table.name}_id_seq', {len(rows)})"))


@both
@pytest.mark.parametrize("path", STORES, ids=lambda path: path.stem)
def test_a_store_of_an_earlier_version_loses_nothing(backend: Settings, path: Path) -> None:
    put_back(backend, path)
    store = opened(backend)
    (info,) = store.documents()
    assert (info.file_name, info.department, info.year) == ("甲.txt", "某市测试局", 2024)
    assert store.original(info.sha256)[1].decode().startswith("2024年\n某市测试局部门预算")  # type: ignore[index]
    amounts = ["100.00", "70.00", "30.00", "80.00", "50.00", "30.00", "20.00", "20.00", "0.00"]
    assert [fact.value for fact in store.facts()] == list(map(Decimal, amounts))
    assert store.facts(codes=["205"])[0].path == ("教育支出",)
    assert [chunk.kind for chunk in store.chunks()] == ["paragraph", "row", "row", "row"]
    assert [row.label for row in store.parsed(info.id).tables[0].rows] == ["合计", "一般公共服务支出", "教育支出"]
    assert (store.generation(), store.ever_used()) == (1, True)
    assert len(store.identity()) == 32


@both
@pytest.mark.parametrize("path", STORES, ids=lambda path: path.stem)
def test_a_store_of_an_earlier_version_takes_all_that_a_new_one_does(backend: Settings, path: Path) -> None:
    put_back(backend, path)
    store = opened(backend)
    (info,) = store.documents()
    own = (
        [replace(fact, document=OTHER) for fact in store.facts()],
        [replace(c, document=OTHER) for c in store.chunks()],
    )
    store.add(store.parsed(info.id), OTHER, "乙.txt", b"x", *own)
    assert (len(store.facts()), len(store.chunks())) == (18, 8)
    store.set_source_url(info.sha256, "https://example.test/a")
    store.place(info.id, Standing(repeats=OTHER), [], [])
    store.add_feedback(Feedback("问", "答", True))
    assert [(i.id, i.source_url) for i in store.documents(hidden=True)] == [
        (info.id, "https://example.test/a"),
        (OTHER, None),
    ]
    assert (len(store.facts()), len(store.chunks()), len(store.feedback())) == (9, 4, 1)


@pytest.fixture
def first_release(tmp_path: Path) -> Settings:
    """A store in SQLite, which was then the only database."""
    settings = Settings(store=tmp_path)
    put_back(settings, FOLDER / "editions_4.sql")
    return settings


def test_a_store_of_the_first_release_is_opened_with_all_that_it_held(first_release: Settings) -> None:
    for _ in range(2):  # what was upgraded opens again
        store = opened(first_release)
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


def test_a_store_of_the_first_release_is_answered_from_and_added_to(first_release: Settings) -> None:
    store = opened(first_release)
    answer = Assistant(store, None).ask("教育支出是多少")
    assert (answer.value, answer.unit) == (7, "万元")
    generation = store.generation()
    store.remove(store.documents()[0].id)
    assert store.generation() > generation
    store.close()


def other_type(context: MigrationContext, _column: object, _named: object, there: Any, named: Any) -> bool:
    wanted = 'TEXT COLLATE "C"' if isinstance(named, Words) else named.compile(context.dialect)
    return bool(there.compile(context.dialect) != wanted)


@both
def test_new_tables_are_those_that_the_program_names(backend: Settings) -> None:
    opened(backend).close()
    with create_engine(url(backend)).connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": other_type if backend.on_servers else False}
        )
        differences = compare_metadata(context, metadata)
    # The indexes stand in the migrations alone, since the two databases have not the same.
    assert [d for d in differences if d[0] != "remove_index"] == []


def test_the_version_is_that_of_the_last_migration() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [VERSION]


@both
def test_a_store_that_is_up_to_date_is_opened_without_alembic_and_without_writing(backend: Settings) -> None:
    opened(backend).close()
    script = (
        "import sys; from pathlib import Path; from index.sql.store import Store\n"
        "Store.open(Path(sys.argv[1]), sys.argv[2])\n"
        "assert 'alembic' not in sys.modules"
    )
    with create_engine(url(backend)).connect() as connection:
        connection.exec_driver_sql("UPDATE meta SET value = value")  # holds what a writer would wait for
        done = subprocess.run(
            [sys.executable, "-c", script, str(backend.store), url(backend)], cwd=ROOT, timeout=60, check=False
        )
    assert done.returncode == 0


@both
@pytest.mark.parametrize("stamped", [True, False])
def test_a_store_of_a_newer_version_is_refused(backend: Settings, stamped: bool) -> None:
    opened(backend).close()
    with create_engine(url(backend)).begin() as connection:
        if stamped:
            connection.execute(text("UPDATE alembic_version SET version_num = '0099'"))
        else:
            connection.execute(text("DROP TABLE alembic_version"))
            connection.execute(text("UPDATE meta SET value = '99' WHERE key = 'schema'"))
    with pytest.raises(StoreError, match=f"第99版，本程序使用第{int(VERSION)}版；请") as caught:
        opened(backend)
    assert "\n" not in str(caught.value)


def test_a_program_from_before_alembic_refuses_the_store(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    with sqlite3.connect(tmp_path / "budget.sqlite") as connection:
        noted = connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
    assert noted == ("6",)  # it knows 5 at most, and compares


OPENING = """
import sys
from pathlib import Path
from index.sql.store import Store
sys.stdin.readline()
store = Store.open(Path(sys.argv[1]), sys.argv[2])
print(store.identity(), len(store.facts()))
"""


@both
@pytest.mark.parametrize("path", [None, STORES[0]], ids=["new", "old"])
def test_processes_that_open_a_store_at_once_migrate_it_once(backend: Settings, path: Path | None) -> None:
    if path is not None:
        put_back(backend, path)
    command = [sys.executable, "-c", OPENING, str(backend.store), url(backend)]
    processes = [
        subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    for process in processes:
        process.stdin.write("\n")  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
    told = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], told
    assert len({out for out, _ in told}) == 1


def test_a_store_that_another_is_just_making_is_waited_for(tmp_path: Path) -> None:
    making = sqlite3.connect(tmp_path / "budget.sqlite", isolation_level=None, check_same_thread=False)
    making.execute("BEGIN EXCLUSIVE")
    made = Timer(0.5, making.commit)
    made.start()
    Store.open(tmp_path).close()
    made.join()
    making.close()


@both
def test_a_migration_that_fails_leaves_the_store_as_it_was(backend: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    put_back(backend, STORES[0])
    with create_engine(url(backend)).begin() as connection:  # what the last migration is to make is there already
        connection.execute(text("CREATE INDEX chunks_by_kind ON chunks (kind)"))
    with pytest.raises(StoreError, match="chunks_by_kind"):
        opened(backend)
    with create_engine(url(backend)).begin() as connection:
        assert connection.execute(text("SELECT value FROM meta WHERE key = 'schema'")).scalar() == "1"
        connection.execute(text("DROP INDEX chunks_by_kind"))
    assert len(opened(backend).facts()) == 9
