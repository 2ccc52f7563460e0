"""The configured language model, for the assistant: reads what the local planner cannot, words what has been found.

In: settings. Out: plans and prose, or None with the reason why not; nothing raises, since the local answer is always there. Only a
template that an edit has spoiled does, at the start: VocabularyError.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from assistant.contract import Answer, Spent
from assistant.llm import templates
from assistant.llm.allowance import Allowance, ModelFailure
from assistant.llm.understanding import Understanding, is_unsure
from assistant.llm.wording import Wording
from assistant.lookup.lookup import Lookup
from assistant.plan import Plan
from assistant.states import State
from index.settings import Settings


@dataclass(frozen=True)
class Understood:
    """What came of asking it: a plan, or why there is none (`failure`); neither where it was not asked or knew nothing."""

    plan: Plan | None = None
    failure: str | None = None


class LanguageModel:
    """One model. Safe to use from many threads."""

    def __init__(self, settings: Settings) -> None:
        from assistant.llm.client import (
            ModelClient,  # openai takes a second to import, which who has no model need not wait for
        )

        for fault in templates.faults():  # at the start, and not in the midst of an answer
            raise fault
        self._settings = settings
        self._client = ModelClient(settings)
        self._understanding, self._wording = Understanding(self._client), Wording(self._client)
        self.words = settings.llm_wording

    @classmethod
    def of(cls, settings: Settings) -> LanguageModel | None:
        """The model that the settings name; None where they name none."""
        return cls(settings) if settings.llm_base_url else None

    @property
    def name(self) -> str:
        """As the endpoint calls it."""
        return self._client.name

    @property
    def host(self) -> str:
        """Where questions are sent."""
        return urlsplit(self._client.address).hostname or ""

    @property
    def is_remote(self) -> bool:
        """Whether it runs on another machine than this one."""
        try:
            return not ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host != "localhost"

    def allowance(self) -> Allowance:
        """What a new answer may spend."""
        return Allowance(float(self._settings.llm_seconds))

    def close(self) -> None:
        """Give up what is under way."""
        self._client.close()

    def is_wanted(self, local: Plan) -> bool:
        """Whether a question is for it to read, after what the local planner made of it."""
        wanted = self._settings.llm_understanding
        return is_unsure(local) if wanted == "unsure" else wanted == "always" and bool(local.form)

    def understand(
        self, question: str, turns: Sequence[Plan], state: State, lookup: Lookup, generation: int, allowance: Allowance
    ) -> Understood:
        """A plan for a question that the local planner is unsure of, or why there is none; over what the question is about and its turns before."""
        try:
            return Understood(self._understanding.plan(question, turns, state, lookup, generation, allowance))
        except ModelFailure as failure:
            return Understood(failure=failure.kind)

    def word(self, answer: Answer, generation: int, allowance: Allowance) -> Answer:
        """The answer with prose, where the model wrote some that is borne out; what it cost is noted either way."""
        try:
            prose, dropped = self._wording.prose(answer, generation, allowance)
        except ModelFailure as failure:
            return answer.model_copy(update={"llm": spent(allowance, failure.kind)})
        return answer.model_copy(update={"prose": prose, "llm": spent(allowance, dropped=dropped)})


def spent(allowance: Allowance, failure: str | None = None, dropped: int = 0) -> Spent:
    """What has been spent of an allowance."""
    return Spent(
        calls=allowance.calls, prompt_tokens=allowance.prompt_tokens, completion_tokens=allowance.completion_tokens,
        ms=round(allowance.waited * 1000, 1), failure=failure, dropped=dropped,
    )  # fmt: skip
