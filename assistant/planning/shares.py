"""Shares, and what they are shares of.

In: a share call. Out: a Combine. Of what is not said is told by what is shared: projects of all project expenditure, else of its column's total.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.binding.slots import SCOPES, Bound, Side
from assistant.plan import Combine, Expression, Reduce, Select, selects_of
from assistant.planning.across import shared
from assistant.planning.asking import SETS, THAT_UNIT, Asking
from assistant.planning.errors import HindranceError, UnclearError
from assistant.reader.form import Call, Node, Span, Thing, nodes

# 跟车有关的占了多少钱
AS_AMOUNT = re.compile(
    r"占(?:了|用|掉|去)?[^，。？?]{0,4}(?:多少|几)个?(?:钱|[百千]?万|元|亿|块|[辆台套件人名户家栋间项个](?!百分点|点|百))"
)
IS_OF = re.compile(r"(?:多大|多少|几成|多高)(?:的)?(?:比例|比重|份额)?(?:都)?(?:是|来自|属于)(?!多少)")
ALL_OF_IT = re.compile(r"总的?|全部的?|整体的?|全体|大盘")
EACH = re.compile(r"各|分别|每")
PER_CENT = re.compile(r"百分|比例|比重|几成|%|％|几分之")


def share_of(ask: Asking, call: Call) -> Expression:
    """What per cent the first operand is of the second; of a set, each member's share."""
    if len(call.args) == 2 and ask.asks_several:
        call = Call(call.name, tuple(shared(ask, call.args)))
    if len(call.args) == 2 and isinstance(call.args[1], Thing) and call.args[1].is_plain:
        said = ask.words(call.args[1])
        if all(ALL_OF_IT.fullmatch(word) for word in said):  # 占总的百分之几
            call = Call(call.name, call.args[:1])
    part_node = call.args[0]
    if len(call.args) == 1 and isinstance(part_node, Thing) and part_node.kind in SETS and not part_node.bounds:
        return shares_of_members(ask, ask.select(part_node))
    part = ask.expression(part_node)
    if AS_AMOUNT.search(ask.question) and not PER_CENT.search(ask.question):
        inner = call.args[-1]
        leans = isinstance(part_node, Thing) and part_node.kind == "prev" and not part_node.spans
        if leans and isinstance(inner, Thing) and inner.kind == "thing":
            return ask.expression(Thing("prev", inner.spans))
        return part
    inside = _that_it_stands_in(ask, part_node, part) if len(call.args) == 1 or _is_all(call.args[1]) else None
    if inside is not None:
        return Combine(how="share", operands=[part, inside])
    if len(call.args) == 2:
        return _share_of_named(ask, call, part)
    whole = whole_before(ask) or spoken_of_whole(ask, part) or whole_for(ask, part)
    return Combine(how="share", operands=[part, whole])


def _share_of_named(ask: Asking, call: Call, part: Expression) -> Expression:
    """The share of a part in the whole that is named, each with what it leaves open and the other says."""
    named = call.args[1]
    whole = of_same_budget(ask, part, of_its_owner(ask, part, ask.expression(named)))
    if isinstance(named, Thing) and all(map(ask.binder.is_bare_total, ask.words(named))):
        whole = spoken_of_whole(ask, part) or whole
    if isinstance(whole, Reduce) and (whole.how == "list" or whole.n) and not EACH.search(ask.question):
        whole = _of_all_listed(ask, part, whole)
    if part == whole:
        raise UnclearError  # nothing is a share of itself
    if _whole_stands_first(ask, call):  # 局本级的项目钱有多大比例是奖补资金
        part, whole = whole, part
    part = of_income(ask, of_last_unit(ask, part), whole)
    if _other_rows(part, whole):
        part, whole = own_units(ask, [part, whole])
    return Combine(how="share", operands=[in_column_of(ask, part, whole), lent(ask, whole, part)])


def _of_all_listed(ask: Asking, part: Expression, listed: Reduce) -> Expression:
    """其中工资占几成, after a list: all that is listed, and where the part cannot be among it, all that is spent."""
    if listed.of.universe == "projects" and isinstance(part, Reduce) and part.of.universe == "items":
        return whole_for(ask, part)
    top = None if listed.n is None else listed.n if listed.descending else -listed.n
    return Reduce(how="sum", of=listed.of.model_copy(update={"top": top or listed.of.top}))


def _is_all(node: Node) -> bool:
    return isinstance(node, Thing) and node.kind == "total"


