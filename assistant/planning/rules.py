"""What a node of a form stands for, by its name: each call that is computed, each word for a turn before.

In: nothing. Out: the tables through which an `Asking` reaches the functions of this package.
"""

from __future__ import annotations

from collections.abc import Callable

from assistant.plan import Expression
from assistant.planning.across import of_one
from assistant.planning.adding import summed
from assistant.planning.asking import Asking, Rules
from assistant.planning.before import EXPRESSIONS, set_before
from assistant.planning.bounds import bounded
from assistant.planning.changes import change, year_before
from assistant.planning.comparing import difference, excess, rest, times
from assistant.planning.members import by, counted, greatest, listed, nth, place, sorted_, top
from assistant.planning.shares import share_of
from assistant.reader.form import Call

COMPUTED: dict[str, Callable[[Asking, Call], Expression]] = {
    "all": listed, "which": listed, "count": counted, "sum": summed, "mean": summed, "top": top, "bottom": top, "nth": nth,
    "nthlow": nth, "sort": sorted_, "sortup": sorted_, "max": greatest, "min": greatest, "rank": place, "diff": difference,
    "pctmore": excess, "share": share_of, "times": times, "rest": rest, "by": by, "change": change, "growth": change,
    "prev_year": year_before,
}  # fmt: skip
RULES = Rules(COMPUTED, EXPRESSIONS, set_before, bounded, of_one)
