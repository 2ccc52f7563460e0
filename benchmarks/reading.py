"""How fast PDF files are read and indexed: `python -m benchmarks.reading [FOLDER]`.

In: a folder of PDF files; without one, made-up budgets. Out: pages a second of plain pdfplumber's `extract_tables`, of reading with
structure, and of the whole ingest into a fresh store, over the same files in the same run, with their ratios; seconds a page by the
number of files, and peak memory. Written to `benchmarks/results/reading.json` with the machine.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pdfplumber
from rich.console import Console

from benchmarks.machine import machine, revision
from benchmarks.province.documents import document
from benchmarks.province.files import content_of, file_name
from index.ingest import ingest_paths
from index.parsing.structure import build_document
from index.readers import read_blocks
from index.settings import get_settings
from index.stores import open_stores

SEED, MADE_UP = 1, 24  # budgets
PLAIN, READ, INGESTED = "pdfplumber extract_tables", "read and structured", "ingested"
T = TypeVar("T")
RESULTS = Path(__file__).parent / "results" / "reading.json"


def plain(path: Path) -> int:
    """Pages read by pdfplumber as it comes."""
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_tables()
            page.close()
        return len(pdf.pages)


def read(path: Path) -> None:
    """A file read and structured by the product."""
    build_document(read_blocks(path, path.read_bytes()), path.name)


def timed(work: Callable[[Path], T], paths: Sequence[Path]) -> tuple[list[T], float]:
    """What comes of each file, and the seconds that all take."""
    start = time.perf_counter()
    found = [work(path) for path in paths]
    return found, time.perf_counter() - start


def ingest(paths: Sequence[Path]) -> float:
    """Seconds that indexing takes into a fresh store, the models loaded."""
    with tempfile.TemporaryDirectory(prefix="budget-qa-reading-", ignore_cleanup_errors=True) as directory:
        store, vectors = open_stores(get_settings(store=Path(directory)))
        vectors.embedding.get_text_embedding("预热")
        start = time.perf_counter()
        report = ingest_paths(paths, store, vectors)
        seconds = time.perf_counter() - start
        store.close()
    if report.failed:
        raise SystemExit("\n".join(str(file.error) for file in report.failed))
    return seconds


def made_up(folder: Path) -> list[Path]:
    """Budgets of the made-up province as PDF files."""
    paths = []
    for index in range(MADE_UP):
        one = document(SEED, index)
        paths.append(folder / file_name(one, "pdf"))
        paths[-1].write_bytes(content_of(one, "pdf"))
    return paths


def measured(paths: Sequence[Path]) -> dict[str, object]:
    timed(read, paths[:1])  # imports and caches
    counts, of_plain = timed(plain, paths)
    pages = sum(counts)
    _, of_read = timed(read, paths)
    rates = {PLAIN: pages / of_plain, READ: pages / of_read, INGESTED: pages / ingest(paths)}
    growth = {}
    for count in sorted({1, len(paths) // 4 or 1, len(paths) // 2 or 1, len(paths)}):
        _, seconds = timed(read, paths[:count])
        growth[count] = round(1000 * seconds / sum(counts[:count]), 1)
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"), "revision": revision(), "machine": machine(),
        "files": len(paths), "pages": pages, "pages_per_second": {name: round(rate, 2) for name, rate in rates.items()},
        "ratios": {f"{name} : {PLAIN}": round(rates[name] / rates[PLAIN], 2) for name in (READ, INGESTED)},
        "ms_a_page_by_files": growth, "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "readers_peak_mb": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
    }  # fmt: skip


def main(folder: str | None) -> None:
    with tempfile.TemporaryDirectory(prefix="budget-qa-pdf-") as directory:
        found = measured(sorted(Path(folder).glob("*.pdf")) if folder else made_up(Path(directory)))
    RESULTS.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    Console().print_json(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
