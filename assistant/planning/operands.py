"""The sides of a comparison and the members of a list, each with what it leaves open and another says.

In: the nodes of a call's operands. Out: their Expressions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.binding.slots import SCOPES, Bound
from assistant.plan import Combine, Expression, Reduce, Select, selects_of
from assistant.planning.across import named, only_scope, shared
from assistant.planning.asking import Asking
from assistant.planning.before import is_plain_prev
from assistant.planning.errors import HindranceError
from assistant.planning.shares import own_units
from assistant.reader.form import Node, Thing

YEAR_COLUMN = re.compile(r"20\d\d年|[上去]年")
POINTS_BACK = re.compile(r"[它这那该其]|刚才|上面|前面")


def operands_of(ask: Asking, nodes: Sequence[Node]) -> tuple[Expression, ...]:
    """The operands of a call, each with what it has from the others."""
    if ask.asks_several:
        leans = any(is_plain_prev(node) for node in nodes)
        asked = with_row_named(ask, nodes) if leans else nodes
        return tuple(leans_on(ask, node) if leans else ask.expression(node) for node in shared(ask, asked))
    kept = with_common_head(ask, nodes)
    return lent_to_each_other(ask, rows_like_the_others(ask, kept, [_apart(ask, node, kept) for node in kept]))


def with_row_named(ask: Asking, nodes: Sequence[Node]) -> Sequence[Node]:
    """跟乙局的公务接待费比谁多, after what a car cost: both sides are of the row that is named, where no word points back."""
    things = [node for node in nodes if isinstance(node, Thing) and node.is_plain]
    named_rows = [tuple(s for s in node.spans if not only_scope(ask, s, None)) for node in things]
    rows = [spans for spans in named_rows if len(spans) == 1 and ask.binder.is_row_name(ask.text(spans[0]))]
    if len(rows) != 1 or POINTS_BACK.search(ask.question):
        return nodes
    return [replace(n, spans=rows[0]) if isinstance(n, Thing) and is_plain_prev(n) else n for n in nodes]


def leans_on(ask: Asking, node: Node) -> Expression:
    """跟乙局的比呢: of a side that only names a budget, what was spoken of, in that one."""
    subject = ask.turns.subject()
    plain = node.spans if isinstance(node, Thing) and node.is_plain else ()
    budgets = named(ask, node) if plain and all(only_scope(ask, s, None) for s in plain) else []
    if len(budgets) != 1 or not isinstance(subject, Reduce):
        return ask.expression(node)
    moved = subject.of.model_copy(update=budgets[0].whose())
    if not ask.binder.holds(moved):
        raise HindranceError("not_found", "、".join(moved.labels or moved.columns))
    return subject.model_copy(update={"of": moved})


def _apart(ask: Asking, node: Node, nodes: Sequence[Node]) -> Expression:
    """What a node is the value of; where nothing is called so, without the rows that it shares with another: 办公费的上年结转是
    水费的几倍."""
    try:
        return ask.expression(node)
    except HindranceError:
        others = {s for n in nodes if n is not node and isinstance(n, Thing) for s in n.spans}
        spans = node.spans if isinstance(node, Thing) else ()
        own = tuple(s for s in spans if s not in others or not ask.binder.may_be_row(ask.text(s)))
        if not isinstance(node, Thing) or not set(own) - others or own == spans:
            raise
        found = ask.expression(Thing(node.kind, own))
        dropped = [ask.text(s) for s in spans if s not in own]
        if any(select.labels for select in selects_of(found)) and any(ask.binder.names(w, "items") for w in dropped):
            raise  # a row at the beginning of the year is not all expenditure then
        return found


def rows_like_the_others(ask: Asking, nodes: Sequence[Node], found: Sequence[Expression]) -> list[Expression]:
    """货物、工程、服务三类采购: a project beside rows of one table is the row beside them that the same words name."""
    rows = [e for e in found if isinstance(e, Reduce) and e.of.universe == "items" and e.of.labels]
    kept = list(found)
    for index, (node, expression) in enumerate(zip(nodes, found, strict=True)):
        if not (isinstance(expression, Reduce) and isinstance(node, Thing) and node.kind == "thing" and rows):
            continue
        said = [w for w in ask.words(node) if not ask.binder.is_only_year(w)]
        noun = not expression.of.labels and bool(said) and all(map(ask.binder.is_noun, said))  # 工程, beside 货物
        if noun or expression.of.universe == "projects":
            beside = ask.binder.row_beside(rows[0].of, said, by_name=noun or len(rows) > 1)
            kept[index] = Reduce(how="value", of=beside) if beside is not None else expression
    return kept


def with_common_head(ask: Asking, nodes: Sequence[Node]) -> Sequence[Node]:
    """货物、工程、服务采购预算: what stands once before or behind a list of single words belongs to each of them."""
    things = [n for n in nodes if isinstance(n, Thing) and n.is_plain]
    if len(things) < len(nodes) or len(things) < 2:
        return nodes
    for rich, rest in ((things[-1], things[:-1]), (things[0], things[1:])):
        head = rich.spans[1:] if rich is things[-1] else rich.spans[:-1]
        if not head or any(len(thing.spans) > 1 for thing in rest):
            continue
        lent = [Thing("thing", tuple(sorted((*thing.spans, *head), key=lambda s: s.start))) for thing in rest]
        bound = [ask.binder.thing(ask.words(thing)) for thing in lent]
        alone = [ask.binder.thing(ask.words(thing)) for thing in rest]
        if all(isinstance(b, Bound) and b.select.labels for b in bound) and any(
            not (isinstance(b, Bound) and b.select.labels) for b in alone
        ):
            return [*lent, rich] if rich is things[-1] else [rich, *lent]
    return nodes


def separate(ask: Asking, values: Sequence[Expression]) -> list[Expression]:
    """Values of one word for several rows as a value for each row."""
    found: list[Expression] = []
    for value in values:
        plain = isinstance(value, Reduce) and value.how == "value"
        found += [Reduce(how="value", of=s) for s in ask.binder.separately(value.of)] if plain else [value]  # type: ignore[union-attr]
    return found


def scopes_of(value: Expression) -> list[Expression]:
    """The operands of a sum over scopes; any other value alone."""
    return value.operands if isinstance(value, Combine) and value.how == "sum" else [value]


def over_scopes(ask: Asking, value: Expression) -> Expression:
    """办公费一共多少: its basic and project expenditure together, where both tables have it."""
    if not isinstance(value, Reduce) or value.how != "value" or value.of.columns or value.of.tables or value.of.units:
        return value
    cells = [Reduce(how="value", of=value.of.model_copy(update={"columns": [scope]})) for scope in SCOPES]
    both = value.of.labels and value.of.universe == "items" and all(ask.binder.holds(c.of) for c in cells)
    if not both or ask.binder.is_one_value(value.of):
        return value
    given = [cell for cell in cells if ask.binder.gives(cell)]  # one of them may be blank
    return Combine(how="sum", operands=list(cells)) if len(given) == len(cells) else (given or [value])[0]


def lent_to_each_other(ask: Asking, sides: Sequence[Expression]) -> tuple[Expression, ...]:
    """甲中心的基本支出比乙中心多: what one side leaves open it has from the first or last that says it."""
    found = own_units(ask, sides)
    for lender, borrower in ((0, i) for i in range(1, len(found))):
        found[borrower] = borrowed(ask, found[borrower], found[lender])
    for index in range(len(found) - 1):
        found[index] = borrowed(ask, found[index], found[-1])
    return tuple(found)


def is_scope_alone(select: Select) -> bool:
    """Whether a select names a column and nothing else."""
    return bool(select.columns) and not (select.labels or select.units or select.codes or select.tables or select.under)


def borrowed(ask: Asking, to: Expression, lender: Expression) -> Expression:
    """A value with the row, column, unit or table that it leaves open, as the lender has it, where the documents hold that."""
    if not (isinstance(to, Reduce) and isinstance(lender, Reduce) and to.how == lender.how == "value"):
        return to
    mine, other = to.of, lender.of
    changes: dict = {}
    if mine.units and other.units and not (mine.labels or mine.codes or mine.columns):
        changes = {"labels": other.labels, "codes": other.codes, "columns": other.columns}
    elif is_scope_alone(mine) and (other.columns or other.labels or other.codes):
        changes = {"labels": other.labels, "codes": other.codes, "units": other.units}
    elif (mine.labels or mine.codes) and (other.labels or other.codes) and mine.universe == other.universe == "items":
        changes = {
            k: getattr(other, k)
            for k in ("columns", "units", "tables", "titles")
            if not getattr(mine, k) and getattr(other, k)
        }
        if mine.years and any(YEAR_COLUMN.match(c) for c in other.columns):
            changes.pop("columns", None)  # 2026年的 beside 2025年, which a table has as a column
    borrowed = mine.model_copy(update={k: v for k, v in changes.items() if v})
    if borrowed == other:
        return to  # nothing is held against itself
    return to.model_copy(update={"of": borrowed}) if borrowed != mine and ask.binder.holds(borrowed) else to
