"""What to ask next, with a click. In: an answer with its plan. Out: up to three questions, never the one just asked.

A question that is offered whatever the documents hold is asked of them once, and offered no more where they refuse it. One that is made
of the last answer's own label is offered unasked: to ask it would take as long as the answer did.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from cachetools import LRUCache, cachedmethod

from assistant.contract import Answer, Suggestion
from assistant.lookup.form_rows import is_of_form
from assistant.plan import Calculate, Plan, Reduce, Refuse
from assistant.states import State
from assistant.words.normal import bare
from index.sql.store import DocumentInfo

MOST = 3
MOST_KNOWN = 1000  # questions of which it is kept whether documents answer them
TOTAL, UNITS, LARGEST = "项目支出合计是多少", "各单位的项目支出分别是多少", "金额最大的三个项目是哪些"


class Suggestions:
    """The suggestions over one store. Safe to use from many threads."""

    def __init__(self, is_refused: Callable[[str, Sequence[DocumentInfo]], bool]) -> None:
        """`is_refused` asks a question of some documents."""
        self._is_refused = is_refused
        self._known: LRUCache[tuple, bool] = LRUCache(MOST_KNOWN)
        self._lock = threading.Lock()

    def add(self, answer: Answer, plan: Plan, state: State) -> None:
        """Fill the suggestions of an answer; those that it has already stay, but for the question itself under its refusal."""
        asked = bare(answer.question)
        if answer.refused:
            answer.suggestions = [s for s in answer.suggestions if bare(s.question) != asked]
        if answer.suggestions:
            return
        offered = [
            q for q in _fitting(plan, answer.refused, state)
            if bare(q) != asked and (not _is_for_any(q, answer.refused) or self._works(q, state))
        ]  # fmt: skip
        answer.suggestions = [Suggestion(text=q, question=q) for q in offered[:MOST]]

    def _works(self, question: str, state: State) -> bool:
        """Whether the documents of a state answer a question; of very many it is asked whose is meant."""
        return state.is_general or not self._refused(question, tuple(state.documents))

    @cachedmethod(lambda self: self._known, lock=lambda self: self._lock)
    def _refused(self, question: str, infos: tuple[DocumentInfo, ...]) -> bool:
        return self._is_refused(question, infos)


def _is_for_any(question: str, refused: bool) -> bool:
    """Whether a suggestion is made whatever the documents hold."""
    return refused or question in (TOTAL, UNITS, LARGEST)


def _fitting(plan: Plan, refused: bool, state: State) -> list[str]:
    """After an answer what fits it; after a refusal what there is."""
    part = plan.parts[0]
    if refused or not isinstance(part, Calculate):
        return state.planner.examples() if refused and not (isinstance(part, Refuse) and part.suggestions) else []
    return _after(part.expression) if isinstance(part.expression, Reduce) else []


def _after(reduce: Reduce) -> list[str]:
    select = reduce.of
    if select.universe == "projects" and select.labels and len(select.labels) == 1:
        return [f"{select.labels[0]}的绩效目标是什么", "它占项目支出的百分之几"]
    if select.universe == "projects":
        return ["一共多少钱", TOTAL]
    if select.labels and not select.measure and not is_of_form(select):
        return [f"{select.labels[0]}占总支出的百分之几"]
    if select.columns or select.total:
        return [UNITS, LARGEST]
    return []
