"""The scorer, by behaviour."""

import pytest

from eval.questions import Gold
from eval.score import score


def gold(*values, unit="万元", **fields):
    formulas = {"formula": [str(v) for v in values], "values": [str(v) for v in values]} if values else {}
    return Gold.model_validate({"unit": unit} | formulas | fields)


def verdict(golds, given):
    result = score(golds if isinstance(golds, list) else [golds], given)
    return result.outcome, result.wrong_number


RIGHT, WRONG, WRONG_NUMBER, REFUSED = ("right", False), ("wrong", False), ("wrong", True), ("refused", False)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (8124.85, "万元", RIGHT),
        ("8124.85", "万元", RIGHT),
        ([8124.85], "万元", RIGHT),
        (81248500, "元", RIGHT),
        (81248500.0, "元", RIGHT),
        (0.812485, "亿元", RIGHT),
        (8124.58, "万元", WRONG_NUMBER),
        (8124.85, "元", WRONG_NUMBER),
        (8124.85, None, WRONG),
        ([8124.85, 3764.44], "万元", WRONG_NUMBER),
        ([8124.85, None], "万元", WRONG),
        (None, None, WRONG),
    ],
)
def test_value_must_be_exactly_the_golds(given, value, unit, expected):
    assert verdict(gold("8124.85"), given("…", value, unit)) == expected


def test_a_wanted_unit_must_be_given(given):
    wanted = gold("338000", unit="元", strict_unit=True)
    assert verdict(wanted, given("…", 338000, "元")) == RIGHT
    assert verdict(wanted, given("…", 33.8, "万元")) == WRONG


def test_several_values_are_a_set_unless_ordered(given):
    assert verdict(gold(32.96, 5), given("…", [5, 32.96], "万元")) == RIGHT
    assert verdict(gold(32.96, 5, ordered=True), given("…", [5, 32.96], "万元")) == WRONG
    assert verdict(gold(32.96, 5, ordered=True), given("…", [32.96, 5], "万元")) == RIGHT


def test_a_part_of_the_values_is_not_right_but_no_wrong_number(given):
    assert verdict(gold(32.96, 5), given("…", 32.96, "万元")) == WRONG


def test_counts_compare_whatever_the_word(given):
    assert verdict(gold(8, unit="个"), given("…", 8, "项")) == RIGHT
    assert verdict(gold(8, unit="个"), given("…", 8, None)) == RIGHT
    assert verdict(gold(8, unit="个"), given("…", 8, "万元")) == WRONG_NUMBER


def test_refused_or_asked_back_though_answerable(given):
    assert verdict(gold(1), given("没有", refused=True, reason="not_found")) == REFUSED
    assert verdict(gold(1), given("哪一个？", reason="ambiguous", suggestions=[{}, {}])) == REFUSED


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"refused": True, "reason": "other_year"}, RIGHT),
        ({"refused": True, "reason": "not_found"}, WRONG),
        ({"refused": True, "reason": "other_year", "value": 3}, WRONG_NUMBER),
        ({"reason": "ambiguous", "suggestions": [{}, {}]}, WRONG),
        ({"value": 3, "unit": "万元"}, WRONG_NUMBER),
        ({}, WRONG),
    ],
)
def test_a_refusal_needs_its_code(given, fields, expected):
    assert verdict(gold(refuse=["other_year"]), given("…", **fields)) == expected


def test_a_question_back_needs_two_choices(given):
    either = [gold(1, 2), gold(clarify=True)]
    assert verdict(either, given("？", reason="ambiguous", suggestions=[{}, {}])) == RIGHT
    assert verdict(either, given("？", reason="ambiguous", suggestions=[{}])) == REFUSED
    assert verdict(either, given("…", [1, 2], "万元")) == RIGHT
    assert verdict(either, given("…", 3, "万元")) == WRONG_NUMBER


def test_yes_or_no_must_agree_and_state_its_values(given):
    wanted = gold(16, boolean=False)
    right = given("不是，比上年增加16万元", False, cites={"16": ["c1"]})
    assert verdict(wanted, right) == RIGHT
    assert verdict(wanted, given("不是，增加61万元", False, cites={"61": ["c1"]})) == WRONG_NUMBER
    assert verdict(wanted, given("是，增加16万元", True, cites={"16": ["c1"]})) == WRONG
    assert verdict(wanted, given("不是", False)) == WRONG
    assert verdict(wanted, given("16万元", 16, "万元")) == WRONG


