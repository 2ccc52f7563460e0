"""The JSON schema that a language model fills: the Plan's own, without what only the local planner or the program writes.

In: nothing. Out: a schema as servers take it (`anyOf` for unions, no defaults, no titles), and the reading of what came back.
"""

from __future__ import annotations

import json
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from assistant.plan import Plan

PARTS = ("Calculate", "Define", "Passage", "Refuse")  # a question back or a greeting is not for a model to write
WRITTEN = {  # the fields that it may fill, by the name of a node
    "Plan": ("parts",),
    "Calculate": ("part", "expression", "unit"),
    "Define": ("part", "terms"),
    "Passage": ("part", "about", "subject", "query"),
    "Refuse": ("part", "reason"),
    "Reduce": ("node", "how", "of", "descending", "n", "position"),
    "Combine": ("node", "how", "operands", "n"),
    "Placed": ("node", "thing", "among"),
    "Check": ("node", "left", "relation", "right", "claim"),
    "Condition": ("operator", "amount", "unit", "of_share", "than_mean"),
    "Select": ("node", "universe", "labels", "under", "level", "classification", "tables", "columns", "units", "total",
               "measure", "exclude", "where", "years", "departments"),
}  # fmt: skip
KEPT = ("type", "enum", "const", "items", "anyOf", "$ref", "description", "minItems")
MARKS = ("part", "node", "how", "of", "expression", "operands", "left", "relation", "operator", "about", "reason",
         "terms", "thing", "among", "parts")  # fmt: skip


@lru_cache
def plan_schema() -> dict[str, Any]:
    """The schema of what a model may write."""
    whole = Plan.model_json_schema()
    nodes = {**whole["$defs"], "Plan": whole}
    written = {name: _node(name, nodes[name]) for name in WRITTEN}
    return {**written.pop("Plan"), "$defs": written}


def _node(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    properties = {field: _plain(schema["properties"][field]) for field in WRITTEN[name]}
    required = [field for field in properties if field in MARKS]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _plain(schema: Any) -> Any:
    """Without what servers stumble over, and without nodes that are not for a model."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema if not _is_left_out(item)]
    if not isinstance(schema, dict):
        return schema
    schema = {("anyOf" if key == "oneOf" else key): value for key, value in schema.items()}
    found = {key: _plain(value) for key, value in schema.items() if key in KEPT}
    if {"type": "number"} in found.get("anyOf", []):  # a Decimal also goes as text; a number is what models write
        return {"type": "number"}
    return found


def _is_left_out(item: Any) -> bool:
    node = item["$ref"].rsplit("/", 1)[-1] if isinstance(item, dict) and "$ref" in item else None
    return node is not None and node not in WRITTEN


def read_plan(text: str) -> Plan | None:
    """The plan that a model wrote; None for what is none, or fills a field that is not its to fill."""
    try:
        written = json.loads(text.removeprefix("```json").removesuffix("```"), parse_float=Decimal)
        if not isinstance(written, dict) or set(written) != {"parts"} or not written["parts"]:
            return None
        plan = Plan.model_validate(written)
    except (ValidationError, ValueError, RecursionError):
        return None
    return plan if _fills_its_own(written) else None


def _fills_its_own(written: Any) -> bool:
    if isinstance(written, list):
        return all(map(_fills_its_own, written))
    if not isinstance(written, dict):
        return True
    name = str(written.get("node") or written.get("part") or "")
    allowed = WRITTEN.get(name.capitalize(), WRITTEN["Condition"] if "operator" in written else WRITTEN["Plan"])
    return set(written) <= set(allowed) and all(map(_fills_its_own, written.values()))
