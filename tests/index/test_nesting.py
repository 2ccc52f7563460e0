"""Hierarchies that only the amounts tell."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.model import Place, Row
from index.parsing.nesting import ROUNDING, nest, settle, total_segments
from index.parsing.rows import set_hierarchy

Tree = int | list["Tree"]  # a leaf's amount, or the parts of a sum


def decimals(*amounts: str | int) -> list[Decimal]:
    return [Decimal(amount) for amount in amounts]


def rows(*lines: str) -> list[Row]:
    """Rows such as `电费|1.00|2.00`, with the hierarchy that their labels alone tell; two spaces set one in by a character."""
    made, indents = [], []
    for line in lines:
        label, *cells = line.strip().split("|")
        indents.append((len(line) - len(line.lstrip())) / 2)
        values = [Decimal(cell) if cell else None for cell in cells]
        made.append(Row(label=label, path=[label], cells=cells, values=values, place=Place(line=1)))
    set_hierarchy(made, [], indents)
    return made


def paths(*lines: str) -> list[str]:
    """The paths of these rows once amounts have been asked."""
    made = rows(*lines)
    settle(made)
    return ["/".join(row.path) for row in made]


def unfold(trees: list[Tree], depth: int = 0) -> list[tuple[Decimal, int]]:
    """Amounts with their depths, each sum before its parts."""
    found: list[tuple[Decimal, int]] = []
    for tree in trees:
        below = unfold(tree, depth + 1) if isinstance(tree, list) else []
        own = sum(a for a, d in below if d == depth + 1) if isinstance(tree, list) else Decimal(tree)
        found += [(Decimal(own), depth), *below]
    return found


def parts_of(depths: Sequence[int], i: int) -> list[int]:
    end = next((k for k in range(i + 1, len(depths)) if depths[k] <= depths[i]), len(depths))
    return [k for k in range(i + 1, end) if depths[k] == depths[i] + 1]


def assert_consistent(
    amounts: Sequence[Decimal], target: Decimal, depths: list[int], slack: Decimal = Decimal(0)
) -> None:
    """Each depth is at most one more than the one before, and each level adds up to what stands above it."""
    assert len(depths) == len(amounts)
    assert depths[0] == 0 and all(b <= a + 1 for a, b in pairwise(depths))
    assert abs(sum(a for a, d in zip(amounts, depths, strict=True) if d == 0) - target) <= slack
    for i in range(len(amounts)):
        below = parts_of(depths, i)
        if any(amounts[k] for k in below):
            assert abs(sum(amounts[k] for k in below) - amounts[i]) <= slack


# --- the search --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("amounts", "target", "depths"),
    [
        ((30, 10, 20, 5), 35, [0, 1, 1, 0]),
        ((60, 30, 10, 20, 30), 60, [0, 1, 2, 2, 1]),
        ((10, 20, 30), 60, [0, 0, 0]),
        ((7, 3, 4, 7, 5, 2), 14, [0, 1, 1, 0, 1, 1]),
        ((5, 5, 8), 13, [0, 1, 0]),
        ((5,), 5, [0]),
        ((10, 0, 4, 6, 5), 15, [0, 1, 1, 1, 0]),
    ],
)
def test_sums_stand_above_their_parts(amounts, target, depths):
    assert nest(decimals(*amounts), Decimal(target)) == depths


@pytest.mark.parametrize(
    ("amounts", "target"),
    [
        ((30, 10, 21, 5), 35),
        ((10, 20), 31),
        ((10, 20), 0),
        ((10, 20), -30),
        ((30, 40, -10), 30),
        ((5, 30), 30),
        ((), 5),
    ],
)
def test_where_no_reading_fits_there_is_none(amounts, target):
    assert nest(decimals(*amounts), Decimal(target)) is None


def test_rounding_is_allowed_for_within_the_slack_alone():
    amounts, target = decimals("30.01", "10.00", "20.00", "5.00"), Decimal("35.01")
    assert nest(amounts, target) is None
    assert nest(amounts, target, ROUNDING) == [0, 1, 1, 0]
    assert nest(decimals("30.03", "10.00", "20.00", "5.00"), Decimal("35.03"), ROUNDING) is None


def test_a_zero_stands_beside_the_amount_before_it():
    assert nest(decimals(10, 4, 6, 0, 5), Decimal(15)) == [0, 1, 1, 1, 0]
    assert nest(decimals(4, 6, 0), Decimal(10)) == [0, 0, 0]


def test_zeros_at_the_end_stand_beside_the_amount_before_them():
    assert nest(decimals(10, 4, 6, 0), Decimal(10)) == [0, 1, 1, 1]


def test_a_list_without_a_reading_is_given_up_soon():
    amounts = [Decimal(10_000 + n**5 % 7919) for n in range(21) for _ in range(2)]
    assert nest(amounts, sum(amounts) + 1) is None


@given(st.recursive(st.just(0), lambda inner: st.lists(inner, min_size=2, max_size=4), max_leaves=12))
def test_sums_built_at_random_are_found_again(tree):
    # Each leaf is a power of its own, so that no other reading adds up.
    leaves = iter(range(12))

    def filled(one: Tree) -> Tree:
        return [filled(part) for part in one] if isinstance(one, list) else 100 ** next(leaves)

    unfolded = unfold([filled(tree)])
    amounts, depths = [a for a, _ in unfolded], [d for _, d in unfolded]
    assert nest(amounts, amounts[0]) == depths


@given(st.recursive(st.integers(1, 9), lambda inner: st.lists(inner, min_size=1, max_size=4), max_leaves=12))
def test_small_sums_with_several_readings_give_one_that_adds_up(tree):
    amounts = [amount for amount, _ in unfold([tree] if isinstance(tree, int) else tree)]
    target = sum(
        (amount for amount, depth in unfold([tree] if isinstance(tree, int) else tree) if depth == 0), Decimal(0)
    )
    depths = nest(amounts, target)
    if depths is not None:
        assert_consistent(amounts, target, depths)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=12), st.integers(1, 40), st.sampled_from([0, 1]))
def test_depths_are_consistent_whatever_the_amounts(numbers, target, slack):
    amounts = decimals(*numbers)
    depths = nest(amounts, Decimal(target), Decimal(slack))
    if depths is not None:
        assert_consistent(amounts, Decimal(target), depths, Decimal(slack))


# --- the rows of a table -----------------------------------------------------------------------------------------
def test_rows_are_put_below_the_rows_that_they_add_up_to():
    assert paths("合计|35.00", "运转类|30.00", "电费|10.00", "水费|20.00", "邮费|5.00") == [
        "合计",
        "运转类",
        "运转类/电费",
        "运转类/水费",
        "邮费",
    ]


def test_a_total_below_its_rows_does_the_same():
    assert paths("运转类|30.00", "电费|10.00", "水费|20.00", "邮费|5.00", "合计|35.00")[:2] == ["运转类", "运转类/电费"]


def test_levels_follow_the_paths():
    made = rows("合计|60.00", "甲类|60.00", "乙类|30.00", "电费|10.00", "水费|20.00", "邮费|30.00")
    settle(made)
    assert [row.level for row in made] == [0, 1, 2, 3, 3, 2]


@pytest.mark.parametrize(
    "lines",
    [
        ("合计|30.00", "电费|10.00", "水费|20.00"),
        ("合计|35.00", "运转类|30.00", "电费|10.00", "水费|21.00", "邮费|5.00"),
        ("运转类|30.00", "电费|10.00", "水费|20.00"),
        ("合计|", "运转类|30.00", "电费|10.00", "水费|20.00"),
        ("合计|20.00", "电费|30.00", "退费|-10.00"),
    ],
)
def test_nothing_changes_where_nothing_fits_or_all_adds_up(lines):
    assert paths(*lines) == [line.split("|")[0] for line in lines]


def test_rounding_of_a_cent_does_not_hide_a_sum():
    assert paths("合计|35.01", "运转类|30.01", "电费|10.00", "水费|20.00", "邮费|5.00")[2] == "运转类/电费"


def test_another_column_may_object():
    agrees = ("合计|35.00|7.00", "运转类|30.00|6.00", "电费|10.00|2.00", "水费|20.00|4.00", "邮费|5.00|1.00")
    objects = ("合计|35.00|13.00", "运转类|30.00|6.00", "电费|10.00|2.00", "水费|20.00|4.00", "邮费|5.00|1.00")
    assert paths(*agrees)[2] == "运转类/电费"
    assert paths(*objects)[2] == "电费"


def test_a_column_without_amounts_has_no_say():
    lines = ("合计||35.00", "运转类||30.00", "电费||10.00", "水费||20.00", "邮费||5.00")
    assert paths(*lines)[2] == "运转类/电费"


def test_rows_below_another_row_are_told_too():
    lines = (
        "合计|35.00",
        "一、基本支出|35.00",
        "（一）运转类|30.00",
        "（二）电费|10.00",
        "（三）水费|20.00",
        "（四）邮费|5.00",
    )
    assert paths(*lines)[2:4] == ["一、基本支出/（一）运转类", "一、基本支出/（一）运转类/（二）电费"]


def test_codes_are_left_as_they_are():
    made = rows("合计|35.00", "运转类|35.00", "电费|30.00", "水费|10.00", "邮费|20.00")
    for row in made[2:]:
        row.code, row.path = "30201", ["运转类", row.label]
    settle(made)
    assert [row.path for row in made[2:]] == [["运转类", label] for label in ("电费", "水费", "邮费")]


@pytest.mark.parametrize(
    ("labels", "segments"),
    [
        (("合计", "电费", "水费"), [(0, [1, 2])]),
        (("电费", "水费", "合计"), [(2, [0, 1])]),
        (("电费", "本年支出合计", "结转", "支出总计"), [(1, [0]), (3, [1, 2])]),
        (("电费", "水费"), []),
    ],
)
def test_totals_are_of_the_rows_below_them_or_above(labels, segments):
    assert list(total_segments(rows(*(f"{label}|1.00" for label in labels)))) == segments


@given(st.recursive(st.integers(1, 400), lambda inner: st.lists(inner, min_size=1, max_size=4), max_leaves=14))
def test_paths_never_skip_a_level(tree):
    amounts = [amount for amount, _ in unfold([tree])]
    made = rows(f"合计|{amounts[0]}", *(f"项目{n}|{amount}" for n, amount in enumerate(amounts)))
    settle(made)
    levels = [row.level for row in made]
    assert all(b <= a + 1 for a, b in pairwise(levels))
    assert [row.path[-1] for row in made] == [row.label for row in made]


# --- labels set in -----------------------------------------------------------------------------------------------
def test_labels_set_further_in_than_one_above_are_its_parts_though_all_are_blank():
    assert paths("上年结转|", "  一般公共预算|", "    上年|", "  政府性基金|", "使用结余|", "收入总计|") == [
        "上年结转",
        "上年结转/一般公共预算",
        "上年结转/一般公共预算/上年",
        "上年结转/政府性基金",
        "使用结余",
        "收入总计",
    ]


def test_numbers_go_on_beside_the_one_whose_parts_are_set_in():
    found = paths("一、财政拨款|9.00", "  一般公共预算|9.00", "  政府性基金|", "二、事业收入|", "收入总计|9.00")
    assert found[1:4] == ["一、财政拨款/一般公共预算", "一、财政拨款/政府性基金", "二、事业收入"]


def test_labels_that_are_set_in_but_are_more_than_the_one_above_stand_beside_it():
    assert paths("工资|2.00", "  津贴|3.00", "  奖金|4.00", "支出合计|9.00") == ["工资", "津贴", "奖金", "支出合计"]


def test_what_is_set_in_below_a_total_is_no_part_of_what_stands_above_it():
    assert paths("拨款|5.00", "本年收入合计|5.00", "  上年结转|", "收入总计|5.00")[2] == "上年结转"
