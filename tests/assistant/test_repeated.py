"""An item in several rows of one table: added where the total counts each row, else told apart."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from assistant.lookup.lookup import Lookup
from assistant.plan import Reduce, Select
from assistant.view import View
from index.model import Document
from index.sql.store import Store
from tests.assistant.conftest import OFFICE, add_document, row, table


@pytest.fixture
def looked_up(tmp_path: Path):
    """The lookup over a table of rows of several units that it does not name, under a total."""

    def made(total: str) -> Lookup:
        rows = [
            row("行政运行", "60.00", code="2012601", level=3),
            row("培训支出", "3.00", code="2050803", level=3),
            row("行政运行", "25.00", code="2012601", level=3),
            row("培训支出", "9.00", code="2050803", level=3),
            row("合计", total, role="total", level=0),
        ]
        expenditure = table("一般公共预算支出表", "general_public_expenditure", [["合计"]], rows)
        document = Document(title="某县档案局部门预算", department=OFFICE, year=2024, kind="部门预算", budget_units=[OFFICE],
                            tables=[expenditure], sections=[])  # fmt: skip
        store = Store.open(tmp_path / total)
        add_document(store, document, total.encode(), "档案.txt")
        return Lookup(View(store, store.documents()))

    return made


def test_rows_that_the_total_counts_each_are_added(looked_up) -> None:  # type: ignore[no-untyped-def]
    evidence = looked_up("97.00").look_up(Reduce(how="value", of=Select(labels=["培训支出"])))
    assert [v.amount for v in evidence.values] == [Decimal("12.00")]
    assert (evidence.derivation, len(evidence.values[0].facts)) == ("3.00 + 9.00 = 12.00", 2)


def test_rows_that_make_up_no_total_are_told_apart(looked_up) -> None:  # type: ignore[no-untyped-def]
    evidence = looked_up("85.00").look_up(Reduce(how="value", of=Select(labels=["培训支出"])))
    assert [v.amount for v in evidence.values] == [Decimal("3.00"), Decimal("9.00")]


def test_a_ranking_counts_an_item_once(looked_up) -> None:  # type: ignore[no-untyped-def]
    ranking = Reduce(how="rank", of=Select(classification="functional", level=3), n=5)
    assert [v.amount for v in looked_up("97.00").look_up(ranking).values] == [Decimal("85.00"), Decimal("12.00")]
