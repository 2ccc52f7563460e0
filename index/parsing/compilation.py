"""One file to the Documents that it holds: mostly one, several in a compilation of departments.

In: the blocks of one file. Out: its Documents. A department begins where a line is the title of its budget, and the
standard tables of the department before start again below it. The units of a department are not departments: their
chapters stay with it.
"""

from __future__ import annotations

import re
from itertools import pairwise

from index.errors import StructureError
from index.model import Block, Document, Grid, Paragraph
from index.parsing.kinds import BY_NAME
from index.parsing.metadata import is_organisation, plain_owner
from index.parsing.structure import build_document

TITLE = re.compile(
    r"^(?!第[一二三四五六七八九十]+部分)(?:[一二三四五六七八九十百\d]+[、.．]|附件\d*[:：]?)?(?:20\d\d年?度?)?(?P<name>[\u4e00-\u9fff（）()]{3,30}?)"
    r"(?:20\d\d年?度?)?部门(?:综合)?[预决]算[^。，；：]{0,16}$"
)
REST_OF_TITLE = re.compile(r"^20\d\d年?度?部门(?:综合)?[预决]算[^。，；：]{0,16}$")
YEAR_LINE = re.compile(r"^20\d\d年?度?$")
STANDARD = ("summary", "functional", "economic", "three_public")


def build_documents(
    blocks: list[Block], name: str, department: str | None = None, year: int | None = None
) -> list[Document]:
    """The Documents of one file's blocks; a `department` that the operator names has them all. Raises StructureError."""
    starts = [] if department else _starts(blocks)
    if len({owner for _, owner in starts}) > 1:
        found = _split(blocks, starts, name, year)
        if len(found) > 1:
            return found
    return [build_document(blocks, name, department, year)]


def _starts(blocks: list[Block]) -> list[tuple[int, str]]:
    """Where a department's title stands, with its name: one for each run of the same name that has tables below."""
    found: list[tuple[int, str]] = []
    for index, block in enumerate(blocks):
        owner = _owner_in_title(block, blocks[index + 1] if index + 1 < len(blocks) else None)
        if owner and not (found and found[-1][1] == owner):
            if found and not _has_grid(blocks[found[-1][0] : index]):
                found.pop()  # a line of the contents page
            if not (found and found[-1][1] == owner):
                found.append((_with_year(blocks, index), owner))
    found = [start for start in found if _has_grid(blocks[start[0] :])]
    # The first department may be named otherwise than by such a line.
    return [(0, ""), *found] if found and _has_grid(blocks[: found[0][0]]) else found


def _owner_in_title(block: Block, after: Block | None) -> str:
    """The department of which a line, or a line with the one after, is the title; empty where it is none."""
    if not isinstance(block, Paragraph):
        return ""
    text = re.sub(r"\s", "", block.text)
    match = TITLE.match(text)
    if match:
        owner = plain_owner(match["name"])
        return owner if is_organisation(owner) else ""
    below = re.sub(r"\s", "", after.text) if isinstance(after, Paragraph) else ""
    return text if REST_OF_TITLE.match(below) and is_organisation(text) and len(text) <= 30 else ""


def _with_year(blocks: list[Block], index: int) -> int:
    """The index of the year's own line above a title, or the title's."""
    above = blocks[index - 1] if index else None
    has_year = isinstance(above, Paragraph) and YEAR_LINE.match(re.sub(r"\s", "", above.text))
    return index - 1 if has_year else index


def _has_grid(blocks: list[Block]) -> bool:
    return any(isinstance(block, Grid) for block in blocks)


def _split(blocks: list[Block], starts: list[tuple[int, str]], name: str, year: int | None) -> list[Document]:
    """The Documents from start to start. What is no department of its own stays with the one before."""
    parts: list[tuple[int, int, Document]] = []  # from, to, and what stands at the beginning
    for start, end in pairwise([*(place for place, _ in starts), len(blocks)]):
        own = _document(blocks[start:end], name, year)
        if parts and (own is None or not _begins_again(parts[-1][2], own)):
            parts[-1] = (parts[-1][0], end, parts[-1][2])
        elif own is not None:
            parts.append((start, end, own))
    found = (_document(blocks[start:end], name, year) for start, end, _ in parts) if len(parts) > 1 else ()
    return [document for document in found if document is not None]


def _document(blocks: list[Block], name: str, year: int | None) -> Document | None:
    try:
        return build_document(blocks, name, None, year)
    except StructureError:
        return None


def _begins_again(before: Document, own: Document) -> bool:
    """Whether a Document is of another department than the one before, no unit of that, with standard tables as that has."""
    is_unit = own.department in before.budget_units or own.department.startswith(before.department)
    return not is_unit and bool(_standard(own) & _standard(before))


def _standard(document: Document) -> set[str]:
    return {table.kind for table in document.tables if BY_NAME[table.kind].rows in STANDARD}
