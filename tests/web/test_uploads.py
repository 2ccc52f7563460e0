"""Files on their way in, where several services use one directory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from assistant.web.api.uploads import Uploads
from tests.conftest import apart


async def content() -> AsyncIterator[bytes]:
    yield b"nothing"


def test_a_service_leaves_another_its_uploads(tmp_path: Path) -> None:
    one, other = Uploads(tmp_path, shared=True), Uploads(tmp_path, shared=True)
    token = apart(one.receive("甲.txt", content()))
    other.clear()
    assert other.take(token) is None
    source = one.take(token)
    assert source is not None and (source.name, source.content) == ("甲.txt", b"nothing")
