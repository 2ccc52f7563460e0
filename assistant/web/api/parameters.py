"""What addresses of the API share: how many entries of a list and from which on, whose they are, and the document that one names.

In: what stands in a request. Out: the same checked; 404 for a document that is not there.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query
from starlette.exceptions import HTTPException

from index.sql.store import DocumentInfo, Store

MOST = 200  # entries at a time

Limit = Annotated[int, Query(ge=1, le=MOST, description=f"一次取几条，最多 {MOST}", examples=[50])]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="从第几条起，从 0 数", examples=[0])]
Department = Annotated[str | None, Query(max_length=200, description="部门全称；不写的不限")]
Year = Annotated[int | None, Query(ge=1900, le=2999, description="年度", examples=[2024])]
PathId = Annotated[str, Path(description="文件编号")]
DocumentId = Annotated[str | None, Query(max_length=64, description="文件编号（见 /api/documents）")]


def known(store: Store, document_id: str) -> DocumentInfo:
    """What is known of the document that an address names. Raises HTTPException where no document has that id."""
    info = store.info(document_id)
    if info is None:
        raise HTTPException(404, f"没有编号为 {document_id[:40]} 的文件；编号见 /api/documents")
    return info
