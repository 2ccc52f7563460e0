"""One budget in several files: what repeats another, what corrects it, and what stands beside it."""

import pytest
from builders import EXPENDITURE, HEAD, PROJECTS, SUMMARY, budget, budget_text, table_text
from openpyxl import Workbook

from index.chunks import document_chunks
from index.editions import arrange, budget_key
from index.facts import document_facts
from index.ingest import ingest_again, ingest_paths
from index.model import Document
from index.settling import remove_document
from index.sql.store import Standing
from tests.services import both

BY_ITEM = table_text(
    "支出总体情况表",
    "科目编码|科目名称|合计|基本支出|项目支出",
    "|合计|100.00|70.00|30.00",
    "201|一般公共服务支出|80.00|50.00|30.00",
    "205|教育支出|20.00|20.00|0.00",
)
CORRECTED = SUMMARY.replace("20.00", "21.00").replace("100.00", "101.00")
CORRECTED_HEAD = HEAD.replace("局部门预算\n", "局部门预算（更正）\n", 1)
ADJUSTED_HEAD = HEAD.replace("局部门预算\n", "局部门预算调整方案\n", 1)
DUTIES = "".join(f"本局负责第{number}类测试工作，制定有关规范并组织实施。" for number in "一二三四五六七八九十" * 2)
WORDS = f"{DUTIES}2024年收入总计100.00万元。"


def write(folder, name: str, *tables: str, **options: str):
    path = folder / name
    path.write_text(budget_text(*tables, **options), "utf-8")
    return path


def workbook(path, *tables: str, factor: int = 1):
    """The same tables as sheets, the cover on the first; amounts times `factor`."""
    book = Workbook()
    book.active.append(["2024年某市测试局部门预算"])
    for table in tables:
        sheet = book.create_sheet()
        for line in filter(None, table.replace("万元", "元" if factor > 1 else "万元").split("\n")):
            sheet.append([_typed(cell, factor) for cell in line.split("\t")])
    book.save(path)
    return path


def _typed(text: str, factor: int):
    return float(text) * factor if text.replace(".", "").isdigit() and "." in text else text


def arranged(*documents: Document) -> list[Standing]:
    return list(arrange([(str(number), document) for number, document in enumerate(documents)]).values())


# --- the same budget again ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("factor", [1, 10_000])
def test_the_same_budget_in_another_format_counts_once(tmp_path, store, vectors, factor):
    ingest_paths([write(tmp_path, "甲.txt", BY_ITEM, prose=WORDS)], store, vectors)
    before = store.facts(), store.chunks(), vectors.keys()
    again = workbook(tmp_path / "乙.xlsx", BY_ITEM, factor=factor)
    entries = [ingest_paths([again], store, vectors).files[0] for _ in range(2)]
    assert [entry.status for entry in entries] == ["repeated", "unchanged"]
    assert entries[0].remarks == ["与已收录的“甲.txt”是同一份预算，不重复计数"]
    assert (store.facts(), store.chunks(), vectors.keys()) == before
    (first,) = store.documents()
    assert [(i.file_name, i.repeats) for i in store.documents(hidden=True)] == [("甲.txt", None), ("乙.xlsx", first.id)]


@both
def test_the_fuller_one_counts_and_when_it_goes_the_first_counts_again(tmp_path, store, vectors):
    part = write(tmp_path, "甲.txt", SUMMARY)
    (first,) = ingest_paths([part], store, vectors).files
    before = [fact.value for fact in store.facts()], store.chunk_keys()
    (fuller,) = ingest_paths([write(tmp_path, "乙.txt", SUMMARY, EXPENDITURE)], store, vectors).files
    assert fuller.remarks == ["与已收录的“甲.txt”是同一份预算，这份更全，以这份为准"]
    assert [info.id for info in store.documents()] == [fuller.document]
    assert {fact.document for fact in store.facts()} == {fuller.document}
    remove_document(fuller.document, store, vectors)
    assert [info.id for info in store.documents()] == [first.document]
    assert ([fact.value for fact in store.facts()], store.chunk_keys()) == before
    assert vectors.keys() == store.chunk_keys()


def test_prose_and_tables_in_two_files_both_count(tmp_path, store, vectors):
    prose = write(tmp_path, "说明.txt", table_text("收支总体情况表", "项目|预算", "收入总计|100.00"), prose=WORDS)
    report = ingest_paths([write(tmp_path, "表.txt", SUMMARY, EXPENDITURE), prose], store, vectors)
    assert [entry.status for entry in report.files] == ["indexed", "indexed"]
    assert len(store.documents()) == 2


def test_what_is_of_another_year_or_office_never_repeats():
    own_office = HEAD.replace("某市测试局部门预算", "某市测试局（本级）部门预算", 1)
    documents = [budget(SUMMARY, head=head) for head in (HEAD, HEAD.replace("2024", "2023"), own_office)]
    assert len(set(map(budget_key, documents))) == 3


def test_forms_of_several_projects_are_much_alike_and_all_count():
    form = budget(SUMMARY).model_copy(update={"kind": "绩效自评表"})
    assert arranged(form, form) == [Standing(), Standing()]


def scanned(*tables: str) -> Document:
    document = budget(*tables)
    for table in document.tables:
        for row in table.rows:
            row.confidences = [0.95 for _ in row.cells]
    return document


