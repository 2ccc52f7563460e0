"""The cells of performance forms that the stretches of a question name.

In: stretches. Out: a Bound: an indicator's target, what was reached or its score, a field, or a score that prose tells. An indicator is
found by its name or most of its words, of the project that is named beside it, or alone where only one fits; by meaning only within
one form. What nothing in the row or its form explains stands against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from assistant.binding.slots import Ambiguous, Bound, Hints, Unbound
from assistant.dictionary import tags
from assistant.forms import ROLES, TOTAL_SCORE, FormRow, Role, is_of_form, leaf, select_of
from assistant.lexicon import Lexicon
from assistant.naming import Namer, Slot
from assistant.normal import bare
from assistant.plan import Select
from index.amounts import is_money
from index.facts import SCORE
from index.rows import plain_label

FORM_WORD = re.compile(
    r"(?:20\d\d年度?|[省市区县]级|做了?的?|开展了?的?|公开的?|部门|单位|项目|整体|年度|年初|申报的?|预算|支出|综合|的|里)*(?:绩效|自评|评价)(?:绩效|评价|目标|指标|自评|申报|综合|情况|结果|考核|表|书|的|里|项目)*"
    r"|(?:部门|单位)?整体(?:支出|绩效)?|申报(?:的|表)?|三级指标|(?:绩效)?指标|(?:这|整)张表|整个?表"
)
BRANCH = re.compile(
    r"(?:数量|质量|时效|产出|效益|满意度|服务对象满意度|成本|经济成本|社会成本|生态环境成本|经济效益|社会效益|生态效益|可持续影响)指标"
)
ASKED: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("score", re.compile(r"几分|得分|[得评]了?多少分|自评分|扣了")),
    ("points", re.compile(r"分值|满分|权重|占多少分")),
    ("reached", re.compile(r"(?:发|做|办|开|建|完成|实现|达到)了(?:几|多少)(?!分)|完成值|实际|完成了|完成情况|达到了|做到了"
                           r"|够了?(?!不)|(?<!才)(?<!才算)(?<!才能)达标|兑现")),
    ("target", re.compile(r"指标值|目标值|年初定|才(?:算|能)?达标|原[来本]?(?:定|计划)|本来(?:定|要)"
                          r"|目标定|要达到|要求|[定设]的|[定设]了|[定设]为|[设定]在|控制在|不[少低高多]于|不超过|以内|计划(?:值|数|完成|定|[^，。、？]{0,3}(?:几|多少))"
                          r"|目标(?:值|数)?(?:是|为|定)?了?(?:多少|几|呢)|目标(?:值|数)?[和与、跟及]|[和与、跟及]目标")),
)  # fmt: skip
DONE = re.compile(r"够(?:了|\d)|达标|(?:达到|完成|超过|实现)了?.{0,6}目标|目标.{0,4}(?:达到|完成|实现)了?(?:没|吗|吧)")
WHOLE_SCORE = re.compile(
    r"总(?:共|计|体)?(?:得|评)?(?:了)?(?:多少|几)?分|总得分|整张表|整体.{0,6}(?:得分|多少分|几分)|综合.{0,8}分|一共得|(?:最后|最终|整体).{0,8}[评得打]了?(?:多少|几)分"
)
BEGINS: tuple[tuple[Role, re.Pattern[str]], ...] = (  # what a word of a follow-up begins with, whatever else it says
    ("score", re.compile(r"得分?|自评|几分|分$|评分")),
    ("points", re.compile(r"分值|满分|权重")),
    ("reached", re.compile(r"实际|完成|最后|最终|结果")),
    ("target", re.compile(r"年初|目标|计划|预期|指标值|要求")),
)
SHORT = re.compile(r"(?:没|未|不)(?:有)?(?:拿到?|得到?|达到?|给|能得)?满分|(?:被)?扣了?分|失分|丢了?分")
KIND = re.compile(r"(?:[一二三]级|绩效|具体|个|所有|全部|各项?|的)*指标|资金执行(?:率|情况)?")
WHOLE = re.compile(r"整体(?:支出|绩效|预算|自评|评价|目标)")
TIME = re.compile(r"多久|多长时间|几(?:天|小时|分钟|个月|个工作日)|多少(?:天|小时|分钟|个工作日|个月)|什么时候|何时")
TIME_UNIT = re.compile(r"^(?:分钟|小时|天|日|个?工作日|个?月|年|秒|周)")
A_HEAD = re.compile(r"每(?:个)?人(?:每(?:个)?月|每年)?|人均每?月?")
PROJECT_END = re.compile(r"(?:这个|那个|的)?(?:项目|专项|工程|课题)?(?:经费|资金|支出)?$")
PROJECT_NOUN = re.compile(r"(?:这个|那个|的)?项目$|(?<=..)[要是为得达定]$")
AFTER_PROJECT = re.compile(r"^(?:这个|那个|的)*(?:项目|专项)?(?:里|中)?的?")
EMPTY = "upcryxwdmqkf"  # tags of words that name nothing
NAMING = "nabjsz"  # tags of nouns and attributes
PER = re.compile(r"每(?!年)|人均|均(?!衡)|单价|标准")
GENERIC = {"多少", "达到", "要", "定", "是", "全年", "年度", "每年", "进行", "需要", "必须", "里面", "其中", "情况", "计划", "项目", "专项",
           "工程"}  # fmt: skip
COVERED, OWN, SAME, EXACT, IN_FULL, FULL = 0.8, 0.34, 0.04, 0.97, 0.6, 0.9
TOLD, MEANT = 0.93, 0.8  # how sure a row is that is found by letters, and one by meaning
ALIKE, APART = 0.83, 0.8
SHORTEST = 2
MOST_CHOICES = 5


T = TypeVar("T")


@dataclass
class _Said:
    """What the stretches say: words, the cells asked for, and the kind of indicator; `explicit` where a form is spoken of."""

    words: list[str] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    branches: list[str] = field(default_factory=list)
    explicit: bool = False
    table: bool = False  # a form is named as a table
    project: str = ""  # the form that a word names outright
    years: list[int] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.words)


@dataclass(frozen=True)
class _Match:
    row: FormRow
    score: float
    own: float


def roles_asked(question: str) -> tuple[Role, ...]:
    """What a question asks of an indicator, in the order in which it says it."""
    found = [(m.start(), role) for role, pattern in ASKED if (m := pattern.search(question))]
    return tuple(role for _, role in sorted(found))


class FormBinder:
    """Binds to the forms of the documents at hand."""

    def __init__(self, lexicon: Lexicon, namer: Namer, documents: Sequence[str], hints: Hints) -> None:
        self._lexicon, self._namer, self._hints = lexicon, namer, hints
        self._documents = set(documents)

    # --- one cell ------------------------------------------------------------------------------------------------
    def cell(self, stretches: Sequence[str], only_explicit: bool = False) -> Bound | Ambiguous | None:
        """The cell that the stretches name; None where they name none. `only_explicit`: only where they speak of a form."""
        rows = self._rows()
        said = self._parsed(stretches) if rows else _Said()
        if not rows or (only_explicit and not (said.explicit or said.roles or said.branches)):
            return None
        rows = [row for row in rows if self._in_scope(row, said)]
        if WHOLE.search(self._hints.question):
            rows = [row for row in rows if WHOLE.search(row.form + row.facts[0].table_title)] or rows
        if not said.words and (said.explicit or said.roles) and WHOLE_SCORE.search(self._hints.question):
            return self._bound([r for r in rows if TOTAL_SCORE.search(r.name)], said, TOLD)
        rows, said = self._of_the_named(rows, said)
        if said.project and not (said.words or said.branches) and "score" in self._asked(said):
            return Bound(Select(universe="projects", labels=[plain_label(said.project)], columns=[SCORE]), TOLD)
        if not said.words and not said.branches:
            return None
        kinds = ("project", "column", "total", "noun") if only_explicit else ("project",)
        elsewhere = not (said.project or said.table) and all(self._is_called(word, kinds) for word in said.words)
        if said.words and elsewhere:
            return None  # a project and its money, which are told apart elsewhere
        matches = self._matching(rows, said)
        if matches:
            names = list(dict.fromkeys(m.row.name for m in matches))
            if len(names) > 1:
                return Ambiguous("、".join(said.words), tuple(names[:MOST_CHOICES]))
            return self._bound([m.row for m in matches], said, min(TOLD, matches[0].score))
        return self._by_meaning(rows, said)

    def without_form_words(self, stretches: Sequence[str]) -> list[str]:
        """The stretches without what only says that a form is meant (绩效目标表, 自评 of 自评得分); where the documents have forms."""
        if not self._lexicon.forms.rows:
            return list(stretches)
        kept = [t for t in stretches if not FORM_WORD.fullmatch(bare(t))] or list(stretches)
        return [self._column_of_form(text) for text in kept]

    def _column_of_form(self, text: str) -> str:
        """自评得分 as 得分; any other word as it is."""
        head = FORM_WORD.match(bare(text))
        rest = bare(text)[head.end() :] if head else ""
        return rest if self._role(rest) is not None else text

    def is_form_word(self, word: str) -> bool:
        """Whether words only say that a form is meant: 自评, 绩效目标表."""
        return FORM_WORD.fullmatch(bare(word)) is not None

    def means_projects(self, stretches: Sequence[str]) -> bool:
        """Whether projects are meant by what is said of their forms: 自评项目."""
        return any("项目" in text and FORM_WORD.fullmatch(bare(text)) for text in stretches)

    def is_column(self, word: str) -> bool:
        """Whether a word names a column of forms and nothing else: 完成值."""
        return self._role(bare(word)) is not None

    def _of_the_named(self, rows: list[FormRow], said: _Said) -> tuple[list[FormRow], _Said]:
        """The rows of the one form whose project a word names, and what else is said; all where none is named outright."""
        projects = {bare(name): name for name in self._lexicon.projects}
        for word in said.words:
            name = next((projects[w] for w in (word, f"{word}项目", PROJECT_END.sub("", word)) if w in projects), None)
            mine = [row for row in rows if name is not None and plain_label(row.form) == plain_label(name)]
            if mine:
                rest = [w for w in said.words if w != word]
                return mine, replace(said, words=rest, project=mine[0].form)
        return rows, said

    def _asked(self, said: _Said, rows: Sequence[FormRow] = ()) -> list[Role]:
        """Which cells are asked for: by the words, else by the question without the names of the rows."""
        question = bare(self._hints.question)
        for row in rows[:1]:
            question = question.replace(_plain_name(row), "")
        return list(dict.fromkeys(said.roles)) or list(roles_asked(question))

    def _is_called(self, word: str, kinds: Sequence[str]) -> bool:
        """Whether a word names something of these kinds: a project, a column of money."""
        slots = [s for o in self._namer.options(word)[:1] for s in o.slots]
        return bool(slots) and all(slot.kind in kinds for slot in slots)

    def _rows(self) -> list[FormRow]:
        return [row for row in self._lexicon.forms.rows if row.facts[0].document in self._documents]

    def _in_scope(self, row: FormRow, said: _Said) -> bool:
        fact = row.facts[0]
        return (not said.years or fact.year in said.years) and (
            not said.departments or fact.department in said.departments
        )

    def _parsed(self, stretches: Sequence[str]) -> _Said:
        said = _Said()
        for text in stretches:
            scope = self._scope(text)
            if scope is not None:
                said.years += [int(s.value) for s in scope if s.kind == "year"]
                said.departments += [s.value for s in scope if s.kind == "department"]
                continue
            word = A_HEAD.sub("人均", bare(re.sub(r"20\d\d年度?", "", text)).strip("（）()"))
            self._take(word, said)
        joined: list[str] = []
        for word in said.words:  # 每人每月|补贴标准
            if joined and joined[-1] == "人均":
                joined[-1] += word
            else:
                joined.append(word)
        said.words = joined
        return said

    def _scope(self, text: str) -> tuple[Slot, ...] | None:
        """The year or department that a stretch names and nothing else; None where it says more."""
        kinds = {"department", "own", "year", "relative_year"}
        ways = (o.slots for o in self._namer.options(text) if o.slots)
        return next((slots for slots in ways if all(s.kind in kinds for s in slots)), None)

    def _take(self, word: str, said: _Said) -> None:
        role = self._role(word)
        if role is not None:
            said.roles.append(role)
        elif FORM_WORD.fullmatch(word):
            said.explicit = True
            said.table |= "表" in word
        elif BRANCH.fullmatch(word):
            said.branches.append(word)
        elif word not in ("项目", "专项", "经费", "资金", "评", "得", "打", "分", ""):
            rest = PROJECT_NOUN.sub("", self._without_column(word, said))
            said.words += [piece for piece in self._project_first(rest) if piece]

    def _project_first(self, word: str) -> list[str]:
        """甲项目工程验收合格率: a project's name and what is said of it, cut in one stretch."""
        names = (n for name in self._lexicon.projects if word.startswith(n := bare(name)) and word != n)
        name = max(names, key=len, default="")
        return [name, AFTER_PROJECT.sub("", word[len(name) :])] if name else [word]

    def _role(self, word: str) -> Role | None:
        return next((role for role, words in self._lexicon.vocabulary.forms.items() if word in words), None)

    def _without_column(self, word: str, said: _Said) -> str:
        """高质量论文指标值: the name without the column behind it."""
        for role, words in self._lexicon.vocabulary.forms.items():
            end = max((w for w in words if len(w) > SHORTEST and word.endswith(w) and w != word), key=len, default="")
            if end:
                said.roles.append(role)
                return word.removesuffix(end).removesuffix("的")
        return word

    # --- after another question ----------------------------------------------------------------------------------
    def narrowed(self, select: Select, words: Sequence[str]) -> Bound | None:
        """Another cell of the row of a Select, or the same of another row of its form; None where the words name none."""
        rows = self._rows_of(select)
        if not rows:
            return None
        said = _Said()
        for word in map(bare, words):
            role = next((role for role, begins in BEGINS if begins.match(word)), None)
            if role is not None:
                said.roles.append(role)
            elif len(word) > 1:
                self._take(word, said)
        beside = [row for row in self._rows() if row.form == rows[0].form and _same_document(row, rows[0])]
        if WHOLE_SCORE.search(self._hints.question) and not said.words:
            return self._bound([row for row in beside if TOTAL_SCORE.search(row.name)], said, TOLD)
        if not (said.words or said.branches):
            return self._bound(rows, said, TOLD) if said.roles or roles_asked(self._hints.question) else None
        if not said.roles and not roles_asked(self._hints.question):
            said.roles += [role for role, pattern in ROLES.items() if any(pattern.search(c) for c in select.columns)]
        matches = self._matching(beside, said)
        counted = self._counting([m.row for m in matches], [row for row in beside if row.form == rows[0].form])
        if counted is not None:
            return self._bound(counted, said, MEANT)
        one = len({m.row.name for m in matches}) == 1
        return self._bound([m.row for m in matches], said, TOLD) if one else self._by_meaning(beside, said)

    def again_asked(self, selects: Sequence[Select]) -> Bound | None:
        """这一项得了几分: another cell of the row that was spoken of, as the question says without naming it."""
        rows = self._rows_of(selects[0]) if selects else []
        same = all(s.labels == selects[0].labels and s.form == selects[0].form for s in selects)
        return self.narrowed(selects[0], []) if rows and same else None

    def _rows_of(self, select: Select) -> list[FormRow]:
        if not is_of_form(select) or not select.labels:
            return []
        return [row for row in self._rows() if row.name in select.labels and (select.form in (None, row.form))
                and row.facts[0].table_kind in select.tables]  # fmt: skip

    # --- sets ----------------------------------------------------------------------------------------------------
    def indicators(self, stretches: Sequence[str]) -> Bound | Unbound | Ambiguous | None:
        """The indicators of one form, those of a kind, or those that did not get all their points; None where there is no form."""
        said = self._parsed(stretches)
        rows = [
            r
            for r in self._lexicon.forms.indicators
            if r.facts[0].document in self._documents and self._in_scope(r, said)
        ]
        short = SHORT.search(self._hints.question) is not None
        said.words = [word for word in said.words if not SHORT.search(word) and not KIND.fullmatch(word)]
        if not rows:
            return None
        forms = list(dict.fromkeys(row.form for row in rows))
        if said.words:
            forms = [form for form in forms if all(_names(PROJECT_END.sub("", w) or w, bare(form)) for w in said.words)]
        elif len(forms) > 1 and WHOLE.search(self._hints.question):
            forms = [form for form in forms if WHOLE.search(form)]
        if not forms:
            return Unbound("not_found", "、".join(stretches))
        if len(forms) > 1:
            return Ambiguous("指标", tuple(forms[:MOST_CHOICES]))
        inside = [row for row in rows if row.form == forms[0]]
        asked = next((c for row in inside if (c := row.cell("score" if short else "target")) is not None), None)
        points = next((c for row in inside if (c := row.cell("points")) is not None), None)
        if asked is None or (short and points is None):
            return Unbound("not_found", "得分" if short else "指标值")
        select = Select(tables=["performance_indicators"], form=forms[0], under=said.branches, columns=[plain_label(leaf(asked))],
                        short_of=plain_label(leaf(points)) if short and points is not None else None)  # fmt: skip
        return Bound(select)

    # --- by letters ----------------------------------------------------------------------------------------------
    def _matching(self, rows: Iterable[FormRow], said: _Said) -> list[_Match]:
        """The rows whose name, form and branch explain what is said, the best and those as good."""
        found = [m for row in rows if (m := self._match(row, said)) is not None]
        asked = bare(self._hints.question)
        exact = [m for m in found if any(bare(m.row.name) == word for word in said.words)]
        in_full = [
            m for m in found if m.own >= IN_FULL and _plain_name(m.row) in asked
        ]  # 短期休养计划人数, cut to 短期休养人数
        found = self._of_unit(found, [m.row for m in found])
        in_full = [m for m in in_full if m in found]
        longest = max((len(m.row.name) for m in in_full), default=0)
        found = [m for m in in_full if len(m.row.name) == longest] or exact or found
        best = max((m.score + m.own / 10 for m in found), default=0.0)
        return [m for m in found if m.score + m.own / 10 >= best - SAME]

    def _of_unit(self, things: Sequence[T], rows: Sequence[FormRow]) -> list[T]:
        """Those whose rows count what is asked for (多少人次), where any does; what shares its very word before the others."""
        for units in (self._hints.units[:1], self._hints.units):
            kept = [t for t, row in zip(things, rows, strict=True) if any(fact.unit in units for fact in row.facts)]
            if kept:
                return kept
        return list(things)

    def _counting(self, matched: Sequence[FormRow], beside: Sequence[FormRow]) -> list[FormRow] | None:
        """Where people or things are asked for and none of the rows matched counts such: the one of its form that does, or none;
        None where nothing is wrong with those matched."""
        units = self._hints.units
        if not units or any(fact.unit in units for row in matched for fact in row.facts):
            return None
        for wanted in (units[:1], units):
            fitting = [row for row in beside if row.is_indicator and any(fact.unit in wanted for fact in row.facts)]
            if len(fitting) == 1:
                return fitting
        return []

    def counted_in(self, project: str) -> Bound | None:
        """The one indicator of a project's form that counts what is asked for: 每期印多少册, of the project of a journal."""
        units = self._hints.units
        rows = [r for r in self._rows() if r.is_indicator and plain_label(r.form) == plain_label(project)]
        mine = [row for row in rows if any(fact.unit in units for fact in row.facts)] if units else []
        if len(mine) > 1:
            of_unit = self._of_unit(mine, mine)
            mine = of_unit if len(of_unit) == 1 else self._called_alike(mine)
        found = self._bound(mine, _Said(), MEANT) if len(mine) == 1 else None
        return Bound(found.select, MEANT, ((f"多少{units[0]}", mine[0].name),), also=found.also) if found else None

    def _called_alike(self, rows: Sequence[FormRow]) -> list[FormRow]:
        """The rows whose names have most of a question's words in them."""
        asked = bare(self._hints.question)
        told = [len(_covered(bare(row.name), asked)) for row in rows]
        return [row for row, n in zip(rows, told, strict=True) if n == max(told) > 0]

    def _match(self, row: FormRow, said: _Said) -> _Match | None:
        text = said.text
        telling, naming = _telling(said.words)
        if not telling and not said.branches:
            return None
        if said.branches and not all(any(b in bare(part) for part in row.branch) for b in said.branches):
            return None
        name = _plain_name(row)
        by_name = _covered(text, bare(row.name))
        if PER.search(text) and not (PER.search(name) or any("/" in fact.text for fact in row.facts)):
            return None  # 每份成本 is not 成本
        around = by_name | _covered(text, bare(row.form)) | _covered(text, "".join(map(bare, row.branch)))
        said_alone = by_name - _covered(text, bare(row.form))
        if telling and not said_alone & telling and name not in text:
            return None
        if any(2 * len(run & around) < len(run) for run in naming):
            return None  # of 女性人员数量 an indicator must say all
        recall = len(around & telling) / len(telling) if telling else 1.0
        own = len(_covered(name, text)) / len(name) if telling else 1.0  # 成本指标 alone: the one of that kind
        if not (row.is_indicator or row.is_figure) and is_money(row.facts[0].unit) and (own < FULL or recall < EXACT):
            return None  # an amount of money must be said by its name
        if recall < COVERED or (own < OWN and recall < EXACT) or (own < OWN / 2):
            return None
        return _Match(row, recall * (EXACT if own < EXACT else 1.0), own)

    # --- by meaning ----------------------------------------------------------------------------------------------
    def _by_meaning(self, rows: Sequence[FormRow], said: _Said) -> Bound | None:
        """The indicator of one form that is alike in meaning, and well apart from the others: 热线电话接通率 as 话务接通率."""
        forms = (said.project, said.words) if said.project else self._forms_named(rows, said)
        if forms is None:
            return None
        form, rest = forms
        if any(option.slots for word in rest for option in self._namer.options(word)):
            return None  # what is the name of another thing is not taken for one that is like it
        inside = [row for row in rows if row.form == form and row.is_indicator]
        inside = self._of_unit(inside, inside)
        words = "".join(rest)
        if len(inside) < 2 or len(words) < SHORTEST:
            return None
        if TIME.search(self._hints.question):
            timed = [r for r in inside if (c := r.cell("target")) is not None and c.unit and TIME_UNIT.match(c.unit)]
            inside = timed or inside
        nearest = self._nearest(words, inside)
        if nearest is None:
            return None
        found = self._bound([nearest], said, MEANT)
        if found is None:
            return None
        return Bound(found.select, MEANT, (("、".join(rest), nearest.name),), also=found.also)

    def _nearest(self, words: str, rows: Sequence[FormRow]) -> FormRow | None:
        sharing = [row for row in rows if _alike_to_the_letter(words, bare(row.name))]
        alike = self._namer.likeness(words, [row.name for row in rows])
        if not alike or not sharing:
            return None
        order = np.argsort(alike)[::-1]
        first = rows[int(order[0])]
        if len(rows) == 1:
            return first if first in sharing else None
        gap = (alike[order[0]] - alike[order[1]]) / max(float(np.std(alike)), 1e-6)
        return first if alike[order[0]] >= ALIKE and gap >= APART and first in sharing else None

    def _forms_named(self, rows: Sequence[FormRow], said: _Said) -> tuple[str, list[str]] | None:
        """The one form whose project the words name, with the words left over; the only one there is where none is named."""
        names = list(dict.fromkeys(row.form for row in rows if row.is_indicator))
        for word in said.words:
            core = PROJECT_END.sub("", word)
            named = [n for n in names if _names(core, bare(n))]
            exact = [n for n in named if bare(n) in (word, core)] or named
            if len(exact) == 1:
                return exact[0], [w for w in said.words if w != word]
        return (names[0], said.words) if len(names) == 1 else None

    # --- Selects -------------------------------------------------------------------------------------------------
    def _bound(self, rows: Sequence[FormRow], said: _Said, score: float) -> Bound | None:
        if not rows:
            return None
        selects = [select for role in self._roles_for(rows, said) if (select := self._select(rows, role)) is not None]
        if not selects:
            return None
        return Bound(selects[0], score, also=tuple(selects[1:]))

    def _roles_for(self, rows: Sequence[FormRow], said: _Said) -> list[Role]:
        """What is asked of the rows: what the words say, else the question; else what was reached, else the target."""
        asked = self._asked(said, rows)
        if DONE.search(self._hints.question) and any(row.cell("reached") for row in rows):
            asked = ["reached"]  # 办够12场了吧
        if not asked:
            asked = ["reached"] if any(row.cell("reached") for row in rows) else ["target"]
        return asked

    def _select(self, rows: Sequence[FormRow], role: Role) -> Select | None:
        """The cells of one kind in some rows of one name."""
        cells = [(row, row.cell(role) if row.is_indicator else row.facts[0]) for row in rows]
        found = [(row, fact) for row, fact in cells if fact is not None]
        columns = {(row.form, leaf(fact)) for row, fact in found}
        if not found or len(columns) > len({form for form, _ in columns}):
            return None  # which of the amounts of one row is meant, nobody says
        row, fact = found[0]
        if row.is_figure:
            return Select(labels=[row.name], measure=fact.column_name or None)
        forms = {r.form for r, _ in found}
        twice = sum(r.form == row.form and r.name == row.name for r in self._rows()) > 1
        return select_of(
            fact, one_form=len(forms) == 1, under=fact.path[1:-1][-1:] if twice and len(found) == 1 else ()
        )


