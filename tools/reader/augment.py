"""A training line to another that asks the same of other names, in other spelling, with other talk around it."""

from __future__ import annotations

import itertools
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import yaml
from pypinyin import lazy_pinyin

from assistant.reader.form import Bound, Call, Form, Node, Part, Span, Thing, map_spans, spans_of
from assistant.reader.form import things_of as every_thing
from tools.reader.lines import PHRASINGS, Line, rewrite

ORGANISATION = re.compile(
    r"^[\u4e00-\u9fff]{1,12}(?:站|中心|局|院|馆|所|大队|支队|队|学校|小学|中学|委|处|园|大学|厅|办|医院|法院|场|学院)$"
)
YEAR = re.compile(r"^(?:19|20)?\d\d年度?$")
AMOUNT = re.compile(r"^[\d,.]+(?:万|亿|千|百万|千万)?元?$|^[一二两三四五六七八九十百千]+(?:多)?(?:万|亿|块|元)$")
TABLE = re.compile(r"^(?:表[一二三四五六七八九十\d]+|第[一二三四五六七八九十\d]+张表|.{2,16}表)$")
CODE = re.compile(r"^\d{5}$|^\d{7}$|^\d{3}$")
PROJECT = re.compile(r"^(?=.{6,40}$).*(?:项目|工程|建设|改造|运维|采购|购置|经费|专项|资金|补助|平台)$")
RECOMBINE, MOST_GROWTH = 0.3, 24
SWAP, TYPO, TALK, BARE, JOIN = 0.55, 0.14, 0.22, 0.12, 0.06
RECOMBINED = ("thing", "total", "projects", "units", "items", "again", "prev")
LONGEST_PHRASE = 28
ENDINGS = ("", "", "？", "?", "。", "呢", "啊", "呀", "吗？")
JOINTS = ("，", "？", "；", "，另外", "，还有", "？还有，", "，顺便问下", "？再问一个，", "。")


@dataclass(frozen=True)
class Phrase:
    """How one thing was said: the text from its first stretch to its last, with the thing at home in it."""

    text: str
    thing: Thing


def things_of(form: Form) -> list[Thing]:
    """All things with stretches and no bounds, as often as they stand there."""

    def walk(node: Node) -> Iterator[Thing]:
        if isinstance(node, Call):
            for arg in node.args:
                yield from walk(arg)
        elif isinstance(node, Thing):
            if node.spans and not node.bounds and node.kind in RECOMBINED:
                yield node
            for bound in node.bounds:
                if bound.value is not None:
                    yield from walk(bound.value)

    return [thing for part in form.parts for thing in walk(part.node)]


def regions(form: Form) -> list[tuple[Thing, int, int]]:
    """The things whose text, from first stretch to last, no other part of the form reaches into."""
    found, every = things_of(form), spans_of(form)
    kept = []
    for thing in found:
        start, end = thing.spans[0].start, thing.spans[-1].end
        inside = [s for s in every if s.start < end and start < s.end]
        if found.count(thing) == 1 and set(inside) == set(thing.spans) and end - start <= LONGEST_PHRASE:
            others = [t for t in every_thing(form) if t is not thing]
            if not any(s in thing.spans for t in others for s in t.spans):
                kept.append((thing, start, end))
    return kept


def phrases_of(lines: Sequence[Line]) -> dict[str, list[Phrase]]:
    """How things of each kind are said in the lines."""
    found: dict[str, list[Phrase]] = defaultdict(list)
    for line in lines:
        for thing, start, end in regions(line.form):
            own = tuple(Span(s.start - start, s.end - start) for s in thing.spans)
            found[thing.kind].append(Phrase(line.question[start:end], Thing(thing.kind, own)))
    return found


def replace_thing(form: Form, old: Thing, new: Thing, move: Callable[[Span], Span]) -> Form:
    """The form with a thing replaced and all other stretches moved."""

    def node(value: Node) -> Node:
        if value is old:
            return new
        if isinstance(value, Span):
            return move(value)
        if isinstance(value, Call):
            return Call(value.name, tuple(map(node, value.args)))
        if isinstance(value, Thing):
            bounds = tuple(Bound(b.kind, None if b.value is None else node(b.value)) for b in value.bounds)  # type: ignore[arg-type]
            return Thing(value.kind, tuple(map(move, value.spans)), bounds)
        return value

    return Form(tuple(Part(node(part.node), part.flags) for part in form.parts))  # type: ignore[arg-type]


