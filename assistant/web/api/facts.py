"""The API of tables and facts: what a document's tables are, and cells and figures by what is known of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from assistant.web.api.parameters import Department, DocumentId, Limit, Offset, PathId, Year, known
from assistant.web.service import problems
from assistant.web.service.desk import Desk
from index.facts import Fact
from index.model import Table
from index.parsing.kinds import BY_NAME

KINDS = Literal[(*BY_NAME, "prose", "target")]  # type: ignore[valid-type]  # spelt out for OpenAPI


class TableEntry(BaseModel):
    """一张表的概况。"""

    index: int = Field(description="在文件里排第几张，从 0 数；与出处的 table_index 相同")
    number: str | None = Field(description="表号，文件没有编号的为空", examples=["3"])
    title: str
    kind: str = Field(description="表的种类；/api/facts 的 table_kind 用它")
    unit: str | None = Field(description="金额单位：元、千元、万元、亿元", examples=["万元"])
    rows: int = Field(description="行数")
    columns: list[list[str]] = Field(
        description="每个数值列的表头，从外到内", examples=[[["合计"], ["财政拨款", "小计"]]]
    )

    @classmethod
    def of(cls, index: int, table: Table) -> TableEntry:
        """What the API tells of a table."""
        return cls(index=index, number=table.number, title=table.title, kind=table.kind, unit=table.unit,
                   rows=len(table.rows), columns=table.columns)  # fmt: skip


class FactEntry(BaseModel):
    """一个单元格，或文字里的一个数。"""

    document: str = Field(description="文件编号")
    department: str
    year: int
    source: Literal["cell", "figure"] = Field(description="cell 是表里的一格，figure 是文字里的数")
    table_kind: str
    table_number: str | None
    table_title: str = Field(description="表名；文字里的数则是所在标题")
    table_index: int = Field(description="在文件里排第几张，从 0 数；文字里的数为 -1")
    row_index: int
    column_index: int
    label: str = Field(description="行名，照原文")
    path: list[str] = Field(description="从最外层到这一行的各级名称")
    code: str | None = Field(description="科目编码", examples=["2010301"])
    role: str = Field(description="total 合计，item 科目，unit 单位，project 项目")
    side: str | None = Field(description="收入或支出；不分两边的为空")
    budget_unit: str | None = Field(description="这一行属于哪个单位")
    column: list[str] = Field(description="表头，从外到内")
    text: str = Field(description="原文", examples=["1,234.50"])
    value: str | None = Field(description="数值，十进制文字，不失精度；空格为空", examples=["1234.50"])
    unit: str | None = Field(description="数值的单位", examples=["万元"])
    place: dict[str, Any] = Field(description="在原件的什么地方")

    @classmethod
    def of(cls, fact: Fact) -> FactEntry:
        """What the API tells of a fact."""
        own = {name: getattr(fact, name) for name in cls.model_fields}
        value = None if fact.value is None else str(fact.value)
        return cls.model_validate({**own, "path": list(fact.path), "column": list(fact.column), "value": value,
                                   "place": fact.place.as_dict()})  # fmt: skip


class Facts(BaseModel):
    """一页数；`total` 是符合条件的总数。"""

    total: int
    limit: int
    offset: int
    items: list[FactEntry]


def router(desk: Desk) -> APIRouter:
    """Tables of a document, and facts by what is known of them."""
    routes = APIRouter(prefix="/api")

    @routes.get("/documents/{id}/tables", summary="一份文件有哪些表", responses=problems.described(404), tags=["文件"])
    def tables(id: PathId) -> list[TableEntry]:
        """表号、表名、单位、行数和表头，按在文件里的先后。表的内容见 /api/documents/{id} 或 /api/facts。"""
        document = desk.store.parsed(known(desk.store, id).id)
        return [TableEntry.of(index, table) for index, table in enumerate(document.tables)]

    @routes.get("/facts", summary="查单元格和文字里的数", responses=problems.described(422), tags=["数据"])
    def facts(
        document: DocumentId = None,
        department: Department = None,
        year: Year = None,
        table_kind: Annotated[KINDS | None, Query(description="表的种类", examples=["three_public"])] = None,
        label: Annotated[str | None, Query(min_length=1, max_length=200, description="行名里有这些字", examples=["办公费"])] = None,
        code: Annotated[str | None, Query(max_length=20, description="科目编码，全等", examples=["30201"])] = None,
        budget_unit: Annotated[str | None, Query(max_length=200, description="所属单位全称")] = None,
        unit: Annotated[str | None, Query(max_length=20, description="数值的单位", examples=["万元"])] = None,
        source: Annotated[Literal["cell", "figure"] | None, Query(description="cell 表里的一格，figure 文字里的数")] = None,
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> Facts:  # fmt: skip
        """条件都写上的都要符合，不写的不限；按文件和位置排列。被更正或重复的文件不在内。"""
        total, found = desk.store.page_of_facts(
            limit, offset, label=label, document=document, department=department, year=year, table_kind=table_kind,
            code=code, budget_unit=budget_unit, unit=unit, source=source,
        )  # fmt: skip
        return Facts(total=total, limit=limit, offset=offset, items=[FactEntry.of(fact) for fact in found])

    return routes
