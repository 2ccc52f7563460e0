"""Gold values from named cells: exact, rounded once, and never silently stale."""

import json
from decimal import Decimal

import pytest

from eval import gold


@pytest.fixture
def document(tmp_path, monkeypatch):
    """A two-line document `d.txt`: a table row, and prose."""
    (tmp_path / "d.txt").write_text("支出\t8,124.85\t3,764.44\n比上年增加2,271.64万元，增长38.8%\n", "utf-8")
    monkeypatch.setenv("BUDGET_QA_TEST_DOCUMENTS", str(tmp_path))
    gold.lines_of.cache_clear()
    yield "d.txt"
    gold.lines_of.cache_clear()


@pytest.fixture
def write(tmp_path, document):
    def write(**fields):
        path = tmp_path / "q.jsonl"
        case = {
            "id": "q-1",
            "question": "问",
            "document": document,
            "gold": {"cells": {"a": "L1.1"}, "formula": ["a"]} | fields,
        }
        path.write_text(json.dumps(case, ensure_ascii=False) + "\n", "utf-8")
        return path

    return write


def test_cells_are_read_by_line_and_field_or_piece(document):
    assert gold.cell_value("L1.1", document) == Decimal("8124.85")
    assert gold.cell_value("L2~2,271.64", document) == Decimal("2271.64")


@pytest.mark.parametrize("name", ["L1.9", "L2~2,271.65", "X1", "L2.0"])
def test_a_cell_that_holds_no_single_number_is_an_error(document, name):
    with pytest.raises(gold.GoldError, match=name):
        gold.cell_value(name, document)


@pytest.mark.parametrize(
    ("formula", "value"),
    [("a/b*100", "215.83"), ("b/a*100", "46.33"), ("a-b", "4360.41"), ("abs(b-a)", "4360.41"), ("-(a+1)", "-8125.85")],
)
def test_quotients_are_rounded_once_half_up(formula, value):
    cells = {"a": Decimal("8124.85"), "b": Decimal("3764.44")}
    assert gold.compute(formula, cells) == Decimal(value)


def test_half_a_cent_is_rounded_up_and_sums_stay_exact():
    assert gold.compute("a/8", {"a": Decimal("0.04")}) == Decimal("0.01")
    assert gold.compute("a+a", {"a": Decimal("0.005")}) == Decimal("0.010")


@pytest.mark.parametrize("formula", ["c", "a**2", "__import__('os')", "a if a else a"])
def test_a_formula_is_arithmetic_over_named_cells_only(formula):
    with pytest.raises(gold.GoldError):
        gold.compute(formula, {"a": Decimal(1)})


def test_fresh_values_pass(write):
    assert gold.main([str(write(values=["8124.85"]))]) == 0


def test_stale_values_fail_and_are_rewritten_only_when_asked(write, capsys):
    path = write(values=["8124.58"])
    assert gold.main([str(path)]) == 1
    assert "stale" in capsys.readouterr().err
    assert gold.main(["--write", str(path)]) == 0
    assert json.loads(path.read_text("utf-8"))["gold"]["values"] == ["8124.85"]


def test_names_must_stand_in_the_document(write, capsys):
    assert gold.main([str(write(values=["8124.85"], names=["取暖费"]))]) == 1
    assert "取暖费" in capsys.readouterr().err
