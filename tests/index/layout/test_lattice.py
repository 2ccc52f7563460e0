"""Ruling lines to cells."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marks import draw

from index.layout.lattice import Lattice, Span, lattices
from index.layout.marks import Rule, Rules

THREE_BY_TWO = ("项目|金额", "电费|1.00", "水费|2.00")


def column_widths(lattice: Lattice) -> list[float]:
    return [right - left for left, right in pairwise(lattice.xs)]


def only(rules: Rules) -> Lattice:
    (lattice,) = lattices(rules)
    return lattice


def full(rows: int, columns: int) -> list[Span]:
    return [Span(r, r + 1, c, c + 1) for r in range(rows) for c in range(columns)]


def changed(rules: Rules, across=lambda rule: [rule], down=lambda rule: [rule]) -> Rules:
    """The lines with each replaced by those that a function gives for it."""
    return Rules([r for rule in rules.across for r in across(rule)], [r for rule in rules.down for r in down(rule)])


def test_each_field_between_lines_is_a_cell():
    lattice = only(draw(*THREE_BY_TWO).rules)
    assert (lattice.xs, lattice.ys) == ([50, 150, 250], [100, 120, 140, 160])
    assert lattice.cells == full(3, 2)
    assert (lattice.box, lattice.box_of(Span(1, 3, 1, 2))) == ((50, 100, 250, 160), (150, 120, 250, 160))
    assert column_widths(lattice) == [100, 100]


def test_merged_cells_keep_their_spans():
    lattice = only(draw("项目|<|金额", "^|<|预算", "电费|a|1.00").rules)
    assert lattice.cells[:3] == [Span(0, 2, 0, 2), Span(0, 1, 2, 3), Span(1, 2, 2, 3)]
    assert lattice.cells[3:] == [Span(2, 3, c, c + 1) for c in range(3)]


@pytest.mark.parametrize("apart", [0.5, 1.5, 2.4])
def test_a_line_drawn_doubled_is_one(apart):
    def twice(rule: Rule) -> list[Rule]:
        return [rule, rule._replace(at=rule.at + apart)]

    lattice = only(changed(draw(*THREE_BY_TWO).rules, across=twice, down=twice))
    assert lattice.cells == full(3, 2)
    assert lattice.xs == pytest.approx([x + apart / 2 for x in (50, 150, 250)])


def test_a_line_drawn_as_a_thin_rectangle_is_one():
    thin = Rules()
    for rule in draw(*THREE_BY_TWO).rules.across:
        thin.across += [rule, rule._replace(at=rule.at + 0.7)]
        thin.down += [Rule(x, rule.at, rule.at + 0.7) for x in (rule.start, rule.end)]
    for rule in draw(*THREE_BY_TWO).rules.down:
        thin.down += [rule, rule._replace(at=rule.at + 0.7)]
        thin.across += [Rule(y, rule.at, rule.at + 0.7) for y in (rule.start, rule.end)]
    assert only(thin).cells == full(3, 2)


def test_gaps_do_no_harm():
    def broken(rule: Rule) -> list[Rule]:
        middle = (rule.start + rule.end) / 2
        return [rule._replace(end=middle - 1.4), rule._replace(start=middle + 1.4)]

    assert only(changed(draw(*THREE_BY_TWO).rules, across=broken, down=broken)).cells == full(3, 2)


def test_lines_that_stop_early_close_their_cells():
    def short(rule: Rule) -> list[Rule]:
        return [rule._replace(start=rule.start + 3, end=rule.end - 3)]

    lattice = only(changed(draw(*THREE_BY_TWO).rules, across=short, down=short))
    assert (lattice.xs, lattice.cells) == ([50, 150, 250], full(3, 2))


@pytest.mark.parametrize(("stop", "closed"), [(155, True), (145, False)])
def test_a_line_closes_a_field_that_it_runs_along_for_half(stop, closed):
    rules = changed(draw(*THREE_BY_TWO).rules, down=lambda rule: [rule] if rule.at != 150 else [Rule(150, 100, stop)])
    below = only(rules).cells[4:]
    assert below == (full(3, 2)[4:] if closed else [Span(2, 3, 0, 2)])


def test_a_table_that_is_open_at_its_sides_ends_with_its_lines():
    rules = changed(draw(*THREE_BY_TWO).rules, down=lambda rule: [rule] if rule.at == 150 else [])
    lattice = only(rules)
    assert (lattice.xs, lattice.cells) == ([50, 150, 250], full(3, 2))


def test_a_table_that_is_open_at_top_and_bottom_ends_with_its_lines():
    rules = changed(draw(*THREE_BY_TWO).rules, across=lambda rule: [rule] if rule.at in (120, 140) else [])
    lattice = only(rules)
    assert (lattice.ys, lattice.cells) == ([100, 120, 140, 160], full(3, 2))


def test_level_lines_alone_are_rows():
    lattice = only(Rules([Rule(100, 50, 250), Rule(120, 50, 250), Rule(140, 50, 250)], [Rule(50, 100, 140)]))
    assert (lattice.xs, lattice.cells) == ([50, 250], full(2, 1))


def test_what_is_no_rectangle_is_taken_apart_row_by_row():
    # The field at the top right is open to its left and downwards: together an L.
    rules = draw("甲|乙", "丙|丁").rules
    rules.across.remove(Rule(120, 150, 250))
    rules.down.remove(Rule(150, 100, 120))
    assert only(rules).cells == [Span(0, 1, 0, 2), Span(1, 2, 0, 1), Span(1, 2, 1, 2)]


def test_two_tables_of_a_page_are_two_from_top_to_bottom():
    below, above = draw(*THREE_BY_TWO, top=400).rules, draw("甲|乙|丙", top=100).rules
    found = lattices(Rules(below.across + above.across, below.down + above.down))
    assert [(one.ys[0], len(one.cells)) for one in found] == [(100, 3), (400, 6)]


def test_a_box_around_a_paragraph_is_no_table():
    assert lattices(draw("注：一段文字").rules) == []


def test_lines_that_meet_no_others_are_no_table():
    assert lattices(Rules([Rule(90, 50, 550), Rule(700, 50, 550)], [])) == []
    assert lattices(Rules([], [])) == []


def test_strokes_of_characters_are_no_lines():
    rules = draw(*THREE_BY_TWO).rules
    rules.across += [Rule(130, 60, 64), Rule(151, 147, 151)]
    rules.down += [Rule(62, 128, 132), Rule(200, 118, 122)]
    lattice = only(rules)
    assert (lattice.xs, lattice.cells) == ([50, 150, 250], full(3, 2))


@given(st.sets(st.integers(0, 9)), st.sets(st.integers(0, 9)))
def test_every_field_is_in_one_cell_whatever_lines_are_missing(across, down):
    rules = draw("1|2|3", "4|5|6", "7|8|9").rules
    rules.across = [rule for n, rule in enumerate(rules.across) if n not in across]
    rules.down = [rule for n, rule in enumerate(rules.down) if n not in down]
    for lattice in lattices(rules):
        covered = [(r, c) for s in lattice.cells for r in range(s.top, s.bottom) for c in range(s.left, s.right)]
        assert sorted(covered) == [(r, c) for r in range(len(lattice.ys) - 1) for c in range(len(lattice.xs) - 1)]
