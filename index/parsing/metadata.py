"""Whose document it is, of which year, and of which kind: from its own title and text, never from the name of its file.

In: the blocks of one file and what its tables say of their owner. Out: title, department, year, kind.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from index.errors import StructureError
from index.model import Block, Grid, Paragraph

KINDS = ("部门综合预算", "部门预算", "单位预算", "部门决算", "单位决算")
KIND = re.compile("|".join(KINDS))
FORM_KINDS = (
    (r"自评", "绩效自评表"), (r"整体.*绩效目标", "整体绩效目标表"), (r"绩效目标", "绩效目标表"),
)  # fmt: skip
ADJUSTED = re.compile(
    r"预算调整(?!后)|调整预算|调整方案"
)  # decided in mid-year: another budget, not a corrected edition
CORRECTED = re.compile(r"更正|修订|修正|勘误|更新[版后稿]|[（(]更新[)）]|调整后|重新公开")
YEAR = re.compile(r"(20\d\d)\s*(?:年|－|-|—)")
BUDGET_YEAR = re.compile(r"(20\d\d)\s*年度?[^。；，]{0,30}?(?:预算|决算|绩效)")
CONTENTS = re.compile(r"^目\s*录")
PART = re.compile(r"^第[一二三四五六七八九十]+部分")
OVERVIEW = re.compile(r"^第一部分[:：]?\s*(.{4,30}?)(?:概况|基本情况|简介)$")
FLUFF = re.compile(r"附件\d*[:：]?|公开|情况|说明|报表|及|文本|的|关于|表$|年度|度|汇总|[（(）)《》\s]")
LEVEL = re.compile(r"(?:区级|市级|省级|县级|本级)$|[（(](?:本级|机关|本部|汇总)[)）]$")
OFFICES = (
    "局", "委", "厅", "办", "办公室", "院", "部", "会", "中心", "大学", "学院", "学校", "队", "所", "站", "处", "馆", "署", "府", "司", "公司",
    "协", "团", "幼儿园", "小学", "中学", "机关",
)  # fmt: skip
OWN_NAME = re.compile(rf"(?:{'|'.join(OFFICES)})(?:机关|本级)?$")
REGION = "[\u4e00-\u9fff]{1,8}?(?:省|市|区|县|州|盟|旗)|国家|中共|中央"
SPOKEN_OF = re.compile(
    rf"(?:^|[，。；：（(、]|根据|由)((?:{REGION})[\u4e00-\u9fff]{{1,14}}?(?:{'|'.join(OFFICES)}))(?=20\d\d|是|为|本级|部门|所属|设|贯彻|机关)"
)
HEAD = 14  # blocks that can hold a cover


@dataclass(frozen=True)
class Identity:
    """Whose document it is: its title, the department, the year, and the kind (部门预算, 单位决算…)."""

    title: str
    department: str
    year: int
    kind: str


def identify(blocks: Sequence[Block], titles: Sequence[str], owners: Sequence[str], name: str,
             department: str | None = None, year: int | None = None) -> Identity:  # fmt: skip
    """Title, department, year and kind of a file. `titles` and `owners` are those of its tables; `department` and `year` are the
    operator's word, which counts. Raises StructureError where the year or the department cannot be told."""
    head = _head(blocks)
    texts = [block.text for block in blocks if isinstance(block, Paragraph)]
    cells = [cell.text for block in blocks if isinstance(block, Grid) for row in block.rows for cell in row.cells]
    title, kind = _title(head, titles, texts)
    year = year or _year(title, titles, texts, head) or _year("", [], cells, [])
    if year is None:
        raise StructureError(
            f"{name}：看不出是哪一年的文件；确是预算或决算的，请指明年份（命令行用 --year，网页填“年份”）"
        )
    department = department or _department(title, kind, owners, texts)
    if not department:
        raise StructureError(f"{name}：看不出是哪个部门的文件；请指明部门（命令行用 --department，网页填“部门”）")
    title = re.sub(r"^[^\w“（(《]+", "", title)
    if not title:
        title = f"{department}{year}年{kind}"
    return Identity(title, department, year, f"{kind}调整" if ADJUSTED.search(title) else kind)


def said_otherwise(title: str, kind: str, department: str, year: int) -> tuple[str | None, int | None]:
    """The department and the year that a title gives a document where it is held to be another's or another year's; None for what it
    does not say, or says alike."""
    office, said = _office_in(title, kind), _year_in(title)
    alike = office in ("", department) or department in re.sub(r"\s", "", title)
    return None if alike else office, None if said == year else said


