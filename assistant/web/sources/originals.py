"""The original file of a document. In: a document. Out: its bytes as a download, and as HTML the line that leads to it from the
evidence: the file, where it is published, and its SHA-256 to hold a copy against.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from fastapi.responses import Response
from starlette.exceptions import HTTPException

from assistant.web.sources.export import XLSX, attachment
from index.sql.store import DocumentInfo, Store
from index.web_address import is_web_address

# What a file may be called in its Content-Type. What a browser could run or draw with scripts (web pages, SVG) is bytes.
BYTES = "application/octet-stream"
TYPES = {
    ".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".tif": "image/tiff",
    ".tiff": "image/tiff", ".xlsx": XLSX, ".xls": "application/vnd.ms-excel",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}  # fmt: skip


def download(store: Store, info: DocumentInfo) -> Response:
    """The file as it was indexed. Raises HTTPException where it went meanwhile."""
    original = store.original(info.sha256)
    if original is None:
        raise HTTPException(404, f"{info.file_name}：这份文件已被移除")
    name, content = original
    return attachment(content, name, TYPES.get(Path(name).suffix.lower(), BYTES))


def address(document: str) -> str:
    """Where the file is, from the page's own address."""
    return f"api/documents/{document}/file"


def original_line(store: Store, info: DocumentInfo) -> str:
    """The original as escaped HTML. The whole SHA-256 stands there, cut by the theme, so that it is copied whole."""
    link = f'<a href="{escape(address(info.id))}" download>{escape(info.file_name)}</a>'
    published = ""
    if info.source_url and is_web_address(info.source_url):
        url = escape(info.source_url)
        published = f'<span>公布地址 <a href="{url}" target="_blank" rel="noopener noreferrer">{url}</a></span>'
    digest = escape(info.sha256)
    return (
        f"<span>原文件 {link}（{_size(store.original_size(info.sha256))}）</span>{published}"
        f'<span>SHA-256 <code class="bq-hash" title="{digest}">{digest}</code></span>'
    )


def _size(count: int) -> str:
    """Bytes as people read them: `35.6 KB`."""
    if count < 1024:
        return f"{count} 字节"
    return f"{count / 1024:.1f} KB" if count < 1024**2 else f"{count / 1024**2:.1f} MB"
