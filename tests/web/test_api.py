"""The HTTP API over a real socket, on the shipped document."""

from __future__ import annotations

import re

import httpx
import pytest

PROBLEM = "application/problem+json"


def problem(response: httpx.Response, status: int) -> str:
    """The detail of a response that must be a problem."""
    assert response.status_code == status
    assert response.headers["content-type"] == PROBLEM
    body = response.json()
    assert body["status"] == status
    assert body["title"]
    return body["detail"]


# --- questions -----------------------------------------------------------------------------------------------------
def test_number_is_answered_with_its_cell(client: httpx.Client) -> None:
    answer = client.post("/api/ask", json={"question": "总预算是多少"}).raise_for_status().json()
    assert answer["value"] == 8124.85
    assert answer["unit"] == "万元"
    assert not answer["refused"]
    number = answer["numbers"][0]
    assert answer["answer"][number["start"] : number["end"]] == number["text"]
    cited = {citation["id"]: citation for citation in answer["citations"]}
    assert cited[number["citations"][0]]["value"] == 8124.85


def test_answer_has_every_field_of_the_contract(client: httpx.Client) -> None:
    answer = client.post("/api/ask", json={"question": "办公费是多少"}).json()
    assert set(answer) >= {
        "question", "answer", "refused", "reason", "value", "unit", "numbers", "derivation", "citations", "notes", "suggestions",
        "plan", "confidence", "mode", "elapsed_ms", "explanation",
    }  # fmt: skip
    assert set(answer["citations"][0]) >= {
        "id", "kind", "document", "department", "year", "table", "row", "column", "text", "value", "unit", "place",
    }  # fmt: skip


def test_followup_is_read_by_the_plan_sent_back(client: httpx.Client) -> None:
    first = client.post("/api/ask", json={"question": "总预算是多少"}).json()
    second = client.post("/api/ask", json={"question": "换成元", "previous": [first["plan"]]}).json()
    assert (second["value"], second["unit"]) == (81248500, "元")


def test_followup_without_plan_has_no_memory_on_the_server(client: httpx.Client) -> None:
    client.post("/api/ask", json={"question": "总预算是多少"})
    assert client.post("/api/ask", json={"question": "换成元"}).json()["value"] != 81248500


@pytest.mark.parametrize("scope", [{"year": 2024}, {"department": "韶关市政务服务数据管理局"}, {"documents": None}, {}])
def test_scope_that_holds_the_document_answers(client: httpx.Client, scope: dict) -> None:
    assert client.post("/api/ask", json={"question": "总预算是多少", "scope": scope}).json()["value"] == 8124.85


@pytest.mark.parametrize(
    "scope", [{"year": 1999}, {"department": "别的局"}, {"documents": []}, {"documents": ["nothing"]}]
)
def test_scope_that_excludes_the_document_refuses(client: httpx.Client, scope: dict) -> None:
    answer = client.post("/api/ask", json={"question": "总预算是多少", "scope": scope}).json()
    assert answer["refused"]
    assert answer["value"] is None


@pytest.mark.parametrize("question", ["", "   \n", "预" * 300_000])
def test_question_that_is_none_is_refused(client: httpx.Client, question: str) -> None:
    answer = client.post("/api/ask", json={"question": question}).raise_for_status().json()
    assert (answer["refused"], answer["reason"]) == (True, "empty")


def test_markup_in_a_question_comes_back_as_it_was(client: httpx.Client) -> None:
    asked = "<script>alert(1)</script>"
    response = client.post("/api/ask", json={"question": asked})
    assert response.json()["question"] == asked
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("told", ["", "short", "with space inside", "x" * 65, "<script>alert(1)</script>"])
def test_every_answer_has_an_id_of_its_request(client: httpx.Client, told: str) -> None:
    answer = client.get("/api/nothing", headers={"x-request-id": told})
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["x-request-id"])
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    named = client.get("/api/nothing", headers={"x-request-id": "from-a-proxy.0001"})
    assert named.json()["request_id"] == named.headers["x-request-id"] == "from-a-proxy.0001"


# --- bad requests --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("body", ["", "{", "not json", '{"question": }', "[" * 50_000])
def test_bad_json_is_a_problem(client: httpx.Client, body: str) -> None:
    response = client.post("/api/ask", content=body, headers={"content-type": "application/json"})
    assert response.status_code in (400, 422)
    assert problem(response, response.status_code)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "question：缺少这一项"),
        ({"question": "总预算", "user": 1}, "user：没有这个字段"),
        ({"question": 5}, "question：应为文字"),
        ({"question": "总预算", "scope": {"month": 1}}, "scope.month：没有这个字段"),
        ({"question": "总预算", "scope": {"year": "今年"}}, "scope.year：应为整数"),
        ({"question": "总预算", "previous": {}}, "previous：应为数组"),
        ({"question": "总预算", "previous": [{"nonsense": 1}]}, "previous[0]：不是有效的计划"),
        ({"question": "总预算", "previous": [{"parts": [{"part": "run_code"}]}]}, "previous[0]：不是有效的计划"),
        (["总预算"], "请求体：应为对象"),
    ],
)
def test_malformed_request_says_where(client: httpx.Client, body: object, said: str) -> None:
    assert said in problem(client.post("/api/ask", json=body), 422)


