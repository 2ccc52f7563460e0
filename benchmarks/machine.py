"""What figures were measured on. In: this machine and this checkout. Out: a description without their names, for the results."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parent.parent


def machine() -> dict[str, Any]:
    """System, processor, cores, memory, and how busy it was."""
    names = [line.split(":", 1)[1].strip() for line in _cpu_lines() if line.startswith("model name")]
    return {
        "system": f"{platform.system()} {platform.machine()}", "python": platform.python_version(),
        "cpu": names[0] if names else platform.processor(), "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1), "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def revision() -> str:
    """The commit measured, with + where files differ from it."""
    command = ["git", "describe", "--always", "--dirty=+"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def _cpu_lines() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []
