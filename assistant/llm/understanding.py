"""A question that the local planner is unsure of, read by a language model.

In: the question, the plans of the turns before, what the local planner made of it. Out: a plan that passed `check_plan`, in place
of a refusal or a question back; None where the local plan stands. What a sure local plan says is never overruled: where a model
that is always asked reads it otherwise, both readings are offered.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cachetools import LRUCache, cachedmethod

from assistant.llm.allowance import Allowance, ModelFailure
from assistant.llm.checking import RejectedError, check_plan
from assistant.llm.offering import offered
from assistant.llm.schema import plan_schema, read_plan
from assistant.llm.templates import render, version_of
from assistant.lookup.lookup import Lookup
from assistant.plan import Calculate, Clarify, Plan, Refuse
from assistant.planning.confidence import ASKED_BACK
from assistant.saying.restate import restated
from assistant.states import State

if TYPE_CHECKING:
    from assistant.llm.client import ModelClient

TEMPLATE = "understand"
LONGEST_PLAN = 900  # tokens
KEPT = 500  # plans remembered
SURENESS = 0.75  # of a plan that a model wrote and the facts bear out: never free of a caveat
OPEN_REASONS = {"not_found", "out_of_scope"}  # refusals that may come of words the local planner does not know
log = logging.getLogger(__name__)


def is_unsure(plan: Plan) -> bool:
    """Whether the local planner asks back, found nothing by the words, or is under the threshold."""
    if all(isinstance(p, Clarify) or (isinstance(p, Refuse) and p.reason in OPEN_REASONS) for p in plan.parts):
        return True
    return plan.confidence < ASKED_BACK and any(isinstance(part, Calculate) for part in plan.parts)


class Understanding:
    """Reads questions by one model, over whatever state of the store. Safe to use from many threads."""

    def __init__(self, client: ModelClient) -> None:
        self._client = client
        self._read: LRUCache[tuple, Plan | str] = LRUCache(KEPT)  # or why it was not taken
        self._lock = threading.Lock()

    def plan(
        self, question: str, turns: Sequence[Plan], state: State, lookup: Lookup, generation: int, allowance: Allowance
    ) -> Plan | None:
        """A plan that names only what is there and executes; None where the model knows none either. Raises ModelFailure."""
        before = [said for turn in turns for part in turn.parts if (said := restated(part))]
        key = (question, tuple(before), tuple(lookup.document_ids), generation, version_of(TEMPLATE), self._client.name)
        found = self._written(key, question, before, state, lookup, allowance)
        if isinstance(found, str):
            log.info("plan of the language model not taken: %s", found)
            raise ModelFailure("garbled", found)
        if all(isinstance(part, Refuse) for part in found.parts):
            return None  # the local refusal knows more of what is there
        return found.model_copy(deep=True)

    @cachedmethod(lambda self: self._read, key=lambda _, key, *asked: key, lock=lambda self: self._lock)
    def _written(
        self, _key: tuple, question: str, before: Sequence[str], state: State, lookup: Lookup, allowance: Allowance
    ) -> Plan | str:
        """What a model makes of a question: a plan that can be taken, or why it cannot."""
        names = offered(" ".join([*before[-2:], question]), state.lexicon, state.retriever, state.view)
        prompt = render(TEMPLATE, question=question, before="；".join(before), **names.slots())
        plan = read_plan(self._client.ask(prompt, allowance, LONGEST_PLAN, plan_schema()))
        if plan is None:
            return "不是计划"
        try:
            check_plan(plan, question, before, names, lookup)
        except RejectedError as error:
            return str(error)
        plan.confidence = SURENESS
        return plan


def both(question: str, local: Plan, other: Plan) -> Plan | None:
    """A question back with both readings, where a sure local plan and a model's say different things; None where they agree."""
    ours, theirs = ([said for part in plan.parts if (said := restated(part))] for plan in (local, other))
    if not ours or not theirs or set(ours) == set(theirs) or question in theirs:
        return None
    choices = list(dict.fromkeys([*ours, *theirs]))
    intended = next((part for part in local.parts if isinstance(part, Calculate)), None)
    return Plan(
        parts=[Clarify(text="这个问题有两种理解，请选择", choices=choices, intended=intended)],
        confidence=local.confidence,
    )
