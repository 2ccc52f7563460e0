"""What starting takes: `python -m benchmarks.starting`.

In: nothing. Out: seconds from the start of a fresh process until the answering code is imported, the stores are open, the first
question is answered and the first about a budget; memory at each; and of the imports the packages that take longest. Medians of
some processes over one store of the shipped document, written to `benchmarks/results/starting.json` with the machine.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from benchmarks.machine import machine, revision
from index.ingest import SHIPPED, files_under, ingest_paths
from index.settings import get_settings
from index.stores import open_stores

TIMES, MOST_PACKAGES = 5, 12
RESULTS = Path(__file__).parent / "results" / "starting.json"
IMPORTED = re.compile(r"^import time:\s+(\d+) \|\s+\d+ \|\s*([\w.]+)")
STEPS = """
import json, sys, time
import psutil
process = psutil.Process()
told = {}
def tell(step):
    told[step] = [time.time() - process.create_time(), process.memory_info().rss / 2**20]
tell("python")
from pathlib import Path
from assistant.answer import Assistant
from index.settings import get_settings
tell("imported")
assistant = Assistant.open(get_settings(store=Path(sys.argv[1])))
tell("opened")
assistant.ask("你好")
tell("first answer")
assistant.ask("总预算是多少")
tell("first figure")
print(json.dumps(told))
"""


def started(store: Path) -> dict[str, tuple[float, float]]:
    """Seconds and megabytes at each step."""
    told = subprocess.run(
        [sys.executable, "-c", STEPS, str(store)], capture_output=True, text=True, check=True, cwd=RESULTS.parents[2]
    )
    found: dict[str, tuple[float, float]] = json.loads(told.stdout)
    return found


def imports() -> dict[str, float]:
    """Milliseconds that the packages with most of them take to import, without what they import."""
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import assistant.answer, index.stores"], capture_output=True,
        text=True, check=True, cwd=RESULTS.parents[2],
    )  # fmt: skip
    packages: Counter[str] = Counter()
    for line in told.stderr.splitlines():
        match = IMPORTED.match(line)
        if match:
            packages[match[2].split(".")[0]] += int(match[1])
    return {name: round(microseconds / 1000) for name, microseconds in packages.most_common(MOST_PACKAGES)}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="budget-qa-start-", ignore_cleanup_errors=True) as directory:
        store, vectors = open_stores(get_settings(store=Path(directory)))
        ingest_paths(files_under([SHIPPED]), store, vectors)
        store.close()
        runs = [started(Path(directory)) for _ in range(TIMES + 1)][1:]  # the first reads from the disk
    steps = {
        step: {"seconds": round(statistics.median(run[step][0] for run in runs), 2),
               "mb": round(statistics.median(run[step][1] for run in runs))}
        for step in runs[0]
    }  # fmt: skip
    found = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "revision": revision(), "machine": machine(),
             "processes": TIMES, "steps": steps, "import_ms": imports()}  # fmt: skip
    RESULTS.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    Console().print_json(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
