"""Projects as escaped HTML. In: a Selection, or one ProjectEntry. Out: the list with its total and pages; the card.

Every amount is the text of its cell, with its unit; what is computed (a share, a total) says from what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from assistant.catalog import Namesake, Order, Selection, Share
from assistant.project_entries import ProjectEntry, Words
from assistant.web.sources.reference import LONGEST, Reference
from index.amounts import convert, format_amount
from index.facts import Fact
from index.parsing.prose import NUMBER

PAGE = 50  # projects on one page
SNIPPET = 90  # characters of a target under a name
NO_CARD = '<div class="bq-empty"><p class="bq-empty-title">项目</p><p>点开左边的一个项目，这里会显示它的金额、绩效目标和出处。</p></div>'
NO_PROJECT = '<div class="bq-empty"><p class="bq-empty-title">项目</p><p>这份文件已被移除或更新，请重新查找。</p></div>'
BAD_FILTER = '<div class="bq-none" role="status">筛选条件不对：金额应为不小于 0 的数，下限不大于上限；搜索词不超过 200 字。</div>'
NONE_FOUND = '<div class="bq-none" role="status">没有符合条件的项目。可以减少搜索词，或清除筛选。</div>'
HEADS: tuple[tuple[str, str, tuple[Order, ...]], ...] = (
    ("项目", "name", ("name",)), ("部门和单位", "owner", ("department",)), ("年度", "year", ()), ("金额", "amount", ("amount_desc", "amount_asc")),
)  # fmt: skip
ARIA: dict[Order, str] = {"amount_desc": "descending"}


@dataclass(frozen=True)
class Shown:
    """How a selection is shown: its order, the page from 0, the query string of its downloads, and its conditions in words."""

    order: Order
    page: int
    query: str
    conditions: str


# --- the list ------------------------------------------------------------------------------------------------------
def list_html(selection: Selection, shown: Shown) -> str:
    """A page of the list with its heads, total and pages; a line where nothing was found."""
    conditions = f'<p class="bq-conditions">{escape(shown.conditions)}</p>'
    if not selection.entries:
        return conditions + NONE_FOUND
    start = shown.page * PAGE
    rows = "".join(_row(e, e.id in selection.meant) for e in selection.entries[start : start + PAGE])
    heads = "".join(_head(name, kind, orders, shown.order) for name, kind, orders in HEADS)
    table = f'<table class="bq-projects"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    return (
        f'{conditions}<div class="bq-sum">{_total(selection)}{_downloads(shown.query)}</div>'
        f'<div class="bq-scroll" tabindex="0" role="region" aria-label="项目列表">{table}</div>{_pages(selection, shown)}'
    )


def _total(selection: Selection) -> str:
    """How many there are, whose, and what they add up to: each year by itself, since budgets of several years are no one sum."""
    count, summed, years = len(selection.entries), len(selection.summed), selection.by_year
    unit = selection.total_unit
    totals = "".join(
        f'<span class="bq-of-year">{year}年 <b class="bq-total">{format_amount(convert(found.total, "元", unit))}</b>{unit}</span>'
        for year, found in years.items()
    )
    notes = []
    if summed < count:
        notes.append(f"{count - summed:,} 项不计入：没有列出金额，或只见于绩效表、可能已含在部门的项目清单里")
    if selection.meant:
        notes.append(f"{len(selection.meant):,} 项只是含义相近")
    small = f"<small>{'；'.join(notes)}</small>" if notes else ""
    return (
        f'<p role="status"><b>{count:,}</b> 个项目　{_whose(selection.entries)}　{"合计" if len(years) == 1 else "各年合计"} '
        f"{totals}{small}</p>"
    )


def _whose(entries: Sequence[ProjectEntry]) -> str:
    """The departments, and the kinds of documents that their projects are of."""
    departments = {entry.fact.department for entry in entries}
    owner = escape(min(departments)) if len(departments) == 1 else f"{len(departments):,} 个部门"
    return f"{owner}　{escape('、'.join(sorted({entry.kind for entry in entries})))}"


def _downloads(query: str) -> str:
    return '<nav aria-label="下载">' + "".join(
        f'<a href="api/projects/export.{ending}{escape(query)}" download>{name}</a>'
        for ending, name in (("xlsx", "下载 Excel"), ("csv", "下载 CSV"))
    ) + "</nav>"  # fmt: skip


def _head(name: str, kind: str, orders: tuple[Order, ...], order: Order) -> str:
    if not orders:
        return f'<th scope="col" class="bq-{kind}">{name}</th>'
    here = order in orders
    following = orders[(orders.index(order) + 1) % len(orders)] if here else orders[0]
    sorted_as = f' aria-sort="{ARIA.get(order, "ascending")}"' if here else ""
    return f'<th scope="col" class="bq-{kind}"{sorted_as}><button type="button" data-order="{following}">{name}</button></th>'


def _row(entry: ProjectEntry, meant: bool) -> str:
    words = entry.words[0].text if entry.words else ""
    snippet = f"<em>{escape(words[:SNIPPET])}{'…' if len(words) > SNIPPET else ''}</em>" if words else ""
    tags = _tags(entry, meant)
    unit = f"<em>{escape(entry.unit)}</em>" if entry.unit and entry.unit != entry.fact.department else ""
    return (
        f'<tr data-project="{entry.id}"><td class="bq-name"><button type="button">{escape(entry.name)}</button>{tags}{snippet}</td>'
        f'<td class="bq-owner">{escape(entry.fact.department)}{unit}</td><td class="bq-year">{entry.fact.year}</td>'
        f'<td class="bq-amount">{_amount(entry.fact)}{_in_wan(entry)}</td></tr>'
    )


def _in_wan(entry: ProjectEntry) -> str:
    """An amount in another unit also in 万元, so that the amounts of a list compare at a glance."""
    if entry.amount is None or entry.fact.unit == "万元":
        return ""
    return f"<em>合 {format_amount(convert(entry.amount, '元', '万元'))}万元</em>"


def _tags(entry: ProjectEntry, meant: bool) -> str:
    said = [("含义相近", meant), ("不计入合计", not entry.counted), ("没有绩效目标", not entry.targets)]
    return "".join(f'<span class="bq-note">{text}</span>' for text, holds in said if holds)


def _amount(fact: Fact) -> str:
    if fact.value is None:
        return "<small>未列金额</small>"
    return f"{escape(fact.text)}<small>{escape(fact.unit or '单位未注明')}</small>"


def _pages(selection: Selection, shown: Shown) -> str:
    pages = -(-len(selection.entries) // PAGE)
    if pages < 2:
        return ""
    start = shown.page * PAGE

    def turn(name: str, page: int) -> str:
        off = "" if 0 <= page < pages else " disabled"
        return f'<button type="button" data-page="{page}"{off}>{name}</button>'

    said = f"第 {start + 1:,}–{min(start + PAGE, len(selection.entries)):,} 项，共 {len(selection.entries):,} 项"
    return f'<nav class="bq-pages" aria-label="翻页">{turn("上一页", shown.page - 1)}<span>{said}</span>{turn("下一页", shown.page + 1)}</nav>'


# --- the card ------------------------------------------------------------------------------------------------------
def card_html(entry: ProjectEntry, share: Share | None, namesakes: list[Namesake], doubtful: bool) -> str:
    """All that is known of a project; `doubtful` where its amount was misread perhaps."""
    fact = entry.fact
    source = f"{fact.year}年　{fact.department}　{entry.kind}"
    return (
        f'<section class="bq-card" aria-label="项目"><header><p class="bq-source">{escape(source)}</p>'
        '<button type="button" class="bq-close" data-close aria-label="关闭项目">×</button>'
        f'<h2>{escape(entry.name)}</h2></header>'
        f'<p class="bq-figure">{_cite(Reference.of_fact(fact), _amount(fact), "看这个数的出处")}<span>{escape(_measure(fact))}</span></p>'
        f"{_facts(entry, share, doubtful)}{_targets(entry)}{_namesakes(namesakes)}{_also(entry)}</section>"
    )  # fmt: skip


def _facts(entry: ProjectEntry, share: Share | None, doubtful: bool) -> str:
    lines = [("资金使用单位", escape(entry.unit))] if entry.unit else []
    if share is not None:
        lines.append(("占项目支出", _share(entry, share)))
    if doubtful:
        lines.append(("提醒", "这个数由扫描件识别得来，把握不大，请对照下面的原件"))
    if not entry.counted:
        lines.append(("不计入合计", "只见于绩效表；部门另有项目清单，这笔钱可能已含在清单的项目里"))
    return "<dl>" + "".join(f"<div><dt>{name}</dt><dd>{said}</dd></div>" for name, said in lines) + "</dl>"


def _share(entry: ProjectEntry, share: Share) -> str:
    unit, total = share.total.unit or "", share.total
    assert entry.amount is not None
    own = format_amount(convert(entry.amount, "元", unit))
    whole = _cite(Reference.of_fact(total.facts[0]), format_amount(total.amount), "看项目支出合计的出处")
    return f"<b>{share.percent}%</b><span>{own} ÷ {whole} {escape(unit)}</span>"


def _measure(fact: Fact) -> str:
    """Which amount it is, as the table heads it."""
    return " / ".join(part for part in fact.column if part) or fact.table_title


def _targets(entry: ProjectEntry) -> str:
    if not entry.words:
        return '<p class="bq-soft">文件没有列出这个项目的绩效目标。</p>'
    return "".join(_words(words) for words in entry.words)


def _words(words: Words) -> str:
    reference = Reference(document=words.document, table=words.table, row=words.row, text=words.text[:LONGEST])
    return (
        f'<div class="bq-target"><h3>{escape(words.label)}{_cite(reference, "出处", f"看{words.label}的出处")}</h3>'
        f"<p>{with_figures(words.text)}</p></div>"
    )


def with_figures(text: str) -> str:
    """A text, escaped, its figures emphasised with their units."""
    pieces, at = [], 0
    for found in NUMBER.finditer(text):
        pieces += [escape(text[at : found.start()]), f"<strong>{escape(found[0])}</strong>"]
        at = found.end()
    return "".join([*pieces, escape(text[at:])])


def _namesakes(namesakes: list[Namesake]) -> str:
    if not namesakes:
        return ""
    lines = "".join(
        f'<li><button type="button" data-project="{n.entry.id}"><i>{n.entry.fact.year}年</i><span>{escape(n.entry.name)}'
        f"{'' if n.sure else '<small>可能是同一项目</small>'}</span><u>{_amount(n.entry.fact)}</u></button></li>"
        for n in namesakes
    )
    return f'<div class="bq-others"><h3>其他年度</h3><ul>{lines}</ul></div>'


def _also(entry: ProjectEntry) -> str:
    if not entry.also:
        return ""
    lines = "".join(
        f"<li>{_cite(Reference.of_fact(f), f'<span>{escape(f.table_title)}　{escape(_measure(f))}</span><u>{_amount(f)}</u>', '看出处')}</li>"
        for f in entry.also
    )
    return f'<div class="bq-others"><h3>同一项目也见于</h3><ul>{lines}</ul></div>'


def _cite(reference: Reference, inner: str, title: str) -> str:
    return f'<button type="button" data-cite="{escape(reference.packed())}" title="{escape(title)}">{inner}</button>'
