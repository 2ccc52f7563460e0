"""Pictures of the pages of indexed files. In: a document and a page, perhaps a box on it. Out: a PNG.

A picture is drawn in a process of its own, so no file can take this one's memory; few are waited for at a time, so that
pictures never keep questions waiting.
"""

from __future__ import annotations

import threading
from pathlib import Path

from starlette.exceptions import HTTPException

from index.errors import ReadError
from index.layout.marks import Box
from index.picture import Part
from index.readers import is_paged
from index.sandbox import picture_limited
from index.sql.store import DocumentInfo, Store

MOST_WAITING = 8  # pictures wanted at a time; more are told to come back
_waiting = threading.BoundedSemaphore(MOST_WAITING)


def page_png(store: Store, info: DocumentInfo, number: int, box: Box | None) -> bytes:
    """The page, or what stands around the box on it, marked. Raises HTTPException: 404 where there is no such picture, 503 where
    too many are wanted."""
    original = store.original(info.sha256)
    if original is None or not is_paged(Path(info.file_name)):
        raise HTTPException(404, f"{info.file_name}：这种文件不分页，没有图")
    if not _waiting.acquire(blocking=False):
        raise HTTPException(503, "同时要图的太多；请过几秒再试", {"Retry-After": "3"})
    try:
        part = Part(number, store.parsed(info.id).turned(number), box)
        return picture_limited(Path(info.file_name), original[1], part)
    except ReadError as error:
        raise HTTPException(404, f"第{number}页没有图：文件没有这一页或这个位置，或者画不出来") from error
    finally:
        _waiting.release()


def box_of(text: str | None) -> Box | None:
    """Four numbers as a box. Raises HTTPException where they are none."""
    if text is None:
        return None
    left, top, right, bottom = map(float, text.split(","))
    if left >= right or top >= bottom:
        raise HTTPException(422, "box：应为左、上、右、下，左小于右，上小于下")
    return left, top, right, bottom


def address(document: str, page: int, box: Box | None) -> str:
    """Where the picture is, from the page's own address."""
    marked = f"?box={','.join(f'{edge:g}' for edge in box)}" if box else ""
    return f"api/documents/{document}/pages/{page}.png{marked}"
