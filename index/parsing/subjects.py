"""What each table of a performance form is about: one project, or a department's whole budget.

In: the tables of a document. Out: for each table of a form a Subject, in the tables' order. A form's own field says the name of its
project; its other tables follow under the same title. In a list of projects with their indicators the list says it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.model import Row, Table
from index.parsing.kinds import FORM_KINDS
from index.parsing.rows import NOTHING, plain_label, split_code

PROJECT_FIELD = re.compile(r"^(?:项目|专项|政策|专项资金|项目[（(]政策[)）])名称$")
UNIT_FIELD = re.compile(r"^(?:项目)?(?:具体)?实施(?:单位|部门)$")
WHOLE = re.compile(r"部门整体|整体支出|单位整体")
NUMBERED = re.compile(r"^\d+[-—－_]?(?=\D)")
TABLE_WORD = re.compile(r"^20\d\d年度?|表$")


@dataclass(frozen=True)
class Subject:
    """A project with the unit that carries it out, where a form says that; else a department's form, by its title."""

    name: str
    is_project: bool = False
    unit: str | None = None


def subjects(tables: Sequence[Table]) -> list[Subject | None]:
    """What each table is about; None for tables of no form, and for lists of projects with their indicators."""
    found: list[Subject | None] = []
    form: Subject | None = None
    title = listed = None
    for table in tables:
        if table.kind == "performance_projects":
            listed = table.title
        if table.kind not in FORM_KINDS or table.title == listed:
            form = None if table.kind not in FORM_KINDS else form
            found.append(None)
            continue
        if table.kind == "performance_fields" or form is None or table.title != title:
            form = _subject(table)
        title = table.title
        found.append(form)
    return found


def _subject(table: Table) -> Subject:
    own = {row.label: row.cells[0] for row in table.rows if row.cells} if table.kind == "performance_fields" else {}
    name = next((text for label, text in own.items() if PROJECT_FIELD.match(label) and text not in NOTHING), "")
    if not name or WHOLE.search(name):
        return Subject(TABLE_WORD.sub("", table.title))
    unit = next((text for label, text in own.items() if UNIT_FIELD.match(label) and text), "")
    return Subject(_without_number(re.sub(r"\s", "", name), table.title), True, split_code(unit)[1] or None)


def _without_number(name: str, title: str) -> str:
    """A project's name without the number before it, which a form's title does not have."""
    name = split_code(name, bare=False)[1]
    rest = NUMBERED.sub("", name)
    return rest if rest != name and plain_label(rest) in plain_label(title) else name


def owner_in_list(row: Row, tables: Sequence[Table], index: int) -> tuple[str, ...]:
    """The labels of a row of indicators that name its project in the list beside which it stands: 甲单位, 乙项目."""
    paths = [tuple(r.path) for t in tables[:index] if t.kind == "performance_projects" and t.title == tables[index].title
             for r in t.rows]  # fmt: skip
    return max((p for p in paths if tuple(row.path[: len(p)]) == p), key=len, default=())
