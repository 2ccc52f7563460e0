"""A form as the tokens that the network writes one by one, and back.

In: a form. Out: a flat sequence of words of VOCABULARY and spans, ending in <stop>; or the form that such a sequence writes, FormError
where it writes none.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.reader.form import (
    BOUNDS,
    CALLS,
    FLAGS,
    MARKS,
    RELATIONS,
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
            check_call(token[:-1], args)
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
