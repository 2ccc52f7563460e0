"""Tables and facts over HTTP, on the shipped document."""

from __future__ import annotations

import httpx
import pytest

from assistant.web.api.facts import KINDS
from index.parsing.kinds import BY_NAME


@pytest.fixture(scope="module")
def document(client: httpx.Client) -> str:
    return client.get("/api/documents").json()[0]["id"]


def facts(client: httpx.Client, **asked: object) -> dict:
    return client.get("/api/facts", params=asked).raise_for_status().json()


def test_tables_of_a_document_in_its_order(client: httpx.Client, document: str) -> None:
    tables = client.get(f"/api/documents/{document}/tables").raise_for_status().json()
    assert [table["index"] for table in tables] == list(range(13))
    third = tables[2]
    assert (third["number"], third["title"], third["unit"], third["rows"]) == ("3", "支出总体情况表", "万元", 23)
    assert third["columns"][:2] == [["合计"], ["基本支出"]]


def test_tables_of_no_document_are_a_problem(client: httpx.Client) -> None:
    response = client.get("/api/documents/none/tables")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_fact_has_its_cell_and_an_exact_value(client: httpx.Client, document: str) -> None:
    found = facts(client, label="办公费", table_kind="basic_by_economic")
    assert found["total"] == 1
    fact = found["items"][0]
    assert (fact["document"], fact["table_index"], fact["column_index"]) == (document, 5, 0)
    assert (fact["text"], fact["value"], fact["unit"], fact["code"]) == ("68.61", "68.61", "万元", "30201")
    assert fact["path"] == ["商品和服务支出", "办公费"]


def test_every_condition_narrows(client: httpx.Client, document: str) -> None:
    whole = facts(client)["total"]
    department = facts(client, limit=1)["items"][0]["department"]
    for asked in ({"document": document}, {"department": department}, {"year": 2024}):
        assert facts(client, **asked)["total"] == whole
    for asked in (
        {"source": "figure"},
        {"table_kind": "three_public"},
        {"code": "30201"},
        {"unit": "万元"},
        {"label": "费"},
    ):
        assert 0 < facts(client, **asked)["total"] < whole
    for asked in ({"document": "none"}, {"department": "别的局"}, {"year": 1999}, {"budget_unit": "没有的单位"}):
        assert facts(client, **asked) == {"total": 0, "limit": 50, "offset": 0, "items": []}


def test_pages_follow_one_another_without_gap(client: httpx.Client) -> None:
    whole = facts(client, limit=200, table_kind="three_public")["items"]
    parts = [
        fact
        for at in range(0, len(whole), 5)
        for fact in facts(client, limit=5, offset=at, table_kind="three_public")["items"]
    ]
    assert parts == whole
    assert facts(client, offset=1_000_000)["items"] == []


def test_signs_of_a_search_pattern_are_plain_characters(client: httpx.Client) -> None:
    assert facts(client, label="%")["total"] == 0
    assert facts(client, label="_")["total"] == 0


@pytest.mark.parametrize(("asked", "said"), [
    ({"limit": 201}, "limit：不能大于 200"), ({"limit": 0}, "limit：不能小于 1"), ({"offset": -1}, "offset：不能小于 0"),
    ({"year": "今年"}, "year：应为整数"), ({"source": "guess"}, "source：没有这个取值"), ({"table_kind": "x"}, "table_kind：没有这个取值"),
    ({"label": ""}, "label：不能少于 1 个字"), ({"label": "预" * 201}, "label：不能超过 200 个字"),
])  # fmt: skip
def test_bad_condition_is_a_problem(client: httpx.Client, asked: dict, said: str) -> None:
    response = client.get("/api/facts", params=asked)
    assert response.status_code == 422
    assert said in response.json()["detail"]


def test_every_kind_of_table_can_be_asked_for() -> None:
    assert set(KINDS.__args__) == {*BY_NAME, "prose", "target"}
