"""Evidence to text: spans, units, scope and derivation, over the invented department."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.answer import Assistant
from assistant.evidence import Value
from assistant.lookup.lookup import Lookup
from assistant.plan import Calculate, Check, Combine, Condition, Expression, Reduce, Select
from assistant.saying.compose import compose, named
from assistant.saying.text import AnswerText
from assistant.saying.verify import verify
from assistant.view import View
from index.facts import Fact
from index.sql.store import Store
from tests.assistant.conftest import ARCHIVE, OFFICE

WATER, BONUS = (Reduce(how="value", of=Select(labels=[label])) for label in ("水费", "奖金"))
PROJECTS = Select(universe="projects")
ABOVE = Select(universe="projects", where=[Condition(operator="gt", amount=Decimal(5), unit="万元")])
EXPRESSIONS: list[Reduce | Combine | Check] = [
    WATER,
    Reduce(how="value", of=Select(labels=["办公费"])),
    Reduce(how="value", of=Select(units=[ARCHIVE])),
    Reduce(how="value", of=Select(total="支出")),
    *(Reduce(how=how, of=PROJECTS) for how in ("list", "count", "sum", "mean", "rank")),  # type: ignore[arg-type]
    *(Reduce(how=how, of=ABOVE) for how in ("list", "count", "sum")),  # type: ignore[arg-type]
    Reduce(how="rank", of=PROJECTS, position=1),
    Reduce(how="list", of=Select(universe="units", columns=["项目支出"])),
    *(Combine(how=how, operands=[WATER, BONUS])  # type: ignore[arg-type]
      for how in ("difference", "ratio", "share", "sum", "list", "greatest", "least")),
    Check(left=WATER, relation="eq", claim=Condition(operator="eq", amount=Decimal(4), unit="万元")),
    Check(left=WATER, relation="gt", right=BONUS),
    Check(left=WATER, relation="exists"),
]  # fmt: skip


def composed(lookup: Lookup, expression: Reduce | Combine | Check, **fields: object) -> tuple[AnswerText, str | None]:
    evidence = lookup.look_up(expression)
    assert not evidence.empty
    part = Calculate(expression=expression, **fields)  # type: ignore[arg-type]
    return compose(part, evidence), evidence.derivation


def ids(expression: Expression | Check) -> str:
    return f"{expression.node}-{getattr(expression, 'how', '') or getattr(expression, 'relation', '')}"


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=ids)
def test_every_number_stands_at_its_span_and_is_cited(expression: Reduce | Combine | Check, lookup: Lookup) -> None:
    text, derivation = composed(lookup, expression)
    assert text.numbers
    for span in text.numbers:
        assert text.text[span.start : span.end] == span.value.printed()
        assert span.citations and all(1 <= int(c[1:]) <= len(text.cited) for c in span.citations)
    verify(text, "水费比5万元多多少", derivation)


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=ids)
def test_text_says_whose_figures_they_are(expression: Reduce | Combine | Check, lookup: Lookup) -> None:
    text, _ = composed(lookup, expression)
    assert f"2024年{OFFICE}" in text.text
    assert "{" not in text.text and "None" not in text.text


@pytest.mark.parametrize(
    ("unit", "printed"),
    [(None, "4.00万元"), ("万元", "4.00万元"), ("元", "40,000.00元"), ("亿元", "0.0004亿元"), ("千元", "40.00千元")],
)
def test_unit_of_money_is_converted_exactly(unit: str | None, printed: str, lookup: Lookup) -> None:
    text, _ = composed(lookup, WATER, unit=unit)
    assert f"水费为{printed}。" in text.text


def test_operands_are_stated_beside_a_computed_number(lookup: Lookup) -> None:
    text, derivation = composed(lookup, Combine(how="share", operands=[WATER, BONUS]))
    assert derivation == "4.00 ÷ 24.75 = 16.16%"
    assert "16.16%" in text.text and "水费 4.00万元" in text.text and "奖金 24.75万元" in text.text


def test_difference_says_which_is_more(lookup: Lookup) -> None:
    assert "水费比奖金少20.75万元" in composed(lookup, Combine(how="difference", operands=[WATER, BONUS]))[0].text
    assert "奖金比水费多20.75万元" in composed(lookup, Combine(how="difference", operands=[BONUS, WATER]))[0].text


def test_two_tables_are_told_apart(lookup: Lookup) -> None:
    text, _ = composed(lookup, Reduce(how="value", of=Select(labels=["办公费"])))
    basic, project = (text.text.index(words) for words in ("6.00", "1.50"))
    assert "基本支出" in text.text[:basic] and "项目支出" in text.text[basic:project]


def test_rounding_is_part_of_the_derivation(office_assistant: Assistant) -> None:
    answer = office_assistant.ask("奖金是多少万元，保留一位小数")
    assert answer.value == Decimal("24.8")
    assert answer.derivation == "24.75 ≈ 24.8"


@pytest.mark.parametrize(
    ("amount", "unit", "printed"),
    [
        ("8124.85", "万元", "8,124.85"),
        ("0.812485", "亿元", "0.812485"),
        ("6", "辆", "6"),
        ("863.920", "平方米", "863.92"),
        ("0", "万元", "0.00"),
        ("-5", "万元", "-5.00"),
    ],
)  # fmt: skip
def test_value_is_printed_by_its_unit(amount: str, unit: str, printed: str) -> None:
    assert Value(Decimal(amount), unit, "某项", ()).printed() == printed


def test_same_fact_is_cited_once(lookup: Lookup) -> None:
    value = lookup.look_up(WATER).values[0]
    text = AnswerText().fill("several", items=[(named("水费", value), value)] * 2)
    assert len(text.cited) == 1 and isinstance(text.cited[0], Fact)
    assert [span.citations for span in text.numbers] == [("c1",), ("c1",)]


def test_things_of_the_same_amount_are_alike(lookup: Lookup) -> None:
    same = [
        Reduce(how="value", of=Select(universe="projects", labels=[name])) for name in ("目录编印项目", "缩微拍摄项目")
    ]
    text, derivation = composed(lookup, Combine(how="greatest", operands=same))
    assert text.text.endswith("目录编印项目 8.00万元、缩微拍摄项目 8.00万元，一样多。")
    verify(text, "目录编印和缩微拍摄哪个多", derivation)


def test_mean_is_rounded_once_in_the_unit_that_is_stated(office_store: Store) -> None:
    """A third of 64.00万元 is 213,333.33元, and no 213,300元."""
    lookup = Lookup(View(office_store, office_store.documents()))
    three = [Reduce(how="value", of=Select(labels=[name])) for name in ("基本工资", "奖金", "水费")]
    (mean,) = lookup.look_up(Combine(how="mean", operands=three), "元").values
    assert mean.amount == Decimal("213333.33")
