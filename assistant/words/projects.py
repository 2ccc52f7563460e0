"""Finding projects by what people call them.

In: stretches of a question that name or describe a project. Out: projects with how well they are described (0 to 1). Two
measures are taken together: the share of the words that a project's name (whole) or target (half) holds, where a word that no
document holds counts against all, since 区块链平台建设 is no other 平台建设; and the likeness in meaning of the embedding model,
which finds 给保安买衣服 as 制服采购, but finds something for anything: it counts only where the best stands well apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from assistant.words.dictionary import is_word, tags
from assistant.words.lexicon import Lexicon
from assistant.words.meaning import Meaning
from assistant.words.normal import bare
from assistant.words.sounds import pinyin_of
from assistant.words.variants import REGION

WEAK_WEIGHT, WEAK_COST, KNOWN_COST, ALIEN_COST = 0.3, 0.05, 0.4, 1.5
TARGET_WEIGHT = 0.65
OFFICIAL = re.compile(r".{5,}(?:项目|工程|经费|专项|资金)$")  # said as an official name: no paraphrase of another
OFFICIAL_ENOUGH, ANOTHER_WORTH = 0.8, 0.5
SHORTEST, TELLING = 2, 4
SPOKEN = 0.6  # of a long topic's character pairs, how many a text that speaks of it holds
SOUNDED = 0.85  # of a project that is named but for a slip of the input method
LEAST = 0.2  # a project that explains less is not worth a thought
# Measured on descriptions of projects that are there and of others that are not: the former's cosines lie above, and apart.
ALIKE, APART, MEANT = 0.866, 0.8, 0.72
HALF_SAID, LEADS = 0.38, 1.5
TARGET_CHARACTERS = 300
LONGEST_TOPIC = 6
MOST_CONTENT = 120  # characters of a description that are looked for
EMPTY_TAGS = ("u", "p", "c", "r", "y", "m", "q", "x", "w", "d")  # particles, pronouns, numerals: they describe nothing


@dataclass(frozen=True)
class ProjectMatch:
    """A project found by what was said of it; `score` from 0 to 1, 1 where all was borne out."""

    name: str
    score: float


class ProjectFinder:
    """An index over project names and targets of one state of the store. Safe to use from many threads."""

    def __init__(self, lexicon: Lexicon, targets: dict[str, str], meaning: Meaning | None = None) -> None:
        self._lexicon, self._meaning = lexicon, meaning
        self._means = {word: key for key, words in lexicon.vocabulary.topics.items() for word in words}
        self._names = {name: self._without_owner(name) for name in lexicon.projects}
        self._targets = {name: bare(targets.get(name, "")) for name in lexicon.projects}
        self.described = lru_cache(maxsize=512)(self._described)

    def _without_owner(self, name: str) -> str:
        """A project's name without the department or unit whose it is: 机动经费（甲市乙局） is no project of what 乙 does."""
        said = bare(name)
        owners = {self._lexicon.project_units.get(name) or "", *(info.department for info in self._lexicon.documents)}
        for owner in sorted(map(bare, owners - {""}), key=len, reverse=True):
            rest = said.replace(owner, "")
            said = rest if len(rest) >= SHORTEST else said
        return said

    # --- one project -----------------------------------------------------------------------------------------------
    def _described(self, stretches: tuple[str, ...]) -> list[ProjectMatch]:
        """Projects by how well the stretches describe them, best first."""
        stretches = tuple(re.sub(r"([省市县区])里", r"\1", text) for text in stretches)  # 省里的那笔
        content = [run for text in stretches for run in self._runs(text)]
        names = self._of_units(stretches)
        if not content or not names:
            return []
        sounding = self._sounding(stretches, names)
        if sounding is not None:
            return [ProjectMatch(sounding, SOUNDED)]
        scores = {name: self._score(name, content) * self._own_words(name, content) for name in names}
        official = any(OFFICIAL.match(bare(text)) for text in stretches)
        if official:
            scores = {name: score for name, score in scores.items() if score >= OFFICIAL_ENOUGH}
        alike = {} if official else self._likeness(stretches, names)
        meant = self._meant(alike) or _leading(scores, alike)
        if meant is not None and scores[meant] < MEANT and self._shares_words(meant, content):
            scores[meant] = MEANT
        matches = [ProjectMatch(name, score) for name, score in scores.items() if score > LEAST]
        return sorted(matches, key=lambda m: -m.score)

    def _sounding(self, stretches: Sequence[str], names: Sequence[str]) -> str | None:
        """The one project in whose name a stretch stands by sound and not to the letter: 遥感监测 typed as 摇感监测."""
        found = None
        for text in stretches:
            said = re.sub(r"(?:这个|那个|的)?(?:项目|工程|专项)$", "", bare(text))
            if len(said) < TELLING or any(said in self._names[name] for name in names):
                continue
            sounds = pinyin_of(said)
            named = [n for n in names if _stands_in(sounds, pinyin_of(self._names[n]))]
            if len(named) != 1 or found not in (None, named[0]):
                return None
            found = named[0]
        return found

    def _of_units(self, stretches: Sequence[str]) -> list[str]:
        """All projects, or those of the units that the stretches name."""
        said = [bare(text) for text in stretches]
        units = {u for u in self._lexicon.units if any(bare(u) in text or _core(u) in text for text in said)}
        if not units:
            return list(self._names)
        return [n for n in self._names if self._lexicon.project_units.get(n) in units or any(u in n for u in units)]

    def _runs(self, text: str) -> list[tuple[str, bool]]:
        """The words of a description, each with whether it is an everyday business word."""
        vocabulary = self._lexicon.vocabulary
        plain = bare(text)[:MOST_CONTENT]
        found: list[tuple[str, bool]] = []
        for start, end, tag in self._words(plain):
            word = plain[start:end]
            if word in vocabulary.money_words or word in ("项目", "专项") or (tag[:1] in EMPTY_TAGS and tag != "m"):
                continue
            if found and len(word) == 1 and not found[-1][1] and plain[start - 1 : start] == found[-1][0][-1:]:
                found[-1] = (found[-1][0] + word, False)
            else:
                found.append((word, word in vocabulary.weak))
        return found

    def _words(self, plain: str) -> list[tuple[int, int, str]]:
        """The words of a text with their tags; a word of the vocabulary's topics that the dictionary cuts up (做工|装) stays whole."""
        found = list(tags(plain))
        edges = {start for start, _, _ in found}
        for at in range(len(plain)):
            size = next(
                (n for n in range(min(LONGEST_TOPIC, len(plain) - at), 1, -1) if plain[at : at + n] in self._means), 0
            )
            if not size or (at in edges and at + size in edges | {len(plain)}):
                continue
            rest = [(a, min(b, at), t) for a, b, t in found if a < at] + [
                (max(a, at + size), b, t) for a, b, t in found if b > at + size
            ]
            return sorted([*rest, (at, at + size, "n")])
        return found

    def _score(self, name: str, content: Sequence[tuple[str, bool]]) -> float:
        """The share of the words that a name or target explains."""
        text, target = self._names[name], self._targets[name]
        gained = possible = 0.0
        for run, weak in content:
            weight = WEAK_WEIGHT if weak else 1.0
            position = 0
            while position < len(run):
                length = _longest_common(run[position:], text)
                worth = 1.0
                if length < SHORTEST and self._means.get(run, "") and self._means[run] in text:
                    length = len(run) - position
                if length < SHORTEST and len(run) > 1:
                    length, worth = _longest_common(run[position:], target), TARGET_WEIGHT
                if length >= SHORTEST or (length == len(run) == 1):
                    gained += worth * length * weight
                    possible += length * weight
                    position += length
                    continue
                possible += self._loss(run, weak)
                position += 1
        return gained / possible if possible else 0.0

    def _own_words(self, name: str, content: Sequence[tuple[str, bool]]) -> float:
        """1, or less where a telling word is in another project's name and not in this one's: a name made of two."""
        for run, weak in content:
            foreign = not weak and len(run) >= SHORTEST and run not in self._names[name] + self._targets[name]
            if foreign and any(run in other for other in self._names.values()):
                return ANOTHER_WORTH
        return 1.0

    def _loss(self, run: str, weak: bool) -> float:
        if weak:
            return WEAK_COST if run in self._lexicon.vocabulary.generic else WEAK_WEIGHT
        return KNOWN_COST if run in self._lexicon.text else ALIEN_COST

    def _shares_words(self, name: str, content: Sequence[tuple[str, bool]]) -> bool:
        """Whether a description and a project have a pair of characters in common."""
        text = self._names[name] + self._targets[name]
        return any(run[i : i + SHORTEST] in text for run, _ in content for i in range(len(run) - 1))

    def spelled(self, name: str, stretches: Sequence[str]) -> int:
        """How many characters of a description stand in a project's name in runs of two or more, everyday words too."""
        text, count = self._names[name], 0
        for stretch in stretches:
            plain, at = bare(stretch), 0
            while at < len(plain):
                length = _longest_common(plain[at:], text)
                count += length if length >= SHORTEST else 0
                at += max(1, length)
        return count

    # --- by meaning ------------------------------------------------------------------------------------------------
    def _likeness(self, stretches: Sequence[str], names: Sequence[str]) -> dict[str, float]:
        """How alike each project is in meaning: the mean over its name alone and with the beginning of its target."""
        if self._meaning is None:
            return {}
        words = " ".join(stretches)
        full = [f"{name}：{self._targets[name][:TARGET_CHARACTERS]}" for name in names]
        both = zip(self._meaning.likeness(words, names), self._meaning.likeness(words, full), strict=True)
        return {name: (alone + whole) / 2 for name, (alone, whole) in zip(names, both, strict=True)}

    def _meant(self, alike: dict[str, float]) -> str | None:
        """The project that is most alike in meaning, where it is alike enough and no other nearly as much."""
        if len(alike) < 2:
            return None
        first, second = sorted(alike, key=lambda n: -alike[n])[:2]
        spread = max(float(np.std(list(alike.values()))), 1e-6)
        return first if alike[first] >= ALIKE and (alike[first] - alike[second]) / spread >= APART else None

    # --- several projects ------------------------------------------------------------------------------------------
    def called(self, pattern: re.Pattern[str]) -> list[str]:
        """Projects in whose name a pattern is found."""
        return [name for name, said in self._names.items() if pattern.search(said)]

    def speaks_of(self, name: str, things: Iterable[Sequence[str]]) -> bool:
        """Whether a project's target has one of the words for each of several things."""
        target = self._targets.get(name, "")
        return all(any(bare(word) in target for word in words) for words in things)

    def speaking_of(self, topics: Sequence[str], field: Literal["name", "target"] | None = None) -> list[str]:
        """Projects whose name or target (or only that field) speaks of every topic: to the letter, else most of its characters."""
        said = [[bare(topic), *(bare(w) for w in self._families(topic))] for topic in topics]
        fields = {"name": [self._names], "target": [self._targets]}.get(field or "", [self._names, self._targets])
        literally = self._speaking(said, lambda word, text: word in text, fields)
        return literally or self._speaking(said, holds, fields)

    def _speaking(
        self, said: Sequence[Sequence[str]], holds: Callable[[str, str], bool], fields: Sequence[dict[str, str]]
    ) -> list[str]:
        return [
            name for name in self._names
            if all(any(holds(word, field[name]) for word in words for field in fields) for words in said)
        ]  # fmt: skip

    def _families(self, word: str) -> list[str]:
        topics = self._lexicon.vocabulary.topics
        return [w for key, words in topics.items() if word == key or word in words for w in (key, *words)]


