"""What is offered to be asked next is answered, and is never what was just asked."""

from __future__ import annotations

import pytest

from assistant.answer import Assistant
from assistant.words.normal import bare
from index.model import Document
from index.sql.store import Store
from tests.assistant.conftest import add_document, row, table


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """A document of one table: no “三公”, no units, no projects."""
    summary = table("支出总体情况表", "expenditure_summary", [["合计"]], [
        row("合计", "90.00", role="total", level=0), row("水利支出", "60.00", code="213"), row("住房保障支出", "30.00", code="221"),
    ])  # fmt: skip
    store = Store.open(tmp_path_factory.mktemp("small"))
    add_document(store, Document(title="2024年某县水务局部门预算", department="某县水务局", year=2024, kind="部门预算",
                                 budget_units=["某县水务局"], tables=[summary], sections=[]), b"small", "水务.txt")  # fmt: skip
    return Assistant(store, None)


@pytest.mark.parametrize(
    "question", ["“三公”经费是多少", "三公经费是多少？", "火星探测项目多少钱", "2013年的总预算是多少", "总预算是多少"]
)
def test_what_is_offered_is_answered_and_not_the_question_itself(question: str, small: Assistant) -> None:
    offered = [s.question for s in small.ask(question).suggestions]
    assert bare(question) not in map(bare, offered)
    assert not [q for q in offered if small.ask(q).refused]


def test_a_refusal_offers_what_is_there(small: Assistant) -> None:
    assert "总预算是多少" in [s.question for s in small.ask("火星探测项目多少钱").suggestions]


def test_a_document_that_takes_the_others_place_is_asked_anew(small: Assistant) -> None:
    """What its documents cannot answer today they may tomorrow."""
    before = [s.question for s in small.ask("火星探测项目多少钱").suggestions]
    three_public = table("财政拨款“三公”经费支出表", "three_public", [["预算"]], [
        row("“三公”经费合计", "2.00", level=1), row("公务接待费", "2.00", level=2, parents=("“三公”经费合计",)),
    ])  # fmt: skip
    document = small.store.parsed(small.store.documents()[0].id)
    fuller = document.model_copy(update={"tables": [*document.tables, three_public]})
    add_document(small.store, fuller, b"small", "水务.txt")
    after = [s.question for s in small.ask("火星探测项目多少钱").suggestions]
    assert set(after) - set(before) == {"“三公”经费是多少"}
