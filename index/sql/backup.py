"""One archive of all that a store holds, and a store from an archive.

In: a store, over whichever database, and the path of an archive. Out: a zip of `manifest.json` and `budget.sqlite`; the rows of
one written into a store. The database is saved as it stood at one moment, while others go on reading and writing it: SQLite by
its own VACUUM INTO, any other by copying rows in one transaction. Restoring is one transaction too, so what interrupts it
leaves the old state. Vectors are not saved: they are made again from the texts, before the rows that make them visible.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from sqlalchemy import Engine, Integer, LargeBinary, Table, column, delete, func, insert, select, update
from sqlalchemy import table as untyped
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from index.errors import StoreError
from index.sql.database import for_writing
from index.sql.schema import documents, meta, metadata
from index.sql.store import Store

FORMAT = 1
MANIFEST, DATABASE = "manifest.json", "budget.sqlite"
LARGEST_MANIFEST = 100_000  # bytes
BLOCK = 2**20
ROWS = 1000  # in one statement
TABLES: list[Table] = metadata.sorted_tables


@dataclass(frozen=True)
class Manifest:
    """What an archive says of itself; `bytes` and `sha256` are those of the database in it."""

    format: int
    program: str
    made_at: str
    documents: int
    bytes: int
    sha256: str


def backup(store: Store, file: Path) -> Manifest:
    """Write an archive of a store, which may be in use. Never over a file. Raises StoreError, and leaves nothing then."""
    if file.exists():
        raise StoreError(f"{file}：文件已经存在；请换一个文件名")
    with _told(file, "备份没有写成"), TemporaryDirectory(prefix=".budget-qa-", dir=file.absolute().parent) as folder:
        database, packed = Path(folder) / DATABASE, Path(folder) / "archive"
        _save(store.engine, database)
        manifest = _manifest(database, _count(database))
        packed.touch(0o600)  # originals and opinions are for who runs the program
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=2))
            archive.write(database, DATABASE)
        packed.rename(file)
    return manifest


@contextmanager
def opened(file: Path, within: Path) -> Iterator[tuple[Manifest, Store]]:
    """The store of an archive, unpacked for a while into a folder `within` another and brought to the format of this program.
    Raises StoreError where it is damaged or of a newer program. Names inside an archive never become paths."""
    with _told(file, "备份没有读成"), TemporaryDirectory(prefix="restore-", dir=within) as folder:
        database = Path(folder) / DATABASE
        manifest = _unpack(file, database, shutil.disk_usage(folder).free)
        try:
            saved = Store.open(Path(folder), f"sqlite:///{database}")
        except StoreError as error:
            raise StoreError(f"{file}：备份不能用于本程序（由 {manifest.program} 版所做）；请先升级本程序") from error
        try:
            yield manifest, saved
        finally:
            saved.close()


def restore_rows(saved: Store, store: Store) -> None:
    """Put the rows of one store in the place of all those of another, in one transaction. Raises StoreError."""
    with (
        _told(Path(str(store.engine.url.database)), "恢复没有做成，原来的数据未变"),
        saved.engine.connect() as source,
        for_writing(store.engine).begin() as target,
    ):
        own = target.execute(select(meta.c.value).where(meta.c.key == "identity")).scalar()
        generation = select(meta.c.value).where(meta.c.key == "generation")
        newest = max(int(one.execute(generation).scalar() or 0) for one in (source, target))
        for table in reversed(TABLES):
            target.execute(delete(table))
        _copy(source, target)
        # What others hold is stale: every document has changed, in the order in which they last did.
        target.execute(update(documents).values(changed=documents.c.changed + newest))
        for key, value in (
            ("generation", str(2 * newest + 1)),
            ("identity", own),
        ):  # its vectors lie under its own identity
            target.execute(delete(meta).where(meta.c.key == key))
            target.execute(insert(meta).values(key=key, value=value))


# --- saving --------------------------------------------------------------------------------------------------------
def _save(engine: Engine, database: Path) -> None:
    """The database as it stands at one moment, as a SQLite file."""
    if engine.dialect.name == "sqlite":
        _outside_transactions(engine, "VACUUM INTO ?", str(database))
        return
    saved = Store.open(database.parent, f"sqlite:///{database}")
    with (
        engine.connect().execution_options(isolation_level="REPEATABLE READ") as source,
        for_writing(saved.engine).begin() as target,
    ):
        for table in TABLES:
            target.execute(delete(table))
        _copy(source, target)
    saved.close()


def _outside_transactions(engine: Engine, statement: str, *values: str) -> None:
    """A statement of SQLite that no transaction may hold."""
    with closing(engine.raw_connection()) as connection:
        try:
            connection.cursor().execute(statement, values)
        except sqlite3.Error as error:
            raise OSError(str(error)) from error


def _copy(source: Connection, target: Connection) -> None:
    """All rows of all tables, in the order of their numbers: answers list things in it."""
    alike = source.dialect.name == target.dialect.name == "sqlite"
    for table in TABLES:
        keys = list(table.primary_key)
        large = any(isinstance(one.type, LargeBinary) for one in table.columns)
        # Without their types values go as they are stored, and JSON is not decoded for nothing: several times as fast.
        rows_of = untyped(table.name, *(column(one.name) for one in table.columns)) if alike else table
        stream = source.execution_options(yield_per=1 if large else ROWS)
        for rows in (
            stream.execute(select(rows_of).order_by(*(rows_of.c[key.name] for key in keys))).mappings().partitions()
        ):
            target.execute(insert(rows_of), [dict(row) for row in rows])
        if target.dialect.name == "postgresql" and isinstance(keys[0].type, Integer):
            sequence = func.pg_get_serial_sequence(table.name, keys[0].name)
            target.execute(select(func.setval(sequence, func.coalesce(func.max(keys[0]), 1))))


def _count(database: Path) -> int:
    saved = Store.open(database.parent, f"sqlite:///{database}")
    count = len(saved.documents(hidden=True))
    _outside_transactions(saved.engine, "PRAGMA journal_mode=DELETE")  # all in one file, without its log
    saved.close()
    return count


def _manifest(database: Path, count: int) -> Manifest:
    with database.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Manifest(FORMAT, _version(), now, count, database.stat().st_size, digest)


def _version() -> str:
    try:
        return version("budget-qa")
    except PackageNotFoundError:  # run from its sources
        return "0"


# --- reading -------------------------------------------------------------------------------------------------------
def _unpack(file: Path, database: Path, free: int) -> Manifest:
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _read_manifest(file, archive)
            if manifest.bytes > free:
                raise StoreError(
                    f"{file}：解开需要 {manifest.bytes // 2**20 + 1} MB，数据目录所在磁盘只剩 {free // 2**20} MB；请腾出空间"
                )
            with archive.open(DATABASE) as packed, database.open("xb") as stream:
                digest = _copied(packed, stream, manifest.bytes)
    except FileNotFoundError as error:
        raise StoreError(f"{file}：没有这个文件；请检查路径") from error
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, RuntimeError, ValueError, TypeError, zlib.error) as error:  # fmt: skip
        raise StoreError(f"{file}：不是完整的备份；请换一份") from error
    if digest != manifest.sha256:
        raise StoreError(f"{file}：备份已损坏（校验值不符）；请换一份")
    return manifest


def _read_manifest(file: Path, archive: zipfile.ZipFile) -> Manifest:
    if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        raise ValueError("no manifest of ours")
    told = json.loads(archive.read(MANIFEST))
    if int(told["format"]) > FORMAT:
        raise StoreError(f"{file}：备份由更新的版本（{str(told.get('program'))[:20]}）所做；请先升级本程序")
    known = {name: told[name] for name in Manifest.__dataclass_fields__}
    manifest = Manifest(**known)
    if not isinstance(manifest.bytes, int) or not isinstance(manifest.sha256, str):
        raise TypeError("no manifest of ours")
    return manifest


def _copied(packed: IO[bytes], stream: IO[bytes], most: int) -> str:
    """Copy what is packed, of which there is at most so much. Returns its SHA-256."""
    digest, left = hashlib.sha256(), most
    while block := packed.read(BLOCK):
        left -= len(block)
        if left < 0:
            raise ValueError("more than the manifest says")
        digest.update(block)
        stream.write(block)
    return digest.hexdigest()


@contextmanager
def _told(where: Path, what: str) -> Iterator[None]:
    """Errors of disk and database as one of ours."""
    try:
        yield
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", None) or error).splitlines()[0][:200]
        raise StoreError(f"{where}：{what}（{said}）；请检查磁盘空间和权限后重试") from error
    except OSError as error:
        raise StoreError(f"{where}：{what}（{error.strerror or error}）；请检查路径、磁盘空间和权限后重试") from error
