"""Hand-made answers as the contract prints them."""

import pytest

from eval.answers import Given


def citation(id="c1", value=None, unit="万元", line=1, **fields):
    """A cell cited; `text` defaults to the value as printed."""
    base = {"id": id, "kind": "cell", "document": "韶关市局2024年部门预算", "department": "韶关市局", "year": 2024}
    base |= {"table": "收支总体情况表", "row": ["支出总计"], "column": ["预算"], "text": str(value or "")}
    return base | {"value": value, "unit": unit, "place": {"line": line}} | fields


def answer(text="", value=None, unit=None, **fields):
    """An answer whose `numbers` are given as {printed text: [citation ids]}."""
    numbers = [
        {"text": printed, "start": text.index(printed), "end": text.index(printed) + len(printed), "citations": ids}
        for printed, ids in fields.pop("cites", {}).items()
    ]
    base = {"answer": text, "refused": False, "reason": None, "value": value, "unit": unit, "numbers": numbers}
    return Given.model_validate(base | {"derivation": None, "citations": [], "suggestions": []} | fields)


@pytest.fixture
def cite():
    return citation


@pytest.fixture
def given():
    return answer
