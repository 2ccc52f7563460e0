"""Row labels: codes, numbering, levels and parents.

In: labels as printed. Out: a clean label, its code, and the path from its outermost ancestor. Three hierarchies occur:
classification codes (类 201 ⊃ 款 20101 ⊃ 项 2010102), numbering (一、⊃（一）⊃ 1.), and unit rows above their items.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate

from index.amounts import CENT
from index.model import Row

BRACKET_CODE = re.compile(r"^[\[【](\d{3,})[\]】]\s*(.+)$")
LEADING_CODE = re.compile(r"^(\d{3}|\d{5}|\d{7})\s*[-—－]?\s*([^\d\s\-—－].*)$")
PROJECT_CODE = re.compile(r"^((?=[0-9A-Z]*\d{4})[0-9A-Z]{10,})\s*[-—－]\s*(.+)$")
DASH_CODE = re.compile(r"^([A-Z]\d*|\d{2,})[-—－]\s*([^\d\s].*)$")
NUMBERING = [
    re.compile(r"^[一二三四五六七八九十]+、"),
    re.compile(r"^[（(][一二三四五六七八九十]+[)）]"),
    re.compile(r"^\d{1,2}[.、．]\s*(?=\D)"),
    re.compile(r"^[（(]\d{1,2}[)）]"),
]
HEAD_OFFICE = re.compile(r"[（(](?:本级|机关|本部|局本级|本级机关)[)）]$|(?:本级|机关)$")
AMONG = re.compile(r"^其中[:：]")
FIRST = re.compile(r"^一、")
TOTAL = re.compile(
    r"^(?:(?!不|其中|除)[\u4e00-\u9fff]{0,8}(?:合计|总计|共计)|(?:本年|当年)?(?:收入|支出|收支)?总额|(?:本年|当年)(?:收入|支出)小计)$"
)
FURTHER_IN = 0.4  # characters: a label set in by less stands beside the one above
NOTHING = {"", "无", "—", "-", "--"}


def split_code(label: str, bare: bool = True) -> tuple[str | None, str]:
    """`[30226] 劳务费` to ("30226", "劳务费"); a label without a code keeps None. `bare` codes stand without brackets."""
    match = BRACKET_CODE.match(label) or PROJECT_CODE.match(label)
    match = match or ((LEADING_CODE.match(label) or DASH_CODE.match(label)) if bare else None)
    return (match[1], match[2].strip()) if match else (None, label)


def split_codes(labels: list[str]) -> list[tuple[str | None, str]]:
    """The codes of one column of labels. A bare one counts only where every second label has one: 12345热线运维 has none."""
    coded = sum(bool(LEADING_CODE.match(label) or DASH_CODE.match(label)) for label in labels)
    bare = 2 * coded >= len([label for label in labels if label and not is_total(label)])
    return [split_code(label, bare) for label in labels]


def join_codes(lines: list[list[str]]) -> list[str | None]:
    """The codes of rows whose 类, 款 and 项 stand in columns of their own: 301 | 2 is 30102.

    A part may lack its leading zero, repeat the parts before it, or leave them to the row above.
    """
    codes: list[str | None] = []
    above: list[str] = []
    for line in lines:
        parts = [part if part.isdigit() else "" for part in line]
        first = next((i for i, part in enumerate(parts) if part), 0)
        above = [*above[:first], *parts[first:]] if any(parts) else []
        code = ""
        for part in above:
            code = part if part.startswith(code) else code + part.zfill(2) if part else code
        codes.append(code or None)
    return codes


def numbering_level(label: str) -> int:
    """1 for 一、, 2 for （一）, 3 for 1., 4 for (1), 0 for a label without numbering. `其中：` in front is passed over."""
    bare = AMONG.sub("", label)
    return next((level for level, pattern in enumerate(NUMBERING, 1) if pattern.match(bare)), 0)


@lru_cache(maxsize=65_536)  # the same labels, of rows and of columns, come again and again
def plain_label(label: str) -> str:
    """The words of a label: no code in brackets, numbering, `其中：`, quotation marks, stars or spaces; brackets full-width."""
    text = unicodedata.normalize("NFKC", split_code(label, bare=False)[1])
    text = re.sub(r"[\s“”\"‘’'*★☆]", "", AMONG.sub("", text.strip()))
    for pattern in NUMBERING:
        text = pattern.sub("", text, count=1)
    return AMONG.sub("", text).rstrip(":").replace("(", "（").replace(")", "）")


def is_total(label: str) -> bool:
    """Whether a label is that of a total: 合计, 本年收入合计, 支出总额."""
    return bool(TOTAL.match(re.sub(r"\s|[：:]$", "", label)))


def code_level(code: str) -> int:
    """类 1, 款 2, 项 3: three digits, then two for each level below."""
    return 1 + max(0, (len(code) - 3 + 1) // 2)


def set_hierarchy(rows: list[Row], budget_units: list[str], indents: Sequence[float | None] = ()) -> None:
    """Fill path, level, role and budget unit of the rows of one table, in place. `indents` are how far labels are set in."""
    if any(row.code for row in rows):
        _by_code(rows, budget_units)
    elif any(is_unit(row.label, budget_units) for row in rows):
        _by_unit(rows, budget_units)
    else:
        _by_numbering(rows, indents)
        if any(sums_exceed(rows, c) for c in range(len(rows[0].cells) if rows else 0)):
            _by_numbering(rows, ())


def _is_total_row(row: Row, rows: list[Row]) -> bool:
    """A row that says so, or the first or last of a table when it has no label."""
    return is_total(row.label) or (not row.label and any(row is edge for edge in (rows[0], rows[-1])))


def _mark_total(row: Row) -> None:
    row.role, row.level, row.path = "total", 0, [row.label]


def _mark_unit(row: Row) -> None:
    row.role, row.level, row.path, row.budget_unit = "unit", 1, [row.label], row.label


def _by_code(rows: list[Row], budget_units: list[str]) -> None:
    """Codes, in a table that lists its units under the unit above them. A row without a code that is no unit is a total."""
    coded = [row for row in rows if row.code]
    if all(is_unit(row.label, budget_units) for row in coded) and not any(_is_below(row, coded) for row in coded):
        _by_unit(rows, budget_units)  # codes of units, none of which is below another
        return
    owners = list(accumulate(rows, lambda unit, row: _unit_of(row, budget_units) or unit, initial=""))[1:]
    named = {(owner, row.code): row.label for owner, row in zip(owners, rows, strict=True) if row.code}
    last: list[str] = []  # the path of the last row with a code: what has none below it is a part of it
    for owner, row in zip(owners, rows, strict=True):
        if _unit_of(row, budget_units):
            _mark_unit(row)
            last = row.path
        elif not row.code and _is_total_row(row, rows):
            _mark_total(row)
        elif not row.code:
            row.path = [*last, row.label]
            row.level = len(row.path)
            row.budget_unit = owner or None
        else:
            row.level = code_level(row.code)
            above = [named[owner, row.code[:n]] for n in range(3, len(row.code)) if (owner, row.code[:n]) in named]
            row.path = last = [*([owner] if owner else []), *above, row.label]
            row.budget_unit = owner or None


def _is_below(row: Row, others: list[Row]) -> bool:
    return any(other.code != row.code and (row.code or "").startswith(other.code or "-") for other in others)


def _unit_of(row: Row, budget_units: list[str]) -> str:
    return row.label if not row.code and is_unit(row.label, budget_units) else ""


def is_unit(label: str, budget_units: list[str]) -> bool:
    """Whether a row names a unit; a department's own head office is 某局（本级）."""
    return label in budget_units or HEAD_OFFICE.sub("", label) in budget_units


