"""Amounts: exact, in both directions."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.amounts import YUAN, convert, format_amount, format_count, is_money, parse_amount, quotient

AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12)


@given(AMOUNTS)
def test_what_is_printed_is_read_back(value):
    assert parse_amount(format_amount(value)) == value


@given(AMOUNTS.map(abs))
def test_brackets_are_a_minus(value):
    assert parse_amount(f"({format_amount(value)})") == -value


@given(AMOUNTS, st.sampled_from(sorted(YUAN)), st.sampled_from(sorted(YUAN)))
def test_another_unit_and_back_is_the_same_amount(value, unit, to):
    assert convert(convert(value, unit, to), to, unit) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8,124.85", "8124.85"),
        ("0.00", "0"),
        ("0", "0"),
        ("-2.5", "-2.5"),
        ("−2.5", "-2.5"),
        ("（1,000.00）", "-1000"),
        ("１，２３４．５０", "1234.50"),
        (" 1 234.50 ", "1234.50"),
        ("+3", "3"),
        ("123456.123456", "123456.123456"),
    ],
)
def test_amounts_are_read_as_printed(text, value):
    assert parse_amount(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", " ", "-", "--", "—", "无", "()", "（）", "1,23.00", "12,34", "1.2.3", "38.8%", "5万元", "."]
)
def test_what_is_no_amount_is_none(text):
    assert parse_amount(text) is None


def test_zero_is_not_blank():
    assert parse_amount("0.00") == 0
    assert parse_amount("0.00") is not None


@pytest.mark.parametrize(
    ("text", "printed"),
    [("8124.85", "8,124.85"), ("33.8", "33.80"), ("0", "0.00"), ("1.234500", "1.2345"), ("1000", "1,000.00")],
)
def test_amounts_are_printed_with_two_decimals_or_all(text, printed):
    assert format_amount(Decimal(text)) == printed


@pytest.mark.parametrize(("text", "printed"), [("4", "4"), ("863.920", "863.92"), ("1000", "1,000"), ("1E+3", "1,000")])
def test_counts_are_printed_plainly(text, printed):
    assert format_count(Decimal(text)) == printed


@pytest.mark.parametrize(("numerator", "rounded"), [("1.005", "1.01"), ("-1.005", "-1.01"), ("1.0049999", "1.00")])
def test_quotients_round_half_up(numerator, rounded):
    assert quotient(Decimal(numerator), Decimal(1)) == Decimal(rounded)


def test_nothing_is_divided_by_zero():
    with pytest.raises(ZeroDivisionError):
        quotient(Decimal(1), Decimal(0))


def test_only_units_of_money_are_money():
    assert [is_money(unit) for unit in ("元", "千元", "万元", "亿元", "%", "台", None)] == [True] * 4 + [False] * 3
    with pytest.raises(KeyError):
        convert(Decimal(1), "台", "元")
