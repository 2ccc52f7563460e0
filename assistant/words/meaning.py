"""Likeness in meaning, by the embedding model.

In: words and the texts that they may mean. Out: cosines. The vectors of the texts are kept, so that a label or project is embedded
once in the life of a store. e5's cosines lie close together (on topic about 0.89, off topic about 0.84): what counts is how far
the best stands apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Embed = Callable[[str], Sequence[float]]
Vector = NDArray[np.float64]


class Meaning:
    """Compares words with texts. Safe to use from many threads: a text embedded twice at once gives the same vector."""

    def __init__(self, query: Embed, text: Embed) -> None:
        self._query, self._text = query, text
        self._vectors: dict[str, Vector] = {}

    def likeness(self, words: str, texts: Sequence[str]) -> list[float]:
        """The cosine of the words to each text, in order."""
        query = _unit(self._query(words))
        return [float(query @ self._vector(text)) for text in texts]

    def _vector(self, text: str) -> Vector:
        vector = self._vectors.get(text)
        if vector is None:
            vector = self._vectors[text] = _unit(self._text(text))
        return vector


def _unit(vector: Sequence[float]) -> Vector:
    array = np.asarray(vector, dtype=np.float64)
    return array / np.linalg.norm(array)
