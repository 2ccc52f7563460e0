"""What is made once for some documents and used by every question about them.

In: the documents that a question is about. Out: their State: the words that mean something in them, and what plans, searches and
hears with these. A state is made again when one of its documents has changed, and not when others have; those asked about last are kept.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from cachetools import LRUCache, cachedmethod

from assistant.budgets.library import MOST_TOGETHER, Library
from assistant.planning.planner import Planner, QuestionReader
from assistant.texts.retrieve import HybridRetriever
from assistant.view import View
from assistant.words.english import English
from assistant.words.hearing import Hearing
from assistant.words.lexicon import Lexicon
from assistant.words.meaning import Meaning
from assistant.words.projects import ProjectFinder
from assistant.words.vocabulary import Vocabulary
from index.chunks import Chunk
from index.facts import Fact
from index.parsing.rows import plain_label
from index.search.vectors import Vectors
from index.sql.store import DocumentInfo, Store

MOST_STATES = 64  # kept, about 7 MB each for the documents of one budget


@dataclass(frozen=True)
class State:
    """What reads questions over some documents. `is_general`: over none of them, since there are too many to be read together; it
    knows their departments, and what terms mean."""

    documents: list[DocumentInfo]
    lexicon: Lexicon
    planner: Planner
    retriever: HybridRetriever
    view: View
    hearing: Hearing
    is_general: bool


class Covers(View):
    """Documents of which no more is known than stands on their covers, but for the terms that some of them define."""

    def labels(self) -> list[dict]:
        """None: no table is opened."""
        return []

    def facts(self, **conditions: Collection[str] | None) -> list[Fact]:
        """None: no table is opened."""
        return []

    def chunks(self, *, keys: Iterable[str] | None = None, documents: Iterable[str] | None = None,
               kinds: Iterable[str] | None = None) -> list[Chunk]:  # fmt: skip
        """The definitions alone, of the documents that have any."""
        if kinds is not None and "definition" not in kinds:
            return []
        some = {info.id for info in self._as_written[-MOST_TOGETHER:]}
        among = some if documents is None else some & set(documents)
        return super().chunks(keys=keys, documents=among, kinds=["definition"])


class States:
    """The states over one store. Safe to use from many threads."""

    def __init__(
        self, store: Store, vectors: Vectors | None, network: QuestionReader, vocabulary: Vocabulary, english: English
    ) -> None:
        self._store, self._vectors, self._network = store, vectors, network
        self._vocabulary, self._english = vocabulary, english
        self._one_maker = threading.Condition()
        self._made: LRUCache[tuple, State] = LRUCache(MOST_STATES)

    def over(self, library: Library, documents: Sequence[str] | None) -> State:
        """The state over some documents: their words, and no others. None: over all, as far as they can be read together."""
        infos = library.documents if documents is None else library.infos(documents)
        general = library.is_large and len({(i.department, i.year, library.kinds[i.id]) for i in infos}) > MOST_TOGETHER
        # Of more than can be read, another document of a known department changes nothing.
        key = tuple(sorted({info.department for info in infos})) if general else tuple(infos)
        return self._state(key, infos, len(infos) < len(library.documents), general)

    # Others who ask about the same documents wait for the one that makes their state; those who ask about others do not.
    @cachedmethod(lambda self: self._made, key=lambda _, key, *made_of: key, condition=lambda self: self._one_maker)
    def _state(self, _key: tuple, infos: list[DocumentInfo], narrowed: bool, general: bool) -> State:
        view = Covers(self._store, infos, narrowed=True) if general else View(self._store, infos, narrowed=narrowed)
        lexicon = Lexicon(view, self._vocabulary)
        targets: dict[str, str] = {}
        for chunk in view.chunks(kinds=["project"]):
            name = next((p for p in lexicon.projects if p == plain_label(chunk.subject)), chunk.subject)
            targets[name] = targets.get(name, "") + chunk.body
        embedding = self._vectors.embedding if self._vectors else None
        meaning = Meaning(embedding.get_query_embedding, embedding.get_text_embedding) if embedding else None
        planner = Planner(lexicon, ProjectFinder(lexicon, targets, meaning), self._network, meaning)
        retriever = HybridRetriever(view, self._vectors)
        return State(infos, lexicon, planner, retriever, view, Hearing(lexicon, self._english), general)
