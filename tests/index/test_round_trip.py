"""The shipped document written to other formats, printed and scanned: the same tables must give the same facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import SHIPPED
from writers import html, odf_sheet, printed, with_spans, word, xlsx

from index.facts import Fact, document_facts
from index.layout.text import without_spaces
from index.model import Block
from index.readers import read_blocks
from index.structure import build_document

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
