"""Whose budget, and of which year, a question is about."""

from collections.abc import Sequence
from typing import Any

import pytest

from assistant.budgets.scoping import Budget, Known, Located, with_budget
from assistant.budgets.scoping import locate as located_among
from index.sql.store import DocumentInfo

AUDIT, PROSECUTOR, OFFICE, COLLEGE = "甲市审计局", "乙省人民检察院", "甲市人民政府办公厅", "丙大学"


def info(department: str, year: int, kind: str = "部门预算", number: int = 0) -> DocumentInfo:
    return DocumentInfo(f"{department}{year}{kind}{number}", "", department, year, kind, "", "", "")


DOCUMENTS = [
    info(AUDIT, 2026), info(PROSECUTOR, 2018), info(PROSECUTOR, 2019), info(OFFICE, 2026), info("丁市审计局", 2025),
    info(COLLEGE, 2023), info(COLLEGE, 2023, "部门决算"),
]  # fmt: skip


def locate(question: str, documents: Sequence[DocumentInfo], *context: Any) -> Located:
    return located_among(question, Known(documents), *context)


def asked(question: str, before: tuple[str, ...] = ()) -> list[str]:
    return sorted(locate(question, DOCUMENTS, before).documents or [])


@pytest.mark.parametrize(
    ("words", "department"),
    [
        ("甲市审计局", AUDIT), ("甲审计局", AUDIT), ("乙省检察院", PROSECUTOR), ("省检察院", PROSECUTOR),
        ("甲市府办", OFFICE), ("甲市政府办公厅", OFFICE), ("乙省检查院", PROSECUTOR),
    ],
)  # fmt: skip
def test_a_department_is_known_by_what_is_left_of_its_name(words, department):
    located = locate(f"{words}2019年三公经费", [info(AUDIT, 2019), info(PROSECUTOR, 2019), info(OFFICE, 2019)])
    assert located.question == f"{department}2019年三公经费"
    assert located.documents == [f"{department}2019部门预算0"]


def test_a_question_that_names_nobody_is_asked_of_all():
    assert locate("三公经费是多少", DOCUMENTS).documents is None


def test_a_store_of_one_budget_needs_no_name():
    assert locate("省检察院三公经费", DOCUMENTS[:1]).question == "省检察院三公经费"


def test_prose_and_tables_in_two_files_are_one_budget():
    files = [info(AUDIT, 2026, number=1), info(AUDIT, 2026, number=2), info(COLLEGE, 2023)]
    assert len(Known(files).budgets) == 2
    assert len(locate("甲市审计局三公经费", files).documents or []) == 2


def test_several_years_without_a_hint_are_asked_back():
    located = locate("省检察院三公经费", DOCUMENTS)
    assert [(b.year, b.department) for b in located.choices] == [(2018, PROSECUTOR), (2019, PROSECUTOR)]


def test_a_short_name_of_two_departments_is_asked_back_unless_the_year_tells():
    assert {b.department for b in locate("审计局三公经费", DOCUMENTS).choices} == {AUDIT, "丁市审计局"}
    assert asked("审计局2025年三公经费") == ["丁市审计局2025部门预算0"]


def test_two_departments_are_both_asked():
    assert len(asked("甲市审计局和丁市审计局比，谁的三公经费多")) == 2


def test_final_accounts_are_asked_where_they_are_named_and_the_budget_otherwise():
    assert asked("丙大学2023年支出") == ["丙大学2023部门预算0"]
    located = locate("丙大学2023年决算的支出合计", DOCUMENTS)
    assert (located.documents, located.question) == (["丙大学2023部门决算0"], "丙大学2023年支出合计")


def test_what_was_spent_is_asked_of_final_accounts():
    located = locate("丙大学2023年取暖费实际花了多少", DOCUMENTS)
    assert (located.documents, located.question) == (["丙大学2023部门决算0"], "丙大学2023年取暖费多少")


def test_words_are_asked_of_the_latest_year_and_amounts_are_asked_back():
    assert asked("省检察院的主要职责是什么") == [f"{PROSECUTOR}2019部门预算0"]
    assert locate("省检察院的三公经费是多少", DOCUMENTS).choices != []


def test_a_change_after_two_years_is_asked_of_both():
    both = [f"{PROSECUTOR}2018部门预算0", f"{PROSECUTOR}2019部门预算0"]
    located = locate("涨了多少", DOCUMENTS, both[1:], (), both)
    assert sorted(located.documents or []) == both


def test_an_adjusted_budget_is_asked_where_it_is_named():
    files = [info(COLLEGE, 2023), info(COLLEGE, 2023, "部门预算调整"), info(AUDIT, 2026)]
    assert locate("丙大学2023年支出", files).documents == [files[0].id]
    assert locate("丙大学2023年调整预算的支出", files).documents == [files[1].id]
    assert locate("丙大学2023年调整预算的支出", DOCUMENTS).documents == ["丙大学2023部门预算0"]


def test_a_turn_that_leans_on_the_one_before_stays_with_its_budget_or_takes_another_year():
    before = (f"{PROSECUTOR}2019部门预算0",)
    assert asked("那接待费呢", before) == [f"{PROSECUTOR}2019部门预算0"]
    assert asked("2018年的呢", before) == [f"{PROSECUTOR}2018部门预算0"]
    assert locate("那前一年是多少", DOCUMENTS, before).question == "那2018年是多少"


def test_words_that_only_look_like_a_name_name_nobody():
    assert locate("全国信访信息系统", [info("国家信访局", 2024), info(AUDIT, 2026)]).documents is None


def test_what_a_choice_says_stands_where_the_words_left_it_open():
    located = locate("甲乙都有的审计局三公经费", DOCUMENTS)
    asked_back = [with_budget(located.question, b, located.mention) for b in located.choices]
    assert (located.mention, asked_back[0]) == ("审计局", "甲乙都有的2026年甲市审计局三公经费")


@pytest.mark.parametrize("words", ["甲市那个审计局", "甲市的审计局", "甲市这家审计局"])
def test_a_place_apart_from_its_office_names_it_too(words):
    assert asked(f"{words}三公经费") == [f"{AUDIT}2026部门预算0"]


def test_a_choice_is_a_whole_question():
    budget = Budget(PROSECUTOR, 2018, "预算", ())
    assert with_budget(f"{PROSECUTOR}三公经费", budget) == f"2018年{PROSECUTOR}三公经费"
    assert with_budget("三公经费是多少", budget) == f"2018年{PROSECUTOR}的三公经费是多少"


def test_the_title_of_a_table_of_final_accounts_keeps_its_words():
    assert (
        locate("丙大学2023年决算里收入支出决算总表的年末结转", DOCUMENTS).question
        == "丙大学2023年收入支出决算总表的年末结转"
    )


def test_an_office_of_a_place_that_is_not_there_is_none_of_another_place():
    for question in ("己辛县审计局2026年三公经费", "2026年己辛区审计局三公经费"):
        located = locate(question, DOCUMENTS)
        assert (located.documents, located.choices) == (None, [])
    assert asked("本县审计局2025年三公经费") == ["丁市审计局2025部门预算0"]
