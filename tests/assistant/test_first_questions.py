"""What people ask first: a name and nothing else, a place, how many cars, people and units there are."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.answer import Assistant
from assistant.contract import Answer
from index.model import Document, Place, Section
from index.sql.store import Store
from tests.assistant.conftest import add_document, row, table

BUREAU = "长沙市测试局"
TOTAL = {"role": "total", "level": 0}
PROSE = {
    "一、预算单位构成": "纳入预算编制范围的二级预算单位共有2个。",
    "二、人员情况": "截至上年底，本部门人员编制20人，其中行政编制15人，事业编制5人。单位管理的离退休人员8人。",
    "三、资产情况": "本部门共有公务用车3辆，其中，应急保障用车1辆，其他按照规定配备的公务用车2辆。拟新增配置公务用车1辆，"
    "其中，其他按照规定配备的公务用车1辆。",
}


def bureau(department: str = BUREAU, prose: dict[str, str] = PROSE) -> Document:
    """A department that is a row of its own procurement table, and counts in prose alone."""
    spending = table("支出总体情况表", "expenditure_summary", [["合计"]], [
        row("合计", "90.00", **TOTAL), row("审计事务", "90.00", code="20108"),
    ])  # fmt: skip
    bought = table("政府采购预算表", "procurement", [["预算金额"]], [
        row("合计", "7.00", **TOTAL), row("全额", "7.00"), row(department, "7.00", parents=("全额",)),
        row("体检服务", "7.00", parents=("全额", department)),
    ])  # fmt: skip
    cars = table("一般公共预算“三公”经费支出情况表", "three_public", [["预算"]], [
        row("合计", "6.00", **TOTAL), row("公务用车购置及运行费", "6.00"),
    ])  # fmt: skip
    listed = table("部门预算项目支出预算表", "project_list", [["总计"]], [
        row("合计", "12.00", **TOTAL), row(f"机动经费（{department}）", "5.00", role="project"),
        row("信息化设备购置", "4.00", role="project"), row("人民来访接待专项", "3.00", role="project"),
    ])  # fmt: skip
    sections = [
        Section(path=[heading], text=text, place=Place(line=10 + at))
        for at, (heading, text) in enumerate(prose.items())
    ]
    return Document(title=f"2026年{department}部门预算", department=department, year=2026, kind="部门预算",
                    tables=[spending, bought, cars, listed], sections=sections)  # fmt: skip


def over(path: Path, *documents: Document) -> Assistant:
    store = Store.open(path)
    for number, document in enumerate(documents):
        add_document(store, document, f"{number}".encode(), f"{number}.txt")
    return Assistant(store, None)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return over(tmp_path_factory.mktemp("alone"), bureau())


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    others = [bureau(name, {}) for name in ("北京市测试局", "北京市教育局")]
    return over(tmp_path_factory.mktemp("three"), bureau(), *others)


@pytest.mark.parametrize("question", [f"{BUREAU}的总预算", f"{BUREAU}一年花多少钱", f"{BUREAU}总支出多少"])
def test_the_whole_of_a_department_is_no_row_that_is_called_like_it(alone: Assistant, question: str) -> None:
    assert alone.ask(question).value == Decimal("90.00")


@pytest.mark.parametrize("question", [BUREAU, "长沙", f"2026年{BUREAU}？", "测试局呢"])
def test_a_name_and_nothing_else_is_asked_back_with_questions_that_work(alone: Assistant, question: str) -> None:
    answer = alone.ask(question)
    assert answer.reason == "ambiguous" and answer.value is None
    assert alone.ask(answer.suggestions[0].question).value == Decimal("90.00")


def test_what_a_department_is_called_describes_no_project_of_it(alone: Assistant) -> None:
    assert alone.ask("测试专项").value is None


@pytest.mark.parametrize(
    ("question", "value", "unit"),
    [
        ("有几辆公务车", "3", "辆"), ("有多少辆车", "3", "辆"), ("几辆车", "3", "辆"), ("编制多少人", "20", "人"),
        ("退休人员有几个", "8", "人"), ("有几个下属单位", "2", "个"),
    ],
)  # fmt: skip
def test_what_prose_counts_is_told_by_everyday_words(alone: Assistant, question: str, value: str, unit: str) -> None:
    answer = alone.ask(question)
    assert (answer.value, answer.unit) == (Decimal(value), unit)


def test_how_many_people_is_asked_back_with_whom_the_document_counts(alone: Assistant) -> None:
    answer = alone.ask("有多少人")
    assert answer.reason == "ambiguous" and "人员编制" in answer.answer and "离退休人员" in answer.answer
    assert "人民来访接待专项" not in answer.answer


def test_units_that_are_told_of_in_words_are_quoted(tmp_path: Path) -> None:
    answer = over(tmp_path, bureau(prose={"一、预算单位构成": "本部门只有本级，没有其他二级预算单位。"})).ask(
        "有几个下属单位"
    )
    assert "没有其他二级预算单位" in answer.answer and answer.citations


def test_a_place_means_its_departments(three: Assistant) -> None:
    for question in ("长沙总预算是多少", "长沙的总预算"):
        assert {c.department for c in three.ask(question).citations} == {BUREAU}
    assert {c.department for c in three.ask("北京总预算是多少").citations} == {"北京市测试局", "北京市教育局"}


@pytest.mark.parametrize("question", ["长沙市公安局总预算", "上海总预算"])
def test_another_office_of_a_place_is_none_of_those_that_are_there(three: Assistant, question: str) -> None:
    assert three.ask(question).reason == "other_department"


def test_two_places_are_held_against_each_other(tmp_path: Path) -> None:
    both = over(tmp_path, bureau(), bureau("北京市测试局", {}))
    assert len(both.ask("长沙和北京的总预算各是多少").citations) >= 2


def test_a_part_is_added_to_what_another_department_has(tmp_path: Path) -> None:
    basic = table("一般公共预算基本支出情况表", "basic_by_economic", [["预算"]], [
        row("合计", "90.00", **TOTAL), row("工资福利支出", "30.00"), row("奖金", "5.00", parents=("工资福利支出",)),
    ])  # fmt: skip
    documents = [
        document.model_copy(update={"tables": [*document.tables, basic]})
        for document in (bureau(), bureau("北京市测试局", {}))
    ]
    both = over(tmp_path, *documents)
    assert both.ask("长沙的工资福利支出和北京的奖金一共多少").value == Decimal("35.00")
    assert both.ask("长沙的工资福利支出和长沙的奖金一共多少").value == Decimal("30.00")


@pytest.mark.parametrize(("spent", "noted"), [("12.00", False), ("20.00", True)])
def test_a_list_that_has_not_all_projects_says_so(tmp_path: Path, spent: str, noted: bool) -> None:
    document = bureau()
    spending = table(
        "支出总体情况表", "expenditure_summary", [["合计"], ["项目支出"]], [row("合计", "90.00", spent, **TOTAL)]
    )
    told = over(tmp_path, document.model_copy(update={"tables": [spending, *document.tables[1:]]}))
    for question in ("有哪些项目", "所有项目加起来多少钱", "有几个项目"):
        assert ("listed_in_part" in {note.code for note in told.ask(question).notes}) is noted
    assert "listed_in_part" not in {note.code for note in told.ask("项目支出合计是多少").notes}


@pytest.mark.parametrize(("question", "listed"), [("要做哪些项目", 3), ("今年打算搞哪些信息化项目？", 1)])
def test_projects_that_are_asked_for_as_a_text_would_be_are_listed(
    alone: Assistant, question: str, listed: int
) -> None:
    answer = alone.ask(question)
    assert "信息化设备购置 4.00万元" in answer.answer
    assert len(answer.citations) == listed


def test_tables_are_not_counted_as_rows(alone: Assistant) -> None:
    assert alone.ask("一共有几张表").value is None


@pytest.mark.parametrize("label", ["工资福利支出", "工资和福利支出", "对个人与家庭的补助", "对个人和家庭的补助"])
def test_a_row_is_found_however_its_name_is_joined(tmp_path: Path, label: str) -> None:
    spending = table(
        "支出总体情况表", "basic_by_economic", [["预算"]], [row("合计", "90.00", **TOTAL), row(label, "30.00")]
    )
    document = bureau().model_copy(update={"tables": [spending]})
    question = "发工资花了多少钱" if "工资" in label else "对个人及家庭的补助是多少"
    assert over(tmp_path, document).ask(question).value == Decimal("30.00")


@pytest.mark.parametrize("question", ["钱从哪来", "有多少人", "有几辆车"])
def test_the_department_s_name_makes_no_difference(alone: Assistant, question: str) -> None:
    plain, named = alone.ask(question), alone.ask(f"{BUREAU}{question}")
    assert (named.value, named.reason) == (plain.value, plain.reason)


def test_a_passage_without_a_heading_is_said_to_be_in_the_text(tmp_path: Path) -> None:
    answer = over(tmp_path, bureau(prose={"": "本部门没有下属单位。"})).ask("有几个下属单位")
    assert answer.answer.startswith("文中：") and "《》" not in answer.answer


def test_income_and_spending_balance_with_what_is_carried_over(tmp_path: Path) -> None:
    both = table("收入支出决算总表", "income_expenditure_summary", [["决算数"]], [
        row("本年收入合计", "80.00", side="收入", **TOTAL), row("年初结转和结余", "20.00", side="收入"),
        row("总计", "100.00", side="收入", **TOTAL), row("本年支出合计", "70.00", side="支出", **TOTAL),
        row("年末结转和结余", "30.00", side="支出"), row("总计", "100.00", side="支出", **TOTAL),
    ])  # fmt: skip
    final = bureau().model_copy(update={"tables": [both], "kind": "部门决算", "sections": []})
    answer = over(tmp_path, final).ask("收入和支出平不平")
    assert answer.value is True and "收入总计" in answer.answer and "支出总计" in answer.answer


def test_one_figure_over_several_budgets_says_whose(three: Assistant) -> None:
    for question in ("所有项目一共多少钱", "一共有多少个项目"):
        answer = three.ask(question)
        assert not answer.refused
        assert all(f"2026年{name}" in answer.answer for name in (BUREAU, "北京市测试局", "北京市教育局"))


@pytest.mark.parametrize("question", ["钱是从哪里来的", "这些钱是哪来的", "经费从哪来", "资金都是从哪儿来的"])
def test_where_the_money_comes_from_is_the_income(question: str, ask: Callable[[str], Answer]) -> None:
    answer = ask(question)
    assert "预算拨款" in answer.answer and {c.table for c in answer.citations if c.table} == {"收支总体情况表"}
