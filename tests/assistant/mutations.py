"""Right answers made wrong in one place: in the text alone, and in what it was written from, as a slip of the composer would.

In: an AnswerText, and names of the documents to put in place of its own. Out: each kind of mutation with the altered AnswerText,
one drawn by a seeded generator of all the places where it can be made.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.evidence import MONTHLY, Value
from assistant.saying.text import AnswerText, Named, Quoted, Slot, Statement
from index.facts import Fact

UNITS = {
    "万元": "元",
    "亿元": "万元",
    "元": "万元",
    "千元": "元",
    "%": "个百分点",
    "平方米": "公顷",
    "辆": "台",
    "个": "%",
}
OPPOSITE = [("多", "少"), ("增加", "减少"), ("增长", "下降"), ("最大", "最小"), ("最高", "最低"), ("从大到小", "从小到大"),
            ("超过", "低于"), ("不低于", "不超过"), ("高于平均", "低于平均"), ("是的。", "不是。"), ("有。", "没有。")]  # fmt: skip
FLIPPED = {word: other for a, b in OPPOSITE for word, other in ((a, b), (b, a))}
SIGN = re.compile("|".join(sorted(map(re.escape, FLIPPED), key=len, reverse=True)))
WORDINGS = [("difference_more", "difference_less"), ("change_more", "change_less"), ("growth_more", "growth_less"), ("affirmed", "denied"),
            ("exists", "not_exists"), ("affirmed_none", "denied_none"), ("greatest", "least"), ("greatest_of_all", "least_of_all"),
            ("greatest_first", "least_first"),
            ("several_descending", "several_ascending"), ("count", "count_none")]  # fmt: skip
REWORDED = {name: other for a, b in WORDINGS for name, other in ((a, b), (b, a))}
Mutant = tuple[str, AnswerText]


@dataclass(frozen=True)
class Others:
    """Names to put in place of an answer's own."""

    rows: Sequence[str]
    columns: Sequence[str]
    departments: Sequence[str]
    units: Sequence[str]


# --- the text alone ------------------------------------------------------------------------------------------------
def edited(answer: AnswerText, start: int, end: int, new: str) -> AnswerText:
    """The text with [start, end) replaced; spans after it move, a span around it grows or shrinks."""
    shift = len(new) - (end - start)

    def moved(position: int) -> int:
        return position + shift if position >= end else position

    changed = copy(answer)
    changed.text = answer.text[:start] + new + answer.text[end:]
    for name in ("numbers", "quotes"):
        spans = [
            replace(s, start=s.start if s.start <= start else moved(s.start), end=moved(s.end))
            for s in getattr(answer, name)
        ]
        setattr(changed, name, spans)
    return changed


def replaced(answer: AnswerText, old: str, new: str) -> AnswerText:
    """Every occurrence replaced."""
    position = 0
    while (found := answer.text.find(old, position)) >= 0:
        answer = edited(answer, found, found + len(old), new)
        position = found + len(new)
    return answer


def text_mutants(answer: AnswerText, others: Others, draw: random.Random) -> Iterator[Mutant]:
    """One mutation of each kind that applies, in the text."""
    quoted = [(q.start, q.end) for q in answer.quotes]
    facts = [s for s in answer.cited if isinstance(s, Fact)]

    def one(places: Sequence[tuple[int, int, str]]) -> AnswerText | None:
        free = [p for p in places if not any(a < p[1] and p[0] < b for a, b in quoted)]
        return edited(answer, *draw.choice(free)) if free else None

    def stands(words: set[str], new: Callable[[str], Sequence[str]]) -> list[tuple[int, int, str]]:
        return [
            (found.start(), found.end(), draw.choice(choice))
            for word in sorted(words) if word
            for found in re.finditer(re.escape(word), answer.text) if (choice := new(word))
        ]  # fmt: skip

    def apart(names: Sequence[str]) -> Callable[[str], Sequence[str]]:
        return lambda word: [n for n in names if n not in answer.text and n not in word and word not in n]

    spans = [(s.start, s.end, answer.text[s.start : s.end]) for s in answer.numbers]
    digits = [
        (a + i, a + i + 1, str((int(c) + draw.randint(1, 9)) % 10))
        for a, _, t in spans
        for i, c in enumerate(t)
        if c.isdigit()
    ]
    points = [(a + t.index("."), a + t.index(".") + 1, "") for a, _, t in spans if "." in t and t.strip("0.,")]
    units = [
        (b, b + len(u), UNITS[u]) for s, (_, b, _) in zip(answer.numbers, spans, strict=True) if s.value.amount
        for u in [next((u for u in UNITS if answer.text.startswith(u, b)), "")] if u
    ]  # fmt: skip
    signs = [(a, a + 1, "") for a, _, t in spans if t.startswith("-")]
    found: dict[str, AnswerText | None] = {
        "digit": one(digits), "decimal place": one(points), "unit": one(units), "minus": one(signs),
        "row": one(stands({f.name for f in facts}, apart(others.rows))),
        "column": one(stands({f.column_name for f in facts}, apart(others.columns))),
        "year": one(stands({f"{f.year}年" for f in facts}, lambda word: [f"{int(word[:4]) - 1}年"])),
        "department": one(stands({f.department for f in facts}, apart(others.departments))),
        "unit of organisation": one(stands({f.budget_unit or "" for f in facts}, apart(others.units))),
        "direction": one([(m.start(), m.end(), FLIPPED[m[0]]) for m in SIGN.finditer(answer.text)]),
        "swapped numbers": _numbers_swapped(answer, draw), "quotation": _quotation(answer, draw),
    }  # fmt: skip
    yield from ((kind, mutant) for kind, mutant in found.items() if mutant is not None)
    if answer.cited and (answer.numbers or answer.quotes):
        yield "citation", _without_citation(answer, draw)