def _by_unit(rows: list[Row], budget_units: list[str]) -> None:
    current: Row | None = None
    for row in rows:
        if _is_total_row(row, rows):
            _mark_total(row)
        elif is_unit(row.label, budget_units):
            current = row
            _mark_unit(row)
        else:
            row.level = 2
            row.path = [current.label, row.label] if current else [row.label]
            row.budget_unit = current.label if current else None


def _by_numbering(rows: list[Row], indents: Sequence[float | None]) -> None:
    """`其中：` opens the parts of the unnumbered row above it; 四、 after a total row is no part of that total; an unnumbered row
    set further in than one above is a part of it."""
    stack: list[tuple[int, str]] = []
    outer: list[tuple[float, list[str]]] = []  # how far in the rows above stand, with their paths, outermost first
    parts_open = False
    numbered = False  # whether a first list of 一、二、三、 has been seen
    listed: list[str] | None = None
    for before, row, indent in zip([None, *rows], rows, indents or [None] * len(rows), strict=False):
        level = numbering_level(row.label)
        listed = None if level or _is_total_row(row, rows) else _listed_under(row, before, listed, stack)
        if listed:
            row.path = [*listed, row.label]
            row.level = len(row.path)
            continue
        if _is_total_row(row, rows):
            _mark_total(row)
            stack, parts_open, outer = [], False, []
            continue
        while outer and indent is not None and outer[-1][0] > indent - FURTHER_IN:
            outer.pop()
        if level == 0 and outer and indent is not None:
            row.path = [*outer[-1][1], row.label]
            row.level = len(row.path)
            outer.append((indent, row.path))
            continue
        if level == 0:
            stack, parts_open = [], False
        elif AMONG.match(row.label) or (numbered and FIRST.match(row.label) and len(stack) == 1 and not stack[0][0]):
            parts_open = True  # numbering that begins anew below a row without number lists its parts
        elif not parts_open:
            stack = [entry for entry in stack if entry[0] > 0]
        while stack and stack[-1][0] >= max(level, 1) and stack[-1][0] > 0:
            stack.pop()
        numbered = numbered or bool(FIRST.match(row.label))
        row.path = [*(name for _, name in stack), row.label]
        row.level = len(row.path)
        stack.append((level, row.label))
        if indent is not None:
            outer.append((indent, row.path))


def sums_exceed(rows: list[Row], column: int) -> bool:
    """Whether the parts of a row, as its path says, are more than the row itself."""
    sums: dict[int, Decimal] = {}
    last: dict[tuple[str, ...], int] = {}
    for r, row in enumerate(rows):
        parent = last.get(tuple(row.path[:-1]))
        if parent is not None:
            sums[parent] = sums.get(parent, Decimal(0)) + (row.values[column] or 0)
        last[tuple(row.path)] = r
    return any(amount > (own := rows[r].values[column] or Decimal(0)) + CENT * len(rows) and own > 0
               for r, amount in sums.items())  # fmt: skip


def _listed_under(
    row: Row, before: Row | None, listed: list[str] | None, stack: list[tuple[int, str]]
) -> list[str] | None:
    """The path under which a row without a number is listed: `其中：` opens a list, which goes on to the next number."""
    if AMONG.match(row.label):
        return listed or (before.path if before else None)
    return listed if any(level for level, _ in stack) else None
