"""The HTTP API: questions, documents, examples, health and metrics. Errors are problem details (RFC 9457).

Every route that works is a plain function, so it runs in a thread, and passes the gate, so that few do at once and the event loop
stays free.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import version
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from gradio.route_utils import API_PREFIX
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from assistant import tool
from assistant.contract import Answer
from assistant.web import api_audit, api_docs, api_facts, crowd, feedback, handover, openai_api, problems, stream
from assistant.web.answer_export import export_of
from assistant.web.api_projects import projects_router
from assistant.web.asked import Asked, AskedScope
from assistant.web.desk import Desk
from assistant.web.export import CSV, XLSX, Export, attachment, csv_bytes, described, xlsx
from assistant.web.known import known
from assistant.web.limits import Limits
from assistant.web.operator import Operator
from assistant.web.operator import router as operator_router
from assistant.web.originals import BYTES, address, download
from assistant.web.pictures import box_of, page_png
from assistant.web.readiness import Readiness
from index.errors import StoreError
from index.show import document_json

ANY = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
BINARY = {"schema": {"type": "string", "format": "binary"}}
BOX = r"^-?\d{1,5}(\.\d{1,3})?(,-?\d{1,5}(\.\d{1,3})?){3}$"


class LookedUp(tool.LookupRequest):
    """一次结构化查数。"""

    model_config = ConfigDict(extra="forbid")

    scope: AskedScope = AskedScope()


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


class ExampleEntry(BaseModel):
    text: str
    question: str


def public_router(desk: Desk) -> APIRouter:
    """What anyone may call."""
    routes = APIRouter(prefix="/api")

    @routes.post("/ask", summary="提问", responses=problems.described(413, 422, 500), tags=["问答"])
    def ask(asked: Asked) -> Answer:
        """回答一个问题。数字都带出处；文件里没有的，`refused` 为 true 并说明 `reason`。追问时把以前各轮的 `plan` 放进 `previous`。"""
        answer = desk.ask(asked.question, channel="api", scope=asked.scope.scope(), previous=asked.plans())
        return desk.word(answer) if asked.prose else answer

    @routes.post(
        "/ask.xlsx", summary="提问，回答存为工作簿", response_class=Response, tags=["问答"],
        responses={**described(XLSX), **problems.described(413, 422, 500)},
    )  # fmt: skip
    def workbook(asked: Asked) -> Response:
        """请求与 `/api/ask` 相同。一张表是回答里的数或引文，一张表是它们的出处。"""
        return attachment(xlsx(rows(asked)), "回答.xlsx", XLSX)

    @routes.post(
        "/ask.csv", summary="提问，回答存为 CSV", response_class=Response, tags=["问答"],
        responses={**described(CSV), **problems.described(413, 422, 500)},
    )  # fmt: skip
    def text(asked: Asked) -> Response:
        """请求与 `/api/ask` 相同；出处写在最后一列。"""
        return attachment(csv_bytes(rows(asked)), "回答.csv", CSV)

    def rows(asked: Asked) -> Export:
        return export_of(ask(asked), {info.id: info for info in desk.documents()})

    @routes.post("/lookup", summary="结构化查数", responses=problems.described(413, 422, 500), tags=["问答"])
    def look_up(asked: LookedUp) -> dict[str, Any]:
        """执行 plan 里的一个表达式（取值、排名、求和、占比……），返回数值、单元格和算式；查不到时 `missing` 说明缺什么。"""
        try:
            return tool.looked_up(desk.store, asked.scope.scope().among(desk.documents()), asked.expression)
        except ValueError as error:
            raise HTTPException(422, str(error)) from error

    @routes.get("/examples", summary="示例问题", tags=["问答"])
    def examples() -> list[ExampleEntry]:
        """由已收录文件生成、确实能回答的问题。"""
        return [ExampleEntry(text=e.text, question=e.question) for e in desk.examples.current()]

    @routes.get("/documents", summary="已收录的文件", tags=["文件"])
    def documents() -> list[DocumentEntry]:
        """按部门排列，新的年度在前。"""
        infos = desk.store.documents(hidden=True)
        return [DocumentEntry(**asdict(info), file=f"/{address(info.id)}") for info in infos]

    @routes.get("/documents/{id}", summary="一份文件的内容", responses=problems.described(404), tags=["文件"])
    def document(id: Annotated[str, Path(description="文件编号")]) -> dict[str, Any]:
        """读出来的表和文字，与 `budget-qa show --json` 相同。"""
        return document_json(desk.store.parsed(known(desk.store, id).id))

    @routes.get(
        "/documents/{id}/file", summary="原文件", response_class=Response, tags=["文件"],
        responses={200: {"description": "收录时的文件，一字节不差", "content": {BYTES: BINARY}}, **problems.described(404)},
    )  # fmt: skip
    def file(id: Annotated[str, Path(description="文件编号")]) -> Response:
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
        id: Annotated[str, Path(description="文件编号")],
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


def service_router(desk: Desk) -> APIRouter:
    """What a supervisor and Prometheus call."""
    routes = APIRouter(tags=["运行"])

    readiness = Readiness(desk)

    @routes.get("/healthz", summary="进程是否活着")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @routes.get("/readyz", summary="能否回答问题", responses=problems.described(503))
    def readyz() -> JSONResponse:
        """数据库能读、向量模型能用、回答能生成，才算就绪；最多每五秒试一次。正在停止时不算就绪。"""
        verdict = readiness.verdict()
        if verdict.problem:
            return problems.problem(503, verdict.problem)
        return JSONResponse({"status": "ready", "documents": verdict.documents})

    @routes.get("/metrics", summary="Prometheus 指标", response_class=Response)
    def metrics() -> Response:
        with suppress(StoreError):  # while the database is away, as many as there were
            desk.metrics.indexed(len(desk.documents()))
        return Response(desk.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return routes


def create_api(desk: Desk, operator: Operator | None = None) -> FastAPI:
    """The app with every route but the page's; the operator's where there is one."""
    app = FastAPI(
        title="预算问答助手", description="根据已收录的部门预算文件回答问题，每个数字都有出处。", version=version("budget-qa"),
        docs_url=None, redoc_url=None, openapi_url="/api/openapi.json",
        responses={422: {"model": problems.Problem, "description": problems.TITLES[422]}},
    )  # fmt: skip
    crowd.install(app, desk)
    app.add_middleware(Limits, upload=operator.megabytes if operator else 0)
    problems.install(app)
    works: dict[str, Any] = {"dependencies": [Depends(desk.gate.passed)], "responses": problems.described(429, 503)}
    app.include_router(public_router(desk), **works)
    app.include_router(projects_router(desk), **works)
    for part in (api_facts, api_audit, stream, feedback, openai_api):
        app.include_router(part.router(desk), **works)
    app.include_router(pictures_router(desk))
    app.include_router(service_router(desk))
    app.include_router(handover.router(desk))
    prefixes = ["/api", "/v1", "/internal"]
    if operator:
        app.include_router(operator_router(operator))
        prefixes.append("/operator")
    api_docs.install(app)

    # Before the page, which answers every other address with itself. Its own upload takes files of anyone: no page uses it.
    for prefix in prefixes:
        app.add_api_route(prefix + "/{rest:path}", _unknown, methods=ANY, include_in_schema=False)
    app.add_api_route(f"{API_PREFIX}/upload", _unknown, methods=ANY, include_in_schema=False)
    return app


async def _unknown(request: Request) -> None:
    """No route took this request: 405 where one has the address with another method, else 404."""
    if any(route.matches(request.scope)[0] == Match.PARTIAL for route in request.app.routes):
        raise HTTPException(405, "这个地址不接受该方法；用法见 /api/docs")
    raise HTTPException(404, "没有这个地址；用法见 /api/docs")
