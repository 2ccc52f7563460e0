"""The vectors of a store where they can be used, what stands in for them where they cannot, and how they are made again.

In: settings and the SQL store. Out: Vectors. They are derived: all that they were made of lies in SQL, so a damaged directory is
never repaired, only made anew. Until then figures are answered as ever, since the model itself is whole, and texts are found
by BM25 alone.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterable
from typing import NoReturn

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from numpy.typing import NDArray

from index.embedding_model import load_embedding
from index.errors import StoreError
from index.settings import Settings
from index.store import Store
from index.vector_probe import FOLDER, Probe
from index.vectors import Vectors

log = logging.getLogger(__name__)
Advance = Callable[[str, int, int], None]  # what, how many are done, of how many


class Unusable(Vectors):
    """Vectors that are damaged or missing: nothing is found, and what needs them says what to do."""

    def __init__(self, embedding: BaseEmbedding, line: str) -> None:
        self.embedding, self.line = embedding, line

    def keys(self) -> set[str]:
        return set()

    def of(self, keys: Iterable[str]) -> tuple[list[str], NDArray[np.float64]]:
        return [], np.empty((0, 0))

    def sweep(self, wanted: set[str]) -> int:
        return 0

    def add(self, texts: dict[str, str], advance: Callable[[int], None] = lambda count: None) -> int:
        if texts:
            self._refuse()
        return 0

    def nearest(self, question: str, count: int, among: list[str] | None = None) -> list[tuple[str, float]]:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise StoreError(self.line)


def open_vectors(settings: Settings, store: Store) -> Vectors:
    """The vectors of a store; Unusable ones, and a line in the log that says what to do, where they are damaged or missing.
    Raises ModelError."""
    probe = Probe(settings.store)
    embedding = load_embedding(settings)
    fault = probe.fault(len(store.chunk_keys()))
    if fault is None:
        return Vectors.open(settings.store, embedding)
    line = fault_line(settings, fault)
    log.error("%s", line)
    return Unusable(embedding, line)


def fault_line(settings: Settings, fault: str) -> str:
    return f"{settings.store / FOLDER}：向量库{fault}；数字照常回答，文字暂按字词查找；请停止服务后运行 budget-qa rebuild 重建"


def undamaged(settings: Settings) -> Vectors:
    """The vectors of a store, to be added to; some may be missing. Raises StoreError where they are damaged, ModelError."""
    probe = Probe(settings.store)
    embedding = load_embedding(settings)
    fault = probe.fault(0)
    if fault is not None:
        raise StoreError(f"{settings.store / FOLDER}：向量库{fault}；请先运行 budget-qa rebuild 重建")
    return Vectors.open(settings.store, embedding)


def rebuild(settings: Settings, store: Store, advance: Advance = lambda *_: None) -> int:
    """Make all vectors anew from the texts in SQL; whoever calls holds the store for writing. Returns how many there are.
    Raises StoreError or ModelError. What interrupts it leaves vectors missing, which the next start tells."""
    embedding = load_embedding(settings)  # before anything is thrown away
    discard(settings)
    vectors = Vectors.open(settings.store, embedding)
    embed_all(store, vectors, advance)
    return len(vectors.keys())


def discard(settings: Settings) -> None:
    """Throw the vector directory away. Raises StoreError."""
    folder = settings.store / FOLDER
    try:
        if folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder)
        else:
            folder.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}：旧的向量库删不掉（{error.strerror}）；请检查权限后重试") from error


def embed_all(store: Store, vectors: Vectors, advance: Advance = lambda *_: None) -> None:
    """Make the vectors that the chunks of a store lack, document by document, so that memory stays flat."""
    total, before = len(store.chunk_keys()), 0
    seen: set[str] = set()
    for info in store.documents():
        texts = {chunk.key: chunk.text for chunk in store.chunks(documents=[info.id]) if chunk.key not in seen}
        seen |= texts.keys()
        done = before

        def told(count: int) -> None:
            nonlocal done
            done += count
            advance("向量", done, total)

        vectors.add(texts, told)
        before += len(texts)
