"""The files that are named, and what they hold.

In: paths of files and folders. Out: the files to be read, in a stable order, and the content of each, or a ReadError with one line.
"""

from __future__ import annotations

import errno
import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from index.errors import ReadError
from index.readers import READERS

MOST_BYTES = 500 * 2**20  # of one file; scans of hundreds of pages have a fifth of it
UNSHOWN = {"Cc", "Cf", "Zl", "Zp"}  # Unicode categories: control and format characters, line separators
CANNOT_READ = {
    errno.ENOENT: "无法读取，链接指向的文件不存在；请把原文件复制过来后重试",
    errno.ELOOP: "无法读取，链接绕回了自己；请把原文件复制过来后重试",
    errno.EACCES: "无法读取，没有权限；请让本程序的用户可以读它后重试",
    errno.EIO: "无法读取，磁盘出错；请重新下载或复制后重试",
    errno.ENAMETOOLONG: "无法读取，文件名太长；请改短后重试",
}


@dataclass(frozen=True)
class Source:
    """What a file holds, what it is called, and where it lies; None where it was sent."""

    name: str
    content: bytes
    path: str | None = None


def content_of(path: Path) -> bytes:
    """What a file holds. Raises ReadError."""
    name = printable(path.name)
    try:
        size = path.stat().st_size
        if path.is_file() and size <= MOST_BYTES:
            return path.read_bytes()
    except OSError as error:
        raise ReadError(
            f"{name}：{CANNOT_READ.get(error.errno or 0, f'文件无法读取（{error.strerror}）；请检查路径和权限')}"
        ) from error
    if size > MOST_BYTES:
        raise ReadError(f"{name}：文件有{size // 2**20}MB，超过{MOST_BYTES // 2**20}MB；请拆成几份后重试")
    what = "文件夹" if path.is_dir() else "设备或管道"
    raise ReadError(f"{name}：无法读取，这是{what}，不是文件；请检查是不是下载或解压时出了错")


def printable(path: Path | str) -> str:
    """A path as one line of text. Names of files unpacked from a Chinese archive are often GB18030 where the system expects
    UTF-8; control characters, which may be in any name, would spoil a terminal."""
    raw = os.fsencode(path)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    return "".join("\ufffd" if unicodedata.category(c) in UNSHOWN else c for c in text)


def files_under(paths: Iterable[Path]) -> list[Path]:
    """The files named, and those in the folders named whose format is known, in a stable order. What only has such a name (a
    dead link, a folder) or cannot be looked into is among them, so that it is reported. Raises ReadError."""
    found: list[Path] = []
    for path in paths:
        if not os.path.lexists(path):
            raise ReadError(f"{printable(path)}：没有这个文件或文件夹；请检查路径")
        found += _files_in(path) if path.is_dir() else [path]
    return found


def _files_in(folder: Path) -> list[Path]:
    """Not those that begin with a dot or ~$, which systems and Office put there for themselves."""
    found: list[Path] = []

    def closed(error: OSError) -> None:
        found.append(Path(error.filename))

    for parent, folders, files in os.walk(folder, onerror=closed):
        found += [
            Path(parent, name) for name in [*folders, *files]
            if Path(name).suffix.lower() in READERS and not name.startswith((".", "~$"))
        ]  # fmt: skip
    return sorted(found)
