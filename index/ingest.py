"""Files to stores, with a report.

The order makes a crash harmless: read and structure (nothing written), then what index/settling.py writes: vectors under content
hashes, and one SQL transaction that makes the documents visible. What a crash leaves are vectors without a chunk, swept at the next
start.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from index.editions import budget_key
from index.errors import StoreError
from index.files import Source, content_of, files_under, printable
from index.model import Document
from index.reading import HERE, Read, Reading
from index.report import FileReport, Report, describe, held, relation, reported, status
from index.sandbox import NORMAL, Limits
from index.settings import Settings
from index.settling import File, Progress, embed, settle
from index.sql.store import DocumentInfo, Store, document_ids
from index.web_address import is_web_address

if TYPE_CHECKING:  # brings Chroma and llama-index, seconds that reading a file does without
    from index.search.vectors import Vectors

SHIPPED = Path(__file__).parent / "data"
MOST_AHEAD = 256 * 2**20  # bytes of files that are read ahead


@dataclass(frozen=True)
class Correction:
    """The operator's word on whose document it is, of which year, and where its file is published; None leaves what the file
    says, and what was said before. Raises ValueError where the address is none of the web."""

    department: str | None = None
    year: int | None = None
    source_url: str | None = None

    def __post_init__(self) -> None:
        if self.source_url is not None and not is_web_address(self.source_url):
            raise ValueError(f"“{self.source_url[:200]}”不是网址；请写以 http:// 或 https:// 开头的完整地址")

    def is_met_by(self, own: list[DocumentInfo]) -> bool:
        """Whether there are documents, whose and of which year it says."""
        return bool(own) and all(
            self.department in (None, info.department) and self.year in (None, info.year) for info in own
        )


AS_TOLD = Correction()  # by the file itself


def parse_file(path: Path, limits: Limits = NORMAL, told: Correction = AS_TOLD) -> tuple[list[Document], bytes]:
    """The documents of a file, read and structured, nothing stored. Raises ReadError or StructureError with a line that says what to do."""
    content = content_of(path)
    return HERE.begin(printable(path), content, limits, (told.department, told.year))().documents, content


@contextmanager
def writing(settings: Settings) -> Any:
    """Hold the store directory for writing: one process at a time. Raises StoreError at once when another holds it. What is on
    servers is held by the file (`Store.writing`), and others may write between."""
    if settings.on_servers:
        yield
        return
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
    """How long one file may take to be read, and how much memory."""
    return Limits(settings.file_seconds, settings.file_megabytes)


def ingest_paths(paths: Iterable[Path], store: Store, vectors: Vectors, progress: Progress = lambda *_: None,
                 limits: Limits = NORMAL, told: Correction = AS_TOLD, reading: Reading = HERE) -> Report:  # fmt: skip
    """Index files and folders. A file that fails is reported and leaves the others, and its own old state, as they were.

    `progress(name, done, total)` is called as texts are embedded. Files are written one by one in their order, however they are read.
    """
    run = _Run(store, vectors, progress, limits, told, reading)
    report = Report()
    waiting: deque[_Waiting] = deque()

    def write_first() -> None:
        first = waiting.popleft()
        with reported(first.entry, first.source.name):
            run.ingest(first.source, first.entry, first.read)

    for path in files_under(paths):
        entry = FileReport(path=printable(path))
        report.files.append(entry)
        with reported(entry, printable(path.name)):
            source = Source(printable(path.name), content_of(path), printable(path.absolute()))
            while any(one.source.content == source.content for one in waiting):  # which may then be there already
                write_first()
            waiting.append(_Waiting(entry, source, run.begin_ahead(source)))
        while len(waiting) > reading.ahead or sum(len(one.source.content) for one in waiting) > MOST_AHEAD:
            write_first()
    while waiting:
        write_first()
    return report


def ingest_sent(source: Source, store: Store, vectors: Vectors, progress: Progress = lambda *_: None,
                limits: Limits = NORMAL, told: Correction = AS_TOLD) -> FileReport:  # fmt: skip
    """Index a file that was sent. What fails is reported, and leaves everything as it was."""
    run = _Run(store, vectors, progress, limits, told)
    entry = FileReport(path=source.name)
    with reported(entry, source.name):
        run.ingest(source, entry, run.begin(source))
    return entry


def ingest_again(document_id: str, store: Store, vectors: Vectors, progress: Progress = lambda *_: None,
                 limits: Limits = NORMAL, told: Correction = AS_TOLD) -> FileReport:  # fmt: skip
    """Read the stored original of a document anew, with all budgets that it holds. What fails is reported, and leaves everything
    as it was. Raises StoreError when there is none of that id."""
    info = store.info(document_id)
    original = store.original(info.sha256) if info else None
    if original is None:
        raise StoreError(f"{document_id}：没有这份文件；用 budget-qa documents 查看已入库文件")
    run = _Run(store, vectors, progress, limits, told)
    source = Source(*original, store.path_of(document_id))
    entry = FileReport(path=source.name)
    with reported(entry, source.name):
        run.ingest(source, entry, run.begin(source), again=True)
    return entry


@dataclass(frozen=True)
class _Waiting:
    """A file whose turn to be written has not come; `read` gives what was made of it."""

    entry: FileReport
    source: Source
    read: Callable[[], Read]


@dataclass(frozen=True)
class _Run:
    """What holds for all files of one call: the stores, how files are read, and what the operator says of them."""

    store: Store
    vectors: Vectors
    progress: Progress
    limits: Limits
    told: Correction
    reading: Reading = HERE

    def begin(self, source: Source) -> Callable[[], Read]:
        return self.reading.begin(source.name, source.content, self.limits, (self.told.department, self.told.year))

    def begin_ahead(self, source: Source) -> Callable[[], Read]:
        """Begin to read a file that is not indexed yet; one that is will hardly be read, which is settled when its turn comes."""
        if self.reading.ahead and not self.told.is_met_by(self._indexed(source)):
            return self.begin(source)

        def read_late() -> Read:
            return self.begin(source)()

        return read_late

    def ingest(self, source: Source, entry: FileReport, read: Callable[[], Read], *, again: bool = False) -> None:
        """Write a file, and what became of it into its report. `again`: also where nothing has changed."""
        entry.document = document_ids(source.content, 1)[0]
        with self.store.writing():
            if not again and self._is_unchanged(source, entry):
                return
        # Reading may take minutes, in which others write.
        found = read()
        with self.store.writing():
            self._write(source, found, entry)

    def _indexed(self, source: Source) -> list[DocumentInfo]:
        return self.store.of_file(hashlib.sha256(source.content).hexdigest())

    def _is_unchanged(self, source: Source, entry: FileReport) -> bool:
        """Whether a file is indexed already, as it is told to be; its report is then complete."""
        own, url = self._indexed(source), self.told.source_url
        if not self.told.is_met_by(own):
            return False
        # It may lack vectors all the same: the operator may have deleted a damaged vector store.
        entry.documents, entry.title, entry.status = [info.id for info in own], own[0].title, "unchanged"
        held(entry, own)
        entry.embedded = embed(self.store.chunks(documents=entry.documents), self.vectors, source.name, self.progress)
        if url is not None and any(info.source_url != url for info in own):
            self.store.set_source_url(own[0].sha256, url)
            entry.remarks.append(f"公布地址记为 {url}")
        return True

    def _write(self, source: Source, read: Read, entry: FileReport) -> None:
        parsed, own = read.documents, self._indexed(source)
        new = dict(zip(document_ids(source.content, len(parsed)), parsed, strict=True))
        entry.documents, entry.title = list(new), parsed[0].title
        held(entry, parsed)
        entry.tables = sum(len(document.tables) for document in parsed)
        source_url = self.told.source_url or next((info.source_url for info in own), None)
        keys = {budget_key(document) for document in parsed}
        before = self.store.at_path(source.path) if source.path else []
        replaced = {info.sha256 for info in before if budget_key(info) in keys}
        gone = [*own, *(info for digest in replaced for info in self.store.of_file(digest))]
        departments = {document.department for document in parsed} | {info.department for info in gone}
        stored = {info.id: info for info in self.store.documents(hidden=True, departments=departments)}
        own_ids = {info.id for info in own}
        changed = {info.id for info in stored.values() if info.sha256 in replaced} - own_ids
        settled = settle(self.store, self.vectors, stored.values(), changed | own_ids,
                         File(source, new, source_url, read.vectors), self.progress)  # fmt: skip
        entry.embedded = settled.embedded
        for identifier in (i for i in new if i in settled.facts):
            describe(entry, identifier, new[identifier], settled.facts[identifier])
            entry.facts += len(settled.facts[identifier])
            entry.chunks += len(settled.chunks[identifier])
        entry.status = status(settled.standings[entry.documents[0]])
        entry.remarks += ["替换了这个文件先前收录的内容"] if changed else []
        entry.remarks += [line for standing in settled.standings.items() if (line := relation(*standing, new, stored))]
