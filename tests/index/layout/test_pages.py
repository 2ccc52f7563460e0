"""Pages to blocks: paragraphs, running heads, and tables that go on overleaf."""

import pytest
from marks import Drawing, draw, page, write
from spans import drawn

from index.layout.marks import Page
from index.layout.pages import blocks_of
from index.model import Block, Grid, Paragraph
from index.parsing.structure import build_document

HEADER = "项目|预算|决算"
LAST = 700.0  # where a table ends that goes on overleaf


def kinds(blocks: list[Block]) -> list[str | list[str]]:
    """Paragraphs as their text, grids as their lines."""
    return [block.text if isinstance(block, Paragraph) else drawn(block.rows) for block in blocks]


def read(*pages: Page) -> list[str | list[str]]:
    return kinds(blocks_of(pages))


def prose(*lines: str, number: int = 1, step: float = 16, top: float = 200) -> Page:
    """A page of prose; a leading space of a line is an indent of one character."""
    return page(text=tuple((line, 250.0, top + step * n) for n, line in enumerate(lines)), number=number)


def at_end(*lines: str, **options) -> Drawing:
    """A table that ends at the foot of its page."""
    return draw(*lines, top=LAST - options.get("height", 20) * len(lines), **options)


# --- prose -------------------------------------------------------------------------------------------------------
def test_wrapped_lines_are_one_paragraph():
    lines = ("  本年预算收入一百万元，比上", "年增加十万元，主要是因为新", "增项目。", "  支出同收入。")
    assert read(prose(*lines)) == ["本年预算收入一百万元，比上年增加十万元，主要是因为新增项目。", "支出同收入。"]


def test_a_heading_below_a_full_line_stands_alone():
    lines = ("某市测试局预算收支增减变化", "一、收入预算的情况", "某市测试局的收入预算有增长")
    assert read(prose(*lines)) == list(lines)


def test_lines_that_are_not_full_stand_alone():
    lines = ("单位概况", "主要职责", "机构设置情况以及人员构成情况")
    assert read(prose(*lines)) == list(lines)


def test_short_lines_of_one_length_stand_alone():
    lines = ("某市测试局", "部门预算表")
    assert read(page(text=tuple((line, 50, 200 + 16 * n) for n, line in enumerate(lines)))) == list(lines)


@pytest.mark.parametrize("step", [40, 16])
def test_lines_set_wide_apart_are_paragraphs_of_their_own(step):
    lines = ("某市测试局预算收支增减变化", "某市测试局的收入预算有增长")
    assert read(prose(*lines, step=step)) == (list(lines) if step == 40 else ["".join(lines)])


def test_a_larger_line_does_not_go_on_in_a_smaller_one():
    large = page(text=(("某市测试局二〇二四年部门预算", 250, 200),))
    large.glyphs += write("某市测试局编制于二〇二四年一月二十八日上午", 250, 216, size=6.7)
    assert read(large) == ["某市测试局二〇二四年部门预算", "某市测试局编制于二〇二四年一月二十八日上午"]


def test_owner_and_unit_on_one_line_are_parted():
    sheet = page(draw(HEADER, "电费|1.00|2.00"), text=(("部门：某市测试局", 50, 80), ("单位：万元", 300, 80)))
    assert read(sheet) == ["部门：某市测试局", "单位：万元", [HEADER, "电费|1.00|2.00"]]


def test_a_unit_alone_and_words_set_apart_stay_as_they_are():
    assert read(page(text=(("单位：万元", 300, 80),))) == ["单位：万元"]
    assert read(page(text=(("联系人：甲", 50, 80), ("电话：乙", 300, 80)))) == ["联系人：甲电话：乙"]


def test_a_paragraph_of_a_scan_knows_how_sure_each_of_its_characters_is():
    sheet = page()
    sheet.glyphs += write("本年 收入", 50, 200, confidence=0.99) + write("12", 100, 200, confidence=0.6)
    (paragraph,) = blocks_of([sheet])
    assert (paragraph.text, paragraph.confidences) == ("本年收入12", [(0, 0.99), (4, 0.6)])


def test_a_paragraph_of_a_text_layer_is_read_from_no_picture():
    (paragraph,) = blocks_of([page(text=(("本年收入12", 50, 200),))])
    assert paragraph.confidences == []


def test_paragraphs_and_tables_stand_in_reading_order_with_their_places():
    sheet = page(draw(HEADER, "电费|1.00|2.00", top=200), text=(("说明", 50, 300), ("支出表", 150, 160)), number=4)
    blocks = blocks_of([sheet])
    assert kinds(blocks) == ["支出表", [HEADER, "电费|1.00|2.00"], "说明"]
    assert [(block.place.page, block.place.box) for block in blocks] == [
        (4, (150, 160, 180, 170)),
        (4, (50, 200, 350, 240)),
        (4, (50, 300, 70, 310)),
    ]


