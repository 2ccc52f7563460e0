"""Words beside a name that restrict nothing: they say what the named row is for, or are a part of its own name.

In: stretches and the names of rows. Out: whether a stretch only says again what a row is, and the row whose name several stretches
make up between them. Judged by the row's names and its synonyms in the vocabulary: 去世职工家属的抚恤金 is 抚恤金, while
村干部的培训费 is no row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from assistant.words.dictionary import tags
from assistant.words.naming import VERBS
from assistant.words.normal import bare, in_order

FILLERS = (
    "人员",
    "职工",
    "干部",
    "支出",
    "费用",
    "经费",
    "资金",
    "方面",
    "部分",
    "性质",
    "类型",
    "这块",
    "那块",
    "费",
    "类",
    "的",
    "钱",
)
EMPTY_TAGS = ("u", "p", "c", "r", "x", "w", "y", "e")  # particles, prepositions, conjunctions, pronouns
RESTRICTING = ("除", "不", "非", "未", "没", "另", "其他", "其它", "新增", "剩", "只", "仅", "以外", "之外")
SHORTEST, LEAST_PART = 5, 0.6  # of a name that is made up: its characters, and its share of what is said

MONEY_END = re.compile(r"(?<=..)(?:(?:支出|费用|经费|预算|资金|类|费|的)+)$")


def core_of(stretch: str) -> str:
    """A stretch without the verb before and the words for money behind it: 货物 of 买货物类."""
    return MONEY_END.sub("", VERBS.sub("", bare(stretch)))


def says_what_it_is(text: str, names: Iterable[str], synonyms: Mapping[str, Sequence[str]]) -> bool:
    """Whether all words of a stretch that carry meaning stand in the names or synonyms of one row."""
    plain = bare(text)
    if any(word in plain for word in RESTRICTING):
        return False
    words = [(plain[start:end], tag) for start, end, tag in tags(plain)]
    content = [word for word, tag in words if word not in FILLERS and not tag.startswith(EMPTY_TAGS)]
    return bool(content) and any(
        all(any(word in said for said in (name, *synonyms.get(name, ()))) for word in content) for name in names
    )


def is_scattered(text: str, name: str) -> bool:
    """Whether a name stands in a text with more than filling words between its characters: 行政单运行, a slip for 行政运行."""
    said, wanted = bare(text), bare(name)
    return wanted not in said and in_order(wanted, said) and not _is_filling(said, wanted)


def made_up(stretches: Sequence[str], names: Iterable[str]) -> str | None:
    """The one row whose name stands in the stretches, in order, with nothing but filling words between: 事业单位人员|医疗支出."""
    said = "".join(map(bare, stretches))
    found = [n for n in names if SHORTEST <= len(bare(n)) < len(said) and len(bare(n)) >= LEAST_PART * len(said)
             and _is_filling(said, bare(n))]  # fmt: skip
    longest = [n for n in found if len(bare(n)) == max(len(bare(f)) for f in found)]
    return longest[0] if len(longest) == 1 else None


def described(stretch: str, names: Iterable[str]) -> str | None:
    """The one row whose name has all the words of a longer stretch: 更新信息网络 for 信息网络及软件购置更新."""
    plain = bare(stretch)
    words = [plain[a:b] for a, b, tag in tags(plain) if b - a > 1 and not tag.startswith(EMPTY_TAGS)]
    words = [word for word in words if word not in FILLERS]
    if len(words) < 2 or len("".join(words)) < SHORTEST - 1:
        return None
    found = [n for n in names if all(word in bare(n) for word in words)]
    return found[0] if len(found) == 1 else None


def _is_filling(said: str, name: str) -> bool:
    """Whether a text is a name with filling words put in."""
    at = 0
    while name:
        if said.startswith(name[0], at):
            name, at = name[1:], at + 1
            continue
        filler = next((f for f in FILLERS if said.startswith(f, at)), None)
        if filler is None:
            return False
        at += len(filler)
    rest = said[at:]
    while rest:
        filler = next((f for f in FILLERS if rest.startswith(f)), None)
        if filler is None:
            return False
        rest = rest[len(filler) :]
    return True
