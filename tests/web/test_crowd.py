"""More people than the service answers at once, and its end while somebody waits. A language model that keeps its answer back holds
questions as long as a test wants.
"""

from __future__ import annotations

import itertools
import json
import re
import shutil
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import httpx
import pytest

from benchmarks.crowd import Line, asking_event, crowd, sampled
from index.settings import Settings
from tests.conftest import Service, apart, serving
from tests.llm.scripted import Exchange, scripted
from tests.waiting import until

AT_ONCE, WAITING = 2, 2
SECRET = "张三丰问的办公费是多少"


@dataclass
class Held:
    """A service whose language model says nothing until it is let go."""

    service: Service
    go: threading.Event
    asked: list[dict]
    numbers: Iterator[int]

    def ask(self) -> httpx.Response:
        """A question of its own each time, so that no answer is remembered."""
        question = {"question": f"第{next(self.numbers)}个人想知道办公费是多少"}
        return httpx.post(f"{self.service.url}/api/ask", json=question, trust_env=False, timeout=60)

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.service.url + path, trust_env=False, timeout=60)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory, indexed_settings: Settings) -> Iterator[Held]:
    go = threading.Event()
    store = shutil.copytree(indexed_settings.store, tmp_path_factory.mktemp("held") / "store")

    def keep_back(exchange: Exchange) -> None:
        go.wait(60)
        exchange.say("{}")

    with scripted() as model:
        model.script = keep_back
        environment = {
            "BUDGET_QA_LLM_BASE_URL": model.url, "BUDGET_QA_LLM_MODEL": "scripted", "BUDGET_QA_LLM_UNDERSTANDING": "always",
            "BUDGET_QA_LLM_WORDING": "0", "BUDGET_QA_LLM_SECONDS": "60", "BUDGET_QA_LLM_AT_ONCE": "8", "BUDGET_QA_AT_ONCE": str(AT_ONCE),
            "BUDGET_QA_WAITING": str(WAITING), "BUDGET_QA_LOG_FORMAT": "json", "BUDGET_QA_DRAIN_SECONDS": "60",
        }  # fmt: skip
        with serving(store, **environment) as service:
            yield Held(service, go, model.seen, itertools.count())
            go.set()


@pytest.fixture
def people() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as pool:
        yield pool


def counted(held: Held, metric: str) -> float:
    found = re.search(rf"^{re.escape(metric)} (\S+)$", held.get("/metrics").text, re.MULTILINE)
    return float(found[1]) if found else 0.0


@pytest.mark.slow
def test_who_is_too_many_is_told_at_once_and_all_others_are_answered(held: Held, people: ThreadPoolExecutor) -> None:
    held.go.clear()
    asking: list[Future[httpx.Response]] = [people.submit(held.ask) for _ in range(AT_ONCE + WAITING + 4)]
    until(lambda: sum(each.done() for each in asking) == 4)
    away = [each.result() for each in asking if each.done()]
    assert {response.status_code for response in away} == {503}
    assert all(int(response.headers["retry-after"]) >= 1 for response in away)
    problem = away[0].json()
    assert "提问的人很多" in problem["detail"] and problem["request_id"] == away[0].headers["x-request-id"]
    assert held.get("/healthz").json() == {"status": "ok"}
    assert held.get("/readyz").status_code == 200
    assert counted(held, "budget_qa_questions_in_flight") == AT_ONCE

    joined = [_join(held, f"visitor-{i}") for i in range(AT_ONCE + WAITING + 4)]
    full = [response for response in joined if response.status_code != 200]
    assert full and {response.status_code for response in full} == {
        429
    }  # of 503 Gradio's script says something in English
    assert "提问的人很多" in full[0].json()["detail"] and full[0].headers["retry-after"]

    held.go.set()
    assert sorted(each.result().status_code for each in asking) == [200] * (AT_ONCE + WAITING) + [503] * 4
    assert counted(held, 'budget_qa_turned_away_total{reason="busy"}') == 4 + len(full)
    until(lambda: counted(held, "budget_qa_questions_in_flight") == 0)


def _join(held: Held, session: str) -> httpx.Response:
    function, trigger = asking_event(held.service.url)
    body = {
        "data": [f"{session}想知道培训费是多少", None, "", ""],
        "fn_index": function,
        "trigger_id": trigger,
        "session_hash": session,
    }
    return httpx.post(f"{held.service.url}/gradio_api/queue/join", json=body, trust_env=False, timeout=60)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["api", "page"])
def test_a_crowd_is_answered_or_told_to_come_again(held: Held, way: str) -> None:
    held.go.set()
    line = Line(way, "different", 20, 3)
    apart(crowd(held.service.url, line, sampled(200)))
    assert set(line.statuses) <= {200, 429, 503}
    assert line.statuses[200] and line.turned_away
    assert held.ask().status_code == 200


@pytest.mark.slow
def test_the_log_is_json_with_the_id_of_the_request_and_nothing_of_who_asked(held: Held) -> None:
    held.go.set()
    named = {"x-request-id": "from-a-proxy-1"}
    asked = httpx.post(
        f"{held.service.url}/api/ask?who=张三丰", json={"question": SECRET}, headers=named, trust_env=False, timeout=60
    )
    assert asked.headers["x-request-id"] == "from-a-proxy-1"
    until(lambda: any("from-a-proxy-1" in line and '"path"' in line for line in held.service.log))
    lines = [json.loads(line) for line in held.service.log if line.startswith("{")]
    written = [line for line in lines if line.get("request_id") == "from-a-proxy-1"]
    assert {(line["path"], line["status"], line["level"]) for line in written if "path" in line} == {
        ("/api/ask", 200, "INFO")
    }
    log = "".join(held.service.log)
    assert "张三丰" not in log and "办公费" not in log
    assert not any("127.0.0.1" in str(line) for line in lines if line["logger"].startswith("assistant"))


@pytest.mark.slow
def test_answers_under_way_are_finished_at_the_end_and_new_questions_refused(
    held: Held, people: ThreadPoolExecutor
) -> None:
    """The last one: afterwards there is no service."""
    held.go.clear()
    before = len(held.asked)
    waiting = people.submit(held.ask)
    until(lambda: len(held.asked) > before)
    held.service.process.send_signal(signal.SIGTERM)
    until(lambda: held.get("/readyz").status_code == 503)
    late = held.ask()
    assert (late.status_code, "正在停止" in late.json()["detail"]) == (503, True)
    assert late.headers["retry-after"]
    assert held.get("/healthz").status_code == 200
    held.go.set()
    assert waiting.result().json()["value"]
    assert held.service.process.wait(30) == 0
