"""The share of answers without a caveat, and what is wrong among them."""

from __future__ import annotations

from eval.answers import Given
from eval.coverage import answered, at, shipped
from eval.questions import Case
from eval.run import Record
from eval.score import Verdict


def record(value: object, confidence: float, *codes: str, right: bool = True) -> Record:
    raw = {"answer": "", "refused": value is None, "value": value, "confidence": confidence,
           "notes": [{"code": code, "text": ""} for code in codes]}  # fmt: skip
    verdict = Verdict("right", "") if right else Verdict("wrong", "", wrong_number=True)
    return Record(Case(id="a", question="?"), raw, Given.model_validate(raw), 1.0, verdict)


RECORDS = [
    record(1, 0.99),
    record(2, 0.99, "unsure", right=False),
    record(3, 0.7, right=False),
    record(4, 0.7, "scanned"),
    record(None, 0.99),
]


def test_refusals_count_as_no_answers() -> None:
    assert answered(RECORDS) == RECORDS[:4]


def test_an_answer_is_plain_unless_a_note_says_how_it_was_understood() -> None:
    point = shipped(RECORDS)
    assert (point.n, point.plain, point.wrong_numbers, point.coverage) == (4, 3, 1, 0.75)


def test_the_curve_goes_by_confidence() -> None:
    assert [(at(RECORDS, t).plain, at(RECORDS, t).wrong_numbers) for t in (0.0, 0.9, 1.0)] == [(4, 2), (2, 1), (0, 0)]
