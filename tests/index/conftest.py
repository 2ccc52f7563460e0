"""The real embedding model, loaded once, and stores over it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.search.embedding_model import load_embedding
from index.search.vectors import Vectors
from index.settings import Settings, get_settings
from index.sql.store import Store


@pytest.fixture(scope="session")
def embedding():
    """The shipped model, in the user's own cache."""
    return load_embedding(get_settings().model_copy(update={"embedding_model": None}))


@pytest.fixture
def store(backend: Settings) -> Iterator[Store]:
    opened = Store.open(backend.store, backend.database_url)
    yield opened
    opened.close()


@pytest.fixture
def vectors(backend: Settings, store: Store, embedding) -> Vectors:
    if backend.chroma_url is None:
        return Vectors.open(backend.store, embedding)
    return Vectors.connect(backend.chroma_url, None, store.identity(), embedding)
