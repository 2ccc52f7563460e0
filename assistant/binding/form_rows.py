"""The rows of performance forms that words mean.

In: rows, and what is said. Out: those whose name, form and branch explain the words, letter by letter, the best and those as good; or
the one that is alike in meaning and well apart from the others. What nothing in the row or its form explains stands against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from assistant.binding.form_words import SHORTEST, Said
from assistant.binding.slots import Hints
from assistant.lookup.form_rows import FormRow
from assistant.words.dictionary import tags
from assistant.words.naming import Namer
from assistant.words.normal import bare
from index.amounts import is_money

EMPTY = "upcryxwdmqkf"  # tags of words that name nothing
NAMING = "nabjsz"  # tags of nouns and attributes
PER = re.compile(r"每(?!年)|人均|均(?!衡)|单价|标准")
GENERIC = {"多少", "达到", "要", "定", "是", "全年", "年度", "每年", "进行", "需要", "必须", "里面", "其中", "情况", "计划", "项目", "专项",
           "工程"}  # fmt: skip
COVERED, OWN, SAME, EXACT, IN_FULL, FULL = 0.8, 0.34, 0.04, 0.97, 0.6, 0.9
ALIKE, APART = 0.83, 0.8
T = TypeVar("T")


@dataclass(frozen=True)
class Match:
    """A row with how much of what is said it explains, and how much of its name is said (`own`)."""

    row: FormRow
    score: float
    own: float


class RowMatcher:
    """Finds rows for one question."""

    def __init__(self, namer: Namer, hints: Hints) -> None:
        self._namer, self._hints = namer, hints

    def matching(self, rows: Iterable[FormRow], said: Said) -> list[Match]:
        """The rows whose name, form and branch explain what is said, the best and those as good."""
        found = [m for row in rows if (m := self._match(row, said)) is not None]
        asked = bare(self._hints.question)
        exact = [m for m in found if any(bare(m.row.name) == word for word in said.words)]
        in_full = [
            m for m in found if m.own >= IN_FULL and plain_name(m.row) in asked
        ]  # 短期休养计划人数, cut to 短期休养人数
        found = self.of_unit(found, [m.row for m in found])
        in_full = [m for m in in_full if m in found]
        longest = max((len(m.row.name) for m in in_full), default=0)
        found = [m for m in in_full if len(m.row.name) == longest] or exact or found
        best = max((m.score + m.own / 10 for m in found), default=0.0)
        return [m for m in found if m.score + m.own / 10 >= best - SAME]

    def of_unit(self, things: Sequence[T], rows: Sequence[FormRow]) -> list[T]:
        """Those whose rows count what is asked for (多少人次), where any does; what shares its very word before the others."""
        for units in (self._hints.units[:1], self._hints.units):
            kept = [t for t, row in zip(things, rows, strict=True) if any(fact.unit in units for fact in row.facts)]
            if kept:
                return kept
        return list(things)

    def counting(self, matched: Sequence[FormRow], beside: Sequence[FormRow]) -> list[FormRow] | None:
        """Where people or things are asked for and none of the rows matched counts such: the one of its form that does, or none;
        None where nothing is wrong with those matched."""
        units = self._hints.units
        if not units or any(fact.unit in units for row in matched for fact in row.facts):
            return None
        for wanted in (units[:1], units):
            fitting = [row for row in beside if row.is_indicator and any(fact.unit in wanted for fact in row.facts)]
            if len(fitting) == 1:
                return fitting
        return []

    def called_alike(self, rows: Sequence[FormRow]) -> list[FormRow]:
        """The rows whose names have most of a question's words in them."""
        asked = bare(self._hints.question)
        told = [len(_covered(bare(row.name), asked)) for row in rows]
        return [row for row, n in zip(rows, told, strict=True) if n == max(told) > 0]

    def _match(self, row: FormRow, said: Said) -> Match | None:
        text = said.text
        telling, naming = _telling(said.words)
        if not telling and not said.branches:
            return None
        if said.branches and not all(any(b in bare(part) for part in row.branch) for b in said.branches):
            return None
        name = plain_name(row)
        by_name = _covered(text, bare(row.name))
        if PER.search(text) and not (PER.search(name) or any("/" in fact.text for fact in row.facts)):
            return None  # 每份成本 is not 成本
        around = by_name | _covered(text, bare(row.form)) | _covered(text, "".join(map(bare, row.branch)))
        said_alone = by_name - _covered(text, bare(row.form))
        if telling and not said_alone & telling and name not in text:
            return None
        if any(2 * len(run & around) < len(run) for run in naming):
            return None  # of 女性人员数量 an indicator must say all
        recall = len(around & telling) / len(telling) if telling else 1.0
        own = len(_covered(name, text)) / len(name) if telling else 1.0  # 成本指标 alone: the one of that kind
        if not (row.is_indicator or row.is_figure) and is_money(row.facts[0].unit) and (own < FULL or recall < EXACT):
            return None  # an amount of money must be said by its name
        if recall < COVERED or (own < OWN and recall < EXACT) or (own < OWN / 2):
            return None
        return Match(row, recall * (EXACT if own < EXACT else 1.0), own)

    def nearest(self, words: str, rows: Sequence[FormRow]) -> FormRow | None:
        """The row whose name is nearest in meaning and shares letters with the words; None where none does."""
        sharing = [row for row in rows if _alike_to_the_letter(words, bare(row.name))]
        alike = self._namer.likeness(words, [row.name for row in rows])
        if not alike or not sharing:
            return None
        order = np.argsort(alike)[::-1]
        first = rows[int(order[0])]
        if len(rows) == 1:
            return first if first in sharing else None
        gap = (alike[order[0]] - alike[order[1]]) / max(float(np.std(alike)), 1e-6)
        return first if alike[order[0]] >= ALIKE and gap >= APART and first in sharing else None


def plain_name(row: FormRow) -> str:
    """An indicator's name without the brackets behind it."""
    return bare(re.sub(r"[（(].*?[)）]$", "", row.name)) or bare(row.name)


def names_project(word: str, name: str) -> bool:
    """Whether a word names a project: it stands in the name, or all of it does piece by piece."""
    if len(word) < SHORTEST:
        return False
    return word in name or (len(word) >= 2 * SHORTEST and len(_covered(word, name)) == len(word))


def _telling(words: Sequence[str]) -> tuple[set[int], list[set[int]]]:
    """The places in the joined words that belong to words which say something, and those of each noun or attribute."""
    found, naming, at = set[int](), list[set[int]](), 0
    for word in words:
        for start, end, tag in tags(word):
            piece, places = word[start:end], set(range(at + start, at + end))
            if piece in GENERIC or (tag[:1] in EMPTY and not re.search(r"[A-Za-z\d]", piece)):
                continue
            found |= places
            if tag[:1] in NAMING and end - start > 1:
                naming.append(places)
        at += len(word)
    return found, naming


def _alike_to_the_letter(words: str, name: str) -> bool:
    """Whether words and a name end in the same word, and have a character in common before it: 热线电话|接通率, 话务|接通率."""
    size = next((n for n in range(min(len(words), len(name)), 0, -1) if words[-n:] == name[-n:]), 0)
    return size >= SHORTEST and bool(set(words[:-size]) & set(name[:-size]))


def _covered(text: str, name: str) -> set[int]:
    """The places of a text that stand in a name too, in runs of two characters or more."""
    found, at = set[int](), 0
    while at < len(text):
        size = 0
        while at + size < len(text) and text[at : at + size + 1] in name:
            size += 1
        if size >= SHORTEST:
            found |= set(range(at, at + size))
            at += size
        else:
            at += 1
    return found
