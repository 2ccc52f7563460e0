"""Which of the documents of one budget are answered from.

In: the documents of one department, year and kind, in the order in which they came. Out: for each its Standing. One that
states what another states repeats it (the same budget as PDF and XLSX); one with most of the amounts of another, some of
them changed, is another edition, of which the later counts. What has little in common, as prose and tables in two files,
stands for itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.amounts import YUAN
from index.facts import Fact, document_facts
from index.model import Document
from index.parsing.metadata import CORRECTED
from index.sql.store import DocumentInfo, Standing

Key = tuple[str, str, str]  # source, row name, column name; not the code, which one format may tell and another not

Amount = tuple[Decimal, Decimal]  # in 元, and the last place, in 元 too

REPEATED = Decimal("0.95")  # of the smaller one's amounts, that the other states too
EDITION = Decimal("0.8")
TEXT_ROOM = 1.2  # a repetition may have that much more text, by how formats break it up, and a little besides
LITTLE_TEXT = 300
OWN_OFFICE = re.compile(r"本级|本部|机关本|局机关|委机关")
CORRECTION = re.compile(r"(?:预算|决算|公开)[^。；，]{0,12}(?:更正|勘误)|更正(?:说明|公告|如下|后的)|以本次公开为准")


@dataclass(frozen=True)
class Contents:
    """What is compared of a document. `amounts` are those that are not zero, each with the last place that its table prints."""

    id: str
    amounts: dict[Key, list[Amount]]
    cells: int
    size: int
    text: int
    scanned: bool
    corrected: bool


def budget_key(document: Document | DocumentInfo) -> tuple[str, int, str, bool]:
    """What two documents of one budget have in common: department, year, kind, and whether they are its own office's alone."""
    kind = document.kind.replace("综合", "")
    return document.department, document.year, kind, bool(OWN_OFFICE.search(document.title))


def arrange(documents: Sequence[tuple[str, Document]]) -> dict[str, Standing]:
    """The standing of each document, by its id; all of one `budget_key`, in the order in which they came."""
    standings = {identifier: Standing() for identifier, _ in documents}
    if any("绩效" in document.kind for _, document in documents):
        return standings  # a department has a form for each project, much alike
    contents = [contents_of(identifier, document) for identifier, document in documents]
    editions: list[list[Contents]] = []
    for one in sorted(contents, key=lambda c: -c.size):
        same = next((edition for edition in editions if repeats(one, edition[0])), None)
        if same is None:
            editions.append([one])
        elif same[0].scanned and not one.scanned and one.size >= EDITION * same[0].size:
            same.insert(0, one)  # what was read from a picture is worth less
        else:
            same.append(one)
    order = {one.id: place for place, one in enumerate(contents)}
    editions.sort(key=lambda edition: (any(c.corrected for c in edition), min(order[c.id] for c in edition)))
    for place, (shown, *others) in enumerate(editions):
        standings |= {other.id: Standing(repeats=shown.id) for other in others}
        newer = [edition[0].id for edition in editions[place + 1 :] if corrects(edition[0], shown)]
        if newer:
            standings[shown.id] = Standing(superseded_by=newer[-1])
    return standings


def contents_of(identifier: str, document: Document) -> Contents:
    """What of a document is compared with others of its budget; targets of projects are not."""
    facts = [fact for fact in document_facts(document, identifier) if fact.value and fact.table_kind != "target"]
    steps: dict[tuple, Decimal] = {}
    for fact in facts:
        place = fact.table_index, fact.unit
        steps[place] = min(steps.get(place, _step(fact)), _step(fact))
    amounts: defaultdict[Key, list[Amount]] = defaultdict(list)
    for fact in facts:
        amount = _in_yuan(fact), steps[fact.table_index, fact.unit]
        amounts[fact.source, fact.name, fact.column_name].append(amount)
    said = [document.title, *(section.text for section in document.sections)]
    return Contents(
        identifier, {key: sorted(values) for key, values in amounts.items()},
        cells=sum(fact.source == "cell" for fact in facts), size=len(facts),
        text=sum(len(section.text) for section in document.sections),
        scanned=any(fact.confidence is not None for fact in facts),
        corrected=bool(CORRECTED.search(said[0])) or any(CORRECTION.search(text) for text in said),
    )  # fmt: skip


def repeats(one: Contents, other: Contents) -> bool:
    """Whether the smaller of two states nothing that the larger one does not."""
    inner, outer = sorted((one, other), key=lambda c: c.size)
    if not inner.size or inner.text > outer.text * TEXT_ROOM + LITTLE_TEXT:
        return False
    common, changed = compared(inner, outer)
    if inner.scanned != outer.scanned:  # what differs is misread
        return common >= EDITION * inner.size and inner.corrected == outer.corrected
    return common >= REPEATED * inner.size and not changed


def corrects(newer: Contents, older: Contents) -> bool:
    """Whether a document is a later edition of another: most amounts are the same, some changed, and no table left out."""
    common, changed = compared(newer, older)
    smaller = min(newer.size, older.size)
    return bool(changed) and common >= EDITION * smaller and newer.cells >= EDITION * older.cells


def compared(one: Contents, other: Contents) -> tuple[int, int]:
    """How many amounts two documents share, and how many both state otherwise, under the same row and column."""
    common = changed = 0
    for key in one.amounts.keys() & other.amounts.keys():
        mine, theirs = one.amounts[key], other.amounts[key]
        same = _matches(mine, theirs)
        common += same
        changed += min(len(mine), len(theirs)) - same
    return common, changed


def _matches(mine: list[Amount], theirs: list[Amount]) -> int:
    """How many of two sorted lists are equal pairs; of two that are rounded otherwise the last place may differ."""
    i = j = found = 0
    while i < len(mine) and j < len(theirs):
        steps = mine[i][1], theirs[j][1]
        if abs(mine[i][0] - theirs[j][0]) <= (max(steps) if steps[0] != steps[1] else 0):
            found, i, j = found + 1, i + 1, j + 1
        elif mine[i] < theirs[j]:
            i += 1
        else:
            j += 1
    return found


def _in_yuan(fact: Fact) -> Decimal:
    assert fact.value is not None
    return fact.value * YUAN[fact.unit] if fact.unit in YUAN else fact.value


def _step(fact: Fact) -> Decimal:
    assert fact.value is not None
    return Decimal(1).scaleb(int(fact.value.as_tuple().exponent)) * YUAN.get(fact.unit or "", Decimal(1))
