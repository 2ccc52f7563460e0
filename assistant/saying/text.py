"""The text of an answer while it is written: what stands where, and what each word and number rests on.

A text is statements: a wording of `prompts/wordings.yaml`, with what stands in its slots. The verifier later reads the finished
text afresh and holds it, and each statement, against what is recorded here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.evidence import Value
from assistant.plan import Select
from assistant.words.vocabulary import load_vocabulary
from index.chunks import Chunk
from index.facts import Fact
from index.parsing.measures import measure_parts


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


@dataclass(frozen=True)
class Named:
    """Words that name something: a value and the facts that it comes from, the members of a set, or a source alone, which is
    then cited."""

    words: str
    sources: tuple[Fact | Chunk, ...] = ()
    value: Value | None = None
    select: Select | None = None
    cited: bool = False


@dataclass(frozen=True)
class Quoted:
    """Words that stand in a passage."""

    words: str
    chunk: Chunk


Item = Named | tuple[Named, Value]
Slot = str | Value | Named | Quoted | Sequence[Item]


@dataclass(frozen=True)
class Statement:
    """A wording with its slots, up to `end` of the text; it begins where the one before ends. `among` are all members of a set of
    which some are stated."""

    end: int
    wording: str
    slots: dict[str, Slot]
    among: tuple[Value, ...] = ()

    def names(self) -> Iterator[tuple[str, Named]]:
        """The names that it states, each with the slot that it stands in."""
        for name, slot in self.slots.items():
            if isinstance(slot, Named):
                yield name, slot
            elif isinstance(slot, Sequence) and not isinstance(slot, str):
                yield from ((name, item if isinstance(item, Named) else item[0]) for item in slot)

    def values(self) -> list[Value]:
        """The numbers that it states."""
        found: list[Value] = []
        for name, slot in self.slots.items():
            if isinstance(slot, Value):
                found.append(slot)
            elif isinstance(slot, Sequence) and not isinstance(slot, str):
                found += self.items(name)
        return found

    def number(self, slot: str = "number") -> Value:
        """The number in a slot."""
        value = self.slots[slot]
        assert isinstance(value, Value)
        return value

    def value_named(self, slot: str) -> Value:
        """The value that the name in a slot names."""
        named = self.slots[slot]
        assert isinstance(named, Named) and named.value is not None
        return named.value

    def items(self, slot: str = "items") -> list[Value]:
        """The numbers of a list."""
        items = self.slots[slot]
        assert isinstance(items, Sequence)
        return [item[1] for item in items if isinstance(item, tuple)]


@dataclass
class AnswerText:
    """A text under construction, with the facts and passages cited so far in order. `truth` is the verdict that it states."""

    text: str = ""
    numbers: list[NumberSpan] = field(default_factory=list)
    quotes: list[QuoteSpan] = field(default_factory=list)
    cited: list[Fact | Chunk] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    truth: bool | None = None
    _rows: dict[tuple, list[int]] = field(
        default_factory=dict, repr=False, compare=False
    )  # cited sources by their rows

    def fill(self, wording: str, among: Sequence[Value] = (), **slots: Slot) -> AnswerText:
        """State a wording, by its name, with its slots filled: words as they are, values as numbers, lists one by one."""
        for piece in re.split(r"(\{\w+\})", load_vocabulary().wordings[wording]):
            if piece[:1] == "{":
                self._put(slots.get(piece[1:-1], ""))
            else:
                self.text += piece
        self.statements.append(Statement(len(self.text), wording, slots, tuple(among)))
        return self

    def again(self) -> AnswerText:
        """The text that the statements make, written anew."""
        fresh = AnswerText(truth=self.truth)
        for statement in self.statements:
            fresh.fill(statement.wording, statement.among, **statement.slots)
        return fresh

    def _put(self, slot: Slot) -> None:
        if isinstance(slot, str):
            self.text += slot
        elif isinstance(slot, Value):
            self._number(slot)
        elif isinstance(slot, Quoted):
            self._quote(slot)
        elif isinstance(slot, Named):
            self.text += slot.words
            for source in slot.sources if slot.cited else ():
                self.cite(source)
        else:
            for index, item in enumerate(slot):
                self.text += "、" if index else ""
                if isinstance(item, Named):
                    self._put(item)
                else:
                    label, value = item
                    self.text += f"{label.words} "
                    self._number(value)

    def cite(self, source: Fact | Chunk) -> str:
        """The id of a citation, the same for the same source."""
        row = self._rows.setdefault((source.document, source.table_index, source.row_index), [])
        at = next((index for index in row if self.cited[index] == source), len(self.cited))
        if at == len(self.cited):
            self.cited.append(source)
            row.append(at)
        return f"c{at + 1}"

    def _number(self, value: Value) -> None:
        """A value with its unit; that of an indicator as its form prints it: ≥95%."""
        before, printed, behind = _as_printed(value) or ("", value.printed(), "")
        self.text += before
        start = len(self.text)
        self.text += printed
        ids = tuple(self.cite(fact) for fact in value.facts)
        self.numbers.append(NumberSpan(start, len(self.text), value, ids))
        self.text += f"{value.unit or ''}{behind}"

    def _quote(self, slot: Quoted) -> None:
        start = len(self.text)
        self.text += slot.words
        self.quotes.append(QuoteSpan(start, len(self.text), slot.chunk, self.cite(slot.chunk)))


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
