"""Files to stores, with a report.

The order makes a crash harmless: read and structure (nothing written), vectors under content hashes, then one SQL
transaction that makes the documents visible. What a crash leaves are vectors without a chunk, swept at the next start.
With every file that comes or goes it is settled anew which documents of its budget are answered from (index/editions.py).
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from index.audit import audit_document
from index.chunks import Chunk, document_chunks
from index.editions import arrange, budget_key
from index.errors import BudgetQAError, StoreError
from index.facts import SURE, Fact, document_facts
from index.files import Source, content_of, files_under, printable
from index.identity import Verdict
from index.model import Document
from index.reading import HERE, Made, Read, Reading
from index.sandbox import NORMAL, Limits
from index.settings import Settings
from index.store import DocumentInfo, Standing, Store, document_ids
from index.web_address import is_web_address

if TYPE_CHECKING:  # brings Chroma and llama-index, seconds that reading a file does without
    from index.vectors import Vectors

VERDICTS: tuple[Verdict, ...] = ("一致", "尾差", "不一致")
SHIPPED = Path(__file__).parent / "data"
log = logging.getLogger(__name__)
MOST_AHEAD = 256 * 2**20  # bytes of files that are read ahead
Progress = Callable[[str, int, int], None]


@dataclass
class FileReport:
    """What became of one file. `error` is one line that says what to do, None when the file is indexed."""

    path: str
    status: str = "failed"
    document: str | None = None
    documents: list[str] = field(default_factory=list)  # all of them, where the file holds several budgets
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
    """The operator's word on whose document it is, of which year, and where its file is published; None leaves what the file
    says, and what was said before. Raises ValueError where the address is none of the web."""

    department: str | None = None
    year: int | None = None
    source_url: str | None = None

    def __post_init__(self) -> None:
        if self.source_url is not None and not is_web_address(self.source_url):
            raise ValueError(f"“{self.source_url[:200]}”不是网址；请写以 http:// 或 https:// 开头的完整地址")


AS_TOLD = Correction()  # by the file itself


def parse_file(path: Path, limits: Limits = NORMAL, told: Correction = AS_TOLD) -> tuple[list[Document], bytes]:
    """The documents of a file, read and structured, nothing stored. Raises ReadError or StructureError with a line that says what to do."""
    content = content_of(path)
    return _begin(HERE, printable(path), content, limits, told)().documents, content


def _begin(reading: Reading, name: str, content: bytes, limits: Limits, told: Correction) -> Callable[[], Read]:
    return reading.begin(name, content, limits, (told.department, told.year))


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
    return Limits(settings.file_seconds, settings.file_megabytes)


def ingest_paths(paths: Iterable[Path], store: Store, vectors: Vectors, progress: Progress = lambda *_: None,
                 limits: Limits = NORMAL, told: Correction = AS_TOLD, reading: Reading = HERE) -> Report:  # fmt: skip
    """Index files and folders. A file that fails is reported and leaves the others, and its own old state, as they were.

    `progress(name, done, total)` is called as texts are embedded. Files are written one by one in their order, however they are read.
    """
    report = Report()
    waiting: deque[_Waiting] = deque()

    def write_first() -> None:
        first = waiting.popleft()
        with _reported(first.entry, first.source.name):
            _ingest_file(first.source, first.entry, store, vectors, progress, first.read, told)

    for path in files_under(paths):
        entry = FileReport(path=printable(path))
        report.files.append(entry)
        with _reported(entry, printable(path.name)):
            source = Source(printable(path.name), content_of(path), printable(path.absolute()))
            while any(one.source.content == source.content for one in waiting):  # which may then be there already
                write_first()
            waiting.append(_Waiting(entry, source, _begin_ahead(source, store, limits, told, reading)))
        while len(waiting) > reading.ahead or sum(len(one.source.content) for one in waiting) > MOST_AHEAD:
            write_first()
    while waiting:
        write_first()
    return report


@dataclass(frozen=True)
class _Waiting:
    """A file whose turn to be written has not come; `read` gives what was made of it."""

    entry: FileReport
    source: Source
    read: Callable[[], Read]


def _begin_ahead(
    source: Source, store: Store, limits: Limits, told: Correction, reading: Reading
) -> Callable[[], Read]:
    """Begin to read a file that is not indexed yet; one that is will hardly be read, which is settled when its turn comes."""

    def begin() -> Callable[[], Read]:
        return _begin(reading, source.name, source.content, limits, told)

    def read_late() -> Read:
        return begin()()

    late = not reading.ahead or _as_told(_indexed(source, store), told)
    return read_late if late else begin()


def ingest_sent(source: Source, store: Store, vectors: Vectors, progress: Progress = lambda *_: None,
                limits: Limits = NORMAL, told: Correction = AS_TOLD) -> FileReport:  # fmt: skip
    """Index a file that was sent. What fails is reported, and leaves everything as it was."""
    entry = FileReport(path=source.name)
    with _reported(entry, source.name):
        _ingest_file(
            source, entry, store, vectors, progress, _begin(HERE, source.name, source.content, limits, told), told
        )
    return entry


def ingest_again(document_id: str, store: Store, vectors: Vectors, progress: Progress = lambda *_: None,
                 limits: Limits = NORMAL, told: Correction = AS_TOLD) -> FileReport:  # fmt: skip
    """Read the stored original of a document anew, with all budgets that it holds. What fails is reported, and leaves everything
    as it was. Raises StoreError when there is none of that id."""
    info = store.info(document_id)
    original = store.original(info.sha256) if info else None
    if original is None:
        raise StoreError(f"{document_id}：没有这份文件；用 budget-qa documents 查看已入库文件")
    source = Source(*original, store.path_of(document_id))
    entry = FileReport(path=source.name)
    with _reported(entry, source.name):
        read = _begin(HERE, source.name, source.content, limits, told)
        _ingest_file(source, entry, store, vectors, progress, read, told, again=True)
    return entry


@contextmanager
def _reported(entry: FileReport, name: str) -> Iterator[None]:
    """What goes wrong inside is written into the report: no file may keep the others out."""
    try:
        yield
    except BudgetQAError as error:
        entry.error = str(error)
    except Exception as error:
        log.debug("%s", entry.path, exc_info=True)
        told = f"{name}：收录时出错（{type(error).__name__}：{error}）；请把这份文件发给维护者"
        entry.error = " ".join(told.split())


@dataclass(frozen=True)
class _File:
    """A file to be written, with its documents by their ids."""

    source: Source
    documents: dict[str, Document]
    source_url: str | None
    vectors: Made


@dataclass(frozen=True)
class _Settled:
    """What a file's coming or going changed: standings by id, facts and chunks of those now answered from."""

    standings: dict[str, Standing]
    facts: dict[str, list[Fact]]
    chunks: dict[str, list[Chunk]]
    embedded: int = 0


