"""Who reads files: this machine, each when its turn comes, or others that begin ahead.

In: what a file holds. Out: what gives its Documents when asked, or raises ReadError or StructureError. Whoever reads, one process writes,
file after file in their order, so that stores and reports are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from index.model import Document
from index.sandbox import Limits, Told, read_limited

Made = Mapping[str, Sequence[float]]  # vectors of texts, by their content hash


@dataclass(frozen=True)
class Read:
    """The Documents of a file, and vectors of their texts where who read it made some."""

    documents: list[Document]
    vectors: Made = field(default_factory=dict)


class Reading(Protocol):
    """How files are read. `ahead` is how many may be under way while another is written."""

    @property
    def ahead(self) -> int:
        """How many files may be under way while another is written."""

    def begin(self, name: str, content: bytes, limits: Limits, told: Told) -> Callable[[], Read]:
        """Begin to read a file. What comes back waits for the end of it."""


class Here:
    """On this machine, one file at a time."""

    ahead = 0

    def begin(self, name: str, content: bytes, limits: Limits, told: Told) -> Callable[[], Read]:
        """Begin nothing yet: the file is read when what comes back is called."""
        return lambda: Read(read_limited(Path(name), content, limits, told))


HERE = Here()
