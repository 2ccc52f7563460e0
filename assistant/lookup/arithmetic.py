"""Arithmetic over operands, each with its derivation as a reader would write it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from assistant.evidence import MONTHLY, MONTHS, Evidence, Value
from assistant.lookup.sets import Sets
from assistant.lookup.values import (
    add,
    align,
    greatest,
    in_yuan,
    one_each,
    same_cell,
    side_by_side,
    sum_text,
    unique_results,
)
from assistant.plan import Combine
from index.amounts import is_money, quotient

ADDED, RANKED = {"sum", "mean"}, {"greatest", "least", "descending", "ascending"}
AVERAGED = {"mean", "monthly", "each"}
MOST_COMPARED, YUAN_ITSELF = 2, "元"


def averaged(values: list[Value], in_yuan_if_small: bool = False) -> tuple[Value, list[Value], str] | None:
    """An amount of money by the months of a year, or by the number of things that stands beside it."""
    money, *counts = values
    number = counts[0].amount if counts else Decimal(MONTHS)
    if not is_money(money.unit) or not number or any(is_money(c.unit) for c in counts):
        return None
    facts = tuple(fact for v in values for fact in v.facts)
    if in_yuan_if_small and abs(money.amount) < number:  # so little would be rounded away: in 元
        money = money.to(YUAN_ITSELF)
        values = [money, *counts]
    mean = Value(quotient(money.amount, number), money.unit, "平均" if counts else MONTHLY, facts, True)
    return mean, values, f"{money.printed()} ÷ {counts[0].printed() if counts else MONTHS} = {mean.printed()}"


class Arithmetic(Sets):
    """What a Combine gives."""

    def _combine(self, combine: Combine) -> Evidence:
        operands = [self.look_up(operand) for operand in combine.operands]
        for index, operand in enumerate(operands):
            operand.values = [replace(value, operand=index) for value in operand.values]
        if combine.how in ADDED | RANKED:
            operands = self._without_held(operands)
        if combine.how == "list":
            return side_by_side(operands)
        if combine.how in ("descending", "ascending"):
            together = side_by_side(one_each(operands))
            together.values.sort(key=in_yuan, reverse=combine.how == "descending")
            if combine.n:
                together.values = together.values[: combine.n]
            return together
        if combine.how in ("greatest", "least"):
            return greatest(operands, combine.how == "greatest")
        missing = next((o for o in operands if o.empty), None)
        if missing:
            return Evidence(empty=missing.empty)
        held = self._held(operands) if combine.how in ADDED else {}
        if held:
            return Evidence(empty=f"{'、'.join(held.values())}的数已在其主管部门的数里，两者不能相加")
        aligned = align([o.values for o in operands])
        computed = [self._arithmetic(combine.how, list(values)) for values in aligned]
        results = unique_results([r for r in computed if r is not None])
        if not results:
            return Evidence(empty="可以相除的两个数")
        used = [v for values in aligned for v in values]
        before = [
            text
            for o in operands
            for text in (
                [v.derivation for v in used if v in o.values] if any(v.derivation for v in o.values) else [o.derivation]
            )
            if text
        ]
        several = len(results) > 1  # then each keeps its own: not all of them need be used further on
        return Evidence(
            values=[replace(r[0], derivation=r[2]) if several else r[0] for r in results], shown=[v for _, shown, _ in results for v in shown],
            derivation="；".join(dict.fromkeys([*before, *(text for _, _, text in results)])),
        )  # fmt: skip

    def _without_held(self, operands: list[Evidence]) -> list[Evidence]:
        """A set of operands without those of a unit's own file beside its department's. Two alone are no set: they are compared."""
        held = self._held(operands) if len(operands) > MOST_COMPARED else {}
        documents = [{fact.document for value in o.values for fact in value.facts} for o in operands]
        return [o for o, own in zip(operands, documents, strict=True) if not own or own - held.keys()]

    def _held(self, operands: list[Evidence]) -> dict[str, str]:
        """The documents of units whose figures those of their departments hold, with the units' names."""
        facts = [fact for operand in operands for value in operand.values for fact in value.facts]
        if len({fact.document for fact in facts}) < MOST_COMPARED:
            return {}
        once = {fact.document for fact in self._counted_once(facts)}
        return {fact.document: fact.department for fact in facts if fact.document not in once}

    def _arithmetic(self, how: str, values: list[Value]) -> tuple[Value, list[Value], str] | None:
        if how in AVERAGED:
            values = [v.to(self._unit) for v in values]  # a quotient is rounded once, in the unit that is stated
        if how in ("monthly", "each"):
            return averaged(values, in_yuan_if_small=self._unit is None)
        unit = values[0].unit
        values = [v.to(unit) for v in values]
        if len({v.unit for v in values}) > 1:
            return None
        facts = tuple(fact for v in values for fact in v.facts)
        amounts = [v.amount for v in values]
        texts = [v.printed() for v in values]
        if any(same_cell(a, b) for i, a in enumerate(values) for b in values[:i]):
            return None  # a thing is compared with no other, and counted once
        if how in ("sum", "mean"):
            total = add(values, "合计")
            if how == "sum":
                return total, values, sum_text(values, total)
            mean = Value(quotient(total.amount, Decimal(len(values))), unit, "平均", facts, True)
            return mean, values, f"{sum_text(values, total)}；{total.printed()} ÷ {len(values)} = {mean.printed()}"
        if how == "rest":
            left = Value(amounts[0] - sum(amounts[1:], Decimal(0)), unit, "其余", facts, True)
            return left, values, f"{' − '.join(texts)} = {left.printed()}"
        first, second = amounts[0], amounts[1]
        if how == "previous":
            result = Value(first - second, unit, "上年数", facts, True)
            change = texts[1] if second >= 0 else f"({texts[1]})"
            return result, values, f"{texts[0]} − {change} = {result.printed()}"
        if how in ("difference", "excess"):
            apart = Value(abs(first - second), unit, "相差", facts, True)
            larger, smaller = texts if first >= second else reversed(texts)
            text = f"{larger} − {smaller} = {apart.printed()}"
            if how == "difference":
                return apart, values, text
        if not second:
            return None
        if how == "excess":
            result = Value(quotient(apart.amount * 100, second), "%", "相差幅度", facts, True)
            return result, values, f"{text}；{apart.printed()} ÷ {texts[1]} = {result.amount}%"
        if how == "share":
            result = Value(quotient(first * 100, second), "%", "占比", facts, True)
            return result, values, f"{texts[0]} ÷ {texts[1]} = {result.amount}%"
        result = Value(quotient(first, second), "倍", "倍数", facts, True)
        return result, values, f"{texts[0]} ÷ {texts[1]} = {result.amount}"
