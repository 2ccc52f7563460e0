"""The text of an answer while it is written: what stands where, and what each number rests on.

Every number goes in through `number`, every quotation through `quote`; the verifier later reads the finished text afresh
and holds it against these records.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assistant.evidence import Value
from index.chunks import Chunk
from index.facts import Fact
from index.measures import bounds_of


@dataclass(frozen=True)
class NumberSpan:
    """A number at [start, end) of the text, the value it states and its citations."""

    start: int
    end: int
    value: Value
    citations: tuple[str, ...]


@dataclass(frozen=True)
class QuoteSpan:
    """Words of the document at [start, end) of the text."""

    start: int
    end: int
    chunk: Chunk
    citation: str


@dataclass
class AnswerText:
    """A text under construction, with the facts and passages cited so far in order."""

    text: str = ""
    numbers: list[NumberSpan] = field(default_factory=list)
    quotes: list[QuoteSpan] = field(default_factory=list)
    cited: list[Fact | Chunk] = field(default_factory=list)
    truth: bool | None = None

    def add(self, words: str) -> AnswerText:
        self.text += words
        return self

    def cite(self, source: Fact | Chunk) -> str:
        """The id of a citation, the same for the same source."""
        if source not in self.cited:
            self.cited.append(source)
        return f"c{self.cited.index(source) + 1}"

    def number(self, value: Value) -> AnswerText:
        """A value with its unit; that of an indicator with its bound: ≥95%."""
        fact = value.facts[0] if len(value.facts) > 0 and not value.computed else None
        indicator = fact is not None and fact.table_kind == "performance_indicators" and value.amount == fact.value
        before, behind = bounds_of(fact.text) if fact is not None and indicator else ("", "")
        self.text += before
        start = len(self.text)
        self.text += value.printed()
        ids = tuple(self.cite(fact) for fact in value.facts)
        self.numbers.append(NumberSpan(start, len(self.text), value, ids))
        self.text += f"{value.unit or ''}{behind}"
        return self

    def quote(self, chunk: Chunk, words: str) -> AnswerText:
        """Words that stand in a passage, unchanged."""
        start = len(self.text)
        self.text += words
        self.quotes.append(QuoteSpan(start, len(self.text), chunk, self.cite(chunk)))
        return self

    def fill(self, wording: str, **slots: str | Value | list[tuple[str, Value]]) -> AnswerText:
        """A wording with its slots filled: words as they are, values as numbers, lists as label and number in turn."""
        for piece in re.split(r"(\{\w+\})", wording):
            slot = slots.get(piece[1:-1]) if piece[:1] == "{" else None
            if slot is None:
                self.add(piece if piece[:1] != "{" else "")
            elif isinstance(slot, Value):
                self.number(slot)
            elif isinstance(slot, str):
                self.add(slot)
            else:
                for index, (label, value) in enumerate(slot):
                    self.add("、" if index else "").add(f"{label} ").number(value)
        return self
