"""All words that can mean something in the indexed documents.

In: the labels, columns, tables, units and terms of the store, and the vocabulary of `prompts/`. Out: a dictionary from a
word to its senses, so that linking a question costs as much as the question is long, whatever number of labels there is.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import cn2an

from assistant.fixed_words import LONGEST_WORD, Words, fixed_words
from assistant.forms import Forms
from assistant.normal import bare, normal
from assistant.sounds import syllable
from assistant.view import View
from assistant.vocabulary import Vocabulary
from index.amounts import is_money
from index.facts import THREE_PUBLIC
from index.kinds import BY_NAME, FORM_KINDS, is_final
from index.rows import plain_label
from index.store import DocumentInfo

PLAIN_BUDGET = re.compile(r"..(?<!公共)(?<!基金)(?<!经营)(?<!部门)(?<!单位)预算$")
SHORTEST_FRAGMENT = 4
MONEY_SUFFIX = re.compile(r"(?<=..)(?:支出|收入|预算数?|资金)$")
JOINED = re.compile(r"[和与及]")
UNTELLING, SHORTEST_CORE = re.compile(r"支出|费用?|经费|预算|[类和的与及]"), 3
MOST_OWNERS = 3
WHOLE_WORD = 0.85  # below it stand fragments, which nobody means to write
TABLE_FORMS = ("表{}", "第{}张表", "第{}个表", "附表{}", "第{}表", "{}号表", "第{}号表", "表{}号")
OF_WHICH_BUDGET = {
    "预算",
    "决算",
    "预算数",
    "决算数",
    "年初预算",
}  # of which prose tells an amount, and of what is not said
TOTAL_END = re.compile(r"(?:合计|小计|总计)$")
TITLES = "/"  # between the kind of a table and its title, in the sense of a word
OF_YEAR = re.compile(r"^20\d\d年度?")
INITIAL = "年初预算数"  # a column of final accounts
STATED = re.compile(
    r"^.{0,6}?(?:现有|共有|实有|设有|拥有)(?=..)|(?<=..)(?:接?近|约)$"
)  # what prose says beside a number
LOOSELY_SAID = 6  # characters; a longer label is also said without its 的
REGION = re.compile(r"^(.{2,4}?)(?:省|市|自治州|州|地区|盟|县|区|旗)|^(.)县")


@dataclass(frozen=True)
class Sense:
    """One meaning of a word: what kind of thing, its canonical name, and how sure the word means it (0 to 1)."""

    kind: str
    value: str
    score: float = 1.0


class Lexicon:
    """The words of one state of the store."""

    def __init__(self, store: View, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.documents: list[DocumentInfo] = store.documents()
        self.words = Words(fixed_words(vocabulary))
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
        return [Sense(kind, value, score) for (kind, value), score in self.words.get(word, {}).items()]

    def is_label(self, name: str) -> bool:
        """Whether a row or figure is called so."""
        return any(sense.kind == "label" and sense.value == name for sense in self.senses(bare(name)))

    def years(self) -> list[int]:
        return sorted({info.year for info in self.documents}, reverse=True)

    def _add(self, word: str, kind: str, value: str, score: float = 1.0) -> None:
        key = bare(word)
        if len(key) >= 1 and len(key) <= LONGEST_WORD:
            senses = self.words.own.setdefault(key, {})
            senses[(kind, value)] = max(score, senses.get((kind, value), 0.0))

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
        names: set[str] = set()
        columns: set[str] = set()
        rows: set[str] = set()
        above: set[str] = set()
        tables: set[tuple[str, str, str | None]] = set()
        for row in store.labels():
            name = row["name"]
            if row["table_kind"] in FORM_KINDS and row["role"] != "project":
                if row["table_kind"] == "performance_indicators":
                    self._add(name, "indicator", name)
                continue  # what stands in a form is found as of that form
            tables.add((row["table_kind"], row["table_title"], row["table_number"]))
            if row["column_name"] and row["source"] == "cell":
                columns.add(row["column_name"])
            if row["role"] == "unit":
                self.units[name] = row["document"]
            elif row["role"] == "project":
                self.project_units[name] = row["budget_unit"] or ""
                if name not in self.projects:
                    self.projects.append(name)
            elif row["role"] == "total" and TOTAL_END.sub("", name) in self.vocabulary.columns:
                self._add(name, "label", name)
                self._add(
                    TOTAL_END.sub("", name), "label", name, 0.95
                )  # 人员经费合计, a row where others have a column
            elif row["role"] != "total" or name == THREE_PUBLIC:
                names.add(name)
                if row["source"] == "cell":
                    rows.add(name)
                    above |= {plain_label(label) for label in row["path"][:-1]}
                if row["unit"] and not is_money(row["unit"]) and not row["column_name"]:
                    self.counted.add(name)
                if row["table_kind"] == "target":
                    self.indicators[name].add(plain_label(row["path"][0]))
                elif row["source"] == "figure":
                    self.figures.add(name)
                if row["code"]:
                    self._add(row["code"], "code", row["code"])
                    self.code_names[row["code"]].add(name)
        self._table_words(tables)
        for kind, words in self.vocabulary.tables.items():
            for word in words:
                self._add(word, "table", kind, 0.95)
        names |= above - {*self.units, *self.projects, *columns, ""}  # some tables have parents that are no rows
        names -= OF_WHICH_BUDGET - rows
        self._label_words(names - (columns - rows))  # 项目支出 in prose is what the tables have as a column
        self._column_words(columns)
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
            for word, score in _table_variants(title, number, departments):
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
        unjoined: dict[str, list[str]] = defaultdict(list)  # 工资和福利支出 of one table is 工资福利支出 of another
        for name in names:
            cores[_core(name)].append(name)
            unjoined[JOINED.sub("", name)].append(name)
        for standard, words in self.vocabulary.synonyms.items():
            core = _core(standard)
            same = unjoined[JOINED.sub("", standard)]
            alike = same or (cores[core] if len(core) >= SHORTEST_CORE else [])
            for name, word in itertools.product(alike, [standard, *words] if same else words):
                if word != name:
                    self._add(word, "label", name, 0.92 if same else 0.91)
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


def _core(name: str) -> str:
    """A name without what the same item is printed with or without: 家具用具 of 家具和用具, 政府采购货物 of 政府采购货物类预算."""
    return UNTELLING.sub("", bare(name))


def _table_variants(title: str, number: str | None, departments: Iterable[str]) -> Iterator[tuple[str, float]]:
    """The ways in which a table is said: its title, without what brackets hold, without 表, without its year or whose it is; its
    number."""
    yield title, 1.0
    short = re.sub(r"[（(].*?[)）]", "", title)
    for form in (
        short,
        title.removesuffix("表"),
        short.removesuffix("表"),
        *_unowned(title, departments),
        *_unowned(short, departments),
    ):
        if form != title:
            yield form, 0.95
    if number:
        digits = int(number) if number.isdigit() else None
        for word in (number, cn2an.an2cn(digits) if digits else number):
            for form in TABLE_FORMS:
                yield form.format(word), 1.0


def _unowned(title: str, departments: Iterable[str]) -> Iterator[str]:
    """A title without its year, and without the department that it begins with."""
    plain = OF_YEAR.sub("", title)
    yield plain
    yield from (OF_YEAR.sub("", plain.removeprefix(name)) for name in departments if plain.startswith(name))


def label_variants(name: str) -> list[tuple[str, float]]:
    """The ways in which a label is said, with how sure each is: without what brackets hold, without a trailing 支出."""
    variants = {name: 1.0}
    without = re.sub(r"（[^）]*）", "", name)
    opened = re.sub(r"[（）]", "", name)
    for form in (without, opened):
        variants.setdefault(form, 0.98)
    for form in list(variants):
        variants.setdefault(form + "预算", 0.99)
        for suffix in ("支出", "费用", "经费"):
            if form.endswith(suffix) and len(form) - len(suffix) >= 2:
                variants.setdefault(form.removesuffix(suffix), 0.9)
                if suffix == "费用":
                    variants.setdefault(form.removesuffix("用"), 0.97)
        if PLAIN_BUDGET.search(form):  # 政府采购预算, but not 一般公共预算
            variants.setdefault(form.removesuffix("预算"), 0.95)
        if form[-1:] in ("A", "B", "C") and len(form) > 2:  # 一、货物A
            variants.setdefault(form[:-1], 0.95)
        if form.endswith("费"):
            if len(form) > SHORTEST_FRAGMENT:
                variants.setdefault(form[:-1], 0.9)
            variants.setdefault(form + "用", 0.97)
            variants.setdefault(form + "支出", 0.95)
        if form.startswith("其他") and len(form) > 4:
            variants.setdefault("其它" + form[2:], 0.98)
        if "和" in form:
            variants.setdefault(form.replace("和", "与"), 0.97)
            variants.setdefault(form.replace("和", "及"), 0.97)
            if len(form) > 5:
                variants.setdefault(form.replace("和", "", 1), 0.93)  # 甲和乙支出 said as 甲乙支出
        if form.startswith("拟") and len(form) > 5:
            for said in _planned(form):
                variants.setdefault(said, 0.97)
        digits = re.search(r"(在)?(\d+)(万元|亿元)", form)
        if digits:
            spoken = cn2an.an2cn(digits[2])
            short = spoken.removeprefix("一") + digits[3][0]
            for amount in (digits[2] + digits[3][0], spoken + digits[3][0], spoken + digits[3], short, short + "元"):
                for at in ("", "在"):
                    variants.setdefault(form.replace(digits[0], at + amount), 0.97)
            variants.setdefault(form.replace("在", ""), 0.98)
        if "及" in form:
            variants.setdefault(form.replace("及", "和"), 0.97)
    counted = STATED.sub("", name)
    if counted != name:
        variants.setdefault(counted, 0.97)
    for form in [form for form in variants if "的" in form and len(form) > LOOSELY_SAID]:
        variants.setdefault(form.replace("的", ""), 0.95)
    return [(form, score) for form, score in variants.items() if len(form) >= 2]


PLANS = ("", "计划", "打算", "准备", "想", "要", "预备")
BUYING = ("购置", "采购", "购买", "新增", "添置", "新添", "新购", "新买", "买", "添")


def _planned(label: str) -> list[str]:
    """拟购置固定资产 as people say it: 打算新添的固定资产."""
    bought = re.match(r"拟(?:购置|采购|购买|新增)", label)
    if bought is None:
        return [plan + label[1:] for plan in (*PLANS, "新")]
    rest = label[bought.end() :]
    return [
        f"{plan}{new}{verb}{of}{rest}" for plan in PLANS for new in ("", "新") for verb in BUYING for of in ("", "的")
    ]


def unit_variants(unit: str) -> list[tuple[str, float]]:
    """The short names of a unit: without its region, and the ends of at least four characters."""
    region = REGION.match(unit)
    core = unit[region.end() :] if region else unit
    variants = {unit: 1.0, core: 0.98}
    plain = re.sub(r"（[^）]*）", "", unit)
    if plain:
        variants.setdefault(plain, 0.98)
    for start in range(1, len(core) - 3):
        variants.setdefault(core[start:], 0.85)
    return list(variants.items())


def project_variants(name: str) -> list[tuple[str, float]]:
    """The ways in which a project is said: without brackets, region, and the final 项目."""
    variants = {name: 1.0, re.sub(r"（[^）]*）", "", name): 0.98}
    for form in list(variants):
        region = REGION.match(form)
        if region:
            variants.setdefault(form[region.end() :].lstrip("-—"), 0.97)
    for form in list(variants):
        short = re.sub(r"(?:服务|采购)?项目$", "", form)
        for end in (form.removesuffix("项目"), short):
            if len(end) >= 4:
                variants.setdefault(end, 0.95)
                variants.setdefault(end + "项目", 0.95)
    return [(form, score) for form, score in variants.items() if len(bare(form)) >= 4]


def term_variants(term: str) -> list[str]:
    """A defined term with and without what its brackets hold: 行政经费（机关运行经费）."""
    inside = re.findall(r"（([^）]*)）", term)
    return [term, re.sub(r"（[^）]*）", "", term), *[i for i in inside if len(i) > 2]]
