"""Tables that no line rules: read where gaps and edges tell their columns, else left as text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marks import SIZE, page, write
from spans import drawn, origins, split

from index.layout.marks import Glyph
from index.layout.pages import blocks_of
from index.model import Block, Grid, Paragraph

LEFT, PITCH = 50.0, 20.0
FLAT = ("科目名称|合计|基本支出|项目支出", "教育支出|1,300.00|1,000.00|300.00", "  普通教育|1,300.00|1,000.00|300.00",
        "卫生健康支出|20.50||20.50", "合计|1,320.50|1,000.00|320.50")  # fmt: skip
GROUPED = ("单位名称|合计|财政拨款|<|<|其他资金", "^|^|小计|一般公共|基金|^", "某市测试局|9.00|8.00|7.00|1.00|1.00",
           "某市服务中心|5.00|5.00|5.00||", "某市数据中心|3.00|2.00|2.00||1.00")  # fmt: skip
SIDES = ("收入|<|支出|<", "项目|预算数|项目|预算数", "一、拨款收入|90.00|一、教育支出|70.00", "二、事业收入||二、其他支出|20.00",
         "三、其他收入|10.00|三、住房支出|10.00", "收入总计|100.00|支出总计|100.00")  # fmt: skip
CODED = ("编码|名称|预算|决算", "201|公共服务|1.00|2.00", "20101|人大事务|1.00|2.00", "205|教育|3.00|14,000.00")


def length(text: str) -> float:
    return sum(SIZE if ord(character) > 0x2E80 else SIZE / 2 for character in text)


def typeset(lines: tuple[str, ...], headers: int, widths: tuple[float, ...], top: float = 120.0) -> list[Glyph]:
    """A table without its lines: headers centred in their cells, amounts flush right, words flush left."""
    fields = split(*lines)
    over = origins(fields)
    xs = [LEFT + sum(widths[:c]) for c in range(len(widths) + 1)]
    glyphs = []
    for r, line in enumerate(fields):
        for c, text in enumerate(line):
            if over[r][c] != (r, c):
                continue
            end = max(k for i, row in enumerate(over) for k, cell in enumerate(row) if cell == (r, c)) + 1
            last = max(i for i, row in enumerate(over) if (r, c) in row)
            y = top + PITCH * (r + last) / 2
            free = xs[end] - xs[c] - 8 - length(text)
            shift = free / 2 if r < headers else free if text[:1].isdigit() and c else 0
            glyphs += write(text, xs[c] + 4 + shift, y)
    return glyphs


def read(*pages: list[Glyph]) -> list[Block]:
    made = []
    for number, glyphs in enumerate(pages, 1):
        one = page(number=number)
        one.glyphs.extend(glyphs)
        made.append(one)
    return blocks_of(made)


def grids(blocks: list[Block]) -> list[list[str]]:
    return [drawn(block.rows) for block in blocks if isinstance(block, Grid)]


@pytest.mark.parametrize(
    ("lines", "headers", "widths"),
    [
        (FLAT, 1, (120, 80, 80, 80)),
        (FLAT, 1, (160, 60, 60, 60)),
        (GROUPED, 2, (120, 60, 60, 60, 60, 60)),
        (SIDES, 2, (130, 60, 130, 60)),
        (CODED, 1, (60, 120, 80, 80)),
    ],
)
def test_a_table_without_lines_is_read_as_it_was_typeset(lines, headers, widths):
    plain = [line.strip() for line in lines]
    assert grids(read(typeset(lines, headers, widths))) == [plain]


def test_a_line_that_numbers_the_columns_is_neither_header_nor_row():
    lines = (FLAT[0], "栏次|1|2|3", *FLAT[1:])
    assert grids(read(typeset(lines, 2, (120, 80, 80, 80)))) == [[line.strip() for line in FLAT]]


def test_labels_know_how_far_they_are_set_in():
    (grid,) = (block for block in read(typeset(FLAT, 1, (120, 80, 80, 80))) if isinstance(block, Grid))
    assert [round(row.cells[0].indent, 1) for row in grid.rows[1:]] == [0, 1, 0, 0]


def test_title_unit_and_note_are_no_part_of_the_table():
    glyphs = typeset(FLAT, 1, (120, 80, 80, 80))
    blocks = read(
        [
            *write("支出预算总表", 200, 70),
            *write("单位：万元", 350, 95),
            *glyphs,
            *write("注：一位小数四舍五入。", LEFT, 225),
        ]
    )
    assert grids(blocks) == [[line.strip() for line in FLAT]]
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == [
        "支出预算总表",
        "单位：万元",
        "注：一位小数四舍五入。",
    ]


def test_a_broken_label_is_one_and_its_amounts_stand_in_the_middle():
    glyphs = typeset(("项目|预算|决算", "某市测试局机关|1.00|2.00"), 1, (80, 80, 80))
    broken = [*write("某市服务中心后", 54, 155), *write("勤保障科", 54, 167)]
    amounts = typeset(("|3.00|4.00", "|5.00|6.00"), 0, (80, 80, 80), top=161)
    labels = write("某市数据中心", 54, 181)
    assert grids(read([*glyphs, *broken, *amounts, *labels])) == [
        ["项目|预算|决算", "某市测试局机关|1.00|2.00", "某市服务中心后勤保障科|3.00|4.00", "某市数据中心|5.00|6.00"]
    ]


def test_a_table_goes_on_overleaf_without_its_header():
    rest = (
        "农林水支出|7,000.00|7,000.00|",
        "住房支出|2.00||2.00",
        "交通运输支出|1.00|1.00|0.00",
        "其他支出|5.00|4.00|1.00",
    )
    pages = [typeset(FLAT, 1, (120, 80, 80, 80)), typeset(rest, 0, (120, 80, 80, 80), top=60)]
    assert grids(read(*pages)) == [[line.strip() for line in (*FLAT, *rest)]]


def test_other_columns_overleaf_without_a_header_are_no_table():
    rest = ("农林水支出|7,000.00|7,000.00", "住房支出|2.00|1.00", "交通运输支出|1.00|1.00", "其他支出|5.00|4.00")
    pages = [typeset(FLAT, 1, (120, 80, 80, 80)), typeset(rest, 0, (120, 90, 90), top=60)]
    assert len(grids(read(*pages))) == 1


@pytest.mark.parametrize(
    "lines",
    [
        ("目录", "收支总表|1|3", "收入总表|2|4", "支出总表|3|5"),
        ("项目|预算|决算", "电费|1.00|2.00", "水费|3.00|4.00"),
        ("项目|合计|基本|项目|国有资本", "电费|1.00|1.00||", "水费|3.00|2.00|1.00|", "房租|4.00|3.00|1.00|"),
    ],
)
def test_too_few_rows_no_amounts_or_a_column_that_stays_blank_make_no_table(lines):
    assert grids(read(typeset(lines, 1, (100, 60, 60, 60, 60)[: lines[1].count("|") + 1]))) == []


def test_a_header_that_could_be_over_several_columns_makes_no_table():
    lines = (
        "|财政拨款|<|<|<",
        "项目|甲|乙|丙|丁",
        "电费|1.00|1.00|1.00|1.00",
        "水费|3.00|2.00|1.00|1.00",
        "房租|4.00|3.00|1.00|1.00",
    )
    assert grids(read(typeset(lines, 2, (100, 60, 60, 60, 60)))) == []


AMOUNTS = st.one_of(st.just(""), st.decimals(0, 99_999, places=2).map("{:,.2f}".format))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(AMOUNTS, min_size=4, max_size=4), min_size=3, max_size=8), st.booleans())
def test_whatever_is_read_stands_beside_its_label_and_under_its_header(rows, grouped):
    header = ("项目|合计|财政拨款|<|其他", "^|^|人员|公用|^") if grouped else ("项目|合计|人员|公用|其他",)
    lines = (*header, *(f"{'甲乙丙丁戊己庚辛'[r]}项支出|{'|'.join(row)}" for r, row in enumerate(rows)))
    found = grids(read(typeset(lines, len(header), (100, 70, 70, 70, 70))))
    assert found in ([], [list(lines)])
