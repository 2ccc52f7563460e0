"""What askers think of an answer. In: thumbs up or down with the answer it is about. Out: kept in the store for the operator."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, StrictBool, field_validator

from assistant.plan import Plan
from assistant.web.api.bodies import Body, Text
from assistant.web.service import problems
from assistant.web.service.desk import Desk
from index.sql.feedback import Feedback

LONGEST_PLAN = 20_000  # characters as JSON; those of real answers have about a thousand


class Given(Body):
    """对一个回答的意见。"""

    question: Annotated[Text, Field(min_length=1, max_length=2_000, description="当时的问题")]
    answer: Annotated[Text, Field(max_length=20_000, description="当时回答的文字")]
    good: StrictBool = Field(description="true 有用，false 有问题")
    remark: Annotated[Text, Field(max_length=500, description="想说的话，可不写；请不要写个人信息")] = ""
    plan: Plan | None = Field(None, description="当时回答里的 plan")

    @field_validator("plan")
    @classmethod
    def _short(cls, plan: Plan | None) -> Plan | None:
        if plan is not None and len(plan.model_dump_json()) > LONGEST_PLAN:
            raise ValueError(f"最多 {LONGEST_PLAN} 个字")
        return plan


class Kept(Body):
    """收到的意见。"""

    id: int = Field(description="编号")


def router(desk: Desk) -> APIRouter:
    """The one route; what was given is read by `budget-qa feedback` alone."""
    routes = APIRouter(prefix="/api")

    @routes.post(
        "/feedback", summary="对回答的意见", status_code=201, responses=problems.described(413, 422, 500), tags=["问答"]
    )
    def feedback(given: Given) -> Kept:
        """除了写下的内容，什么也不记录。只保留最近的一万条。"""
        plan = None if given.plan is None else given.plan.model_dump(mode="json")
        return Kept(id=desk.store.add_feedback(Feedback(given.question, given.answer, given.good, given.remark, plan)))

    return routes
