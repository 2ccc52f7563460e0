"""The form of a question: what is asked, in a small language whose names are stretches of the question itself.

In: a line such as `share({项目支出},total{})`. Out: a tree, and back. It is what the training lines in `tools/reader/phrasings/` are
written in and what the network writes; a form knows no document, so the same form serves any. The grammar stands in
`docs/forms.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
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
NUMBERED = {"top", "bottom", "nth", "nthlow"}
ARITY = {
    "sum": (1, 9), "mean": (1, 9), "top": (1, 2), "bottom": (1, 2), "nth": (2, 2), "nthlow": (2, 2), "max": (1, 9),
    "min": (1, 9), "rank": (1, 2), "diff": (1, 2), "pctmore": (1, 2), "share": (1, 2), "times": (1, 2), "rest": (2, 9),
    "by": (2, 2), "is": (3, 3), "mostly": (1, 2), "up": (1, 2), "down": (1, 2), "flat": (1, 2), "agree": (1, 3),
    "whydiff": (1, 2), "sort": (1, 9), "sortup": (1, 9),
}  # fmt: skip


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
    """A question read: its parts, in the order in which they are asked."""

    parts: tuple[Part, ...] = field(default_factory=tuple)


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


def check_call(name: str, args: Sequence[Node]) -> None:
    """Raises FormError for a call whose arguments are not as many, or not of the kinds, that it takes."""
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
