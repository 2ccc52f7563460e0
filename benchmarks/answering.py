"""How fast questions are answered: `python -m benchmarks.answering [N]`.

In: a seeded sample of N dev questions (default 300) over the shipped document in a fresh store. Out: milliseconds by class, warm, each
question asked twice and the second time taken; beside them, in the same run, the floors: one embedding of a question and one
lookup of a cell by SQL, with the ratios. The design wants p50 20 ms and p95 60 ms for numbers, p95 120 ms for text.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from assistant.answer import Assistant
from eval.questions import DEV, Case, load_cases
from eval.report import percentile
from index.embedding_model import load_embedding
from index.ingest import SHIPPED, files_under, ingest_paths
from index.settings import get_settings
from index.store import Store
from index.vectors import Vectors

SEED, DEFAULT, FLOOR_TIMES = 11, 300, 50
TEXT = "text"


def milliseconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


def sampled(n: int) -> list[Case]:
    """Single questions, the first of their conversations, so that each can be asked again alike."""
    cases = [case for path in sorted(DEV.glob("*.jsonl")) for case in load_cases(path) if not case.followup_of]
    return random.Random(SEED).sample(cases, min(n, len(cases)))


def main(n: int) -> None:
    with tempfile.TemporaryDirectory(prefix="budget-qa-bench-", ignore_cleanup_errors=True) as directory:
        settings = get_settings(store=Path(directory), database_url=f"sqlite:///{directory}/budget.sqlite")
        embedding = load_embedding(settings)
        store = Store.open(settings.store, settings.database_url)
        vectors = Vectors.open(settings.store, embedding)
        ingest_paths(files_under([SHIPPED]), store, vectors)
        assistant = Assistant(store, vectors)
        cases = sampled(n)
        took: dict[str, list[float]] = {}
        for case in cases:
            assistant.ask(case.question)
            took.setdefault(case.kind, []).append(milliseconds(lambda c=case: assistant.ask(c.question)))  # type: ignore[misc]
        label = store.facts()[0].name
        documents = [info.id for info in store.documents()]
        texts = [case.question for case in cases[:FLOOR_TIMES]]
        floors = {
            "one embedding": [milliseconds(lambda t=t: embedding.get_query_embedding(t)) for t in texts],  # type: ignore[misc]
            "one cell by SQL": [
                milliseconds(lambda: store.facts(documents=documents, names=[label])) for _ in range(FLOOR_TIMES)
            ],
        }
        store.close()
    floor = percentile(floors["one embedding"], 50)
    table = Table("class", "n", "p50 ms", "p95 ms", "p50 in embeddings", title=f"{len(cases)} questions, warm")
    numeric = [ms for kind, all_ms in took.items() if kind != TEXT for ms in all_ms]
    for kind, all_ms in [*sorted(took.items()), ("all but text", numeric), *floors.items()]:
        p50, p95 = percentile(all_ms, 50), percentile(all_ms, 95)
        table.add_row(kind, str(len(all_ms)), f"{p50:.1f}", f"{p95:.1f}", f"{p50 / floor:.1f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT)
