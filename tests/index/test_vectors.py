"""Vectors in a real Chroma with the real embedding model."""

import pytest

from index import vectors as module
from index.errors import StoreError
from index.vectors import Vectors
from tests.services import both

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
