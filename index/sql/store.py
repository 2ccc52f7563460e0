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
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cachetools import LRUCache
from sqlalchemy import ColumnElement, Engine, and_, delete, exists, false, func, insert, literal, or_, select, update
from sqlalchemy.engine import Connection

from index.chunks import Chunk
from index.errors import StoreError
from index.facts import Fact
from index.model import Document
from index.sql import feedback
from index.sql.database import open_database
from index.sql.feedback import Feedback
from index.sql.held import HeldFacts
from index.sql.schema import (
    chunk_of,
    chunks,
    documents,
    fact_of,
    facts,
    meta,
    originals,
    pending,
    row_of_chunk,
    row_of_fact,
)
from index.sql.transactions import Transactions


@dataclass(frozen=True)
class Standing:
    """Which document is answered from instead of one: that which it repeats, or that which corrected it. Neither: itself."""

    repeats: str | None = None
    superseded_by: str | None = None

    @property
    def visible(self) -> bool:
        """Whether the document itself is answered from."""
        return self.repeats is None and self.superseded_by is None


MOST_ASKED = 500  # keys in one query
MOST_PARSED = 8  # documents that are kept as parsed, which takes longer than an answer


@dataclass(frozen=True)
class DocumentInfo:
    """What is known of an indexed document without opening it; `repeats` and `superseded_by` are as in Standing, `source_url`
    is where the operator says that its file is published, `supersedes` names those that it corrected, and `changed` is the store's
    generation when its contents last changed."""

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
    changed: int = 0
    supersedes: tuple[str, ...] = ()

    @property
    def standing(self) -> Standing:
        """How it stands to the others of its budget."""
        return Standing(self.repeats, self.superseded_by)


