"""What a reader is: bytes of one file to ordered blocks, each with its place. One format a file; `readers` collects them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from index.model import Block


class Reader(ABC):
    """Reads one format. `suffixes` are the lower-case file endings it takes."""

    suffixes: ClassVar[tuple[str, ...]]
    plain: ClassVar[bool] = False  # text without any structure that could be broken or endless

    @abstractmethod
    def read(self, content: bytes, name: str) -> list[Block]:
        """The blocks of a file in reading order. Raises ReadError with the file's name, the place and the way out."""
