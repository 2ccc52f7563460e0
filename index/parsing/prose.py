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
from index.parsing.rows import plain_label

AMOUNT, CHANGE, GROWTH = "", "比上年增减", "比上年增长率"
NUMBER = re.compile(
    r"(?P<number>\d[\d,]*(?:\.\d+)?)\s*"
    r"(?P<unit>亿元|万元|千元|元|%|％|万平方米|平方米|公里|辆|台|套|个|项|人(?!次)|名|家|处|人次|次|批次?|件|条|份|分(?=[，,。；;、（(）)]|$))"
    r"(?P<bound>以上|以下|以内|及以上)?"
)
RISE, FALL = "增加|增长|上升|提高|增多|上涨", "减少|下降|降低|下调|减低|压减"
COMPARED = re.compile(rf"(?:比|较)(?:上年|去年|上一年|上年度|20\d\d年).{{0,25}}?(?P<way>{RISE}|{FALL})(?:了)?$")
TURNED = re.compile(  # 与上年相比增加, or 公用经费减少 in a comparison that began before
    rf"^(?P<own>.*?)(?:(?:与|比|较)?(?:上年|去年|20\d\d年)?度?(?:相比|同比)|各|均)*(?:{RISE}|{FALL})(?:了)?$"
)
VISITED = {(times, people) for times in ("批次", "批", "次", "个") for people in ("人次", "人")}
SHARE = re.compile(r"^(?:分别)?(?:占|完成(?!率|度|量|值))")
RATE = re.compile(rf"^(?:同比|增幅|降幅)?(?:{RISE}|{FALL}|增幅|降幅)?(?:了|为|达)?$")
LEVEL = (
    r"(?P<level>(?:与|和|同|比|较)(?:上年度?|去年|上一年|20\d\d年度?)(?:年初)?(?:预算|决算)?数?(?:相比)?[，,]?"
    r"(?:持平|无增减|无变化|一致|没有变化|相同|保持不变))"
)
TOKEN = re.compile(rf"{NUMBER.pattern}|{LEVEL}|[（(](?=[^）)]*\d)|[）)]")
CODE = re.compile(r"[（(]\d{3,7}[）)]")  # 行政运行（2010801）: part of the name
CLAUSE = re.compile(r"[，,；;：:。]|(?<!收)、|、(?!支)")  # 收、支预算 is one thing
CHANGED = re.compile(r"^(?:比|与|和|较)(?:上年|去年|上一年).{0,12}(?:变化|变动|增减)(?:为|了)?$")
PARTS = re.compile(r"其中[：:，,]?")
OPENING = re.compile(
    r"^(?:.*20\d\d年度?)?(?:截至.*?[日底末])?(?:.*?[我本](?:部门|单位|局|委|办|院|年度))?(?:[及和]?所属)?(?:各?(?:预算)?单位)?"
    r"(?:当年|全年)?(?:汇总)?(?:财政拨款(?=安排|三公))?(?:安排的?|共有?)?"
)
COUNTERS = {"个", "项", "家", "名", "条", "套", "处"}
COUNTED = re.compile(r"((?:(?![的等和及与])[\u4e00-\u9fff]){2,10})")  # 5个监测站的…: the noun follows
REACHED = re.compile(r"(?:达到?|保持在?|控制在|不低于|不少于|高于|超过|大于|≥|为)$")
CLOSING = re.compile(
    r"(?:安排|为|累计|共计|共有?|合计|总计|总额|达到?|保持在?|控制在|不低于|不少于|高于|超过|大于|≥|约|金额|预算数|数)+$"
)
SCORED = re.compile(r"(?:得分|评分|总分)(?:为|是|达到?)?$")
REASON = re.compile(
    r"^(?:[一二三四五六]是|主要|由于|新增|增加|减少)"
)  # 二是新增了1个…: no subject stands before the number


class Figure(BaseModel):
    """One figure of prose. `value` is negative for a fall; `text` is the number as printed, with its unit; `whole` is what
    it is a part of (其中：)."""

    label: str
    whole: str = ""
    measure: str
    value: Decimal
    unit: str
    text: str
    sentence: str
    path: list[str]
    place: Place
    confidence: float | None = None  # OCR's, in its least certain character


def figures(sections: list[Section], owner: str = "") -> list[Figure]:
    """All figures of all sections, in reading order; the name of the `owner`, the department, is no part of a label."""
    return [_without(owner, figure) for section in sections for figure in section_figures(section)]


def _without(owner: str, figure: Figure) -> Figure:
    if not owner:
        return figure
    labels = (re.sub(rf"^{re.escape(owner)}(?:本级)?", "", label) for label in (figure.label, figure.whole))
    label, whole = (_subject(label) or label for label in labels)
    return figure.model_copy(update={"label": label or figure.label, "whole": whole})


def section_figures(section: Section) -> list[Figure]:
    """The figures of one section or one text of a table."""
    found: list[Figure] = []
    main = ""
    for span in re.finditer(r"(?:[^。]|。(?=[）)]))+。?", section.text):
        sentence = _Sentence(section, span[0], span.start(), main)
        found += sentence.figures()
        main = sentence.main
    return found


