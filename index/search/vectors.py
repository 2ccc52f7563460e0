"""Chroma behind llama-index: the vectors of chunk texts, each under its content hash.

In: texts by their hash, questions. Out: the hashes of the nearest. Embedded in the store directory, or on a server by URL, where
each store has a collection of its own, so that none takes another's vectors for orphans.

Vectors are written before the SQL commit that makes their document visible, so a crash leaves at worst vectors that no
chunk has; those are swept at start. The same text is embedded once, whatever number of documents holds it.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import numpy as np
import pybreaker
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.schema import TextNode
from llama_index.core.vector_stores.types import VectorStoreQuery
from llama_index.vector_stores.chroma import ChromaVectorStore
from numpy.typing import NDArray
from pydantic import SecretStr

from index.errors import StoreError
from index.search.breaker import breaker

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

COLLECTION = "chunks"  # of an embedded store, which holds no other
CONNECTS, ANSWERS = 2, 15  # seconds that a server is given
ASKED = 3  # seconds in which it answers where somebody asks and waits
FAILURES, REST = 2, 10.0  # failures one after another after which no question tries it, for so many seconds
BATCH = 64
MOST_IDS = 5000  # more in one call fail: too many SQL variables (measured with Chroma 1.5.9)
LEAST_FREE = 64 * 2**20  # bytes of a disk below which nothing more is written to an embedded Chroma
MOST_READ = 500  # vectors in one call, which a server writes as 2 MB of text
log = logging.getLogger(__name__)
_patience: ContextVar[float | None] = ContextVar("patience", default=None)


class Vectors:
    """The vector store of one store. Of an embedded one only one process at a time may write to it (measured with Chroma 1.5.9)."""

    def __init__(
        self, vector_store: ChromaVectorStore | None, embedding: BaseEmbedding, place: Path | str = COLLECTION,
        reopen: Callable[[], ChromaVectorStore] | None = None,
    ) -> None:  # fmt: skip
        """`reopen` gives the collection anew where there is none yet, and after a failure of an embedded one."""
        self._vector_store, self._reopen = vector_store, reopen
        self.embedding = embedding
        self.place = place
        self._breaker = breaker(FAILURES, REST)
        self._stuck, self._unsticking = vector_store is None, threading.Lock()

    @property
    def vector_store(self) -> ChromaVectorStore:
        """The collection, as llama-index has it. Raises StoreError where it was never reached."""
        if self._vector_store is None:
            raise StoreError(f"{self.place}：还没有连上向量库；请检查{self._check}")
        return self._vector_store

    @classmethod
    def open(cls, directory: Path, embedding: BaseEmbedding) -> Vectors:
        """Open or create the collection. Raises StoreError when the directory is damaged or cannot be written."""
        folder = directory / "chroma"
        return cls(_embedded(folder), embedding, folder, lambda: _embedded(folder))

    @classmethod
    def connect(
        cls, url: str, token: SecretStr | None, store: str, embedding: BaseEmbedding, *, later: bool = False
    ) -> Vectors:
        """Open or create the collection of a store, by the store's identity, on a Chroma server. The token is for what stands before
        the server, which asks for none itself. Raises StoreError where the server cannot be reached, unless it may be reached
        `later`: then that is logged, and each use tries again."""

        def reach() -> ChromaVectorStore:
            return _on_server(url, token, f"budget-qa-{store}")

        try:
            return cls(reach(), embedding, url)
        except StoreError as error:
            if not later:
                raise
            log.error("%s；数字照常回答，文字暂按字词查找，服务好了自动接上", error)
            return cls(None, embedding, url, reach)

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
            with self._written():
                self.vector_store.add(nodes)  # type: ignore[arg-type]
            advance(len(batch))
        return len(missing)

    def remove(self, keys: Iterable[str]) -> None:
        """Take out the vectors under these content hashes; those that are not there are passed over."""
        for batch in _batches(list(keys), MOST_IDS):
            with self._written():
                self.vector_store.delete_nodes(batch)

    def nearest(self, question: str, count: int) -> list[tuple[str, float]]:
        """The keys of the nearest texts of all, with their similarity, nearest first."""
        vector = self.embedding.get_query_embedding(question)
        with self._asked():
            found = self.vector_store.query(VectorStoreQuery(query_embedding=vector, similarity_top_k=count))
        return list(zip(found.ids or [], found.similarities or [], strict=True))

    def of(self, keys: Sequence[str]) -> tuple[list[str], NDArray[np.float64]]:
        """Those of the keys that have a vector, and their vectors, one a row."""
        found: list[str] = []
        rows: list[Sequence[float]] = []
        for batch in _batches(list(keys), MOST_READ):
            with self._asked():
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
    def _asked(self) -> Iterator[None]:
        """For what somebody waits: not long for a server, and not at all for one that has failed again and again."""
        token = _patience.set(ASKED)
        try:
            with self._breaker.calling(), self._reported():
                yield
        except pybreaker.CircuitBreakerError as error:
            raise StoreError(f"{self.place}：向量库刚才不能用，{REST:.0f}秒后再试；请检查{self._check}") from error
        finally:
            _patience.reset(token)

    @contextmanager
    def _written(self) -> Iterator[None]:
        """For what is written. A write that fails on a full disk may spoil an embedded Chroma's files: a nearly full one is left alone."""
        if isinstance(self.place, Path):
            free = shutil.disk_usage(self.place).free
            if free < LEAST_FREE:
                raise StoreError(
                    f"{self.place}：磁盘空间只剩{free // 2**20}MB；请腾出至少{LEAST_FREE // 2**20}MB后重试，已收录的文件未变"
                )
        with self._reported():
            yield

    @contextmanager
    def _reported(self) -> Iterator[None]:
        """Chroma's errors as one of ours: it has its own, those of its HTTP client, and bare Exceptions. What failed, as on a full
        disk, leaves a transaction open in an embedded Chroma, for which whoever comes next waits a thousand seconds (measured with
        1.5.9): it is opened anew."""
        with self._unsticking:
            if self._stuck and self._reopen is not None:
                self._vector_store = self._reopen()
                self._stuck = False
                if not isinstance(self.place, Path):  # once reached, a server needs no other connection
                    self._reopen = None
        try:
            yield
        except Exception as error:
            self._stuck = True
            raise StoreError(
                f"{self.place}：向量库读写失败（{_first_line(error)}）；请检查{self._check}后重试，已收录的文件未变"
            ) from error

    @property
    def _check(self) -> str:
        return "磁盘空间和权限" if isinstance(self.place, Path) else "Chroma 服务"


