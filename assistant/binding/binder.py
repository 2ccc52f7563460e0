"""The binder of one question, with what a form asks of the documents beside things and sets.

In: Selects and words. Out: members, peers, parts, names and terms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from assistant.binding.narrowing import NarrowingBinder
from assistant.binding.sets import LEAVES
from assistant.binding.slots import Bound
from assistant.lookup.values import in_yuan, one_table, value_of
from assistant.plan import Expression, Reduce, Select
from assistant.turns import value_expression
from assistant.words.coverage import by_coverage
from assistant.words.normal import bare
from index.amounts import is_money
from index.facts import Fact
from index.parsing.kinds import BY_NAME
from index.parsing.rows import plain_label

IN_CHARGE = 0.5  # of what is asked for, how much a unit's duties must speak of
LEVEL_BRACKET = re.compile(r"（[类款项]）")
KIND_OF_MONEY = re.compile(r"(?:一般公共预算|财政)(?:当年)?拨款")
ALL_TOTAL = "预算总额"  # said of income and expenditure alike
# For a row that is looked for in whatever table: all that would place it.
ANYWHERE: dict[str, Any] = {"codes": [], "tables": [], "titles": [], "classification": None}


class Binder(NarrowingBinder):
    """Binds the things and sets of one question, and answers what else a form asks of the documents."""

    def is_one_value(self, select: Select) -> bool:
        """Whether a select gives one value, or none."""
        return len(self._lookup.look_up(Reduce(how="value", of=select)).values) <= 1

    def amounts(self, expression: Expression) -> list[Decimal]:
        """What an expression gives, each in its own unit."""
        return [value.amount for value in self._lookup.look_up(expression).values]

    def is_money(self, expression: Expression) -> bool:
        """Whether all that an expression gives is money."""
        values = self._lookup.look_up(expression).values
        return bool(values) and all(is_money(value.unit) for value in values)

    def is_rate(self, expression: Expression) -> bool:
        """Whether all that an expression gives is in per cent: 接通率≥93%."""
        values = self._lookup.look_up(expression).values
        return bool(values) and all(value.unit == "%" for value in values)

    def gives(self, expression: Expression) -> bool:
        """Whether an expression has a value in the documents."""
        return bool(self._lookup.look_up(expression).values)

    def is_part_of(self, part: Expression, whole: Expression) -> bool:
        """Whether every amount of one stands, in some table, below a row of the other, so that they cannot be added."""
        above = {bare(fact.label) for value in self._lookup.look_up(whole).values for fact in value.facts}
        amounts = set(self.amounts(part))
        if isinstance(part, Reduce) and part.of.labels:
            # 公务接待费 of the economic classification, in the table of “三公”经费
            part = part.model_copy(update={"of": part.of.model_copy(update=ANYWHERE)})
        below = {
            value.amount
            for value in self._lookup.look_up(part).values
            if any(above & {bare(plain_label(label)) for label in fact.path[:-1]} for fact in value.facts)
        }
        return bool(amounts) and amounts <= below

    def says(self, select: Select) -> bool:
        """Whether the cells of a select hold words, if no numbers."""
        return any(fact.text.strip() for fact in self._lookup.select(select))

    def indicator_names(self, select: Select) -> list[str]:
        """The names of the rows of a form that a select takes in."""
        return list(dict.fromkeys(fact.name for fact in self._lookup.select(select)))

    def members(self, select: Select) -> list[Expression]:
        """The members of a set, each as an expression of its own."""
        found = [value_expression(value) for value in self._lookup.members(select)]
        return [f for f in found if f is not None]

    def the_one(self, expression: Expression) -> Reduce | None:
        """The row that an expression gives, where it gives one."""
        values = self._lookup.look_up(expression).values
        return value_expression(values[0]) if len(values) == 1 else None

    def unit_names(self, select: Select) -> list[str]:
        """The names of the units whose documents a select takes in, without those that it leaves out."""
        facts = self._lookup.select(Select(universe="units", **select.whose()))
        return [n for n in dict.fromkeys(fact.name for fact in facts) if n not in select.exclude]

    def peers(self, select: Select) -> Select:
        """The set that a thing is ranked in: all projects, all units, or the rows of its table at its level."""
        common = select.whose()
        if select.universe == "projects":
            return Select(universe="projects", **common)
        if select.units and not (select.labels or select.codes):
            return Select(universe="units", columns=select.columns, **common)
        facts = one_table([f for f in self._lookup.select(select) if f.value is not None])
        if not facts:
            return Select(classification="functional", level=1, **common)
        fact = facts[0]
        kind = BY_NAME.get(fact.table_kind, BY_NAME["other"]).rows
        if kind in ("functional", "economic"):
            return Select(
                classification=kind, level=fact.level, tables=[fact.table_kind], columns=select.columns, **common
            )
        parent = plain_label(fact.path[-2]) if len(fact.path) > 1 else None
        return Select(under=[parent] if parent else [], tables=[fact.table_kind], columns=select.columns, level=None if parent else fact.level,
                      side=fact.side, **common)  # fmt: skip

    def parts(self, select: Select) -> Select | None:
        """The direct parts of a row or total; None where it has none."""
        common = {**select.whose(), "columns": select.columns}
        if select.labels or select.codes:
            names = select.labels or sorted({n for c in select.codes for n in self._lexicon.code_names.get(c, ())})
            found = Select(under=names, tables=select.tables, titles=select.titles, units=select.units, **common)
            # 下面最细的项里, of the class that was spoken of
            for level in LEAVES if self.hints.level == "leaf" else ():
                deepest = found.model_copy(update={"level": level})
                if self._lookup.members(deepest):
                    return deepest
        elif select.universe == "items" and select.units and select.columns:  # the rows under a unit
            found = Select(under=select.units, units=select.units, **common)
        elif select.universe == "items" and not select.units:
            kind = self._classification_of(select.columns, select.tables, None)
            found = Select(classification=kind, level=1, tables=select.tables, titles=select.titles, **common)
        else:
            return None
        return found if self._lookup.members(found) else None

    def divided(self, select: Select) -> Select:
        """A set to be ranked; where it is the one part of a row, the parts of that: nobody asks which of one is the largest."""
        alone = self._lookup.members(select) if select.universe == "items" and select.under and not select.where else []
        if len(alone) != 1 or not alone[0].facts:
            return select
        label = alone[0].facts[0].label
        inner = select.model_copy(update={"under": [label], "labels": [], "level": None})
        return self.divided(inner) if label not in select.under and self._lookup.members(inner) else select

    def figure_labels(self, select: Select) -> list[str]:
        """The names under which prose speaks of what a select means: 总支出 is 支出预算 there."""
        figures = self._lexicon.figures
        names = [label for label in select.labels if label in figures]
        totals = self._lexicon.vocabulary.totals
        sides = {t.side for t in totals if set(names) & set(t.words)}
        if sides:
            words = {word for t in totals if t.side in sides and t.name != ALL_TOTAL for word in t.words}
            names += [name for name in sorted(figures & words) if name not in names]
        names = names or self.figures_called_alike(select)
        if not names and select.columns:
            names = [name for name in sorted(figures) if stem(name) in {stem(c) for c in select.columns}]
        if not names and (select.total or not (select.labels or select.codes or select.columns or select.units)):
            words = {word for t in totals if select.total is None or t.side == select.total for word in t.words}
            names = [name for name in sorted(figures) if name in words]
        return names

    def figures_called_alike(self, select: Select) -> list[str]:
        """The figures of prose whose names differ from a select's labels only in the words for money."""
        stems = {stem(label) for label in select.labels}
        return [name for name in sorted(self._lexicon.figures) if stem(name) in stems]

    def figures_as_large(self, select: Select) -> list[str]:
        """The kinds of money of which prose states just the amount of a total: no other money is in it."""
        if select.labels or select.codes or select.units or select.columns:
            return []
        totals = {in_yuan(v) for v in self._lookup.look_up(Reduce(how="value", of=select)).values}
        side = "收" if select.total == "收入" else "支"
        names = [
            n for n in sorted(self._lexicon.figures) if KIND_OF_MONEY.match(n) and (n.endswith("拨款") or side in n)
        ]
        facts = self._lookup.select(Select(labels=names, **select.whose())) if names else []
        return list(dict.fromkeys(f.name for f in facts if f.value is not None and _as_large(f, totals)))[:1]

    def is_unit(self, name: str) -> bool:
        """Whether a name is that of a unit as the documents print it."""
        return name in self._lexicon.units

    def owners(self, projects: Iterable[str]) -> list[str]:
        """The units of projects."""
        return [self._lexicon.project_units[n] for n in projects if n in self._lexicon.project_units]

    def owned(self, projects: list[str], units: Sequence[str]) -> list[str]:
        """The projects that belong to one of the units; all where none is named."""
        return [n for n in projects if not units or self._lexicon.project_units.get(n) in units]

    def projects_of(self, select: Select) -> list[str]:
        """The projects of whose targets or forms a select names an indicator."""
        if select.form in self._lexicon.projects:
            return [select.form]
        if not set(select.labels) & set(self._lexicon.indicators):
            return []
        return [name for name in self._lexicon.project_units if plain_label(name) in select.under]

    def counted(self, word: str) -> Expression | None:
        """The number of things under a word that the documents count: 车辆 6辆."""
        names = [n for n in self.names(word, "items") if n in self._lexicon.counted]
        found = Reduce(how="value", of=Select(labels=names[:1]))
        return found if names and self.gives(found) else None

    def in_row(self, select: Select, column: str) -> Expression | None:
        """The value of the same row in a column that counts."""
        found = Reduce(how="value", of=select.model_copy(update={"columns": [column]}))
        return found if self.gives(found) and not self.is_money(found) else None

    def count_called(self, called: re.Pattern[str], units: Sequence[str]) -> Expression | None:
        """The one number of people or things that the documents count under such a name."""
        names = [name for name in sorted(self._lexicon.counted) if called.search(name)]
        facts = self._lookup.select(Select(labels=names)) if names else []
        fitting = [fact for fact in facts if fact.unit in units and fact.value]
        one = len({fact.value for fact in fitting}) == 1
        return Reduce(how="value", of=Select(labels=[fitting[0].name])) if one else None

    def count_beside(self, money: Select, units: Sequence[str]) -> Expression | None:
        """The number of visits or the like that prose counts of what an amount is for: 公务接待152人次 for 公务接待费."""
        stems = {stem(label) for label in money.labels}
        called = "|".join(re.escape(s) for s in stems if len(s) > 1)
        return self.count_called(re.compile(called), units) if called else None

    def separately(self, select: Select) -> list[Select]:
        """One select for each row, where a word stands for several rows of one table: 水电费; else the select itself."""
        if len(select.labels) < 2 or select.universe != "items":
            return [select]
        by_level = {
            LEVEL_BRACKET.sub("", label): label for label in reversed(select.labels)
        }  # 卫生健康（类）支出, once more
        labels = [label for label in select.labels if label in by_level.values()]
        each = [select.model_copy(update={"labels": [label]}) for label in labels]
        tables = [{(f.table_kind, f.table_title) for f in self._lookup.select(one)} for one in each]
        return each if set.intersection(*tables) else [select]

    def to_be_bought(self, text: str) -> list[str]:
        """The row of what is to be bought of a thing, where a question asks for that."""
        return self._builder.to_be_bought(self.names(text, "items"))[:1] if self.hints.bought else []

    def tables_of(self, expression: Expression) -> list[str]:
        """The kinds of table in which what an expression gives stands."""
        values = self._lookup.look_up(expression).values
        return list(dict.fromkeys(f.table_kind for v in values for f in v.facts))

    def in_charge(self, things: Sequence[Sequence[str]]) -> str | None:
        """The unit whose duties speak of all that is asked for, or nearly."""
        ranked = by_coverage(self._lookup.duties(), things, [], self._lookup.cover)
        return ranked[0][1].subject if ranked and ranked[0][0] >= IN_CHARGE else None

    def names(self, text: str, universe: str) -> list[str]:
        """The names that words have in the documents: of units, of projects, or of rows."""
        kinds = {"units": ("unit", "own", "department"), "projects": ("project",)}.get(universe, ("row", "column"))
        found = []
        for option in self._namer.options(text):
            for slot in option.slots:
                if slot.kind == "own" and universe == "units":
                    found += [info.department for info in self._lexicon.documents]
                elif slot.kind in kinds:
                    found += slot.value.split("|")
            if found:
                break
        if not found and universe == "projects":
            bound = self._project_binder.described([text])
            found = bound.select.labels if isinstance(bound, Bound) else []
        return list(dict.fromkeys(found))

    def terms(self, text: str) -> list[str]:
        """The defined terms that words mean."""
        senses = [s for s in self._lexicon.senses(bare(text)) if s.kind == "term"]
        if not senses:
            names = self.names(text, "items")
            senses = [s for n in names for s in self._lexicon.senses(bare(n)) if s.kind == "term"]
        return list(dict.fromkeys(s.value for s in senses))

    def target_speaks_of(self, project: str, things: Iterable[Sequence[str]]) -> bool:
        """Whether a project's target has a word for each of several things."""
        return self._finder.speaks_of(project, things)

    def is_classified(self, project: str) -> bool:
        """Whether a project's content is withheld (涉密)."""
        return "涉密" in project


def _as_large(fact: Fact, totals: Iterable[Decimal]) -> bool:
    """Whether a figure is one of the totals, rounded to the last place that it prints."""
    value = value_of(fact)
    half = in_yuan(replace(value, amount=Decimal((0, (5,), int(value.amount.as_tuple().exponent) - 1))))
    return is_money(value.unit) and any(abs(in_yuan(value) - total) <= half for total in totals)


def stem(label: str) -> str:
    """A label without the words for money at its end, and of 三公 without the fund: 一般公共预算公务接待费支出 is 公务接待费."""
    plain = re.sub(r"^(?:一般公共预算|财政拨款)(?:安排的?)?(?=三公|公务|因公|会议|培训)", "", label)
    return re.sub(r"(?:支出|费用|经费|预算|费)+$", "", plain) or label
