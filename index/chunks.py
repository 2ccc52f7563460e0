"""Document to chunks for retrieval.

In: a Document. Out: texts that fit the embedding model's window, each carrying its context (section, table, column paths, unit) in its
own words, since a vector knows only the text it was made from. Whose and of which year it is stands beside it, and amounts stand in the
facts: so what a thousand departments publish alike, a row of the classification or a definition, is one text and is embedded once. Five
kinds: a paragraph, a definition, a duty, a project with its performance target, a table row.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

from index.model import Document, Place, Row, Section, Table
from index.parsing.rows import NOTHING, plain_label
from index.parsing.subjects import Subject, subjects

ChunkKind = Literal["paragraph", "definition", "duty", "project", "row", "note"]
LONGEST = 500  # characters; 512 tokens hold some 730 (reference: 0.65 tokens a character), context included
GOAL = re.compile(r"目标$|目标（|^预期目标")
DEFINITION = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）]|\d+[.、])?\s*([^：:。，]{2,30})[：:](.{8,})$"
)


@dataclass(frozen=True)
class Chunk:
    """`text` is what is embedded, `body` the document's own words in it; `subject` is the term, unit or project."""

    document: str
    kind: ChunkKind
    subject: str
    heading: str
    text: str
    body: str
    place: Place
    table_index: int | None = None
    row_index: int | None = None

    @property
    def key(self) -> str:
        """The content hash under which the vector of this text is stored."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:32]


def document_chunks(document: Document, document_id: str) -> list[Chunk]:
    """All chunks of a document, prose first, then tables row by row."""
    chunks = [c for section in document.sections for c in _section_chunks(document, document_id, section)]
    about = subjects(document.tables)
    for index, table in enumerate(document.tables):
        chunks += _table_chunks(document_id, table, index)
        chunks += _form_chunks(document_id, table, index, about[index])
    return chunks


DUTIES = re.compile(
    r"^(?:本?(?:部门|单位|机构|[局委办院])的?)?(?:主要)?(?:工作)?职[责能]|^.{0,20}(?:主要|工作)职[责能](?:情况|任务)?$"
)


def _form_chunks(document_id: str, table: Table, index: int, subject: Subject | None) -> list[Chunk]:
    """The goals that a form states in words: of its project, of a department, or of each project of a list."""
    found: list[tuple[str, str, str, int]] = []
    for i, row in enumerate(table.rows):
        if subject is not None and table.kind == "performance_fields" and GOAL.search(row.label):
            found.append((subject.name, row.label, row.cells[0], i))
        elif table.kind == "performance_projects" and row.role == "project":
            goals = ((c[-1], row.cells[n]) for n, c in enumerate(table.columns) if c and GOAL.search(c[-1]))
            found += [(row.label, column, text, i) for column, text in goals]
    of_project = subject is None or subject.is_project
    return [
        Chunk(document=document_id, kind="project" if of_project else "paragraph", subject=name, heading=table.title, body=piece,
              place=table.rows[i].place, text=f"{'项目：' if of_project else ''}{name} {goal}：{piece}", table_index=index,
              row_index=i)
        for name, goal, text, i in found if text not in NOTHING for piece in split_text(text)
    ]  # fmt: skip


def split_text(text: str, longest: int = LONGEST) -> list[str]:
    """Pieces of at most `longest` characters, cut after sentences where there are any, else hard."""
    pieces: list[str] = []
    for sentence in re.findall(r"[^。；！？]+[。；！？]?", text):
        for start in range(0, len(sentence), longest):
            part = sentence[start : start + longest]
            if pieces and len(pieces[-1]) + len(part) <= longest:
                pieces[-1] += part
            else:
                pieces.append(part)
    return pieces


def _section_chunks(document: Document, document_id: str, section: Section) -> list[Chunk]:
    heading = section.path[-1] if section.path else ""
    definition = DEFINITION.match(section.text) if "名词解释" in "".join(section.path) else None
    kind: ChunkKind = "paragraph"
    subject = plain_label(heading)
    if definition:
        kind, subject = "definition", plain_label(definition[1])
    elif DUTIES.search(subject):
        kind, subject = "duty", _duty_owner(document, section.text)
    return [
        Chunk(
            document=document_id,
            kind=kind,
            subject=subject,
            heading=heading,
            body=piece,
            place=section.place_at(section.text.index(piece)),
            text=f"{' '.join(section.path[1:])} {piece}".strip(),
        )
        for piece in split_text(section.text)
    ]


def _duty_owner(document: Document, text: str) -> str:
    """The unit whose duties a paragraph tells: the one it names before 职责, else the department itself."""
    before = text.split("职责", maxsplit=1)[0]
    return next((unit for unit in document.budget_units if unit in before), document.department)


def _table_chunks(document_id: str, table: Table, index: int) -> list[Chunk]:
    chunks = [_row_chunk(document_id, table, index, i, row) for i, row in enumerate(table.rows)]
    notes = [
        Chunk(document=document_id, kind="note", subject=table.title, heading=table.title, body=note,
              text=f"《{table.title}》{note}", place=place, table_index=index)
        for note, place in zip(table.notes, table.note_places, strict=True)
    ]  # fmt: skip
    targets = [
        Chunk(document=document_id, kind="project", subject=row.label, heading=table.title, body=piece, place=row.place,
              text=f"{row.budget_unit or ''} 项目：{row.label} {name}：{piece}".strip(), table_index=index, row_index=i)
        for i, row in enumerate(table.rows)
        if row.role == "project"
        for name, text in row.texts.items()
        if text not in NOTHING
        for piece in split_text(text)
    ]  # fmt: skip
    return [c for c in chunks if c.body] + notes + targets


def _row_chunk(document_id: str, table: Table, table_index: int, row_index: int, row: Row) -> Chunk:
    filled = [
        ("/".join(column), cell)
        for column, cell, value in zip(table.columns, row.cells, row.values, strict=True)
        if value or (cell and len(table.columns) <= 2)
    ]
    owner = f" {row.budget_unit}" if row.budget_unit and row.role != "unit" else ""
    name, unit = f"{row.code or ''}{row.label}", f"（{table.unit or '单位未注明'}）"
    body = f"{name}：{'，'.join(f'{column} {cell}' for column, cell in filled) or '0.00'}{unit}"
    text = (
        f"《{table.title}》{owner} {'/'.join(row.path[:-1])} {name}：{'，'.join(column for column, _ in filled)}{unit}"
    )
    return Chunk(document=document_id, kind="row", subject=row.label, heading=table.title, body=body, place=row.place, text=text,
                 table_index=table_index, row_index=row_index)  # fmt: skip
