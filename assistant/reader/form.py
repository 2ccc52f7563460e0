"""The form of a question: what is asked, in a small language whose names are stretches of the question itself.

In: a line such as `share({项目支出},total{})`. Out: a tree, and back. It is what the training lines in `tools/reader/phrasings/` are
written in and what the network writes; a form knows no document, so the same form serves any. The grammar stands in
`docs/forms.md`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

SETS = ("projects", "units", "departments", "items", "indicators", "years")
THINGS = ("thing", "total", "income", *SETS, "prev", "again", "pick",
          "no_amount", "not_public", "out_of_scope", "unsafe", "hello", "thanks", "about", "vague", "balanced")  # fmt: skip
BARE = ("prev", "others", "next")
CALLS = (
    "all", "which", "count", "sum", "mean", "top", "bottom", "nth", "nthlow", "sort", "sortup", "max", "min", "rank",
    "diff", "pctmore", "share", "times", "rest", "by", "change", "growth", "prev_year", "is", "has", "not", "only", "mostly",
    "up", "down", "flat", "agree", "sums", "whydiff", "define", "duty", "org", "members", "why", "goal", "owner", "code",
    "note", "say", "where",
)  # fmt: skip
RELATIONS = (">=", "<=", "!=", ">", "<", "=", "~")
BOUNDS = (*(f"[{r}" for r in RELATIONS if r != "!="), "[share>", "[share<", "[share>=", "[share<=", "[not")
MARKS = ("[zero]", "[nonzero]", "[goal]", "[nogoal]", "[>mean]", "[<mean]", "[up]", "[down]")
FLAGS = ("@元", "@千元", "@万元", "@亿元", "@0", "@1", "@2", "@3", "@owner", "@code")
MOST_PLACES = 4000


class FormError(ValueError):
    """A form that cannot be read: says where and why."""


@dataclass(frozen=True)
class Span:
    """A stretch [start, end) of the question."""

    start: int
    end: int


@dataclass(frozen=True)
class Bound:
    """A condition on a set: a mark alone, or an opening with what follows it."""

    kind: str
    value: Span | Thing | Call | None = None


@dataclass(frozen=True)
class Thing:
    """What is named: one thing or a set, with the stretches that name and narrow it."""

    kind: str
    spans: tuple[Span, ...] = ()
    bounds: tuple[Bound, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether it is one thing that is named, without bounds."""
        return self.kind == "thing" and bool(self.spans) and not self.bounds


@dataclass(frozen=True)
class Call:
    """An operation over things, calls and spelled-out numbers."""

    name: str
    args: tuple[Thing | Call | Span | str, ...] = ()


Node = Thing | Call | Span | str


@dataclass(frozen=True)
class Part:
    """One of the questions asked, with its flags."""

    node: Thing | Call
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    parts: tuple[Part, ...] = field(default_factory=tuple)


# --- text to form ---------------------------------------------------------------------------------------------------
TOKEN = re.compile(r"\s*(?:(?P<thing>[a-z_]*)\{(?P<spans>[^}]*)\}|(?P<mark>\[(?:zero|nonzero|goal|nogoal|>mean|<mean|up|down)\])|"
                   r"(?P<bound>\[(?:share(?:>=|<=|>|<)|not\s|>=|<=|>|<|=|~))|(?P<call>[a-z_]+)\(|(?P<close>\))|(?P<comma>,)|"
                   r"(?P<end>\])|(?P<semi>;)|(?P<flag>@[^\s;,)]+)|'(?P<quoted>[^']*)'|(?P<rel>>=|<=|!=|>|<|=|~)|(?P<bare>[^,;()\[\]{}@']+))")  # fmt: skip


