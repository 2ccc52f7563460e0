"""The shipped document written to other formats, printed and scanned: the same tables must give the same facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from builders import SHIPPED
from PIL import Image
from writers import degraded, html, odf_sheet, picture_pdf, pictures, printed, with_spans, word, xlsx

from index.checks.audit import audit_document
from index.facts import SURE, Fact, document_facts
from index.layout.text import without_spaces
from index.model import Block, Document
from index.parsing.structure import build_document
from index.readers import read_blocks

OFFICE = {".xlsx": xlsx, ".ods": odf_sheet, ".docx": word, ".html": html}


def plain(part: object) -> object:
    """Without the spaces beside Chinese (1. 公务用车购置费), which a text file keeps and the other readers drop."""
    if isinstance(part, tuple):
        return tuple(plain(one) for one in part)
    return without_spaces(part) if isinstance(part, str) else part


def told(fact: Fact) -> tuple:
    """All that a fact says but where it stands. Notes are no part of it: a text file tells by a line break alone where a note
    of two lines ends, which the other formats do not have."""
    parts = (
        fact.source, fact.table_kind, fact.table_title, fact.path, fact.label, fact.role, fact.side, fact.code, fact.budget_unit,
        fact.column, fact.value, fact.unit,
    )  # fmt: skip
    return tuple(plain(part) for part in parts)


def facts_of(content: bytes, suffix: str) -> Counter[tuple]:
    name = SHIPPED.with_suffix(suffix).name
    document = build_document(read_blocks(Path(name), content), name)
    return Counter(told(fact) for fact in document_facts(document, ""))


@pytest.fixture(scope="module")
def blocks() -> list[Block]:
    return with_spans(SHIPPED)


@pytest.fixture(scope="module")
def facts() -> Counter[tuple]:
    return facts_of(SHIPPED.read_bytes(), ".txt")


@pytest.fixture(scope="module")
def pdf(blocks: list[Block], chromium: str) -> bytes:
    return printed(html(blocks), chromium)


@pytest.mark.parametrize("suffix", OFFICE)
def test_the_same_tables_in_an_office_format_give_the_same_facts(
    suffix: str, blocks: list[Block], facts: Counter[tuple]
) -> None:
    write: Callable[[list[Block]], bytes] = OFFICE[suffix]
    assert facts_of(write(blocks), suffix) == facts


def test_the_same_tables_printed_to_pdf_give_the_same_facts(pdf: bytes, facts: Counter[tuple]) -> None:
    assert facts_of(pdf, ".pdf") == facts


# --- scans -------------------------------------------------------------------------------------------------------
@dataclass
class Scan:
    """The amounts of printed pages as they are read from pictures of them: each printed one with what is read in its place."""

    document: Document
    pairs: list[tuple[Fact, Fact | None]]

    @property
    def right(self) -> int:
        return sum(read is not None and read.value == shown.value for shown, read in self.pairs)

    @property
    def unnoticed(self) -> list[tuple[str, str]]:
        """Wrong figures that OCR is sure of, and that stand in no identity that fails."""
        caught = {
            (cell.table, cell.row, cell.column)
            for identity in audit_document(self.document, "")
            if identity.verdict == "不一致"
            for cell in identity.cells
        }
        return [
            (shown.text, read.text) for shown, read in self.pairs
            if read and read.value != shown.value and (read.confidence or 0) >= SURE
            and (read.table_index, read.row_index, read.column_index) not in caught
        ]  # fmt: skip


def scan_of(pdf: bytes, numbers: list[int], spoil: Callable[[Image.Image, int], Image.Image]) -> Scan:
    pages = pictures(pdf, numbers)
    scanned = read_blocks(Path("a.pdf"), picture_pdf([spoil(page, n) for page, n in zip(pages, numbers, strict=True)]))
    document = build_document(scanned, "a.pdf", department="某市测试局", year=2024)
    read = [fact for fact in amounts(document_facts(document, "")) if fact.confidence is not None]
    pairs = []
    for shown in (fact for fact in printed_amounts(pdf) if fact.place.page in numbers):
        on_page = [fact for fact in read if fact.place.page == numbers.index(shown.place.page) + 1]
        pairs.append((shown, next((fact for fact in on_page if lies_on(shown, fact)), None)))
    return Scan(document, pairs)


def amounts(facts: list[Fact]) -> list[Fact]:
    return [fact for fact in facts if fact.source == "cell" and fact.value is not None and fact.place.box]


@cache
def printed_amounts(pdf: bytes) -> list[Fact]:
    return amounts(document_facts(build_document(read_blocks(Path("a.pdf"), pdf), SHIPPED.name), ""))


def lies_on(one: Fact, other: Fact) -> bool:
    """Whether two cells are one: the middle of each is in the other."""
    boxes = [fact.place.box or (0, 0, 0, 0) for fact in (one, other)]
    middles = [((left + right) / 2, (top + bottom) / 2) for left, top, right, bottom in boxes]
    return all(
        left < x < right and top < y < bottom
        for (left, top, right, bottom), (x, y) in zip(boxes, reversed(middles), strict=True)
    )


def pages_of(pdf: bytes, kinds: Callable[[str], bool], fewest: int = 19) -> list[int]:
    counts = Counter(fact.place.page for fact in printed_amounts(pdf) if kinds(fact.table_kind))
    return sorted(page for page, count in counts.items() if page and count >= fewest)


def as_it_is(picture: Image.Image, number: int) -> Image.Image:
    return picture


@pytest.mark.slow
def test_a_page_scanned_well_is_read_right(pdf: bytes) -> None:
    scan = scan_of(pdf, pages_of(pdf, "project_by_economic".__eq__)[:1], as_it_is)
    assert (scan.right, scan.unnoticed) == (len(scan.pairs), [])


@pytest.mark.slow
def test_what_is_misread_on_a_poor_scan_is_noticed(pdf: bytes) -> None:
    scan = scan_of(pdf, pages_of(pdf, "general_public_expenditure".__eq__)[:1], degraded)
    assert scan.unnoticed == []
    assert scan.right >= 0.9 * len(scan.pairs)


@pytest.mark.soak
@pytest.mark.parametrize(("spoil", "least"), [(as_it_is, 0.995), (degraded, 0.96)])
def test_all_tables_scanned_are_read_right_or_with_doubt(
    pdf: bytes, spoil: Callable[[Image.Image, int], Image.Image], least: float
) -> None:
    scan = scan_of(pdf, pages_of(pdf, "project_list".__ne__), spoil)
    assert scan.unnoticed == []
    assert scan.right >= least * len(scan.pairs)
