"""The prompts of `prompts/llm/`, as text with a header.

In: a template's name and what its header says goes in. Out: a Prompt with its version. A file has three parts, divided by lines
of `---`: the header (版本, 输入, 输出), what the model is told of its task, and what is asked. A malformed file, or one that is
given something else than its header names, raises VocabularyError.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

import jinja2

from index.errors import VocabularyError

FOLDER = "llm"
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


@lru_cache
def _load(name: str) -> _Template:
    own = next((folder / f"{name}.md" for folder in OTHER if (folder / f"{name}.md").is_file()), None)
    text = (own or resources.files("prompts") / FOLDER / f"{name}.md").read_text("utf-8")
    parts = DIVIDER.split(text)
    if len(parts) != 3:
        raise VocabularyError(
            f"prompts/{FOLDER}/{name}.md：应有用 --- 分开的三段（说明、任务、问题），现有{len(parts)}段"
        )
    header = dict(re.findall(r"^(版本|输入|输出)[：:]\s*(.+)$", parts[0], re.MULTILINE))
    if set(header) != {"版本", "输入", "输出"}:
        raise VocabularyError(f"prompts/{FOLDER}/{name}.md 第1段：应写明版本、输入、输出")
    try:
        system, user = (_ENGINE.from_string(part) for part in parts[1:])
    except jinja2.TemplateSyntaxError as error:
        before = parts[0].count("\n") + 1
        raise VocabularyError(f"prompts/{FOLDER}/{name}.md 约第{before + error.lineno}行：{error.message}") from error
    inputs = frozenset(re.findall(r"[a-z_]+", header["输入"]))
    return _Template(header["版本"].strip(), inputs, system, user)
