"""Finding projects by what people call them.

In: the words of a question. Out: projects, each with how much of the question's content its name and target explain (0 to
1). A stretch that few projects share counts much, an everyday business word (采购, 平台, 建设) little, and a word that the
documents do not hold at all counts against every project: 区块链平台建设 is no other 平台建设.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from assistant.lexicon import Lexicon, pinyin_of
from assistant.link import Mention, Reading
from assistant.normal import bare

WEAK_WEIGHT, FILLER_COST, KNOWN_COST, ALIEN_COST = 0.3, 0.05, 0.4, 1.0
TARGET_WEIGHT = 0.5
SHORTEST = 2


@dataclass(frozen=True)
class ProjectMatch:
    name: str
    score: float


class ProjectFinder:
    """An index over project names and targets of one state of the store."""

    def __init__(self, lexicon: Lexicon, targets: dict[str, str]) -> None:
        self._lexicon = lexicon
        self._names = {name: bare(name) for name in lexicon.projects}
        self._targets = {name: bare(targets.get(name, "")) for name in lexicon.projects}
        frequency: Counter[str] = Counter()
        for text in self._names.values():
            frequency.update({text[i : i + 2] for i in range(len(text) - 1)})
        self._frequency = frequency

    def find(self, reading: Reading) -> list[ProjectMatch]:
        """Projects by score, best first; empty where nothing of a name is said."""
        content = _content(reading)
        if not content:
            return []
        matches = [ProjectMatch(name, self._score(name, content)) for name in self._names]
        return sorted((m for m in matches if m.score > 0.2), key=lambda m: -m.score)

    def best(self, reading: Reading, enough: float = 0.6) -> list[str]:
        """The projects that explain the question well and about equally well; empty where none does."""
        matches = self.find(reading)
        if not matches or matches[0].score < enough:
            return []
        return [m.name for m in matches if m.score >= matches[0].score * 0.93]

    def _score(self, name: str, content: list[tuple[str, bool]]) -> float:
        text, target = self._names[name], self._targets[name]
        gained = lost = 0.0
        for run, weak in content:
            position = 0
            while position < len(run):
                length = _longest_common(run[position:], text)
                if length >= SHORTEST or (length == len(run) == 1):
                    gained += self._weight(run[position : position + length]) * length * (WEAK_WEIGHT if weak else 1)
                    position += length
                    continue
                length = _longest_common(run[position:], target)
                if length >= SHORTEST:
                    gained += TARGET_WEIGHT * length * (WEAK_WEIGHT if weak else 1)
                    position += length
                    continue
                lost += self._loss(run, position, weak)
                position += 1
        if gained == 0:
            return 0.0
        return gained / (gained + lost)

    def _weight(self, stretch: str) -> float:
        """How telling a stretch of a name is: 1 where one project has it, less where many do."""
        common = max((self._frequency[stretch[i : i + 2]] for i in range(len(stretch) - 1)), default=1)
        rarest = min((self._frequency[stretch[i : i + 2]] for i in range(len(stretch) - 1)), default=1)
        return 1 / (1 + math.log(max(1, (common + rarest) / 2)))

    def _loss(self, run: str, position: int, weak: bool) -> float:
        if weak:
            return FILLER_COST
        around = {run[max(0, position - 1) : position + 1], run[position : position + 2]}
        known = any(len(pair) == 2 and pair in self._lexicon.grams for pair in around)
        return KNOWN_COST if known else ALIEN_COST


def _longest_common(run: str, text: str) -> int:
    """Length of the longest beginning of `run` that stands in `text`, by letter or by sound."""
    length = 0
    while length < len(run) and run[: length + 1] in text:
        length += 1
    if length >= SHORTEST or len(run) < 3:
        return length
    sounds, spoken = pinyin_of(text), pinyin_of(run[:4])
    for size in (4, 3):
        if any(sounds[i : i + size] == spoken[:size] for i in range(len(sounds) - size + 1)) and len(spoken) >= size:
            return size
    return length


def _content(reading: Reading) -> list[tuple[str, bool]]:
    """The stretches that could be part of a name, each with whether it is an everyday word alone. Unknown characters take
    in the single-character fillers that touch them, since a filler may be half of a word (无人机)."""
    mentions = reading.mentions
    runs: list[tuple[str, bool]] = []
    i = 0
    while i < len(mentions):
        mention = mentions[i]
        if not mention.known or _joins(mentions, i):
            text = mention.text
            while i + 1 < len(mentions) and mentions[i + 1].start not in reading.breaks and (
                not mentions[i + 1].known or _joins(mentions, i + 1)
            ):
                i += 1
                text += mentions[i].text
            runs.append((text, False))
        elif mention.is_a("weak"):
            runs.append((mention.text, True))
        elif mention.is_a("label", "code", "project", "absent", "region") or (
            mention.quantity is not None and mention.quantity.kind == "code"
        ):
            runs.append((mention.text, False))
        i += 1
    return runs


def _joins(mentions: list[Mention], i: int) -> bool:
    """A one-character filler or cue, or an everyday word, beside an unknown character belongs to its word."""
    mention = mentions[i]
    light = (mention.filler or mention.is_a("cue")) and len(mention.text) == 1 and mention.text not in "的吗呢吧了是有和与个"
    if not (light or (mention.is_a("weak") and len(mention.text) <= 2)):
        return False
    beside = [mentions[j] for j in (i - 1, i + 1) if 0 <= j < len(mentions)]
    return any(not other.known and len(other.text) <= 2 for other in beside)
