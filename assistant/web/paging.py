"""What lists of the API share: how many at a time, and from which on."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

MOST = 200  # entries at a time

Limit = Annotated[int, Query(ge=1, le=MOST, description=f"一次取几条，最多 {MOST}", examples=[50])]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="从第几条起，从 0 数", examples=[0])]
Department = Annotated[str | None, Query(max_length=200, description="部门全称；不写的不限")]
Year = Annotated[int | None, Query(ge=1900, le=2999, description="年度", examples=[2024])]
DocumentId = Annotated[str | None, Query(max_length=64, description="文件编号（见 /api/documents）")]
