"""Stores on servers: one writer at a time, nothing of another's swept away, and servers that stop, hang and come back."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from builders import EXPENDITURE, PROJECTS, SUMMARY, budget, budget_text, table_text
from pydantic import SecretStr
from sqlalchemy import create_engine, text

from index.chunks import document_chunks
from index.errors import StoreError
from index.facts import document_facts
from index.files import Source
from index.ingest import ingest_paths, ingest_sent
from index.search import vectors as vectors_module
from index.search.vectors import Vectors
from index.settings import Settings
from index.settling import sweep_orphans
from index.sql import transactions
from index.sql.store import Store, document_id_of
from tests.services import SERVERS, STARTS, Chroma, PostgreSQL, both
from tests.waiting import until

TEXTS = {"a" * 32: "公务用车购置费 18.00 万元"}
servers = pytest.mark.parametrize("backend", [SERVERS], indirect=True)


def add(store: Store, *tables: str) -> str:
    document, content = budget(*tables), budget_text(*tables).encode()
    key = document_id_of(content)
    store.add(document, key, "a.txt", content, document_facts(document, key), document_chunks(document, key))
    return key


def ask(settings: Settings, query: str) -> object:
    engine = create_engine(settings.database_url or "")
    with engine.begin() as connection:
        found = connection.execute(text(query)).scalar()
    engine.dispose()
    return found


WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


# --- one writer at a time -------------------------------------------------------------------------------------------
@servers
def test_a_second_writer_waits_and_then_sees_what_the_first_wrote(backend: Settings, store: Store) -> None:
    other, seen = Store.open(backend.store, backend.database_url), []

    def write() -> None:
        with other.writing():
            seen.append([info.id for info in other.documents()])

    thread = threading.Thread(target=write)
    with store.writing():
        thread.start()
        until(lambda: ask(backend, WAITING) == 1)
        key = add(store, SUMMARY)
        assert seen == []
        assert [info.id for info in Store.open(backend.store, backend.database_url).documents()] == [
            key
        ]  # readers do not
    thread.join(STARTS)
    assert seen == [[key]]


@servers
def test_a_writer_that_waits_too_long_is_told(backend: Settings, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactions, "LONGEST_WAIT", 1)
    other = Store.open(backend.store, backend.database_url)
    with store.writing(), pytest.raises(StoreError, match="另一个进程写入已超过1秒；请"), other.writing():
        pass
    with other.writing():
        add(other, SUMMARY)


@servers
def test_a_sweep_takes_nothing_that_another_has_written_ahead(
    backend: Settings, store: Store, vectors: Vectors, embedding
) -> None:
    other = Store.open(backend.store, backend.database_url)
    elsewhere = Vectors.connect(backend.chroma_url or "", None, other.identity(), embedding)
    swept: list[int] = []
    thread = threading.Thread(target=lambda: swept.append(sweep_orphans(other, elsewhere)))
    written, store_add = vectors.keys, store.add

    def add_late(*parts: object) -> None:
        assert written()  # the vectors are there, the chunks are not
        thread.start()
        until(lambda: ask(backend, WAITING) == 1)
        store_add(*parts)  # type: ignore[arg-type]

    store.add = add_late  # type: ignore[method-assign, assignment]
    entry = ingest_sent(Source("甲.txt", budget_text(SUMMARY, PROJECTS).encode()), store, vectors)
    assert entry.error is None
    thread.join(STARTS)
    assert swept == [0]
    assert elsewhere.keys() == other.chunk_keys() != set()


@servers
def test_a_hold_that_the_server_ends_lets_nothing_more_be_written(backend: Settings, store: Store) -> None:
    end = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    with store.writing():
        key = add(store, SUMMARY)
        assert ask(backend, end)
        for _ in range(2):  # a connection opened anew would not be the one that holds
            with pytest.raises(StoreError) as caught:
                add(store, PROJECTS)
            assert "\n" not in str(caught.value)
    assert [info.id for info in store.documents()] == [key]
    with store.writing():
        add(store, PROJECTS)
    assert len(store.documents()) == 2


@servers
def test_two_ingests_at_once_both_write_all(
    backend: Settings, store: Store, vectors: Vectors, embedding, tmp_path: Path
) -> None:
    for folder in "甲乙":
        (tmp_path / folder).mkdir()
        for number in range(4):
            whole = budget_text(SUMMARY, EXPENDITURE).replace("某市测试局", f"某市{folder}{number}局")
            (tmp_path / folder / f"{number}.txt").write_text(whole, "utf-8")

    def index(folder: str) -> list[str]:
        own = Store.open(backend.store, backend.database_url)
        own_vectors = Vectors.connect(backend.chroma_url or "", None, own.identity(), embedding)
        sweep_orphans(own, own_vectors)
        return [entry.status for entry in ingest_paths([tmp_path / folder], own, own_vectors).files]

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(index, "甲乙")) == [["indexed"] * 4] * 2
    assert len(store.documents()) == 8
    assert len(store.facts()) == 8 * len(store.facts(documents=[store.documents()[0].id]))
    assert vectors.keys() == store.chunk_keys()


# --- servers that stop ----------------------------------------------------------------------------------------------
@servers
def test_postgresql_stops_and_comes_back(backend: Settings, store: Store, postgresql: PostgreSQL) -> None:
    key = add(store, SUMMARY)
    postgresql.stop()
    try:
        with pytest.raises(StoreError, match="请检查数据库服务") as caught:
            store.facts()
        with pytest.raises(StoreError, match=r"数据库无法打开.*BUDGET_QA_DATABASE_URL") as again:
            Store.open(backend.store, backend.database_url)
    finally:
        postgresql.start()
    assert "\n" not in f"{caught.value}{again.value}"
    assert {fact.document for fact in store.facts()} == {key}  # the same engine, on new connections
    with store.writing():
        store.remove(key)


@servers
def test_chroma_stops_and_comes_back(backend: Settings, vectors: Vectors, chroma: Chroma, embedding) -> None:
    vectors.add(TEXTS)
    chroma.stop()
    try:
        with pytest.raises(StoreError, match=f"^{backend.chroma_url}：向量库读写失败.*Chroma 服务") as caught:
            vectors.nearest("公务用车", 3)
        with pytest.raises(StoreError, match=r"Chroma 服务无法使用.*BUDGET_QA_CHROMA_URL") as again:
            Vectors.connect(backend.chroma_url or "", None, "x", embedding)
        late = Vectors.connect(backend.chroma_url or "", None, "late", embedding, later=True)
        with pytest.raises(StoreError, match="Chroma 服务无法使用"):
            late.keys()
    finally:
        chroma.start()
    assert "\n" not in f"{caught.value}{again.value}"
    assert late.add(TEXTS) == len(TEXTS)
    assert late.nearest("公务用车", 3)[0][0] == "a" * 32
    assert vectors.nearest("公务用车", 3)[0][0] == "a" * 32


@servers
def test_a_chroma_that_hangs_is_not_waited_for(
    backend: Settings, vectors: Vectors, chroma: Chroma, embedding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors_module, "ANSWERS", 0.5)
    impatient = Vectors.connect(backend.chroma_url or "", None, "hanging", embedding)
    assert chroma.process is not None
    chroma.process.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(StoreError, match="timed out"):
            impatient.keys()
    finally:
        chroma.process.send_signal(signal.SIGCONT)
    assert impatient.keys() == set()


@contextmanager
def guarded() -> Iterator[tuple[str, list[str | None]]]:
    """A proxy that lets nobody in, and what it was shown."""
    shown: list[str | None] = []

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shown.append(self.headers["Authorization"])
            self.send_error(401)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", shown
        server.shutdown()


def test_a_token_is_shown_to_what_stands_before_chroma(embedding) -> None:
    with guarded() as (url, shown), pytest.raises(StoreError, match="Chroma 服务无法使用") as caught:
        Vectors.connect(url, SecretStr("geheim"), "x", embedding)
    assert set(shown) == {"Bearer geheim"}
    assert "geheim" not in str(caught.value)


@servers
def test_stores_on_one_chroma_server_do_not_touch_each_other(backend: Settings, vectors: Vectors, embedding) -> None:
    other = Vectors.connect(backend.chroma_url or "", None, "another", embedding)
    vectors.add(TEXTS)
    assert other.keys() == set()
    other.remove(TEXTS)
    assert vectors.keys() == set(TEXTS)


# --- what the two databases could do otherwise ----------------------------------------------------------------------
@both
def test_documents_are_ordered_by_their_characters(store: Store) -> None:
    for department in ("甲局", "乙局", "a局", "B局", "丙局"):
        document = budget(SUMMARY).model_copy(update={"department": department})
        store.add(document, department.encode().hex(), "a.txt", department.encode(), [], [])
    assert [info.department for info in store.documents()] == ["B局", "a局", "丙局", "乙局", "甲局"]


@both
def test_labels_are_searched_without_regard_to_case_and_signs_mean_themselves(store: Store) -> None:
    add(store, table_text("支出总体情况表", "项目|合计", "LED屏 100%|1.00", "办公_费|2.00"))
    assert [f.label for f in store.page_of_facts(9, label="led")[1]] == ["LED屏 100%"]
    assert [f.label for f in store.page_of_facts(9, label="%")[1]] == ["LED屏 100%"]
    assert [f.label for f in store.page_of_facts(9, label="_")[1]] == ["办公_费"]
    assert store.page_of_facts(9, label="\0") == (0, [])
    assert store.path_of("\0") is None


@both
def test_a_label_may_be_as_long_as_a_paragraph(store: Store) -> None:
    long = "".join(chr(0x4E00 + 7 * n % 20000) for n in range(4000))  # hardly to be compressed
    add(store, table_text(f"支出总体情况表{long}", f"项目|{long}", f"{long}|1.00"))
    assert [fact.name for fact in store.facts(names=[long])] == [long]


@both
def test_a_read_sees_one_state_while_another_writes(backend: Settings, store: Store) -> None:
    key = add(store, SUMMARY)
    other = Store.open(backend.store, backend.database_url)
    with store._connected() as connection:
        before = connection.execute(text("SELECT count(*) FROM facts")).scalar()
        with other.writing():
            other.remove(key)
        assert connection.execute(text("SELECT count(*) FROM facts")).scalar() == before != 0
    assert store.facts() == []
