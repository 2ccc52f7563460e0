"""Example questions, made of the indexed documents' own labels. In: the store. Out: questions that are answered.

Each kind of question takes its words from the documents at hand (an item of a table, a unit, a project, a term), is asked
once, and is shown only when the answer is neither refused nor a question back.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from assistant.answer import Assistant
from index.facts import Fact
from index.parsing.rows import plain_label
from index.sql.store import DocumentInfo, Store

MOST = 6
DOCUMENTS = 3  # examples name at most so many documents
TRIES = 3  # candidates of one kind that are tried before the kind is given up
SHORT, LONG = 2, 14  # characters of a label that reads well in a question
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Example:
    """A question that the indexed documents answer; `text` is what the button says."""

    text: str
    question: str


class Examples:
    """The example questions of a store as it stands."""

    def __init__(self, store: Store, assistant: Assistant) -> None:
        self._store, self._assistant = store, assistant
        self._lock = threading.Lock()
        self._made: tuple[list[DocumentInfo], list[Example]] = ([], [])

    def current(self) -> list[Example]:
        """Up to six questions; made anew when a document that they are about has changed, or another takes its place."""
        infos = self._assistant.library().documents[:DOCUMENTS]
        with self._lock:
            if self._made[0] != infos:
                self._made = (infos, self._make(infos))
            return self._made[1]

    def _make(self, infos: list[DocumentInfo]) -> list[Example]:
        """One question of each kind, the kinds dealt out to the documents in turn."""
        kinds = [candidates(self._store, info) for info in infos]
        found: list[Example] = []
        for number in range(max(map(len, kinds), default=0)):
            for turn in range(len(infos)):
                at = (number + turn) % len(infos)
                example = self._first_answered(kinds[at][number], infos[at])
                if example and example not in found:
                    found.append(example)
                    break
        return found[:MOST]

    def _first_answered(self, questions: list[str], info: DocumentInfo) -> Example | None:
        """Of these questions the first that is answered out of this document; its name is said where it must be."""
        for question in questions[:TRIES]:
            named = [] if question.startswith("什么是") else [f"{info.year}年{info.department}{question}"]
            for asked in (question, *named):
                if self._is_answered(asked, info):
                    return Example(asked, asked)
        return None

    def _is_answered(self, question: str, info: DocumentInfo) -> bool:
        """An error is no answer, and no reason for the service not to start."""
        try:
            answer = self._assistant.ask(question, alone=True)
        except Exception:
            log.exception("no example: %s", question)
            return False
        if answer.stops:
            log.info("left out of the examples: %s (%s)", question, "；".join(answer.stops))
        plain = not answer.refused and not answer.stops and answer.reason is None
        return plain and {citation.document for citation in answer.citations} == {info.id}


def candidates(store: Store, info: DocumentInfo) -> list[list[str]]:
    """Questions about a document by kind, the likeliest of each kind first; a kind that it lacks is empty."""
    return list(_kinds(store, info, store.facts(documents=[info.id])))


def _kinds(store: Store, info: DocumentInfo, facts: list[Fact]) -> Iterator[list[str]]:
    projects = _largest(facts, "project")
    yield ["总预算是多少"] if any(f.role == "total" for f in facts) else []
    yield ["“三公”经费是多少"] if any(f.table_kind == "three_public" for f in facts) else []
    yield ["金额最大的三个项目是哪些"] if len(projects) > 3 else []
    yield [f"{name}占总支出的百分之几" for name in _largest(facts, "item")]
    chunks = store.chunks(documents=[info.id], kinds=["project", "definition", "duty"])
    yield [f"{c.subject}的绩效目标是什么" for c in chunks if c.kind == "project" and _reads_well(c.subject)]
    yield [f"什么是{c.subject}" for c in chunks if c.kind == "definition" and _reads_well(c.subject)]
    yield [f"{name}的项目支出是多少" for name in _largest(facts, "unit")]
    yield [f"{c.subject}的主要职责是什么" for c in chunks if c.kind == "duty" and _reads_well(c.subject)]


def _largest(facts: list[Fact], role: str) -> list[str]:
    """Labels of a role by their largest amount; of items only those of the finest level, the most telling ones."""
    amounts: dict[str, Decimal] = {}
    for fact in facts:
        fits = fact.source == "cell" and fact.role == role and (role != "item" or fact.level >= 3)
        if fits and fact.value and _reads_well(fact.name):
            amounts[plain_label(fact.label)] = max(fact.value, amounts.get(plain_label(fact.label), Decimal(0)))
    return sorted(amounts, key=lambda name: -amounts[name])


def _reads_well(label: str) -> bool:
    return SHORT <= len(label) <= LONG and not label.startswith("其他") and not label.endswith(("合计", "总计", "小计"))
