"""Where the time of an answer goes, step by step.

In: an assistant and questions. Out: milliseconds a question in each step, without the steps inside it, told by the spans that
operators can trace.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence

from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from assistant.answer import Assistant
from assistant.tracing import DISABLED

STEPS = {
    "hear": "other characters, English", "locate": "whose budget", "state": "the words of its documents", "mend": "slips of the pen",
    "read": "the network", "plan": "bind words, choose a reading", "look up": "cells and arithmetic", "search": "texts",
    "verify": "every number", "answer": "words, citations, notes",
}  # fmt: skip


def steps(assistant: Assistant, questions: Sequence[str]) -> dict[str, dict[str, float]]:
    """Milliseconds a question in each step, in the order of an answer: asked for the first time, and again. To be called once in a
    process, which has one provider of traces."""
    os.environ.pop(DISABLED, None)  # set for what would be sent; this is kept in memory
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    found = {}
    for time in ("first", "again"):
        exporter.clear()
        for question in questions:
            assistant.ask(question)
        spent = _own(exporter.get_finished_spans())
        found[time] = {name: round(spent[name] / 1e6 / len(questions), 3) for name in STEPS}
    return found


def _own(spans: Sequence[ReadableSpan]) -> Counter[str]:
    """Nanoseconds in each step, without the steps inside it."""
    names = {_id(span): span.name for span in spans}
    spent: Counter[str] = Counter()
    for span in spans:
        took = (span.end_time or 0) - (span.start_time or 0)
        spent[span.name] += took
        if span.parent is not None and span.parent.span_id in names:
            spent[names[span.parent.span_id]] -= took
    return spent


def _id(span: ReadableSpan) -> int:
    assert span.context is not None
    return span.context.span_id
