"""What the metamorphic checks make of answers: what holds, what is refused, what is a wrong number."""

from __future__ import annotations

from decimal import Decimal

import pytest

from eval.measures import Amount
from eval.relations import agreeing, exact, one_of

SIX, SEVEN = Amount(Decimal(6), "万元"), Amount(Decimal(7), "万元")


@pytest.mark.parametrize(
    ("outcome", "fields"),
    [
        ("held", {"value": 6.0, "unit": "万元"}),
        ("held", {"value": 60000.0, "unit": "元"}),
        ("held", {"value": [6.0, 7.0], "unit": "万元"}),
        ("wrong", {"value": [6.0, 8.0], "unit": "万元"}),
        ("wrong", {"value": 6.0, "unit": "元"}),
        ("refused", {"refused": True, "reason": "not_found"}),
        ("held", {"reason": "ambiguous"}),
    ],
)
def test_an_answer_is_one_of_the_amounts_that_the_words_fit(given, outcome, fields):
    assert outcome == one_of("办公费是多少", given(**fields), [SIX, SEVEN]).outcome


def test_a_question_back_is_a_refusal_where_the_words_fit_one_amount(given):
    assert one_of("办公费是多少", given(reason="ambiguous"), [SIX]).outcome == "refused"


@pytest.mark.parametrize(("value", "outcome"), [(6.0, "held"), (7.0, "other"), (8.0, "wrong"), (None, "refused")])
def test_questions_that_mean_the_same_agree(given, value, outcome):
    trial = agreeing(["办公费是多少", "办公费有多少"], [SIX, SEVEN])
    assert outcome == trial.judge([given(value=6.0, unit="万元"), given(value=value, unit="万元")]).outcome


def test_a_quotient_may_differ_by_its_rounding(given):
    trial = exact({"甲是乙的几倍": Amount(Decimal("0.33"), "倍")}, Decimal("0.005"))
    answers = [given(value=value, unit="倍") for value in (0.333, 0.34)]
    assert [trial.judge([answer]).outcome for answer in answers] == ["held", "wrong"]
