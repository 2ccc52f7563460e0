"""What the long run of the faults found: in benchmarks/results/faults.json, where FAULTS_RECORD=1 asks for it.

In: a fault, how often it was tried, what became of it, and what askers saw meanwhile. Out: one entry a fault, the rest as it was.
"""

from __future__ import annotations

import json
import os
from typing import Any

from benchmarks.machine import ROOT, machine
from tests.faults.stream import Stream

RESULTS = ROOT / "benchmarks" / "results" / "faults.json"


def record(fault: str, tries: int, stream: Stream, **more: Any) -> None:
    """Note it; nothing where nobody asks for it."""
    if os.environ.get("FAULTS_RECORD") != "1":
        return
    found = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {"faults": {}}
    found["machine"] = machine()
    silence = round(stream.longest_silence(), 2)
    found["faults"][fault] = {"tries": tries, "replies": stream.outcomes(), "longest_silence_s": silence, **more}
    RESULTS.write_text(json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
