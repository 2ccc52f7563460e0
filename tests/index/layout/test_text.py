"""Glyphs to lines of text."""

import random

import pytest
from marks import write

from index.layout.marks import Glyph
from index.layout.text import SAME_GLYPH, joined, lines_of, without_spaces


def texts(*glyphs: Glyph) -> list[str]:
    return [line.text for line in lines_of(glyphs)]


def test_glyphs_become_lines_in_whatever_order_they_were_written():
    glyphs = [*write("某市测试局", 50, 100), *write("2024年预算", 50, 120), *write("说明", 50, 140)]
    random.Random(7).shuffle(glyphs)
    assert texts(*glyphs) == ["某市测试局", "2024年预算", "说明"]


def test_glyphs_a_little_higher_or_lower_stand_on_one_line():
    assert texts(*write("合计", 50, 100), *write("1,234.50", 90, 103, size=8), *write("万元", 140, 98)) == [
        "合计1,234.50万元"
    ]


def test_lines_set_close_stay_apart():
    assert texts(*write("公务用车购置", 50, 100), *write("及运行费", 50, 109)) == ["公务用车购置", "及运行费"]


def test_small_print_beside_a_large_glyph_is_read_with_it():
    assert texts(*write("预算", 50, 100, size=20), *write("注", 92, 102, size=8)) == ["预算注"]


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("合    计", "合计"),
        ("收 支 总 表", "收支总表"),
        ("Budget  2024", "Budget 2024"),
        ("10.00   20.00", "10.00 20.00"),
        ("采用 Linux  系统", "采用Linux系统"),
        ("1,234.50", "1,234.50"),
        ("20 24 年", "20 24年"),
    ],
)
def test_spaces_stay_between_latin_words_and_numbers_only(printed, read):
    assert texts(*write(printed, 50, 100)) == [read]


def test_a_hair_of_space_inside_a_number_is_none():
    assert texts(*write("1234", 50, 100), *write("56", 72, 100)) == ["123456"]


def test_wide_gaps_part_what_merely_stands_on_one_line():
    (line,) = lines_of([*write("部门：某市测试局", 50, 100), *write("单位：万元", 150, 100)])
    assert [piece.text for piece in line.apart()] == ["部门：某市测试局", "单位：万元"]
    assert [piece.box for piece in line.apart()] == [(50, 100, 130, 110), (150, 100, 200, 110)]


def test_letters_spaced_out_are_not_parted():
    (line,) = lines_of(write("合  计", 50, 100))
    assert [piece.text for piece in line.apart()] == ["合计"]


def test_a_line_is_as_high_as_most_of_its_glyphs():
    (line,) = lines_of([*write("预算", 50, 102, size=10), *write("表", 70, 100, size=14)])
    assert (line.height, line.box) == (10, (50, 100, 84, 114))


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["公务用车购置", "及运行费"], "公务用车购置及运行费"),
        (["1,234", ".50"], "1,234.50"),
        (["Linux", "server"], "Linux server"),
        (["采用Linux", "系统"], "采用Linux系统"),
        (["2024", "年"], "2024年"),
        (["甲", "", "乙"], "甲乙"),
        (["235,421,600.0", "0"], "235,421,600.00"),
        (["100.00", "200.00"], "100.00 200.00"),
        (["20101", "02"], "2010102"),
        ([], ""),
    ],
)
def test_lines_of_one_text_are_joined(lines, text):
    assert joined(lines) == text


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("合　　计", "合计"),
        (" 某市\n测试局 ", "某市测试局"),
        ("采购 Linux server", "采购Linux server"),
        ("1.00\xa0 2.00", "1.00 2.00"),
        ("单位 ： 万元", "单位：万元"),
        ("\t\n", ""),
    ],
)
def test_spaces_beside_chinese_are_for_looks(printed, text):
    assert without_spaces(printed) == text


def test_radicals_that_a_font_writes_for_characters_are_those_characters():
    assert "⽀出、收⼊、部⻔、⻋辆、⼀⽉、专⼾".translate(SAME_GLYPH) == "支出、收入、部门、车辆、一月、专户"
    assert "支出1,234.50万元".translate(SAME_GLYPH) == "支出1,234.50万元"
