"""The planning steps, in the order in which they are tried: the first that takes a question plans it.

Each step is a function of the Context that returns a part of a plan, or None to pass. Words come before numbers, and of the
numbers the outermost operation first: a share of a sum is a share.
"""

from __future__ import annotations

from collections.abc import Callable

from assistant.context import Context
from assistant.plan import Part
from assistant.steps.arithmetic import difference, ratio, remainder, share, total_of
from assistant.steps.changes import change
from assistant.steps.plain import indicator, plain, table_total
from assistant.steps.sets import by_amount, count_or_list, each, rank, which_is_more
from assistant.steps.statements import statement
from assistant.steps.words import (
    about_project,
    assets,
    definition,
    duties,
    notes,
    organisation,
    owner_claim,
    reasons,
    targets,
    told,
)

Step = Callable[[Context], Part | None]

WORD_STEPS: tuple[Step, ...] = (
    notes, definition, told, owner_claim, targets, reasons, organisation, duties, about_project, assets,
)  # fmt: skip
NUMBER_STEPS: tuple[Step, ...] = (
    indicator, statement, change, share, ratio, remainder, difference, which_is_more, rank, total_of, by_amount,
    count_or_list, each, plain, table_total,
)  # fmt: skip


def first_part(steps: tuple[Step, ...], context: Context) -> Part | None:
    """The part of the first step that takes the question."""
    return next((part for step in steps if (part := step(context)) is not None), None)
