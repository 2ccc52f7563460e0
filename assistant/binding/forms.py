"""The cells of performance forms that the stretches of a question name.

In: stretches. Out: a Bound: an indicator's target, what was reached or its score, a field, or a score that prose tells. An indicator is
found by its name or most of its words, of the project that is named beside it, or alone where only one fits; by meaning only within
one form. What nothing in the row or its form explains stands against it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.binding.form_rows import RowMatcher, names_project, plain_name
from assistant.binding.form_words import BEGINS, SHORTEST, FormWords, Said, roles_asked
from assistant.binding.slots import Ambiguous, Bound, Hints, Unbound
from assistant.lookup.form_rows import ROLES, TOTAL_SCORE, FormRow, Role, is_of_form, leaf, select_of
from assistant.plan import Select
from assistant.words.lexicon import Lexicon
from assistant.words.naming import Namer
from assistant.words.normal import bare
from index.facts import SCORE
from index.parsing.rows import plain_label

WHOLE_SCORE = re.compile(
    r"总(?:共|计|体)?(?:得|评)?(?:了)?(?:多少|几)?分|总得分|整张表|整体.{0,6}(?:得分|多少分|几分)|综合.{0,8}分|一共得|(?:最后|最终|整体).{0,8}[评得打]了?(?:多少|几)分"
)
DONE = re.compile(r"够(?:了|\d)|达标|(?:达到|完成|超过|实现)了?.{0,6}目标|目标.{0,4}(?:达到|完成|实现)了?(?:没|吗|吧)")
SHORT = re.compile(r"(?:没|未|不)(?:有)?(?:拿到?|得到?|达到?|给|能得)?满分|(?:被)?扣了?分|失分|丢了?分")
KIND = re.compile(r"(?:[一二三]级|绩效|具体|个|所有|全部|各项?|的)*指标|资金执行(?:率|情况)?")
WHOLE = re.compile(r"整体(?:支出|绩效|预算|自评|评价|目标)")
TIME = re.compile(r"多久|多长时间|几(?:天|小时|分钟|个月|个工作日)|多少(?:天|小时|分钟|个工作日|个月)|什么时候|何时")
TIME_UNIT = re.compile(r"^(?:分钟|小时|天|日|个?工作日|个?月|年|秒|周)")
PROJECT_END = re.compile(r"(?:这个|那个|的)?(?:项目|专项|工程|课题)?(?:经费|资金|支出)?$")
TOLD, MEANT = 0.93, 0.8  # how sure a row is that is found by letters, and one by meaning
MOST_CHOICES = 5


class FormBinder:
    """Binds to the forms of the documents at hand."""

    def __init__(self, lexicon: Lexicon, namer: Namer, documents: Sequence[str], hints: Hints) -> None:
        self._lexicon, self._namer, self._hints = lexicon, namer, hints
        self.words = FormWords(lexicon, namer)
        self._matcher = RowMatcher(namer, hints)
        self._documents = set(documents)

    # --- one cell ------------------------------------------------------------------------------------------------
    def cell(self, stretches: Sequence[str], only_explicit: bool = False) -> Bound | Ambiguous | None:
        """The cell that the stretches name; None where they name none. `only_explicit`: only where they speak of a form."""
        rows = self._rows()
        said = self.words.parsed(stretches) if rows else Said()
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
        matches = self._matcher.matching(rows, said)
        if matches:
            names = list(dict.fromkeys(m.row.name for m in matches))
            if len(names) > 1:
                return Ambiguous("、".join(said.words), tuple(names[:MOST_CHOICES]))
            return self._bound([m.row for m in matches], said, min(TOLD, matches[0].score))
        return self._by_meaning(rows, said)

    def _of_the_named(self, rows: list[FormRow], said: Said) -> tuple[list[FormRow], Said]:
        """The rows of the one form whose project a word names, and what else is said; all where none is named outright."""
        projects = {bare(name): name for name in self._lexicon.projects}
        for word in said.words:
            name = next((projects[w] for w in (word, f"{word}项目", PROJECT_END.sub("", word)) if w in projects), None)
            mine = [row for row in rows if name is not None and plain_label(row.form) == plain_label(name)]
            if mine:
                rest = [w for w in said.words if w != word]
                return mine, replace(said, words=rest, project=mine[0].form)
        return rows, said

    def _asked(self, said: Said, rows: Sequence[FormRow] = ()) -> list[Role]:
        """Which cells are asked for: by the words, else by the question without the names of the rows."""
        question = bare(self._hints.question)
        for row in rows[:1]:
            question = question.replace(plain_name(row), "")
        return list(dict.fromkeys(said.roles)) or list(roles_asked(question))

    def _is_called(self, word: str, kinds: Sequence[str]) -> bool:
        """Whether a word names something of these kinds: a project, a column of money."""
        slots = [s for o in self._namer.options(word)[:1] for s in o.slots]
        return bool(slots) and all(slot.kind in kinds for slot in slots)

    def _rows(self) -> list[FormRow]:
        return [row for row in self._lexicon.forms.rows if row.facts[0].document in self._documents]

    def _in_scope(self, row: FormRow, said: Said) -> bool:
        fact = row.facts[0]
        return (not said.years or fact.year in said.years) and (
            not said.departments or fact.department in said.departments
        )

    # --- after another question ----------------------------------------------------------------------------------
    def narrowed(self, select: Select, words: Sequence[str]) -> Bound | None:
        """Another cell of the row of a Select, or the same of another row of its form; None where the words name none."""
        rows = self._rows_of(select)
        if not rows:
            return None
        said = Said()
        for word in map(bare, words):
            role = next((role for role, begins in BEGINS if begins.match(word)), None)
            if role is not None:
                said.roles.append(role)
            elif len(word) > 1:
                self.words.take(word, said)
        beside = [row for row in self._rows() if row.form == rows[0].form and _same_document(row, rows[0])]
        if WHOLE_SCORE.search(self._hints.question) and not said.words:
            return self._bound([row for row in beside if TOTAL_SCORE.search(row.name)], said, TOLD)
        if not (said.words or said.branches):
            return self._bound(rows, said, TOLD) if said.roles or roles_asked(self._hints.question) else None
        if not said.roles and not roles_asked(self._hints.question):
            said.roles += [role for role, pattern in ROLES.items() if any(pattern.search(c) for c in select.columns)]
        matches = self._matcher.matching(beside, said)
        counted = self._matcher.counting([m.row for m in matches], [row for row in beside if row.form == rows[0].form])
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
        said = self.words.parsed(stretches)
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
            forms = [
                form
                for form in forms
                if all(names_project(PROJECT_END.sub("", w) or w, bare(form)) for w in said.words)
            ]
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

    def _by_meaning(self, rows: Sequence[FormRow], said: Said) -> Bound | None:
        """The indicator of one form that is alike in meaning, and well apart from the others: 热线电话接通率 as 话务接通率."""
        forms = (said.project, said.words) if said.project else self._forms_named(rows, said)
        if forms is None:
            return None
        form, rest = forms
        if any(option.slots for word in rest for option in self._namer.options(word)):
            return None  # what is the name of another thing is not taken for one that is like it
        inside = [row for row in rows if row.form == form and row.is_indicator]
        inside = self._matcher.of_unit(inside, inside)
        words = "".join(rest)
        if len(inside) < 2 or len(words) < SHORTEST:
            return None
        if TIME.search(self._hints.question):
            timed = [r for r in inside if (c := r.cell("target")) is not None and c.unit and TIME_UNIT.match(c.unit)]
            inside = timed or inside
        nearest = self._matcher.nearest(words, inside)
        if nearest is None:
            return None
        found = self._bound([nearest], said, MEANT)
        if found is None:
            return None
        return Bound(found.select, MEANT, (("、".join(rest), nearest.name),), also=found.also)

    def _forms_named(self, rows: Sequence[FormRow], said: Said) -> tuple[str, list[str]] | None:
        """The one form whose project the words name, with the words left over; the only one there is where none is named."""
        names = list(dict.fromkeys(row.form for row in rows if row.is_indicator))
        for word in said.words:
            core = PROJECT_END.sub("", word)
            named = [n for n in names if names_project(core, bare(n))]
            exact = [n for n in named if bare(n) in (word, core)] or named
            if len(exact) == 1:
                return exact[0], [w for w in said.words if w != word]
        return (names[0], said.words) if len(names) == 1 else None

    def counted_in(self, project: str) -> Bound | None:
        """The one indicator of a project's form that counts what is asked for: 每期印多少册, of the project of a journal."""
        units = self._hints.units
        rows = [r for r in self._rows() if r.is_indicator and plain_label(r.form) == plain_label(project)]
        mine = [row for row in rows if any(fact.unit in units for fact in row.facts)] if units else []
        if len(mine) > 1:
            of_unit = self._matcher.of_unit(mine, mine)
            mine = of_unit if len(of_unit) == 1 else self._matcher.called_alike(mine)
        found = self._bound(mine, Said(), MEANT) if len(mine) == 1 else None
        return Bound(found.select, MEANT, ((f"多少{units[0]}", mine[0].name),), also=found.also) if found else None

    # --- Selects -------------------------------------------------------------------------------------------------
    def _bound(self, rows: Sequence[FormRow], said: Said, score: float) -> Bound | None:
        if not rows:
            return None
        selects = [select for role in self._roles_for(rows, said) if (select := self._select(rows, role)) is not None]
        if not selects:
            return None
        return Bound(selects[0], score, also=tuple(selects[1:]))

    def _roles_for(self, rows: Sequence[FormRow], said: Said) -> list[Role]:
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


def _same_document(row: FormRow, other: FormRow) -> bool:
    return row.facts[0].document == other.facts[0].document