class _Reader:
    """A recursive-descent reader of one line."""

    def __init__(self, text: str, question: str) -> None:
        self.question = question
        self.tokens: list[tuple[str, str, str]] = []
        position = 0
        text = text.strip()
        while position < len(text):
            match = TOKEN.match(text, position)
            if match is None or match.end() == position:
                raise FormError(f"cannot read at {text[position : position + 20]!r}")
            kind = match.lastgroup or ""
            if match["thing"] is not None:
                self.tokens.append(("thing", match["thing"] or "thing", match["spans"]))
            else:
                self.tokens.append((kind, match[kind].strip(), ""))
            position = match.end()
            while position < len(text) and text[position].isspace():
                position += 1
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else "stop"

    def take(self) -> tuple[str, str, str]:
        if self.at >= len(self.tokens):
            raise FormError("ends too early")
        self.at += 1
        return self.tokens[self.at - 1]

    def form(self) -> Form:
        parts = [self.part()]
        while self.peek() == "semi":
            self.take()
            parts.append(self.part())
        if self.peek() != "stop":
            raise FormError(f"unexpected {self.tokens[self.at][1]!r}")
        return Form(tuple(parts))

    def part(self) -> Part:
        node = self.node()
        if not isinstance(node, Thing | Call):
            raise FormError("a part must be a thing or a call")
        flags = []
        while self.peek() == "flag":
            flag = self.take()[1]
            if flag not in FLAGS:
                raise FormError(f"no such flag {flag}")
            flags.append(flag)
        return Part(node, tuple(sorted(set(flags), key=FLAGS.index)))

    def node(self, inside: str = "") -> Node:
        kind, word, spans = self.take()
        if kind == "thing":
            return self.thing(word, spans)
        if kind == "call":
            return self.call(word)
        if kind == "rel":
            return word
        if kind == "quoted":
            return self.span(word)
        if kind == "bare":
            if word in BARE:
                return Thing(word)
            return self.span(word)
        raise FormError(f"unexpected {word!r}")

    def thing(self, kind: str, text: str) -> Thing:
        if kind not in THINGS:
            raise FormError(f"no such thing {kind}{{}}")
        words = [w for w in text.split("|") if w != ""]
        if kind == "total" and words == ["prev"]:
            return Thing("total", (), (Bound("[of", Thing("prev")),))
        spans = self.places(words)
        bounds = []
        while self.peek() in ("bound", "mark"):
            opening, word, _ = self.take()
            if opening == "mark":
                bounds.append(Bound(word))
                continue
            value = self.bound_value(word)
            bounds.append(Bound(word, value))
        return Thing(kind, spans, tuple(bounds))

    def bound_value(self, word: str) -> Span | Thing | Call:
        value = self.node()
        if isinstance(value, str):
            raise FormError(f"{word} needs a value")
        if self.take()[0] != "end":
            raise FormError(f"{word} is not closed")
        return value

    def call(self, name: str) -> Thing | Call:
        if name == "prev":
            name = "prev_year"
        if name == "pick":
            value = self.node()
            self.close("pick")
            if isinstance(value, Span):
                return Thing("pick", (value,))
            if isinstance(value, Thing) and value.kind == "thing":
                return Thing("pick", value.spans)
            raise FormError("pick takes a span")
        if name not in CALLS:
            raise FormError(f"no such call {name}()")
        args: list[Node] = []
        while self.peek() != "close":
            args.append(self.node(name))
            if self.peek() == "comma":
                self.take()
        self.close(name)
        _check(name, args)
        return Call(name, tuple(args))

    def close(self, name: str) -> None:
        if self.take()[0] != "close":
            raise FormError(f"{name}( is not closed")

    def span(self, word: str) -> Span:
        return self.places([word])[0]

    def places(self, words: list[str]) -> tuple[Span, ...]:
        """Where the words of one thing stand: no overlap, close together, in order."""
        found = []
        for word in words:
            spots = [m.start() for m in re.finditer(re.escape(word), self.question)]
            if not spots:
                raise FormError(f"{word!r} does not stand in the question")
            found.append([Span(s, s + len(word)) for s in spots])
        best: tuple[tuple[int, bool], tuple[Span, ...]] | None = None
        for combination in itertools.islice(itertools.product(*found), MOST_PLACES):
            ordered = tuple(sorted(combination, key=lambda s: s.start))
            if any(a.end > b.start for a, b in itertools.pairwise(ordered)):
                continue
            extent = ordered[-1].end - ordered[0].start if ordered else 0
            rank = (extent, ordered != combination)
            if best is None or rank < best[0]:
                best = (rank, ordered)
        if best is None:
            raise FormError(f"{'|'.join(words)} overlap")
        return best[1]


