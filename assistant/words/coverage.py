"""How much of what a question speaks of a passage speaks of too.

In: the words of a question with what else they are called, and the chunks of the documents. Out: the chunks with the share
of the words that they hold, best first. A rare word weighs more than one that stands everywhere, and a word that no
passage holds weighs most: a passage about something else is no answer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

from assistant.words.normal import bare
from index.chunks import Chunk
from index.search.ngrams import grams

ACT_WEIGHT = 0.25  # a verb is said in more ways than a noun
ALIKE, ALIKE_WORTH = 0.6, 0.6  # a word most of whose character pairs stand there counts in part
LONG = 4


def by_coverage(
    chunks: Sequence[Chunk], things: Sequence[Sequence[str]], acts: Sequence[Sequence[str]], cover: Callable[[str], str]
) -> list[tuple[float, Chunk]]:
    """The chunks by the share (0 to 1) of the words that they hold; the first of equals stands first. `cover` says whose and of which
    year a document is, which holds for all that stands in it."""
    texts = [bare(f"{cover(chunk.document)} {chunk.text}") for chunk in chunks]
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
