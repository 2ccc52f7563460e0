"""The public classification of government expenditure: codes and names by function and by economic purpose.

In: the data files, a broad selection of the published 政府收支分类科目. Out: names by code.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

DATA = Path(__file__).parent / "data"


def _names(file: str) -> dict[str, str]:
    lines = (DATA / file).read_text("utf-8").splitlines()
    return {code: name for code, _, name in (line.partition(" ") for line in lines)}


FUNCTIONS = _names("functions.txt")
ECONOMICS = _names("economics.txt")
CLASSES = {code: name for code, name in FUNCTIONS.items() if len(code) == 3}


def with_parents(codes: Iterable[str]) -> list[str]:
    """Codes with the 类 and 款 above them, in the order of the classification."""
    return sorted({code[:n] for code in codes for n in (3, 5, 7) if n <= len(code)})
