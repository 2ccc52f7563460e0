"""What the readers' tests share: the line with which a file is refused, and files that no reader may unpack."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import ReadError
from index.readers import read_blocks


@pytest.fixture
def refusal() -> Callable[[str, bytes], str]:
    """The line with which a file of this name and content is refused; it begins with the name."""

    def refused(name: str, content: bytes) -> str:
        with pytest.raises(ReadError) as caught:
            read_blocks(Path(name), content)
        (line,) = str(caught.value).splitlines()
        assert line.startswith(f"{name}：")
        return line

    return refused


@pytest.fixture(scope="session")
def zip_bomb() -> bytes:
    """An archive of 30 KB that unpacks to 30 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", bytes(30 * 2**20))
    return packed.getvalue()
