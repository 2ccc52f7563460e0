"""How fast questions are answered: `python -m benchmarks.answering [N]`.

In: a seeded sample of N dev questions (default 300) over the shipped document in a fresh store. Out: milliseconds by class, asked for the
first time and again; beside them, in the same run, what else one might do (plain vector retrieval by llama-index over the same texts, a
scan of all texts for the question's words) and the floors (one embedding, with a vector query, one cell by SQL), with the ratios, and
where the time of a number goes, step by step. Written to `benchmarks/results/answering.json` with the machine. The ratios are the
point: times are of one machine on one day.
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from llama_index.core import VectorStoreIndex
from rich.console import Console
from rich.table import Table

from assistant.answer import Assistant
from assistant.lookup.lookup import Lookup
from assistant.plan import Reduce, Select
from assistant.view import View
from assistant.words.dictionary import words
from benchmarks.machine import machine, revision
from benchmarks.steps import STEPS, steps
from eval.questions import DEV, Case, load_cases
from eval.report import percentile
from index.files import files_under
from index.ingest import SHIPPED, ingest_paths
from index.search.vectors import Vectors
from index.settings import get_settings
from index.sql.store import Store
from index.stores import open_stores

SEED, DEFAULT, TIMES = 11, 300, 60
TEXT, NUMBERS = "text", "all but text"
EMBEDDING, QUERY = "one embedding", "one embedding and vector query"
SQL, LOOKUP = "one cell by SQL", "one cell by lookup"
RESULTS = Path(__file__).parent / "results" / "answering.json"
Timings = dict[str, list[float]]


@dataclass(frozen=True)
class Subject:
    """The shipped document in a fresh store, and an assistant over it."""

    database: Path
    store: Store
    vectors: Vectors
    assistant: Assistant


def milliseconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


def sampled(n: int) -> list[Case]:
    """Single questions, the first of their conversations, so that each can be asked again alike."""
    cases = [case for path in sorted(DEV.glob("*.jsonl")) for case in load_cases(path) if not case.followup_of]
    return random.Random(SEED).sample(cases, min(n, len(cases)))


@contextmanager
def opened() -> Iterator[Subject]:
    with tempfile.TemporaryDirectory(prefix="budget-qa-bench-", ignore_cleanup_errors=True) as directory:
        settings = get_settings(store=Path(directory))
        store, vectors = open_stores(settings)
        ingest_paths(files_under([SHIPPED]), store, vectors)
        yield Subject(settings.store / "budget.sqlite", store, vectors, Assistant(store, vectors))
        store.close()


def answers(subject: Subject, cases: Sequence[Case]) -> tuple[Timings, Timings]:
    """By class: asked for the first time over a state that is made already, and asked again."""
    subject.assistant.ask("总预算是多少")
    first: Timings = {}
    again: Timings = {}
    for case in cases:
        kinds = [case.kind] if case.kind == TEXT else [case.kind, NUMBERS]
        for took in (first, again):
            spent = milliseconds(lambda c=case: subject.assistant.ask(c.question))  # type: ignore[misc]
            for kind in kinds:
                took.setdefault(kind, []).append(spent)
    return first, again


def rivals(subject: Subject, questions: Sequence[str]) -> Timings:
    """The same questions put to plain retrieval: the nearest texts, and those with most of a question's words."""
    embedding = subject.vectors.embedding
    retriever = VectorStoreIndex.from_vector_store(subject.vectors.vector_store, embed_model=embedding).as_retriever(
        similarity_top_k=5
    )
    texts = [chunk.body for chunk in subject.store.chunks()]

    def scan(question: str) -> list[str]:
        said = [question[start:end] for start, end in words(question) if end - start > 1]
        return sorted(texts, key=lambda text: -sum(word in text for word in said))[:5]

    return {
        "llama-index vector RAG": [milliseconds(lambda q=q: retriever.retrieve(q)) for q in questions],  # type: ignore[misc]
        "scan of all texts": [milliseconds(lambda q=q: scan(q)) for q in questions],  # type: ignore[misc]
    }


