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


def members(path: Path) -> set[str]:
    """What is imported from a package, with its path: `from index.search import vectors` may name a module."""
    froms = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
    return {f"{node.module}.{alias.name}" for node in froms for alias in node.names}


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
    allowed |= {"app"} if path.relative_to(ROOT).as_posix() == "assistant/cli/main.py" else set()
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


# What stands in a folder, in the order in which it may be used: each entry imports none that comes after it.
ORDER = {
    "index": """
        errors amounts offline web_address archives model settings captions show layout parsing readers picture chunks facts files sandbox
        sql reading editions search checks on_ray settling stores report ingest
    """,
    "assistant": """
        contract contradictions evidence plan reader scans tracing view answer_rows plain_text lookup words budgets project_entries saying
        turns binding catalog lookup_tool texts too_long planning many_budgets states suggest unlisted answering llm answer operation mcp_server web cli
    """,
    "assistant/web": "service sources api pages chat",
    "index/parsing": """
        headers kinds measures metadata rows agreement nesting prose subjects tables forms structure compilation
    """,
    "index/sql": "database held migrations schema feedback transactions store backup",
    "index/search": "breaker ngrams onnx_encoder vector_probe e5 vectors embedding_model vector_health",
    "index/checks": "identity sums audit between vouching",
    "assistant/words": """
        completion_words dictionary english meaning normal orders prompt_file quantities sounds wording_slots coverage slips
        variants vocabulary fixed_words lexicon projects spelling sure_names hearing naming
    """,
    "assistant/budgets": "departments scoping library",
    "assistant/binding": """
        form_words lists modifiers slots form_rows projects selects words forms pieces things sets narrowing binder
    """,
    "assistant/planning": """
        completion confidence doubts errors mending standins asking hints across averages nearest before shares changes grouping
        operands adding bounds comparing joining members rules statements words again parts planner
    """,
    "assistant/lookup": "belonging fitting form_rows values repeated selecting sets arithmetic statements lookup",
    "assistant/texts": "retrieve passages",
    "assistant/cli": "ask_cli terminal operator_cli main",
    "assistant/operation": "indexing logs reports restoring doctor",
    "assistant/web/service": """
        auditing examples gate listener metrics proxy remembered request_log sessions problems rates desk hardening admission
        readiness
    """,
    "assistant/web/sources": "export pictures reference named_cells originals picture_html evidence_html finding",
    "assistant/web/api": """
        answer_export audit_export bodies docs downloads parameters project_export uploads ask audit documents facts feedback handover
        openai operator_routes projects stream routes
    """,
    "assistant/web/pages": """
        audit_html documents_css documents_html documents_js drawing frame frame_css frame_js overview project_html projects_css
        theme audit_page documents_page overview_charts projects_page overview_html tables_page
    """,
    "assistant/web/chat": "actions_js answer_actions answer_chart answer_html conversation chat_page",
    "assistant/saying": "labels text compose restate stated_names claims verify explain",
}


def entries(folder: str) -> set[str]:
    """The modules and packages of a folder."""
    found = [path for path in (ROOT / folder).iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()]
    return {path.stem for path in found} - {"__init__"}


@pytest.mark.parametrize("folder", ORDER)
def test_all_that_stands_in_a_folder_has_its_place(folder):
    assert sorted(ORDER[folder].split()) == sorted(entries(folder))


@pytest.mark.parametrize(("folder", "entry"), [(f, entry) for f, order in ORDER.items() for entry in order.split()])
def test_no_step_calls_back_up(folder, entry):
    order, package = ORDER[folder].split(), folder.replace("/", ".")
    later = order[order.index(entry) + 1 :]
    paths = files(f"{folder}/{entry}") or [ROOT / folder / f"{entry}.py"]
    # Names, for `from assistant.web import chat` names the package alone.
    used = {name for path in paths for name in ours(path) | members(path)}
    assert not [name for name in used for one in later if f"{name}.".startswith(f"{package}.{one}.")]


@pytest.mark.parametrize("path", files("assistant/reader"), ids=lambda path: path.name)
def test_the_reader_knows_no_document(path):
    assert all(name.startswith("assistant.reader") or name == "assistant.words.normal" for name in ours(path))


def test_the_web_is_reached_from_the_application_alone():
    users = [path for path in files("assistant") if "web" not in path.parts]
    assert not [path.name for path in users if any(name.startswith("assistant.web") for name in ours(path))]
