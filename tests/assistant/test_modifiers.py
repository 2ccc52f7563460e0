"""Words beside a row's name that restrict nothing, and names that several stretches make up."""

from __future__ import annotations

import pytest

from assistant.binding.modifiers import described, made_up, says_what_it_is

SYNONYMS = {"抚恤金": ["遗属抚恤", "职工去世抚恤", "给家属发抚恤金"], "委托业务费": ["外包", "请第三方"]}


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("去世职工家属", "抚恤金", True),
        ("外包性质", "委托业务费", True),
        ("村干部", "抚恤金", False),
        ("除家属", "抚恤金", False),
        ("2019年", "委托业务费", False),
        ("的", "抚恤金", False),
    ],
)
def test_says_what_it_is(text: str, name: str, says: bool) -> None:
    assert says_what_it_is(text, [name], SYNONYMS) is says


def test_a_name_is_made_up_of_stretches_with_filling_words_between() -> None:
    rows = ["事业单位医疗", "行政单位医疗", "医疗", "行政事业单位医疗"]
    assert made_up(["事业单位人员", "医疗支出"], rows) == "事业单位医疗"
    assert made_up(["乡镇事业单位", "医疗支出"], rows) is None
    assert made_up(["事业单位医疗"], rows) is None, "that is the name itself"


def test_a_row_is_described_by_several_words_of_its_name_and_no_other_has_them() -> None:
    rows = ["信息网络及软件购置更新", "办公设备购置", "网络运行"]
    assert described("更新信息网络", rows) == "信息网络及软件购置更新"
    assert described("购置", rows) is None
    assert described("更新食堂", rows) is None
    assert described("更新信息网络", [*rows, "信息网络更新改造"]) is None
