"""Feedback over HTTP and its export, at a running service."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from eval.questions import load_cases
from tests.conftest import Service

GIVEN = {"question": "总预算是多少", "answer": "2024年……", "good": True}


def give(client: httpx.Client, **change: Any) -> httpx.Response:
    return client.post("/api/feedback", json={**GIVEN, **change})


def exported(run_budget_qa: Callable, service: Service, file: Path) -> list[dict]:
    done = run_budget_qa("feedback", "--export", str(file), "--store", str(service.store))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("意见 ")
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_feedback_on_an_answer_is_exported(
    client: httpx.Client, service: Service, run_budget_qa: Callable, tmp_path: Path
) -> None:
    answer = client.post("/api/ask", json={"question": "办公费是多少"}).json()
    remark = "想要合计 <script>alert(1)</script> “引号”\n第二行"
    response = give(
        client, question="办公费是多少", answer=answer["answer"], plan=answer["plan"], good=False, remark=remark
    )
    assert response.status_code == 201
    lines = exported(run_budget_qa, service, tmp_path / "candidates.jsonl")
    (line,) = [line for line in lines if line["id"] == f"feedback-{response.json()['id']}"]
    assert (line["class"], line["question"], line["remark"], line["good"]) == (
        "candidate",
        "办公费是多少",
        remark,
        False,
    )
    assert line["answer"] == answer["answer"]
    assert [case.kind for case in load_cases(tmp_path / "candidates.jsonl")] == ["candidate"] * len(lines)


def test_export_writes_over_nothing(service: Service, run_budget_qa: Callable, tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text("mine", "utf-8")
    done = run_budget_qa("feedback", "--export", str(tmp_path / "mine.jsonl"), "--store", str(service.store))
    assert (done.returncode, "已经存在" in done.stderr) == (1, True)
    assert (tmp_path / "mine.jsonl").read_text("utf-8") == "mine"


@pytest.mark.parametrize(("change", "said"), [
    ({"remark": "预" * 501}, "remark：太长，最多 500"),
    ({"question": "预" * 10_000}, "question：太长，最多 2000"),
    ({"answer": "预" * 20_001}, "answer：太长，最多 20000"),
    ({"question": ""}, "question：不能为空"),
    ({"good": "yes"}, "good：应为 true 或 false"),
    ({"good": None}, "good：应为 true 或 false"),
    ({"plan": {"parts": [{"part": "run_code"}]}}, "plan：不是有效的计划"),
    ({"plan": {"parts": [], "form": "x" * 30_000}}, "plan：最多 20000 个字"),
    ({"user": "某人"}, "user：没有这个字段"),
])  # fmt: skip
def test_malformed_feedback_says_where(client: httpx.Client, change: dict, said: str) -> None:
    response = give(client, **change)
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    assert said in response.json()["detail"]


@pytest.mark.parametrize("change", [{"remark": "\ud800"}, {"plan": {"parts": [], "form": "\ud800"}}])
def test_broken_character_is_a_problem(client: httpx.Client, change: dict) -> None:
    body = json.dumps({**GIVEN, **change}).encode()
    response = client.post("/api/feedback", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 422


def test_form_of_another_site_is_not_taken(client: httpx.Client) -> None:
    """A page elsewhere can send a browser's form here without being asked, but not as JSON."""
    response = client.post("/api/feedback", content=json.dumps(GIVEN).encode(), headers={"content-type": "text/plain"})
    assert response.status_code == 422


def test_longest_feedback_is_kept(client: httpx.Client) -> None:
    assert give(client, answer="预" * 10_000, remark="预" * 500).status_code == 201


def test_feedback_at_once_is_all_kept(
    client: httpx.Client, service: Service, run_budget_qa: Callable, tmp_path: Path
) -> None:
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda n: give(client, question=f"同时{n}"), range(60)))
    assert {response.status_code for response in found} == {201}
    lines = exported(run_budget_qa, service, tmp_path / "candidates.jsonl")
    assert {line["question"] for line in lines} >= {f"同时{n}" for n in range(60)}


def test_feedback_is_read_by_nobody_over_http(client: httpx.Client) -> None:
    assert client.get("/api/feedback").status_code == 405
