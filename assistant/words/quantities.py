"""Numbers in a question: amounts with their unit, bounds, ordinals, years, codes.

In: a question in normal form. Out: spans with what they mean. An amount without a bound word is what the asker claims or
compares with; with one it is a condition.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import cn2an

DIGITS = r"(?:\d[\d,]*(?:\.\d+)?|[一二三四五六七八九十百千两]+)"
MONEY = r"万块|万元|亿元|千元|百万元|千万元|百万|千万|块钱|元|亿|万|块"
MONEY_UNITS = {"万": "万元", "万块": "万元", "亿": "亿元", "块": "元", "块钱": "元", "百万": "百万元", "千万": "千万元"}
OTHER_UNITS = r"%|个百分点|平方米|平米|辆|台|倍"
ABOVE = r"超过|大于|高于|多于|不低于|不少于|至少|不小于|超出|高过|在|达到|达|破|过|≥|>=|>|超"
BELOW = r"低于|小于|少于|不到|不足|不超过|不高于|不多于|至多|最多|以内|≤|<=|<|不满|未到|没到|不大于"
ABOUT = r"大约|大概|约莫|约|将近|接近|差不多有?|近|大致"
OVER = {"多", "余", "有余", "出头", "往上", "开外"}
AT_LEAST = {"不低于", "不少于", "至少", "不小于", "达到", "达", "≥", ">="}
AT_MOST = {"不超过", "不高于", "不多于", "至多", "最多", "≤", "<=", "不大于"}

YEAR_DIGITS = "零一二三四五六七八九"
WRITTEN_YEAR = re.compile(rf"二[〇○零][〇○{YEAR_DIGITS}]{{2}}(?=年)")
MOST_RANKED = 200
# What is counted, by the measure word that asks for it; the words of one line count the same.
COUNTED_BY = (
    ("人", "名", "位", "人次"), ("家", "个", "户", "所"),
    ("项", "个", "件"), ("台", "套", "件", "个", "部"), ("辆", "台"), ("次", "场", "期", "回", "个"), ("批", "批次"),
    ("册", "本", "份", "篇", "条", "件"), ("平方米", "平米", "㎡"), ("公里", "千米"), ("天", "日", "工作日", "个工作日"),
    ("栋", "间", "亩", "吨", "株", "棵"), ("小时", "个小时", "分钟", "天", "个工作日", "工作日", "日", "个月", "月", "年"),
)  # fmt: skip
ASKED_COUNT = re.compile(
    r"(?<![前后这那哪的头余他它外下])(?:多少|几)个?(人次|批次|平方米|平米|公里|工作日|[人名位家户所台套件部辆次场期回批册本份篇条天栋间亩吨])(?!民币|们?都|[均月大])"
)
PEOPLE_ASKED = re.compile(
    r"(?:多少|几)(?!钱|元|个?[百千]?[万亿])[^，。？?多几]{0,8}?(?:群众|学生|干部|职工|教师|老师|人员|老人|工人|的人)(?=[？?。呢啊]|$)"
)
THINGS_ASKED = re.compile(
    r"(?<![前后这那哪的头余他它外下])(?:多少|几)[个项](?![月点百钱]|百分点|目?(?:资金|支出|经费|预算|金额))[^，。？?]{0,6}[？?。呢啊]*$"
)
PEOPLE = re.compile(r"(?:人员|职工|干部|员工|的人|老师|工人)(?:一?共|总共|大概)?有?(?:多少|几)个")
TIME_ASKED = re.compile(r"多长时间|多久|多少(?:个?小时|分钟|天)|几(?:个?小时|分钟|天)")
ASKED_MONEY = re.compile(r"(?:多少|几|什么)(?:个?[百千]?[万亿]|元|块|个?钱|资金|经费|预算|支出)|金额|花销|费用")
AMONG = re.compile(  # 几家单位里谁最多: one of them is asked for, and not how many there are
    r"(?<!第)(?<!多)几[家个项类笔][^，。；？?]{0,4}?(?:里头?|里面|中|当中|之中|之间)(?=[谁哪最的，])"
)
Operator = Literal["gt", "ge", "lt", "le", "eq", "about"]


@dataclass(frozen=True)
class Quantity:
    """One number of the question at [start, end): `value` in `unit`; `operator` where a bound word stands with it."""

    start: int
    end: int
    kind: Literal["amount", "rank", "year", "code", "relative_year", "count", "numbering", "decimals"]
    value: Decimal
    unit: str | None = None
    operator: Operator | None = None
    text: str = ""


def number(text: str) -> Decimal:
    """Digits or Chinese numerals to a Decimal: 1,200 / 五十 / 两百. Raises ValueError for neither."""
    clean = text.replace(",", "")
    if re.fullmatch(r"\d+(\.\d+)?", clean):
        return Decimal(clean)
    try:
        return Decimal(str(cn2an.cn2an(clean, "smart")))
    except KeyError as error:  # its answer to numerals in an impossible order
        raise ValueError(f"{text}：不是数字") from error


def asked_count(question: str) -> tuple[str, ...]:
    """The units in which a question asks for a number of people or things, that of its own word first; empty where it asks for
    money, or says no measure word."""
    question = AMONG.sub("", question)
    found = ASKED_COUNT.findall(question)
    if not found and PEOPLE_ASKED.search(question):
        found = ["人次"]  # 要接待多少来访的群众
    if not found and TIME_ASKED.search(question):
        found = ["小时"]
    if not found and THINGS_ASKED.search(question):
        found = ["个"]
    if found == ["个"] and PEOPLE.search(question):
        found = ["人"]  # 退休人员有几个
    if len(set(found)) != 1 or ASKED_MONEY.search(question):
        return ()
    return counting_units(found[0])


def counting_units(said: str) -> tuple[str, ...]:
    """The units of a measure word, that itself first; empty for what is none."""
    lines = [line for line in COUNTED_BY if said in line]
    return tuple(dict.fromkeys([said, *(unit for line in lines for unit in line)])) if lines else ()


def quantities(question: str) -> list[Quantity]:
    """All numbers that mean something, without overlaps, the most specific reading first."""
    found: list[Quantity] = []
    for reader in (
        _split_codes,
        _years,
        _zero,
        _between,
        _tenths,
        _doubled,
        _amounts,
        _ranks,
        _numbering,
        _decimals,
        _counts,
        _codes,
    ):
        try:
            read = reader(question)
        except ValueError:  # numerals that are no number: 百成
            continue
        for quantity in read:
            if all(quantity.end <= other.start or quantity.start >= other.end for other in found):
                found.append(quantity)
    return sorted(found, key=lambda q: q.start)


def _split_codes(question: str) -> list[Quantity]:
    """208类05款99项 is the code 2080599."""
    pattern = r"(\d{3})类(\d{2})款(?:(\d{2})项)?"
    return [
        Quantity(m.start(), m.end(), "code", Decimal(0), text="".join(g for g in m.groups() if g))
        for m in re.finditer(pattern, question)
    ]


def _years(question: str) -> list[Quantity]:
    found = [
        Quantity(m.start(), m.end(), "year", Decimal(m[1]), text=m[1])
        for m in re.finditer(r"(?<!\d)((?:19|20)\d\d)(?:年度?|财年)?(?![\d.,])(?!年?代)", question)
        if m[0].endswith(("年", "度", "财年")) or not re.match(rf"\s*(?:{MONEY})", question[m.end() :])
    ]
    found += [
        Quantity(m.start(), m.end(), "year", Decimal(2000 + int(m[1])), text=str(2000 + int(m[1])))
        for m in re.finditer(r"(?<![\d.])(\d\d)年(?!代)", question)
    ]
    for words, offset in (
        ("前年", -2),
        ("去年度?|上一?年度?|往年|上年度?", -1),
        ("明年度?|下一?年度?|来年", 1),
        ("后年", 2),
    ):
        found += [
            Quantity(m.start(), m.end(), "relative_year", Decimal(offset), text=m[0])
            for m in re.finditer(words, question)
            if question[m.start() - 2 : m.start()] not in ("结转", "转到") and question[m.end() : m.end() + 2] != "结转"
        ]
    return found


def _tenths(question: str) -> list[Quantity]:
    """九成以上, 三分之一: shares said as tenths or fractions, in per cent."""
    found = []
    for m in re.finditer(
        rf"({BELOW}|{ABOVE}|{ABOUT})?({DIGITS})成(?!本|效|果|立|为|功)(以上|以下|以内|左右|上下|多|有余|出头)?",
        question,
    ):
        found.append(Quantity(m.start(), m.end(), "amount", number(m[2]) * 10, "%", _operator(m[1], m[3]), m[0]))
    for m in re.finditer(
        rf"({BELOW}|{ABOVE})?([二三四五六七八九十])分之([一二三四五六七八九])(以上|以下|以内)?", question
    ):
        value = (number(m[3]) * 100 / number(m[2])).quantize(Decimal("0.01"))
        found.append(Quantity(m.start(), m.end(), "amount", value, "%", _operator(m[1], m[4]), m[0]))
    return found


def _doubled(question: str) -> list[Quantity]:
    """翻倍, 翻了两番: growth said as doublings, in per cent."""
    found = []
    for m in re.finditer(r"翻(?:了)?(?:(倍)|([一两二三四五])?番)", question):
        times = 2 ** int(number(m[2] or "一")) if not m[1] else 2
        found.append(Quantity(m.start(), m.end(), "amount", Decimal(times - 1) * 100, "%", "ge", m[0]))
    return found


def _unit(text: str) -> str:
    return MONEY_UNITS.get(text, "%" if text == "个百分点" else "平方米" if text == "平米" else text)


def _zero(question: str) -> list[Quantity]:
    """为0, 没有安排: an amount of zero as a condition."""
    nonzero = r"(?:不为|(?<!是)不是|非|大于|不等于)(?:0|零)(?:元)?(?![\d.])|(?<!没)有安排的"
    found = [
        Quantity(m.start(), m.end(), "amount", Decimal(0), "元", "gt", m[0]) for m in re.finditer(nonzero, question)
    ]
    pattern = (
        r"(?:(?<=是不是)|(?<!不)(?:为|是|等于|都是|全是))(?:0|零)(?:元|万元)?(?![\d.])|零支出|零预算|零安排|"
        r"(?:没有?|无)(?:一分|半分|一毛|任何)钱?的|没花钱的|没有?安排(?:资金|预算|支出|钱)?的"
    )
    found += [
        Quantity(m.start(), m.end(), "amount", Decimal(0), "元", "eq", m[0]) for m in re.finditer(pattern, question)
    ]
    return found


def _between(question: str) -> list[Quantity]:
    """60万到120万之间: two conditions over one span, told as a ge and a le of the same words."""
    unit = rf"({MONEY})?"
    bound = r"(?:（(?:不?含|不?包括|不?包含)[^）]{0,4}）)?"
    pattern = (
        rf"(?:在|介于)?({DIGITS}){unit}元?({bound})(?:到|至|—|-|~|～|和|与)({DIGITS})({MONEY})(?:元)?({bound})"
        r"(?:之间|区间|以内|之内|范围内|的|间)?"
    )
    found = []
    for m in re.finditer(pattern, question):
        high_unit = _unit(m[5])
        low_unit = _unit(m[2]) if m[2] else high_unit
        if not re.search(r"在|介于|之间|区间|间|至|到|—|-|~|～|范围", m[0]):
            continue
        middle = m.start(4)
        low, high = ("gt" if "不" in m[3] else "ge"), ("lt" if "不" in m[6] else "le")
        found.append(Quantity(m.start(), middle, "amount", number(m[1]), low_unit, low, m[0]))  # type: ignore[arg-type]
        found.append(Quantity(middle, m.end(), "amount", number(m[4]), high_unit, high, m[0]))  # type: ignore[arg-type]
    return found


def _amounts(question: str) -> list[Quantity]:
    pattern = (
        rf"(?:高达|多达|长达|(?P<before>{ABOVE}|{BELOW}|{ABOUT}))?(?:了|有|约|到)?(?P<number>{DIGITS})(?P<over>[多余])?个?(?P<unit>{MONEY}|{OTHER_UNITS})(?:人民币)?"
        rf"(?P<after>多(?!少)|有余|出头|左右|上下|以上|及以上|往上|开外|以下|及以下|以内|之内|都不到|都没到)?"
    )
    found = []
    for m in re.finditer(pattern, question):
        try:
            value = number(m["number"])
        except ValueError:
            continue
        after = m["over"] or m["after"]
        found.append(
            Quantity(m.start(), m.end(), "amount", value, _unit(m["unit"]), _operator(m["before"], after), m[0])
        )
    return found


def _operator(before: str | None, after: str | None) -> Operator | None:
    if after in OVER:
        return "gt"
    if after in ("左右", "上下") or (before and re.fullmatch(ABOUT, before)):
        return "about"
    if after in ("以上", "及以上"):
        return "ge"
    if after in ("都不到", "都没到"):
        return "lt"
    if after in ("以下", "以内", "之内", "及以下"):
        return "le" if after != "以下" else "lt"
    if before in AT_LEAST:
        return "ge"
    if before in AT_MOST:
        return "le"
    if before and re.fullmatch(BELOW, before):
        return "lt"
    if before and before != "在":
        return "gt"
    return None


def _ranks(question: str) -> list[Quantity]:
    """第二, 前三, 头三, 后两名, top 5: the value is the position or how many; `text` is 第, 前 or 后."""
    found = []
    for pattern, kind in ((rf"第({DIGITS})(?:名|位|大|多|高|个|项|笔|小|少)?", "第"),
                          (rf"(?:前|头|top ?|最[大多高贵]的?前?)({DIGITS})(?:名|位|个|项|大|家|笔|强|款|类|种)?", "前"),
                          (rf"(?:后|末|倒数|最[小少低]的?)({DIGITS})(?:名|位|个|项|家|笔|款|类|种)?", "后")):  # fmt: skip
        for m in re.finditer(pattern, question):
            if re.match(r"部分|张|条|章|年", question[m.end() :]):
                continue
            try:
                position = number(m[1])
            except ValueError:
                continue
            if position <= MOST_RANKED:
                found.append(Quantity(m.start(), m.end(), "rank", position, None, None, kind))
    return found


def _decimals(question: str) -> list[Quantity]:
    """保留两位小数: how exactly the asker wants it."""
    return [
        Quantity(m.start(), m.end(), "decimals", number(m[1]), text=m[0])
        for m in re.finditer(
            r"(?:(?:保留|留|精确到|取|四舍五入到?)(?:到|小数点后)?|小数点后)([一两二三四]|\d)位(?:小数)?", question
        )
    ]


def _numbering(question: str) -> list[Quantity]:
    """二十、 in front of a label or alone: the number that the table prints there."""
    return [
        Quantity(m.start(), m.end(), "numbering", Decimal(0), text=m[1])
        for m in re.finditer(r"(?<![一二三四五六七八九十第])([一二三四五六七八九十]{1,3})、", question)
    ]


def _counts(question: str) -> list[Quantity]:
    """四项, 三类, 两家: how many things the asker names, not a value."""
    return [
        Quantity(m.start(), m.end(), "count", number(m[1]), "个" if m[0].endswith("个") else None, None, m[0])
        for m in re.finditer(
            r"(?<!第)(?<![前后头\d])([两二三四五六七八九十]|\d{1,2})(?:大类|类|项|个|家|款|者|笔|张|种|部分|块)(?!月)",
            question,
        )
    ]


def _codes(question: str) -> list[Quantity]:
    return [
        Quantity(m.start(), m.end(), "code", Decimal(0), text=m[0])
        for m in re.finditer(r"(?<![\d.])(?<!\d,)(?:\d{7}|\d{5}|\d{3})(?![\d%]|[.,]\d)", question)
        if not re.match(rf"\s*(?:{MONEY}|{OTHER_UNITS}|个|项|条|名|人|家|次|号)", question[m.end() :])
    ]


def with_years_in_digits(text: str) -> str:
    """A text with its years in digits: 二〇二四年 as 2024年."""
    return WRITTEN_YEAR.sub(lambda m: "".join(str(max(0, YEAR_DIGITS.find(c))) for c in m[0]), text)
