"""The rows of a list that a document gives under a heading of its own: 年度重点工作任务 of a form, 培训费明细表.

In: stretches. Out: a Select of the list's rows, or of the one row that the other stretches describe, in the column that is named,
else in that of money. A list is told by its heading; a row by words that stand in its label or in the text beside it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from assistant.lookup.form_rows import leaf
from assistant.lookup.lookup import Lookup
from assistant.plan import Select
from assistant.words.dictionary import tags
from assistant.words.naming import Namer
from assistant.words.normal import bare, in_order
from index.amounts import is_money
from index.facts import Fact
from index.parsing.rows import plain_label

FORM, OTHER = "performance_funds", "other"
SHORTEST, LEAST_SHARE = 4, 0.5  # characters of a word that names a list, and its share of the heading
IN_LIST = 3  # labels above a row of a form that stands in a list of its own: form, heading, row
MONEY = re.compile(r"(?:的)?(?:拟?投入|安排)?的?(?:钱|资金|金额|经费|预算)(?:数)?")
FILLING = re.compile(r"(?:那|这|各|每|的|一|几|[二三四五六七八九十两]|个|项|条|场|任务|里|中)+")
TOTAL_END = re.compile(r"(?<=..)(?:合计|总计|总数|总和)$")
NAMING = "nvmjzabls"  # tags of words that tell a row: nouns, verbs, numbers and the like


@dataclass
class _List:
    """A heading with its rows: their cells by where they stand."""

    select: Select
    rows: dict[tuple[str, int | None, int | None], list[Fact]] = field(default_factory=lambda: defaultdict(list))

    def columns(self) -> dict[str, Fact]:
        """A cell with an amount for each column that has any."""
        found: dict[str, Fact] = {}
        for fact in (fact for row in self.rows.values() for fact in row if fact.value is not None):
            found.setdefault(_column_of(fact), fact)
        return found


@dataclass(frozen=True)
class _Said:
    """A list with the column that is meant, and what else is said."""

    listed: _List
    column: str
    words: tuple[str, ...]


class ListBinder:
    """Binds to the lists of the documents at hand."""

    def __init__(self, namer: Namer, lookup: Lookup, counted: Sequence[str]) -> None:
        """`counted`: the units in which a number is asked for."""
        self._namer, self._lookup, self._counted = namer, lookup, counted

    def rows(self, stretches: Sequence[str]) -> Select | None:
        """All rows of the list that the stretches name; None where they name none, or say more."""
        said = self._parsed(stretches)
        return said.listed.select.model_copy(update={"columns": [said.column]}) if said and not said.words else None

    def row(self, stretches: Sequence[str]) -> Select | None:
        """The one row of a list that the stretches describe."""
        said = self._parsed(stretches)
        if said is None or not said.words:
            return None
        words = [w for text in said.words for w in _words(text)]
        fitting = [row for row in said.listed.rows.values() if words and all(w in _text_of(row) for w in words)]
        if len(fitting) != 1:
            return None
        kept = {"labels": [fitting[0][0].name], "columns": [said.column], "under": [], "level": None}
        return said.listed.select.model_copy(update=kept)

    def _parsed(self, stretches: Sequence[str]) -> _Said | None:
        words = [bare(t) for t in stretches if not self._is_whose(t)]
        for heading, listed in self._lists.items():
            stretches_of = ((at, at + size) for at in range(len(words)) for size in (2, 1))
            named_at = next(((a, b) for a, b in stretches_of if _names("".join(words[a:b]), heading)), None)
            if named_at is None:
                continue
            start, end = named_at
            rest = [TOTAL_END.sub("", w) for w in (*words[:start], *words[end:]) if not FILLING.fullmatch(w)]
            columns = listed.columns()
            named = {w: [c for c in columns if w and in_order(w, bare(c))] for w in rest}
            asked = [c for found in named.values() for c in found[:1]]
            money = [c for c, fact in columns.items() if is_money(fact.unit)]
            people = [c for c in columns if self._counted and c.startswith("人")]
            column = next(iter([*asked, *people, *money]), None)
            if column is not None:
                kept = tuple(w for w in rest if not named[w] and not (MONEY.fullmatch(w) and money))
                return _Said(listed, column, kept)
        return None

    def _is_whose(self, text: str) -> bool:
        kinds = self._namer.kinds(text)
        return bool(kinds) and all(kind in ("department", "own", "unit") or kind.endswith("year") for kind in kinds)

    @cached_property
    def _lists(self) -> dict[str, _List]:
        found: dict[str, _List] = {}
        for fact in self._lookup.cells_of([FORM, OTHER]):
            if fact.table_kind == FORM and len(fact.path) >= IN_LIST:
                heading = plain_label(fact.path[-2])
                listed = _List(Select(tables=[FORM], under=[heading]))
            elif fact.table_kind == OTHER and fact.role == "item" and fact.level == 1:
                heading = fact.table_title
                listed = _List(Select(titles=[heading], level=1))
            else:
                continue
            found.setdefault(bare(heading), listed).rows[_place(fact)].append(fact)
        return found


def _column_of(fact: Fact) -> str:
    return fact.column_name or plain_label(leaf(fact))


def _place(fact: Fact) -> tuple[str, int | None, int | None]:
    return fact.document, fact.table_index, fact.row_index


def _text_of(row: Sequence[Fact]) -> str:
    return bare("".join([*(fact.name for fact in row[:1]), *(fact.text for fact in row)]))


def _words(text: str) -> list[str]:
    return [text[a:b] for a, b, tag in tags(text) if b - a > 1 and tag[:1] in NAMING]


def _names(word: str, heading: str) -> bool:
    long = len(word) >= max(SHORTEST, LEAST_SHARE * len(heading))
    return long and in_order(word, heading)
