"""Many people at once: `python -m benchmarks.crowd [SECONDS]`, 30 seconds a line by default; `--askers 1 20` picks others.

In: a seeded sample of the dev questions, asked of a service of its own over the shipped document, by 1, 20, 100 and 300 askers at
once, each asking on as soon as it has its answer; through the API and through the page's own queue; all questions different
(no answer remembered), and the same fifty again and again, as after a press conference. Out: answers a second, seconds to an answer,
statuses, and the service's memory before and after; also as JSON in benchmarks/results/crowd.json.

Askers share the machine's cores with the service, so the figures are those of a machine with fewer of them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.machine import machine
from eval.questions import DEV, load_cases
from eval.report import percentile

RESULTS = Path(__file__).parent / "results" / "crowd.json"
ADDRESS = "网页地址："
SEED, SAME = 8, 50
ASKERS, SECONDS = (1, 20, 100, 300), 30
STAYS = 3  # questions that one visitor of the page asks
WAIT = 5.0  # seconds at most that a client which was turned away waits, whatever it was told
CLOSED = 0  # status of a connection that broke
NO_RATES = {"BUDGET_QA_RATE_PER_MINUTE": "0", "BUDGET_QA_RATE_BURST": "0"}  # all askers share one address here


@dataclass
class Line:
    """What a number of askers saw."""

    way: str
    questions: str
    askers: int
    seconds: float
    took: list[float] = field(default_factory=list, repr=False)  # seconds to an answer
    turned_away: list[float] = field(default_factory=list, repr=False)  # seconds to being told so
    statuses: Counter[int] = field(default_factory=Counter)
    megabytes: tuple[int, int] = (0, 0)  # of the service, before and after

    def summary(self) -> dict[str, Any]:
        kept = {name: value for name, value in asdict(self).items() if name not in ("took", "turned_away", "statuses")}
        seconds = {f"p{p}": round(percentile(self.took, p), 3) if self.took else None for p in (50, 95, 99)}
        away = round(percentile(self.turned_away, 95), 3) if self.turned_away else None
        statuses = {str(status): count for status, count in sorted(self.statuses.items())}
        return {
            **kept,
            "a_second": round(len(self.took) / self.seconds, 1),
            **seconds,
            "turned_away_p95": away,
            "statuses": statuses,
        }


class Asker:
    """Someone who asks by the API."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def ask(self, question: str) -> httpx.Response:
        return await self._client.post("/api/ask", json={"question": question})


class Visitor(Asker):
    """Someone who asks on the page: joins the queue, then listens until the event is complete, as Gradio's script does."""

    def __init__(self, client: httpx.AsyncClient, event: tuple[int, int]) -> None:
        super().__init__(client)
        self._event, self._asked = event, 0

    async def ask(self, question: str) -> httpx.Response:
        if self._asked % STAYS == 0:
            self._session = f"{random.getrandbits(64):x}"
        self._asked += 1
        function, trigger = self._event
        body = {
            "data": [question, None, "", ""],
            "fn_index": function,
            "trigger_id": trigger,
            "session_hash": self._session,
        }
        joined = await self._client.post("/gradio_api/queue/join", json=body)
        if joined.status_code != httpx.codes.OK:
            return joined
        async with self._client.stream(
            "GET", "/gradio_api/queue/data", params={"session_hash": self._session}
        ) as stream:
            async for line in stream.aiter_lines():
                message = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
                if message.get("msg") == "process_completed":
                    return httpx.Response(200 if message["success"] else 500, request=stream.request)
        return httpx.Response(500, request=joined.request)


def asking_event(url: str) -> tuple[int, int]:
    """The number of the page's event that takes a question, and the component that triggers it."""
    config = httpx.get(f"{url}/config", trust_env=False, timeout=30).json()
    for dependency in config["dependencies"]:
        for component, event in dependency["targets"]:
            if event == "submit":
                return dependency["id"], component
    raise SystemExit("the page has no box for a question")


def sampled(count: int | None = None) -> list[str]:
    """Dev questions that stand alone, in an order of their own, the same every time."""
    cases = [case for path in sorted(DEV.glob("*.jsonl")) for case in load_cases(path) if not case.followup_of]
    found = [case.question for case in cases]
    random.Random(SEED).shuffle(found)
    return found[:count]


async def crowd(url: str, line: Line, questions: Sequence[str]) -> None:
    """Everyone asks until the time is over; what is under way then is waited for."""
    event = asking_event(url) if line.way == "page" else None
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=line.askers)
    turn, start = iter(range(10**9)), time.perf_counter()
    async with httpx.AsyncClient(base_url=url, timeout=120, limits=limits, trust_env=False) as client:

        async def person() -> None:
            asker = Visitor(client, event) if event else Asker(client)
            while time.perf_counter() - start < line.seconds:
                began = time.perf_counter()
                try:
                    response = await asker.ask(questions[next(turn) % len(questions)])
                except httpx.TransportError:
                    line.statuses[CLOSED] += 1
                    continue
                took = time.perf_counter() - began
                line.statuses[response.status_code] += 1
                if response.status_code == httpx.codes.OK:
                    line.took.append(took)
                else:
                    line.turned_away.append(took)
                    await asyncio.sleep(min(WAIT, float(response.headers.get("retry-after", 1))))

        await asyncio.gather(*(person() for _ in range(line.askers)))
    line.seconds = round(time.perf_counter() - start, 1)


@contextmanager
def service(store: Path, **environment: str) -> Iterator[tuple[str, Callable[[], int]]]:
    """A service of its own: where it is, and what tells its megabytes."""
    command = [sys.executable, "-m", "assistant.cli.main", "serve", "--port", "0", "--store", str(store)]
    process = subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        if not first.startswith(ADDRESS):
            raise SystemExit("the service did not start")
        yield first.removeprefix(ADDRESS).strip(), lambda: psutil.Process(process.pid).memory_info().rss // 2**20
    finally:
        process.terminate()
        process.wait(60)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crowd", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("seconds", nargs="?", type=int, default=SECONDS)
    parser.add_argument("--askers", nargs="+", type=int, default=ASKERS)
    given = parser.parse_args()
    lines = []
    table = Table(
        "way", "questions", "askers", "answers/s", "p50 s", "p95 s", "p99 s", "statuses", "told away p95 s", "MB",
        title=f"{given.seconds} s a line",
    )  # fmt: skip
    for questions, asked, environment in (
        ("different", sampled(), {"BUDGET_QA_REMEMBERED_ANSWERS": "0"}),
        ("the same fifty", sampled(SAME), {}),
    ):
        with (
            tempfile.TemporaryDirectory(prefix="budget-qa-crowd-", ignore_cleanup_errors=True) as directory,
            service(Path(directory) / "store", **NO_RATES, **environment) as (url, megabytes),
        ):
            for way in ("api", "page"):
                for askers in given.askers:
                    line, before = Line(way, questions, askers, given.seconds), megabytes()
                    asyncio.run(crowd(url, line, asked))
                    line.megabytes = (before, megabytes())
                    told = line.summary()
                    lines.append(told)
                    statuses = " ".join(f"{status}:{count}" for status, count in told["statuses"].items())
                    numbers = [str(told[name]) for name in ("a_second", "p50", "p95", "p99")]
                    memory = "→".join(map(str, line.megabytes))
                    row = [
                        way,
                        questions,
                        str(askers),
                        *numbers,
                        statuses,
                        str(told["turned_away_p95"] or ""),
                        memory,
                    ]
                    table.add_row(*row)
                    print("  ".join(row), file=sys.stderr, flush=True)
    Console(width=140).print(table)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": machine(), "lines": lines}, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
