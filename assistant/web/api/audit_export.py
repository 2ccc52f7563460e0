"""The audit list as an Export. In: identities and the words of their cells. Out: a row an identity, with the cells of both sides."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.web.service.auditing import Checked
from assistant.web.sources.export import Column, Export, Line, Source
from assistant.web.sources.named_cells import NamedCells

COLUMNS = (
    Column("结论", 10), Column("部门", 30), Column("年度", 8), Column("文件", 40), Column("规则", 24), Column("核对内容", 60),
    Column("左边", 18), Column("右边", 18), Column("差", 14), Column("单位", 8),
)  # fmt: skip
ROUNDED = "尾差是四舍五入造成的：各项分别取整后相加，末位会差一点，不算错。"


def export_of(found: Iterable[Checked], words: NamedCells) -> Export:
    """All of the identities; what 尾差 means is in the notes."""
    lines = [_line(checked, words) for checked in found]
    return Export("核对结果", COLUMNS, lines, [("项数", len(lines)), ("尾差", ROUNDED)])


def _line(checked: Checked, words: NamedCells) -> Line:
    info, identity = checked.info, checked.identity
    values = (
        checked.verdict, info.department, info.year, info.file_name, identity.rule, identity.title, identity.left, identity.right,
        identity.difference, identity.unit,
    )  # fmt: skip
    sources = [
        Source(of=side, file=info.file_name, department=info.department, year=info.year, table=told.table,
               row=" › ".join(told.row), column=" / ".join(told.column), text=told.amount)
        for side, cells in zip(("左边", "右边"), checked.sides, strict=True)
        for cell in cells
        for told in [words.of(checked.document_of(cell), cell)]
    ]  # fmt: skip
    return Line(values, sources)
