"""What the page and the API share: one open store with its vectors, the assistant over them, and the counters.

In: questions from many threads, and the operator's files one at a time. Out: answers, counted. Whoever makes a Desk holds
the store for writing (`index.ingest.writing`) as long as the Desk lives.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from assistant import dictionary
from assistant.answer import Assistant
from assistant.catalog import Projects
from assistant.contract import Answer
from assistant.lookup.selecting import Scope
from assistant.tracing import span
from assistant.web.auditing import Audit
from assistant.web.examples import Examples
from assistant.web.metrics import Metrics
from index.ingest import (
    AS_TOLD,
    Correction,
    FileReport,
    Progress,
    Report,
    Source,
    ingest_again,
    ingest_paths,
    ingest_sent,
    remove_document,
)
from index.sandbox import NORMAL, Limits
from index.store import DocumentInfo, Store
from index.vectors import Vectors

Channel = Literal["page", "api", "openai"]
log = logging.getLogger(__name__)


class Desk:
    """One service's stores and assistant. Safe to use from many threads."""

    def __init__(self, store: Store, vectors: Vectors, assistant: Assistant, limits: Limits = NORMAL) -> None:
        self.store, self.vectors, self.assistant, self.limits = store, vectors, assistant, limits
        self.metrics = Metrics()
        self.examples = Examples(store, assistant)
        self.projects = Projects(store, vectors)
        self.audit = Audit(store)
        self.token = ""  # of the service file; while it is empty no work of the operator is taken
        self._writing = threading.Lock()

    def warm(self) -> None:
        """Make what the first question would otherwise wait for."""
        self.vectors.embedding.get_query_embedding("预算")
        dictionary.warm()
        self.examples.current()
        if not self.assistant.library().is_large:  # else whoever opens the page of projects waits, and no one else
            self.projects.current()

    def ask(self, question: str, *, channel: Channel, scope: Scope | None = None,
            previous: Sequence[dict] = ()) -> Answer:  # fmt: skip
        """An answer, counted. Whatever the assistant raises is counted too and raised on."""
        started = time.perf_counter()
        try:
            with span("ask", channel=channel):
                answer = self.assistant.ask(question, scope=scope, previous=previous)
        except Exception:
            self.metrics.failed(channel)
            log.exception("no answer to %r", question[:200])
            raise
        self.metrics.answered(channel, answer, time.perf_counter() - started)
        if answer.llm is not None:
            self.metrics.helped("understanding", answer.mode == "llm", answer.llm)
        return answer

    @property
    def words(self) -> bool:
        """Whether a language model words answers here."""
        model = self.assistant.model
        return model is not None and model.words

    def word(self, answer: Answer) -> Answer:
        """An answer with prose beside it where a language model wrote some, counted. Takes as long as that takes."""
        worded = self.assistant.word(answer)
        if worded.llm is not None and worded is not answer:
            self.metrics.helped("wording", worded.prose is not None, worded.llm, before=answer.llm)
        return worded

    def documents(self) -> list[DocumentInfo]:
        """What is asked, as the assistant holds it: no read of the store unless that has changed."""
        return self.assistant.library().documents

    def ingest(self, paths: Sequence[str], told: Correction = AS_TOLD) -> Report:
        """Index the operator's files; askers see them as soon as this returns. Raises ReadError for a missing path."""
        with self._writing:
            report = ingest_paths(
                [Path(path) for path in paths], self.store, self.vectors, limits=self.limits, told=told
            )
            self.warm()
        return report

    def take_in(self, source: Source, told: Correction, progress: Progress) -> FileReport:
        """Index a file that was sent; askers see it as soon as this returns."""
        with self._writing:
            report = ingest_sent(source, self.store, self.vectors, progress, self.limits, told)
            self.warm()
        return report

    def read_again(self, document_id: str, told: Correction, progress: Progress) -> FileReport:
        """Index the stored original of a document anew. Raises StoreError when there is none of that id."""
        with self._writing:
            report = ingest_again(document_id, self.store, self.vectors, progress, self.limits, told)
            self.warm()
        return report

    def remove(self, document_id: str) -> None:
        """Take a document out. Raises StoreError when there is none of that id."""
        with self._writing:
            remove_document(document_id, self.store, self.vectors)
            self.warm()
