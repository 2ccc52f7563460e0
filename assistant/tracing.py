"""Spans of the steps of an answer, for who wants them: nothing unless the extra `tracing` is installed and a collector is set.

In: the name of a step. Out: a context that times it. Spans carry kinds and counts, never the words of a question or an answer.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager

from opentelemetry import trace

from index.errors import SettingsError

COLLECTOR, DISABLED = "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_SDK_DISABLED"
_TRACER = trace.get_tracer("budget-qa")


def span(name: str, **attributes: str | int | bool) -> AbstractContextManager[trace.Span]:
    """A timed step; costs a few microseconds where nobody listens."""
    return _TRACER.start_as_current_span(name, attributes=attributes)


def start_tracing() -> bool:
    """Send spans to the collector that the environment names; whether there is one. Raises SettingsError without the extra."""
    if not os.environ.get(COLLECTOR) or os.environ.get(DISABLED, "").lower() == "true":
        return False
    try:
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise SettingsError(f'设了 {COLLECTOR}，但没有安装链路追踪：请运行 pip install ".[tracing]"') from error
    provider = TracerProvider(resource=Resource.create({"service.name": "budget-qa"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return True
