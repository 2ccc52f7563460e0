"""The service under a sub-path of Debian's nginx, with the configuration of docs/behind-nginx.md."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from index.settings import Settings
from tests.browser.conftest import WAIT
from tests.conftest import ROOT, Service, serving

MISSING = "没有 nginx，跳过要用它的测试；安装：sudo apt-get install nginx-light"
ASKED = {"question": "总预算是多少"}
SERVER = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    {locations}
  }}
}}
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.fixture(scope="module")
def nginx_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Service], str]]:
    """Starts an nginx before a service, as the documentation says. Returns its address."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    documented = re.findall(r"```nginx\n(.*?)```", (ROOT / "docs/behind-nginx.md").read_text("utf-8"), re.DOTALL)[0]
    running = []

    def start(service: Service) -> str:
        folder, port = tmp_path_factory.mktemp("nginx"), free_port()
        locations = documented.replace("127.0.0.1:7860", service.url.removeprefix("http://"))
        (folder / "nginx.conf").write_text(SERVER.format(folder=folder, port=port, locations=locations), "utf-8")
        running.append(
            subprocess.Popen([program, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"])
        )
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                httpx.get(f"http://127.0.0.1:{port}/budget/healthz", trust_env=False).raise_for_status()
            except httpx.HTTPError:
                time.sleep(0.1)
            else:
                return f"http://127.0.0.1:{port}"
        raise AssertionError((folder / "error.log").read_text())

    yield start
    for process in running:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def behind(
    tmp_path_factory: pytest.TempPathFactory, nginx_of: Callable, indexed_settings: Settings
) -> Iterator[tuple[Service, str]]:
    """A service that trusts its nginx and lets an address come five times a minute."""
    store = shutil.copytree(indexed_settings.store, tmp_path_factory.mktemp("behind") / "store")
    limits = {"BUDGET_QA_RATE_PER_MINUTE": "5", "BUDGET_QA_RATE_BURST": "0"}
    with serving(store, BUDGET_QA_ROOT_PATH="/budget", BUDGET_QA_TRUSTED_PROXIES="127.0.0.1", **limits) as service:
        yield service, nginx_of(service)


def came_from(url: str, address: str, times: int) -> list[int]:
    """The statuses that so many questions of an address get, as the nearest proxy before nginx tells it."""
    with httpx.Client(base_url=url, trust_env=False, timeout=30, headers={"x-forwarded-for": address}) as client:
        return [client.post("/api/ask", json=ASKED).status_code for _ in range(times)]


@pytest.mark.slow
def test_the_api_answers_and_its_pages_know_their_path(behind: tuple[Service, str]) -> None:
    _, url = behind
    with httpx.Client(
        base_url=f"{url}/budget", trust_env=False, timeout=30, headers={"x-forwarded-for": "192.0.2.1"}
    ) as client:
        answer = client.post("/api/ask", json=ASKED, headers={"x-request-id": "asked-by-a-test"})
        assert answer.json()["value"] == 8124.85
        assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["x-request-id"])  # nginx's own, not what the client said
        assert client.get("/api/openapi.json").json()["servers"] == [{"url": "/budget"}]
        docs = client.get("/api/docs").text
        for asset in re.findall(r'"(docs/assets/[^"]+)"', docs):
            assert client.get(f"/api/{asset}").status_code == 200
        file = client.get("/api/documents").json()[0]["file"]
        assert client.get(file).headers["content-disposition"].startswith("attachment")
        assert client.get("/api/nothing").json()["status"] == 404


@pytest.mark.slow
def test_an_answer_arrives_piece_by_piece(behind: tuple[Service, str]) -> None:
    _, url = behind
    forwarded = {"x-forwarded-for": "192.0.2.2"}
    # Asked nowhere else, for what is remembered comes at once; more than one, for a busy machine may read two pieces together.
    for question in (
        "总预算是多少，基本支出占几成？",
        "最大的项目是哪个，占总预算几成？",
        "三公经费一共多少，占几成？",
    ):
        with httpx.stream("POST", f"{url}/budget/api/ask/stream", json={"question": question}, headers=forwarded,
                          trust_env=False) as stream:  # fmt: skip
            pieces = [piece for piece in stream.iter_raw() if piece.strip()]
        if b"event: answer" not in pieces[0]:
            break
    assert b"event: started" in pieces[0] and b"event: answer" not in pieces[0]
    assert b"event: done" in pieces[-1]


@pytest.mark.slow
def test_clients_are_told_apart_by_a_trusted_proxy_alone(behind: tuple[Service, str], start_service: Callable,
                                                         nginx_of: Callable, tmp_path: Path) -> None:  # fmt: skip
    _, url = behind
    assert came_from(f"{url}/budget", "192.0.2.3, 192.0.2.4", 6) == [200] * 5 + [429]
    assert came_from(f"{url}/budget", "192.0.2.3", 1) == [
        200
    ]  # what stands before the proxy's word is the client's own
    limits = {"BUDGET_QA_RATE_PER_MINUTE": "5", "BUDGET_QA_RATE_BURST": "0", "BUDGET_QA_ROOT_PATH": "/budget"}
    wary = start_service(tmp_path / "store", BUDGET_QA_SAMPLE="0", **limits)
    url = nginx_of(wary)
    assert came_from(f"{url}/budget", "192.0.2.3", 3) == [200] * 3
    assert came_from(f"{url}/budget", "192.0.2.4", 3) == [200, 200, 429]
    config = httpx.get(f"{wary.url}/config", headers={"x-forwarded-host": "evil.test"}, trust_env=False).json()
    assert config["root"] == f"{wary.url}/budget"


@pytest.mark.browser
def test_the_page_works_under_the_path(behind: tuple[Service, str], browser) -> None:  # type: ignore[no-untyped-def]
    _, url = behind
    context = browser.new_context(extra_http_headers={"x-forwarded-for": "192.0.2.9"})
    context.set_default_timeout(WAIT)
    failed, asked, errors = [], [], []
    context.on(
        "response",
        lambda response: failed.append(response.url) if response.status >= 400 else asked.append(response.url),
    )
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{url}/budget/")
    page.locator("#chat .example").first.wait_for()
    page.fill("#question textarea", "总预算是多少")
    page.press("#question textarea", "Enter")
    page.locator("#chat .bq-answer:not(.bq-waiting)").first.wait_for()
    assert "8,124.85" in page.locator("#chat .bq-answer").last.inner_text()
    for path, shown in (
        ("projects", "#projects tr[data-project]"),
        ("tables", "#contents label"),
        ("audit", ".bq-identity"),
    ):
        page.goto(f"{url}/budget/{path}")
        page.locator(shown).first.wait_for()
    assert (failed, errors) == ([], [])
    assert [address for address in asked if not address.startswith((f"{url}/budget", "data:", "blob:"))] == []
    context.close()


@pytest.mark.browser
def test_the_page_says_that_it_is_busy(behind: tuple[Service, str], browser) -> None:  # type: ignore[no-untyped-def]
    _, url = behind
    address = "192.0.2.11"
    assert came_from(f"{url}/budget", address, 6)[-1] == 429
    context = browser.new_context(extra_http_headers={"x-forwarded-for": address})
    context.set_default_timeout(WAIT)
    page = context.new_page()
    page.goto(f"{url}/budget/")
    page.locator("#chat .example").first.wait_for()
    page.fill("#question textarea", "总预算是多少")
    page.press("#question textarea", "Enter")
    page.locator("#chat .bq-answer").first.wait_for()
    assert "来自这个地址的请求太多" in page.locator("#chat .bq-answer").inner_text()
    assert page.input_value("#question textarea") == "总预算是多少"  # to be asked again

    detail = "现在提问的人很多，请过几秒再试"  # as the service answers when its queue is full
    page.route("**/queue/join*", lambda route: route.fulfill(status=429, json={"detail": detail}))
    page.press("#question textarea", "Enter")
    page.get_by_text(detail).first.wait_for()
    expect(page.locator("#question textarea")).to_have_value("总预算是多少")
    context.close()
