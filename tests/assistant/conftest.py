"""One Assistant over the shipped document without vectors, and a store of a small invented department."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from assistant.answer import Assistant
from assistant.contract import Answer
from assistant.lookup.lookup import Lookup
from assistant.view import View
from assistant.words.lexicon import Lexicon
from index.chunks import document_chunks
from index.facts import document_facts
from index.ingest import SHIPPED, parse_file
from index.model import Document, Place, Row, Table
from index.sql.store import Store, document_id_of

OFFICE, ARCHIVE = "某县档案局", "某县档案馆"


def add_document(store: Store, document: Document, content: bytes, name: str) -> None:
    identifier = document_id_of(content)
    facts, chunks = document_facts(document, identifier), document_chunks(document, identifier)
    store.add(document, identifier, name, content, facts, chunks)


def add_file(store: Store, path: Path) -> None:
    (document,), content = parse_file(path)
    add_document(store, document, content, path.name)


@pytest.fixture(scope="session")
def shipped_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store.open(tmp_path_factory.mktemp("shipped"))
    for path in SHIPPED.glob("*.txt"):
        add_file(store, path)
    yield store
    store.close()


@pytest.fixture(scope="session")
def assistant(shipped_store: Store) -> Assistant:
    return Assistant(shipped_store, None)


@pytest.fixture(scope="session")
def ask(assistant: Assistant) -> Callable[[str], Answer]:
    """A single question; an answer that the verifier stopped is no answer."""

    def asked(question: str) -> Answer:
        answer = assistant.ask(question)
        assert "unverified" not in {note.code for note in answer.notes}, answer.notes
        return answer

    return asked


def conversation(assistant: Assistant, *questions: str) -> list[Answer]:
    """The answers of a conversation: each question with the plans of those before it, as a client sends them back."""
    answers: list[Answer] = []
    for question in questions:
        answers.append(assistant.ask(question, previous=[a.plan for a in answers]))
    return answers


@pytest.fixture(scope="session")
def talk(assistant: Assistant) -> Callable[..., list[Answer]]:
    """A conversation over the shipped document."""
    return partial(conversation, assistant)


@pytest.fixture(scope="session")
def lexicon(assistant: Assistant) -> Lexicon:
    return assistant.state().lexicon


# --- the invented department ---------------------------------------------------------------------------------------
def row(label: str, *cells: str, parents: tuple[str, ...] = (), **fields: object) -> Row:
    values = [Decimal(cell.replace(",", "")) if cell else None for cell in cells]
    return Row(label=label, path=[*parents, label], cells=list(cells), values=values, place=Place(line=1),
               **{"level": len(parents) + 1, **fields})  # fmt: skip


def table(title: str, kind: str, columns: list[list[str]], rows: list[Row], **fields: object) -> Table:
    return Table(title=title, kind=kind, unit="万元", columns=columns, rows=rows, place=Place(line=1), **fields)


def office() -> Document:
    """A department of two units: rows with a zero, a blank and a negative cell; two projects of the same amount."""
    total = {"role": "total", "level": 0}
    functional = table("支出总体情况表", "expenditure_summary", [["合计"], ["基本支出"], ["项目支出"]], [
        row("合计", "100.00", "70.00", "30.00", **total),
        row("一般公共服务支出", "79.50", "49.50", "30.00", code="201"),
        row("档案事务", "79.50", "49.50", "30.00", code="20126", parents=("一般公共服务支出",)),
        row("教育支出", "0.00", "", "0.00", code="205"),
        row("卫生健康支出", "25.50", "25.50", "0.00", code="210"),
        row("其他支出", "-5.00", "-5.00", "0.00", code="229"),
    ])  # fmt: skip
    basic = table("一般公共预算基本支出情况表", "basic_by_economic", [["预算"]], [
        row("合计", "70.00", **total),
        row("工资福利支出", "60.00", code="301", level=1),
        row("基本工资", "35.25", code="30101", parents=("工资福利支出",)),
        row("奖金", "24.75", code="30103", parents=("工资福利支出",)),
        row("商品和服务支出", "10.00", code="302", level=1),
        row("办公费", "6.00", code="30201", parents=("商品和服务支出",)),
        row("水费", "4.00", code="30205", parents=("商品和服务支出",)),
    ])  # fmt: skip
    projects = table("一般公共预算项目支出情况表", "project_by_economic", [["预算"]], [
        row("合计", "30.00", **total),
        row("商品和服务支出", "30.00", code="302", level=1),
        row("办公费", "1.50", code="30201", parents=("商品和服务支出",)),
        row("印刷费", "28.50", code="30202", parents=("商品和服务支出",)),
    ])  # fmt: skip
    by_unit = table("部门预算基本支出预算表", "basic_by_unit", [["总计"]], [
        row("合计", "70.00", **total),
        row(OFFICE, "40.00", role="unit", budget_unit=OFFICE),
        row("工资福利支出", "40.00", parents=(OFFICE,), budget_unit=OFFICE),
        row(ARCHIVE, "30.00", role="unit", budget_unit=ARCHIVE),
        row("工资福利支出", "20.00", parents=(ARCHIVE,), budget_unit=ARCHIVE),
    ])  # fmt: skip
    listed = table("部门预算项目支出预算表", "project_list", [["总计"]], [
        row("合计", "30.00", **total),
        row(OFFICE, "20.00", role="unit", budget_unit=OFFICE),
        row("库房改造项目", "12.00", role="project", budget_unit=OFFICE, parents=(OFFICE,), texts={"绩效目标": "改造库房三间。"}),
        row("目录编印项目", "8.00", role="project", budget_unit=OFFICE, parents=(OFFICE,)),
        row(ARCHIVE, "10.00", role="unit", budget_unit=ARCHIVE),
        row("缩微拍摄项目", "8.00", role="project", budget_unit=ARCHIVE, parents=(ARCHIVE,)),
        row("展厅维护项目", "2.00", role="project", budget_unit=ARCHIVE, parents=(ARCHIVE,)),
    ])  # fmt: skip
    return Document(title="2024年某县档案局部门预算", department=OFFICE, year=2024, kind="部门预算",
                    budget_units=[OFFICE, ARCHIVE], tables=[functional, basic, projects, by_unit, listed],
                    sections=[])  # fmt: skip


@pytest.fixture(scope="session")
def office_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store.open(tmp_path_factory.mktemp("office"))
    add_document(store, office(), b"office", "档案.txt")
    yield store
    store.close()


@pytest.fixture(scope="session")
def lookup(office_store: Store) -> Lookup:
    return Lookup(View(office_store, office_store.documents()))


@pytest.fixture(scope="session")
def office_assistant(office_store: Store) -> Assistant:
    return Assistant(office_store, None)
