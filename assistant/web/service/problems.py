"""Errors over HTTP, in Chinese. In: an exception. Out: RFC 9457 problem details, under /v1 the shape that OpenAI's clients read.

A store that cannot be read now may be read soon: that is 503, and when to come again.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.types import Scope

from assistant.operation.logs import request_id
from assistant.web.service.gate import AGAIN
from assistant.web.service.proxy import path_of
from index.errors import BudgetQAError, ReadError, StoreError

TITLES = {
    400: "请求有误", 401: "没有通行凭据", 403: "不允许", 404: "没有这个地址或文件", 405: "这个地址不接受该方法", 413: "请求太大",
    422: "请求内容不符合要求", 429: "次数太多", 500: "程序出错", 503: "暂时不能回答",
}  # fmt: skip
DEPTHS = {"previous": 2, "plan": 1, "messages": 3}  # parts of a place that tell the caller something
OPENAI = "/v1/"  # the addresses whose callers expect errors as OpenAI gives them
# pydantic's error types as the caller reads them; any other keeps pydantic's own words.
REASONS = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这个字段",
    "json_invalid": "不是合法的 JSON",
    "string_type": "应为文字",
    "bool_type": "应为 true 或 false",
    "too_short": "不能为空",
    "string_unicode": "含有无法识别的字符",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "decimal_parsing": "应为数字",
    "decimal_max_digits": "数字太长",
    "finite_number": "应为数字",
    "bool_parsing": "应为 true 或 false",
    "too_long": "太长，最多 {max_length}",  # characters or entries
    "list_type": "应为数组",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "string_pattern_mismatch": "格式不对，见 /api/docs",
    "string_too_long": "不能超过 {max_length} 个字",
    "string_too_short": "不能少于 {min_length} 个字",
    "literal_error": "没有这个取值，可用的见 /api/docs",
    "value_error": "{error}",
}


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = Field("about:blank", description="问题类型")
    title: str = Field(description="问题的名称")
    status: int = Field(description="HTTP 状态码")
    detail: str = Field(description="哪里不对，怎么办")
    errors: list[dict[str, str]] = Field(default_factory=list, description="请求里每一处不对的地方")
    request_id: str = Field("", description="这次请求的编号，与响应头 X-Request-ID 和日志里的相同")


def titled(status: int, detail: str, errors: list[dict[str, str]] | None = None) -> Problem:
    """A problem with the name of its status."""
    title = TITLES.get(status, HTTPStatus(status).phrase)
    return Problem(title=title, status=status, detail=detail, errors=errors or [], request_id=request_id.get())


def problem(status: int, detail: str) -> JSONResponse:
    """A problem as a response."""
    return _response(titled(status, detail))


def respond(scope: Scope, found: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    """A problem in the shape that callers of the address read."""
    return (_openai if path_of(scope).startswith(OPENAI) else _response)(found, headers)


def of(error: Exception) -> Problem:
    """What the caller is told of an error that answering ended in; the server logs the traceback of what is not ours."""
    if isinstance(error, BudgetQAError):
        status = 400 if isinstance(error, ReadError) else 503 if isinstance(error, StoreError) else 500
        return titled(status, str(error))
    return titled(500, "程序出错，已经记录；请换一种问法，或稍后再试")


def _response(found: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    body = found.model_dump(exclude_defaults=True)
    return JSONResponse(body, found.status, headers=headers, media_type="application/problem+json")


def _openai(found: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    """Their clients know a malformed request as 400."""
    status = 400 if found.status == 422 else found.status
    kind = "server_error" if status >= 500 else "rate_limit_error" if status == 429 else "invalid_request_error"
    where = found.errors[0]["where"] if found.errors else None
    error = {"message": found.detail, "type": kind, "param": where, "code": None}
    return JSONResponse({"error": error}, status, headers=headers)


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of a route's errors."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": TITLES[status], "content": content} for status in statuses}


def install(app: FastAPI) -> None:
    """Turn every exception of the app's routes into a problem."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(BudgetQAError, _failed)
    app.add_exception_handler(Exception, _failed)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = [{"where": _where(entry["loc"]), "detail": _reason(entry)} for entry in error.errors()[:20]]
    detail = "；".join(dict.fromkeys(f"{e['where']}：{e['detail']}" for e in errors[:3]))
    return respond(request.scope, titled(422, detail, errors))


def _reason(entry: dict[str, Any]) -> str:
    if {"previous", "plan"} & set(entry["loc"][:2]) and len(entry["loc"]) > 2:
        return "不是有效的计划；请原样传回以前回答里的 plan"
    reason: str = REASONS.get(entry["type"], entry["msg"])
    return reason.format(**entry.get("ctx", {}))


def _where(location: tuple[str | int, ...]) -> str:
    """`("body", "previous", 0, "parts")` as `previous[0]`."""
    parts = list(location)
    if parts[0] in ("body", "query"):
        parts = parts[1:]
    if not parts or isinstance(parts[0], int):
        return "请求体"
    parts = parts[: DEPTHS.get(str(parts[0]))]
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".")


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    english = error.detail == HTTPStatus(error.status_code).phrase
    detail = TITLES.get(error.status_code, error.detail) if english else error.detail
    return respond(request.scope, titled(error.status_code, detail), dict(error.headers or {}))


def _failed(request: Request, error: Exception) -> JSONResponse:
    found = of(error)
    return respond(request.scope, found, {"Retry-After": str(AGAIN)} if found.status == 503 else None)
