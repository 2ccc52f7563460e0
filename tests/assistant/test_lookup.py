"""The structured lookup over a small invented department, and its arithmetic over any amounts."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.budgets.library import Scope
from assistant.evidence import Value
from assistant.lookup.lookup import Lookup
from assistant.plan import Check, Combine, Condition, Expression, Reduce, Select
from assistant.view import View
from index.facts import Fact, document_facts
from index.model import Document
from index.sql.store import DocumentInfo, Store
from tests.assistant.conftest import ARCHIVE, OFFICE, add_document, office, row, table

PROJECTS = Select(universe="projects")


def cell(label: str, **fields: object) -> Reduce:
    return Reduce(how="value", of=Select(labels=[label], **fields))  # type: ignore[arg-type]


def amounts(found: list[Value]) -> list[str]:
    return [str(value.amount) for value in found]


# --- one cell ------------------------------------------------------------------------------------------------------
def test_value_comes_with_its_fact(lookup: Lookup) -> None:
    evidence = lookup.look_up(cell("印刷费"))
    assert amounts(evidence.values) == ["28.50"]
    fact = evidence.values[0].facts[0]
    assert (fact.label, fact.table_kind, fact.unit, fact.text) == ("印刷费", "project_by_economic", "万元", "28.50")


def test_ambiguous_item_gives_every_value(lookup: Lookup) -> None:
    assert amounts(lookup.look_up(cell("办公费")).values) == ["6.00", "1.50"]


def test_item_is_restricted_by_table_or_scope(lookup: Lookup) -> None:
    assert amounts(lookup.look_up(cell("办公费", tables=["project_by_economic"])).values) == ["1.50"]
    assert amounts(lookup.look_up(cell("办公费", columns=["基本支出"])).values) == ["6.00"]


def test_column_is_picked_by_name_and_total_column_without(lookup: Lookup) -> None:
    assert amounts(lookup.look_up(cell("一般公共服务支出", columns=["项目支出"])).values) == ["30.00"]
    assert amounts(lookup.look_up(cell("一般公共服务支出")).values) == ["79.50"]


def test_row_is_found_by_code(lookup: Lookup) -> None:
    evidence = lookup.look_up(Reduce(how="value", of=Select(codes=["20126"])))
    assert [v.label for v in evidence.values] == ["档案事务"]


def test_units_row_is_its_own(lookup: Lookup) -> None:
    """The same item below two units: without a unit neither is meant."""
    assert amounts(lookup.look_up(cell("工资福利支出", units=[ARCHIVE])).values) == ["20.00"]
    assert amounts(lookup.look_up(cell("工资福利支出")).values) == ["60.00"]


def test_units_whole_budget_is_added_up_from_two_tables(lookup: Lookup) -> None:
    evidence = lookup.look_up(Reduce(how="value", of=Select(units=[OFFICE])))
    assert amounts(evidence.values) == ["60.00"]
    assert evidence.derivation == "40.00 + 20.00 = 60.00"


def test_zero_blank_and_absent_are_told_apart(lookup: Lookup) -> None:
    zero = lookup.look_up(cell("教育支出", columns=["项目支出"]))
    assert [v.amount for v in zero.values] == [0] and zero.empty is None
    blank = lookup.look_up(cell("教育支出", columns=["基本支出"]))
    assert not blank.values and blank.empty and "空白" in blank.empty
    absent = lookup.look_up(cell("国防支出"))
    assert not absent.values and absent.empty and "空白" not in absent.empty


@pytest.mark.parametrize("scope", [Scope(year=2023), Scope(department="某县财政局"), Scope(documents=("不存在",))])
def test_scope_of_the_asker_restricts(scope: Scope, office_store: Store) -> None:
    outside = Lookup(View(office_store, scope.among(office_store.documents())))
    assert not outside.look_up(cell("印刷费")).values


# --- sets ----------------------------------------------------------------------------------------------------------
def test_projects_are_counted_listed_summed_and_averaged(lookup: Lookup) -> None:
    assert amounts(lookup.look_up(Reduce(how="count", of=PROJECTS)).values) == ["4"]
    assert amounts(lookup.look_up(Reduce(how="list", of=PROJECTS)).values) == ["12.00", "8.00", "8.00", "2.00"]
    assert amounts(lookup.look_up(Reduce(how="sum", of=PROJECTS)).values) == ["30.00"]
    mean = lookup.look_up(Reduce(how="mean", of=PROJECTS))
    assert amounts(mean.values) == ["7.50"]
    assert mean.derivation == "12.00 + 8.00 + 8.00 + 2.00 = 30.00；30.00 ÷ 4 = 7.50"


def test_unit_filters_projects(lookup: Lookup) -> None:
    found = lookup.look_up(Reduce(how="list", of=Select(universe="projects", units=[ARCHIVE])))
    assert [v.label for v in found.values] == ["缩微拍摄项目", "展厅维护项目"]


@pytest.mark.parametrize(
    ("operator", "amount", "unit", "expected"),
    [
        ("gt", "8", "万元", ["12.00"]),
        ("ge", "8", "万元", ["12.00", "8.00", "8.00"]),
        ("lt", "80000", "元", ["2.00"]),
        ("le", "0.0008", "亿元", ["8.00", "8.00", "2.00"]),
        ("eq", "2", None, ["2.00"]),
    ],
)
def test_threshold_is_compared_in_its_own_unit(
    operator: str, amount: str, unit: str | None, expected: list[str], lookup: Lookup
) -> None:
    condition = Condition(operator=operator, amount=Decimal(amount), unit=unit)  # type: ignore[arg-type]
    found = lookup.look_up(Reduce(how="list", of=Select(universe="projects", where=[condition])))
    assert amounts(found.values) == expected


def test_nothing_over_a_threshold_counts_zero(lookup: Lookup) -> None:
    above = Select(universe="projects", where=[Condition(operator="gt", amount=Decimal(1000), unit="万元")])
    assert amounts(lookup.look_up(Reduce(how="count", of=above)).values) == ["0"]
    assert lookup.look_up(Reduce(how="sum", of=above)).empty


def test_rank_gives_the_top_and_all_that_tie_with_it(lookup: Lookup) -> None:
    top = lookup.look_up(Reduce(how="rank", of=PROJECTS, n=2))
    assert [v.label for v in top.values] == ["库房改造项目", "目录编印项目", "缩微拍摄项目"]
    second = lookup.look_up(Reduce(how="rank", of=PROJECTS, position=2))
    assert {v.label for v in second.values} == {"目录编印项目", "缩微拍摄项目"}
    smallest = lookup.look_up(Reduce(how="rank", of=PROJECTS, descending=False, position=1))
    assert [v.label for v in smallest.values] == ["展厅维护项目"]


def test_rank_beyond_the_end_says_how_many_there_are(lookup: Lookup) -> None:
    evidence = lookup.look_up(Reduce(how="rank", of=PROJECTS, position=9))
    assert not evidence.values and evidence.empty and "4" in evidence.empty


def test_parts_of_a_row_are_its_children_alone(lookup: Lookup) -> None:
    found = lookup.look_up(Reduce(how="list", of=Select(under=["工资福利支出"])))
    assert [v.label for v in found.values] == ["基本工资", "奖金"]


def test_level_keeps_wholes_and_parts_apart(lookup: Lookup) -> None:
    found = lookup.look_up(Reduce(how="list", of=Select(classification="functional", level=1)))
    assert [v.label for v in found.values] == ["一般公共服务支出", "教育支出", "卫生健康支出", "其他支出"]


def test_projects_without_a_target_are_found(lookup: Lookup) -> None:
    found = lookup.look_up(Reduce(how="list", of=Select(universe="projects", without_target=True)))
    assert "库房改造项目" not in [v.label for v in found.values] and len(found.values) == 3


# --- arithmetic ----------------------------------------------------------------------------------------------------
def test_share_ratio_difference_and_sum_state_their_derivation(lookup: Lookup) -> None:
    salary, bonus = cell("基本工资"), cell("奖金")

    def of(how: str) -> tuple[str, str | None, str | None]:
        evidence = lookup.look_up(Combine(how=how, operands=[salary, bonus]))  # type: ignore[arg-type]
        return str(evidence.values[0].amount), evidence.values[0].unit, evidence.derivation

    assert of("share") == ("142.42", "%", "35.25 ÷ 24.75 = 142.42%")
    assert of("ratio") == ("1.42", "倍", "35.25 ÷ 24.75 = 1.42")
    assert of("difference") == ("10.50", "万元", "35.25 − 24.75 = 10.50")
    assert of("sum") == ("60.00", "万元", "35.25 + 24.75 = 60.00")


def test_arithmetic_with_something_absent_is_empty(lookup: Lookup) -> None:
    evidence = lookup.look_up(Combine(how="sum", operands=[cell("基本工资"), cell("国防支出")]))
    assert not evidence.values and evidence.empty


def test_division_by_zero_has_no_value(lookup: Lookup) -> None:
    evidence = lookup.look_up(Combine(how="share", operands=[cell("基本工资"), cell("教育支出")]))
    assert not evidence.values and evidence.empty


def test_operands_in_several_tables_are_paired_by_table(lookup: Lookup) -> None:
    """办公费 stands in two tables: its share of 商品和服务支出 is taken within each."""
    evidence = lookup.look_up(Combine(how="share", operands=[cell("办公费"), cell("商品和服务支出")]))
    assert sorted(amounts(evidence.values)) == ["5.00", "60.00"]


def test_greatest_and_least_show_the_others(lookup: Lookup) -> None:
    operands: list[Expression] = [cell("水费"), cell("印刷费"), cell("奖金")]
    greatest = lookup.look_up(Combine(how="greatest", operands=operands))
    assert [v.label for v in greatest.values] == ["印刷费"]
    assert {v.label for v in greatest.shown} == {"水费", "奖金"}
    assert [v.label for v in lookup.look_up(Combine(how="least", operands=operands)).values] == ["水费"]


def test_list_keeps_order(lookup: Lookup) -> None:
    evidence = lookup.look_up(Combine(how="list", operands=[cell("奖金"), cell("水费")]))
    assert amounts(evidence.values) == ["24.75", "4.00"]


@pytest.mark.parametrize(
    ("relation", "claim", "truth"),
    [("eq", ("4", "万元"), True), ("eq", ("40000", "元"), True), ("eq", ("5", "万元"), False),
     ("gt", ("3.99", "万元"), True), ("gt", ("4", "万元"), False), ("ge", ("4", None), True), ("lt", ("1", "亿元"), True),
     ("le", ("3", "万元"), False)],
)  # fmt: skip
def test_claim_is_checked_in_its_unit(
    relation: str, claim: tuple[str, str | None], truth: bool, lookup: Lookup
) -> None:
    condition = Condition(operator="eq", amount=Decimal(claim[0]), unit=claim[1])
    evidence = lookup.look_up(Check(left=cell("水费"), relation=relation, claim=condition))  # type: ignore[arg-type]
    assert evidence.truth is truth
    assert amounts(evidence.values) == ["4.00"]


def test_comparison_and_existence_are_checked(lookup: Lookup) -> None:
    assert lookup.look_up(Check(left=cell("奖金"), relation="lt", right=cell("基本工资"))).truth is True
    assert lookup.look_up(Check(left=cell("水费"), relation="exists")).truth is True
    assert lookup.look_up(Check(left=cell("教育支出"), relation="exists")).truth is False


# --- any amounts ---------------------------------------------------------------------------------------------------
CENTS = st.integers(0, 10**9).map(lambda n: Decimal(n) / 100)
SETS = st.lists(CENTS, min_size=1, max_size=12)


def budget_of(values: list[Decimal]) -> Document:
    rows = [row("合计", str(sum(values)), role="total", level=0)]
    rows += [row(f"第{n}号项目", str(v), role="project", budget_unit=OFFICE, level=1) for n, v in enumerate(values)]
    return office().model_copy(update={"tables": [table("部门预算项目支出预算表", "project_list", [["总计"]], rows)]})


class InMemory:
    """As much of a View as the lookup of a single table needs."""

    def __init__(self, values: list[Decimal], documents: list[DocumentInfo]) -> None:
        self._facts, self._documents = document_facts(budget_of(values), "d"), documents

    def documents(self) -> list[DocumentInfo]:
        return self._documents

    def facts(self, *, names: list[str] | None = None, roles: list[str] | None = None, **_: object) -> list[Fact]:
        return [f for f in self._facts if (names is None or f.name in names) and (roles is None or f.role in roles)]


def lookup_of(values: list[Decimal], office_store: Store) -> Lookup:
    return Lookup(InMemory(values, office_store.documents()))  # type: ignore[arg-type]


@given(values=SETS)
@settings(deadline=None)
def test_sum_is_exact(values: list[Decimal], office_store: Store) -> None:
    evidence = lookup_of(values, office_store).look_up(Reduce(how="sum", of=PROJECTS))
    assert evidence.values[0].amount == sum(values)
    assert len(evidence.values[0].facts) == len(values)


@given(values=SETS)
@settings(deadline=None)
def test_mean_is_rounded_half_up_once(values: list[Decimal], office_store: Store) -> None:
    evidence = lookup_of(values, office_store).look_up(Reduce(how="mean", of=PROJECTS))
    exact = sum(values, Decimal(0)) / len(values)
    assert evidence.values[0].amount == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


@given(values=SETS)
@settings(deadline=None)
def test_rank_is_a_permutation(values: list[Decimal], office_store: Store) -> None:
    ranked = lookup_of(values, office_store).look_up(Reduce(how="rank", of=PROJECTS)).values
    assert [v.amount for v in ranked] == sorted(values, reverse=True)
    assert len({v.label for v in ranked}) == len(values)


@given(values=st.lists(CENTS, min_size=2, max_size=2))
@settings(deadline=None)
def test_difference_has_the_same_size_both_ways(values: list[Decimal], office_store: Store) -> None:
    over = lookup_of(values, office_store)
    pair: list[Expression] = [cell(f"第{n}号项目", universe="projects") for n in (0, 1)]
    there = over.look_up(Combine(how="difference", operands=pair))
    back = over.look_up(Combine(how="difference", operands=pair[::-1]))
    assert there.values[0].amount == back.values[0].amount == abs(values[0] - values[1])
    assert there.derivation == back.derivation


@given(values=SETS.filter(lambda values: sum(values) > 0))
@settings(deadline=None)
def test_shares_of_all_parts_make_a_hundred(values: list[Decimal], office_store: Store) -> None:
    over = lookup_of(values, office_store)
    whole = Reduce(how="sum", of=PROJECTS)
    parts = [cell(f"第{n}号项目", universe="projects") for n in range(len(values))]
    shares = [over.look_up(Combine(how="share", operands=[part, whole])) for part in parts]
    if len(values) > 1:  # a thing is no share of itself
        assert abs(sum(s.values[0].amount for s in shares) - 100) <= Decimal("0.005") * len(values)


def test_two_documents_are_two_values(tmp_path: Path) -> None:
    """The same row of two years is never one value."""
    store = Store.open(tmp_path)
    add_document(store, office(), b"now", "今年.txt")
    add_document(store, office().model_copy(update={"year": 2023}), b"before", "去年.txt")
    found = Lookup(View(store, store.documents())).look_up(cell("水费")).values
    store.close()
    assert sorted(v.facts[0].year for v in found) == [2023, 2024]
