"""A set of a form to the rows, projects or units that it means.

In: the kind of set and the stretches that narrow it. Out: a Bound whose Select has members: projects of a unit or a topic, units,
the rows of one table at one level, or the parts of a row; never rows of different levels together.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from typing import Literal

from assistant.binding.projects import OWN_OFFICE, SCORE, SCORED
from assistant.binding.slots import (
    CLASSIFICATIONS,
    MOST_TRIED,
    PROJECT_COLUMN,
    SCOPES,
    Ambiguous,
    Bound,
    Slots,
    Unbound,
    worth,
)
from assistant.binding.things import LEAST_TITLE, SUBORDINATE, TITLED_WORTH, WITHOUT_BELOW, ThingBinder
from assistant.plan import Select
from assistant.words.lexicon import TITLES
from assistant.words.naming import Option
from assistant.words.normal import bare
from index.facts import TOTAL_FUNDS
from index.parsing.kinds import BY_NAME, FORM_KINDS

PROJECT_SLOTS = {"unit", "own", "department", "year", "relative_year", "noun", "table"}
TAKEN_OUT = re.compile(
    r"(?:已?被?)?(?:剔除|隐去|删去|删掉)[了掉]?的?|(?:没有?|未|不)公开的"
)  # what a document leaves out
SOURCES = re.compile(  # 钱都是从哪来的, 经费来源有哪些: what comes in
    r"(?:钱|资金|经费|款|预算)[^，。；？?]{0,6}(?:从|打|由)?哪(?:里|儿|些地方|几个地方)?来|(?:钱|资金|经费|预算)的?来源|来源(?:有|是|于)?哪"
)
EACH_ITEM, ITEM = re.compile(r"[各每]一?项"), "项"  # no level, cut out of 下面各项
LEAVES = (3, 2)  # the deepest level of the functional classification, and of the economic one
BELOW = re.compile(f"{SUBORDINATE}|下面")
QUOTES = "[“”\"'‘’「」『』]"
ITS_BUDGET = re.compile(r"(?:部门)?预算(?:总额|规模)?")  # of units: all that each has
AND = re.compile("[和与及、]")
UNITS_SAID = re.compile(r"单位|中心|机构")
FUNDS = re.compile(r"(?:项目|专项)?(?:资金|预算金额|金额|经费|预算)(?:总额|总数|合计)?|总额|金额")
PLAIN_MONEY = re.compile(r"(?:预算|安排)?(?:金额|资金|钱)(?:数|总额)?")
SCORES = re.compile(r"(?:自评|评价|绩效)*(?:得分|评分|分数|自评分|打分)")
MONEY = re.compile(r"项目(?:支出|经费|资金|预算)?|专项|工程|课题")


def rows_of(table: str) -> str:
    """What the rows of a kind of table are; prose has none."""
    kind = table.split(TITLES, maxsplit=1)[0]
    return BY_NAME[kind].rows if kind in BY_NAME else ""


def _without(
    words: re.Pattern[str], stretches: Sequence[str], options: Sequence[tuple[Option, ...]]
) -> tuple[list[str], list[tuple[Option, ...]]]:
    """The stretches that are not such words, and their options."""
    kept = [(t, o) for t, o in zip(stretches, options, strict=True) if not words.fullmatch(bare(t))]
    return [t for t, _ in kept], [o for _, o in kept]


def _says_only_funds(stretches: Sequence[str], options: Sequence[tuple[Option, ...]]) -> bool:
    """Whether what does not narrow projects only says that their money is meant."""
    return all(
        FUNDS.fullmatch(bare(text)) or any(s.kind in PROJECT_SLOTS for o in choices[:1] for s in o.slots)
        for text, choices in zip(stretches, options, strict=True)
    )


class SetBinder(ThingBinder):
    """Binds sets too."""

    def set(self, kind: str, stretches: Sequence[str], base: Select | None = None) -> Bound | Unbound | Ambiguous:
        """A set: projects, units, rows of a table or the parts of a row. `base` is a set that the stretches narrow."""
        found = self._set(kind, stretches, base)
        listed = self.lists.rows(stretches) if isinstance(found, Unbound) and found.reason == "not_found" else None
        return Bound(listed, TITLED_WORTH) if listed is not None and self._lookup.members(listed) else found

    def _set(self, kind: str, stretches: Sequence[str], base: Select | None) -> Bound | Unbound | Ambiguous:
        stretches = [s for s in stretches if not WITHOUT_BELOW.fullmatch(bare(s))]
        stretches = [s for s in stretches if not self._is_the_department(s)] if len(stretches) > 1 else stretches
        if EACH_ITEM.search(self.hints.question):
            stretches = [s for s in stretches if bare(s) != ITEM]
        taken_out = TAKEN_OUT.search(self.hints.question)
        if kind == "projects" and taken_out:
            return Unbound("not_public", taken_out[0])
        options = [self._namer.options(s) for s in stretches]
        elsewhere = self._of_others(stretches, options)
        if elsewhere is not None:
            return elsewhere
        first = [slot for choices in options for option in choices[:1] for slot in option.slots]
        if kind == "projects" and any(
            s.kind == "level" or (s.kind == "noun" and s.value in CLASSIFICATIONS) for s in first
        ):
            kind = "items"  # 功能分类项级 …: rows, whatever they were called
        if kind == "units" and any(s.kind == "table" and rows_of(s.value) in CLASSIFICATIONS for s in first):
            scoped = self._scopes_of_tables(stretches, options)
            if scoped is not None:
                return self.set(kind, scoped, base)
            kind = "units of a row" if any(s.kind == "row" for s in first) else "items"  # the table may have no units
        if kind == "units" and len(stretches) > 1:
            stretches, options = _without(ITS_BUDGET, stretches, options)
        if kind == "units" and self.forms.words.means_projects(stretches):
            kind = "projects"
        if kind == "items" and any(s.kind == "noun" and s.value == "project" for s in first):
            if {s.kind for s in first} <= PROJECT_SLOTS:
                kind = "projects"  # 专项里最大的三个
            elif _says_only_funds(stretches, options):
                stretches, options = _without(FUNDS, stretches, options)
                kind = "projects"  # 五个专项里资金总额前三名
        named = {s.kind for s in first}
        if kind == "projects" or (
            kind == "items" and "project" in named and not named & {"row", "column", "table", "level"}
        ):
            return self._projects(stretches, options, base)
        if kind in ("departments", "years"):
            return self._documents(stretches)
        if kind == "indicators":
            return self._indicators(stretches)
        unknown = [t for t, c in zip(stretches, options, strict=True) if not c and not BELOW.search(t)]
        if unknown:
            return (
                self._projects(stretches, options, base)
                if kind == "items" and not any(s.kind in ("column", "table", "level", "noun") for s in first)
                else Unbound("not_found", "、".join(unknown))
            )
        return self._of_rows_or_units(kind, stretches, options, base)

    def _of_others(self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]]) -> Unbound | None:
        """The stretch that names another year or department; no unit below this one, as 下属中心."""
        for text, choices in zip(stretches, options, strict=True):
            if self._other_year(choices):
                return Unbound("other_year", text)
            lower = re.match(rf"(?:{SUBORDINATE})", bare(text)) is not None
            first = bool(choices) and bool(choices[0].slots)
            if first and {s.kind for o in choices for s in o.slots} <= {"elsewhere"} and not lower:
                return Unbound("other_department", text)
        return None

    def _of_rows_or_units(
        self, kind: str, stretches: Sequence[str], options: Sequence[tuple[Option, ...]], base: Select | None
    ) -> Bound | Unbound:
        """The likeliest way to take all stretches that gives rows or units with members."""
        if kind == "items":
            options = [self._as_side(choices) for choices in options]
        for way in sorted(itertools.islice(itertools.product(*[o or (Option((), 1.0),) for o in options]), MOST_TRIED),
                          key=worth, reverse=True):  # fmt: skip
            kinds = {slot.kind for option in way for slot in option.slots}
            if "absent" in kinds and not kinds & {"row", "column", "code"}:
                continue  # 各单位的编制人数, which no table has
            slots = self._builder.slots(way)
            below = self.hints.below or any(BELOW.search(t) for t in stretches)
            selects = self._unit_sets(slots, below) if kind.startswith("units") else self._row_sets(slots, base)
            if kind == "units of a row":
                selects = itertools.chain(selects, self._row_sets(slots, base))
            for select, sure in selects:
                if self._lookup.members(select):
                    return Bound(select, worth(way) * sure)
        return Unbound("not_found", "、".join(stretches))

    def _as_side(self, choices: tuple[Option, ...]) -> tuple[Option, ...]:
        """收入 as a side of the budget, where its only row is a figure of prose, which has no parts."""
        sides = tuple(o for o in choices if any(s.kind == "total" for s in o.slots))
        rows = {name for o in choices for s in o.slots if s.kind == "row" for name in s.value.split("|")}
        return sides if sides and rows and rows <= self._lexicon.figures else choices

    def _scopes_of_tables(self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]]) -> list[str] | None:
        """项目支出表里最大的单位: 项目支出 of each unit, where a table without units has one scope; None where no units are said."""
        rest = self.hints.question
        for text in stretches:
            rest = rest.replace(text, "")
        if not UNITS_SAID.search(rest):
            return None
        found = []
        for text, choices in zip(stretches, options, strict=True):
            tables = [s.value for o in choices[:1] for s in o.slots if s.kind == "table"]
            scopes = [f for table in tables for f in BY_NAME[table].facets if f in SCOPES]
            if tables and not scopes:
                return None
            found += scopes or [text]
        return found

    def _projects(
        self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]], base: Select | None
    ) -> Bound | Unbound:
        """Projects of units, years, and of a topic: what is no unit must stand in their names or targets."""
        slots, topics = Slots(), list[str]()
        told = self.forms.words.without_form_words(stretches)
        in_forms = told != list(stretches)
        if in_forms:
            stretches, options = told, [self._namer.options(text) for text in told]
        literal: list[str] = []
        ours = [info.department for info in self._lexicon.documents]
        for text, choices in zip(stretches, options, strict=True):
            own = next((name for name in ours if text.startswith(name) and len(text) > len(name)), None)
            # 甲大学附小: a topic of this department
            if own is not None and not OWN_OFFICE.fullmatch(text.removeprefix(own)):
                topics.append(text.removeprefix(own))
                continue
            if self.hints.field == "name" and re.search(rf"{QUOTES}{re.escape(text)}{QUOTES}", self.hints.question):
                literal.append(self._in_name(text))
                continue
            if self._lists_projects(text) or PLAIN_MONEY.fullmatch(bare(text)):
                continue
            if any(
                s.kind == "noun" and s.value == "key_project"
                for said in (text, f"{text}项目")
                for o in self._namer.options(said)
                for s in o.slots
            ):
                return Bound(Select(tables=["key_project_targets"], level=1))
            fitting = [o for o in choices if o.slots and all(s.kind in PROJECT_SLOTS for s in o.slots)]
            plain = any(not o.slots for o in choices)
            columns = [s.value for o in choices[:1] for s in o.slots if s.kind == "column"]
            if fitting:
                self._builder.take(slots, fitting[0])
            elif columns and self._lookup.members(Select(universe="projects", columns=columns)):
                slots.columns += columns
            elif SCORES.fullmatch(bare(text)):
                continue  # 自评分, where a form gives scores and no money
            elif not plain and not MONEY.fullmatch(bare(text)):
                topics.append(text)
        common = self._builder.common(slots)
        select = (base or Select(universe="projects")).model_copy(
            update={
                "universe": "projects",
                **{k: common[k] for k in ("units", "years", "departments", "columns") if common[k]},
            }
        )
        if topics:
            names = self._finder.speaking_of(topics, self.hints.field)
            if not names:
                found = self._project_binder.described(topics)
                if not isinstance(found, Bound):
                    return Unbound("not_found", "、".join(topics))
                names = found.select.labels
            select = select.model_copy(update={"labels": [n for n in names if not select.labels or n in select.labels]})
            if not select.labels:
                return Unbound("not_found", "、".join(topics))
        if literal:
            called = [set(self._finder.called(re.compile(pattern))) for pattern in literal]
            select = select.model_copy(update={"labels": [
                n for n in self._lexicon.projects if all(n in names for names in called)
                and (not select.labels or n in select.labels)]})  # fmt: skip
            if not select.labels:
                return Unbound("not_found", "、".join(stretches))
        if in_forms:  # 交了绩效目标表的项目: those of forms alone
            of_forms = select.model_copy(update={"tables": [*FORM_KINDS, "performance_projects"]})
            select = of_forms if self._lookup.members(of_forms) else select
        if not self._lookup.members(select) and SCORED.search(self.hints.question):  # 自评分数最低的
            select = select.model_copy(update={"columns": [SCORE]})
        return Bound(select) if self._lookup.members(select) else Unbound("not_found", "、".join(topics) or "项目")

    def _in_name(self, text: str) -> str:
        """The pattern of a name in which quoted words stand, at its beginning or end where that is said."""
        behind = self.hints.question.partition(text)[2]
        pattern = re.escape(bare(text))
        if re.match(rf"{QUOTES}(?:[两三四]?个?字)?(?:来)?(?:结尾|收尾)", behind):
            return f"{pattern}$"
        return f"^{pattern}" if re.match(rf"{QUOTES}(?:[两三四]?个?字)?(?:来)?(?:开头|打头)", behind) else pattern

    def _is_the_department(self, text: str) -> bool:
        """Whether words name the department, which is no unit of its own: its name restricts nothing."""
        # No 甲大学附小.
        options = [o for o in self._namer.options(text) if all(s.kind == "department" for s in o.slots)]
        departments = {s.value for o in options for s in o.slots}
        ours = {info.department for info in self._lexicon.documents}
        return departments == ours and not departments & set(self._lexicon.units)

    def _lists_projects(self, text: str) -> bool:
        """Whether words only say in which table projects are listed, or that their whole amounts are meant: 年度资金总额."""
        if TOTAL_FUNDS.match(bare(text)):
            return True
        titles = {f.table_title for f in self._lookup.select(Select(universe="projects"))}
        return len(bare(text)) >= LEAST_TITLE and any(bare(text) in bare(title) for title in titles)

    def _documents(self, stretches: Sequence[str]) -> Bound | Unbound | Ambiguous:
        kept = [s for s in stretches if not self.is_year(s)]
        if not kept and len(self._lexicon.documents) == 1:
            return Unbound("not_found", "部门")  # one has no members to list
        return self.thing(kept) if kept else self.thing([], "支出")

    def _indicators(self, stretches: Sequence[str]) -> Bound | Unbound | Ambiguous:
        told = self.forms.indicators(stretches)
        if told is not None:
            return told
        words = [bare(s) for s in stretches]
        names = [n for n in self._lexicon.indicators if all(w in bare(n) or "指标" in w for w in words)]
        return Bound(Select(labels=names)) if names else Unbound("not_found", "、".join(stretches) or "指标")

    def _unit_sets(self, slots: Slots, below: bool) -> Iterable[tuple[Select, float]]:
        if "project" in slots.nouns and not slots.columns and not slots.rows:  # 哪家的项目钱最多
            slots.columns.append(PROJECT_COLUMN)
        common = self._builder.common(slots)
        own = [info.department for info in self._lexicon.documents] if below else []
        common = {k: common[k] for k in ("columns", "tables", "titles", "years", "departments")}
        if slots.rows:
            alike = [n for n in self._namer.rows if AND.sub("", n) in {AND.sub("", row) for row in slots.rows[0]}]
            for labels in (slots.rows[0], alike):  # 工资福利支出, which the table by unit calls 工资和福利支出
                yield Select(labels=labels, units=list(self._lexicon.units), exclude=own, **common), 1.0
            return
        yield Select(universe="units", exclude=own, **common), 1.0

    def _row_sets(self, slots: Slots, base: Select | None) -> Iterable[tuple[Select, float]]:
        if "project" in slots.nouns and slots.classification and not slots.columns:  # 项目支出经济分类
            slots.columns.append(PROJECT_COLUMN)
        common = self._builder.common(slots)
        if base is not None:
            kept = {k: v for k, v in common.items() if v}
            under = {"under": slots.rows[0], "labels": []} if slots.rows else {}
            yield base.model_copy(update={**kept, **under}), 1.0
        printed = {BY_NAME[table].rows for table in slots.tables if table in BY_NAME}
        if len(printed) == 1 and printed <= {"by_unit", "projects"} and not slots.rows and not slots.codes:
            universe: Literal["units", "projects"] = "units" if printed == {"by_unit"} else "projects"
            kept = {k: common[k] for k in ("columns", "tables", "titles", "years", "departments")}
            yield Select(universe=universe, **kept), 0.9  # 项目支出预算表里最大的一项: its rows are no items
        deepest = "leaf" in slots.nouns or self.hints.level == "leaf"
        leaves = LEAVES if deepest and not common["level"] else ()
        if slots.rows:
            yield from ((Select(under=slots.rows[-1], **{**common, "level": level}), 1.0) for level in leaves)
            yield Select(under=slots.rows[-1], **common), 1.0
            for level in () if common["level"] else (2, 3, 4):  # of a row whose next level is not printed
                yield Select(under=slots.rows[-1], **{**common, "level": level}), 0.97
            yield Select(labels=slots.rows[-1], **common), 0.8  # a row without parts is its own whole
            for column in common["columns"]:
                rest = [c for c in common["columns"] if c != column]
                yield Select(under=[column], **{**common, "columns": rest}), 0.9
            return
        if slots.codes:
            names = sorted({n for code in slots.codes for n in self._lexicon.code_names.get(code, ())})
            yield Select(under=names, **common), 1.0
            yield Select(codes=slots.codes, **common), 0.8  # a row without parts is its own whole
            return
        side = slots.total or ("收入" if SOURCES.search(self.hints.question) and not common["columns"] else None)
        if side == "收入" and not common["tables"]:
            yield Select(side="收入", level=1, tables=["income_expenditure_summary"], years=common["years"],
                         departments=common["departments"]), 1.0  # fmt: skip
            return
        if side and common["tables"]:
            yield Select(side=side, **{**common, "level": common["level"] or 1}), 1.0
        kind = common["classification"] or self._classification_of(common["columns"], common["tables"], common["level"])
        default = 2 if kind == "economic" and self.hints.level != "class" else 1
        common |= {"classification": kind, "level": common["level"] or default}
        tables = [t for t in common["tables"] if t != "project_list"]
        for level in leaves if kind == "functional" else ():
            yield Select(**{**common, "tables": tables, "level": level}), 1.0
        yield Select(**{**common, "tables": tables}), 1.0
        for level in (2, 3) if common["level"] == default == 1 else ():  # a table that prints no class or no section
            yield Select(**{**common, "tables": tables, "level": level}), 0.95
        if common["columns"]:
            yield (
                Select(under=common["columns"][:1], **{**common, "columns": common["columns"][1:], "level": None}),
                0.9,
            )

    def _classification_of(self, columns: Sequence[str], tables: Sequence[str], level: int | None) -> str:
        if tables and rows_of(tables[0]) in CLASSIFICATIONS:
            return rows_of(tables[0])
        return "economic" if set(SCOPES) & set(columns) and level != 3 else "functional"
