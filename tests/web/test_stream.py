"""Answers as server-sent events, over a real socket."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

TOTAL = "总预算是多少"


def events(url: str, body: object) -> list[tuple[str, dict]]:
    """Name and data of each event, in order."""
    with httpx.stream("POST", f"{url}/api/ask/stream", json=body, trust_env=False, timeout=30) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in response.iter_lines() if line]
    names = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
    data = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    return list(zip(names, data, strict=True))


def test_answer_is_the_one_of_ask(service_url: str) -> None:
    (started, first), (answered, answer), (done, _) = events(service_url, {"question": TOTAL})
    assert (started, answered, done) == ("started", "answer", "done")
    assert first == {"question": TOTAL}
    asked = httpx.post(f"{service_url}/api/ask", json={"question": TOTAL}, trust_env=False).json()
    answer.pop("elapsed_ms"), asked.pop("elapsed_ms")
    assert answer == asked


def test_followup_and_scope_are_taken(service_url: str) -> None:
    first = events(service_url, {"question": TOTAL})[1][1]
    body = {"question": "换成元", "previous": [first["plan"]], "scope": {"year": 2024}}
    assert events(service_url, body)[1][1]["value"] == 81248500


def test_refusal_is_an_answer(service_url: str) -> None:
    assert events(service_url, {"question": ""})[1][1]["reason"] == "empty"


def test_markup_and_line_breaks_stay_in_their_event(service_url: str) -> None:
    asked = "<b>\n\nevent: answer\ndata: {}\r\n总预算</b>"
    found = events(service_url, {"question": asked})
    assert [name for name, _ in found] == ["started", "answer", "done"]
    assert found[1][1]["question"] == asked


@pytest.mark.parametrize("body", [{}, {"question": 5}, {"question": TOTAL, "previous": [{"no": 1}]}])
def test_malformed_request_is_a_problem_before_the_stream(service_url: str, body: dict) -> None:
    response = httpx.post(f"{service_url}/api/ask/stream", json=body, trust_env=False)
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")


def test_client_that_goes_away_harms_nobody(service_url: str) -> None:
    host, port = service_url.removeprefix("http://").split(":")
    body = json.dumps({"question": TOTAL}).encode()
    head = f"POST /api/ask/stream HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    for received in [0, 20] * 10:
        with socket.create_connection((host, int(port)), 10) as connection:
            connection.sendall(head.encode() + body)
            if received:
                connection.recv(received)
    assert events(service_url, {"question": TOTAL})[1][1]["value"] == 8124.85


def test_error_while_answering_is_an_event(start_service: Callable, tmp_path: Path) -> None:
    service = start_service(tmp_path / "store")
    for file in service.store.glob("budget.sqlite*"):
        file.write_bytes(b"no database at all " * 1000)
    names = [name for name, _ in events(service.url, {"question": "办公费是多少"})]
    assert names == ["started", "error", "done"]


def test_stream_is_described_with_an_example(service_url: str) -> None:
    described = httpx.get(f"{service_url}/api/openapi.json", trust_env=False).json()["paths"]["/api/ask/stream"]["post"]
    example = described["responses"]["200"]["content"]["text/event-stream"]["example"]
    assert [line for line in example.splitlines() if line.startswith("event")] == [
        "event: started",
        "event: answer",
        "event: done",
    ]
