"""The training lines are all readable, each question once, and rewriting keeps every stretch on its words."""

from __future__ import annotations

from collections import Counter

import pytest

from assistant.reader.characters import UNKNOWN, characters, number_of, numbers
from assistant.reader.form import Span, spans_of
from assistant.reader.network import MODEL
from assistant.reader.notation import read_form, write_form
from assistant.reader.tokens import form_of, tokens_of
from tools.reader.augment import Augmenter
from tools.reader.lines import PHRASINGS, Line, is_held_out, read_lines, rewrite
from tools.reader.train import sample_of, weights_of

LINES = read_lines(sorted(PHRASINGS.glob("*.tsv")))


def words(line: Line) -> Counter[str]:
    return Counter(line.question[s.start : s.end] for s in spans_of(line.form))


def test_there_are_lines_of_both_kinds():
    assert len(LINES) > 8000
    assert sum(line.follows for line in LINES) > 1000


def test_no_question_stands_twice_with_different_forms():
    seen: dict[tuple[str, bool], str] = {}
    for line in LINES:
        form = write_form(line.form, line.question)
        assert seen.setdefault((line.question, line.follows), form) == form, line.question


def test_a_tenth_is_held_out():
    assert 0.08 < sum(map(is_held_out, LINES)) / len(LINES) < 0.12


def test_the_alphabet_knows_nearly_every_character_of_the_lines():
    alphabet = number_of((MODEL / "alphabet.txt").read_text("utf-8"))
    found = Counter(n == UNKNOWN for line in LINES for n in numbers(characters(line.question).text, alphabet))
    assert found[True] / found.total() < 0.005


@pytest.mark.parametrize(
    ("changes", "question", "kept"),
    [
        ([(0, 0, "请问")], "请问甲站的办公费", ["甲站", "办公费"]),
        ([(0, 2, "第一中学")], "第一中学的办公费", ["第一中学", "办公费"]),
        ([(2, 3, "")], "甲站办公费", ["甲站", "办公费"]),
        ([(6, 6, "多少")], "甲站的办公费多少", ["甲站", "办公费"]),
        ([(4, 5, "工")], "甲站的办工费", ["甲站", "办工费"]),
    ],
)
def test_rewriting_moves_the_stretches_with_their_words(changes, question, kept):
    line = Line("甲站的办公费", read_form("{甲站|办公费}", "甲站的办公费"), False)
    new = rewrite(line, changes)
    assert new is not None
    assert new.question == question
    assert [question[s.start : s.end] for s in spans_of(new.form)] == kept


def test_a_stretch_that_begins_inside_a_change_cannot_be_rewritten():
    line = Line("甲站的办公费", read_form("{办公费}", "甲站的办公费"), False)
    assert rewrite(line, [(2, 4, "那")]) is None


def test_variants_ask_the_same_with_stretches_that_stand_in_them():
    augmenter = Augmenter(LINES, seed=7)
    alphabet = number_of((MODEL / "alphabet.txt").read_text("utf-8"))
    changed = 0
    for line in LINES[::20]:
        variant = augmenter.variant(line)
        changed += variant.question != line.question
        assert form_of(tokens_of(variant.form)) == variant.form
        assert all(0 <= s.start < s.end <= len(variant.question) for s in spans_of(variant.form))
        sample = sample_of(variant, alphabet)
        if sample is not None:
            assert all(0 < start <= end < len(sample[0]) for word, start, end in sample[1] if word < 0)
    assert changed > len(LINES[::20]) / 2


def test_a_stretch_of_traditional_characters_is_found_again():
    line = Line("甲站的辦公費", read_form("{辦公費}", "甲站的辦公費"), False)
    sample = sample_of(line, number_of("甲站的办公费"))
    assert sample is not None
    assert sample[1][1] == (-1, 4, 6)
    assert Span(3, 6) == spans_of(line.form)[0]


def test_lines_of_fresh_files_are_drawn_as_often_as_all_others():
    weights = weights_of(
        [Line("", LINES[0].form, False, f"{stem}:1") for stem in ("old", "old", "old", "new")], ["new"]
    )
    assert weights == [1.0, 1.0, 1.0, 3.0]
    assert set(weights_of(LINES[:5], [])) == {1.0}
