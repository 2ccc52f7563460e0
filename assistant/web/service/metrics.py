"""Prometheus counters of the service. In: each answer with its time, each file with its report. Out: the text of /metrics."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector
from prometheus_client import generate_latest as render

from assistant.contract import Answer, Spent
from index.report import FileReport

# Seconds; around the figures to hold: numeric answers p95 60 ms, text answers p95 120 ms, a crowd p95 600 ms.
BUCKETS = (0.005, 0.01, 0.02, 0.04, 0.06, 0.12, 0.3, 0.6, 1.0, 3.0, 10.0)


class Metrics:
    """Counters of one service, in a registry of their own."""

    def __init__(self, under_way: Callable[[], int]) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._questions = Counter(
            "budget_qa_questions",
            "Questions answered",
            ["channel", "kind", "outcome", "reason"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "budget_qa_answer_seconds",
            "Time to an answer",
            ["channel", "kind"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._remembered = Counter(
            "budget_qa_remembered_answers", "Answers that were remembered from before", registry=self.registry
        )
        self._away = Counter(
            "budget_qa_turned_away", "Requests that were too many, or came too late", ["reason"], registry=self.registry
        )
        Gauge("budget_qa_questions_in_flight", "Questions under way", registry=self.registry).set_function(under_way)
        self._files = Counter(
            "budget_qa_ingested_files", "Files by what became of them", ["status"], registry=self.registry
        )
        self._ingesting = Counter("budget_qa_ingest_seconds", "Time spent on files", registry=self.registry)
        self._stops = Counter("budget_qa_verifier_stops", "Answers that the verifier stopped", registry=self.registry)
        self._errors = Counter(
            "budget_qa_errors", "Questions that ended in an error", ["channel"], registry=self.registry
        )
        self._model = Counter(
            "budget_qa_llm", "Answers for which the language model was asked", ["purpose", "outcome"], registry=self.registry
        )  # fmt: skip
        self._tokens = Counter("budget_qa_llm_tokens", "Tokens of the language model", ["kind"], registry=self.registry)
        self._waited = Counter("budget_qa_llm_seconds", "Time waited for the language model", registry=self.registry)
        self._dropped = Counter(
            "budget_qa_llm_sentences_dropped", "Sentences that nothing bore out", registry=self.registry
        )
        self._documents = Gauge("budget_qa_documents", "Documents indexed", registry=self.registry)

    def answered(self, channel: str, answer: Answer, seconds: float, remembered: bool) -> None:
        """Count an answer, after so many seconds; `remembered` where it was not made anew."""
        kind = kind_of(answer)
        self._questions.labels(channel, kind, outcome(answer), answer.reason or "").inc()
        self._seconds.labels(channel, kind).observe(seconds)
        self._remembered.inc(remembered)
        if answer.stops:
            self._stops.inc()

    def helped(self, purpose: str, used: bool, spent: Spent, before: Spent | None = None) -> None:
        """A language model was asked: what came of it, and what that cost beyond what the same answer had cost `before`."""
        self._model.labels(purpose, "used" if used else spent.failure or "nothing").inc()
        already = before or Spent(calls=0, prompt_tokens=0, completion_tokens=0, ms=0.0)
        self._tokens.labels("prompt").inc(max(0, spent.prompt_tokens - already.prompt_tokens))
        self._tokens.labels("completion").inc(max(0, spent.completion_tokens - already.completion_tokens))
        self._waited.inc(max(0.0, spent.ms - already.ms) / 1000)
        self._dropped.inc(spent.dropped)

    def failed(self, channel: str) -> None:
        """Count an error in place of an answer."""
        self._errors.labels(channel).inc()

    def turned_away(self, reason: str) -> None:
        """`rate`, `busy` or `closing`."""
        self._away.labels(reason).inc()

    @contextmanager
    def ingesting(self) -> Iterator[None]:
        """Times the work on files."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self._ingesting.inc(time.perf_counter() - started)

    def came_in(self, reports: Sequence[FileReport]) -> None:
        """Count files by what became of them."""
        for report in reports:
            self._files.labels(report.status).inc()

    def indexed(self, documents: int) -> None:
        """How many documents there are now."""
        self._documents.set(documents)

    def text(self) -> bytes:
        """The counters in Prometheus' text format."""
        return render(self.registry)


def outcome(answer: Answer) -> str:
    """`refused`, `asked_back` or `answered`."""
    if answer.refused:
        return "refused"
    return "asked_back" if answer.reason == "ambiguous" else "answered"


def kind_of(answer: Answer) -> str:
    """What was asked: `value`, `list`, `sum`, `combine`, `check`, `define`, `passage`, `several` …"""
    parts = answer.plan.get("parts", [])
    if len(parts) != 1:
        return "several" if parts else "none"
    expression = parts[0].get("expression") or {}
    return str(
        expression.get("how") if expression.get("node") == "reduce" else expression.get("node") or parts[0]["part"]
    )
