"""Which departments the stretches of a question may name.

In: the names of all departments. Out: for a question its mentions, each a stretch with the departments that it can name.
Departments are called by what is left of their names (省检察院, 西安审计局, 政数局), so a stretch counts where its characters stand in
a name in this order and end as it does. An index over the characters of names leaves few names to try, however many there are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from pypinyin import lazy_pinyin
from rapidfuzz import fuzz, process

COLLEGE = "大学"
SHORTEST = 3  # characters that can name a department
SLIP = 4  # characters from which one may be a homophone: 甲省检查院
PARTY = re.compile(r"^中共")
OFFICE = re.compile(r"(?:办公厅|办公室)$")

Mention = tuple[int, int, list[str]]  # from where to where, and the departments


class Departments:
    """The departments of one state of the store. Sets of names are the bits of one number each."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = list(dict.fromkeys(names))
        self._forms = [(form, at) for at, name in enumerate(self.names) for form in _forms(name)]
        self._longest = max((len(form) for form, _ in self._forms), default=0)
        self._having: dict[str, int] = defaultdict(int)
        self._ending: dict[str, int] = defaultdict(int)
        for bit, (form, _) in enumerate(self._forms):
            for character in set(form):
                self._having[character] |= 1 << bit
            for end in _ends(form):
                self._ending[end] |= 1 << bit

    def mentions(self, question: str) -> list[Mention]:
        """Stretches that name departments, with those that each can name; the longest first where they overlap."""
        found: dict[tuple[int, int], set[int]] = defaultdict(set)
        for start in range(len(question)):
            longest: dict[int, int] = {}
            for end, at in self._named_from(question, start):
                longest[at] = max(end, longest.get(at, 0))
            for at, end in longest.items():
                found[start, end].add(at)
        stretches = {span: [self.names[at] for at in sorted(named)] for span, named in found.items()}
        for college in (name for name in self.names if name.endswith(COLLEGE)):  # 西大
            for match in re.finditer(rf"{college[0]}大(?![学队街道家厦会])", question):
                stretches.setdefault(match.span(), []).append(college)
        chosen: list[Mention] = []
        for (start, end), names in sorted(stretches.items(), key=lambda item: (item[0][0] - item[0][1], item[0][0])):
            if not any(start < other_end and other_start < end for other_start, other_end, _ in chosen):
                chosen.append((start, end, names))
        return sorted(chosen)

    def nearest(self, name: str) -> list[str]:
        """All names, those most like the one that is not among them first."""
        ratios = process.cdist([name], self.names, scorer=fuzz.ratio)[0] if self.names else ()
        return [self.names[at] for at in sorted(range(len(self.names)), key=lambda at: -ratios[at])]

    def _named_from(self, question: str, start: int) -> Iterator[tuple[int, int]]:
        """The ends of stretches from a start, each with a department that it can name."""
        whole = self._having.get(question[start], 0)  # the forms that have all characters so far
        but_one = 0
        for end in range(start + 1, min(len(question), start + self._longest) + 1):
            if end > start + 1:
                having = self._having.get(question[end - 1], 0)
                whole, but_one = whole & having, (but_one & having) | (whole & ~having)
            if not whole | but_one:
                return
            if end - start < SHORTEST:
                continue
            likely = (whole | (but_one if end - start >= SLIP else 0)) & self._ending.get(question[end - 1], 0)
            while likely:
                lowest = likely & -likely
                likely ^= lowest
                form, at = self._forms[lowest.bit_length() - 1]
                if end - start <= len(self.names[at]) and _names(question[start:end], form):
                    yield end, at


@lru_cache(maxsize=65536)
def _forms(department: str) -> tuple[str, ...]:
    short = PARTY.sub("", department)
    return tuple(dict.fromkeys([department, short, OFFICE.sub("", short)]))


def _ends(name: str) -> str:
    """What a short name can end with: the name's own last character, or 办 of an office (府办)."""
    return name[-1] + ("办" if OFFICE.search(name) else "")


@lru_cache(maxsize=65536)
def _names(words: str, name: str) -> bool:
    """Whether words are a name with characters left out, from its beginning or its core on to its end."""
    if words[-1] not in _ends(name) or words[0] not in name:
        return False
    slips, at = 0, -1
    for character in words:
        at = name.find(character, at + 1)
        if at < 0:
            slips += 1
            break
    if not slips:
        return True
    return len(words) >= SLIP and _with_a_slip(words, name)


def _with_a_slip(words: str, name: str) -> bool:
    """The same with one character that sounds like the one meant."""
    sounds, wanted = lazy_pinyin(name), lazy_pinyin(words)
    if len(sounds) != len(name) or len(wanted) != len(words):
        return False
    at, slips = -1, 0
    for character, sound in zip(words, wanted, strict=True):
        place = name.find(character, at + 1)
        if place < 0:
            place = next((i for i in range(at + 1, len(sounds)) if sounds[i] == sound), -1)
            slips += 1
        if place < 0 or slips > 1:
            return False
        at = place
    return True
