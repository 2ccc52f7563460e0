"""The last question asked once more, with other pieces or in another unit.

In: an again node. Out: the part of the turn before with what is said now in the place of what it replaces.
"""

from __future__ import annotations

import re

from assistant.binding.slots import SCOPES, Bound
from assistant.budgets.scoping import years_in
from assistant.plan import (
    Calculate,
    Check,
    Combine,
    Define,
    Expression,
    Part,
    Passage,
    Placed,
    Reduce,
    Select,
    selects_of,
    with_selects,
)
from assistant.planning.asking import UNITS, Asking, calculation
from assistant.planning.before import narrowed, one_of_members
from assistant.planning.errors import HindranceError
from assistant.planning.words import project_names
from assistant.reader.form import Thing
from assistant.turns import is_of_budgets, is_place_word

SAME_TABLE = re.compile(r"(?:同一?张?|[这那该]张?)(?:个)?表")
AMOUNT = re.compile(r"(?:是|有|花|安排)了?多少(?!倍|个百分点|%)")  # 那乙局这一项是多少, after how much another rose
MOVED = re.compile(r"增|减|涨|降|变|升|多了|少了|百分")
OF_WHOLE = re.compile(r"分母|(?:除以|占|相对于?|对比)的?(?:是|应该是|得是|要是)|拿[^，。]{1,12}(?:做|当|作)分母")
SAME_WAY = re.compile(
    r"(?:也|照)(?:是|按)?(?:这么|这样|那么|那样|同样|一样)|照样|同样(?:地|的)?(?:算|比|除)|一样(?:地)?(?:算|比)"
)
CORRECTING = re.compile(r"不对|不是|(?:问|说|指|要)的是")


def again(ask: Asking, node: Thing, flags: set[str]) -> list[Part]:
    """The last question once more, with other pieces or in another unit."""
    part = ask.turns.last_part()
    words = ask.words(node)
    if part is None:
        return [calculation(ask.value(ask.bind(words)), flags)]
    if isinstance(part, Define):
        terms = [t for w in words for t in ask.binder.terms(w)]
        return [Define(terms=terms)] if terms else [calculation(ask.value(ask.bind(words)), flags)]
    if isinstance(part, Passage) and not words and not flags:
        return [part.model_copy(update={"query": ask.question})]
    if isinstance(part, Passage):
        subject = ask.turns.subject() if flags and not words else None
        if subject is not None:  # 折成元, after a question about its target
            return [calculation(subject, flags)]
        return [passage_again(ask, part, words)]
    assert isinstance(part, Calculate)
    return [_calculated_again(ask, part, words, flags)]


def _calculated_again(ask: Asking, part: Calculate, words: list[str], flags: set[str]) -> Calculate:
    """What was calculated, of the things that the words name or in the unit that the flags ask for."""
    expression = part.expression
    if ask.own is not None and ask.turns.was_of_others(ask.own.documents):  # 乙局的呢: all of it in this budget
        here: dict = {"years": [ask.own.year], "departments": [], "kinds": []}
        if AMOUNT.search(ask.question) and not MOVED.search(ask.question):
            here["measure"] = None
        expression = with_selects(expression, lambda select: select.model_copy(update=here))
    placed = ask.turns.picked("".join(words)) if words and is_place_word("".join(words)) else None
    one = placed or (one_of_members(ask, words) if words else None)
    if one is not None:
        return calculation(one, flags)
    rate = isinstance(expression, Combine) and expression.how in ("share", "ratio", "excess")
    if words and rate and flags & set(UNITS):  # 行政运行那个数改成元, after its share: the amount
        expression = expression.operands[0]  # type: ignore[union-attr]
    if words and AMOUNT.search(ask.question) and not MOVED.search(ask.question):
        expression = with_selects(expression, lambda select: select.model_copy(update={"measure": None}))
    if words:
        expression = in_same_table(ask, asked_again(ask, expression, words))
    again = calculation(expression, flags)
    kept = {
        "unit": again.unit or part.unit,
        "decimals": again.decimals if again.decimals is not None else part.decimals,
    }
    return again.model_copy(update={**kept, "names_only": part.names_only})


def in_same_table(ask: Asking, expression: Expression | Check) -> Expression | Check:
    """同一张表里的劳务费: in the table of the figure that was given last."""
    if not SAME_TABLE.search(ask.question) or not isinstance(expression, Reduce):
        return expression
    before = ask.turns.subject()
    where = ask.binder.tables_of(before) if before is not None else []
    narrowed = expression.of.model_copy(update={"tables": where})
    return (
        expression.model_copy(update={"of": narrowed}) if len(where) == 1 and ask.binder.holds(narrowed) else expression
    )


def passage_again(ask: Asking, part: Passage, words: list[str]) -> Part:
    """A question that was answered with words, of what the words name now."""
    if part.about in ("target", "owner"):
        names = project_names(ask, words)
        return part.model_copy(update={"subject": names, "query": ask.question, "of": None})
    if part.about == "duty":
        return part.model_copy(
            update={"subject": ask.binder.names(words[0], "units") if words else [], "query": ask.question}
        )
    return part.model_copy(
        update={"subject": words, "things": [[w] for w in words], "query": ask.question, "premise": None}
    )


