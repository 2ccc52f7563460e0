"""Files to stores, with a report.

The order makes a crash harmless: read and structure (nothing written), vectors under content hashes, then one SQL
transaction that makes the document visible. What a crash leaves are vectors without a chunk, swept at the next start.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from index.audit import audit_document
from index.chunks import document_chunks
from index.errors import BudgetQAError, ReadError, StoreError
from index.facts import SURE, Fact, document_facts
from index.model import Document
from index.readers import READERS
from index.sandbox import NORMAL, Limits, read_limited
from index.settings import Settings
from index.store import Store, document_id_of
from index.structure import build_document

if TYPE_CHECKING:  # brings Chroma and llama-index, seconds that reading a file does without
    from index.vectors import Vectors

VERDICTS = ("一致", "尾差", "不一致")
SHIPPED = Path(__file__).parent / "data"
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
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ReadError(f"{printable(path)}：文件无法读取（{error.strerror}）；请检查路径和权限") from error
    shown = Path(printable(path))
    blocks = read_limited(shown, content, limits)
    return build_document(blocks, shown.name, told.department, told.year), content


def printable(path: Path | str) -> str:
    """A path as text. Names of files unpacked from a Chinese archive are often GB18030 where the system expects UTF-8."""
    raw = os.fsencode(path)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def files_under(paths: Iterable[Path]) -> list[Path]:
    """The files named, and those in the folders named whose format is known, in a stable order. Raises ReadError."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in READERS)
        elif path.exists():
            found.append(path)
        else:
            raise ReadError(f"{printable(path)}：没有这个文件或文件夹；请检查路径")
    return found


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
    report = Report()
    known = {info.id for info in store.documents()}
    for path in files_under(paths):
        entry = FileReport(path=printable(path))
        report.files.append(entry)
        try:
            _ingest_file(path, entry, known, store, vectors, progress, limits, told)
        except BudgetQAError as error:
            entry.error = str(error)
    return report


def _ingest_file(path: Path, entry: FileReport, known: set[str], store: Store, vectors: Vectors,
                 progress: Progress, limits: Limits, told: Correction) -> None:  # fmt: skip
    document, content = parse_file(path, limits, told)
    entry.document, entry.title, entry.tables = document_id_of(content), document.title, len(document.tables)
    unchanged = entry.document in known
    # What is indexed already may lack vectors all the same: the operator may have deleted a damaged vector store.
    chunks = store.chunks(documents=[entry.document]) if unchanged else document_chunks(document, entry.document)
    texts = {chunk.key: chunk.text for chunk in chunks}
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress(printable(path.name), done, len(texts))

    entry.embedded = vectors.add(texts, advance)
    if unchanged:
        entry.status = "unchanged"
        return
    facts = document_facts(document, entry.document)
    _describe(entry, document, facts)
    store.add(document, entry.document, printable(path.name), content, facts, chunks)
    known.add(entry.document)
    entry.facts, entry.chunks, entry.status = len(facts), len(chunks), "indexed"


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