def _numbers_swapped(answer: AnswerText, draw: random.Random) -> AnswerText | None:
    pairs = [
        (a, b) for i, b in enumerate(answer.numbers) for a in answer.numbers[:i]
        if answer.text[a.start : a.end] != answer.text[b.start : b.end]
    ]  # fmt: skip
    if not pairs:
        return None
    first, second = draw.choice(pairs)
    texts = [answer.text[s.start : s.end] for s in (first, second)]
    return edited(edited(answer, second.start, second.end, texts[0]), first.start, first.end, texts[1])


def _quotation(answer: AnswerText, draw: random.Random) -> AnswerText | None:
    places = [p for q in answer.quotes for p in range(q.start, q.end) if not answer.text[p].isspace()]
    if not places:
        return None
    at = draw.choice(places)
    return edited(answer, at, at + 1, draw.choice([c for c in "不无1甲" if c != answer.text[at]]))


def _without_citation(answer: AnswerText, draw: random.Random) -> AnswerText:
    """A number or a quotation without one of its citations."""
    changed = copy(answer)
    if answer.numbers:
        at = draw.randrange(len(answer.numbers))
        changed.numbers = [
            replace(s, citations=s.citations[1:]) if i == at else s for i, s in enumerate(answer.numbers)
        ]
    else:
        changed.quotes = [replace(s, citation="") if i == 0 else s for i, s in enumerate(answer.quotes)]
    return changed


# --- what it was written from --------------------------------------------------------------------------------------
def composed_mutants(answer: AnswerText, others: Others, draw: random.Random) -> Iterator[Mutant]:
    """One mutation of each kind that applies, made in a statement and written out: the text is what the records say."""
    kinds: dict[str, Callable[[Slot], Iterator[Slot]]] = {
        "digit": lambda slot: _values(slot, lambda v: replace(v, amount=_digit(v.amount, draw))),
        "decimal place": lambda slot: _values(slot, lambda v: replace(v, amount=v.amount.scaleb(1)) if v.amount else v),
        "unit": lambda slot: _values(slot, lambda v: replace(v, unit=UNITS[v.unit]) if v.unit in UNITS and v.amount else v),
        "minus": lambda slot: _values(slot, lambda v: replace(v, amount=-v.amount)),
        "citation": lambda slot: _values(slot, _uncited),
        "row": lambda slot: _words(slot, lambda n, f: [n.words.replace(f.name, o) for o in _apart(others.rows, n.words)] if f.name else []),
        "column": lambda slot: _words(
            slot, lambda n, f: [n.words.replace(f.column_name, o) for o in _apart(others.columns, n.words)] if f.column_name else []
        ),
        "year": lambda slot: _words(slot, lambda n, f: [n.words.replace(f"{f.year}年", f"{f.year - 1}年")]),
        "department": lambda slot: _words(
            slot, lambda n, f: [n.words.replace(f"年{f.department}", f"年{o}") for o in _apart(others.departments, n.words)]
        ),
        "unit of organisation": lambda slot: _words(
            slot, lambda n, f: [n.words.replace(f.budget_unit, o) for o in _apart(others.units, n.words)] if f.budget_unit else []
        ),
        "direction": _turned,
        "quotation": lambda slot: _misquoted(slot, draw),
    }  # fmt: skip
    for kind, alter in kinds.items():
        places = [
            (i, replace(s, slots={**s.slots, name: new})) for i, s in enumerate(answer.statements)
            for name, slot in s.slots.items() if not (name == "order" and len(s.among) == 1)  # both ends are the same
            for new in alter(slot)
        ]  # fmt: skip
        if kind == "direction":
            places += [
                (i, replace(s, wording=REWORDED[s.wording]))
                for i, s in enumerate(answer.statements)
                if s.wording in REWORDED
            ]
        places = [(i, s) for i, s in places if written(answer, i, s).text != answer.text or kind == "citation"]
        if places:
            yield kind, written(answer, *draw.choice(places))
    for kind, swap in (("swapped numbers", _values_swapped), ("swapped names", _names_swapped)):
        pairs = [(i, new) for i, s in enumerate(answer.statements) for new in swap(s)]
        pairs = [(i, s) for i, s in pairs if written(answer, i, s).text != answer.text]
        if pairs:
            yield kind, written(answer, *draw.choice(pairs))


