"""The structured lookup as a tool: one function with a typed signature, for llama-index agents and the HTTP API alike.

In: an expression of the plan (value, rank, sum, share, …) over the published tables. Out: the Evidence as JSON: values with
unit, label and cells, the derivation, or what is missing. It never guesses and runs no generated code.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from llama_index.core.tools import FunctionTool
from pydantic import BaseModel, Field

from assistant.evidence import Evidence
from assistant.lookup.lookup import Lookup
from assistant.plan import Check, Combine, Reduce
from assistant.saying.labels import fact_label
from assistant.view import View
from index.sql.store import DocumentInfo, Store

MOST_DOCUMENTS = 100
NAME = "look_up"
DESCRIPTION = (
    "在已收录预算文件的表格里查数：取值、排名、计数、求和、占比、相差、比较。返回数值、单位、所在单元格和算式。"
)


class LookupRequest(BaseModel):
    """What is looked up, as a node of the plan."""

    expression: Annotated[Reduce | Combine | Check, Field(discriminator="node")]


def evidence_json(evidence: Evidence) -> dict:
    """Evidence as JSON; amounts are decimal strings."""
    return {
        "values": [
            {
                "amount": str(value.amount),
                "unit": value.unit,
                "label": value.label if value.computed else fact_label(value.facts[0]),
                "computed": value.computed,
                "cells": [
                    {
                        "document": f.document,
                        "table": f.table_title,
                        "row": list(f.path),
                        "column": list(f.column),
                        "text": f.text,
                        "unit": f.unit,
                        "year": f.year,
                        "place": f.place.as_dict(),
                    }
                    for f in value.facts
                ],
            }
            for value in evidence.values
            if value.computed or value.facts
        ],
        "truth": evidence.truth,
        "derivation": evidence.derivation,
        "missing": evidence.empty,
    }


def looked_up(store: Store, documents: Sequence[DocumentInfo], expression: Reduce | Combine | Check) -> dict:
    """Evidence over some documents, as JSON. Raises ValueError, which says what to do, where there are too many to be read at once."""
    if len(documents) > MOST_DOCUMENTS:
        raise ValueError(f"范围里有{len(documents)}份文件，一次最多查{MOST_DOCUMENTS}份；请限定部门、年度或文件")
    return evidence_json(Lookup(View(store, documents)).look_up(expression))


def lookup_tool(lookup: Lookup) -> FunctionTool:
    """The lookup over one store as a llama-index tool."""

    def look_up(expression: Reduce | Combine | Check) -> dict:
        request = LookupRequest.model_validate({"expression": expression})
        return evidence_json(lookup.look_up(request.expression))

    return FunctionTool.from_defaults(fn=look_up, name=NAME, description=DESCRIPTION, fn_schema=LookupRequest)
