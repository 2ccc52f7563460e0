"""The rows of an answer drawn, where a picture says more than their list. In: an Answer. Out: a figure for gr.Plot, or None.

What is drawn follows from the plan: years are a line, the parts of one whole a ring, what was ranked or listed bars.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from gradio.components.plot import PlotData

from assistant.answer_rows import Row, listed
from assistant.contract import Answer, Citation
from assistant.plan import Calculate, Combine, Expression, Plan, Reduce
from assistant.web.pages import drawing
from assistant.web.pages.drawing import MAIN, SHADES, Mark, plain
from assistant.web.sources.reference import Reference

MOST = 15  # bars, the first ones; the rows are all in the list above
MOST_PARTS = len(SHADES)
WHOLE = (Decimal("99.5"), Decimal("100.5"))  # percent that shares add up to, each rounded
LONGEST = 26  # characters of a name above its bar
LISTED = {"list", "rank"}
HELD_TOGETHER = {"list", "greatest", "least", "descending", "ascending"}
YEAR = re.compile(r"((?:19|20)\d\d)年")


def chart_of(answer: Answer) -> PlotData | None:
    """None too where amounts are of different units or below zero: lengths side by side would mislead."""
    rows = listed(answer)
    expression = _expression(answer) if len({row.unit for row in rows}) == 1 else None
    if expression is None:
        return None
    amounts = [row.amount for row in rows]
    if any(amount is None or amount < 0 for amount in amounts) or not any(amounts):
        return None
    marks = [_mark(answer, row) for row in rows]
    years = [found[1] for row in rows if (found := YEAR.search(row.label))]
    if len(set(years)) == len(rows):
        return _line(years, rows, marks)
    if _is_whole(expression, rows) and len(rows) <= MOST_PARTS:
        return _ring(rows, marks)
    words = [f"{_cut(row.label)}　{row.number.text}{row.unit}" for row in rows[:MOST]]
    return drawing.bars([(MAIN, "", marks[:MOST])], words)


def _expression(answer: Answer) -> Expression | None:
    """What was worked out, where that is one thing that has rows to compare."""
    parts = Plan.model_validate(answer.plan).parts if answer.plan and not answer.refused else []
    part = parts[0] if len(parts) == 1 else None
    expression = part.expression if isinstance(part, Calculate) else None
    if isinstance(expression, Reduce) and expression.how in LISTED:
        return expression
    return expression if isinstance(expression, Combine) and expression.how in HELD_TOGETHER else None


def _is_whole(expression: Expression, rows: Sequence[Row]) -> bool:
    """Whether the rows are all the parts of one thing."""
    if rows[0].unit == "%":
        return WHOLE[0] <= sum((row.amount or Decimal(0)) for row in rows) <= WHOLE[1]
    if not (isinstance(expression, Reduce) and expression.how == "list"):
        return False
    of = expression.of
    chosen = of.where or of.exclude or of.top or of.nth or of.labels
    return not chosen and (len(of.under) == 1 or of.universe == "units" or of.level is not None)


def _mark(answer: Answer, row: Row) -> Mark:
    cited = next((c for c in answer.citations if c.id in row.number.citations), None)
    hover = f"{plain(row.label)}<br><b>{plain(row.number.text + row.unit)}</b>{_where(cited)}"
    return Mark(row.amount or Decimal(0), hover, Reference.of(cited).packed() if cited else "")


def _where(cited: Citation | None) -> str:
    return f"<br>{plain(cited.table)}" if cited and cited.table else ""


def _line(years: Sequence[str], rows: Sequence[Row], marks: Sequence[Mark]) -> PlotData:
    """From the earliest year to the latest, from zero up."""
    order = sorted(range(len(rows)), key=lambda i: years[i])
    trace = {
        "type": "scatter", "mode": "lines+markers+text", "x": [f"{years[i]}年" for i in order], "y": [float(marks[i].amount) for i in order],
        "text": [plain(rows[i].number.text) for i in order], "textposition": "top center", "cliponaxis": False,
        "line": {"color": MAIN, "width": 2.5}, "marker": {"size": 9}, "customdata": [marks[i].data for i in order],
        "hovertemplate": "%{customdata[1]}<extra></extra>",
    }  # fmt: skip
    axes = {
        "xaxis": {"type": "category", "fixedrange": True, "showgrid": False},
        "yaxis": {"visible": False, "fixedrange": True, "rangemode": "tozero"},
    }
    return drawing.figure([trace], 240, {**axes, "margin": {"l": 24, "r": 24, "t": 30, "b": 28}})


def _ring(rows: Sequence[Row], marks: Sequence[Mark]) -> PlotData:
    """The parts of a whole, from the top around as they are listed."""
    trace = {
        "type": "pie", "hole": 0.58, "sort": False, "direction": "clockwise", "values": [float(mark.amount) for mark in marks],
        "labels": [f"{plain(_cut(row.label))}　{plain(row.number.text)}{row.unit}" for row in rows],
        "marker": {"colors": SHADES[: len(rows)]}, "textinfo": "none", "customdata": [mark.data for mark in marks],
        "hovertemplate": "%{customdata[0][1]}<extra></extra>",
    }  # fmt: skip
    legend = {
        "orientation": "v",
        "x": 0,
        "y": -0.06,
        "xanchor": "left",
        "yanchor": "top",
        "itemclick": False,
        "itemdoubleclick": False,
    }
    return drawing.figure([trace], 220 + 21 * len(rows), {"showlegend": True, "legend": legend})


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
