"""The reads that answers are made of use indexes in both databases: their own statements, explained over many documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from index.sql.schema import chunks, documents, facts, originals
from index.sql.store import Store
from tests.services import EMBEDDED, SERVERS

DOCUMENTS, FACTS, CHUNKS = 300, 60, 30
KINDS = ("income_summary", "expenditure_summary", "basic_expenditure", "performance_indicators", "other")
READS: dict[str, Callable[[Store], object]] = {
    "facts of a document by name": lambda s: s.facts(documents=["d7"], names=["科目3", "科目4"]),
    "facts of all documents by name": lambda s: s.facts(names=["科目7-3"]),
    "facts of a document by table and column": lambda s: s.facts(
        documents=["d7"], table_kinds=[KINDS[1]], column_names=["合计"]
    ),
    "facts of a document by table": lambda s: s.facts(documents=["d7"], table_kinds=[KINDS[2]]),
    "facts by code": lambda s: s.facts(codes=["2010003"]),
    "facts of a document by code": lambda s: s.facts(documents=["d7"], codes=["2010003"]),
    "facts of two documents": lambda s: s.facts(documents=["d7", "d8"]),
    "chunks of a document": lambda s: s.chunks(documents=["d7"]),
    "chunks of a document by kind": lambda s: s.chunks(documents=["d7"], kinds=["definition"]),
    "chunks by key": lambda s: s.chunks(keys=[f"{7:016}{3:016}"]),
    "a document as parsed": lambda s: s.parsed("d7"),
    "an original": lambda s: s.original(f"{7:064}"),
    "documents of a department": lambda s: s.documents(departments=["部门7"]),
    "a document by its id": lambda s: s.info("d7"),
    "documents of a file": lambda s: s.of_file(f"{7:064}"),
    "owners of units": lambda s: s.owners(["单位7"]),
    "facts of projects": lambda s: s.facts(roles=["project"]),
    "documents by path": lambda s: s.at_path("p7"),
    "where a document lay": lambda s: s.path_of("d7"),
    "the generation": lambda s: s.generation(),
}
PARSED = '{"title":"x","department":"x","year":2024,"kind":"x","tables":[],"sections":[]}'


@pytest.fixture(scope="module", params=[EMBEDDED, SERVERS])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store of many documents, whose statistics the database has gathered."""
    url = None if request.param == EMBEDDED else request.getfixturevalue("postgresql").database()
    store = Store.open(tmp_path_factory.mktemp("plans"), url)
    everyone = range(DOCUMENTS)
    with store._writes.begin() as connection:
        connection.execute(
            insert(originals), [{"sha256": f"{d:064}", "file_name": "预算" * 50, "content": b"x"} for d in everyone]
        )
        connection.execute(insert(documents), [_document(d) for d in everyone])
        connection.execute(insert(facts), [_fact(d, n) for d in everyone for n in range(FACTS)])
        connection.execute(insert(chunks), [_chunk(d, n) for d in everyone for n in range(CHUNKS)])
        connection.execute(text("ANALYZE"))
    return store


def _document(d: int) -> dict[str, Any]:
    return {
        "id": f"d{d}", "sha256": f"{d:064}", "title": "x", "department": f"部门{d}", "year": 2024, "kind": "x",
        "parsed": PARSED, "indexed_at": "2024", "path": f"p{d}", "added": d, "changed": d,
    }  # fmt: skip


def _fact(d: int, n: int) -> dict[str, Any]:
    return {
        "document": f"d{d}", "department": f"部门{d}", "year": 2024, "source": "cell", "table_kind": KINDS[n % 5],
        "table_title": "表", "table_index": n % 5, "row_index": n, "column_index": 0, "label": f"科目{n}",
        "name": f"科目{n}" if n % 2 else f"科目{d}-{n}", "path": [f"科目{n}"], "code": f"201{d % 50:02}{n:02}", "level": 1,
        "role": "item", "budget_unit": f"单位{d}" if n == 1 else None,
        "column": ["合计"], "column_name": ("合计", "基本支出")[n % 2], "facets": [], "text": "1.00",
        "value": "1.00", "unit": "万元", "place": {"line": n},
    }  # fmt: skip


def _chunk(d: int, n: int) -> dict[str, Any]:
    return {
        "document": f"d{d}", "key": f"{d:016}{n:016}", "kind": "definition" if n == 3 and d % 20 == 0 else "row",
        "subject": "x", "heading": "x", "text": "x" * 200, "body": "x", "place": {"line": n},
    }  # fmt: skip


@contextmanager
def statements(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """What a store asks its database meanwhile."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(store._engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(store._engine, "before_cursor_execute", note)


def plan(store: Store, statement: str, parameters: Any) -> str:
    explain = "EXPLAIN" if store._engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    with store._engine.connect() as connection:
        rows = connection.exec_driver_sql(f"{explain} {statement}", parameters).all()
    return "\n".join(str(row[-1]) for row in rows)


@pytest.mark.parametrize("read", READS)
def test_a_read_uses_an_index(filled: Store, read: str) -> None:
    with statements(filled) as asked:
        READS[read](filled)
    assert asked
    for statement, parameters in asked:
        found = plan(filled, statement, parameters)
        if "FROM meta" not in statement:  # a page in all
            assert "Seq Scan" not in found and "SCAN" not in found.replace("SCAN CONSTANT ROW", ""), found
            assert "Index" in found or "INDEX" in found or "PRIMARY KEY" in found, found


def test_a_search_inside_labels_is_seen_to_read_all(filled: Store) -> None:
    """So that the test above is known to tell."""
    with statements(filled) as asked:
        filled.page_of_facts(5, label="科目")
    plans = [plan(filled, *one) for one in asked if "count" in one[0]]
    assert plans and all("Seq Scan" in found or "SCAN" in found for found in plans)
