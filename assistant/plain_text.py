"""An answer as plain text, for readers that show nothing else. In: an Answer. Out: its text, derivation, notes and sources."""

from __future__ import annotations

from assistant.contract import Answer, Citation

MOST_SOURCES = 6  # a ranking of all projects has hundreds


def plain_text(answer: Answer) -> str:
    """The verified text, with what the page shows beside it as lines after it."""
    after = [f"算式：{answer.derivation}"] if answer.derivation else []
    after += [f"注意：{note.text}" for note in answer.notes]
    if answer.citations:
        after += ["出处：", *(f"- {source_line(c)}" for c in answer.citations[:MOST_SOURCES])]
    if len(answer.citations) > MOST_SOURCES:
        after.append(f"- 另有 {len(answer.citations) - MOST_SOURCES} 处")
    return "\n".join([answer.answer, *([""] if after else []), *after])


def source_line(citation: Citation) -> str:
    """Where a citation stands, after its mark."""
    return f"[{citation.id}] {place_line(citation)}"


def place_line(citation: Citation) -> str:
    """Where a citation stands and, of a figure, what is printed there; a passage is in the answer already."""
    table = f"《{citation.table}》" if citation.table else ""
    page = f"第{citation.place['page']}页" if citation.place.get("page") else ""
    where = " / ".join([*citation.row, *citation.column])
    told = f"{citation.year}年{citation.department}{table}{page}{where}"
    if citation.kind == "passage" or not citation.text:
        return told
    unit = citation.unit or ""
    return f"{told}：{citation.text}{'' if citation.text.endswith(unit) else unit}"
