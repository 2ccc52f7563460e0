"""Identities between documents: years, a budget and its accounts, prose and tables in two files."""

import pytest
from builders import EXPENDITURE, HEAD, budget, table_text

from index.checks.between import MAY_DIFFER, audit_between, audit_store, contradictions
from index.chunks import document_chunks
from index.facts import document_facts
from index.model import Document

LAST = HEAD.replace("2024", "2023")
ACCOUNTS = HEAD.replace("预算", "决算")
LAST_COSTS = table_text("“三公”经费预算表", "项目|预算数", "三公经费合计|10.00", "公务接待费|2.00")


def costs(last: str, column: str = "2023年预算数") -> str:
    return table_text(
        "“三公”经费预算表", f"项目|2024年预算数|{column}", "三公经费合计|9.00|10.00", f"公务接待费|1.50|{last}"
    )


def told(document: Document, *before: Document) -> list[tuple[str, str, str, str]]:
    """What a document and those that it speaks of say of each other."""
    stages: dict = {}
    for number, other in enumerate(before):
        stages.setdefault((other.year, "决算" in other.kind), []).append((f"d{number}", other))
    found = audit_between(document, "now", {}, stages)
    return [(i.rule, str(i.left), str(i.right), i.verdict) for i in found]


def test_last_year_s_column_agrees_with_last_year_s_document():
    found = told(budget(costs("2.00")), budget(LAST_COSTS, head=LAST))
    assert found == [("上年衔接", "10.00", "10.00", "一致"), ("上年衔接", "2.00", "2.00", "一致")]


def test_a_difference_between_years_is_told_as_what_it_may_be_with_the_cells_of_both():
    before = budget(LAST_COSTS, head=LAST)
    found = audit_between(budget(costs("2.50")), "now", {}, {(2023, False): [("then", before)]})
    differing = [identity for identity in found if identity.verdict == "不一致"]
    assert [identity.title.endswith(MAY_DIFFER) for identity in found] == [False, True]
    assert [(c.document, c.text) for c in differing[0].cells] == [("", "2.50"), ("then", "2.00")]
    assert "2023年文件《“三公”经费预算表》“公务接待费”" in differing[0].title


@pytest.mark.parametrize("column", ["2022年预算数", "上年结转", "比上年增减", "2023年决算数", "2023年调整预算数"])
def test_a_column_that_is_not_last_year_s_budget_is_not_held_against_it(column):
    assert told(budget(costs("2.50", column)), budget(LAST_COSTS, head=LAST)) == []


def test_accounts_repeat_the_first_budget_of_their_own_year():
    accounts = table_text("支出决算表", "项目|年初预算数|决算数", "合计|100.00|98.00", "教育支出|21.00|20.00")
    found = told(budget(accounts, head=ACCOUNTS), budget(EXPENDITURE))
    assert found == [("预决算衔接", "100.00", "100.00", "一致")]  # 教育支出 has a code there


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("公务接待费1.50万元，比上年减少0.50万元。", [("上年衔接", "1.50", "1.50", "一致")]),
        ("公务接待费1.50万元，比上年预算数减少0.40万元。", [("上年衔接", "1.50", "1.60", "不一致")]),
        ("公务接待费2.00万元，与上年预算数持平。", [("上年衔接", "2.00", "2.00", "一致")]),
        ("公务接待费1.50万元，比上年执行数减少0.40万元。", []),
        ("公务接待费1.50万元，比2022年减少0.40万元。", []),
        ("公务接待费1.50万元，其中外宾接待费比上年减少0.40万元。", []),
    ],
)
def test_a_change_of_prose_leads_back_to_last_year_s_document(words, found):
    assert told(budget(EXPENDITURE, prose=words), budget(LAST_COSTS, head=LAST)) == found


def test_prose_is_held_against_the_tables_of_its_second_file():
    prose = budget(table_text("联系方式", "科室|电话", "办公室|一"), prose="教育支出20.00万元。人大事务81.00万元。")
    found = audit_between(prose, "prose", {"tables": budget(EXPENDITURE)}, {})
    assert [(i.rule, i.document, i.right_cells[0].document, i.verdict) for i in found] == [
        ("文表一致", "prose", "tables", "一致"),
        ("文表一致", "prose", "tables", "不一致"),
    ]


def test_a_store_is_audited_over_its_years_and_other_departments_are_left_out(store):
    other = LAST.replace("某市测试局", "某市财政局")
    for number, document in enumerate(
        [budget(costs("2.00")), budget(LAST_COSTS, head=LAST), budget(LAST_COSTS, head=other)]
    ):
        facts, chunks = document_facts(document, str(number)), document_chunks(document, str(number))
        store.add(document, str(number), f"{number}.txt", f"{number}".encode(), facts, chunks)
    across = [i for i in audit_store(store) if i.rule == "上年衔接"]
    assert [(i.document, i.right_cells[0].document) for i in across] == [("0", "1"), ("0", "1")]


BASIC = table_text(
    "一般公共预算基本支出情况表", "科目编码|科目名称|预算数", "302|商品和服务支出|6.00", "30201|办公费|6.00"
)


@pytest.mark.parametrize(
    ("words", "contradicted"),
    [
        ("教育支出20.50万元。", [("20.50", "20.00")]),
        ("教育支出20.004万元，人大事务80万元。", []),  # rounded
        ("2023年教育支出20.50万元。", []),
        ("一般公共预算财政拨款支出主要用于以下方面：教育支出20.50万元。", []),  # of one fund alone
        ("基本支出70.00万元，其中：教育支出20.50万元。", []),  # of one purpose alone
        ("办公费7.50万元。", []),  # of all purposes, where the table has the basic part
        ("公务接待费3.00万元。", [("3.00", "2.00")]),
        ("财政拨款安排的“三公”经费情况：公务接待费3.00万元。", [("3.00", "2.00")]),
    ],
)
def test_prose_contradicts_the_table_of_the_same_scope_alone(words, contradicted):
    document = budget(EXPENDITURE, BASIC, LAST_COSTS, prose=words)
    found = contradictions({"d": document})
    assert [(str(i.left), str(i.right)) for i in found] == contradicted


def test_prose_contradicts_the_tables_of_the_budget_s_other_file():
    prose = budget(table_text("联系方式", "科室|电话", "办公室|一"), prose="教育支出20.50万元。")
    (found,) = contradictions({"prose": prose, "tables": budget(EXPENDITURE)})
    assert (found.document, found.right_cells[0].document) == ("prose", "tables")
