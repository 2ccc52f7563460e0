"""Bounds, percentiles, and the gate of CI."""

import pytest

from eval import ci
from eval.ci import failures
from eval.coverage import Point
from eval.report import Tally, percentile, wilson


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [(0, 0, 0, 1), (0, 10, 0, 0.2775), (10, 10, 0.7225, 1), (90, 100, 0.8256, 0.9448), (5, 10, 0.2366, 0.7634)],
)
def test_wilson_bounds(right, n, low, high):
    assert wilson(right, n) == pytest.approx((low, high), abs=1e-4)


def test_percentiles_are_values_that_occurred():
    values = [5.0, 1.0, 3.0, 2.0, 4.0]
    assert (percentile(values, 50), percentile(values, 95), percentile([], 50)) == (3.0, 5.0, 0.0)


def tally(right=90, n=100, wrong_numbers=0, uncited=0):
    return Tally(n, right, 0, n - right, wrong_numbers, 0, 0, uncited, 0.0, 0.0)


@pytest.fixture
def at_the_goal(monkeypatch):
    """The gate with the thresholds of the goal, whatever the ratchet stands at."""
    monkeypatch.setattr(ci, "LEAST_RIGHT", {"dev": 0.90, "test": 0.90})
    monkeypatch.setattr(ci, "MOST_WRONG_NUMBERS", {"dev": 0, "test": 0})
    monkeypatch.setattr(ci, "MOST_UNCITED", {"dev": 0, "test": 0})


def test_the_ratchet_never_asks_for_more_than_the_goal():
    halves = {"dev", "test", "real-dev", "real-test"}
    assert set(ci.LEAST_RIGHT) == set(ci.MOST_WRONG_NUMBERS) == set(ci.MOST_UNCITED) == halves
    assert all(0.7 <= ci.LEAST_RIGHT[half] <= 0.90 for half in ("dev", "test"))
    assert all(0 < least <= 0.90 for least in ci.LEAST_RIGHT.values())


@pytest.mark.usefixtures("at_the_goal")
def test_ci_passes_at_its_thresholds():
    assert failures({"dev": tally(), "test": tally()}) == []


@pytest.mark.parametrize(
    ("short", "says"),
    [
        (tally(right=89), "89.0% right"),
        (tally(right=0, n=0), "0.0% right of 0"),
        (tally(right=100, wrong_numbers=1), "1 wrong numbers"),
        (tally(right=100, uncited=2), "2 uncited numbers"),
    ],
)
@pytest.mark.usefixtures("at_the_goal")
def test_ci_names_what_falls_short(short, says):
    (line,) = failures({"dev": tally(), "test": short})
    assert line.startswith("test: ")
    assert says in line


def test_a_wrong_number_without_a_caveat_fails_the_gate(monkeypatch):
    monkeypatch.setattr(ci, "MOST_UNWARNED", {"dev": 0, "test": 1})
    found = ci.unwarned({"dev": Point(10, 5, 2, 1), "test": Point(10, 5, 2, 1)})
    assert found == ["dev: 1 wrong numbers without a caveat, at most 0 allowed"]
