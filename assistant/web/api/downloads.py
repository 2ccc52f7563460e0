"""What an address gives as files beside it: a workbook and CSV. In: how a request becomes an Export. Out: a route for each."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from assistant.web.service import problems
from assistant.web.sources.export import CSV, XLSX, Export, attachment, csv_bytes, described, xlsx

# By ending: how it is written, its media type, and what the API's description says of it.
FORMATS: dict[str, tuple[Callable[[Export], bytes], str, str]] = {
    "xlsx": (xlsx, XLSX, "工作簿，工作表“来源”列出每个数所在的文件、表、行、列和单元格原文。"),
    "csv": (csv_bytes, CSV, "CSV，UTF-8（带 BOM），来源写在最后一列；以 = + - @ 等开头的文字前加撇号，以免被当作公式。"),
}  # fmt: skip


def add_downloads(routes: APIRouter, path: str, rows: Callable[..., Export], like: str, method: str = "GET") -> None:
    """`path` with each ending; `rows` takes from a request what the address `like` takes."""
    for ending in FORMATS:
        _add(routes, path, ending, rows, like, method)


def _add(routes: APIRouter, path: str, ending: str, rows: Callable[..., Export], like: str, method: str) -> None:
    written, media_type, told = FORMATS[ending]
    made = Depends(rows)

    def download(export: Export = made) -> Response:
        return attachment(written(export), f"{export.file_name or export.title}.{ending}", media_type)

    errors = (413, 422, 500) if method == "POST" else (422, 500)
    routes.add_api_route(
        f"{path}.{ending}", download, methods=[method], summary=f"存为 {ending.upper()}", response_class=Response,
        description=f"请求与 {like} 相同，给出全部。{told}", responses={**described(media_type), **problems.described(*errors)},
    )  # fmt: skip
