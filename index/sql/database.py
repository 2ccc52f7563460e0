"""The database under the SQL store: opened, and brought to this version of the tables.

In: the store directory, or a URL. Out: an engine over a store of this version. What one transaction reads is one state of the
store, in SQLite as in PostgreSQL. Of processes that open a store at once one migrates it, and the others wait.
"""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_fixed

from index.errors import StoreError

VERSION = "0007"  # of the tables: the last revision in migrations/versions/
LAST_NOTED = 5  # versions up to this one noted themselves in `meta`
MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATING = 7_041_005  # advisory locks of PostgreSQL are numbers
WRITER = "writer"  # the option of a connection that will write
# A machine that left the network answers nothing, not even that it is gone; without these it is waited for for minutes or hours.
PATIENCE = {"connect_timeout": "5", "keepalives_idle": "30", "tcp_user_timeout": "30000"}
BUSY = 10  # seconds for which a lock of SQLite is waited for
MOST_CONNECTIONS = 40  # as many as the service has threads that answer
KEPT_CONNECTIONS = 10


def open_database(directory: Path, url: str | None) -> Engine:
    """The database at a URL, or SQLite in a directory, with tables of this version. Raises StoreError."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        engine = _engine(make_url(url or f"sqlite:///{directory / 'budget.sqlite'}"))
        _bring_up_to_date(engine, where(engine, directory))
    except (OSError, ImportError, SQLAlchemyError) as error:
        if url is None:
            told = f"{directory}：数据目录无法打开（{first_line(error)}）；请检查路径、权限和磁盘空间"
        else:
            told = f"数据库无法打开（{first_line(error)}）；请检查 BUDGET_QA_DATABASE_URL、驱动和数据库服务"
        raise StoreError(told) from error
    return engine


def is_server(engine: Engine) -> bool:
    """Whether other processes, on other machines too, may be writing to the same store."""
    return engine.dialect.name == "postgresql"


def for_reading(engine: Engine) -> Engine:
    """The engine for transactions that read: all of one reads the same state of the store."""
    return engine.execution_options(isolation_level="REPEATABLE READ") if is_server(engine) else engine


def for_writing(engine: Engine) -> Engine:
    """The engine for transactions that write."""
    return engine.execution_options(**{WRITER: True})


def first_line(error: BaseException) -> str:
    """What the database said, without SQLAlchemy's statement and advice; the name of an error that says nothing."""
    said = str(getattr(error, "orig", None) or error)
    return said.splitlines()[0][:200] if said else type(error).__name__


def where(engine: Engine, directory: Path | None = None) -> str:
    """What a message calls the store."""
    return str(directory) if directory and not is_server(engine) else engine.url.render_as_string(hide_password=True)


# --- opening ---------------------------------------------------------------------------------------------------------
def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        url = url.set(query={**PATIENCE, **url.query})
        # A connection may have died since it was last used, with the server or on the way: it is tried first.
        return create_engine(
            url, pool_pre_ping=True, pool_size=KEPT_CONNECTIONS, max_overflow=MOST_CONNECTIONS - KEPT_CONNECTIONS
        )
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_in_sqlite)
    return engine


def _set_up_sqlite(connection: object, _record: object) -> None:
    # Python's sqlite3 begins no transaction for reads or for CREATE TABLE; without it, we do.
    connection.isolation_level = None  # type: ignore[attr-defined]
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute(f"PRAGMA busy_timeout={BUSY * 1000}")
    # SQLite waits for no lock here: another process may be making the same new store, or bringing an old one up to date.
    waiting = Retrying(
        retry=retry_if_exception(_is_busy), stop=stop_after_delay(BUSY), wait=wait_fixed(0.05), reraise=True
    )
    waiting(cursor.execute, "PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _is_busy(error: BaseException) -> bool:
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_BUSY


def _begin_in_sqlite(connection: Connection) -> None:
    """Who will write says so first: who has read, and then writes, fails where another has written in between."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(WRITER) else "BEGIN")


# --- versions --------------------------------------------------------------------------------------------------------
def _bring_up_to_date(engine: Engine, called: str) -> None:
    with engine.connect() as connection:  # no lock and no alembic where nothing is to be done
        if _version(connection, called) == VERSION:
            return
    with for_writing(engine).begin() as connection:  # which locks SQLite
        if is_server(engine):
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATING})
        if _version(connection, called) != VERSION:
            _migrate(connection)


def _version(connection: Connection, called: str) -> str | None:
    """The version of a store, None where there is none yet. Raises StoreError where it is newer than this program."""
    tables = inspect(connection)
    if tables.has_table("alembic_version"):
        version = str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())
    elif tables.has_table("meta"):
        noted = connection.execute(text("SELECT value FROM meta WHERE key = 'schema'")).scalar() or LAST_NOTED
        version = str(noted).zfill(len(VERSION))
    else:
        return None
    if not version.isdecimal() or int(version) > int(VERSION):
        raise StoreError(
            f"{called}：数据格式为第{version.lstrip('0')}版，本程序使用第{int(VERSION)}版；请换一个 --store 目录重新入库"
        )
    return version


def _migrate(connection: Connection) -> None:
    """To this version, in the transaction that the connection is in."""
    logging.getLogger("alembic").setLevel(logging.WARNING)  # before it is loaded, which it tells in lines
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    version = _version(connection, "")
    if version is not None and not inspect(connection).has_table("alembic_version"):
        command.stamp(config, version)
    command.upgrade(config, VERSION)
