"""The unit of a table that prints none."""

import pytest

from index.parsing.agreement import with_agreed_units
from tests.assistant.conftest import row, table


def plain(unit: str | None, *amounts: str):
    rows = [row(f"科目{i}", amount) for i, amount in enumerate(amounts)]
    return table("支出总表", "expenditure_summary", [["预算"]], rows).model_copy(update={"unit": unit})


@pytest.mark.parametrize(
    ("unstated", "others", "unit"),
    [
        (("120.55", "80.31", "40.24"), [("万元", ("120.55", "80.31", "40.24", "9.99"))], "万元"),
        (("120.55", "80.31", "1.24"), [("万元", ("120.55", "80.31", "1.24"))], None),
        (("120.00", "80.00", "40.00"), [("万元", ("120.00", "80.00", "40.00"))], None),
        (("120.55", "80.31", "40.24"), [("万元", ("120.55", "80.31", "40.24")), ("元", ("40.24",))], None),
        (("120.55", "80.31", "40.24"), [("万元", ("1,205.50",))], None),
    ],
    ids=["agrees", "small amounts", "round amounts", "agrees with two units", "has nothing in common"],
)
def test_a_table_without_a_unit_has_that_of_the_tables_it_agrees_with(unstated, others, unit):
    tables = [plain(None, *unstated), *(plain(said, *amounts) for said, amounts in others)]
    assert [t.unit for t in with_agreed_units(tables)] == [unit, *(said for said, _ in others)]