NUMBERED = {"top", "bottom", "nth", "nthlow"}


def _check(name: str, args: list[Node]) -> None:
    """Whether a call has arguments of the right kinds."""
    for index, arg in enumerate(args):
        if isinstance(arg, str) and not (name == "is" and index == 1 and arg in RELATIONS):
            raise FormError(f"{arg!r} cannot stand in {name}()")
        literal = (name in NUMBERED and index == 1) or (name == "is" and index == 2) or (
            name in ("up", "down", "flat") and index == 1)  # fmt: skip
        if isinstance(arg, Span) and not literal:
            raise FormError(f"argument {index + 1} of {name}() must be a thing")
    least, most = ARITY.get(name, (1, 1))
    if not least <= len(args) <= most:
        raise FormError(f"{name}() takes {least} to {most} arguments, not {len(args)}")


ARITY = {
    "sum": (1, 9), "mean": (1, 9), "top": (1, 2), "bottom": (1, 2), "nth": (2, 2), "nthlow": (2, 2), "max": (1, 9),
    "min": (1, 9), "rank": (1, 2), "diff": (1, 2), "pctmore": (1, 2), "share": (1, 2), "times": (1, 2), "rest": (2, 9),
    "by": (2, 2), "is": (3, 3), "mostly": (1, 2), "up": (1, 2), "down": (1, 2), "flat": (1, 2), "agree": (1, 3),
    "whydiff": (1, 2), "sort": (1, 9), "sortup": (1, 9),
}  # fmt: skip


def read_form(text: str, question: str) -> Form:
    """The form that a line writes about a question. Raises FormError."""
    return _Reader(text, question).form()


def nodes(value: Node, conditions: bool = False) -> Iterator[Node]:
    """A node and all that stands in it, in its order; what stands in conditions only where it is asked for."""
    yield value
    inside: Iterable[Node | None] = ()
    if isinstance(value, Call):
        inside = value.args
    elif isinstance(value, Thing):
        inside = (*value.spans, *(bound.value for bound in value.bounds if conditions))
    for node in inside:
        if node is not None:
            yield from nodes(node, conditions)


def spans_of(form: Form) -> list[Span]:
    """All spans of a form, each once, in the order of the question."""
    found = {n for part in form.parts for n in nodes(part.node, conditions=True) if isinstance(n, Span)}
    return sorted(found, key=lambda s: (s.start, s.end))


def map_spans(form: Form, change: Callable[[Span], Span]) -> Form:
    """The form with every span changed."""
    return Form(tuple(Part(with_spans(part.node, change), part.flags) for part in form.parts))  # type: ignore[arg-type]


def with_spans(value: Node, change: Callable[[Span], Span]) -> Node:
    """The node with every span changed."""
    return change(value) if isinstance(value, Span) else _within(value, lambda inner: with_spans(inner, change))


def said_once(form: Form) -> Form:
    """The form with no span twice in a thing."""

    def node(value: Node) -> Node:
        inside = _within(value, node)
        return replace(inside, spans=tuple(dict.fromkeys(inside.spans))) if isinstance(inside, Thing) else inside

    return Form(tuple(Part(node(part.node), part.flags) for part in form.parts))  # type: ignore[arg-type]


def _within(value: Node, node: Callable[[Node], Node]) -> Node:
    """A node with what it consists of changed."""
    if isinstance(value, Call):
        return replace(value, args=tuple(map(node, value.args)))
    if isinstance(value, Thing):
        bounds = tuple(Bound(b.kind, None if b.value is None else node(b.value)) for b in value.bounds)  # type: ignore[arg-type]
        return Thing(value.kind, tuple(map(node, value.spans)), bounds)  # type: ignore[arg-type]
    return value


def things_of(form: Form) -> list[Thing]:
    """All things of a form, those in conditions left out."""
    return [n for part in form.parts for n in nodes(part.node) if isinstance(n, Thing)]


