"""The real embedding model, loaded once, and stores over it."""

from __future__ import annotations

import pytest

from index.embedding_model import load_embedding
from index.settings import get_settings
from index.store import Store
from index.vectors import Vectors


@pytest.fixture(scope="session")
def embedding():
    """The shipped model, in the user's own cache."""
    return load_embedding(get_settings().model_copy(update={"embedding_model": None}))


@pytest.fixture
def store(tmp_path):
    opened = Store.open(tmp_path / "库")
    yield opened
    opened.close()


@pytest.fixture
def vectors(tmp_path, embedding):
    return Vectors.open(tmp_path / "库", embedding)
