"""The API of the audit: accounting identities with their verdicts, and the same as a file."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from assistant.web.api.audit_export import export_of
from assistant.web.api.downloads import add_downloads
from assistant.web.api.parameters import Department, DocumentId, Limit, Offset, Year
from assistant.web.service import problems
from assistant.web.service.auditing import Checked, TooManyError, Wanted, counts
from assistant.web.service.desk import Desk
from assistant.web.sources.export import Export
from assistant.web.sources.named_cells import NamedCells
from index.checks.identity import IdentityCell, Verdict

Verdicts = Annotated[
    list[Verdict] | None, Query(description="结论，可写几个：一致、尾差（四舍五入所致）、不一致", examples=[["不一致"]])
]


class CellEntry(BaseModel):
    """一边的一个数。"""

    document: str = Field(description="文件编号")
    table_index: int = Field(description="在文件里排第几张表，从 0 数；文字里的数为 -1")
    row_index: int
    column_index: int
    table: str = Field(description="表号和表名；文字里的数则是所在标题")
    row: list[str] = Field(description="从最外层到这一行的各级名称")
    column: list[str] = Field(description="表头，从外到内")
    text: str = Field(description="原文")
    value: str = Field(description="数值，十进制文字")
    unit: str | None


class IdentityEntry(BaseModel):
    """一条勾稽关系：左右两边各是所列数之和。"""

    document: str
    department: str
    year: int
    rule: str = Field(examples=["下级之和"])
    title: str = Field(description="哪张表的哪一行哪一列，与什么核对")
    verdict: Verdict
    left: str = Field(description="左边的金额，十进制文字")
    right: str = Field(description="右边的金额")
    difference: str = Field(description="左减右")
    unit: str | None = Field(description="三个金额的单位：两边最大的单位")
    left_cells: list[CellEntry]
    right_cells: list[CellEntry]


class Identities(BaseModel):
    """一页勾稽关系；`counts` 按结论计数，不受 verdict 条件影响。"""

    total: int
    limit: int
    offset: int
    counts: dict[str, int] = Field(examples=[{"一致": 150, "尾差": 3, "不一致": 0}])
    items: list[IdentityEntry]


def asked(document: DocumentId = None, department: Department = None, year: Year = None,
          rule: Annotated[str | None, Query(max_length=20, description="规则", examples=["收支平衡"])] = None) -> Wanted:  # fmt: skip
    """Which identities an address asks for."""
    return Wanted(department, year, document, rule)


def router(desk: Desk) -> APIRouter:
    """The list, a page at a time, and the same as a file."""
    routes = APIRouter(prefix="/api", tags=["核对"])

    @routes.get("/audit", summary="核对勾稽关系", responses=problems.described(422))
    def audit(
        wanted: Annotated[Wanted, Depends(asked)], verdict: Verdicts = None, limit: Limit = 50, offset: Offset = 0
    ) -> Identities:
        """上下级合计、收支平衡、各表之间、文与表之间、与上年文件之间。库里文件多时，第一次要等一会儿；部门很多时要用 department 或 document 指明。"""
        found = _found(desk, wanted)
        of_verdict = _of_verdict(found, verdict)
        words = NamedCells(desk.store)
        items = [_entry(checked, words) for checked in of_verdict[offset : offset + limit]]
        return Identities(total=len(of_verdict), limit=limit, offset=offset, counts=dict(counts(found)), items=items)

    def rows(wanted: Annotated[Wanted, Depends(asked)], verdict: Verdicts = None) -> Export:
        return export_of(_of_verdict(_found(desk, wanted), verdict), NamedCells(desk.store))

    add_downloads(routes, "/audit", rows, like="/api/audit")
    return routes


def _found(desk: Desk, wanted: Wanted) -> list[Checked]:
    try:
        return desk.audit.find(wanted)
    except TooManyError as error:
        raise HTTPException(422, f"{error}（department 或 document）") from error


def _of_verdict(found: list[Checked], verdicts: list[Verdict] | None) -> list[Checked]:
    return found if verdicts is None else [checked for checked in found if checked.verdict in verdicts]


def _entry(checked: Checked, words: NamedCells) -> IdentityEntry:
    identity = checked.identity
    left, right = ([_cell(checked.document_of(cell), cell, words) for cell in side] for side in checked.sides)
    return IdentityEntry(
        document=checked.info.id, department=checked.info.department, year=checked.info.year, rule=identity.rule,
        title=identity.title, verdict=checked.verdict, left=str(identity.left), right=str(identity.right),
        difference=str(identity.difference), unit=identity.unit, left_cells=left, right_cells=right,
    )  # fmt: skip


def _cell(document: str, cell: IdentityCell, words: NamedCells) -> CellEntry:
    source = words.of(document, cell)
    return CellEntry(
        document=document, table_index=cell.table, row_index=cell.row, column_index=cell.column, table=source.table,
        row=list(source.row), column=list(source.column), text=cell.text, value=str(cell.value), unit=cell.unit,
    )  # fmt: skip
