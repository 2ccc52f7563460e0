"""The documentation keeps up with the product and names nothing outside it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import typer
from packaging.requirements import Requirement

from assistant.cli.main import app
from index.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "eval/questions/README.md",
]
TEXTS = {str(page.relative_to(ROOT)): page.read_text("utf-8") for page in PAGES}
ALL = "\n".join(TEXTS.values())
COMMANDS = sorted(typer.main.get_command(app).commands)
VARIABLES = {f"{PREFIX}{name.upper()}": field.default for name, field in Settings.model_fields.items()}
DECISIONS = TEXTS["docs/decisions.md"]

FOREIGN = {
    "a path of one machine": r"(?<![\w.])(?:/(?:home|root|Users|work|farm|tmp|var)/|~/|[A-Z]:\\)",
    "a file outside the repository": r"\bshared/|\bDESIGN\b|\bSTYLE\b",
    "a host": r"https?://(?!127\.0\.0\.1:|localhost\b)\S+|--(?:extra-)?index-url|\b\w+\.(?:org|com|io|cn)\b",
    "how it was written": r"\bAI\b|(?i:co-authored|generated (?:by|with)|\bcopilot\b|\bagents?\b)",
}


def table_rows(text: str) -> dict[str, str]:
    """The first cell of each table row, without its code marks, to the whole row."""
    return {match[1].split()[0]: match[0] for match in re.finditer(r"^\| `([^`]+)` \|.*$", text, re.MULTILINE)}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_in_the_readme(command):
    assert command in table_rows(TEXTS["README.md"])


def test_the_readme_names_no_command_that_is_not_there():
    assert set(table_rows(TEXTS["README.md"])) == set(COMMANDS)
    assert set(re.findall(r"budget-qa ([a-z]+)", ALL)) <= set(COMMANDS)


@pytest.mark.parametrize("variable", VARIABLES)
def test_every_setting_stands_with_its_default(variable):
    row = table_rows(TEXTS["docs/settings.md"])[variable]
    default = VARIABLES[variable]
    if isinstance(default, str | int):
        assert f"| `{int(default) if isinstance(default, bool) else default}` |" in row


def test_no_setting_is_named_that_is_not_there():
    assert set(re.findall(rf"{PREFIX}[A-Z_]+", ALL)) == set(VARIABLES)


def test_every_make_target_named_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z-]+)", ALL)) <= targets


@pytest.mark.parametrize("page", TEXTS)
def test_every_linked_file_exists(page):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", TEXTS[page])
    assert [link for link in links if not ((ROOT / page).parent / link).exists()] == []


@pytest.mark.parametrize("page", TEXTS)
def test_every_linked_name_is_defined_there(page):
    """[`Assistant.ask`](../assistant/answer.py): a class of that name, and a function."""
    links = re.findall(r"\[`([A-Za-z_.]+)`\]\(([^)#]+\.py)\)", TEXTS[page])
    sources = {path: ((ROOT / page).parent / path).read_text("utf-8") for _, path in links}
    defined = r"(?m)^\s*(?:async )?(?:def|class) {0}\b|^{0}\b.* = "
    names = [(name, path) for whole, path in links for name in whole.split(".") if not whole.endswith(".py")]
    assert [(name, path) for name, path in names if not re.search(defined.format(name), sources[path])] == []


def test_every_page_is_linked_from_the_readme():
    assert [page for page in TEXTS if page != "README.md" and f"({page})" not in TEXTS["README.md"]] == []


@pytest.mark.parametrize("page", TEXTS)
@pytest.mark.parametrize("what", FOREIGN)
def test_no_page_names(what, page):
    assert re.findall(FOREIGN[what], TEXTS[page]) == []


def test_every_direct_dependency_has_its_reason_and_licence():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = [Requirement(line).name for line in project["dependencies"]]
    assert re.findall(r"^- (\S+): .+ \(.+\)$", DECISIONS, re.MULTILINE) == declared


def test_every_decision_is_numbered_and_has_its_four_lines():
    entries = re.findall(
        r"^## (\d+) .+\n\*Seen:\* .+\n\*Chosen:\* .+\n\*Cost, and when to revisit:\* .+\n\n", DECISIONS, re.MULTILINE
    )
    assert entries == [str(number) for number in range(1, DECISIONS.count("\n## "))]
