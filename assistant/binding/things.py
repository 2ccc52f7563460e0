"""One thing of a form to the rows and cells of the documents.

Every way to take the stretches is tried in the documents, the likeliest first; a Select that finds nothing is no reading. So no
stretch is ever passed over: a number is given for all that was said, or not at all.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from assistant.binding.forms import FormBinder
from assistant.binding.lists import ListBinder
from assistant.binding.modifiers import described, is_scattered, made_up, says_what_it_is
from assistant.binding.slots import (
    CLASSIFICATIONS,
    NO_HINTS,
    SCOPES,
    Ambiguous,
    Bound,
    Hints,
    Side,
    Slots,
    Unbound,
    said_once,
    several_named,
    worth,
)
from assistant.evidence import Value
from assistant.lexicon import TITLES, Lexicon, label_variants
from assistant.lookup.lookup import Lookup
from assistant.lookup.values import in_yuan
from assistant.naming import AS_OF, VERBS, Namer, Option, Slot
from assistant.normal import bare, normal
from assistant.plan import Reduce, Select
from assistant.projects import ProjectFinder
from assistant.quantities import Quantity, quantities
from index.facts import OF_YEAR, THREE_PUBLIC
from index.kinds import BY_NAME, FORM_KINDS, KINDS, is_final
from index.rows import plain_label

MOST_TRIED = 240
SURE = 0.75  # a binding below it gives way to a project that is described better
ENOUGH, ALIKE = 0.6, 0.93  # of a project's score: what is found at all, and what is as good as the best
MOST_CHOICES = 5
SUBORDINATE = "下属|所属|二级|下级|直属"  # what units under the department are called
YEAR_SAID = re.compile(r"(?<!\d)(20\d\d)(?=年)")
OWN_OFFICE = re.compile(r"(?:本级|本部|机关)+$")
WITHOUT_BELOW = re.compile(rf"不(?:带|含|包括|包含|算|计|要|管|加上?)(?:{SUBORDINATE})的?(?:预算)?(?:单位|机构|中心)?")
TO_BUY = re.compile(r"(?:打算|准备|计划|要|想)*(?:新|再)?(?:买|购|添|增)(?:置|买|购)?(?:的)?|拟购置?|添置")
RATE, LIKE_END = re.compile(r"[率度数量]$"), 4  # what indicators end with; how many characters must be the same
COUNTS = re.compile(r"(?:人数|数量|个数|面积|比例|率)$")  # what no project is called by
MEASURED = re.compile(
    r"(?:及时|完成|合格|满意|覆盖|准确|达标|使用|运行|接通|办结|通过|增长|参与|普及|就业|利用|到位)率$|满意度$|人次|次数$|场次$|个数$"
)
OWN_NAME, DESCRIBING = 0.95, 4  # of a binding by a row's own name; characters of a description that may be a project's
WELL_TOLD = 0.85  # of a project's description whose words are rows' names too
CALLED_WORTH = 0.85  # of what is counted, found by a part of its name
EXACT = 0.9  # of an option that is a row's own name or a synonym
SHORT_WORD, IN_NAME = 2, 0.8  # characters of a word that must stand in a project's name; the score of what does
TIE = 0.03
AGAIN_WORTH, PART_WORTH, INDICATOR_WORTH, MADE_UP_WORTH = 0.9, 0.9, 0.95, 0.85
NAMED_OWNER = 0.5  # of a project that is named beside one of its indicators
PROJECT_COLUMN = "项目支出"
WHOLE_WORDS = re.compile(
    r"(?:预算|支出|钱|经费|资金|开支|花销|费用|财政|部门|单位|全局|全部门|全|整个?|总|全部|所有|年度|全年|一年|今年|本|的|合计|金额|规模|盘子|数|额|计|大?概|情况)+"
)
WHOLE = re.compile(r"预算|支出|钱|经费|资金|开支|花销|部门|全局|整个|总")  # what alone can mean the whole budget
TARGET_WORDS = {"绩效目标", "目标", "指标", "绩效指标", "绩效", "要求", "指标值", "目标值", "绩效指标值", "年度指标值"}
WHOLE_DEPARTMENT = re.compile(r"(?:全|整个|全体)(?:部门|局|系统|委|厅|院)(?!门)")
MONEY_UNITS = ("元", "千元", "万元", "百万元", "亿元")
SPENT = re.compile(r"花|用了|用掉|执行|支出|决算")
MONEY_END, MOST_OVER = re.compile(r"(?<=..)(?:(?:支出|费用|经费|预算|资金|类|费|的)+)$"), 4
SCORED, SCORE = re.compile(r"几分|多少分|得分|分数|评分|打分"), "得分"
OF_WHICH = re.compile(r"预算|决算")
ALL_OF_ROW = re.compile(r"合计数?|总计|小计|总数|总额|一行|整行")
LEAST_TITLE, TITLED_WORTH = 4, 0.95  # characters of a title that tell a table, and what such a reading is worth
MONEY_SAID = re.compile(r"(?:多少|几)(?:个)?(?:钱|元|块|[百千]?万|亿)|花了?多少(?!人|次|批)|金额")
SPENDING, INCOME = re.compile(r"支出|开支|花|用[了掉在]|列支"), re.compile(r"收入|收支|进账|来源")
PROCURED = "政府采购"
MEASURE = re.compile(
    r"(?:的|费|用|支出|费用|经费|钱|金额|预算数?|类|款|项|科目|开支|花销|合计|总[额数计]|方面|这?块|数)*"
)
BUDGET_WORDS = {"预算", "预算数", "预算金额", "预算安排"}
BUDGET_COLUMNS = ("预算数", "年初预算数", "全年预算数", "调整预算数")
PROJECT_SAID = re.compile(r"(?:的|[那这]个)?项目$")
NEAR = 0.86  # a cosine from which a row is worth offering


def money_amount(text: str) -> Quantity | None:
    """The amount of money that a stretch states and nothing else: 68万元, 68万; None where it says more or less."""
    plain = re.sub(r"万$", "万元", normal(text))
    found = [q for q in quantities(plain) if q.end - q.start >= len(plain.rstrip("的"))]
    return found[0] if len(found) == 1 and found[0].kind == "amount" and found[0].unit in MONEY_UNITS else None


def _names_its_row(found: Bound, options: Sequence[tuple[Option, ...]]) -> bool:
    """Whether a project's name has a row that was named: 甲中心|买车 is 甲中心购车项目, 甲中心|行政经费 no project."""
    name = bare(found.select.labels[0])
    rows = [n for choices in options for o in choices for s in o.slots if s.kind == "row" for n in s.value.split("|")]
    return any(bare(re.sub(r"(?:支出|费用|经费|费)+$", "", row)) in name for row in rows)


