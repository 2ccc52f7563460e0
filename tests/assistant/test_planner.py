"""Of several readings the likeliest that the documents and the words bear out; in doubt a question back."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from assistant.answer import Assistant
from assistant.contract import Answer
from assistant.plan import Plan
from assistant.reader.network import Read
from assistant.reader.notation import read_form
from index.sql.store import Store

D = Decimal
Asked = Callable[..., Answer]


class Scripted:
    """A network that gives the readings it is told to, of the question it is told."""

    def __init__(self) -> None:
        self.reads: list[Read] = []
        self.question = ""

    def read(self, question: str, follows: bool = False) -> list[Read]:
        return self.reads if question == self.question else []


@pytest.fixture
def read_as(office_store: Store) -> Asked:
    """Asks the invented department a question of which the network gives these forms with their probabilities."""
    network = Scripted()
    assistant = Assistant(office_store, None, network=network)

    def ask(question: str, *readings: tuple[str, float]) -> Answer:
        network.question = question
        network.reads = [Read(read_form(form, question), probability) for form, probability in readings]
        return assistant.ask(question)

    return ask


@pytest.mark.parametrize(
    ("question", "readings", "value"),
    [
        # an operation of which no word shows a sign
        ("库房改造多少钱", [("sum(top(projects{}),{库房改造})", 0.6), ("{库房改造}", 0.4)], D("12.00")),
        # the other end of an order
        ("金额最小的项目是哪个", [("top(projects{})", 0.6), ("bottom(projects{})", 0.4)], D("2.00")),
        # a name that the documents do not have, though another reading finds all
        ("库房改造的钱", [("{库房改造|的钱}", 0.5), ("{库房改造}", 0.4)], D("12.00")),
        # readings that come to the same thing count together
        ("水费多少", [("{奖金}", 0.0), ("{水费}", 0.2), ("{水费} ; {水费}", 0.2)], D("4.00")),
    ],
)
def test_the_reading_that_is_borne_out_wins(
    read_as: Asked, question: str, readings: list[tuple[str, float]], value: Decimal
) -> None:
    readings = [(form, p) for form, p in readings if p]
    assert read_as(question, *readings).value == value


def test_a_name_that_is_passed_over_is_taken_up(read_as: Asked) -> None:
    assert read_as("档案馆的基本支出多少", ("{基本支出}", 0.9)).value == D("30.00")


def test_a_name_is_not_cut_up_among_several_things(read_as: Asked) -> None:
    cut = read_as("工资福利支出多少", ("sum({工资},{福利支出})", 0.6), ("{工资福利支出}", 0.3))
    assert cut.value == read_as("工资福利支出多少", ("{工资福利支出}", 0.9)).value


def test_little_is_asked_back_with_the_meanings_as_choices(read_as: Asked) -> None:
    answer = read_as("水费和奖金什么的", ("{水费}", 0.12), ("{奖金}", 0.1))
    [part] = answer.plan["parts"]
    assert any("水费" in choice for choice in part["choices"])
    assert any("奖金" in choice for choice in part["choices"])
    assert answer.value is None


def test_no_reading_at_all_is_asked_back(read_as: Asked) -> None:
    answer = read_as("咕噜咕噜")
    [part] = answer.plan["parts"]
    assert part["choices"]
    assert answer.value is None


def test_a_short_reply_chooses_among_what_was_offered(office_store: Store) -> None:
    network = Scripted()
    assistant = Assistant(office_store, None, network=network)
    network.reads = [
        Read(read_form("{水费}", "水费和奖金什么的"), 0.12),
        Read(read_form("{奖金}", "水费和奖金什么的"), 0.12),
    ]
    network.question = "水费和奖金什么的"
    asked = assistant.ask(network.question)
    choices = asked.plan["parts"][0]["choices"]
    for reply, form in (("奖金那个", "again{奖金}"), ("第二个", "pick{第二}")):
        network.question, network.reads = reply, [Read(read_form(form, reply), 0.9)]
        planner = assistant.state().planner
        assert planner._chosen(reply, [Plan.model_validate(asked.plan)]) == choices[1]


def test_shares_are_not_answered_with_amounts(read_as: Asked) -> None:
    assert read_as("奖金占工资福利支出百分之几", ("{奖金}", 0.6), ("share({奖金},{工资福利支出})", 0.3)).unit == "%"


def test_a_bracket_that_says_of_what_all_consists_says_nothing(office_store: Store) -> None:
    network = Scripted()
    assistant = Assistant(office_store, None, network=network)
    seen: list[str] = []
    network.read = lambda question, follows=False: seen.append(question) or []  # type: ignore[method-assign, func-returns-value]
    assistant.ask("档案馆全年预算（基本加项目）多少")
    assistant.ask("档案馆预算（基本支出、项目支出分别）多少")
    assert "档案馆全年预算多少" in seen
    assert "档案馆预算（基本支出、项目支出分别）多少" in seen
