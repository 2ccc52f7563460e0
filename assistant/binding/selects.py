"""Slots to the Selects that they can mean.

In: one way to take the stretches, as options. Out: its slots, and the Selects that these can mean, likeliest first. Only names are
known here: which of the Selects the documents have something for, the caller finds out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.binding.modifiers import core_of
from assistant.binding.slots import CLASSIFICATIONS, PROJECT_COLUMN, Hints, Side, Slots, said_once, year_of
from assistant.plan import Select
from assistant.words.lexicon import TITLES, Lexicon
from assistant.words.naming import Namer, Option
from index.facts import THREE_PUBLIC
from index.parsing.kinds import BY_NAME, KINDS

PROCURED = "政府采购"


class SelectBuilder:
    """Builds Selects from the names of the documents at hand."""

    def __init__(self, lexicon: Lexicon, namer: Namer, hints: Hints) -> None:
        self._lexicon, self._namer, self._hints = lexicon, namer, hints

    def slots(self, way: Iterable[Option]) -> Slots:
        """The slots of one way to take the stretches."""
        found = Slots()
        for option in way:
            self.take(found, option)
        return found

    def take(self, found: Slots, option: Option) -> None:
        """Put what an option names into its slots."""
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
                    found.years.append(year_of(slot, self._lexicon.years()))
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
        if self._hints.bought:
            names = self.to_be_bought(names) or names
        kept = [n for n in names if (n in self._lexicon.counted) == self._hints.counting]
        return kept or names

    def to_be_bought(self, names: Sequence[str]) -> list[str]:
        """Of rows, what is to be bought: 拟购置固定资产 for 固定资产, 公务用车购置费 for 公务用车购置及运行维护费."""
        found = [n for n in self._namer.rows for name in names if n.startswith("拟") and n.endswith(name) and n != name]
        heads = [name.partition("购置及运行")[0] + "购置" for name in names if "购置及运行" in name]
        return found or [n for n in self._namer.rows for head in heads if n.startswith(head) and "运行" not in n]

    def selects(self, slots: Slots, total: Side | None) -> Iterable[tuple[Select, float]]:
        """The Selects that some slots can mean, likeliest first."""
        common = self.common(slots)
        if "project" in slots.nouns and PROJECT_COLUMN not in common["columns"] and not slots.projects:
            slots.nouns.remove("project")
            slots.columns.append(PROJECT_COLUMN)
            yield from ((select, sure * 0.98) for select, sure in self.selects(slots, total))
            return
        if slots.projects:
            if len(set(slots.projects)) == 1 and not slots.rows:
                yield Select(universe="projects", labels=slots.projects[:1], **common), 1.0
            return
        if slots.rows:
            yield from self._of_rows(slots, common)
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
        yield from self._of_whole(slots, total or slots.total, common)

    def _of_rows(self, slots: Slots, common: dict) -> Iterable[tuple[Select, float]]:
        """A row that is named, below what else is named with it."""
        *above, row = said_once(slots.rows)
        if not above:
            yield Select(labels=row, codes=slots.codes, **common), 1.0
        if not above and slots.own and set(row) & self._lexicon.figures:  # 局本部的内设机构: prose tells of no other
            yield Select(labels=row, **{**common, "units": []}), 0.95
        for parent in above[-1:]:
            yield Select(labels=row, under=parent, **common), 0.98
            if THREE_PUBLIC in parent:  # its items, which no table prints below it
                yield Select(labels=row, **{**common, "tables": ["three_public"]}), 0.98
            if PROCURED in parent:  # its goods and services, which are below no row either
                yield Select(labels=row, **{**common, "tables": ["procurement"]}), 0.98
            if all(any(core_of(name) in core_of(own) for name in parent) for own in row):
                yield Select(labels=row, codes=slots.codes, **common), 0.97  # 政府采购预算的政府采购货物预算
            yield Select(labels=parent, under=row, **common), 0.95
        if slots.columns and not above:  # a word that is both: 财政拨款收支总表里的一般公共预算
            yield Select(labels=slots.columns[-1:], under=row, **{**common, "columns": slots.columns[:-1]}), 0.9

    def _of_whole(self, slots: Slots, side: str | None, common: dict) -> Iterable[tuple[Select, float]]:
        """The whole of what is named without a row: of units, of a side of the budget, of columns and tables."""
        if slots.tables and slots.total_row and not slots.columns:  # 收支总表里的本年支出合计, beside 支出总计
            yield Select(labels=[slots.total_row], **common), 1.0
        if common["units"]:
            yield Select(**common, total="收入" if side == "收入" else None), 1.0
        elif side and not slots.columns:
            yield Select(total=side, carried=self._hints.carried, **common), 1.0
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

    def common(self, slots: Slots) -> dict:
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
