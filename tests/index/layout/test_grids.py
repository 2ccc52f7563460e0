"""Lattices and glyphs to grids of cells."""

import pytest
from marks import Drawing, draw, page, write
from spans import drawn

from index.layout.grids import PageGrid, page_grids
from index.layout.marks import DOUBTFUL, Page, Rule, Rules
from index.model import Place

TABLE = ("项目|预算|决算", "电费|1.00|2.00", "水费|3.00|4.00")


def only(one: Page) -> PageGrid:
    (found,) = page_grids(one).grids
    return found


def read(drawing: Drawing) -> list[str]:
    return drawn(only(page(drawing)).grid.rows)


def with_readings(drawing: Drawing, *readings: Rules) -> Page:
    one = page(drawing)
    one.readings[:] = readings
    return one


def without_down(rules: Rules, at: float) -> Rules:
    return Rules(rules.across, [rule for rule in rules.down if rule.at != at])


@pytest.mark.parametrize(
    "lines",
    [
        TABLE,
        ("项目|金额|<", "^|预算|决算", "电费|1.00|2.00"),
        ("科目|<|金额", "^|<|预算", "201|教育|1.00"),
        ("甲|乙|丙", "一、|^|1.00", "二、|^|"),
    ],
)
def test_a_drawn_table_is_read_as_it_was_drawn(lines):
    grid = only(page(draw(*lines))).grid
    assert (drawn(grid.rows), grid.spanned) == (list(lines), True)


def test_cells_and_rows_know_their_place():
    grid = only(page(draw("项目|金额|<", "^|预算|决算"), number=3)).grid
    assert grid.place == Place(page=3, box=(50, 100, 350, 140))
    assert grid.rows[1].place == Place(page=3, box=(50, 120, 350, 140))
    assert grid.rows[0].cells[1].place == Place(page=3, box=(150, 100, 350, 120))
    assert grid.rows[0].cells[2].place is None


def test_lines_of_a_cell_are_joined():
    assert read(draw("项目|预算", "公务用车购置/及运行费|5.00", height=40)) == [
        "项目|预算",
        "公务用车购置及运行费|5.00",
    ]


def test_a_word_that_runs_over_its_cell_stays_whole_where_most_of_it_stands():
    assert read(draw("项目|预算", "一般公共服务支出|", widths=(60, 60))) == ["项目|预算", "一般公共服务支出|"]


def test_words_that_nearly_meet_at_a_line_are_parted_there():
    drawing = draw("项目|预算", "|", widths=(60, 60))
    drawing.glyphs += write("公共服务", 69.3, 124) + write("1.00", 111, 124)
    assert read(drawing)[1] == "公共服务|1.00"


def test_a_label_that_runs_on_under_its_neighbour_stays_apart_from_it():
    drawing = draw("项目|预算", "|", widths=(60, 60))
    drawing.glyphs += write("一般公共服务支出", 53, 124) + write("1.00", 112, 124)
    assert read(drawing)[1] == "一般公共服务支出|1.00"


def test_a_line_that_only_the_header_has_makes_no_column():
    drawing = draw(*TABLE)
    drawing.rules.down.append(Rule(144, 100, 120))
    found = only(page(drawing))
    assert (drawn(found.grid.rows), found.xs) == (list(TABLE), [50, 150, 250, 350])


@pytest.mark.parametrize("offset", [-6, 3, 6])
def test_lines_of_the_header_that_stand_beside_those_of_the_body_make_no_column(offset):
    drawing = draw(*TABLE)
    moved = [rule for rule in drawing.rules.down if rule.at in (150, 250) and rule.start == 100]
    kept = [rule for rule in drawing.rules.down if rule not in moved]
    drawing.rules.down[:] = kept + [rule._replace(at=rule.at + offset) for rule in moved]
    assert read(drawing) == list(TABLE)


def test_a_blank_column_of_the_whole_table_stays():
    assert read(draw("项目|预算|", "电费|1.00|", "水费|3.00|")) == ["项目|预算|", "电费|1.00|", "水费|3.00|"]


def test_a_row_as_thin_as_a_line_is_none():
    drawing = draw(*TABLE)
    drawing.rules.across.append(Rule(123.5, 50, 350))
    assert read(drawing) == list(TABLE)


def test_painted_backgrounds_that_cut_words_give_way_to_the_lines():
    drawing = draw(*TABLE)
    painted = Rules(drawing.rules.across, drawing.rules.down + [Rule(x, 100, 160) for x in (61, 164)])
    assert drawn(only(with_readings(drawing, painted, drawing.rules)).grid.rows) == list(TABLE)


