"""Three hundred right answers of the shipped document, each made wrong in one place of each kind: the verifier stops every one."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from assistant import answering as line
from assistant.answer import Assistant
from assistant.saying.stated_names import UnverifiedError
from assistant.saying.text import AnswerText
from assistant.saying.verify import verify
from eval.answers import Given
from eval.questions import DEV, Case, load_cases, turns_before
from eval.score import score
from index.sql.store import Store
from tests.assistant.mutations import Mutant, Others, composed_mutants, names_of, text_mutants

ANSWERS, SEED = 300, 7
ASKED = 420  # some of which are not right, or no statement of the document
Verified = tuple[AnswerText, tuple[Any, ...]]
Mutants = Callable[[AnswerText, Others, random.Random], Iterator[Mutant]]


def cases() -> Iterator[tuple[Case, list[Case]]]:
    """Questions of dev with gold about the shipped document, in an order drawn once, with the turns before."""
    files = [load_cases(path) for path in sorted(DEV.glob("*.jsonl"))]
    every = [(case, turns_before(case, own)) for own in files for case in own if case.gold and case.document is None]
    every = [(case, turns) for case, turns in every if not any(gold.refuse or gold.clarify for gold in case.gold)]
    yield from random.Random(SEED).sample(every, ASKED)


@pytest.fixture(scope="module")
def verified(assistant: Assistant) -> list[Verified]:
    """What was handed to the verifier for right answers, text by text, with its other arguments."""
    found: list[Verified] = []
    caught: list[Verified] = []

    def catching(answer: AnswerText, *others: Any) -> None:
        verify(answer, *others)
        caught.append((answer, others))

    right = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line, "verify", catching)
        for case, turns in cases():
            plans: list[dict] = []
            for turn in turns:
                plans.append(assistant.ask(turn.question, previous=plans).plan)
            caught.clear()
            answer = assistant.ask(case.question, previous=plans)
            if caught and score(case.gold, Given.model_validate(answer.model_dump(mode="json"))).outcome == "right":
                found += caught
                right += 1
            if right == ANSWERS:
                return found
    raise AssertionError(f"only {right} of {ASKED} questions were answered right")


@pytest.fixture(scope="module")
def others(shipped_store: Store) -> Others:
    return names_of(shipped_store.facts())


def stopped(answer: AnswerText, others: tuple[Any, ...]) -> bool:
    try:
        verify(answer, *others)
    except UnverifiedError:
        return True
    return False


@pytest.mark.slow
@pytest.mark.parametrize("mutants", [text_mutants, composed_mutants], ids=["in the text", "in what it is written from"])
def test_every_mutation_of_right_answers_is_stopped(mutants: Mutants, verified: list[Verified], others: Others) -> None:
    made: Counter[str] = Counter()
    passed = []
    for index, (answer, arguments) in enumerate(verified):
        for kind, mutant in mutants(answer, others, random.Random(f"{SEED} {index}")):
            made[kind] += 1
            if not stopped(mutant, arguments):
                passed.append(f"{kind}: {answer.text[:120]} -> {mutant.text[:120]}")
    assert passed == []
    assert made.total() > 1500 and min(made.values()) >= 2, made
