"""A Document as PDF with ruled tables. In: a Document. Out: the bytes of the file. The font is the reader's own, named and not embedded."""

from __future__ import annotations

import io
from functools import lru_cache
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.platypus import Flowable, LongTable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from benchmarks.province.documents import Document, Heading
from benchmarks.province.grids import above, body, header
from benchmarks.province.tables import Side, Table

FONT = "STSong-Light"
MARGIN = 36
WIDTH = landscape(A4)[0] - 2 * MARGIN
WORD_SHARE, LABEL_SHARE = 4, 3  # how wide columns of words and of labels are beside one of amounts


@lru_cache(maxsize=1)
def _styles() -> dict[str, ParagraphStyle]:
    registerFont(UnicodeCIDFont(FONT))

    def style(size: float, **more: object) -> ParagraphStyle:
        return ParagraphStyle(str(size), fontName=FONT, fontSize=size, leading=size * 1.5, wordWrap="CJK", **more)

    return {"text": style(11, spaceAfter=4), "cell": style(8), "amount": style(8, alignment=2), "title": style(15, alignment=1),
            "cover": style(24, alignment=1, spaceAfter=30), "caption": style(9)}  # fmt: skip


def pdf_of(document: Document) -> bytes:
    styles = _styles()
    story: list[Flowable] = [Spacer(1, 120), *(Paragraph(escape(text), styles["cover"]) for text in document.cover)]
    story += [
        PageBreak(),
        *(Paragraph(escape(text), styles["text"]) for text in ("目 录", *document.contents)),
        PageBreak(),
    ]
    number = 0
    for block in document.body:
        if isinstance(block, Table):
            number += not block.inserted
            story += _table(block, number, document)
        else:
            story.append(Paragraph(escape(block.text if isinstance(block, Heading) else block), styles["text"]))
    file = io.BytesIO()
    pages = SimpleDocTemplate(file, pagesize=landscape(A4), leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN,
                              bottomMargin=MARGIN, invariant=True)  # fmt: skip
    pages.build(story)
    return file.getvalue()


def _table(table: Table, number: int, document: Document) -> list[Flowable]:
    styles = _styles()
    top = header(table)
    spans = [
        ("SPAN", (c, r), (c + cell.across - 1, r + cell.down - 1))
        for r, row in enumerate(top)
        for c, cell in enumerate(row)
        if cell.down * cell.across > 1
    ]
    wordy = [text for side in table.sides for text in _wordy(side)]
    rows = [[Paragraph(escape(cell.text), styles["cell"]) if cell.text else "" for cell in row] for row in top]
    for texts in body(table, document.style):
        rows.append([_cell(text, words) for text, words in zip(texts, wordy, strict=True)])
    shares = [_share(side, text) for side in table.sides for text in _wordy(side)]
    grid = LongTable(rows, colWidths=[WIDTH * share / sum(shares) for share in shares], repeatRows=len(top))
    grid.setStyle(
        TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), *spans])
    )
    lines = above(table, number, document.department, document.style)
    captions = [Paragraph(escape(line), styles["title" if line == table.title else "caption"]) for line in lines]
    notes = [Paragraph(escape(note), styles["caption"]) for note in table.notes]
    return [*([] if table.inserted else [PageBreak()]), *captions, Spacer(1, 6), grid, *notes, Spacer(1, 8)]


def _wordy(side: Side) -> list[bool]:
    return [*[True] * len(side.heads), *[False] * len(side.columns), *[True] * len(side.words)]


def _share(side: Side, wordy: bool) -> float:
    return (WORD_SHARE if side.words else LABEL_SHARE) if wordy else 1.4


def _cell(text: str, wordy: bool) -> Flowable | str:
    return Paragraph(escape(text), _styles()["cell" if wordy else "amount"]) if text else ""