def _leading(scores: dict[str, float], alike: dict[str, float]) -> str | None:
    """The project that leads both in words and in meaning: it is meant, though neither alone would do."""
    if not scores or not alike:
        return None
    first, second = sorted([*scores.values(), 0.0], reverse=True)[:2]
    leading = max(scores, key=scores.__getitem__)
    return leading if first >= max(HALF_SAID, second * LEADS) and leading == max(alike, key=alike.__getitem__) else None


def _stands_in(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    return any(whole[i : i + len(part)] == part for i in range(len(whole) - len(part) + 1))


def _core(unit: str) -> str:
    """A unit's name without its region."""
    region = REGION.match(unit)
    return bare(unit[region.end() :] if region else unit)


def holds(word: str, text: str) -> bool:
    """Whether a text speaks of a word: to the letter, or, of a long one, most of its character pairs."""
    if word in text:
        return True
    pairs = {word[i : i + 2] for i in range(len(word) - 1)}
    return len(word) >= TELLING and sum(pair in text for pair in pairs) / len(pairs) >= SPOKEN


def _longest_common(run: str, text: str) -> int:
    """Length of the longest beginning of `run` that stands in `text`, by letter or by sound."""
    length = 0
    while length < len(run) and run[: length + 1] in text:
        length += 1
    if length >= SHORTEST or len(run) < SHORTEST or (len(run) == SHORTEST and is_word(run)):
        return length
    sounds, spoken = pinyin_of(text), pinyin_of(run[:4])
    for size in (4, 3) if len(run) > SHORTEST else (SHORTEST,):
        if len(spoken) >= size and any(sounds[i : i + size] == spoken[:size] for i in range(len(sounds) - size + 1)):
            return size
    return length