def written(answer: AnswerText, index: int, statement: Statement) -> AnswerText:
    """The text with one statement put in place of another."""
    changed = AnswerText(truth=answer.truth)
    for i, own in enumerate(answer.statements):
        used = statement if i == index else own
        changed.fill(used.wording, used.among, **used.slots)
    return changed


def _digit(amount: Decimal, draw: random.Random) -> Decimal:
    sign, digits, exponent = amount.as_tuple()
    at = draw.randrange(len(digits))
    other = (digits[at] + draw.randint(1, 9)) % 10
    return Decimal((sign, (*digits[:at], other, *digits[at + 1 :]), exponent))


def _values(slot: Slot, change: Callable[[Value], Value]) -> Iterator[Slot]:
    if isinstance(slot, Value):
        yield change(slot)
    elif isinstance(slot, list):
        for i, item in enumerate(slot):
            if isinstance(item, tuple):
                yield [*slot[:i], (item[0], change(item[1])), *slot[i + 1 :]]


def _uncited(value: Value) -> Value:
    """A value without its citations; one that comes of several things with that of the first alone."""
    several = value.computed and value.label != MONTHLY and "≈" not in value.derivation and len(value.facts) > 1
    return replace(value, facts=value.facts[:1] if several else ())


def _words(slot: Slot, change: Callable[[Named, Fact], Sequence[str]]) -> Iterator[Slot]:
    def altered(named: Named) -> Iterator[Named]:
        for fact in (s for s in named.sources[:1] if isinstance(s, Fact)):
            yield from (replace(named, words=words) for words in change(named, fact)[:3] if words != named.words)

    if isinstance(slot, Named):
        yield from altered(slot)
    elif isinstance(slot, list):
        for i, item in enumerate(slot):
            if isinstance(item, tuple):
                yield from ([*slot[:i], (new, item[1]), *slot[i + 1 :]] for new in altered(item[0]))


def _apart(names: Sequence[str], words: str) -> list[str]:
    return [name for name in names if name not in words and words not in name]


def _turned(slot: Slot) -> Iterator[Slot]:
    """Words of order and of bounds the other way round."""
    words = slot if isinstance(slot, str) else slot.words if isinstance(slot, Named) else ""
    for match in SIGN.finditer(words):
        new = words[: match.start()] + FLIPPED[match[0]] + words[match.end() :]
        yield replace(slot, words=new) if isinstance(slot, Named) else new


def _misquoted(slot: Slot, draw: random.Random) -> Iterator[Slot]:
    if isinstance(slot, Quoted) and slot.words:
        at = draw.randrange(len(slot.words))
        yield replace(slot, words=slot.words[:at] + "龘" + slot.words[at + 1 :])


def _values_swapped(statement: Statement) -> Iterator[Statement]:
    """Two numbers of a list, each behind the other's name."""
    for name, slot in statement.slots.items():
        pairs = [item for item in slot if isinstance(item, tuple)] if isinstance(slot, list) else []
        for i, second in enumerate(pairs):
            for j, first in enumerate(pairs[:i]):
                if first[1].printed() != second[1].printed():
                    new = [*pairs]
                    new[j], new[i] = (first[0], second[1]), (second[0], first[1])
                    yield replace(statement, slots={**statement.slots, name: new})


def _names_swapped(statement: Statement) -> Iterator[Statement]:
    """Two names of a list or of a comparison, with what they name."""
    part, whole = statement.slots.get("part"), statement.slots.get("whole")
    if isinstance(part, Named) and isinstance(whole, Named) and statement.wording != "difference_same":
        yield replace(statement, slots={**statement.slots, "part": whole, "whole": part})
    for name, slot in statement.slots.items():
        pairs = [item for item in slot if isinstance(item, tuple)] if isinstance(slot, list) else []
        for i, second in enumerate(pairs):
            for j, first in enumerate(pairs[:i]):
                if first[0].words != second[0].words and first[1].printed() != second[1].printed():
                    new = [*pairs]
                    new[j], new[i] = (second[0], first[1]), (first[0], second[1])
                    yield replace(statement, slots={**statement.slots, name: new})


def names_of(facts: Sequence[Fact]) -> Others:
    """The names that the documents have."""
    cells = [f for f in facts if f.source == "cell"]
    return Others(
        rows=sorted({f.name for f in cells if f.role in ("item", "project") and f.name}),
        columns=sorted({f.column_name for f in cells if f.column_name}),
        departments=["某市财政局", "某县教育局"],
        units=sorted({f.budget_unit for f in cells if f.budget_unit}),
    )
