"""What is measured: the product and the baseline, over one store.

In: a store directory, or none for a temporary store into which the product's own ingest puts the shipped document (or
the document that the cases name). Out: two functions that answer a question.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.answer import Assistant
from eval.baseline import Baseline
from eval.gold import document_path
from eval.run import Ask
from index.errors import StoreError
from index.files import files_under
from index.ingest import ingest_paths
from index.settings import Settings, get_settings
from index.sql.store import Store
from index.stores import open_stores

WARM_UP = "你好"  # asked once, unmeasured: models are loaded by the first question


@dataclass(frozen=True)
class Measured:
    """`indexed`: titles and years of the documents in the store; `names`: the words that name something in them."""

    product: Ask
    baseline: Ask
    indexed: list[str]
    store: Store
    names: frozenset[str]


@contextmanager
def opened(store: Path | None = None, document: str | None = None, *, helped: bool = False) -> Iterator[Measured]:
    """The product over a store; a temporary one, freshly indexed, where none is named. `helped`: by the language model that the
    environment names, which is else left alone. Raises BudgetQAError."""
    alone = {} if helped else {"llm_understanding": "never"}
    if store is not None:
        yield _measured(get_settings(store=store, **alone), helped)
        return
    with tempfile.TemporaryDirectory(prefix="budget-qa-eval-", ignore_cleanup_errors=True) as directory:
        # Both are set: a database or store named in the environment is somebody's own.
        database = f"sqlite:///{directory}/budget.sqlite"
        settings = get_settings(store=Path(directory), database_url=database, **alone)
        _ingest(settings, document_path(document))
        yield _measured(settings, helped)


def _ingest(settings: Settings, path: Path) -> None:
    report = ingest_paths(files_under([path]), *open_stores(settings))
    if report.failed:
        raise StoreError("；".join(str(file.error) for file in report.failed))


def _measured(settings: Settings, helped: bool) -> Measured:
    assistant = Assistant.open(settings)
    store, vectors = open_stores(settings)
    indexed = [name for info in store.documents() for name in (info.title, str(info.year))]

    def product(question: str, previous: Sequence[dict]) -> dict:
        answer = assistant.ask(question, previous=previous)
        return (assistant.word(answer) if helped else answer).model_dump(mode="json")

    product(WARM_UP, [])
    names = frozenset(assistant.state().lexicon.words)
    return Measured(product, Baseline(store, vectors).ask, indexed, store, names)
