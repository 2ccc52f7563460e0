"""The API of questions: an answer as JSON or as a file, the structured lookup, and examples of what can be asked."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from assistant import lookup_tool
from assistant.contract import Answer
from assistant.web.api.answer_export import export_of
from assistant.web.api.bodies import Asked, AskedScope
from assistant.web.service import problems
from assistant.web.service.desk import Desk
from assistant.web.sources.export import CSV, XLSX, Export, attachment, csv_bytes, described, xlsx


class LookedUp(lookup_tool.LookupRequest):
    """一次结构化查数。"""

    model_config = ConfigDict(extra="forbid")

    scope: AskedScope = AskedScope()


class ExampleEntry(BaseModel):
    """一个示例问题。"""

    text: str
    question: str


def router(desk: Desk) -> APIRouter:
    """To ask, to look up, and what may be asked."""
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
            return lookup_tool.looked_up(desk.store, asked.scope.scope().among(desk.documents()), asked.expression)
        except ValueError as error:
            raise HTTPException(422, str(error)) from error

    @routes.get("/examples", summary="示例问题", tags=["问答"])
    def examples() -> list[ExampleEntry]:
        """由已收录文件生成、确实能回答的问题。"""
        return [ExampleEntry(text=e.text, question=e.question) for e in desk.examples.current()]

    return routes