def test_a_scan_of_a_file_repeats_it_though_a_digit_is_misread():
    scan, clean = scanned(CORRECTED, EXPENDITURE, PROJECTS), budget(SUMMARY, EXPENDITURE, PROJECTS)
    assert arranged(scan, clean) == [Standing(repeats="1"), Standing()]
    other = scanned(SUMMARY, EXPENDITURE, PROJECTS)
    assert arranged(scan, other) == [Standing(superseded_by="1"), Standing()]  # of two scans nobody knows: the later


# --- corrected editions ------------------------------------------------------------------------------------------
@both
def test_a_later_edition_supersedes_and_when_it_goes_the_earlier_counts_again(tmp_path, store, vectors):
    (first,) = ingest_paths([write(tmp_path, "甲.txt", EXPENDITURE, PROJECTS, SUMMARY)], store, vectors).files
    before = [fact.value for fact in store.facts()], store.chunk_keys()
    (second,) = ingest_paths([write(tmp_path, "乙.txt", EXPENDITURE, PROJECTS, CORRECTED)], store, vectors).files
    assert (second.status, second.remarks) == ("indexed", ["更正了已收录的“甲.txt”，以这份为准"])
    (shown,) = store.documents()
    assert (shown.id, shown.supersedes) == (second.document, (first.document,))
    assert {fact.document for fact in store.facts()} == {second.document}
    assert store.parsed(first.document).title == "2024年某市测试局部门预算"
    remove_document(second.document, store, vectors)
    assert ([fact.value for fact in store.facts()], store.chunk_keys()) == before


def test_the_earlier_edition_read_again_stays_the_earlier(tmp_path, store, vectors):
    paths = [
        write(tmp_path, name, EXPENDITURE, PROJECTS, table)
        for name, table in (("甲.txt", SUMMARY), ("乙.txt", CORRECTED))
    ]
    first, second = ingest_paths(paths, store, vectors).files
    before = store.facts(), store.chunk_keys()
    for _ in range(2):
        assert ingest_again(first.document, store, vectors).status == "superseded"
        assert ingest_again(second.document, store, vectors).status == "indexed"
    assert (store.facts(), store.chunk_keys()) == before
    remove_document(second.document, store, vectors)
    assert [info.id for info in store.documents()] == [first.document]


def test_what_calls_itself_corrected_counts_though_it_came_first(tmp_path, store, vectors):
    tables = (EXPENDITURE, PROJECTS)
    new = write(tmp_path, "甲.txt", *tables, CORRECTED, head=CORRECTED_HEAD)
    entries = ingest_paths([new, write(tmp_path, "乙.txt", *tables, SUMMARY)], store, vectors).files
    assert [entry.status for entry in entries] == ["indexed", "superseded"]
    assert entries[1].remarks == ["已收录的“甲.txt”是它的更正版，以那份为准"]
    assert [info.file_name for info in store.documents()] == ["甲.txt"]


def test_of_three_editions_the_last_counts_and_another_format_of_an_old_one_changes_nothing():
    third = SUMMARY.replace("80.00", "81.00").replace("100.00", "101.00")
    editions = [budget(EXPENDITURE, PROJECTS, table) for table in (SUMMARY, CORRECTED, third)]
    assert arranged(*editions, editions[0]) == [
        Standing(superseded_by="2"),
        Standing(superseded_by="2"),
        Standing(),
        Standing(repeats="0"),
    ]


def test_a_corrected_table_alone_hides_no_whole_budget():
    whole = budget(SUMMARY, EXPENDITURE, PROJECTS)
    alone = budget(EXPENDITURE.replace("20.00|20.00", "20.00|19.00").replace("20.00\t20.00", "20.00\t19.00"))
    assert arranged(whole, alone) == [Standing(), Standing()]


def test_another_budget_of_the_same_year_with_other_amounts_is_no_edition():
    other = SUMMARY.replace("100.00", "300.00").replace("80.00", "260.00").replace("20.00", "40.00")
    assert arranged(budget(SUMMARY), budget(other)) == [Standing(), Standing()]


def test_an_adjusted_budget_is_another_kind(tmp_path, store, vectors):
    tables = (EXPENDITURE, PROJECTS)
    paths = [
        write(tmp_path, "甲.txt", *tables, SUMMARY),
        write(tmp_path, "乙.txt", *tables, CORRECTED, head=ADJUSTED_HEAD),
    ]
    assert [entry.status for entry in ingest_paths(paths, store, vectors).files] == ["indexed", "indexed"]
    assert [info.kind for info in store.documents()] == ["部门预算", "部门预算调整"]


# --- the same file again -----------------------------------------------------------------------------------------
def test_a_changed_file_replaces_what_it_held_before(tmp_path, store, vectors):
    ingest_paths([write(tmp_path, "甲.txt", SUMMARY)], store, vectors)
    (entry,) = ingest_paths([write(tmp_path, "甲.txt", PROJECTS)], store, vectors).files
    assert (entry.status, entry.remarks) == ("indexed", ["替换了这个文件先前收录的内容"])
    document = budget(PROJECTS)
    assert store.documents(hidden=True) == store.documents()
    assert store.facts() == document_facts(document, entry.document)
    assert store.chunks() == document_chunks(document, entry.document)
    assert vectors.keys() == store.chunk_keys()


def test_another_year_under_the_same_name_replaces_nothing(tmp_path, store, vectors):
    for year in ("2024", "2023"):
        ingest_paths([write(tmp_path, "预算.txt", SUMMARY, head=HEAD.replace("2024", year))], store, vectors)
    assert [info.year for info in store.documents()] == [2024, 2023]
