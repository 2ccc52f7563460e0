"""The HTTP API put together: every router, what stands before them all, health and metrics. Errors are problem details (RFC 9457).

Every route that works is a plain function, so it runs in a thread, and passes the gate, so that few do at once and the event loop
stays free.
"""

from __future__ import annotations

from contextlib import suppress
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from gradio.route_utils import API_PREFIX
from starlette.exceptions import HTTPException
from starlette.routing import Match

from assistant.web.api import (
    ask,
    audit,
    docs,
    documents,
    facts,
    feedback,
    handover,
    openai,
    operator_routes,
    projects,
    stream,
)
from assistant.web.api.operator_routes import Operator
from assistant.web.service import admission, problems
from assistant.web.service.desk import Desk
from assistant.web.service.hardening import Hardening
from assistant.web.service.readiness import Readiness
from index.errors import StoreError

ANY = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


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
    admission.install(app, desk)
    app.add_middleware(Hardening, upload=operator.megabytes if operator else 0)
    problems.install(app)
    works: dict[str, Any] = {"dependencies": [Depends(desk.gate.passed)], "responses": problems.described(429, 503)}
    for part in (ask, documents, projects, facts, audit, stream, feedback, openai):
        app.include_router(part.router(desk), **works)
    app.include_router(documents.pictures_router(desk))
    app.include_router(service_router(desk))
    app.include_router(handover.router(desk))
    prefixes = ["/api", "/v1", "/internal"]
    if operator:
        app.include_router(operator_routes.router(operator))
        prefixes.append("/operator")
    docs.install(app)

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
