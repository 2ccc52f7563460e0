"""The operator's routes: to sign in and out, and to send a file. What is done with it the page asks for.

In: a password, the bytes of a file. Out: a session in a cookie, a token by which the file is taken. Without a password in the
settings there is no Operator, and none of these addresses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field, SecretStr
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from assistant.web.api.bodies import Body
from assistant.web.api.uploads import Uploads
from assistant.web.service.hardening import UPLOAD
from assistant.web.service.sessions import COOKIE, Sessions, give
from index.settings import Settings


@dataclass(frozen=True)
class Operator:
    """What the service keeps for its operator."""

    sessions: Sessions
    uploads: Uploads
    megabytes: int  # of the largest file

    @classmethod
    def of(cls, settings: Settings) -> Operator | None:
        """None where no password is set."""
        if settings.operator_password is None:
            return None
        uploads = Uploads(settings.store, shared=settings.on_servers)
        return cls(Sessions(settings.operator_password), uploads, settings.upload_megabytes)


class SignIn(Body):
    """The password."""

    password: Annotated[SecretStr, Field(max_length=500)]


def router(operator: Operator) -> APIRouter:
    """The three routes; not part of the public API."""
    routes = APIRouter(include_in_schema=False)
    sessions = operator.sessions

    def signed_in(request: Request) -> None:
        if not sessions.holds(request):
            raise HTTPException(401, "请先登录")

    @routes.post("/operator/session", status_code=204)
    def sign_in(asked: SignIn, request: Request) -> Response:
        address = request.client.host if request.client else ""
        response = Response(status_code=204)
        give(response, sessions.open(asked.password.get_secret_value(), address), request.url.scheme == "https")
        return response

    @routes.delete("/operator/session", status_code=204)
    def sign_out(request: Request) -> Response:
        sessions.close(request)
        response = Response(status_code=204)
        response.delete_cookie(COOKIE)
        return response

    @routes.post(UPLOAD, status_code=201, dependencies=[Depends(signed_in)])
    async def receive(request: Request, name: Annotated[str, Query(min_length=1, max_length=500)]) -> dict[str, str]:
        """The body is the file, so that nothing has to be parsed, and no more is received than may be."""
        try:
            return {"file": await operator.uploads.receive(name, request.stream())}
        except ClientDisconnect as error:
            raise HTTPException(400, "上传中断，文件没有收到") from error

    return routes
