"""The Chromium that drives pages in tests, benchmarks and pictures. In: the programs on the path. Out: its path, or None."""

from __future__ import annotations

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)
