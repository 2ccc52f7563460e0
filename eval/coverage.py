"""How many answers go without a caveat, and how many of those state a wrong number.

In: records. Out: the curve of coverage against error over thresholds of confidence, and its point at the threshold shipped, where
the answer's own notes tell whether it has a caveat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from eval.run import Record

CAVEATS = {"unsure", "understood", "taken"}  # notes that say how the question was understood
THRESHOLDS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.97, 0.98, 0.985, 0.99)


@dataclass(frozen=True)
class Point:
    """Of `n` answers with a number those that count as plain, and what is wrong among them."""

    n: int
    plain: int
    not_right: int
    wrong_numbers: int

    @property
    def coverage(self) -> float:
        return self.plain / self.n if self.n else 0.0


def answered(records: Sequence[Record]) -> list[Record]:
    """The records whose answers state a number, a yes or no, or names."""
    return [
        r for r in records if r.verdict and r.given is not None and not r.given.refused and r.given.value is not None
    ]


def has_caveat(record: Record) -> bool:
    return bool(record.given and {note.get("code") for note in record.given.notes} & CAVEATS)


def shipped(records: Sequence[Record]) -> Point:
    """The point at which the product stands."""
    return _point(answered(records), [r for r in answered(records) if not has_caveat(r)])


def at(records: Sequence[Record], threshold: float) -> Point:
    """The point where every answer under a confidence had a caveat."""
    known = answered(records)
    return _point(known, [r for r in known if float(r.raw.get("confidence") or 0) >= threshold])


def _point(known: Sequence[Record], plain: Sequence[Record]) -> Point:
    verdicts = [r.verdict for r in plain if r.verdict]
    return Point(
        len(known), len(plain), sum(v.outcome != "right" for v in verdicts), sum(v.wrong_number for v in verdicts)
    )


def print_curve(console: Console, title: str, records: Sequence[Record]) -> None:
    """The curve as a table, the point shipped last."""
    table = Table(
        "confidence",
        "answers",
        "share",
        "not right",
        "wrong numbers",
        title=escape(f"{title}: answers without a caveat"),
    )
    for column in table.columns[1:]:
        column.justify = "right"
    rows = [(f"≥ {threshold}", at(records, threshold)) for threshold in THRESHOLDS]
    for name, point in [*rows, ("as shipped", shipped(records))]:
        table.add_row(name, str(point.plain), f"{point.coverage:.1%}", str(point.not_right), str(point.wrong_numbers))
    console.print(table)
