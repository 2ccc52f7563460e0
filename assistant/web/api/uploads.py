"""Files on their way in. In: names and bytes as they arrive. Out: each file once, to be indexed.

Each lies under a random name of ours: what it is called is kept beside it and never becomes a path. A file that nobody comes
for goes after an hour, all go with the service.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from index.errors import StoreError
from index.files import Source, printable

FOLDER = "uploads"  # in the store directory
WAITS = 3600  # seconds


@dataclass(frozen=True)
class _Waiting:
    name: str
    since: float = field(default_factory=time.monotonic)


class Uploads:
    """The folder of files that have arrived and are not indexed yet."""

    def __init__(self, store: Path, *, shared: bool = False) -> None:
        """`shared`: other services may use the directory too, so that the folder is this one's alone."""
        self._folder = store / FOLDER / secrets.token_hex(8) if shared else store / FOLDER
        self._waiting: dict[str, _Waiting] = {}  # by token, which is also the name of the file

    def clear(self) -> None:
        """Begin, or end, with nothing."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._waiting.clear()

    async def receive(self, name: str, chunks: AsyncIterator[bytes]) -> str:
        """Keep a file. Returns the token to take it by. Raises StoreError where it cannot be written."""
        self._forget()
        token = secrets.token_hex(16)
        path = self._folder / token
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with path.open("xb") as file:
                async for chunk in chunks:
                    await run_in_threadpool(file.write, chunk)
        except BaseException as error:
            path.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise StoreError(f"上传的文件没有存下（{error.strerror}）；请检查磁盘空间和权限后重试") from error
            raise
        self._waiting[token] = _Waiting(base_name(name))
        return token

    def take(self, token: str) -> Source | None:
        """A file, which is then no longer there; None where there is none of that token."""
        waiting = self._waiting.pop(token, None)
        if waiting is None:
            return None
        path = self._folder / token
        content = path.read_bytes()
        path.unlink()
        return Source(waiting.name, content)

    def _forget(self) -> None:
        now = time.monotonic()
        for token in [token for token, waiting in self._waiting.items() if now - waiting.since > WAITS]:
            del self._waiting[token]
            (self._folder / token).unlink(missing_ok=True)


def base_name(name: str) -> str:
    """What a file is called, whatever folders its sender put before, as one line of text."""
    return printable(name.replace("\\", "/").rpartition("/")[2]).strip() or "没有名字"