def asked_again(ask: Asking, expression: Expression | Check, words: list[str]) -> Expression | Check:
    """The expression with its first select narrowed or changed by the words; a whole to compare with stays."""
    if isinstance(expression, Check):
        left = asked_again(ask, expression.left, words)
        assert not isinstance(left, Check)
        if expression.claim is None and expression.right is None:
            return expression.model_copy(update={"left": left})
        return left
    if isinstance(expression, Placed):
        return Reduce(how="value", of=narrowed(ask, expression.thing.of, words))
    if isinstance(expression, Reduce):
        return _reduced_again(ask, expression, words)
    return _combined_again(ask, expression, words)


def _reduced_again(ask: Asking, expression: Reduce, words: list[str]) -> Expression:
    """A value or a set narrowed or changed by the words; where it cannot be, what they name by themselves."""
    if expression.how == "value":
        return expression.model_copy(update={"of": narrowed(ask, expression.of, words)})
    universe = expression.of.universe
    if universe == "units" and any(map(ask.binder.is_unit_word, words)):  # 甲中心是多少, after which unit has most
        return Reduce(how="value", of=narrowed(ask, Select(columns=expression.of.columns), words))
    bound = ask.binder.set(universe, words, expression.of)
    if isinstance(bound, Bound):
        return expression.model_copy(update={"of": ask.settled(bound).select})
    return ask.value(ask.bind(words))


def _combined_again(ask: Asking, expression: Combine, words: list[str]) -> Expression | Check:
    """What was computed, of other things: the first operand of a rate, one side of a difference, every member of a list."""
    if is_of_budgets(expression) and len(words) == 1 and ask.binder.is_year(words[0]):
        return in_year(ask, expression, words[0])
    if expression.how == "share" and OF_WHOLE.search(ask.question):  # 分母要用部门支出总额
        return expression.model_copy(update={"operands": [expression.operands[0], ask.value(ask.bind(words))]})
    if expression.how in ("share", "ratio", "rest", "excess"):
        first = asked_again(ask, expression.operands[0], words)
        assert not isinstance(first, Check)
        rest = [moved_scope(ask, o, first) for o in expression.operands[1:]]
        return expression.model_copy(update={"operands": [first, *rest]})
    of_columns = all(ask.binder.scope(word) for word in words)  # 项目支出呢, after the basic expenditure of two units
    if expression.how == "difference" and not of_columns and not SAME_WAY.search(ask.question):
        return _other_side(ask, expression, words)
    scopes = sorted(c for s in selects_of(expression) for c in s.columns if not (s.labels or s.codes))
    units = [n for w in words if ask.binder.is_unit_word(w) for n in ask.binder.names(w, "units")]
    if (
        scopes == sorted(SCOPES) and len(units) == len(words) == 1
    ):  # 乙中心呢, after basic and project expenditure of 甲中心
        return Reduce(how="value", of=Select(units=units))
    column = next((scope for word in words if (scope := ask.binder.scope(word))), None)
    shares = shares_in_column(ask, expression, column) if column is not None and len(words) == 1 else []
    if shares:
        return expression.model_copy(update={"operands": shares})
    changed = [asked_again(ask, operand, words) for operand in expression.operands]
    different = [c for i, c in enumerate(changed) if c not in changed[:i] and not isinstance(c, Check)]
    # 办公费和水费 … 电费呢: what makes all operands the same replaces them all.
    again = different[0] if len(different) == 1 else expression.model_copy(update={"operands": different})
    return again if ask.binder.amounts(again) else ask.value(ask.bind(words))


def _other_side(ask: Asking, difference: Combine, words: list[str]) -> Expression | Check:
    """The first side of a difference against what is named now; that alone where it was a side already or is a correction."""
    if ask.binder.is_unit_word("".join(words)):  # 局本级的这一项, after two others were compared
        return asked_again(ask, difference.operands[-1], words)
    value = ask.value(ask.bind(words))
    if value in difference.operands or CORRECTING.search(ask.question):
        return value
    return Combine(how="difference", operands=[difference.operands[0], value])


def in_year(ask: Asking, expression: Combine, words: str) -> Combine:
    """What put the budgets of a year in order, in another year: of the departments that have it there."""
    years = sorted(years_in(words))
    moved = [with_selects(o, lambda s: s.model_copy(update={"years": years})) for o in expression.operands]
    there = [operand for operand in moved if ask.binder.gives(operand)]
    if len(there) < 2:
        raise HindranceError("other_year", words)
    return expression.model_copy(update={"operands": there})


def shares_in_column(ask: Asking, expression: Combine, column: str) -> list[Expression]:
    """项目支出也这样拆, after the shares of each class in another column: those that have money in this one, of its total."""
    shares = [o for o in expression.operands if isinstance(o, Combine) and o.how == "share"]
    parts = [o.operands[0] for o in shares]
    if not shares or len(shares) < len(expression.operands) or not all(isinstance(p, Reduce) for p in parts):
        return []
    moved = [p.model_copy(update={"of": p.of.model_copy(update={"columns": [column], "tables": []})}) for p in parts]  # type: ignore[union-attr]
    whole = Reduce(how="value", of=Select(columns=[column]))
    return [Combine(how="share", operands=[p, whole]) for p in moved if ask.binder.gives(p)]


def moved_scope(ask: Asking, operand: Expression, first: Expression) -> Expression:
    """The whole of a share in the unit or year that the part was moved to."""
    if not (isinstance(operand, Reduce) and isinstance(first, Reduce)):
        return operand
    changes = {k: getattr(first.of, k) for k in ("years", "departments", "kinds") if getattr(first.of, k)}
    if first.of.units and operand.of.units and len(operand.of.units) == 1:
        changes["units"] = first.of.units
    return operand.model_copy(update={"of": operand.of.model_copy(update=changes)}) if changes else operand
