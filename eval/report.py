"""Records to tables. In: records of the product, and of the baseline. Out: totals by class, misses, bounds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from eval.questions import Gold
from eval.run import Record

CONFIDENCE = 0.95
WIDTH = 150
COLUMNS = (
    "class",
    "n",
    "right",
    "right %",
    "refused",
    "wrong",
    "wrong number",
    "cited right",
    "uncited",
    "p50 ms",
    "p95 ms",
)


@dataclass(frozen=True)
class Tally:
    """Counts over some records. `cited_right` of `cited` right answers whose gold names a place point there."""

    n: int
    right: int
    refused: int
    wrong: int
    wrong_numbers: int
    cited_right: int
    cited: int
    uncited: int
    p50: float
    p95: float

    @classmethod
    def of(cls, records: Sequence[Record]) -> Tally:
        verdicts = [record.verdict for record in records if record.verdict]
        outcomes = [verdict.outcome for verdict in verdicts]
        cited = [verdict.cited_right for verdict in verdicts if verdict.cited_right is not None]
        latencies = [record.elapsed_ms for record in records]
        return cls(
            n=len(records), right=outcomes.count("right"), refused=outcomes.count("refused"),
            wrong=outcomes.count("wrong"), wrong_numbers=sum(verdict.wrong_number for verdict in verdicts),
            cited_right=sum(cited), cited=len(cited), uncited=sum(len(record.uncited) for record in records),
            p50=percentile(latencies, 50), p95=percentile(latencies, 95),
        )  # fmt: skip

    @property
    def share_right(self) -> float:
        return self.right / self.n if self.n else 0.0

    def cells(self, name: str) -> list[str]:
        """A row of the table."""
        return [
            name, str(self.n), str(self.right), f"{self.share_right:.1%}", str(self.refused), str(self.wrong),
            str(self.wrong_numbers), f"{self.cited_right}/{self.cited}", str(self.uncited),
            f"{self.p50:.1f}", f"{self.p95:.1f}",
        ]  # fmt: skip


def wilson(right: int, n: int) -> tuple[float, float]:
    """The Wilson score interval of a proportion, as shares of 1; (0, 1) where nothing was counted."""
    if not n:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    share, spread = right / n, z * z / n
    centre = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


def percentile(values: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile; 0 of nothing."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)] if ordered else 0.0


def wide_console() -> Console:
    """A console that does not cut the table short where no terminal tells its width, as in CI."""
    console = Console()
    return console if console.is_terminal else Console(width=WIDTH)


def print_totals(console: Console, title: str, records: Sequence[Record], baseline: Sequence[Record] = ()) -> Tally:
    """The table by class with the baseline beside, then the totals in words. Returns the tally over all."""
    kinds = list(dict.fromkeys(record.case.kind for record in records))
    table = Table(*COLUMNS, *(["baseline right"] if baseline else []), title=escape(title))
    for column in table.columns[1:]:
        column.justify = "right"
    for kind in kinds:
        row = Tally.of([record for record in records if record.case.kind == kind]).cells(kind)
        beside = [str(Tally.of([record for record in baseline if record.case.kind == kind]).right)] if baseline else []
        table.add_row(*row, *beside)
    tally, base = Tally.of(records), Tally.of(baseline)
    table.add_section()
    table.add_row(*tally.cells("all"), *([str(base.right)] if baseline else []), style="bold")
    if baseline:
        table.add_row(*base.cells("baseline"), "")
    console.print(table)
    console.print(_in_words("", tally))
    if baseline:
        console.print(_in_words("baseline: ", base))
    return tally


def _in_words(name: str, tally: Tally) -> str:
    low, high = wilson(tally.right, tally.n)
    bounds = f"{CONFIDENCE:.0%} Wilson {low:.1%} to {high:.1%}"
    return (
        f"{name}right {tally.right} of {tally.n}, {tally.share_right:.1%} ({bounds})\n"
        f"{name}wrong numbers: {tally.wrong_numbers}\n"
        f"{name}uncited numbers: {tally.uncited}"
    )


def print_latency(console: Console, title: str, records: Sequence[Record]) -> None:
    """For questions without gold: how many, how many refused, how fast."""
    tally = Tally.of(records)
    refused = sum(record.given is not None and record.given.refused for record in records)
    console.print(
        f"{title}: {tally.n} asked, {refused} refused, p50 {tally.p50:.1f} ms, p95 {tally.p95:.1f} ms", markup=False
    )


def print_misses(console: Console, records: Sequence[Record], everything: bool = False) -> None:
    """Each case that is not right, cites the wrong place or states an uncited number; or every case."""
    for record in records:
        verdict = record.verdict
        if (
            not everything
            and verdict
            and verdict.outcome == "right"
            and verdict.cited_right is not False
            and not record.uncited
        ):
            continue
        console.rule(f"{record.case.id} {record.case.kind}", align="left")
        lines = [f"question: {record.case.question}"]
        lines += [f"expected: {expected(gold)}" for gold in record.case.gold]
        lines += [f"got:      {got(record)}"]
        if verdict:
            lines.append(
                f"why:      {verdict.outcome}{', wrong number' if verdict.wrong_number else ''}: {verdict.reason}"
            )
        if verdict and verdict.cited_right is False:
            lines.append(f"cited:    lines {_cited_lines(record)}, not the gold's")
        lines += [f"uncited:  {number.text!r} at {number.start}: {number.why}" for number in record.uncited]
        console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)


def expected(gold: Gold) -> str:
    """A gold object in one line."""
    parts = [f"refusal as {' or '.join(gold.refuse)}"] if gold.refuse else []
    parts += ["a question back"] if gold.clarify else []
    parts += [{True: "yes", False: "no"}[gold.boolean]] if gold.boolean is not None else []
    parts += ["、".join(map(str, gold.amounts))] if gold.values else []
    said = gold.names + gold.contains + gold.says
    parts += ["、".join(said)] if said else []
    return "; ".join(parts)


def got(record: Record) -> str:
    """An answer in one line: its value or its refusal, then its text."""
    given = record.given
    if given is None:
        return "nothing that can be read"
    value = [str(v) if not isinstance(v, str | bool) else v for v in given.values]
    head = (
        f"refused as {given.reason}"
        if given.refused
        else "asked back"
        if given.asked_back
        else f"{value} {given.unit or ''}"
    )
    return f"{head} | {' ⏎ '.join(given.answer.split(chr(10)))}"


def _cited_lines(record: Record) -> list[Any]:
    citations = record.given.citations if record.given else []
    return sorted({citation.place["line"] for citation in citations if "line" in citation.place})
