"""A file's coming or going, written to both stores.

In: a file read, or documents to take out. Out: vectors first, then one SQL commit that makes it visible, and which documents of the
budgets concerned are now answered from (index/editions.py).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.chunks import Chunk, document_chunks
from index.editions import arrange, budget_key
from index.facts import Fact, document_facts
from index.files import Source
from index.model import Document
from index.reading import Made
from index.sql.store import DocumentInfo, Standing, Store

if TYPE_CHECKING:  # brings Chroma and llama-index, seconds that reading a file does without
    from index.search.vectors import Vectors

log = logging.getLogger(__name__)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class File:
    """A file to be written, with its documents by their ids."""

    source: Source
    documents: dict[str, Document]
    source_url: str | None
    vectors: Made


@dataclass(frozen=True)
class Settled:
    """What a file's coming or going changed: standings by id, facts and chunks of those now answered from."""

    standings: dict[str, Standing]
    facts: dict[str, list[Fact]]
    chunks: dict[str, list[Chunk]]
    embedded: int = 0


def settle(store: Store, vectors: Vectors, stored: Iterable[DocumentInfo], gone: set[str], file: File | None = None,
           progress: Progress = lambda *_: None) -> Settled:  # fmt: skip
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
    embedded = embed(to_come, vectors, file.source.name if file else "", progress, file.vectors if file else None)
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
    return Settled(standings, facts, chunks, embedded)


def embed(chunks: Iterable[Chunk], vectors: Vectors, name: str, progress: Progress, made: Made | None = None) -> int:
    """Make the vectors of chunks that have none. Returns how many were made."""
    texts = {chunk.key: chunk.text for chunk in chunks}
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress(name, done, len(texts))

    return vectors.add(texts, advance, made or {})


def remove_document(document_id: str, store: Store, vectors: Vectors) -> None:
    """Take the file of a document out of both stores, with all budgets that it holds. What it stood for is answered from again.
    Raises StoreError when there is none of that id."""
    with store.writing():
        info = store.info(document_id)
        own = store.of_file(info.sha256) if info else []
        stored = store.documents(hidden=True, departments={info.department for info in own})
        settle(store, vectors, stored, {info.id for info in own} or {document_id})


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
