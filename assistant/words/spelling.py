"""Slips of the pen in a question, mended before it is read.

In: a question and the words that name something in the documents, with the words of asking. Out: the question with a homophone,
a character left out or one typed twice put right, and each stretch that was taken for another, so that the answer says so.
Only what is no word as it stands is mended, and only into one word: where two would do, the question stays as it is.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from assistant.words.dictionary import frequency, words
from assistant.words.fixed_words import ABSENT, PLACE, Words
from assistant.words.lexicon import WHOLE_WORD, Lexicon
from assistant.words.slips import NEGATIONS
from assistant.words.sounds import LONGEST, SHORTEST, SURE_LENGTH, Sounds, pairs_of, sound_of, syllable

MOST_SLIPS = 3  # in one question
OUTRIGHT = 0.97  # of a name, and no other word for one
RARE = 8000  # how often the dictionary has seen a character that people do not write as a word of its own
OFTEN_ALONE = 30_000  # of one that nearly always does: 的, 各
SELDOM = 20  # of a word that is hardly one: 允行
IN_USE = 50  # of a word of the documents that may be meant
CLEARLY = 3  # how much oftener than the next that may be meant
NUMERIC = set("〇零一二三四五六七八九十百千万亿两半几第年月元倍成")
TWICE = set("多大少谢看问说天人个家常刚明好快慢哈呵嘿嘻啊哦嗯")  # that people write twice on purpose
BEFORE_NAMES = set("是的和与在有把对为比占")  # what may stand before a name and sound like its beginning


@dataclass(frozen=True)
class Mended:
    """A question put right; `taken`: stretches as typed and as they were taken."""

    text: str
    taken: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Slip:
    start: int
    end: int
    meant: str


@lru_cache(maxsize=1)
def homophones() -> dict[str, str]:
    """The 3,755 commonest characters (level one of GB 2312) by sound."""
    codes = itertools.product(range(0xB0, 0xD8), range(0xA1, 0xFF))
    sounds: dict[str, str] = defaultdict(str)
    for character in filter(None, (bytes(code).decode("gb2312", "ignore") for code in codes)):
        sounds[syllable(character)] += character
    return dict(sounds)


class Names:
    """The words that a question may mean, with how sure each is a name: those of the documents, then the fixed ones and the words of
    asking."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._own = {word: max(senses.values()) for word, senses in words.own.items()}
        base = words.fixed.sounds
        self._sounds = (Sounds(w for w, score in self._own.items() if score >= WHOLE_WORD and not base.has(w)), base)

    def alike(self, sound: str) -> list[str]:
        """The names that sound so."""
        return self._names(*(sounds.alike(sound) for sounds in self._sounds))

    def with_ends(self, first: str, last: str, length: int) -> list[str]:
        """The names of a length with this first and last character."""
        return self._names(*(sounds.with_ends(first, last, length) for sounds in self._sounds))

    def beginning(self, typed: str) -> list[str]:
        """The names that are this and one character more."""
        return self._names(*(sounds.beginning(typed) for sounds in self._sounds))

    def ending(self, typed: str) -> list[str]:
        """The names that are one character and this."""
        return self._names(*(sounds.ending(typed) for sounds in self._sounds))

    @cached_property
    def pairs(self) -> set[str]:
        """All pairs of characters in names."""
        return set().union(*(sounds.pairs for sounds in self._sounds))

    def _names(self, *found: Sequence[str]) -> list[str]:
        return [name for some in found if some for name in some if name in self]

    def get(self, name: str) -> float | None:
        """How sure a word is a name; None where it is none."""
        if not SHORTEST <= len(name) <= LONGEST:
            return None
        fixed = self._words.fixed
        score = self._own.get(name)
        if self._words.is_place(name):
            score = max(PLACE, score or 0.0)
        elif score is None and name in fixed.standards:
            score = ABSENT
        if score is not None and score >= WHOLE_WORD:
            return score
        return 1.0 if name in fixed.questions else None

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None

    def __getitem__(self, name: str) -> float:
        return self.get(name) or 0.0


