"""Who may import whom: the file's own imports, read from its source."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = {"app", "assistant", "eval", "index", "prompts", "tests", "tools"}


def imports(path: Path) -> Iterator[str]:
    """Every module that a file names in an import, also inside functions and for types only."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides its layer"
            yield node.module or ""


def ours(path: Path) -> set[str]:
    return {name for name in imports(path) if name.split(".")[0] in OURS}


def files(*packages: str) -> list[Path]:
    return [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]


@pytest.mark.parametrize("path", files("index"), ids=lambda path: str(path.relative_to(ROOT)))
def test_index_imports_index_alone(path):
    assert {name.split(".")[0] for name in ours(path)} <= {"index", "prompts"}


@pytest.mark.parametrize("path", files("assistant"), ids=lambda path: str(path.relative_to(ROOT)))
def test_assistant_imports_neither_eval_nor_tests(path):
    allowed = {"assistant", "index", "prompts"}
    # The command line starts the web application by name, and only inside `serve`.
    allowed |= {"app"} if path.name == "cli.py" else set()
    assert {name.split(".")[0] for name in ours(path)} <= allowed


@pytest.mark.parametrize("path", files("index/readers"), ids=lambda path: path.name)
def test_readers_know_only_the_blocks_that_they_yield(path):
    allowed = ("index.errors", "index.model", "index.archives", "index.readers.", "index.layout.")
    assert all(name.startswith(allowed) for name in ours(path))


@pytest.mark.parametrize("path", files("index/layout"), ids=lambda path: path.name)
def test_the_layout_knows_no_reader(path):
    assert all(
        name.startswith(("index.errors", "index.model", "index.captions", "index.layout.")) for name in ours(path)
    )


STEPS = {
    "index": [
        "errors", "archives", "amounts", "model", "captions", "layout", "readers", "picture", "headers", "rows", "kinds", "nesting",
        "tables", "measures", "forms", "metadata", "prose", "agreement", "structure", "compilation", "sandbox", "reading", "facts", "chunks",
        "schema", "feedback", "database", "transactions", "store", "editions", "vectors", "identity", "sums", "audit", "vouching", "between",
        "stores", "on_ray", "settling", "report", "ingest",
    ],
    "assistant": [
        "vocabulary", "lexicon", "plan", "lookup", "labels", "naming", "projects", "turns", "binding", "planning", "planner", "scans",
        "text", "compose", "stated_names", "claims", "verify", "answering", "answer", "mcp_server", "web",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("package", "step"), [(package, step) for package, steps in STEPS.items() for step in steps])
def test_no_step_calls_back_up(package, step):
    later = STEPS[package][STEPS[package].index(step) + 1 :]
    paths = files(f"{package}/{step}") or [ROOT / package / f"{step}.py"]
    used = {name.split(".")[1] for path in paths for name in ours(path) if name.startswith(f"{package}.")}
    assert not used & set(later)


@pytest.mark.parametrize("path", files("assistant/reader"), ids=lambda path: path.name)
def test_the_reader_knows_no_document(path):
    assert all(name.startswith("assistant.reader") or name == "assistant.normal" for name in ours(path))


def test_the_web_is_reached_from_the_application_alone():
    users = [path for path in files("assistant") if "web" not in path.parts]
    assert not [path.name for path in users if any(name.startswith("assistant.web") for name in ours(path))]
