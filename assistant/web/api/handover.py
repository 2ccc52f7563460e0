"""The operator's work, handed over by `budget-qa ingest` and `remove` while the service holds the store.

In: the paths or the document, with the secret of the service file. Out: the report. Not part of the public API.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from pydantic import Field
from starlette.exceptions import HTTPException

from assistant.web.api.bodies import Body
from assistant.web.service.desk import Desk
from index.ingest import AS_TOLD, Correction


class Ingest(Body):
    """Files and folders by their absolute paths, and what the operator says of them."""

    paths: list[str] = Field(min_length=1)
    told: Correction = AS_TOLD


class Remove(Body):
    """A document by its id."""

    document: str


def router(desk: Desk) -> APIRouter:
    """The two routes; both are refused without the secret."""

    def authorised(authorization: Annotated[str, Header()] = "") -> None:
        expected = f"Bearer {desk.token}".encode()
        if not desk.token or not secrets.compare_digest(authorization.encode("utf-8", "replace"), expected):
            raise HTTPException(401, "凭据不对；请在服务所用的数据目录下运行 budget-qa", {"WWW-Authenticate": "Bearer"})

    routes = APIRouter(prefix="/internal", dependencies=[Depends(authorised)], include_in_schema=False)

    @routes.post("/ingest")
    def ingest(body: Ingest) -> dict[str, Any]:
        return {"files": [asdict(entry) for entry in desk.ingest(body.paths, body.told).files]}

    @routes.post("/remove")
    def remove(body: Remove) -> dict[str, Any]:
        if desk.store.info(body.document) is None:
            raise HTTPException(404, f"{body.document}：没有这份文件；用 budget-qa documents 查看已入库文件")
        desk.remove(body.document)
        return {"removed": body.document}

    return routes
