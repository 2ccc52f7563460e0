"""The plan as it travels: its JSON schema, the way to JSON and back, what is malformed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from assistant.answer import Assistant
from assistant.plan import (
    Calculate,
    Check,
    Clarify,
    Combine,
    Condition,
    Define,
    Part,
    Passage,
    Plan,
    Reduce,
    Refuse,
    Say,
    Select,
    selects_of,
)

SELECT = Select(labels=["办公费"], where=[Condition(operator="gt", amount=Decimal("0.10"), unit="亿元")], years=[2024])
VALUE = Reduce(how="value", of=SELECT)
RANK = Reduce(how="rank", of=Select(universe="projects"), n=3)
SHARE = Combine(how="share", operands=[VALUE, Combine(how="sum", operands=[VALUE, RANK])])
CHECK = Check(left=SHARE, relation="gt", right=VALUE, claim=Condition(operator="eq", amount=Decimal(5)))
PARTS: list[Part] = [
    Calculate(expression=VALUE, unit="元", decimals=2),
    Calculate(expression=RANK, names_only=True, with_owner=True),
    Calculate(expression=SHARE),
    Calculate(expression=CHECK),
    Define(terms=["基本支出"]),
    Passage(about="target", subject=["甲项目"], query="目标", of=RANK),
    Clarify(text="哪一项", choices=["办公费是多少"]),
    Refuse(reason="other_year", detail="2023年", intended=Calculate(expression=VALUE)),
    Say(wording="greeting"),
]


@pytest.mark.parametrize(
    "part", PARTS, ids=lambda part: f"{part.part}-{getattr(part, 'expression', part).__class__.__name__}"
)
def test_part_comes_back_the_same_from_json(part: Part) -> None:
    plan = Plan(parts=[part], confidence=0.5, taken=["“接代”按“接待”理解"])
    assert Plan.model_validate(plan.model_dump(mode="json")) == plan
    assert Plan.model_validate_json(plan.model_dump_json()) == plan


def test_schema_is_closed() -> None:
    """A language model that fills the schema can add no field of its own."""
    schema = Plan.model_json_schema()
    objects = [schema, *(d for d in schema["$defs"].values() if d.get("type") == "object")]
    assert len(objects) >= 10
    assert all(definition["additionalProperties"] is False for definition in objects)


MALFORMED: list[Any] = [
    {}, {"parts": None}, {"parts": ["总预算"]}, {"parts": [{"part": "guess"}]}, {"parts": [], "sql": "drop table facts"},
    {"parts": [{"part": "calculate"}]}, {"parts": [{"part": "refuse", "reason": "tired"}]},
    {"parts": [{"part": "define", "terms": "基本支出"}]},
    {"parts": [{"part": "calculate", "expression": {"node": "reduce", "how": "guess", "of": {}}}]},
    {"parts": [{"part": "calculate", "expression": {"node": "combine", "how": "sum", "operands": [{"node": "select"}]}}]},
    "总预算是多少", None, [],
]  # fmt: skip


@pytest.mark.parametrize("previous", MALFORMED, ids=str)
def test_malformed_previous_plan_is_rejected(previous: Any, assistant: Assistant) -> None:
    with pytest.raises(ValidationError):
        assistant.ask("换成元", previous=[previous])


def test_selects_are_found_left_to_right() -> None:
    assert selects_of(CHECK) == [SELECT, SELECT, RANK.of, SELECT]
