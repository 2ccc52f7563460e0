"""A backup put back: vectors first, then all rows in one transaction, as with every other change of a store.

In: an archive, settings. Out: what the archive says of itself; the store holds what it held when the archive was made.
"""

from __future__ import annotations

from pathlib import Path

from index.errors import StoreError
from index.ingest import writing
from index.search.vector_health import embed_all
from index.settings import Settings
from index.settling import Progress
from index.sql.backup import Manifest, opened, restore_rows
from index.sql.store import Store
from index.stores import emptied, readable


def restore_archive(file: Path, settings: Settings, replace: bool, progress: Progress = lambda *_: None) -> Manifest:
    """Put an archive in the place of all that a store holds. Raises StoreError where the archive or the store cannot be used,
    or the store holds something and `replace` is not said; the old state is as it was."""
    with writing(settings):
        store = Store.open(settings.store, settings.database_url)
        if not replace and store.documents(hidden=True):
            raise StoreError(f"{settings.store}：数据目录里已有文件；要用备份换掉它们，请加 --replace")
        with opened(file, settings.store) as (manifest, saved), store.writing():
            vectors = readable(settings, store)
            embed_all(saved, vectors, progress)
            restore_rows(saved, store)
            vectors.remove(vectors.keys() - store.chunk_keys())
    return manifest


def rebuild_vectors(settings: Settings, progress: Progress = lambda *_: None) -> int:
    """Make all vectors anew from the texts in SQL. Returns how many there are. Raises StoreError or ModelError. What interrupts it leaves
    vectors missing, which the next start tells."""
    with writing(settings):
        store = Store.open(settings.store, settings.database_url)
        with store.writing():
            vectors = emptied(settings, store)
            embed_all(store, vectors, progress)
            return len(vectors.keys())
