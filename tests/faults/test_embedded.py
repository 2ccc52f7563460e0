"""Faults of a service over SQLite and embedded Chroma, under a stream of questions. One service takes them all, in this order."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from chromadb.api.shared_system_client import SharedSystemClient

from assistant.operation.indexing import ingest_files
from index.errors import StoreError
from index.report import Report
from index.search.embedding_model import load_embedding
from index.search.vector_probe import FOLDER
from index.search.vectors import Vectors
from index.settings import Settings, get_settings
from index.sql.store import Store
from tests.conftest import budget_qa
from tests.disks import NO_DISK, fill, small_disk
from tests.faults.conftest import questions
from tests.faults.editions import Editions, seen
from tests.faults.killed_app import TEXT, App, budget
from tests.faults.record import record
from tests.faults.stream import Stream
from tests.waiting import until

MEGABYTES, LEFT = 160, 64 * 2**10  # of the small disk, and the bytes that are left on it when it is full
# What who hands files over is told when the service dies of it: while it writes, or before it has taken them.
TOLD = ("正在运行的服务没有响应", "另一个进程正在使用该数据目录")
WRITES = 0.8  # seconds that the service takes to write what is handed over, or somewhat more


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small disk of its own, where this user may mount one, else a folder."""
    folder = tmp_path_factory.mktemp("disk")
    with small_disk(folder, MEGABYTES):
        yield folder


