"""Some documents of a store, read as if there were no others."""

from __future__ import annotations

from assistant.view import View
from index.sql.store import Store
from tests.assistant.conftest import ARCHIVE, OFFICE


def test_labels_are_distinct_with_where_they_occur_in_the_order_of_the_document(office_store: Store) -> None:
    labels = View(office_store, office_store.documents()).labels()
    found = [row for row in labels if row["name"] == "档案事务"]
    assert [row["column_name"] for row in found] == ["", "基本支出", "项目支出"]
    assert {(row["code"], row["table_kind"], row["path"]) for row in found} == {
        ("20126", "expenditure_summary", ("一般公共服务支出", "档案事务"))
    }
    names = list(dict.fromkeys(fact.name for fact in office_store.facts()))
    assert list(dict.fromkeys(row["name"] for row in labels)) == names


def test_facts_are_those_that_the_store_finds(office_store: Store) -> None:
    view = View(office_store, office_store.documents())
    for conditions in (
        {}, {"names": ["办公费", "水费"]}, {"roles": ["project"]}, {"codes": ["30201"], "table_kinds": ["basic_by_economic"]},
        {"names": []}, {"names": ["国防支出"]},
    ):  # fmt: skip
        assert view.facts(**conditions) == office_store.facts(**conditions)


def test_what_is_not_in_view_is_not_there(office_store: Store) -> None:
    view = View(office_store, [], narrowed=True)
    assert (view.documents(), view.labels(), view.facts(), view.chunks()) == ([], [], [], [])
    assert view.owners([OFFICE, ARCHIVE]) == {(OFFICE, OFFICE), (OFFICE, ARCHIVE)}
