"""Published documents of many provinces: gold cells read by eye, accounting identities, and every amount accounted for.

They lie outside the repository (`BUDGET_QA_TEST_DOCUMENTS`); where they are absent these tests are skipped.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pdfplumber
import pytest
from gold import SET_ASIDE, cells_at, findings, gold_cells, same_text

from eval.gold import documents_folder
from index.checks.audit import audit_document
from index.checks.identity import Identity
from index.ingest import parse_file
from index.model import Document
from tests.generality import known

FILES = [p for p in sorted(documents_folder().glob("*")) if not any(name in p.name for name in SET_ASIDE)]
pytestmark = pytest.mark.skipif(not FILES, reason="没有真实文件；用 BUDGET_QA_TEST_DOCUMENTS 指明它们在哪里")

LEAST_RIGHT = 0.995
LEAST_HELD = 0.97


@cache
def parsed(path: Path) -> Document:
    (document,), _ = parse_file(path)
    return document


@cache
def identities(path: Path) -> list[Identity]:
    return audit_document(parsed(path), path.name)


def documents() -> dict[str, Path]:
    return {path.name: path for path in documents_folder().glob("*")}


@pytest.mark.slow
def test_cells_read_by_eye_are_read_the_same():
    missed, wrong = [], []
    cells = gold_cells()
    for gold in cells:
        texts = cells_at(parsed(documents()[gold["file"]]), gold)
        if not texts:
            missed.append(gold)
        elif not any(same_text(text, gold["text"]) for text in texts):
            wrong.append((gold, texts))
    assert wrong == []
    assert len(missed) <= (1 - LEAST_RIGHT) * len(cells), missed


@pytest.mark.slow
def test_accounting_identities_hold_and_every_other_one_is_explained():
    explained = {(one["file"], one["rule"], one["title"]) for one in findings()}
    found = [identity for path in FILES for identity in identities(path)]
    failed = [identity for identity in found if identity.verdict == "不一致"]
    unexplained = [i for i in failed if (i.document, i.rule, i.title) not in explained]
    assert [(i.document, i.rule, i.title, i.left, i.right) for i in unexplained] == []
    assert 1 - len(failed) / len(found) >= LEAST_HELD


@pytest.mark.slow
def test_every_finding_still_stands():
    failed = {(i.document, i.rule, i.title) for path in FILES for i in identities(path) if i.verdict == "不一致"}
    assert [one for one in findings() if (one["file"], one["rule"], one["title"]) not in failed] == []


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_whose_and_of_which_year_a_document_is_stands_in_it(path):
    document = parsed(path)
    year = next(part for part in path.stem.split("-") if part.isdigit())
    assert document.year == int(year)
    assert document.department and not Counter(document.department) & Counter("：:（）()")


# What some documents print again on each page, and is read once: (file, how many amounts, why).
PRINTED_AGAIN = (
    ("佛山市轨道交通局-2019", 22, "the row of totals stands on each page of a table"),
    ("长沙市信访局-2026", 15, "a project's amount stands on each page that its indicators go on to"),
)
AMOUNT = re.compile(r"-?\d[\d,]*\.\d+")


@pytest.mark.slow
@pytest.mark.parametrize("path", [p for p in FILES if p.suffix == ".pdf"], ids=lambda path: path.name)
def test_every_amount_in_a_ruled_area_is_read_as_often_as_it_is_printed(path):
    """Counted from pdfplumber's words inside pdfplumber's own tables: nothing of ours but the numbers of the pages."""
    tables = parsed(path).tables
    ours: Counter[str] = Counter()
    for row in (row for table in tables for row in table.rows):
        ours.update(amount for cell in [*row.cells, *row.texts.values()] for amount in AMOUNT.findall(cell))
    pages = {row.place.page for table in tables for row in table.rows}
    theirs: Counter[str] = Counter()
    with pdfplumber.open(path) as pdf:
        for page in (page for page in pdf.pages if page.page_number in pages):
            boxes = [found.bbox for found in page.find_tables()]
            theirs.update(word["text"] for word in page.extract_words(x_tolerance=1.5) if _is_inside(word, boxes))
            page.close()
    again = next((count for name, count, _ in PRINTED_AGAIN if name in path.name), 0)
    assert (theirs - ours).total() == again, theirs - ours


def _is_inside(word: dict, boxes: list[tuple]) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    inside = any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in boxes)
    return inside and bool(AMOUNT.fullmatch(word["text"]))


@pytest.mark.slow
def test_no_word_of_the_product_names_what_is_one_documents_own():
    said = {path.name: known(parsed(path)) for path in FILES}
    assert {file: found for file, found in said.items() if found} == {}
