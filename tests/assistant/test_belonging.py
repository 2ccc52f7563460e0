"""Sums and rankings over several documents never count a unit beside its department, or a budget twice."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from assistant.lookup.lookup import Lookup
from assistant.plan import Combine, Reduce, Select
from assistant.view import View
from index.model import Document
from index.sql.store import Store
from tests.assistant.conftest import ARCHIVE, OFFICE, add_document, office, row, table

PROJECTS = Select(universe="projects")
SPENT = Select(labels=["档案事务"], columns=["项目支出"])
TOTAL = {"role": "total", "level": 0}


def own(department: str, amount: str, **fields: object) -> Document:
    """A unit's own budget: what its department's has of it."""
    spending = table("支出总体情况表", "expenditure_summary", [["合计"], ["基本支出"], ["项目支出"]], [
        row("合计", amount, "0.00", amount, **TOTAL), row("档案事务", amount, "0.00", amount, code="20126"),
    ])  # fmt: skip
    listed = table("部门预算项目支出预算表", "project_list", [["总计"]], [
        row("合计", amount, **TOTAL), row("缩微拍摄项目", amount, role="project", budget_unit=department),
    ])  # fmt: skip
    return Document(title=f"2024年{department}单位预算", department=department, year=2024, kind="单位预算",
                    tables=[spending, listed], sections=[]).model_copy(update=fields)  # fmt: skip


@pytest.fixture
def over(tmp_path) -> Callable[..., Lookup]:  # type: ignore[no-untyped-def]
    def lookup(*documents: Document) -> Lookup:
        store = Store.open(tmp_path)
        for number, document in enumerate(documents):
            add_document(store, document, f"{number}".encode(), f"{number}.txt")
        return Lookup(View(store, store.documents()))

    return lookup


@pytest.mark.parametrize("unit", [ARCHIVE, f"{OFFICE}保管中心"], ids=["named in its tables", "named after it"])
def test_a_unit_s_own_file_is_not_added_to_its_department(over: Callable[..., Lookup], unit: str) -> None:
    lookup = over(office(), own(unit, "8.00"))
    total = lookup.look_up(Reduce(how="sum", of=PROJECTS))
    assert total.values[0].amount == Decimal("30.00")
    assert lookup.look_up(Reduce(how="count", of=PROJECTS)).values[0].amount == 4
    assert lookup.look_up(Reduce(how="mean", of=PROJECTS)).values[0].amount == Decimal("7.50")
    ranked = lookup.look_up(Reduce(how="rank", of=SPENT)).values
    assert [value.facts[0].department for value in ranked] == [OFFICE]


def test_the_head_office_alone_is_not_added_to_the_whole_department(over: Callable[..., Lookup]) -> None:
    lookup = over(office(), own(OFFICE, "8.00"))
    assert lookup.look_up(Reduce(how="sum", of=SPENT)).values[0].amount == Decimal("30.00")


def test_departments_that_are_nobody_s_units_are_added_and_ranked(over: Callable[..., Lookup]) -> None:
    lookup = over(office(), own("某县财政局", "8.00"))
    assert lookup.look_up(Reduce(how="sum", of=SPENT)).values[0].amount == Decimal("38.00")
    ranked = lookup.look_up(Reduce(how="rank", of=SPENT)).values
    assert [value.facts[0].department for value in ranked] == [OFFICE, "某县财政局"]


def test_a_unit_alone_is_answered_from_its_own_file(over: Callable[..., Lookup]) -> None:
    lookup = over(office(), own(ARCHIVE, "8.00"))
    select = SPENT.model_copy(update={"departments": [ARCHIVE]})
    assert lookup.look_up(Reduce(how="sum", of=select)).values[0].amount == Decimal("8.00")


@pytest.mark.parametrize(("how", "refused"), [("sum", True), ("mean", True), ("difference", False)])
def test_a_department_and_its_unit_named_together_are_not_added(
    over: Callable[..., Lookup], how: str, refused: bool
) -> None:
    lookup = over(office(), own(ARCHIVE, "8.00"))
    operands = [Reduce(how="value", of=SPENT.model_copy(update={"departments": [name]})) for name in (OFFICE, ARCHIVE)]
    found = lookup.look_up(Combine(how=how, operands=operands))  # type: ignore[arg-type]
    assert bool(found.empty) is refused
    assert not refused or found.empty == f"{ARCHIVE}的数已在其主管部门的数里，两者不能相加"


@pytest.mark.parametrize(
    ("how", "amounts"), [("sum", ["39.00"]), ("descending", ["30.00", "9.00"]), ("least", ["9.00"])]
)
def test_of_a_set_of_budgets_a_unit_s_own_is_left_out(
    over: Callable[..., Lookup], how: str, amounts: list[str]
) -> None:
    lookup = over(office(), own(ARCHIVE, "8.00"), own("某县财政局", "9.00"))
    names = (OFFICE, ARCHIVE, "某县财政局")
    operands = [Reduce(how="value", of=SPENT.model_copy(update={"departments": [name]})) for name in names]
    found = lookup.look_up(Combine(how=how, operands=operands))  # type: ignore[arg-type]
    assert [f"{value.amount:.2f}" for value in found.values] == amounts


def test_a_table_that_two_files_of_one_budget_share_is_counted_once(over: Callable[..., Lookup]) -> None:
    part = office().model_copy(update={"tables": office().tables[4:], "title": "2024年某县档案局部门预算说明"})
    assert over(office(), part).look_up(Reduce(how="sum", of=PROJECTS)).values[0].amount == Decimal("30.00")
