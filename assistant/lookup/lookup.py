"""The structured table lookup: one function with a typed signature, `look_up`.

In: an expression of a plan. Out: Evidence: values, the facts they come from, the derivation. Offered to the planner, as a
llama-index tool and over HTTP alike. It never guesses: an item with different values in different tables gives them all.
"""

from __future__ import annotations

from assistant.evidence import Evidence
from assistant.lookup.statements import Statements
from assistant.plan import Check, Combine, Placed, Reduce


class Lookup(Statements):
    """The lookup over the documents of one view."""

    def look_up(self, expression: Reduce | Combine | Placed | Check, unit: str | None = None) -> Evidence:
        """Execute an expression. Evidence without values has `empty` set to what is missing.

        A quotient that is money is computed in `unit`, since rounding before a conversion would show.
        """
        if unit is not None:
            self._unit = unit
        if isinstance(expression, Check):
            return self._check(expression)
        if isinstance(expression, Combine):
            return self._combine(expression)
        if isinstance(expression, Placed):
            return self._placed(expression)
        return {
            "value": self._value, "list": self._list, "count": self._count, "sum": self._sum, "mean": self._mean,
            "rank": self._rank,
        }[expression.how](expression)  # fmt: skip
