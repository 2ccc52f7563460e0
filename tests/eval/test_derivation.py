"""Printed derivations, computed again."""

import pytest

from eval.derivation import steps


@pytest.mark.parametrize(
    "derivation",
    [
        "3,764.44 ÷ 8,124.85 = 46.33%",
        "基本支出 3,764.44 万元 ÷ 支出合计（万元） 8,124.85 万元 = 46.33%",
        "3,764.44 ÷ 8,124.85 × 100% = 46.33%",
        "46.33% = 3,764.44 ÷ 8,124.85",
        "（15.88 + 700.00 + 20.00）÷ 3 = 245.29",
        "8.20 + 44.88 = 53.08",
        "8.20万元 + 44.88万元 = 530,800元",
        "4,360.41 − 8,124.85 = -3,764.44",
        "8,124.85万元 = 81,248,500元",
        "8,124.85万元 × 10,000 = 81,248,500元",
        "韶关市-省数字政府 1,950.02 - 社会保障 50.02 = 1,900.00",
        "表3 [30201]办公费 32.96 + 2024年办公费 55.13 = 88.09",
    ],
)
def test_right_arithmetic_holds(derivation):
    assert [step.why for step in steps(derivation)] == [None]


@pytest.mark.parametrize(
    "derivation",
    [
        "3,764.44 ÷ 8,124.85 = 46.34%",
        "3,764.44 ÷ 8,124.85 = 0.46%",
        "8.20 + 44.88 = 53.80",
        "8.20万元 + 44.88万元 = 530,800万元",
        "1 ÷ 0 = 1",
        "1 2 + 3 = 6",
    ],
)
def test_wrong_arithmetic_says_why(derivation):
    assert all(step.why for step in steps(derivation))
    assert steps(derivation)


def test_each_statement_is_a_step():
    found = steps("15.88 + 700.00 + 20.00 = 735.88；735.88 ÷ 3 = 245.29，各占 1 ÷ 2 = 50%")
    assert [(str(step.result.amount), step.why) for step in found] == [
        ("735.88", None),
        ("245.29", None),
        ("50 %", None),
    ]


def test_digits_of_names_are_no_operands():
    (step,) = steps("12345热线 21.60 + 水费 2.40 = 24", ["12345热线", "水费"])
    assert step.why is None


def test_words_without_an_equation_are_no_step():
    assert steps("共8个项目，最大的是第1个") == []