def _ingest_file(source: Source, entry: FileReport, store: Store, vectors: Vectors, progress: Progress,
                 read: Callable[[], Read], told: Correction, again: bool = False) -> None:  # fmt: skip
    """`again`: also where nothing has changed."""
    entry.document = document_ids(source.content, 1)[0]
    with store.writing():
        if not again and _is_unchanged(source, entry, store, vectors, progress, told):
            return
    # Reading may take minutes, in which others write.
    found = read()
    with store.writing():
        _write_file(source, found, entry, store, vectors, progress, told)


def _is_unchanged(source: Source, entry: FileReport, store: Store, vectors: Vectors, progress: Progress,
                  told: Correction) -> bool:  # fmt: skip
    """Whether a file is indexed already, as it is told to be; its report is then complete."""
    own = _indexed(source, store)
    if not _as_told(own, told):
        return False
    # It may lack vectors all the same: the operator may have deleted a damaged vector store.
    entry.documents, entry.title, entry.status = [info.id for info in own], own[0].title, "unchanged"
    entry.embedded = _embed(store.chunks(documents=entry.documents), vectors, source.name, progress)
    if told.source_url is not None and any(info.source_url != told.source_url for info in own):
        store.set_source_url(own[0].sha256, told.source_url)
        entry.remarks.append(f"公布地址记为 {told.source_url}")
    return True


def _indexed(source: Source, store: Store) -> list[DocumentInfo]:
    return store.of_file(hashlib.sha256(source.content).hexdigest())


def _as_told(own: list[DocumentInfo], told: Correction) -> bool:
    """Whether there are documents, whose and of which year it is told."""
    return bool(own) and all(
        told.department in (None, info.department) and told.year in (None, info.year) for info in own
    )


def _write_file(source: Source, read: Read, entry: FileReport, store: Store, vectors: Vectors,
                progress: Progress, told: Correction) -> None:  # fmt: skip
    parsed, own = read.documents, _indexed(source, store)
    new = dict(zip(document_ids(source.content, len(parsed)), parsed, strict=True))
    entry.documents, entry.title = list(new), parsed[0].title
    entry.tables = sum(len(document.tables) for document in parsed)
    source_url = told.source_url or next((info.source_url for info in own), None)
    file = _File(source, new, source_url, read.vectors)
    keys = {budget_key(document) for document in parsed}
    before = store.at_path(source.path) if source.path else []
    replaced = {info.sha256 for info in before if budget_key(info) in keys}
    gone = [*own, *(info for digest in replaced for info in store.of_file(digest))]
    departments = {document.department for document in parsed} | {info.department for info in gone}
    stored = {info.id: info for info in store.documents(hidden=True, departments=departments)}
    changed = {info.id for info in stored.values() if info.sha256 in replaced} - {info.id for info in own}
    settled = _settle(store, vectors, stored.values(), file, changed | {info.id for info in own}, progress)
    entry.embedded = settled.embedded
    for identifier in (i for i in new if i in settled.facts):
        _describe(entry, identifier, new[identifier], settled.facts[identifier])
        entry.facts += len(settled.facts[identifier])
        entry.chunks += len(settled.chunks[identifier])
    entry.status = _status(settled.standings[entry.documents[0]])
    entry.remarks += ["替换了这个文件先前收录的内容"] if changed else []
    entry.remarks += [line for other in settled.standings if (line := _relation(other, settled, new, stored))]


