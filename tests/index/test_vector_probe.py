"""A vector directory that is damaged, in ways that disks and people damage one, is told from a whole one."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from llama_index.core.base.embeddings.base import BaseEmbedding

from index.search.vector_probe import FOLDER, Probe
from index.search.vectors import Vectors

COUNT = 1100  # Chroma writes its HNSW files from a thousand vectors on


class Numbers(BaseEmbedding):
    """A vector for any text, at once."""

    def _get_text_embedding(self, text: str) -> list[float]:
        seed = int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)
        vector = np.random.default_rng(seed).normal(size=64)
        return (vector / np.linalg.norm(vector)).tolist()

    _get_query_embedding = _get_text_embedding

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("whole")
    texts = {f"{number:032d}": f"第{number}段" for number in range(COUNT)}
    assert Vectors.open(directory, Numbers()).add(texts) == COUNT
    return directory


def sqlite(directory: Path) -> Path:
    return directory / FOLDER / "chroma.sqlite3"


def hnsw(directory: Path) -> Path:
    (found,) = [path for path in (directory / FOLDER).iterdir() if path.is_dir()]
    return found


def cut(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.truncate(file.stat().st_size // 2)


def spoil(file: Path) -> None:
    file.write_bytes(b"\x7fnothing!" * (file.stat().st_size // 9 + 1))


def spoil_within(file: Path) -> None:
    content = bytearray(file.read_bytes())
    third = len(content) // 3
    content[third : 2 * third] = b"\xa5" * third
    file.write_bytes(content)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "the directory is gone": lambda d: shutil.rmtree(d / FOLDER),
    "SQLite is cut off": lambda d: cut(sqlite(d)),
    "HNSW holds garbage": lambda d: spoil(hnsw(d) / "data_level0.bin"),  # who reads it ends with a segmentation fault
    "HNSW is gone": lambda d: shutil.rmtree(hnsw(d)),
}
MORE: dict[str, Callable[[Path], object]] = {
    "the directory is a file": lambda d: (shutil.rmtree(d / FOLDER), (d / FOLDER).write_text("x")),
    "SQLite is empty": lambda d: sqlite(d).write_bytes(b""),
    "SQLite is gone": lambda d: sqlite(d).unlink(),
    "SQLite holds garbage": lambda d: spoil(sqlite(d)),
    "SQLite holds garbage within": lambda d: spoil_within(sqlite(d)),
    "HNSW is cut off": lambda d: cut(hnsw(d) / "data_level0.bin"),
    "HNSW holds garbage within": lambda d: spoil_within(hnsw(d) / "data_level0.bin"),
    "the header is gone": lambda d: (hnsw(d) / "header.bin").unlink(),
    "the header holds garbage": lambda d: spoil(hnsw(d) / "header.bin"),
    "the links are gone": lambda d: (hnsw(d) / "link_lists.bin").unlink(),
    "the names are gone": lambda d: (hnsw(d) / "index_metadata.pickle").unlink(),
    "the names hold garbage": lambda d: spoil(hnsw(d) / "index_metadata.pickle"),
    "everything holds garbage": lambda d: [spoil(file) for file in (d / FOLDER).rglob("*") if file.is_file()],
}


def test_whole_vectors_have_no_fault_until_more_are_wanted(whole: Path) -> None:
    assert Probe(whole).fault(COUNT) is None
    assert Probe(whole).fault(COUNT + 1) == f"不全（有{COUNT}条，应有{COUNT + 1}条）"


def test_nothing_has_no_fault_where_nothing_is_wanted_and_is_not_made(tmp_path: Path) -> None:
    assert Probe(tmp_path).fault(0) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", [*DAMAGES, *(pytest.param(name, marks=pytest.mark.soak) for name in MORE)])
def test_damage_is_told(whole: Path, tmp_path: Path, damage: str) -> None:
    shutil.copytree(whole, tmp_path / "store")
    (DAMAGES | MORE)[damage](tmp_path / "store")
    assert Probe(tmp_path / "store").fault(COUNT)
