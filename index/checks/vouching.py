"""Which figures that OCR read are in doubt.

In: a Document. Out: those of its cells and figures that are no plain facts: what stands in an identity that fails, and what
was read under the shipped confidence with no identity to vouch for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from index.checks.audit import Spot, audit_document
from index.checks.identity import PROSE, Identity, IdentityCell
from index.facts import SURE
from index.model import Document
from index.parsing.prose import figures


def doubtful(document: Document) -> frozenset[Spot]:
    """The figures in doubt, by the indices of their Facts; the file's own text is never among them."""
    read = dict(_read_by_ocr(document))
    if not read:
        return frozenset()
    unsure = {spot for spot, confidence in read.items() if confidence < SURE}
    identities = audit_document(document, "")
    failing = {_spot(cell) for one in identities if one.verdict == "不一致" for cell in one.cells}
    vouched = {
        _spot(cell) for one in identities if one.verdict == "一致" for cell in one.cells if _vouches(one, cell, unsure)
    }
    return frozenset((failing & set(read)) | (unsure - vouched))


def _read_by_ocr(document: Document) -> Iterator[tuple[Spot, float]]:
    """Figures with OCR's confidence in each."""
    for index, table in enumerate(document.tables):
        for r, row in enumerate(table.rows):
            for c, confidence in enumerate(row.confidences):
                if confidence is not None:
                    yield (index, r, c), confidence
    for index, figure in enumerate(figures(document.sections)):
        if figure.confidence is not None:
            yield (PROSE, index, 0), figure.confidence


def _vouches(identity: Identity, cell: IdentityCell, unsure: set[Spot]) -> bool:
    """Whether an identity that holds says that a cell was read right: all its other cells are sure. An amount that slipped into
    another column leaves the sum of its row as it was, so that sum does not speak for its parts."""
    side = identity.left_cells if cell in identity.left_cells else identity.right_cells
    parts_of_its_row = [other for other in side if (other.table, other.row) == (cell.table, cell.row)]
    return len(parts_of_its_row) == 1 and not any(_spot(other) in unsure for other in identity.cells if other != cell)


def _spot(cell: IdentityCell) -> Spot:
    return cell.table, cell.row, cell.column
