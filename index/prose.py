"""Figures stated in prose.

In: sections. Out: figures, each with what it is a figure of, its measure (amount, change or growth against the year
before), its value and unit, and its sentence. A change takes the subject of the amount before it; what stands in brackets
is about the bracket's own subjects, and the one outside comes back when the bracket closes.
"""

from __future__ import annotations

import re
from decimal import Decimal

from pydantic import BaseModel

from index.amounts import parse_amount
from index.model import Place, Section
from index.rows import plain_label

AMOUNT, CHANGE, GROWTH = "", "比上年增减", "比上年增长率"
NUMBER = re.compile(
    r"(?P<number>\d[\d,]*(?:\.\d+)?)\s*"
    r"(?P<unit>亿元|万元|千元|元|%|％|万平方米|平方米|公里|辆|台|套|个|项|人|名|家|处|次|批|件|条|份)"
    r"(?P<bound>以上|以下|以内|及以上)?"
)
RISE, FALL = "增加|增长|上升|提高|增多|上涨", "减少|下降|降低|下调|减低|压减"
COMPARED = re.compile(rf"(?:比|较)(?:上年|去年|上一年|上年度|20\d\d年).{{0,25}}?(?P<way>{RISE}|{FALL})(?:了)?$")
TURNED = re.compile(  # 与上年相比增加, or 公用经费减少 in a comparison that began before
    rf"^(?P<own>.*?)(?:(?:与|比|较)?(?:上年|去年|20\d\d年)?度?(?:相比|同比)|各|均)*(?:{RISE}|{FALL})(?:了)?$"
)
SHARE = re.compile(r"^(?:分别)?(?:占|完成(?!率|度|量|值))")
RATE = re.compile(rf"^(?:同比|增幅|降幅)?(?:{RISE}|{FALL}|增幅|降幅)?(?:了|为|达)?$")
OPENING = re.compile(
    r"^(?:.*20\d\d年度?)?(?:截至.*?[日底末])?(?:[我本](?:部门|单位|局|年度))?(?:汇总)?(?:财政拨款(?=安排|三公))?(?:安排的?|共有?)?"
)
COUNTERS = {"个", "项", "家", "名", "条", "套", "处"}
COUNTED = re.compile(r"((?:(?![的等和及与])[\u4e00-\u9fff]){2,10})")  # 10个分中心的…: the noun follows
REACHED = re.compile(r"(?:达到?|保持在?|控制在|不低于|不少于|高于|超过|大于|≥|为)$")
CLOSING = re.compile(
    r"(?:安排|为|共计|共|合计|总计|总额|达到?|保持在?|控制在|不低于|不少于|高于|超过|大于|≥|约|金额|预算数|数)+$"
)
REASON = re.compile(
    r"^(?:[一二三四五六]是|主要|由于|新增|增加|减少)"
)  # 二是新增了1个…: no subject stands before the number


class Figure(BaseModel):
    """One figure of prose. `value` is negative for a fall; `text` is the number as printed, with its unit."""

    label: str
    measure: str
    value: Decimal
    unit: str
    text: str
    sentence: str
    path: list[str]
    place: Place


def figures(sections: list[Section]) -> list[Figure]:
    """All figures of all sections, in reading order."""
    return [figure for section in sections for figure in section_figures(section)]


def section_figures(section: Section) -> list[Figure]:
    """The figures of one section or one text of a table."""
    found: list[Figure] = []
    for whole in re.finditer(r"(?:[^。]|。(?=[）)]))+。?", section.text):
        sentence = whole[0]
        outer: list[str] = []
        subject, start = "", 0
        for match in re.finditer(rf"{NUMBER.pattern}|[（(](?=[^）)]*\d)|[）)]", sentence):
            if match[0] in "（(":
                outer.append(subject)
                start = match.end()
                continue
            if match[0] in "）)":
                if outer:
                    subject, start = outer.pop(), match.end()
                continue
            lead = re.sub(r"\s", "", re.split(r"[，,；;：:。、]", sentence[start : match.start()])[-1])
            if match["bound"] and not REACHED.search(lead):
                continue
            start = match.end()
            value = parse_amount(match["number"])
            if value is None or (re.search(r"[第至到—-]$", lead) and not REACHED.search(lead)):
                continue
            measure, sign, subject = _measure(lead, match["unit"], subject)
            counted = COUNTED.match(sentence, match.end()) if _counts(match["unit"], lead) else None
            if counted and (measure is None or not REACHED.search(lead)):
                found.append(
                    Figure(
                        label=counted[1],
                        measure=AMOUNT,
                        value=value,
                        unit=match["unit"],
                        text=match[0],
                        sentence=sentence.strip(),
                        path=section.path,
                        place=section.place_at(whole.start() + match.start()),
                    )
                )
                continue
            if subject and measure is not None:
                found.append(
                    Figure(
                        label=subject,
                        measure=measure,
                        value=sign * value,
                        unit=match["unit"].replace("％", "%"),
                        text=match[0],
                        sentence=sentence.strip(),
                        path=section.path,
                        place=section.place_at(whole.start() + match.start()),
                    )
                )
    return found


def _counts(unit: str, lead: str) -> bool:
    """Whether a number counts the noun after it; 新增了1个… tells of a change, not of how many there are."""
    return unit in COUNTERS and not re.search(r"(?:新增|新建|新设|增加|减少|撤销|合并|增设)了?$", lead)


def _measure(lead: str, unit: str, subject: str) -> tuple[str | None, int, str]:
    """What a number is: an amount of a new subject, or the change or growth of its own subject or the one before it.

    A share (占支出的…%) is none of these: what it is a share of stands elsewhere.
    """
    compared = COMPARED.search(lead)
    sign = -1 if re.search(FALL, lead) else 1
    if compared:
        own = _subject(lead[: compared.start()])
        return (GROWTH if unit in "%％" else CHANGE), sign, own or subject
    if RATE.match(lead) and unit in "%％":
        return GROWTH, sign, subject
    turned = TURNED.match(lead)
    if turned:
        own = _subject(turned["own"])
        known = bool(own or not turned["own"].strip())
        return ((GROWTH if unit in "%％" else CHANGE) if known else None), sign, own or subject
    own = "" if SHARE.match(lead) else _subject(lead)
    return (AMOUNT, 1, own) if own else (None, 1, subject)


def _subject(lead: str) -> str:
    """The noun of a lead: `2024年本部门政府采购安排` to 政府采购."""
    text = re.sub(r"^(?:其中|分别为|即)", "", plain_label(lead))
    text = CLOSING.sub("", OPENING.sub("", text, count=1))
    return text if len(text) >= 2 and not REASON.match(text) else ""
