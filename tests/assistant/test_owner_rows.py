"""A table may have a row for the department itself; who asks for its whole budget does not mean that row."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answer import Assistant
from index.sql.store import Store
from tests.assistant.conftest import OFFICE, add_document, office, row, table


@pytest.mark.parametrize("question", [f"{OFFICE}的总预算", f"{OFFICE}的总预算是多少", f"{OFFICE}2024年的总预算是多少"])
def test_the_whole_budget_of_a_department_is_no_row_of_a_table_of_parts(question: str, tmp_path: Path) -> None:
    bought = table("政府采购预算表", "procurement", [["预算"]], [row(OFFICE, "3.00"), row(OFFICE, "1.50")])
    document = office()
    document = document.model_copy(update={"budget_units": [], "tables": [document.tables[0], bought]})
    store = Store.open(tmp_path)
    add_document(store, document, b"owner rows", "档案.txt")
    assert Assistant(store, None).ask(question).value == 100
