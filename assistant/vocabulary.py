"""Loads `prompts/`: the words that people use, as data.

In: YAML and text files. Out: one frozen Vocabulary. A malformed file raises VocabularyError naming the file, the line and
what is expected, so that an expert who writes no code can mend it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import yaml
from pydantic import TypeAdapter, ValidationError

from assistant.forms import Role
from index.errors import VocabularyError

Lists = dict[str, list[str]]


@dataclass(frozen=True)
class Total:
    """A total row that people ask for without naming an item: its side and the words for it."""

    name: str
    side: str
    words: list[str]


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Everyday words by what they stand for. One is as good as itself alone, so that what is made of it can be kept beside it."""

    synonyms: Lists
    columns: Lists
    forms: dict[Role, list[str]]
    totals: list[Total]
    levels: dict[int, list[str]]
    nouns: Lists
    tables: Lists
    organisations: Lists
    everyday_units: Lists
    regions: frozenset[str]
    weak: frozenset[str]
    topics: Lists
    generic: frozenset[str]
    money_words: frozenset[str]
    question_words: frozenset[str]
    signs: Lists
    commands: Lists
    small_talk: Lists
    english: dict[str, Lists]
    wordings: dict[str, str]
    explanations: dict[str, str]


def _read(name: str) -> str:
    return (resources.files("prompts") / name).read_text("utf-8")


def _yaml(name: str, shape: type) -> object:
    """A YAML file checked against a shape. Raises VocabularyError with file, line and reason."""
    try:
        loaded = yaml.safe_load(_read(name))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"第{mark.line + 1}行" if mark else "某处"
        raise VocabularyError(f"prompts/{name} {line}：不是有效的YAML（{getattr(error, 'problem', error)}）") from error
    try:
        return TypeAdapter(shape).validate_python(loaded)
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(map(str, first["loc"]))
        raise VocabularyError(f"prompts/{name} 的“{where}”：{first['msg']}") from error


def _words(name: str) -> frozenset[str]:
    lines = (line for line in _read(name).splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())


@lru_cache(maxsize=1)
def load_vocabulary() -> Vocabulary:
    """The vocabulary, read once. Raises VocabularyError for a malformed file."""
    levels = _yaml("levels.yaml", dict)
    totals = _yaml("totals.yaml", dict[str, dict])
    return Vocabulary(
        synonyms=_yaml("synonyms.yaml", Lists),  # type: ignore[arg-type]
        columns=_yaml("columns.yaml", Lists),  # type: ignore[arg-type]
        forms=_yaml("forms.yaml", dict[Role, list[str]]),  # type: ignore[arg-type]
        totals=[Total(name, entry["side"], entry["words"]) for name, entry in totals.items()],  # type: ignore[attr-defined]
        levels=levels["levels"],  # type: ignore[index]
        nouns=levels["nouns"],  # type: ignore[index]
        tables=_yaml("tables.yaml", Lists),  # type: ignore[arg-type]
        organisations=_yaml("departments.yaml", Lists),  # type: ignore[arg-type]
        everyday_units=_yaml("units.yaml", Lists),  # type: ignore[arg-type]
        regions=_words("regions.txt"),
        weak=_words("weak.txt"),
        topics=_yaml("topics.yaml", Lists),  # type: ignore[arg-type]
        generic=_words("generic.txt"),
        money_words=_words("money_words.txt"),
        question_words=_words("question_words.txt"),
        signs=_yaml("signs.yaml", Lists),  # type: ignore[arg-type]
        commands=_yaml("commands.yaml", Lists),  # type: ignore[arg-type]
        small_talk=_yaml("small_talk.yaml", Lists),  # type: ignore[arg-type]
        english=_yaml("english.yaml", dict[str, Lists]),  # type: ignore[arg-type]
        wordings=_yaml("wordings.yaml", dict[str, str]),  # type: ignore[arg-type]
        explanations=_yaml("explanations.yaml", dict[str, str]),  # type: ignore[arg-type]
    )
