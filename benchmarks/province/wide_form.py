"""The wide and the short families of tables: nine to twelve, with columns where the long one has rows.

In: a Budget and its Style. Out: its Tables in order. Both have the same lists; the short one gives income by unit.
"""

from __future__ import annotations

from benchmarks.province.classification import ECONOMICS
from benchmarks.province.departments import APPROPRIATED, CAPITAL, FUND, GENERAL, OWN, SPECIAL
from benchmarks.province.figures import ABROAD, CAR_BUYING, CAR_RUNNING, RECEPTION, Budget
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
    by_unit,
    code_heads,
    everything,
    for_project,
    from_,
    nothing,
    numbered,
    people,
    plain,
    public,
    spent_on,
    unit_name,
)

EMPTY = "注：本部门本年没有使用{}安排的支出，故本表无数据。"
SOURCES: Columns = {
    ("一般公共预算",): from_(GENERAL), ("政府性基金预算",): from_(FUND), ("国有资本经营预算",): from_(CAPITAL),
    ("财政专户管理资金",): from_(SPECIAL), ("单位资金",): from_(OWN),
}  # fmt: skip


def wide_form(budget: Budget, style: Style) -> list[Table]:
    short = style.family == "short"
    word = "总表" if short else "总体情况表"
    last = "表" if short else "情况表"
    before = "部门" if short else f"{budget.year}年部门"
    tables = [
        _summary(budget, style, f"{before}收支{word}"),
        _income(budget, style, f"{before}收入{word}", short),
        _expenditure(budget, style, f"{before}支出{word}"),
        _appropriations(budget, style, f"财政拨款收支{word}"),
        _general(budget, style, f"一般公共预算支出{last}"),
        _basic(budget, style, f"一般公共预算基本支出{last}"),
    ]
    costs = _three_public(budget, style, f"一般公共预算“三公”经费支出{last}")
    funds = [
        _fund(budget, style, "government_fund", f"政府性基金预算支出{last}", FUND),
        _fund(budget, style, "state_capital", f"国有资本经营预算支出{last}", CAPITAL),
    ]
    projects = _projects(budget, style, "项目支出表" if short else "部门项目支出预算表")
    tables += [*funds, projects, costs] if short else [costs, *funds, projects]
    if style.with_targets and budget.projects():
        tables.append(_targets(budget, style, "项目支出绩效目标表"))
    if style.with_purchases:
        tables.append(_purchases(budget, "政府采购预算表"))
    return tables


def _summary(budget: Budget, style: Style, title: str) -> Table:
    total = budget.sum()
    sources = {"一般公共预算拨款收入": (GENERAL,), "政府性基金预算拨款收入": (FUND,), "国有资本经营预算拨款收入": (CAPITAL,),
               "财政专户管理资金收入": (SPECIAL,), "事业收入": (OWN,)}  # fmt: skip
    income = [(name, (budget.sum(from_(*s)),)) for name, s in sources.items()]
    income += [(name, (0,)) for name in ("事业单位经营收入", "上级补助收入", "附属单位上缴收入", "其他收入")]
    left = [*numbered(income), plain("本年收入合计", (total,)), plain("上年结转", (0,)), plain("收入总计", (total,))]
    spent = numbered(by_class(budget, style, {("预算数",): everything}))
    right = [*spent, plain("本年支出合计", (total,)), plain("结转下年", (0,)), plain("支出总计", (total,))]
    return Table("summary", title, _half("收入", left), _half("支出", right))


def _half(side: str, lines: list[Line]) -> Side:
    return Side(((side, "项目"),), ((side, "预算数"),), tuple(lines))


def _income(budget: Budget, style: Style, title: str, of_units: bool) -> Table:
    columns: Columns = {("合计",): everything} | {("本年收入", *path): fits for path, fits in SOURCES.items()}
    columns |= {("本年收入", "上级补助收入"): nothing, ("上年结转",): nothing}
    if of_units:
        return Table("income_by_unit", title, by_unit(budget, style, columns, everything))
    return Table("income", title, by_code(budget, columns, everything, code_heads(style, "功能分类科目")))


def _expenditure(budget: Budget, style: Style, title: str) -> Table:
    columns: Columns = {
        ("合计",): everything, ("基本支出",): basic, ("项目支出",): for_project, ("事业单位经营支出",): nothing,
        ("上缴上级支出",): nothing, ("对附属单位补助支出",): nothing,
    }  # fmt: skip
    side = by_code(budget, columns, everything, code_heads(style, "功能分类科目"))
    return Table("expenditure", title, side)