def _has_project(choices: Sequence[Option]) -> bool:
    return any(slot.kind == "project" for option in choices[:1] for slot in option.slots)


class ThingBinder:
    """Binds single things in one state of the store."""

    def __init__(
        self, lexicon: Lexicon, namer: Namer, finder: ProjectFinder, lookup: Lookup, hints: Hints = NO_HINTS
    ) -> None:
        self._standard = lexicon.words.fixed.items
        self._things: dict[tuple[tuple[str, ...], Side | None], Bound | Unbound | Ambiguous] = {}
        self.hints = hints
        self._lexicon, self._namer, self._finder, self._lookup = lexicon, namer, finder, lookup
        self.forms = FormBinder(lexicon, namer, lookup.document_ids, hints)
        self.lists = ListBinder(namer, lookup, hints.units)

    def holds(self, select: Select) -> bool:
        """Whether the documents have something there, if blank."""
        return self._lookup.holds(select)

    def thing(self, stretches: Sequence[str], total: Side | None = None) -> Bound | Unbound | Ambiguous:
        """One thing: a row, a unit, a project or a total. `total` is the side of a whole budget or income."""
        key = (tuple(stretches), total)
        if key not in self._things:
            found = self._thing(stretches, total)
            self._things[key] = self._noted(found, stretches) if isinstance(found, Bound) else found
        return self._things[key]

    def _noted(self, bound: Bound, stretches: Sequence[str]) -> Bound:
        """A binding with what words were taken for that neither name its row nor stand in its name."""
        vocabulary = self._lexicon.vocabulary
        labels, columns = bound.select.labels, [c for c in bound.select.columns if c in vocabulary.columns]
        synonyms = vocabulary.synonyms if labels else vocabulary.columns
        bound = replace(bound, select=self._of_spending(bound.select))
        labels = labels or columns
        if bound.taken or not labels or bound.select.universe != "items":
            return bound
        words = {bare(w) for name in labels for w in (*dict(label_variants(name)), *synonyms.get(name, ()))}
        kind = "row" if bound.select.labels else "column"

        def explained(text: str) -> bool:
            options = self._namer.options(text) if bound.select.labels else self._namer.options(text)[:1]
            if any(o.slots and all(s.kind != kind for s in o.slots) for o in options):
                return True
            plain = bare(text)
            longer = len(plain) > max(len(bare(name)) for name in labels)
            return any(plain in w or (w in plain and MEASURE.fullmatch(plain.replace(w, "", 1))) for w in words) or (
                longer
                and says_what_it_is(text, labels, synonyms)
                and not any(is_scattered(text, name) for name in labels)
            )

        other = "、".join(text for text in stretches if not explained(text))
        return replace(bound, taken=((other, "、".join(labels)),)) if other else bound

    def _of_spending(self, select: Select) -> Select:
        """A row that tables of income have too, where spending is asked for: as the tables of expenditure have it."""
        asked = SPENDING.search(self.hints.question) and not INCOME.search(self.hints.question)
        if not asked or not select.labels or select.tables or select.universe != "items":
            return select
        facts = self._lookup.select(select)
        income = {f.table_kind for f in facts if "收入" in f.facets}
        others = {f.table_kind for f in facts} - income
        return select.model_copy(update={"not_in": sorted(income)}) if income and others else select

    def _thing(self, stretches: Sequence[str], total: Side | None) -> Bound | Unbound | Ambiguous:
        """The thing; of a project of which people or things are asked the indicator that counts them, never its money."""
        bound = self._any_thing(stretches, total)
        if not (self.hints.units and isinstance(bound, Bound)) or bound.select.universe != "projects":
            return bound
        names = bound.select.labels
        counted = self.forms.counted_in(names[0]) if len(names) == 1 else None
        return counted or bound

    def _any_thing(self, stretches: Sequence[str], total: Side | None) -> Bound | Unbound | Ambiguous:
        if any(WHOLE_DEPARTMENT.match(bare(text)) for text in stretches):  # whatever unit was named beside it
            stretches = [t for t in stretches if not self.is_unit_word(t) and not WHOLE_DEPARTMENT.fullmatch(bare(t))]
        stretches = [t for t in stretches if not WITHOUT_BELOW.fullmatch(bare(t))]
        if self.hints.bought and len(stretches) > 1 and any(map(self.is_unit_word, stretches)):
            stretches = self._with_verb(stretches)
        elif self.hints.bought and len(stretches) > 1:
            stretches = [t for t in stretches if not TO_BUY.fullmatch(bare(t))] or stretches
        budgeted = self._as_budgeted(stretches, total)
        if budgeted is not None:
            return budgeted
        amounts = {text: amount for text in stretches if (amount := money_amount(text)) is not None}
        if amounts and len(amounts) < len(stretches):
            return self._of_amounts([t for t in stretches if t not in amounts], amounts, total)
        stretches = self._joined(stretches)
        options = self._without_repetition(stretches, [self._namer.options(s) for s in stretches])
        hindered = self._hindered(stretches, options)
        if hindered and hindered.reason in ("other_year", "other_department"):
            return self._named_with_its_year(stretches) or hindered
        if not stretches and total is None:
            return Unbound("not_found", "")
        in_form = self._in_forms(stretches, only_explicit=True)
        if in_form is not None:
            return in_form
        plain = self.forms.without_form_words(stretches)
        if plain != list(stretches):
            return self._in_its_form(self.thing(plain, total))
        bound = self._pieced(stretches, options) if hindered else self._tried(stretches, options, total)
        bound = self._indicator(stretches, options) or bound
        if (
            isinstance(bound, Bound)
            and bound.select.labels
            and not bound.projects_found
            and bound.score < OWN_NAME
            and not hindered
        ):
            bound = self._named_project(stretches) or bound
        if isinstance(bound, Ambiguous) or (bound is not None and bound.score >= SURE):
            return bound
        in_form = self._in_forms(stretches)
        if in_form is not None:
            return in_form
        standard = any(
            s.kind == "absent"
            and (s.value in self._lexicon.vocabulary.columns or bare(text) == bare(s.value) or COUNTS.search(s.value))
            for text, choices in zip(stretches, options, strict=True)
            for o in choices[:1]
            for s in o.slots
        )  # 人员经费 is no project
        measured = any(MEASURED.search(bare(text)) for text in stretches)
        naming = [t for t in stretches if not self.is_year(t)]
        standard = standard or (len(naming) == 1 and bare(naming[0]) in self._standard)
        income = any(s.kind == "row" and s.value.endswith("收入") for o in options for c in o[:1] for s in c.slots)
        may_be = self._may_be_project(options, bool(hindered)) and not (standard or measured or income)
        found = self._described(stretches) if may_be else None
        told = isinstance(found, Bound) and (hindered or _names_its_row(found, options) or found.score >= WELL_TOLD)
        rows = [t for t, o in zip(stretches, options, strict=True) if o and any(s.kind == "row" for s in o[0].slots)]
        if isinstance(found, Bound) and len(rows) == len(naming) > 1:  # 办公|纸笔|水电: no project that has one of them
            told = told and sum(bare(text) in bare(found.select.labels[0]) for text in rows) * 2 >= len(rows)
        if isinstance(found, Bound) and not told:
            found = None
        if found is not None and (bound is None or (isinstance(found, Bound) and found.score > bound.score)):
            return found
        counted = self._counted_called(stretches, options) if bound is None else None
        if counted is not None:
            return counted
        listed = self.lists.row(stretches) if bound is None else None
        if listed is not None and self.holds(listed):
            return Bound(listed, TITLED_WORTH)
        near = self._near(stretches)
        glossed = self._glossed(stretches, hindered.words, total) if hindered is not None and bound is None else None
        if glossed is not None:
            return glossed
        if hindered is not None:
            return bound or Unbound(hindered.reason, hindered.words, near)
        if bound is None and (other := self._other_amounts(stretches, options)) is not None:
            return other
        if bound is None and (other := self._where_it_stands(stretches, options, total)) is not None:
            return other
        if bound is None and (other := self._told_in_prose(stretches, total)) is not None:
            return other
        return bound or Unbound("not_found", "的".join(stretches), near)

    def _counted_called(self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]]) -> Bound | None:
        """What is counted, by a part of its name, where its number is asked for: 编制多少人 is 人员编制, with 行政编制 below it."""
        unknown = [
            text for text, choices in zip(stretches, options, strict=True) if not any(o.slots for o in choices[:1])
        ]
        cores = [self._core(text) for text in unknown]
        if not self.hints.units or not cores or any(len(core) < SHORT_WORD for core in cores):
            return None
        known = [choices for choices in options if any(o.slots for o in choices[:1])]
        slots = self._slots([choices[0] for choices in known])
        if slots.rows or slots.projects or slots.codes:
            return None
        names = [n for n in sorted(self._lexicon.counted) if all(core in bare(n) for core in cores)]
        found = {n: fact for n in names for fact in self._lookup.select(Select(labels=[n], **self._common(slots)))
                 if fact.unit in self.hints.units}  # fmt: skip
        highest = [n for n, fact in found.items() if not {plain_label(label) for label in fact.path[:-1]} & set(found)]
        if len(highest) != 1:
            return None
        select = Select(labels=highest, **self._common(slots))
        return Bound(select, CALLED_WORTH, taken=(("、".join(unknown), highest[0]),))

    def _glossed(self, stretches: Sequence[str], unknown: str, total: Side | None) -> Bound | None:
        """俗称（甲科目）: a row that is named beside another word for it, one of them in brackets; the answer says so."""
        question = self.hints.question
        rest = [t for t in stretches if t != unknown]
        known = [
            t for t in rest for a, b in ((t, unknown), (unknown, t))
            if re.search(rf"{re.escape(a)}(?:[那这](?:一?块|部分|个))?[（(]{re.escape(b)}", question)
        ]  # fmt: skip
        if not known or re.search(r"\d|[年月日天季周]", unknown):
            return None
        bound = self.thing(rest, total)
        if not isinstance(bound, Bound) or not bound.select.labels:
            return None
        return replace(bound, score=bound.score * TITLED_WORTH, taken=((unknown, "、".join(bound.select.labels)),))

    def _where_it_stands(
        self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]], total: Side | None
    ) -> Bound | None:
        """政府采购预算|甲设备, 奖金|合计: a row beside words that only tell its table by its title, or the column of its total."""
        for index, text in enumerate(stretches):
            rest = [*stretches[:index], *stretches[index + 1 :]]
            bound = self.thing(rest, total) if rest else None
            if not isinstance(bound, Bound) or not bound.select.labels or bound.select.universe != "items":
                continue
            facts = [f for f in self._lookup.select(bound.select) if f.value is not None]
            told = ALL_OF_ROW.fullmatch(bare(text)) and not any(f.column_name for f in facts)
            said = OF_WHICH.sub("", bare(text))  # 财政拨款支出表 is the 财政拨款支出预算表
            rows = {n for o in options[index][:1] for s in o.slots if s.kind == "row" for n in s.value.split("|")}
            titles = [f.table_title for f in facts if f.source == "cell"]
            named = bool(rows and titles) and self.holds(Select(labels=sorted(rows), titles=titles))
            told = told or (  # what is a row beside it tells no table: 行政经费 in a title that names it too
                len(said) >= LEAST_TITLE
                and not named
                and all(said in OF_WHICH.sub("", bare(f.table_title)) for f in facts)
            )
            if facts and told:
                return replace(bound, score=bound.score * TITLED_WORTH)
        return None

    def _told_in_prose(self, stretches: Sequence[str], total: Side | None) -> Bound | None:
        """甲经费那个项目: what is called a project, has no row among them, and is told of in prose."""
        named = [PROJECT_SAID.sub("", text) for text in stretches]
        bound = self.thing([t for t in named if t], total) if named != list(stretches) and any(named) else None
        if not isinstance(bound, Bound) or not bound.select.labels or bound.select.universe != "items":
            return None
        told = all(fact.source == "figure" for fact in self._lookup.select(bound.select))
        return replace(bound, score=bound.score * TITLED_WORTH) if told else None

    def _as_budgeted(self, stretches: Sequence[str], total: Side | None) -> Bound | None:
        """三公经费|预算 in final accounts: what the budget had for it, which stands in a column beside what was spent."""
        rest = [t for t in stretches if bare(t) not in BUDGET_WORDS]
        if not rest or len(rest) == len(stretches) or not all(is_final(i.kind) for i in self._lexicon.documents):
            return None
        bound = self.thing(rest, total)
        if not isinstance(bound, Bound) or bound.select.columns:
            return None
        for column in BUDGET_COLUMNS:
            select = bound.select.model_copy(update={"columns": [column]})
            if self.holds(select):
                return replace(bound, select=select)
        return None

    def _in_forms(self, stretches: Sequence[str], only_explicit: bool = False) -> Bound | Ambiguous | None:
        """The cell of a form that the stretches name, where there is one."""
        found = self.forms.cell(stretches, only_explicit)
        return None if isinstance(found, Bound) and not self.holds(found.select) else found

    def _other_amounts(
        self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]]
    ) -> Bound | Unbound | Ambiguous | None:
        """A project that is named and has no amount of its own: what its form says of the year, or that there is only a score."""
        slots = self._slots([choices[0] for choices in options if choices])
        if len(set(slots.projects)) != 1 or slots.rows or slots.columns or not all(options):
            return None
        name = slots.projects[0]
        found = [f for f in self._lookup.facts_of_project(name) if f.value is not None and f.column_name]
        columns = [f.column_name for f in found if f.column_name in OF_YEAR]
        spent = [c for c in columns if c == OF_YEAR[-1] and SPENT.search(self.hints.question)]
        if spent:
            return Bound(Select(universe="projects", labels=[name], columns=spent), SURE)
        said = next((t for t, choices in zip(stretches, options, strict=True) if _has_project(choices)), name)
        scored = [f.column_name for f in found if SCORED.search(self.hints.question) and SCORE in f.column_name]
        if scored and not columns:  # 自评得几分
            return Bound(Select(universe="projects", labels=[name], columns=scored[:1]), SURE)
        if columns:
            return Ambiguous(said, tuple(f"{name}的{column}" for column in dict.fromkeys(columns)))
        there = "、".join(dict.fromkeys(f.column_name for f in found))
        return Unbound("no_amount", f"{name}的金额（只有{there}）") if found else None

    def _in_its_form(self, bound: Bound | Unbound | Ambiguous) -> Bound | Unbound | Ambiguous:
        """A project whose form is spoken of, with what the form says of it, where there is one."""
        if not isinstance(bound, Bound) or bound.select.universe != "projects":
            return bound
        select = bound.select.model_copy(update={"tables": [*FORM_KINDS, "performance_projects"]})
        return replace(bound, select=select) if self.holds(select) else bound

    def _named_project(self, stretches: Sequence[str]) -> Bound | None:
        """The one project in whose own name all characters of a longer description stand, where rows are only called so: 评审专家."""
        said = "".join(map(bare, stretches))
        names = [n for n in self._lexicon.projects if set(said) <= set(bare(n))] if len(said) >= DESCRIBING else []
        found = self._described(stretches) if len(names) == 1 else None
        return found if isinstance(found, Bound) and found.select.labels == names and found.score >= OWN_NAME else None

    def _named_with_its_year(self, stretches: Sequence[str]) -> Bound | None:
        """A project whose own name has the year: 2022至2025年的短信采购."""
        own = {str(year) for year in self._lexicon.years()}
        years = {d for text in stretches for d in re.findall(r"(?:19|20)\d\d", text)} - own
        rest = [text for text in stretches if not re.search(r"(?:19|20)\d\d", text) and not self.is_year(text)]
        found = self._described(rest) if years and rest else None
        inside = isinstance(found, Bound) and all(year in found.select.labels[0] for year in years)
        return found if inside and isinstance(found, Bound) else None

    def _with_verb(self, stretches: Sequence[str]) -> list[str]:
        """买|公车 as 买公车, where that is known."""
        found: list[str] = []
        for text in stretches:
            joined = found[-1] + text if found else ""
            if found and TO_BUY.fullmatch(bare(found[-1])) and self._namer.is_one_word(joined):
                found[-1] = joined
            else:
                found.append(text)
        return found

    def is_row_name(self, text: str) -> bool:
        """Whether words are a row's own name or a synonym of it, and nothing else."""
        return any(o.score >= EXACT for o in self._namer.options(text)[:1]) and self._namer.kinds(text) == {"row"}

    def is_unit_word(self, text: str) -> bool:
        """Whether words name a unit and nothing else."""
        kinds = self._namer.kinds(text)
        return bool(kinds) and kinds <= {"unit", "own"}

    def _of_amounts(
        self, stretches: Sequence[str], amounts: Mapping[str, Quantity], total: Side | None
    ) -> Bound | Unbound | Ambiguous:
        """A thing that is named with its amount (那68万元预算): the thing, if it has that amount."""
        bound = self.thing(stretches, total)
        if not isinstance(bound, Bound):
            return bound
        values = self._lookup.look_up(Reduce(how="value", of=bound.select)).values
        has = {abs(in_yuan(value)) for value in values}
        said = {in_yuan(Value(q.value, q.unit, "", ())) for q in amounts.values()}
        return bound if said <= has else Unbound("not_found", "、".join(amounts))

    def _joined(self, stretches: Sequence[str]) -> list[str]:
        """The stretches, two that together are one known word as that word: 公务用车|购置费."""
        if len(stretches) != 2 or not self._namer.is_one_word("".join(stretches)):
            return list(stretches)
        return ["".join(stretches)]

    def _pieced(self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]]) -> Bound | Ambiguous | None:
        """Stretches of which one means nothing alone: with its neighbour it is a word (公车|购置), or a part of a row (政府采购|服务)."""
        for index, choices in enumerate(options):
            if choices:
                continue
            for other in (index - 1, index + 1):
                if not 0 <= other < len(stretches):
                    continue
                low, high = sorted((index, other))
                rest = [s for i, s in enumerate(stretches) if i not in (low, high)]
                for joined in (stretches[low] + stretches[high], stretches[high] + stretches[low]):
                    if self._namer.is_one_word(joined):
                        words = [*rest, joined]
                        return self._tried(words, [self._namer.options(w) for w in words], None)
            part = (
                self._part_of_row(stretches, options, index)
                or self._made_up(stretches, options, index)
                or self._named_together(stretches, options, index)
            )
            if part is not None:
                return part
        return None

    def _made_up(self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]], index: int) -> Bound | None:
        """A row whose name an unknown stretch makes up with a neighbour, or describes alone."""
        names = [n for n in self._namer.rows if n not in self._lexicon.indicators]
        for pair in ((index, index + 1), (index - 1, index)):
            if pair[0] >= 0 and pair[1] < len(stretches):
                name = made_up([stretches[i] for i in pair], names)
                if name is not None:
                    return self._as_row(name, pair, options)
        name = described(stretches[index], names)
        return self._as_row(name, (index,), options) if name is not None else None

    def _named_together(
        self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]], index: int
    ) -> Bound | None:
        """The one row whose name has an unknown stretch and a neighbour in it, whole: 政府采购预算|货物 as 政府采购货物类预算."""
        core = self._core(stretches[index])
        for other in (index - 1, index + 1):
            if not 0 <= other < len(stretches) or len(core) < 2:
                continue
            beside = self._core(stretches[other])
            both = [n for n in self._namer.rows if core in bare(n) and beside in bare(n).replace(core, "")]
            rest = {n: len(bare(n)) - len(core) - len(beside) for n in both if len(beside) > 1}
            names = [n for n in both if rest.get(n, MOST_OVER + 1) <= MOST_OVER]
            if len(names) == 1:
                return self._as_row(names[0], sorted((index, other)), options)
        return None

    def _core(self, stretch: str) -> str:
        """A stretch without the verb before and the words for money behind it: 货物 of 买货物类."""
        return MONEY_END.sub("", VERBS.sub("", bare(stretch)))

    def _as_row(self, name: str, places: Sequence[int], options: Sequence[tuple[Option, ...]]) -> Bound | None:
        """A row that was found in some of the stretches, narrowed by the others."""
        others = [choices for i, choices in enumerate(options) if i not in places]
        for way in itertools.islice(itertools.product(*others), MOST_TRIED):
            slots = self._slots(way)
            select = Select(labels=[name], codes=slots.codes, **self._common(slots))
            if not slots.rows and not slots.projects and self.holds(select):
                return Bound(select, worth(way) * MADE_UP_WORTH)
        return None

    def _part_of_row(self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]], index: int) -> Bound | None:
        """The one part of a row that is named whose name has the words that nothing else explains."""
        others = [c for i, c in enumerate(options) if i != index]
        if not others or not all(others):
            return None
        word = bare(stretches[index])
        for way in itertools.islice(itertools.product(*others), MOST_TRIED):
            slots = self._slots(way)
            if len(slots.rows) != 1 or len(word) < 2:
                continue
            parts = [v.facts[0].name for v in self._lookup.members(Select(under=slots.rows[0], **self._common(slots)))]
            named = list(dict.fromkeys(n for n in parts if word in bare(n)))
            if len(named) == 1:
                return Bound(Select(labels=named, **self._common(slots)), worth(way) * PART_WORTH)
        return None

    def indicator(self, stretches: Sequence[str]) -> Bound | None:
        """An indicator that is named beside its project; None where the stretches name none."""
        told = self.forms.cell(stretches)
        if isinstance(told, Bound):
            return told
        return self._indicator(stretches, [self._namer.options(s) for s in stretches])

    def _indicator(self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]]) -> Bound | None:
        """A figure inside a project's target: the indicator named beside the project, 机房运维项目|正常运行率."""
        indicators, rest = list[str](), list[str]()
        for text, choices in zip(stretches, options, strict=True):
            rows = [n for o in choices for s in o.slots if s.kind == "row" for n in s.value.split("|")]
            known = [n for n in rows if n in self._lexicon.indicators] or self._indicators_ending(text, choices)
            if known and not indicators:
                indicators = known
            elif bare(text) in TARGET_WORDS or (choices and all(not o.slots for o in choices)):
                continue
            else:
                rest.append(text)
        if not indicators or not rest:
            return None
        owners = {p for name in indicators for p in self._lexicon.indicators[name]}
        named = [m.name for m in self._finder.described(tuple(rest)) if m.score >= NAMED_OWNER]
        projects = [name for name in named if plain_label(name) in owners or name in owners]
        if not projects:
            return None
        select = Select(labels=indicators, under=[plain_label(projects[0])])
        return Bound(select, INDICATOR_WORTH) if self.holds(select) else None

    def _indicators_ending(self, text: str, choices: Sequence[Option]) -> list[str]:
        """Indicators whose names end like a word that names nothing: 设备在线率 for 监测设备在线率."""
        word = bare(text)
        if any(o.slots for o in choices) or not RATE.search(word):
            return []
        return [n for n in self._lexicon.indicators if len(word) >= LIKE_END and bare(n).endswith(word[-LIKE_END:])]

    def _may_be_project(self, options: Sequence[tuple[Option, ...]], hindered: bool) -> bool:
        """Whether the stretches may describe a project: not where a table, column or level is named, nor units alone."""
        first = [slot for choices in options for option in choices[:1] for slot in option.slots]
        telling = [s for s in first if s.kind != "code" or s.value in self._lexicon.code_names]  # 12345 is a hotline
        kinds = {slot.kind for slot in telling if not (slot.kind == "column" and slot.value == PROJECT_COLUMN)}
        if not options or kinds & {"column", "table", "level", "code", "numbering"}:
            return False
        return hindered or len(telling) < len(first) or bool(kinds & {"row", "project", "noun"})

    def _without_repetition(
        self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]]
    ) -> list[tuple[Option, ...]]:
        """The options, where an unknown stretch that only says a known row once more restricts nothing."""
        options = [
            (Option((), AGAIN_WORTH),) if self._describes_scope(index, stretches, options) else choices
            for index, choices in enumerate(options)
        ]
        rows = [
            n
            for choices in options
            for o in choices[:1]
            for s in o.slots
            if s.kind in ("row", "code")
            for n in (s.value.split("|") if s.kind == "row" else sorted(self._lexicon.code_names.get(s.value, ())))
        ]
        again = (Option((), AGAIN_WORTH),)

        def says_nothing_new(index: int, text: str) -> bool:
            core = self._core(text)
            if rows and MONEY_END.search(bare(text)) and len(core) >= SHORT_WORD and all(core in bare(n) for n in rows):
                return True  # 养车的运行费: a part of the name of 公务用车运行维护费
            if not rows or self._namer.says_again(text, rows):
                return bool(rows)
            behind = options[index + 1] if index + 1 < len(options) else ()
            exact = [o for o in behind[:1] if o.score >= EXACT]
            named = [n for o in exact for s in o.slots if s.kind == "row" for n in s.value.split("|")]
            own_name = made_up(stretches[index : index + 2], self._namer.rows)  # 事业单位人员的医疗支出 is another row
            return own_name is None and says_what_it_is(text, named, self._lexicon.vocabulary.synonyms)

        return [
            again if not choices and says_nothing_new(index, text) else choices
            for index, (text, choices) in enumerate(zip(stretches, options, strict=True))
        ]

    def _describes_scope(self, index: int, stretches: Sequence[str], options: Sequence[tuple[Option, ...]]) -> bool:
        """Whether a stretch only says what the scope behind it is: 日常运转的基本支出."""
        behind = options[index + 1] if index + 1 < len(options) else ()
        scopes = [s.value for o in behind[:1] for s in o.slots if s.kind == "column" and s.value in SCOPES]
        if not scopes:
            return False
        named = [s for o in options[index][:1] for s in o.slots]
        text = bare(stretches[index])
        itself = any(s.kind != "row" or text in map(bare, s.value.split("|")) for s in named)
        columns = self._lexicon.vocabulary.columns.items()
        itself |= any(text in map(bare, (name, *said)) for name, said in columns if name not in scopes)
        return not itself and says_what_it_is(text, scopes, self._lexicon.vocabulary.columns)

    def supposed(self, stretches: Sequence[str]) -> Bound | None:
        """A thing all of whose words are known, whether or not the documents have just that."""
        options = [self._namer.options(s) for s in stretches]
        if self._hindered(stretches, options):
            return None
        way = max(itertools.islice(itertools.product(*options), MOST_TRIED), key=worth, default=None)
        found = next(iter(self._selects(self._slots(way), None)), None) if way else None
        return Bound(found[0], worth(way or ()) * found[1]) if found else None

    def _hindered(self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]]) -> Unbound | None:
        """A stretch that names nothing here, or another year or department."""
        unknown = None
        for text, choices in zip(stretches, options, strict=True):
            kinds = {slot.kind for option in choices for slot in option.slots}
            first = {slot.kind for slot in choices[0].slots} if choices else set()
            if first and (kinds <= {"elsewhere"} or (len(first) > 1 and "elsewhere" in first)):
                return Unbound("other_department", text)
            if self._namer.begins_elsewhere(text):
                return Unbound("other_department", text)
            if self._other_year(choices) or self._of_other_year(text, choices):
                return Unbound("other_year", text)
            if not choices or kinds == {"absent"} or (len(first) > 1 and "absent" in first):
                unknown = unknown or Unbound("not_found", text)
        return unknown

    def is_year(self, text: str) -> bool:
        return any(kind.endswith("year") for kind in self._namer.kinds(text))

    def _other_year(self, choices: tuple[Option, ...]) -> bool:
        known = self._lexicon.years()
        years = [self._year(slot) for option in choices[:1] for slot in option.slots if slot.kind.endswith("year")]
        return any(year not in known for year in years)

    def _of_other_year(self, text: str, choices: tuple[Option, ...]) -> bool:
        """Whether a longer stretch (2035年支出预算表) says a year that is neither the documents' nor a part of what it names."""
        if AS_OF.search(bare(text)):
            return False  # 截至2025年底, as a budget of the next year tells
        years = {year for year in YEAR_SAID.findall(text) if int(year) not in self._lexicon.years()}
        named = [slot.value for option in choices for slot in option.slots]
        return any(not any(year in name for name in named) for year in years)

    def _year(self, slot: Slot) -> int:
        return int(slot.value) if slot.kind == "year" else max(self._lexicon.years(), default=0) + int(slot.value)

    def _tried(self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]],
               total: Side | None) -> Bound | Ambiguous | None:  # fmt: skip
        """The likeliest way to take all stretches at once for which the documents hold something."""
        ways = sorted(itertools.islice(itertools.product(*options), MOST_TRIED * 4), key=worth, reverse=True)
        ways = [way for way in ways if not any(s.kind == "absent" for option in way for s in option.slots)]
        if not self.hints.counting and MONEY_SAID.search(
            self.hints.question
        ):  # 出国花了多少钱: not how many groups went
            ways = [way for way in ways if not self._is_counted(way)] or ways
        best: Bound | None = None
        rivals: list[tuple[Option, ...]] = []
        for way in ways[:MOST_TRIED]:
            if best is not None and worth(way) < worth(rivals[0]) - TIE:
                break
            slots = self._slots(way)
            said = [(t, choices) for t, choices in zip(stretches, options, strict=True) if not self.is_year(t)]
            slots.whole = bool(said) and all(
                WHOLE.search(text) and (WHOLE_WORDS.fullmatch(bare(text)) or any(o.slots for o in choices[:1]))
                for text, choices in said
            )  # 职工资金 is not all money
            totals = [t for t, o in zip(stretches, way, strict=True) if any(s.kind == "total" for s in o.slots)]
            slots.total_row = plain_label(totals[-1]) if totals else None
            for select, sure in self._selects(slots, total):
                if not self.holds(select):
                    continue
                if best is None:
                    taken = tuple((t, o.taken) for t, o in zip(stretches, way, strict=True) if o.taken)
                    best = Bound(self._under_header(select, stretches), worth(way) * sure, taken)
                rivals.append(way)
                break
        return several_named(stretches, rivals) or best

    def _is_counted(self, way: Iterable[Option]) -> bool:
        """Whether all rows that stretches are taken for are counted, and are no money."""
        rows = [name for option in way for s in option.slots if s.kind == "row" for name in s.value.split("|")]
        return bool(rows) and all(name in self._lexicon.counted for name in rows)

    def _under_header(self, select: Select, stretches: Sequence[str]) -> Select:
        """A Select in a table that has its columns under several headings, in those under the heading that was named."""
        facts = self._lookup.select(select) if select.columns and select.tables else []
        headings = [{plain_label(part) for part in fact.column[:-1]} for fact in facts]
        named = {bare(text) for text in stretches}
        told = [part for part in set[str]().union(*headings) if bare(part) in named and part not in select.columns]
        narrowed = select.model_copy(update={"columns": [*select.columns, *told], "total": None})
        return narrowed if any(not set(told) <= parts for parts in headings) and self.holds(narrowed) else select

    def _slots(self, way: Iterable[Option]) -> Slots:
        found = Slots()
        for option in way:
            self._take(found, option)
        return found

    def _take(self, found: Slots, option: Option) -> None:
        for slot in option.slots:
            match slot.kind:
                case "row":
                    found.rows.append(self._of_measure(slot.value.split("|")))
                case "code":
                    found.codes.append(slot.value)
                case "numbering":
                    found.numbering = slot.value
                case "column":
                    found.columns.append(slot.value)
                case "unit":
                    found.units.append(slot.value)
                case "department":
                    found.departments.append(slot.value)
                case "own":
                    found.own = True
                case "table":
                    kind, *titles = slot.value.split(TITLES)
                    found.tables.append(kind)
                    found.titles += titles
                case "project":
                    found.projects.append(slot.value)
                case "year" | "relative_year":
                    found.years.append(self._year(slot))
                case "level":
                    found.level = int(slot.value)
                case "noun" if slot.value in CLASSIFICATIONS:
                    found.classification = slot.value
                case "noun":
                    found.nouns.append(slot.value)
                case "total":
                    found.total = next(t.side for t in self._lexicon.vocabulary.totals if t.name == slot.value)

    def _of_measure(self, names: list[str]) -> list[str]:
        """Of rows under one word, those that are counted (车辆6辆) where a count is asked, else those in money; what is to be bought where that is asked."""
        if self.hints.bought:
            names = self._to_be_bought(names) or names
        kept = [n for n in names if (n in self._lexicon.counted) == self.hints.counting]
        return kept or names

    def _to_be_bought(self, names: Sequence[str]) -> list[str]:
        """Of rows, what is to be bought: 拟购置固定资产 for 固定资产, 公务用车购置费 for 公务用车购置及运行维护费."""
        found = [n for n in self._namer.rows for name in names if n.startswith("拟") and n.endswith(name) and n != name]
        heads = [name.partition("购置及运行")[0] + "购置" for name in names if "购置及运行" in name]
        return found or [n for n in self._namer.rows for head in heads if n.startswith(head) and "运行" not in n]

    def _selects(self, slots: Slots, total: Side | None) -> Iterable[tuple[Select, float]]:
        """The Selects that some slots can mean, likeliest first."""
        common = self._common(slots)
        if "project" in slots.nouns and PROJECT_COLUMN not in common["columns"] and not slots.projects:
            slots.nouns.remove("project")
            slots.columns.append(PROJECT_COLUMN)
            yield from ((select, sure * 0.98) for select, sure in self._selects(slots, total))
            return
        if slots.projects:
            if len(set(slots.projects)) == 1 and not slots.rows:
                yield Select(universe="projects", labels=slots.projects[:1], **common), 1.0
            return
        if slots.rows:
            *above, row = said_once(slots.rows)
            if not above:
                yield Select(labels=row, codes=slots.codes, **common), 1.0
            if (
                not above and slots.own and set(row) & self._lexicon.figures
            ):  # 局本部的内设机构: prose tells of no other
                yield Select(labels=row, **{**common, "units": []}), 0.95
            for parent in above[-1:]:
                yield Select(labels=row, under=parent, **common), 0.98
                if THREE_PUBLIC in parent:  # its items, which no table prints below it
                    yield Select(labels=row, **{**common, "tables": ["three_public"]}), 0.98
                if PROCURED in parent:  # its goods and services, which are below no row either
                    yield Select(labels=row, **{**common, "tables": ["procurement"]}), 0.98
                if all(any(self._core(name) in self._core(own) for name in parent) for own in row):
                    yield Select(labels=row, codes=slots.codes, **common), 0.97  # 政府采购预算的政府采购货物预算
                yield Select(labels=parent, under=row, **common), 0.95
            if slots.columns and not above:  # a word that is both: 财政拨款收支总表里的一般公共预算
                yield Select(labels=slots.columns[-1:], under=row, **{**common, "columns": slots.columns[:-1]}), 0.9
            return
        if slots.codes:
            yield Select(codes=slots.codes, **common), 1.0
            return
        if slots.numbering:
            yield Select(numbering=slots.numbering, total=slots.total, **common), 1.0
            return
        if "key_project" in slots.nouns:
            return  # 重点项目, which a document may have none of: never all projects
        if slots.nouns and not (slots.columns or slots.units or slots.tables or total or slots.total):
            return
        side = total or slots.total
        if slots.tables and slots.total_row and not slots.columns:  # 收支总表里的本年支出合计, beside 支出总计
            yield Select(labels=[slots.total_row], **common), 1.0
        if common["units"]:
            yield Select(**common, total="收入" if side == "收入" else None), 1.0
        elif side and not slots.columns:
            yield Select(total=side, carried=self.hints.carried, **common), 1.0
            if slots.tables:
                yield Select(**common), 0.95
        elif slots.columns or slots.tables or side:
            if slots.classification and not slots.tables and common["level"] is None:  # 经济分类表里的项目支出合计
                kinds = [
                    k.name for k in KINDS if k.rows == slots.classification and set(slots.columns) <= set(k.facets)
                ]
                of_kind = {"tables": kinds, "classification": None}
                yield Select(**{**common, **of_kind, "columns": []}), 1.0
            if slots.tables and common["level"] is None:
                common["classification"] = None  # the table's own, which would make all its rows of its total
            yield Select(total=side if slots.tables else None, **common), 1.0
            yield Select(**common), 0.95
        elif not slots.nouns and slots.whole:
            yield Select(total="支出", **common), 0.9

    def _common(self, slots: Slots) -> dict:
        """The slots that narrow any row."""
        units = list(dict.fromkeys(slots.units))
        departments = list(dict.fromkeys(slots.departments))
        if any(BY_NAME[table].rows in ("by_unit", "projects") for table in slots.tables if table in BY_NAME):
            own = [] if units else departments  # there it is one of its units, unless it is whose unit is named
            units += [name for name in own if name in self._lexicon.units]
            departments = [name for name in departments if name not in units]
        if slots.own:
            units += [info.department for info in self._lexicon.documents if info.department in self._lexicon.units]
        return {
            "columns": list(dict.fromkeys(slots.columns)), "units": units, "tables": list(dict.fromkeys(slots.tables)),
            "titles": list(dict.fromkeys(slots.titles)), "years": slots.years, "departments": departments, "level": slots.level,
            "classification": slots.classification,
        }  # fmt: skip

    # --- projects --------------------------------------------------------------------------------------------------
    def project(self, stretches: Sequence[str]) -> Bound | Unbound | Ambiguous:
        """A project by its name or by what is said of it."""
        bound = self.thing(stretches)
        if isinstance(bound, Bound) and bound.select.universe == "projects":
            return bound
        return self._described(stretches) or Unbound("not_found", "、".join(stretches), self._near(stretches))

    def _described(self, stretches: Sequence[str]) -> Bound | Ambiguous | None:
        """A project described in other words than its name."""
        units, rest = set[str](), list[str]()
        for text in stretches:  # whose it is, and what it is
            slots = [slot for option in self._namer.options(text)[:1] for slot in option.slots]
            if slots and all(slot.kind.endswith("year") for slot in slots):
                continue
            if slots and all(slot.kind == "unit" for slot in slots):
                units |= {slot.value for slot in slots}
            else:
                rest.append(text)
        ours = [bare(info.department) for info in self._lexicon.documents]
        if rest and all(any(OWN_OFFICE.sub("", bare(text)) in name for name in ours) for text in rest):
            return None  # 政务服务 of 政务服务局, 甲局本级
        matches = [
            m
            for m in self._finder.described(tuple(rest))
            if not units or self._lexicon.project_units.get(m.name) in units
        ]
        if (
            units and rest and (not matches or matches[0].score < ENOUGH)
        ):  # 数据中心|购车: the words about it tell too little alone
            said = set("".join(map(bare, rest)))
            matches = [
                m
                for m in self._finder.described(tuple(stretches))
                if self._lexicon.project_units.get(m.name) in units and said & set(bare(m.name))
            ]
        if not matches or matches[0].score < ENOUGH:
            return None
        if not units and len(rest) == 1 and len(bare(rest[0])) <= SHORT_WORD and matches[0].score < IN_NAME:
            return None  # 编制, which some targets mention
        names = [m.name for m in matches if m.score >= matches[0].score * ALIKE]
        spelled = {name: self._finder.spelled(name, stretches) for name in names}
        names = [name for name in names if spelled[name] == max(spelled.values())]
        if len(names) > 1:
            return Ambiguous("、".join(stretches), tuple(names[:MOST_CHOICES]))
        select = Select(universe="projects", labels=names)
        taken = (("、".join(stretches), names[0]),)
        return Bound(select, min(0.95, matches[0].score), taken, projects_found=True) if self.holds(select) else None

    def _near(self, stretches: Sequence[str]) -> tuple[str, ...]:
        """Questions about what comes near in meaning."""
        projects = [m.name for m in self._finder.described(tuple(stretches))[:2]]
        rows = [name for text in stretches for name, alike in self._namer.nearest_rows(text)[:1] if alike >= NEAR]
        return tuple(f"{name}是多少" for name in dict.fromkeys([*rows, *projects]))[:3]
