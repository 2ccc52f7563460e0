"""Loads `prompts/`: the words that people use, as data.

In: YAML and text files. Out: one frozen Vocabulary. Each file is well written by the rules of prompt_file; here it is seen to that its
names are those that the program uses, and that no word is written where another entry would always win. What is wrong raises
VocabularyError, so that an expert who writes no code can mend it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from string import Formatter
from typing import Any, get_args

from assistant.lookup.form_rows import Role
from assistant.reader.form import BOUNDS, CALLS, THINGS
from assistant.words.prompt_file import Lists, PromptFile, Sentence, Words, read_words, read_yaml
from assistant.words.wording_slots import ANSWERS, EXPLANATIONS
from index.errors import VocabularyError
from index.parsing.kinds import BY_NAME

COMMANDS = ("verbs", "objects", "forging", "changing", "helping", "wrongs", "roles", "code", "insults")
ORGANISATIONS = ("suffixes", "known", "headquarters", "ourselves", "private")
SMALL_TALK = ("greeting", "thanks", "about")
NOUNS = ("functional", "economic", "leaf", "subject", "project", "unit", "key_project", "code")
ENGLISH = ("terms", "mixed", "left_out", "money", "numbers", "times", "thousands", "questions", "leaning")
SPOKEN = ("questions", "leaning")  # the parts of the glossary that hold sentences with slots
ALL_LEVELS = ("1", "2", "3")
PIECES = re.compile(r"\[[^\[\]()]+\]|\([^\[\]()]+\)|\{[a-z]\}|[^\[\](){}]+")  # of an English way to ask
SLOT = re.compile(r"\{([a-z])\}")


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


@lru_cache(maxsize=1)
def load_vocabulary() -> Vocabulary:
    """The vocabulary, read once. Raises VocabularyError for the first thing that is wrong in a file."""
    found = {name: read_file(name) for name in READERS}
    levels, nouns = found["levels.yaml"]
    return Vocabulary(
        synonyms=found["synonyms.yaml"],
        columns=found["columns.yaml"],
        forms=found["forms.yaml"],
        totals=found["totals.yaml"],
        levels=levels,
        nouns=nouns,
        tables=found["tables.yaml"],
        organisations=found["departments.yaml"],
        everyday_units=found["units.yaml"],
        regions=found["regions.txt"],
        weak=found["weak.txt"],
        topics=found["topics.yaml"],
        generic=found["generic.txt"],
        money_words=found["money_words.txt"],
        question_words=found["question_words.txt"],
        signs=found["signs.yaml"],
        commands=found["commands.yaml"],
        small_talk=found["small_talk.yaml"],
        english=found["english.yaml"],
        wordings=found["wordings.yaml"],
        explanations=found["explanations.yaml"],
    )


def read_file(name: str) -> Any:
    """What one file of `prompts/` holds, as the vocabulary has it. Raises VocabularyError for the first thing that is wrong in it."""
    return READERS[name](name)


def faults() -> list[VocabularyError]:
    """The first thing that is wrong in each file, of all files in which something is."""
    found = []
    for name in READERS:
        try:
            read_file(name)
        except VocabularyError as error:
            found.append(error)
    return found


def _lists(name: str, has: Collection[str] = (), may_have: Collection[str] = (), apart: bool = False) -> Lists:
    """Words by what they stand for. `has` and `may_have`: the names that there must and can be, any where neither is given."""
    file = read_yaml(name, Lists)
    _check_names(file, file.data, has, may_have)
    if apart:
        file.keep_apart(file.data)
    return file.data


def _check_names(
    file: PromptFile, entries: Collection[str], has: Collection[str], may_have: Collection[str] = (), *at: str
) -> None:
    for name in entries:
        if (has or may_have) and name not in has and name not in may_have:
            raise file.fault((*at, name), "没有这个名称，程序不会用到它；请检查拼写，或去掉这一项")
    for name in has:
        if name not in entries:
            raise file.fault(at, f"缺少“{name}”这一项；请补上")


def _forms(name: str) -> dict[Role, list[str]]:
    roles: tuple[Role, ...] = get_args(Role)
    found = _lists(name, roles, apart=True)
    return {role: found[role] for role in found if role in roles}


def _totals(name: str) -> list[Total]:
    file = read_yaml(name, dict[str, dict[str, str | Words]])
    found = []
    for total, entry in file.data.items():
        _check_names(file, entry, ("side", "words"), (), total)
        side, words = entry["side"], entry["words"]
        if side not in ("收入", "支出"):
            raise file.fault((total, "side"), "应是 收入 或 支出；请改正")
        if not isinstance(words, list):
            raise file.fault((total, "words"), "后面应是一列词；请写成“[词, 词]”")
        found.append(Total(total, str(side), words))
    file.keep_apart({(total.name, "words"): total.words for total in found})
    return found


def _levels(name: str) -> tuple[dict[int, list[str]], Lists]:
    file = read_yaml(name, dict[str, Lists])
    _check_names(file, file.data, ("levels", "nouns"))
    levels, nouns = file.data["levels"], file.data["nouns"]
    _check_names(file, levels, ALL_LEVELS, (), "levels")
    _check_names(file, nouns, NOUNS, (), "nouns")
    file.keep_apart({(part, name): words for part, lists in file.data.items() for name, words in lists.items()})
    return {int(level): words for level, words in levels.items()}, nouns


def _english(name: str) -> dict[str, Lists]:
    file = read_yaml(name, dict[str, dict[str, Words]])
    glossary = file.data
    _check_names(file, glossary, ENGLISH)
    _check_names(file, glossary["left_out"], ("first", "then"), (), "left_out")
    for number in glossary["thousands"]:
        if not number.isdecimal():
            raise file.fault(("thousands", number), "左边应是一个整数；请改成数字")
    for part in ENGLISH:
        file.keep_apart({(part, name): words for name, words in glossary[part].items()})
    for part in SPOKEN:
        for chinese, ways in glossary[part].items():
            for index, way in enumerate(ways):
                _check_way(file, (part, chinese, index), chinese, way)
    return glossary


def _check_way(file: PromptFile, at: tuple[str, str, int], chinese: str, way: str) -> None:
    """A way to ask in English: its brackets are in pairs, and it has the slots of the Chinese, each once."""
    if "".join(PIECES.findall(way)) != way:
        raise file.fault(at, "括号没有配对，或套在一起；请写成 [x|y]、(x) 或 {a}")
    if sorted(SLOT.findall(way)) != sorted(set(SLOT.findall(chinese))):
        raise file.fault(at, "花括号里的字母与中文问法的不一样；两边应有同样的几个，英文里各一次")


def _wordings(name: str, slots: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """Texts by their names, each with just the slots that the program fills."""
    file = read_yaml(name, dict[str, Sentence])
    _check_names(file, file.data, slots)
    for wording, text in file.data.items():
        if re.search(r"\d", text):
            raise file.fault((wording,), "措辞里不能有数字，数只来自文件；请改成文字")
        try:
            pieces = [piece for piece in Formatter().parse(text) if piece[1] is not None]
        except ValueError as error:
            raise file.fault((wording,), "花括号没有配对；请补上另一半") from error
        found = {str(slot) for _, slot, spec, conversion in pieces if not (spec or conversion)}
        if found != slots[wording] or len(found) > len(pieces):
            wanted = "、".join(f"{{{slot}}}" for slot in sorted(slots[wording])) or "没有花括号"
            raise file.fault((wording,), f"花括号里的名字不能增减或改名；应有：{wanted}")
    return file.data


READERS: dict[str, Callable[[str], Any]] = {
    "synonyms.yaml": _lists,
    "columns.yaml": _lists,
    "forms.yaml": _forms,
    "totals.yaml": _totals,
    "levels.yaml": _levels,
    "tables.yaml": partial(_lists, may_have={*BY_NAME, "prose"}),
    "departments.yaml": partial(_lists, has=ORGANISATIONS),
    "units.yaml": _lists,
    "regions.txt": read_words,
    "weak.txt": read_words,
    "topics.yaml": partial(_lists, apart=True),
    "generic.txt": read_words,
    "money_words.txt": read_words,
    "question_words.txt": read_words,
    "signs.yaml": partial(_lists, may_have={*CALLS, *THINGS, *BOUNDS}),
    "commands.yaml": partial(_lists, has=COMMANDS),
    "small_talk.yaml": partial(_lists, has=SMALL_TALK, apart=True),
    "english.yaml": _english,
    "wordings.yaml": partial(_wordings, slots=ANSWERS),
    "explanations.yaml": partial(_wordings, slots=EXPLANATIONS),
}
