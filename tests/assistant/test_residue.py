"""Words that nothing explains: those that restrict the question, and mere manner of speaking."""

from __future__ import annotations

import pytest

from assistant.lexicon import Lexicon
from assistant.link import link
from assistant.residue import restricting


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("幼儿园的办公费是多少", "幼儿园"),
        ("火星探测的经费是多少", "火星"),
        ("扶贫的差旅费是多少", "扶贫"),
        ("食堂的水费是多少", "食堂"),
        ("消防车辆购置费是多少", "消防"),
    ],
)  # fmt: skip
def test_noun_before_an_item_restricts(question: str, word: str, lexicon: Lexicon) -> None:
    assert word in "".join(restricting(link(question, lexicon), lexicon))


@pytest.mark.parametrize(
    "question",
    ["办公费要掏多少钱", "办公费是多少", "麻烦帮我瞅瞅办公费是多少", "办公费大概得花多少呀", "公务接待费一年下来多少", "请教一下，水费是多少"],
)  # fmt: skip
def test_manner_of_speaking_does_not_restrict(question: str, lexicon: Lexicon) -> None:
    assert restricting(link(question, lexicon), lexicon) == []


@pytest.mark.parametrize(
    "question",
    ["我在写一份作业，办公费是多少", "老师让我们查资料，公务接待费是多少", "刚刚开完会，领导催得急，差旅费是多少"],
)
def test_clause_of_backstory_does_not_restrict(question: str, lexicon: Lexicon) -> None:
    assert restricting(link(question, lexicon), lexicon) == []


def test_restricted_question_gets_no_number(lexicon: Lexicon, ask) -> None:  # type: ignore[no-untyped-def]
    answer = ask("幼儿园的办公费是多少")
    assert answer.refused and answer.reason == "not_found" and answer.value is None
    assert "68.61" not in answer.answer and "幼儿园" in answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "接待客人吃饭的钱有多少",  # between two words for one thing
        "公车的油钱、保险这些，也就是公务用车运行维护费，要多少",  # said again by its name
        "光办公费就要多少",
        "办公费统统加一块有多少",
    ],
)
def test_words_that_add_nothing_do_not_restrict(question: str, lexicon: Lexicon) -> None:
    assert restricting(link(question, lexicon), lexicon) == []


@pytest.mark.parametrize(
    ("question", "restricts"),
    [
        ("燃料费、过路过桥费这类公务用车运行维护费是多少", False),
        ("公务用车运行维护费里的燃料费是多少", True),
        ("燃料费在公务用车运行维护费里有多少", True),
    ],
)
def test_words_of_a_definition_explain_their_item_but_are_no_part_of_it(
    question: str, restricts: bool, lexicon: Lexicon
) -> None:
    assert bool(restricting(link(question, lexicon), lexicon)) == restricts
