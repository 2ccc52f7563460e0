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
from index.measures import measure_parts


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
        """A value with its unit; that of an indicator as its form prints it: ≥95%."""
        before, printed, behind = _as_printed(value) or ("", value.printed(), "")
        self.text += before
        start = len(self.text)
        self.text += printed
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


def _as_printed(value: Value) -> tuple[str, str, str] | None:
    """The bound, number and rest of an indicator's value; None for any other value, or one in another unit."""
    fact = value.facts[0] if value.facts and not value.computed else None
    if (
        fact is None
        or fact.table_kind != "performance_indicators"
        or (value.amount, value.unit) != (fact.value, fact.unit)
    ):
        return None
    return measure_parts(fact.text)
