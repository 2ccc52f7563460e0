"""What must hold between questions and answers, whatever the document: a sample, and at length."""

from __future__ import annotations

import pytest

from eval.cells import budgets_of
from eval.gold import ALL, GoldError, document_path
from eval.metamorphic import print_results, probe
from eval.products import opened
from eval.report import wide_console

SAMPLE = 150  # questions


def test_a_sample_of_questions_made_from_the_cells_has_no_wrong_number(shipped_store, ask):
    results = probe(budgets_of(shipped_store), lambda question: ask(question).model_dump(mode="json"), SAMPLE, seed=7)
    assert results.wrong == []


@pytest.mark.soak
@pytest.mark.parametrize(("document", "questions"), [(None, 2000), (ALL, 9000)], ids=["shipped", "real"])
def test_questions_made_from_the_cells_have_no_wrong_number(document, questions):
    try:
        document_path(document)
    except GoldError as error:
        pytest.skip(str(error))
    with opened(None, document) as measured:
        results = probe(budgets_of(measured.store), lambda question: measured.product(question, []), questions)
    print_results(wide_console(), results)
    assert results.wrong == []
