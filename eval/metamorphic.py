"""Questions made from what a store holds, whose answers need no gold: `python -m eval.metamorphic`.

In: a store, and how many questions. Out: a table by check and the failures; exit 1 on any wrong number.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from eval.answers import Given
from eval.cells import Budget, budgets_of
from eval.gold import GoldError
from eval.relations import CHECKS, SEVERITY, Finding
from eval.report import wide_console
from index.errors import BudgetQAError

MOST_SHOWN = 60
TRIES = 8  # draws for one trial: not every budget has what a check needs


@dataclass
class Results:
    """What came of each trial, by check; `questions` counts those asked."""

    questions: int = 0
    findings: dict[str, list[Finding]] = field(default_factory=lambda: {check: [] for check in CHECKS})

    def count(self, check: str) -> Counter[str]:
        return Counter(finding.outcome for finding in self.findings[check])

    @property
    def failures(self) -> list[tuple[str, Finding]]:
        """All that did not hold, wrong numbers first."""
        found = [(c, f) for c, findings in self.findings.items() for f in findings if f.outcome != "held"]
        return sorted(found, key=lambda pair: SEVERITY.index(pair[1].outcome))

    @property
    def wrong(self) -> list[str]:
        return [
            f"{finding.question}: {finding.got}, expected {finding.expected}"
            for _, finding in self.failures
            if finding.outcome == "wrong"
        ]


def probe(
    budgets: Sequence[Budget],
    ask: Callable[[str], dict],
    questions: int,
    seed: int = 0,
    advance: Callable[[int], None] = lambda count: None,
) -> Results:
    """Ask until so many questions were asked: all checks over one budget, whose words are then at hand, then over the next."""
    results, draw, turn = Results(), Random(seed), 0
    while results.questions < questions:
        budget = budgets[turn % len(budgets)]
        for check, drawn in CHECKS.items():
            trial = next((t for _ in range(TRIES) if (t := drawn(budget, draw)) is not None), None)
            if trial is None:
                continue
            finding = trial.judge([Given.model_validate(ask(question)) for question in trial.questions])
            results.findings[check].append(finding)
            results.questions += len(trial.questions)
            advance(len(trial.questions))
        turn += 1
    return results


def print_results(console: Console, results: Results) -> None:
    for check, finding in results.failures[:MOST_SHOWN]:
        console.print(f"{check}: {finding.outcome}\n  {finding.question}\n  expected {finding.expected}\n  got {finding.got}", markup=False)  # fmt: skip
    for _, finding in results.failures[MOST_SHOWN:]:
        console.print(f"{finding.outcome}: {finding.question}", markup=False)
    table = Table(
        "check", "n", "held", "refused", "other", "wrong number", "held %", title=f"{results.questions} questions"
    )
    for check, findings in results.findings.items():
        counted = results.count(check)
        share = f"{100 * counted['held'] / len(findings):.1f}" if findings else ""
        table.add_row(
            check, str(len(findings)), *(str(counted[o]) for o in ("held", "refused", "other", "wrong")), share
        )
    console.print(table)


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line; exits with 2 on wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m eval.metamorphic", description=__doc__.splitlines()[0])
    parser.add_argument("--store", type=Path, metavar="DIR",
                        help="store to ask; without it, a temporary one with the shipped document")  # fmt: skip
    parser.add_argument("--documents", nargs="+", metavar="WORD", default=[],
                        help="only the budgets in whose title, file name or id one of these stands")  # fmt: skip
    parser.add_argument("--n", type=int, default=1000, metavar="N", help="questions to ask (default 1000)")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """0 where no number was wrong, else 1."""
    from eval.products import opened  # loads models, which `--help` need not wait for

    options, console = arguments(words), wide_console()
    try:
        with opened(options.store) as measured, Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("asking", total=options.n)
            budgets = budgets_of(measured.store, options.documents)
            results = probe(
                budgets, lambda q: measured.product(q, []), options.n, options.seed, lambda n: progress.advance(task, n)
            )
    except (BudgetQAError, GoldError, OSError) as error:
        print(f"eval: {error}", file=sys.stderr)
        return 1
    print_results(console, results)
    return 1 if results.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