def _embedded(folder: Path) -> ChromaVectorStore:
    """The collection in a folder, opened or made. Raises StoreError."""
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings as ChromaSettings

    try:
        SharedSystemClient.clear_system_cache()  # else what was opened before is given again, as it is
        client = chromadb.PersistentClient(path=str(folder), settings=ChromaSettings(anonymized_telemetry=False))
        return ChromaVectorStore(chroma_collection=_collection(client, COLLECTION))
    except Exception as error:  # Chroma's Rust core raises its own classes, one of them a bare BaseException child
        raise StoreError(f"{folder}：向量库无法打开（{error}）；请检查磁盘，或删除该目录后重新入库") from error


def _on_server(url: str, token: SecretStr | None, name: str) -> ChromaVectorStore:
    """The collection of that name on a server, opened or made. Raises StoreError."""
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    headers = {"Authorization": f"Bearer {token.get_secret_value()}"} if token else None
    try:
        # Chroma sets no limit of time, not even while it connects, so that a server that hangs would hang every question.
        limit = httpx.Timeout(_patience.get() or ANSWERS, connect=CONNECTS)
        httpx.get(f"{url.rstrip('/')}/api/v2/heartbeat", headers=headers, timeout=limit).raise_for_status()
        client = chromadb.HttpClient(url, headers=headers, settings=ChromaSettings(anonymized_telemetry=False))
        session: httpx.Client = client._server._session  # type: ignore[attr-defined]
        session.timeout = httpx.Timeout(ANSWERS, connect=CONNECTS)
        session.event_hooks["request"].append(_wait_no_longer)
        return ChromaVectorStore(chroma_collection=_collection(client, name))
    except Exception as error:
        raise StoreError(
            f"{url}：Chroma 服务无法使用（{_first_line(error)}）；请检查 BUDGET_QA_CHROMA_URL 和 Chroma 服务"
        ) from error


def _collection(client: ClientAPI, name: str) -> Collection:
    # embedding_function=None: without it Chroma reaches for a default model on the network.
    return client.get_or_create_collection(name, embedding_function=None, metadata={"hnsw:space": "cosine"})


def _wait_no_longer(request: httpx.Request) -> None:
    if (seconds := _patience.get()) is not None:
        request.extensions["timeout"]["read"] = seconds


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__


def _batches(items: list, size: int) -> Iterator[list]:
    return (items[start : start + size] for start in range(0, len(items), size))
