"""Questions over several budgets: departments and years held against each other, units of money converted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial

import pytest

from assistant.answer import Assistant
from assistant.contract import Answer
from index.model import Document
from index.sql.store import Store
from tests.assistant.conftest import add_document, conversation, row, table

AUDIT, OTHER, COLLEGE = "甲市审计局", "乙市审计局", "丙大学"
Talk = Callable[..., list[Answer]]


def budget(department: str, year: int, amounts: dict[str, str], kind: str = "部门预算", unit: str = "万元") -> Document:
    """Total expenditure with its halves, heating and travel among the economic items, and the “三公” table."""
    total = {"role": "total", "level": 0}
    summary = table("支出总体情况表", "expenditure_summary", [["合计"], ["基本支出"], ["项目支出"]], [
        row("合计", amounts["total"], amounts["basic"], amounts["project"], **total),
        row("教育支出", amounts["total"], amounts["basic"], amounts["project"], code="205"),
    ])  # fmt: skip
    basic = table("一般公共预算基本支出情况表", "basic_by_economic", [["预算"]], [
        row("合计", amounts["basic"], **total),
        row("取暖费", amounts["heating"], code="30208"),
    ])  # fmt: skip
    three_public = table("财政拨款“三公”经费支出表", "three_public", [["预算"]], [
        row("“三公”经费合计", amounts["public"], level=1),
        row("公务接待费", amounts["public"], level=2, parents=("“三公”经费合计",)),
    ])  # fmt: skip
    tables = [t.model_copy(update={"unit": unit}) for t in (summary, basic, three_public)]
    return Document(title=f"{year}年{department}{kind}", department=department, year=year, kind=kind,
                    budget_units=[department], tables=tables, sections=[])  # fmt: skip


def of(total: str, basic: str, project: str, heating: str, public: str) -> dict[str, str]:
    return {"total": total, "basic": basic, "project": project, "heating": heating, "public": public}


BUDGETS = [
    budget(AUDIT, 2024, of("390.00", "300.00", "90.00", "15.00", "9.00")),
    budget(AUDIT, 2025, of("400.00", "300.00", "100.00", "20.00", "8.00")),
    budget(AUDIT, 2026, of("500.00", "300.00", "200.00", "25.00", "6.00")),
    budget(OTHER, 2026, of("1,000,000.00", "800,000.00", "200,000.00", "100,000.00", "90,000.00"), unit="元"),
    budget(COLLEGE, 2026, of("900.00", "600.00", "300.00", "60.00", "3.00")),
    budget(COLLEGE, 2026, of("850.00", "590.00", "260.00", "55.00", "2.00"), "部门决算"),
]


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    store = Store.open(tmp_path_factory.mktemp("several"))
    for number, document in enumerate(BUDGETS):
        add_document(store, document, f"budget {number}".encode(), f"{number}.txt")
    yield partial(conversation, Assistant(store, None))
    store.close()


def told(answer: Answer) -> tuple[object, str | None]:
    value = answer.value
    return ([float(v) for v in value] if isinstance(value, list) else float(value or 0)), answer.unit


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("甲市审计局2026年取暖费比乙市审计局多多少万元", (15.0, "万元")),
        ("2026年丙大学预算的支出合计是甲市审计局的几倍", (1.8, "倍")),
        ("甲市审计局2026年三公经费比2025年少了多少", (2.0, "万元")),
        ("甲市审计局取暖费从2025年到2026年增长了百分之几", (25.0, "%")),
        ("丙大学2026年取暖费决算比预算少多少", (5.0, "万元")),
        ("甲市审计局取暖费从2024年到2026年多了多少", (10.0, "万元")),
        ("甲市审计局和乙市审计局2026年的取暖费合计是多少", (35.0, "万元")),
    ],
)
def test_budgets_are_held_against_each_other(talk: Talk, question: str, expected: tuple) -> None:
    assert told(talk(question)[0]) == expected


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        (("甲市审计局2025年取暖费是多少", "2026年呢", "涨了多少"), (5.0, "万元")),
        (("甲市审计局2025年取暖费是多少", "2026年呢", "涨了百分之几"), (25.0, "%")),
        (("甲市审计局2026年取暖费是多少", "乙市审计局2026年的呢", "前面那家比后面那家多多少"), (15.0, "万元")),
        (("甲市审计局2026年三公经费是多少", "丙大学2026年预算的呢"), (3.0, "万元")),
        (("丙大学2026年实际支出的取暖费是多少",), (55.0, "万元")),
        (("丙大学2026年决算取暖费完成了预算的百分之几",), (91.67, "%")),
        (("丙大学2026年决算取暖费是多少", "完成率多少"), (91.67, "%")),
        (("甲市审计局2026年取暖费比2025年多多少", "那三公经费呢，少了多少"), (2.0, "万元")),
        (("甲市审计局2026年三公经费是多少", "跟乙市审计局的取暖费比差多少"), (15.0, "万元")),
        (("两个审计局2026年比一比，取暖费甲市的比乙市的多多少万元",), (15.0, "万元")),
    ],
)
def test_turns_of_several_budgets(talk: Talk, questions: tuple[str, ...], expected: tuple) -> None:
    assert told(talk(*questions)[-1]) == expected


def test_amounts_printed_in_different_units_are_put_in_order_in_one(talk: Talk) -> None:
    answer = talk("甲市审计局、乙市审计局、丙大学2026年预算的三公经费从高到低排一下")[0]
    assert told(answer) == ([9.0, 6.0, 3.0], "万元")
    assert [answer.answer.index(name) for name in (OTHER, AUDIT, COLLEGE)] == sorted(
        answer.answer.index(name) for name in (OTHER, AUDIT, COLLEGE)
    )


def test_the_department_that_has_most_is_found_among_all(talk: Talk) -> None:
    answer = talk("哪个部门2026年取暖费最多")[0]
    assert told(answer) == (60.0, "万元")
    assert COLLEGE in answer.answer.split("其余")[0]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("甲市审计局2025到2026年取暖费各是多少", [20.0, 25.0]),
        ("甲市审计局2025年到2026年，取暖费哪年最多？从多到少列出来", [25.0, 20.0]),
    ],
)
def test_years_are_held_against_each_other(talk: Talk, question: str, expected: list[float]) -> None:
    assert told(talk(question)[0]) == (expected, "万元")


def test_all_departments_are_meant_after_two_were_spoken_of(talk: Talk) -> None:
    talked = talk("甲市审计局2026年取暖费比乙市审计局多多少万元", "哪个部门2026年取暖费最多")
    assert told(talked[1]) == (60.0, "万元")


def test_shares_of_two_departments_are_held_against_each_other(talk: Talk) -> None:
    answer = talk("甲市审计局和乙市审计局2026年谁的项目支出占比高")[0]
    assert told(answer) == (40.0, "%")
    assert "20.00%" in answer.answer


@pytest.mark.parametrize(
    ("question", "truth"),
    [
        ("甲市审计局2026年三公经费比2025年少了2万元，对吗", True),
        ("甲市审计局2026年三公经费比2025年多了2万元，对吗", False),
    ],
)
def test_a_claimed_difference_holds_only_in_the_direction_claimed(talk: Talk, question: str, truth: bool) -> None:
    assert talk(question)[0].value is truth


def test_a_unit_among_all_that_is_indexed_is_a_department(talk: Talk) -> None:
    assert told(talk("哪个单位2026年取暖费最多")[0]) == (60.0, "万元")


def test_after_a_question_back_the_budget_before_it_is_not_meant_any_more(talk: Talk) -> None:
    last = talk("丙大学2026年预算的取暖费是多少", "审计局的取暖费是多少", "三公经费是多少")[-1]
    assert {c.department for c in last.citations} == {AUDIT, OTHER}


def test_a_change_since_last_year_is_no_comparison_with_the_department_before(talk: Talk) -> None:
    answer = talk("丙大学2026年预算的取暖费是多少", "甲市审计局2026年的三公经费比2025年少了多少")[1]
    assert told(answer) == (2.0, "万元")


def test_each_operand_is_cited_in_its_own_document(talk: Talk) -> None:
    answer = talk("甲市审计局2026年取暖费比乙市审计局多多少万元")[0]
    assert {(c.department, c.year, c.text) for c in answer.citations} == {
        (AUDIT, 2026, "25.00"), (OTHER, 2026, "100,000.00")
    }  # fmt: skip


def test_growth_is_computed_from_two_documents_where_both_are_there(talk: Talk) -> None:
    first, grown = talk("甲市审计局2026年取暖费是多少", "比上年增长了百分之几")
    assert (told(first), told(grown)) == ((25.0, "万元"), (25.0, "%"))
    assert {(c.year, c.text) for c in grown.citations} == {(2026, "25.00"), (2025, "20.00")}


def test_what_was_spoken_of_is_compared_with_another_department(talk: Talk) -> None:
    assert told(talk("甲市审计局2026年取暖费是多少", "跟同一年乙市审计局的取暖费比，多出多少")[1]) == (15.0, "万元")


def test_a_comparison_goes_on_about_the_same_departments(talk: Talk) -> None:
    talked = talk("甲市审计局2026年的取暖费和乙市审计局2026年的比，差多少", "三公经费呢，哪家多，多出多少")
    assert told(talked[1]) == (3.0, "万元")


def test_budget_and_final_accounts_of_one_year_are_told_apart_in_the_answer(talk: Talk) -> None:
    answer = talk("丙大学2026年取暖费决算比预算少多少")[0]
    assert "预算：" in answer.answer and "决算：" in answer.answer


def test_the_plan_says_whose_each_figure_is(talk: Talk) -> None:
    plan = talk("甲市审计局2026年取暖费比乙市审计局多多少万元")[0].plan
    operands = [o["of"] for o in plan["parts"][0]["expression"]["operands"]]
    assert [(o["departments"], o["years"], o["kinds"]) for o in operands] == [
        ([AUDIT], [2026], ["预算"]), ([OTHER], [2026], ["预算"])
    ]  # fmt: skip


def test_a_year_that_is_not_there_is_not_made_up_from_another(talk: Talk) -> None:
    answer = talk("乙市审计局2026年取暖费比2025年多多少")[0]
    assert answer.value is None
    assert Decimal("10") not in [n.text for n in answer.numbers]


def test_two_years_spoken_of_one_after_the_other_are_held_against_each_other(talk: Talk) -> None:
    answers = talk("甲市审计局2025年取暖费多少", "2026年呢", "两年相差多少")
    assert told(answers[-1]) == (5.0, "万元")


def test_of_a_year_that_is_not_there_all_years_that_are_there_are_told(talk: Talk) -> None:
    answer = talk("甲市审计局2021年取暖费是多少")[0]
    assert (answer.reason, "2026年、2025年、2024年" in answer.answer) == ("other_year", True)


def test_the_percentage_between_two_years_is_of_the_earlier(talk: Talk) -> None:
    answer = talk("甲市审计局2026年取暖费比2025年高百分之几")[0]
    assert told(answer) == (25.0, "%")


@pytest.mark.parametrize(
    "question", [f"{AUDIT}2009年取暖费是多少", f"{AUDIT}2009年一般公共预算基本支出情况表里取暖费是多少"]
)
def test_a_year_that_none_of_the_budgets_has_is_refused(talk: Talk, question: str):
    (answer,) = talk(question)
    assert (answer.reason, answer.value) == ("other_year", None)


def test_a_department_in_traditional_characters_is_found(talk: Talk):
    assert told(talk("乙市審計局２０２６年取暖費是多少")[0]) == (100000.0, "元")


@pytest.mark.parametrize(("asked", "department", "expected"), [
    ("那最少的呢", OTHER, (100.0, "万元")),
    ("排第二的呢", AUDIT, (500.0, "万元")),
    ("排名第三的呢", OTHER, (1_000_000.0, "元")),
    ("它的项目支出呢", COLLEGE, (300.0, "万元")),
])  # fmt: skip
def test_what_follows_a_ranking_of_departments_is_of_them_as_they_were_put_in_order(
    talk: Talk, asked: str, department: str, expected: tuple
) -> None:
    answer = talk("2026年哪个部门的总预算最多", asked)[-1]
    assert told(answer) == expected
    assert answer.answer.index(department) == min(
        answer.answer.find(d) for d in (AUDIT, OTHER, COLLEGE) if d in answer.answer
    )


def test_a_ranking_of_departments_goes_on_in_another_year_with_those_that_have_it(talk: Talk) -> None:
    after = talk("2026年哪个部门的总预算最多", "那2025年呢")[-1]
    assert after.value is None and after.reason is not None  # one of them alone has that year


def test_the_year_goes_on_being_that_of_the_one_that_was_found(talk: Talk) -> None:
    answer = talk("哪个部门的总预算最多", "它的项目支出呢")[-1]
    assert told(answer) == (300.0, "万元")
