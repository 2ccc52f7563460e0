"""The tables of the SQL store, the types that make them behave alike in SQLite and PostgreSQL, and what a row of them is.

In: facts and chunks, or rows. Out: the tables as they are now; rows, or facts and chunks. How a store comes to have the tables, and
their indexes, is in index/sql/migrations/. Amounts are text, since SQLite's REAL is not exact.
"""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Dialect,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    RowMapping,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB, TEXT
from sqlalchemy.types import TypeDecorator, TypeEngine

from index.chunks import Chunk
from index.facts import Fact
from index.model import Place


class Words(TypeDecorator[str]):
    """Text of any length. In PostgreSQL ordered and compared by its characters, whatever the language of the database is; a NUL,
    which PostgreSQL takes nowhere, is kept, or looked for, as U+FFFD."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The database's own type."""
        return dialect.type_descriptor(TEXT(collation="C") if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """A value as it is written, or looked for."""
        return value if value is None else value.replace("\0", "\ufffd")


# PostgreSQL's json has no equality, which DISTINCT and GROUP BY need.
Parts = JSON().with_variant(JSONB(), "postgresql")
# Each document indexed anew takes new numbers: 50 million facts would use up 32 bits in forty rounds. SQLite's have 64.
Number = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData()
meta = Table("meta", metadata, Column("key", Words, primary_key=True), Column("value", Words, nullable=False))
originals = Table(
    "originals", metadata,
    Column("sha256", Words, primary_key=True),
    Column("file_name", Words, nullable=False),
    Column("content", LargeBinary, nullable=False),
)  # fmt: skip
documents = Table(
    "documents", metadata,
    Column("id", Words, primary_key=True),
    Column("sha256", Words, ForeignKey("originals.sha256"), nullable=False),
    Column("title", Words, nullable=False),
    Column("department", Words, nullable=False),
    Column("year", Integer, nullable=False),
    Column("kind", Words, nullable=False),
    Column("parsed", Words, nullable=False),
    Column("indexed_at", Words, nullable=False),
    Column("path", Words),
    Column("added", Integer, nullable=False),
    Column("repeats", Words),
    Column("superseded_by", Words),
    Column("source_url", Words),
    Column("changed", Integer, nullable=False),
)  # fmt: skip
facts = Table(
    "facts", metadata,
    Column("id", Number, primary_key=True),
    Column("document", Words, ForeignKey("documents.id"), nullable=False),
    Column("department", Words, nullable=False),
    Column("year", Integer, nullable=False),
    Column("source", Words, nullable=False),
    Column("table_kind", Words, nullable=False),
    Column("table_number", Words),
    Column("table_title", Words, nullable=False),
    Column("table_index", Integer, nullable=False),
    Column("row_index", Integer, nullable=False),
    Column("column_index", Integer, nullable=False),
    Column("label", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("path", Parts, nullable=False),
    Column("code", Words),
    Column("level", Integer, nullable=False),
    Column("role", Words, nullable=False),
    Column("side", Words),
    Column("budget_unit", Words),
    Column("column", Parts, nullable=False),
    Column("column_name", Words, nullable=False),
    Column("facets", Parts, nullable=False),
    Column("text", Words, nullable=False),
    Column("value", Words),
    Column("unit", Words),
    Column("place", Parts, nullable=False),
    Column("confidence", Double),
)  # fmt: skip
chunks = Table(
    "chunks", metadata,
    Column("id", Number, primary_key=True),
    Column("document", Words, ForeignKey("documents.id"), nullable=False),
    Column("key", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("heading", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("body", Words, nullable=False),
    Column("place", Parts, nullable=False),
    Column("table_index", Integer),
    Column("row_index", Integer),
)  # fmt: skip
# The content hashes of vectors that may be without a chunk: written ahead of it, or left behind by one that went.
pending = Table("pending", metadata, Column("key", Words, primary_key=True))


def row_of_fact(fact: Fact) -> dict:
    """The columns of `facts` for a fact, without its number."""
    row = {name: getattr(fact, name) for name in Fact.__dataclass_fields__}
    row["value"] = None if fact.value is None else str(fact.value)
    row["place"] = fact.place.as_dict()
    row["path"], row["column"], row["facets"] = list(fact.path), list(fact.column), list(fact.facets)
    return row


def fact_of(row: RowMapping) -> Fact:
    """The fact of a row of `facts`."""
    fields = {name: row[name] for name in Fact.__dataclass_fields__}
    fields["value"] = None if fields["value"] is None else Decimal(fields["value"])
    fields["place"] = Place(**fields["place"])
    fields |= {name: tuple(fields[name]) for name in ("path", "column", "facets")}
    return Fact(**fields)


def row_of_chunk(chunk: Chunk) -> dict:
    """The columns of `chunks` for a chunk, without its number."""
    return {**asdict(chunk), "key": chunk.key, "place": chunk.place.as_dict()}


def chunk_of(row: RowMapping) -> Chunk:
    """The chunk of a row of `chunks`."""
    fields = {name: row[name] for name in Chunk.__dataclass_fields__}
    return Chunk(**{**fields, "place": Place(**fields["place"])})
