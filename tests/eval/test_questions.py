"""Files of questions: cases, conversations, and what is sealed."""

import json
from pathlib import Path

import pytest

from eval.questions import DEV, CaseError, conversation_of, is_sealed, load_cases, turns_before


@pytest.fixture
def file(tmp_path):
    def write(*cases):
        path = tmp_path / "q.jsonl"
        path.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases), "utf-8")
        return path

    return write


def turn(id, follows=None):
    return {"id": id, "question": id} | ({"followup_of": follows} if follows else {})


def test_a_line_needs_an_id_and_a_question_only(file):
    (case,) = load_cases(file({"id": "a", "question": "  "}))
    assert (case.gold, case.kind, case.document) == ([], "-", None)


def test_one_gold_object_or_a_list_of_them(file):
    one, two = load_cases(
        file(turn("a") | {"gold": {"clarify": True}}, turn("b") | {"gold": [{"clarify": True}, {"refuse": ["empty"]}]})
    )
    assert (len(one.gold), len(two.gold)) == (1, 2)


def test_a_followup_comes_after_all_turns_of_its_conversation(file):
    cases = load_cases(file(turn("a"), turn("x"), turn("b", "a"), turn("c", "b"), turn("d", "a")))
    assert [case.id for case in turns_before(cases[3], cases)] == ["a", "b"]
    assert conversation_of("b", cases) == ["a", "b", "c", "d"]
    assert conversation_of("x", cases) == ["x"]


@pytest.mark.parametrize(
    ("cases", "message"),
    [
        ([turn("a"), turn("a")], "2: the id a is taken"),
        ([turn("b", "a"), turn("a")], "1: followup_of a names no earlier line"),
        ([turn("a"), turn("b", "a") | {"document": "d.txt"}], "2: asks of another document"),
        ([{"id": "a"}], "1: question"),
        ([turn("a") | {"gold": {"valeus": ["1"]}}], "valeus"),
        ([turn("a") | {"gold": {"formula": ["a"]}}], "eval.gold --write"),
        ([turn("a") | {"gold": {"unit": "元"}}], "must hold something"),
    ],
)
def test_a_bad_line_is_named(file, cases, message):
    with pytest.raises(CaseError, match=message):
        load_cases(file(*cases))


def test_a_line_that_is_no_json_is_named(tmp_path):
    (tmp_path / "q.jsonl").write_text("{", "utf-8")
    with pytest.raises(CaseError, match=r"q\.jsonl:1"):
        load_cases(tmp_path / "q.jsonl")


def test_only_files_under_questions_test_are_sealed():
    assert is_sealed(Path("eval/questions/test/a.jsonl"))
    assert not is_sealed(Path("eval/questions/dev/a.jsonl"))


def test_the_dev_half_loads():
    cases = [case for path in DEV.glob("*.jsonl") for case in load_cases(path)]
    assert cases
    assert all(case.gold and case.kind != "-" for case in cases)
