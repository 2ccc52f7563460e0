"""Spans go to a collector that the environment names, over the real protocol, without the words of question or answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

from assistant.tracing import start_tracing
from tests.conftest import Service
from tests.llm.conftest import asker

WAIT = 15  # seconds; spans are sent in batches


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.raw = ""
        self.asked = threading.Event()

    def Export(self, request: trace_service_pb2.ExportTraceServiceRequest, context: object) -> object:  # noqa: N802  the protocol's name
        self.raw += str(request)
        for resource in request.resource_spans:
            self.names |= {span.name for scope in resource.scope_spans for span in scope.spans}
        if {"ask", "plan", "answer"} <= self.names:
            self.asked.set()
        return trace_service_pb2.ExportTraceServiceResponse()


@pytest.fixture
def collector() -> Iterator[tuple[Collector, str]]:
    server, kept = grpc.server(ThreadPoolExecutor(2)), Collector()
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(kept, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield kept, f"http://127.0.0.1:{port}"
    server.stop(None)


def test_spans_reach_a_collector(
    collector: tuple[Collector, str], start_service: Callable[..., Service], indexed: Path
) -> None:
    kept, url = collector
    running = start_service(
        indexed, OTEL_SDK_DISABLED="false", OTEL_EXPORTER_OTLP_ENDPOINT=url, OTEL_BSP_SCHEDULE_DELAY="200"
    )
    assert not asker(running.url)("公务接待费是多少")["refused"]
    assert kept.asked.wait(WAIT), kept.names
    assert "budget-qa" in kept.raw and "公务接待费" not in kept.raw and "\\345\\205\\254" not in kept.raw


def test_there_is_none_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    assert not start_tracing()
