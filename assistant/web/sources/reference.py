"""What a citation's button carries: where its source stands, so that opening it needs no session. In: a Citation. Out: JSON."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from assistant.contract import Citation
from index.facts import Fact
from index.model import Place

LONGEST = 600  # characters of a passage that are sent along to be marked


class Reference(BaseModel):
    """A cell, by table, row and column; or words, by their place. It comes back from the browser: nothing in it is trusted."""

    model_config = ConfigDict(extra="forbid")

    document: str = Field(max_length=64)
    table: int | None = Field(None, ge=0)
    row: int | None = Field(None, ge=0)
    column: int | None = Field(None, ge=0)
    place: Place = Place()
    text: str = Field("", max_length=LONGEST)

    @classmethod
    def of(cls, citation: Citation) -> Reference:
        """Where a citation stands."""
        # A cell is found by its numbers alone; words are found by their place.
        in_table = citation.table_index is not None
        return cls(
            document=citation.document, table=citation.table_index, row=citation.row_index,
            column=citation.column_index if citation.kind == "cell" else None,
            place=Place() if in_table else Place.model_validate(citation.place), text="" if citation.kind == "cell" else citation.text[:LONGEST],
        )  # fmt: skip

    @classmethod
    def of_fact(cls, fact: Fact) -> Reference:
        """Where a fact stands."""
        if fact.source == "figure":
            return cls(document=fact.document, place=fact.place, text=fact.text[:LONGEST])
        return cls(document=fact.document, table=fact.table_index, row=fact.row_index, column=fact.column_index)

    def packed(self) -> str:
        """As short JSON."""
        return self.model_dump_json(exclude_defaults=True)
