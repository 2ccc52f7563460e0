"""The API of questions: an answer as JSON or as a file, the structured lookup, and examples of what can be asked."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from assistant import lookup_tool
from assistant.contract import Answer
from assistant.web.api.answer_export import export_of
from assistant.web.api.bodies import Asked, AskedScope
from assistant.web.api.downloads import add_downloads
from assistant.web.service import problems
from assistant.web.service.desk import Desk
from assistant.web.sources.export import Export


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
    routes = APIRouter(prefix="/api", tags=["问答"])

    @routes.post("/ask", summary="提问", responses=problems.described(413, 422, 500))
    def ask(asked: Asked) -> Answer:
        """回答一个问题。数字都带出处；文件里没有的，`refused` 为 true 并说明 `reason`。追问时把以前各轮的 `plan` 放进 `previous`。"""
        answer = desk.ask(asked.question, channel="api", scope=asked.scope.scope(), previous=asked.plans())
        return desk.word(answer) if asked.prose else answer

    def rows(asked: Asked) -> Export:
        return export_of(ask(asked), {info.id: info for info in desk.documents()})

    add_downloads(routes, "/ask", rows, like="/api/ask", method="POST")

    @routes.post("/lookup", summary="结构化查数", responses=problems.described(413, 422, 500))
    def look_up(asked: LookedUp) -> dict[str, Any]:
        """执行 plan 里的一个表达式（取值、排名、求和、占比……），返回数值、单元格和算式；查不到时 `missing` 说明缺什么。"""
        try:
            return lookup_tool.looked_up(desk.store, asked.scope.scope().among(desk.documents()), asked.expression)
        except ValueError as error:
            raise HTTPException(422, str(error)) from error

    @routes.get("/examples", summary="示例问题")
    def examples() -> list[ExampleEntry]:
        """由已收录文件生成、确实能回答的问题。"""
        return [ExampleEntry(text=e.text, question=e.question) for e in desk.examples.current()]

    return routes
