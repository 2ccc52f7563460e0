"""Files to stores: idempotent, incremental, one file's failure its own."""

import os
import shutil

import pytest
from bad_files import pdf
from builders import EXPENDITURE, PROJECTS, SHIPPED, SUMMARY, budget_text
from sqlalchemy import text

from index.errors import ReadError, StoreError
from index.files import Source, files_under, printable
from index.ingest import Correction, ingest_again, ingest_paths, ingest_sent, parse_file, writing
from index.sandbox import Limits
from index.search.vectors import Vectors
from index.settings import get_settings
from index.settling import remove_document, sweep_orphans
from index.sql.store import Store
from tests.disks import NO_DISK, fill, small_disk
from tests.services import both


def write(folder, name: str, *tables: str):
    path = folder / name
    path.write_text(budget_text(*tables), "utf-8")
    return path


@both
def test_a_file_goes_into_both_stores(tmp_path, store, vectors):
    report = ingest_paths([write(tmp_path, "a.txt", SUMMARY, PROJECTS)], store, vectors)
    (entry,) = report.files
    assert (entry.status, entry.tables, entry.error) == ("indexed", 2, None)
    assert (entry.facts, entry.chunks) == (store.count_facts(), len(store.chunks()))
    assert vectors.keys() == store.chunk_keys()
    assert entry.embedded == len(vectors.keys())


@both
def test_the_same_file_again_changes_nothing(tmp_path, store, vectors):
    path = write(tmp_path, "a.txt", SUMMARY)
    ingest_paths([path], store, vectors)
    before = store.generation(), store.facts(), vectors.keys()
    (entry,) = ingest_paths([path], store, vectors).files
    assert (entry.status, entry.embedded) == ("unchanged", 0)
    assert (store.generation(), store.facts(), vectors.keys()) == before


def test_a_file_that_was_sent_is_indexed_as_one_that_lies_somewhere(tmp_path, store, vectors):
    content = budget_text(SUMMARY).encode()
    entry = ingest_sent(Source("甲.txt", content), store, vectors)
    assert (entry.path, entry.status, entry.error) == ("甲.txt", "indexed", None)
    assert store.original(store.documents()[0].sha256) == ("甲.txt", content)
    assert ingest_sent(Source("乙.txt", content), store, vectors).status == "unchanged"
    # Neither lies at a path, so neither is a new version of what the other is called.
    assert ingest_sent(Source("甲.txt", budget_text(SUMMARY, EXPENDITURE).encode()), store, vectors).remarks
    assert len(store.documents(hidden=True)) == 2
    failed = ingest_sent(Source("空.txt", b""), store, vectors)
    assert (failed.status, failed.error) == ("failed", "空.txt：文件是空的；请重新下载原文件")


@both
def test_a_document_read_again_is_the_same_and_lies_where_it_lay(tmp_path, store, vectors):
    path = write(tmp_path, "a.txt", SUMMARY, PROJECTS)
    first = ingest_paths([path], store, vectors).files[0].document
    before = store.facts(), store.chunks(), vectors.keys(), store.path_of(first)
    path.unlink()
    entry = ingest_again(first, store, vectors)
    assert (entry.status, entry.document) == ("indexed", first)
    assert (store.facts(), store.chunks(), vectors.keys(), store.path_of(first)) == before
    again = ingest_again(first, store, vectors, told=Correction("某市别的局", 2023))
    assert [(info.id, info.department, info.year) for info in store.documents()] == [(first, "某市别的局", 2023)]
    assert again.error is None
    with pytest.raises(StoreError):
        ingest_again("none", store, vectors)


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


# --- what is left behind ---------------------------------------------------------------------------------------------
def contents(store, vectors) -> dict[str, set]:
    """All rows of every table of facts and texts, and the keys of all vectors; not when a document last changed."""
    with store._engine.connect() as connection:
        found = {name: connection.execute(text(f"SELECT * FROM {name}")).mappings().all()
                 for name in ("documents", "originals", "facts", "chunks")}  # fmt: skip
    rows = {name: {str({**row, "changed": 0}) for row in all_rows} for name, all_rows in found.items()}
    return rows | {"vectors": vectors.keys()}


def counts(store, vectors) -> list[int]:
    return [len(rows) for rows in contents(store, vectors).values()]


@both
def test_a_changed_file_takes_the_place_of_its_earlier_edition(tmp_path, store, vectors):
    ingest_paths([write(tmp_path, "b.txt", SUMMARY, EXPENDITURE)], store, vectors)
    alone = counts(store, vectors)
    remove_document(store.documents()[0].id, store, vectors)
    ingest_paths([write(tmp_path, "a.txt", SUMMARY, PROJECTS)], store, vectors)
    (second,) = ingest_paths([write(tmp_path, "a.txt", SUMMARY, EXPENDITURE)], store, vectors).files
    assert second.remarks == ["替换了这个文件先前收录的内容"]
    assert [info.id for info in store.documents()] == [second.document]
    assert counts(store, vectors) == alone


def test_files_of_one_name_in_two_folders_stay_beside_each_other(tmp_path, store, vectors):
    for folder, tables in (("甲", [PROJECTS]), ("乙", [EXPENDITURE])):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder, "预算.txt", *tables)
    for _ in range(2):
        assert not any(entry.remarks for entry in ingest_paths([tmp_path], store, vectors).files)
        assert len(store.documents()) == 2


def test_a_removed_document_leaves_nothing_in_either_store(tmp_path, store, vectors):
    ingest_paths([write(tmp_path, "a.txt", SUMMARY)], store, vectors)
    before = contents(store, vectors)
    (second,) = ingest_paths([write(tmp_path, "b.txt", SUMMARY, PROJECTS)], store, vectors).files
    assert contents(store, vectors) != before
    remove_document(second.document, store, vectors)
    assert contents(store, vectors) == before
    remove_document(store.documents()[0].id, store, vectors)
    assert counts(store, vectors) == [0, 0, 0, 0, 0]