class Store(Transactions):
    """All reads and writes of SQL. One instance may serve many threads."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._keeping = threading.Lock()
        self._kept_parsed: LRUCache[tuple[int, str], Document] = LRUCache(MOST_PARSED)
        self.held = HeldFacts(lambda document: self.facts(documents=[document]))

    @classmethod
    def open(cls, directory: Path, url: str | None = None) -> Store:
        """Open or create the store. Raises StoreError when the directory or database cannot be used."""
        return cls(open_database(directory, url))

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @property
    def engine(self) -> Engine:
        """For who copies a store as a whole."""
        return self._engine

    # --- writing -------------------------------------------------------------------------------------------------
    def add(self, document: Document, document_id: str, file_name: str, content: bytes,
            document_facts: Sequence[Fact], document_chunks: Sequence[Chunk], path: str | None = None,
            source_url: str | None = None) -> None:  # fmt: skip
        """Write a document with all its facts and chunks in one transaction: visible as a whole, or not at all. `path` is where
        its file lay, `source_url` where it is published. One that is there already is replaced, and keeps its place in the order in
        which they came."""
        digest = hashlib.sha256(content).hexdigest()
        with self._connected(file_name, write=True) as connection:
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
                    changed=generation,
                )
            )
            _insert_contents(connection, document_facts, document_chunks)
            _set_meta(connection, "used", "1")

    def place(self, document_id: str, standing: Standing, document_facts: Sequence[Fact],
              document_chunks: Sequence[Chunk]) -> None:  # fmt: skip
        """Say how a document stands to the others of its budget; facts and chunks are then these, none where it is hidden."""
        with self._connected(write=True) as connection:
            _delete_contents(connection, document_id)
            _insert_contents(connection, document_facts, document_chunks)
            generation = _next_generation(connection)
            values = {"repeats": standing.repeats, "superseded_by": standing.superseded_by, "changed": generation}
            connection.execute(update(documents).where(documents.c.id == document_id).values(**values))

    def set_source_url(self, sha256: str, source_url: str) -> None:
        """Say where a file is published, for all documents that it holds."""
        with self._connected(write=True) as connection:
            connection.execute(update(documents).where(documents.c.sha256 == sha256).values(source_url=source_url))
            _next_generation(connection)

    def remove(self, document_id: str) -> None:
        """Take a document out. Raises StoreError when there is none of that id."""
        with self._connected(write=True) as connection:
            if not _delete_document(connection, document_id):
                raise StoreError(f"{document_id}：没有这份文件；用 budget-qa documents 查看已入库文件")
            _next_generation(connection)

    def add_feedback(self, given: Feedback) -> int:
        """Keep what an asker thinks of an answer. Returns its id."""
        with self._connected("feedback", write=True) as connection:
            return feedback.add(connection, given)

    # --- reading -------------------------------------------------------------------------------------------------
    def generation(self) -> int:
        """A number that grows with every change: what was computed from the store is stale when it has grown."""
        with self._connected() as connection:
            return int(_get_meta(connection, "generation") or 0)

    def identity(self) -> str:
        """A name that no other store has."""
        with self._connected() as connection:
            return _get_meta(connection, "identity") or ""

    def ever_used(self) -> bool:
        """Whether any document was ever indexed: the shipped one goes only into a store that never was."""
        with self._connected() as connection:
            return _get_meta(connection, "used") is not None

    def documents(self, *, hidden: bool = False, departments: Iterable[str] | None = None) -> list[DocumentInfo]:
        """The documents that are answered from, with `hidden` also those that others stand for, of these departments or of all: by
        department, newest year first, then as they came."""
        conditions = [] if departments is None else [documents.c.department.in_(list(departments))]
        return [info for info in self._infos(*conditions) if hidden or info.standing.visible]

    def info(self, document_id: str) -> DocumentInfo | None:
        """What is known of a document, hidden or not; None where there is none of that id."""
        its_department = select(documents.c.department).where(documents.c.id == document_id).scalar_subquery()
        found = self._infos(documents.c.department == its_department)
        return next((info for info in found if info.id == document_id), None)

    def of_file(self, sha256: str) -> list[DocumentInfo]:
        """The documents of a file, hidden ones too."""
        return self._infos(documents.c.sha256 == sha256)

    def at_path(self, path: str) -> list[DocumentInfo]:
        """The documents whose file lay at a path, hidden ones too."""
        return self._infos(documents.c.path == path)

    def _infos(self, *conditions: ColumnElement[bool]) -> list[DocumentInfo]:
        query = (
            select(documents.c.id, documents.c.title, documents.c.department, documents.c.year, documents.c.kind,
                   originals.c.file_name, documents.c.sha256, documents.c.indexed_at, documents.c.repeats,
                   documents.c.superseded_by, documents.c.source_url, documents.c.changed)
            .join(originals)
            .where(*conditions)
            .order_by(documents.c.department, documents.c.year.desc(), documents.c.added, documents.c.indexed_at)
        )  # fmt: skip
        with self._connected() as connection:
            found = [DocumentInfo(*row) for row in connection.execute(query)]
        supersedes: dict[str | None, tuple[str, ...]] = {}
        for info in found:
            supersedes[info.superseded_by] = (*supersedes.get(info.superseded_by, ()), info.id)
        return [replace(info, supersedes=supersedes.get(info.id, ())) for info in found]

    def as_they_came(self, ids: Iterable[str]) -> list[str]:
        """These documents, the oldest first."""
        with self._connected() as connection:
            query = select(documents.c.id).order_by(documents.c.added, documents.c.indexed_at)
            return list(connection.execute(query.where(documents.c.id.in_(list(ids)))).scalars())

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
        query = select(facts).order_by(facts.c.id)
        for column, wanted in (
            (facts.c.document, documents), (facts.c.name, names), (facts.c.code, codes),
            (facts.c.table_kind, table_kinds), (facts.c.column_name, column_names),
        ):  # fmt: skip
            if wanted is not None:
                query = query.where(column.in_(list(wanted)))
        if roles is not None:
            query = query.where(_in_role(*roles))
        with self._connected() as connection:
            return [fact_of(row) for row in connection.execute(query).mappings()]

    def page_of_facts(self, limit: int, offset: int = 0, *, label: str | None = None,
                      **equal: str | int | None) -> tuple[int, list[Fact]]:  # fmt: skip
        """How many facts have `label` inside their row's label and these columns equal to what is given (None: any), and `limit`
        of them from `offset` on, in document order."""
        conditions = [facts.c[name] == wanted for name, wanted in equal.items() if wanted is not None]
        if label is not None:
            conditions.append(facts.c.label.icontains(label, autoescape=True))
        page = select(facts).where(*conditions).order_by(facts.c.id).limit(limit).offset(offset)
        with self._connected() as connection:
            total = connection.execute(select(func.count()).select_from(facts).where(*conditions)).scalar_one()
            return total, [fact_of(row) for row in connection.execute(page).mappings()]

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
            return [chunk_of(row) for row in connection.execute(query).mappings()]

    def project_rows(self) -> list[Chunk]:
        """The chunks of the rows of tables that are projects."""
        is_project = (
            select(facts.c.document, facts.c.table_index, facts.c.row_index)
            .where(facts.c.role == "project")
            .distinct()
            .subquery()
        )
        at_row = [chunks.c[name] == is_project.c[name] for name in ("document", "table_index", "row_index")]
        query = select(chunks).join(is_project, and_(*at_row)).where(chunks.c.kind == "row").order_by(chunks.c.id)
        with self._connected() as connection:
            return [chunk_of(row) for row in connection.execute(query).mappings()]

    def expect(self, keys: Iterable[str]) -> None:
        """Note content hashes whose vectors are written ahead of their chunks: who dies in between leaves them noted."""
        with self._connected(write=True) as connection:
            for some in _batches(list(keys), MOST_ASKED):
                noted = set(connection.execute(select(pending.c.key).where(pending.c.key.in_(some))).scalars())
                if new := [{"key": key} for key in some if key not in noted]:
                    connection.execute(insert(pending), new)

    def orphans(self) -> list[str]:
        """Of the hashes noted, of vectors to come and of chunks that went, those that no chunk has."""
        with self._connected() as connection:
            query = select(pending.c.key).where(~exists().where(chunks.c.key == pending.c.key))
            return list(connection.execute(query).scalars())

    def settle(self) -> None:
        """Nothing is noted any more."""
        with self._connected(write=True) as connection:
            connection.execute(delete(pending))

    def chunk_keys(self) -> set[str]:
        """The content hashes of all chunks: a vector under any other key is an orphan."""
        with self._connected() as connection:
            return set(connection.execute(select(chunks.c.key).distinct()).scalars())

    def count_texts(self) -> int:
        """How many texts all chunks have: as many vectors there should be."""
        with self._connected() as connection:
            return connection.execute(select(func.count(chunks.c.key.distinct()))).scalar_one()

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
        """How many facts all documents have."""
        with self._connected() as connection:
            return connection.execute(select(func.count()).select_from(facts)).scalar_one()


def document_id_of(content: bytes) -> str:
    """A document's id: the first 16 characters of its file's SHA-256."""
    return hashlib.sha256(content).hexdigest()[:16]


def document_ids(content: bytes, count: int) -> list[str]:
    """The ids of the documents of one file: the first is the file's own, the others are numbered."""
    own = document_id_of(content)
    return [own, *(f"{own[:12]}-{number}" for number in range(2, count + 1))]


