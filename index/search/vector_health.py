"""What stands in for vectors that cannot be used, and how they are made again.

In: the SQL store. Out: Vectors. They are derived: all that they were made of lies in SQL, so a damaged directory is never repaired, only
made anew. Until then figures are answered as ever, since the model itself is whole, and texts are found by BM25 alone.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NoReturn

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from numpy.typing import NDArray

from index.errors import StoreError
from index.search.vector_probe import FOLDER
from index.search.vectors import Vectors
from index.settings import Settings
from index.sql.store import Store

Advance = Callable[[str, int, int], None]  # what, how many are done, of how many


class Unusable(Vectors):
    """Vectors that are damaged or missing: nothing is found, and what needs them says what to do."""

    def __init__(self, embedding: BaseEmbedding, line: str) -> None:
        self.embedding, self.line = embedding, line

    def keys(self) -> set[str]:
        """None."""
        return set()

    def of(self, keys: Iterable[str]) -> tuple[list[str], NDArray[np.float64]]:
        """None."""
        return [], np.empty((0, 0))

    def remove(self, keys: Iterable[str]) -> None:
        """Nothing to do: all are made anew."""

    def add(self, texts: dict[str, str], advance: Callable[[int], None] = lambda count: None,
            made: Mapping[str, Sequence[float]] | None = None) -> int:  # fmt: skip
        """Raises StoreError, where there is anything to add."""
        if texts:
            self._refuse()
        return 0

    def nearest(self, question: str, count: int) -> list[tuple[str, float]]:
        """Raises StoreError."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise StoreError(self.line)


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
    total, before = store.count_texts(), 0
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
