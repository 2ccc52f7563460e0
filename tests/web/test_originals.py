"""Original files over HTTP: the bytes that were indexed, as a download that no browser runs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from urllib.parse import unquote

import httpx
import pytest

from tests.conftest import budget_qa, serving

NAMES = {"page": "某市测试局（更正）<img src=x>；%2F'\".html", "text": "某市水务局.txt", "scan": "某市扫描局.pdf"}
PAGE = """<html><body><script>alert(1)</script><p>2024年</p><p>某市测试局部门预算</p><h2>支出总体情况表</h2><p>单位：万元</p><table>
<tr><td>科目</td><td>合计</td></tr><tr><td>合计</td><td>5.00</td></tr><tr><td>教育支出</td><td>5.00</td></tr></table></body></html>"""
TEXT = "某市水务局2024年单位预算\n\n支出总体情况表\n单位：万元\n\n科目\t合计\n合计\t5.00\n农林水支出\t5.00\n"
URL = "https://example.test/files"


@pytest.fixture(scope="module")
def contents(scanned_pdf: bytes) -> dict[str, bytes]:
    return {"page": PAGE.encode(), "text": TEXT.encode("gb18030"), "scan": scanned_pdf}


@pytest.fixture(scope="module")
def client(tmp_path_factory, contents) -> Iterator[httpx.Client]:  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("originals")
    (folder / "files").mkdir()
    for key, content in contents.items():
        (folder / "files" / NAMES[key]).write_bytes(content)
    with serving(folder / "store", BUDGET_QA_SAMPLE="0") as running:
        done = budget_qa("ingest", str(folder / "files"), "--source-url", URL, "--store", str(running.store))
        assert done.returncode == 0, done.stdout
        with httpx.Client(base_url=running.url, trust_env=False, timeout=60) as opened:
            yield opened


@pytest.mark.parametrize(
    ("key", "media_type"),
    [("page", "application/octet-stream"), ("text", "application/octet-stream"), ("scan", "application/pdf")],
)
def test_file_is_downloaded_as_it_was_indexed(client: httpx.Client, contents, key: str, media_type: str) -> None:  # type: ignore[no-untyped-def]
    entry = next(e for e in client.get("/api/documents").json() if e["file_name"] == NAMES[key])
    assert (entry["file"], entry["source_url"]) == (f"/api/documents/{entry['id']}/file", URL)
    response = client.get(entry["file"]).raise_for_status()
    assert response.content == contents[key]
    assert hashlib.sha256(response.content).hexdigest() == entry["sha256"]
    assert response.headers["content-type"] == media_type
    assert response.headers["x-content-type-options"] == "nosniff"
    kind, name = response.headers["content-disposition"].split("; filename*=UTF-8''")
    assert (kind, unquote(name)) == ("attachment", NAMES[key])
    assert not set(name) & set("<>\"';/ ")


@pytest.mark.parametrize("name", ["none", "../etc", "0123456789abcdef"])
def test_file_of_no_document_is_a_problem(client: httpx.Client, name: str) -> None:
    response = client.get(f"/api/documents/{name}/file")
    assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json")


def test_openapi_says_that_a_file_is_bytes(client: httpx.Client) -> None:
    described = client.get("/api/openapi.json").json()["paths"]["/api/documents/{id}/file"]["get"]["responses"]
    assert list(described["200"]["content"]) == ["application/octet-stream"]
    assert "404" in described
