"""What a question says that nothing in the documents explains.

In: a Reading. Out: the words that restrict what is asked (幼儿园的办公费), which no number may be given past; what is only
manner of speaking (要掏多少钱, a clause of backstory) is left out. Parts of speech come from jieba: an unexplained noun
restricts, an unexplained verb only where it stands before an item (扶贫的差旅费).
"""

from __future__ import annotations

import re

from assistant.dictionary import tags
from assistant.lexicon import Lexicon
from assistant.link import CLAUSE_ENDS, Mention, Reading

CONTENT = ("n", "vn", "an", "l", "i", "j", "eng", "b", "s", "g")
VERBS = ("v",)
SLOTS = ("label", "absent", "column", "project", "total", "unit", "table", "noun", "code")
STRONG = ("label", "absent", "column", "project", "total", "unit", "table", "code")
NAMES = ("label", "absent", "project", "code")
REPHRASED = re.compile(r"也就是|就是说|换句话说|换言之|即")


def restricting(reading: Reading, lexicon: Lexicon) -> list[str]:
    """The unexplained words that restrict what is asked, as they stand in the question."""
    unknown = [m for m in reading.mentions if not m.known]
    found: list[str] = []
    if unknown:
        words = tags(reading.text)
        for clause in reading.clauses():
            if _is_backstory(clause, words, reading) or _is_rephrased(clause, reading):
                continue
            for mention in (m for m in clause if not m.known and not _is_wrapped(m, reading)):
                content = _content_of(mention, words, reading)
                found += [word for word in content if not _belongs_to(word, mention, reading, lexicon)]
    return list(dict.fromkeys(found + _loose_weak(reading)))


def _is_rephrased(clause: list[Mention], reading: Reading) -> bool:
    """油钱、保险这些，也就是运行维护费: what is said again by its name needs no other explanation."""
    again = REPHRASED.search(reading.text, clause[-1].end)
    return again is not None and any(m.is_a(*NAMES) and m.start >= again.end() for m in reading.mentions)


def _is_wrapped(mention: Mention, reading: Reading) -> bool:
    """招待客人吃饭: between two words for one thing, a word adds nothing to it."""
    index = reading.mentions.index(mention)
    before = next((m for m in reversed(reading.mentions[:index]) if not m.filler), None)
    after = next((m for m in reading.mentions[index + 1 :] if not m.filler), None)
    if before is None or after is None:
        return False
    return bool(
        {s.value for s in before.senses if s.kind in NAMES} & {s.value for s in after.senses if s.kind in NAMES}
    )


def _belongs_to(word: str, unknown: Mention, reading: Reading, lexicon: Lexicon) -> bool:
    """Whether the documents themselves explain an item named after it with this word (燃料费 of 公务用车运行维护费), where
    it is not asked for as a part of that item."""
    later = [m for m in reading.mentions if m.start >= unknown.end]
    if len(word) < 2 or any(s.kind == "cue" and s.value == "inside" for m in later for s in m.senses):
        return False
    labels = {value for m in later for value in m.values("label")}
    stems = [stem for stem in (re.sub(r"(?:支出|费用|费)+$", "", label) for label in labels) if len(stem) >= 3]
    return any(word in sentence and stem in sentence for sentence in lexicon.explanations for stem in stems)


def _is_backstory(clause: list[Mention], words: list[tuple[int, int, str]], reading: Reading) -> bool:
    """A clause that names nothing of the documents but says a sentence of its own, beside one that does name something."""
    elsewhere = (m for m in reading.mentions if not clause[0].start <= m.start <= clause[-1].start)
    if any(m.is_a(*STRONG) for m in clause) or not any(m.is_a(*STRONG) for m in elsewhere):
        return False
    start, end = clause[0].start, clause[-1].end
    return any(start <= s < end and flag[:1] in ("v", "r", "a", "d", "z", "l", "i") for s, _, flag in words)


def _content_of(mention: Mention, words: list[tuple[int, int, str]], reading: Reading) -> list[str]:
    found = []
    for start, end, flag in words:
        if end <= mention.start or start >= mention.end:
            continue
        word = reading.text[start:end]
        inside = word[max(0, mention.start - start) : mention.end - start]
        if flag.startswith(CONTENT) or (flag == "x" and re.search(r"\w", word)) or flag in ("nr", "ns", "nt", "nz"):
            if len(word) >= 2 or _before_name(end, reading):
                found.append(word)
        elif flag.startswith(VERBS) and len(inside) >= 2 and _before_name(end, reading):
            found.append(word)
    return found


def _before_name(position: int, reading: Reading) -> bool:
    """Whether the name of an item follows directly, or after 的."""
    following = next((m for m in reading.mentions if m.start >= position and m.text not in ("的", "之")), None)
    if following is None or any(mark in CLAUSE_ENDS for mark in reading.breaks.get(following.start, "")):
        return False
    return following.start - position <= 1 and following.is_a(*NAMES)


def _loose_weak(reading: Reading) -> list[str]:
    """Everyday business words right before an item that they are no part of: 宣传的差旅费."""
    return [
        m.text for m in reading.mentions
        if m.is_a("weak") and not m.is_a("label")
        and ((m.text not in VERBAL_WEAK and _before_name(m.end, reading)) or _in_enumeration(m, reading))
    ]  # fmt: skip


def _in_enumeration(mention: Mention, reading: Reading) -> bool:
    """One of several named things: 货物、工程、服务 — leaving one out would answer another question."""
    return "、" in reading.breaks.get(mention.start, "") or "、" in reading.breaks.get(mention.end, "")


VERBAL_WEAK = frozenset(
    [
        "采购",
        "购置",
        "购买",
        "买",
        "买的",
        "租",
        "租赁",
        "租用",
        "建",
        "聘请",
        "发放",
        "配备",
        "添置",
        "机关",
        "办公",
        "经费",
        "资金",
        "公共",
        "发展",
        "补助",
    ]
)
