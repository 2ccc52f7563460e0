"""Questions made from the indexed cells, whose answers are known without gold: by path, and arithmetic over two of them."""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

import pytest

from index.facts import Fact
from index.rows import plain_label
from index.store import Store

FUNDS = {
    "一般公共预算",
    "政府性基金预算",
    "国有资本经营预算",
}  # rows and columns at once: which is meant is a question of its own


@pytest.fixture(scope="module")
def cells(shipped_store: Store) -> list[Fact]:
    ids = [info.id for info in shipped_store.documents()]
    facts = shipped_store.facts(documents=ids)
    return [f for f in facts if f.source == "cell" and f.value is not None and f.role != "total"]


def values_of(answer) -> list[Decimal]:  # type: ignore[no-untyped-def]
    values = answer.value if isinstance(answer.value, list) else [answer.value]
    return [v for v in values if isinstance(v, Decimal)]


def test_every_cell_asked_by_its_path_gives_that_cell(cells, ask) -> None:  # type: ignore[no-untyped-def]
    for fact in random.Random(7).sample(cells, 150):
        owner = f"{fact.budget_unit}的" if fact.budget_unit and fact.role == "item" else ""
        name = fact.label if fact.role == "project" else plain_label(fact.label)
        question = f"{fact.table_title}里{owner}{name}的{fact.column_name or '预算'}是多少"
        assert values_of(ask(question)) == [fact.value], question


def two_decimals(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


ARITHMETIC = [
    ("{a}占{b}的百分之几", lambda x, y: two_decimals(x / y * 100)),
    ("{a}和{b}相差多少", lambda x, y: abs(x - y)),
    ("{a}比{b}多还是少，差多少", lambda x, y: abs(x - y)),
    ("{a}和{b}一共多少", lambda x, y: x + y),
    ("{a}是{b}的几倍", lambda x, y: two_decimals(x / y)),
]


@pytest.mark.parametrize(("form", "expected"), ARITHMETIC)
def test_arithmetic_over_two_rows(form, expected, cells, ask) -> None:  # type: ignore[no-untyped-def]
    amounts: dict[str, set[Decimal]] = defaultdict(set)
    for fact in cells:
        if fact.role == "item" and not fact.budget_unit and not fact.column_name:
            amounts[plain_label(fact.label)].add(fact.value)
    single = {name: next(iter(v)) for name, v in amounts.items() if len(v) == 1 and v != {Decimal(0)}}
    names = sorted(single.keys() - FUNDS)
    draw = random.Random(form)
    for _ in range(20):
        a, b = draw.sample(names, 2)
        if a in b or b in a:
            continue
        question = form.format(a=a, b=b)
        assert values_of(ask(question)) == [expected(single[a], single[b])], question


@pytest.mark.parametrize(("form", "expected"), ARITHMETIC[1:2] + ARITHMETIC[4:])
def test_arithmetic_over_two_units(form, expected, cells, ask) -> None:  # type: ignore[no-untyped-def]
    scopes = ("基本支出", "项目支出")
    budgets = {
        f"{f.label}的{scope}": f.value
        for f in cells for scope in scopes if f.role == "unit" and not f.column_name and scope in f.facets
    }  # fmt: skip
    pairs = [(a, b) for a in budgets.items() for b in budgets.items() if a[0].split("的")[0] != b[0].split("的")[0]]
    for (a, x), (b, y) in pairs:
        question = form.format(a=a, b=b)
        assert values_of(ask(question)) == [expected(x, y)], question
