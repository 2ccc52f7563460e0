"""A project by what is said of it instead of its name, and what is asked of a project that is named.

In: stretches, with their options. Out: a Bound to the one project that is described well enough, or to an indicator of its target; an
Ambiguous where several are described as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.binding.slots import (
    MOST_CHOICES,
    PROJECT_COLUMN,
    SHORT_WORD,
    SURE,
    Ambiguous,
    Bound,
    Hints,
    Slots,
    Unbound,
    may_be_department,
)
from assistant.lookup.lookup import Lookup
from assistant.plan import Select
from assistant.words.lexicon import Lexicon
from assistant.words.naming import Namer, Option
from assistant.words.normal import bare
from assistant.words.projects import ProjectFinder
from index.facts import OF_YEAR
from index.parsing.rows import plain_label

ENOUGH, ALIKE = 0.6, 0.93  # of a project's score: what is found at all, and what is as good as the best
OWN_OFFICE = re.compile(r"(?:本级|本部|机关)+$")
RATE, LIKE_END = re.compile(r"[率度数量]$"), 4  # what indicators end with; how many characters must be the same
OWN_NAME, DESCRIBING = 0.95, 4  # of a binding by a row's own name; characters of a description that may be a project's
NAMED_OWNER = 0.5  # of a project that is named beside one of its indicators
TARGET_WORDS = {"绩效目标", "目标", "指标", "绩效指标", "绩效", "要求", "指标值", "目标值", "绩效指标值", "年度指标值"}
SPENT = re.compile(r"花|用了|用掉|执行|支出|决算")
SCORED, SCORE = re.compile(r"几分|多少分|得分|分数|评分|打分"), "得分"
NEAR = 0.86  # a cosine from which a row is worth offering
IN_NAME = 0.8  # the score of a project that has a short word in its name
INDICATOR_WORTH = 0.95

COUNTS = re.compile(r"(?:人数|数量|个数|面积|比例|率)$")  # what no project is called by
MEASURED = re.compile(
    r"(?:及时|完成|合格|满意|覆盖|准确|达标|使用|运行|接通|办结|通过|增长|参与|普及|就业|利用|到位)率$|满意度$|人次|次数$|场次$|个数$"
)
WELL_TOLD = 0.85  # of a project's description whose words are rows' names too


class ProjectBinder:
    """Binds to the projects of the documents at hand, and to what their targets say."""

    def __init__(self, lexicon: Lexicon, namer: Namer, finder: ProjectFinder, lookup: Lookup, hints: Hints) -> None:
        self._lexicon, self._namer, self._finder, self._lookup, self._hints = lexicon, namer, finder, lookup, hints

    def described(self, stretches: Sequence[str]) -> Bound | Ambiguous | None:
        """A project described in other words than its name."""
        units, rest = set[str](), list[str]()
        for text in stretches:  # whose it is, and what it is
            options = self._namer.options(text)
            slots = [slot for option in options[:1] for slot in option.slots]
            if slots and all(slot.kind.endswith("year") for slot in slots):
                continue
            if len(stretches) > 1 and may_be_department(options):
                continue  # 审计局|审计项目: what its name says describes none of its projects
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
        return (
            Bound(select, min(0.95, matches[0].score), taken, projects_found=True)
            if self._lookup.holds(select)
            else None
        )

    def called_so(self, stretches: Sequence[str]) -> Bound | None:
        """The one project in whose own name all characters of a longer description stand, where rows are only called so: 评审专家."""
        said = "".join(map(bare, stretches))
        names = [n for n in self._lexicon.projects if set(said) <= set(bare(n))] if len(said) >= DESCRIBING else []
        found = self.described(stretches) if len(names) == 1 else None
        return found if isinstance(found, Bound) and found.select.labels == names and found.score >= OWN_NAME else None

    def named_with_its_year(self, stretches: Sequence[str]) -> Bound | None:
        """A project whose own name has the year: 2022至2025年的短信采购."""
        own = {str(year) for year in self._lexicon.years()}
        years = {d for text in stretches for d in re.findall(r"(?:19|20)\d\d", text)} - own
        rest = [text for text in stretches if not re.search(r"(?:19|20)\d\d", text) and not self._namer.is_year(text)]
        found = self.described(rest) if years and rest else None
        inside = isinstance(found, Bound) and all(year in found.select.labels[0] for year in years)
        return found if inside and isinstance(found, Bound) else None

    def told(
        self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]], hindered: bool
    ) -> Bound | Ambiguous | None:
        """The project that the stretches describe, where they can mean nothing else better: `hindered`, as one names nothing here."""
        naming = [t for t in stretches if not self._namer.is_year(t)]
        if not self._may_be_project(options, hindered) or self._tells_no_project(stretches, naming, options):
            return None
        found = self.described(stretches)
        if not isinstance(found, Bound):
            return found
        told = hindered or _names_its_row(found, options) or found.score >= WELL_TOLD
        rows = [t for t, o in zip(stretches, options, strict=True) if o and any(s.kind == "row" for s in o[0].slots)]
        if len(rows) == len(naming) > 1:  # 办公|纸笔|水电: no project that has one of them
            told = told and sum(bare(text) in bare(found.select.labels[0]) for text in rows) * 2 >= len(rows)
        return found if told else None

    def _tells_no_project(
        self, stretches: Sequence[str], naming: Sequence[str], options: Sequence[tuple[Option, ...]]
    ) -> bool:
        """Whether words are the standard's own (人员经费), measure something, or are income."""
        for text, choices in zip(stretches, options, strict=True):
            for slot in (slot for option in choices[:1] for slot in option.slots):
                if slot.kind == "row" and slot.value.endswith("收入"):
                    return True
                if slot.kind == "absent" and (
                    slot.value in self._lexicon.vocabulary.columns
                    or bare(text) == bare(slot.value)
                    or COUNTS.search(slot.value)
                ):
                    return True
        standard = len(naming) == 1 and bare(naming[0]) in self._lexicon.words.fixed.items
        return standard or any(MEASURED.search(bare(text)) for text in stretches)

    def _may_be_project(self, options: Sequence[tuple[Option, ...]], hindered: bool) -> bool:
        """Whether the stretches may describe a project: not where a table, column or level is named, nor units alone."""
        first = [slot for choices in options for option in choices[:1] for slot in option.slots]
        telling = [s for s in first if s.kind != "code" or s.value in self._lexicon.code_names]  # 12345 is a hotline
        kinds = {slot.kind for slot in telling if not (slot.kind == "column" and slot.value == PROJECT_COLUMN)}
        if not options or kinds & {"column", "table", "level", "code", "numbering"}:
            return False
        return hindered or len(telling) < len(first) or bool(kinds & {"row", "project", "noun"})

    def near(self, stretches: Sequence[str]) -> tuple[str, ...]:
        """Questions about what comes near in meaning."""
        projects = [m.name for m in self._finder.described(tuple(stretches))[:2]]
        rows = [name for text in stretches for name, alike in self._namer.nearest_rows(text)[:1] if alike >= NEAR]
        return tuple(f"{name}是多少" for name in dict.fromkeys([*rows, *projects]))[:3]

    def indicator(self, stretches: Sequence[str], options: Sequence[tuple[Option, ...]]) -> Bound | None:
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
        return Bound(select, INDICATOR_WORTH) if self._lookup.holds(select) else None

    def _indicators_ending(self, text: str, choices: Sequence[Option]) -> list[str]:
        """Indicators whose names end like a word that names nothing: 设备在线率 for 监测设备在线率."""
        word = bare(text)
        if any(o.slots for o in choices) or not RATE.search(word):
            return []
        return [n for n in self._lexicon.indicators if len(word) >= LIKE_END and bare(n).endswith(word[-LIKE_END:])]

    def other_amounts(
        self, slots: Slots, stretches: Sequence[str], options: Sequence[tuple[Option, ...]]
    ) -> Bound | Unbound | Ambiguous | None:
        """A project that is named and has no amount of its own: what its form says of the year, or that there is only a score."""
        if len(set(slots.projects)) != 1 or slots.rows or slots.columns or not all(options):
            return None
        name = slots.projects[0]
        found = [f for f in self._lookup.facts_of_project(name) if f.value is not None and f.column_name]
        columns = [f.column_name for f in found if f.column_name in OF_YEAR]
        spent = [c for c in columns if c == OF_YEAR[-1] and SPENT.search(self._hints.question)]
        if spent:
            return Bound(Select(universe="projects", labels=[name], columns=spent), SURE)
        said = next((t for t, choices in zip(stretches, options, strict=True) if _has_project(choices)), name)
        scored = [f.column_name for f in found if SCORED.search(self._hints.question) and SCORE in f.column_name]
        if scored and not columns:  # 自评得几分
            return Bound(Select(universe="projects", labels=[name], columns=scored[:1]), SURE)
        if columns:
            return Ambiguous(said, tuple(f"{name}的{column}" for column in dict.fromkeys(columns)))
        there = "、".join(dict.fromkeys(f.column_name for f in found))
        return Unbound("no_amount", f"{name}的金额（只有{there}）") if found else None


def _names_its_row(found: Bound, options: Sequence[tuple[Option, ...]]) -> bool:
    """Whether a project's name has a row that was named: 甲中心|买车 is 甲中心购车项目, 甲中心|行政经费 no project."""
    name = bare(found.select.labels[0])
    rows = [n for choices in options for o in choices for s in o.slots if s.kind == "row" for n in s.value.split("|")]
    return any(bare(re.sub(r"(?:支出|费用|经费|费)+$", "", row)) in name for row in rows)


def _has_project(choices: Sequence[Option]) -> bool:
    return any(slot.kind == "project" for option in choices[:1] for slot in option.slots)
