"""The steps of benchmarks.growth that need a process of their own: indexing a folder, and answering over a store.

In: when the process was started, paths, cases. Out: figures as JSON holds them. What is heavy is imported inside, so that start-up is
counted whole.
"""

from __future__ import annotations

import resource
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import psutil

MOST_POINTS = 200  # of memory over time that are kept


def megabytes(bytes_: float) -> float:
    return round(bytes_ / 2**20, 1)


def rss() -> float:
    return megabytes(psutil.Process().memory_info().rss)


def peak(who: int = resource.RUSAGE_SELF) -> float:
    return megabytes(resource.getrusage(who).ru_maxrss * 1024)


def disk(folder: Path) -> float:
    return megabytes(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()))


def ingest(started: float, paths: list[Path], directory: Path) -> dict[str, Any]:
    """Index files one after the other into a fresh store; memory is taken after each."""
    from index.checks.identity import VERDICTS
    from index.ingest import ingest_paths
    from index.settings import get_settings
    from index.stores import open_stores

    settings = get_settings(store=directory, database_url=f"sqlite:///{directory}/budget.sqlite")
    directory.mkdir(parents=True)
    store, vectors = open_stores(settings)
    ready = time.time() - started
    sums: Counter[str] = Counter()
    memory: list[tuple[float, float]] = []
    start, start_of_work = time.perf_counter(), time.process_time()
    for path in paths:
        for report in ingest_paths([path], store, vectors).files:
            sums.update(facts=report.facts, chunks=report.chunks, embedded=report.embedded, failed=bool(report.error))
            sums.update({verdict: report.identities.get(verdict, 0) for verdict in VERDICTS})
        memory.append((round(time.perf_counter() - start, 1), rss()))
    seconds, worked = time.perf_counter() - start, time.process_time() - start_of_work
    return {
        "ready_seconds": round(ready, 2), "seconds": round(seconds, 1), "cpu_seconds": round(worked, 1),
        "documents_per_hour": round(len(paths) / seconds * 3600), **sums,
        "memory": memory[:: max(1, len(memory) // MOST_POINTS)], "peak_mb": peak(), "readers_peak_mb": peak(resource.RUSAGE_CHILDREN),
        "sqlite_mb": megabytes(sum(p.stat().st_size for p in directory.glob("budget.sqlite*"))),
        "chroma_mb": disk(directory / "chroma"),
    }  # fmt: skip


def answer(started: float, directory: Path, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Ask all questions, then all of them again; the first about a document is cold, the second time all are warm."""
    from assistant.answer import Assistant
    from eval.questions import Case
    from eval.report import percentile
    from eval.run import Record, ask_all
    from index.settings import get_settings

    settings = get_settings(
        store=directory, database_url=f"sqlite:///{directory}/budget.sqlite", llm_understanding="never"
    )
    assistant = Assistant.open(settings)
    opened = time.time() - started
    assistant.ask("你好")
    ready = time.time() - started
    at_start = rss()
    cases = [Case.model_validate(line) for line in lines]

    def ask(question: str, _previous: object) -> dict[str, Any]:
        return assistant.ask(question).model_dump(mode="json")

    first, again = ask_all(cases, ask), ask_all(cases, ask)
    seen: set[tuple[int, ...]] = set()
    cold = []
    for line, record in zip(lines, first, strict=True):
        if (about := tuple(line["about"])) not in seen:
            cold.append(record.elapsed_ms)
            seen.add(about)

    def latency(times: list[float]) -> dict[str, float]:
        return {f"p{p}": round(percentile(times, p), 1) for p in (50, 95)} | {"n": len(times)}

    def by_kind(records: list[Record]) -> dict[str, Any]:
        kinds = defaultdict(list)
        for record in records:
            kinds[record.case.kind].append(record)
        return {kind: _outcomes(own) | {"p50": round(percentile([r.elapsed_ms for r in own], 50), 1)}
                for kind, own in sorted(kinds.items())}  # fmt: skip

    return {
        "starting": {"opened_seconds": round(opened, 2), "ready_seconds": round(ready, 2), "rss_mb": at_start},
        "answering": {"cold_ms": latency(cold), "first_ms": latency([r.elapsed_ms for r in first]),
                      "warm_ms": latency([r.elapsed_ms for r in again]), "rss_mb": rss(), "peak_mb": peak()},
        "accuracy": _outcomes(again), "kinds": by_kind(again),
        "missed": {r.case.id: r.verdict.reason for r in again if r.verdict and r.verdict.outcome != "right"},
    }  # fmt: skip


def _outcomes(records: list[Any]) -> dict[str, int]:
    counts = Counter(record.verdict.outcome for record in records)
    wrong_numbers = sum(record.verdict.wrong_number for record in records)
    return {
        "n": len(records),
        **{name: counts[name] for name in ("right", "refused", "wrong")},
        "wrong_numbers": wrong_numbers,
    }
