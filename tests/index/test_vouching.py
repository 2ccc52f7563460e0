"""Which figures of a scan are in doubt, as its identities tell."""

from __future__ import annotations

import pytest
from builders import EXPENDITURE, budget

from index.checks.vouching import doubtful
from index.model import Document


def scanned(unsure: dict[tuple[str, int], float], table: str = EXPENDITURE) -> Document:
    """The table as read by OCR: surely, but for some cells by label and column."""
    document = budget(table)
    for row in document.tables[0].rows:
        row.confidences = [unsure.get((row.label, c), 0.99) for c in range(len(row.cells))]
    return document


def told(document: Document) -> set[tuple[str, int]]:
    return {(document.tables[t].rows[r].label, c) for t, r, c in doubtful(document)}


def test_the_files_own_text_is_not_in_doubt() -> None:
    assert doubtful(budget(EXPENDITURE.replace("20.00", "26.00"))) == frozenset()


def test_an_unsure_figure_is_vouched_for_by_a_sum_of_sure_ones() -> None:
    assert told(scanned({("教育支出", 1): 0.5})) == set()


def test_two_unsure_figures_of_one_sum_do_not_vouch_for_each_other() -> None:
    unsure = {("教育支出", 1): 0.5, ("合计", 1): 0.5}
    assert told(scanned(unsure)) == set(unsure)


def test_a_sum_of_columns_does_not_say_that_its_parts_stand_in_their_own_columns() -> None:
    without_total = EXPENDITURE.replace("\t合计\t100.00\t70.00\t30.00\n", "")
    unsure = {("教育支出", 1): 0.5}
    assert told(scanned(unsure, without_total)) == set(unsure)


@pytest.mark.parametrize("label", ["合计", "一般公共服务支出"])
def test_all_figures_of_an_identity_that_fails_are_in_doubt(label: str) -> None:
    document = scanned({}, EXPENDITURE.replace("80.00\t50.00\t30.00\n20101", "80.00\t50.00\t37.00\n20101"))
    assert (label, 2) in told(document)
    assert ("教育支出", 1) not in told(document)
