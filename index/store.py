"""The SQL store: the truth of what is indexed.

In: a Document with its facts and chunks. Out: documents, facts, chunk texts and original files, written in one transaction
that makes the document visible. A document that another stands for (the same budget in another format, or its corrected
edition) is kept as parsed, without facts and chunks, so nothing is answered from it. SQLite in the store directory unless
another database is named by URL. Amounts are stored as text, since SQLite's REAL is not exact.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from cachetools import LRUCache
from sqlalchemy import (
    JSON,
    Column,
    Engine,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
    text,
    update,
)  # fmt: skip
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from index import feedback
from index.chunks import Chunk
from index.errors import StoreError
from index.facts import Fact
from index.feedback import Feedback
from index.model import Document, Place

SCHEMA_VERSION = "4"
UPGRADES = {  # from the version named to the next
    "1": ["ALTER TABLE facts ADD COLUMN confidence FLOAT"],  # before files were read by OCR
    "2": [  # when each file counted as one budget
        "ALTER TABLE documents ADD COLUMN path TEXT",
        "ALTER TABLE documents ADD COLUMN added INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE documents ADD COLUMN repeats VARCHAR(16)",
        "ALTER TABLE documents ADD COLUMN superseded_by VARCHAR(16)",
    ],
    "3": [
        "ALTER TABLE documents ADD COLUMN source_url TEXT"
    ],  # before the operator could say where a file is published
}
metadata = MetaData()
meta = Table("meta", metadata, Column("key", String(50), primary_key=True), Column("value", Text, nullable=False))
originals = Table(
    "originals", metadata,
    Column("sha256", String(64), primary_key=True),
    Column("file_name", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)  # fmt: skip
documents = Table(
    "documents", metadata,
    Column("id", String(16), primary_key=True),
    Column("sha256", String(64), ForeignKey("originals.sha256"), nullable=False),
    Column("title", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("parsed", Text, nullable=False),
    Column("indexed_at", Text, nullable=False),
    Column("path", Text),
    Column("added", Integer, nullable=False),
    Column("repeats", String(16)),
    Column("superseded_by", String(16)),
    Column("source_url", Text),
)  # fmt: skip
facts = Table(
    "facts", metadata,
    Column("id", Integer, primary_key=True),
    Column("document", String(16), ForeignKey("documents.id"), nullable=False),
    Column("department", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("source", String(8), nullable=False),
    Column("table_kind", String(40), nullable=False),
    Column("table_number", String(8)),
    Column("table_title", Text, nullable=False),
    Column("table_index", Integer, nullable=False),
    Column("row_index", Integer, nullable=False),
    Column("column_index", Integer, nullable=False),
    Column("label", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("path", JSON, nullable=False),
    Column("code", String(20)),
    Column("level", Integer, nullable=False),
    Column("role", String(10), nullable=False),
    Column("side", String(4)),
    Column("budget_unit", Text),
    Column("column", JSON, nullable=False),
    Column("column_name", Text, nullable=False),
    Column("facets", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("value", Text),
    Column("unit", String(20)),
    Column("place", JSON, nullable=False),
    Column("confidence", Float),
    Index("facts_by_name", "name", "document"),
    Index("facts_by_table", "document", "table_kind", "column_name"),
    Index("facts_by_code", "code", "document"),
)  # fmt: skip
chunks = Table(
    "chunks", metadata,
    Column("id", Integer, primary_key=True),
    Column("document", String(16), ForeignKey("documents.id"), nullable=False, index=True),
    Column("key", String(32), nullable=False, index=True),
    Column("kind", String(12), nullable=False),
    Column("subject", Text, nullable=False),
    Column("heading", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("place", JSON, nullable=False),
    Column("table_index", Integer),
    Column("row_index", Integer),
)  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """Which document is answered from instead of one: that which it repeats, or that which corrected it. Neither: itself."""

    repeats: str | None = None
    superseded_by: str | None = None

    @property
    def visible(self) -> bool:
        return self.repeats is None and self.superseded_by is None


ITSELF = Standing()
MOST_PARSED = 8  # documents that are kept as parsed, which takes longer than an answer
MOST_KEPT = 200_000  # facts that are kept in memory once read, about 1 KB each
MOST_ASKED = 500  # ids in one query


@dataclass(frozen=True)
class DocumentInfo:
    """What is known of an indexed document without opening it; `repeats` and `superseded_by` are as in Standing, `source_url`
    is where the operator says that its file is published, and `supersedes` names those that it corrected."""

    id: str
    title: str
    department: str
    year: int
    kind: str
    file_name: str
    sha256: str
    indexed_at: str
    repeats: str | None = None
    superseded_by: str | None = None
    source_url: str | None = None
    supersedes: tuple[str, ...] = ()

    @property
    def standing(self) -> Standing:
        return Standing(self.repeats, self.superseded_by)


class Store:
    """All reads and writes of SQL. One instance may serve many threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._own = threading.local()
        self._kept_facts: tuple[int, dict[int, Fact]] = (-1, {})  # what was read in this generation
        self._kept_parsed: LRUCache[tuple[int, str], Document] = LRUCache(MOST_PARSED)  # by generation and id
        self._keeping = threading.Lock()

    @classmethod
    def open(cls, directory: Path, url: str | None = None) -> Store:
        """Open or create the store. Raises StoreError when the directory or database cannot be used."""
        try:
            directory.mkdir(parents=True, exist_ok=True)
            engine = create_engine(url or f"sqlite:///{directory / 'budget.sqlite'}")
            if engine.dialect.name == "sqlite":
                event.listen(engine, "connect", _sqlite_pragmas)
            with engine.begin() as connection:
                metadata.create_all(connection)
                feedback.create_table(connection)
                _check_version(connection, str(directory))
        except (OSError, ImportError, SQLAlchemyError) as error:
            raise StoreError(
                f"{directory}：数据目录无法打开（{_first_line(error)}）；请检查路径、权限和磁盘空间"
            ) from error
        return cls(engine)

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What is written inside becomes visible together at the end, or none of it."""
        with self._connected() as connection:
            self._own.connection = connection
            try:
                yield
            finally:
                self._own.connection = None

    @contextmanager
    def _connected(self, what: str = "") -> Iterator[Connection]:
        """A connection in one transaction: all of what is written, or, with a StoreError, none of it."""
        whole = getattr(self._own, "connection", None)
        try:
            with nullcontext(whole) if whole is not None else self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            where = what or self._engine.url.render_as_string(hide_password=True)
            raise StoreError(
                f"{where}：数据库读写失败（{_first_line(error)}）；请检查磁盘空间和权限后重试，已收录的文件未变"
            ) from error

    # --- writing -------------------------------------------------------------------------------------------------
    def add(self, document: Document, document_id: str, file_name: str, content: bytes,
            document_facts: Sequence[Fact], document_chunks: Sequence[Chunk], path: str | None = None,
            source_url: str | None = None) -> None:  # fmt: skip
        """Write a document with all its facts and chunks in one transaction: visible as a whole, or not at all. `path` is where
        its file lay, `source_url` where it is published. One that is there already is replaced, and keeps its place in the order in
        which they came."""
        digest = hashlib.sha256(content).hexdigest()
        with self._connected(file_name) as connection:
            came = connection.execute(select(documents.c.added).where(documents.c.id == document_id)).scalar()
            _delete_document(connection, document_id)
            generation = _next_generation(connection)
            if connection.execute(select(originals.c.sha256).where(originals.c.sha256 == digest)).first() is None:
                connection.execute(insert(originals).values(sha256=digest, file_name=file_name, content=content))
            connection.execute(
                insert(documents).values(
                    id=document_id,
                    sha256=digest,
                    title=document.title,
                    department=document.department,
                    year=document.year,
                    kind=document.kind,
                    parsed=document.model_dump_json(),
                    indexed_at=datetime.now(UTC).isoformat(timespec="seconds"),
                    path=path,
                    added=generation if came is None else came,
                    source_url=source_url,
                )
            )
            _insert_contents(connection, document_facts, document_chunks)
            _set_meta(connection, "used", "1")

    def place(self, document_id: str, standing: Standing, document_facts: Sequence[Fact],
              document_chunks: Sequence[Chunk]) -> None:  # fmt: skip
        """Say how a document stands to the others of its budget; facts and chunks are then these, none where it is hidden."""
        with self._connected() as connection:
            _delete_contents(connection, document_id)
            _insert_contents(connection, document_facts, document_chunks)
            values = {"repeats": standing.repeats, "superseded_by": standing.superseded_by}
            connection.execute(update(documents).where(documents.c.id == document_id).values(**values))
            _next_generation(connection)

    def set_source_url(self, sha256: str, source_url: str) -> None:
        """Say where a file is published, for all documents that it holds."""
        with self._connected() as connection:
            connection.execute(update(documents).where(documents.c.sha256 == sha256).values(source_url=source_url))
            _next_generation(connection)

    def remove(self, document_id: str) -> None:
        """Take a document out. Raises StoreError when there is none of that id."""
        with self._connected() as connection:
            if not _delete_document(connection, document_id):
                raise StoreError(f"{document_id}：没有这份文件；用 budget-qa documents 查看已入库文件")
            _next_generation(connection)

    def add_feedback(self, given: Feedback) -> int:
        """Keep what an asker thinks of an answer. Returns its id."""
        with self._connected("feedback") as connection:
            return feedback.add(connection, given)

    # --- reading -------------------------------------------------------------------------------------------------
    def generation(self) -> int:
        """A number that grows with every change: what was computed from the store is stale when it has grown."""
        with self._connected() as connection:
            return int(_get_meta(connection, "generation") or 0)

    def ever_used(self) -> bool:
        """Whether any document was ever indexed: the shipped one goes only into a store that never was."""
        with self._connected() as connection:
            return _get_meta(connection, "used") is not None

    def documents(self, *, hidden: bool = False) -> list[DocumentInfo]:
        """The documents that are answered from, with `hidden` also those that others stand for: by department, newest year
        first, then as they came."""
        query = (
            select(documents.c.id, documents.c.title, documents.c.department, documents.c.year, documents.c.kind,
                   originals.c.file_name, documents.c.sha256, documents.c.indexed_at, documents.c.repeats,
                   documents.c.superseded_by, documents.c.source_url)
            .join(originals)
            .order_by(documents.c.department, documents.c.year.desc(), documents.c.added, documents.c.indexed_at)
        )  # fmt: skip
        with self._connected() as connection:
            found = [DocumentInfo(*row) for row in connection.execute(query)]
        supersedes: dict[str | None, tuple[str, ...]] = {}
        for info in found:
            supersedes[info.superseded_by] = (*supersedes.get(info.superseded_by, ()), info.id)
        return [
            replace(info, supersedes=supersedes.get(info.id, ())) for info in found if hidden or info.standing.visible
        ]

    def at_path(self, path: str) -> set[str]:
        """The ids of the documents whose file lay at a path."""
        with self._connected() as connection:
            return set(connection.execute(select(documents.c.id).where(documents.c.path == path)).scalars())

    def as_they_came(self) -> list[str]:
        """The ids of all documents, the oldest first."""
        with self._connected() as connection:
            query = select(documents.c.id).order_by(documents.c.added, documents.c.indexed_at)
            return list(connection.execute(query).scalars())

    def path_of(self, document_id: str) -> str | None:
        """Where the file of a document lay; None where it was sent, or there is no such document."""
        with self._connected() as connection:
            return connection.execute(select(documents.c.path).where(documents.c.id == document_id)).scalar()

    def parsed(self, document_id: str) -> Document:
        """The Document as parsed; others may be given the same, so that it is not to be changed. Raises StoreError when there is
        none of that id."""
        with self._connected() as connection:
            key = (int(_get_meta(connection, "generation") or 0), document_id)
            own = getattr(self._own, "connection", None) is not None  # as with facts: what may never be is not kept
            with self._keeping:
                found = None if own else self._kept_parsed.get(key)
            if found is not None:
                return found
            text = connection.execute(select(documents.c.parsed).where(documents.c.id == document_id)).scalar()
        if text is None:
            raise StoreError(f"{document_id}：没有这份文件；用 budget-qa documents 查看已入库文件")
        found = Document.model_validate_json(text)
        if not own:
            with self._keeping:
                self._kept_parsed[key] = found
        return found

    def original(self, sha256: str) -> tuple[str, bytes] | None:
        """File name and bytes of an original file, by its hash."""
        with self._connected() as connection:
            row = connection.execute(
                select(originals.c.file_name, originals.c.content).where(originals.c.sha256 == sha256)
            ).first()
        return (row[0], row[1]) if row else None

    def original_size(self, sha256: str) -> int:
        """The bytes of an original file, by its hash; 0 where there is none."""
        size = select(func.length(originals.c.content)).where(originals.c.sha256 == sha256)
        with self._connected() as connection:
            return connection.execute(size).scalar() or 0

    def facts(self, *, documents: Iterable[str] | None = None, names: Iterable[str] | None = None,
              codes: Iterable[str] | None = None, table_kinds: Iterable[str] | None = None,
              roles: Iterable[str] | None = None, column_names: Iterable[str] | None = None) -> list[Fact]:  # fmt: skip
        """Facts that meet every condition given, in document order."""
        query = select(facts.c.id).order_by(facts.c.id)
        for column, wanted in (
            (facts.c.document, documents), (facts.c.name, names), (facts.c.code, codes),
            (facts.c.table_kind, table_kinds), (facts.c.role, roles), (facts.c.column_name, column_names),
        ):  # fmt: skip
            if wanted is not None:
                query = query.where(column.in_(list(wanted)))
        with self._connected() as connection:
            return self._read_facts(connection, connection.execute(query).scalars().all())

    def _read_facts(self, connection: Connection, ids: Sequence[int]) -> list[Fact]:
        """Facts by id, in this order. Decoding a row takes longer than finding it, so what was read is kept until the store changes."""
        generation = int(_get_meta(connection, "generation") or 0)
        kept = self._kept_facts
        if kept[0] != generation or len(kept[1]) > MOST_KEPT:
            kept = self._kept_facts = (generation, {})
        # What a transaction of its own reads may never be: a number of a row that is rolled back is given away again.
        found = kept[1] if getattr(self._own, "connection", None) is None else {}
        missing = [i for i in ids if i not in found]
        for start in range(0, len(missing), MOST_ASKED):
            some = select(facts).where(facts.c.id.in_(missing[start : start + MOST_ASKED]))
            found.update((row["id"], _fact(row)) for row in connection.execute(some).mappings())
        return [found[i] for i in ids]

    def page_of_facts(self, limit: int, offset: int = 0, *, label: str | None = None,
                      **equal: str | int | None) -> tuple[int, list[Fact]]:  # fmt: skip
        """How many facts have `label` inside their row's label and these columns equal to what is given (None: any), and `limit`
        of them from `offset` on, in document order."""
        conditions = [facts.c[name] == wanted for name, wanted in equal.items() if wanted is not None]
        if label is not None:
            conditions.append(facts.c.label.contains(label, autoescape=True))
        page = select(facts).where(*conditions).order_by(facts.c.id).limit(limit).offset(offset)
        with self._connected() as connection:
            total = connection.execute(select(func.count()).select_from(facts).where(*conditions)).scalar_one()
            return total, [_fact(row) for row in connection.execute(page).mappings()]

    def labels(self, *, documents: Iterable[str] | None = None) -> list[dict]:
        """Every distinct row label with where it occurs: name, code, table kind, role, document, budget unit, column, path."""
        columns = (facts.c.name, facts.c.code, facts.c.table_kind, facts.c.role, facts.c.document, facts.c.budget_unit,
                   facts.c.column_name, facts.c.table_title, facts.c.table_number, facts.c.source, facts.c.level,
                   facts.c.path, facts.c.unit)  # fmt: skip
        query = select(*columns).distinct()
        if documents is not None:
            query = query.where(facts.c.document.in_(list(documents)))
        with self._connected() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def owners(self, units: Iterable[str]) -> set[tuple[str, str]]:
        """Which departments have these units in their tables: pairs of department and unit."""
        query = select(facts.c.department, facts.c.budget_unit).where(facts.c.budget_unit.in_(list(units))).distinct()
        with self._connected() as connection:
            return {(department, unit) for department, unit in connection.execute(query)}

    def chunks(self, *, keys: Iterable[str] | None = None, documents: Iterable[str] | None = None,
               kinds: Iterable[str] | None = None) -> list[Chunk]:  # fmt: skip
        """Chunks that meet every condition given, in document order."""
        query = select(chunks).order_by(chunks.c.id)
        for column, wanted in ((chunks.c.key, keys), (chunks.c.document, documents), (chunks.c.kind, kinds)):
            if wanted is not None:
                query = query.where(column.in_(list(wanted)))
        with self._connected() as connection:
            return [_chunk(row) for row in connection.execute(query).mappings()]

    def chunk_keys(self) -> set[str]:
        """The content hashes of all chunks: a vector under any other key is an orphan."""
        with self._connected() as connection:
            return set(connection.execute(select(chunks.c.key).distinct()).scalars())

    def feedback(self) -> list[Feedback]:
        """What askers think of answers, the oldest first."""
        with self._connected() as connection:
            return feedback.all_given(connection)

    def facts_by_document(self) -> dict[str, int]:
        """How many facts each document has; one that is hidden has none, and is left out."""
        with self._connected() as connection:
            counted = select(facts.c.document, func.count()).group_by(facts.c.document)
            return {row[0]: row[1] for row in connection.execute(counted)}

    def count_facts(self) -> int:
        with self._connected() as connection:
            return connection.execute(select(func.count()).select_from(facts)).scalar_one()


def document_id_of(content: bytes) -> str:
    """A document's id: the first 16 characters of its file's SHA-256."""
    return hashlib.sha256(content).hexdigest()[:16]


def document_ids(content: bytes, count: int) -> list[str]:
    """The ids of the documents of one file: the first is the file's own, the others are numbered."""
    own = document_id_of(content)
    return [own, *(f"{own[:12]}-{number}" for number in range(2, count + 1))]


