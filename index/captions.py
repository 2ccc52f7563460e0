"""What stands above a table: its title, its number, its unit of money, and whose table it is.

In: the paragraphs since the last table or heading. Out: a Caption. Titles may be wrapped over lines, carry a number in
front (公开01表：, 预算03表, 一、) and be followed by a year or the unit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.model import Paragraph

UNIT_LINE = re.compile(r"(?:金额)?单位[:：]\s*(?:人民币)?(百万元|千万元|亿元|万元|千元|元)|^(亿元|万元|千元|元)$")
OWNER_LINE = re.compile(
    r"^(?:单位名称|部门名称|预算单位名称|预算部门|预算单位|编制单位|编制部门|填报单位|填报部门|(?:预算)?主管部门|公开部门|公开单位|部门|单位)"
    r"(?:[（(][^）)]*[)）])?[:：]\s*(?P<name>.*)$"
)
TABLE_NUMBER = re.compile(
    r"^(?:附?表|附件|附录|公开|预算表?|决算)\s*(?P<number>[\d一二三四五六七八九十]+(?:[-—]\d+)?)\s*表?$"
)
NUMBER_IN_TITLE = re.compile(
    r"^(?:公开|预算|决算|附|财决|部门)?(?:表|附件)?\s*(?P<number>0*\d{1,2}(?:[-—]\d+)?)(?!\d)\s*表?\s*[:：、.]?(?=[\u4e00-\u9fff“\"\d])"
)
FORM_NUMBER = re.compile(r"^(?:公开|预算|财决)\s*(?P<number>\d+)\s*表$|^(?:附?表|附件)\s*(?P<other>\d+(?:[-—]\d+)?)$")
NUMBERING = re.compile(r"^(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[)）]|\d{1,2}[、.．](?!\d))\s*")
TITLE = re.compile(r"(?:表|情况|明细|清单|目录)(?:[（(].*[)）])?$")
YEAR_LINE = re.compile(r"^[（(]?20\d\d年度?[)）]?$")
LONGEST = 70  # characters
BARE = 8  # characters: a title as short as 绩效目标表 needs the line above it


@dataclass(frozen=True)
class Caption:
    """`used` are the paragraphs that make up the title: they are no prose."""

    title: str
    number: str | None
    unit: str | None
    owner: str | None
    used: tuple[Paragraph, ...]


def read_caption(paragraphs: Sequence[Paragraph]) -> Caption:
    """The caption in the paragraphs above a table; the title is empty where none of them is one."""
    unit = next((found for p in reversed(paragraphs) if (found := unit_of(p.text))), None)
    owner = next((found for p in reversed(paragraphs) if (found := owner_of(p.text))), None)
    number = next((found for p in reversed(paragraphs) if (found := number_of(p.text))), None)
    used = _title_lines(paragraphs)
    title = "".join(re.sub(r"\s+", " ", p.text.strip()) for p in used)
    title, inside = split_number(title)
    return Caption(title, inside or number, unit or unit_of(title), owner, tuple(used))


def split_number(title: str) -> tuple[str, str | None]:
    """A title without its numbering, and its number: `公开01表：收支预算总表` to ("收支预算总表", "1")."""
    plain = NUMBERING.sub("", title, count=1)
    match = NUMBER_IN_TITLE.match(plain)
    if not match or re.match(r"20\d\d", match["number"]):
        return plain, None
    rest = plain[match.end() :]
    if not TITLE.search(rest):
        return plain, None
    return rest, match["number"].lstrip("0") or match["number"]


def unit_of(text: str) -> str | None:
    """The unit of money that a line above a table states (单位：万元); None where it states none."""
    match = UNIT_LINE.search(re.sub(r"\s", "", text))
    return (match[1] or match[2]) if match else None


def owner_of(text: str) -> str | None:
    """The department or unit that a line above a table names, without its code and the unit of money beside it."""
    match = OWNER_LINE.match(text.strip())
    if not match:
        return None
    name = re.split(r"\s+(?=\S*单位[:：])|(?:金额)?单位[:：]|\s{2,}", match["name"].strip())[0]
    name = re.sub(r"^[\[【]?\d{3,}[\]】]?[-—\s]*", "", name).strip()
    return name if len(name) >= 3 and not re.search(r"[:：]|^\w?万元", name) and unit_of(name) is None else None


def number_of(text: str) -> str | None:
    """The number of a table that a line states alone: `公开01表` to "1"; None where it is no such line."""
    match = FORM_NUMBER.match(re.sub(r"\s", "", text)) or TABLE_NUMBER.match(text)
    if not match:
        return None
    number = match["number"] or match.groupdict().get("other") or ""
    return number.lstrip("0") or number


def is_title(text: str) -> bool:
    """Whether a line is the title of a table: neither its unit, owner or number, nor a sentence."""
    plain = re.sub(r"\s", "", text)
    if unit_of(plain) or OWNER_LINE.match(plain) or number_of(plain) or len(plain) > LONGEST:
        return False
    return bool(TITLE.search(plain)) and not re.search(r"[。；]|如下", plain)


def _title_lines(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """The last title, with the line above it where a bracket stands open there or the title alone says too little."""
    joined: list[list[Paragraph]] = []
    for paragraph in paragraphs:
        if joined and _is_open("".join(p.text for p in joined[-1])) and len(joined[-1]) < 3:
            joined[-1].append(paragraph)
        else:
            joined.append([paragraph])
    for i in range(len(joined) - 1, -1, -1):
        if not is_title("".join(p.text for p in joined[i])):
            continue
        text = re.sub(r"\s", "", joined[i][0].text)
        above = joined[i - 1] if i else None
        bare = len(text) <= BARE and re.match(r"^(?:绩效|项目绩效|算表|目标表|预算表|情况表)", text)
        if above and bare and _may_begin_title(above[-1].text):
            return [*above[-1:], *joined[i]]
        return joined[i]
    return []


def _may_begin_title(text: str) -> bool:
    plain = re.sub(r"\s", "", text)
    return len(plain) <= LONGEST and not (
        unit_of(plain)
        or OWNER_LINE.match(plain)
        or number_of(plain)
        or YEAR_LINE.match(plain)
        or plain[-1] in "。；：！？"
    )


def _is_open(text: str) -> bool:
    return len(re.findall(r"[（(]", text)) > len(re.findall(r"[)）]", text)) and len(text) <= LONGEST
