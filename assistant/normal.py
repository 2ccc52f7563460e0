"""A question in the form in which it is compared with labels: simplified characters, half-width digits, no quotation marks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

ONLY_IN_WORDS = "覆藉瞭沈衹牴"  # what OpenCC converts in words alone: 答覆, but not 覆


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=30_000)
def _is_simplified(character: str) -> bool:
    """Whether a character stays as it is, whatever stands beside it."""
    return character < "\u3400" or (character not in ONLY_IN_WORDS and _converter().convert(character) == character)


def simplified(text: str) -> str:
    """The same text, character for character, in simplified characters and half-width digits and letters."""
    text = "".join(unicodedata.normalize("NFKC", c) if c.isalnum() and c > "\uff00" else c for c in text)
    return text if all(map(_is_simplified, text)) else _converter().convert(text)


def normal(text: str) -> str:
    """NFKC, traditional to simplified, lower case, full-width brackets; spaces and quotation marks are dropped."""
    text = unicodedata.normalize("NFKC", text)
    if not all(map(_is_simplified, text)):
        text = _converter().convert(text)
    text = text.replace("予算", "预算").replace("帐", "账")  # written so by habit
    text = re.sub(r"(?<=[0-9a-z]) +(?=[0-9a-z])", "\x00", text.lower())
    return (
        re.sub(r"[\s“”\"‘’'《》「」『』【】\[\]*★☆]", "", text)
        .replace("\x00", " ")
        .replace("(", "（")
        .replace(")", "）")
    )


@lru_cache(maxsize=100_000)  # the vocabulary is read again for every state of the store
def bare(text: str) -> str:
    """Only the words: no punctuation at all."""
    return re.sub(r"[^\w]", "", normal(text))
