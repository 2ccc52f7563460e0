"""What things are called in an answer: a fact by its row, column and owner, a set by what selects it, several values apart.

In: facts, values, Selects. Out: words of the documents, put together as a reader would say them. What composes an answer, what explains it
and what verifies it all call a thing by these, so that they agree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import cn2an

from assistant.evidence import Value, is_of_change
from assistant.lookup.form_rows import is_of_form, leaf
from assistant.lookup.values import UNIT_SCOPES
from assistant.plan import Check, Combine, Condition, Expression, Reduce, Select, selects_of
from index.amounts import format_count
from index.chunks import Chunk
from index.facts import THREE_PUBLIC, Fact
from index.parsing.kinds import BY_NAME, FORM_KINDS
from index.parsing.rows import plain_label

LEVELS = {1: "类级", 2: "款级", 3: "项级"}
NOUNS = {"projects": "个项目", "units": "个单位", "items": "项"}
OPERATORS = {"gt": "超过", "ge": "不低于", "lt": "低于", "le": "不超过", "eq": "等于", "about": "约", "ne": "不等于"}
OF_SETS = {"sum": "合计", "count": "数量", "mean": "平均"}
CLASSES = {"functional": "功能分类", "economic": "经济分类"}
MOST_NAMED = 3  # budgets that one figure is of
TASKS = "performance_funds"  # the table kind of forms that lists tasks with their money


def scope_text(values: Sequence[Value]) -> str:
    """`2024年甲局：`: whose figures these are; of one figure over several budgets the first of them. Empty where several figures
    are of several budgets: there each says whose it is."""
    scopes = list(dict.fromkeys((fact.year, fact.department) for value in values for fact in value.facts))
    if not scopes or len(scopes) > 1 < len(values):
        return ""
    named = "、".join(f"{year}年{department}" for year, department in scopes[:MOST_NAMED])
    return f"{named}{'等' if len(scopes) > MOST_NAMED else ''}："


def place_text(by: str, descending: bool, position: int) -> str:
    """A place in an order: 金额最大, 得分最低, 按金额从大到小排第二."""
    if position > 1:
        return f"按{by}{'从大到小' if descending else '从小到大'}排第{cn2an.an2cn(position)}"
    ends = ("最大", "最小") if by == "金额" else ("最高", "最低")
    return f"{by}{ends[0] if descending else ends[1]}"


def so_many(number: int) -> str:
    """A number before what it counts: 两, 三; to be said of 个 and 项."""
    return "两" if number == 2 else cn2an.an2cn(number)


def counted_unit(count: Value) -> str:
    """What an amount is divided by the number of: 人, 辆; a column of 人数 prints no unit."""
    return count.unit or ("人" if count.facts[0].column_name.startswith("人") else "个")


def set_text(select: Select) -> str:
    """What a set is called: 甲中心超过100万元的项目, 金额最大的3个项目."""
    if select.tables == [TASKS] and select.under and not select.form:
        top = f"中{'最大' if select.top > 0 else '最小'}的{so_many(abs(select.top))}项" if select.top else ""
        return f"{'、'.join(select.under)}各项{'、'.join(select.columns)}{top}"
    if is_of_form(select):
        kept = f"{'、'.join(select.columns)}低于{select.short_of}" if select.short_of else ""
        return f"{select.form or ''}{kept}的{'、'.join(select.under) or '指标'}"
    if select.top:
        end = "最大" if select.top > 0 else "最小"
        return f"金额{end}的{so_many(abs(select.top))}个{set_text(select.model_copy(update={'top': None}))}"
    bounds = "、".join(map(bound_text, select.where))
    owner = "、".join(select.units)
    head = f"{owner}{bounds}{'的' if owner or bounds else ''}"
    columns = "、".join(select.columns)
    if select.labels and len(select.units) > 1:
        return f"{bounds}{'的' if bounds else ''}各单位{columns}{'、'.join(select.labels[:1])}"
    without = f"（不含{'、'.join(select.exclude)}）" if select.exclude else ""
    if select.universe == "projects":
        return f"{head}项目{without}"
    if select.universe == "units":
        scopes = [facet for table in select.tables for facet in BY_NAME[table].facets if facet in UNIT_SCOPES]
        columns = "".join(dict.fromkeys([*scopes, *select.columns]))
        return f"{bounds}{'的' if bounds else ''}各{'下属' if select.exclude else ''}单位{columns or '预算'}"
    if select.titles and not select.under:
        return f"《{select.titles[0]}》各项{columns}{without}"
    if select.under:
        return f"{columns}{'、'.join(select.under)}的下级{head}科目{without}"
    kind = CLASSES.get(select.classification or "", "")
    side = f"{select.side}的" if select.side else ""
    return f"{columns}{bounds}{'的' if bounds else ''}{side}{kind}{LEVELS.get(select.level or 0, '')}科目{without}"


def bound_text(bound: Condition) -> str:
    """A bound in words: 超过100万元, 占比超过10%, 高于平均, 没有安排."""
    if bound.than_mean:
        return "高于平均" if bound.operator == "gt" else "低于平均"
    if bound.than is not None:
        return f"{OPERATORS[bound.operator]}{'、'.join(n for s in selects_of(bound.than) for n in (*s.labels, *s.units, *s.columns))}"
    if not bound.amount:
        return "没有安排" if bound.operator in ("eq", "le") else "有安排"
    return (
        f"{'占比' if bound.of_share else ''}{OPERATORS[bound.operator]}{format_count(bound.amount)}{bound.unit or ''}"
    )


def list_names(values: Sequence[Value]) -> list[str]:
    """Names of the items of a list; with the scope of each where the same name stands in both tables."""
    names = [item_name(v) for v in values]
    if len(set(names)) == len(names):
        return names
    scopes = [_unit_scope(v.facts[0]) for v in values]
    return [f"{name}（{scope}）" if scope else name for name, scope in zip(names, scopes, strict=True)]


def item_name(value: Value) -> str:
    """An item of a list: its row, with the unit of organisation that it stands under."""
    if not value.facts:
        return value.label
    fact = value.facts[0]
    own = f"{fact.budget_unit}的" if fact.budget_unit and fact.role == "item" else ""
    return own + plain_item(fact)


def plain_item(fact: Fact) -> str:
    """A row's name as printed, without its numbering; a project keeps its name to the letter."""
    return fact.label if fact.role in ("project", "unit") else plain_label(fact.label)


