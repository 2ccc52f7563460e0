"""Test questions that were seen move to dev, conversations whole."""

import json

import pytest

from eval.questions import CaseError, load_cases
from eval.reveal import reveal


@pytest.fixture
def sealed(tmp_path):
    path = tmp_path / "test" / "q.jsonl"
    path.parent.mkdir()
    follows = {"b": "a", "c": "b"}
    lines = [{"id": id, "question": id} | ({"followup_of": follows[id]} if id in follows else {}) for id in "axbc"]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def ids(path):
    return [case.id for case in load_cases(path)]


def test_a_followup_takes_its_conversation_along(sealed, tmp_path):
    revealed = tmp_path / "dev" / "revealed.jsonl"
    assert reveal(["b"], [sealed], revealed) == ["a", "b", "c"]
    assert (ids(sealed), ids(revealed)) == (["x"], ["a", "b", "c"])
    assert reveal(["x"], [sealed], revealed) == ["x"]
    assert (ids(sealed), ids(revealed)) == ([], ["a", "b", "c", "x"])


def test_an_unknown_id_moves_nothing(sealed, tmp_path):
    with pytest.raises(CaseError, match="zzz"):
        reveal(["a", "zzz"], [sealed], tmp_path / "revealed.jsonl")
    assert ids(sealed) == ["a", "x", "b", "c"]
    assert not (tmp_path / "revealed.jsonl").exists()


def test_after_a_crash_between_the_two_writes_nothing_stands_twice_in_dev(sealed, tmp_path):
    revealed = tmp_path / "revealed.jsonl"
    revealed.write_text(sealed.read_text("utf-8").splitlines()[1] + "\n", "utf-8")
    reveal(["x"], [sealed], revealed)
    assert ids(revealed) == ["x"]
