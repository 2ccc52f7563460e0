"""A question as the network sees it: one character a position, each with where it was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reader.characters import UNKNOWN, characters, number_of, numbers


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("辦公費多少", "办公费多少"),
        ("２０２４年", "2024年"),
        ("办公费　是 多少", "办公费是多少"),
        ("How much  is 水费", "how much is水费"),
        ("  ", ""),
        ("㎡", "m2"),
    ],
)
def test_characters_in_normal_form(typed, seen):
    assert characters(typed).text == seen


@given(st.text(max_size=60))
def test_every_character_knows_where_it_was_typed(typed):
    found = characters(typed)
    assert len(found.text) == len(found.origins)
    assert list(found.origins) == sorted(found.origins)
    assert all(0 <= origin < len(typed) for origin in found.origins)


def test_what_is_not_in_the_alphabet_is_unknown():
    assert numbers("办𠮷", number_of("办公")) == [1, 3, UNKNOWN, 2]
