"""How words sound. In: characters and words. Out: their toneless pinyin, and words to be found by how they sound or how they end."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from functools import cached_property, lru_cache

SHORTEST, LONGEST = 3, 40  # characters of a name that is found by its sound
SURE_LENGTH = 4  # and of one that is found by its ends


@lru_cache(maxsize=100_000)
def syllable(character: str) -> str:
    """The toneless pinyin of a character; the character itself where it has none."""
    from pypinyin import lazy_pinyin

    return lazy_pinyin(character)[0]


def pinyin_of(word: str) -> tuple[str, ...]:
    """The toneless syllables of a word, one a character."""
    return tuple(syllable(c) for c in word)


def sound_of(word: str) -> str:
    """The syllables of a word, each behind a blank, so that the sound of a part of it is a part of its sound."""
    return "".join(f" {syllable(character)}" for character in word)


class Sounds:
    """Names by how they sound, by their ends and by what is left without their first or last character."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = [name for name in names if SHORTEST <= len(name) <= LONGEST]
        # Keys are texts and values tuples of texts, which the garbage collector need not follow.
        self._by_sound: dict[str, tuple[str, ...]] = {}
        self._by_ends: dict[str, tuple[str, ...]] = {}
        self._by_start: dict[str, tuple[str, ...]] = {}
        self._by_end: dict[str, tuple[str, ...]] = {}
        for name in self._names:
            _put(self._by_sound, sound_of(name), name)
            if len(name) >= SURE_LENGTH:
                _put(self._by_ends, f"{name[0]}{name[-1]}{len(name)}", name)
                _put(self._by_start, name[:-1], name)
                _put(self._by_end, name[1:], name)

    def has(self, name: str) -> bool:
        """Whether a name is among them, letter by letter."""
        return name in self._by_sound.get(sound_of(name), ())

    def alike(self, sound: str) -> tuple[str, ...]:
        """The names that sound so."""
        return self._by_sound.get(sound, ())

    def with_ends(self, first: str, last: str, length: int) -> tuple[str, ...]:
        """The names of a length with this first and last character."""
        return self._by_ends.get(f"{first}{last}{length}", ())

    def beginning(self, typed: str) -> tuple[str, ...]:
        """The names that are this and one character more."""
        return self._by_start.get(typed, ())

    def ending(self, typed: str) -> tuple[str, ...]:
        """The names that are one character and this."""
        return self._by_end.get(typed, ())

    @cached_property
    def pairs(self) -> set[str]:
        """All pairs of characters in the names."""
        return pairs_of(self._names)


def pairs_of(texts: Iterable[str]) -> set[str]:
    """All pairs of neighbouring characters in some texts."""
    return {a + b for text in texts for a, b in itertools.pairwise(text)}


def _put(index: dict[str, tuple[str, ...]], key: str, name: str) -> None:
    index[key] = (*index.get(key, ()), name)
