"""The overview drawn. In: compositions whose parts add up. Out: figures for gr.Plot.

As in `drawing`, amounts become floats as lengths and areas alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from gradio.components.plot import PlotData

from assistant.web.pages import drawing
from assistant.web.pages.drawing import EARLIER, GROUND, MAIN, SHADES, Mark, figure, plain
from assistant.web.pages.overview import Composition, Pair, Part
from assistant.web.sources.reference import Reference
from index.facts import Fact

LONGEST = 16  # characters of a name in a drawing; whole where it is hovered over


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
    return figure([{"type": "sankey", "node": node, "link": link, "arrangement": "fixed"}], height, {"margin": margin})


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
        "labels": [f"{plain(part.name)}　{plain(_amount(part))}" if i in inner else _label(part) for part, i, *_ in nodes],
        # What has parts shown has no area of its own, so that rounding can make no part larger than its whole.
        "values": [0 if i in inner else float(part.amount) for part, i, _, _ in nodes], "branchvalues": "remainder",
        "marker": {"colors": [colour for *_, colour in nodes], "line": {"width": 1, "color": "#ffffff"}, "pad": {"t": 26, "l": 2, "r": 2, "b": 2}},
        "customdata": [[reference_of(part.fact), _hover(part)] for part, *_ in nodes],
        "hovertemplate": "%{customdata[1]}<extra></extra>", "pathbar": {"visible": False}, "textinfo": "label",
    }  # fmt: skip
    return figure([trace], 380, {"uniformtext": {"minsize": 11, "mode": "hide"}})


def bars(composition: Composition) -> PlotData:
    """The parts as bars, as the table orders them."""
    whole = composition.wholes[0]
    parts = whole.parts
    shares = [part.share_of(whole) for part in parts]
    words = [
        f"{_cut(part.name)}　{_amount(part)}{'' if s is None else f'　{s}%'}"
        for part, s in zip(parts, shares, strict=True)
    ]
    return drawing.bars([(MAIN, "", _marks(parts))], words)


def pairs(found: Sequence[Pair]) -> PlotData:
    """Two bars for each amount, this year's above."""
    now, before = [pair.now for pair in found], [pair.before for pair in found]
    years = [f"{pair.fact.year}年" for pair in (now[0], before[0])]
    words = [f"{_cut(pair.name)}　{_amount(pair.before)} → {_amount(pair.now)}" for pair in found]
    return drawing.bars([(EARLIER, years[1], _marks(before)), (MAIN, years[0], _marks(now))], words)


def _marks(parts: Sequence[Part]) -> list[Mark]:
    return [Mark(part.amount, _hover(part), reference_of(part.fact)) for part in parts]


def _label(part: Part) -> str:
    return f"{plain(_cut(part.name))}<br>{plain(_amount(part))}"


def _hover(part: Part) -> str:
    """Amount, and from which table."""
    table = f"表{part.fact.table_number}　{part.fact.table_title}" if part.fact.table_number else part.fact.table_title
    return f"{plain(part.name)}<br><b>{plain(_amount(part))}</b><br>{plain(table)}"


def _amount(part: Part) -> str:
    return f"{part.fact.text}{part.fact.unit or ''}"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.35)"
