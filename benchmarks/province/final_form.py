"""The tables of final accounts. In: a Budget of what was spent, and that of what was planned. Out: its Tables in order."""

from __future__ import annotations

from benchmarks.province.classification import ECONOMICS
from benchmarks.province.departments import APPROPRIATED, FUND, GENERAL, OWN, SPECIAL
from benchmarks.province.figures import Budget
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
    people,
    plain,
    public,
    three_public,
)

HEADS = "功能分类科目"


def final_form(spent: Budget, planned: Budget, style: Style) -> list[Table]:
    heads = code_heads(style, HEADS)
    income: Columns = {
        ("本年收入合计",): everything, ("财政拨款收入",): from_(*APPROPRIATED), ("上级补助收入",): nothing,
        ("事业收入",): from_(OWN, SPECIAL), ("经营收入",): nothing, ("附属单位上缴收入",): nothing, ("其他收入",): nothing,
    }  # fmt: skip
    outgo: Columns = {
        ("本年支出合计",): everything, ("基本支出",): basic, ("项目支出",): for_project, ("上缴上级支出",): nothing,
        ("经营支出",): nothing, ("对附属单位补助支出",): nothing,
    }  # fmt: skip
    general: Columns = {("小计",): everything, ("基本支出",): basic, ("项目支出",): for_project}
    purposes: Columns = {("合计",): everything, ("人员经费",): people, ("公用经费",): public}
    economic = code_heads(style, "经济分类科目")
    return [
        _summary(spent, style),
        Table("income", "收入决算表", by_code(spent, income, everything, heads)),
        Table("expenditure", "支出决算表", by_code(spent, outgo, everything, heads)),
        _appropriations(spent, style),
        Table("general", "一般公共预算财政拨款支出决算表", by_code(spent, general, from_(GENERAL), heads)),
        Table("basic_by_economic", "一般公共预算财政拨款基本支出决算表",
              by_code(spent, purposes, both(basic, from_(GENERAL)), economic, names=ECONOMICS)),
        Table("government_fund", "政府性基金预算财政拨款支出决算表", by_code(spent, general, from_(FUND), heads)),
        _three_public(spent, planned),
    ]  # fmt: skip


def _summary(budget: Budget, style: Style) -> Table:
    total = budget.sum()
    income = [*numbered((("财政拨款收入", (budget.sum(from_(*APPROPRIATED)),)), ("上级补助收入", (0,)),
                         ("事业收入", (budget.sum(from_(OWN, SPECIAL)),)), ("其他收入", (0,)))),
              plain("本年收入合计", (total,)), plain("年初结转和结余", (0,)), plain("总计", (total,))]  # fmt: skip
    spent = [*numbered(by_class(budget, style, {("决算数",): everything})), plain("本年支出合计", (total,)),
             plain("年末结转和结余", (0,)), plain("总计", (total,))]  # fmt: skip
    return Table("summary", "收入支出决算总表", _half("收入", income), _half("支出", spent))


def _appropriations(budget: Budget, style: Style) -> Table:
    total = budget.sum(from_(*APPROPRIATED))
    income = numbered((f"{source}财政拨款", (budget.sum(from_(source)),)) for source in APPROPRIATED)
    income += [plain("本年收入合计", (total,)), plain("总计", (total,))]
    spent = numbered(by_class(budget, style, {("决算数",): from_(*APPROPRIATED)}))
    spent += [plain("本年支出合计", (total,)), plain("总计", (total,))]
    return Table("appropriations", "财政拨款收入支出决算总表", _half("收入", income), _half("支出", spent))


def _half(side: str, lines: list[Line]) -> Side:
    return Side(((side, "项目"),), ((side, "决算数"),), tuple(lines))


def _three_public(spent: Budget, planned: Budget) -> Table:
    """One row: what was planned and what was spent, each with its parts."""
    cars = "公务用车购置及运行维护费"
    parts = {("合计",): "total", ("因公出国（境）费",): "abroad", (cars, "小计"): "cars", (cars, "公务用车购置费"): "buying",
             (cars, "公务用车运行维护费"): "running", ("公务接待费",): "reception"}  # fmt: skip
    columns = tuple((top, *path) for top in ("预算数", "决算数") for path in parts)
    values = [three_public(budget)[part] for budget in (planned, spent) for part in parts.values()]
    lines = (Line((), "", None, tuple(values)),)
    return Table("three_public", "财政拨款“三公”经费支出决算表", Side((), columns, lines))
