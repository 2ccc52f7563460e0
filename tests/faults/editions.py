"""Documents that come again and again with other figures, and whether what a kill left of them is whole.

In: a folder of small files, each round with new contents. Out: the assertion that every document of a store is one edition of its file,
with all its facts, chunks and vectors, and that none went.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from index.chunks import document_chunks
from index.facts import document_facts
from index.ingest import parse_file
from index.model import Document
from index.search.vectors import Vectors
from index.sql.store import Store
from tests.faults.killed_app import budget


class Editions:
    """The files of one folder, and all that they ever held."""

    def __init__(self, folder: Path, departments: int = 4) -> None:
        self.folder, self._round = folder, 0
        self._names = [f"某市第{number}办事处" for number in range(departments)]
        self._kept = folder.parent / "editions"
        self._of: dict[str, Path] = {}  # by the hash of a content, a copy of the file that held it
        self._seen: set[str] = set()  # departments that are in

    def next(self) -> list[str]:
        """Write a new edition of every file. Returns their hashes."""
        self._round += 1
        return [self._write(department) for department in self._names]

    def _write(self, department: str) -> str:
        content = budget(department, f"{department}平台{self._round}", education=10 + self._round).encode()
        digest = hashlib.sha256(content).hexdigest()
        for path in (self.folder / f"{department}.txt", self._kept / digest / f"{department}.txt"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        self._of[digest] = path
        return digest

    def assert_whole(self, store: Store, vectors: Vectors) -> set[str]:
        """Returns the hashes of the editions that are in."""
        found = [info for info in store.documents() if info.department in self._names]
        departments = {info.department for info in found}
        assert len(found) == len(departments) and departments >= self._seen
        self._seen = departments
        for info in found:
            document = _parsed(self._of[info.sha256])
            assert store.facts(documents=[info.id]) == document_facts(document, info.id)
            assert store.chunks(documents=[info.id]) == document_chunks(document, info.id)
            assert store.original(info.sha256) == (info.file_name, self._of[info.sha256].read_bytes())
        everything = {info.id for info in store.documents()}
        assert {fact.document for fact in store.facts()} == everything == {chunk.document for chunk in store.chunks()}
        assert store.chunk_keys() <= vectors.keys()
        return {info.sha256 for info in found}


def seen(store: Store) -> tuple[int, list[str]]:
    """What changes with the first that an ingester writes, or sweeps of what the one before left."""
    return store.generation(), store.orphans()


@lru_cache(maxsize=64)
def _parsed(path: Path) -> Document:
    ((document,), _) = parse_file(path)
    return document
