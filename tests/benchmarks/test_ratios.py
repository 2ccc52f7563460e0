"""What an answer costs beside its floors must not grow: ratios of one run, never times."""

from __future__ import annotations

import pytest

from benchmarks.answering import measured

# Measured on two cores, quiet or busy, and twice as much again for what else runs beside a test.
MOST = {
    "numbers, first time : embedding": 10,
    "numbers, again : embedding": 3,
    "text, again : embedding and query": 2,
    "lookup : bare SQL": 8,
}


@pytest.mark.slow
def test_no_ratio_has_grown() -> None:
    ratios = measured(60)["ratios"]
    assert ratios.keys() == MOST.keys()
    assert {name: ratio for name, ratio in ratios.items() if ratio > MOST[name]} == {}
