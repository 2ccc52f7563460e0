"""What a question says that nothing in the documents explains.

In: a Reading. Out: the words that restrict what is asked (幼儿园的办公费), which no number may be given past; what is only
manner of speaking (要掏多少钱, a clause of backstory) is left out. Parts of speech come from jieba: an unexplained noun
restricts, an unexplained verb only where it stands before an item (扶贫的差旅费).
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.link import Mention, Reading

CONTENT = ("n", "vn", "an", "l", "i", "j", "eng", "b", "s", "g")
VERBS = ("v",)
SLOTS = ("label", "absent", "column", "project", "total", "unit", "table", "noun", "code")
STRONG = ("label", "absent", "column", "project", "total", "unit", "table", "code")
NAMES = ("label", "absent", "project", "code")
CLAUSE_ENDS = "，,；;。？?！!：:\n"


@lru_cache(maxsize=1)
def _tagger():  # type: ignore[no-untyped-def]
    import logging

    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.ERROR)
    return jieba.posseg.POSTokenizer(jieba.Tokenizer())


def warm() -> None:
    """Load the dictionary, which takes most of a second, before the first question."""
    list(_tagger().cut("预热"))


def tags(text: str) -> list[tuple[int, int, str]]:
    """Words of a text as (start, end, part of speech)."""
    found, position = [], 0
    for word in _tagger().cut(text):
        found.append((position, position + len(word.word), word.flag))
        position += len(word.word)
    return found


def restricting(reading: Reading) -> list[str]:
    """The unexplained words that restrict what is asked, as they stand in the question."""
    unknown = [m for m in reading.mentions if not m.known]
    found: list[str] = []
    if unknown:
        words = tags(reading.text)
        for clause in _clauses(reading):
            backstory = _is_backstory(clause, words, reading)
            for mention in (m for m in clause if not m.known):
                if not backstory:
                    found += _content_of(mention, words, reading)
    return list(dict.fromkeys(found + _loose_weak(reading)))


def _clauses(reading: Reading) -> list[list[Mention]]:
    clauses: list[list[Mention]] = [[]]
    for mention in reading.mentions:
        if any(mark in CLAUSE_ENDS for mark in reading.breaks.get(mention.start, "")) and clauses[-1]:
            clauses.append([])
        clauses[-1].append(mention)
    return clauses


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
