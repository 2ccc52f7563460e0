"""One file of `prompts/` to data, checked line by line.

In: a file's name and the shape that it must have. Out: its data, with where each of them stands. An expert who writes no code edits
these files: whatever is wrong raises VocabularyError, one line that names the file, the line, the entry and what to do about it.
Scalars are read as they are written: 是, no, 12306 and 2024-01-01 are words like any other.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Annotated, Any, Generic, TypeVar

import yaml
from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from index.errors import VocabularyError

T = TypeVar("T")
JOINING = re.compile("[，、；]")  # typed between words in place of a comma or blank
FAULTS = (  # what YAML finds, by its own words, and what that means to who typed it
    ("'\\t'", "有制表符（Tab）；请改用空格"),
    ("could not find expected ':'", "名称后面缺半角冒号；请写成“名称: ”，冒号后空一格"),
    ("mapping values are not allowed", "这里多了冒号，或缩进不齐；词里有冒号的，请给整个词加引号"),
    ("expected ',' or", "括号没有结束，或词之间缺半角逗号；请写成“[词, 词]”"),
    ("found ','", "有空着的一项；请去掉多余的逗号"),
    ("while scanning a quoted scalar", "引号没有结束；请补上另一半引号"),
    ("cannot start any token", "词不能以这个符号开头；请给整个词加引号"),
    ("alias", "词不能以 * 或 & 开头；请给整个词加引号"),
    ("tag", "词不能以 ! 开头；请给整个词加引号"),
    ("expected a single document", "有一行只写了 ---；请去掉它"),
)
SHAPES = {  # what pydantic finds, and what that means
    "list_type": "后面应是一列词；请写成“[词, 词]”",
    "string_type": "应是一个词或一句话；请去掉里面的括号或冒号",
    "dict_type": "下面应是“名称: [词, 词]”；请对照上面的行改正",
    "too_short": "是空的；请填上词，或去掉这一项",
}


def _word(text: str) -> str:
    if not text.strip():
        raise ValueError("有空着的词；请填上，或去掉多余的逗号")
    if "\n" in text or "\t" in text:
        raise ValueError("一个词分成了两行，或里面有制表符；请写在一行里")
    return text


def _sentence(text: str) -> str:
    if not text.strip():
        raise ValueError("是空的；请填上措辞")
    return text


Word = Annotated[str, AfterValidator(_word)]
Words = Annotated[list[Word], Field(min_length=1)]
Lists = dict[Word, Words]
Sentence = Annotated[str, AfterValidator(_sentence)]


@dataclass(frozen=True)
class PromptFile(Generic[T]):
    """A file's data, of the shape asked for, and the YAML that tells where each of them stands."""

    name: str
    data: T
    node: yaml.Node

    def fault(self, at: Sequence[Hashable], why: str) -> VocabularyError:
        """The error that something is wrong with an entry; `at` are the names and indices on the way to it."""
        return _fault(self.name, _line(self.node, at), at, why)

    def line(self, at: Sequence[Hashable]) -> int:
        """The line on which an entry begins, from 1."""
        return _line(self.node, at)

    def keep_apart(self, lists: Mapping[Any, Sequence[str]]) -> None:
        """Raises VocabularyError for a word of two entries, where only one of them would ever be used. An entry inside another is
        named by the way to it, as a tuple."""
        first: dict[str, tuple[Hashable, ...]] = {}
        for name, words in lists.items():
            entry = name if isinstance(name, tuple) else (name,)
            for index, word in enumerate(words):
                other = first.setdefault(word.lower(), entry)
                if other != entry:
                    where = f"第{self.line(other)}行“{_entry(other)}”"
                    raise self.fault((*entry, index), f"“{word}”在{where}里也有，只能有一个意思；请去掉一处")


def read_yaml(name: str, shape: type[T]) -> PromptFile[T]:
    """A YAML file of a shape. Raises VocabularyError."""
    text = read_text(name)
    try:
        loader = yaml.BaseLoader(text)
        node = loader.get_single_node()
        if node is None:
            raise _fault(name, 1, (), "是空的；请从安装包或仓库恢复这个文件")
        _inspect(name, node)
        data = loader.construct_document(node)
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise _fault(name, line, (), "有看不见的控制字符；请删掉它") from error
    except yaml.MarkedYAMLError as error:
        raise _told(name, error) from error
    try:
        return PromptFile(name, TypeAdapter(shape).validate_python(data), node)
    except ValidationError as error:
        raise _misshapen(name, node, error) from error


