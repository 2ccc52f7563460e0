"""The API of documents: what is indexed, one as it was read, its original file, and pictures of its pages."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field

from assistant.web.api.parameters import PathId, known
from assistant.web.service import problems
from assistant.web.service.desk import Desk
from assistant.web.sources.originals import BYTES, address, download
from assistant.web.sources.pictures import box_of, page_png
from index.show import document_json

BINARY = {"schema": {"type": "string", "format": "binary"}}
BOX = r"^-?\d{1,5}(\.\d{1,3})?(,-?\d{1,5}(\.\d{1,3})?){3}$"


class DocumentEntry(BaseModel):
    """一份已收录的文件。"""

    id: str
    title: str
    department: str
    year: int
    kind: str
    file_name: str
    sha256: str
    indexed_at: str
    file: str = Field(description="原文件的下载地址")
    source_url: str | None = Field(None, description="公布地址，收录时由运营者写明")
    repeats: str | None = Field(None, description="与这个编号的文件是同一份预算，不重复计数")
    superseded_by: str | None = Field(None, description="已由这个编号的文件更正，不再据以回答")
    supersedes: list[str] = Field([], description="更正了这些编号的文件")


def router(desk: Desk) -> APIRouter:
    """The documents, themselves and as they were read."""
    routes = APIRouter(prefix="/api")

    @routes.get("/documents", summary="已收录的文件", tags=["文件"])
    def documents() -> list[DocumentEntry]:
        """按部门排列，新的年度在前。"""
        infos = desk.store.documents(hidden=True)
        return [DocumentEntry(**asdict(info), file=f"/{address(info.id)}") for info in infos]

    @routes.get("/documents/{id}", summary="一份文件的内容", responses=problems.described(404), tags=["文件"])
    def document(id: PathId) -> dict[str, Any]:
        """读出来的表和文字，与 `budget-qa show --json` 相同。"""
        return document_json(desk.store.parsed(known(desk.store, id).id))

    @routes.get(
        "/documents/{id}/file", summary="原文件", response_class=Response, tags=["文件"],
        responses={200: {"description": "收录时的文件，一字节不差", "content": {BYTES: BINARY}}, **problems.described(404)},
    )  # fmt: skip
    def file(id: PathId) -> Response:
        """收录时的原文件，以附件下载；它的 SHA-256 见 `/api/documents`。"""
        return download(desk.store, known(desk.store, id))

    return routes


def pictures_router(desk: Desk) -> APIRouter:
    """Pictures have a bound of their own and do not pass the gate: they take seconds, and no question waits for one."""
    routes = APIRouter(prefix="/api")

    @routes.get(
        "/documents/{id}/pages/{number}.png", summary="一页的图", response_class=Response, tags=["文件"],
        responses={200: {"description": "PNG 图", "content": {"image/png": BINARY}}, **problems.described(404, 422, 429, 503)},
    )  # fmt: skip
    def page(
        id: PathId,
        number: Annotated[int, Path(description="第几页，从 1 数起", ge=1, le=100_000, examples=[3])],
        box: Annotated[str | None, Query(
            description="只要这一处和它的周围，并框出来：左,上,右,下，与出处的 place.box 相同", pattern=BOX,
            examples=["176.8,216.2,299.2,248.6"],
        )] = None,
    ) -> Response:  # fmt: skip
        """原件的一页，供对照识别得来的数；只有 PDF 和图片文件有。扫描的页按读取时的方向摆正。"""
        png = page_png(desk.store, known(desk.store, id), number, box_of(box))
        return Response(png, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})

    return routes
