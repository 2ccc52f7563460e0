"""Hierarchies that only the amounts tell.

In: rows of one level whose amounts are more than their total, since some of them are sums of those that follow (a class of
projects above its projects, with neither code nor number nor indent). Out: how deep each row stands, where there is a way
to read them such that every sum holds exactly; nothing is changed where there is none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from index.amounts import CENT
from index.model import Row
from index.parsing.rows import is_total

ROUNDING = 2 * CENT
MOST_STEPS = 20_000  # of the search: a list that has no reading by then is left as it is
LONGEST = 400  # rows: more are not tried


def settle(rows: list[Row]) -> None:
    """Set the paths of rows that amounts alone can tell, in place: below totals, and below rows that others were put under."""
    for total, parts in total_segments(rows):
        _settle_below(rows[total], [rows[i] for i in parts], [])
    by_parent = _by_parent(rows)
    for parent in rows:
        below = by_parent[tuple(parent.path)]
        unsure = parent.role != "total" and len(below) > 1 and not any(row.code for row in below)
        if unsure and _settle_below(parent, below, parent.path):
            by_parent = _by_parent(rows)


def _by_parent(rows: list[Row]) -> dict[tuple[str, ...], list[Row]]:
    below = defaultdict(list)
    for row in rows:
        below[tuple(row.path[:-1])].append(row)
    return below


def total_segments(rows: Sequence[Row]) -> Iterator[tuple[int, list[int]]]:
    """Total rows with the outermost rows that they are the sum of: all others where the total stands first, else those above
    it, with the total before."""
    outer = [r for r, row in enumerate(rows) if len(row.path) == 1]
    totals = [r for r in outer if rows[r].role == "total" and (is_total(rows[r].label) or not rows[r].label)]
    if totals and totals[0] == outer[0]:
        yield totals[0], [r for r in outer if r not in totals]
        return
    before = 0
    for total in totals:
        start, before = before, outer.index(total)
        if rows[outer[start]].block != rows[outer[min(start + 1, before)]].block:
            start += 1  # the total of the list to the left
        yield total, outer[start:before]


def _settle_below(parent: Row, rows: list[Row], base: list[str]) -> bool:
    """Put rows below each other where the first column that has their total says so, and no other column objects. Returns
    whether it did."""
    for column, target in enumerate(parent.values):
        if target is None:
            continue
        amounts = [row.values[column] or Decimal(0) for row in rows]
        rest = [row for row in rows if row.role != "total"]
        if not target or len(rows) > LONGEST or abs(sum(amounts) - target) <= CENT * len(rows):
            if target and len(rows) <= LONGEST:
                return False  # they add up as they are
            continue
        start = 1 if len(rest) < len(rows) and rows[0].role == "total" else 0
        known = amounts[0] if start else Decimal(0)
        depths = nest(amounts[start:], target - known) or nest(amounts[start:], target - known, ROUNDING)
        if depths is not None and all(_holds(parent, rows, c, start, depths) for c in range(len(parent.values))):
            _set_paths(rows[start:], depths, base)
            return True
    return False


def _holds(parent: Row, rows: list[Row], column: int, start: int, depths: list[int]) -> bool:
    """Whether the amounts of a column add up at each depth, but for rounding; a column without amounts has no say."""
    amounts = [row.values[column] or Decimal(0) for row in rows]
    if parent.values[column] is None or not any(amounts):
        return True
    sums: list[tuple[Decimal, Decimal]] = []
    outer = sum(amounts[:start], Decimal(0))
    outer += sum((a for a, d in zip(amounts[start:], depths, strict=True) if d == 0), Decimal(0))
    sums.append((parent.values[column] or Decimal(0), outer))
    for i, depth in enumerate(depths):
        below = []
        for k in range(i + 1, len(depths)):
            if depths[k] <= depth:
                break
            if depths[k] == depth + 1:
                below.append(amounts[start + k])
        if any(below):
            sums.append((amounts[start + i], sum(below, Decimal(0))))
    return all(abs(one - other) <= CENT * len(rows) for one, other in sums)


def _set_paths(rows: list[Row], depths: list[int], base: list[str]) -> None:
    stack: list[str] = []
    for row, depth in zip(rows, depths, strict=True):
        stack = [*stack[:depth], row.label]
        row.path = [*base, *stack]
        row.level = len(row.path)


def nest(amounts: Sequence[Decimal], target: Decimal, slack: Decimal = Decimal(0)) -> list[int] | None:
    """The depth of each amount, such that those of depth 0 add up to the target and each other level to the amount above it,
    within the slack that rounding needs; None where there is no such reading. A blank or zero amount stands beside the one
    before it."""
    if target <= 0 or any(amount < 0 for amount in amounts):
        return None
    tried: set[tuple[int, Decimal, bool]] = set()
    steps = 0

    def siblings(i: int, left: Decimal, depth: int, top: bool) -> list[int] | None:
        """Depths of the amounts from i on that use up what is left."""
        nonlocal steps
        steps += 1
        if abs(left) <= slack and not (top and i < len(amounts)):
            zeros = next((n for n, amount in enumerate(amounts[i:]) if amount), len(amounts) - i)
            return [depth] * zeros
        if i == len(amounts) or (i, left, top) in tried or steps > MOST_STEPS:
            return None
        amount = amounts[i]
        if amount == 0:
            rest = siblings(i + 1, left, depth, top)
            return None if rest is None else [depth, *rest]
        if amount > left + slack:
            return None
        below = siblings(i + 1, amount, depth + 1, False)
        if below is not None:
            rest = siblings(i + 1 + len(below), left - amount, depth, top)
            if rest is not None:
                return [depth, *below, *rest]
        rest = siblings(i + 1, left - amount, depth, top)
        if rest is not None:
            return [depth, *rest]
        tried.add((i, left, top))
        return None

    return siblings(0, target, 0, True)
