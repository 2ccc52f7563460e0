"""Ask files of questions, write the answers, score them: `python -m eval --questions FILE.jsonl`.

In: JSONL of questions, with gold fields or without (DESIGN, contracts). Out: ANSWERS.jsonl, and a table by class.
Misses are printed for dev only; of files under questions/test nothing but totals, and `--reveal` moves what it shows to
dev.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress

from eval.gold import GoldError
from eval.questions import DEV, TEST, CaseError, is_sealed, load_cases
from eval.report import print_latency, print_misses, print_totals, wide_console
from eval.reveal import REVEALED, reveal
from eval.run import Record, ask_all
from index.errors import BudgetQAError

if TYPE_CHECKING:
    from eval.products import Measured

# A store (None: a temporary one) and a document (None: the shipped one) to what is measured over it.
Opener = Callable[[Path | None, str | None], AbstractContextManager["Measured"]]
Answers = dict[Path, tuple[list[Record], list[Record]]]


def measure(
    files: Sequence[Path], store: Path | None = None, *, baseline: bool = False, opened: Opener | None = None
) -> Answers:
    """Records of product and baseline by file. One store for all, or a fresh one for each document that is named."""
    if opened is None:
        # Loads models, which `--help` and a misspelt file need not wait for.
        from eval.products import opened as freshly_opened

        opened = freshly_opened
    cases = {path: load_cases(path) for path in files}
    found: dict[Path, tuple[list[Record], list[Record]]] = {path: ([], []) for path in files}
    documents = {None: None} if store else dict.fromkeys(case.document for path in files for case in cases[path])
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("asking", total=sum(map(len, cases.values())) * (1 + baseline))
        for document in documents:
            with opened(store, document) as measured:
                asks = (measured.product, measured.baseline)[: 1 + baseline]
                for path in files:
                    asked = [case for case in cases[path] if store or case.document == document]
                    for ask, records in zip(asks, found[path], strict=False):
                        with _quiet(is_sealed(path)):
                            records.extend(ask_all(asked, ask, measured.indexed, lambda: progress.advance(task)))
    for path, both in found.items():
        place = {case.id: index for index, case in enumerate(cases[path])}
        for records in both:
            records.sort(key=lambda record: place[record.case.id])
    return found


@contextmanager
def _quiet(sealed: bool) -> Iterator[None]:
    """No log lines while sealed questions are asked: they would print the questions."""
    logging.disable(logging.CRITICAL if sealed else logging.NOTSET)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def write_answers(path: Path, answers: Answers) -> None:
    """One line a question, in the order asked."""
    lines = [json.dumps(record.line(), ensure_ascii=False) for records, _ in answers.values() for record in records]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def print_scores(console: Console, answers: Answers, only: Sequence[str] = ()) -> None:
    """The table of each file, misses of dev before it; with `only`, those cases in full and no table."""
    for path, (records, baseline) in answers.items():
        if only:
            print_misses(console, [record for record in records if record.case.id in only], everything=True)
            continue
        scored = [record for record in records if record.case.gold]
        if not is_sealed(path):
            print_misses(console, [record for record in records if record.case.gold or record.uncited])
        title = f"{path.parent.name}/{path.name}"
        if scored:
            print_totals(console, title, scored, [record for record in baseline if record.case.gold])
        if len(scored) < len(records):
            print_latency(console, title, [record for record in records if not record.case.gold])


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line; exits with 2 on wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m eval", description=__doc__.splitlines()[0])
    parser.add_argument("--questions", type=_file, action="extend", nargs="+", metavar="FILE.jsonl", default=[],
                        help="questions to ask; without it, eval/questions/dev/*.jsonl")  # fmt: skip
    parser.add_argument("--store", type=Path, metavar="DIR",
                        help="store to ask; without it, a temporary one with the shipped document")  # fmt: skip
    parser.add_argument("--out", type=Path, metavar="ANSWERS.jsonl", help="write the answers here, one line a question")
    parser.add_argument("--reveal", action="extend", nargs="+", metavar="ID", default=[],
                        help="move these test questions, with their conversations, to dev and show them")  # fmt: skip
    parser.add_argument("--baseline", action="store_true", help="score plain retrieval on the same questions too")
    parser.add_argument("--debug", action="store_true", help="a traceback where something fails")
    return parser.parse_args(words)


def _file(text: str) -> Path:
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"{text}: no such file")
    return Path(text)


def main(words: Sequence[str] | None = None) -> int:
    """0 when the questions were asked, however well they were answered; 1 when they could not be."""
    options = arguments(words)
    console = wide_console()
    try:
        sealed = [path for path in options.questions if is_sealed(path)] or sorted(TEST.glob("*.jsonl"))
        moved = reveal(options.reveal, sealed) if options.reveal else []
        if moved:
            console.print(f"moved to {REVEALED.name}: {'、'.join(moved)}")
        files = [REVEALED] if moved else options.questions or sorted(DEV.glob("*.jsonl"))
        answers = measure(files, options.store, baseline=options.baseline)
        if options.out:
            write_answers(options.out, answers)
    except (BudgetQAError, CaseError, GoldError, OSError) as error:
        if options.debug:
            raise
        print(f"eval: {error}", file=sys.stderr)
        return 1
    print_scores(console, answers, moved)
    return 0


if __name__ == "__main__":
    sys.exit(main())
