"""The versions installed in this environment to requirements.txt and requirements-dev.txt.

In: the direct dependencies of pyproject.toml, installed. Out: both files, with all that those bring. Run by `make pins`, after
installing a new or newer dependency into .venv; `pip freeze` would also pin what happens to lie about there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
HEADER = "# Written by `make pins`: what pyproject.toml names, with all that it brings.\n"
BUILD = "setuptools"  # builds our own package without a second environment


def closure(roots: Iterable[Requirement]) -> dict[str, str]:
    """Name to line, for the requirements given and all that they need here."""
    lines: dict[str, str] = {}
    pending, done = list(roots), set()
    while pending:
        wanted = pending.pop()
        key = (canonicalize_name(wanted.name), frozenset(wanted.extras))
        if key in done:
            continue
        done.add(key)
        found = distribution(wanted.name)
        lines.setdefault(key[0], f"{found.metadata['Name']}=={found.version.split('+')[0]}")  # torch 2.13.0+cpu
        pending += [needed for line in found.requires or [] if applies(needed := Requirement(line), wanted.extras)]
    return lines


def applies(needed: Requirement, extras: Iterable[str]) -> bool:
    """Whether a requirement holds on this machine, for any of the extras asked for."""
    return needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in ["", *extras])


def main() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    direct = [Requirement(line) for line in project["dependencies"]]
    runtime = closure([*direct, Requirement(BUILD)])
    for requirement in direct:
        if requirement.marker:
            runtime[canonicalize_name(requirement.name)] += f"; {requirement.marker}"
    dev = closure(Requirement(line) for line in project["optional-dependencies"]["dev"])
    write("requirements.txt", runtime)
    write(
        "requirements-dev.txt",
        {name: line for name, line in dev.items() if name not in runtime},
        "-r requirements.txt\n",
    )


def write(name: str, lines: dict[str, str], first: str = "") -> None:
    (ROOT / name).write_text(HEADER + first + "".join(f"{lines[key]}\n" for key in sorted(lines)), "utf-8")


if __name__ == "__main__":
    main()
