"""Forms are read, written, and cut into the steps of the network and back, without loss."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reader.form import (
    ARITY,
    BOUNDS,
    CALLS,
    FLAGS,
    MARKS,
    RELATIONS,
    SETS,
    Bound,
    Call,
    Form,
    FormError,
    Part,
    Span,
    Thing,
    spans_of,
)
from assistant.reader.notation import read_form, write_form
from assistant.reader.tokens import VOCABULARY, form_of, tokens_of

QUESTION = "甲站的办公费和乙站的水费，比三百万的电费多吗"


@pytest.mark.parametrize(
    "text",
    [
        "{甲站|办公费}",
        "total{}",
        "share({办公费},total{甲站})",
        "diff(sum({办公费},{水费}),{电费})",
        "top(projects{甲站},'三')",
        "count(projects{}[>'三百万'][nogoal])",
        "is({电费},>=,'三百万')",
        "{办公费} @元 @2 ; {水费}",
        "share(prev,pick{乙站})",
        "others ; next",
        "all(items{}[>{电费}])",
        "units{}[not '乙站']",
    ],
)
def test_a_form_is_written_as_it_was_read(text):
    form = read_form(text, QUESTION)
    assert (
        read_form(
            write_form(form, QUESTION).replace("pick{", "pick({").replace("pick({乙站}", "pick({乙站})"), QUESTION
        )
        == form
    )
    assert form_of(tokens_of(form)) == form


def test_stretches_that_stand_twice_are_taken_close_together():
    question = "甲站的水费和乙站的水费"
    form = read_form("{乙站|水费}", question)
    assert spans_of(form) == [Span(6, 8), Span(9, 11)]


def test_stretches_are_put_in_the_order_of_the_question():
    assert read_form("{办公费|甲站}", QUESTION) == read_form("{甲站|办公费}", QUESTION)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{丙站}", "does not stand"),
        ("share({办公费}", "ends too early"),
        ("nosuch({办公费})", "no such call"),
        ("nosuch{办公费}", "no such thing"),
        ("nth(projects{})", "2 to 2 arguments"),
        ("share('三百万')", "must be a thing"),
        ("{办公费} @nosuch", "no such flag"),
        ("{办公费} {水费}", "unexpected"),
        ("projects{}[>'三百万'", "ends too early"),
        ("", "ends too early"),
    ],
)
def test_what_is_no_form_says_why(text, said):
    with pytest.raises(FormError, match=said):
        read_form(text, QUESTION)


def test_every_word_of_the_language_stands_once_in_the_vocabulary():
    assert len(set(VOCABULARY)) == len(VOCABULARY)
    assert {f"{call}(" for call in CALLS} <= set(VOCABULARY)
    assert {*FLAGS, *MARKS, *BOUNDS, *RELATIONS} <= set(VOCABULARY)


# --- any form ------------------------------------------------------------------------------------------------------
spans = st.builds(lambda start, length: Span(start, min(start + length, len(QUESTION))),
                  st.integers(0, len(QUESTION) - 1), st.integers(1, 5))  # fmt: skip
things = st.builds(lambda kind, found: Thing(kind, tuple(found)), st.sampled_from(["thing", "total", "prev", *SETS]),
                   st.lists(spans, max_size=3))  # fmt: skip
bounded = st.builds(lambda kind, mark, span: Thing(kind, (), (Bound(mark), Bound("[>", span))), st.sampled_from(SETS),
                    st.sampled_from(MARKS), spans)  # fmt: skip
PLAIN = [c for c in CALLS if c not in ("is", "nth", "nthlow", "top", "bottom", "up", "down", "flat")]


def calls(inner: st.SearchStrategy) -> st.SearchStrategy:
    def made(name: str, args: list) -> Call:
        least, most = ARITY.get(name, (1, 1))
        return Call(name, tuple((args * least)[: max(least, min(most, len(args)))]))

    return st.builds(made, st.sampled_from(PLAIN), st.lists(inner, min_size=1, max_size=3))


nodes = st.recursive(things | bounded, calls, max_leaves=6)
forms = st.builds(lambda parts: Form(tuple(parts)), st.lists(st.builds(
    lambda node, flags: Part(node, tuple(sorted(flags, key=FLAGS.index))), nodes, st.sets(st.sampled_from(FLAGS), max_size=2),
), min_size=1, max_size=3))  # fmt: skip


@given(forms)
def test_any_form_survives_its_steps(form):
    assert form_of(tokens_of(form)) == form


@given(st.lists(st.sampled_from(VOCABULARY) | spans, max_size=12))
def test_any_steps_are_a_form_or_no_form(steps):
    try:
        form = form_of(list(steps))
    except FormError:
        return
    assert form_of(tokens_of(form)) == form
