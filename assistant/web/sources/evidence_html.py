"""A cited table or passage as escaped HTML, with the cited place marked. In: a Reference. Out: HTML for the evidence panel.

The table is shown as in the document: its title, unit, column headers over several lines, every row; below it what the document
says of its terms, the picture of the place on the page, where there is one, and the way to the original file. What comes from
the document or the browser goes through `escape`, always.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

from assistant.scans import Scans
from assistant.texts.passages import defined
from assistant.web.sources.named_cells import title_of
from assistant.web.sources.originals import original_line
from assistant.web.sources.picture_html import cell_page, prose_page
from assistant.web.sources.reference import Reference
from index.model import Document, Place, Row, Section, Table
from index.parsing.kinds import BY_NAME
from index.readers import is_paged
from index.sql.store import DocumentInfo, Store

MOST_ROWS = 1500  # of a table; beyond it the rows around the cited one
LONGEST_AMOUNT = 30  # characters of a cell that stay on one line: more are words, as forms have them
NEIGHBOURS = 3  # paragraphs before and after a cited one
EMPTY = (
    '<div class="bq-empty"><p class="bq-empty-title">出处</p>'
    "<p>点开回答里的来源，这里会显示原表，并标出所在的行、列和单元格。</p></div>"
)
GONE = '<div class="bq-empty"><p class="bq-empty-title">出处</p><p>这份文件已被移除或更新，请重新提问。</p></div>'


def evidence_html(store: Store, reference: Reference, scans: Scans) -> str:
    """The panel for a reference; where its document or row is no longer there, a line that says so."""
    info = store.info(reference.document)
    if info is None:
        return GONE
    document, original = store.parsed(info.id), original_line(store, info)
    paged = is_paged(Path(info.file_name))  # positioned HTML has boxes too, but no pages that can be drawn
    asked, reference = reference, _in_table(document, reference)
    if reference.table is None:
        at = _section_at(document, reference)
        if at is None:
            return GONE
        under = prose_page(document, reference, scans.doubtful(info.id)) if paged else ""
        return _panel(info, asked, document.sections[at].path, _prose(document, at, reference), under, original)
    if reference.table >= len(document.tables) or (reference.row or 0) >= len(document.tables[reference.table].rows):
        return GONE
    table = document.tables[reference.table]
    row = None if reference.row is None else table.rows[reference.row]
    body, found = _table(table, reference), _found(table, row, reference)
    under = _terms(store, info.id, table, row, reference)
    under += cell_page(document, reference, scans.doubtful(info.id)) if paged else ""
    return _panel(info, asked, [title_of(table)], body, under, original, table.unit or "", found)


def _panel(info: DocumentInfo, asked: Reference, path: Sequence[str], body: str, under: str, original: str, unit: str = "",
           found: str = "") -> str:  # fmt: skip
    source = f"{info.year}年　{info.department}　{info.kind}"
    heading = "".join(f"<span>{escape(part)}</span>" for part in path)
    money = f'<span class="bq-money">单位：{escape(unit)}</span>' if unit else ""
    return (
        f'<section class="bq-evidence" aria-label="出处" data-shown="{escape(asked.packed())}"><header>'
        f'<p class="bq-source">{escape(source)}</p><button type="button" class="bq-close" data-close aria-label="关闭出处">×</button>'
        f'<h2 tabindex="-1">{heading}</h2>{found}{money}</header>'
        f'<div class="bq-scroll" tabindex="0" role="region" aria-label="原文">{body}</div>{under}'
        f'<footer>{original}</footer></section>'
    )  # fmt: skip


# --- tables --------------------------------------------------------------------------------------------------------
def _found(table: Table, row: Row | None, reference: Reference) -> str:
    """Row, column and value in words: `商品和服务支出 › 办公费　预算　12.00万元`."""
    if row is None:
        return ""
    words = " › ".join(row.path or [row.label])
    if reference.column is None or reference.column >= len(row.cells):
        return f'<p class="bq-found">{escape(words)}</p>'
    column = " / ".join(table.columns[reference.column])
    cell = row.cells[reference.column] or "（空白）"
    unit = (table.unit_of(row, reference.column) or "") if row.values[reference.column] is not None else ""
    unit = "" if unit and cell.endswith(unit) else unit
    return f'<p class="bq-found">{escape(words)}<span>{escape(column)}</span><b>{escape(cell)}{escape(unit)}</b></p>'


def _terms(store: Store, document: str, table: Table, row: Row | None, reference: Reference) -> str:
    """What the document's own list of terms says of the row, the column and what all of the table is, folded up."""
    names = [*BY_NAME[table.kind].facets, *([row.label] if row is not None else [])]
    if reference.column is not None and reference.column < len(table.columns):
        names += table.columns[reference.column]
    return "".join(
        f'<details class="bq-term"><summary>名词解释：{escape(term)}</summary><p>{escape(text)}</p></details>'
        for term, text in defined(names, store, document).items()
    )


