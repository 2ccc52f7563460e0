"""Prometheus counters of the service. In: each answer with its time. Out: the text of /metrics."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector
from prometheus_client import generate_latest as render

from assistant.contract import Answer, Spent

# Seconds; around the figures to hold: numeric answers p95 60 ms, text answers p95 120 ms, a crowd p95 600 ms.
BUCKETS = (0.005, 0.01, 0.02, 0.04, 0.06, 0.12, 0.3, 0.6, 1.0, 3.0, 10.0)


class Metrics:
    """Counters of one service, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._questions = Counter(
            "budget_qa_questions", "Questions answered", ["channel", "outcome", "reason"], registry=self.registry
        )
        self._seconds = Histogram(
            "budget_qa_answer_seconds", "Time to an answer", ["channel"], buckets=BUCKETS, registry=self.registry
        )
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

    def answered(self, channel: str, answer: Answer, seconds: float) -> None:
        self._questions.labels(channel, outcome(answer), answer.reason or "").inc()
        self._seconds.labels(channel).observe(seconds)
        if any(note.code == "unverified" for note in answer.notes):
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
        self._errors.labels(channel).inc()

    def text(self, documents: int) -> bytes:
        """The counters in Prometheus' text format."""
        self._documents.set(documents)
        return render(self.registry)


def outcome(answer: Answer) -> str:
    """`refused`, `asked_back` or `answered`."""
    if answer.refused:
        return "refused"
    return "asked_back" if answer.reason == "ambiguous" else "answered"
