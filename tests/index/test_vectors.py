"""Vectors in a real Chroma with the real embedding model."""

import subprocess
import sys

import pytest

from index.errors import StoreError
from index.search import vectors as module
from index.search.vectors import Vectors
from tests.conftest import ROOT
from tests.disks import NO_DISK, small_disk
from tests.services import SERVERS, both

TEXTS = {
    "a" * 32: "公务用车购置费 18.00 万元",
    "b" * 32: "保障政务服务大厅的设备正常运行",
    "c" * 32: "基本工资 624.86 万元",
}


@both
def test_the_nearest_text_comes_first(vectors):
    vectors.add(TEXTS)
    found = vectors.nearest("买车花了多少钱", 3)
    assert found[0][0] == "a" * 32
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


@both
def test_what_is_there_is_not_embedded_again(vectors):
    told = []
    assert vectors.add(TEXTS, told.append) == 3
    assert vectors.add(TEXTS | {"d" * 32: "水费"}, told.append) == 1
    assert (sum(told), len(vectors.keys())) == (3 + 4, 4)


def test_texts_are_embedded_in_batches_and_told_after_each(vectors, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 2)
    told = []
    vectors.add(TEXTS, told.append)
    assert told == [0, 2, 1]


@both
def test_nothing_to_add_is_nothing_done(vectors):
    assert vectors.add({}) == 0
    vectors.remove([])
    assert vectors.keys() == set()


@both
def test_what_is_removed_is_gone_and_nothing_else(vectors):
    vectors.add(TEXTS)
    vectors.remove([key for key in TEXTS if key != "a" * 32])
    assert vectors.keys() == {"a" * 32}


@both
def test_an_empty_store_has_no_nearest(vectors):
    assert vectors.nearest("公务用车", 3) == []


def test_vectors_outlive_the_process_that_wrote_them(vectors, tmp_path, embedding):
    vectors.add(TEXTS)
    assert Vectors.open(tmp_path / "库", embedding).keys() == set(TEXTS)


@both
def test_more_ids_than_one_statement_takes_are_asked_in_parts(vectors, monkeypatch):
    vectors.add(TEXTS)
    monkeypatch.setattr(module, "MOST_IDS", 2)
    assert vectors._known([*TEXTS, "d" * 32]) == set(TEXTS)
    vectors.remove(TEXTS)
    assert vectors.keys() == set()


def test_a_damaged_directory_is_one_line(tmp_path, embedding):
    (tmp_path / "chroma").mkdir()
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"no database at all " * 100)
    with pytest.raises(StoreError, match="向量库无法打开") as caught:
        Vectors.open(tmp_path, embedding)
    assert "\n" not in str(caught.value)


# --- what fails and is tried again ----------------------------------------------------------------------------------
@pytest.mark.parametrize("backend", [SERVERS], indirect=True)
def test_a_server_that_failed_again_and_again_is_not_asked_for_a_while(backend, store, chroma, embedding, monkeypatch):
    monkeypatch.setattr(module, "REST", 0.5)
    vectors = Vectors.connect(backend.chroma_url, None, store.identity(), embedding)
    vectors.add(TEXTS)
    chroma.stop()
    try:
        for told in ["读写失败"] * module.FAILURES + ["刚才不能用"] * 3:
            with pytest.raises(StoreError, match=told):
                vectors.nearest("公务用车", 3)
        with pytest.raises(StoreError, match="刚才不能用"):
            vectors.of(list(TEXTS))
    finally:
        chroma.start()  # which takes longer than the rest
    assert vectors.nearest("公务用车", 3)[0][0] == "a" * 32


FULL = """
import sys
from pathlib import Path
sys.path += ["tests/index"]
from test_vector_probe import Numbers
from index.search import vectors as module
from index.errors import StoreError
from tests.disks import fill

disk = Path(sys.argv[1])
vectors = module.Vectors.open(disk, Numbers())
texts = [{f"{part}{number:031d}": f"第{number}段" for number in range(500)} for part in range(4)]
module.LEAST_FREE = 0
vectors.add(texts[0])
ballast = fill(disk, int(sys.argv[2]))
for part in texts[1:]:
    try:
        vectors.add(part)
    except StoreError as error:
        assert "\\n" not in str(error)
        print("failed", error)
ballast.unlink()
for part in texts:
    vectors.add(part)
print(len(vectors.keys()), vectors.nearest("第3段", 1)[0][0])
"""


@pytest.mark.parametrize(
    "left", [400_000, *(pytest.param(left, marks=pytest.mark.soak) for left in (0, 65_536, 200_000))]
)
def test_writes_that_failed_on_a_full_disk_block_nothing_afterwards(tmp_path, left):
    """In a process of its own: what is blocked in Chroma is blocked for good."""
    with small_disk(tmp_path, 32) as mounted:
        if not mounted:
            pytest.skip(NO_DISK)
        command = [sys.executable, "-c", FULL, str(tmp_path), str(left)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "failed" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("2000 ")


def test_nothing_is_written_to_a_disk_that_is_nearly_full(vectors, monkeypatch):
    monkeypatch.setattr(module, "LEAST_FREE", 2**60)
    with pytest.raises(StoreError, match=r"磁盘空间只剩.*请腾出") as caught:
        vectors.add(TEXTS)
    assert "\n" not in str(caught.value)
    assert vectors.keys() == set()
