"""What a stranger on the network may not do: see docs/threat-model.md."""

from __future__ import annotations

import socket
import stat
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from assistant.operation.indexing import ingest_files
from index.ingest import Correction
from index.settings import get_settings

DOCUMENT = "某市水务局2024年单位预算\n\n支出总体情况表\n单位：万元\n\n科目\t合计\n合计\t5.00\n农林水支出\t5.00\n"
SECRETS = {"BUDGET_QA_LLM_API_KEY": "sk-key-of-the-model", "BUDGET_QA_OPERATOR_PASSWORD": "pass-of-the-operator"}


def get(url: str, path: str, **options: object) -> httpx.Response:
    return httpx.get(url + path, trust_env=False, timeout=60, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "path", ["/", "/projects", "/api/documents", "/api/nothing", "/api/docs", "/metrics", "/healthz"]
)
def test_every_response_keeps_what_it_loads_and_who_frames_it_to_this_site(service_url: str, path: str) -> None:
    headers = get(service_url, path).headers
    policy = headers["content-security-policy"]
    for rule in (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ):
        assert rule in policy
    assert "http:" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "server" not in headers


@pytest.mark.parametrize("path", [
    "/gradio_api/file=/etc/passwd", "/gradio_api/file=../../../../etc/passwd", "/file=/etc/passwd", "/gradio_api/file%3D/etc/passwd",
    "/static/../../../../etc/passwd", "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2f..%2f..%2fetc/passwd",
    "/api/documents/..%2f..%2fbudget.sqlite/file", "/api/documents/%2e%2e/file", "/svelte/..%2f..%2f..%2fapp.py",
])  # fmt: skip
def test_no_address_leads_to_files_outside(service_url: str, path: str) -> None:
    response = get(service_url, path)
    assert response.status_code in (400, 403, 404), response.text[:200]
    assert "root:" not in response.text
    assert "SQLite" not in response.text


def test_store_is_not_reached_through_gradio(service, service_url: str) -> None:  # type: ignore[no-untyped-def]
    for name in ("service.json", "budget.sqlite"):
        response = get(service_url, f"/gradio_api/file={service.store / name}")
        assert response.status_code in (403, 404)
        assert stat.S_IMODE((service.store / "service.json").stat().st_mode) == 0o600


@pytest.fixture
def listener() -> socket.socket:
    """A server nobody should call."""
    with socket.create_server(("127.0.0.1", 0)) as opened:
        opened.settimeout(0.5)
        yield opened


def address(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}/预算.html"


def assert_nobody_called(listener: socket.socket) -> None:
    with pytest.raises(TimeoutError):
        listener.accept()


def test_no_address_given_by_a_caller_is_fetched(service_url: str, listener: socket.socket) -> None:
    url = address(listener)
    for path in (f"/gradio_api/proxy={url}", f"/proxy={url}", f"/gradio_api/file={url}"):
        assert get(service_url, path).status_code in (307, 400, 403, 404)
    config = get(service_url, "/config").json()
    for number, event in enumerate(config["dependencies"][:20]):
        data = [{"path": url, "url": url, "meta": {"_type": "gradio.FileData"}}] * len(event["inputs"])
        body = {"data": data, "fn_index": event["id"], "session_hash": f"s{number}"}
        httpx.post(f"{service_url}/gradio_api/queue/join", json=body, trust_env=False, timeout=60)
    assert_nobody_called(listener)


def test_published_address_and_links_of_a_document_are_never_fetched(tmp_path: Path, listener: socket.socket) -> None:
    url = address(listener)
    (tmp_path / "预算.txt").write_text(DOCUMENT, "utf-8")
    table = "<table><tr><th>科目<th>合计<tr><td>合计<td>6.00</table>"
    page = f'<title>2024年某市农业局部门预算</title><link rel="stylesheet" href="{url}"><img src="{url}"><iframe src="{url}"></iframe>'
    (tmp_path / "网页.html").write_text(f"{page}<h2>支出总体情况表</h2><p>单位：万元</p>{table}", "utf-8")
    files = [tmp_path / "预算.txt", tmp_path / "网页.html"]
    report = ingest_files(files, get_settings(store=tmp_path / "store"), told=Correction(source_url=url))
    assert [entry.error for entry in report.files] == [None, None]
    assert_nobody_called(listener)


@pytest.mark.slow
def test_no_secret_is_told_or_logged(start_service: Callable, tmp_path: Path) -> None:
    model = {
        "BUDGET_QA_LLM_BASE_URL": "http://127.0.0.1:9/v1",
        "BUDGET_QA_LLM_MODEL": "m",
        "BUDGET_QA_LOG_LEVEL": "debug",
    }
    service = start_service(tmp_path / "store", BUDGET_QA_SAMPLE="0", **model, **SECRETS)
    (tmp_path / "预算.txt").write_text(DOCUMENT, "utf-8")
    answer = httpx.post(f"{service.url}/api/ask", json={"question": "明天天气如何"}, trust_env=False, timeout=60).text
    sign_in = {"password": SECRETS["BUDGET_QA_OPERATOR_PASSWORD"]}
    assert httpx.post(f"{service.url}/operator/session", json=sign_in, trust_env=False).status_code == 204
    said = answer + "".join(
        get(service.url, path).text for path in ("/", "/config", "/metrics", "/readyz", "/api/openapi.json")
    )
    assert service.stop() == 0
    assert [secret for secret in SECRETS.values() if secret in said + "".join(service.log)] == []
