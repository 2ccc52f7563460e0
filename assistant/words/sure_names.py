"""The stretches of a question that are sure to be names, whoever has read it.

In: a question. Out: where names of rows, units, projects, columns or codes stand in it, where the short names of rows do, and where
titles of tables do that no reader keeps together. What a stretch can name besides is for naming to say.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.words.dictionary import tags
from assistant.words.lexicon import Lexicon
from assistant.words.normal import bare

CLAUSE_END = re.compile(r"[，。；！？,;!?]")
LONG_TITLE = 12
BROKEN = re.compile("[及和与、“”]")
BRACKET = re.compile(r"[（(][^（）()]+[)）]")
LONGEST_NAME, LONGEST_TITLE = 40, 70
KNOWN, CODE_LENGTH = 0.9, 5
SHORT = 2


class SureNames:
    """Finds names over one state of the store."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._dropped = lexicon.vocabulary.money_words
        self.known = lru_cache(maxsize=256)(self._known)
        self.short_names = lru_cache(maxsize=256)(self._short_names)

    def _known(self, question: str) -> list[tuple[int, int]]:
        """The stretches of a question that are sure to be names: of rows, units, columns, tables; the longest first."""
        found, at = [], 0
        while at < len(question):
            end = next(
                (e for e in range(min(len(question), at + LONGEST_NAME), at + 1, -1) if self._is_name(question[at:e])),
                0,
            )
            longer = next(
                (e for e in (end + 2, end + 1) if end and self._is_longer(question[at:e], question[at:end])), 0
            )
            if end and not longer:  # 本部 is no name in 本部门
                found.append((at, end))
            at = longer or end or at + 1
        return found

    def _short_names(self, question: str) -> list[tuple[int, int]]:
        """The words of two characters in a question that are names of rows."""
        words = [(start, end) for start, end, _ in tags(question) if end - start == SHORT]
        return [
            (start, end) for start, end in words
            if any(s.kind == "label" and s.score >= KNOWN for s in self._lexicon.senses(bare(question[start:end])))
            and not any(s.kind == "noun" for s in self._lexicon.senses(bare(question[start:end])))
            and bare(question[start:end]) not in self._dropped
        ]  # fmt: skip

    def titles(self, question: str) -> list[tuple[int, int]]:
        """The titles of tables in a question that brackets or the word 和 break up: …明细表（按支出功能分类科目）."""
        found = []
        for named in re.finditer("表", question):
            starts = range(max(0, named.end() - LONGEST_TITLE), named.start() - SHORT)
            texts = ((s, question[s : named.end()]) for s in starts if question[s].isalnum())
            long = ((s, text) for s, text in texts if BROKEN.search(text) or len(text) >= LONG_TITLE)
            start = next((s for s, text in long if self._is_title(text)), None)
            if start is not None:
                found.append((start, named.end()))
        for bracket in BRACKET.finditer(question):
            end = bracket.end() + question.startswith("表", bracket.end())
            starts = range(max(0, end - LONGEST_TITLE), bracket.start() - 1)
            start = next((s for s in starts if question[s].isalnum() and self._is_title(question[s:end])), None)
            if start is not None:
                found.append((start, end))
        return found

    def _is_title(self, text: str) -> bool:
        return any(s.kind == "table" for s in self._lexicon.senses(bare(text)))

    def _is_longer(self, text: str, name: str) -> bool:
        """Whether a text is a known word of which a name is but the beginning."""
        return bare(text) != bare(name) and bool(self._lexicon.senses(bare(text)))

    def _is_name(self, text: str) -> bool:
        if CLAUSE_END.search(text) or not text[0].isalnum() or (not text[-1].isalnum() and text[-1] not in ")）"):
            return False
        word = bare(text)
        if len(word) < 2 or word in self._dropped:
            return False
        return any(
            (s.kind == "code" and len(word) >= CODE_LENGTH)
            or (s.kind in ("unit", "headquarters", "project") and s.score >= KNOWN)
            or (s.kind in ("label", "column", "indicator") and s.score >= KNOWN and len(word) > 2)
            for s in self._lexicon.senses(word)
        )
