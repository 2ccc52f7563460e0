"""A small disk of its own, to be filled."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NO_DISK = "不能挂载 tmpfs（要 root），跳过磁盘满的测试"


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """A disk at a folder, where this user may mount one; whether it was."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path, left: int) -> Path:
    """Fill a disk but for so many bytes. Returns the file to be deleted."""
    ballast = disk / "ballast"
    ballast.write_bytes(bytes(shutil.disk_usage(disk).free - left))
    return ballast