def is_organisation(name: str) -> bool:
    """Whether a name is one of an office, as its last character tells."""
    return bool(OWN_NAME.search(re.sub(r"[（(].*?[)）]$", "", name))) and not re.search(r"\d", name)


def _head(blocks: Sequence[Block]) -> list[str]:
    """The lines of the cover: what stands before the contents page or the first heading of a part."""
    lines = []
    for block in blocks[:HEAD]:
        if not isinstance(block, Paragraph) or CONTENTS.match(block.text) or PART.match(block.text):
            break
        text = re.sub(r"\s", "", block.text)
        if re.match(r"^[一1][、.]|^[（(]一", text) or len(text) > 60:
            break
        lines.append(text)
    return lines


def _title(head: list[str], titles: Sequence[str], texts: Sequence[str]) -> tuple[str, str]:
    joined = ""
    for number, line in enumerate(head, 1):
        joined += line
        kind = KIND.search(joined)
        if kind and YEAR.search(joined):
            return joined + "".join(more for more in head[number : number + 1] if CORRECTED.search(more)), kind[0]
    for pattern, kind_of_form in FORM_KINDS:
        found = next((t for t in [*head, *titles] if re.search(pattern, t)), None)
        if found and len(titles) <= 3:
            return found, kind_of_form
    counts = Counter(match[0] for text in [*head, *titles, *texts] for match in KIND.finditer(text))
    if counts:
        return "", counts.most_common(1)[0][0]
    return "", "部门决算" if any("决算" in t for t in titles) else "部门预算"


def _year(title: str, titles: Sequence[str], texts: Sequence[str], head: Sequence[str]) -> int | None:
    told = _year_in(title) or _year_in("".join(head))
    if told is not None:
        return told
    counts = Counter(int(m[1]) for text in [*titles, *texts] for m in BUDGET_YEAR.finditer(text))
    counts = counts or Counter(int(m[1]) for text in texts for m in YEAR.finditer(text))
    # Last year is spoken of in comparisons as often as this year.
    best = counts.most_common(2)
    if not best:
        return None
    return max(year for year, count in best if count * 3 >= best[0][1])


def _year_in(text: str) -> int | None:
    match = BUDGET_YEAR.search(text) or YEAR.search(text)
    return int(match[1]) if match else None


def _before_kind(title: str, kind: str) -> str:
    """What a title says before 部门预算 or the like, its year and filling words taken out."""
    title = CORRECTED.sub("", title)
    rest = LEVEL.sub("", YEAR.sub("", title).split(kind)[0].rstrip("年度")) if kind in title else ""
    return plain_owner(FLUFF.sub("", rest))


def _office_in(title: str, kind: str) -> str:
    """The office that a title names as the one whose budget it is; empty where it names none."""
    rest = _before_kind(title, kind)
    return rest if len(rest) >= 3 and OWN_NAME.search(rest) else ""


def _department(title: str, kind: str, owners: Sequence[str], texts: Sequence[str]) -> str:
    told = Counter(plain_owner(owner) for owner in owners if owner)
    office = _office_in(title, kind)
    if office:
        return office
    title = CORRECTED.sub("", title)
    in_title = [owner for owner, _ in told.most_common() if owner and owner in title]
    if in_title:
        return max(in_title, key=len)
    if told:
        return told.most_common(1)[0][0]
    overview = next((m[1] for text in texts if (m := OVERVIEW.match(text)) and OWN_NAME.search(m[1])), "")
    return plain_owner(overview or _spoken_of(texts) or _before_kind(title, kind))


def _spoken_of(texts: Sequence[str]) -> str:
    """The office that the text names most often as the one that has a budget or duties; empty where none is named twice."""
    named = Counter(match[1] for text in texts for match in SPOKEN_OF.finditer(re.sub(r"\s", "", text)))
    name, count = named.most_common(1)[0] if named else ("", 0)
    return name if count > 1 else ""


def plain_owner(owner: str) -> str:
    """The name of an office as a table or title gives it, without its number, what no name begins with, and (本级)."""
    owner = re.sub(r"^[\[【]?\d{3,}[\]】]?[-—\s]*|^[^\w“（(]+", "", owner.strip())
    return re.sub(r"[（(](?:汇总|本级|部门汇总)[)）]$|\s", "", owner)