# --- page furniture ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text", ["3", "- 3 -", "—12—", "第3页", "第3页，共20页", "第 3 页 / 共 20 页", "3/20", "3 / 20"]
)
def test_page_numbers_are_left_out(text):
    assert read(page(text=(("说明", 50, 300), (text, 290, 770)))) == ["说明"]


def test_a_number_in_the_midst_of_a_page_is_no_page_number():
    assert read(page(text=(("2024", 290, 400),))) == ["2024"]


def test_running_heads_are_left_out():
    pages = [
        page(text=(("某市测试局2024年部门预算", 200, 40), (f"第{n}段文字", 50, 300)), number=n) for n in (1, 2, 3, 4)
    ]
    assert read(*pages) == ["第1段文字", "第2段文字", "第3段文字", "第4段文字"]


def test_a_title_of_a_few_pages_is_no_running_head():
    pages = [page(text=(("某市测试局2024年部门预算", 200, 40),), number=n) for n in (1, 2, 3)]
    assert read(*pages) == ["某市测试局2024年部门预算"] * 3


def test_what_each_page_repeats_in_its_midst_is_no_running_head():
    assert read(*(page(text=(("无此项支出", 200, 400),), number=n) for n in (1, 2, 3, 4))) == ["无此项支出"] * 4


@pytest.mark.parametrize("caption", ["部门名称：某市测试局", "单位：万元", "项目支出绩效目标表"])
def test_captions_that_tables_repeat_at_the_top_of_each_page_stay(caption):
    pages = [page(draw("甲|乙", f"项目{n}|{n}.00"), text=((caption, 50, 60),), number=n) for n in (1, 2, 3, 4)]
    assert read(*pages).count(caption) == 4


# --- tables that go on overleaf ----------------------------------------------------------------------------------
def test_a_table_goes_on_overleaf_without_its_header():
    first, second = at_end(HEADER, "电费|1.00|2.00"), draw("水费|3.00|4.00", top=60)
    blocks = blocks_of([page(first), page(second, number=2)])
    assert kinds(blocks) == [[HEADER, "电费|1.00|2.00", "水费|3.00|4.00"]]
    assert [row.place.page for row in blocks[0].rows] == [1, 1, 2]


def test_a_table_goes_on_overleaf_with_its_header_and_over_several_pages():
    pages = [page(draw(HEADER, f"项目{n}|{n}.00|0.50", top=60), number=n) for n in (1, 2, 3)]
    rows = [row for row in read(*pages)[0] if row != HEADER]
    assert rows == ["项目1|1.00|0.50", "项目2|2.00|0.50", "项目3|3.00|0.50"]


def test_page_numbers_do_not_part_a_table():
    pages = [
        page(
            draw(HEADER if n == 1 else "电费|1.00|2.00", f"项目{n}|{n}.00|0.50"),
            text=((f"- {n} -", 290, 770),),
            number=n,
        )
        for n in (1, 2)
    ]
    assert read(*pages) == [[HEADER, "项目1|1.00|0.50", "电费|1.00|2.00", "项目2|2.00|0.50"]]


def test_prose_or_other_columns_begin_another_table():
    first, second = at_end(HEADER, "电费|1.00|2.00"), draw("水费|3.00|4.00")
    assert len(read(page(first), page(second, text=(("另表", 50, 60),), number=2))) == 3
    assert len(read(page(first), page(draw("水费|3.00", widths=(60, 240)), number=2))) == 2
    assert len(read(page(first), page(draw("水费|3.00|4.00", left=90), number=2))) == 2


def test_a_page_of_prose_parts_tables():
    first, second = at_end(HEADER, "电费|1.00|2.00"), draw("水费|3.00|4.00")
    assert len(read(page(first), prose("一页文字", number=2), page(second, number=3))) == 3


@pytest.mark.parametrize("foot", ["二、收入预算表", "注：含上年结转资金。"])
def test_text_below_a_table_parts_it_from_that_overleaf_and_is_kept(foot):
    first = page(draw(HEADER, "电费|1.00|2.00"), text=(("一、支出预算表", 150, 60), (foot, 50, 300)))
    second = page(draw("来源|预算|决算", "拨款|3.00|4.00"), number=2)
    assert read(first, second)[2:] == [foot, ["来源|预算|决算", "拨款|3.00|4.00"]]


def test_a_table_with_its_caption_on_each_page_is_one_table_of_the_document():
    caption = (("2024年某市测试局部门预算支出表", 150, 60), ("单位：万元", 300, 80))
    pages = [page(draw(HEADER, f"项目{n}|{n}.00|0.50"), text=caption, number=n) for n in (1, 2, 3)]
    blocks = blocks_of(pages)
    (table,) = build_document(blocks, "预算.pdf", "某市测试局", 2024).tables
    assert [(row.label, row.cells) for row in table.rows] == [(f"项目{n}", [f"{n}.00", "0.50"]) for n in (1, 2, 3)]
    assert sum(isinstance(block, Grid) for block in blocks) == 3