@pytest.fixture(scope="module")
def app(disk: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A service with one document."""
    made = App(disk / "store")
    made.start()
    file = tmp_path_factory.mktemp("first") / "某市测试局.txt"
    file.write_text(budget(), "utf-8")
    assert handed_over(made, file).failed == []
    yield made
    if made.process.poll() is None:
        made.end()


def settings(app: App) -> Settings:
    return get_settings(store=app.store)


def handed_over(app: App, *paths: Path) -> Report:
    """What `budget-qa ingest` does while the service runs."""
    return ingest_files(paths, settings(app))


# --- files come ------------------------------------------------------------------------------------------------------
def test_two_ingests_at_once_are_both_done_and_their_texts_are_answered_from_at_once(app: App, folder: Path) -> None:
    for side in "甲乙":
        (folder / side).mkdir()
        for number in range(2):
            (folder / side / f"{number}.txt").write_text(budget(f"某市{side}{number}站"), "utf-8")
    with Stream(app.url, questions(app)) as stream, ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda side: handed_over(app, folder / side), "甲乙"))
        stream.all_right()
    stream.assert_never_wrong()
    assert [[file.status for file in report.files] for report in reports] == [["indexed"] * 2] * 2
    for file in (file for report in reports for file in report.files):
        answer = app.ask(TEXT, file.document or "")
        assert f"{(file.title or '')[5:10]}信息中心" in answer["answer"]
        assert answer["notes"] == []
    record("two ingests at once (embedded), while the page serves", 2, stream)


# --- the disk --------------------------------------------------------------------------------------------------------
def test_a_full_disk_fails_the_ingest_alone_and_leaves_no_trace(app: App, disk: Path, folder: Path) -> None:
    if not os.path.ismount(disk):
        pytest.skip(NO_DISK)
    for number in range(4):
        names = "".join(f"\n{n}号平台由某市{number}局第{n}科负责，供第{n}小学使用。\n" for n in range(40))
        (folder / f"{number}.txt").write_text(budget(f"某市{number}局") + names, "utf-8")
    before = app.documents()
    with Stream(app.url, questions(app)) as stream:
        ballast = fill(disk, LEFT)
        failed = handed_over(app, folder)
        stream.all_right()
        assert all(file.error and "\n" not in file.error for file in failed.files), failed
        assert all("磁盘空间" in (file.error or "") for file in failed.files), failed
        assert app.documents() == before
        ballast.unlink()
        assert handed_over(app, folder).failed == []
        stream.all_right()
    stream.assert_never_wrong()
    app.assert_no_traceback()
    assert len(app.documents()) == len(before) + 4
    record("disk full", 1, stream, errors=sorted({(file.error or "").partition("：")[2] for file in failed.files}))


# --- killed ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kills", [1, pytest.param(30, marks=pytest.mark.soak)])
def test_a_service_killed_while_it_ingests_leaves_whole_documents_and_the_same_answers(
    app: App, folder: Path, kills: int
) -> None:
    editions, random, left, store = Editions(folder), Random(kills), Counter[str](), Store.open(app.store)
    with Stream(app.url, questions(app)) as stream:
        for _ in range(kills):
            new, before = editions.next(), seen(store)
            told: list[object] = []
            handing = threading.Thread(target=lambda: told.append(_told(app, folder)))  # noqa: B023
            handing.start()
            until(lambda: seen(store) != before or not handing.is_alive())  # noqa: B023
            handing.join(random.uniform(0, WRITES))
            with stream.app_down():
                app.kill()
                handing.join()
                inside = len(set(new) & _inside(app, editions))
                left[f"{inside} of {len(new)} in"] += 1
                app.start()
            assert told == [[]] or any(line in str(told[0]) for line in TOLD), told
            stream.all_right()
        new = editions.next()
        assert handed_over(app, folder).failed == []
    stream.assert_never_wrong()
    app.assert_no_traceback()
    store.close()
    record("service killed while it ingests (embedded)", kills, stream, left=dict(left))


def _told(app: App, folder: Path) -> object:
    try:
        return handed_over(app, folder).failed
    except StoreError as error:
        return str(error)


def _inside(app: App, editions: Editions) -> set[str]:
    """What lies in the stores of a service that is dead."""
    SharedSystemClient.clear_system_cache()  # Chroma would show what it saw the last time
    store = Store.open(app.store)
    try:
        return editions.assert_whole(store, Vectors.open(app.store, load_embedding(get_settings())))
    finally:
        store.close()
        SharedSystemClient.clear_system_cache()


# --- damaged ---------------------------------------------------------------------------------------------------------
@pytest.mark.soak
def test_damaged_vectors_are_told_and_rebuilt(app: App) -> None:
    with Stream(app.url, questions(app)) as stream:
        with stream.app_down():
            assert app.end() == 0
            (app.store / FOLDER / "chroma.sqlite3").write_bytes(b"no database at all " * 1000)
            app.start()
        stream.sees("by words")
        stream.all_answered()
        assert "请停止服务后运行 budget-qa rebuild 重建" in app.log
        with stream.app_down():
            assert app.end() == 0
            assert budget_qa("rebuild", "--store", str(app.store)).returncode == 0
            app.start()
        stream.all_right()
    stream.assert_never_wrong()
    app.assert_no_traceback()
    record("vector directory corrupted, then rebuilt", 1, stream)


@pytest.mark.soak
def test_a_service_killed_under_questions_answers_the_same_again(app: App) -> None:
    with Stream(app.url, questions(app)) as stream:
        for _ in range(5):
            with stream.app_down():
                app.kill()
                app.start()
            stream.all_right()
    stream.assert_never_wrong()
    app.assert_no_traceback()
    record("service killed", 5, stream)


# --- asked to end ----------------------------------------------------------------------------------------------------
def test_a_service_that_is_asked_to_end_answers_what_was_asked_before(app: App) -> None:
    """The last one: afterwards there is no service."""
    with Stream(app.url, questions(app)) as stream:
        asked = time.monotonic()
        with stream.app_down():
            app.process.send_signal(signal.SIGTERM)
            assert app.process.wait(60) == 0
            took = time.monotonic() - asked
            stream.sees("not connected")
    stream.assert_never_wrong()
    assert {r.outcome for r in stream.replies if r.began < asked} == {"right"}
    assert {r.outcome for r in stream.replies if r.began > asked} <= {"right", "told to wait", "not connected"}
    app.assert_no_traceback()
    record("SIGTERM", 1, stream, seconds_to_exit=round(took, 2))
