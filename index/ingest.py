"""Files to stores, with a report.

The order makes a crash harmless: read and structure (nothing written), vectors under content hashes, then one SQL
transaction that makes the document visible. What a crash leaves are vectors without a chunk, swept at the next start.
"""

from __future__ import annotations

import errno
import logging
import os
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from index.audit import audit_document
from index.chunks import Chunk, document_chunks
from index.errors import BudgetQAError, ReadError, StoreError
from index.facts import SURE, Fact, document_facts
from index.model import Document
from index.readers import READERS
from index.sandbox import NORMAL, Limits, read_limited
from index.settings import Settings
from index.store import Store, document_id_of

if TYPE_CHECKING:  # brings Chroma and llama-index, seconds that reading a file does without
    from index.vectors import Vectors

VERDICTS = ("一致", "尾差", "不一致")
SHIPPED = Path(__file__).parent / "data"
log = logging.getLogger(__name__)
MOST_BYTES = 500 * 2**20  # of one file; scans of hundreds of pages have a fifth of it
UNSHOWN = {"Cc", "Cf", "Zl", "Zp"}  # Unicode categories: control and format characters, line separators
CANNOT_READ = {
    errno.ENOENT: "无法读取，链接指向的文件不存在；请把原文件复制过来后重试",
    errno.ELOOP: "无法读取，链接绕回了自己；请把原文件复制过来后重试",
    errno.EACCES: "无法读取，没有权限；请让本程序的用户可以读它后重试",
    errno.EIO: "无法读取，磁盘出错；请重新下载或复制后重试",
    errno.ENAMETOOLONG: "无法读取，文件名太长；请改短后重试",
}
Progress = Callable[[str, int, int], None]


@dataclass
class FileReport:
    """What became of one file. `error` is one line that says what to do, None when the file is indexed."""

    path: str
    status: str = "failed"
    document: str | None = None
    title: str | None = None
    tables: int = 0
    facts: int = 0
    chunks: int = 0
    embedded: int = 0
    pages: int = 0
    kinds: dict[str, int] = field(default_factory=dict)  # tables by kind
    identities: dict[str, int] = field(default_factory=dict)  # accounting identities by verdict
    remarks: list[str] = field(default_factory=list)  # what could not be read, or is doubtful, and why
    error: str | None = None


@dataclass
class Report:
    """What became of all files of one ingest."""

    files: list[FileReport] = field(default_factory=list)

    @property
    def failed(self) -> list[FileReport]:
        return [file for file in self.files if file.error]


@dataclass(frozen=True)
class Correction:
    """The operator's word on whose document it is, and of which year; None leaves what the file says."""

    department: str | None = None
    year: int | None = None


AS_TOLD = Correction()  # by the file itself


def parse_file(path: Path, limits: Limits = NORMAL, told: Correction = AS_TOLD) -> tuple[Document, bytes]:
    """A file read and structured, nothing stored. Raises ReadError or StructureError with a line that says what to do."""
    content = _content(path)
    return _parsed(path, content, limits, told), content


def _parsed(path: Path, content: bytes, limits: Limits, told: Correction) -> Document:
    return read_limited(Path(printable(path)), content, limits, (told.department, told.year))


def _content(path: Path) -> bytes:
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


@contextmanager
def writing(settings: Settings) -> Any:
    """Hold the store for writing: one process at a time. Raises StoreError at once when another holds it."""
    lock = FileLock(settings.store / "writer.lock")
    try:
        settings.store.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise StoreError(f"{settings.store}：另一个进程正在使用该数据目录；请等它结束，或停止正在运行的服务") from error
    except OSError as error:
        raise StoreError(
            f"{settings.store}：数据目录不能写入（{error.strerror}）；请检查路径、权限和磁盘空间"
        ) from error
    try:
        yield
    finally:
        lock.release()


def limits_of(settings: Settings) -> Limits:
    return Limits(settings.file_seconds, settings.file_megabytes)


def ingest_paths(paths: Iterable[Path], store: Store, vectors: Vectors, progress: Progress = lambda *_: None,
                 limits: Limits = NORMAL, told: Correction = AS_TOLD) -> Report:  # fmt: skip
    """Index files and folders. A file that fails is reported and leaves the others, and its own old state, as they were.

    `progress(name, done, total)` is called as texts are embedded.
    """
    run = _Run(files_under(paths), store, vectors, progress, limits, told)
    return Report([run.take(path) for path in run.files])


