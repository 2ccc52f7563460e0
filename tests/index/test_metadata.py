"""Whose document it is, of which year, and of which kind."""

import pytest
from builders import grid

from index.errors import StructureError
from index.model import Block, Paragraph, Place
from index.parsing.metadata import CORRECTED, Identity, identify, is_organisation


def paragraphs(*lines: str) -> list[Block]:
    return [Paragraph(text=text, place=Place(line=n)) for n, text in enumerate(lines, 1)]


def identity(*lines: str, titles: tuple[str, ...] = (), owners: tuple[str, ...] = (), **word) -> Identity:
    """What a document of these paragraphs is, with tables of these titles and owners."""
    return identify(paragraphs(*lines), titles, owners, "预算.pdf", **word)


@pytest.mark.parametrize(
    "cover",
    [
        ("2024年某市测试局部门预算",),
        ("2024年", "某市测试局部门预算"),
        ("某市测试局", "2024年部门预算"),
        ("某市测试局", "2024年", "部门预算"),
        ("2024 年", "某 市 测 试 局", "部 门 预 算"),
        ("某市测试局2024年度部门预算公开",),
        ("附件1", "某市测试局2024年部门预算情况说明"),
        ("某市测试局关于2024年部门预算的说明", "目录"),
    ],
)
def test_a_cover_over_several_lines_tells_department_year_and_kind(cover):
    found = identity(*cover, "第一部分 概况", "2023年预算执行良好。")
    assert (found.department, found.year, found.kind) == ("某市测试局", 2024, "部门预算")


def test_the_title_is_that_of_the_cover():
    assert identity("2024年", "某市测试局部门预算", "目录", "第一部分").title == "2024年某市测试局部门预算"


@pytest.mark.parametrize(
    ("cover", "kind"),
    [
        ("2024年某市测试局部门决算", "部门决算"),
        ("2024年某市测试中心单位预算", "单位预算"),
        ("2023年度某市测试中心单位决算", "单位决算"),
        ("2024年某市测试局部门综合预算", "部门综合预算"),
    ],
)
def test_a_cover_tells_the_kind(cover, kind):
    assert identity(cover).kind == kind


@pytest.mark.parametrize(
    ("cover", "department"),
    [
        ("某市测试局（汇总）2024年部门预算", "某市测试局"),
        (".某市测试局（本级）2024年度部门预算公开", "某市测试局"),
        ("某市测试局本级2024年单位预算", "某市测试局"),
        ("某市测试局（本级）2024年单位预算", "某市测试局"),
        ("某省省级机关测试局2024年部门预算", "某省省级机关测试局"),
        ("某市测试委员会办公室2024年部门预算", "某市测试委员会办公室"),
        ("某区人民法院2024年部门预算", "某区人民法院"),
        ("某市第一中学2024年单位预算", "某市第一中学"),
    ],
)
def test_the_department_is_named_without_what_follows_it(cover, department):
    assert identity(cover).department == department


def test_without_a_cover_the_owners_of_the_tables_count():
    owners = ("某市测试局（汇总）", "[105001]某市测试局", "某市服务中心")
    found = identity("支出预算总表", "2024年预算", titles=("2024年部门预算支出总表",), owners=owners)
    assert (found.department, found.title) == ("某市测试局", "某市测试局2024年部门预算")


def test_a_cover_that_names_no_office_leaves_it_to_the_owners():
    assert identity("2024年部门预算公开表", owners=("某市测试局",)).department == "某市测试局"


def test_an_overview_names_the_department_where_nothing_else_does():
    found = identity("2024年部门预算", "第一部分 某市测试局概况")
    assert found.department == "某市测试局"


def test_the_year_is_that_of_the_cover_however_often_another_is_compared():
    comparisons = ["2023年预算数比2023年决算数少，与2023年预算持平。"] * 9
    assert identity("2024年某市测试局部门预算", "目录", *comparisons).year == 2024


def test_without_a_cover_the_later_of_two_years_spoken_of_counts():
    lines = ("某市测试局部门预算", "第一部分", *["2024年预算比2023年预算增加，2023年预算为1万元。"] * 3)
    assert identity(*lines, owners=("某市测试局",)).year == 2024


