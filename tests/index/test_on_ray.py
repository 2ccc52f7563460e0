"""Files read on a Ray cluster end up as they would here, and a process that is lost there loses nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
from builders import EXPENDITURE, PROJECTS, SUMMARY, budget_text

from benchmarks.province.documents import document
from benchmarks.province.files import content_of, file_name
from index import on_ray
from index.errors import ReadError
from index.ingest import ingest_paths
from index.reading import HERE, Read
from index.report import FileReport
from index.sandbox import NORMAL, Limits, Told
from index.search.vectors import Vectors
from index.settings import Settings, get_settings
from index.sql.store import Store
from tests.services import STARTS, Ray, both

BAD = {"坏.pdf", "没有.pdf"}
TWICE = "概况，又一份.txt"


@pytest.fixture(scope="module")
def reading(ray: Ray) -> Iterator[on_ray.OnRay]:
    with on_ray.cluster(ray.address, get_settings()) as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PDF, texts that are one budget, one of them twice, a broken file, and one that leads nowhere."""
    folder = tmp_path_factory.mktemp("文件")
    made = document(5, 0)
    (folder / file_name(made, "pdf")).write_bytes(content_of(made, "pdf"))
    (folder / "坏.pdf").write_bytes(b"%PDF-1.7 nothing")
    (folder / "没有.pdf").symlink_to(folder / "哪里")
    (folder / "概况.txt").write_text(budget_text(SUMMARY), "utf-8")
    (folder / TWICE).write_text(budget_text(SUMMARY), "utf-8")
    (folder / "概况，更全.txt").write_text(budget_text(SUMMARY, EXPENDITURE, PROJECTS), "utf-8")
    return folder


@contextmanager
def stores(settings: Settings, embedding) -> Iterator[tuple[Store, Vectors]]:
    store = Store.open(settings.store, settings.database_url)
    if settings.chroma_url is None:
        yield store, Vectors.open(settings.store, embedding)
    else:
        yield store, Vectors.connect(settings.chroma_url, None, store.identity(), embedding)
    store.close()


def contents(store: Store, vectors: Vectors) -> dict[str, object]:
    infos = store.documents(hidden=True)
    return {
        "documents": [(info.id, info.title, info.file_name, info.standing) for info in infos],
        "parsed": [store.parsed(info.id) for info in infos],
        "facts": store.facts(),
        "chunks": store.chunks(),
        "originals": [store.original(info.sha256) for info in infos],
        "vectors": vectors.keys(),
    }


@pytest.fixture(scope="module")
def alone(folder, embedding, tmp_path_factory) -> tuple[list[FileReport], dict[str, object]]:
    """The reports and the stores of the folder, read here."""
    with stores(get_settings(store=tmp_path_factory.mktemp("alone")), embedding) as opened:
        return ingest_paths([folder], *opened).files, contents(*opened)


class Counted:
    """A cluster, and what it was sent and made."""

    def __init__(self, reading: on_ray.OnRay) -> None:
        self.reading, self.ahead = reading, reading.ahead
        self.sent: list[str] = []
        self.vectors: set[str] = set()

    def begin(self, name: str, content: bytes, limits: Limits, told: Told) -> Callable[[], Read]:
        self.sent.append(name)
        begun = self.reading.begin(name, content, limits, told)

        def read() -> Read:
            found = begun()
            self.vectors |= found.vectors.keys()
            return found

        return read


@both
def test_a_folder_read_on_a_cluster_gives_the_same_stores_and_reports(backend, folder, alone, embedding, reading):
    counted = Counted(reading)
    with stores(backend, embedding) as opened:
        files = ingest_paths([folder], *opened, reading=counted).files

        assert (files, contents(*opened)) == alone
        assert {Path(entry.path).name for entry in files if entry.error} == BAD
        assert set(counted.sent) == {path.name for path in folder.iterdir()} - {TWICE, "没有.pdf"}
        assert counted.vectors == opened[1].keys() or backend.chroma_url  # the second time they know them

        counted.sent.clear()
        again = ingest_paths([folder], *opened, reading=counted).files
        assert {Path(entry.path).name for entry in again if entry.status != "unchanged"} == BAD
        assert counted.sent == ["坏.pdf"]


@contextmanager
def killing(ray: Ray, most: int) -> Iterator[list[int]]:
    """Kills processes that read, as soon as they do."""
    over, killed = threading.Event(), []

    def kill() -> None:
        while not over.wait(0.02) and len(killed) < most:
            for one in ray.readers():
                with suppress(psutil.NoSuchProcess):
                    one.kill()
                    one.wait(STARTS)
                    killed.append(one.pid)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()


def test_a_file_whose_process_is_killed_is_read_by_another(folder, ray, reading):
    (path,) = folder.glob("0*.pdf")
    with killing(ray, 1) as killed:
        found = reading.begin(path.name, path.read_bytes(), NORMAL, (None, None))()
    assert len(killed) == 1
    assert found.documents == HERE.begin(path.name, path.read_bytes(), NORMAL, (None, None))().documents


def test_a_file_whose_processes_are_all_killed_is_told_as_its_error(folder, ray, reading):
    (path,) = folder.glob("0*.pdf")
    with (
        killing(ray, 100) as killed,
        pytest.raises(ReadError, match=f"^{path.name}：集群上没有读成（WorkerCrashedError.*；请"),
    ):
        reading.begin(path.name, path.read_bytes(), NORMAL, (None, None))()
    assert len(killed) == on_ray.TRIES


def test_limits_hold_on_the_cluster(reading, folder):
    (path,) = folder.glob("0*.pdf")
    with pytest.raises(ReadError, match=f"^{path.name}：读了0秒仍未读完"):
        reading.begin(path.name, path.read_bytes(), Limits(seconds=0), (None, None))()


def test_no_more_files_are_under_way_than_asked(folder, embedding, tmp_path):
    under_way: set[str] = set()
    most = 0

    class Narrow:
        ahead = 2

        def begin(self, name: str, content: bytes, limits: Limits, told: Told) -> Callable[[], Read]:
            nonlocal most
            under_way.add(name)
            most = max(most, len(under_way))

            def read() -> Read:
                under_way.discard(name)
                return HERE.begin(name, content, limits, told)()

            return read

    for n in range(6):
        (tmp_path / f"{n}.txt").write_text(budget_text(SUMMARY).replace("测试局", f"第{n}局"), "utf-8")
    with stores(get_settings(store=tmp_path / "库"), embedding) as opened:
        assert not ingest_paths([tmp_path], *opened, reading=Narrow()).failed
    assert (most, under_way) == (3, set())
