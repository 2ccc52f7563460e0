"""All projects of all documents, to be searched, filtered and added up.

In: a store and, to search by meaning, its vectors. Out: a Catalog of ProjectEntries for one state of the store. A project counts
once: its row in the budget's own list stands for it, its performance forms and what later documents repeat of it are joined to
that row. Amounts are Decimals in 元 beside the cell that prints them.
"""

from __future__ import annotations

import logging
import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from assistant.evidence import Value
from assistant.lookup.lookup import Lookup
from assistant.normal import bare
from assistant.plan import Reduce, Select
from assistant.projects import holds
from assistant.view import View
from assistant.vocabulary import load_vocabulary
from index.amounts import YUAN, convert, is_money, quotient
from index.chunks import Chunk
from index.errors import StoreError
from index.facts import OF_YEAR, Fact
from index.kinds import kind_of_budget
from index.model import Place
from index.rows import HEAD_OFFICE, NOTHING, plain_label
from index.store import Store
from index.vectors import Vectors

Order = Literal["relevance", "amount_desc", "amount_asc", "name", "department"]
AMOUNT_COLUMNS = ("", *OF_YEAR)  # the total column; of a form with several amounts of the year, the budgeted first
LISTS = ("project_list", "performance_projects")  # the budget's own list before that of its forms
BUDGETS = ("预算", "调整预算", "决算", "绩效")  # the budget of a year before what was reported of it later
YEARS = re.compile(r"(?<!\d)20\d\d(?:\s*[-—–~～至到]\s*(?:20)?\d\d)?(?!\d)(?:年度?)?")
TARGET = re.compile(r"目标|绩效")  # 绩效目标, 年度目标; 项目简介 is none
UNIT_CODE = re.compile(r"^\d{3,}[-—_]?(?=\D)")
ORDINALS = re.compile(
    r"[\d一二三四五六七八九十]+(?=[期批标段]|$)|第[\d一二三四五六七八九十]+"
)  # 二期 is another project than 一期
ALIKE_NAMES = 85  # of 100: from here on two names may be of one project
# Measured on the vectors of 29 documents: a project that is meant lies above, and near the best.
MEANT, NEAR_BEST, MOST_MEANT = 0.864, 0.02, 10
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Words:
    """What a document says of a project under a heading (绩效目标, 项目简介), and where that stands: in which table, under which
    name."""

    label: str
    text: str
    document: str
    title: str
    subject: str
    table: int
    row: int
    place: Place

    @property
    def is_target(self) -> bool:
        return bool(TARGET.search(self.label))


