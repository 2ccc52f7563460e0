"""What a document says in words: who it is, what changed since the year before and why, and other matters.

In: this year's Budget and last year's. Out: paragraphs under headings. Each number is a sum of the same leaves as the tables',
and each change is against the document of the year before, which prints that figure.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from benchmarks.province.classification import FUNCTIONS
from benchmarks.province.departments import FUND, GENERAL, WORDS
from benchmarks.province.figures import Budget, Leaf
from benchmarks.province.style import Style, printed
from benchmarks.province.tables import (
    basic,
    for_project,
    from_,
    numeral,
    operating,
    people,
    public,
    three_public,
)

Text = tuple[str, list[str]]  # a heading without its number, and its paragraphs


def money(hundredths: int) -> str:
    return f"{printed(hundredths)}万元"


@dataclass(frozen=True)
class Told:
    """This year beside the last, and how shares are printed."""

    now: Budget
    before: Budget
    style: Style

    @property
    def name(self) -> str:
        return self.now.department.name

    @property
    def word(self) -> str:
        return "决算" if self.now.final else "预算"

    def change(self, amount: Callable[[Budget], int]) -> str:
        """`比上年增加8.00万元，增长4.0%`."""
        now, before = amount(self.now), amount(self.before)
        if now == before:
            return "与上年持平"
        way, rate = ("增加", "增长") if now > before else ("减少", "下降")
        text = f"比上年{way}{money(abs(now - before))}"
        return f"{text}，{rate}{self.percent(abs(now - before), before)}" if before else text

    def percent(self, part: int, whole: int) -> str:
        share = Decimal(part) * 100 / Decimal(whole)
        return f"{share.quantize(Decimal(10) ** -self.style.decimals, ROUND_HALF_UP)}%"

    def reason(self, amount: Callable[[Budget, Callable[[Leaf], bool]], int]) -> str:
        """What moved most: projects that came or went, people, or what keeps the offices running."""
        moved = {
            what: amount(self.now, fits) - amount(self.before, fits)
            for what, fits in (("人员经费", people), ("公用经费", public), ("项目支出", for_project))
        }
        what = max(moved, key=lambda key: abs(moved[key]))
        way = "增加" if moved[what] > 0 else "减少"
        names = self._came_and_went(moved[what] > 0) if what == "项目支出" else []
        if names:
            return (
                f"主要原因是{'新增' if moved[what] > 0 else '不再安排'}{'、'.join(names[:2])}等项目，项目支出相应{way}"
            )
        return f"主要原因是{what}{way}"

    def _came_and_went(self, came: bool) -> list[str]:
        now, before = set(self.now.projects()), set(self.before.projects())
        return [self.now.department.projects[p].name for p in sorted(now - before if came else before - now)]


# --- part one ----------------------------------------------------------------------------------------------------
def overview(now: Budget, rng: random.Random) -> list[Text]:
    who = now.department
    duties = [f"（{numeral(n)}）{duty}。" for n, duty in enumerate(who.office["duties"], 1)]
    duties.append(f"（{numeral(len(duties) + 1)}）完成{who.level}委、{who.level}政府交办的其他任务。")
    duties += [
        f"{unit.name}主要职责是承担{who.office['topic']}方面的{unit.short}工作，提供相关公共服务。"
        for unit in who.units[1:]
    ]
    inside = rng.sample(WORDS["divisions"], min(3 + who.units[0].staff // 20, 9))
    offices = [f"{who.name}内设机构{len(inside)}个，分别是{'、'.join(inside)}。"]
    staff = sum(unit.staff for unit in who.units)
    offices.append(f"截至{now.year - 1}年12月31日，本部门在职人员{staff}人。")
    below = [unit.name for unit in who.units[1:]]
    if below:
        made = f"本部门{'决算' if now.final else '预算'}为汇总预算，包括局本级预算，以及纳入编制范围的下属单位预算。"
        made += f"下属单位具体包括：{'、'.join(below)}。"
    else:
        made = "本部门无下属单位，部门预算为本级预算。"
    if now.final:
        made = made.replace("预算", "决算")
    name = "部门决算构成" if now.final else "部门预算构成"
    return [("主要职责", duties), ("部门机构设置", offices), (name, [made])]


# --- part three --------------------------------------------------------------------------------------------------
def explanation(told: Told) -> list[Text]:
    texts = [
        (f"部门{told.word}收支增减变化情况", list(_totals(told))),
        ("“三公”经费安排情况", [_three_public(told)]),
        ("机关运行经费安排情况", [_operating(told)]),
        ("政府采购情况", [_purchases(told)]),
        ("国有资产占有使用情况", [_assets(told)]),
        ("预算绩效管理情况", [_performance(told)]),
    ]
    if told.style.by_item:
        texts.insert(1, (f"一般公共预算{'支出决算' if told.now.final else '支出'}具体情况", list(_items(told))))
    return texts


def _totals(told: Told) -> Iterator[str]:
    total = money(told.now.sum())
    change = told.change(lambda budget: budget.sum())
    reason = told.reason(lambda budget, fits: budget.sum(fits))
    yield f"{told.now.year}年本部门收入{told.word}{total}，{change}，{reason}；支出{told.word}{total}，{change}，{reason}。"
    now = told.now
    fund = now.sum(from_(FUND))
    if told.style.family != "long":
        of_general = money(now.sum(from_(GENERAL)))
        change = told.change(lambda budget: budget.sum(from_(GENERAL)))
        yield f"{now.year}年一般公共预算拨款支出{of_general}，{change}。"
    own, projects = now.sum(basic), now.sum(for_project)
    text = f"按支出用途分，基本支出{money(own)}，占{told.percent(own, now.sum())}；"
    yield text + f"项目支出{money(projects)}，占{told.percent(projects, now.sum())}。"
    if not fund:
        yield f"{now.year}年本部门没有使用政府性基金预算拨款安排的支出。"


def _three_public(told: Told) -> str:
    costs = three_public(told.now)

    def part(name: str, key: str) -> str:
        return f"{name}{money(costs[key])}，{told.change(lambda budget: three_public(budget)[key])}"

    amount = "支出" if told.now.final else "安排"
    text = f"{told.now.year}年本部门财政拨款{amount}“三公”经费{money(costs['total'])}，"
    text += told.change(lambda budget: three_public(budget)["total"]) + "。其中："
    cars = "公务用车购置及运行维护费"
    return (
        text
        + "；".join((part("因公出国（境）费", "abroad"), part(cars, "cars"), part("公务接待费", "reception")))
        + "。"
    )


def _operating(told: Told) -> str:
    amount = "支出" if told.now.final else "安排"
    return f"{told.now.year}年，本部门机关运行经费{amount}{money(operating(told.now))}，{told.change(operating)}，主要用于办公费、水电费、差旅费等日常支出。"


def _purchases(told: Told) -> str:
    bought = told.now.purchases
    return (
        f"{told.now.year}年本部门政府采购{'支出' if told.now.final else '安排'}{money(bought.total)}，其中：货物类采购{told.word}{money(bought.goods)}，"
        f"工程类采购{told.word}{money(bought.works)}，服务类采购{told.word}{money(bought.services)}。"
    )


def _assets(told: Told) -> str:
    now = told.now
    return f"截至{now.year if now.final else now.year - 1}年12月31日，本部门共有车辆{now.vehicles}辆，单价100万元以上的设备{now.devices}台（套）。"


def _performance(told: Told) -> str:
    amounts = told.now.projects()
    return f"{told.now.year}年本部门{len(amounts)}个项目纳入绩效目标管理，涉及资金{money(sum(amounts.values()))}。"


def _items(told: Told) -> Iterator[str]:
    """Each 项 with what it is for."""
    fits = from_(GENERAL)
    sums = told.now.spread(lambda leaf: (leaf.item,) if fits(leaf) else (), lambda leaf: ("",))
    for n, (code, _) in enumerate(sorted(sums), 1):
        names = f"{FUNCTIONS[code[:3]]}（类）{FUNCTIONS[code[:5]]}（款）{FUNCTIONS[code]}（项）"
        yield f"（{n}）{names}{money(sums[code, ''])}，主要用于{_purpose(told, code)}。"


def _purpose(told: Told, code: str) -> str:
    names = [p.name for p in told.now.department.projects if p.item == code]
    return "、".join(names[:2]) if names else "保障单位运转和人员待遇"


def key_projects(now: Budget) -> list[int]:
    """The largest projects, at most two."""
    amounts = now.projects()
    return sorted(amounts, key=lambda p: -amounts[p])[:2]


def terms() -> list[str]:
    return [f"{numeral(n)}、{term}" for n, term in enumerate(WORDS["terms"], 1)]
