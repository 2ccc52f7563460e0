"""The picture of what is cited, as escaped HTML for the evidence panel: open where the page is a scan, with the words of doubt
beside it, else folded up, since each is drawn anew and the words are the file's own.

In: a document of pages, a reference into it, and which of its figures are in doubt. Out: HTML; empty where no place is known.
"""

from __future__ import annotations

from collections.abc import Set
from html import escape

from assistant.web.sources.pictures import address
from assistant.web.sources.reference import Reference
from assistant.words.vocabulary import load_vocabulary
from index.checks.audit import Spot
from index.checks.identity import PROSE
from index.model import Document, Place
from index.parsing.prose import figures

LONGEST = 60  # characters of a passage that are read out for its picture


def cell_page(document: Document, reference: Reference, doubtful: Set[Spot]) -> str:
    """The picture of a cell, or of the row where no cell of it is meant."""
    table, at, column = reference.table, reference.row, reference.column
    if table is None or at is None:
        return ""
    row = document.tables[table].rows[at]
    if column is None or column >= len(row.cells):
        return _figure(reference.document, row.place, row.label, False)
    in_doubt = (table, at, column) in doubtful
    return _figure(reference.document, row.place_of(column), row.cells[column], in_doubt, " bq-centred")


def prose_page(document: Document, reference: Reference, doubtful: Set[Spot]) -> str:
    """The picture of the paragraph in which a figure or a passage stands."""
    spots = {
        (PROSE, i, 0) for i, figure in enumerate(figures(document.sections))
        if figure.place == reference.place and figure.text == reference.text
    }  # fmt: skip
    return _figure(reference.document, reference.place, reference.text, not spots.isdisjoint(doubtful))


def _figure(document_id: str, place: Place, text: str, in_doubt: bool, centred: str = "") -> str:
    if place.page is None or place.box is None:
        return ""
    scanned, wordings = place.turned is not None, load_vocabulary().wordings
    cut = text[:LONGEST] + ("……" if len(text) > LONGEST else "")
    alt = wordings["page_picture_alt" if scanned else "page_alt"].format(page=place.page, text=cut)
    doubt = f'<b class="bq-doubt">{escape(wordings["page_picture_doubt"])}</b>' if in_doubt else ""
    said = wordings["page_picture"].format(page=place.page)
    figure = (
        f'<figure class="bq-page{centred}"><figcaption><span>{escape(said) if scanned else ""}</span>'
        f'<a href="{escape(address(document_id, place.page, None))}" target="_blank" rel="noopener">'
        f'{escape(wordings["page_whole"])}</a>{doubt}</figcaption>'
        f'<div tabindex="0"><img loading="lazy" src="{escape(address(document_id, place.page, place.box))}" alt="{escape(alt)}"></div></figure>'
    )  # fmt: skip
    return figure if scanned else f'<details class="bq-term"><summary>{escape(said)}</summary>{figure}</details>'
