"""Words that mean the same whatever the documents: places, and standard items that a document may not have.

In: the vocabulary. Out: these words in bare form, made once, beside which a lexicon holds the words of its own documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from assistant.words.normal import bare
from assistant.words.sounds import Sounds
from assistant.words.vocabulary import Vocabulary

LONGEST_WORD = 60
PLACE, ABSENT = 0.95, 0.92  # how sure such a word is
Senses = dict[tuple[str, str], float]  # kind and canonical name, and how sure


@dataclass(frozen=True, eq=False)
class FixedWords:
    """The words of one vocabulary in bare form: what place each is, what standard item, those of asking, and the names of the items that
    every budget may have."""

    places: Mapping[str, str] = field(default_factory=dict)
    standards: Mapping[str, str] = field(default_factory=dict)
    questions: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()

    @cached_property
    def sounds(self) -> Sounds:
        """All these words by how they sound, for slips of the pen."""
        return Sounds({*self.places, *self.standards, *self.questions})


@lru_cache(maxsize=4)
def fixed_words(vocabulary: Vocabulary) -> FixedWords:
    """The fixed words of a vocabulary."""
    places: dict[str, str] = {}
    for place in sorted(vocabulary.regions):
        for form in (place, f"{place}市", f"{place}省", f"{place}县", f"{place}区"):
            places.setdefault(bare(form), place)
    suffixes = tuple(vocabulary.organisations["suffixes"])
    standards: dict[str, str] = {}
    for standard, words in (*vocabulary.synonyms.items(), *vocabulary.columns.items()):
        for word in (standard, *words):
            key = bare(word)
            if 0 < len(key) <= LONGEST_WORD and not key.endswith(suffixes):
                standards.setdefault(key, standard)
    return FixedWords(places, standards, vocabulary.question_words, frozenset(map(bare, vocabulary.synonyms)))


class Words(Mapping[str, Senses]):
    """The senses of words: those of the documents, and beside them the fixed ones. A place is none where a department of the documents
    is called so; a standard item is absent where nothing else is called so."""

    def __init__(self, fixed: FixedWords) -> None:
        self.own: dict[str, Senses] = {}
        self.here: frozenset[str] = frozenset()  # the places of the documents' departments
        self.fixed = fixed

    def __getitem__(self, word: str) -> Senses:
        own = self.own.get(word)
        place = self.fixed.places.get(word)
        if place is not None and place not in self.here:
            return {("place", place): PLACE} | (own or {})
        if own is not None:
            return own
        return {("absent", self.fixed.standards[word]): ABSENT}

    def __contains__(self, word: object) -> bool:
        return word in self.own or word in self.fixed.standards or self.is_place(word)

    def is_place(self, word: object) -> bool:
        """Whether a word names a place of none of the documents' departments."""
        place = self.fixed.places.get(word) if isinstance(word, str) else None
        return place is not None and place not in self.here

    def __iter__(self) -> Iterator[str]:
        yield from self.own
        yield from (w for w in self.fixed.places if w not in self.own and self.is_place(w))
        yield from (w for w in self.fixed.standards if w not in self.own and not self.is_place(w))

    def __len__(self) -> int:
        return sum(1 for _ in self)
