"""How much of what a question speaks of a passage speaks of too.

In: the words of a question with what else they are called, and the chunks of the documents. Out: the chunks with the share
of the words that they hold, best first. A rare word weighs more than one that stands everywhere, and a word that no
passage holds weighs most: a passage about something else is no answer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from assistant.dictionary import tags
from assistant.lexicon import Lexicon
from assistant.link import Mention, Reading
from assistant.normal import bare
from assistant.residue import CONTENT, VERBS
from index.chunks import Chunk
from index.ngrams import grams

NAMED = ("label", "absent", "term", "unit", "project", "column", "total", "code", "organisation", "place")
ACT_WEIGHT = 0.25  # a verb is said in more ways than a noun
ALIKE, ALIKE_WORTH = 0.6, 0.6  # a word most of whose character pairs stand there counts in part
LONG = 4


def words_said(reading: Reading, lexicon: Lexicon) -> tuple[list[list[str]], list[list[str]]]:
    """What a question speaks of, each word with its other names: the things, and what is done."""
    things: list[list[str]] = []
    acts: list[list[str]] = []
    named = [m for m in reading.mentions if _is_named(m, lexicon)]
    for mention in named:
        names = [mention.text, *(s.value for s in mention.senses if s.kind in NAMED), *_topics(mention.text, lexicon)]
        things.append(list(dict.fromkeys(names)))
    loose = [m for m in reading.mentions if m not in named and (not m.known or m.is_a("weak"))]
    before: int | None = None  # where the word before began, if it is unexplained too: half of 公务卡
    for start, end, flag in tags(reading.text):
        outside = not any(m.start < end and start < m.end for m in named)
        unexplained = outside and any(m.start < end and start < m.end for m in loose)
        if unexplained:
            word = reading.text[start if end - start > 1 or before is None else before : end]
            names = [word, *_topics(word, lexicon)]
            if len(word) > 1 and word not in lexicon.vocabulary.facets:
                if flag.startswith(CONTENT) or flag in ("nr", "ns", "nt", "nz", "x"):
                    things.append(names)
                elif flag.startswith(VERBS) and end - start > 1:
                    acts.append(names)
        before = start if unexplained else None
    return things, acts


def _is_named(mention: Mention, lexicon: Lexicon) -> bool:
    if mention.quantity is not None:
        return mention.quantity.kind == "code"
    return mention.is_a(*NAMED) or (mention.is_a("weak") and bool(_topics(mention.text, lexicon)))


def unheard_of(reading: Reading, lexicon: Lexicon) -> list[str]:
    """The things that a question speaks of and the documents nowhere do."""
    things, _ = words_said(reading, lexicon)
    return [names[0] for names in things if not any(bare(name) in lexicon.bare_text for name in names)]


def _topics(word: str, lexicon: Lexicon) -> list[str]:
    """What else an everyday word is called."""
    families = ([key, *said] for key, said in lexicon.vocabulary.topics.items() if word == key or word in said)
    return [other for family in families for other in family if other != word]


def _runs(reading: Reading) -> list[list[Mention]]:
    """Named mentions one by one; unexplained and everyday words that touch as one stretch."""
    runs: list[list[Mention]] = []
    before: Mention | None = None
    for mention in reading.mentions:
        loose = not mention.known or (mention.is_a("weak") and not mention.is_a("label"))
        if mention.is_a(*NAMED) and mention.quantity is None:
            runs.append([mention])
        elif loose and before is not None and runs and runs[-1][-1] is before and mention.start not in reading.breaks \
                and not before.is_a(*NAMED):  # fmt: skip
            runs[-1].append(mention)
        elif loose:
            runs.append([mention])
        before = mention
    return runs


def by_coverage(
    chunks: Sequence[Chunk], things: Sequence[Sequence[str]], acts: Sequence[Sequence[str]]
) -> list[tuple[float, Chunk]]:
    """The chunks by the share (0 to 1) of the words that they hold; the first of equals stands first."""
    texts = [bare(chunk.text) for chunk in chunks]
    said = [[bare(w) for w in names] for names in (*things, *acts)]
    if not said or not texts:
        return []
    weights = []
    for index, names in enumerate(said):
        holding = sum(any(name in text for name in names) for text in texts)
        weights.append(math.log((len(texts) + 1) / (holding + 0.5)) * (1 if index < len(things) else ACT_WEIGHT))
    possible = sum(weights)
    if possible <= 0:
        return []
    scored = [
        (sum(w * _held(names, text) for w, names in zip(weights, said, strict=True)) / possible, chunk)
        for text, chunk in zip(texts, chunks, strict=True)
    ]
    return sorted(scored, key=lambda pair: -pair[0])


def _held(names: Sequence[str], text: str) -> float:
    if any(name in text for name in names):
        return 1.0
    shares = [_pairs_held(name, text) for name in names if len(name) >= LONG]
    return ALIKE_WORTH if max(shares, default=0.0) >= ALIKE else 0.0


def _pairs_held(word: str, text: str) -> float:
    pairs = {g for g in grams(word) if len(g) > 1}
    return sum(pair in text for pair in pairs) / len(pairs) if pairs else 0.0


def best_sentences(body: str, things: Sequence[Sequence[str]], acts: Sequence[Sequence[str]], longest: int) -> str:
    """A whole body where it is short, else its sentence that speaks most of what is asked."""
    if len(body) <= longest:
        return body
    sentences: list[str] = [s for s in re.findall(r"(?:[^。；]|[。；](?=[）)]))+[。；]?", body) if s.strip()]
    held = [sum(_held([bare(n) for n in names], bare(s)) for names in (*things, *acts)) for s in sentences]
    return sentences[held.index(max(held))]
