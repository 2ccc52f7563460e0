"""Words of general Chinese: what is a word, and its part of speech.

In: a text. Out: its words with their tags, from jieba's dictionary, loaded once.
"""

from __future__ import annotations

import itertools
from functools import lru_cache


@lru_cache(maxsize=1)
def _tagger():  # type: ignore[no-untyped-def]
    import logging

    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.ERROR)
    tagger = jieba.posseg.POSTokenizer(jieba.Tokenizer())
    list(tagger.cut("预热"))
    return tagger


def warm() -> None:
    """Load the dictionary, which takes most of a second, before the first question."""
    _tagger()


@lru_cache(maxsize=2048)
def tags(text: str) -> tuple[tuple[int, int, str], ...]:
    """Words of a text as (start, end, part of speech)."""
    found, position = [], 0
    for word in _tagger().cut(text):
        found.append((position, position + len(word.word), word.flag))
        position += len(word.word)
    return tuple(found)


def is_word(text: str, least: int = 1) -> bool:
    """Whether a stretch is a word that people write on purpose; `least` is how often the dictionary must have seen it."""
    return frequency(text) >= least


@lru_cache(maxsize=2048)
def words(text: str) -> tuple[tuple[int, int], ...]:
    """The words of a text that the dictionary has, as (start, end); what is none stands character by character."""
    ends = list(itertools.accumulate(len(word) for word in _tagger().tokenizer.cut(text, HMM=False)))
    return tuple(zip([0, *ends], ends, strict=False))


def frequency(word: str) -> int:
    """How often the dictionary has seen a word."""
    return _tagger().tokenizer.FREQ.get(word) or 0
