"""What an answer rests on: facts and passages, the values found or computed from them, and how.

Every value knows its facts; `derivation` is the computation as a reader would write it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from index.amounts import convert, format_amount, format_count, is_money
from index.chunks import Chunk
from index.facts import Fact

MONTHLY, MONTHS = "月均", 12  # the label of an amount by the month; the months of a year


@dataclass(frozen=True)
class Value:
    """A number in a unit, what it is the number of, and the facts that it is or comes from; `operand` tells which operand
    of a combination gave it."""

    amount: Decimal
    unit: str | None
    label: str
    facts: tuple[Fact, ...]
    computed: bool = False
    derivation: str = ""
    operand: int | None = None

    @property
    def is_change(self) -> bool:
        """Whether the documents themselves tell it as a change against the year before."""
        return not self.computed and bool(self.facts) and is_of_change(self.facts[0])

    @property
    def is_rounded(self) -> bool:
        """Whether its derivation says that it was rounded."""
        return "≈" in self.derivation

    def to(self, unit: str | None) -> Value:
        """The same amount in another unit of money; unchanged where either is no money."""
        if unit is None or unit == self.unit or not (is_money(unit) and is_money(self.unit)):
            return self
        assert self.unit is not None
        return replace(self, amount=convert(self.amount, self.unit, unit), unit=unit)

    def rounded(self, decimals: int | None) -> Value:
        """Rounded half up to so many decimals; its derivation says so. Unchanged for None or where nothing is lost."""
        if decimals is None:
            return self
        amount = self.amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        if amount == self.amount:
            return self
        return replace(self, amount=amount, computed=True, derivation=f"{self.amount.normalize():f} ≈ {amount:f}")

    def printed(self) -> str:
        """The number as the answer shows it, without its unit."""
        return format_amount(self.amount) if is_money(self.unit) or self.computed else format_count(self.amount)


def is_of_change(fact: Fact) -> bool:
    """Whether a fact is a change against the year before, in money or in per cent."""
    return fact.column_name.startswith("比上年")


def unit_of(values: Iterable[Value]) -> str | None:
    """The one unit of several values; None where they differ."""
    units = {v.unit for v in values}
    return units.pop() if len(units) == 1 else None


def common_unit(values: Iterable[Value]) -> str | None:
    """The largest unit of money in which cells of several budgets are printed; None where all are alike."""
    money = [fact for value in values if is_money(value.unit) for fact in value.facts if is_money(fact.unit)]
    units = {fact.unit for fact in money if fact.unit is not None}
    if len(units) < 2 or len({(fact.department, fact.year) for fact in money}) < 2:
        return None
    return max(units, key=lambda unit: convert(Decimal(1), unit, "元"))


@dataclass
class Evidence:
    """The outcome of one part of a plan.

    `values` are what was asked for, in order; `truth` is the verdict of a check; `shown` are further values that the
    answer states in support (the operands of a computation); `parts` are what the sides of a check are sums of;
    `also` is the evidence of the further statements of a check;
    `among` are all members of a set of which some are chosen; `empty` tells why there is nothing.
    """

    values: list[Value] = field(default_factory=list)
    shown: list[Value] = field(default_factory=list)
    truth: bool | None = None
    parts: list[Value] = field(default_factory=list)
    derivation: str | None = None
    passages: list[Chunk] = field(default_factory=list)
    also: list[Evidence] = field(default_factory=list)
    among: list[Value] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    empty: str | None = None
    total_count: int | None = None
