"""An ingest that is killed between any two of its steps, or at any moment, leaves every document wholly in or wholly out.

Each test runs an ingest in a child process that kills itself with SIGKILL at the step named, or is killed after a time, so
no handler, no `finally` and no interpreter shutdown tidies up after it.
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from builders import EXPENDITURE, PROJECTS, SUMMARY, budget_text

from index.chunks import document_chunks
from index.facts import document_facts
from index.ingest import ingest_paths, parse_file, writing
from index.search.vectors import Vectors
from index.settings import Settings, get_settings
from index.settling import sweep_orphans
from index.sql.store import Store
from tests.services import EMBEDDED, SERVERS, environment

CHILD = """
import os, signal, sys
from contextlib import contextmanager
from pathlib import Path
from sqlalchemy import event
from index.search import vectors as vectors_module
from index.ingest import ingest_paths, writing
from index.settings import get_settings
from index.stores import open_stores

point, directory, old, new = sys.argv[1], *map(Path, sys.argv[2:])
vectors_module.BATCH = 4

def die(*_):
    print("dying", point, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

def die_at_chunks(connection, cursor, statement, *_):
    if statement.startswith("INSERT INTO chunks"):
        die()

def until_written(at_once):
    with at_once():
        yield
    die()

settings = get_settings(store=directory)
with writing(settings):
    store, vectors = open_stores(settings)
    ingest_paths([old], store, vectors)
    add, progress = store.add, lambda *_: None
    if point == "in the middle of embedding":
        progress = lambda name, done, total: done >= 8 and die()
    elif point == "with the vectors written":
        store.add = die
    elif point == "with the facts written":
        event.listen(store._engine, "before_cursor_execute", die_at_chunks)
    elif point == "at the commit":
        event.listen(store._engine, "commit", lambda connection: store.add is None and die())
        store.add = lambda *parts: (setattr(store, "add", None), add(*parts))
    elif point == "right after the commit":
        at_once = store.at_once
        store.at_once = contextmanager(lambda: (yield from until_written(at_once)))
    ingest_paths([new], store, vectors, progress)
"""
POINTS = {  # and whether the document is in
    "in the middle of embedding": False,
    "with the vectors written": False,
    "with the facts written": False,
    "at the commit": False,
    "right after the commit": True,
}


@pytest.mark.parametrize(
    ("backend", "point"),
    [*((EMBEDDED, point) for point in POINTS), (SERVERS, "with the vectors written"), (SERVERS, "at the commit")],
    indirect=["backend"],
)
def test_a_killed_ingest_leaves_whole_documents(tmp_path, backend, embedding, point):
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    old.write_text(budget_text(SUMMARY), "utf-8")
    new.write_text(budget_text(EXPENDITURE, PROJECTS), "utf-8")

    crash(point, backend, old, new)

    store, vectors = stores_of(backend, embedding)
    assert {info.file_name for info in store.documents()} == {"old.txt", *(["new.txt"] if POINTS[point] else [])}
    assert_whole(store, vectors, tmp_path)
    assert bool(sweep_orphans(store, vectors)) is not POINTS[point]
    assert vectors.keys() == store.chunk_keys()

    with writing(backend):  # the lock of the dead is free
        statuses = [entry.status for entry in ingest_paths([old, new], store, vectors).files]
    assert statuses == ["unchanged", "unchanged" if POINTS[point] else "indexed"]
    assert_whole(store, vectors, tmp_path)


def stores_of(settings: Settings, embedding) -> tuple[Store, Vectors]:
    store = Store.open(settings.store, settings.database_url)
    if settings.chroma_url is None:
        return store, Vectors.open(settings.store, embedding)
    return store, Vectors.connect(settings.chroma_url, None, store.identity(), embedding)


def crash(point: str, backend: Settings, *paths: Path) -> None:
    child = subprocess.run(
        [sys.executable, "-c", CHILD, point, str(backend.store), *map(str, paths)],
        env=os.environ | environment(backend),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert (child.returncode, child.stdout) == (-signal.SIGKILL, f"dying {point}\n"), child.stderr


def assert_whole(store: Store, vectors: Vectors, folder: Path) -> None:
    """Each document that is there has all its facts and chunks, its original, and a vector for every chunk."""
    for info in store.documents():
        (document,), content = parse_file(folder / info.file_name)
        assert store.facts(documents=[info.id]) == document_facts(document, info.id)
        assert store.chunks(documents=[info.id]) == document_chunks(document, info.id)
        assert store.original(info.sha256) == (info.file_name, content)
    assert store.chunk_keys() <= vectors.keys()
    assert {fact.document for fact in store.facts()} == {info.id for info in store.documents()}


# --- at any moment ---------------------------------------------------------------------------------------------------
FOLDER = """
import sys
from pathlib import Path
from index.search import vectors as vectors_module
from index.search.embedding_model import load_embedding
from index.ingest import ingest_paths, writing
from index.settings import get_settings
from index.sql.store import Store
from index.search.vectors import Vectors

directory, folder = map(Path, sys.argv[1:])
with writing(get_settings(store=directory)):
    store, vectors = Store.open(directory), Vectors.open(directory, load_embedding(get_settings()))
    vectors_module.BATCH = 2
    ingest_paths([folder], store, vectors, lambda *_: print("step", flush=True))
"""
STEPS, STEP = 40, 0.1  # of that ingest: how often progress is told, and seconds between


@pytest.mark.parametrize("seed", [*range(2), *(pytest.param(n, marks=pytest.mark.soak) for n in range(2, 20))])
def test_an_ingest_killed_at_any_moment_leaves_whole_documents_and_goes_on(tmp_path, embedding, seed):
    folder, directory = tmp_path / "文件", tmp_path / "store"
    folder.mkdir()
    for n in range(8):
        tables = (SUMMARY, EXPENDITURE, PROJECTS)[: 1 + n % 3]
        (folder / f"{n}.txt").write_text(budget_text(*tables).replace("某市测试局", f"某市第{n}测试局"), "utf-8")
    child = subprocess.Popen(
        [sys.executable, "-c", FOLDER, str(directory), str(folder)],
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert child.stdout is not None
    random = Random(seed)
    for _ in range(random.randint(1, STEPS)):
        child.stdout.readline()
    with suppress(subprocess.TimeoutExpired):
        child.wait(random.uniform(0, STEP))
    child.kill()
    child.communicate()

    store, vectors = Store.open(directory), Vectors.open(directory, embedding)
    inside = {info.file_name for info in store.documents()}
    assert_whole(store, vectors, folder)
    sweep_orphans(store, vectors)
    with writing(get_settings(store=directory)):
        entries = ingest_paths([folder], store, vectors).files
    assert {Path(entry.path).name: entry.status for entry in entries} == {
        f"{n}.txt": "unchanged" if f"{n}.txt" in inside else "indexed" for n in range(8)
    }
    assert_whole(store, vectors, folder)
    assert vectors.keys() == store.chunk_keys()
