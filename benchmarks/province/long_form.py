"""The long family of tables: twelve of them, as cities of the south publish.

In: a Budget and its Style. Out: its Tables in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from benchmarks.province.classification import ECONOMICS
from benchmarks.province.departments import APPROPRIATED, CAPITAL, FUND, GENERAL, OWN, SPECIAL
from benchmarks.province.figures import Budget, Leaf
from benchmarks.province.style import Style
from benchmarks.province.tables import (
    Columns,
    Line,
    Side,
    Table,
    basic,
    both,
    by_class,
    by_code,
    code_heads,
    everything,
    for_project,
    from_,
    nothing,
    numbered,
    numeral,
    operating,
    plain,
    three_public,
    unit_name,
)

EMPTY = "注：本表本年无发生额。"
NO_NOTE = "注：无。"


def long_form(budget: Budget, style: Style) -> list[Table]:
    tables = [
        _summary(budget, style),
        _income(budget),
        _expenditure(budget),
        _appropriations(budget, style),
        _general(budget, style),
        _by_purpose(budget, style, "basic_by_economic", "基本支出", both(basic, from_(GENERAL))),
    ]
    if style.by_project_purpose:
        fits = both(for_project, from_(GENERAL))
        tables.append(_by_purpose(budget, style, "project_by_economic", "项目支出", fits))
    return [
        *tables,
        _three_public(budget),
        _fund(budget, "government_fund", "政府性基金预算支出", FUND),
        _fund(budget, "state_capital", "国有资本经营预算支出", CAPITAL),
        _basic_by_unit(budget, style),
        _projects(budget, style),
    ]


def _summary(budget: Budget, style: Style) -> Table:
    total = budget.sum()
    appropriated, special, own = (budget.sum(from_(*s)) for s in (APPROPRIATED, (SPECIAL,), (OWN,)))
    income = numbered((("预算拨款", (appropriated,)), ("财政专户拨款", (special,)), ("其他资金", (own,))))
    later = [("上级补助收入", (0,)), ("附属单位上缴收入", (0,)), ("用事业基金弥补收支差额", (0,))]
    income += [plain("本年收入合计", (total,)), *_numbered_from(4, later), plain("收入总计", (total,))]
    classes = by_class(budget, style, {("预算",): everything})
    spent = numbered(classes)
    after = [("对附属单位补助支出", (0,)), ("上缴上级支出", (0,)), ("结转下年", (0,))]
    spent += [plain("本年支出合计", (total,)), *_numbered_from(len(classes) + 1, after), plain("支出总计", (total,))]
    return Table("summary", "收支总体情况表", _half("收入", income), _half("支出", spent), (NO_NOTE,))


def _numbered_from(start: int, items: Iterable[tuple[str, tuple[int, ...]]]) -> list[Line]:
    return [plain(f"{numeral(n)}、{name}", values) for n, (name, values) in enumerate(items, start)]


def _half(side: str, lines: list[Line]) -> Side:
    return Side(((side, "项目"),), ((side, "预算"),), tuple(lines))


def _income(budget: Budget) -> Table:
    columns: Columns = {
        ("合计",): everything,
        ("财政拨款收入", GENERAL): from_(GENERAL), ("财政拨款收入", FUND): from_(FUND), ("财政拨款收入", CAPITAL): from_(CAPITAL),
        ("财政专户拨款收入", "教育收费"): nothing, ("财政专户拨款收入", "其他专户收入拨款"): from_(SPECIAL),
        ("其他资金收入", "事业收入"): from_(OWN), ("其他资金收入", "经营收入"): nothing, ("其他资金收入", "其他收入"): nothing,
        ("上级补助收入",): nothing, ("附属单位上缴收入",): nothing, ("用事业基金弥补收支差额",): nothing,
    }  # fmt: skip
    side = by_code(budget, columns, everything, [("功能分类科目", "科目编码"), ("功能分类科目", "科目名称")])
    return Table("income", "收入总体情况表", side, notes=(NO_NOTE,))


def _expenditure(budget: Budget) -> Table:
    columns: Columns = {
        ("合计",): everything, ("基本支出",): basic, ("项目支出",): for_project, ("事业单位经营支出",): nothing,
        ("对附属单位补助支出",): nothing, ("上缴上级支出",): nothing, ("结转下年",): nothing,
    }  # fmt: skip
    side = by_code(budget, columns, everything, [("功能分类科目", "科目编码"), ("功能分类科目", "科目名称")])
    return Table("expenditure", "支出总体情况表", side, notes=(NO_NOTE,))


def _appropriations(budget: Budget, style: Style) -> Table:
    total = budget.sum(from_(*APPROPRIATED))
    income = numbered((source, (budget.sum(from_(source)),)) for source in APPROPRIATED)
    income += [plain("本年收入合计", (total,)), plain("收入总计", (total,))]
    classes = by_class(budget, style, {("预算",): from_(*APPROPRIATED)})
    spent = [*numbered(classes), plain("本年支出合计", (total,))]
    spent += [*_numbered_from(len(classes) + 1, [("结转下年", (0,))]), plain("支出总计", (total,))]
    return Table("appropriations", "财政拨款收支总体情况表", _half("收入", income), _half("支出", spent), (NO_NOTE,))


def _general(budget: Budget, style: Style) -> Table:
    top = "一般公共预算支出"
    columns: Columns = {(top, "小计"): everything, (top, "其中：基本支出"): basic, (top, "项目支出"): for_project}
    heads = code_heads(style, "功能科目")
    side = by_code(budget, columns, from_(GENERAL), heads)
    return Table("general", "一般公共预算支出情况表（按功能分类科目）", side, notes=(NO_NOTE,))


def _by_purpose(budget: Budget, style: Style, key: str, name: str, fits: Callable[[Leaf], bool]) -> Table:
    heads = code_heads(style, "部门预算支出经济科目")
    side = by_code(budget, {("预算",): everything}, fits, heads, names=ECONOMICS)
    return Table(key, f"一般公共预算{name}情况表（按经济分类科目）", side, notes=(NO_NOTE,))


def _three_public(budget: Budget) -> Table:
    costs = three_public(budget)

    def line(label: str, amount: int) -> Line:
        return plain(label, (amount, amount, 0, 0))

    lines = (
        line("行政经费", operating(budget)), line("“三公”经费", costs["total"]),
        line("其中：（一）因公出国（境）支出", costs["abroad"]), line("（二）公务用车购置及运行维护支出", costs["cars"]),
        line("1.公务用车购置费", costs["buying"]), line("2.公务用车运行维护费", costs["running"]),
        line("（三）公务接待费支出", costs["reception"]),
    )  # fmt: skip
    side = Side((("项目",),), (("合计",), (GENERAL,), (FUND,), (CAPITAL,)), lines)
    return Table("three_public", "财政拨款安排的行政经费及“三公”经费预算表", side, notes=(NO_NOTE,))


def _fund(budget: Budget, key: str, top: str, source: str) -> Table:
    columns: Columns = {(top, "小计"): everything, (top, "其中：基本支出"): basic, (top, "项目支出"): for_project}
    heads = [("功能分类科目", "科目编码"), ("功能分类科目", "科目名称")]
    side = by_code(budget, columns, from_(source), heads)
    return Table(key, f"{top}情况表", side, notes=(NO_NOTE if budget.sum(from_(source)) else EMPTY,))


OF_UNIT: Columns = {
    ("总计",): everything, ("财政拨款", "合计"): from_(*APPROPRIATED), ("财政拨款", GENERAL): from_(GENERAL),
    ("财政拨款", FUND): from_(FUND), ("财政拨款", CAPITAL): from_(CAPITAL), ("财政专户拨款",): from_(SPECIAL), ("其他资金",): from_(OWN),
}  # fmt: skip


def _basic_by_unit(budget: Budget, style: Style) -> Table:
    columns = {path: fits for path, fits in OF_UNIT.items() if path[-1] != CAPITAL}
    sums = budget.spread(
        lambda leaf: ("", leaf.unit, (leaf.unit, leaf.economic[:3])) if basic(leaf) else (),
        lambda leaf: [path for path, fits in columns.items() if fits(leaf)],
    )
    lines = [plain("合计", (sums["", path] for path in columns))]
    for u in range(len(budget.department.units)):
        lines.append(plain(unit_name(budget, style, u), (sums[u, path] for path in columns)))
        for code in sorted({leaf.economic[:3] for leaf in budget.leaves if basic(leaf) and leaf.unit == u}):
            lines.append(plain(ECONOMICS[code], (sums[(u, code), path] for path in columns)))
    side = Side((("支出项目类别（资金使用单位）",),), tuple(columns), tuple(lines))
    return Table("basic_by_unit", "部门预算基本支出预算表", side, notes=(NO_NOTE,))


def _projects(budget: Budget, style: Style) -> Table:
    sums = budget.spread(
        lambda leaf: ("", (leaf.unit,), leaf.project) if for_project(leaf) else (),
        lambda leaf: [path for path, fits in OF_UNIT.items() if fits(leaf)],
    )

    def line(name: str, key: object, goal: str) -> Line:
        return Line((name,), name, None, tuple(sums[key, path] for path in OF_UNIT), (goal,))

    projects = budget.department.projects
    lines = [line("合计", "", "无")]
    there = budget.projects()
    for u in sorted({projects[p].unit for p in there}):
        lines.append(line(unit_name(budget, style, u), (u,), "无"))
        lines += [line(projects[p].name, p, projects[p].goal) for p in there if projects[p].unit == u]
    side = Side((("支出项目类别（资金使用单位）",),), tuple(OF_UNIT), tuple(lines), (("绩效目标",),))
    return Table("projects", "部门预算项目支出及其他支出预算表", side, notes=(NO_NOTE,))