def _appropriations(budget: Budget, style: Style, title: str) -> Table:
    total = budget.sum(from_(*APPROPRIATED))
    income = [plain("一、本年收入", (total,))]
    income += numbered(((f"{s}拨款", (budget.sum(from_(s)),)) for s in APPROPRIATED), brackets=True)
    income += [plain("二、上年结转", (0,)), plain("收入总计", (total,))]
    columns: Columns = {("支出", "合计"): from_(*APPROPRIATED), ("支出", GENERAL): from_(GENERAL), ("支出", FUND): from_(FUND),
                        ("支出", CAPITAL): from_(CAPITAL)}  # fmt: skip
    sums = tuple(budget.sum(fits) for fits in columns.values())
    spent = [plain("一、本年支出", sums), *numbered(by_class(budget, style, columns), brackets=True)]
    spent += [plain("二、结转下年", (0, 0, 0, 0)), plain("支出总计", sums)]
    return Table(
        "appropriations", title, _half("收入", income), Side((("支出", "项目"),), tuple(columns), tuple(spent))
    )


def _general(budget: Budget, style: Style, title: str) -> Table:
    columns: Columns = {("合计",): everything, ("基本支出", "小计"): basic, ("基本支出", "人员经费"): people,
                        ("基本支出", "公用经费"): public, ("项目支出",): for_project}  # fmt: skip
    heads = code_heads(style, "功能分类科目")
    return Table("general", title, by_code(budget, columns, from_(GENERAL), heads))


def _basic(budget: Budget, style: Style, title: str) -> Table:
    columns: Columns = {("合计",): everything, ("人员经费",): people, ("公用经费",): public}
    heads = code_heads(style, "经济分类科目")
    side = by_code(budget, columns, both(basic, from_(GENERAL)), heads, names=ECONOMICS)
    return Table("basic_by_economic", title, side)


def _three_public(budget: Budget, style: Style, title: str) -> Table:
    cars = "公务用车购置及运行费"
    columns: Columns = {
        ("“三公”经费合计",): spent_on(ABROAD, CAR_BUYING, CAR_RUNNING, RECEPTION), ("因公出国（境）费",): spent_on(ABROAD),
        (cars, "小计"): spent_on(CAR_BUYING, CAR_RUNNING), (cars, "公务用车购置费"): spent_on(CAR_BUYING),
        (cars, "公务用车运行费"): spent_on(CAR_RUNNING), ("公务接待费",): spent_on(RECEPTION),
    }  # fmt: skip
    side = by_unit(budget, style, columns, spent_on(ABROAD, CAR_BUYING, CAR_RUNNING, RECEPTION))
    return Table("three_public", title, side)


def _fund(budget: Budget, style: Style, key: str, title: str, source: str) -> Table:
    columns: Columns = {("合计",): everything, ("基本支出",): basic, ("项目支出",): for_project}
    side = by_code(budget, columns, from_(source), code_heads(style, "功能分类科目"))
    return Table(key, title, side, notes=() if budget.sum(from_(source)) else (EMPTY.format(source),))


def _projects(budget: Budget, style: Style, title: str) -> Table:
    columns: Columns = {("合计",): everything} | SOURCES
    heads = (("单位名称",), ("项目名称",))
    return Table("projects", title, _by_project(budget, style, columns, heads, goals=False))


def _targets(budget: Budget, style: Style, title: str) -> Table:
    heads = (("单位名称",), ("项目名称",))
    return Table("targets", title, _by_project(budget, style, {("金额",): everything}, heads, goals=True))


def _by_project(budget: Budget, style: Style, columns: Columns, heads: tuple, goals: bool) -> Side:
    sums = budget.spread(
        lambda leaf: ("", leaf.project) if for_project(leaf) else (),
        lambda leaf: [path for path, fits in columns.items() if fits(leaf)],
    )
    lines = [Line(("合计", ""), "合计", None, tuple(sums["", p] for p in columns), ("",) * goals)]
    for p in budget.projects():
        project = budget.department.projects[p]
        labels = (unit_name(budget, style, project.unit), project.name)
        values = tuple(sums[p, path] for path in columns)
        lines.append(Line(labels, project.name, None, values, (project.goal,) * goals))
    return Side(heads, tuple(columns), tuple(lines), (("绩效目标",),) * goals)


def _purchases(budget: Budget, title: str) -> Table:
    bought = budget.purchases
    lines = [plain("合计", (bought.total,)), plain("货物", (bought.goods,)), plain("工程", (bought.works,)),
             plain("服务", (bought.services,))]  # fmt: skip
    return Table("purchases", title, Side((("采购类别",),), (("采购预算",),), tuple(lines)))
