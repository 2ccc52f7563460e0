"""An answer as an Export. In: an Answer and the documents it cites. Out: a row a number, or a row a passage quoted."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.answer_rows import every_row
from assistant.contract import Answer, Citation
from assistant.web.sources.export import Column, Export, Line, Source, Value, place_in_words
from index.model import Place
from index.sql.store import DocumentInfo

COLUMNS = (Column("内容", 48), Column("数值", 18), Column("单位", 10))


def export_of(answer: Answer, documents: Mapping[str, DocumentInfo]) -> Export:
    """Question, answer, derivation and caveats are in the notes."""
    cited = {citation.id: citation for citation in answer.citations}
    lines = [
        Line(
            (row.label or answer.derivation or answer.question, row.number.text if row.amount is None else row.amount, row.unit),
            [_source(cited[c], documents, "数值") for c in row.number.citations if c in cited],
        )
        for row in every_row(answer)
    ]  # fmt: skip
    if not lines:
        lines = [Line((c.text, None, ""), [_source(c, documents, "内容")]) for c in answer.citations] or [
            Line((answer.answer, None, ""))
        ]
    notes: list[tuple[str, Value]] = [("问题", answer.question), ("回答", answer.answer)]
    notes += [("算式", answer.derivation)] if answer.derivation else []
    notes += [("注意", note.text) for note in answer.notes]
    return Export("回答", COLUMNS, lines, notes)


def _source(citation: Citation, documents: Mapping[str, DocumentInfo], of: str) -> Source:
    known = documents.get(citation.document)
    return Source(
        of=of, file=known.file_name if known else citation.document, department=citation.department, year=citation.year,
        table=citation.table or "", row=" › ".join(citation.row), column=" / ".join(citation.column),
        text=f"{citation.text}{'' if citation.text.endswith(citation.unit or '') else citation.unit}",
        place=place_in_words(Place.model_validate(citation.place)),
    )  # fmt: skip
