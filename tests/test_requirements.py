"""What the code imports is declared and pinned, so that a fresh clone has it."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
OURS = {"app", "assistant", "eval", "index", "prompts"}
CODE = [ROOT / "app.py", *(file for package in sorted(OURS) for file in (ROOT / package).rglob("*.py"))]


def imports(file: Path) -> Iterator[str]:
    """The top-level modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def pins(name: str) -> list[Requirement]:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return [Requirement(line) for line in lines if line and line[0] not in "#-"]


def test_every_import_is_a_direct_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [line for name, lines in project["optional-dependencies"].items() if name != "dev" for line in lines]
    declared = {canonicalize_name(Requirement(line).name) for line in [*project["dependencies"], *extras]}
    foreign = {name for file in CODE for name in imports(file)} - OURS - sys.stdlib_module_names
    owners = packages_distributions()
    undeclared = {
        name for name in foreign if not declared & {canonicalize_name(owner) for owner in owners.get(name, [])}
    }
    assert undeclared == set(), "add them to pyproject.toml, then run make pins"


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_is_exact(name: str) -> None:
    loose = [str(pin) for pin in pins(name) if [clause.operator for clause in pin.specifier] != ["=="] or pin.url]
    assert loose == []


def test_every_direct_dependency_is_pinned_as_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pinned = {canonicalize_name(pin.name): str(pin.specifier)[2:] for pin in pins("requirements.txt")}
    for declared in map(Requirement, project["dependencies"]):
        assert declared.specifier.contains(pinned[canonicalize_name(declared.name)]), f"{declared}: run make pins"