def label_of(value: Value, select: Select) -> str:
    """What a single value is the value of, in the document's own words."""
    if not value.facts or (value.computed and not value.is_rounded):
        return value.label
    return fact_label(value.facts[0], owner=bool(select.units))


def fact_label(fact: Fact, owner: bool = True) -> str:
    """Owner, row and column of a fact: 甲中心商品和服务支出, 行政运行的基本支出, 基本支出合计."""
    if fact.source == "figure":
        return f"{fact.label}{change_text(fact)}" if is_of_change(fact) else fact.label
    if fact.table_kind in FORM_KINDS and fact.role != "project":
        column = (
            plain_label(re.sub(r"[（(].*?[)）]$", "", leaf(fact))) if fact.table_kind != "performance_fields" else ""
        )
        label = re.sub(r"\s", "", fact.label)
        return f"{fact.path[0]}“{label}”{column and '的'}{column}"
    scopes = [
        s for s in (*fact.facets, *((fact.column_name,) if fact.column_name else ())) if s not in ("收入", "支出")
    ]
    if fact.role == "total" and fact.name == THREE_PUBLIC:
        return f"{fact.name}{fact.label}"
    if fact.role == "total":
        side = next((s for s in (*fact.facets, fact.side) if s in ("收入", "支出")), "")
        head = "、".join(dict.fromkeys(scopes)) or (side if side not in fact.label else "")
        return f"{head}{fact.label.rstrip('：:')}"
    if fact.role == "unit":
        return f"{fact.label}{fact.column_name or _unit_scope(fact)}"
    own = f"{fact.budget_unit}{_unit_scope(fact)}的" if fact.budget_unit and fact.role == "item" and owner else ""
    column = f"的{fact.column_name}" if fact.column_name else ""
    return f"{own}{plain_item(fact)}{column}"


def change_text(fact: Fact) -> str:
    """What a figure of a change against the year before is: 比上年减少额, 比上年增长幅度."""
    assert fact.value is not None
    ways = ("增长幅度", "下降幅度", "增减幅度") if fact.unit == "%" else ("增加额", "减少额", "增减额")
    return f"比上年{ways[0] if fact.value > 0 else ways[1] if fact.value < 0 else ways[2]}"


