"""A Select of a turn before with what is said now in the place of what it replaces.

In: a Select and stretches. Out: a Bound with as much of the Select as the documents allow.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence

from assistant.binding.sets import SetBinder
from assistant.binding.slots import MOST_TRIED, PROJECT_COLUMN, SCOPES, Ambiguous, Bound, Slots, Unbound, worth
from assistant.plan import Select
from assistant.words.normal import bare
from index.parsing.rows import plain_label

INSIDE = re.compile(
    r"^(?:那|那么)?(?:这|那)?(?:里面|里头|其中|当中)|(?:这|它)里[面头]"
)  # of what was spoken of, never of all
TOTAL_COLUMN = re.compile(r"合计|小计|总计|总数|总额")
ONLY_NARROW = (
    "unit",
    "own",
    "table",
)  # another unit or table is asked for the same row in the same column, or there is none
DROPPED = ((), ("tables",), ("tables", "columns"), ("tables", "units"), ("tables", "columns", "units"))


class NarrowingBinder(SetBinder):
    """Narrows and changes Selects too."""

    def narrowed(self, select: Select, words: Sequence[str]) -> Bound | Unbound | Ambiguous:
        """A Select with some of its slots replaced by what the words say; as much of the rest as the documents allow stays."""
        told = self._in_form(select, words)
        if told is not None:
            return told
        options = [self._namer.options(w) for w in words]
        kept = [index for index in range(len(words)) if not self._describes_scope(index, words, options)]
        words, options = [words[i] for i in kept], [options[i] for i in kept]
        beside = self._beside(select, words)
        if beside is not None:
            return Bound(beside)
        hindered = self._hindered(words, options)
        if hindered:
            found = self._project_binder.described(words) if hindered.reason == "not_found" else None
            return found or hindered
        ways = sorted(itertools.islice(itertools.product(*options), MOST_TRIED), key=worth, reverse=True)
        keeps_its_row = bool(select.labels or select.codes or select.columns) and all(
            slot.kind in ONLY_NARROW for option in (ways[0] if ways else ()) for slot in option.slots
        )
        within = INSIDE.search(self.hints.question) is not None
        tried = DROPPED[:2] if keeps_its_row else DROPPED
        for dropped in tried if not (within and select.units) else [d for d in tried if "units" not in d]:
            for way in ways[:40]:
                for new, sure in self._replaced(select, self._builder.slots(way), dropped, words):
                    if self.holds(new):
                        taken = tuple((t, o.taken) for t, o in zip(words, way, strict=True) if o.taken)
                        return Bound(new, worth(way) * sure, taken)
        inside = within and bool(select.labels or select.units)
        if inside and len(words) == 1:  # 工资福利支出, where the table of the units prints 工资和福利支出
            row: dict = {"labels": sorted(self._namer.meanings(words[0])), "codes": [], "tables": [], "total": None}
            called = select.model_copy(update=row)
            if called.labels and self.holds(called):
                return Bound(called)
        return Unbound("not_found", "、".join(words)) if keeps_its_row or inside else self.thing(words)

    def _in_form(self, select: Select, words: Sequence[str]) -> Bound | None:
        """Another cell of the form that was spoken of: of a project an indicator, of an indicator another, or what its project has."""
        if select.universe == "projects" and len(select.labels) == 1:
            found = self.forms.cell([*select.labels, *words])
            return found if isinstance(found, Bound) else None
        told = self.forms.narrowed(select, words)
        if told is None and select.form in self._lexicon.projects and words:
            own = self.thing([select.form, *words])
            return own if isinstance(own, Bound) and own.select.universe == "projects" else None
        return told

    def _beside(self, select: Select, words: Sequence[str]) -> Select | None:
        """服务类 after 货物类采购预算: the one row beside the row before whose name has the words."""
        if len(words) != 1 or not select.labels or self._namer.is_one_word(words[0]) or self.is_unit_word(words[0]):
            return None
        if self._namer.kinds(words[0]) & {
            "column",
            "table",
        }:  # 用一般公共预算财政拨款: no row, though one may be called after it
            return None
        names = [name for name in self._others_beside(select) if bare(words[0]) in bare(name)]
        return select.model_copy(update={"labels": names, "codes": []}) if len(names) == 1 else None

    def row_beside(self, select: Select, words: Sequence[str], by_name: bool = True) -> Select | None:
        """The one row beside that of a select which one of the words names, or whose name has one of them."""
        others = self._others_beside(select)
        for word in words:
            said = {
                n for o in self._namer.options(word) for s in o.slots if s.kind == "row" for n in s.value.split("|")
            }
            named = [n for n in others if n in said] or [n for n in others if by_name and bare(word) in bare(n)]
            if len(named) == 1:
                return select.model_copy(update={"labels": named, "codes": []})
        return None

    def _others_beside(self, select: Select) -> list[str]:
        """The names of the other rows in the table of a row."""
        facts = [f for f in self._lookup.select(select) if f.role == "item"]
        own = {f.name for f in facts}
        return [name for name in self._lookup.rows_beside(facts[0]) if name not in own] if facts else []

    def _replaced(
        self, select: Select, slots: Slots, dropped: Sequence[str], words: Sequence[str]
    ) -> Iterable[tuple[Select, float]]:
        if select.units and not slots.units:  # 甲局, after one of its units: the department's own
            slots.units = [name for name in slots.departments if name in self._lexicon.units]
            slots.departments = [] if slots.units else slots.departments
        if "project" in slots.nouns and not (slots.columns or slots.rows or slots.projects):  # 项目的呢
            slots.columns.append(PROJECT_COLUMN)
        common = {k: v for k, v in self._builder.common(slots).items() if v}
        kept = select.model_copy(update={name: type(getattr(select, name))() for name in dropped})
        if "tables" in common:  # another table, whatever its rows are
            kept = kept.model_copy(update={"classification": None, "level": None})
        if "columns" in common and not set(common["columns"]) <= set(SCOPES):
            common["columns"] = [*[c for c in kept.columns if c in SCOPES], *common["columns"]]
        indicators = [n for names in slots.rows for n in names if n in self._lexicon.indicators]
        if indicators and select.universe == "projects" and len(select.labels) == 1:
            yield Select(labels=indicators, under=[plain_label(select.labels[0])]), 1.0
            return
        row: dict = {"codes": [], "numbering": None, "total": None, "measure": select.measure}
        if slots.projects:
            yield (
                Select(universe="projects", labels=slots.projects[:1], **kept.whose()),
                1.0,
            )
        elif slots.rows:
            *above, labels = slots.rows
            under = above[0] if above else []
            yield kept.model_copy(update={**row, **common, "universe": "items", "labels": labels, "under": under}), 1.0
        elif slots.codes:
            yield (
                kept.model_copy(update={**row, **common, "universe": "items", "labels": [], "codes": slots.codes}),
                1.0,
            )
        elif slots.total:
            yield kept.model_copy(update={**row, **common, "labels": [], "total": slots.total, "columns": []}), 1.0
        elif common:
            if "columns" in common and kept.total:
                common["total"] = None
            if "units" in common and kept.universe == "projects" and kept.labels:
                common |= {"labels": []}
            yield kept.model_copy(update=common), 1.0
        elif kept.columns and any(TOTAL_COLUMN.search(word) for word in words):
            yield kept.model_copy(update={"columns": []}), 1.0  # 该科目的合计数
        elif slots.numbering:
            yield kept.model_copy(update={**row, "labels": [], "numbering": slots.numbering}), 1.0
