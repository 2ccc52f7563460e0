"""A question as typed to the question that is read: plain characters, in Chinese, without slips of the pen.

In: what was typed, and the words of the indexed documents. Out: the question, with what was taken for what, so that the answer
says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from assistant.words.english import English, is_english, is_foreign
from assistant.words.lexicon import Lexicon
from assistant.words.normal import as_typed_plainly, bare
from assistant.words.quantities import with_years_in_digits
from assistant.words.spelling import Spelling, spelling_of

POLITE = re.compile(
    r"^(?:请问一?下?|劳驾|打扰了?)[，,：:、]\s*(?=\S)|(?<=[？?。！!])\s*(?:谢谢|多谢|感谢|谢了|麻烦了|辛苦了)[您你啦了]?[！!。~～]*$"
)


@dataclass(frozen=True)
class Heard:
    """A question to read. `taken`: stretches as typed and as they were taken; `terms`: terms of a question that was put into
    Chinese as a whole, as (Chinese, English); `restated`: whether it was;
    `slips`: how many were mended."""

    text: str
    taken: tuple[tuple[str, str], ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    restated: bool = False
    slips: int = 0


def plainly(question: str, follows: bool, english: English) -> Heard:
    """The question in plain characters, and in Chinese where it was English; `follows`: another was asked before."""
    plain = with_years_in_digits(POLITE.sub("", as_typed_plainly(question)))
    restated = english.restated(plain, follows) if is_english(plain) else None
    if restated is None:
        return Heard(plain)
    return Heard(restated.text, terms=restated.terms, restated=True)


class Hearing:
    """Hears questions with the words of some documents."""

    def __init__(self, lexicon: Lexicon, english: English) -> None:
        self._lexicon, self._english = lexicon, english

    @cached_property
    def _spelling(self) -> Spelling:
        return spelling_of(self._lexicon)

    def mended(self, plain: Heard) -> Heard:
        """A question without English words and slips of the pen, as far as the documents' words tell what is meant."""
        if plain.restated or is_foreign(plain.text):
            return plain
        mixed = self._english.mixed(plain.text, lambda word: bare(word) in self._lexicon.bare_text)
        mended = self._spelling.mended(mixed.text)
        taken = [(english, chinese) for chinese, english in mixed.terms]
        return Heard(mended.text, (*taken, *mended.taken), slips=len(mended.taken))