def _table(table: Table, reference: Reference) -> str:
    if any(row.block for row in table.rows):
        body = _side_by_side(table, reference)
    else:
        body = _head(table, reference) + "<tbody>" + "".join(_rows(table, reference)) + "</tbody>"
    notes = "".join(f"<p>{escape(note)}</p>" for note in table.notes)
    return f'<table class="bq-table">{body}</table><div class="bq-notes">{notes}</div>'


def _head(table: Table, reference: Reference) -> str:
    """Header lines from the columns' paths: neighbours that share a beginning share a cell."""
    lead = [("编码", "bq-code"), ("项目", "bq-name")][0 if _has_codes(table) else 1 :]
    depth = max([len(column) for column in table.columns], default=1)
    lines = []
    for level in range(depth):
        cells = [f'<th rowspan="{depth}" class="{kind}">{name}</th>' for name, kind in lead] if level == 0 else []
        start = 0
        while start < len(table.columns):
            path = table.columns[start]
            end = _same_until(table.columns, start, level)
            if level < len(path):
                down = depth - level if level == len(path) - 1 else 1
                marked = ' class="bq-on"' if reference.column in range(start, end) else ""
                cells.append(f'<th colspan="{end - start}" rowspan="{down}"{marked}>{escape(path[level])}</th>')
            start = end
        if level == 0:
            cells += [f'<th rowspan="{depth}">{escape(name)}</th>' for name in _text_columns(table)]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<thead>{''.join(lines)}</thead>"


def _same_until(columns: list[list[str]], start: int, level: int) -> int:
    """Where the columns end that share their header with the one at `start`; a column's last header is its own."""
    path, end = columns[start], start + 1
    while end < len(columns) and level < len(path) - 1 and columns[end][: level + 1] == path[: level + 1]:
        end += 1
    return end


def _rows(table: Table, reference: Reference) -> list[str]:
    codes, texts = _has_codes(table), _text_columns(table)
    width = 1 + codes + len(table.columns) + len(texts)
    first, last = _window(len(table.rows), reference.row or 0)
    lines = [_left_out(first, width, "前面")] if first else []
    for index in range(first, last):
        row, here = table.rows[index], index == reference.row
        cells = [f'<td class="bq-code">{escape(row.code or "")}</td>'] if codes else []
        cells.append(_label(row))
        cells += [_cell(row, index, column, reference) for column in range(len(row.cells))]
        for name in texts:
            cells.append(_words(row.texts.get(name, ""), here, reference))
        lines.append(_row(cells, row, here))
    if last < len(table.rows):
        lines.append(_left_out(len(table.rows) - last, width, "后面"))
    return lines


def _row(cells: list[str], row: Row, here: bool) -> str:
    # A cited row without a cited cell or words is itself what is shown.
    hit = " data-hit" if here and not any("data-hit" in cell for cell in cells) else ""
    return f'<tr class="bq-{row.role}{" bq-here" if here else ""}"{hit}>{"".join(cells)}</tr>'


def _words(text: str, here: bool, reference: Reference) -> str:
    """A cell of words; long ones are cut by the theme unless they are of the cited row."""
    hit = ' bq-hit" data-hit' if here and _is_quoted(text, reference) else '"'
    return f'<td class="bq-words{hit}><div>{escape(text)}</div></td>'


def _label(row: Row) -> str:
    return f'<th scope="row" style="--level:{max(0, min(row.level, 5) - 1)}">{escape(row.label)}</th>'


def _cell(row: Row, index: int, column: int, reference: Reference) -> str:
    """A cell with where it stands in the table, so that a click can name it."""
    words, hit = row.cells[column], (index, column) == (reference.row, reference.column)
    kinds = [
        name
        for name, meant in (
            ("bq-hit", hit), ("bq-on", not hit and column == reference.column), ("bq-long", len(words) > LONGEST_AMOUNT),
        )
        if meant
    ]  # fmt: skip
    classes = f' class="{" ".join(kinds)}"' if kinds else ""
    shown = ' data-hit aria-current="true"' if hit else ""
    return f'<td data-at="{index},{column}"{classes}{shown}>{escape(words)}</td>'


def _side_by_side(table: Table, reference: Reference) -> str:
    """The lists of one table (income and expenditure) beside each other again, each row where it was printed."""
    blocks = sorted({row.block for row in table.rows})
    columns = {b: _columns_of(table, b) for b in blocks}
    printed: dict[tuple, dict[int, int]] = {}
    for index, row in enumerate(table.rows):
        printed.setdefault(_line_of(row.place), {})[row.block] = index
    head = "".join(f'<th colspan="{1 + len(columns[b])}">{escape(_name_of(table, b))}</th>' for b in blocks)
    names = "".join(
        "<th>项目</th>" + "".join(f"<th{_on(c, reference)}>{escape(table.columns[c][-1])}</th>" for c in columns[b])
        for b in blocks
    )
    lines = []
    for key in sorted(printed):
        cells = []
        for block in blocks:
            found = printed[key].get(block)
            cells += ["<td></td>"] * (1 + len(columns[block])) if found is None else (
                _half(table.rows[found], found, columns[block], reference))  # fmt: skip
        total = any(table.rows[i].role == "total" for i in printed[key].values())
        lines.append(f'<tr class="{"bq-total" if total else "bq-item"}">{"".join(cells)}</tr>')
    return f"<thead><tr>{head}</tr><tr>{names}</tr></thead><tbody>{''.join(lines)}</tbody>"


