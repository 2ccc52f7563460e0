"""Projects over HTTP: search, filter, sort, page, and download. In: a Desk. Out: an APIRouter."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.catalog import Order, ProjectFilter, Selection
from assistant.project_entries import ProjectEntry
from assistant.web.api.downloads import add_downloads
from assistant.web.api.project_export import export_of
from assistant.web.service import problems
from assistant.web.service.desk import Desk
from assistant.web.sources.export import Export
from index.amounts import convert
from index.facts import Fact

MOST = 200  # projects in one answer
LONGEST_WORDS = 200  # characters that are searched for
MOST_VALUES = 200  # of one filter
Amount = Annotated[Decimal, Field(max_digits=20, ge=0)]


class Wanted(BaseModel):
    """筛选条件；不写的不限。"""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(
        "",
        max_length=LONGEST_WORDS,
        description="搜索项目名称、单位和绩效目标；空格隔开的词须都有",
        examples=["信息化 运维"],
    )
    meaning: bool = Field(True, description="也找含义相近的项目")
    department: list[str] = Field([], max_length=MOST_VALUES, description="部门全称，可写多个")
    year: list[int] = Field([], max_length=MOST_VALUES, description="年度，可写多个", examples=[[2024]])
    unit: list[str] = Field([], max_length=MOST_VALUES, description="资金使用单位，可写多个")
    min: Amount | None = Field(None, description="金额下限（万元）", examples=["100"])
    max: Amount | None = Field(None, description="金额上限（万元）", examples=["500.5"])
    target: Literal["with", "without"] | None = Field(None, description="只要有（with）或没有（without）绩效目标的")
    sort: Order | None = Field(None, description="排列：有 q 时默认按相关程度，否则默认按金额从大到小")

    @model_validator(mode="after")
    def _ordered(self) -> Wanted:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min 不能大于 max")
        return self

    def filter(self) -> ProjectFilter:
        """The same for the catalog, amounts in 元."""
        return ProjectFilter(
            words=self.q, by_meaning=self.meaning, departments=tuple(self.department), years=tuple(self.year),
            units=tuple(self.unit), least=_in_yuan(self.min), most=_in_yuan(self.max),
            with_target=None if self.target is None else self.target == "with",
        )  # fmt: skip


class WantedPage(Wanted):
    """筛选条件和要哪一段。"""

    limit: int = Field(50, ge=1, le=MOST, description=f"最多几项，不超过 {MOST}")
    offset: int = Field(0, ge=0, description="从第几项起，0 为第一项", examples=[0])


class CellSource(BaseModel):
    """金额所在的单元格。"""

    document: str = Field(description="文件编号（见 /api/documents）")
    table: str
    table_index: int
    row: list[str]
    row_index: int
    column: list[str]
    column_index: int
    text: str = Field(description="单元格里印的字")
    place: dict[str, Any]

    @classmethod
    def of(cls, fact: Fact) -> CellSource:
        """What the API tells of a cell."""
        return cls(document=fact.document, table=fact.table_title, table_index=fact.table_index, row=list(fact.path),
                   row_index=fact.row_index, column=list(fact.column), column_index=fact.column_index, text=fact.text,
                   place=fact.place.as_dict())  # fmt: skip


class TargetText(BaseModel):
    """一段绩效目标。"""

    label: str
    text: str


class ProjectItem(BaseModel):
    """一个项目。"""

    id: str
    name: str
    department: str
    year: int
    kind: str = Field(description="出自哪种文件", examples=["部门预算"])
    budget_unit: str | None = Field(description="资金使用单位")
    amount: str | None = Field(description="金额，单位见 unit；没有列出金额的为空", examples=["12.00"])
    unit: str | None = Field(description="金额的单位", examples=["万元"])
    amount_yuan: str | None = Field(description="同一金额，以元计", examples=["120000.00"])
    counted: bool = Field(description="是否计入合计；同部门同年度另有项目清单、只见于绩效表的不计入")
    by_meaning: bool = Field(description="是否只是含义相近")
    targets: list[TargetText] = Field(description="绩效目标原文")
    source: CellSource
    also: list[CellSource] = Field(description="同一项目也见于这些单元格，不重复计数")


class ProjectTotal(BaseModel):
    """所选全部项目（不只这一段）的合计，由单元格逐项相加，不同单位先精确换算；不分部门和年度，要一年的请用 year。"""

    count: int = Field(description="相加的项目数")
    amount: str = Field(examples=["1234.56"])
    unit: str = Field(examples=["万元"])


class ProjectPage(BaseModel):
    """一段项目，连同全部的数目和合计。"""

    count: int = Field(description="符合条件的项目数")
    total: ProjectTotal
    limit: int
    offset: int
    projects: list[ProjectItem]


def router(desk: Desk) -> APIRouter:
    """The list, a page at a time, and the same as a file."""
    routes = APIRouter(prefix="/api/projects", tags=["项目"])

    @routes.get("", summary="查项目", responses=problems.described(422, 500))
    def projects(wanted: Annotated[WantedPage, Query()]) -> ProjectPage:
        """全部文件里的项目：搜索、筛选、排列、分段，并给出全部所选的数目与合计。数都以十进制文字给出，不经过浮点数。"""
        selection = desk.projects.current().select(wanted.filter(), wanted.sort)
        unit = selection.total_unit
        total = ProjectTotal(count=len(selection.summed), amount=f"{convert(selection.total, '元', unit):f}", unit=unit)
        shown = selection.entries[wanted.offset : wanted.offset + wanted.limit]
        return ProjectPage(count=len(selection.entries), total=total, limit=wanted.limit, offset=wanted.offset,
                           projects=[_item(entry, selection) for entry in shown])  # fmt: skip

    def rows(wanted: Annotated[Wanted, Query()]) -> Export:
        asked = wanted.filter()
        documents = {info.id: info for info in desk.documents()}
        return export_of(desk.projects.current().select(asked, wanted.sort), asked, documents)

    add_downloads(routes, "/export", rows, like="/api/projects")
    return routes


def _item(entry: ProjectEntry, selection: Selection) -> ProjectItem:
    fact = entry.fact
    return ProjectItem(
        id=entry.id, name=entry.name, department=fact.department, year=fact.year, kind=entry.kind, budget_unit=entry.unit,
        amount=_text(fact.value), unit=fact.unit, amount_yuan=_text(entry.amount), counted=entry.counted,
        by_meaning=entry.id in selection.meant, targets=[TargetText(label=w.label, text=w.text) for w in entry.targets],
        source=CellSource.of(fact), also=[CellSource.of(other) for other in entry.also],
    )  # fmt: skip


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def _in_yuan(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else convert(amount, "万元", "元")
