"""Both stores that the settings name, opened together.

In: settings. Out: the SQL store and the vectors of its chunks, in the store directory or on servers.
"""

from __future__ import annotations

from index.embedding_model import load_embedding
from index.settings import Settings
from index.store import Store
from index.vectors import Vectors


def open_stores(settings: Settings) -> tuple[Store, Vectors]:
    """Raises StoreError or ModelError."""
    store = Store.open(settings.store, settings.database_url)
    embedding = load_embedding(settings)
    if settings.chroma_url is None:
        return store, Vectors.open(settings.store, embedding)
    return store, Vectors.connect(settings.chroma_url, settings.chroma_token, store.identity(), embedding)
