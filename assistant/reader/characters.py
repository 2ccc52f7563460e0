"""A question as the reader network sees it: one character a position.

In: a question. Out: its characters in normal form (simplified, half-width, lower case) with where each came from, and their
numbers in the network's alphabet.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from opencc import OpenCC

UNKNOWN, BEGIN, END = 0, 1, 2  # the first places of every alphabet


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=20_000)
def _normal(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character).lower()
    if any("\u3400" <= c <= "\u9fff" for c in plain):
        plain = _converter().convert(plain)
    return plain


@dataclass(frozen=True)
class Characters:
    """The characters of a question; `origins[i]` is where the i-th stood in the question as typed."""

    text: str
    origins: tuple[int, ...]


def characters(question: str) -> Characters:
    """A question character by character; blanks are left out but between Latin letters and digits."""
    found: list[tuple[str, int]] = []
    for index, character in enumerate(question):
        if character.isspace():
            if found and found[-1][0].isascii() and found[-1][0].isalnum():
                found.append((" ", index))
            continue
        plain = _normal(character)
        if found and found[-1][0] == " " and not (plain[:1].isascii() and plain[:1].isalnum()):
            found.pop()
        found += [(c, index) for c in plain if not c.isspace()]
    while found and found[-1][0] == " ":
        found.pop()
    return Characters("".join(c for c, _ in found), tuple(i for _, i in found))


def number_of(alphabet: str) -> dict[str, int]:
    """The number of each character of an alphabet, whose order is the network's."""
    return {character: i + 3 for i, character in enumerate(alphabet)}


def numbers(text: str, alphabet: dict[str, int]) -> list[int]:
    """A text as the network takes it: begin, one number a character, end."""
    return [BEGIN, *(alphabet.get(c, UNKNOWN) for c in text), END]
