"""All words that can mean something in the indexed documents.

In: the labels, columns, tables, units and terms of the store, and the vocabulary of `prompts/`. Out: a dictionary from a
word to its senses, so that linking a question costs as much as the question is long, whatever number of labels there is.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.lookup.form_rows import Forms
from assistant.view import View
from assistant.words.fixed_words import LONGEST_WORD, Words, fixed_words
from assistant.words.normal import bare, normal
from assistant.words.sounds import syllable
from assistant.words.variants import (
    REGION,
    SHORTEST_FRAGMENT,
    label_variants,
    project_variants,
    table_variants,
    term_variants,
    unit_variants,
)
from assistant.words.vocabulary import Vocabulary
from index.amounts import is_money
from index.facts import THREE_PUBLIC
from index.parsing.kinds import BY_NAME, FORM_KINDS, is_final
from index.parsing.rows import plain_label
from index.sql.store import DocumentInfo

MONEY_SUFFIX = re.compile(r"(?<=..)(?:支出|收入|预算数?|资金)$")
JOINED = re.compile(r"[和与及]")
UNTELLING, SHORTEST_CORE = re.compile(r"支出|费用?|经费|预算|[类和的与及]"), 3
MOST_OWNERS = 3
WHOLE_WORD = 0.85  # below it stand fragments, which nobody means to write
OF_WHICH_BUDGET = {
    "预算",
    "决算",
    "预算数",
    "决算数",
    "年初预算",
}  # of which prose tells an amount, and of what is not said
TOTAL_END = re.compile(r"(?:合计|小计|总计)$")
TITLES = "/"  # between the kind of a table and its title, in the sense of a word
INITIAL = "年初预算数"  # a column of final accounts


@dataclass(frozen=True)
class Sense:
    """One meaning of a word: what kind of thing, its canonical name, and how sure the word means it (0 to 1)."""

    kind: str
    value: str
    score: float = 1.0


@dataclass
class _Names:
    """What the documents have, while it is gathered: names of rows and figures, those of cells alone, the labels above them, the
    columns, and the tables by kind, title and number."""

    labels: set[str] = field(default_factory=set)
    rows: set[str] = field(default_factory=set)
    above: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    tables: set[tuple[str, str, str | None]] = field(default_factory=set)


class Lexicon:
    """The words of one state of the store."""

    def __init__(self, store: View, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.documents: list[DocumentInfo] = store.documents()
        self.words = Words(fixed_words(vocabulary))
        self.synonyms: dict[str, list[str]] = dict(vocabulary.synonyms)
        self.units: dict[str, str] = {}
        self.project_units: dict[str, str] = {}
        self.counted: set[str] = set()
        self.code_names: dict[str, set[str]] = defaultdict(set)
        self.projects: list[str] = []
        self.figures: set[str] = set()
        self.indicators: dict[str, set[str]] = defaultdict(set)
        self.forms = Forms(store)
        self.text = ""
        self._vocabulary_words()
        self._document_words(store)
        self.bare_text = bare(self.text)
        self.keys_by_pair = self._pairs()

    def senses(self, word: str) -> list[Sense]:
        """What a word, without blanks and in plain characters, can mean; empty where nobody is called so."""
        return [Sense(kind, value, score) for (kind, value), score in self.words.get(word, {}).items()]

    def is_label(self, name: str) -> bool:
        """Whether a row or figure is called so."""
        return any(sense.kind == "label" and sense.value == name for sense in self.senses(bare(name)))

    def years(self) -> list[int]:
        """The years of the documents, the latest first."""
        return sorted({info.year for info in self.documents}, reverse=True)

    def _add(self, word: str, kind: str, value: str, score: float = 1.0) -> None:
        key = bare(word)
        if len(key) >= 1 and len(key) <= LONGEST_WORD:
            senses = self.words.own.setdefault(key, {})
            senses[(kind, value)] = max(score, senses.get((kind, value), 0.0))

    def _add_all(self, names: Iterable[str], words: Iterable[str], score: float) -> None:
        """Words for labels that are not called so themselves."""
        for name, word in itertools.product(names, words):
            if word != name:
                self._add(word, "label", name, score)

    # --- the vocabulary ------------------------------------------------------------------------------------------
    def _vocabulary_words(self) -> None:
        v = self.vocabulary
        for name, words in v.nouns.items():
            for word in words:
                self._add(word, "noun", name)
        for level, words in v.levels.items():
            for word in words:
                self._add(word, "level", str(level), 0.9)
        for total in v.totals:
            for word in total.words:
                self._add(word, "total", total.name, 0.8)
        for word in v.organisations["headquarters"]:
            self._add(word, "headquarters", "局本级")
        for word in v.organisations["ourselves"]:
            self._add(word, "ourselves", "本部门", 0.9)
        for word in v.organisations["known"]:
            self._add(word, "organisation", word, 0.9)

    # --- the documents -------------------------------------------------------------------------------------------
    def _document_words(self, store: View) -> None:
        names = _Names()
        for row in store.labels():
            self._take(row, names)
        self._table_words(names.tables)
        for kind, words in self.vocabulary.tables.items():
            for word in words:
                self._add(word, "table", kind, 0.95)
        parents = names.above - {*self.units, *self.projects, *names.columns, ""}  # of which some are no rows
        labels = (names.labels | parents) - (OF_WHICH_BUDGET - names.rows)
        self._label_words(
            labels - (names.columns - names.rows)
        )  # 项目支出 in prose is what the tables have as a column
        self._column_words(names.columns)
        departments = "\n".join({info.department for info in self.documents})
        self.words.here = frozenset(place for place in self.vocabulary.regions if place in departments)
        self._organisation_words()
        self._project_words()
        for chunk in store.chunks(kinds=["definition"]):
            for variant in term_variants(chunk.subject):
                self._add(variant, "term", chunk.subject)
        self._initial_words()
        covers = [f"{info.year}年{normal(info.department)}" for info in self.documents]
        chunks = store.chunks(kinds=["paragraph", "definition", "duty", "project", "row"])
        self.text = "\n".join([*covers, *(normal(chunk.text) for chunk in chunks)])

    def _take(self, row: dict, names: _Names) -> None:
        """Put a row, or a figure of prose, where its role and its table say."""
        name = row["name"]
        if row["table_kind"] in FORM_KINDS and row["role"] != "project":
            if row["table_kind"] == "performance_indicators":
                self._add(name, "indicator", name)
            return  # what stands in a form is found as of that form
        names.tables.add((row["table_kind"], row["table_title"], row["table_number"]))
        if row["column_name"] and row["source"] == "cell":
            names.columns.add(row["column_name"])
        if row["role"] == "unit":
            self.units[name] = row["document"]
        elif row["role"] == "project":
            self.project_units[name] = row["budget_unit"] or ""
            if name not in self.projects:
                self.projects.append(name)
        elif row["role"] == "total" and TOTAL_END.sub("", name) in self.vocabulary.columns:
            self._add(name, "label", name)
            self._add(TOTAL_END.sub("", name), "label", name, 0.95)  # 人员经费合计, a row where others have a column
        elif row["role"] != "total" or name == THREE_PUBLIC:
            self._take_item(row, names)

    def _take_item(self, row: dict, names: _Names) -> None:
        """Put the name of an item where it is found: with rows, with what is counted, with indicators or figures of prose."""
        name = row["name"]
        names.labels.add(name)
        if row["source"] == "cell":
            names.rows.add(name)
            names.above |= {plain_label(label) for label in row["path"][:-1]}
        if row["unit"] and not is_money(row["unit"]) and not row["column_name"]:
            self.counted.add(name)
        if row["table_kind"] == "target":
            self.indicators[name].add(plain_label(row["path"][0]))
        elif row["source"] == "figure":
            self.figures.add(name)
        if row["code"]:
            self._add(row["code"], "code", row["code"])
            self.code_names[row["code"]].add(name)

    def _initial_words(self) -> None:
        """The words for a year's first budget, where no document has that as a column and every figure is one."""
        if self._only_budgets():
            for word in (INITIAL, *self.vocabulary.columns.get(INITIAL, ())):
                key = bare(word)
                if (
                    key not in self.words.own
                    and not self.words.is_place(key)
                    and self.words.fixed.standards.get(key) == INITIAL
                ):
                    self._add(word, "ourselves", INITIAL, 0.92)

    def _only_budgets(self) -> bool:
        """Whether no document is a final account: then every figure is one of a year's first budget."""
        return not any(is_final(info.kind) for info in self.documents)

    def _table_words(self, tables: Iterable[tuple[str, str, str | None]]) -> None:
        """The words for tables, each of one kind. Where a budget has several of a kind, a word that only some of them are called
        by means those: its sense is the kind with their titles."""
        departments = {info.department for info in self.documents}
        titles: dict[str, set[str]] = defaultdict(set)
        said: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
        for kind, title, number in tables:
            if kind not in BY_NAME:  # figures of prose and of targets stand in no table of their own
                continue
            titles[kind].add(title)
            for word, score in table_variants(title, number, departments):
                said[bare(word), kind][title] = score
        one_budget = len({(info.department, info.year) for info in self.documents}) == 1
        for (word, kind), scores in said.items():
            some = one_budget and scores.keys() < titles[kind]
            self._add(word, "table", TITLES.join([kind, *sorted(scores)]) if some else kind, max(scores.values()))

    def _label_words(self, names: set[str]) -> None:
        for name in names:
            for variant, score in label_variants(name):
                self._add(variant, "label", name, score)
        cores: dict[str, list[str]] = defaultdict(list)
        for name in names:
            cores[_core(name)].append(name)
        for standard, words in self.vocabulary.synonyms.items():
            core = _core(standard)
            spelled = [n for n in cores[core] if n != standard and _unjoined(n) == _unjoined(standard)]
            # 工资和福利支出 of one table is 工资福利支出 of another
            own = [*([standard] if standard in names else []), *sorted(spelled)]
            self.synonyms |= {name: words for name in own if name not in self.synonyms}
            if own:
                self._add_all(own, [standard, *words], 0.92)
            elif len(core) >= SHORTEST_CORE:
                self._add_all(sorted(cores[core]), words, 0.91)
        self._fragments(names - set(self.indicators))
        for name in self.indicators:
            for size in range(3, len(name)):
                self._add(name[:size], "label", name, 0.7)
                if name.endswith("率") and size >= SHORTEST_FRAGMENT:
                    self._add(name[-size:], "label", name, 0.85)

    def _fragments(self, names: set[str]) -> None:
        """Stretches of four or more characters that only a few labels have: 运行维护费."""
        owners: dict[str, set[str]] = defaultdict(set)
        for name in names:
            word = bare(name)
            for size in range(SHORTEST_FRAGMENT, len(word)):
                for start in range(len(word) - size + 1):
                    owners[word[start : start + size]].add(name)
        for fragment, labels in owners.items():
            taken = any(
                kind in ("label", "column", "unit", "total", "table") for kind, _ in self.words.own.get(fragment, ())
            )
            if len(labels) <= MOST_OWNERS and not taken and fragment not in self.vocabulary.money_words:
                for name in labels:
                    self._add(fragment, "label", name, 0.6 + 0.3 * len(fragment) / len(name))

    def _column_words(self, columns: set[str]) -> None:
        facets = {facet for kind in BY_NAME.values() for facet in kind.facets} - {"收入", "支出"}
        for name in columns | facets:
            self._add(name, "column", name)
            for ending in ("总额", "合计", "总计", "总数", "合计数", "总和"):
                self._add(name + ending, "column", name, 0.97)
        for name in columns:
            short = MONEY_SUFFIX.sub("", name)
            if len(short) >= SHORTEST_FRAGMENT and short not in columns:
                self._add(short, "column", name, 0.95)
        bare_names: dict[str, list[str]] = defaultdict(list)
        for name in columns:  # 公用经费支出 is the standard column 公用经费
            bare_names[MONEY_SUFFIX.sub("", name)].append(name)
        for standard, words in self.vocabulary.columns.items():
            alike = [standard] if standard in columns | facets else bare_names[standard]
            for name, word in itertools.product(alike, [standard, *words]):
                if word != name:
                    self._add(word, "column", name, 0.95)

    def _organisation_words(self) -> None:
        for info in self.documents:
            self._add(info.department, "department", info.department)
            region = REGION.match(info.department)
            core = info.department[region.end() :] if region else info.department
            self._add(core, "department", info.department, 0.95)
            if region:
                self._add(region[0], "region", region[0], 0.9)
                self._add(region[1] or region[0], "region", region[0], 0.9)
        generic = [s for s in self.vocabulary.organisations["suffixes"] if len(s) >= 2]
        for unit in self.units:
            for suffix in generic:
                if unit.endswith(suffix):
                    self._add(suffix, "unit", unit, 0.8)
            if any(unit == info.department for info in self.documents):
                continue
            for short, score in unit_variants(unit):
                self._add(short, "unit", unit, score)
            for ending, words in self.vocabulary.everyday_units.items():
                for word in words if unit.endswith(ending) else ():
                    self._add(word, "unit", unit, 0.9)

    def _project_words(self) -> None:
        for name in self.projects:
            for variant, score in project_variants(name):
                self._add(variant, "project", name, score)
            owner = self.project_units.get(name, "")
            rest = name.removeprefix(owner)
            if owner and rest != name and len(bare(rest)) >= 4:
                self._add(rest, "project", name, 0.93)

    def _pairs(self) -> dict[str, set[str]]:
        """Words worth matching with a typo, by each of their character pairs' first and last characters."""
        pairs: dict[str, set[str]] = defaultdict(set)
        for word, senses in self.words.own.items():
            sure = any(
                kind in {"label", "project", "column", "unit", "table", "department"} and score >= WHOLE_WORD
                for (kind, _), score in senses.items()
            )
            if len(word) >= 2 and sure:
                for character in word:
                    pairs[syllable(character)].add(word)
        return pairs


def _unjoined(name: str) -> str:
    return JOINED.sub("", bare(name))


def _core(name: str) -> str:
    """A name without what the same item is printed with or without: 家具用具 of 家具和用具, 政府采购货物 of 政府采购货物类预算."""
    return UNTELLING.sub("", bare(name))