@dataclass(frozen=True)
class ProjectEntry:
    """One project of one year. `fact` is the cell of its amount and `amount` that in 元, None where the cell is blank or has no
    unit of money; `also` are the cells that repeat it. One that is not `counted` stands in a form alone while its budget lists its
    projects, so that its money may be in the list under another name."""

    fact: Fact
    kind: str
    amount: Decimal | None
    counted: bool = True
    words: tuple[Words, ...] = ()
    also: tuple[Fact, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.fact.document}.{self.fact.table_index}.{self.fact.row_index}"

    @property
    def name(self) -> str:
        return self.fact.label

    @property
    def unit(self) -> str | None:
        """The unit that uses the money, without the code before its name."""
        return UNIT_CODE.sub("", self.fact.budget_unit) if self.fact.budget_unit else None

    @property
    def targets(self) -> list[Words]:
        return [words for words in self.words if words.is_target]

    @cached_property
    def key(self) -> str:
        """Its name without years and punctuation."""
        return undated(self.fact.name)

    @cached_property
    def owner(self) -> str:
        return HEAD_OFFICE.sub("", self.unit or self.fact.department)

    def may_be_of(self, other: ProjectEntry) -> bool:
        """Whether both are of one unit, as far as both say of which."""
        same_department = self.fact.department == other.fact.department
        return self.owner == other.owner or (same_department and not (self.unit and other.unit))


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
        if self.least is not None or self.most is not None:
            if entry.amount is None:
                return False
            if self.least is not None and entry.amount < self.least:
                return False
            if self.most is not None and entry.amount > self.most:
                return False
        return (
            (not self.departments or entry.fact.department in self.departments)
            and (not self.years or entry.fact.year in self.years)
            and (not self.units or entry.unit in self.units)
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
        return self._by_id.get(entry_id)

    def departments(self) -> list[str]:
        return sorted({entry.fact.department for entry in self.entries}, key=_reading_order)

    def years(self) -> list[int]:
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
        generation = self._store.generation()
        with self._lock:
            if self._made is None or self._made[0] != generation:
                self._made = generation, build_catalog(self._store, self._vectors)
            return self._made[1]


# --- making --------------------------------------------------------------------------------------------------------
@dataclass
class _Draft:
    """An entry while its other cells and words are gathered."""

    entry: ProjectEntry
    places: set[tuple[str, int, int]]
    also: list[Fact] = field(default_factory=list)


def build_catalog(store: Store, vectors: Vectors | None = None) -> Catalog:
    """The projects of the store's documents."""
    kinds = {info.id: info.kind for info in store.documents()}
    drafts = _joined(_amounts(store.facts(roles=["project"], column_names=AMOUNT_COLUMNS)), kinds)
    words, keys = _words([*store.chunks(kinds=["project"]), *store.project_rows()], drafts)
    entries = [replace(d.entry, also=tuple(d.also), words=tuple(words[i])) for i, d in enumerate(drafts)]
    return Catalog(entries, keys, vectors)


def _amounts(facts: Sequence[Fact]) -> list[Fact]:
    """The cell that is each project's amount of the year: of a row in a list, of the whole table in a form. A form without one
    names no project."""
    rows: dict[tuple[str, int, int], list[Fact]] = defaultdict(list)
    for fact in facts:
        rows[fact.document, fact.table_index, fact.row_index if fact.table_kind in LISTS else -1].append(fact)
    above = {(f.document, f.table_index, f.path[:-1]) for f in facts}
    found = []
    for cells in rows.values():
        first = cells[0]
        if first.table_kind in LISTS and (first.document, first.table_index, first.path) in above:
            continue  # a row whose parts are projects themselves
        ranked = sorted(cells, key=lambda f: (not _is_amount(f), AMOUNT_COLUMNS.index(f.column_name)))
        if _is_amount(ranked[0]) or first.table_kind == "project_list":
            found.append(ranked[0])
    return found


def _is_amount(fact: Fact) -> bool:
    return fact.value is not None and is_money(fact.unit)


def _in_yuan(fact: Fact) -> Decimal | None:
    return convert(fact.value, fact.unit, "元") if fact.value is not None and fact.unit in YUAN else None


def _joined(facts: Sequence[Fact], kinds: dict[str, str]) -> list[_Draft]:
    """One draft a project, from the source that tells it first: the budget's list, then its forms, then later reports."""
    listed = {(f.department, f.year) for f in facts if f.table_kind == "project_list"}
    drafts: list[_Draft] = []
    by_name: dict[tuple[int, str], list[_Draft]] = defaultdict(list)
    for fact in sorted(facts, key=lambda f: _rank(f, kinds)):
        entry = ProjectEntry(fact, kinds[fact.document], _in_yuan(fact))
        place = (fact.document, fact.table_index, fact.row_index)
        known = by_name[fact.year, entry.key]
        same = [draft for draft in known if entry.may_be_of(draft.entry) and _is_elsewhere(fact, draft)]
        if same:
            draft = next((d for d in same if d.entry.fact.name == fact.name), same[0])
            draft.also.append(fact)
            draft.places.add(place)
            continue
        if fact.table_kind != "project_list" and (fact.department, fact.year) in listed:
            entry = replace(entry, counted=False)
        draft = _Draft(entry, {place})
        drafts.append(draft)
        known.append(draft)
    return drafts


def _rank(fact: Fact, kinds: dict[str, str]) -> tuple:
    table = LISTS.index(fact.table_kind) if fact.table_kind in LISTS else len(LISTS)
    budget = BUDGETS.index(kind_of_budget(kinds[fact.document]))
    return budget, table, fact.department, -fact.year, fact.document, fact.table_index, fact.row_index


def _is_elsewhere(fact: Fact, draft: _Draft) -> bool:
    """Whether no cell of a draft is of the fact's own table: two rows of one table are two projects."""
    return all((fact.document, fact.table_index) != place[:2] for place in draft.places)


def _words(chunks: Iterable[Chunk], drafts: Sequence[_Draft]) -> tuple[list[list[Words]], list[list[str]]]:
    """For each draft what its documents say of it, and the keys of the chunks that tell of it."""
    at_row = {place: i for i, draft in enumerate(drafts) for place in draft.places}
    # A form says its goals in another row, of another table, than its amount.
    in_form: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for (document, table, _), i in at_row.items():
        in_form[document, drafts[i].entry.key].append((table, i))
    words: list[list[Words]] = [[] for _ in drafts]
    keys: list[list[str]] = [[] for _ in drafts]
    for chunk in chunks:
        if chunk.table_index is None or chunk.row_index is None:
            continue
        at = at_row.get((chunk.document, chunk.table_index, chunk.row_index))
        if at is None and chunk.kind == "project":
            beside = in_form.get((chunk.document, undated(plain_label(chunk.subject))), [])
            at = min(beside, key=lambda found: abs(found[0] - (chunk.table_index or 0)), default=(0, None))[1]
        if at is None:
            continue
        keys[at].append(chunk.key)
        if chunk.kind == "project" and chunk.body not in NOTHING:
            _add_words(words[at], chunk)
    return words, keys


def _add_words(known: list[Words], chunk: Chunk) -> None:
    """The words of a chunk; long ones come in several, which are put together again."""
    label = chunk.text.removesuffix(f"：{chunk.body}").rpartition(" ")[2]
    assert chunk.table_index is not None and chunk.row_index is not None
    piece = Words(
        label, chunk.body, chunk.document, chunk.heading, chunk.subject, chunk.table_index, chunk.row_index, chunk.place
    )
    last = known[-1] if known else None
    if last and replace(last, text="") == replace(piece, text=""):
        known[-1] = replace(last, text=last.text + piece.text)
    elif all(bare(words.text) != bare(piece.text) for words in known):
        known.append(piece)


# --- names ---------------------------------------------------------------------------------------------------------
def undated(name: str) -> str:
    """A project's name without years and punctuation; a name that is nothing but years keeps them."""
    return bare(YEARS.sub("", name)) or bare(name)


def are_alike(one: str, other: str) -> bool:
    """Whether two names without years may be of one project."""
    return one == other or (fuzz.ratio(one, other) >= ALIKE_NAMES and ORDINALS.findall(one) == ORDINALS.findall(other))


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