class _Run:
    """One ingest: its files, and the stores that they go to."""

    def __init__(self, files: list[Path], store: Store, vectors: Vectors, progress: Progress,
                 limits: Limits, told: Correction) -> None:  # fmt: skip
        self.files, self._store, self._vectors = files, store, vectors
        self._progress, self._limits, self._told = progress, limits, told
        self._known = {info.id: info for info in store.documents()}

    def take(self, path: Path) -> FileReport:
        entry = FileReport(path=printable(path))
        try:
            self._index(path, entry)
        except BudgetQAError as error:
            entry.error = str(error)
        except Exception as error:  # no file may keep the others out
            log.debug("%s", path, exc_info=True)
            entry.error = (
                f"{printable(path.name)}：收录时出错（{type(error).__name__}：{error}）；请把这份文件发给维护者"
            )
            entry.error = " ".join(entry.error.split())
        return entry

    def _index(self, path: Path, entry: FileReport) -> None:
        content, name = _content(path), printable(path.name)
        entry.document = document_id_of(content)
        known = self._known.get(entry.document)
        if known and self._told.department in (None, known.department) and self._told.year in (None, known.year):
            # It may lack vectors all the same: the operator may have deleted a damaged vector store.
            entry.embedded = self._embed(name, self._store.chunks(documents=[entry.document]))
            entry.title, entry.status = known.title, "unchanged"
            return
        document = _parsed(path, content, self._limits, self._told)
        entry.title, entry.tables = document.title, len(document.tables)
        chunks = document_chunks(document, entry.document)
        facts = document_facts(document, entry.document)
        _describe(entry, document, facts)
        entry.embedded = self._embed(name, chunks)
        earlier = self._earlier_editions(document, name, entry.document)
        self._store.add(document, entry.document, name, content, facts, chunks, earlier)
        if earlier or known:
            self._vectors.sweep(self._store.chunk_keys())
        if earlier:
            entry.remarks.append(f"取代了以前收录的同名文件（编号{'、'.join(earlier)}）")
        self._known = {info.id: info for info in self._store.documents()}
        entry.facts, entry.chunks, entry.status = len(facts), len(chunks), "indexed"

    def _embed(self, name: str, chunks: Iterable[Chunk]) -> int:
        texts = {chunk.key: chunk.text for chunk in chunks}
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            self._progress(name, done, len(texts))

        return self._vectors.add(texts, advance)

    def _earlier_editions(self, document: Document, name: str, document_id: str) -> list[str]:
        """The documents that a changed file replaces: of its name, of the same office, year and kind, and not also among the
        files of this ingest, where two folders may hold a file of the same name."""
        own = (name, document.department, document.year, document.kind)
        same = [
            info.id for info in self._known.values()
            if own == (info.file_name, info.department, info.year, info.kind) and info.id != document_id
        ]  # fmt: skip
        return [one for one in same if one not in self._present] if same else []

    @cached_property
    def _present(self) -> set[str]:
        present = set()
        for path in self.files:
            with suppress(ReadError):
                present.add(document_id_of(_content(path)))
        return present


def _describe(entry: FileReport, document: Document, facts: list[Fact]) -> None:
    """What was found in a document, and what in it is doubtful."""
    places = [*(row.place for table in document.tables for row in table.rows), *(s.place for s in document.sections)]
    entry.pages = max((place.page or 0 for place in places), default=0)
    entry.kinds = dict(Counter(table.kind for table in document.tables))
    identities = audit_document(document, entry.document or "")
    entry.identities = {verdict: sum(i.verdict == verdict for i in identities) for verdict in VERDICTS}
    standard = [t for t in document.tables if t.kind != "other" and not t.kind.startswith("performance")]
    blank = [t.title for t in standard if not any(v is not None for row in t.rows for v in row.values)]
    if blank:
        entry.remarks.append(f"没有数的表：{'、'.join(dict.fromkeys(blank))}")
    if not document.tables:
        entry.remarks.append("没有表格，只收录了文字和文中的数")
    doubtful = [fact for fact in facts if fact.confidence is not None and fact.confidence < SURE]
    scanned = sum(fact.confidence is not None for fact in facts)
    if scanned:
        entry.remarks.append(f"扫描识别的数{scanned}个，其中把握不大的{len(doubtful)}个")


def remove_document(document_id: str, store: Store, vectors: Vectors) -> None:
    """Take a document out of both stores. Raises StoreError when there is none of that id."""
    store.remove(document_id)
    vectors.sweep(store.chunk_keys())
