"""Long names are read short and come back whole."""

from __future__ import annotations

import pytest

from assistant.planning.standins import ShortQuestion
from assistant.reader.notation import read_form, write_form

LONG = "网站建设运维、检查监测及考评项目"


def short(question: str, *names: str) -> ShortQuestion:
    known = [(question.index(name), question.index(name) + len(name)) for name in names]
    return ShortQuestion(question, known, lambda _: "project")


def test_a_name_that_reads_like_several_things_is_put_short_and_comes_back_whole() -> None:
    question = f"{LONG}多少钱，占总预算多少"
    found = short(question, LONG)
    name = found.text.removesuffix("多少钱，占总预算多少")
    assert len(name) < len(LONG)
    assert "、" not in name
    form = found.form(read_form(f"{{{name}}} ; share({{{name}}},{{总预算}})", found.text))
    assert write_form(form, question) == f"{{{LONG}}} ; share({{{LONG}}},{{总预算}})"


def test_a_name_that_the_network_cuts_up_is_one_again() -> None:
    found = short(f"{LONG}多少钱", LONG)
    name = found.text.removesuffix("多少钱")
    form = found.form(read_form(f"{{{name[:2]}|{name[2:]}}}", found.text))
    assert write_form(form, f"{LONG}多少钱") == f"{{{LONG}}}"


@pytest.mark.parametrize("question", ["办公费多少", "", f"{LONG}多少钱"])
def test_what_is_short_or_not_known_stays_as_typed(question: str) -> None:
    assert short(question, *(["办公费"] if "办公费" in question else [])).text == question


def test_two_names_get_two_standins() -> None:
    other = "档案数字化扫描、著录和挂接工作服务采购项目"
    found = short(f"{LONG}与{other}", LONG, other)
    first, second = found.text.split("与")
    assert first != second
