"""A Document as the contract prints it (`budget-qa show --json`). Amounts are decimal strings, empty cells null."""

from __future__ import annotations

from index.model import Document, Row, Table


def document_json(document: Document) -> dict:
    """The contract's JSON of a parsed document."""
    return {
        "title": document.title,
        "department": document.department,
        "year": document.year,
        "kind": document.kind,
        "budget_units": document.budget_units,
        "tables": [_table(table) for table in document.tables],
        "sections": [{"path": s.path, "text": s.text, "place": s.place.as_dict()} for s in document.sections],
    }


def _table(table: Table) -> dict:
    return {
        "number": table.number, "title": table.title, "kind": table.kind, "unit": table.unit, "columns": table.columns,
        "rows": [_row(row) for row in table.rows], "notes": table.notes, "place": table.place.as_dict(),
    }  # fmt: skip


def _row(row: Row) -> dict:
    return {
        "label": row.label, "path": row.path, "code": row.code, "budget_unit": row.budget_unit, "cells": row.cells,
        "values": [None if v is None else str(v) for v in row.values], "place": row.place.as_dict(), "role": row.role,
        "side": row.side, "level": row.level, "texts": row.texts,
        **({"confidences": row.confidences} if any(c is not None for c in row.confidences) else {}),
    }  # fmt: skip