def _plain_name(row: FormRow) -> str:
    """An indicator's name without the brackets behind it."""
    return bare(re.sub(r"[（(].*?[)）]$", "", row.name)) or bare(row.name)


def _same_document(row: FormRow, other: FormRow) -> bool:
    return row.facts[0].document == other.facts[0].document


def _names(word: str, name: str) -> bool:
    """Whether a word names a project: it stands in the name, or all of it does piece by piece."""
    if len(word) < SHORTEST:
        return False
    return word in name or (len(word) >= 2 * SHORTEST and len(_covered(word, name)) == len(word))


def _telling(words: Sequence[str]) -> tuple[set[int], list[set[int]]]:
    """The places in the joined words that belong to words which say something, and those of each noun or attribute."""
    found, naming, at = set[int](), list[set[int]](), 0
    for word in words:
        for start, end, tag in tags(word):
            piece, places = word[start:end], set(range(at + start, at + end))
            if piece in GENERIC or (tag[:1] in EMPTY and not re.search(r"[A-Za-z\d]", piece)):
                continue
            found |= places
            if tag[:1] in NAMING and end - start > 1:
                naming.append(places)
        at += len(word)
    return found, naming


def _alike_to_the_letter(words: str, name: str) -> bool:
    """Whether words and a name end in the same word, and have a character in common before it: 热线电话|接通率, 话务|接通率."""
    size = next((n for n in range(min(len(words), len(name)), 0, -1) if words[-n:] == name[-n:]), 0)
    return size >= SHORTEST and bool(set(words[:-size]) & set(name[:-size]))


def _covered(text: str, name: str) -> set[int]:
    """The places of a text that stand in a name too, in runs of two characters or more."""
    found, at = set[int](), 0
    while at < len(text):
        size = 0
        while at + size < len(text) and text[at : at + size + 1] in name:
            size += 1
        if size >= SHORTEST:
            found |= set(range(at, at + size))
            at += size
        else:
            at += 1
    return found
