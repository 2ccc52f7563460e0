"""What a question that leans on the ones before it can lean on.

In: the plans of the turns before, oldest first, and the lookup. Out: what the last answer was about, its members one by one, and
the last question itself, to be asked again with other pieces. What a list or ranking gave is found by executing it again, so
that 第二个 is the very row that was shown second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeGuard

from assistant.evidence import Value
from assistant.lookup.arithmetic import RANKED
from assistant.lookup.form_rows import select_of
from assistant.lookup.lookup import Lookup
from assistant.lookup.values import UNIT_SCOPES, in_yuan
from assistant.plan import (
    Calculate,
    Check,
    Clarify,
    Combine,
    Define,
    Expression,
    Part,
    Passage,
    Placed,
    Plan,
    Reduce,
    Refuse,
    Select,
    selects_of,
)
from assistant.words.quantities import quantities
from index.parsing.kinds import FORM_KINDS

REMEMBERED = 8  # turns whose plans go with a question
# What is computed so is about its first operand.
OF_FIRST = ("share", "ratio", "difference", "previous", "excess", "rest")
LAST = re.compile(r"最后|末")
LAST_PLACE = re.compile(r"(?:最后|末尾?|倒数第?[一1])(?:一)?名|垫底|吊车尾")
FROM_END = re.compile(r"倒数")
LEAST, MOST = re.compile(r"垫底|最[少小低末]|最便宜"), re.compile(r"最[多大高贵]|榜首|头名|冠军")
SAME_ROW = re.compile(r"同一?个?样?的?(?:科目|一?项)")  # 基本支出那边同一科目: the row that was spoken of
PAIR = re.compile(r"(?:前面|后面|前者|后者|前头|后头)(?:[那这]?一?[个家项笔])?")
FIRST, SECOND = re.compile(r"前者|前面|头一|首|第一"), re.compile(r"后者|后面")


class Turns:
    """The turns before one question."""

    def __init__(self, previous: Sequence[Plan], lookup: Lookup) -> None:
        self._previous, self._lookup = list(previous), lookup

    @property
    def any(self) -> bool:
        """Whether there is a turn before."""
        return bool(self._previous)

    def _backwards(self) -> Iterator[Turns]:
        """These turns, and after them again and again the same without their last."""
        return (Turns(self._previous[:count], self._lookup) for count in range(len(self._previous), 0, -1))

    @property
    def unanswered(self) -> bool:
        """Whether the last question had no answer to lean on."""
        last = self._previous[-1].parts if self._previous else []
        return bool(last) and all(
            isinstance(p, Clarify) or (isinstance(p, Refuse) and p.intended is None and p.reason != "out_of_scope")
            for p in last
        )

    def refused_for(self, reason: str) -> bool:
        """Whether the last question was refused for a reason, though it was clear what it meant."""
        last = self._previous[-1].parts if self._previous else []
        return any(isinstance(p, Refuse) and p.reason == reason and p.intended is not None for p in last)

    def was_of_others(self, documents: Sequence[str]) -> bool:
        """Whether the last answer was of none of these documents."""
        before = next((plan.documents for plan in reversed(self._previous) if plan.documents), [])
        return bool(before) and not set(before) & set(documents)

    def last_part(self) -> Part | None:
        """The part that was answered last; of a refusal or a question back what was meant."""
        last = self._previous[-1].parts if self._previous else []
        if any(isinstance(part, Clarify) and part.intended is None for part in last):
            return None  # nobody knows what was spoken of, least of all that it is what was answered before
        for plan in reversed(self._previous):
            for part in reversed(plan.parts):
                if isinstance(part, Refuse | Clarify) and part.intended is not None:
                    return part.intended
                if isinstance(part, Calculate | Passage | Define):
                    return part
        return None

    def last_expression(self) -> Expression | Check | None:
        """What the last answer calculated; None where it was in words."""
        part = self.last_part()
        return part.expression if isinstance(part, Calculate) else None

    def ranked_budgets(self) -> list[Expression]:
        """What the last answer put in order, where that was of several budgets; empty where it was not."""
        expression = self.last_expression()
        return list(expression.operands) if is_of_budgets(expression) else []

    def side_by_side(self) -> list[Expression]:
        """The values that the last question asked for one by one: 印刷费多少，邮电费多少; empty where it asked for anything else."""
        parts = self._previous[-1].parts if self._previous else []
        plain = [
            part.expression for part in parts if isinstance(part, Calculate) and isinstance(part.expression, Reduce)
        ]
        return list(plain) if len(plain) == len(parts) and all(e.how == "value" for e in plain) else []

    def compared(self) -> list[Expression]:
        """The two things that the last turn held against each other, in whichever of its parts; empty where it did not."""
        parts = self._previous[-1].parts if self._previous else []
        for part in reversed(parts):
            expression = part.expression if isinstance(part, Calculate) else None
            if isinstance(expression, Combine) and expression.how in ("difference", "excess"):
                return list(expression.operands)
        return []

    def subject(self) -> Expression | None:
        """What the last answer was about: one thing, a set, or several things side by side."""
        return self._subject_of(self.last_part())

    def subjects(self) -> list[Expression]:
        """What all answers so far were about, the latest first."""
        found = [self._subject_of(part) for plan in reversed(self._previous) for part in reversed(plan.parts)]
        return [subject for subject in found if subject is not None]

    def last_unit(self) -> str | None:
        """The unit that was spoken of last."""
        for plan in reversed(self._previous):
            subject = Turns([plan], self._lookup).subject()
            units = [name for select in (selects_of(subject) if subject is not None else ()) for name in select.units]
            if units:
                return units[-1]
        return None

    def before(self) -> Expression | None:
        """What the answer before the last was about, where it was another thing."""
        last = self.subject()
        parts = [part for plan in self._previous for part in plan.parts if isinstance(part, Calculate | Passage)]
        for part in reversed(parts[:-1]):
            found = self._subject_of(part)
            if found is not None and found != last:
                return found
        return None

    def _subject_of(self, part: Part | None) -> Expression | None:
        if isinstance(part, Clarify):
            return self._subject_of(part.intended)
        if isinstance(part, Define):  # 三公是什么意思 … 一共多少
            named = Reduce(how="value", of=Select(labels=part.terms))
            return named if self._lookup.look_up(named).values else None
        if isinstance(part, Passage):
            projects = part.subject if part.about in ("target", "owner") else []
            if projects:
                return Reduce(how="value", of=Select(universe="projects", labels=projects))
            if part.about == "duty" and part.subject:
                return Reduce(how="value", of=Select(units=part.subject))
            return Reduce(how="value", of=Select(labels=part.subject)) if part.subject else None
        if not isinstance(part, Calculate):
            return None
        expression = _without_check(part.expression)
        if isinstance(expression, Placed):
            return expression.thing
        if isinstance(expression, Combine) and expression.how in OF_FIRST:
            return expression.operands[0]
        if isinstance(expression, Combine) and expression.how in ("greatest", "least"):
            return self._found(expression) or expression
        if isinstance(expression, Reduce) and expression.how == "rank" and expression.position:
            return self._found(expression) or expression
        return expression

    def _found(self, expression: Expression) -> Expression | None:
        """The very row that a ranking gave, where it gave one; of several budgets the one whose it is."""
        values = self._lookup.look_up(expression).values
        if len(values) != 1:
            return None
        if is_of_budgets(expression) and values[0].operand is not None:
            return expression.operands[values[0].operand]
        return value_expression(values[0])

    def _placed(self, words: str) -> Expression | None:
        """第三名 after 最大的是哪个: another place in the same ranking."""
        expression = self._last_ranking()
        ranks = [q for q in quantities(words) if q.kind == "rank" and q.text == "第"]
        if expression is None:
            return None
        if expression.n and not expression.position:  # of those that were shown, unless it goes on behind them
            behind = bool(ranks) and not FROM_END.search(words) and int(ranks[0].value) > expression.n
            if not behind and not LAST_PLACE.search(words):
                return None
            expression = expression.model_copy(update={"n": None, "position": 1})
        if ranks and not FROM_END.search(words):
            return expression.model_copy(update={"position": int(ranks[0].value)})
        if LAST.search(words) or LEAST.search(words) or FROM_END.search(words):
            turned = {"descending": not expression.descending, "position": int(ranks[0].value) if ranks else 1}
            return expression.model_copy(update=turned)
        return None

    def _last_ranking(self) -> Reduce | None:
        """The ranking of which the latest answers showed one place each."""
        for plan in reversed(self._previous):
            for part in reversed(plan.parts):
                expression = part.expression if isinstance(part, Calculate) else None
                if (
                    isinstance(expression, Reduce)
                    and expression.how == "rank"
                    and (expression.position or expression.n)
                ):
                    return expression
                if isinstance(part, Passage):
                    continue  # 归哪个单位, asked of one of the places
                if not isinstance(expression, Reduce) or expression.how != "value":
                    return None
        return None

    def members(self) -> list[Expression]:
        """The things that the last answer listed, in its order."""
        part = self.last_part()
        if isinstance(part, Passage):
            subjects = part.subject if part.about in ("target", "owner") else []
            return [Reduce(how="value", of=Select(universe="projects", labels=[name])) for name in subjects]
        if not isinstance(part, Calculate):
            return []
        expression = _without_check(part.expression)
        if isinstance(expression, Combine):
            if expression.how == "share":  # the whole is not one of them
                return [expression.operands[0]]
            if expression.how in ("difference", "ratio", "excess") and len(expression.operands) == 2:
                return list(expression.operands)
            operands = expression.operands
            if expression.how in RANKED:  # as they were shown
                evidence = self._lookup.look_up(expression)
                places = [v.operand for v in (*evidence.values, *evidence.shown) if v.operand is not None]
                operands = [operands[i] for i in dict.fromkeys(places)] or operands
            listed = [self._row(operand) for operand in operands]
            return [row for rows in listed for row in rows]
        evidence = self._lookup.look_up(expression)
        values = (
            evidence.shown
            if isinstance(expression, Reduce) and expression.how in ("count", "sum", "mean")
            else evidence.values
        )
        return [e for e in map(value_expression, values) if e is not None]

    def shown(self) -> list[Expression]:
        """All members that the answers so far listed, the latest first."""
        found: list[Expression] = []
        for turns in self._backwards():
            found += [member for member in turns.members() if member not in found]
        return found

    def last_list(self) -> list[Expression]:
        """The members of the latest answer that listed several things."""
        lists = (turns.members() for turns in self._backwards())
        return next((members for members in lists if len(members) > 1), [])

    def last_set(self) -> Select | None:
        """The set that was listed or put in order last, where what is spoken of now is one of its members."""
        subject = self.subject()
        names = {
            name
            for select in (selects_of(subject) if subject is not None else ())
            for name in (*select.labels, *select.units)
        }
        for turns in self._backwards():
            expression = turns.last_expression()
            if isinstance(expression, Reduce) and expression.how in ("rank", "list"):
                shown = {name for m in turns.members() for s in selects_of(m) for name in (*s.labels, *s.units)}
                return expression.of if names and names <= shown else None
        return None

    def so_many(self, count: int, of_units: bool = False) -> list[Expression]:
        """The things that 三项 or 这两家 means: what the last answer listed, one from each answer before, or an earlier list."""
        listed = self.members()
        units = {tuple(s.units) for member in listed for s in selects_of(member)}
        if len(listed) == count and not (of_units and len(units) == 1):
            return listed
        single: list[Expression] = []
        lists: list[list[Expression]] = []
        for turns in self._backwards():
            subject, members = turns.subject(), turns.members()
            one = members[0] if len(members) == 1 else subject
            if _is_one(one) and one not in single:
                single.insert(0, one)  # type: ignore[arg-type]
            lists.append([] if _is_one(one) else members)
            if len(single) == count:
                break
        if len(single) == count == len(lists):
            return single
        found = next((members for members in lists if len(members) == count), single if len(single) == count else [])
        return found or self._last_so_many(count)

    def _last_so_many(self, count: int) -> list[Expression]:
        """All that the last answers gave, one thing or several each, where it comes to so many."""
        found: list[Expression] = []
        for turns in self._backwards():
            subject, members = turns.subject(), turns.members()
            given = members or ([subject] if subject is not None else [])
            found = [*(g for g in given if g not in found), *found]
            if len(found) >= count:
                break
        return found if len(found) == count else []

    def _row(self, operand: Expression) -> list[Expression]:
        if isinstance(operand, Reduce) and operand.how in ("list", "rank"):
            return [e for e in map(value_expression, self._lookup.look_up(operand).values) if e is not None]
        return [operand]

    def picked(self, words: str) -> Expression | None:
        """The member that 第二个, 前者 or 最后一个 means; None where there is no such."""
        ranked = self._placed(words)
        if ranked is not None:
            return ranked
        members = self.members()
        before = self.before() if len(members) < 2 and PAIR.fullmatch(words) else None
        if before is not None:  # 前面那家比后面这家: of the last two answers
            return before if FIRST.search(words) else self.subject()
        if len(members) < 2 and not PAIR.fullmatch(words):
            members = self.last_list() or members  # 第一名, after one of a list was asked about
        if not members:
            return None
        if LEAST.search(words) or MOST.search(words):
            given = [(member, self._lookup.look_up(member).values) for member in members]
            amounts = [(in_yuan(values[0]), member) for member, values in given if len(values) == 1]
            ordered = sorted(amounts, key=lambda pair: pair[0], reverse=bool(MOST.search(words)))
            return ordered[0][1] if ordered else None
        ranks = [q for q in quantities(words) if q.kind == "rank"]
        if FROM_END.search(words):
            place = -int(ranks[0].value) if ranks else -1
        elif LAST.search(words):
            place = -1
        elif SECOND.search(words):
            place = -1 if len(members) <= 2 else 1
        elif ranks and ranks[0].text == "第":
            place = int(ranks[0].value) - 1
        elif FIRST.search(words):
            place = 0
        else:
            return None
        return members[place] if -len(members) <= place < len(members) else None


def _without_check(expression: Expression | Check) -> Expression:
    """What a statement is about; any other expression itself."""
    while isinstance(expression, Check):
        expression = expression.left
    return expression


def is_of_budgets(expression: Expression | Check | None) -> TypeGuard[Combine]:
    """Whether an expression holds several budgets against each other by one thing that each has."""
    if not isinstance(expression, Combine) or expression.how not in RANKED:
        return False
    selects = selects_of(expression)
    return all(s.departments for s in selects) and len({(*s.departments, *s.years, *s.kinds) for s in selects}) > 1


def _is_one(expression: Expression | None) -> bool:
    """Whether an answer was one amount: a value, or a sum however it came about."""
    return isinstance(expression, Reduce | Combine) and expression.how in ("value", "sum")


def is_place_word(words: str) -> bool:
    """Whether words only tell a place in a list: 第二个, 前者, 最后, 垫底."""
    if re.search(r"^最后的?(?:总|得|评|结)", words):  # 最后总分: no member of a list
        return False
    ranks = [q for q in quantities(words) if q.kind == "rank"]
    return bool(ranks) or any(p.search(words) for p in (LAST, FROM_END, FIRST, SECOND, LEAST, MOST))


def value_expression(value: Value) -> Reduce | None:
    """A value that stands in a table, as a Reduce that gives just that row again; None for one that was computed."""
    if not value.facts:
        return None
    fact = value.facts[0]
    if value.computed:
        owners = {f.budget_unit or f.name for f in value.facts}
        if len(owners) == 1 and all(f.role == "unit" for f in value.facts):
            return Reduce(how="value", of=Select(units=[fact.name]))
        return None
    columns = [fact.column_name] if fact.column_name else []
    scopes = [f for f in fact.facets if f in UNIT_SCOPES]
    if fact.table_kind in FORM_KINDS and fact.role != "project":
        return Reduce(how="value", of=select_of(fact))
    if fact.role == "project":
        return Reduce(how="value", of=Select(universe="projects", labels=[fact.name], columns=columns))
    if fact.role == "unit":
        return Reduce(how="value", of=Select(units=[fact.name], columns=columns or scopes))
    if fact.source == "figure":
        return Reduce(how="value", of=Select(labels=[fact.name], measure=fact.column_name or None))
    units = [fact.budget_unit] if fact.budget_unit else []
    codes = [fact.code] if fact.code else []
    return Reduce(
        how="value", of=Select(labels=[fact.name], codes=codes, columns=columns, tables=[fact.table_kind], units=units)
    )
