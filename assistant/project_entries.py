"""The projects of all documents, each once.

In: a store. Out: ProjectEntries. A project's row in the budget's own list stands for it; its performance forms and what later documents
repeat of it are joined to that row. Amounts are Decimals in 元 beside the cell that prints them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from rapidfuzz import fuzz

from assistant.words.normal import bare
from index.amounts import YUAN, convert, is_money
from index.chunks import Chunk
from index.facts import OF_YEAR, Fact
from index.model import Place
from index.parsing.kinds import kind_of_budget
from index.parsing.rows import HEAD_OFFICE, NOTHING, plain_label
from index.sql.store import Store

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
        """Whether it says what is to be achieved."""
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
        """Document, table and row of its amount."""
        return f"{self.fact.document}.{self.fact.table_index}.{self.fact.row_index}"

    @property
    def name(self) -> str:
        """As its cell prints it."""
        return self.fact.label

    @property
    def unit(self) -> str | None:
        """The unit that uses the money, without the code before its name."""
        return UNIT_CODE.sub("", self.fact.budget_unit) if self.fact.budget_unit else None

    @property
    def targets(self) -> list[Words]:
        """What documents say that it is to achieve."""
        return [words for words in self.words if words.is_target]

    @cached_property
    def key(self) -> str:
        """Its name without years and punctuation."""
        return undated(self.fact.name)

    @cached_property
    def owner(self) -> str:
        """The unit that uses the money, else the department; a head office counts as its department."""
        return HEAD_OFFICE.sub("", self.unit or self.fact.department)

    def may_be_of(self, other: ProjectEntry) -> bool:
        """Whether both are of one unit, as far as both say of which."""
        same_department = self.fact.department == other.fact.department
        return self.owner == other.owner or (same_department and not (self.unit and other.unit))


# --- making --------------------------------------------------------------------------------------------------------
@dataclass
class _Draft:
    """An entry while its other cells and words are gathered."""

    entry: ProjectEntry
    places: set[tuple[str, int, int]]
    also: list[Fact] = field(default_factory=list)


def entries_of(store: Store) -> tuple[list[ProjectEntry], list[list[str]]]:
    """The projects of the store's documents, and for each the keys of the chunks that tell of it."""
    kinds = {info.id: info.kind for info in store.documents()}
    drafts = _joined(_amounts(store.facts(roles=["project"], column_names=AMOUNT_COLUMNS)), kinds)
    words, keys = _words([*store.chunks(kinds=["project"]), *store.project_rows()], drafts)
    return [replace(d.entry, also=tuple(d.also), words=tuple(words[i])) for i, d in enumerate(drafts)], keys


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