def _sqlite_pragmas(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()


def _first_line(error: Exception) -> str:
    """What the database said, without SQLAlchemy's statement and advice; the name of an error that says nothing."""
    said = str(getattr(error, "orig", None) or error)
    return said.splitlines()[0][:200] if said else type(error).__name__


def _get_meta(connection: Connection, key: str) -> str | None:
    return connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar()


def _set_meta(connection: Connection, key: str, value: str) -> None:
    connection.execute(delete(meta).where(meta.c.key == key))
    connection.execute(insert(meta).values(key=key, value=value))


def _check_version(connection: Connection, where: str) -> None:
    before = _get_meta(connection, "schema")
    version = before or SCHEMA_VERSION
    while version in UPGRADES:
        for statement in UPGRADES[version]:
            connection.execute(text(statement))
        version = str(int(version) + 1)
    if version == SCHEMA_VERSION != before:
        _set_meta(connection, "schema", version)
    if version != SCHEMA_VERSION:
        raise StoreError(
            f"{where}：数据格式为第{version}版，本程序使用第{SCHEMA_VERSION}版；请换一个 --store 目录重新入库"
        )


def _next_generation(connection: Connection) -> int:
    generation = int(_get_meta(connection, "generation") or 0) + 1
    _set_meta(connection, "generation", str(generation))
    return generation


def _insert_contents(connection: Connection, own_facts: Sequence[Fact], own_chunks: Sequence[Chunk]) -> None:
    if own_facts:
        connection.execute(insert(facts), [_fact_row(fact) for fact in own_facts])
    if own_chunks:
        connection.execute(insert(chunks), [_chunk_row(chunk) for chunk in own_chunks])


def _delete_contents(connection: Connection, document_id: str) -> None:
    connection.execute(delete(facts).where(facts.c.document == document_id))
    connection.execute(delete(chunks).where(chunks.c.document == document_id))


def _delete_document(connection: Connection, document_id: str) -> bool:
    _delete_contents(connection, document_id)
    digest = connection.execute(select(documents.c.sha256).where(documents.c.id == document_id)).scalar()
    connection.execute(delete(documents).where(documents.c.id == document_id))
    if digest and not connection.execute(select(documents.c.id).where(documents.c.sha256 == digest)).first():
        connection.execute(delete(originals).where(originals.c.sha256 == digest))
    return digest is not None


def _fact_row(fact: Fact) -> dict:
    row = {name: getattr(fact, name) for name in Fact.__dataclass_fields__}
    row["value"] = None if fact.value is None else str(fact.value)
    row["place"] = fact.place.as_dict()
    row["path"], row["column"], row["facets"] = list(fact.path), list(fact.column), list(fact.facets)
    return row


def _fact(row: object) -> Fact:
    fields = {name: row[name] for name in Fact.__dataclass_fields__}  # type: ignore[index]
    fields["value"] = None if fields["value"] is None else Decimal(fields["value"])
    fields["place"] = Place(**fields["place"])
    fields["path"], fields["column"], fields["facets"] = map(
        tuple, (fields["path"], fields["column"], fields["facets"])
    )
    return Fact(**fields)


def _chunk_row(chunk: Chunk) -> dict:
    return {**asdict(chunk), "key": chunk.key, "place": chunk.place.as_dict()}


def _chunk(row: object) -> Chunk:
    fields = {name: row[name] for name in Chunk.__dataclass_fields__}  # type: ignore[index]
    return Chunk(**{**fields, "place": Place(**fields["place"])})