def test_an_unchanged_folder_is_not_parsed_again(tmp_path, store, vectors):
    """The second time the time that a file may take is too short for any."""
    (tmp_path / "表.pdf").write_bytes(pdf(3))
    told = Correction("某市测试局", 2024)
    (first,) = ingest_paths([tmp_path], store, vectors, told=told).files
    (second,) = ingest_paths([tmp_path], store, vectors, limits=Limits(seconds=0), told=told).files
    assert (first.status, second.status) == ("indexed", "unchanged")


def test_a_correction_of_an_indexed_document_is_taken(tmp_path, store, vectors):
    path = write(tmp_path, "a.txt", SUMMARY)
    ingest_paths([path], store, vectors)
    before = counts(store, vectors)
    (entry,) = ingest_paths([path], store, vectors, told=Correction(year=2023)).files
    assert (entry.status, [info.year for info in store.documents()]) == ("indexed", [2023])
    assert counts(store, vectors) == before


def test_a_correction_that_the_title_contradicts_is_told_with_the_way_back(tmp_path, store, vectors):
    path = write(tmp_path, "a.txt", SUMMARY)

    def told(**correction: object) -> tuple[list[str], str]:
        (entry,) = ingest_paths([path], store, vectors, told=Correction(**correction)).files
        return entry.budgets, "".join(entry.remarks)

    (first,) = ingest_paths([path], store, vectors).files
    (own,) = first.budgets
    year, department = int(own[:4]), own[5:]
    assert (own, first.remarks) == (f"{year}年{department}", [])
    budgets, remark = told(department="某市别的局", year=year - 1)
    assert budgets == [f"{year - 1}年某市别的局"]
    assert f"标题写的是{own}" in remark and f"部门“{department}”、年份{year}" in remark
    assert told() == (budgets, remark)  # it stays so, and is told each time
    budgets, remark = told(department=department)
    assert budgets == [own] and not remark


def test_a_unit_named_in_full_or_in_part_contradicts_no_title(tmp_path, store, vectors):
    path = write(tmp_path, "a.txt", SUMMARY)
    (first,) = ingest_paths([path], store, vectors).files
    (entry,) = ingest_paths([path], store, vectors, told=Correction(first.budgets[0][5:][2:])).files
    assert entry.budgets != first.budgets and not entry.remarks


def test_where_a_file_is_published_is_kept_and_changed_without_reading_it_anew(tmp_path, store, vectors):
    """The second time the time that a file may take is too short for any."""
    path = tmp_path / "表.pdf"
    path.write_bytes(pdf(3))
    first, second = "https://example.test/预算.pdf", "http://example.test/page?id=1&x=2"

    def told(seconds: int = 600, year: int = 2024, source_url: str | None = None) -> tuple[str, list[str | None]]:
        correction = Correction("某市测试局", year, source_url)
        (entry,) = ingest_paths([path], store, vectors, limits=Limits(seconds), told=correction).files
        return entry.status, [info.source_url for info in store.documents()]

    assert told() == ("indexed", [None])
    before = store.generation()
    assert told(0, source_url=first) == ("unchanged", [first])
    assert store.generation() > before
    assert told(0, source_url=second) == ("unchanged", [second])
    assert told(0) == ("unchanged", [second])
    assert told(year=2023) == ("indexed", [second])  # read anew for another reason, it is where it was


@pytest.mark.parametrize(
    "address", ["ftp://a/b", "javascript:alert(1)", "www.example.test", "https://", "", "https://a/ b", "https://[a"]
)
def test_what_is_no_web_address_is_no_publication_address(address):
    with pytest.raises(ValueError, match="https://"):
        Correction(source_url=address)


def test_an_unforeseen_error_over_one_document_keeps_no_other_out(tmp_path, store, vectors):
    write(tmp_path, "a.txt", SUMMARY)
    write(tmp_path, "b.txt", SUMMARY, EXPENDITURE)
    add, store.add = store.add, lambda document, *rest: add(document, *rest) if len(document.tables) > 1 else 1 / 0
    first, second = ingest_paths([tmp_path], store, vectors).files
    assert (first.status, second.status) == ("failed", "indexed")
    assert first.error.startswith("a.txt：收录时出错（ZeroDivisionError")


# --- a full disk -----------------------------------------------------------------------------------------------------
@pytest.fixture
def small(tmp_path):
    """A folder that is a small disk of its own; skipped where none may be mounted."""
    place = tmp_path / "小盘"
    place.mkdir()
    with small_disk(place, 100) as mounted:
        if not mounted:
            pytest.skip(NO_DISK)
        yield place


def test_a_full_disk_is_said_and_once_there_is_space_the_ingest_goes_on(tmp_path, small, embedding):
    store, vectors = Store.open(small), Vectors.open(small, embedding)
    ingest_paths([write(tmp_path, "a.txt", SUMMARY)], store, vectors)
    before = contents(store, vectors)
    path = write(tmp_path, "b.txt", SUMMARY, EXPENDITURE)
    ballast = fill(small, 300_000)
    (entry,) = ingest_paths([path], store, vectors).files
    assert (entry.status, "磁盘空间" in entry.error, "\n" in entry.error) == ("failed", True, False)
    ballast.unlink()
    sweep_orphans(store, vectors)
    assert contents(store, vectors) == before
    assert [one.status for one in ingest_paths([tmp_path / "a.txt", path], store, vectors).files] == [
        "unchanged",
        "indexed",
    ]
    assert vectors.keys() == store.chunk_keys()
