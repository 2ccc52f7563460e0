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
from assistant.lookup.values import UNIT_SCOPES, of_several_budgets
from assistant.plan import Calculate, Check, Combine, Condition, Expression, Placed, Reduce, Select, selects_of
from assistant.text import AnswerText
from index.amounts import format_count
from index.facts import THREE_PUBLIC, Fact
from index.kinds import BY_NAME, FORM_KINDS
from index.rows import plain_label

LEVELS = {1: "类级", 2: "款级", 3: "项级"}
NOUNS = {"projects": "个项目", "units": "个单位", "items": "项"}
OPERATORS = {"gt": "超过", "ge": "不低于", "lt": "低于", "le": "不超过", "eq": "等于", "about": "约", "ne": "不等于"}
SCOPES = UNIT_SCOPES
LONGEST_LIST = 60


class Composer:
    """Writes answers with one set of wordings."""

    def __init__(self, wordings: dict[str, str]) -> None:
        self._wordings = wordings

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
            titles = dict.fromkeys(f.table_title for v in values for f in v.facts if f.source == "cell")
            text.add("出自" + "、".join(f"《{title}》" for title in titles) + "。" if titles else "")
        if part.with_code:
            codes = dict.fromkeys((plain_item(f), f.code) for v in values for f in v.facts[:1] if f.code)
            text.add("".join(f"{name}的科目编码是{code}。" for name, code in codes))
        return text

    # --- one expression ------------------------------------------------------------------------------------------
    def _reduce(self, text: AnswerText, reduce: Reduce, evidence: Evidence, values: list[Value],
                shown: list[Value]) -> None:  # fmt: skip
        w, scope = self._wordings, scope_once(text, values or shown)
        set_name = set_text(reduce.of)
        count = count_of(values)
        if reduce.how == "count":
            text.fill(
                w["count"] if values[0].amount else w["count_none"], scope=scope, set=set_name, number=_bare(values[0])
            )
            if 0 < len(shown) <= 12:
                text.add("分别是：").fill("{items}。", items=[(item_name(v), v) for v in shown])
        elif reduce.how == "sum":
            text.fill(w["sum_set"], scope=scope, set=set_name, number=values[0], count=count_of(shown),
                      noun=NOUNS[reduce.of.universe])  # fmt: skip
        elif reduce.how == "mean":
            text.fill(w["mean"], scope=scope, set=set_name, count=count_of(shown), noun=NOUNS[reduce.of.universe],
                      number=values[0])  # fmt: skip
        elif reduce.how == "rank":
            self._rank(text, reduce, values, scope, set_name)
        elif reduce.how == "list":
            items = list(zip(list_names(values), values, strict=True))[:LONGEST_LIST]
            text.fill(w["list"], scope=scope, set=set_name, count=count, noun=NOUNS[reduce.of.universe], items=items)
        elif reduce.of.measure:
            self._changes(text, values, scope)
        else:
            self._values(text, reduce.of, values, shown, scope)

    def _values(self, text: AnswerText, select: Select, values: list[Value], shown: list[Value], scope: str) -> None:
        if not values:
            return
        if len(values) == 1:
            text.fill(self._wordings["value"], scope=scope, label=label_of(values[0], select), number=values[0])
            if shown:
                text.add("其中：").fill("{items}。", items=[(v.label, v) for v in shown])
            return
        labels = distinguish(values, select)
        name = "、".join(dict.fromkeys(plain_label(v.facts[0].label) for v in values))
        one = len({v.facts[0].name for v in values}) == 1 and not of_several_budgets(values)
        told = any(all(fact.source == "figure" for fact in v.facts) for v in values)
        text.fill(self._wordings[("values_told" if told else "values") if one else "several"], scope=scope, label=name,
                  items=list(zip(labels, values, strict=True)))  # fmt: skip

    def _rank(self, text: AnswerText, reduce: Reduce, values: list[Value], scope: str, set_name: str) -> None:
        if reduce.of.measure:
            self._changes(text, values, scope)
            return
        items = [(item_name(v), v) for v in values]
        by = "、".join(reduce.of.columns) if reduce.of.universe == "projects" and reduce.of.columns else "金额"
        if reduce.position:
            end, way = ("最大", "从大到小") if reduce.descending else ("最小", "从小到大")
            if by != "金额":
                end = "最高" if reduce.descending else "最低"
            order = f"{by}{end}" if reduce.position == 1 else f"按{by}{way}排第{cn2an.an2cn(reduce.position)}"
            text.fill(self._wordings["rank_one"], scope=scope, set=set_name, order=order, items=items)
        else:
            order = "从大到小" if reduce.descending else "从小到大"
            text.fill(self._wordings["rank_many"], scope=scope, set=set_name, by=by, order=order, items=items)

    def _changes(self, text: AnswerText, values: list[Value], scope: str) -> None:
        for value in values:
            kind = "growth" if value.unit == "%" else "change"
            way = "more" if value.amount > 0 else "less" if value.amount < 0 else "same"
            if kind == "growth" and way == "same":
                kind = "change"
            size = Value(abs(value.amount), value.unit, value.label, value.facts, value.computed)
            text.fill(self._wordings[f"{kind}_{way}"], scope=scope, label=value.facts[0].label, number=size)
            scope = ""

    def _placed(
        self, text: AnswerText, placed: Placed, evidence: Evidence, values: list[Value], shown: list[Value]
    ) -> None:
        text.fill(self._wordings["placed"], scope=scope_once(text, shown), label=fact_label(shown[0].facts[0]), amount=shown[0],
                  set=set_text(placed.among), number=_bare(values[0]), count=f"{evidence.total_count}")  # fmt: skip

    def _combine(self, text: AnswerText, combine: Combine, values: list[Value], shown: list[Value]) -> None:
        w, scope = self._wordings, scope_once(text, [*values, *shown])
        if combine.how == "list" and any(_is_change(v) for v in values):
            amounts = [v for v in values if not _is_change(v)]
            self._values(text, Select(), amounts, [], scope)
            self._changes(text, [v for v in values if _is_change(v)], "" if amounts else scope)
            return
        if combine.how in ("list", "descending", "ascending"):
            labels = operand_labels(values, combine)
            text.fill(w["several"], scope=scope, items=list(zip(labels, values, strict=True)))
            return
        if combine.how in ("greatest", "least"):
            labels = operand_labels([*values, *shown], combine)
            items = list(zip(labels, [*values, *shown], strict=True))
            wording = (
                combine.how if len(items) < 3 else {"greatest": "greatest_of_all", "least": "least_of_all"}[combine.how]
            )
            text.fill(w[wording], scope=scope, items=items[: len(values)], others=items[len(values) :])
            return
        size = max(1, len(shown) // len(values))
        for index, value in enumerate(values):
            operands = shown[index * size : (index + 1) * size]
            labels = operand_labels(operands, combine)
            prefix = scope if index == 0 else ""
            if combine.how in ("sum", "mean"):
                items = list(zip(labels, operands, strict=True))
                text.fill(
                    w[combine.how if combine.how == "sum" else "mean_of"], scope=prefix, items=items, number=value
                )
                continue
            if combine.how == "rest":
                text.fill(w["rest"], scope=prefix, whole=labels[0], amount=operands[0], number=value,
                          items=list(zip(labels[1:], operands[1:], strict=True)))  # fmt: skip
                continue
            if combine.how in ("monthly", "each"):
                counted = _counted(labels[1], operands[1]) if len(operands) > 1 else {}
                text.fill(w[combine.how], scope=prefix, part=labels[0], number=value, **counted)
                text.add("其中：").fill("{items}。", items=list(zip(labels, operands, strict=True)))
                continue
            if combine.how == "previous":
                text.fill(w["previous"], scope=prefix, label=labels[0], number=value, amount=operands[0])
                self._changes(text, operands[1:], "")
                continue
            if combine.how in ("difference", "excess"):
                first, second = operands[0].amount, operands[1].amount
                way = "more" if first > second else "less" if first < second else "same"
                text.fill(w[f"difference_{way}"], scope=prefix, part=labels[0], whole=labels[1], number=value)
            else:
                number = value if value.unit == "%" else Value(value.amount, "", value.label, value.facts, True)
                text.fill(w[combine.how], scope=prefix, part=labels[0], whole=labels[1], number=number)
            text.add("其中：").fill("{items}。", items=list(zip(labels, operands, strict=True)))

    def _check(
        self, text: AnswerText, check: Check, evidence: Evidence, unit: str | None, decimals: int | None
    ) -> None:
        text.add(self._verdict(check, bool(evidence.truth)))
        said: set[str] = set()
        for one, found in zip((check, *check.also), (evidence, *evidence.also), strict=True):
            own = AnswerText()
            self._figures(own, one, found, unit, decimals)
            if own.text not in said:
                said.add(own.text)
                self._figures(text, one, found, unit, decimals)

    def _verdict(self, check: Check, truth: bool) -> str:
        if check.relation != "exists" or check.also:
            return self._wordings["affirmed" if truth else "denied"]
        if check.negated:
            return self._wordings["affirmed_none" if truth else "denied_none"]
        return self._wordings["exists" if truth else "not_exists"]

    def _figures(
        self, text: AnswerText, check: Check, evidence: Evidence, unit: str | None, decimals: int | None
    ) -> None:
        """What one statement is held against."""
        w, left = self._wordings, check.left
        values = [v.to(unit).rounded(decimals) for v in evidence.values]
        shown = [v.to(unit) for v in evidence.shown]
        scope = scope_once(text, values or shown)
        for chunk in evidence.passages:
            text.fill(w["quote"], source=f"《{chunk.heading}》", text="").quote(chunk, chunk.body)
        if not values:
            if not evidence.passages:
                text.fill(w["not_listed"], set=_sought(_first_select(check)))
        elif check.relation in ("rises", "falls", "same"):
            self._changes(text, values, scope)
            self._changes(text, [v for v in shown if v.facts[0].column_name], "")
            self._values(text, Select(), [v for v in shown if not v.facts[0].column_name], [], "")
        elif isinstance(left, Combine) and check.right is None:
            self._combine(text, left, values, shown)
        elif check.right is None and isinstance(left, Reduce) and left.how != "value":
            self._reduce(text, left, evidence, values, shown)
        elif check.right is None:
            self._values(text, _first_select(check), values, [], scope)
            text.fill("".join(w["together"] for v in shown if v.label == "合计"), number=shown[-1] if shown else "")
        elif is_place(check.right):
            self._values(text, _first_select(check), values, [], scope)
            if isinstance(check.right, Reduce):
                self._rank(text, check.right, shown, "", set_text(check.right.of))
            else:
                items = list(zip(operand_labels(shown, check), shown, strict=True))
                text.fill(w["several"], scope="", items=items)
        elif shown:
            self._combine(text, Combine(how="difference", operands=_operands(check)), shown, values)
            parts = [v.to(unit) for v in evidence.parts]
            if parts:
                text.add("相加的是：").fill("{items}。", items=[(fact_label(v.facts[0]), v) for v in parts if v.facts])
        else:
            labels = operand_labels(values, check)
            text.fill(w["several"], scope=scope, items=list(zip(labels, values, strict=True)))


def _counted(label: str, count: Value) -> dict[str, str]:
    """What an amount is divided by: 车辆数, 人数."""
    column = count.facts[0].column_name
    said = column or (label if label.endswith("数") else f"{label}数")
    return {"whole": said, "unit": count.unit or ("人" if column.startswith("人") else "个")}


# --- names ---------------------------------------------------------------------------------------------------------
def scope_text(values: Sequence[Value]) -> str:
    """`2024年甲局部门预算中，`: whose figures these are. Empty where they are of several documents."""
    facts = [fact for value in values for fact in value.facts]
    scopes = {(f.year, f.department) for f in facts}
    if len(scopes) != 1:
        return ""
    year, department = scopes.pop()
    return f"{year}年{department}："


def scope_once(text: AnswerText, values: Sequence[Value]) -> str:
    """The scope of the values, unless the text has said it already."""
    scope = scope_text(values)
    return "" if scope in text.text else scope


def set_text(select: Select) -> str:
    """What a set is called: 甲中心超过100万元的项目, 金额最大的3个项目."""
    if is_of_form(select):
        kept = f"{'、'.join(select.columns)}低于{select.short_of}" if select.short_of else ""
        return f"{select.form or ''}{kept}的{'、'.join(select.under) or '指标'}"
    if select.top:
        end = "最大" if select.top > 0 else "最小"
        return f"金额{end}的{cn2an.an2cn(abs(select.top))}个{set_text(select.model_copy(update={'top': None}))}"
    bounds = "、".join(map(bound_text, select.where))
    owner = "、".join(select.units)
    head = f"{owner}{bounds}{'的' if owner or bounds else ''}"
    if select.universe == "projects":
        return f"{head}项目"
    columns = "、".join(select.columns)
    if select.universe == "units":
        return f"{bounds}{'的' if bounds else ''}各{'下属' if select.exclude else ''}单位{columns or '预算'}"
    if select.under:
        return f"{columns}{'、'.join(select.under)}的下级{head}科目"
    kind = {"functional": "功能分类", "economic": "经济分类"}.get(select.classification or "", "")
    return f"{columns}{bounds}{'的' if bounds else ''}{kind}{LEVELS.get(select.level or 0, '')}科目"


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
    fact = value.facts[0]
    if value.computed and "≈" not in value.derivation:
        return value.label
    return fact_label(fact, owner=bool(select.units))


def fact_label(fact: Fact, owner: bool = True) -> str:
    """Owner, row and column of a fact: 甲中心商品和服务支出, 行政运行的基本支出, 基本支出合计."""
    if fact.source == "figure":
        assert fact.value is not None
        way = "减少" if fact.value < 0 else "增加"
        way = {"减少": "下降幅度", "增加": "增长幅度"}[way] if fact.unit == "%" else f"{way}额"
        return f"{fact.label}比上年{way}" if fact.column_name.startswith("比上年") else fact.label
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
        return f"{head}{fact.label}"
    if fact.role == "unit":
        return f"{fact.label}{fact.column_name or next((s for s in fact.facets if s in SCOPES), '')}"
    own = f"{fact.budget_unit}{_unit_scope(fact)}的" if fact.budget_unit and fact.role == "item" and owner else ""
    column = f"的{fact.column_name}" if fact.column_name else ""
    return f"{own}{plain_item(fact)}{column}"


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
    labels = [v.label if v.computed else fact_label(v.facts[0]) for v in values]
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


def _sought(select: Select) -> str:
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
