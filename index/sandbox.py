"""Reading files in a process of its own, within limits.

In: the bytes of a file. Out: its Documents, or the picture of a page, or a ReadError or StructureError with one line. A parser that is stuck, eats the
memory or crashes ends with its process; the next file gets a new one. The process has the parsers loaded and reads one file
after another.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from index.errors import BudgetQAError, ReadError, StructureError
from index.model import Document
from index.parsing.compilation import build_documents
from index.picture import Part, page_picture
from index.readers import is_plain, read_blocks

START = "from index.sandbox import serve; serve()"
SMALL = 2**20  # bytes: plain text up to here can neither take long nor much memory
MOST_READ = 64 * 2**20  # bytes of Documents on its way here: those of hundreds of pages have one or two million
GRACE = 3  # seconds after which the process ends itself, should nobody be left to end it


@dataclass(frozen=True)
class Limits:
    """What reading one file may take."""

    seconds: int = 600
    megabytes: int = 6000


NORMAL = Limits()
DRAWING = Limits(seconds=20, megabytes=1500)  # a page of 600 dpi takes two seconds and some hundred megabytes


Told = tuple[str | None, int | None]  # department and year, where the operator corrects what the file says
Task = Callable[[Path, bytes, Any], Any]  # a function of a module, which the process imports


def read_limited(path: Path, content: bytes, limits: Limits = NORMAL, told: Told = (None, None)) -> list[Document]:
    """The Documents of a file. A short plain text is read here; all else in a process that is ended at its limits."""
    if is_plain(path) and len(content) <= SMALL:
        return _read(path, content, told)
    documents: list[Document] = _READING.run(_read, path, content, told, limits)
    return documents


def picture_limited(path: Path, content: bytes, part: Part, limits: Limits = DRAWING) -> bytes:
    """A page of a file, or a part of one, as PNG. Raises ReadError where it cannot be drawn within the limits."""
    picture: bytes = _DRAWING.run(page_picture, path, content, part, limits)
    return picture


def _read(path: Path, content: bytes, told: Told) -> list[Document]:
    return build_documents(read_blocks(path, content), path.name, *told)


@dataclass(frozen=True)
class _Refusal:
    """Why there are no Documents. What is `spent` has met the limit of memory, and is ended."""

    error: type[BudgetQAError]
    line: str
    spent: bool = False


class _Answers(pickle.Unpickler):
    """Makes Documents, bytes and refusals, and nothing else: a parser that a file has taken over has no say over who reads it."""

    def find_class(self, module: str, name: str) -> Any:
        ours = module in ("index.model", "index.errors") or (module, name) in (
            ("decimal", "Decimal"),
            (__name__, "_Refusal"),
        )
        found = getattr(sys.modules.get(module), name, None) if ours else None
        if isinstance(found, type):
            return found
        raise pickle.UnpicklingError(f"{module}.{name}")


class _Worker:
    """A process that reads: started when first needed, and again after it was ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._megabytes = 0

    def run(self, task: Task, path: Path, content: bytes, told: Any, limits: Limits) -> Any:
        """What a task makes of a file and of what else it is told."""
        with self._lock:
            process = self._running(limits.megabytes)
            late = threading.Event()
            timer = threading.Timer(limits.seconds, _stop, (process, late))
            timer.start()
            try:
                pickle.dump((task, path.name, content, told, limits.seconds), process.stdin)  # type: ignore[arg-type]
                process.stdin.flush()  # type: ignore[union-attr]
                answer = _Answers(process.stdout).load()  # type: ignore[arg-type]
            except (EOFError, OSError, pickle.UnpicklingError) as error:
                self.end()
                raise ReadError(_why(path, limits, late.is_set())) from error
            finally:
                timer.cancel()
            if not isinstance(answer, _Refusal):
                return answer
            if answer.spent:
                self.end()
        raise answer.error(answer.line)

    def _running(self, megabytes: int) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None or self._megabytes != megabytes:
            self.end()
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
            command = [sys.executable, "-c", START, str(megabytes)]
            # What parsers complain of on the way is no business of the operator's.
            complaints = None if logging.getLogger().isEnabledFor(logging.DEBUG) else subprocess.DEVNULL
            self._process = subprocess.Popen(  # noqa: S603, ourselves
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, env=environment
            )
            self._megabytes = megabytes
        return self._process

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            with contextlib.suppress(BrokenPipeError):  # what it never took
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


_READING, _DRAWING = _Worker(), _Worker()
atexit.register(_READING.end)
atexit.register(_DRAWING.end)


# --- in the reading process --------------------------------------------------------------------------------------
def serve() -> None:
    """Do the tasks that come in on standard input, until it is closed; what is made or the line of an error goes out."""
    megabytes = int(sys.argv[-1])
    _limit_memory(megabytes)
    incoming, outgoing = sys.stdin.buffer, _own_output()
    while True:
        try:
            task, name, content, told, seconds = pickle.load(incoming)  # noqa: S301, from our own parent
        except EOFError:
            return
        with _ended_after(seconds + GRACE):
            outgoing.write(_answer(task, Path(name), content, told, megabytes))
        outgoing.flush()


def _own_output() -> BinaryIO:
    """Standard output for answers alone: what a library prints goes to standard error."""
    outgoing = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return outgoing


@contextlib.contextmanager
def _ended_after(seconds: int) -> Iterator[None]:
    """Have the system end this process, however busy, when who asked was killed and ends it no more."""
    if sys.platform != "win32":
        signal.alarm(seconds)
    yield
    if sys.platform != "win32":
        signal.alarm(0)


def _answer(task: Task, path: Path, content: bytes, told: Any, megabytes: int) -> bytes:
    try:
        answer = pickle.dumps(task(path, content, told))
    except BudgetQAError as error:
        return pickle.dumps(_Refusal(type(error), str(error)))
    except MemoryError:
        line = f"{path.name}：读取需要的内存超过{megabytes}MB；可用 BUDGET_QA_FILE_MEGABYTES 放宽，或拆成几份"
        return pickle.dumps(_Refusal(ReadError, line, spent=True))
    except Exception as error:  # whatever a parser meets in a broken file
        line = f"{path.name}：文件读不出来（{type(error).__name__}）；请重新下载原文件，或另存为别的格式后重试"
        return pickle.dumps(_Refusal(ReadError, line))
    if len(answer) > MOST_READ:
        return pickle.dumps(_Refusal(StructureError, f"{path.name}：内容太多，一份文件容不下；请拆成几份后重试"))
    return answer


def _limit_memory(megabytes: int) -> None:
    """On top of what the parsers take before any file: half a gigabyte of addresses, most of them never touched."""
    if sys.platform != "win32":
        import resource

        taken = 0
        with contextlib.suppress(OSError):  # no /proc
            taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (taken + megabytes * 2**20, resource.RLIM_INFINITY))