def read_words(name: str) -> frozenset[str]:
    """The words of a text file, divided by blanks; lines that begin with # are remarks. Raises VocabularyError."""
    found = set[str]()
    for number, line in enumerate(read_text(name).splitlines(), 1):
        for word in line.split() if not line.startswith("#") else ():
            if joined := re.search("[，、；,;#]", word):
                why = f"“{word}”里有“{joined[0]}”；词之间请用空格分开，说明请写在 # 开头的行里"
                raise _fault(name, number, (), why)
            found.add(word)
    if not found:
        raise _fault(name, 1, (), "是空的；请从安装包或仓库恢复这个文件")
    return frozenset(found)


def read_text(name: str, folder: Traversable | None = None) -> str:
    """The text of a file of `prompts/`, or of one of the same name in another folder. Raises VocabularyError."""
    try:
        return ((folder or resources.files("prompts")) / name).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise _fault(name, line, (), "不是 UTF-8 编码；请把文件另存为 UTF-8") from error
    except OSError as error:
        raise VocabularyError(f"prompts/{name}：读不到（{error.strerror}）；请从安装包或仓库恢复这个文件") from error


def _fault(name: str, line: int, at: Sequence[Hashable], why: str) -> VocabularyError:
    entry = f"“{_entry(at)}”" if at else ""
    return VocabularyError(f"prompts/{name} 第{line}行{entry}：{why}")


def _entry(at: Sequence[Hashable]) -> str:
    """An entry by the names on the way to it."""
    return "/".join(step for step in at if isinstance(step, str))


def _told(name: str, error: yaml.MarkedYAMLError) -> VocabularyError:
    """What the YAML reader found, said in Chinese."""
    said = f"{error.context} {error.problem}"
    mark = error.problem_mark
    if any(words in said for words in ("find expected ':'", "end of stream", "flow sequence")):  # noticed only later
        mark = error.context_mark or mark
    why = next((why for found, why in FAULTS if found in said), "不是有效的 YAML；请检查引号、括号、冒号和缩进")
    return _fault(name, mark.line + 1 if mark else 1, (), why)


def _inspect(name: str, node: yaml.Node, at: tuple[Hashable, ...] = ()) -> None:
    """Raises VocabularyError for what YAML would let pass: a name that is there twice, of which it keeps the last alone, and words
    divided by other marks than commas, which are one word to it."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            joined = JOINING.search(item.value) if isinstance(item, yaml.ScalarNode) and item.style is None else None
            if joined:
                why = f"“{item.value}”里有“{joined[0]}”；词之间请用半角逗号“,”分开，本来就有它的请给整个词加引号"
                raise _fault(name, item.start_mark.line + 1, at, why)
    if not isinstance(node, yaml.MappingNode):
        return
    first: dict[str, int] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise _fault(name, line, at, "名称不能带括号；请写成“名称: ”")
        if key.value in first:
            raise _fault(name, line, (*at, key.value), f"第{first[key.value]}行已有这个名称；请并成一处")
        first[key.value] = line
        _inspect(name, value, (*at, key.value))


def _misshapen(name: str, node: yaml.Node, error: ValidationError) -> VocabularyError:
    """The first thing in a file that has not the shape wanted."""
    found = error.errors()[0]
    at = [step for step in found["loc"] if step != "[key]"]
    told = SHAPES.get(found["type"], "写法不对；请对照上面的行改正")
    why = str(found["ctx"]["error"]) if found["type"] == "value_error" else told
    return _fault(name, _line(node, at), at, why)


def _line(node: yaml.Node, at: Sequence[Hashable]) -> int:
    """The line of the entry that names and indices lead to, or of the last that is there."""
    line: int = node.start_mark.line + 1
    for step in at:
        if isinstance(node, yaml.MappingNode):
            entry = next(((key, value) for key, value in node.value if key.value == str(step)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            entry = (node.value[step], node.value[step])
        else:
            entry = None
        if entry is None:
            break
        line, node = entry[0].start_mark.line + 1, entry[1]
    return line
