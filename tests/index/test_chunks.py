"""Chunks for retrieval: context in words, within the window."""

import pytest
from builders import EXPENDITURE, HEAD, PROJECTS, SUMMARY, budget, budget_text, table_text
from hypothesis import given
from hypothesis import strategies as st

from index.chunks import LONGEST, document_chunks, split_text


def chunks_of(*tables: str, **options: str):
    return document_chunks(budget(*tables, **options), "d1")


def test_what_another_department_publishes_alike_is_one_text():
    document = budget(SUMMARY, EXPENDITURE)
    other = document.model_copy(update={"department": "某县测试局", "year": 2025})
    assert {c.key for c in document_chunks(other, "d2")} == {c.key for c in document_chunks(document, "d1")}


def test_other_amounts_make_no_other_text():
    (chunk,) = [c for c in chunks_of(table_text("支出总体情况表", "项目|预算", "电费|1.00")) if c.kind == "row"]
    (other,) = [c for c in chunks_of(table_text("支出总体情况表", "项目|预算", "电费|2.50")) if c.kind == "row"]
    assert chunk.key == other.key and (chunk.body, other.body) == ("电费：预算 1.00（万元）", "电费：预算 2.50（万元）")


def test_a_row_carries_table_parents_columns_and_unit():
    (chunk,) = [c for c in chunks_of(EXPENDITURE) if c.subject == "人大事务"]
    for words in ("《支出总体情况表》", "一般公共服务支出", "20101", "基本支出", "项目支出", "万元"):
        assert words in chunk.text
    assert (chunk.kind, chunk.table_index, chunk.row_index) == ("row", 0, 2)


def test_a_project_has_its_target_with_unit_and_name():
    (chunk,) = [c for c in chunks_of(PROJECTS) if c.kind == "project" and c.subject == "大厅运行经费"]
    assert chunk.body == "保障大厅运行。"
    assert "某市服务中心" in chunk.text
    assert "绩效目标" in chunk.text


def test_a_target_that_says_nothing_is_no_chunk():
    assert {c.subject for c in chunks_of(PROJECTS) if c.kind == "project"} == {"档案整理项目", "大厅运行经费"}


def test_a_definition_is_known_by_its_term():
    head = HEAD + SUMMARY + "\n第四部分 名词解释\n\n一、基本支出：指保障机构正常运转的支出。\n"
    (chunk,) = [c for c in chunks_of(head=head) if c.kind == "definition"]
    assert (chunk.subject, chunk.body) == ("基本支出", "一、基本支出：指保障机构正常运转的支出。")


def test_duties_belong_to_the_unit_that_they_name():
    duties = "一、主要职责\n\n（一）局机关主要职责是管理。\n\n（二）某市服务中心主要职责是服务。\n\n"
    chunks = chunks_of(SUMMARY, head=HEAD.replace("一、部门预算构成", duties + "二、部门预算构成"))
    assert [c.subject for c in chunks if c.kind == "duty"] == ["某市测试局", "某市服务中心"]


def test_notes_are_chunks_of_their_table_on_their_own_line():
    table = table_text("支出总体情况表", "项目|预算", "合计|1.00", notes="注：不含专户。\n金额有尾差。")
    first, second = (c for c in chunks_of(table) if c.kind == "note")
    assert (first.subject, first.body, first.table_index) == ("支出总体情况表", "注：不含专户。", 0)
    assert second.place.line == first.place.line + 1


def test_a_long_target_is_split_after_sentences():
    long = "项目建成后提升服务水平。" * 100
    table = table_text("部门预算项目支出预算表", "项目|总计|绩效目标", f"大厅运行经费|1.00|{long}")
    pieces = [c for c in chunks_of(table) if c.kind == "project"]
    assert "".join(c.body for c in pieces) == long
    assert all(len(c.body) <= LONGEST and c.body.endswith("。") for c in pieces)
    assert all("大厅运行经费" in c.text for c in pieces)


@given(st.text(alphabet="预算，。；！12", max_size=200), st.integers(1, 40))
def test_splitting_loses_nothing_but_lone_punctuation(text, longest):
    pieces = split_text(text, longest)
    assert all(len(piece) <= longest for piece in pieces)
    assert [c for c in "".join(pieces) if c not in "。；！"] == [c for c in text if c not in "。；！"]


def test_a_key_is_the_hash_of_the_text_alone():
    one, other = chunks_of(SUMMARY), document_chunks(budget(SUMMARY), "d2")
    assert [c.key for c in one] == [c.key for c in other]
    assert len({c.key for c in one}) == len({c.text for c in one})
    assert all(len(c.key) == 32 for c in one)


@pytest.mark.parametrize("kind", ["paragraph", "row", "project", "note"])
def test_every_chunk_points_at_a_line(kind):
    text = table_text("支出总体情况表", "项目|预算", "合计|1.00", notes="注：不含专户。")
    lines = budget_text(text, PROJECTS, prose="收入5万元。").split("\n")
    for chunk in (c for c in chunks_of(text, PROJECTS, prose="收入5万元。") if c.kind == kind):
        assert (chunk.subject if kind in ("row", "project") else chunk.body) in lines[chunk.place.line - 1]


def test_a_list_of_projects_with_their_goals_is_found_by_its_goals():
    goals = table_text("项目支出绩效目标表", "单位名称|项目名称|金额|绩效目标", "合计||3.00|", "某市服务中心|大厅运行经费|1.00|保障大厅运转。",
                       "某市数据中心|机房租赁|2.00|机房全年可用。")  # fmt: skip
    document = budget(goals)
    assert [row.role for row in document.tables[0].rows] == ["total", "project", "project"]
    told = {c.subject: c.body for c in document_chunks(document, "文件") if c.kind == "project"}
    assert told == {"大厅运行经费": "保障大厅运转。", "机房租赁": "机房全年可用。"}


def test_a_list_of_indicators_lists_no_projects():
    shares = table_text("绩效情况表", "类别|金额|备注", "甲类|1.00|已完成", "乙类|2.00|未完成")
    assert not [c for c in document_chunks(budget(shares), "文件") if c.kind == "project"]
