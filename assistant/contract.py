"""The contract's answer: what the page, the API, the command line and the harness are given, the same JSON for all.

Contracts may gain fields; they never lose or change one.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, Field, field_serializer


class Citation(BaseModel):
    """Where a number or a quotation stands in a published document."""

    id: str
    kind: Literal["cell", "figure", "passage"]
    document: str
    department: str
    year: int
    table: str | None = None
    row: list[str] = Field(default_factory=list)
    column: list[str] = Field(default_factory=list)
    text: str
    code: str | None = None
    value: Decimal | None = None
    unit: str | None = None
    place: dict[str, Any]
    table_index: int | None = None
    row_index: int | None = None
    column_index: int | None = None
    ocr_confidence: float | None = Field(
        None, description="of its least certain character, where it was read from a scan"
    )

    @field_serializer("value")
    def _number(self, value: Decimal | None) -> float | None:
        return None if value is None else float(value)


class Number(BaseModel):
    """A number at [start, end) of the answer, and the ids of the citations that it rests on."""

    text: str
    start: int
    end: int
    citations: list[str]


class Prose(BaseModel):
    """The answer in plainer words, by a language model: every number a piece of the answer, every other sentence out of a passage."""

    text: str
    numbers: list[Number] = Field(default_factory=list)
    citations: list[str] = Field(default_factory=list, description="ids of what the sentences rest on")
    model: str


class Spent(BaseModel):
    """What a language model cost for one answer, and why it gave nothing where it did not."""

    calls: int
    prompt_tokens: int
    completion_tokens: int
    ms: float
    failure: str | None = None
    dropped: int = Field(0, description="sentences of prose that nothing bore out")


class Note(BaseModel):
    """Something to know beside the answer: a code for programs, a sentence for people."""

    code: str
    text: str


class Suggestion(BaseModel):
    """A question to go on with; `text` is what its button says."""

    text: str
    question: str


class Answer(BaseModel):
    """The contract's answer. `value` is exact inside and a JSON number outside."""

    question: str
    answer: str
    refused: bool = False
    reason: str | None = None
    value: bool | Decimal | list[Decimal] | list[str] | None = None
    unit: str | None = None
    numbers: list[Number] = Field(default_factory=list)
    derivation: str | None = None
    explanation: str = Field(
        "", description="where was looked, for what, and what was done with it; or why it is refused"
    )
    citations: list[Citation] = Field(default_factory=list)
    notes: list[Note] = Field(default_factory=list)
    suggestions: list[Suggestion] = Field(default_factory=list)
    plan: dict[str, Any] = Field(default_factory=dict)
    confidence: float = 1.0
    mode: Literal["local", "llm"] = "local"
    prose: Prose | None = None
    llm: Spent | None = None
    elapsed_ms: float = 0.0

    @property
    def stops(self) -> list[str]:
        """Why the verifier stopped parts of it."""
        return [note.text for note in self.notes if note.code == "unverified"]

    @field_serializer("value")
    def _plain(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return float(value)
        if isinstance(value, list):
            return [float(v) if isinstance(v, Decimal) else v for v in value]
        return value
