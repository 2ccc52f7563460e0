"""How fast PDF files are read: `python -m benchmarks.reading FOLDER`.

In: a folder of PDF files. Out: pages a second, ours and plain pdfplumber's `extract_tables` over the same files in the same
run, their ratio, how it grows with the number of files, and the peak memory of this process.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pdfplumber

from index.readers import read_blocks
from index.structure import build_document


def plain(path: Path) -> int:
    """Pages read by pdfplumber as it comes."""
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_tables()
            page.close()
        return len(pdf.pages)


def ours(path: Path) -> int:
    """Pages read and structured by the product."""
    document = build_document(read_blocks(path, path.read_bytes()), path.name)
    places = [*(row.place for table in document.tables for row in table.rows), *(s.place for s in document.sections)]
    return max((place.page or 0 for place in places), default=0)


def timed(read: Callable[[Path], int], paths: Sequence[Path]) -> tuple[int, float]:
    start = time.perf_counter()
    pages = sum(read(path) for path in paths)
    return pages, time.perf_counter() - start


def main(folder: str) -> None:
    paths = sorted(Path(folder).glob("*.pdf"))
    ours(paths[0])  # imports and caches
    rates = {}
    for name, read in (("pdfplumber extract_tables", plain), ("budget-qa", ours)):
        pages, seconds = timed(read, paths)
        rates[name] = pages / seconds
        print(f"{name}: {pages} pages in {seconds:.1f} s, {rates[name]:.1f} pages/s")
    print(f"ratio: {rates['budget-qa'] / rates['pdfplumber extract_tables']:.2f}")
    for count in (1, len(paths) // 4, len(paths) // 2, len(paths)):
        pages, seconds = timed(ours, paths[:count])
        print(f"{count} files: {1000 * seconds / pages:.0f} ms a page")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1])