def _status(standing: Standing) -> str:
    return "indexed" if standing.visible else "repeated" if standing.repeats else "superseded"


def _relation(identifier: str, settled: _Settled, new: Iterable[str], stored: Mapping[str, DocumentInfo]) -> str:
    """How a new document and one indexed before stand to each other, in words; empty where that is not changed."""
    standing = settled.standings[identifier]
    other = standing.repeats or standing.superseded_by
    if other is None:
        return ""
    if identifier in new and other in stored:
        before = stored[other].file_name
        same = f"与已收录的“{before}”是同一份预算，不重复计数"
        return same if standing.repeats else f"已收录的“{before}”是它的更正版，以那份为准"
    if identifier in stored and other in new:
        before = stored[identifier].file_name
        same = f"与已收录的“{before}”是同一份预算，这份更全，以这份为准"
        return same if standing.repeats else f"更正了已收录的“{before}”，以这份为准"
    return ""


def _settle(store: Store, vectors: Vectors, stored: Iterable[DocumentInfo], file: _File | None, gone: set[str],
            progress: Progress = lambda *_: None) -> _Settled:  # fmt: skip
    """Take out what is gone, write a new file, and settle which documents of their budgets are answered from; `stored` are all
    documents of their departments, hidden ones too."""
    new = file.documents if file else {}
    before = {info.id: info.standing for info in stored if info.id not in gone}
    keys = {*map(budget_key, new.values()), *(budget_key(info) for info in stored if info.id in gone)}
    others = {i.id for i in stored if i.id in before and budget_key(i) in keys}
    # Which edition is the later one is a matter of when each came, also for one that is only read anew.
    came = store.as_they_came([*new, *others])
    members = {i: new[i] if i in new else store.parsed(i) for i in came} | new
    standings: dict[str, Standing] = {}
    for key in keys:
        standings |= arrange([member for member in members.items() if budget_key(member[1]) == key])
    standings = {i: standing for i, standing in standings.items() if standing != before.get(i)}
    facts = {i: document_facts(members[i], i) for i, standing in standings.items() if standing.visible}
    chunks = {i: document_chunks(members[i], i) for i in facts}
    to_come = [chunk for own in chunks.values() for chunk in own]
    store.expect({chunk.key for chunk in to_come})
    embedded = _embed(to_come, vectors, file.source.name if file else "", progress, file.vectors if file else None)
    with store.at_once():
        for identifier in gone - new.keys():
            store.remove(identifier)
        for identifier, document in new.items():
            assert file is not None
            store.add(document, identifier, file.source.name, file.source.content, facts.get(identifier, []),
                      chunks.get(identifier, []), file.source.path, file.source_url)  # fmt: skip
        for identifier, standing in standings.items():
            if not (identifier in new and standing.visible):
                store.place(identifier, standing, facts.get(identifier, []), chunks.get(identifier, []))
    sweep_orphans(store, vectors)
    return _Settled(standings, facts, chunks, embedded)


def _embed(chunks: Iterable[Chunk], vectors: Vectors, name: str, progress: Progress, made: Made | None = None) -> int:
    """Make the vectors of chunks that have none. Returns how many were made."""
    texts = {chunk.key: chunk.text for chunk in chunks}
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress(name, done, len(texts))

    return vectors.add(texts, advance, made or {})


def _describe(entry: FileReport, identifier: str, document: Document, facts: list[Fact]) -> None:
    """What was found in a document, added to its file's report, and what in it is doubtful."""
    places = [*(row.place for table in document.tables for row in table.rows), *(s.place for s in document.sections)]
    entry.pages = max((entry.pages, *(place.page or 0 for place in places)))
    entry.kinds = dict(Counter(entry.kinds) + Counter(table.kind for table in document.tables))
    verdicts = Counter(identity.verdict for identity in audit_document(document, identifier))
    entry.identities = {v: entry.identities.get(v, 0) + verdicts[v] for v in VERDICTS}
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
    """Take the file of a document out of both stores, with all budgets that it holds. What it stood for is answered from again.
    Raises StoreError when there is none of that id."""
    with store.writing():
        info = store.info(document_id)
        own = store.of_file(info.sha256) if info else []
        stored = store.documents(hidden=True, departments={info.department for info in own})
        _settle(store, vectors, stored, None, {info.id for info in own} or {document_id})


def sweep_orphans(store: Store, vectors: Vectors) -> int:
    """Remove what a crash left, or a removed document: vectors that no chunk has. Held, since a writer's vectors come before its chunks.
    Returns how many there were."""
    with store.writing():
        orphans = store.orphans()
        vectors.remove(orphans)
        store.settle()
    if orphans:
        log.info("swept %d orphaned vectors", len(orphans))
    return len(orphans)
