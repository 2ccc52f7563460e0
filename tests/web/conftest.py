"""What the tests of the HTTP API share."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest


@pytest.fixture(scope="module")
def client(service_url: str) -> Iterator[httpx.Client]:
    """A client of the service over the shipped document."""
    with httpx.Client(base_url=service_url, trust_env=False, timeout=60) as opened:
        yield opened
