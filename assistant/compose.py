"""Evidence to text, by the wordings of `prompts/wordings.yaml`.

In: a part of a plan and its Evidence. Out: an AnswerText in which every number is a value of the evidence, named by the
document's own label, with department, year and unit said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

import cn2an

from assistant.evidence import Evidence, Value
from assistant.forms import is_of_form, leaf
from assistant.lookup.statements import is_place
from assistant.lookup.values import UNIT_SCOPES, in_yuan, of_several_budgets
from assistant.plan import Calculate, Check, Combine, Condition, Expression, Placed, Reduce, Select, selects_of
from assistant.text import AnswerText, Named, Quoted
from index.amounts import format_count
from index.facts import THREE_PUBLIC, Fact
from index.kinds import BY_NAME, FORM_KINDS
from index.rows import plain_label

LEVELS = {1: "类级", 2: "款级", 3: "项级"}
NOUNS = {"projects": "个项目", "units": "个单位", "items": "项"}
OPERATORS = {"gt": "超过", "ge": "不低于", "lt": "低于", "le": "不超过", "eq": "等于", "about": "约", "ne": "不等于"}
SCOPES = UNIT_SCOPES
TASKS = "performance_funds"  # the table kind of forms that lists tasks with their money
LONGEST_LIST = 60


class Composer:
    """Writes answers."""

    def calculate(self, part: Calculate, evidence: Evidence) -> AnswerText:
        """The text of a calculated part; evidence must not be empty."""
        text = AnswerText()
        values = [v.to(part.unit).rounded(part.decimals) for v in evidence.values]
        shown = [v.to(part.unit) for v in evidence.shown]
        expression = part.expression
        if isinstance(expression, Check):
            self._check(text, expression, evidence, part.unit, part.decimals)
        elif isinstance(expression, Combine):
            self._combine(text, expression, values, shown)
        elif isinstance(expression, Placed):
            self._placed(text, expression, evidence, values, shown)
        else:
            self._reduce(text, expression, evidence, values, shown)
        if part.with_table:
            titles = {f.table_title: f for v in values for f in v.facts if f.source == "cell"}
            tables = [Named(f"《{title}》", (fact,)) for title, fact in titles.items()]
            if tables:
                text.fill("from_tables", tables=tables)
        if part.with_code:
            codes = {(plain_item(f), f.code): f for v in values for f in v.facts[:1] if f.code}
            for (name, code), fact in codes.items():
                text.fill("code", label=Named(name, (fact,)), code=Named(code or "", (fact,)))
        return text

    # --- one expression ------------------------------------------------------------------------------------------
    def _reduce(self, text: AnswerText, reduce: Reduce, evidence: Evidence, values: list[Value],
                shown: list[Value]) -> None:  # fmt: skip
        scope = scope_once(text, values or shown)
        members = set_named(reduce.of, shown if reduce.how in ("count", "sum", "mean") else values)
        noun = NOUNS[reduce.of.universe]
        if reduce.how == "count":
            wording = "count" if values[0].amount else "count_none"
            text.fill(wording, scope=scope, set=members, number=_bare(values[0]))
            if 0 < len(shown) <= 12:
                text.fill("they_are", items=_items(with_scopes(shown, [item_name(v) for v in shown]), shown))
        elif reduce.how == "sum":
            text.fill("sum_set", shown, scope=scope, set=members, number=values[0], count=count_of(shown), noun=noun)
        elif reduce.how == "mean":
            text.fill("mean", shown, scope=scope, set=members, count=count_of(shown), noun=noun, number=values[0])
        elif reduce.how == "rank":
            self._rank(text, reduce, values, scope, evidence.among)
        elif reduce.how == "list":
            items = [(named(name, v), v) for name, v in zip(list_names(values), values, strict=True)][:LONGEST_LIST]
            text.fill("list", scope=scope, set=members, count=count_of(values), noun=noun, items=items)
        elif reduce.of.measure:
            self._changes(text, values, scope)
        else:
            self._values(text, reduce.of, values, shown, scope)

    def _values(self, text: AnswerText, select: Select, values: list[Value], shown: list[Value], scope: Named) -> None:
        if not values:
            return
        if len(values) == 1:
            text.fill("value", scope=scope, label=named(label_of(values[0], select), values[0]), number=values[0])
            if shown:
                text.fill("among_them", items=[(named(v.label, v), v) for v in shown])
            return
        name = "、".join(dict.fromkeys(plain_label(v.facts[0].label) for v in values))
        one = len({v.facts[0].name for v in values}) == 1 and not of_several_budgets(values)
        told = any(all(fact.source == "figure" for fact in v.facts) for v in values)
        text.fill(("values_told" if told else "values") if one else "several", scope=scope,
                  label=Named(name, tuple(v.facts[0] for v in values)), items=_items(distinguish(values, select), values))  # fmt: skip

    def _rank(self, text: AnswerText, reduce: Reduce, values: list[Value], scope: Named, among: list[Value]) -> None:
        if reduce.of.measure:
            self._changes(text, values, scope)
            return
        items = [(named(item_name(v), v), v) for v in values]
        by = "、".join(reduce.of.columns) if reduce.of.universe == "projects" and reduce.of.columns else "金额"
        members = set_named(reduce.of, values)
        if reduce.position:
            order = place_text(by, reduce.descending, reduce.position)
            text.fill("rank_one", among, scope=scope, set=members, order=order, items=items)
        else:
            order = "从大到小" if reduce.descending else "从小到大"
            text.fill("rank_many", among, scope=scope, set=members, by=by, order=order, items=items)

    def _changes(self, text: AnswerText, values: list[Value], scope: Named) -> None:
        for value in values:
            kind = "growth" if value.unit == "%" else "change"
            if kind == "growth" and not value.amount:
                kind = "change"
            size = Value(abs(value.amount), value.unit, value.label, value.facts, value.computed)
            label = named(value.facts[0].label, value)
            text.fill(f"{kind}_{_way(value.amount)}", scope=scope, label=label, number=size)
            scope = NOWHERE

    def _placed(
        self, text: AnswerText, placed: Placed, evidence: Evidence, values: list[Value], shown: list[Value]
    ) -> None:
        own = shown[0]
        text.fill("placed", evidence.among, scope=scope_once(text, shown), label=named(fact_label(own.facts[0]), own), amount=own,
                  set=set_named(placed.among, evidence.among), number=_bare(values[0]))  # fmt: skip

    def _combine(self, text: AnswerText, combine: Combine, values: list[Value], shown: list[Value]) -> None:
        scope = scope_once(text, [*values, *shown])
        if combine.how == "list" and any(_is_change(v) for v in values):
            amounts = [v for v in values if not _is_change(v)]
            self._values(text, Select(), amounts, [], scope)
            self._changes(text, [v for v in values if _is_change(v)], NOWHERE if amounts else scope)
            return
        if combine.how in ("list", "descending", "ascending"):
            wording = "several" if combine.how == "list" else f"several_{combine.how}"
            text.fill(wording, scope=scope, items=_operand_items(values, combine))
            return
        if combine.how in ("greatest", "least"):
            items = _operand_items([*values, *shown], combine)
            wording = combine.how if len(items) < 3 else f"{combine.how}_{'first' if combine.n else 'of_all'}"
            if shown:
                text.fill(wording, scope=scope, items=items[: len(values)], others=items[len(values) :])
            else:
                alike = len({in_yuan(v) for v in values}) == 1
                text.fill("all_alike" if alike else "several", scope=scope, items=items)
            return
        size = max(1, len(shown) // len(values))
        for index, value in enumerate(values):
            self._computed(text, combine, value, shown[index * size : (index + 1) * size], scope)
            scope = NOWHERE

    def _computed(self, text: AnswerText, combine: Combine, value: Value, operands: list[Value], scope: Named) -> None:
        """One computed number, with the operands that it comes from."""
        items = _operand_items(operands, combine)
        first, last = items[0][0], items[-1][0]
        if combine.how in ("sum", "mean"):
            text.fill("sum" if combine.how == "sum" else "mean_of", scope=scope, items=items, number=value)
            return
        if combine.how == "rest":
            text.fill("rest", scope=scope, whole=first, amount=operands[0], number=value, items=items[1:])
            return
        if combine.how == "previous":
            text.fill("previous", operands[1:2], scope=scope, label=first, number=value, amount=operands[0])
            self._changes(text, operands[1:], NOWHERE)
            return
        if combine.how in ("difference", "excess"):
            way = _way(operands[0].amount - operands[1].amount)
            text.fill(f"difference_{way}", scope=scope, part=first, whole=last, number=value)
        elif combine.how == "monthly":
            text.fill("monthly", scope=scope, part=first, number=value)
        elif combine.how == "each":
            wording = "each_number" if last.words.endswith("数") else "each"
            text.fill(wording, scope=scope, part=first, whole=last, unit=counted_unit(operands[1]), number=value)
        else:
            number = value if value.unit == "%" else Value(value.amount, "", value.label, value.facts, True)
            text.fill(combine.how, scope=scope, part=first, whole=last, number=number)
        text.fill("among_them", items=items)

    def _check(
        self, text: AnswerText, check: Check, evidence: Evidence, unit: str | None, decimals: int | None
    ) -> None:
        text.truth = evidence.truth
        text.fill(self._verdict(check, bool(evidence.truth)))
        said: set[str] = set()
        for one, found in zip((check, *check.also), (evidence, *evidence.also), strict=True):
            own = AnswerText()
            self._figures(own, one, found, unit, decimals)
            if own.text not in said:
                said.add(own.text)
                self._figures(text, one, found, unit, decimals)

    def _verdict(self, check: Check, truth: bool) -> str:
        if check.relation != "exists" or check.also:
            return "affirmed" if truth else "denied"
        if check.negated:
            return "affirmed_none" if truth else "denied_none"
        return "exists" if truth else "not_exists"

    def _figures(
        self, text: AnswerText, check: Check, evidence: Evidence, unit: str | None, decimals: int | None
    ) -> None:
        """What one statement is held against."""
        left = check.left
        values = [v.to(unit).rounded(decimals) for v in evidence.values]
        shown = [v.to(unit) for v in evidence.shown]
        scope = scope_once(text, values or shown)
        for chunk in evidence.passages:
            text.fill("quote", source=Named(f"《{chunk.heading}》", (chunk,)), quote=Quoted(chunk.body, chunk))
        if not values:
            if not evidence.passages:
                text.fill("not_listed", set=Named(sought_text(_first_select(check)), select=_first_select(check)))
        elif check.relation in ("rises", "falls", "same"):
            self._changes(text, values, scope)
            self._changes(text, [v for v in shown if v.facts[0].column_name], NOWHERE)
            self._values(text, Select(), [v for v in shown if not v.facts[0].column_name], [], NOWHERE)
        elif isinstance(left, Combine) and check.right is None:
            self._combine(text, left, values, shown)
        elif check.right is None and isinstance(left, Reduce) and left.how != "value":
            self._reduce(text, left, evidence, values, shown)
        elif check.right is None:
            self._values(text, _first_select(check), values, [], scope)
            if any(v.computed and v.label == "合计" for v in shown):
                text.fill("together", values, number=shown[-1])
        elif is_place(check.right):
            self._values(text, _first_select(check), values, [], scope)
            if isinstance(check.right, Reduce):
                self._rank(text, check.right, shown, NOWHERE, evidence.among)
            else:
                text.fill("several", items=_operand_items(shown, check))
        elif shown:
            sides = [v.to(unit) for v in evidence.values]
            self._combine(text, Combine(how="difference", operands=_operands(check)), shown, sides)
            parts = [v.to(unit) for v in evidence.parts]
            if parts:
                text.fill("added", items=[(named(fact_label(v.facts[0]), v), v) for v in parts if v.facts])
        else:
            text.fill("several", scope=scope, items=_operand_items(values, check))


# --- names ---------------------------------------------------------------------------------------------------------
def scope_text(values: Sequence[Value]) -> str:
    """`2024年甲局部门预算中，`: whose figures these are. Empty where they are of several documents."""
    facts = [fact for value in values for fact in value.facts]
    scopes = {(f.year, f.department) for f in facts}
    if len(scopes) != 1:
        return ""
    year, department = scopes.pop()
    return f"{year}年{department}："


NOWHERE = Named("")


def scope_once(text: AnswerText, values: Sequence[Value]) -> Named:
    """The scope of the values, unless the text has said it already."""
    scope = scope_text(values)
    return NOWHERE if scope in text.text else Named(scope, tuple(fact for v in values for fact in v.facts))


def named(words: str, value: Value) -> Named:
    """Words for what a value is the value of."""
    return Named(words, value.facts, value)


def set_named(select: Select, members: Sequence[Value]) -> Named:
    """What a set is called, with its members as far as they are known."""
    return Named(set_text(select), tuple(fact for v in members for fact in v.facts), select=select)


def place_text(by: str, descending: bool, position: int) -> str:
    """A place in an order: 金额最大, 得分最低, 按金额从大到小排第二."""
    if position > 1:
        return f"按{by}{'从大到小' if descending else '从小到大'}排第{cn2an.an2cn(position)}"
    ends = ("最大", "最小") if by == "金额" else ("最高", "最低")
    return f"{by}{ends[0] if descending else ends[1]}"


def _items(labels: Sequence[str], values: Sequence[Value]) -> list[tuple[Named, Value]]:
    return [(named(label, value), value) for label, value in zip(labels, values, strict=True)]


def counted_unit(count: Value) -> str:
    """What an amount is divided by the number of: 人, 辆; a column of 人数 prints no unit."""
    return count.unit or ("人" if count.facts[0].column_name.startswith("人") else "个")


def _way(amount: Decimal) -> str:
    return "more" if amount > 0 else "less" if amount < 0 else "same"


def set_text(select: Select) -> str:
    """What a set is called: 甲中心超过100万元的项目, 金额最大的3个项目."""
    if select.tables == [TASKS] and select.under and not select.form:
        top = f"中{'最大' if select.top > 0 else '最小'}的{cn2an.an2cn(abs(select.top))}项" if select.top else ""
        return f"{'、'.join(select.under)}各项{'、'.join(select.columns)}{top}"
    if is_of_form(select):
        kept = f"{'、'.join(select.columns)}低于{select.short_of}" if select.short_of else ""
        return f"{select.form or ''}{kept}的{'、'.join(select.under) or '指标'}"
    if select.top:
        end = "最大" if select.top > 0 else "最小"
        return f"金额{end}的{cn2an.an2cn(abs(select.top))}个{set_text(select.model_copy(update={'top': None}))}"
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
        scopes = [facet for table in select.tables for facet in BY_NAME[table].facets if facet in SCOPES]
        columns = "".join(dict.fromkeys([*scopes, *select.columns]))
        return f"{bounds}{'的' if bounds else ''}各{'下属' if select.exclude else ''}单位{columns or '预算'}"
    if select.titles and not select.under:
        return f"《{select.titles[0]}》各项{columns}{without}"
    if select.under:
        return f"{columns}{'、'.join(select.under)}的下级{head}科目{without}"
    kind = {"functional": "功能分类", "economic": "经济分类"}.get(select.classification or "", "")
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
    scopes = [next((f for f in v.facts[0].facets if f in SCOPES), "") for v in values]
    return [f"{name}（{scope}）" if scope else name for name, scope in zip(names, scopes, strict=True)]


def item_name(value: Value) -> str:
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
    if not value.facts or (value.computed and "≈" not in value.derivation):
        return value.label
    return fact_label(value.facts[0], owner=bool(select.units))


def fact_label(fact: Fact, owner: bool = True) -> str:
    """Owner, row and column of a fact: 甲中心商品和服务支出, 行政运行的基本支出, 基本支出合计."""
    if fact.source == "figure":
        return f"{fact.label}{change_text(fact)}" if fact.column_name.startswith("比上年") else fact.label
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
        side = next((s for s in fact.facets if s in ("收入", "支出")), "")
        head = "、".join(dict.fromkeys(scopes)) or (side if side not in fact.label else "")
        return f"{head}{fact.label.rstrip('：:')}"
    if fact.role == "unit":
        return f"{fact.label}{fact.column_name or next((s for s in fact.facets if s in SCOPES), '')}"
    own = f"{fact.budget_unit}{_unit_scope(fact)}的" if fact.budget_unit and fact.role == "item" and owner else ""
    column = f"的{fact.column_name}" if fact.column_name else ""
    return f"{own}{plain_item(fact)}{column}"


def change_text(fact: Fact) -> str:
    """What a figure of a change against the year before is: 比上年减少额, 比上年增长幅度."""
    assert fact.value is not None
    ways = ("增长幅度", "下降幅度", "增减幅度") if fact.unit == "%" else ("增加额", "减少额", "增减额")
    return f"比上年{ways[0] if fact.value > 0 else ways[1] if fact.value < 0 else ways[2]}"


def _unit_scope(fact: Fact) -> str:
    return next((s for s in fact.facets if s in SCOPES), "")


def distinguish(values: list[Value], select: Select) -> list[str]:
    """Labels that tell several values apart: by name, else by scope or classification, else by table."""
    names = [fact_label(v.facts[0]) for v in values]
    marked = []
    for value, name in zip(values, names, strict=True):
        fact = value.facts[0]
        if fact.source == "figure" or fact.role in ("project", "unit"):
            marked.append(name)
            continue
        kind = {"functional": "功能分类", "economic": "经济分类"}.get(
            BY_NAME.get(fact.table_kind, BY_NAME["other"]).rows, ""
        )
        scope = next((s for s in fact.facets if s in SCOPES), "")
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
    operands = expression.operands if isinstance(expression, Combine) else []
    if operands:
        for index, value in enumerate(values):
            operand = operands[value.operand] if value.operand is not None and value.operand < len(operands) else None
            if isinstance(operand, Reduce) and operand.how in ("sum", "count", "mean"):
                labels[index] = (
                    f"{set_text(operand.of)}{ {'sum': '合计', 'count': '数量', 'mean': '平均'}[operand.how] }"
                )
            elif isinstance(operand, Combine) and operand.how == "share":
                labels[index] = f"{fact_label(value.facts[0])}占比"
            elif isinstance(operand, Combine) and operand.how == "sum":
                parts = dict.fromkeys(fact_label(fact) for fact in value.facts)
                labels[index] = f"{'、'.join(parts)}合计"
    labels = with_scopes(values, labels)
    kinds = [_kind_of_operand(value, operands) for value in values]
    if len(set(kinds)) > 1:  # 预算 beside 决算 of one year
        labels = [f"{kind}：{label}" if kind else label for kind, label in zip(kinds, labels, strict=True)]
    if len(set(labels)) < len(labels):
        labels = distinguish(values, Select()) if all(v.facts for v in values) else labels
    return labels


def _operand_items(values: list[Value], expression: Combine | Check) -> list[tuple[Named, Value]]:
    """Operands with their labels, those that are sets with what the set is."""
    items = []
    for label, value in zip(operand_labels(values, expression), values, strict=True):
        operands = expression.operands if isinstance(expression, Combine) else []
        of = operands[value.operand] if value.operand is not None and value.operand < len(operands) else None
        select = of.of if isinstance(of, Reduce) and of.how in ("sum", "count", "mean") else None
        items.append((Named(label, value.facts, value, select), value))
    return items


def _kind_of_operand(value: Value, operands: Sequence[Expression]) -> str:
    operand = operands[value.operand] if value.operand is not None and value.operand < len(operands) else None
    selects = selects_of(operand) if operand is not None else []
    return "、".join(dict.fromkeys(kind for select in selects for kind in select.kinds))


def with_scopes(values: Sequence[Value], labels: list[str]) -> list[str]:
    """Labels with year and department in front, where the values are of several."""
    scopes = [next((f"{f.year}年{f.department}" for f in value.facts), "") for value in values]
    if len(set(scopes)) < 2:
        return labels
    return [label if scope in label else f"{scope}{label}" for scope, label in zip(scopes, labels, strict=True)]


def _operands(check: Check) -> list[Expression]:
    assert check.right is not None
    return [check.left, check.right]


def sought_text(select: Select) -> str:
    """What was looked for and is not there."""
    if select.where or not (select.labels or select.units):
        return set_text(select)
    own = "、".join((*select.units, *select.labels))
    return f"{own}的{'、'.join(select.columns)}" if select.columns else own


def _is_change(value: Value) -> bool:
    return not value.computed and bool(value.facts) and value.facts[0].column_name.startswith("比上年")


def _first_select(check: Check) -> Select:
    return selects_of(check.left)[0]


def count_of(values: Sequence[Value]) -> Value:
    """How many there are, resting on one fact of each."""
    return Value(Decimal(len(values)), "", "数量", tuple(fact for v in values for fact in v.facts[:1]))


def _bare(value: Value) -> Value:
    return Value(value.amount, "", value.label, value.facts, value.computed)


def unit_of(values: Sequence[Value]) -> str | None:
    """The one unit of several values; None where they differ."""
    units = {v.unit for v in values}
    return units.pop() if len(units) == 1 else None
