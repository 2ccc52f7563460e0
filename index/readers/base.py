"""What a reader is: bytes of one file to ordered blocks, each with its place. One format a file; `readers` collects them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from index.errors import ReadError
from index.model import Block

MOST_PAGES = 2000  # of one file; the largest compilations have some hundred


class Reader(ABC):
    """Reads one format. `suffixes` are the lower-case file endings it takes."""

    suffixes: ClassVar[tuple[str, ...]]
    plain: ClassVar[bool] = False  # text without any structure that could be broken or endless
    paged: ClassVar[bool] = False  # whether it has pages that `picture` shows

    @abstractmethod
    def read(self, content: bytes, name: str) -> list[Block]:
        """The blocks of a file in reading order. Raises ReadError with the file's name, the place and the way out."""

    def picture(self, content: bytes, name: str, number: int) -> tuple[np.ndarray, float]:
        """A page, counted from 1, as an RGB picture of bounded size, and how many of its pixels make a point. Raises ReadError
        where there is no such page or it cannot be drawn."""
        raise ReadError(f"{name}：这种文件不分页")


def check_pages(count: int, name: str) -> None:
    """Raises ReadError where a file has more pages than are read."""
    if count > MOST_PAGES:
        raise ReadError(f"{name}：超过{MOST_PAGES}页，太多；请拆成几份后重试")
