"""Numbers and units as the harness reads them."""

from decimal import Decimal

import pytest

from eval.measures import Amount, half_up, numbers_in, plain, same_amount, standard_unit


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("预算8,124.85万元，占46.33%", [("8124.85", "万元"), ("46.33", "%")]),
        ("8,124.85（万元）", [("8124.85", "万元")]),
        ("比上年增加-2.50元", [("2.50", "元")]),
        ("增减额为-2.50元", [("-2.50", "元")]),
        ("2022-2025年", [("2022", None), ("2025", None)]),
        ("韶关市-12345平台", [("12345", None)]),
        ("三百二十万元，百分之三十八点八，单位：千元", [("320", "万元"), ("38.8", "%")]),
        ("一般公共预算，第一个，二是", []),
        ("0.81亿，8个项目，９台", [("0.81", "亿元"), ("8", "个"), ("9", "台")]),
    ],
)
def test_numbers_carry_sign_and_unit(text, amounts):
    assert [s.amount for s in numbers_in(text)] == [Amount(Decimal(n), unit) for n, unit in amounts]


def test_places_point_at_the_digits():
    (stated,) = numbers_in("共 8,124.85 万元")
    assert ("共 8,124.85 万元"[stated.start : stated.end], stated.decimals) == ("8,124.85", 2)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("8124.85", "万元"), ("81248500", "元"), True),
        (("8124.85", "万元"), ("0.812485", "亿元"), True),
        (("8124.85", "万元"), ("0.81", "亿元"), False),
        (("8", "个"), ("8", "项"), True),
        (("8", "个"), ("8", None), True),
        (("46.33", "%"), ("46.33", "万元"), False),
        (("46.33", "%"), ("46.33", None), False),
    ],
)
def test_amounts_compare_over_units_of_money_only(one, other, same):
    assert same_amount(Amount(Decimal(one[0]), one[1]), Amount(Decimal(other[0]), other[1])) is same


def test_halves_are_rounded_up():
    assert half_up(Decimal("46.335"), 2) == Decimal("46.34")


def test_spelling_of_units_and_words_does_not_matter():
    assert (standard_unit(" 万 "), standard_unit("％"), standard_unit("")) == ("万元", "%", None)
    assert plain("“三公” 经费（本级）") == plain("三公经费(本级)")