def floors(subject: Subject, questions: Sequence[str]) -> Timings:
    """What cannot be done faster, and the lookup of one cell beside a bare SELECT of it."""
    embedding, vectors = subject.vectors.embedding, subject.vectors
    documents = subject.store.documents()
    fact = next(f for f in subject.store.facts(roles=["item"]) if f.value is not None and f.source == "cell")
    wanted = Reduce(how="value", of=Select(labels=[fact.name], tables=[fact.table_kind]))
    select = "SELECT value, unit, text, path FROM facts WHERE document = ? AND name = ? AND table_kind = ?"
    view = View(subject.store, documents)
    with closing(sqlite3.connect(subject.database)) as bare:
        given = (fact.document, fact.name, fact.table_kind)
        return {
            EMBEDDING: [milliseconds(lambda q=q: embedding.get_query_embedding(q)) for q in questions],  # type: ignore[misc]
            QUERY: [milliseconds(lambda q=q: vectors.nearest(q, 30)) for q in questions],  # type: ignore[misc]
            SQL: [milliseconds(lambda: bare.execute(select, given).fetchall()) for _ in range(10 * TIMES)],
            LOOKUP: [milliseconds(lambda: Lookup(view).look_up(wanted)) for _ in range(10 * TIMES)],
        }  # fmt: skip


def measured(n: int, step_by_step: bool = False) -> dict[str, Any]:
    """All of it, with the ratios that must not grow."""
    with opened() as subject:
        cases = sampled(n)
        first, again = answers(subject, cases)
        questions = [case.question for case in cases[:TIMES]]
        beside, floor = rivals(subject, questions), floors(subject, questions)
        numbers = [case.question for case in cases if case.kind != TEXT]
        by_step = {}
        if step_by_step:
            anew = Assistant(subject.store, subject.vectors)
            anew.ask("总预算是多少")
            by_step = steps(anew, numbers)
    middle = {name: percentile(took, 50) for name, took in {**beside, **floor}.items()}
    ratios = {
        "numbers, first time : embedding": percentile(first[NUMBERS], 50) / middle[EMBEDDING],
        "numbers, again : embedding": percentile(again[NUMBERS], 50) / middle[EMBEDDING],
        "text, again : embedding and query": percentile(again[TEXT], 50) / middle[QUERY],
        "lookup : bare SQL": middle[LOOKUP] / middle[SQL],
    }
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"), "revision": revision(), "machine": machine(), "questions": len(cases),
        "first": summaries(first), "again": summaries(again), "beside": summaries(beside), "floors": summaries(floor),
        "ratios": {name: round(ratio, 2) for name, ratio in ratios.items()}, "steps_ms": by_step,
    }  # fmt: skip


def summaries(timings: Timings) -> dict[str, dict[str, float]]:
    """How often, and the milliseconds below which so many percent lie."""
    return {
        name: {"n": len(took), **{f"p{q}": round(percentile(took, q), 3) for q in (50, 95, 99)}}
        for name, took in sorted(timings.items())
    }


def main(n: int) -> None:
    found = measured(n, step_by_step=True)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    console = Console(width=110)
    table = Table("", "n", "p50 ms", "p95 ms", "p99 ms", title=f"{found['questions']} questions")
    for group in ("first", "again", "beside", "floors"):
        table.add_section()
        for name, summary in found[group].items():
            said = f"{name}, {group}" if group in ("first", "again") else name
            table.add_row(said, str(summary["n"]), *(f"{summary[q]:.2f}" for q in ("p50", "p95", "p99")))
    console.print(table)
    for name, ratio in found["ratios"].items():
        console.print(f"{name} = {ratio}")
    table = Table("", "", "first ms", "again ms", title="a number, step by step (mean)")
    for step, means in STEPS.items():
        table.add_row(step, means, *(f"{found['steps_ms'][time][step]:.2f}" for time in ("first", "again")))
    console.print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT)
