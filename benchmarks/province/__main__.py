"""Make documents of the province, and questions about them: `python -m benchmarks.province --documents N --seed S --out DIR`.

In: how many, a seed, a folder. Out: one file a document; with `--questions FILE`, the JSONL that `python -m eval` asks and scores.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track

from benchmarks.province.asking import write_questions
from benchmarks.province.departments import most_documents
from benchmarks.province.files import write_documents


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line; exits with 2 on wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.province", description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=_count, required=True, metavar="N", help="how many documents")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="which province (default 1)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write them into")
    parser.add_argument("--questions", type=Path, metavar="FILE.jsonl", help="write questions with their answers here")
    return parser.parse_args(words)


def _count(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= most_documents():
        raise argparse.ArgumentTypeError(f"{text}: name a number from 1 to {most_documents()}")
    return int(text)


def main(words: Sequence[str] | None = None) -> None:
    options = arguments(words)
    console, indices = Console(stderr=True), range(options.documents)
    for _ in track(write_documents(options.seed, indices, options.out), "documents", len(indices), console=console):
        pass
    if options.questions:
        written = write_questions(options.seed, indices, options.questions)
        total = sum(track(written, "questions", len(indices), console=console))
        console.print(f"{total} questions in {options.questions}")


if __name__ == "__main__":
    main()