class Augmenter:
    """Makes variants; everything it draws on comes from the lines and from tools/reader/phrasings/names.yaml and talk.yaml."""

    def __init__(self, lines: Sequence[Line], seed: int) -> None:
        self.random = random.Random(seed)
        named = yaml.safe_load((PHRASINGS / "names.yaml").read_text("utf-8"))
        self.talk: dict[str, list[str]] = yaml.safe_load((PHRASINGS / "talk.yaml").read_text("utf-8"))
        self.groups: dict[str, set[str]] = defaultdict(set)
        self.group_of: dict[str, str] = {}
        for group, names in named.items():
            for name in names:
                self.groups[group].add(name)
                self.group_of[name] = group
        for line in lines:
            for span in spans_of(line.form):
                word = line.question[span.start : span.end]
                group = self._group(word)
                if group:
                    self.groups[group].add(word)
        self.pools = {group: sorted(words) for group, words in self.groups.items()}
        self.sounds: dict[str, list[str]] = defaultdict(list)
        letters = sorted({c for line in lines for c in line.question if "\u4e00" <= c <= "\u9fff"})
        for letter in letters:
            self.sounds[lazy_pinyin(letter)[0]].append(letter)
        self.phrases = phrases_of(lines)
        self.single = [line for line in lines if len(line.form.parts) == 1 and not line.follows]

    def _group(self, word: str) -> str | None:
        if word in self.group_of:
            return self.group_of[word]
        for group, pattern in (("year", YEAR), ("amount", AMOUNT), ("code", CODE), ("table", TABLE),
                               ("organisation", ORGANISATION), ("project", PROJECT)):  # fmt: skip
            if pattern.match(word):
                return group
        return None

    def variant(self, line: Line) -> Line:
        """A variant of a line; now and then the line itself."""
        chance = self.random.random
        if chance() < JOIN and len(line.form.parts) == 1 and not line.follows and len(line.question) < 40:
            line = self._joined(line)
        if chance() < RECOMBINE:
            line = self._recombined(line)
        if chance() < SWAP:
            line = self._swapped(line)
        if chance() < BARE:
            line = self._unpunctuated(line)
        if chance() < TALK:
            line = self._talked(line)
        if chance() < TYPO:
            line = self._misspelt(line)
        return line

    def _swapped(self, line: Line) -> Line:
        taken: dict[str, str] = {}
        changes = []
        spans = spans_of(line.form)
        if any(a.end > b.start for a, b in itertools.pairwise(spans)):
            return line
        for span in spans:
            word = line.question[span.start : span.end]
            group = self._group(word)
            if group is None or self.random.random() < 0.3:
                continue
            new = taken.setdefault(word, self.random.choice(self.pools[group]))
            changes.append((span.start, span.end, new))
        return rewrite(line, changes) or line

    def _recombined(self, line: Line) -> Line:
        """The line with one of its things said as another line says one of the same kind."""
        places = regions(line.form)
        if not places:
            return line
        thing, start, end = self.random.choice(places)
        phrase = self.random.choice(self.phrases[thing.kind])
        shift = len(phrase.text) - (end - start)
        if shift > MOST_GROWTH or len(phrase.text) < 2:
            return line

        def moved(span: Span) -> Span:
            return span if span.end <= start else Span(span.start + shift, span.end + shift)

        new = Thing(thing.kind, tuple(Span(s.start + start, s.end + start) for s in phrase.thing.spans))
        form = replace_thing(line.form, thing, new, moved)
        return replace(line, question=line.question[:start] + phrase.text + line.question[end:], form=form)

    def _unpunctuated(self, line: Line) -> Line:
        changes = [(m.start(), m.end(), "") for m in re.finditer(r"[，。？！、；,?!~～]", line.question)]
        inside = {i for s in spans_of(line.form) for i in range(s.start, s.end)}
        return rewrite(line, [c for c in changes if c[0] not in inside]) or line

    def _talked(self, line: Line) -> Line:
        way = self.random.random()
        if way < 0.55:
            return rewrite(line, [(0, 0, self.random.choice(self.talk["before"]))]) or line
        end = len(line.question)
        if way < 0.8:
            return rewrite(line, [(end, end, self.random.choice(self.talk["after"]))]) or line
        stem = re.search(r"[？?。！!，,]*$", line.question)
        start = stem.start() if stem else end
        return rewrite(line, [(start, end, self.random.choice(ENDINGS))]) or line

    def _misspelt(self, line: Line) -> Line:
        for _ in range(1 if self.random.random() < 0.7 else 2):
            spots = [i for i, c in enumerate(line.question) if "\u4e00" <= c <= "\u9fff"]
            if not spots:
                return line
            at = self.random.choice(spots)
            letter, way = line.question[at], self.random.random()
            if way < 0.7:
                new = self.random.choice(self.sounds[lazy_pinyin(letter)[0]] or [letter])
            elif way < 0.85:
                new = letter * 2
            else:
                new = ""
            edges = {p for s in spans_of(line.form) for p in (s.start, s.end)}
            if len(new) != 1 and (at in edges or at + 1 in edges):
                continue  # the edge of a name would be unclear
            line = rewrite(line, [(at, at + 1, new)]) or line
        return line

    def _joined(self, line: Line) -> Line:
        other = self.random.choice(self.single)
        if len(other.question) > 40:
            return line
        joint = self.random.choice(JOINTS)
        first = re.sub(r"[？?。！!，,]*$", "", line.question) if all(
            s.end <= len(re.sub(r"[？?。！!，,]*$", "", line.question)) for s in spans_of(line.form)) else line.question  # fmt: skip
        shift = len(first) + len(joint)
        moved = map_spans(other.form, lambda s: Span(s.start + shift, s.end + shift))
        return replace(line, question=first + joint + other.question, form=Form(line.form.parts + moved.parts))