def test_broken_character_is_a_problem(client: httpx.Client) -> None:
    response = client.post("/api/ask", content='{"question": "\\ud800"}', headers={"content-type": "application/json"})
    assert "无法识别的字符" in problem(response, 422)


def test_deeply_nested_plan_is_a_problem(client: httpx.Client) -> None:
    expression: dict = {"node": "combine", "how": "sum", "operands": []}
    for _ in range(300):
        expression = {"node": "combine", "how": "sum", "operands": [expression]}
    plan = {"parts": [{"part": "calculate", "expression": expression}]}
    assert problem(client.post("/api/ask", json={"question": "换成元", "previous": [plan]}), 422)


def test_huge_body_is_refused(client: httpx.Client) -> None:
    response = client.post("/api/ask", json={"question": "预" * 2_000_000})
    assert "1,000,000" in problem(response, 413)


def test_huge_body_of_unsaid_length_is_refused(client: httpx.Client) -> None:
    pieces = (b"x" * 100_000 for _ in range(50))
    assert problem(client.post("/api/ask", content=pieces, headers={"content-type": "application/json"}), 413)


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "/api/nothing", 404), ("GET", "/api/ask", 405), ("DELETE", "/api/documents", 405), ("GET", "/api/documents/none", 404),
    ("GET", "/internal/ingest", 405),
])  # fmt: skip
def test_wrong_address_or_method_is_a_problem(client: httpx.Client, method: str, path: str, status: int) -> None:
    assert problem(client.request(method, path), status)


# --- documents, examples, service ----------------------------------------------------------------------------------
def test_documents_and_their_contents(client: httpx.Client) -> None:
    entry = next(d for d in client.get("/api/documents").json() if "韶关" in d["department"])
    assert (entry["year"], entry["kind"]) == (2024, "部门预算")
    document = client.get(f"/api/documents/{entry['id']}").json()
    assert document["title"] == entry["title"]
    assert {"title", "kind", "unit", "columns", "rows", "notes", "place"} <= set(document["tables"][0])


def test_every_example_is_answered(client: httpx.Client) -> None:
    examples = client.get("/api/examples").json()
    assert len(examples) >= 4
    for example in examples:
        answer = client.post("/api/ask", json={"question": example["question"]}).json()
        assert not answer["refused"], example
        assert answer["citations"], example


def test_health_and_readiness(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").raise_for_status().json()["documents"] >= 1


def test_metrics_count_answers_and_refusals(client: httpx.Client) -> None:
    client.post("/api/ask", json={"question": "总预算是多少"})
    client.post("/api/ask", json={"question": ""})
    text = client.get("/metrics").text
    assert 'budget_qa_questions_total{channel="api",kind="value",outcome="answered",reason=""}' in text
    assert 'budget_qa_questions_total{channel="api",kind="refuse",outcome="refused",reason="empty"}' in text
    assert 'budget_qa_answer_seconds_bucket{channel="api"' in text
    assert "budget_qa_verifier_stops_total" in text


def test_api_docs_load_only_their_own_assets(client: httpx.Client) -> None:
    page = client.get("/api/docs").raise_for_status().text
    assert "http://" not in page
    assert "https://" not in page
    for asset in ("docs/assets/swagger-ui-bundle.js", "docs/assets/swagger-ui.css", "openapi.json"):
        assert asset in page
        client.get(f"/api/{asset}").raise_for_status()


def test_openapi_names_public_routes_only(client: httpx.Client) -> None:
    described = client.get("/api/openapi.json").json()
    assert set(described["paths"]) == {
        "/api/ask", "/api/ask.xlsx", "/api/ask.csv", "/api/lookup", "/api/documents", "/api/documents/{id}", "/api/documents/{id}/pages/{number}.png",
        "/api/documents/{id}/file",
        "/api/examples", "/api/ask/stream", "/api/feedback", "/v1/models", "/v1/models/{model}", "/v1/chat/completions",
        "/api/documents/{id}/tables", "/api/facts", "/api/audit", "/api/audit.xlsx", "/api/audit.csv",
        "/api/projects", "/api/projects/export.xlsx", "/api/projects/export.csv", "/healthz", "/readyz", "/metrics",
    }  # fmt: skip
    errors = described["paths"]["/api/ask"]["post"]["responses"]["422"]["content"]
    assert PROBLEM in errors
    assert "Problem" in described["components"]["schemas"]


def test_page_loads_nothing_from_elsewhere(client: httpx.Client) -> None:
    policy = client.get("/").raise_for_status().headers["content-security-policy"]
    assert policy.startswith("default-src 'self'")
    assert "http" not in policy


@pytest.mark.parametrize("token", [None, "", "Bearer", "Bearer wrong", "Basic x", "Bearer 错"])
@pytest.mark.parametrize(("path", "body"), [("ingest", {"paths": ["/etc"]}), ("remove", {"document": "x"})])
def test_operator_routes_want_the_secret(client: httpx.Client, path: str, body: dict, token: str | None) -> None:
    headers = {} if token is None else {"authorization": token.encode()}
    assert problem(client.post(f"/internal/{path}", json=body, headers=headers), 401)
