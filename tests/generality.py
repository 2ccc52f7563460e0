"""What the product itself says, and what is one document's own: the words that must not meet.

In: the vocabulary, the strings of the code, the training lines; a parsed Document. Out: texts with the place they stand at; names.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

from index.model import Document
from index.parsing.subjects import subjects
from tools.reader.lines import PHRASINGS

ROOT = Path(__file__).parent.parent
SHORTEST_NAME = 6  # shorter names are of kinds that every document has: 市信访局, 会议费
CHINESE = re.compile(r"[\u3400-\u9fff]")
# Kinds of funds that stand under this name in documents everywhere.
EVERYWHERE = {"文化产业发展专项资金", "警务辅助人员经费", "就业补助资金", "专项工作经费"}


def vocabulary() -> Iterator[tuple[str, str]]:
    """Every word of `prompts/`, with its file."""
    for path in sorted((ROOT / "prompts").glob("*")):
        if path.suffix == ".yaml":
            yield from ((word, path.name) for word in _strings(yaml.safe_load(path.read_text("utf-8"))))
        elif path.suffix == ".txt":
            yield from ((word, path.name) for word in path.read_text("utf-8").split())


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield from (*_strings(key), *_strings(below))
    elif isinstance(value, list):
        for below in value:
            yield from _strings(below)
    elif isinstance(value, str):
        yield value


def training() -> Iterator[tuple[str, str]]:
    """Every question that the reader learns, and every name that is put into them."""
    for path in sorted(PHRASINGS.glob("*.tsv")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            yield line.split("\t")[0].removeprefix(">").strip(), f"{path.name}:{number}"
    for path in sorted(PHRASINGS.glob("*.yaml")):
        yield from ((word, path.name) for word in _strings(yaml.safe_load(path.read_text("utf-8"))))


def code() -> Iterator[tuple[str, str]]:
    """Every string and docstring of the product with Chinese in it."""
    for folder in ("assistant", "index"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value):
                    yield node.value, f"{path.relative_to(ROOT)}:{node.lineno}"


@cache
def product() -> tuple[tuple[str, str], ...]:
    """All of it, written plainly."""
    return tuple((plain(text), place) for text, place in (*vocabulary(), *training(), *code()))


@cache
def everything() -> str:
    return "\n".join(text for text, _ in product())


def plain(text: str) -> str:
    """A text without what a name may be printed with or without: signs, spaces, what brackets hold, the year."""
    text = re.sub(r"\([^()]*\)", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"20\d\d(?:年度?)?|[\W_]", "", text)


def names_of(document: Document) -> set[str]:
    """The names that are a document's own, plainly: whose it is, the units, the projects."""
    rows = {row.label for table in document.tables for row in table.rows if row.role == "project"}
    of_forms = {subject.name for subject in subjects(document.tables) if subject and subject.is_project}
    names = map(plain, {document.department, *document.budget_units, *rows, *of_forms})
    return {name for name in names if len(name) >= SHORTEST_NAME} - EVERYWHERE


def known(document: Document) -> list[tuple[str, str]]:
    """The document's names that the product says, with the place where it does."""
    said = [name for name in names_of(document) if name in everything()]
    return [(name, place) for name in said for text, place in product() if name in text]
