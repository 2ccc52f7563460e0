"""An answer in plainer words, by a language model that gives no number and adds no claim.

In: a verified answer. Out: Prose whose every sentence is borne out, or None. Of figures the model writes places alone ([[2]]), into
which the verified pieces go word for word; of passages it writes sentences that end with the number of the passage that they
are of. A sentence that says more than its sources is dropped; where none is left the answer stands without prose.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cachetools import LRUCache, cachedmethod

from assistant.contract import Answer, Number, Prose
from assistant.llm.allowance import Allowance
from assistant.llm.support import borne_out, says_nothing
from assistant.llm.templates import render, version_of
from assistant.words.normal import bare
from index.parsing.rows import plain_label

if TYPE_CHECKING:
    from assistant.llm.client import ModelClient

FIGURES, PASSAGES = "word_figures", "word_passages"
MOST_PIECES = 5  # rows or passages: with more, small models name the wrong number
LONGEST_PASSAGE, LONGEST_PROSE = 600, 300  # characters; tokens
KEPT = 500  # texts remembered
PLACE = re.compile(r"\[\[(\d+)\]\]")
SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?(?:\s*\[\d+\])*")
MARK = re.compile(r"\[(\d+)\]")
CLAUSE = re.compile(r"(?:（[^（）]*）|[^，。；：、\n（])+")


@dataclass(frozen=True)
class Piece:
    """A clause of the answer with its numbers: it goes into a text whole."""

    text: str
    numbers: tuple[Number, ...]  # placed in `text`


class Wording:
    """Words answers by one model. Safe to use from many threads."""

    def __init__(self, client: ModelClient) -> None:
        self._client = client
        self._kept: LRUCache[tuple, tuple[Prose | None, int]] = LRUCache(KEPT)
        self._lock = threading.Lock()

    def prose(self, answer: Answer, generation: int, allowance: Allowance) -> tuple[Prose | None, int]:
        """The text, and how many sentences were dropped. Raises ModelFailure."""
        passages = _passages(answer)
        pieces = [] if passages else _pieces(answer)
        if answer.refused or answer.reason or not (passages or pieces):
            return None, 0
        template = PASSAGES if passages else FIGURES
        key = (answer.question, str(answer.plan), generation, version_of(template), self._client.name)
        return self._written(key, answer, passages, pieces, allowance)

    @cachedmethod(lambda self: self._kept, key=lambda _, key, *asked: key, lock=lambda self: self._lock)
    def _written(
        self, _key: tuple, answer: Answer, passages: Sequence[tuple[str, str]], pieces: Sequence[Piece], allowance: Allowance
    ) -> tuple[Prose | None, int]:  # fmt: skip
        if passages:
            return self._of_passages(answer, passages, allowance)
        return self._of_figures(answer, pieces, allowance)

    def _of_passages(
        self, answer: Answer, passages: Sequence[tuple[str, str]], allowance: Allowance
    ) -> tuple[Prose | None, int]:
        prompt = render(PASSAGES, question=answer.question, passages=[text[:LONGEST_PASSAGE] for _, text in passages])
        written = self._client.ask(prompt, allowance, LONGEST_PROSE)
        kept, cited, dropped = "", [], 0
        for sentence in SENTENCE.findall(written):
            marks = {int(mark) for mark in MARK.findall(sentence)}
            said = MARK.sub("", sentence).strip()
            if not said:
                continue
            sources = [passages[m - 1] for m in marks if 0 < m <= len(passages)]
            if len(marks) == len(sources) == 1 and borne_out(said, sources[0][1][:LONGEST_PASSAGE]):
                kept += said if said[-1] in "。！？；" else f"{said}。"
                cited.append(sources[0][0])
            else:
                dropped += 1
        if not kept:
            return None, dropped
        return Prose(text=kept, citations=list(dict.fromkeys(cited)), model=self._client.name), dropped

    def _of_figures(self, answer: Answer, pieces: Sequence[Piece], allowance: Allowance) -> tuple[Prose | None, int]:
        prompt = render(FIGURES, question=answer.question, answer=answer.answer, pieces=[p.text for p in pieces])
        written = self._client.ask(prompt, allowance, LONGEST_PROSE)
        for index, piece in enumerate(pieces, 1):  # what is written out to the letter is as good as its place
            written = written.replace(piece.text, f"[[{index}]]")
        text, numbers, dropped, used = "", list[Number](), 0, set[int]()
        for sentence in SENTENCE.findall(written):
            places = [int(place) for place in PLACE.findall(sentence)]
            around = PLACE.sub("，", sentence)
            fits = places and all(0 < place <= len(pieces) for place in places)
            if not fits or not says_nothing(around, f"{answer.question}{answer.answer}"):
                dropped += 1
                continue
            used.update(places)
            for words in re.split(r"(\[\[\d+\]\])", sentence.strip()):
                place = PLACE.fullmatch(words)
                if place is None:
                    text += words
                    continue
                piece = pieces[int(place[1]) - 1]
                numbers += [
                    n.model_copy(update={"start": n.start + len(text), "end": n.end + len(text)}) for n in piece.numbers
                ]
                text += piece.text
        wanted = set(range(1, len(pieces) + 1)) if isinstance(answer.value, list) else {1}
        if not wanted <= used:  # one of two values is half an answer
            return None, dropped
        cited = list(dict.fromkeys(c for number in numbers for c in number.citations))
        return Prose(text=text, numbers=numbers, citations=cited, model=self._client.name), dropped


def _passages(answer: Answer) -> list[tuple[str, str]]:
    """Id and words of the passages that an answer quotes."""
    return [(c.id, c.text) for c in answer.citations if c.kind == "passage"][:MOST_PIECES]


def _pieces(answer: Answer) -> list[Piece]:
    """The clauses of an answer that state numbers."""
    found = []
    for clause in CLAUSE.finditer(answer.answer):
        start, end = clause.span()
        own = [n for n in answer.numbers if start <= n.start and n.end <= end]
        placed = tuple(n.model_copy(update={"start": n.start - start, "end": n.end - start}) for n in own)
        if placed:
            found.append(Piece(clause[0], placed))
    whole = sum(len(piece.numbers) for piece in found) == len(answer.numbers)  # none was cut in two
    rows = {c.id: bare(plain_label(c.row[-1])) for c in answer.citations if c.row}
    named = all(any(rows.get(c, "") in bare(p.text) for c in n.citations) for p in found for n in p.numbers)
    return found[:MOST_PIECES] if whole and named else []