def _that_it_stands_in(ask: Asking, node: Node, part: Expression) -> Expression | None:
    """政府采购里给小企业的占几成: what is said to have the part in it, where it is a row of its own and no smaller."""
    words = ask.words(node) if isinstance(node, Thing) else []
    for at, word in enumerate(words[:-1]):
        if not re.search(rf"{re.escape(word)}[^，。？?]{{0,8}}?(?:里面?|里头|当中|之中|中|内)", ask.question):
            continue
        bound = ask.binder.thing([*words[:at], word])
        if not isinstance(bound, Bound) or not bound.select.labels:
            continue
        whole = Reduce(how="value", of=bound.select)
        amounts, mine = ask.binder.amounts(whole), ask.binder.amounts(part)
        if len(amounts) == len(mine) == 1 and abs(amounts[0]) > abs(mine[0]):
            return whole
    return None


def _whole_stands_first(ask: Asking, call: Call) -> bool:
    """Whether what a form takes for the part stands before 有多大比例是, and the whole behind it."""
    found = IS_OF.search(ask.question)
    part, whole = ([n for n in nodes(arg) if isinstance(n, Span)] for arg in call.args)
    own = [s for s in part if s not in whole] or part
    return found is not None and bool(own) and all(s.end <= found.start() for s in own)


def _other_rows(part: Expression, whole: Expression) -> bool:
    """Whether a row is held against another row: 甲中心的工资占甲局的办公费. Against its own, 甲局 would be all of it."""
    if not (isinstance(part, Reduce) and isinstance(whole, Reduce)):
        return False
    return bool(part.of.labels and whole.of.labels) and part.of.labels != whole.of.labels


def own_units(ask: Asking, sides: Sequence[Expression]) -> list[Expression]:
    """甲局 beside 乙中心: the department's name means its own row among the units."""
    among_units = any(isinstance(s, Reduce) and s.of.units for s in sides)
    found: list[Expression] = []
    for side in sides:
        own = side.of.departments if isinstance(side, Reduce) and side.how == "value" and not side.of.units else []
        units = [name for name in own if among_units and ask.binder.is_unit(name)]
        if units and isinstance(side, Reduce):
            whole = side.of.model_copy(update={"units": units, "total": None})
            tables = next((s.of.tables for s in sides if isinstance(s, Reduce) and s.of.units and s.of.tables), [])
            column = whole.model_copy(update={"labels": [], "columns": whole.labels, "tables": tables})
            select = next((s for s in (whole, column) if ask.binder.holds(s)), side.of)
            found.append(side.model_copy(update={"of": select}))
        else:
            found.append(side)
    return found


def of_last_unit(ask: Asking, part: Expression) -> Expression:
    """基本加项目, after a unit was spoken of: that unit's; both scopes of all would be the whole itself."""
    operands = part.operands if isinstance(part, Combine) and part.how == "sum" else []
    unit = ask.turns.last_unit()
    scopes = [o.of.columns for o in operands if isinstance(o, Reduce) and not (o.of.labels or o.of.units or o.of.codes)]
    if unit is None or sorted(c for columns in scopes for c in columns) != sorted(SCOPES):
        return part
    moved = [o.model_copy(update={"of": o.of.model_copy(update={"units": [unit], "total": None})}) for o in operands]  # type: ignore[union-attr]
    return part.model_copy(update={"operands": moved})


def whole_before(ask: Asking) -> Expression | None:
    """The whole of the share that was asked for just before: 那印刷费的占比呢."""
    expression = ask.turns.last_expression()
    return expression.operands[1] if isinstance(expression, Combine) and expression.how == "share" else None


def spoken_of_whole(ask: Asking, part: Expression) -> Expression | None:
    """What was asked for before and has the part among its own: 政府采购多少 … 服务类呢 … 占几成."""
    if not isinstance(part, Reduce) or part.how != "value":
        return None
    mine = ask.binder.amounts(part)
    for earlier in ask.turns.subjects():
        if earlier == part or not isinstance(earlier, Reduce) or earlier.how != "value":
            continue
        parts = ask.binder.parts(earlier.of)
        members = ask.binder.members(parts) if parts is not None else []
        if any(set(part.of.labels) & set(m.of.labels) and ask.binder.amounts(m) == mine
               for m in members if isinstance(m, Reduce) and part.of.labels):  # fmt: skip
            return earlier
    return None


def shares_of_members(ask: Asking, select: Select) -> Expression:
    """The share of each member of a set in the whole that they have in common."""
    members = ask.binder.members(select)
    if not members:
        raise HindranceError("not_found", "")
    whole = whole_for(ask, Reduce(how="sum", of=select))
    return Combine(how="list", operands=[Combine(how="share", operands=[m, whole]) for m in members])


