"""The overview drawn. In: compositions whose parts add up. Out: figures for gr.Plot, in the words of plotly.js, which comes
with Gradio.

Amounts become floats here, as lengths of bars alone; what is read is the text of the document. Every mark carries the
Reference of its cell, so that a click opens the table. Colours of text are the theme's.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import Any

from gradio.components.plot import PlotData

from assistant.web.overview import Composition, Pair, Part
from assistant.web.reference import Reference
from index.facts import Fact

SHADES = ("#2b5b72", "#5a7f5c", "#a5703a", "#7d5a80", "#4a7fa0", "#8a7f3a", "#a3585a", "#5d6b8c", "#3f8078", "#8c6d5a")
MAIN, EARLIER, GROUND = "#437389", "#b3a68c", "#1c3a49"
LINE = 46  # pixels of height for a bar with its name above it
LONGEST = 16  # characters of a name in a drawing; whole where it is hovered over
LAYOUT: dict[str, Any] = {
    "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "margin": {"l": 4, "r": 4, "t": 8, "b": 8}, "dragmode": False,
    "font": {"family": "inherit", "size": 13}, "hoverlabel": {"align": "left"}, "showlegend": False,
}  # fmt: skip


def reference_of(fact: Fact) -> str:
    """The cell of a fact, as a button carries it."""
    return Reference(
        document=fact.document, table=fact.table_index, row=fact.row_index, column=fact.column_index
    ).packed()


def flow(composition: Composition) -> PlotData:
    """Sources of income at the left, through their total, to what it is spent on at the right."""
    income, expenditure = composition.wholes
    sources, uses = list(income.leaves()), list(expenditure.leaves())
    parts = [*sources, income, *uses]
    centre = len(sources)
    links = [(i, centre) for i in range(centre)] + [(centre, i) for i in range(centre + 1, len(parts))]
    ends = [parts[a] if b == centre else parts[b] for a, b in links]
    colours = [SHADES[i % len(SHADES)] for i in range(len(parts))]
    node = {
        # The total stands above the drawing: in its middle there is no room for words on a phone.
        "label": ["" if part is income else _label(part) for part in parts], "color": colours, "pad": 34, "thickness": 14, "line": {"width": 0},
        "customdata": [[reference_of(part.fact), _hover(part)] for part in parts], "hovertemplate": "%{customdata[1]}<extra></extra>",
    }  # fmt: skip
    link = {
        "source": [a for a, _ in links], "target": [b for _, b in links], "value": [float(part.amount) for part in ends],
        "color": [_faint(colours[parts.index(part)]) for part in ends],
        "customdata": [[reference_of(part.fact), _hover(part)] for part in ends], "hovertemplate": "%{customdata[1]}<extra></extra>",
    }  # fmt: skip
    height = max(260, 64 * max(len(sources), len(uses)) + 40)
    margin = {"l": 4, "r": 4, "t": 12, "b": 28}
    return _figure([{"type": "sankey", "node": node, "link": link, "arrangement": "fixed"}], height, {"margin": margin})


def treemap(composition: Composition) -> PlotData:
    """Each part as an area, those a step below it inside."""
    whole = composition.wholes[0]
    nodes: list[tuple[Part, str, str, str]] = [(whole, "whole", "", GROUND)]  # part, its id, its parent's, its colour
    for number, part in enumerate(whole.parts):
        nodes.append((part, f"{number}", "whole", SHADES[number % len(SHADES)]))
        nodes += [(p, f"{number}/{n}", f"{number}", SHADES[number % len(SHADES)]) for n, p in enumerate(part.parts)]
    inner = {parent for _, _, parent, _ in nodes}
    trace = {
        "type": "treemap", "ids": [i for _, i, _, _ in nodes], "parents": [p for _, _, p, _ in nodes],
        "labels": [f"{_text(part.name)}　{_text(_amount(part))}" if i in inner else _label(part) for part, i, *_ in nodes],
        # What has parts shown has no area of its own, so that rounding can make no part larger than its whole.
        "values": [0 if i in inner else float(part.amount) for part, i, _, _ in nodes], "branchvalues": "remainder",
        "marker": {"colors": [colour for *_, colour in nodes], "line": {"width": 1, "color": "#ffffff"}, "pad": {"t": 26, "l": 2, "r": 2, "b": 2}},
        "customdata": [[reference_of(part.fact), _hover(part)] for part, *_ in nodes],
        "hovertemplate": "%{customdata[1]}<extra></extra>", "pathbar": {"visible": False}, "textinfo": "label",
    }  # fmt: skip
    return _figure([trace], 380, {"uniformtext": {"minsize": 11, "mode": "hide"}})


def bars(composition: Composition) -> PlotData:
    """The parts as bars, as the table orders them."""
    whole = composition.wholes[0]
    parts = whole.parts
    shares = [part.share_of(whole) for part in parts]
    words = [
        f"{_cut(part.name)}　{_amount(part)}{'' if s is None else f'　{s}%'}"
        for part, s in zip(parts, shares, strict=True)
    ]
    return _bars([(MAIN, "", parts)], words)


def pairs(found: Sequence[Pair]) -> PlotData:
    """Two bars for each amount, this year's above."""
    now, before = [pair.now for pair in found], [pair.before for pair in found]
    years = [f"{pair.fact.year}年" for pair in (now[0], before[0])]
    words = [f"{_cut(pair.name)}　{_amount(pair.before)} → {_amount(pair.now)}" for pair in found]
    return _bars([(EARLIER, years[1], before), (MAIN, years[0], now)], words)


