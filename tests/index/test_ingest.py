"""Files to stores: idempotent, incremental, one file's failure its own."""

import os
import shutil

import pytest
from builders import EXPENDITURE, PROJECTS, SHIPPED, SUMMARY, budget_text

from index.errors import ReadError, StoreError
from index.ingest import files_under, ingest_paths, parse_file, printable, remove_document, writing
from index.settings import get_settings
from index.store import Store
from index.vectors import Vectors


def write(folder, name: str, *tables: str):
    path = folder / name
    path.write_text(budget_text(*tables), "utf-8")
    return path


def test_a_file_goes_into_both_stores(tmp_path, store, vectors):
    report = ingest_paths([write(tmp_path, "a.txt", SUMMARY, PROJECTS)], store, vectors)
    (entry,) = report.files
    assert (entry.status, entry.tables, entry.error) == ("indexed", 2, None)
    assert (entry.facts, entry.chunks) == (store.count_facts(), len(store.chunks()))
    assert vectors.keys() == store.chunk_keys()
    assert entry.embedded == len(vectors.keys())


def test_the_same_file_again_changes_nothing(tmp_path, store, vectors):
    path = write(tmp_path, "a.txt", SUMMARY)
    ingest_paths([path], store, vectors)
    before = store.generation(), store.facts(), vectors.keys()
    (entry,) = ingest_paths([path], store, vectors).files
    assert (entry.status, entry.embedded) == ("unchanged", 0)
    assert (store.generation(), store.facts(), vectors.keys()) == before


def test_a_copy_under_another_name_counts_once(tmp_path, store, vectors):
    paths = [write(tmp_path, name, SUMMARY) for name in ("a.txt", "b.txt")]
    assert [entry.status for entry in ingest_paths(paths, store, vectors).files] == ["indexed", "unchanged"]
    assert len(store.documents()) == 1


def test_texts_that_two_documents_share_are_embedded_once(tmp_path, store, vectors):
    first = ingest_paths([write(tmp_path, "a.txt", SUMMARY)], store, vectors).files[0]
    second = ingest_paths([write(tmp_path, "b.txt", SUMMARY, EXPENDITURE)], store, vectors).files[0]
    assert second.embedded == second.chunks - first.chunks


def test_removing_one_document_keeps_the_vectors_of_the_other(tmp_path, store, vectors):
    paths = [write(tmp_path, "a.txt", SUMMARY), write(tmp_path, "b.txt", SUMMARY, EXPENDITURE)]
    first, second = ingest_paths(paths, store, vectors).files
    remove_document(second.document, store, vectors)
    assert [info.id for info in store.documents()] == [first.document]
    assert vectors.keys() == store.chunk_keys()
    with pytest.raises(StoreError):
        remove_document(second.document, store, vectors)


def test_a_bad_file_leaves_the_others(tmp_path, store, vectors):
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "b.txt").write_bytes(b"\x00\x01\x02")
    (tmp_path / "c.txt").write_text("没有标题", "utf-8")
    write(tmp_path, "d.txt", SUMMARY)
    report = ingest_paths([tmp_path], store, vectors)
    assert [entry.status for entry in report.files] == ["failed", "failed", "failed", "indexed"]
    assert all(
        "\n" not in entry.error and entry.error.startswith(name)
        for entry, name in zip(report.failed, ("a.txt", "b.txt", "c.txt"), strict=True)
    )
    assert len(store.documents()) == 1


def test_progress_is_told_up_to_the_end(tmp_path, store, vectors):
    told = []
    path = write(tmp_path, "a.txt", SUMMARY)
    ingest_paths([path], store, vectors, lambda *step: told.append(step))
    total = len(store.chunk_keys())
    assert told[-1] == ("a.txt", total, total)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


def test_a_deleted_vector_store_is_filled_again(tmp_path, store, vectors, embedding):
    path = write(tmp_path, "a.txt", SUMMARY)
    ingest_paths([path], store, vectors)
    (entry,) = ingest_paths([path], store, Vectors.open(tmp_path / "new", embedding)).files
    assert (entry.status, entry.embedded) == ("unchanged", len(store.chunk_keys()))


def test_folders_give_their_readable_files_in_order(tmp_path):
    (tmp_path / "sub").mkdir()
    for name in ("b.txt", "a.TXT", "sub/c.txt", "d.exe", ".hidden"):
        (tmp_path / name).write_text("x")
    assert [path.name for path in files_under([tmp_path])] == ["a.TXT", "b.txt", "c.txt"]
    assert files_under([tmp_path / "d.exe"]) == [tmp_path / "d.exe"]


def test_a_missing_path_stops_before_anything_is_done(tmp_path, store, vectors):
    with pytest.raises(ReadError, match="nope"):
        ingest_paths([write(tmp_path, "a.txt", SUMMARY), tmp_path / "nope"], store, vectors)
    assert store.documents() == []


def test_a_folder_without_files_gives_an_empty_report(tmp_path, store, vectors):
    (tmp_path / "empty").mkdir()
    assert ingest_paths([tmp_path / "empty"], store, vectors).files == []


def test_a_name_in_another_encoding_is_shown_and_stored_readably(tmp_path, store, vectors):
    path = tmp_path / os.fsdecode("预算.txt".encode("gb18030"))
    shutil.copy(write(tmp_path, "a.txt", SUMMARY), path)
    assert printable(path.name) == "预算.txt"
    (entry,) = ingest_paths([path], store, vectors).files
    assert (entry.status, entry.path.rsplit("/")[-1], store.documents()[0].file_name) == (
        "indexed",
        "预算.txt",
        "预算.txt",
    )


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ReadError, match=r"gone\.txt"):
        parse_file(tmp_path / "gone.txt")
    with pytest.raises(ReadError, match="无法读取"):
        parse_file(tmp_path)


def test_only_one_process_writes_at_a_time(tmp_path):
    settings = get_settings(store=tmp_path / "store")
    with writing(settings), pytest.raises(StoreError, match="另一个进程"), writing(settings):
        pass
    with writing(settings):
        pass


def test_a_directory_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "file").write_text("x")
    settings = get_settings(store=tmp_path / "file" / "store")
    with pytest.raises(StoreError, match="数据目录不能写入") as caught, writing(settings):
        pass
    assert "\n" not in str(caught.value)


def test_the_shipped_document_is_indexed_whole(store, vectors):
    (entry,) = ingest_paths([SHIPPED], store, vectors).files
    assert (entry.status, entry.tables) == ("indexed", 13)
    assert vectors.keys() == store.chunk_keys()
    found = vectors.nearest("单位新买公务用车的钱", 5)
    subjects = {chunk.subject for chunk in store.chunks(keys=[key for key, _ in found])}
    assert any("公务用车" in subject for subject in subjects)


def test_a_removed_shipped_document_leaves_a_used_store(tmp_path, embedding):
    store, vectors = Store.open(tmp_path / "s"), Vectors.open(tmp_path / "s", embedding)
    path = write(tmp_path, "a.txt", SUMMARY)
    (entry,) = ingest_paths([path], store, vectors).files
    remove_document(entry.document, store, vectors)
    assert (store.documents(), vectors.keys(), store.ever_used()) == ([], set(), True)
