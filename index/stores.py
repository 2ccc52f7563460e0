"""Both stores that the settings name, opened together.

In: settings. Out: the SQL store and the vectors of its chunks, in the store directory or on servers. Vectors that are damaged are not
opened: to answer, what finds nothing stands in for them; to write, the error says what to do. A Chroma server that does not answer is
reached later, where only answers are wanted.
"""

from __future__ import annotations

import logging

from llama_index.core.base.embeddings.base import BaseEmbedding

from index.errors import StoreError
from index.search.embedding_model import load_embedding
from index.search.vector_health import Unusable, discard
from index.search.vector_probe import FOLDER, Probe
from index.search.vectors import Vectors
from index.settings import Settings
from index.sql.store import Store

log = logging.getLogger(__name__)


def open_stores(settings: Settings, *, to_write: bool = False) -> tuple[Store, Vectors]:
    """To answer from, or to add to: then some vectors may be missing. Raises StoreError, where vectors are damaged only to write, or
    ModelError."""
    probe = Probe(settings.store) if settings.chroma_url is None else None  # which tries while the model is loaded
    store = Store.open(settings.store, settings.database_url)
    embedding = load_embedding(settings)
    fault = probe.fault(0 if to_write else store.count_texts()) if probe else None
    if fault is None:
        return store, _vectors(settings, store, embedding, later=not to_write)
    place = settings.store / FOLDER
    if to_write:
        raise StoreError(f"{place}：向量库{fault}；请先运行 budget-qa rebuild 重建")
    line = f"{place}：向量库{fault}；数字照常回答，文字暂按字词查找；请停止服务后运行 budget-qa rebuild 重建"
    log.error("%s", line)
    return store, Unusable(embedding, line)


def emptied(settings: Settings, store: Store) -> Vectors:
    """The vectors of a store, all of them thrown away, so that they can be made anew. Raises StoreError or ModelError."""
    embedding = load_embedding(settings)  # before anything is thrown away
    if settings.chroma_url is None:
        discard(settings)
        return _vectors(settings, store, embedding)
    vectors = _vectors(settings, store, embedding)
    vectors.remove(vectors.keys())
    return vectors


def readable(settings: Settings, store: Store) -> Vectors:
    """The vectors of a store, thrown away where they cannot be read. Raises StoreError or ModelError."""
    if settings.chroma_url is None and Probe(settings.store).fault(0) is not None:
        discard(settings)
    return _vectors(settings, store, load_embedding(settings))


def _vectors(settings: Settings, store: Store, embedding: BaseEmbedding, *, later: bool = False) -> Vectors:
    if settings.chroma_url is None:
        return Vectors.open(settings.store, embedding)
    return Vectors.connect(settings.chroma_url, settings.chroma_token, store.identity(), embedding, later=later)
