"""A name of the documents as people say it.

In: the name of a row, a table, a unit, a project or a term. Out: the ways to say it, each with how sure it is that the name is meant:
without what its brackets hold, without its region or year, with another word for money at its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import cn2an

from assistant.words.normal import bare

PLAIN_BUDGET = re.compile(r"..(?<!公共)(?<!基金)(?<!经营)(?<!部门)(?<!单位)预算$")
SHORTEST_FRAGMENT = 4
TABLE_FORMS = ("表{}", "第{}张表", "第{}个表", "附表{}", "第{}表", "{}号表", "第{}号表", "表{}号")
OF_YEAR = re.compile(r"^20\d\d年度?")
STATED = re.compile(
    r"^.{0,6}?(?:现有|共有|实有|设有|拥有)(?=..)|(?<=..)(?:接?近|约)$"
)  # what prose says beside a number
LOOSELY_SAID = 6  # characters; a longer label is also said without its 的
REGION = re.compile(r"^(.{2,4}?)(?:省|市|自治州|州|地区|盟|县|区|旗)|^(.)县")
PLANS = ("", "计划", "打算", "准备", "想", "要", "预备")
BUYING = ("购置", "采购", "购买", "新增", "添置", "新添", "新购", "新买", "买", "添")


def table_variants(title: str, number: str | None, departments: Iterable[str]) -> Iterator[tuple[str, float]]:
    """The ways in which a table is said: its title, without what brackets hold, without 表, without its year or whose it is; its
    number."""
    yield title, 1.0
    short = re.sub(r"[（(].*?[)）]", "", title)
    for form in (
        short,
        title.removesuffix("表"),
        short.removesuffix("表"),
        *_unowned(title, departments),
        *_unowned(short, departments),
    ):
        if form != title:
            yield form, 0.95
    if number:
        digits = int(number) if number.isdigit() else None
        for word in (number, cn2an.an2cn(digits) if digits else number):
            for form in TABLE_FORMS:
                yield form.format(word), 1.0


def _unowned(title: str, departments: Iterable[str]) -> Iterator[str]:
    """A title without its year, and without the department that it begins with."""
    plain = OF_YEAR.sub("", title)
    yield plain
    yield from (OF_YEAR.sub("", plain.removeprefix(name)) for name in departments if plain.startswith(name))


def label_variants(name: str) -> list[tuple[str, float]]:
    """The ways in which a label is said, with how sure each is: without what brackets hold, without a trailing 支出."""
    variants = {name: 1.0}
    for form in (re.sub(r"（[^）]*）", "", name), re.sub(r"[（）]", "", name)):
        variants.setdefault(form, 0.98)
    for form in list(variants):
        for said, score in (*_by_its_end(form), *_by_its_words(form)):
            variants.setdefault(said, score)
    counted = STATED.sub("", name)
    if counted != name:
        variants.setdefault(counted, 0.97)
    for form in [form for form in variants if "的" in form and len(form) > LOOSELY_SAID]:
        variants.setdefault(form.replace("的", ""), 0.95)
    return [(form, score) for form, score in variants.items() if len(form) >= 2]


def _by_its_end(form: str) -> Iterator[tuple[str, float]]:
    """A label with another word for money at its end, or none: 培训 for 培训费, 培训费支出."""
    yield form + "预算", 0.99
    for suffix in ("支出", "费用", "经费"):
        if form.endswith(suffix) and len(form) - len(suffix) >= 2:
            yield form.removesuffix(suffix), 0.9
            if suffix == "费用":
                yield form.removesuffix("用"), 0.97
    if PLAIN_BUDGET.search(form):  # 政府采购预算, but not 一般公共预算
        yield form.removesuffix("预算"), 0.95
    if form[-1:] in ("A", "B", "C") and len(form) > 2:  # 一、货物A
        yield form[:-1], 0.95
    if form.endswith("费"):
        if len(form) > SHORTEST_FRAGMENT:
            yield form[:-1], 0.9
        yield form + "用", 0.97
        yield form + "支出", 0.95


def _by_its_words(form: str) -> Iterator[tuple[str, float]]:
    """A label with other words for 其他, 和 and 拟, and amounts of money as they are spoken: 五十万 for 50万元."""
    if form.startswith("其他") and len(form) > 4:
        yield "其它" + form[2:], 0.98
    if "和" in form:
        yield form.replace("和", "与"), 0.97
        yield form.replace("和", "及"), 0.97
        if len(form) > 5:
            yield form.replace("和", "", 1), 0.93  # 甲和乙支出 said as 甲乙支出
    if form.startswith("拟") and len(form) > 5:
        yield from ((said, 0.97) for said in _planned(form))
    digits = re.search(r"(在)?(\d+)(万元|亿元)", form)
    if digits:
        spoken = cn2an.an2cn(digits[2])
        short = spoken.removeprefix("一") + digits[3][0]
        for amount in (digits[2] + digits[3][0], spoken + digits[3][0], spoken + digits[3], short, short + "元"):
            for at in ("", "在"):
                yield form.replace(digits[0], at + amount), 0.97
        yield form.replace("在", ""), 0.98
    if "及" in form:
        yield form.replace("及", "和"), 0.97


def _planned(label: str) -> list[str]:
    """拟购置固定资产 as people say it: 打算新添的固定资产."""
    bought = re.match(r"拟(?:购置|采购|购买|新增)", label)
    if bought is None:
        return [plan + label[1:] for plan in (*PLANS, "新")]
    rest = label[bought.end() :]
    return [
        f"{plan}{new}{verb}{of}{rest}" for plan in PLANS for new in ("", "新") for verb in BUYING for of in ("", "的")
    ]


def unit_variants(unit: str) -> list[tuple[str, float]]:
    """The short names of a unit: without its region, and the ends of at least four characters."""
    region = REGION.match(unit)
    core = unit[region.end() :] if region else unit
    variants = {unit: 1.0, core: 0.98}
    plain = re.sub(r"（[^）]*）", "", unit)
    if plain:
        variants.setdefault(plain, 0.98)
    for start in range(1, len(core) - 3):
        variants.setdefault(core[start:], 0.85)
    return list(variants.items())


def project_variants(name: str) -> list[tuple[str, float]]:
    """The ways in which a project is said: without brackets, region, and the final 项目."""
    variants = {name: 1.0, re.sub(r"（[^）]*）", "", name): 0.98}
    for form in list(variants):
        region = REGION.match(form)
        if region:
            variants.setdefault(form[region.end() :].lstrip("-—"), 0.97)
    for form in list(variants):
        short = re.sub(r"(?:服务|采购)?项目$", "", form)
        for end in (form.removesuffix("项目"), short):
            if len(end) >= 4:
                variants.setdefault(end, 0.95)
                variants.setdefault(end + "项目", 0.95)
    return [(form, score) for form, score in variants.items() if len(bare(form)) >= 4]


def term_variants(term: str) -> list[str]:
    """A defined term with and without what its brackets hold: 行政经费（机关运行经费）."""
    inside = re.findall(r"（([^）]*)）", term)
    return [term, re.sub(r"（[^）]*）", "", term), *[i for i in inside if len(i) > 2]]