def heading_of(chunk: Chunk) -> str:
    """Under which heading a passage stands: 《三、机构设置》; 文中 where it stands under none."""
    return f"《{chunk.heading}》" if chunk.heading else "文中"


def class_of(fact: Fact) -> str:
    """The classification that the rows of a fact's table follow; empty for any other table."""
    return CLASSES.get(BY_NAME.get(fact.table_kind, BY_NAME["other"]).rows, "")


def _unit_scope(fact: Fact) -> str:
    """基本支出 or 项目支出, where the table of a fact is of one of them alone."""
    return next((s for s in fact.facets if s in UNIT_SCOPES), "")


def distinguish(values: list[Value], select: Select) -> list[str]:
    """Labels that tell several values apart: by name, else by scope or classification, else by table."""
    names = [fact_label(v.facts[0]) for v in values]
    marked = []
    for value, name in zip(values, names, strict=True):
        fact = value.facts[0]
        if fact.source == "figure" or fact.role in ("project", "unit"):
            marked.append(name)
            continue
        kind = class_of(fact)
        scope = _unit_scope(fact)
        # Only a scope that the name does not say already.
        hints = [h for h in (scope if scope not in name else "", kind) if h]
        years = {(v.facts[0].year, v.facts[0].department) for v in values}
        if len(years) > 1:
            hints.insert(0, f"{fact.year}年{fact.department}")
        marked.append(f"{name}（{'，'.join(hints)}）" if hints else name)
    if len(set(marked)) < len(marked):
        marked = [f"{m}（《{v.facts[0].table_title}》）" for m, v in zip(marked, values, strict=True)]
    return with_scopes(values, marked)


def operand_labels(values: list[Value], expression: Combine | Check) -> list[str]:
    """Labels of operands; the table scope is added where two would read the same."""
    labels = [v.label if v.computed or not v.facts else fact_label(v.facts[0]) for v in values]
    for index, value in enumerate(values):
        operand = operand_of(value, expression)
        if isinstance(operand, Reduce) and operand.how in OF_SETS:
            labels[index] = f"{set_text(operand.of)}{OF_SETS[operand.how]}"
        elif isinstance(operand, Combine) and operand.how == "share":
            labels[index] = f"{fact_label(value.facts[0])}占比"
        elif isinstance(operand, Combine) and operand.how == "sum":
            parts = dict.fromkeys(fact_label(fact) for fact in value.facts)
            labels[index] = f"{'、'.join(parts)}合计"
    labels = with_scopes(values, labels)
    kinds = [_kind_of_operand(value, expression) for value in values]
    if len(set(kinds)) > 1:  # 预算 beside 决算 of one year
        labels = [f"{kind}：{label}" if kind else label for kind, label in zip(kinds, labels, strict=True)]
    if len(set(labels)) < len(labels):
        labels = distinguish(values, Select()) if all(v.facts for v in values) else labels
    return labels


def operand_of(value: Value, expression: Combine | Check) -> Expression | None:
    """The operand of a combination that gave a value."""
    operands = expression.operands if isinstance(expression, Combine) else []
    return operands[value.operand] if value.operand is not None and value.operand < len(operands) else None


def _kind_of_operand(value: Value, expression: Combine | Check) -> str:
    operand = operand_of(value, expression)
    selects = selects_of(operand) if operand is not None else []
    return "、".join(dict.fromkeys(kind for select in selects for kind in select.kinds))


def with_scopes(values: Sequence[Value], labels: list[str]) -> list[str]:
    """Labels with year and department in front, where the values are of several."""
    scopes = [next((f"{f.year}年{f.department}" for f in value.facts), "") for value in values]
    if len(set(scopes)) < 2:
        return labels
    return [label if scope in label else f"{scope}{label}" for scope, label in zip(scopes, labels, strict=True)]


def sought_text(select: Select) -> str:
    """What was looked for and is not there."""
    if select.where or not (select.labels or select.units):
        return set_text(select)
    own = "、".join((*select.units, *select.labels))
    return f"{own}的{'、'.join(select.columns)}" if select.columns else own
