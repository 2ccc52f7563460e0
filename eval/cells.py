"""The cells of one budget as questions name them, and what each name can mean.

In: the facts of a store. Out: for a cell the words that name it, and every amount that these words fit. Written apart from
the product's own binding on purpose: what checks it does not share its code.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from eval.measures import MONEY, Amount, same_amount, standard_unit
from index.facts import Fact
from index.parsing.kinds import FORM_KINDS, kind_of_budget
from index.parsing.rows import plain_label
from index.sql.store import Store

OWN_YEAR = re.compile(r"^20\d\d年?度?")
WORDLESS = re.compile(r"[^\u4e00-\u9fff]*[\u4e00-\u9fff]?[^\u4e00-\u9fff]*")  # a label of at most one character
SCOPES = ("基本支出", "项目支出")  # what the total of a unit is of, in the tables of units
LONGEST = 45  # characters of a label: longer ones are sentences of performance forms
CHANGE = re.compile(
    r"增|减|比上年|变动"
)  # of a column of changes an answer gives the amount, and says which way in words


@dataclass(frozen=True)
class Name:
    """What a question says of a cell. An empty field is not said; `form` is what a performance form is about, `above` are the
    rows that a row stands under, `own` is set for the office of the department itself beside its units."""

    label: str
    column: tuple[str, ...] = ()
    title: str = ""
    unit: str = ""
    side: str = ""
    above: tuple[str, ...] = ()
    form: str = ""
    own: bool = False

    @property
    def row(self) -> str:
        side = f"{self.side}里的" if self.side else ""
        unit = f"{self.unit}的" if self.unit and self.unit != self.label else ""
        form = f"{self.form}的" if self.form and self.form not in self.title else ""
        label = self.label
        if self.own:
            unit, label = ("本级的", label) if unit else ("", "本级")
        return form + side + unit + "".join(f"{label}下的" for label in self.above) + label

    @property
    def where(self) -> str:
        return f"{self.title}里" if self.title else ""

    @property
    def what(self) -> str:
        return "".join(f"的{part}" for part in self.column)

    def __str__(self) -> str:
        return self.where + self.row + self.what


def amount_of(fact: Fact) -> Amount:
    assert fact.value is not None
    value = abs(fact.value) if any(CHANGE.search(part) for part in (*fact.column, fact.label)) else fact.value
    return Amount(value, standard_unit(fact.unit))


def is_money(fact: Fact) -> bool:
    return standard_unit(fact.unit) in MONEY


def distinct(amounts: Iterable[Amount]) -> list[Amount]:
    found: list[Amount] = []
    for amount in amounts:
        if not any(same_amount(amount, other) for other in found):
            found.append(amount)
    return found


@dataclass(frozen=True)
class Budget:
    """One department's budget of one year. `owner` is how a question names it, empty where the store has no other."""

    department: str
    year: int
    owner: str
    facts: Sequence[Fact]

    @cached_property
    def cells(self) -> list[Fact]:
        """The cells that can be asked for: those with an amount and a name."""
        return [f for f in self._named if f.value is not None]

    @cached_property
    def blank(self) -> list[Fact]:
        return [f for f in self._named if f.value is None and not f.text.strip() and f.table_kind not in FORM_KINDS]

    @property
    def _named(self) -> list[Fact]:
        return [
            f
            for f in self.facts
            if f.source == "cell" and not WORDLESS.fullmatch(f.name) and len(f.name) <= LONGEST and self.title(f)
        ]

    @cached_property
    def printed(self) -> set[tuple]:
        """The rows that print an amount."""
        return {(f.document, f.table_index, f.row_index) for f in self.facts if f.value is not None}

    @cached_property
    def by_label(self) -> dict[str, list[Fact]]:
        found = defaultdict(list)
        for fact in self.facts:
            found[fact.name].append(fact)
        return found

    @cached_property
    def columns(self) -> list[list[Fact]]:
        """The cells of each column of a table."""
        found = defaultdict(list)
        for fact in self.cells:
            found[fact.document, fact.table_index, fact.column_index].append(fact)
        return list(found.values())

    @cached_property
    def families(self) -> list[tuple[Fact, list[Fact]]]:
        """Cells with those of the rows right below theirs, in the same column."""
        found: dict[int, tuple[Fact, list[Fact]]] = {}
        for column in self.columns:
            last: dict[tuple, Fact] = {}
            for fact in column:
                parent = last.get((fact.side, fact.path[:-1]))
                if parent is not None and parent.role == "item" and (fact.code or "").startswith(parent.code or ""):
                    found.setdefault(id(parent), (parent, []))[1].append(fact)
                last[fact.side, fact.path] = fact
        return [(parent, children) for parent, children in found.values() if len(children) > 1]

    def title(self, fact: Fact) -> str:
        """A table's title as people say it: the year and the department are said before."""
        return OWN_YEAR.sub("", OWN_YEAR.sub("", fact.table_title).removeprefix(self.department))

    def name(self, fact: Fact, titled: bool = True) -> Name:
        """The words for a cell: with the table's title as many as make it the only one, else those that people say."""
        unit = fact.budget_unit or ""
        name = Name(fact.name, (fact.column_name,) if fact.column_name else (), unit=unit)
        above = [label for label in map(plain_label, fact.path[:-1]) if label not in {unit, fact.name}]
        if fact.role == "project":
            above = []
        elif fact.table_kind in FORM_KINDS:
            name = replace(name, form="".join(above[:1]))
            above = above[1:]
        if not titled:
            name = replace(name, own=self.department in (unit, name.label) and fact.role != "total")
            scope = next((facet for facet in fact.facets if facet in SCOPES), "")
            return replace(name, column=(scope,)) if fact.role == "unit" and scope and not name.column else name
        name = replace(name, title=self.title(fact))
        column = tuple(dict.fromkeys(map(plain_label, fact.column)))
        for more in [
            {"side": fact.side or ""},
            *({"above": tuple(above[n:])} for n in range(len(above) - 1, -1, -1)),
            {"column": column},
        ]:
            if len(self.amounts(name)) > 1:
                name = replace(name, **more)  # type: ignore[arg-type]
        return name

    def amounts(self, name: Name) -> list[Amount]:
        """Every amount that the words fit."""
        return distinct(amount_of(f) for f in self.meant(name) if f.value is not None)

    def meant(self, name: Name) -> list[Fact]:
        return [f for f in self.by_label[name.label] if self._fits(f, name)]

    def _fits(self, fact: Fact, name: Name) -> bool:
        if name.title and self.title(fact) != name.title:
            return False
        above = {plain_label(label) for label in fact.path[:-1]}
        if name.form and name.form not in above:
            return False
        if not above >= set(name.above) or (name.side and fact.side != name.side):
            return False
        unit = fact.budget_unit or ""
        if unit != name.unit and not (not name.title and {unit, name.unit} == {"", self.department}):
            return False  # where no table is named, the department may be meant or its own office
        if not name.column:  # of a form a number may be meant whatever its column: target or result
            return not fact.column_name or fact.table_kind in FORM_KINDS
        path = map(plain_label, fact.column) if len(name.column) > 1 else ()
        return set(name.column) <= {fact.column_name, *path, *fact.facets}


def budgets_of(store: Store, only: Sequence[str] = ()) -> list[Budget]:
    """The budgets of a store; with `only`, those in whose title, file name or id one of these words stands."""
    groups = defaultdict(list)
    for info in store.documents():
        groups[info.department, info.year, kind_of_budget(info.kind)].append(info)
    kinds = defaultdict(set)
    for department, year, kind in groups:
        kinds[department, year].add(kind)
    found = []
    for (department, year, kind), infos in groups.items():
        known = [word for info in infos for word in (info.title, info.file_name, info.id)]
        if only and not any(word in text for word in only for text in known):
            continue
        owner = f"{department}{year}年{kind if len(kinds[department, year]) > 1 else ''}" if len(groups) > 1 else ""
        found.append(Budget(department, year, owner, store.facts(documents=[info.id for info in infos])))
    return [budget for budget in found if budget.cells]
