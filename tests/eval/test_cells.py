"""How a cell is named in a question, and what else the words fit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from eval.cells import Budget, Name
from eval.measures import Amount
from index.facts import Fact
from index.model import Place


def fact(label, value, row, path=(), **fields):
    base = {"document": "d", "department": "某县档案局", "year": 2024, "source": "cell", "table_kind": "other"}
    base |= {"table_number": None, "table_title": "2024年某县档案局支出总表", "table_index": 0, "row_index": row}
    base |= {
        "column_index": 0,
        "label": label,
        "name": label,
        "path": (*path, label),
        "code": None,
        "level": len(path) + 1,
    }
    base |= {"role": "item", "side": None, "budget_unit": None, "column": ("合计",), "column_name": "", "facets": ()}
    return Fact(**base | {"text": str(value), "value": Decimal(value), "unit": "万元", "place": Place(line=1)} | fields)


@pytest.fixture
def budget():
    return Budget("某县档案局", 2024, "", [
        fact("基本支出", 9, 0), fact("办公费", 4, 1, ("基本支出",)), fact("水费", 5, 2, ("基本支出",)),
        fact("项目支出", 7, 3), fact("办公费", 7, 4, ("项目支出",)),
    ])  # fmt: skip


def test_a_label_that_stands_twice_is_named_by_the_row_above(budget):
    assert [str(budget.name(f)) for f in budget.cells] == [
        "支出总表里基本支出", "支出总表里基本支出下的办公费", "支出总表里水费", "支出总表里项目支出", "支出总表里项目支出下的办公费",
    ]  # fmt: skip


def test_words_without_a_table_fit_every_cell_of_that_label(budget):
    assert [Amount(Decimal(4), "万元"), Amount(Decimal(7), "万元")] == budget.amounts(Name("办公费"))


def test_a_family_is_a_row_with_those_right_below_it(budget):
    assert [(parent.name, [c.name for c in rows]) for parent, rows in budget.families] == [
        ("基本支出", ["办公费", "水费"])
    ]


def test_a_column_is_said_unless_it_is_the_total(budget):
    cell = fact("水费", 3, 2, column=("其中", "上年结转"), column_name="上年结转")
    assert str(Budget("某县档案局", 2024, "", [*budget.facts, cell]).name(cell)) == "支出总表里水费的上年结转"