def _columns_of(table: Table, block: int) -> list[int]:
    """The columns of a list: those under its side's header, else those where any of its rows prints something."""
    rows = [row for row in table.rows if row.block == block]
    side = rows[0].side
    under = [c for c, path in enumerate(table.columns) if side and path[0] == side]
    return under or [c for c in range(len(table.columns)) if any(row.cells[c] for row in rows)]


def _name_of(table: Table, block: int) -> str:
    return next((row.side or "" for row in table.rows if row.block == block), "")


def _half(row: Row, index: int, columns: list[int], reference: Reference) -> list[str]:
    label = _label(row) if index != reference.row else _label(row).replace("<th ", '<th class="bq-here" ', 1)
    return [label, *(_cell(row, index, column, reference) for column in columns)]


def _on(column: int, reference: Reference) -> str:
    return ' class="bq-on"' if column == reference.column else ""


def _line_of(place: Place) -> tuple:
    """Where a row is printed, so that rows of both sides on one line meet, in reading order."""
    cell_row = int(re.sub(r"\D", "", place.cell or "") or 0)
    height = round(place.box[1]) if place.box else 0
    return (place.page or 0, place.sheet or "", place.line or 0, cell_row, height)


def _window(rows: int, around: int) -> tuple[int, int]:
    if rows <= MOST_ROWS:
        return 0, rows
    first = max(0, min(around - MOST_ROWS // 2, rows - MOST_ROWS))
    return first, first + MOST_ROWS


def _left_out(count: int, width: int, where: str) -> str:
    return f'<tr class="bq-left-out"><td colspan="{width}">{where}还有 {count} 行未显示</td></tr>'


def _has_codes(table: Table) -> bool:
    return any(row.code for row in table.rows)


def _text_columns(table: Table) -> list[str]:
    return list(dict.fromkeys(name for row in table.rows for name in row.texts))


# --- prose ---------------------------------------------------------------------------------------------------------
def _in_table(document: Document, reference: Reference) -> Reference:
    """A reference to words by place, turned to the table row that stands there, where it is no prose."""
    if reference.table is not None or _section_at(document, reference) is not None:
        return reference
    for index, table in enumerate(document.tables):
        for number, row in enumerate(table.rows):
            if row.place == reference.place:
                return reference.model_copy(update={"table": index, "row": number})
    return reference


def _section_at(document: Document, reference: Reference) -> int | None:
    """The paragraph at the place of the reference; of several there, the one that has its words."""
    found = [i for i, section in enumerate(document.sections) if reference.place in _places(section)]
    return next((i for i in found if _span(document.sections[i].text, reference.text)), found[0] if found else None)


def _places(section: Section) -> list[Place]:
    """Where its text stands: on two pages, where a page break had cut it."""
    return [section.place, *(place for _, place in section.joins)]


def _prose(document: Document, at: int, reference: Reference) -> str:
    """The paragraph with its words marked, among its neighbours under the same heading."""
    near = range(max(0, at - NEIGHBOURS), min(len(document.sections), at + NEIGHBOURS + 1))
    path = document.sections[at].path
    lines = [_paragraph(document.sections[i], i == at, reference) for i in near if document.sections[i].path == path]
    return f'<div class="bq-prose">{"".join(lines)}</div>'


def _paragraph(section: Section, here: bool, reference: Reference) -> str:
    if not here:
        return f"<p>{escape(section.text)}</p>"
    span = _span(section.text, reference.text) or (0, len(section.text))
    before, words, after = section.text[: span[0]], section.text[span[0] : span[1]], section.text[span[1] :]
    return f'<p class="bq-here">{escape(before)}<mark data-hit>{escape(words)}</mark>{escape(after)}</p>'


def _span(text: str, words: str) -> tuple[int, int] | None:
    """Where words stand in a text, line breaks and spaces apart; a number not inside a longer one."""
    letters = [re.escape(c) for c in words if not c.isspace()]
    if not letters:
        return None
    found = re.search(r"(?<![\d.,])" * words[0].isdigit() + r"\s*".join(letters), text)
    return found.span() if found else None


def _is_quoted(text: str, reference: Reference) -> bool:
    if reference.column is not None or not text:
        return False
    return not reference.text or _span(text, reference.text[:40]) is not None
