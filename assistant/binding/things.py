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
from assistant.binding.modifiers import is_scattered, says_what_it_is
from assistant.binding.pieces import PieceBinder
from assistant.binding.projects import OWN_NAME, ProjectBinder
from assistant.binding.selects import SelectBuilder
from assistant.binding.slots import (
    MOST_TRIED,
    NO_HINTS,
    SURE,
    Ambiguous,
    Bound,
    Hints,
    Side,
    Slots,
    Unbound,
    several_named,
    worth,
)
from assistant.binding.words import TO_BUY, WordBinder
from assistant.evidence import Value
from assistant.lookup.lookup import Lookup
from assistant.lookup.values import in_yuan
from assistant.plan import Reduce, Select
from assistant.words.lexicon import Lexicon
from assistant.words.naming import Namer, Option
from assistant.words.normal import bare, normal
from assistant.words.projects import ProjectFinder
from assistant.words.quantities import Quantity, quantities
from assistant.words.variants import label_variants
from index.parsing.kinds import FORM_KINDS, is_final
from index.parsing.rows import plain_label

SUBORDINATE = "下属|所属|二级|下级|直属"  # what units under the department are called
WITHOUT_BELOW = re.compile(rf"不(?:带|含|包括|包含|算|计|要|管|加上?)(?:{SUBORDINATE})的?(?:预算)?(?:单位|机构|中心)?")
TIE = 0.03
WHOLE_WORDS = re.compile(
    r"(?:预算|支出|钱|经费|资金|开支|花销|费用|财政|部门|单位|全局|全部门|全|整个?|总|全部|所有|年度|全年|一年|今年|本|的|合计|金额|规模|盘子|数|额|计|大?概|情况)+"
)
WHOLE = re.compile(r"预算|支出|钱|经费|资金|开支|花销|部门|全局|整个|总")  # what alone can mean the whole budget
WHOLE_DEPARTMENT = re.compile(r"(?:全|整个|全体)(?:部门|局|系统|委|厅|院)(?!门)")
MONEY_UNITS = ("元", "千元", "万元", "百万元", "亿元")
OF_WHICH = re.compile(r"预算|决算")
ALL_OF_ROW = re.compile(r"合计数?|总计|小计|总数|总额|一行|整行")
LEAST_TITLE, TITLED_WORTH = 4, 0.95  # characters of a title that tell a table, and what such a reading is worth
MONEY_SAID = re.compile(r"(?:多少|几)(?:个)?(?:钱|元|块|[百千]?万|亿)|花了?多少(?!人|次|批)|金额")
SPENDING, INCOME = re.compile(r"支出|开支|花|用[了掉在]|列支"), re.compile(r"收入|收支|进账|来源")
MEASURE = re.compile(
    r"(?:的|费|用|支出|费用|经费|钱|金额|预算数?|类|款|项|科目|开支|花销|合计|总[额数计]|方面|这?块|数)*"
)
BUDGET_WORDS = {"预算", "预算数", "预算金额", "预算安排"}
BUDGET_COLUMNS = ("预算数", "年初预算数", "全年预算数", "调整预算数")
PROJECT_SAID = re.compile(r"(?:的|[那这]个)?项目$")


def money_amount(text: str) -> Quantity | None:
    """The amount of money that a stretch states and nothing else: 68万元, 68万; None where it says more or less."""
    plain = re.sub(r"万$", "万元", normal(text))
    found = [q for q in quantities(plain) if q.end - q.start >= len(plain.rstrip("的"))]
    return found[0] if len(found) == 1 and found[0].kind == "amount" and found[0].unit in MONEY_UNITS else None


