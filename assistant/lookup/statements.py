"""Statements held against the documents: whether they are true, and the figures that show it."""

from __future__ import annotations

import re

from assistant.evidence import Evidence, Value
from assistant.lookup.arithmetic import Arithmetic
from assistant.lookup.values import (
    UNIT_SCOPES,
    add,
    align,
    budgets_of,
    claim_in_yuan,
    in_yuan,
    relation_holds,
    sum_text,
)
from assistant.plan import Check, Combine, Placed, Reduce, Select
from index.parsing.kinds import kind_of
from index.parsing.prose import CHANGE, GROWTH

MOST_SHOWN = 12  # terms of a sum that are told one by one


class Statements(Arithmetic):
    """What a Check gives."""

    def _check(self, check: Check) -> Evidence:
        """A statement and those that go with it: true when all of them hold."""
        evidence = self._statement(check)
        if evidence.truth is None:
            return evidence
        evidence.also = [self._check(other) for other in check.also]
        missing = next((e for e in evidence.also if e.truth is None), None)
        if missing is not None:
            return missing
        evidence.truth = (evidence.truth != check.negated) and all(e.truth for e in evidence.also)
        texts = [e.derivation for e in (evidence, *evidence.also) if e.derivation]
        evidence.derivation = "；".join(dict.fromkeys(texts)) or None
        return evidence

    def _statement(self, check: Check) -> Evidence:
        """One statement as it stands, whether or not the asker denies it."""
        left = self.look_up(check.left)
        if check.relation == "exists":
            if not left.values:
                return self._nothing_there(check)
            return Evidence(values=left.values, shown=left.values, truth=any(v.amount for v in left.values),
                            derivation=left.derivation)  # fmt: skip
        if left.empty and check.claim is not None and check.claim.amount and self._is_blank(check.left):
            return Evidence(truth=False)
        if left.empty:
            return Evidence(empty=left.empty)
        if check.relation in ("rises", "falls", "same"):
            return self._moves(check, left.values)
        if check.relation == "agree":
            return Evidence(values=left.values, shown=left.values, truth=len(left.values) == 1)
        if check.claim is not None:
            truths = [relation_holds(in_yuan(v), check.relation, claim_in_yuan(check.claim, v)) for v in left.values]
            whole = self._of_both_scopes(left.values)
            if (
                not any(truths)
                and whole
                and relation_holds(in_yuan(whole), check.relation, claim_in_yuan(check.claim, whole))
            ):
                return Evidence(values=left.values, shown=[whole], truth=True, derivation=sum_text(left.values, whole))
            rest = [v for v, truth in zip(left.values, truths, strict=True) if v.amount and not truth]
            return Evidence(values=left.values, shown=left.shown, truth=any(truths) and not (check.only and rest),
                            derivation=left.derivation)  # fmt: skip
        assert check.right is not None
        return self._compared(check, left, self.look_up(check.right))

    def _of_both_scopes(self, values: list[Value]) -> Value | None:
        """One item's basic and project expenditure together, where these are all that it has."""
        scopes = [{s for fact in v.facts for s in (*fact.facets, fact.column_name) if s in UNIT_SCOPES} for v in values]
        both = len(values) == 2 and {len(s) for s in scopes} == {1} and scopes[0] != scopes[1]
        same = len({fact.name for v in values for fact in v.facts}) == 1
        return add(values, "合计") if both and same else None

    def _compared(self, check: Check, left: Evidence, right: Evidence) -> Evidence:
        """Two sides held against each other; their difference is told where they are two amounts of one unit."""
        if right.empty:
            return Evidence(empty=right.empty)
        texts = [d for d in (left.derivation, right.derivation) if d]
        if is_place(check.right):
            truth = any(in_yuan(a) == in_yuan(b) for a in left.values for b in right.values)
            return Evidence(values=left.values, shown=[*right.values, *right.shown], among=right.among, truth=truth,
                            derivation="；".join(texts) or None)  # fmt: skip
        pairs = list({(in_yuan(a), in_yuan(b)): (a, b) for a, b in align([left.values, right.values])}.values())
        truth = bool(pairs) and all(relation_holds(in_yuan(a), check.relation, in_yuan(b)) for a, b in pairs)
        shown = [v for pair in pairs for v in pair]
        if not pairs:
            return Evidence(empty="可以相比的两个数")
        apart = self._arithmetic("difference", list(pairs[0])) if len(pairs) == 1 else None
        sums = [
            side.shown
            for side, of in ((left, check.left), (right, check.right))
            if isinstance(of, Combine | Reduce) and of.how == "sum" and len(side.shown) <= MOST_SHOWN
        ]
        return Evidence(values=shown, shown=[apart[0]] if apart else [], truth=truth, parts=[v for side in sums for v in side],
                        derivation="；".join([*texts, *([apart[2]] if apart else [])]) or None)  # fmt: skip

    def _moves(self, check: Check, changes: list[Value]) -> Evidence:
        """A rise or fall against the year before; shown with it are its other measure and the amount itself."""
        change = changes[0]
        truth = {"rises": change.amount > 0, "falls": change.amount < 0, "same": change.amount == 0}[check.relation]
        if check.claim is not None:
            size = abs(in_yuan(change))
            truth = truth and relation_holds(size, check.claim.operator, claim_in_yuan(check.claim, change))
        select = check.left.of if isinstance(check.left, Reduce) else Select()
        others = [m for m in (CHANGE, GROWTH, None) if m != select.measure]
        found = [self.look_up(Reduce(how="value", of=select.model_copy(update={"measure": m}))) for m in others]
        same = (change.facts[0].name, budgets_of(change))
        shown = [v for evidence in found for v in evidence.values if (v.facts[0].name, budgets_of(v)) == same]
        return Evidence(values=[change], shown=shown, truth=truth)

    def _is_blank(self, expression: Reduce | Combine | Placed) -> bool:
        """Whether tables have the row, and nothing in its cell: no money is arranged for it."""
        facts = self.select(expression.of) if isinstance(expression, Reduce) and expression.how == "value" else []
        return bool(facts) and all(fact.value is None and not fact.text.strip() for fact in facts)

    def _nothing_there(self, check: Check) -> Evidence:
        """没有: borne out by the note of a blank table, by a row that is listed elsewhere only, or by an empty set."""
        select = check.left.of if isinstance(check.left, Reduce) else Select()
        notes = [
            chunk for chunk in self._store.chunks(documents=self.document_ids, kinds=["note"])
            if kind_of(chunk.heading).name in select.tables or _denies(chunk.body, select)
        ]  # fmt: skip
        if notes:
            return Evidence(truth=False, passages=notes)
        if self._is_blank(check.left):
            return Evidence(truth=False)
        if select.where:
            every = self.members(select.model_copy(update={"where": []}))
            return Evidence(truth=False) if every else Evidence(empty="没有这样的内容")
        elsewhere = self.select(select.model_copy(update={"columns": [], "tables": []}))
        if set(select.columns) & set(UNIT_SCOPES) and (elsewhere or self._is_unit_total(select)):
            return Evidence(truth=False)
        return Evidence(empty="没有这一项")


def is_place(expression: Reduce | Combine | Placed | None) -> bool:
    """Whether it is what stands first, last or nth of several."""
    return (isinstance(expression, Reduce) and expression.how == "rank") or (
        isinstance(expression, Combine) and expression.how in ("greatest", "least")
    )


def _denies(note: str, select: Select) -> bool:
    """Whether a note says that these units have none of these items: 甲中心和乙中心无行政经费."""
    return any(
        unit in sentence and re.search(rf"(?:无|没有)(?:安排)?{re.escape(label)}", sentence)
        for unit in select.units for label in select.labels for sentence in re.split(r"[，。；]", note)
    )  # fmt: skip
