"""No word of the product is lifted from one document or from a question that it is measured by."""

from __future__ import annotations

import pytest

from eval.questions import DEV, REAL_DEV, load_cases
from index.ingest import parse_file
from index.model import Document
from tests.generality import CHINESE, EVERYWHERE, ROOT, code, everything, known, names_of, plain, training, vocabulary

SHIPPED = [path for path in sorted((ROOT / "index" / "data").iterdir()) if path.suffix == ".txt"]
EVERYDAY = 9  # characters; what is shorter, many people say alike: 比去年呢, 后者比前者多多少


def questions() -> set[str]:
    """The questions to work on, plainly, but those short enough to be anybody's."""
    files = [*sorted(DEV.glob("*.jsonl")), *sorted(REAL_DEV.glob("*.jsonl"))]
    asked = {plain(case.question) for path in files for case in load_cases(path)}
    return {text for text in asked if len(CHINESE.findall(text)) >= EVERYDAY}


@pytest.fixture(scope="module")
def shipped() -> Document:
    (path,) = SHIPPED
    (document,), _ = parse_file(path)
    return document


def test_no_word_and_no_training_line_is_a_question():
    asked = questions()
    assert len(asked) > 3000
    assert [(t, place) for t, place in (*vocabulary(), *training(), *code()) if plain(t) in asked] == []


def test_nothing_names_what_is_the_shipped_documents_own(shipped: Document):
    assert len(names_of(shipped)) > 20
    assert known(shipped) == []


def test_a_name_is_found_however_it_is_written(shipped: Document):
    name = max(names_of(shipped), key=len)
    line = f"请问 {name[:4]}“{name[4:]}”（二期）多少钱"
    assert name in plain(line)


def test_names_let_through_are_said_somewhere():
    assert [name for name in sorted(EVERYWHERE) if name not in everything()] == []
