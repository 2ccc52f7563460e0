"""Asking: conversations, failures, what is written."""

import json
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from eval.__main__ import arguments, main, measure, print_scores, write_answers
from eval.questions import Case
from eval.run import ask_all

ANSWER = {"answer": "无", "refused": False, "reason": None, "value": None, "unit": None, "citations": []}


def echo(question, previous):
    """Answers with the plans it was given."""
    return ANSWER | {"answer": json.dumps(previous), "plan": {"asked": question}}


def case(id, follows=None, **fields):
    return Case.model_validate({"id": id, "question": id, "followup_of": follows} | fields)


def test_followups_are_asked_with_the_plans_before_oldest_first():
    records = ask_all([case("a"), case("b", "a"), case("x"), case("c", "b")], echo)
    assert [json.loads(record.raw["answer"]) for record in records] == [
        [], [{"asked": "a"}], [], [{"asked": "a"}, {"asked": "b"}],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda q, p: 1 / 0, "raised ZeroDivisionError"),
        (lambda q, p: {"answer": "无"}, "breaks the contract: ('refused',)"),
    ],
)
def test_what_raises_or_breaks_the_contract_is_wrong_and_stops_nothing(ask, reason):
    records = ask_all([case("a", gold={"clarify": True}), case("b", "a")], ask)
    assert records[0].verdict.outcome == "wrong"
    assert records[0].verdict.reason.startswith(reason)
    assert len(records) == 2
    assert records[1].verdict is None


@pytest.fixture
def files(tmp_path):
    """A dev and a test file, one question each, that the scripted product answers wrong."""
    for half in ("dev", "test"):
        path = tmp_path / "questions" / half / "q.jsonl"
        path.parent.mkdir(parents=True)
        line = {"id": f"{half}-1", "class": "cell", "question": f"{half}的问题", "gold": {"names": ["水费"]}}
        path.write_text(json.dumps(line, ensure_ascii=False) + "\n", "utf-8")
    return [tmp_path / "questions" / half / "q.jsonl" for half in ("dev", "test")]


@contextmanager
def scripted(store, document):
    yield SimpleNamespace(product=echo, baseline=echo, indexed=[])


def test_answers_are_written_as_contracted(files, tmp_path):
    write_answers(tmp_path / "out" / "answers.jsonl", measure(files, opened=scripted))
    lines = [json.loads(line) for line in (tmp_path / "out" / "answers.jsonl").read_text("utf-8").splitlines()]
    assert [line["id"] for line in lines] == ["dev-1", "test-1"]
    assert list(lines[0]) == ["id", "answer", "value", "unit", "refused", "reason", "citations", "elapsed_ms"]


def test_misses_are_shown_for_dev_and_only_totals_for_test(files, capsys):
    from rich.console import Console

    print_scores(Console(width=200), measure(files, baseline=True, opened=scripted))
    shown = capsys.readouterr().out
    assert "dev的问题" in shown
    assert "does not name 水费" in shown
    assert "test-1" not in shown
    assert "test的问题" not in shown
    assert "test/q.jsonl" in shown


def test_each_named_document_has_its_own_store_and_order_is_kept(files):
    lines = [{"id": "a", "question": "a", "document": "d.txt"}, {"id": "b", "question": "b"}]
    files[0].write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    opened = []

    @contextmanager
    def counting(store, document):
        opened.append(document)
        yield SimpleNamespace(product=echo, baseline=echo, indexed=[])

    answers = measure(files[:1], opened=counting)
    assert opened == ["d.txt", None]
    assert [record.case.id for record in answers[files[0]][0]] == ["a", "b"]


def test_several_files_of_questions_may_be_named(files):
    both = [str(path) for path in files]
    assert arguments(["--questions", *both]).questions == files
    assert arguments(["--questions", both[0], "--questions", both[1]]).questions == files


@pytest.mark.parametrize("words", [["--questions", "no-such.jsonl"], ["--unknown"]])
def test_wrong_usage_exits_with_2(words):
    with pytest.raises(SystemExit) as exit:
        main(words)
    assert exit.value.code == 2


def test_a_bad_file_exits_with_1_and_one_line(files, capsys):
    files[0].write_text("{}\n", "utf-8")
    assert main(["--questions", str(files[0])]) == 1
    assert capsys.readouterr().err.count("\n") == 1
