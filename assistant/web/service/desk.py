"""What the page and the API share: one open store with its vectors, the assistant over them, and the counters.

In: questions from many threads, and the operator's files one at a time. Out: answers, counted, of which a bounded number is made
at once. Whoever makes a Desk holds the store directory for writing (`index.ingest.writing`) as long as the Desk lives; stores on servers
are held file by file.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from assistant.answer import Assistant
from assistant.budgets.library import Scope
from assistant.catalog import Projects
from assistant.contract import Answer
from assistant.tracing import span
from assistant.web.service.auditing import Audit
from assistant.web.service.examples import Examples
from assistant.web.service.gate import Gate, TurnedAwayError
from assistant.web.service.metrics import Metrics
from assistant.web.service.rates import Rates
from assistant.web.service.remembered import Remembered, key_of
from assistant.words import dictionary
from index.errors import StoreError
from index.files import Source
from index.ingest import AS_TOLD, Correction, ingest_again, ingest_paths, ingest_sent
from index.report import FileReport, Report
from index.sandbox import NORMAL, Limits
from index.search.vectors import Vectors
from index.settings import Settings
from index.settling import Progress, remove_document
from index.sql.store import DocumentInfo, Store

Channel = Literal["page", "api", "openai"]
log = logging.getLogger(__name__)


class Desk:
    """One service's stores and assistant. Safe to use from many threads."""

    def __init__(
        self, store: Store, vectors: Vectors, assistant: Assistant, settings: Settings, limits: Limits = NORMAL
    ) -> None:
        self.store, self.vectors, self.assistant, self.limits = store, vectors, assistant, limits
        self.gate = Gate(settings.at_once, settings.waiting)
        self._rates = Rates(settings.rate_per_minute, settings.rate_burst)
        self._remembered = Remembered(settings.remembered_answers)
        self._at_once = threading.Semaphore(settings.at_once)  # of the API and the page together
        self._counting = threading.Lock()
        self.under_way = 0  # questions that are answered, or wait for one of those
        self.metrics = Metrics(lambda: self.under_way)
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

    def admit(self, address: str) -> None:
        """Count a request of an address. Raises TurnedAwayError where it comes too often, or too late."""
        try:
            self.gate.refuse_when_closed()
            self._rates.count(address)
        except TurnedAwayError as error:
            self.metrics.turned_away(error.reason)
            raise

    def ask(self, question: str, *, channel: Channel, scope: Scope | None = None,
            previous: Sequence[dict] = ()) -> Answer:  # fmt: skip
        """An answer, counted. Whatever the assistant raises is counted too and raised on."""
        started = time.perf_counter()
        try:
            with self._counted(), span("ask", channel=channel):
                key = key_of(self.store.generation(), question, scope, previous)
                known = self._remembered.get(key)
                answer = known or self._answer(question, scope, previous)
        except Exception as error:
            self.metrics.failed(channel)
            if isinstance(error, StoreError):  # which says all in one line
                log.error("no answer: %s", error)
            else:
                log.exception("no answer to %r", question[:200])
            raise
        seconds = time.perf_counter() - started
        self.metrics.answered(channel, answer, seconds, known is not None)
        if known is not None:
            return known.model_copy(update={"elapsed_ms": round(seconds * 1000, 2)})
        self._remembered.keep(key, answer)
        if answer.llm is not None:
            self.metrics.helped("understanding", answer.mode == "llm", answer.llm)
        return answer

    def _answer(self, question: str, scope: Scope | None, previous: Sequence[dict]) -> Answer:
        with self._at_once:
            return self.assistant.ask(question, scope=scope, previous=previous)

    def plan(self, question: str, previous: Sequence[dict]) -> dict:
        """What a question of an earlier turn was about; asks no language model, counts nothing."""
        return self.assistant.ask(question, previous=previous, alone=True).plan

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._counting:
            self.under_way += 1
        try:
            yield
        finally:
            with self._counting:
                self.under_way -= 1

    async def drain(self, seconds: float, hurried: Callable[[], bool]) -> None:
        """Take no more questions, and wait for the answers under way: so long at most, and not once someone is in a hurry."""
        self.gate.closed = True
        until = time.monotonic() + seconds
        while left := max(self.gate.inside, self.under_way):
            if time.monotonic() >= until or hurried():
                log.warning("ending with %d questions unanswered", left)
                return
            await asyncio.sleep(0.05)

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
            with self.metrics.ingesting():
                report = ingest_paths(
                    [Path(path) for path in paths], self.store, self.vectors, limits=self.limits, told=told
                )
            self.metrics.came_in(report.files)
            self.warm()
        return report

    def take_in(self, source: Source, told: Correction, progress: Progress) -> FileReport:
        """Index a file that was sent; askers see it as soon as this returns."""
        with self._writing:
            with self.metrics.ingesting():
                report = ingest_sent(source, self.store, self.vectors, progress, self.limits, told)
            self.metrics.came_in([report])
            self.warm()
        return report

    def read_again(self, document_id: str, told: Correction, progress: Progress) -> FileReport:
        """Index the stored original of a document anew. Raises StoreError when there is none of that id."""
        with self._writing:
            with self.metrics.ingesting():
                report = ingest_again(document_id, self.store, self.vectors, progress, self.limits, told)
            self.metrics.came_in([report])
            self.warm()
        return report

    def remove(self, document_id: str) -> None:
        """Take a document out. Raises StoreError when there is none of that id."""
        with self._writing:
            remove_document(document_id, self.store, self.vectors)
            self.warm()
