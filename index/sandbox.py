"""Reading files in a process of its own, within limits.

In: the bytes of a file. Out: its blocks, or a ReadError with one line. A parser that is stuck, eats the memory or crashes
ends with its process; the next file gets a new one. The process has the parsers loaded and reads one file after another.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from index.errors import BudgetQAError, ReadError
from index.model import Block
from index.readers import is_plain, read_blocks

START = "from index.sandbox import serve; serve()"


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
    return _WORKER.read(path, content, limits)


class _Worker:
    """The reading process: started when first needed, and again after it was ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._megabytes = 0

    def read(self, path: Path, content: bytes, limits: Limits) -> list[Block]:
        with self._lock:
            process = self._running(limits.megabytes)
            late = threading.Event()
            timer = threading.Timer(limits.seconds, _stop, (process, late))
            timer.start()
            try:
                pickle.dump((path.name, content), process.stdin)  # type: ignore[arg-type]
                process.stdin.flush()  # type: ignore[union-attr]
                answer = pickle.load(process.stdout)  # type: ignore[arg-type]
            except (EOFError, OSError, pickle.UnpicklingError) as error:
                self.end()
                raise ReadError(_why(path, limits, late.is_set())) from error
            finally:
                timer.cancel()
        if isinstance(answer, str):
            raise ReadError(answer)
        blocks: list[Block] = answer
        return blocks

    def _running(self, megabytes: int) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None or self._megabytes != megabytes:
            self.end()
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
            command = [sys.executable, "-c", START, str(megabytes)]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
            self._megabytes = megabytes
        return self._process

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _stop(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _why(path: Path, limits: Limits, late: bool) -> str:
    if late:
        return f"{path.name}：读了{limits.seconds}秒仍未读完，已中止；可用 BUDGET_QA_FILE_SECONDS 放宽，或拆成几份"
    return (
        f"{path.name}：读取时出错中止（内存超过{limits.megabytes}MB或文件损坏）；"
        "可用 BUDGET_QA_FILE_MEGABYTES 放宽，或另存后重试"
    )


_WORKER = _Worker()
atexit.register(_WORKER.end)


# --- in the reading process --------------------------------------------------------------------------------------
def serve() -> None:
    """Read the files that come in on standard input, until it is closed; blocks or the line of an error go out."""
    megabytes = int(sys.argv[-1])
    _limit_memory(megabytes)
    incoming, outgoing = sys.stdin.buffer, _own_output()
    while True:
        try:
            name, content = pickle.load(incoming)
        except EOFError:
            return
        pickle.dump(_answer(Path(name), content, megabytes), outgoing)
        outgoing.flush()


def _own_output() -> BinaryIO:
    """Standard output for answers alone: what a library prints goes to standard error."""
    outgoing = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return outgoing


def _answer(path: Path, content: bytes, megabytes: int) -> list[Block] | str:
    try:
        return read_blocks(path, content)
    except BudgetQAError as error:
        return str(error)
    except MemoryError:
        return f"{path.name}：读取需要的内存超过{megabytes}MB；可用 BUDGET_QA_FILE_MEGABYTES 放宽，或拆成几份"
    except Exception as error:  # whatever a parser meets in a broken file
        return f"{path.name}：文件读不出来（{type(error).__name__}）；请重新下载原文件，或另存为别的格式后重试"


def _limit_memory(megabytes: int) -> None:
    if sys.platform != "win32":
        import resource

        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, resource.RLIM_INFINITY))
