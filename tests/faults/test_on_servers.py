"""Faults of a service over PostgreSQL and a Chroma server, under a stream of questions."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random

import httpx
import pytest

from index.search.embedding_model import load_embedding
from index.search.vectors import Vectors
from index.settings import Settings, get_settings
from index.sql.store import Store
from tests.conftest import ROOT
from tests.faults.conftest import questions
from tests.faults.editions import Editions, seen
from tests.faults.killed_app import TEXT, App, budget
from tests.faults.record import record
from tests.faults.stream import PATIENCE, Stream
from tests.services import Chroma, PostgreSQL
from tests.waiting import until

WRITES = 1.2  # seconds that an ingester takes to write its files, or somewhat more


def test_chroma_hangs_stops_and_comes_back_and_the_service_starts_without_it(replica: App, chroma: Chroma) -> None:
    with Stream(replica.url, questions(replica)) as stream:
        assert chroma.process is not None
        chroma.process.send_signal(signal.SIGSTOP)
        try:
            stream.sees("by words")
            stream.all_answered()
            chroma.stop()
            stream.sees("by words")
            stream.all_answered()
            with stream.app_down():
                assert replica.end() == 0
                replica.start()
            stream.sees("by words")
            stream.all_answered()
        finally:
            chroma.stop()
            chroma.start()
        stream.all_right()
    stream.assert_never_wrong()
    replica.assert_no_traceback()
    assert "文字暂按字词查找，服务好了自动接上" in replica.log
    assert "vector search failed, BM25 answers alone" in replica.log
    assert "vector search works again" in replica.log
    record("Chroma server hung, stopped and restarted, the service started while it was down", 1, stream)


def test_postgresql_stops_and_comes_back(replica: App, postgresql: PostgreSQL) -> None:
    with Stream(replica.url, questions(replica)) as stream:
        postgresql.stop()
        try:
            stream.sees("told to wait")
            assert httpx.get(f"{replica.url}/healthz", trust_env=False).status_code == 200
            assert httpx.get(f"{replica.url}/metrics", trust_env=False, timeout=60).status_code == 200
            until(lambda: httpx.get(f"{replica.url}/readyz", trust_env=False, timeout=60).status_code == 503)
        finally:
            postgresql.start()
        stream.all_answered()
        until(lambda: httpx.get(f"{replica.url}/readyz", trust_env=False, timeout=60).status_code == 200)
    stream.assert_never_wrong()
    replica.assert_no_traceback()
    assert "请检查数据库服务后重试" in replica.log
    record("PostgreSQL stopped and restarted", 1, stream)


@pytest.mark.soak
def test_two_ingesters_at_once_both_get_everything_in(replica: App, folder: Path) -> None:
    for side in "甲乙":
        (folder / side).mkdir()
        for number in range(2):
            (folder / side / f"{number}.txt").write_text(budget(f"某市{side}{number}站"), "utf-8")
    with Stream(replica.url, questions(replica)) as stream:
        running = [ingester(replica, folder / side) for side in "甲乙"]
        assert [process.wait(PATIENCE) for process in running] == [0, 0]
        stream.all_right()
    stream.assert_never_wrong()
    for name in ("甲0", "甲1", "乙0", "乙1"):  # without a restart, their texts too
        (added,) = [document["id"] for document in replica.documents() if document["department"] == f"某市{name}站"]
        assert f"某市{name}站信息中心" in replica.ask(TEXT, added)["answer"]
    record("two ingesters at once (servers)", 1, stream)


@pytest.mark.parametrize("kills", [1, pytest.param(70, marks=pytest.mark.soak)])
def test_an_ingester_killed_at_any_moment_leaves_whole_documents(
    replica: App, on_servers: Settings, folder: Path, kills: int
) -> None:
    store = Store.open(on_servers.store, on_servers.database_url)
    vectors = Vectors.connect(on_servers.chroma_url or "", None, store.identity(), load_embedding(get_settings()))
    editions, random, left = Editions(folder), Random(kills), Counter[str]()
    with Stream(replica.url, questions(replica)) as stream:
        while left.total() < kills:
            new, before = editions.next(), seen(store)
            process = ingester(replica, folder)
            until(lambda: seen(store) != before or process.poll() is not None)  # noqa: B023
            with suppress(subprocess.TimeoutExpired):
                process.wait(random.uniform(0, WRITES))
            process.kill()
            if process.wait() == -signal.SIGKILL:
                inside = len(set(new) & editions.assert_whole(store, vectors))
                left[f"{inside} of {len(new)} in"] += 1
        new = editions.next()
        assert ingester(replica, folder).wait(PATIENCE) == 0
        assert editions.assert_whole(store, vectors) == set(new)
        assert vectors.keys() == store.chunk_keys()
        stream.all_right()
    stream.assert_never_wrong()
    replica.assert_no_traceback()
    store.close()
    record("ingester killed (servers)", kills, stream, left=dict(left))


def ingester(app: App, folder: Path) -> subprocess.Popen[bytes]:
    """`budget-qa ingest` over the same servers."""
    command = [sys.executable, "-m", "assistant.cli.main", "ingest", str(folder), "--store", str(app.store)]
    environment = os.environ | app.environment
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