def test_painted_backgrounds_part_what_no_line_parts():
    drawing = draw("甲|乙|丙", "1.00|2.00|3.00", "4.00|5.00|6.00")
    bare = without_down(without_down(drawing.rules, 150), 250)
    assert drawn(only(with_readings(drawing, bare, drawing.rules)).grid.rows)[1:] == [
        "1.00|2.00|3.00",
        "4.00|5.00|6.00",
    ]


def test_a_reading_that_leaves_amounts_out_gives_way():
    drawing = draw(*TABLE)
    narrow = Rules(
        [rule for rule in drawing.rules.across if rule.end <= 250 and rule.at < 160] + [Rule(160, 50, 250)],
        [rule for rule in drawing.rules.down if rule.at <= 250],
    )
    assert drawn(only(with_readings(drawing, narrow, drawing.rules)).grid.rows) == list(TABLE)


def test_of_two_readings_without_fault_that_with_fewer_cells_is_kept():
    drawing = draw("项目|<|预算", "电费|<|1.00")
    finer = Rules(drawing.rules.across, [*drawing.rules.down, Rule(150, 100, 140)])
    assert drawn(only(with_readings(drawing, finer, drawing.rules)).grid.rows) == ["项目|预算", "电费|1.00"]


def test_each_table_of_a_page_has_its_own_best_reading():
    above, below = draw(*TABLE), draw("甲|乙", "1.00|2.00", "3.00|4.00", top=400)
    one = page(above, below)
    lines = one.readings[0]
    coarse = Rules(lines.across, [rule for rule in lines.down if not (rule.at == 150 and rule.start >= 400)])
    fine = Rules(lines.across, [*lines.down, Rule(61, 100, 160)])
    one.readings[:] = [fine, coarse]
    assert [drawn(found.grid.rows)[1] for found in page_grids(one).grids] == ["电费|1.00|2.00", "1.00|2.00"]


def test_what_stands_in_no_table_is_left_outside():
    found = page_grids(page(draw(*TABLE), text=(("支出预算表", 200, 60), ("注：无", 50, 300))))
    assert "".join(glyph.text for glyph in found.outside) == "支出预算表注：无"


@pytest.mark.parametrize("lines", [("一段文字",), ("标题", "一段文字"), ("一段文字|", "|"), ("|", "|")])
def test_boxes_around_a_text_are_no_tables(lines):
    found = page_grids(page(draw(*lines)))
    assert (found.grids, len(found.outside)) == ([], sum(len(text.replace("|", "")) for text in lines))


def test_a_cell_is_as_sure_as_its_least_sure_glyph():
    drawing = draw("项目|预算", "电费|")
    drawing.glyphs += write("1.", 153, 124, confidence=0.98) + write("50", 163, 124, confidence=0.61)
    assert [cell.confidence for cell in only(page(drawing)).grid.rows[1].cells] == [None, 0.61]


def test_cells_of_the_last_row_that_are_written_full_are_known():
    found = only(page(draw("项目|目标|金额", "电费|保障机关日常运转|1.00", widths=(60, 86, 60))))
    assert (found.xs, found.full) == ([50, 110, 196, 256], {1})


def indents(*lines: str) -> list[float | None]:
    """How far the texts of the first column are set in from where they usually begin."""
    cells = [row.cells[0] for row in only(page(draw(*lines, height=40))).grid.rows]
    return [cell.indent if cell.indent is None else round(cell.indent - 0.3, 2) for cell in cells]


def test_a_text_knows_how_far_its_first_line_is_set_in():
    lines = ("项目|预算", "支出|3.00", "  工资|1.00", "    津贴补贴/奖金|1.00", "|2.00")
    assert indents(*lines) == [0, 0, 1, 2, None]


def test_texts_of_a_centred_column_are_not_set_in():
    lines = ("       项目|预算", "     基本支出|1.00", "   上缴上级支出|2.00", "     项目支出|2.00")
    assert indents(*lines) == [None] * 4


@pytest.mark.parametrize(("room", "full"), [(14, {1}), (24, set())])
def test_a_line_is_full_too_where_a_character_would_not_go_without_its_punctuation(room, full):
    found = only(page(draw("项目|目标|金额", "电费|保障机关日常运转|1.00", widths=(60, 86 + room, 60))))
    assert found.full == full


def test_an_amount_of_a_scan_in_a_cell_wider_than_its_column_is_doubtful():
    drawing = draw("项目|合计|基本", "电费|1.00|<", "水费|2.00|2.00", "合计|3.00|2.00")
    drawing.glyphs = [glyph._replace(confidence=0.99) for glyph in drawing.glyphs]
    rows = only(page(drawing)).grid.rows
    assert [[cell.confidence for cell in row.cells[1:]] for row in rows[1:3]] == [[DOUBTFUL, None], [0.99, 0.99]]
