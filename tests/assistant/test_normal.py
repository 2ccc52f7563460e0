"""The form in which a question is compared with labels."""

from __future__ import annotations

from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.words.normal import bare, normal, simplified


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公務接待費是多少", "公务接待费是多少"),
        ("辦公費與電費", "办公费与电费"),
        ("“三公”经费", "三公经费"),
        ("《收支总体情况表》", "收支总体情况表"),
        ("２０２４年ＡＢＣ", "2024年abc"),
        ("办公费 是 多少", "办公费是多少"),
        ("政府办公厅(室)", "政府办公厅（室）"),
        ("12345 热线", "12345热线"),
        ("top 5", "top 5"),
        ("*市党政机关", "市党政机关"),
        ("", ""),
    ],
)
def test_normal_form(text: str, expected: str) -> None:
    assert normal(text) == expected


def test_bare_keeps_only_words() -> None:
    assert bare("其中：（一）因公出国（境）支出，") == "其中一因公出国境支出"
    assert bare("？！。") == ""


@given(st.text(max_size=60))
def test_normal_form_is_stable(text: str) -> None:
    """A label in normal form meets a question in normal form."""
    once = bare(text)
    assert bare(once) == once


def test_no_word_that_is_converted_is_taken_for_simplified_by_its_characters():
    phrases = (Path(opencc.__file__).parent / "dictionary" / "TSPhrases.txt").read_text(encoding="utf-8").splitlines()
    words = [line.split("\t")[0] for line in phrases]
    convert = opencc.OpenCC("t2s").convert
    assert [w for w in words if normal(w) != convert(w).replace("帐", "账")] == []


def test_simplified_text_keeps_every_character_in_its_place():
    assert simplified("廣州市２０２６年“三公”經費（萬元） ") == "广州市２０２６年“三公”经费（万元） "
