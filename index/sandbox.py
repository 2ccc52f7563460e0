"""Reading a file in a process of its own, within limits.

In: the bytes of a file. Out: its blocks, or a ReadError with one line. A parser that is stuck, eats the memory or crashes
ends with its process, and the files after it are read all the same.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from index.errors import BudgetQAError, ReadError
from index.model import Block
from index.readers import is_plain, read_blocks


@dataclass(frozen=True)
class Limits:
    """What reading one file may take."""

    seconds: int = 600
    megabytes: int = 6000


NORMAL = Limits()


def read_limited(path: Path, content: bytes, limits: Limits = NORMAL) -> list[Block]:
    """The blocks of a file, as `read_blocks`. Plain text is read here; all else in a process that is ended at its limits."""
    if is_plain(path):
        return read_blocks(path, content)
    context: Any = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
    if sys.platform != "win32":
        context.set_forkserver_preload(["index.readers"])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_read, args=(theirs, path, content, limits.megabytes), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(limits.seconds):
            raise ReadError(
                f"{path.name}：读了{limits.seconds}秒仍未读完，已中止；可用 BUDGET_QA_FILE_SECONDS 放宽，或拆成几份"
            )
        answer = ours.recv()
    except (EOFError, OSError) as error:
        raise ReadError(
            f"{path.name}：读取时出错中止（内存超过{limits.megabytes}MB或文件损坏）；可用 BUDGET_QA_FILE_MEGABYTES 放宽，或另存后重试"
        ) from error
    finally:
        ours.close()
        if process.is_alive():
            process.kill()
        process.join()
    if isinstance(answer, str):
        raise ReadError(answer)
    blocks: list[Block] = answer
    return blocks


def _read(connection: Connection, path: Path, content: bytes, megabytes: int) -> None:
    """In the child: read, and send blocks or the line of an error."""
    _limit_memory(megabytes)
    try:
        answer: list[Block] | str = read_blocks(path, content)
    except BudgetQAError as error:
        answer = str(error)
    except MemoryError:
        answer = f"{path.name}：读取需要的内存超过{megabytes}MB；可用 BUDGET_QA_FILE_MEGABYTES 放宽，或拆成几份"
    except Exception as error:  # whatever a parser meets in a broken file
        answer = f"{path.name}：文件读不出来（{type(error).__name__}）；请重新下载原文件，或另存为别的格式后重试"
    with contextlib.suppress(OSError):
        connection.send(answer)
    connection.close()


def _limit_memory(megabytes: int) -> None:
    if sys.platform != "win32":
        import resource

        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, resource.RLIM_INFINITY))
