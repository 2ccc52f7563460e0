"""Chroma behind llama-index: the vectors of chunk texts, each under its content hash.

In: texts by their hash, questions. Out: the hashes of the nearest. Embedded in the store directory, or on a server by URL, where
each store has a collection of its own, so that none takes another's vectors for orphans.

Vectors are written before the SQL commit that makes their document visible, so a crash leaves at worst vectors that no
chunk has; those are swept at start. The same text is embedded once, whatever number of documents holds it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.schema import TextNode
from llama_index.core.vector_stores.types import VectorStoreQuery
from llama_index.vector_stores.chroma import ChromaVectorStore
from numpy.typing import NDArray
from pydantic import SecretStr

from index.errors import StoreError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

COLLECTION = "chunks"  # of an embedded store, which holds no other
CONNECTS, ANSWERS = 5, 15  # seconds that a server is given
BATCH = 64
MOST_IDS = 5000  # more in one call fail: too many SQL variables (measured with Chroma 1.5.9)
log = logging.getLogger(__name__)


class Vectors:
    """The vector store of one store. Of an embedded one only one process at a time may write to it (measured with Chroma 1.5.9)."""

    def __init__(
        self, vector_store: ChromaVectorStore, embedding: BaseEmbedding, place: Path | str = COLLECTION
    ) -> None:
        self.vector_store = vector_store
        self.embedding = embedding
        self.place = place

    @classmethod
    def open(cls, directory: Path, embedding: BaseEmbedding) -> Vectors:
        """Open or create the collection. Raises StoreError when the directory is damaged or cannot be written."""
        import chromadb
        from chromadb.config import Settings as ChromaSettings

        try:
            client = chromadb.PersistentClient(
                path=str(directory / "chroma"), settings=ChromaSettings(anonymized_telemetry=False)
            )
            collection = _collection(client, COLLECTION)
        except Exception as error:  # Chroma's Rust core raises its own classes, one of them a bare BaseException child
            raise StoreError(
                f"{directory / 'chroma'}：向量库无法打开（{error}）；请检查磁盘，或删除该目录后重新入库"
            ) from error
        return cls(ChromaVectorStore(chroma_collection=collection), embedding, directory / "chroma")

    @classmethod
    def connect(cls, url: str, token: SecretStr | None, store: str, embedding: BaseEmbedding) -> Vectors:
        """Open or create the collection of a store, by the store's identity, on a Chroma server. Raises StoreError where the
        server cannot be reached. The token is for what stands before the server, which asks for none itself."""
        import chromadb
        from chromadb.config import Settings as ChromaSettings

        headers = {"Authorization": f"Bearer {token.get_secret_value()}"} if token else None
        try:
            client = chromadb.HttpClient(url, headers=headers, settings=ChromaSettings(anonymized_telemetry=False))
            # Chroma sets no limit, so that a server that hangs would hang every question.
            client._server._session.timeout = httpx.Timeout(ANSWERS, connect=CONNECTS)  # type: ignore[attr-defined]
            collection = _collection(client, f"budget-qa-{store}")
        except Exception as error:
            raise StoreError(
                f"{url}：Chroma 服务无法使用（{_first_line(error)}）；请检查 BUDGET_QA_CHROMA_URL 和 Chroma 服务"
            ) from error
        return cls(ChromaVectorStore(chroma_collection=collection), embedding, url)

    def keys(self) -> set[str]:
        """The content hashes of all vectors."""
        with self._reported():
            return set(self.vector_store.client.get(include=[])["ids"])

    def add(self, texts: dict[str, str], advance: Callable[[int], None] = lambda count: None,
            made: Mapping[str, Sequence[float]] | None = None) -> int:  # fmt: skip
        """Embed and store texts by their hash; those already there are passed over. Returns how many were embedded.

        `advance` is told after each batch how many texts are done; vectors that others have `made` with this model are taken.
        """
        known = self._known(list(texts))
        advance(len(known))
        missing = [(key, text) for key, text in texts.items() if key not in known]
        for batch in _batches(missing, BATCH):
            found = {key: list(made[key]) for key, _ in batch if made and key in made}
            own = {key: text for key, text in batch if key not in found}
            found |= zip(own, self.embedding.get_text_embedding_batch([*own.values()]), strict=True)
            nodes = [TextNode(id_=key, text=text, embedding=found[key]) for key, text in batch]
            with self._reported():
                self.vector_store.add(nodes)  # type: ignore[arg-type]
            advance(len(batch))
        return len(missing)

    def remove(self, keys: Iterable[str]) -> None:
        with self._reported():
            for batch in _batches(list(keys), MOST_IDS):
                self.vector_store.delete_nodes(batch)

    def nearest(self, question: str, count: int) -> list[tuple[str, float]]:
        """The keys of the nearest texts of all, with their similarity, nearest first."""
        vector = self.embedding.get_query_embedding(question)
        with self._reported():
            found = self.vector_store.query(VectorStoreQuery(query_embedding=vector, similarity_top_k=count))
        return list(zip(found.ids or [], found.similarities or [], strict=True))

    def of(self, keys: Sequence[str]) -> tuple[list[str], NDArray[np.float64]]:
        """Those of the keys that have a vector, and their vectors, one a row."""
        found: list[str] = []
        rows: list[Sequence[float]] = []
        for batch in _batches(list(keys), MOST_IDS):
            with self._reported():
                got = self.vector_store.client.get(ids=batch, include=["embeddings"])
            found += got["ids"]
            rows += list(got["embeddings"])
        # A server writes its 32 bits as decimals.
        return found, np.asarray(rows, dtype=np.float32).astype(np.float64)

    def _known(self, keys: list[str]) -> set[str]:
        """Those of the keys that have a vector."""
        with self._reported():
            return {
                key
                for batch in _batches(keys, MOST_IDS)
                for key in self.vector_store.client.get(ids=batch, include=[])["ids"]
            }

    @contextmanager
    def _reported(self) -> Iterator[None]:
        """Chroma's errors as one of ours: it has its own, those of its HTTP client, and bare Exceptions."""
        try:
            yield
        except Exception as error:
            check = "磁盘空间和权限" if isinstance(self.place, Path) else "Chroma 服务"
            raise StoreError(
                f"{self.place}：向量库读写失败（{_first_line(error)}）；请检查{check}后重试，已收录的文件未变"
            ) from error


def _collection(client: ClientAPI, name: str) -> Collection:
    # embedding_function=None: without it Chroma reaches for a default model on the network.
    return client.get_or_create_collection(name, embedding_function=None, metadata={"hnsw:space": "cosine"})


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__


def _batches(items: list, size: int) -> Iterator[list]:
    return (items[start : start + size] for start in range(0, len(items), size))
