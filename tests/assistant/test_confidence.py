"""What an answer's confidence is made of, and when an answer says how the question was understood."""

from __future__ import annotations

import pytest

from assistant.planning.confidence import PLAIN, Signs

SURE = {"taken": False, "follows": False, "parts": 1, "across": False, "sets": False}


def confidence(worth: float = 1.0, rival: float = 0.0, **signs: object) -> float:
    return Signs.of(worth, rival, **{**SURE, **signs}).confidence  # type: ignore[arg-type]


def test_a_reading_without_any_doubt_needs_no_caveat() -> None:
    assert confidence() >= PLAIN


@pytest.mark.parametrize("doubt", [{"worth": 0.2}, {"rival": 0.9}, {"taken": True}, {"follows": True}, {"parts": 3}])
def test_each_doubt_lowers_it(doubt: dict) -> None:
    assert confidence(**doubt) < confidence()


def test_a_turn_that_leans_on_the_one_before_says_how_it_was_understood(talk) -> None:  # type: ignore[no-untyped-def]
    first, second = talk("基本支出是多少", "它占总支出的百分之几")
    notes = {note.code: note.text for note in second.notes}
    assert "understood" not in {note.code for note in first.notes}
    assert notes["understood"].startswith("按上文理解为：基本支出占")


def test_a_statement_that_leans_says_of_what_it_was_taken_to_be(talk) -> None:  # type: ignore[no-untyped-def]
    _, second = talk("会议费是多少", "它超过1万元了吗")
    assert [note.text for note in second.notes if note.code == "understood"] == ["按上文理解为：核对会议费。"]


def test_a_refusal_has_no_caveat(ask) -> None:  # type: ignore[no-untyped-def]
    assert {note.code for note in ask("燃气费是多少").notes} & {"unsure", "understood"} == set()