def test_a_table_that_repeats_its_caption_but_no_header_goes_on():
    caption = (("支出预算表", 150, 60), ("单位：万元", 300, 80))
    first, second = (
        page(draw(HEADER, "电费|1.00|2.00"), text=caption),
        page(draw("水费|3.00|4.00"), text=caption, number=2),
    )
    assert read(first, second) == ["支出预算表", "单位：万元", [HEADER, "电费|1.00|2.00", "水费|3.00|4.00"]]


def test_two_forms_on_following_pages_are_not_joined():
    forms = [draw(f"项目名称|{name}", "金额|1.00", "目标|建成", widths=(100, 200)) for name in ("档案整理", "大厅运行")]
    assert len(read(*(page(form, number=n) for n, form in enumerate(forms, 1)))) == 2


def test_a_title_across_all_columns_begins_another_table():
    first, second = at_end(HEADER, "电费|1.00|2.00"), draw("收入预算表|<|<", "项目|预算|决算", "拨款|3.00|4.00")
    assert len(read(page(first), page(second, number=2))) == 2


def test_a_page_that_has_a_column_less_goes_on_over_the_columns_of_both():
    first = at_end("项目|金额|<", "^|预算|决算", "电费|1.00|2.00")
    second = draw("以下为项目支出|9.00", "水费|3.00", widths=(100, 200))
    assert read(page(first), page(second, number=2))[0][2:] == [
        "电费|1.00|2.00",
        "以下为项目支出|9.00|<",
        "水费|3.00|<",
    ]


# --- rows that a page end cuts -----------------------------------------------------------------------------------
def test_a_row_that_the_page_end_cuts_is_made_whole():
    widths = (60, 86, 60)
    first = at_end("项目|目标|金额", "电费|保障机关日常运转|1.00", widths=widths)
    second = draw("|和大厅服务|", "水费|节约用水|2.00", widths=widths)
    assert read(page(first), page(second, number=2)) == [
        ["项目|目标|金额", "电费|保障机关日常运转和大厅服务|1.00", "水费|节约用水|2.00"]
    ]


def test_a_row_that_the_page_end_cuts_is_made_whole_below_a_repeated_header():
    widths = (60, 86, 60)
    first = at_end("项目|目标|金额", "电费|保障机关日常运转|1.00", widths=widths)
    second = draw("项目|目标|金额", "|和大厅服务|", "水费|节约用水|2.00", widths=widths)
    rows = read(page(first), page(second, number=2))[0]
    assert rows[1] == "电费|保障机关日常运转和大厅服务|1.00"
    assert "|和大厅服务|" not in rows


@pytest.mark.parametrize("rest", ["|和大厅服务|9.00", "|1.整理档案|", "|（二）办好大厅|", "服务|和大厅服务|"])
def test_a_row_of_its_own_overleaf_is_no_rest(rest):
    widths = (60, 86, 60)
    first = at_end("项目|目标|金额", "电费|保障机关日常运转|1.00", widths=widths)
    second = draw(rest, "水费|节约用水|2.00", widths=widths)
    assert read(page(first), page(second, number=2))[0][1:] == [
        "电费|保障机关日常运转|1.00",
        rest,
        "水费|节约用水|2.00",
    ]


def test_below_a_cell_that_is_not_full_nothing_goes_on():
    widths = (60, 86, 60)
    first = at_end("项目|目标|金额", "电费|保障运转|1.00", widths=widths)
    second = draw("|办好大厅|", "水费|节约用水|2.00", widths=widths)
    assert read(page(first), page(second, number=2))[0][1:3] == ["电费|保障运转|1.00", "|办好大厅|"]


def test_the_rest_of_a_row_that_stands_alone_on_the_last_page_is_its_rest():
    widths = (60, 86, 60)
    first = at_end("项目|目标|金额", "电费|保障机关日常运转|1.00", widths=widths)
    second = draw("|和大厅服务|", widths=widths)
    assert read(page(first), page(second, number=2)) == [["项目|目标|金额", "电费|保障机关日常运转和大厅服务|1.00"]]


def test_the_name_of_a_branch_that_a_page_end_cuts_is_whole():
    first = at_end("一级指标|三级指标|指标值", "效益指|服务人数|≥9人", widths=(45, 100, 100))
    second = draw("标|投诉次数|≤3次", widths=(45, 100, 100))
    assert read(page(first), page(second, number=2))[0][1:] == ["效益指标|服务人数|≥9人", "|投诉次数|≤3次"]


def test_a_header_overleaf_does_not_go_on_with_a_label_further_up():
    first = at_end("资金|其他资金|0", "目标|整理一万卷|<", widths=(60, 100, 100))
    second = draw("一级指标|二级指标|指标值", "产出指标|数量指标|≥3次", widths=(60, 100, 100))
    assert read(page(first), page(second, number=2))[0] == [
        "资金|其他资金|0", "目标|整理一万卷|<", "一级指标|二级指标|指标值", "产出指标|数量指标|≥3次",
    ]  # fmt: skip
