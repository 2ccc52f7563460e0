"""A document from its amounts: cover, contents, the department, tables, explanation, terms.

In: a seed and an index. Out: a Document, an order of headings, paragraphs and tables that any format can be written from.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.province.departments import Slot, slot
from benchmarks.province.figures import Budget, budget
from benchmarks.province.final_form import final_form
from benchmarks.province.long_form import long_form
from benchmarks.province.prose import Text, Told, explanation, key_projects, overview, terms
from benchmarks.province.style import Style, style
from benchmarks.province.tables import Line, Side, Table, numeral
from benchmarks.province.wide_form import wide_form

Part = tuple[str, Sequence[Text | Table]]


@dataclass(frozen=True)
class Heading:
    """`part`: 第一部分 … rather than 一、…"""

    text: str
    part: bool = False


@dataclass(frozen=True)
class Document:
    index: int
    slot: Slot
    style: Style
    budget: Budget
    before: Budget
    cover: tuple[str, ...]
    contents: tuple[str, ...]
    body: tuple[Heading | str | Table, ...]

    @property
    def department(self) -> str:
        return self.budget.department.name

    @property
    def kind(self) -> str:
        return "部门决算" if self.slot.final else "部门预算"

    @property
    def tables(self) -> list[Table]:
        return [block for block in self.body if isinstance(block, Table)]

    def table(self, key: str) -> Table | None:
        return next((table for table in self.tables if table.key == key), None)


def document(seed: int, index: int) -> Document:
    """The document of an index."""
    which = slot(seed, index)
    look = style(seed, which.department)
    now = budget(seed, which.department, which.year, which.final)
    before = budget(seed, which.department, which.year - 1, which.final)
    rng = random.Random(f"{seed}/document/{index}")
    tables = _tables(seed, which, now, look)
    word, year, name = ("决算" if which.final else "预算"), which.year, now.department.name
    told = Told(now, before, look)
    overview_part: Part = (f"{name}概况", overview(now, rng))
    tables_part: Part = (f"{year}年部门{word}表", tables)
    explained: Part = (f"{year}年部门{word}情况说明", explanation(told))
    middle = [explained, tables_part] if look.prose_first else [tables_part, explained]
    body: list[Heading | str | Table] = []
    contents: list[str] = []
    for n, (title, parts) in enumerate((overview_part, *middle), 1):
        body.append(Heading(f"第{numeral(n)}部分 {title}", part=True))
        contents.append(body[-1].text)  # type: ignore[union-attr]
        names = [part.title if isinstance(part, Table) else part[0] for part in parts]
        contents += [f"- {numeral(i)}、{text}" for i, text in enumerate(names, 1)]
        for i, part in enumerate(parts, 1):
            body += [part] if isinstance(part, Table) else _paragraphs(i, part)
        if parts is explained[1] and not which.final and look.family == "long":
            body += _key_projects(now, len(names) + 1)
    body += [Heading("第四部分 名词解释", part=True), *terms()]
    cover = (f"{year}年", f"{name}部门{word}")
    return Document(index, which, look, now, before, cover, (*contents, "第四部分 名词解释"), tuple(body))


def _tables(seed: int, which: Slot, now: Budget, look: Style) -> list[Table]:
    if which.final:
        return final_form(now, budget(seed, which.department, which.year), look)
    return long_form(now, look) if look.family == "long" else wide_form(now, look)


def _paragraphs(number: int, text: Text) -> list[Heading | str | Table]:
    heading, paragraphs = text
    return [Heading(f"{numeral(number)}、{heading}"), *paragraphs]


def _key_projects(now: Budget, number: int) -> list[Heading | str | Table]:
    """A small table amid the prose, in 万元 whatever the unit of the tables."""
    heading: list[Heading | str | Table] = [Heading(f"{numeral(number)}、重点项目预算绩效目标情况")]
    chosen = key_projects(now)
    if not chosen:
        return [*heading, f"{now.year}年，本部门无重点项目。"]
    amounts, projects = now.projects(), now.department.projects
    lines = tuple(Line((projects[p].name,), projects[p].name, None, (amounts[p],), (projects[p].goal,)) for p in chosen)
    side = Side((("项目",),), (("预算数（单位：万元）",),), lines, (("绩效目标",),))
    said = f"{now.year}年，本部门重点项目绩效目标情况如下："
    return [*heading, said, Table("key_projects", "重点项目预算绩效目标情况", side, inserted=True)]
