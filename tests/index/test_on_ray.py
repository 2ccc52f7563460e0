"""Files read on a Ray cluster end up as they would here, and what goes wrong there is told as one line."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
from builders import EXPENDITURE, PROJECTS, SUMMARY, budget_text

from benchmarks.province.documents import document
from benchmarks.province.files import content_of, file_name
from index import on_ray
from index.errors import ClusterError
from index.ingest import FileReport, ingest_paths
from index.reading import Read
from index.sandbox import NORMAL, Limits
from index.settings import Settings, get_settings
from index.store import Store
from index.vectors import Vectors
from tests.services import STARTS, Ray, both

PDFS = 3


@pytest.fixture(scope="session")
def reading(ray: Ray, embedding) -> Iterator[on_ray.OnRay]:
    with on_ray.cluster(ray.address, get_settings()) as opened:
        yield opened


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of several formats: one of them twice, two that are one budget, one broken, one that leads nowhere."""
    folder = tmp_path_factory.mktemp("文件")
    for index in range(PDFS):
        made = document(5, index)
        (folder / file_name(made, "pdf")).write_bytes(content_of(made, "pdf"))
    (folder / "坏.pdf").write_bytes(b"%PDF-1.7 nothing")
    (folder / "无.pdf").symlink_to(folder / "没有")
    (folder / "概况.txt").write_text(budget_text(SUMMARY), "utf-8")
    (folder / "概况，又一份.txt").write_text(budget_text(SUMMARY), "utf-8")
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


class Counted:
    """A cluster that counts what it is sent."""

    def __init__(self, reading: on_ray.OnRay) -> None:
        self.reading, self.ahead, self.sent, self.made = reading, reading.ahead, [], 0

    def begin(self, name: str, content: bytes, limits: Limits, told) -> Callable[[], Read]:
        self.sent.append(name)
        begun = self.reading.begin(name, content, limits, told)

        def read() -> Read:
            found = begun()
            self.made += len(found.vectors)
            return found

        return read


@both
def test_a_folder_read_on_a_cluster_gives_the_same_stores_and_reports(backend, folder, embedding, reading, tmp_path):
    counted = Counted(reading)
    with stores(get_settings(store=tmp_path / "alone"), embedding) as alone, stores(backend, embedding) as shared:
        expected = ingest_paths([folder], *alone)
        found = ingest_paths([folder], *shared, reading=counted)

        assert found == expected
        assert {Path(entry.path).name: entry.status for entry in found.files if entry.error} == {"坏.pdf": "failed", "无.pdf": "failed"}
        assert contents(*shared) == contents(*alone)
        assert sorted(counted.sent) == sorted(
            path.name for path in folder.iterdir() if path.name not in ("无.pdf", "概况，又一份.txt")
        )

        counted.sent.clear()
        assert {entry.status for entry in ingest_paths([folder], *shared, reading=counted).files} == {
            "unchanged", "repeated", "superseded", "failed",
        } & {"unchanged", "failed"}  # fmt: skip
        assert counted.sent == ["坏.pdf"]
