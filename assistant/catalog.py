"""The projects of all documents, to be searched, filtered and added up.

In: a store and, to search by meaning, its vectors. Out: a Catalog of ProjectEntries (`project_entries.py`) for one state of the store.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Value
from assistant.lookup.lookup import Lookup
from assistant.plan import Reduce, Select
from assistant.project_entries import ProjectEntry, are_alike, entries_of
from assistant.view import View
from assistant.words.normal import bare
from assistant.words.projects import holds
from assistant.words.vocabulary import load_vocabulary
from index.amounts import is_money, quotient
from index.errors import StoreError
from index.search.vectors import Vectors
from index.sql.store import Store

Order = Literal["relevance", "amount_desc", "amount_asc", "name", "department"]
# Measured on the vectors of 29 documents: a project that is meant lies above, and near the best.
MEANT, NEAR_BEST, MOST_MEANT = 0.864, 0.02, 10
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ProjectFilter:
    """Which projects; what is empty or None does not restrict. Amounts in 元, both bounds included."""

    words: str = ""
    by_meaning: bool = True
    departments: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    units: tuple[str, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None
    with_target: bool | None = None

    def fits(self, entry: ProjectEntry) -> bool:
        """Whether all but the words holds for a project."""
        return (
            (not self.departments or entry.fact.department in self.departments)
            and (not self.years or entry.fact.year in self.years)
            and (not self.units or entry.unit in self.units)
            and (self.least is None or (entry.amount is not None and entry.amount >= self.least))
            and (self.most is None or (entry.amount is not None and entry.amount <= self.most))
            and (self.with_target is None or bool(entry.targets) == self.with_target)
        )


@dataclass(frozen=True)
class Selection:
    """Projects in order. `meant` are the ids of those that meaning alone has found."""

    entries: tuple[ProjectEntry, ...]
    meant: frozenset[str] = frozenset()

    @cached_property
    def summed(self) -> list[ProjectEntry]:
        """Those whose amounts make up the total."""
        return [entry for entry in self.entries if entry.counted and entry.amount is not None]

    @cached_property
    def total(self) -> Decimal:
        """In 元, exactly."""
        return sum((entry.amount for entry in self.summed if entry.amount is not None), Decimal(0))

    @cached_property
    def by_year(self) -> dict[int, Selection]:
        """The projects of each year, the newest first: budgets of several years are no one sum."""
        years: dict[int, list[ProjectEntry]] = defaultdict(list)
        for entry in self.entries:
            years[entry.fact.year].append(entry)
        return {year: Selection(tuple(years[year]), self.meant) for year in sorted(years, reverse=True)}

    @cached_property
    def total_unit(self) -> str:
        """The unit in which the total reads best: the projects' own, or 万元 where they have several."""
        units = {entry.fact.unit for entry in self.summed if entry.fact.unit}
        return units.pop() if len(units) == 1 else "万元"


@dataclass(frozen=True)
class Namesake:
    """A project of another year; `sure` where the names are the same but for years."""

    entry: ProjectEntry
    sure: bool


