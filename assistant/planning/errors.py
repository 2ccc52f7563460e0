"""Why a form cannot become a plan. Both are caught in `assistant.planner`, and told to the asker."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.plan import ReasonCode


class HindranceError(Exception):
    """What a form asks for is not there: a reason code, the words that it hangs on, and questions about what comes near."""

    def __init__(self, reason: ReasonCode, words: str, near: Sequence[str] = ()) -> None:
        super().__init__(f"{reason}: {words}")
        self.reason, self.words, self.near = reason, words, tuple(near)


class UnclearError(Exception):
    """What is asked cannot be told, or can be several things: `words` with the choices for them, each a whole question."""

    def __init__(self, words: str = "", choices: Sequence[str] = ()) -> None:
        super().__init__(words)
        self.words, self.choices = words, tuple(choices)
