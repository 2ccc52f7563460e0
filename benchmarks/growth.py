"""How indexing and answering grow with the number of documents: `python -m benchmarks.growth SIZES…`.

In: numbers of documents of the made-up province. Out: for each, in a fresh store and fresh processes, what indexing took (time,
memory after each document, disk), what starting took, and how fast and how right the questions about the first ten documents
are answered, which are the same at every size; one JSON a size in `benchmarks/results/growth.json` with the machine, and all of
them drawn in `growth.svg`. A store is kept under `--work` when it is named, and removed otherwise.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.growth_plot import draw
from benchmarks.growth_steps import answer, ingest
from benchmarks.machine import machine, revision
from benchmarks.province.asking import questions
from benchmarks.province.departments import most_documents
from benchmarks.province.files import write_documents

RESULTS = Path(__file__).parent / "results"
FIRST = 10  # documents that the questions are about


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__.splitlines()[0])
    parser.add_argument("sizes", type=_size, nargs="+", metavar="SIZE", help="numbers of documents, each at least 10")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="which province (default 1)")
    parser.add_argument("--questions", type=int, default=200, metavar="N", help="most questions to ask (default 200)")
    parser.add_argument("--work", type=Path, metavar="DIR", help="keep documents and stores here")
    parser.add_argument("--results", type=Path, default=RESULTS, metavar="DIR", help="where growth.json and .svg go")
    return parser.parse_args(words)


def _size(text: str) -> int:
    if not text.isdigit() or not FIRST <= int(text) <= most_documents():
        raise argparse.ArgumentTypeError(f"{text}: name a number from {FIRST} to {most_documents()}")
    return int(text)


def sampled(seed: int, most: int) -> list[dict[str, Any]]:
    """Questions about the first documents alone, in an order of their own."""
    found = [line for index in range(FIRST) for line in questions(seed, index)]
    rng = random.Random(f"{seed}/sample")
    return rng.sample(found, min(most, len(found)))


def afresh(step: Callable[..., dict[str, Any]], *given: Any) -> dict[str, Any]:
    """The result of a step in a process of its own, told when it was started."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(step, time.time(), *given).result()


def measured(size: int, seed: int, cases: list[dict[str, Any]], work: Path) -> dict[str, Any]:
    """All figures of one size."""
    documents, store = work / "documents", work / "store"
    start = time.perf_counter()
    paths = list(write_documents(seed, range(size), documents))
    generated = time.perf_counter() - start
    about = {"size": size, "seed": seed, "at": datetime.now(UTC).isoformat(timespec="seconds"), "revision": revision(),
             "machine": machine()}  # fmt: skip
    about["generating"] = {"seconds": round(generated, 2), "bytes": sum(path.stat().st_size for path in paths)}
    about["ingesting"] = afresh(ingest, paths, store)
    return about | afresh(answer, store, cases)


def main(words: Sequence[str] | None = None) -> None:
    options = arguments(words)
    console = Console(stderr=True)
    cases = sampled(options.seed, options.questions)
    options.results.mkdir(parents=True, exist_ok=True)
    path: Path = options.results / "growth.json"
    for size in options.sizes:
        console.print(f"{size} documents, {len(cases)} questions …")
        with tempfile.TemporaryDirectory(prefix="budget-qa-growth-", ignore_cleanup_errors=True) as directory:
            work = options.work / str(size) if options.work else Path(directory)
            known = json.loads(path.read_text("utf-8")) if path.exists() else []
            found = measured(size, options.seed, cases, work)
        path.write_text(json.dumps([*known, found], ensure_ascii=False, indent=1) + "\n", "utf-8")
        console.print_json(json.dumps(found | {"ingesting": found["ingesting"] | {"memory": "…"}}, ensure_ascii=False))
    draw(json.loads(path.read_text("utf-8")), options.results / "growth.svg")


if __name__ == "__main__":
    main()