def _bars(series: Sequence[tuple[str, str, Sequence[Part]]], words: Sequence[str]) -> PlotData:
    """Bars from the top down, the words above each: beside it they would leave no room on a phone."""
    places = [-float(i) for i in range(len(words))]
    thickness = 0.36 / len(series)
    traces = [
        {
            "type": "bar", "orientation": "h", "name": name, "x": [float(part.amount) for part in parts], "y": places,
            "marker": {"color": colour}, "width": thickness, "offset": -0.36 + thickness * at,
            "customdata": [[reference_of(part.fact), _hover(part)] for part in parts],
            "hovertemplate": "%{customdata[1]}<extra></extra>",
        }
        for at, (colour, name, parts) in enumerate(series)
    ]  # fmt: skip
    notes = [
        {"x": 0, "xref": "paper", "xanchor": "left", "y": place, "yanchor": "bottom", "yshift": 2, "text": _text(text),
         "showarrow": False, "align": "left"}
        for place, text in zip(places, words, strict=True)
    ]  # fmt: skip
    axis = {"visible": False, "fixedrange": True}
    layout = {
        "annotations": notes, "xaxis": {**axis, "rangemode": "tozero"}, "yaxis": {**axis, "range": [-len(words) + 0.5, 0.6]},
        "barmode": "overlay", "showlegend": len(series) > 1, "legend": {"orientation": "h", "y": -0.02, "traceorder": "reversed"},
    }  # fmt: skip
    return _figure(traces, LINE * len(words) + 40 * len(series), layout)


def _figure(traces: list[dict[str, Any]], height: int, layout: dict[str, Any] | None = None) -> PlotData:
    figure = {
        "data": traces,
        "layout": {**LAYOUT, "height": height, **(layout or {})},
        "config": {"displayModeBar": False},
    }
    return PlotData(type="plotly", plot=json.dumps(figure, ensure_ascii=False))


def _label(part: Part) -> str:
    return f"{_text(_cut(part.name))}<br>{_text(_amount(part))}"


def _hover(part: Part) -> str:
    """Amount, and from which table."""
    table = f"表{part.fact.table_number}　{part.fact.table_title}" if part.fact.table_number else part.fact.table_title
    return f"{_text(part.name)}<br><b>{_text(_amount(part))}</b><br>{_text(table)}"


def _amount(part: Part) -> str:
    return f"{part.fact.text}{part.fact.unit or ''}"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _text(text: str) -> str:
    """plotly.js reads tags in its texts."""
    return escape(text, quote=False)


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.35)"
