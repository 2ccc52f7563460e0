"""How sure a plan is: the share of answers alike it that are right.

In: what is known when a reading has been chosen. Out: a probability from 0 to 1, by a logistic model that `python -m tools.calibrate`
fits to the questions of the dev halves. Under PLAIN an answer says how the question was understood; under ASKED_BACK the question
is asked back.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

PLAIN = 0.989  # from here on an answer needs no caveat: on dev, none of them has a wrong number
# Under it a figure is not stated but asked back: of questions never seen, about half of these were wrong.
ASKED_BACK = 0.7
LEAST = 1e-3  # likelihoods below it are told apart no more
INTERCEPT = 3.26
WEIGHTS = {
    "worth": 1.66, "rival": -0.24, "taken": -0.37, "follows": -1.57, "parts": -0.92, "across": -0.01, "sets": -0.37,
}  # fmt: skip


@dataclass(frozen=True)
class Signs:
    """Of a plan: the logarithms of its likelihood, and of that of the likeliest other plan to its own; whether words were read
    as others, whether it leans on a turn before, how many parts it has beyond the first, whether it is about several budgets, and whether
    it counts, ranks or lists a set."""

    worth: float
    rival: float
    taken: bool = False
    follows: bool = False
    parts: int = 0
    across: bool = False
    sets: bool = False

    @classmethod
    def of(
        cls, worth: float, rival: float, *, taken: bool, follows: bool, parts: int, across: bool, sets: bool
    ) -> Signs:
        """From the likelihoods (0 to 1) of the plan and of its rival, and the number of parts."""
        worth = max(worth, LEAST)
        return cls(
            math.log(worth), math.log(max(rival, LEAST) / worth), taken, follows, max(parts - 1, 0), across, sets
        )

    @property
    def confidence(self) -> float:
        """The probability that the answer is right, to three decimals."""
        score = INTERCEPT + sum(WEIGHTS[name] * float(value) for name, value in asdict(self).items())
        return round(1 / (1 + math.exp(-score)), 3)

    def as_dict(self) -> dict[str, float]:
        """Each sign as a number to four decimals, as it stands in a plan."""
        return {name: round(float(value), 4) for name, value in asdict(self).items()}