class Spelling:
    """Mends questions over one state of the store. `text` is all that the documents say; `offices` are names that people shorten to
    characters of them."""

    def __init__(self, names: Names, text: str, offices: Iterable[str] = ()) -> None:
        self._names, self._text, self._offices = names, text, list(offices)

    @cached_property
    def _pairs(self) -> set[str]:
        """All pairs of characters that the documents and the words of asking have."""
        return pairs_of([self._text]) | self._names.pairs

    def mended(self, question: str) -> Mended:
        """A question with its slips of the pen put right, and what was taken for what; unchanged where it has none."""
        taken: list[tuple[str, str]] = []
        for _ in range(MOST_SLIPS):
            slip = next(self._slips(question), None)
            if slip is None:
                break
            taken.append((question[slip.start : slip.end], slip.meant))
            question = question[: slip.start] + slip.meant + question[slip.end :]
        return Mended(question, tuple(taken))

    def _slips(self, question: str) -> Iterator[_Slip]:
        tokens = list(words(question))
        odd = {i for start, end in tokens if end - start == SHORTEST - 1 and frequency(question[start:end]) < SELDOM
               for i in range(start, end) if _may_be_wrong(question[i])}  # fmt: skip
        alone = {start for start, end in tokens if end - start == 1 and _may_be_wrong(question[start])}
        yield from self._homophones(question, alone | odd)
        yield from self._twice(question, tokens)
        yield from self._missing(question, tokens, alone)
        yield from self._cut_short(question, tokens, alone)
        yield from self._common_words(question, alone)

    def _homophones(self, question: str, alone: Collection[int]) -> Iterator[_Slip]:
        """Names but for one character that sounds the same, the longest first."""
        sound = sound_of(question)
        places = [0, *itertools.accumulate(len(sound_of(c)) for c in question)]
        for start, end in _windows(len(question), SHORTEST, LONGEST):
            typed = question[start:end]
            alike = self._names.alike(sound[places[start] : places[end]])
            if not alike:
                continue
            meant = self._surest(name for name in alike if _differs_in_one(typed, name))
            if meant is None or typed in self._names or typed in self._text:
                continue
            at = start + next(i for i, (a, b) in enumerate(zip(typed, meant, strict=True)) if a != b)
            if at == start and question[at] in BEFORE_NAMES and typed[1:] in self._text:
                continue  # 是乙局 asks for 乙局, not for 市乙局
            sure = end - start >= SURE_LENGTH or frequency(question[at]) < RARE
            if at in alone and sure and not self._is_in_name(question, at):
                yield _Slip(start, end, meant)

    def _twice(self, question: str, tokens: Collection[tuple[int, int]]) -> Iterator[_Slip]:
        """A character typed twice, where both do not belong to words of their own: 项目目标."""
        ends = {end: start for start, end in tokens}
        starts = dict(tokens)
        for at, (one, other) in enumerate(itertools.pairwise(question)):
            if (
                one != other
                or one in TWICE
                or not _may_be_wrong(one)
                or question[max(0, at - 1) : at + 3] in self._text
            ):
                continue
            before, behind = ends.get(at + 1), starts.get(at + 1)
            if before is None or behind is None:
                continue
            whole = question[:at] + question[at + 1 :]
            if not self._makes_a_name(whole, at, question):
                if at + 1 - before > 1 and behind - at - 1 > 1:
                    continue
                if behind - at > 2 and any(question[s : at + 1] in self._names for s in range(at)):
                    continue  # 职业年金|金额
            start, end = (before, behind) if at + 1 - before > 1 else (at, behind)
            if not self._is_in_name(question, at, across=True):
                yield _Slip(start, end, question[start:at] + question[at + 1 : end])

    def _missing(self, question: str, tokens: Collection[tuple[int, int]], alone: Collection[int]) -> Iterator[_Slip]:
        """Names with one inner character left out beside one that seldom stands alone."""
        starts, ends = {start for start, _ in tokens}, {end for _, end in tokens}
        for start, end in _windows(len(question), SURE_LENGTH - 1, LONGEST):
            typed = question[start:end]
            if start not in starts or end not in ends:
                continue
            longer = self._names.with_ends(typed[0], typed[-1], len(typed) + 1)
            meant = self._surest(name for name in longer if _left_out(typed, name) and name in self._text)
            if meant is None or typed in self._text or any(self._is_in_name(question, i) for i in range(start, end)):
                continue
            at = start + _left_out(typed, meant)
            if any(i in alone and frequency(question[i]) < OFTEN_ALONE for i in (at - 1, at)):
                yield _Slip(start, end, meant)

    def _cut_short(self, question: str, tokens: Collection[tuple[int, int]], alone: Collection[int]) -> Iterator[_Slip]:
        """Names without their first or last character, where what is left ends in a piece of a word: 基本工, 政运行."""
        rare = {at for at in alone if frequency(question[at]) < RARE}
        starts, ends = {start for start, _ in tokens}, {end for _, end in tokens}
        for start, end in _windows(len(question), SURE_LENGTH - 1, LONGEST):
            if start not in starts or end not in ends or not {start, end - 1} & rare:
                continue
            typed = question[start:end]
            longer = self._names.beginning(typed) if end - 1 in rare and end not in alone else []
            longer += self._names.ending(typed) if start in rare and start - 1 not in alone else []
            longer = [n for n in longer if self._names[n] >= OUTRIGHT and n in self._text]
            meant = self._surest(name for name in longer if typed not in self._text.replace(name, ""))
            if meant is not None and not any(self._is_in_name(question, i) for i in range(start, end)):
                yield _Slip(start, end, meant)

    def _surest(self, names: Iterable[str]) -> str | None:
        """The one name that is surer to be one than the others."""
        found = sorted(names, key=lambda name: -self._names[name])
        alone = len(found) == 1 or (len(found) > 1 and self._names[found[0]] > self._names[found[1]])
        return found[0] if alone else None

    def _common_words(self, question: str, alone: Collection[int]) -> Iterator[_Slip]:
        """Two characters that are a word of the documents but for one that seldom stands alone."""
        for at in sorted(alone):
            if at + 1 not in alone or self._is_said(question, at):
                continue
            typed = question[at : at + 2]
            found: list[tuple[int, str]] = []
            for place in (0, 1):
                if frequency(typed[place]) >= RARE or frequency(typed[1 - place]) >= OFTEN_ALONE:
                    continue
                for other in homophones().get(syllable(typed[place]), ""):
                    word = typed[:place] + other + typed[place + 1 :]
                    in_use = frequency(word) >= IN_USE and word in self._pairs
                    if word != typed and in_use and other not in NUMERIC | NEGATIONS:
                        found.append((frequency(word), word))
            found.sort(reverse=True)
            if found and (len(found) == 1 or found[0][0] >= CLEARLY * found[1][0]):
                yield _Slip(at, at + 2, found[0][1])

    def _is_said(self, question: str, at: int) -> bool:
        """Whether two characters stand so in the documents, in a name, or for an office: 卫健 of 卫生健康局."""
        typed = question[at : at + 2]
        if typed in self._pairs or self._is_in_name(question, at) or self._is_in_name(question, at + 1):
            return True
        return any(0 <= office.find(typed[0]) < office.find(typed[1]) for office in self._offices)

    def _makes_a_name(self, text: str, at: int, typed: str) -> bool:
        """Whether a name stands over a place of a text and not in what was typed."""
        starts = range(max(0, at - LONGEST), at + 1)
        found = (text[s:e] for s in starts for e in range(max(at + 1, s + SHORTEST), min(len(text), s + LONGEST) + 1))
        return any(name in self._names and name not in typed for name in found)

    def _is_in_name(self, question: str, at: int, across: bool = False) -> bool:
        """Whether a character stands in a name as typed; `across`: in one that holds the next character too."""
        least = at + 2 if across else at + 1
        return any(
            question[start:end] in self._names
            for start in range(max(0, at - LONGEST), at + 1)
            for end in range(max(least, start + SHORTEST), min(len(question), start + LONGEST) + 1)
        )


def spelling_of(lexicon: Lexicon) -> Spelling:
    """What mends questions over the documents of a lexicon."""
    offices = [*lexicon.units, *(info.department for info in lexicon.documents)]
    return Spelling(Names(lexicon.words), lexicon.bare_text, offices)


def _may_be_wrong(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff" and character not in NUMERIC and character not in NEGATIONS


def _windows(length: int, shortest: int, longest: int) -> Iterator[tuple[int, int]]:
    """All stretches, the longest first."""
    for size in range(min(length, longest), shortest - 1, -1):
        for start in range(length - size + 1):
            yield start, start + size


def _differs_in_one(typed: str, name: str) -> bool:
    different = [(a, b) for a, b in zip(typed, name, strict=True) if a != b]
    return len(different) == 1 and all(map(_may_be_wrong, different[0]))


def _left_out(typed: str, name: str) -> int:
    """Where a stretch lacks an inner character of a name, which is no number and no negation; 0 where that is not all."""
    at = next((i for i, (a, b) in enumerate(zip(typed, name, strict=False)) if a != b), len(typed))
    fits = typed[at:] == name[at + 1 :] and 0 < at < len(typed) and _may_be_wrong(name[at])
    return at if fits else 0
