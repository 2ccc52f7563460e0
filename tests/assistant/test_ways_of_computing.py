"""Every way of computing is told wherever an answer is told: as a question, in words, in its claim, in why."""

from __future__ import annotations

from typing import get_args

import pytest

from assistant.plan import Calculate, Combine, Reduce, Select
from assistant.saying.restate import restated

ITEM, OTHER = Reduce(how="value", of=Select(labels=["办公费"])), Reduce(how="value", of=Select(labels=["会议费"]))
REDUCED = get_args(Reduce.model_fields["how"].annotation)
COMBINED = get_args(Combine.model_fields["how"].annotation)


@pytest.mark.parametrize("how", REDUCED)
def test_what_is_over_a_set_is_a_question_too(how):
    assert restated(Calculate(expression=Reduce(how=how, of=Select(universe="projects"))))


@pytest.mark.parametrize("how", COMBINED)
def test_what_is_over_several_is_a_question_too(how):
    assert restated(Calculate(expression=Combine(how=how, operands=[ITEM, OTHER])))