def _get_meta(connection: Connection, key: str) -> str | None:
    return connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar()


def _set_meta(connection: Connection, key: str, value: str) -> None:
    connection.execute(delete(meta).where(meta.c.key == key))
    connection.execute(insert(meta).values(key=key, value=value))


def _next_generation(connection: Connection) -> int:
    generation = int(_get_meta(connection, "generation") or 0) + 1
    _set_meta(connection, "generation", str(generation))
    return generation


def _insert_contents(connection: Connection, own_facts: Sequence[Fact], own_chunks: Sequence[Chunk]) -> None:
    if own_facts:
        connection.execute(insert(facts), [row_of_fact(fact) for fact in own_facts])
    if own_chunks:
        connection.execute(insert(chunks), [row_of_chunk(chunk) for chunk in own_chunks])


def _delete_contents(connection: Connection, document_id: str) -> None:
    gone = select(chunks.c.key).where(chunks.c.document == document_id, ~exists().where(pending.c.key == chunks.c.key))
    connection.execute(insert(pending).from_select(["key"], gone.distinct()))
    connection.execute(delete(facts).where(facts.c.document == document_id))
    connection.execute(delete(chunks).where(chunks.c.document == document_id))


def _delete_document(connection: Connection, document_id: str) -> bool:
    _delete_contents(connection, document_id)
    digest = connection.execute(select(documents.c.sha256).where(documents.c.id == document_id)).scalar()
    connection.execute(delete(documents).where(documents.c.id == document_id))
    if digest and not connection.execute(select(documents.c.id).where(documents.c.sha256 == digest)).first():
        connection.execute(delete(originals).where(originals.c.sha256 == digest))
    return digest is not None


def _in_role(*roles: str) -> ColumnElement[bool]:
    """Written out, not as parameters: SQLite uses the index of projects only where it sees that projects are asked for."""
    return or_(false(), *(facts.c.role == literal(role, literal_execute=True) for role in roles))


def _batches(items: list[str], size: int) -> Iterator[list[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))
