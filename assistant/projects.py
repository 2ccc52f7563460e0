"""Finding projects by what people call them.

In: the words of a question. Out: projects, each with how much of the question's content its name and target explain (0 to
1). What stands in the name counts whole, what stands in the target half, an everyday business word (采购, 平台, 建设) little;
a word that the documents do not hold at all counts against every project: 区块链平台建设 is no other 平台建设.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.lexicon import Lexicon, pinyin_of
from assistant.link import Mention, Reading
from assistant.normal import bare

WEAK_WEIGHT, WEAK_COST, KNOWN_COST, ALIEN_COST = 0.3, 0.05, 0.4, 1.5
TARGET_WEIGHT = 0.5
SHORTEST = 2
GENERIC_TOPICS = {"项目", "专项", "经费", "资金", "服务", "工作"}
TELLING = 4
LONGEST_NAME = 60
MOST_CONTENT = 120  # characters of a question that are looked for in names
SEARCHED = 0.6
QUOTED = re.compile(r"[“\"「『'‘]([^”\"」』'’]{2,30})[”\"」』'’]")
PARTICLES = "的吗呢吧了是有和与个在给把被从到对向这那"


@dataclass(frozen=True)
class ProjectMatch:
    name: str
    score: float


class ProjectFinder:
    """An index over project names and targets of one state of the store."""

    def __init__(self, lexicon: Lexicon, targets: dict[str, str]) -> None:
        self._lexicon = lexicon
        self._whole_words = {
            word: [bare(re.sub(r"(?:支出|费用|经费|费)+$", "", name)) for kind, name in senses if kind == "label"]
            for word, senses in lexicon.words.items() if any(kind == "label" for kind, _ in senses)
        }  # fmt: skip
        self._means = {word: key for key, words in lexicon.vocabulary.topics.items() for word in words}
        self._names = {name: bare(name) for name in lexicon.projects}
        self._targets = {name: bare(targets.get(name, "")) for name in lexicon.projects}

    def find(self, reading: Reading) -> list[ProjectMatch]:
        """Projects by score, best first; empty where nothing of a name is said."""
        content = content_runs(reading)
        if not content:
            return []
        matches = [ProjectMatch(name, self._score(name, content)) for name in self._names]
        return sorted((m for m in matches if m.score > 0.2), key=lambda m: -m.score)

    def best(self, reading: Reading, enough: float = 0.6) -> list[str]:
        """The projects that explain the question well and about equally well; empty where none does."""
        matches = self.find(reading)
        if not matches or matches[0].score < enough:
            return []
        names = [m.name for m in matches if m.score >= matches[0].score * 0.93]
        return [name for name in names if not self._says_another(reading, name)]

    def _says_another(self, reading: Reading, name: str) -> bool:
        """Whether the question has a telling word that another project's name has and this one's not: a name made of two."""
        generic = self._lexicon.vocabulary.generic
        telling = (m.text for m in reading.mentions if (m.is_a("weak") or not m.known) and len(m.text) >= SHORTEST)
        for run in telling:
            if run in generic:
                continue
            if run not in self._names[name] and any(run in other for other in self._names.values()):
                return True
        return False

    def search(self, reading: Reading) -> list[str]:
        """Projects whose name or target speaks of what the question names: 目标里提到粤商通的项目. Words in quotation marks
        must stand there to the letter; else those that hold nearly as much of the question as the best."""
        fields = self._fields(reading.text)
        quoted = [bare(q) for q in QUOTED.findall(reading.question) if len(bare(q)) >= SHORTEST]
        if quoted:
            return [name for name in self._names if all(any(q in f[name] for f in fields) for q in quoted)]
        segments = _segments(reading)
        total = sum(map(len, segments))
        if total < SHORTEST:
            return []
        found = {name: [_covered(s, [f[name] for f in fields]) for s in segments] for name in self._names}
        share = {name: sum(c for c, _ in parts) / total for name, parts in found.items()}
        weight = {name: sum(w for _, w in parts) for name, parts in found.items()}
        heaviest = max((weight[name] for name in found if share[name] >= SEARCHED), default=0)
        return [name for name in found if share[name] >= SEARCHED and weight[name] >= heaviest * 0.9]

    def _fields(self, text: str) -> list[dict[str, str]]:
        """Where to look: in names alone, in targets alone, or in both."""
        if re.search(r"名称|名字|项目名", text):
            return [self._names]
        return [self._targets] if re.search(r"目标|绩效", text) else [self._names, self._targets]

    def says_much(self, reading: Reading, names: list[str]) -> bool:
        """Whether a stretch of four or more characters of the question stands in these names: 奖补资金."""
        stretches = "".join(m.text if m.is_a("weak") or not m.known else " " for m in reading.mentions).split()
        return any(len(run) >= TELLING and any(run in self._names[n] for n in names) for run in stretches)

    def _score(self, name: str, content: list[tuple[str, bool]]) -> float:
        text, target = self._names[name], self._targets[name]
        gained = possible = 0.0
        for run, weak in content:
            if len(run) < SHORTEST:
                continue
            weight = WEAK_WEIGHT if weak else 1.0
            position = 0
            if run in self._whole_words and run not in text:
                said = any(stem in text for stem in self._whole_words[run])
                gained += len(run) * TARGET_WEIGHT if said else 0.0
                possible += len(run) * (TARGET_WEIGHT if said else KNOWN_COST)
                continue
            while position < len(run):
                length = _longest_common(run[position:], text)
                worth = 1.0
                if length < SHORTEST and self._means.get(run, "") and self._means[run] in text:
                    length = len(run) - position
                if length < SHORTEST and len(run) > 1:
                    length, worth = _longest_common(run[position:], target), TARGET_WEIGHT
                if length >= SHORTEST:
                    gained += worth * length * weight
                    possible += length * weight
                    position += length
                    continue
                possible += self._loss(run, weak)
                position += 1
        return gained / possible if possible else 0.0

    def _loss(self, run: str, weak: bool) -> float:
        if weak:
            return WEAK_COST if run in self._lexicon.vocabulary.generic else WEAK_WEIGHT
        return KNOWN_COST if run in self._lexicon.text else ALIEN_COST


def _longest_common(run: str, text: str) -> int:
    """Length of the longest beginning of `run` that stands in `text`, by letter or by sound."""
    length = 0
    run = run[:LONGEST_NAME]
    while length < len(run) and run[: length + 1] in text:
        length += 1
    if length >= SHORTEST or len(run) < 3:
        return length
    sounds, spoken = pinyin_of(text), pinyin_of(run[:4])
    for size in (4, 3):
        if any(sounds[i : i + size] == spoken[:size] for i in range(len(sounds) - size + 1)) and len(spoken) >= size:
            return size
    return length


def _segments(reading: Reading) -> list[str]:
    """The stretches of a question that may tell what a project is about: not how something is asked, nor whose it is."""
    segments: list[str] = []
    open_segment = False
    for index, mention in enumerate(reading.mentions):
        following = reading.mentions[index + 1] if index + 1 < len(reading.mentions) else None
        joins = open_segment and _is_light(mention) and following is not None and _is_topic(following)
        if (_is_topic(mention) and mention.text not in GENERIC_TOPICS) or joins:
            if open_segment and mention.start not in reading.breaks:
                segments[-1] += mention.text
            else:
                segments.append(mention.text)
            open_segment = True
        else:
            open_segment = False
    return [s[:LONGEST_NAME] for s in segments if len(s) >= SHORTEST][: MOST_CONTENT // SHORTEST]


def _is_topic(mention: Mention) -> bool:
    if mention.quantity is not None:
        return mention.quantity.kind == "code"
    if mention.is_a("weak", "label", "project", "absent", "term", "code") or not mention.known:
        return not mention.is_a("cue", "total")
    return False


def _covered(segment: str, texts: list[str]) -> tuple[int, int]:
    """How many characters of a segment stand in one of the texts in stretches of two or more, and the squares of their
    lengths added up: one long stretch tells more than many short ones."""
    position = covered = weight = 0
    while position < len(segment):
        length = max(_longest_common(segment[position:], text) for text in texts)
        if length >= SHORTEST:
            covered += length
            weight += length * length
        position += max(1, length if length >= SHORTEST else 1)
    return covered, weight


def content_runs(reading: Reading) -> list[tuple[str, bool]]:
    """The stretches that could be part of a name, each with whether it is an everyday word alone. Unknown characters take
    in the light words that touch them, since a filler may be half of a word (无人机)."""
    words = _unknown_words(reading)
    runs: list[tuple[str, bool]] = []
    for index, mention in enumerate(reading.mentions):
        word = next((w for w in words if index in w), None)
        if word is not None:
            if index == word.start:
                runs.append(("".join(m.text for m in reading.mentions[word.start : word.stop]), False))
        elif mention.is_a("weak"):
            runs.append((mention.text, True))
        elif mention.is_a("label", "code", "project", "absent", "region") or (
            mention.quantity is not None and mention.quantity.kind == "code"
        ):
            runs.append((mention.text, False))
    kept: list[tuple[str, bool]] = []
    for run, weak in runs:
        if sum(len(r) for r, _ in kept) < MOST_CONTENT:
            kept.append((run[:LONGEST_NAME], weak))
    return kept


def _unknown_words(reading: Reading) -> list[range]:
    """Runs of mentions around unknown ones that may each be one word."""
    mentions = reading.mentions
    words: list[range] = []
    for index, mention in enumerate(mentions):
        if mention.known:
            continue
        start, stop = index, index + 1
        half = len(mention.text) == 1  # a whole unexplained word needs no light one to be a word
        while half and start > 0 and mentions[start].start not in reading.breaks and _is_light(mentions[start - 1]):
            start -= 1
            if len(mentions[start].text) > 1:
                break
        while (
            half and stop < len(mentions) and mentions[stop].start not in reading.breaks and _is_light(mentions[stop])
        ):
            stop += 1
            if len(mentions[stop - 1].text) > 1:
                break
        if words and start <= words[-1].stop - 1:
            words[-1] = range(words[-1].start, stop)
        else:
            words.append(range(start, stop))
    return words


def _is_light(mention: Mention) -> bool:
    """A mention that may be half of a longer word: a filler or cue of one character, an everyday word of two."""
    if mention.is_a("weak") and len(mention.text) <= 2:
        return True
    return (mention.filler or mention.is_a("cue")) and len(mention.text) == 1 and mention.text not in PARTICLES
