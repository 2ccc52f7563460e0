"""The figures of benchmarks.growth as one picture. In: the records of growth.json. Out: an SVG, the latest record of each size in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

Records = list[dict[str, Any]]
Series = dict[str, Callable[[dict[str, Any]], float]]


def draw(records: Records, path: Path) -> None:
    latest = sorted({record["size"]: record for record in records}.values(), key=lambda record: record["size"])
    figure = Figure(figsize=(16, 8), layout="constrained")
    panels = figure.subplots(2, 4).flatten()
    _by_size(panels[0], "Indexing (documents/hour)", latest,
             {"documents/hour": lambda r: r["ingesting"]["documents_per_hour"]})  # fmt: skip
    _memory(panels[1], latest)
    _by_size(panels[2], "Indexed", latest,
             {name: lambda r, name=name: r["ingesting"][name] for name in ("facts", "chunks", "embedded")}, log=True)  # type: ignore[misc]  # fmt: skip
    _by_size(panels[3], "Disk (MB)", latest,
             {"SQL": lambda r: r["ingesting"]["sqlite_mb"], "vectors": lambda r: r["ingesting"]["chroma_mb"]}, log=True)  # fmt: skip
    _by_size(panels[4], "Starting (s)", latest, {
        name: lambda r, name=name: r["starting"][f"{name}_seconds"]  # type: ignore[misc]
        for name in ("opened", "ready")
    })  # fmt: skip
    _by_size(panels[5], "Memory while answering (MB)", latest,
             {"started": lambda r: r["starting"]["rss_mb"], "after the questions": lambda r: r["answering"]["rss_mb"]})  # fmt: skip
    _by_size(panels[6], "Answers (ms)", latest, {
        f"{name} {p}": lambda r, name=name, p=p: r["answering"][f"{name}_ms"][p]  # type: ignore[misc]
        for name in ("cold", "warm") for p in ("p50", "p95")
    }, log=True)  # fmt: skip
    _by_size(panels[7], "Answers to the same questions (%)", latest, {
        name: lambda r, name=name: 100 * r["accuracy"][name] / r["accuracy"]["n"]  # type: ignore[misc]
        for name in ("right", "refused", "wrong")
    })  # fmt: skip
    with mpl.rc_context({"svg.hashsalt": "growth", "svg.fonttype": "none"}):  # the same picture from the same figures
        figure.savefig(path, metadata={"Date": None})


def _by_size(panel: Axes, title: str, records: Records, series: Series, log: bool = False) -> None:
    sizes = [record["size"] for record in records]
    for name, value in series.items():
        panel.plot(sizes, [value(record) for record in records], marker="o", label=name)
    panel.margins(y=0.1)
    panel.set(title=title, xlabel="documents", xscale="log")
    panel.set(yscale="log") if log else panel.set_ylim(0)
    panel.set_xticks(sizes, [f"{size:,}" for size in sizes])
    panel.xaxis.set_minor_locator(NullLocator())
    panel.legend()


def _memory(panel: Axes, records: Records) -> None:
    for record in records:
        points = record["ingesting"]["memory"]
        whole = points[-1][0] or 1
        panel.plot(
            [100 * second / whole for second, _ in points], [mb for _, mb in points], label=f"{record['size']:,}"
        )
    panel.margins(y=0.1)
    panel.set(title="Memory while indexing (MB)", xlabel="% of the time")
    panel.set_ylim(0)
    panel.legend(title="documents")
