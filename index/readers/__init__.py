"""The registry of readers: every sibling module that defines a Reader is taken in."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from index.errors import ReadError
from index.model import Block
from index.readers.base import Reader


def _collect() -> dict[str, Reader]:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return {suffix: cls() for cls in Reader.__subclasses__() for suffix in cls.suffixes}


READERS = _collect()


def read_blocks(path: Path, content: bytes) -> list[Block]:
    """The blocks of a file by its suffix. Raises ReadError when no reader takes it or it is empty."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = " ".join(sorted(READERS))
        raise ReadError(f"{path.name}：不支持的文件格式“{path.suffix}”；可读取的格式：{known}")
    blocks = reader.read(content, path.name) if content.strip() else []
    if not blocks:
        raise ReadError(f"{path.name}：文件是空的；请重新下载原文件")
    return blocks
