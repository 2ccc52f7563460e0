"""What a stretch of a question can name: rows, units, codes, years, also misspelt or said in everyday words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Assistant
from assistant.words.naming import Namer, Slot
from assistant.words.slips import is_miswritten, is_slip
from tests.assistant.conftest import ARCHIVE, OFFICE


@pytest.fixture(scope="module")
def namer(office_assistant: Assistant) -> Namer:
    return Namer(office_assistant.state().lexicon)


def first(namer: Namer, text: str) -> tuple[Slot, ...]:
    options = namer.options(text)
    return options[0].slots if options else (Slot("none", ""),)


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("办公费", [("row", "办公费")]),
        ("办公费预算", [("row", "办公费")]),
        ("办公用品", [("row", "办公费")]),
        ("辦公費", [("row", "办公费")]),
        ("伴公费", [("row", "办公费")]),
        ("发工资和福利", [("row", "工资福利支出")]),
        ("20126", [("code", "20126")]),
        ("2024年", [("year", "2024")]),
        ("去年", [("relative_year", "-1")]),
        ("第三", [("numbering", "三")]),
        ("二、", [("numbering", "二")]),
        ("档案馆", [("unit", ARCHIVE)]),
        ("局本级", [("own", "局本级")]),
        ("库房改造项目", [("project", "库房改造项目")]),
        ("档案馆基本支出", [("unit", ARCHIVE), ("column", "基本支出")]),
        ("项级", [("level", "3")]),
        ("深圳", [("elsewhere", "深圳")]),
        ("全部", []),
    ],
)
def test_the_likeliest_way_to_take_a_stretch(namer, text, slots):
    assert [(s.kind, s.value) for s in first(namer, text)] == slots


@pytest.mark.parametrize("text", ["幼儿园", "大熊猫繁育", "非办公费", "无水费", "12", "？"])
def test_what_names_nothing_has_no_row(namer, text):
    assert not {slot.kind for option in namer.options(text) for slot in option.slots} & {"row", "unit", "project"}


def test_a_slip_is_told(namer):
    assert namer.options("伴公费")[0].taken == "办公费"


def test_a_department_is_known_by_its_short_name(namer):
    assert Slot("department", OFFICE) in first(namer, "档案局") or Slot("unit", OFFICE) in first(namer, "档案局")


def test_names_of_a_question_are_found_where_they_stand(namer):
    question = "我听说档案馆的办公费很高"
    assert [question[a:b] for a, b in namer.known(question)] == ["档案馆", "办公费"]


@given(st.text(max_size=12))
def test_any_stretch_has_options_of_fair_scores(namer, text):
    assert all(0 < option.score <= 1 for option in namer.options(text))


@pytest.mark.parametrize(
    ("typed", "meant", "slip"),
    [
        ("工资福立支出", "工资福利支出", True),
        ("差率费用表", "差旅费用表", True),
        ("公务接接待费", "公务接待费", True),
        ("公交车采购", "公车采购", False),
        ("其他工资", "工资", False),
        ("非税收入", "税收收入", False),
        ("不办公费", "办公费", False),
        ("2024", "2023", False),
        ("水费", "水费", False),
    ],
)
def test_slips(typed, meant, slip):
    assert is_slip(typed, meant) is slip


@pytest.mark.parametrize(
    ("typed", "meant", "miswritten"),
    [
        ("抚血金", "抚恤金", True),
        ("租凭费", "租赁费", True),
        ("水电费", "邮电费", False),  # a word of its own
        ("退休费", "退职费", False),
        ("非血金", "无血金", False),
    ],
)
def test_one_other_character_is_a_slip_where_no_words_stand_there(typed, meant, miswritten):
    assert is_miswritten(typed, meant) is miswritten


def test_a_word_that_goes_on_is_no_name(namer):
    question = "本部门支出合计"
    assert "本部" not in [question[a:b] for a, b in namer.known(question)]
