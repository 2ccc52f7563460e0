"""The licences of all that is installed with the program, as docs/licences.md.

In: requirements.txt, installed. Out: a table of names and licences, as each package states its own. Run by `make licences` when
requirements.txt has changed; a test holds the page to it and refuses any licence that is not permissive, MPL or LGPL.
"""

from __future__ import annotations

import re
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "licences.md"
FREE = re.compile(
    r"MIT|BSD|0BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla Public|LGPL|Zlib|CC0|BSL-1\.0|HPND|CNRI-Python|"
    r"Academic Free|LLVM-exception|dependency licenses"  # pypdfium2's: pdfium's own, listed in its wheel
)
COPYLEFT = re.compile(r"(?<!L)GPL|Affero|GNU General", re.IGNORECASE)
HEAD = """# 许可 · Licences

随程序安装的每个包和它自己声明的许可；由 `make licences` 按 requirements.txt 写成，有测试核对。都是宽松许可，或未经改动的 MPL、LGPL；没有 GPL 和 AGPL。

*Every package installed with the program, with the licence that it states. Written by `make licences`, held to by a test: permissive, or
MPL and LGPL unmodified; no GPL or AGPL.*

几个包的 wheel 里另带着编译好的库，未经改动：opencv-python-headless 的 FFmpeg（LGPL-2.1）、shapely 的 GEOS（LGPL-2.1）、numpy 和 scipy 的
libgfortran（GPL-3.0，附运行库例外，不及于使用它的程序）。从 PyPI 装的 Linux 版 torch 会带上
NVIDIA 的库（专有许可）；用 CPU 版的索引安装则没有，由它打的安装包里也没有。

*Some wheels carry compiled libraries, unmodified: FFmpeg (LGPL-2.1) and GEOS (LGPL-2.1), libgfortran (GPL-3.0 with the runtime exception). PyPI's torch
for Linux brings NVIDIA's own libraries (proprietary); the CPU build, and the bundle made with it, has none.*

| 包 · Package | 许可 · Licence |
| --- | --- |
"""


def stated(name: str) -> str:
    """The licence that an installed package states: its expression, else its classifiers, else its first words."""
    told = distribution(name).metadata
    if told["License-Expression"]:
        return str(told["License-Expression"])
    classifiers = [c.rpartition("::")[2].strip() for c in told.get_all("Classifier") or [] if c.startswith("License")]
    named = [name for name in classifiers if name != "OSI Approved"]
    return " / ".join(named) or (told["License"] or "").strip().partition("\n")[0]


def is_free(licence: str) -> bool:
    """Whether a licence, and each that it is made of, is one that we may ship."""
    parts = re.split(r"\s+(?:AND|OR|WITH)\s+| / |,(?!\s*Version)", licence)
    return not COPYLEFT.search(licence) and all(FREE.search(part) for part in parts if part.strip())


def installed() -> dict[str, str]:
    """Name to licence, of all in requirements.txt that is for this machine."""
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    wanted = [Requirement(line) for line in lines if line and line[0] not in "#-"]
    return {one.name: stated(one.name) for one in wanted if one.marker is None or one.marker.evaluate()}


def page() -> str:
    return HEAD + "".join(f"| {name} | {licence} |\n" for name, licence in installed().items())


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
