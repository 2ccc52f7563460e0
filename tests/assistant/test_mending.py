"""A reading that passes over a name is given it, or is left alone."""

from __future__ import annotations

import pytest

from assistant.planning.mending import taken_up
from assistant.reader.form import Span
from assistant.reader.notation import read_form, write_form

KINDS = {
    "甲站": "unit", "乙站": "unit", "项目支出": "column", "基本支出": "column", "表五": "table",
    "水费": "row", "电费": "row", "奖金": "row", "津贴": "row", "绩效工资": "row",
}  # fmt: skip


def mended(question: str, form: str, *missing: str) -> str | None:
    spans = [Span(question.index(word), question.index(word) + len(word)) for word in missing]
    found = taken_up(read_form(form, question), question, spans, lambda s: KINDS.get(question[s.start : s.end]))
    return write_form(found, question) if found is not None else None


@pytest.mark.parametrize(
    ("question", "form", "missing", "expected"),
    [
        ("甲站的水费和电费一共多少", "sum({水费},{电费})", ["甲站"], "sum({甲站|水费},{甲站|电费})"),
        ("项目支出里的水费占总支出多少", "share({水费},total{})", ["项目支出"], "share({项目支出|水费},total{项目支出})"),
        ("水费在基本支出和项目支出里各多少", "{水费|基本支出} ; {水费}", ["项目支出"], "{水费|基本支出} ; {水费|项目支出}"),
        ("奖金、绩效工资和津贴各多少", "{奖金} ; {津贴}", ["绩效工资"], "{奖金} ; {绩效工资} ; {津贴}"),
        ("奖金、绩效工资和津贴一共多少", "sum({奖金},{津贴})", ["绩效工资"], "sum({奖金},{绩效工资},{津贴})"),
        ("甲站、乙站的水费占比", "share({甲站|水费})", ["乙站"], "share({甲站|水费}) ; share({乙站|水费})"),
        ("表五里哪个单位最多", "top(units{})", ["表五"], "top(units{表五})"),
    ],
)  # fmt: skip
def test_the_missing_name_is_taken_up(question: str, form: str, missing: list[str], expected: str) -> None:
    assert mended(question, form, *missing) == expected


@pytest.mark.parametrize(
    ("question", "form", "missing"),
    [
        ("水费多少，我记得奖金也不少", "{水费}", "奖金"),  # a row that stands in no list with what was read
        ("甲站的职责是什么", "duty({})", "甲站"),  # a call over words has nothing to narrow
        ("甲站和乙站的水费", "{甲站|水费}", "不存在的词"),
    ],
)
def test_a_name_without_a_place_is_left_out(question: str, form: str, missing: str) -> None:
    if missing not in question:
        question += missing
    assert mended(question, form, missing) is None


def test_a_thing_that_is_narrowed_already_is_not_narrowed_twice() -> None:
    assert (
        mended("基本支出的水费比项目支出的电费多吗", "is({基本支出|水费},>,{电费})", "项目支出")
        == "is({基本支出|水费},>,{项目支出|电费})"
    )
