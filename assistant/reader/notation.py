"""A form as a line of text, as people write it, and back.

In: a line and the question that it is about. Out: a form whose spans are where its words stand in the question; FormError where it
cannot be read. Written out again, a form is one line. The language is that of docs/forms.md.
"""

from __future__ import annotations

import itertools
import re

from assistant.reader.form import (
    BARE,
    CALLS,
    FLAGS,
    THINGS,
    Bound,
    Call,
    Form,
    FormError,
    Node,
    Part,
    Span,
    Thing,
    check_call,
)

MOST_PLACES = 4000
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
        check_call(name, args)
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


def read_form(text: str, question: str) -> Form:
    """The form that a line writes about a question. Raises FormError."""
    return _Reader(text, question).form()


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
