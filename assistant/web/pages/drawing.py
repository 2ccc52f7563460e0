"""Figures in the words of plotly.js, which comes with Gradio. In: marks, each an amount with its words. Out: data for gr.Plot.

Amounts become floats here, as lengths of bars alone; what is read is the text of the document. Every mark carries the
Reference of its cell, so that a click opens the table. Colours of text are the theme's.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any

from gradio.components.plot import PlotData

SHADES = ("#2b5b72", "#5a7f5c", "#a5703a", "#7d5a80", "#4a7fa0", "#8a7f3a", "#a3585a", "#5d6b8c", "#3f8078", "#8c6d5a")
MAIN, EARLIER, GROUND = "#437389", "#b3a68c", "#1c3a49"
LINE = 46  # pixels of height for a bar with its name above it
LAYOUT: dict[str, Any] = {
    "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "margin": {"l": 4, "r": 4, "t": 8, "b": 8}, "dragmode": False,
    "font": {"family": "inherit", "size": 13}, "hoverlabel": {"align": "left"}, "showlegend": False,
}  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """An amount to draw; `hover` is markup, made with `plain`, and `reference` what a click opens, packed."""

    amount: Decimal
    hover: str
    reference: str

    @property
    def data(self) -> list[str]:
        """What a click and a pointer get: reference and words."""
        return [self.reference, self.hover]


def bars(series: Sequence[tuple[str, str, Sequence[Mark]]], words: Sequence[str]) -> PlotData:
    """Bars from the top down, the words above each: beside it they would leave no room on a phone. A series has its colour and
    its name."""
    places = [-float(i) for i in range(len(words))]
    thickness = 0.36 / len(series)
    traces = [
        {
            "type": "bar", "orientation": "h", "name": name, "x": [float(mark.amount) for mark in marks], "y": places,
            "marker": {"color": colour}, "width": thickness, "offset": -0.36 + thickness * at,
            "customdata": [mark.data for mark in marks],
            "hovertemplate": "%{customdata[1]}<extra></extra>",
        }
        for at, (colour, name, marks) in enumerate(series)
    ]  # fmt: skip
    notes = [
        {"x": 0, "xref": "paper", "xanchor": "left", "y": place, "yanchor": "bottom", "yshift": 2, "text": plain(text),
         "showarrow": False, "align": "left"}
        for place, text in zip(places, words, strict=True)
    ]  # fmt: skip
    axis = {"visible": False, "fixedrange": True}
    layout = {
        "annotations": notes, "xaxis": {**axis, "rangemode": "tozero"}, "yaxis": {**axis, "range": [-len(words) + 0.5, 0.6]},
        "barmode": "overlay", "showlegend": len(series) > 1, "legend": {"orientation": "h", "y": -0.02, "traceorder": "reversed"},
    }  # fmt: skip
    return figure(traces, LINE * len(words) + 40 * len(series), layout)


def figure(traces: list[dict[str, Any]], height: int, layout: dict[str, Any] | None = None) -> PlotData:
    """Traces as a figure, so many pixels high; `layout` is beside or instead of LAYOUT."""
    drawn = {
        "data": traces,
        "layout": {**LAYOUT, "height": height, **(layout or {})},
        "config": {"displayModeBar": False},
    }
    return PlotData(type="plotly", plot=json.dumps(drawn, ensure_ascii=False))


def plain(text: str) -> str:
    """plotly.js reads tags in its texts."""
    return escape(text, quote=False)
