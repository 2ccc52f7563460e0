"""The SQL store: whole documents or none, exact amounts, errors of one line."""

from decimal import Decimal

import pytest
from builders import EXPENDITURE, PROJECTS, SUMMARY, budget, budget_text, table_text
from sqlalchemy import event

from index.chunks import document_chunks
from index.errors import StoreError
from index.facts import document_facts
from index.sql.store import Standing, Store, document_id_of
from tests.services import both


def add(store: Store, *tables: str, name: str = "a.txt") -> str:
    document, content = budget(*tables), budget_text(*tables).encode()
    key = document_id_of(content)
    store.add(document, key, name, content, document_facts(document, key), document_chunks(document, key))
    return key


def assert_one_line(caught) -> None:
    message = str(caught.value)
    assert "\n" not in message
    assert "；请" in message or "；用" in message


@both
def test_what_is_added_is_read_back(store):
    key = add(store, EXPENDITURE, PROJECTS)
    document = budget(EXPENDITURE, PROJECTS)
    assert store.parsed(key) == document
    assert store.facts() == document_facts(document, key)
    assert store.chunks() == document_chunks(document, key)
    assert store.count_facts() == len(store.facts())


@both
def test_amounts_stay_exact(store):
    add(store, table_text("支出总体情况表", "项目|预算|结转", "电费|123456789.123456|0.10", "水费|0.20|"))
    assert [fact.value for fact in store.facts()] == [
        Decimal("123456789.123456"),
        Decimal("0.10"),
        Decimal("0.20"),
        None,
    ]
    assert str(store.facts()[1].value) == "0.10"


@both
def test_the_original_is_kept_byte_for_byte(store):
    add(store, SUMMARY, name="预算（2024）.txt")
    (info,) = store.documents()
    assert store.original(info.sha256) == ("预算（2024）.txt", budget_text(SUMMARY).encode())
    assert store.original_size(info.sha256) == len(budget_text(SUMMARY).encode())
    assert (store.original("0" * 64), store.original_size("0" * 64)) == (None, 0)


@both
def test_facts_are_found_by_any_condition(store):
    add(store, EXPENDITURE, PROJECTS)
    assert {f.code for f in store.facts(codes=["205", "999"])} == {"205"}
    assert {f.value for f in store.facts(names=["人大事务"], column_names=["基本支出"])} == {Decimal("50.00")}
    assert {f.name for f in store.facts(roles=["project"])} == {"档案整理项目", "大厅运行经费"}
    assert store.facts(table_kinds=["income_summary"]) == []
    assert store.facts(documents=[]) == []


@both
def test_chunks_are_found_by_key_and_kind(store):
    add(store, PROJECTS)
    wanted = store.chunks(kinds=["project"])
    assert [chunk.body for chunk in wanted] == ["整理档案，完成率达到99.5%以上。", "保障大厅运行。"]
    assert store.chunks(keys=[wanted[0].key]) == wanted[:1]
    assert {chunk.key for chunk in store.chunks()} == store.chunk_keys()


@both
def test_the_same_document_again_replaces_itself(store):
    key = add(store, SUMMARY)
    before = len(store.facts())
    assert add(store, SUMMARY, name="b.txt") == key
    assert (len(store.documents()), len(store.facts())) == (1, before)


@both
def test_a_document_is_removed_with_all_that_is_its_own(store):
    key, other = add(store, SUMMARY), add(store, PROJECTS)
    sha256 = next(info.sha256 for info in store.documents() if info.id == key)
    store.remove(key)
    assert [info.id for info in store.documents()] == [other]
    assert {fact.document for fact in store.facts()} == {chunk.document for chunk in store.chunks()} == {other}
    assert store.original(sha256) is None


@both
def test_every_change_raises_the_generation(store):
    seen = [store.generation()]
    key = add(store, SUMMARY)
    seen.append(store.generation())
    store.remove(key)
    seen.append(store.generation())
    assert seen == sorted(set(seen))


