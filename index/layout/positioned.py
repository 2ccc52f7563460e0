"""HTML pages whose text and lines are placed one by one, as converters from PDF write them, to pages of marks.

In: an element tree. Out: pages of glyphs and ruling lines. A page is an element with a size that holds placed elements; a
placed element without text whose border or background is drawn is a ruling line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from lxml.html import HtmlElement

from index.layout.marks import Glyph, Page, Rule, Rules

LENGTH = re.compile(r"(-?(?:[0-9]{1,9}\.?[0-9]*|\.[0-9]+))\s*(pt|px|em|cm|mm|in|)")
POINTS = {"pt": 1.0, "px": 0.75, "": 0.75, "cm": 28.3465, "mm": 2.83465, "in": 72.0, "em": 12.0}
FEWEST = 40  # placed elements: fewer are a menu or a banner
THICK = 3.0  # points: a drawn element wider both ways is a background


def is_positioned(tree: HtmlElement) -> bool:
    """Whether a page's text is placed piece by piece."""
    placed = sum(
        "absolute" in (e.get("style") or "") and "top" in (e.get("style") or "") for e in tree.iter("div", "span", "p")
    )
    return placed >= FEWEST


def positioned_pages(tree: HtmlElement) -> list[Page]:
    """The pages of a file, in order."""
    pages: list[Page] = []
    for element in tree.iter("div"):
        style = _style(element)
        if any(_is_hidden(_style(around)) for around in [element, *element.iterancestors()]):
            continue
        if style.get("position") == "relative" and _points(style.get("width")) and _points(style.get("height")):
            page = _page(element, style, len(pages) + 1)
            if page.glyphs:
                pages.append(page)
    return pages


def _page(element: HtmlElement, style: dict[str, str], number: int) -> Page:
    glyphs: list[Glyph] = []
    rules = Rules()
    for placed in element.iterdescendants("div", "span", "p"):
        own = _style(placed)
        if own.get("position") != "absolute" or _is_hidden(own):
            continue
        left, top = _offset(placed, element)
        text = "".join(_own_text(placed)).replace("\xa0", " ")
        if text.strip():
            glyphs += _glyphs(text, left, top, own)
        else:
            _add_rules(rules, own, left, top)
    return Page(number, _points(style["width"]), _points(style["height"]), glyphs, [rules])


def _own_text(placed: HtmlElement) -> Iterator[str]:
    """The text of an element without that of the placed elements inside of it, which stand elsewhere."""
    yield placed.text or ""
    for child in placed:
        if isinstance(child.tag, str) and _style(child).get("position") != "absolute":
            yield from _own_text(child)
        yield child.tail or ""


def _offset(placed: HtmlElement, page: HtmlElement) -> tuple[float, float]:
    """Where a placed element stands on its page: its own place and those of the placed elements around it."""
    left = top = 0.0
    for element in [placed, *placed.iterancestors()]:
        if element is page:
            break
        style = _style(element)
        if style.get("position") == "absolute":
            left, top = left + _points(style.get("left")), top + _points(style.get("top"))
    return left, top


def _is_hidden(style: dict[str, str]) -> bool:
    return style.get("display") == "none" or style.get("visibility") == "hidden"


def _glyphs(text: str, left: float, top: float, style: dict[str, str]) -> list[Glyph]:
    """One glyph a character; full-width ones are as wide as the type is high, others half of it."""
    size = _points(style.get("font-size")) or 10.0
    found = []
    for character in text:
        wide = unicodedata.east_asian_width(character) in "FWA"
        right = left + size * (1.0 if wide else 0.5)
        if character.strip():
            found.append(Glyph(character, (left, top, right, top + size)))
        left = right
    return found


def _add_rules(rules: Rules, style: dict[str, str], left: float, top: float) -> None:
    width, height = _points(style.get("width")), _points(style.get("height"))
    drawn = {
        side
        for side in ("top", "bottom", "left", "right")
        if _is_drawn(style.get(f"border-{side}") or style.get("border"))
    }
    if (
        not drawn
        and _is_drawn(style.get("background-color") or style.get("background"))
        and min(width, height) <= THICK
    ):
        drawn = {"top"} if width > height else {"left"}
    if "top" in drawn:
        rules.across.append(Rule(top, left, left + width))
    if "bottom" in drawn:
        rules.across.append(Rule(top + height, left, left + width))
    if "left" in drawn:
        rules.down.append(Rule(left, top, top + height))
    if "right" in drawn:
        rules.down.append(Rule(left + width, top, top + height))


def _is_drawn(value: str | None) -> bool:
    return bool(value) and not re.search(
        r"none|hidden|transparent|#fff\b|#ffffff|white|^0(?:px|pt)?(?:\s|$)", str(value)
    )


def _style(element: HtmlElement) -> dict[str, str]:
    parts = (part.partition(":") for part in (element.get("style") or "").split(";"))
    return {name.strip().lower(): value.strip().lower() for name, _, value in parts if value}


def _points(length: str | None) -> float:
    match = LENGTH.match(length or "")
    return float(match[1]) * POINTS[match[2]] if match else 0.0
