"""A question in the form in which it is compared with labels: simplified characters, half-width digits, no quotation marks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

ONLY_IN_WORDS = "覆藉瞭沈衹牴"  # what OpenCC converts in words alone: 答覆, but not 覆
FULL_WIDTH = re.compile(r"[０-９Ａ-Ｚａ-ｚ％．]")
SPELT_OUT = re.compile(r"(?:\S +){4,}\S")  # each character apart
BESIDE_HAN = re.compile(
    r"(?<=[\u3400-\u9fff，。、；：？！（）“”]) +(?=[\u3400-\u9fff\d，。、；：？！（）“”])|(?<=\d) +(?=[\u3400-\u9fff])"
)


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=30_000)
def _is_simplified(character: str) -> bool:
    """Whether a character stays as it is, whatever stands beside it."""
    return character < "\u3400" or (character not in ONLY_IN_WORDS and _converter().convert(character) == character)


def simplified(text: str) -> str:
    """The text in simplified characters; as it stands where it has no others."""
    return text if all(map(_is_simplified, text)) else str(_converter().convert(text))


def as_typed_plainly(text: str) -> str:
    """A question in simplified characters, with half-width digits and letters and without blanks between characters."""
    text = "".join(unicodedata.normalize("NFKC", c) if FULL_WIDTH.match(c) else c for c in simplified(text))
    if SPELT_OUT.fullmatch(text.strip()):
        return text.replace(" ", "")
    return BESIDE_HAN.sub("", text)


def normal(text: str) -> str:
    """NFKC, traditional to simplified, lower case, full-width brackets; spaces and quotation marks are dropped."""
    text = unicodedata.normalize("NFKC", text)
    text = simplified(text).replace("予算", "预算").replace("帐", "账")  # written so by habit
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


def in_order(word: str, name: str) -> bool:
    """Whether the characters of a word stand in a name, in this order."""
    rest = iter(name)
    return all(character in rest for character in word)