def test_yes_or_no_may_be_said_behind_an_amount(given):
    both = "合计16万元。\n{}。一样多，16万元。"
    assert verdict(gold(16, boolean=True), given(both.format("是的"), 16, "万元", cites={"16": ["c1"]})) == RIGHT
    assert verdict(gold(16, boolean=True), given(both.format("不是"), 16, "万元", cites={"16": ["c1"]})) == WRONG


def test_a_yes_where_the_gold_refuses_states_its_numbers(given):
    assert verdict(gold(refuse=["not_found"]), given("是，5万元", True, cites={"5": ["c1"]})) == WRONG_NUMBER


def test_names_stand_in_the_text_whatever_the_quotes(given):
    wanted = gold("73.24", names=["韶关市“数字政府”安全服务项目"])
    assert verdict(wanted, given("韶关市 数字政府 安全服务项目：73.24", 73.24, "万元")) == RIGHT
    assert verdict(wanted, given("73.24", 73.24, "万元")) == WRONG


def test_names_as_value_with_the_amount_in_the_text(given):
    wanted = gold("863.81", names=["劳务费"])
    assert verdict(wanted, given("劳务费，863.81万元", ["劳务费"], cites={"863.81": ["c1"]})) == RIGHT
    assert verdict(wanted, given("劳务费", ["劳务费"])) == WRONG
    assert verdict(wanted, given("劳务费、水费 863.81万元", ["劳务费", "水费"], cites={"863.81": ["c1"]})) == WRONG


def test_a_passage_must_hold_its_pieces_and_no_value(given):
    wanted = gold(unit=None, contains=["购置一台公务用车"])
    assert verdict(wanted, given("因为购置一台公务用车")) == RIGHT
    assert verdict(wanted, given("因为购置一台公务用车", 16, "万元")) == WRONG
    assert verdict(wanted, given("因为别的")) == WRONG


def test_citations_stand_in_all_cells_or_any_of_the_lines(given, cite):
    answer = given("1", 1, "万元", citations=[cite(line=95), cite("c2", line=145)])
    cells = {"a": "L95.3", "b": "L145~3"}
    assert score([gold(1, cells=cells)], answer).cited_right is True
    assert score([gold(1, cells=cells | {"c": "L7.1"})], answer).cited_right is False
    assert score([gold(1, cells=cells, lines=[7, 145])], answer).cited_right is True
    assert score([gold(1, lines=[7])], answer).cited_right is False
    assert score([gold(1)], answer).cited_right is None


def test_every_verdict_tells_its_reason(given):
    assert score([gold(1)], given("2", 2, "万元")).reason == "2 万元, expected 1 万元"
    assert score([gold(1)], given("没有", refused=True, reason="empty")).reason == "refused as empty though answerable"


def test_exact_quotient_beside_a_rounded_gold_is_right(given):
    rounded = gold(unit="亿元", cells={"a": "L1.1"}, formula=["a/10000"], values=["0.44"], strict_unit=True)
    assert verdict(rounded, given("…", 0.436041, "亿元")) == RIGHT
    assert verdict(rounded, given("…", 0.446041, "亿元")) == WRONG_NUMBER
    assert verdict(gold("0.44"), given("…", 0.436041, "万元")) == WRONG_NUMBER


def test_names_may_come_with_a_number_each(given):
    named = gold(names=["甲", "乙"])
    assert verdict(named, given("甲 1.00万元、乙 2.00万元", [1, 2], "万元")) == RIGHT
    assert verdict(named, given("甲 1.00万元、乙 2.00万元、丙 3.00万元", [1, 2, 3], "万元")) == WRONG


def test_number_of_the_text_asked_for_may_be_the_value(given):
    assert verdict(gold(contains=["达到99.5%以上"]), given("…达到99.5%以上", 99.5, "%")) == RIGHT
    assert verdict(gold(contains=["达到99.5%以上"]), given("…达到99.5%以上", 98, "%")) == WRONG
