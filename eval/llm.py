"""The same questions without and with the configured language model: `python -m eval.llm [--questions FILE.jsonl …] [--store DIR]`.

In: questions with gold, and the endpoint that BUDGET_QA_LLM_BASE_URL, _MODEL and _API_KEY name; with --prompts a folder of other
templates, which are then held against the shipped ones, both with the model. Out: a table of both, what the
model cost and how often it was stopped, and the questions on which they differ. Exit 1 where it is not configured, or where the
model made a number wrong that was not wrong without it.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.llm.templates import use_folder
from eval.__main__ import measure
from eval.products import Measured, opened
from eval.questions import DEV
from eval.report import Tally, percentile, wide_console
from eval.run import Record
from index.errors import BudgetQAError
from index.settings import get_settings

COLUMNS = (
    "",
    "n",
    "right",
    "refused or asked back",
    "wrong",
    "wrong numbers",
    "p50 ms",
    "p95 ms",
    "prompt tokens",
    "written tokens",
)


def helped(store: Path | None, document: str | None) -> AbstractContextManager[Measured]:
    """The product with its language model."""
    return opened(store, document, helped=True)


def templates_of(folder: Path | None) -> None:
    """Take the prompts of a folder. Raises OSError where it has none."""
    if folder is not None and not list(folder.glob("*.md")):
        raise FileNotFoundError(f"{folder}: no templates there")
    use_folder(folder)


def asked(files: Sequence[Path], store: Path | None, with_model: bool) -> list[Record]:
    """The records of all questions that have gold."""
    answers = measure(files, store, opened=helped if with_model else opened)
    return [record for records, _ in answers.values() for record in records if record.case.gold]


def print_comparison(
    console: Console, local: Sequence[Record], with_model: Sequence[Record], names: Sequence[str]
) -> None:
    """The table, what was stopped, and where they differ."""
    table = Table(*COLUMNS)
    for name, records in zip(names, (local, with_model), strict=True):
        tally = Tally.of(records)
        spent = [r.raw["llm"] for r in records if r.raw.get("llm")]
        table.add_row(
            name, str(tally.n), f"{tally.right} ({tally.share_right:.1%})", str(tally.refused), str(tally.wrong), str(tally.wrong_numbers),
            f"{tally.p50:.1f}", f"{tally.p95:.1f}", str(sum(s["prompt_tokens"] for s in spent)),
            str(sum(s["completion_tokens"] for s in spent)),
        )  # fmt: skip
    console.print(table)
    spent = [r.raw["llm"] for r in with_model if r.raw.get("llm") and r.raw["llm"]["calls"]]
    waits = [s["ms"] for s in spent]
    if waits:
        console.print(
            f"asked of the model: {len(spent)} answers; waited p50 {percentile(waits, 50):.0f} ms, p95 {percentile(waits, 95):.0f} ms"
        )
    failures = Counter(s["failure"] for s in spent if s["failure"])
    console.print(f"nothing usable came: {dict(failures) or 0}")
    console.print(f"plans of the model used: {sum(r.raw.get('mode') == 'llm' for r in with_model)}")
    console.print(f"answers with prose: {sum(bool(r.raw.get('prose')) for r in with_model)}")
    console.print(f"sentences that nothing bore out: {sum(s['dropped'] for s in spent)}")
    for before, after in zip(local, with_model, strict=True):
        if before.verdict and after.verdict and before.verdict.outcome != after.verdict.outcome:
            change = f"{before.verdict.outcome} → {after.verdict.outcome}"
            console.print(
                f"{after.case.id} {change} {escape(after.case.question)}: {escape(str(after.raw.get('answer')))}"[:300]
            )


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.llm", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--questions", type=Path, nargs="+", metavar="FILE.jsonl", default=[], help="without it, all of dev"
    )
    parser.add_argument("--store", type=Path, metavar="DIR", help="store to ask; without it, a temporary one")
    parser.add_argument("--prompts", type=Path, metavar="DIR", help="other templates, held against the shipped ones")
    options = parser.parse_args(words)
    names = ("shipped prompts", "other prompts") if options.prompts else ("local", "with model")
    try:
        if get_settings().llm_base_url is None:
            print("eval.llm：没有配置语言模型；请设 BUDGET_QA_LLM_BASE_URL 和 BUDGET_QA_LLM_MODEL", file=sys.stderr)
            return 1
        files = options.questions or sorted(DEV.glob("*.jsonl"))
        local = asked(files, options.store, with_model=options.prompts is not None)
        templates_of(options.prompts)
        with_model = asked(files, options.store, with_model=True)
    except (BudgetQAError, OSError) as error:
        print(f"eval.llm: {error}", file=sys.stderr)
        return 1
    print_comparison(wide_console(), local, with_model, names)
    worse = [
        after.case.id for before, after in zip(local, with_model, strict=True)
        if after.verdict and after.verdict.wrong_number and not (before.verdict and before.verdict.wrong_number)
    ]  # fmt: skip
    if worse:
        print(f"wrong numbers that only the model brought: {'、'.join(worse)}", file=sys.stderr)
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
