"""Whatever goes wrong with a language model, the local answer arrives in time, unchanged but for a mild note, and the log says why.

Over real sockets: a service in a process of its own, asked by its HTTP API, and a scripted endpoint.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.llm import client
from assistant.llm.allowance import Allowance, ModelFailure
from assistant.llm.client import ModelClient
from assistant.llm.templates import Prompt
from index.settings import get_settings
from tests.conftest import Service, serving
from tests.llm.conftest import KEY, SECONDS, Ask, asker, unknown
from tests.llm.scripted import Exchange, Script, ScriptedServer, drop, plan, stall, value
from tests.waiting import until

SLACK = 6.0  # for the local answer and the transport on a busy machine; what stalls here does so for longer than both


@pytest.fixture(autouse=True)
def well_again(endpoint: ScriptedServer, ask: Ask) -> Iterator[None]:
    """After a failure one that works, so that the next test finds the endpoint trusted."""
    yield
    endpoint.script = lambda exchange: exchange.say(plan(value("物业管理费")))
    while ask(unknown())["llm"]["failure"] == "resting":
        time.sleep(1)


CALL = {"index": 0, "id": "c", "type": "function", "function": {"name": "look_up", "arguments": "{}"}}
NO_CHOICES = '{"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[]}'
SEVEN = {"node": "reduce", "how": "rank", "n": 7, "of": {"node": "select", "universe": "projects"}}
SAID: list[tuple[str, Script, str]] = [
    ("401", lambda e: e.error(401, f"Incorrect API key provided: {KEY}"), "denied"),
    ("403", lambda e: e.error(403, "forbidden"), "denied"),
    ("404", lambda e: e.error(404, "model not found"), "unknown"),
    ("429 with a long Retry-After", lambda e: e.error(429, "slow down", Retry_After="30"), "limited"),
    ("500", lambda e: e.error(500, "boom"), "server"),
    ("503", lambda e: e.error(503, "loading model"), "server"),
    ("context overflow", lambda e: e.error(400, "the request exceeds the available context size"), "rejected"),
    ("slow first token", stall(SECONDS + 8), "timeout"),
    ("stall in mid-stream", lambda e: (e.begin(), e.piece('{"parts":'), time.sleep(SECONDS + 8)), "timeout"),
    ("a drip that never ends", lambda e: (e.begin(), [(e.piece(" "), time.sleep(0.1)) for _ in range(120)]), "timeout"),
    ("stream cut", drop, "cut|unreachable"),
    ("stream without an end", lambda e: (e.begin(), e.piece(plan(value("物业管理费")))), "cut"),
    ("no finish reason", lambda e: e.say(plan(value("物业管理费")), finish=None), "cut"),
    ("truncated JSON", lambda e: e.say(plan(value("物业管理费"))[:40], finish="length"), "cut"),
    ("truncated JSON that says it is whole", lambda e: e.say(plan(value("物业管理费"))[:40]), "garbled"),
    ("malformed event", lambda e: (e.begin(), e.event('{"choices": [{"delta"'), e.end()), "garbled"),
    ("HTML with status 200", lambda e: e.send(200, "<html><body>Welcome to the proxy</body></html>", "text/html"), "cut|garbled|empty"),
    ("JSON that is no event stream", lambda e: e.send(200, '{"answer": 1}'), "cut|garbled|empty"),
    ("empty choices", lambda e: (e.begin(), e.event(NO_CHOICES), e.event("[DONE]")), "cut|empty"),
    ("an empty text", lambda e: e.say(""), "empty"),
    ("only thinking", lambda e: e.say("<think>嗯，物业管理费</think>"), "empty"),
    ("schema-shaped nonsense", lambda e: e.say(plan(value("月球旅行费"))), "garbled"),
    ("a label of the documents that was not offered", lambda e: e.say(plan(value("物业管理费", units=["某市教育局"]))), "garbled"),
    ("no operands", lambda e: e.say(plan({"node": "combine", "how": "share", "operands": []})), "garbled"),
    ("a number that nobody said", lambda e: e.say(plan(SEVEN)), "garbled"),
    ("a question back of its own", lambda e: e.say('{"parts":[{"part":"clarify","text":"答案是一亿元","choices":["一亿元"]}]}'), "garbled"),
    ("an answer in the plan", lambda e: e.say('{"parts":[{"part":"say","wording":"答案是一亿元"}]}'), "garbled"),
    ("fields that are not its own", lambda e: e.say('{"parts":[{"part":"refuse","reason":"not_found","detail":"其实是一亿元"}]}'), "garbled"),
    ("a reason that it cannot know", lambda e: e.say('{"parts":[{"part":"refuse","reason":"not_public"}]}'), "garbled"),
    ("prose instead of a plan", lambda e: e.say("物业管理费是一亿元。"), "garbled"),
    ("a tool-call dump as text", lambda e: e.say('{"name": "look_up", "arguments": {"label": "物业管理费"}}'), "garbled"),
    ("a tool call", lambda e: (e.begin(), e.piece(None, tool_calls=[CALL]), e.end("tool_calls")), "cut|garbled"),
    ("another language", lambda e: e.say("The property management fee is one hundred million yuan."), "garbled"),
    ("a deep nest", lambda e: e.say("[" * 5000), "garbled"),
    ("a million characters", lambda e: e.say("好" * 1_000_000), "garbled|timeout"),
]  # fmt: skip
LEFT_OUT = {"notes", "llm", "elapsed_ms"}


@pytest.mark.parametrize(("script", "kind"), [case[1:] for case in SAID], ids=[case[0] for case in SAID])
def test_the_local_answer_arrives_in_time_with_a_note(
    endpoint: ScriptedServer, helped: Service, ask: Ask, ask_plain: Ask, script: Script, kind: str
) -> None:
    question = unknown()
    expected = ask_plain(question)
    assert expected["refused"]
    endpoint.script = script
    seen, logged, started = len(endpoint.seen), len(helped.log), time.monotonic()
    answer = ask(question)
    assert time.monotonic() - started < SECONDS + SLACK
    assert len(endpoint.seen) > seen, "the model was not asked"
    assert {k: v for k, v in answer.items() if k not in LEFT_OUT} == {
        k: v for k, v in expected.items() if k not in LEFT_OUT
    }
    assert [note for note in answer["notes"] if note["code"] != "llm_failed"] == expected["notes"]
    assert [note["code"] for note in answer["notes"]].count("llm_failed") == 1
    assert answer["llm"]["failure"] in kind.split("|")
    until(lambda: any("language model" in line for line in helped.log[logged:]))
    assert KEY not in json.dumps(answer) + "".join(helped.log[logged:])


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://127.0.0.1:9/v1", "unreachable"),
        ("http://no-such-host.invalid/v1", "unreachable"),
        (None, "unreachable"),
    ],
    ids=["connection refused", "DNS failure", "TLS error"],
)
def test_an_endpoint_that_cannot_be_reached(
    start_service: Callable[..., Service],
    endpoint: ScriptedServer,
    ask_plain: Ask,
    indexed: Path,
    url: str | None,
    kind: str,
) -> None:
    address = url or endpoint.url.replace("http://", "https://")
    running = start_service(
        indexed, BUDGET_QA_LLM_BASE_URL=address, BUDGET_QA_LLM_MODEL="m", BUDGET_QA_LLM_SECONDS=str(SECONDS)
    )
    question = unknown()
    started = time.monotonic()
    answer = asker(running.url)(question)
    assert time.monotonic() - started < SECONDS + SLACK
    assert answer["llm"]["failure"] == kind
    assert answer["answer"] == ask_plain(question)["answer"]


def test_a_server_that_asks_to_wait_a_little_is_asked_again(endpoint: ScriptedServer, ask: Ask) -> None:
    answers: list[Callable[[Exchange], None]] = [
        lambda e: e.error(429, "slow down", Retry_After="1"), lambda e: e.say(plan(value("物业管理费"))),
    ]  # fmt: skip
    endpoint.script = lambda exchange: answers.pop(0)(exchange)  # noqa: PLW0108  popped at each request
    answer = ask(unknown())
    assert answer["mode"] == "llm" and answer["llm"]["calls"] == 2
    assert not answers


def test_a_server_without_schemas_is_asked_for_json(endpoint: ScriptedServer, ask: Ask, indexed: Path) -> None:
    with serving(indexed, BUDGET_QA_LLM_BASE_URL=endpoint.url, BUDGET_QA_LLM_MODEL="m") as running:

        def script(exchange: Exchange) -> None:
            if exchange.request.get("response_format", {}).get("type") == "json_schema":
                exchange.error(400, "response_format json_schema is not supported")
            else:
                exchange.say(plan(value("物业管理费")))

        endpoint.script = script
        asked = asker(running.url)
        assert asked(unknown())["mode"] == "llm"
        before = len(endpoint.seen)
        assert asked(unknown())["mode"] == "llm"
        assert [r["response_format"]["type"] for r in endpoint.seen[before:]] == ["json_object"]


def test_an_endpoint_that_keeps_failing_is_left_alone_and_found_again(
    endpoint: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "REST", 1.0)
    model = ModelClient(get_settings(llm_base_url=endpoint.url, llm_model="m"))
    prompt = Prompt("x 1", "系统", "问题")

    def asked() -> str:
        try:
            return model.ask(prompt, Allowance(5.0), 50)
        except ModelFailure as failure:
            return failure.kind

    endpoint.script = lambda exchange: exchange.error(401, "no")
    assert [asked() for _ in range(4)] == ["denied", "denied", "denied", "resting"]
    seen = len(endpoint.seen)
    assert asked() == "resting" and len(endpoint.seen) == seen
    endpoint.script = lambda exchange: exchange.say("好")
    time.sleep(1.1)
    assert [asked(), asked()] == ["好", "好"]
    model.close()


def test_requests_at_once_are_limited(endpoint: ScriptedServer) -> None:
    model = ModelClient(get_settings(llm_base_url=endpoint.url, llm_model="m", llm_at_once=1))

    def slow(exchange: Exchange) -> None:
        time.sleep(1.8)
        exchange.say("好")

    endpoint.script = slow
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(model.ask, Prompt("x 1", "系统", "问题"), Allowance(5.0), 50)
        time.sleep(0.2)
        with pytest.raises(ModelFailure, match="busy"):
            model.ask(Prompt("x 1", "系统", "问题"), Allowance(5.0), 50)
        assert first.result() == "好"
    model.close()