class ThingBinder(WordBinder):
    """Binds single things in one state of the store."""

    def __init__(
        self, lexicon: Lexicon, namer: Namer, finder: ProjectFinder, lookup: Lookup, hints: Hints = NO_HINTS
    ) -> None:
        super().__init__(lexicon, namer, hints)
        self._finder, self._lookup = finder, lookup
        self._things: dict[tuple[tuple[str, ...], Side | None], Bound | Unbound | Ambiguous] = {}
        self._builder = SelectBuilder(lexicon, namer, hints)
        self._pieces = PieceBinder(lexicon, namer, lookup, self._builder, hints)
        self._project_binder = ProjectBinder(lexicon, namer, finder, lookup, hints)
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
        synonyms = self._lexicon.synonyms if labels else vocabulary.columns
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
        """The thing; where people or things are asked for their number, what counts them and never money."""
        options = [self._namer.options(s) for s in stretches] if self.hints.units else []
        if options and self._pieces.asks_for_people(stretches, options):
            return self._pieces.counted_called(stretches, options) or Unbound("not_found", "的".join(stretches))
        bound = self._any_thing(stretches, total)
        if not options:
            return bound
        named: Sequence[str] = ()
        if not isinstance(bound, Unbound):
            named = bound.select.labels if isinstance(bound, Bound) else bound.names
        of_project = isinstance(bound, Bound) and bound.select.universe == "projects" and len(named) == 1
        in_form = self.forms.counted_in(named[0]) if of_project else None
        counts = isinstance(bound, Bound) and (set(named) & self._lexicon.counted or bound.select.columns)
        if in_form is not None or counts or total is not None:
            return in_form or bound
        counted = self._pieces.counted_called(stretches, options)
        no_count = isinstance(bound, Ambiguous) and set(named) <= set(self._lexicon.projects)
        return counted or (Unbound("not_found", "的".join(stretches)) if no_count else bound)

    def _any_thing(self, stretches: Sequence[str], total: Side | None) -> Bound | Unbound | Ambiguous:
        """The thing by whatever words name it, the plainest first."""
        stretches = self._without_idle(stretches)
        budgeted = self._as_budgeted(stretches, total)
        if budgeted is not None:
            return budgeted
        amounts = {text: amount for text in stretches if (amount := money_amount(text)) is not None}
        if amounts and len(amounts) < len(stretches):
            return self._of_amounts([t for t in stretches if t not in amounts], amounts, total)
        stretches = self._joined(stretches)
        options = self._without_repetition(stretches, [self._namer.options(s) for s in stretches])
        if total is not None:
            options = [tuple(o for o in own if not self._is_owner_row(o)) or own for own in options]
        hindered = self._hindered(stretches, options)
        if hindered and hindered.reason in ("other_year", "other_department"):
            return self._project_binder.named_with_its_year(stretches) or hindered
        if not stretches and total is None:
            return Unbound("not_found", "")
        in_form = self._in_forms(stretches, only_explicit=True)
        if in_form is not None:
            return in_form
        plain = self.forms.words.without_form_words(stretches)
        if plain != list(stretches):
            return self._in_its_form(self.thing(plain, total))
        bound = self._pieced(stretches, options) if hindered else self._tried(stretches, options, total)
        bound = self._project_binder.indicator(stretches, options) or bound
        if isinstance(bound, Bound) and bound.select.labels and not (bound.projects_found or hindered):
            called = self._project_binder.called_so(stretches) if bound.score < OWN_NAME else None
            bound = called or bound
        if isinstance(bound, Ambiguous) or (bound is not None and bound.score >= SURE):
            return bound
        in_form = self._in_forms(stretches)
        if in_form is not None:
            return in_form
        project = self._project_binder.told(stretches, options, hindered is not None)
        if project is not None and (bound is None or (isinstance(project, Bound) and project.score > bound.score)):
            return project
        return bound or self._otherwise(stretches, options, total, hindered)

    def _is_owner_row(self, option: Option) -> bool:
        """Whether words are taken for a row that some table has for a department or unit: 甲局的总预算 is all that it has."""
        owners = {info.department for info in self._lexicon.documents} | self._lexicon.units.keys()
        return any(slot.kind == "row" and slot.value in owners for slot in option.slots)

    def _without_idle(self, stretches: Sequence[str]) -> Sequence[str]:
        """The stretches without those that restrict nothing: 整个部门, 不含下属单位, and what is only to be bought."""
        if any(WHOLE_DEPARTMENT.match(bare(text)) for text in stretches):  # whatever unit was named beside it
            stretches = [t for t in stretches if not self.is_unit_word(t) and not WHOLE_DEPARTMENT.fullmatch(bare(t))]
        stretches = [t for t in stretches if not WITHOUT_BELOW.fullmatch(bare(t))]
        if not self.hints.bought or len(stretches) < 2:
            return stretches
        if any(map(self.is_unit_word, stretches)):
            return self._with_verb(stretches)
        return [t for t in stretches if not TO_BUY.fullmatch(bare(t))] or stretches

    def _otherwise(
        self,
        stretches: Sequence[str],
        options: Sequence[tuple[Option, ...]],
        total: Side | None,
        hindered: Unbound | None,
    ) -> Bound | Unbound | Ambiguous:
        """What the stretches mean where no way to take all of them holds: told by something beside the row's own name, or nothing."""
        listed = self.lists.row(stretches)
        if listed is not None and self.holds(listed):
            return Bound(listed, TITLED_WORTH)
        if hindered is not None:
            glossed = self._glossed(stretches, hindered.words, total)
            return glossed or replace(hindered, near=self._project_binder.near(stretches))
        return (
            self._project_binder.other_amounts(self._likeliest(options), stretches, options)
            or self._where_it_stands(stretches, options, total)
            or self._told_in_prose(stretches, total)
            or Unbound("not_found", "的".join(stretches), self._project_binder.near(stretches))
        )

    def _likeliest(self, options: Sequence[tuple[Option, ...]]) -> Slots:
        """The slots of what each stretch most likely names."""
        return self._builder.slots([choices[0] for choices in options if choices])

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

    def _in_its_form(self, bound: Bound | Unbound | Ambiguous) -> Bound | Unbound | Ambiguous:
        """A project whose form is spoken of, with what the form says of it, where there is one."""
        if not isinstance(bound, Bound) or bound.select.universe != "projects":
            return bound
        select = bound.select.model_copy(update={"tables": [*FORM_KINDS, "performance_projects"]})
        return replace(bound, select=select) if self.holds(select) else bound

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
            row = self._pieces.row(stretches, options, index)
            if row is not None:
                return row
        return None

    def indicator(self, stretches: Sequence[str]) -> Bound | None:
        """An indicator that is named beside its project; None where the stretches name none."""
        told = self.forms.cell(stretches)
        if isinstance(told, Bound):
            return told
        return self._project_binder.indicator(stretches, [self._namer.options(s) for s in stretches])

    def supposed(self, stretches: Sequence[str]) -> Bound | None:
        """A thing all of whose words are known, whether or not the documents have just that."""
        options = [self._namer.options(s) for s in stretches]
        if self._hindered(stretches, options):
            return None
        way = max(itertools.islice(itertools.product(*options), MOST_TRIED), key=worth, default=None)
        found = next(iter(self._builder.selects(self._builder.slots(way), None)), None) if way else None
        return Bound(found[0], worth(way or ()) * found[1]) if found else None

    def _tried(self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]],
               total: Side | None) -> Bound | Ambiguous | None:  # fmt: skip
        """The likeliest way to take all stretches at once for which the documents hold something."""
        best: Bound | None = None
        rivals: list[tuple[Option, ...]] = []
        for way in self._ways(options):
            if best is not None and worth(way) < worth(rivals[0]) - TIE:
                break
            for select, sure in self._builder.selects(self._slots_of(way, stretches, options), total):
                if not self.holds(select):
                    continue
                if best is None:
                    taken = tuple((t, o.taken) for t, o in zip(stretches, way, strict=True) if o.taken)
                    best = Bound(self._under_header(select, stretches), worth(way) * sure, taken)
                rivals.append(way)
                break
        return several_named(stretches, rivals) or best

    def _ways(self, options: Sequence[tuple[Option, ...]]) -> list[tuple[Option, ...]]:
        """The ways to take all stretches that may be worth a look in the documents, likeliest first."""
        ways = sorted(itertools.islice(itertools.product(*options), MOST_TRIED * 4), key=worth, reverse=True)
        ways = [way for way in ways if not any(s.kind == "absent" for option in way for s in option.slots)]
        if not self.hints.counting and MONEY_SAID.search(self.hints.question):  # 出国花了多少钱: not how many groups
            ways = [way for way in ways if not self._is_counted(way)] or ways
        return ways[:MOST_TRIED]

    def _slots_of(
        self, way: Sequence[Option], stretches: Sequence[str], options: Sequence[tuple[Option, ...]]
    ) -> Slots:
        """The slots of a way, with whether its words say all money, and the words for a total."""
        slots = self._builder.slots(way)
        said = [(t, choices) for t, choices in zip(stretches, options, strict=True) if not self.is_year(t)]
        slots.whole = bool(said) and all(
            WHOLE.search(text) and (WHOLE_WORDS.fullmatch(bare(text)) or any(o.slots for o in choices[:1]))
            for text, choices in said
        )  # 职工资金 is not all money
        totals = [t for t, o in zip(stretches, way, strict=True) if any(s.kind == "total" for s in o.slots)]
        slots.total_row = plain_label(totals[-1]) if totals else None
        return slots

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

    # --- projects --------------------------------------------------------------------------------------------------
    def project(self, stretches: Sequence[str]) -> Bound | Unbound | Ambiguous:
        """A project by its name or by what is said of it."""
        bound = self.thing(stretches)
        if isinstance(bound, Bound) and bound.select.universe == "projects":
            return bound
        binder = self._project_binder
        return binder.described(stretches) or Unbound("not_found", "、".join(stretches), binder.near(stretches))
