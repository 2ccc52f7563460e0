"""Why a form cannot become a plan. Both are caught in `assistant.planning.planner`, and told to the asker."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.plan import Expression, ReasonCode


class HindranceError(Exception):
    """What a form asks for is not there: a reason code, the words that it hangs on, questions about what comes near, and what
    would be asked for if it were there, on which the next turn may lean."""

    def __init__(
        self, reason: ReasonCode, words: str, near: Sequence[str] = (), intended: Expression | None = None
    ) -> None:
        super().__init__(f"{reason}: {words}")
        self.reason, self.words, self.near, self.intended = reason, words, tuple(near), intended


class UnclearError(Exception):
    """What is asked cannot be told, or can be several things: `words` with the choices for them, each a whole question."""

    def __init__(self, words: str = "", choices: Sequence[str] = ()) -> None:
        super().__init__(words)
        self.words, self.choices = words, tuple(choices)
