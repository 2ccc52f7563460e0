"""One file of several budgets: what is split, and what is one department's alone."""

import pytest
from builders import EXPENDITURE, HEAD, PROJECTS, SUMMARY, budget_text, table_text

from index.ingest import ingest_paths, parse_file
from index.model import Document
from index.parsing.compilation import build_documents
from index.parsing.structure import build_document
from index.settling import remove_document

FINANCE = "某市财政局"
CONTENTS = "某市2024年部门预算汇编\n目录\n某市测试局2024年部门预算\n某市财政局2024年部门预算\n"


def of(department: str, *tables: str, head: str = HEAD) -> str:
    return budget_text(*tables, head=head.replace("某市测试局", department))


@pytest.fixture
def read(tmp_path):
    def documents(text: str) -> list[Document]:
        path = tmp_path / "汇编.txt"
        path.write_text(text, "utf-8")
        return parse_file(path)[0]

    return documents


@pytest.mark.parametrize("cover", ["", CONTENTS], ids=["plain", "with contents"])
def test_each_department_is_a_document_of_its_own(read, cover):
    first, second = of("某市测试局", SUMMARY, EXPENDITURE), of(FINANCE, SUMMARY, PROJECTS)
    found = read(cover + first + second)
    alone = [read(first)[0], read(second)[0]]
    assert [d.department for d in found] == ["某市测试局", FINANCE]
    assert [_contents(d) for d in found] == [_contents(d) for d in alone]


def _contents(document: Document) -> tuple:
    tables = [(table.title, table.kind, [row.cells for row in table.rows]) for table in document.tables]
    return document.year, document.kind, document.budget_units, tables


def test_a_title_over_two_lines_begins_a_department(read):
    head = HEAD.replace("2024年\n某市测试局部门预算", "某市测试局\n2024年部门预算公开")
    found = read(of("某市测试局", SUMMARY, head=head) + of(FINANCE, SUMMARY, head=head))
    assert [(d.department, len(d.tables)) for d in found] == [("某市测试局", 1), (FINANCE, 1)]


def test_a_department_whose_title_is_no_such_line_is_not_lost(read):
    head = "某市测试局预算公开\n\n编制单位：某市测试局\n\n2024年预算表\n"
    found = read(of("某市测试局", SUMMARY, head=head) + of(FINANCE, SUMMARY))
    assert [d.department for d in found] == ["某市测试局", FINANCE]


@pytest.mark.parametrize("unit", ["某市服务中心", "某市测试局机关服务中心"])
def test_chapters_of_units_stay_with_their_department(read, unit):
    chapter = f"\n{unit}2024年部门预算\n" + table_text("收支总体情况表", "项目|预算", "支出总计|7.00")
    (document,) = read(of("某市测试局", SUMMARY, EXPENDITURE) + chapter)
    assert (document.department, len(document.tables)) == ("某市测试局", 3)


def test_a_title_without_the_standard_tables_begins_nothing(read):
    text = (
        of("某市测试局", SUMMARY)
        + "\n某市财政局2024年部门预算批复情况\n"
        + table_text("联系方式", "科室|电话", "预算科|123")
    )
    assert [d.department for d in read(text)] == ["某市测试局"]


def test_the_operator_s_word_on_the_department_keeps_the_file_whole():
    from pathlib import Path

    from index.readers import read_blocks

    blocks = read_blocks(Path("a.txt"), (of("某市测试局", SUMMARY) + of(FINANCE, SUMMARY)).encode())
    assert build_documents(blocks, "a.txt", FINANCE) == [build_document(blocks, "a.txt", FINANCE)]


def test_the_documents_of_a_file_come_and_go_together(tmp_path, store, vectors):
    path = tmp_path / "汇编.txt"
    path.write_text(of("某市测试局", SUMMARY) + of(FINANCE, PROJECTS, SUMMARY), "utf-8")
    (entry,) = ingest_paths([path], store, vectors).files
    assert ingest_paths([path], store, vectors).files[0].status == "unchanged"
    infos = store.documents()
    assert {info.id for info in infos} == set(entry.documents) == {fact.document for fact in store.facts()}
    assert ({info.sha256 for info in infos}, entry.tables) == ({infos[0].sha256}, 3)
    remove_document(entry.documents[1], store, vectors)
    assert (store.documents(hidden=True), store.facts(), vectors.keys()) == ([], [], set())


def test_a_department_s_own_file_repeats_its_part_of_a_compilation(tmp_path, store, vectors):
    whole, own = tmp_path / "汇编.txt", tmp_path / "财政局.txt"
    whole.write_text(of("某市测试局", EXPENDITURE) + of(FINANCE, EXPENDITURE), "utf-8")
    own.write_text(of(FINANCE, EXPENDITURE, head=HEAD + "\n"), "utf-8")
    entries = ingest_paths([whole, own], store, vectors).files
    assert [entry.status for entry in entries] == ["indexed", "repeated"]
    assert len(store.documents()) == 2


def test_a_department_that_comes_again_is_not_taken_for_the_one_between(read):
    found = read("".join(of(name, SUMMARY) for name in ("某市测试局", FINANCE, "某市测试局")))
    assert [(d.department, len(d.tables)) for d in found] == [("某市测试局", 1), (FINANCE, 1), ("某市测试局", 1)]
