"""Ask cases, each in its conversation, and judge the answers.

In: cases in file order and something that answers a question (the product, or the baseline). Out: one record a case:
what was answered, how long it took, the verdict where there is gold, and the uncited numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from pydantic import ValidationError

from eval.answers import Given
from eval.questions import Case, turns_before
from eval.score import Verdict, score
from eval.uncited import Uncited, uncited_numbers

# A question and the plans of the turns before, oldest first, to an answer as the contract's JSON.
Ask = Callable[[str, Sequence[dict]], dict]
LINE = ("answer", "value", "unit", "refused", "reason", "citations")


@dataclass(frozen=True)
class Record:
    """One case asked. `given` is None where nothing came back, or something that breaks the contract."""

    case: Case
    raw: dict[str, Any]
    given: Given | None
    elapsed_ms: float
    verdict: Verdict | None = None
    uncited: list[Uncited] = field(default_factory=list)

    def line(self) -> dict[str, Any]:
        """The line of ANSWERS.jsonl (DESIGN, contracts)."""
        return {"id": self.case.id, **{key: self.raw.get(key) for key in LINE}, "elapsed_ms": round(self.elapsed_ms, 1)}


def ask_all(
    cases: Sequence[Case], ask: Ask, indexed: Iterable[str] = (), advance: Callable[[], None] = lambda: None
) -> list[Record]:
    """Ask every case, a follow-up with the plans of the turns before it. A question that raises is a wrong answer and
    stops nothing. `indexed`: titles and years of the indexed documents; `advance` is told after each answer."""
    documents = list(indexed)
    plans: dict[str, dict] = {}
    records = []
    for case in cases:
        turns = turns_before(case, cases)
        start = perf_counter()
        try:
            raw, failure = ask(case.question, [plans[turn.id] for turn in turns if plans[turn.id]]), None
        except Exception as error:  # whatever a program under test raises is its answer, and counted as wrong
            raw, failure = {}, f"raised {type(error).__name__}: {error}"
        elapsed = (perf_counter() - start) * 1000
        plans[case.id] = raw.get("plan") or {}
        records.append(_judge(case, raw, failure, elapsed, [turn.question for turn in turns], documents))
        advance()
    return records


def _judge(
    case: Case, raw: dict[str, Any], failure: str | None, elapsed: float, before: list[str], documents: list[str]
) -> Record:
    try:
        given = None if failure else Given.model_validate(raw)
    except ValidationError as error:
        given, failure = None, f"breaks the contract: {error.errors()[0]['loc']} {error.errors()[0]['msg']}"
    if given is None:
        return Record(case, raw, None, elapsed, Verdict("wrong", failure or "no answer") if case.gold else None)
    verdict = score(case.gold, given) if case.gold else None
    return Record(case, raw, given, elapsed, verdict, uncited_numbers(given, [*before, case.question], documents))
