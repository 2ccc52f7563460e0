"""Passages for a question: the llama-index retriever over Chroma, fused with character BM25 by reciprocal rank.

In: a question. Out: chunks, best first. Whose and of which year they are stands in no text, so it is taken off the question.
Fusing beats either alone (reference: MRR .85 against .81 and .74). Where the vector store cannot be reached, BM25 answers alone.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from numpy.typing import NDArray

from assistant.tracing import span
from assistant.view import View
from index.chunks import Chunk
from index.errors import StoreError
from index.search.ngrams import Ngrams
from index.search.vector_health import Unusable
from index.search.vectors import Vectors

RANK_CONSTANT = 60
DEPTH = 30
MOST_NAMES = 200  # departments that are taken off a question; whoever asks of more names none
log = logging.getLogger(__name__)


class HybridRetriever(BaseRetriever):
    """Chunks of some documents. They are read, and indexed, when a text is first looked for: questions about figures need none. The
    vectors of a few documents of many are so few that comparing with each is exact and fast, where an index over all would give those
    of others; they are kept, so that a vector store that stops later is not missed."""

    def __init__(self, store: View, vectors: Vectors | None) -> None:
        super().__init__()
        self._store, self._vectors = store, vectors
        names = sorted({info.department for info in store.documents()}, key=len, reverse=True)
        self._whose = re.compile(
            "|".join([r"20\d\d年度?的?", *(f"{re.escape(name)}的?" for name in names[:MOST_NAMES])])
        )
        self.by_words_alone = isinstance(vectors, Unusable)  # as the latest search found

    @cached_property
    def _chunks(self) -> dict[str, list[Chunk]]:
        found: dict[str, list[Chunk]] = {}
        for chunk in self._store.chunks():
            found.setdefault(chunk.key, []).append(chunk)
        return found

    @cached_property
    def _ngrams(self) -> Ngrams:
        return Ngrams(list(self._chunks), [chunks[0].text for chunks in self._chunks.values()])

    @cached_property
    def _matrix(self) -> tuple[list[str], NDArray[np.float32]]:
        """The keys that have a vector, and their vectors, one a row. Raises StoreError where they cannot be read."""
        assert self._vectors is not None
        keys, rows = self._vectors.of(list(self._chunks))
        return keys, rows.astype(np.float32)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [
            NodeWithScore(node=TextNode(id_=chunk.key, text=chunk.text), score=score)
            for chunk, score in self.search(query_bundle.query_str)
        ]

    def search(self, question: str, count: int = 5, kinds: Sequence[str] | None = None,
               documents: Sequence[str] | None = None) -> list[tuple[Chunk, float]]:  # fmt: skip
        """Chunks with their fused score, best first, of these kinds and documents only."""
        question = self._whose.sub("", question) or question
        scores: dict[str, float] = {}
        with span("search"):
            rankings = self._by_vectors(question), self._ngrams.nearest(question, DEPTH)
        for ranking in rankings:
            for rank, (key, _) in enumerate(ranking):
                scores[key] = scores.get(key, 0.0) + 1 / (RANK_CONSTANT + rank)
        found = [
            (chunk, scores[key])
            for key in sorted(scores, key=lambda k: -scores[k])
            for chunk in self._chunks.get(key, [])
            if (kinds is None or chunk.kind in kinds) and (documents is None or chunk.document in documents)
        ]
        return found[:count]

    def _by_vectors(self, question: str) -> list[tuple[str, float]]:
        if self._vectors is None or isinstance(self._vectors, Unusable):
            return []
        try:
            found = (
                self._nearest_of_few(question) if self._store.is_narrowed else self._vectors.nearest(question, DEPTH)
            )
        except Exception as error:  # any failure of the vector store leaves BM25, which is in memory
            if not self.by_words_alone:  # once, and not with every question
                log.error(
                    "vector search failed, BM25 answers alone: %s", error, exc_info=not isinstance(error, StoreError)
                )
            self.by_words_alone = True
            return []
        if self.by_words_alone:
            log.info("vector search works again")
        self.by_words_alone = False
        return found

    def _nearest_of_few(self, question: str) -> list[tuple[str, float]]:
        assert self._vectors is not None
        keys, rows = self._matrix
        if not keys:
            return []
        similar = rows @ np.asarray(
            self._vectors.embedding.get_query_embedding(question), np.float32
        )  # all of length 1
        return [(keys[at], float(similar[at])) for at in np.argsort(-similar, kind="stable")[:DEPTH]]