class Catalog:
    """The projects of one state of the store. Safe to use from many threads."""

    def __init__(
        self, entries: Sequence[ProjectEntry], keys: Sequence[Sequence[str]] = (), vectors: Vectors | None = None
    ) -> None:
        """`keys` are for each entry those of the chunks that tell of it."""
        self.entries = tuple(entries)
        self._keys, self._vectors = keys, vectors
        self._by_id = {entry.id: entry for entry in self.entries}
        self._names = [bare(f"{e.name}{e.unit or ''}{e.fact.department}") for e in self.entries]
        self._texts = [bare("".join(words.text for words in e.words)) for e in self.entries]
        self._sorted: dict[Order, list[int]] = {}
        self._matrix_lock = threading.Lock()
        self._matrix: tuple[NDArray[np.intp], NDArray[np.float32]] | None = None

    def get(self, entry_id: str) -> ProjectEntry | None:
        """The project of an id; None where there is none."""
        return self._by_id.get(entry_id)

    def departments(self) -> list[str]:
        """In reading order."""
        return sorted({entry.fact.department for entry in self.entries}, key=_reading_order)

    def years(self) -> list[int]:
        """The newest first."""
        return sorted({entry.fact.year for entry in self.entries}, reverse=True)

    def units(self, departments: Sequence[str] = ()) -> list[str]:
        """The units of these departments, of all where none is given."""
        found = {e.unit for e in self.entries if e.unit and (not departments or e.fact.department in departments)}
        return sorted(found, key=_reading_order)

    # --- selecting -------------------------------------------------------------------------------------------------
    def select(self, wanted: ProjectFilter, order: Order | None = None) -> Selection:
        """The projects that meet a filter. Without an order: by relevance where words are given, else the largest first."""
        order = order or ("relevance" if wanted.words.strip() else "amount_desc")
        fitting = {i for i, entry in enumerate(self.entries) if wanted.fits(entry)}
        if not bare(wanted.words):
            order = "amount_desc" if order == "relevance" else order
            return Selection(tuple(self.entries[i] for i in self._in_order(order) if i in fitting))
        said = self._said(wanted.words, fitting)
        meant = self._meant(wanted.words, fitting - set(said)) if wanted.by_meaning else []
        found = set(said) | set(meant)
        indices = [*said, *meant] if order == "relevance" else [i for i in self._in_order(order) if i in found]
        return Selection(tuple(self.entries[i] for i in indices), frozenset(self.entries[i].id for i in meant))

    def _in_order(self, order: Order) -> list[int]:
        """All entries in an order; those without an amount come last in the orders by amount."""
        if order not in self._sorted:
            every = sorted(range(len(self.entries)), key=lambda i: self._place(i, order))
            self._sorted[order] = every
        return self._sorted[order]

    def _place(self, index: int, order: Order) -> tuple:
        entry = self.entries[index]
        name, owner = _reading_order(entry.name), _reading_order(entry.fact.department)
        if order == "name":
            return name, owner, -entry.fact.year
        if order == "department":
            return owner, -entry.fact.year, _reading_order(entry.unit or ""), index
        amount = entry.amount or Decimal(0)
        return entry.amount is None, amount if order == "amount_asc" else -amount, owner, name

    def _said(self, words: str, among: set[int]) -> list[int]:
        """Entries that speak of every word, to the letter; if there is none, of most of each word's characters. Those that have the
        words in their names come first, then the larger."""
        terms = [family for word in words.split() if (family := _family(bare(word)))]
        found: dict[int, int] = {}
        for match in (lambda word, text: word in text, holds):
            for i in among:
                name, text = self._names[i], self._texts[i]
                in_name = [any(match(word, name) for word in family) for family in terms]
                if all(
                    here or any(match(word, text) for word in family)
                    for here, family in zip(in_name, terms, strict=True)
                ):
                    found[i] = sum(in_name)
            if found:
                break
        return sorted(found, key=lambda i: (-found[i], -(self.entries[i].amount or 0), i))

    # --- meaning ---------------------------------------------------------------------------------------------------
    def _meant(self, words: str, among: set[int]) -> list[int]:
        """Entries whose texts are near the words in meaning, nearest first; none where the vectors cannot be read."""
        if self._vectors is None or not among:
            return []
        try:
            owners, matrix = self._of_entries()
        except StoreError as error:
            log.error("projects are found by words alone: %s", error)
            return []
        if not len(owners):
            return []
        query = np.asarray(self._vectors.embedding.get_query_embedding(words), dtype=np.float32)
        best = np.full(len(self.entries), -1.0)
        np.maximum.at(best, owners, matrix @ query)
        cut = max(MEANT, float(best.max()) - NEAR_BEST)
        near = [i for i in among if best[i] >= cut]
        return sorted(near, key=lambda i: -best[i])[:MOST_MEANT]

    def _of_entries(self) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """The vectors of the entries' chunks, each with the index of its entry; read once."""
        with self._matrix_lock:
            if self._matrix is None:
                assert self._vectors is not None
                wanted = [(key, i) for i, keys in enumerate(self._keys) for key in keys]
                found, vectors = self._vectors.of(list(dict.fromkeys(key for key, _ in wanted)))
                row_of = {key: row for row, key in enumerate(found)}
                kept = [(row_of[key], i) for key, i in wanted if key in row_of]
                owners = np.asarray([i for _, i in kept], dtype=np.intp)
                rows = vectors[[row for row, _ in kept]] if kept else vectors
                self._matrix = owners, rows.astype(np.float32)
            return self._matrix

    # --- other years -----------------------------------------------------------------------------------------------
    @cached_property
    def _by_owner(self) -> dict[str, list[ProjectEntry]]:
        found: dict[str, list[ProjectEntry]] = defaultdict(list)
        for entry in self.entries:
            for owner in {entry.owner, entry.fact.department}:
                found[owner].append(entry)
        return found

    def other_years(self, entry: ProjectEntry) -> list[Namesake]:
        """What may be the same project in other years, newest first."""
        near = {e.id: e for owner in (entry.owner, entry.fact.department) for e in self._by_owner[owner]}
        found = [
            Namesake(other, other.key == entry.key)
            for other in near.values()
            if other.fact.year != entry.fact.year and entry.may_be_of(other) and are_alike(entry.key, other.key)
        ]
        sure = {namesake.entry.fact.year for namesake in found if namesake.sure}
        kept = [n for n in found if n.sure or n.entry.fact.year not in sure]
        return sorted(kept, key=lambda n: (-n.entry.fact.year, not n.sure))


class Projects:
    """The Catalog of a store as it stands; made anew when the store has changed."""

    def __init__(self, store: Store, vectors: Vectors | None = None) -> None:
        self._store, self._vectors = store, vectors
        self._lock = threading.Lock()
        self._made: tuple[int, Catalog] | None = None

    def current(self) -> Catalog:
        """The projects of the store as it stands now."""
        generation = self._store.generation()
        with self._lock:
            if self._made is None or self._made[0] != generation:
                self._made = generation, build_catalog(self._store, self._vectors)
            return self._made[1]


def build_catalog(store: Store, vectors: Vectors | None = None) -> Catalog:
    """The projects of the store's documents."""
    return Catalog(*entries_of(store), vectors)


def _family(word: str) -> list[str]:
    """A word with those that say the same in `prompts/topics.yaml`."""
    topics = load_vocabulary().topics
    near = [bare(w) for key, words in topics.items() if word == key or word in words for w in (key, *words)]
    return list(dict.fromkeys([word, *near])) if word else []


def _reading_order(name: str) -> bytes:
    """Names by the order of GB18030, whose common characters stand by their pinyin."""
    return name.encode("gb18030", "replace")


# --- share ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Share:
    """Which part of its department's project expenditure a project is, in percent, and the total."""

    percent: Decimal
    total: Value


def share_of(store: Store, entry: ProjectEntry) -> Share | None:
    """None where the project's document does not say one total of project expenditure, or one smaller than the project."""
    info = store.info(entry.fact.document)
    if info is None or not info.standing.visible or entry.amount is None:
        return None
    wanted = Reduce(how="value", of=Select(columns=["项目支出"]))
    values = [v for v in Lookup(View(store, [info])).look_up(wanted).values if is_money(v.unit)]
    if len({v.to("元").amount for v in values}) != 1:
        return None
    total = values[0].to("元").amount
    return Share(quotient(entry.amount * 100, total), values[0]) if total >= entry.amount > 0 else None
