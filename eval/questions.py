"""JSONL cases and the order they are asked in.

In: a file of questions, with or without gold fields (fields: `questions/README.md`). Out: `Case` objects; for a
follow-up the conversation before it. Gold values are stored, never computed here: `eval.gold` keeps them fresh.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from eval.gold import CELL, QUESTIONS
from eval.measures import Amount, standard_unit

DEV, TEST = QUESTIONS / "dev", QUESTIONS / "test"
REAL_DEV, REAL_TEST = QUESTIONS / "real-dev", QUESTIONS / "real-test"  # over all documents of the test folder at once


class CaseError(ValueError):
    """A line of questions that cannot be used; the message names file and line."""


class Reading(BaseModel):
    """A cell or sentence as read by eye from a page of a published document: its file, page, and what is printed."""

    file: str
    page: int | None = None
    table: str | None = None
    row: str | None = None
    column: str | None = None
    text: str


class Gold(BaseModel):
    """What a right answer holds; every field that is set must be met."""

    model_config = ConfigDict(extra="forbid")

    cells: dict[str, str] = Field(default_factory=dict)
    formula: list[str] = Field(default_factory=list)
    values: list[Decimal] = Field(default_factory=list)
    unit: str | None = None
    strict_unit: bool = False
    ordered: bool = False
    boolean: bool | None = None
    names: list[str] = Field(default_factory=list)
    contains: list[str] = Field(default_factory=list)
    says: list[str] = Field(default_factory=list)
    lines: list[int] = Field(default_factory=list)
    refuse: list[str] = Field(default_factory=list)
    read: list[Reading] = Field(default_factory=list)
    clarify: bool = False

    @model_validator(mode="after")
    def holds_something(self) -> Gold:
        if len(self.formula) != len(self.values) and not self.read:
            raise ValueError("formula without its values: run python -m eval.gold --write")
        held = (self.values, self.names, self.contains, self.says, self.refuse, self.clarify)
        if not any(held) and self.boolean is None:
            raise ValueError("a gold object must hold something that an answer can meet")
        return self

    @property
    def amounts(self) -> list[Amount]:
        return [Amount(value, standard_unit(self.unit)) for value in self.values]

    @property
    def cell_lines(self) -> set[int]:
        """The lines of the published text that its cells stand in."""
        return {int(match[1]) for cell in self.cells.values() if (match := CELL.fullmatch(cell))}


class Case(BaseModel):
    """One line: a question, and what a right answer holds where that is known. Any one gold object met is right."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True, coerce_numbers_to_str=True)

    id: str
    question: str
    kind: str = Field("-", alias="class")
    document: str | None = None
    followup_of: str | None = None
    gold: list[Gold] = Field(default_factory=list)

    @field_validator("gold", mode="before")
    @classmethod
    def as_list(cls, gold: Any) -> Any:
        return [gold] if isinstance(gold, dict) else gold


def load_cases(path: Path) -> list[Case]:
    """The cases of a file in its order. Raises CaseError: a bad line, an id twice, a follow-up that follows nothing."""
    cases: dict[str, Case] = {}
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{path}: cannot be read ({error}); name a JSONL file of questions") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            case = Case.model_validate(json.loads(line))
        except (json.JSONDecodeError, ValidationError) as error:
            raise CaseError(f"{path}:{number}: {_why(error)}") from error
        if case.id in cases:
            raise CaseError(f"{path}:{number}: the id {case.id} is taken")
        if case.followup_of and case.followup_of not in cases:
            raise CaseError(f"{path}:{number}: followup_of {case.followup_of} names no earlier line")
        if case.followup_of and case.document != cases[case.followup_of].document:
            raise CaseError(f"{path}:{number}: asks of another document than {case.followup_of}, which it follows")
        cases[case.id] = case
    return list(cases.values())


def turns_before(case: Case, cases: Iterable[Case]) -> list[Case]:
    """The turns of the conversation before a case, oldest first; none for a question that follows nothing."""
    by_id = {other.id: other for other in cases}
    turns: list[Case] = []
    while case.followup_of:
        case = by_id[case.followup_of]
        turns.insert(0, case)
    return turns


def conversation_of(case_id: str, cases: Sequence[Case]) -> list[str]:
    """The ids of every case in the same conversation, in file order. Raises CaseError for an unknown id."""
    roots = {case.id: (turns_before(case, cases) or [case])[0].id for case in cases}
    if case_id not in roots:
        raise CaseError(f"{case_id}: no such question; ids look like {cases[0].id if cases else 'dev-001'}")
    return [case.id for case in cases if roots[case.id] == roots[case_id]]


def is_sealed(path: Path) -> bool:
    """Whether a file is of the half that is measured by and not read: one under questions/test."""
    return path.resolve().parent.parts[-2:] in (("questions", "test"), ("questions", "real-test"))


def _why(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_url=False))
    return str(error)
