"""An answer as the contract prints it, read with exact numbers.

In: the JSON of `budget-qa ask --json` as a dict. Out: `Given`, with the value taken apart into amounts, a boolean or
names, and the numbers stated in the text. Read from the contract alone (DESIGN), not with the product's own classes.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from eval.measures import Amount, numbers_in, standard_unit

NUMERIC = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?(?:E[-+]?\d+)?", re.IGNORECASE)
YES_OR_NO = re.compile(r"(是的|有|不是|没有)。")
QUIET = ("id", "kind", "text", "value", "unit", "place", "ocr_confidence")


def exact(value: Any) -> Any:
    """A JSON number, or a string that is nothing but one, as a Decimal; everything else as it is."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    if isinstance(value, str) and NUMERIC.fullmatch(value):
        return Decimal(value.replace(",", "").replace("−", "-"))
    return value


class Citation(BaseModel):
    """One citation. `names` are its fields of words (row, column, table, department, year, and any that were added)."""

    model_config = ConfigDict(extra="allow")

    id: str | int
    kind: str
    text: str = ""
    value: Decimal | None = None
    unit: str | None = None
    year: int | None = None
    row: list[str] = Field(default_factory=list)
    place: dict[str, Any] = Field(default_factory=dict)

    @property
    def amount(self) -> Amount | None:
        return None if self.value is None else Amount(self.value, standard_unit(self.unit))

    @property
    def names(self) -> list[str]:
        fields = [value for key, value in self.model_dump().items() if key not in QUIET]
        pieces = [piece for value in fields for piece in (value if isinstance(value, list) else [value])]
        return [piece for piece in pieces if isinstance(piece, str)] + ([str(self.year)] if self.year else [])


class Number(BaseModel):
    """A span of the answer text that states a number, and the citations it rests on."""

    text: str
    start: int
    end: int
    citations: list[str | int]


class Given(BaseModel):
    """The answer to one question. Raises pydantic's ValidationError where it breaks the contract."""

    model_config = ConfigDict(extra="ignore")

    answer: str
    refused: bool
    reason: str | None = None
    value: Any = None
    unit: str | None = None
    numbers: list[Number] = Field(default_factory=list)
    derivation: str | None = None
    citations: list[Citation] = Field(default_factory=list)
    notes: list[dict] = Field(default_factory=list)
    suggestions: list[dict] = Field(default_factory=list)

    @field_validator("value", mode="before")
    @classmethod
    def read_value(cls, value: Any) -> Any:
        return [exact(item) for item in value] if isinstance(value, list) else exact(value)

    @property
    def values(self) -> list[Any]:
        if self.value is None:
            return []
        return self.value if isinstance(self.value, list) else [self.value]

    @property
    def amounts(self) -> list[Amount]:
        """The numbers given as `value`, in their order."""
        return [Amount(value, standard_unit(self.unit)) for value in self.values if isinstance(value, Decimal)]

    @property
    def names(self) -> list[str]:
        return [value for value in self.values if isinstance(value, str)]

    @property
    def boolean(self) -> bool | None:
        return self.value if isinstance(self.value, bool) else None

    @property
    def said(self) -> bool | None:
        """The yes or no of the part that says one, where `value` holds another part's numbers."""
        found = next((m[1] for line in self.answer.splitlines() if (m := YES_OR_NO.match(line))), None)
        return None if found is None else found in ("是的", "有")

    @property
    def asked_back(self) -> bool:
        return self.reason == "ambiguous" and self.value is None and not self.refused

    @cached_property
    def stated(self) -> list[Amount]:
        """The numbers that `numbers` marks in the text, each in the unit printed after it, else in the answer's."""
        spans = [(number.start, number.end) for number in self.numbers]
        found = [s for s in numbers_in(self.answer) if any(a <= s.start and s.end <= b for a, b in spans)]
        return [Amount(s.amount.number, s.amount.unit or standard_unit(self.unit)) for s in found]
