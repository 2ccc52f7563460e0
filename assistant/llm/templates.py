"""The prompts of `prompts/llm/`, as text with a header.

In: a template's name and what its header says goes in. Out: a Prompt with its version. A file has three parts, divided by lines
of `---`: the header (版本, 输入, 输出), what the model is told of its task, and what is asked. A malformed file, or one that is
given something else than its header names, raises VocabularyError.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import jinja2
from jinja2 import meta

from assistant.words.prompt_file import read_text
from index.errors import VocabularyError

FOLDER = "llm"
SHIPPED = ("understand", "word_figures", "word_passages")
OTHER: list[Path] = []  # a folder whose templates come before the shipped ones, to compare two versions
DIVIDER = re.compile(r"^---\n", re.MULTILINE)
_ENGINE = jinja2.Environment(
    undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    autoescape=False,  # noqa: S701, a model reads text; in HTML it would read entities
)  # fmt: skip


@dataclass(frozen=True)
class Prompt:
    """What goes to the model. `version` is of the template: answers of different versions are never mixed."""

    version: str
    system: str
    user: str


@dataclass(frozen=True)
class _Template:
    version: str
    inputs: frozenset[str]
    system: jinja2.Template
    user: jinja2.Template


def render(name: str, **given: object) -> Prompt:
    """A template filled."""
    template = _load(name)
    if set(given) != template.inputs:
        raise VocabularyError(f"prompts/{FOLDER}/{name}.md：输入应为{'、'.join(sorted(template.inputs))}")
    return Prompt(
        f"{name} {template.version}", template.system.render(given).strip(), template.user.render(given).strip()
    )


def use_folder(folder: Path | None) -> None:
    """Take templates from a folder, where it has them; None for the shipped ones again."""
    OTHER[:] = [folder] if folder is not None else []
    _load.cache_clear()


def version_of(name: str) -> str:
    """Name and version of a template, under which what was written by it is remembered."""
    return f"{name} {_load(name).version}"


def faults() -> list[VocabularyError]:
    """The first thing that is wrong in each of the shipped templates, of all in which something is."""
    found = []
    for name in SHIPPED:
        try:
            _load(name)
        except VocabularyError as error:
            found.append(error)
    return found


@lru_cache
def _load(name: str) -> _Template:
    own = next((folder for folder in OTHER if (folder / f"{name}.md").is_file()), None)
    file = f"{FOLDER}/{name}.md"
    text = read_text(f"{name}.md", own) if own else read_text(file)
    parts = DIVIDER.split(text)
    if len(parts) != 3:
        said = f"应有用 --- 分开的三段（说明、任务、问题），现有{len(parts)}段；请补上或去掉一行 ---"
        raise VocabularyError(f"prompts/{file} 第{text.count(chr(10))}行：{said}")
    header = dict(re.findall(r"^(版本|输入|输出)[：:]\s*(.+)$", parts[0], re.MULTILINE))
    if set(header) != {"版本", "输入", "输出"}:
        raise VocabularyError(f"prompts/{file} 第1行：第一段应写明版本、输入、输出；请补上")
    inputs = frozenset(re.findall(r"[a-z_]+", header["输入"]))
    first = parts[0].count("\n") + 2  # the line on which a part begins
    for part in parts[1:]:
        _check(file, part, first, inputs)
        first += part.count("\n") + 1
    system, user = (_ENGINE.from_string(part) for part in parts[1:])
    return _Template(header["版本"].strip(), inputs, system, user)


def _check(file: str, part: str, first: int, inputs: frozenset[str]) -> None:
    """Raises VocabularyError for a part whose marks are not in pairs, or that speaks of what its header does not name."""
    try:
        unknown = meta.find_undeclared_variables(_ENGINE.parse(part)) - inputs
    except jinja2.TemplateSyntaxError as error:
        said = "花括号或 {% %} 没有配对，或里面写错了；请对照原来的写法改正"
        raise VocabularyError(f"prompts/{file} 第{first + error.lineno - 1}行：{said}") from error
    for name in sorted(unknown):
        line = first + part[: re.search(rf"\b{name}\b", part).start()].count("\n")  # type: ignore[union-attr]
        raise VocabularyError(f"prompts/{file} 第{line}行“{name}”：输入里没有这个名称；请检查拼写")