def test_a_year_that_is_spoken_of_once_is_not_that_of_the_document():
    lines = ("某市测试局部门预算", "第一部分", *["2024年预算增加。"] * 8, "力争完成2030年预算目标。")
    assert identity(*lines, owners=("某市测试局",)).year == 2024


def test_the_year_may_stand_in_a_title_or_in_a_cell_alone():
    assert identity("部门预算", titles=("2024年度收支预算总表",), owners=("某市测试局",)).year == 2024
    found = identify([grid("项目|2024年预算", "电费|1.00")], ["支出表"], ["某市测试局"], "预算.pdf")
    assert (found.year, found.title) == (2024, "某市测试局2024年部门预算")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("2024年部门整体支出绩效目标表", "整体绩效目标表"),
        ("2024年项目支出绩效目标申报表", "绩效目标表"),
        ("2023年度项目支出绩效自评表", "绩效自评表"),
    ],
)
def test_forms_that_stand_alone_are_of_their_own_kind(title, kind):
    found = identity(titles=(title,), owners=("某市测试局",))
    assert (found.title, found.kind, found.department) == (title, kind, "某市测试局")


def test_a_form_among_many_tables_makes_no_form_of_the_document():
    titles = ("收支总表", "收入总表", "支出总表", "2024年项目支出绩效目标表")
    assert identity(titles=titles, owners=("某市测试局",)).kind == "部门预算"


def test_titles_of_final_accounts_tell_a_document_without_a_cover():
    assert identity("说明", titles=("2023年度收入支出决算总表",), owners=("某市测试局",)).kind == "部门决算"


def test_the_contents_page_is_no_cover():
    found = identity("目录", "2022年某市旧局部门预算", "第一部分 某市测试局概况", *["2024年预算增加。"] * 4)
    assert (found.department, found.year) == ("某市测试局", 2024)


def test_the_operators_word_counts():
    found = identity("2024年某市测试局部门预算", department="某市数据局", year=2025)
    assert (found.department, found.year) == ("某市数据局", 2025)
    assert identity("支出总表", department="某市数据局", year=2025) == Identity(
        "某市数据局2025年部门预算", "某市数据局", 2025, "部门预算"
    )


def test_a_document_of_no_department_is_refused_with_the_way_out():
    with pytest.raises(StructureError, match=r"^预算\.pdf：.*--department"):
        identity("2024年部门预算", "第一部分 概况")


def test_a_document_of_no_year_is_refused_with_the_way_out():
    with pytest.raises(StructureError, match=r"^预算\.pdf：.*--year"):
        identity("某市测试局部门预算")


@pytest.mark.parametrize(
    ("name", "office"),
    [
        ("某市测试局", True),
        ("某市测试局（本级）", True),
        ("某市测试局机关", True),
        ("某市数据中心", True),
        ("某市第一小学", True),
        ("档案整理项目", False),
        ("某市测试局2024年", False),
        ("合计", False),
    ],
)
def test_offices_are_told_by_their_last_words(name, office):
    assert is_organisation(name) == office


@pytest.mark.parametrize(
    "cover",
    [
        ("2024年某市测试局部门预算（更正）",),
        ("某市测试局2024年部门预算公开（更新版）",),
        ("（更正）某市测试局2024年部门预算",),
        ("关于某市测试局2024年部门预算公开的更正说明",),
        ("某市测试局", "2024年部门预算", "（修订稿）"),
        ("某市测试局2024年部门预算（调整后）",),
    ],
)
def test_a_title_says_that_an_edition_is_a_corrected_one(cover):
    found = identity(*cover, "目录")
    assert (found.department, found.kind) == ("某市测试局", "部门预算")
    assert CORRECTED.search(found.title)


def test_an_adjusted_budget_is_of_another_kind_and_a_renewal_office_corrects_nothing():
    assert identity("某市测试局2024年部门预算调整方案").kind == "部门预算调整"
    assert identity("2024年某市测试局部门预算调整表").department == "某市测试局"
    renewal = identity("某市城市更新局2024年部门预算")
    assert (renewal.department, CORRECTED.search(renewal.title)) == ("某市城市更新局", None)
