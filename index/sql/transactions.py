"""Transactions on the database of the SQL store: who reads, who writes, and who keeps other writers out.

In: an engine. Out: connections, each in one transaction; of what is written all becomes visible at its end, or none. The database's
errors come as StoreError. On a server one writer at a time holds the database; where it is not one (SQLite) the store directory is held.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from index.errors import StoreError
from index.sql.database import first_line, for_reading, for_writing, is_server, where

WRITING = 7_041_006  # advisory locks of PostgreSQL are numbers; MIGRATING in index/sql/database.py is another
LONGEST_WAIT = 600  # seconds for other writers, each of which holds the database for one file
NOT_AVAILABLE = "55P03"  # PostgreSQL's name for a lock that was waited for in vain


class Transactions:
    """The transactions of a store. One instance may serve many threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._reads, self._writes = engine, for_reading(engine), for_writing(engine)
        self._own = threading.local()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold a database that several processes write to: one at a time, the others wait, and only who holds it knows vectors
        without a chunk for orphans. Where that is not so (SQLite) the store directory is held instead (`index.ingest.writing`).
        Raises StoreError after a long wait; a hold that ended with its connection fails the next read or write."""
        if not is_server(self._engine) or getattr(self._own, "writer", None) is not None:
            yield
            return
        with self._told(), self._writes.connect() as connection:
            _hold(connection)
            self._own.writer = connection
            try:
                yield
            finally:
                self._own.writer = None

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What is written inside becomes visible together at the end, or none of it."""
        with self._connected(write=True) as connection:
            self._own.connection = connection
            try:
                yield
            finally:
                self._own.connection = None

    @contextmanager
    def _connected(self, what: str = "", *, write: bool = False) -> Iterator[Connection]:
        """A connection in one transaction: all of what is written, or, with a StoreError, none of it."""
        whole = getattr(self._own, "connection", None)
        writer = getattr(self._own, "writer", None)
        with self._told(what):
            if whole is not None:
                yield whole
            elif writer is not None:
                with _held(writer):
                    yield writer
            else:
                with (self._writes if write else self._reads).begin() as connection:
                    yield connection

    @contextmanager
    def _told(self, what: str = "") -> Iterator[None]:
        """The database's errors as one of ours."""
        try:
            yield
        except SQLAlchemyError as error:
            check = "数据库服务" if is_server(self._engine) else "磁盘空间和权限"
            raise StoreError(
                f"{what or where(self._engine)}：数据库读写失败（{first_line(error)}）；请检查{check}后重试，已收录的文件未变"
            ) from error


def _hold(connection: Connection) -> None:
    """Wait for the other writers of a database, and keep them out until the connection closes, if only because its process
    died. Raises StoreError after a long wait."""
    connection.detach()  # closed in the end, not kept for others: nothing can forget to let go
    try:
        with connection.begin():
            connection.execute(text(f"SET LOCAL lock_timeout = '{LONGEST_WAIT}s'"))
            connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": WRITING})
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != NOT_AVAILABLE:
            raise
        raise StoreError(f"另一个进程写入已超过{LONGEST_WAIT}秒；请等它结束，或停止它后重试") from error


@contextmanager
def _held(connection: Connection) -> Iterator[None]:
    """A transaction of who holds the database. Raises StoreError when the hold has ended with its connection, which SQLAlchemy
    would open anew, without it."""
    if connection.invalidated:
        raise StoreError("写入时与数据库的连接断了；请检查数据库服务后重试，已收录的文件未变")
    with connection.begin():
        yield
