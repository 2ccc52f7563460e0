"""The document that an address names. In: an id from a request. Out: what is known of it, or 404."""

from __future__ import annotations

from starlette.exceptions import HTTPException

from index.store import DocumentInfo, Store


def known(store: Store, document_id: str) -> DocumentInfo:
    """Raises HTTPException where no document has that id."""
    info = store.info(document_id)
    if info is None:
        raise HTTPException(404, f"没有编号为 {document_id[:40]} 的文件；编号见 /api/documents")
    return info
