"""What an answer may ask of a language model, and how that fails.

In: the seconds that one answer has. Out: what is left of them, of second tries and of tokens; and ModelFailure, when nothing usable
came. Apart from the client, so that who has no model imports none of what speaks to one.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Literal

from assistant.contract import Spent

Kind = Literal["timeout", "unreachable", "denied", "unknown", "limited", "server", "rejected", "garbled", "cut", "empty", "busy", "resting"]  # fmt: skip
RETRIES = 1  # per answer, whatever is asked for it
PAUSE = 0.3  # seconds before the second try, where the server names none


class ModelFailure(Exception):  # noqa: N818  no error of the program: the local answer stands
    """Nothing usable came. `kind` tells operators and counters why; `wait` is what a server asked for, in seconds."""

    def __init__(self, kind: Kind, detail: str = "", wait: float = PAUSE) -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind, self.wait = kind, wait


@dataclass
class Allowance:
    """What one answer may still spend on the model, and what it has spent: seconds, second tries, tokens."""

    seconds: float
    started: float = field(default_factory=time.monotonic)
    retries: int = RETRIES
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    waited: float = 0.0

    def take_over(self, spent: Spent) -> None:
        """Go on with what was spent on the same answer before."""
        self.calls, self.prompt_tokens, self.completion_tokens = (
            spent.calls,
            spent.prompt_tokens,
            spent.completion_tokens,
        )
        self.waited = spent.ms / 1000
        self.seconds = max(0.0, self.seconds - self.waited)

    def left(self) -> float:
        """Seconds until the deadline."""
        return self.seconds - (time.monotonic() - self.started)
