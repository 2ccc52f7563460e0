"""The lookup as a llama-index tool: a typed schema, values with their cells, and what is missing."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from assistant.lookup.lookup import Lookup
from assistant.lookup_tool import NAME, lookup_tool
from assistant.view import View


@pytest.fixture
def tool(assistant):
    return lookup_tool(Lookup(View(assistant.store, assistant.store.documents())))


def call(tool, expression: dict) -> dict:
    return tool.call(expression=expression).raw_output


def test_the_schema_names_every_way_to_reduce(tool):
    assert tool.metadata.name == NAME
    assert "rank" in str(tool.metadata.get_parameters_dict())


def test_a_value_comes_with_its_cells(tool):
    found = call(tool, {"node": "reduce", "how": "value", "of": {"labels": ["行政运行"]}})
    (value,) = found["values"]
    assert value["unit"] == "万元"
    assert {cell["text"] for cell in value["cells"]} == {"971.48"}


def test_a_share_comes_with_its_derivation(tool):
    def of(column: str) -> dict:
        return {"node": "reduce", "how": "value", "of": {"columns": [column]}}

    found = call(tool, {"node": "combine", "how": "ratio", "operands": [of("项目支出"), of("基本支出")]})
    assert found["derivation"] == "4,360.41 ÷ 3,764.44 = 1.16"


def test_what_is_not_there_is_said(tool):
    found = call(tool, {"node": "reduce", "how": "value", "of": {"labels": ["取暖费"]}})
    assert found["values"] == []
    assert found["missing"]


def test_an_unknown_operation_is_refused(tool):
    with pytest.raises(ValidationError):
        call(tool, {"node": "reduce", "how": "guess", "of": {}})
