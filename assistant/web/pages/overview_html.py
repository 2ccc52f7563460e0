"""The overview in words: for each composition its numbers as a table, each a button that opens its cell; or why it is not
drawn. In: compositions. Out: escaped HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assistant.web.pages.overview import Composition, Pair, Part
from assistant.web.pages.overview_charts import reference_of

ROUNDED = "各部分之和与总数只差四舍五入的尾数。"


def heading_html(title: str, composition: Composition | None) -> str:
    """The chart's name with its table and unit; below it, what is to be known before reading it."""
    if composition is None:
        return ""
    note = f'<p class="bq-why-not">{escape(composition.refusal)}</p>' if composition.refusal else ""
    if not note and composition.verdict == "尾差":
        note = f'<p class="bq-rounding">{ROUNDED}</p>'
    wholes = "　".join(f"{escape(whole.name)} {_button(whole, whole.fact.text)}" for whole in composition.wholes)
    return (
        f'<h2>{escape(title)}</h2><p class="bq-from">{escape(composition.title)}　单位：{escape(composition.unit)}</p>'
        f'<p class="bq-from">{wholes}</p>{note}'
    )


def numbers_html(composition: Composition | None) -> str:
    """Every number with its share of the whole."""
    if composition is None:
        return ""
    lines = [line for whole in composition.wholes for line in _lines(whole, whole, 0)]
    return (
        '<details class="bq-numbers"><summary>数据和出处</summary><table><thead><tr><th>项目</th><th>金额</th><th>占比</th></tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></details>"
    )


def _lines(part: Part, whole: Part, level: int) -> list[str]:
    share = part.share_of(whole)
    own = (
        f'<tr><th scope="row" style="--level:{level}">{_button(part, part.name)}</th><td>{escape(part.fact.text)}</td>'
        f"<td>{'' if share is None else f'{share}%'}</td></tr>"
    )
    return [own, *(line for inner in part.parts for line in _lines(inner, whole, level + 1))]


def pairs_html(pairs: Sequence[Pair]) -> str:
    """The amounts of both years and their difference, which is computed from the two."""
    if not pairs:
        return ""
    first = pairs[0]
    head = "".join(f"<th>{year}年</th>" for year in (first.before.fact.year, first.now.fact.year))
    lines = "".join(
        f'<tr><th scope="row">{escape(pair.name)}</th><td>{_button(pair.before, pair.before.fact.text)}</td>'
        f"<td>{_button(pair.now, pair.now.fact.text)}</td><td>{pair.change:+,f}</td></tr>"
        for pair in pairs
    )
    return (
        f'<details class="bq-numbers"><summary>数据和出处</summary><table><thead><tr><th>项目</th>{head}<th>增减</th></tr></thead>'
        f"<tbody>{lines}</tbody></table></details>"
    )


def _button(part: Part, text: str) -> str:
    where = f"打开《{part.fact.table_title}》的这一格"
    return (
        f'<button type="button" class="bq-link" data-cite="{escape(reference_of(part.fact))}" title="{escape(where)}">'
        f"{escape(text)}</button>"
    )
