"""The rows of performance forms, as the documents print them.

In: the facts of one state of the store. Out: FormRows: an indicator, a field or a row of a form's small table, with what its form is
about and its cells by what they tell (target, reached, score, points).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from assistant.plan import Select
from assistant.view import View
from index.facts import Fact
from index.parsing.kinds import FORM_KINDS
from index.parsing.rows import NOTHING, is_total, plain_label

Role = Literal["target", "reached", "score", "points"]
ROLES: dict[Role, re.Pattern[str]] = {
    "target": re.compile(r"(?:指标|目标)值(?!内容|类型|说明|性质)"),
    "reached": re.compile(r"完成值|实际完成|完成情况"),
    "score": re.compile(r"得分$|自评分"),
    "points": re.compile(r"分值|权重"),
}
OF_THE_YEAR = re.compile(r"年度|本年|当年|全年")
TOTAL_SCORE = re.compile(r"总分|总得分|评价得分")
MOST_DOCUMENTS = 60  # over more a form is only found where its department is named


def leaf(fact: Fact) -> str:
    """The name of a cell's column, without the headings above it; empty where it has none."""
    return fact.column[-1] if fact.column else ""


def select_of(fact: Fact, one_form: bool = True, under: Sequence[str] = ()) -> Select:
    """The Select of one cell of a form."""
    columns = (
        [fact.column_name or plain_label(leaf(fact))] if fact.column and fact.table_kind != "performance_fields" else []
    )
    return Select(labels=[fact.name], tables=[fact.table_kind], columns=columns, form=fact.path[0] if one_form else None,
                  under=[plain_label(part) for part in under])  # fmt: skip


def is_of_form(select: Select) -> bool:
    """Whether a Select names cells of forms and nothing else."""
    return bool(select.tables) and set(select.tables) <= set(FORM_KINDS)


@dataclass(frozen=True)
class FormRow:
    """One row of a form."""

    facts: tuple[Fact, ...]

    @property
    def form(self) -> str:
        """The project or department that the form is of; empty for a figure of prose."""
        return "" if self.is_figure else self.facts[0].path[0]

    @property
    def name(self) -> str:
        """The row's own label."""
        return self.facts[0].name

    @property
    def branch(self) -> tuple[str, ...]:
        """What stands above the row; of an amount in a small table its column too."""
        if self.is_figure:
            return ()
        above = self.facts[0].path[1:-1]
        return (*above, *self.facts[0].column) if self.facts[0].table_kind == "performance_funds" else above

    @property
    def is_indicator(self) -> bool:
        """Whether it stands in the tree of indicators, with a target."""
        return self.facts[0].table_kind == "performance_indicators"

    @property
    def is_figure(self) -> bool:
        """Whether it is a figure of prose, which stands in no form."""
        return self.facts[0].source == "figure"

    def cell(self, role: Role) -> Fact | None:
        """The cell that tells one thing; of several targets that of the year."""
        found = [f for f in self.facts if ROLES[role].search(leaf(f))]
        return next((f for f in found if OF_THE_YEAR.search(leaf(f))), found[0] if found else None)


class Forms:
    """All rows of forms in some documents, and the scores that prose tells of."""

    def __init__(self, view: View) -> None:
        self._view = view

    @cached_property
    def rows(self) -> list[FormRow]:
        """The rows, in the order of the documents; none over more documents than can be looked through."""
        if not self._view.is_narrowed and len(self._view.documents()) > MOST_DOCUMENTS:
            return []
        grouped: dict[tuple, list[Fact]] = {}
        for fact in self._view.facts(table_kinds=FORM_KINDS):
            if fact.role != "project" and fact.name not in NOTHING:
                column = (
                    fact.column_index if fact.table_kind == "performance_funds" else None
                )  # each an amount of its own
                grouped.setdefault((fact.document, fact.table_index, fact.row_index, column), []).append(fact)
        told = [FormRow(tuple(facts)) for facts in grouped.values() if any(f.text for f in facts)]
        return told + [FormRow((f,)) for f in self._view.facts(table_kinds=["prose"]) if f.unit == "分"]

    @cached_property
    def indicators(self) -> list[FormRow]:
        """The rows that are indicators, without totals and headings."""
        return [row for row in self.rows if row.is_indicator and not is_total(row.name) and row.facts[0].role == "item"]