def of_its_owner(ask: Asking, part: Expression, whole: Expression) -> Expression:
    """占该单位项目总额: all project expenditure of the unit that has the project."""
    if not (isinstance(whole, Reduce) and isinstance(part, Reduce) and whole.how == "value"):
        return whole
    units = part.of.units or ask.binder.owners(part.of.labels)
    if not THAT_UNIT.search(ask.question) or whole.of.units or whole.of.labels or len(units) != 1:
        return whole
    moved = whole.of.model_copy(update={"units": list(units), "total": None})
    return whole.model_copy(update={"of": moved}) if ask.binder.holds(moved) else whole


def of_same_budget(ask: Asking, part: Expression, whole: Expression) -> Expression:
    """甲局的这笔里出国费占几成, after two departments were compared: of the one that is named, never of the other."""
    mine = {tuple(s.departments) for s in selects_of(part)}
    if len(mine) != 1 or not all(mine) or {tuple(s.departments) for s in selects_of(whole)} <= mine | {()}:
        return whole
    same = [
        m
        for m in (*ask.turns.members(), *ask.turns.subjects())
        if {tuple(s.departments) for s in selects_of(m)} == mine
    ]
    return same[0] if same else whole


def of_income(ask: Asking, part: Expression, whole: Expression) -> Expression:
    """财政拨款占本年收入: what came in of it, where it stands among the income, and not what was spent."""
    if not (isinstance(whole, Reduce) and isinstance(part, Reduce) and whole.how == "value" == part.how):
        return part
    of_all = whole.of.total == "收入" or any(label.endswith(("收入", "收入合计")) for label in whole.of.labels)
    names = [*part.of.labels, *part.of.columns]
    if not of_all or part.of.tables or part.of.units or len(names) != 1 or names[0].endswith("收入"):
        return part
    row = Select(labels=list(ask.binder.names(f"{names[0]}收入", "items")), **part.of.whose())
    income = part.model_copy(update={"of": row})
    return income if row.labels and len(ask.binder.amounts(income)) == 1 else part


def in_column_of(ask: Asking, part: Expression, whole: Expression) -> Expression:
    """A unit's part in the column of the whole: 甲中心占项目支出的比重 is its project expenditure."""
    if not (isinstance(whole, Reduce) and isinstance(part, Reduce) and whole.how == "value" == part.how):
        return part
    mine, other = part.of, whole.of
    if mine.units and other.columns and not (mine.labels or mine.codes or mine.columns or other.units or other.labels):
        moved = mine.model_copy(update={"columns": other.columns})
        if ask.binder.holds(moved):
            return part.model_copy(update={"of": moved})
    return part


def lent(ask: Asking, whole: Expression, part: Expression) -> Expression:
    """The whole in the part's table and column, where the whole names none: 办公费的基本支出占商品和服务支出."""
    if not (isinstance(whole, Reduce) and isinstance(part, Reduce) and whole.how == "value" == part.how):
        return whole
    if whole.of.labels and part.of.labels and not whole.of.tables and part.of.tables:
        inside = whole.of.model_copy(update={"tables": part.of.tables, "titles": part.of.titles})
        whole = whole.model_copy(update={"of": inside}) if ask.binder.holds(inside) else whole
    mine, other = part.of, whole.of
    if mine.labels == other.labels and mine.units == other.units:
        return whole  # 一般公共服务支出里项目支出占几成: of the row itself
    if (
        other.labels
        and not other.columns
        and mine.columns
        and (other.units or not mine.units)
        and mine.universe == "items"
    ):
        moved = other.model_copy(update={"columns": mine.columns})
        if ask.binder.holds(moved):
            return whole.model_copy(update={"of": moved})
    return whole


def whole_for(ask: Asking, part: Expression) -> Expression:
    """What a share is of when nothing is said: all project expenditure for projects, else the total of the column."""
    selects = selects_of(part)
    select = selects[0] if selects else Select()
    common = select.whose()
    if select.universe == "projects":
        return Reduce(how="value", of=Select(columns=["项目支出"], **common))
    whole = Select(columns=select.columns, tables=select.tables, **common)
    if select.tables and not select.units and ask.binder.gives(Reduce(how="value", of=whole)):
        return Reduce(how="value", of=whole)  # of the table that is named
    narrowed = Select(columns=select.columns, **common)
    named = select.labels or select.codes or select.units or select.under or select.universe == "units"
    named = named or (isinstance(part, Reduce) and part.how != "value")  # 基本支出的四个大类各占: of that column
    if select.columns and named and ask.binder.holds(narrowed):
        return Reduce(how="value", of=narrowed)
    side: Side = "收入" if select.total == "收入" or select.side == "收入" else "支出"
    return Reduce(how="value", of=Select(total=side, **common))