# --- form to text ---------------------------------------------------------------------------------------------------
def write_form(form: Form, question: str) -> str:
    """A form as a line."""

    def node(value: Node) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, Span):
            return f"'{question[value.start : value.end]}'"
        if isinstance(value, Thing):
            spans = "|".join(question[s.start : s.end] for s in value.spans)
            if value.kind in ("others", "next") or (value.kind == "prev" and not spans and not value.bounds):
                return value.kind
            bounds = "".join(
                b.kind if b.value is None else f"{b.kind}{' ' * (b.kind == '[not')}{node(b.value)}]"
                for b in value.bounds
            )
            return f"{'' if value.kind == 'thing' else value.kind}{{{spans}}}{bounds}"
        return f"{value.name}({','.join(node(arg) for arg in value.args)})"

    return " ; ".join(" ".join([node(part.node), *part.flags]) for part in form.parts)


# --- form to tokens and back ----------------------------------------------------------------------------------------
def _thing_token(kind: str) -> str:
    return f"{kind}{{"


VOCABULARY: tuple[str, ...] = (
    "<stop>", ";", ")", "}", *(_thing_token(k) for k in THINGS), "others", "next", *(f"{c}(" for c in CALLS),
    *RELATIONS, *BOUNDS, "[of", "]", *MARKS, *FLAGS,
)  # fmt: skip
INDEX = {token: i for i, token in enumerate(VOCABULARY)}


def tokens_of(form: Form) -> list[str | Span]:
    """A form as a flat sequence of words and spans, ending in <stop>."""

    def walk(value: Node) -> Iterator[str | Span]:
        if isinstance(value, str | Span):
            yield value
        elif isinstance(value, Call):
            yield f"{value.name}("
            for arg in value.args:
                yield from walk(arg)
            yield ")"
        elif value.kind in ("others", "next"):
            yield value.kind
        else:
            yield _thing_token(value.kind)
            yield from value.spans
            yield "}"
            for bound in value.bounds:
                yield bound.kind
                if bound.value is not None:
                    yield from walk(bound.value)
                    yield "]"

    found: list[str | Span] = []
    for index, part in enumerate(form.parts):
        found += [";"] if index else []
        found += [*walk(part.node), *part.flags]
    return [*found, "<stop>"]


def form_of(tokens: list[str | Span]) -> Form:
    """The form that a sequence writes. Raises FormError where it is none."""
    position = 0

    def peek() -> str | Span:
        return tokens[position] if position < len(tokens) else "<stop>"

    def take() -> str | Span:
        nonlocal position
        position += 1
        if position > len(tokens):
            raise FormError("ends too early")
        return tokens[position - 1]

    def node() -> Node:
        token = take()
        if isinstance(token, Span) or token in RELATIONS:
            return token
        if token in ("others", "next"):
            return Thing(token)
        if token.endswith("("):
            args: list[Node] = []
            while peek() != ")":
                args.append(node())
            take()
            _check(token[:-1], args)
            return Call(token[:-1], tuple(args))
        if token.endswith("{"):
            spans: list[Span] = []
            while isinstance(peek(), Span):
                spans.append(take())  # type: ignore[arg-type]
            if take() != "}":
                raise FormError("a thing is not closed")
            return Thing(token[:-1], tuple(spans), tuple(bounds()))
        raise FormError(f"unexpected {token}")

    def bounds() -> Iterator[Bound]:
        while isinstance(peek(), str) and (peek() in MARKS or peek() in BOUNDS or peek() == "[of"):
            kind = take()
            assert isinstance(kind, str)
            if kind in MARKS:
                yield Bound(kind)
                continue
            value = node()
            if isinstance(value, str) or take() != "]":
                raise FormError("a bound is not closed")
            yield Bound(kind, value)

    parts = []
    while True:
        value = node()
        if not isinstance(value, Thing | Call):
            raise FormError("a part must be a thing or a call")
        flags: list[str] = []
        while isinstance(peek(), str) and peek() in FLAGS:
            flags.append(take())  # type: ignore[arg-type]
        parts.append(Part(value, tuple(flags)))
        after = take()
        if after == "<stop>":
            return Form(tuple(parts))
        if after != ";":
            raise FormError(f"unexpected {after}")