class _Sentence:
    """One sentence while it is read: its subject so far, those outside the brackets it is in, and the whole that the
    amounts after 其中 are parts of."""

    def __init__(self, section: Section, text: str, offset: int, main: str) -> None:
        self._section, self._sentence, self._offset = section, text.strip(), offset
        self._text = CODE.sub(lambda match: " " * len(match[0]), text)
        self._subject, self._start, self._unit = "", 0, ""
        self._outer: list[str] = []
        self._whole, self._listed, self._enumerated = "", 0, False
        self.main = main

    def figures(self) -> list[Figure]:
        return [figure for match in TOKEN.finditer(self._text) if (figure := self._read(match)) is not None]

    def _read(self, match: re.Match[str]) -> Figure | None:
        if match[0] in "（(":
            self._parts(self._text[self._start : match.start()])
            self._outer.append(self._subject)
            self._start = match.end()
            return None
        if match[0] in "）)":
            if self._outer:
                self._subject, self._start = self._outer.pop(), match.end()
            return None
        if match["level"]:
            level = self._subject and self._unit and self._is_told_of() and not self._own_subject(match)
            return self._figure(match, self._subject, CHANGE, Decimal(0), self._unit) if level else None
        return self._number(match)

    def _own_subject(self, match: re.Match[str]) -> str:
        """What stands between the last number and a word of comparison: a new subject without an amount."""
        return _subject(CLAUSE.split(self._text[self._start : match.start()])[-1])

    def _number(self, match: re.Match[str]) -> Figure | None:
        gap = self._text[self._start : match.start()]
        lead = re.sub(r"\s|(?<=收)、(?=支)", "", CLAUSE.split(gap)[-1])
        if match["unit"] == "分" and not SCORED.search(lead):
            return None  # 2分 of a standard is nobody's score
        if match["bound"] and not REACHED.search(lead):
            return None
        self._parts(gap)
        self._start = match.end()
        value = parse_amount(match["number"])
        if value is None or (re.search(r"[第至到—-]$", lead) and not REACHED.search(lead)):
            return None
        before = self._subject
        measure, sign, self._subject = _measure(lead, match["unit"], self._subject)
        if measure is None and before and not CLOSING.sub("", lead) and (self._unit, match["unit"]) in VISITED:
            self._unit, self._subject = match["unit"], before
            return self._figure(match, before + match["unit"], AMOUNT, value, match["unit"])  # 公务接待10批次、152人次
        counted = COUNTED.match(self._text, match.end()) if _counts(match["unit"], lead) else None
        if counted and (measure is None or not REACHED.search(lead)):
            return self._figure(match, counted[1], AMOUNT, value, match["unit"], whole="")
        if CHANGED.match(lead):  # 与上年相比变化0万元; which way another amount went is not said
            measure, self._subject = (None if value else CHANGE), before
        if measure == AMOUNT:
            if self._whole and self._unit and not self._outer and match["unit"] != self._unit:
                self._whole = ""  # 车辆6辆，设备0台: no part of the vehicles
            self._unit = match["unit"]
            self._listed += bool(self._whole) and not self._outer
            self._enumerated |= self._listed > 1 and "、" in gap
            self.main = self.main if self._whole or self._outer else self._subject
        elif measure is not None and not self._is_told_of():
            return None
        if not self._subject or measure is None:
            return None
        return self._figure(match, self._subject, measure, sign * value, match["unit"].replace("％", "%"))

    def _parts(self, gap: str) -> None:
        """其中 begins the parts of what was told before; a semicolon ends those that commas divide."""
        if self._outer:
            return
        if PARTS.search(gap):
            self._whole = "" if self._whole else self._subject or self.main
            self._listed, self._enumerated = 0, False
        elif re.search(r"[；;]", gap):
            if self._enumerated:
                self._whole, self._enumerated = "", False
            self._listed = 0

    def _is_told_of(self) -> bool:
        """Whether it is clear of what a change is told that follows now: after 甲…、乙…，比上年增加 it is their whole; after
        several parts divided by commas nobody can say."""
        if self._outer or not self._whole or self._listed < 2:
            return True
        if self._enumerated:
            self._subject, self._whole, self._enumerated = self._whole, "", False
            return True
        return False

    def _figure(
        self, match: re.Match[str], label: str, measure: str, value: Decimal, unit: str, whole: str | None = None
    ) -> Figure:
        if whole is None:
            whole = self._outer[-1] if self._outer else self._whole
        at = self._offset + match.start()
        return Figure(
            label=label, whole=whole if whole != label else "", measure=measure, value=value, unit=unit, text=match[0],
            sentence=self._sentence, path=self._section.path,
            place=self._section.place_at(at), confidence=self._section.confidence_in(at, at + len(match[0])),
        )  # fmt: skip


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
    if SHARE.match(lead):
        return None, 1, subject
    own = _subject(lead)
    return (AMOUNT, 1, own) if own else (None, 1, "" if unit.endswith("元") else subject)


def _subject(lead: str) -> str:
    """The noun of a lead: `2024年本部门政府采购安排` to 政府采购."""
    text = re.sub(r"^(?:其中|分别为|即)", "", plain_label(lead))
    text = CLOSING.sub("", OPENING.sub("", text, count=1))
    return text if len(text) >= 2 and not REASON.match(text) else ""
