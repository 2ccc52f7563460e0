"""Identities as escaped HTML. In: identities with the words of their cells. Out: a list, each side's cells as buttons that
open their table.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from html import escape

from assistant.web.service.auditing import Checked
from assistant.web.sources.named_cells import NamedCell, NamedCells
from index.amounts import convert, format_amount
from index.checks.identity import IdentityCell, Verdict

KINDS: dict[Verdict, str] = {"一致": "same", "尾差": "rounded", "不一致": "differs"}
ABOUT = (
    '<details class="bq-about"><summary>一致、尾差、不一致是什么意思</summary>'
    "<p><b>一致</b>：两边的数完全相等。</p>"
    "<p><b>尾差</b>：两边只差四舍五入的尾数，<b>不是错误</b>。表里每个数都单独舍入到同一位小数，几个舍入后的数相加，"
    "可以和直接舍入的合计差一点。例如三个 0.333 各写成 0.33，相加是 0.99，而合计写成 1.00。"
    "每个相加的数最多允许差 0.01；文字里的数，允许差它最后一位的一半。</p>"
    "<p><b>不一致</b>：差得比舍入能解释的多。可能是原文件有误，也可能两处口径不同，或者没有读准，请点开两边的单元格，对照原表判断。</p></details>"
)
NONE = '<div class="bq-empty"><p>没有符合条件的核对项。</p></div>'
OPENED = '<div class="bq-empty"><p class="bq-empty-title">出处</p><p>点开左边任何一个数，这里会显示它所在的表和单元格。</p></div>'


def list_html(found: Iterable[Checked], words: NamedCells) -> str:
    """The list; a line that there is none where it is empty."""
    lines = "".join(_identity(checked, words) for checked in found)
    return f'<ol class="bq-identities">{lines}</ol>' if lines else NONE


def _identity(checked: Checked, words: NamedCells) -> str:
    identity, info = checked.identity, checked.info
    unit = identity.unit or ""
    left, right = (
        _side(total, unit, [(cell, words.of(checked.document_of(cell), cell)) for cell in cells])
        for total, cells in zip((identity.left, identity.right), checked.sides, strict=True)
    )
    apart = f'<p class="bq-apart">差 {identity.difference:,f}{escape(unit)}</p>' if identity.difference else ""
    whose = f"{info.year}年　{info.department}　{info.kind}"
    return (
        f'<li class="bq-identity bq-{KINDS[checked.verdict]}"><p class="bq-whose"><b class="bq-verdict">{checked.verdict}</b>'
        f'<span>{escape(identity.rule)}</span><span>{escape(whose)}</span></p><p class="bq-what">{escape(identity.title)}</p>'
        f'<div class="bq-sides">{left}<i aria-label="对">{"=" if not identity.difference else "≠"}</i>{right}</div>{apart}</li>'
    )


def _side(total: Decimal, unit: str, sources: list[tuple[IdentityCell, NamedCell]]) -> str:
    """The amount of a side: its cell, or the sum of its cells, which unfold."""
    if len(sources) == 1:
        [(cell, source)] = sources
        return f'<div class="bq-side">{_amount(cell, source, source.amount, unit)}<em>{escape(source.name)}</em></div>'
    lines = "".join(
        f"<li><span>{escape(source.name)}</span><div>{_amount(cell, source, source.text, unit)}</div></li>"
        for cell, source in sources
    )
    return (
        f'<div class="bq-side"><b>{total:,f}{escape(unit)}</b><details><summary>{len(sources)} 个数之和</summary>'
        f"<ol>{lines}</ol></details></div>"
    )


def _amount(cell: IdentityCell, source: NamedCell, text: str, unit: str) -> str:
    """A cell as a button. One that is printed in another unit than is compared in says first what it is in that."""
    if not unit or cell.unit in (None, unit):
        return _button(source, text)
    same = f"{format_amount(convert(cell.value, cell.unit, unit))}{unit}"
    return f'<b>{escape(same)}</b><span class="bq-printed">原文 {_button(source, source.amount)}</span>'


def _button(source: NamedCell, text: str) -> str:
    said = escape(source.said())
    return (
        f'<button type="button" class="bq-link" data-cite="{escape(source.reference.packed())}" title="{said}" aria-label="{said}">'
        f"{escape(text)}</button>"
    )
