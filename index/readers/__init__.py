"""The registry of readers: every sibling module that defines a Reader is taken in."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from pathlib import Path

from index.errors import ReadError
from index.model import Block, GridCell, Paragraph
from index.readers.base import Reader


def _collect() -> dict[str, Reader]:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return {suffix: cls() for cls in Reader.__subclasses__() for suffix in cls.suffixes}


READERS = _collect()


# What files begin with, whatever they are called: names in real collections lie.
SIGNATURES = (
    (b"%PDF-", (".pdf",)),
    (b"PK\x03\x04", (".xlsx", ".xlsm", ".docx", ".ods")),
    (b"\xd0\xcf\x11\xe0", (".xls", ".xlsx", ".docx")),
    (b"\x89PNG", (".png",)),
    (b"\xff\xd8\xff", (".jpg", ".jpeg")),
)


def is_plain(path: Path) -> bool:
    """Whether a file is of a format that cannot be broken or endless, or of none that is read."""
    reader = READERS.get(path.suffix.lower())
    return reader is None or reader.plain


def is_paged(path: Path) -> bool:
    """Whether a file has pages that can be shown."""
    reader = READERS.get(path.suffix.lower())
    return reader is not None and reader.paged


def read_blocks(path: Path, content: bytes) -> list[Block]:
    """The blocks of a file by its suffix. Raises ReadError when no reader takes it, it is empty, or it is of another format."""
    suffix = path.suffix.lower()
    reader = READERS.get(suffix)
    if reader is None:
        known = " ".join(sorted(READERS))
        raise ReadError(f"{path.name}：不支持的文件格式“{path.suffix}”；可读取的格式：{known}")
    real = next((suffixes for start, suffixes in SIGNATURES if content.startswith(start)), None)
    if real and suffix not in real:
        raise ReadError(f"{path.name}：扩展名是{suffix}，内容却是{real[0]}文件；请改正扩展名后重试")
    blocks = reader.read(content, path.name) if content.strip() else []
    if not blocks:
        raise ReadError(f"{path.name}：文件是空的；请重新下载原文件")
    for text in (part for block in blocks for part in _texts(block)):
        text.text = text.text.replace("\0", " ")  # no printed character, and PostgreSQL keeps none
    return blocks


def _texts(block: Block) -> Iterable[Paragraph | GridCell]:
    """What of a block has a text."""
    return [block] if isinstance(block, Paragraph) else (cell for row in block.rows for cell in row.cells)