@both
def test_a_store_remembers_that_it_was_used(store):
    assert not store.ever_used()
    store.remove(add(store, SUMMARY))
    assert store.ever_used()


@both
@pytest.mark.parametrize("call", ["remove", "parsed"])
def test_an_unknown_document_is_named(store, call):
    with pytest.raises(StoreError, match=r"^nope：没有这份文件") as caught:
        getattr(store, call)("nope")
    assert_one_line(caught)
    assert store.generation() == 0


def test_another_process_sees_what_is_written(store, tmp_path):
    key = add(store, SUMMARY)
    again = Store.open(tmp_path / "库")
    assert [info.id for info in again.documents()] == [key]
    again.close()


def test_a_full_disk_in_the_middle_leaves_the_old_state(store, tmp_path):
    key = add(store, SUMMARY)
    event.listen(store._engine, "before_cursor_execute", _fill_the_disk_at_chunks)
    with pytest.raises(StoreError, match=r"full.*磁盘") as caught:
        add(store, PROJECTS)
    assert_one_line(caught)
    again = Store.open(tmp_path / "库")
    assert [info.id for info in again.documents()] == [key]
    assert {fact.document for fact in again.facts()} == {chunk.document for chunk in again.chunks()} == {key}
    add(again, PROJECTS)
    again.close()


def _fill_the_disk_at_chunks(connection, cursor, statement, *_):
    if statement.startswith("INSERT INTO chunks"):
        cursor.execute("PRAGMA max_page_count=1")  # no page more: SQLite's own full disk


def test_a_damaged_database_is_one_line(tmp_path):
    (tmp_path / "budget.sqlite").write_bytes(b"no database at all " * 100)
    with pytest.raises(StoreError, match="无法打开") as caught:
        Store.open(tmp_path)
    assert_one_line(caught)


def test_a_database_damaged_inside_is_one_line_when_it_is_read(tmp_path):
    store = Store.open(tmp_path)
    add(store, EXPENDITURE, PROJECTS, SUMMARY)
    with store._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        page = connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'facts'").scalar()
    store.close()
    path = tmp_path / "budget.sqlite"
    content = bytearray(path.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    path.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        Store.open(tmp_path).facts()
    assert_one_line(caught)


def test_a_directory_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError) as caught:
        Store.open(tmp_path / "file" / "store")
    assert_one_line(caught)


@pytest.mark.parametrize(
    "url", ["nosuch://host/x", "postgresql+psycopg://u:secret@127.0.0.1:1/x", "sqlite:////nowhere/x.db"]
)
def test_a_database_url_that_leads_nowhere_is_one_line(tmp_path, url):
    with pytest.raises(StoreError) as caught:
        Store.open(tmp_path, url)
    assert_one_line(caught)
    assert "secret" not in str(caught.value)


def test_another_url_keeps_the_facts_there(tmp_path):
    url = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    add(Store.open(tmp_path / "store", url), SUMMARY)
    assert len(Store.open(tmp_path / "other", url).documents()) == 1
    assert not (tmp_path / "store" / "budget.sqlite").exists()


@both
def test_a_hidden_document_is_kept_as_parsed_and_listed_when_asked_for(store):
    key, other = add(store, SUMMARY), add(store, EXPENDITURE)
    store.place(key, Standing(superseded_by=other), [], [])
    assert [(info.id, info.supersedes) for info in store.documents()] == [(other, (key,))]
    assert [info.superseded_by for info in store.documents(hidden=True)] == [other, None]
    assert {fact.document for fact in store.facts()} == {chunk.document for chunk in store.chunks()} == {other}
    assert store.parsed(key) == budget(SUMMARY)


@both
def test_what_is_written_at_once_is_visible_at_once_or_not_at_all(store):
    key = add(store, SUMMARY)
    before = store.documents(), store.facts()

    def replace_and_fail() -> None:
        with store.at_once():
            store.remove(key)
            add(store, EXPENDITURE)
            store.remove("nope")

    with pytest.raises(StoreError):
        replace_and_fail()
    assert (store.documents(), store.facts()) == before
