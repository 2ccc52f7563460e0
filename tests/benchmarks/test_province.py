"""The made-up province: the same documents whatever is made beside them, true in all sums, and read by the product as written."""

import json
import random
import re

import pytest

from benchmarks.province.__main__ import main
from benchmarks.province.asking import questions
from benchmarks.province.checking import differences
from benchmarks.province.classification import CLASSES, ECONOMICS, FUNCTIONS
from benchmarks.province.departments import BLOCK, Slot, index_of, slot
from benchmarks.province.documents import document
from benchmarks.province.files import content_of, file_name, write_documents
from benchmarks.province.style import format_of, style
from benchmarks.province.text_file import text_of
from eval.questions import load_cases
from index.checks.audit import audit_document
from index.checks.between import audit_between
from index.ingest import parse_file

SEED = 1
MANY = random.Random(17).sample(range(20_000), 400)
SAMPLE = MANY[:11]


def read(index, folder, form=None):
    """A document of the province, and what the product reads of its file."""
    written = document(SEED, index)
    form = form or format_of(SEED, index)
    path = folder / file_name(written, form)
    path.write_bytes(content_of(written, form))
    documents, _ = parse_file(path)
    assert len(documents) == 1
    return written, documents[0]


def assert_read_as_written(index, folder, form=None):
    written, parsed = read(index, folder, form)
    assert list(differences(written, parsed)) == []
    assert [i.title for i in audit_document(parsed, "") if i.verdict != "一致"] == []


def test_the_classification_is_a_broad_one():
    assert len(CLASSES) >= 25 and sum(len(code) == 7 for code in FUNCTIONS) >= 250
    assert sum(len(code) == 5 for code in ECONOMICS) >= 70
    assert all(code[:n] in FUNCTIONS for code in FUNCTIONS for n in (3, 5) if n < len(code))
    assert all(code[:3] in ECONOMICS for code in ECONOMICS)


def test_few_documents_are_among_many(tmp_path):
    few, many = tmp_path / "few", tmp_path / "many"
    list(write_documents(SEED, range(4), few))
    list(write_documents(SEED, range(9), many))
    assert {path.name: path.read_bytes() for path in few.iterdir()}.items() <= {
        path.name: path.read_bytes() for path in many.iterdir()
    }.items()
    assert len(list(many.iterdir())) == 9


@pytest.mark.parametrize("form", ["txt", "pdf"])
def test_a_document_comes_out_the_same_again(form):
    assert content_of(document(SEED, 7), form) == content_of(document(SEED, 7), form)


def test_seeds_make_other_provinces():
    assert text_of(document(1, 0)) != text_of(document(2, 0))


def test_an_index_stands_for_one_document():
    slots = [slot(SEED, index) for index in range(4 * BLOCK)]
    assert len(set(slots)) == 4 * BLOCK and sum(one.final for one in slots) == 4
    assert [index_of(SEED, one) for one in slots] == list(range(4 * BLOCK))


def test_a_small_share_is_in_other_formats():
    formats = [format_of(SEED, index) for index in range(5000)]
    assert 0.01 < 1 - formats.count("txt") / 5000 < 0.03 and {"xlsx", "pdf"} < set(formats)


def test_the_product_reads_each_cell_as_written(tmp_path):
    styles = {(style(SEED, slot(SEED, index).department)) for index in SAMPLE}
    assert {one.family for one in styles} == {"long", "wide", "short"} and {one.unit for one in styles} == {
        "元",
        "万元",
    }
    for index in SAMPLE:
        assert_read_as_written(index, tmp_path)


@pytest.mark.parametrize(("index", "form"), [(0, "xlsx"), (26, "pdf"), (10, "xlsx")])
def test_the_product_reads_the_other_formats_as_written(index, form, tmp_path):
    assert_read_as_written(index, tmp_path, form)


@pytest.mark.soak
@pytest.mark.parametrize("index", MANY)
def test_the_product_reads_many_documents_as_written(index, tmp_path):
    assert_read_as_written(index, tmp_path)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_what_a_year_says_of_the_year_before_is_what_that_year_says(number, tmp_path):
    _, now = read(index_of(SEED, Slot(number, 2025, False)), tmp_path)
    _, before = read(index_of(SEED, Slot(number, 2024, False)), tmp_path)
    found = [i for i in audit_between(now, "now", {}, {(2024, False): [("before", before)]}) if i.rule == "上年衔接"]
    assert found and [i.title for i in found if i.verdict != "一致"] == []


def test_questions_are_the_same_again_and_can_be_scored(tmp_path):
    file = tmp_path / "questions.jsonl"
    main(["--documents", "12", "--seed", str(SEED), "--out", str(tmp_path / "out"), "--questions", str(file)])
    cases = load_cases(file)
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert lines == [line for index in range(12) for line in questions(SEED, index)]
    assert all(max(line["about"]) == int(line["id"][1:6]) for line in lines)
    assert len({case.kind for case in cases}) >= 18
    assert all(re.search(r"20\d\d年", case.question) for case in cases)


def test_a_wrong_count_is_told_in_one_line(tmp_path, capsys):
    with pytest.raises(SystemExit) as exit_:
        main(["--documents", "none", "--out", str(tmp_path)])
    assert exit_.value.code == 2 and "name a number from 1 to" in capsys.readouterr().err


# --- answers from what the product read, by other means than the generator's ---------------------------------------
def values_of(parsed, kind, row, column):
    """The amounts of the rows of that label or code in the columns whose path ends so, in the tables of a kind, in 万元."""
    scale = {"万元": 1, "元": 10_000}
    return {
        r.values[c] / scale[t.unit]
        for t in parsed.tables
        if t.kind == kind
        for r in t.rows
        if row in (r.label, r.code) or (row is None and r.role == "total")
        for c, path in enumerate(t.columns)
        if path[-1] in column and r.values[c] is not None
    }


@pytest.mark.parametrize("index", [0, 1, 5, 27])
def test_answers_are_what_the_read_document_says(index, tmp_path):
    written, parsed = read(index, tmp_path)
    asked = {line["id"].split("-", 1)[1]: line for line in questions(SEED, index)}
    gold = {key: set(line["gold"][0].get("values", ())) for key, line in asked.items()}

    def one(kind, row, column):
        return {f"{value:.2f}" for value in values_of(parsed, kind, row, column)}

    named = [row for table in parsed.tables if table.kind == "expenditure_summary" for row in table.rows if row.code]
    total = ("合计", "总计")
    for key in ("cell-1", "cell-2"):
        label = max((row.label for row in named if row.label in asked[key]["question"]), key=len)
        assert gold[key] == one("expenditure_summary", label, total)
    code = next(row.code for row in named if len(row.code) == 7 and row.code in asked["code-1"]["question"])
    assert gold["code-1"] == one("expenditure_summary", code, total)
    projects = [
        row for table in parsed.tables if table.kind == "project_list" for row in table.rows if row.role == "project"
    ]
    scale = 10_000 if written.style.unit == "元" else 1
    amounts = {row.label: (row.values[0] or 0) / scale for row in projects}
    assert gold["count-1"] == {str(len(projects))}
    assert asked["top-1"]["gold"][0]["names"] == [max(amounts, key=amounts.__getitem__)]
    assert gold["project-1"] == {
        f"{amounts[next(n for n in sorted(amounts, key=len, reverse=True) if n in asked['project-1']['question'])]:.2f}"
    }
