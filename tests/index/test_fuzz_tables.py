"""Well-formed files with absurd tables, made by hypothesis: reading gives a Document or one line of ours, never another error.

Beside test_fuzz.py, whose files are broken in their bytes, these are whole in their format and strange in what they say.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from html import escape

import docx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from test_fuzz import is_wrong, outcome

SOAK = 600  # seconds for all formats
HEADS = (
    "项目",
    "科目编码",
    "科目名称",
    "合计",
    "基本支出",
    "项目支出",
    "2024年预算数",
    "金额（万元）",
    "单位：元",
    "类",
    "款",
    "项",
    "单位名称",
    "绩效目标",
)
LABELS = (
    "合计",
    "一、教育支出",
    "（一）机关服务",
    "1.办公费",
    "[30201]办公费",
    "301",
    "30199",
    "其中：",
    "某市服务中心",
    "总计",
    "收入",
    "支出",
    "本年支出合计",
)
AMOUNTS = (
    "0.00",
    "1,234.56",
    "-3",
    "（5.00）",
    "1e9",
    "12.345678",
    "９．００",
    "—",
    "…",
    "10%",
    "￥3",
    "99999999999999999999.99",
    "1.2.3",
    "≥95%",
    "0x1F",
)
TITLES = (
    "支出总体情况表",
    "表1",
    "收支总体情况表\n单位：万元",
    "一般公共预算“三公”经费支出表",
    "项目支出绩效目标表",
    "2024年",
    "单位：千元",
    "目录",
    "",
)
TABLE_CELLS = st.one_of(st.sampled_from(HEADS + LABELS + AMOUNTS), st.just(""), st.text(max_size=12))
ROWS = st.integers(0, 8).flatmap(
    lambda width: st.lists(st.lists(TABLE_CELLS, min_size=width, max_size=width + 2), max_size=12)
)
PIECES = st.tuples(st.one_of(st.sampled_from(TITLES), st.text(max_size=30)), ROWS)
CONTENTS = st.lists(PIECES, min_size=1, max_size=4)
Content = list[tuple[str, list[list[str]]]]
HEAD = "2024年某市测试局部门预算"


def clean(text: str) -> str:
    """Without what XML cannot hold."""
    return (
        ILLEGAL_CHARACTERS_RE.sub("", text)
        .encode("utf-8", "ignore")
        .decode()
        .replace("\ufffe", "")
        .replace("\uffff", "")
    )


def as_text(content: Content) -> bytes:
    parts = [f"{title}\n\n" + "\n".join("\t".join(row) for row in rows) for title, rows in content]
    return "\n\n".join([HEAD, *parts]).encode("utf-8", "ignore")


def as_markdown(content: Content) -> bytes:
    parts = []
    for title, rows in content:
        lines = [f"| {' | '.join(row)} |" for row in rows]
        parts.append(
            f"## {title}\n\n" + "\n".join([*lines[:1], "|---" * len(rows[0] if rows else []) + "|", *lines[1:]])
        )
    return "\n\n".join([f"# {HEAD}", *parts]).encode("utf-8", "ignore")


def as_page(content: Content) -> bytes:
    parts = []
    for title, rows in content:
        body = "".join(
            "<tr>"
            + "".join(f"<td colspan={1 + len(cell) % 3} rowspan={1 + len(row) % 2}>{escape(cell)}" for cell in row)
            for row in rows
        )
        parts.append(f"<h2>{escape(title)}</h2><table>{body}</table>")
    return f"<title>{HEAD}</title>{''.join(parts)}".encode("utf-8", "ignore")


def as_workbook(content: Content) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append([HEAD])
    for title, rows in content:
        sheet.append([clean(title)])
        first = sheet.max_row + 1
        for row in rows:
            sheet.append(["'" + cell if cell.startswith("=") else cell for cell in map(clean, row)])
        if len(rows) > 1 and len(rows[0]) > 1:
            sheet.merge_cells(
                start_row=first, end_row=first + len(rows) % 3, start_column=1, end_column=1 + len(rows[0]) % 3
            )
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def as_word(content: Content) -> bytes:
    document = docx.Document()
    document.add_paragraph(HEAD)
    for title, rows in content:
        document.add_paragraph(clean(title))
        width = max(map(len, rows), default=0)
        if not width:
            continue
        table = document.add_table(len(rows), width)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                table.cell(r, c).text = clean(cell)
        if width > 2:
            table.cell(0, 0).merge(table.cell(len(rows) - 1, 1))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


FORMATS: dict[str, Callable[[Content], bytes]] = {
    "表.txt": as_text, "表.md": as_markdown, "表.html": as_page, "表.xlsx": as_workbook, "表.docx": as_word,
}  # fmt: skip
QUICK = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
LONG = settings(QUICK, max_examples=100, derandomize=False, phases=[Phase.generate, Phase.shrink])


@pytest.mark.parametrize("name", FORMATS)
def test_absurd_table_is_read_or_refused(name: str) -> None:
    QUICK(absurd(name))()


def absurd(name: str) -> Callable[[], None]:
    """A test of one format."""

    def check(content: Content) -> None:
        assert not is_wrong(outcome(name, FORMATS[name](content)))

    return given(CONTENTS)(check)


@pytest.mark.soak
def test_absurd_tables_for_long_are_read_or_refused() -> None:
    """Each round is of other tables."""
    ends, rounds = time.monotonic() + SOAK, 0
    while time.monotonic() < ends:
        for name in FORMATS:
            LONG(absurd(name))()
        rounds += 1
    print(f"{rounds * len(FORMATS) * LONG.max_examples}份")
