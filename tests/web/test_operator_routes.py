"""The operator's page over HTTP: what a stranger gets, and what files may be."""

from __future__ import annotations

import http.client
import json
import secrets
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from assistant.web.service.sessions import COOKIE, TRIES

MEGABYTE = 2**20
TEXT = "某市水务局2024年单位预算\n\n支出总体情况表\n单位：万元\n\n科目\t合计\n合计\t5.00\n农林水支出\t5.00\n"
ADDRESSES = [("POST", "/operator/session"), ("DELETE", "/operator/session"), ("POST", "/operator/files?name=a.txt")]


@pytest.fixture
def stranger(operator_service) -> Iterator[httpx.Client]:  # type: ignore[no-untyped-def]
    with httpx.Client(base_url=operator_service.url, trust_env=False, timeout=60) as opened:
        yield opened


@pytest.fixture
def operator(operator_service) -> Iterator[httpx.Client]:  # type: ignore[no-untyped-def]
    """Signed in."""
    with httpx.Client(base_url=operator_service.url, trust_env=False, timeout=60) as opened:
        assert sign_in(opened, operator_service.password).status_code == 204
        yield opened


@pytest.fixture
def uploads(operator_service) -> Path:  # type: ignore[no-untyped-def]
    return operator_service.store / "uploads"


def sign_in(client: httpx.Client, password: str, address: str = "") -> httpx.Response:
    headers = {"X-Forwarded-For": address} if address else {}
    return client.post("/operator/session", json={"password": password}, headers=headers)


def send(client: httpx.Client, name: str, content: bytes) -> httpx.Response:
    return client.post("/operator/files", params={"name": name}, content=content)


class Page:
    """The page as a browser drives it: its events by the function that each calls."""

    def __init__(self, client: httpx.Client, session: str = "") -> None:
        self.client, self.session = client, session or secrets.token_hex(8)
        self.config = client.get("/config").json()
        own = set(self.config["page"]["documents"]["dependencies"])
        self.events = [d for d in self.config["dependencies"] if d["id"] in own and d["backend_fn"]]
        self.parts = {c["props"].get("elem_id"): c["id"] for c in self.config["components"]}

    def event(self, part: str, kind: str) -> dict:
        return next(d for d in self.events if [self.parts[part], kind] in d["targets"])

    def call(self, event: dict, values: list | None = None, **said: object) -> str:
        """All that an event gives, as text."""
        data = [*(values or []), *[""] * len(event["inputs"])][: len(event["inputs"])]
        body = {"data": data, "fn_index": event["id"], "session_hash": self.session, "event_data": said}
        self.client.post("/gradio_api/queue/join", json=body).raise_for_status()
        heard = []
        with self.client.stream("GET", "/gradio_api/queue/data", params={"session_hash": self.session}) as lines:
            for line in lines.iter_lines():
                heard.append(line)
                if '"process_completed"' in line or '"close_stream"' in line:
                    break
        return "\n".join(line.encode().decode("unicode_escape", "replace") if "\\u" in line else line for line in heard)


def files(client: httpx.Client) -> list[str]:
    return [entry["file_name"] for entry in client.get("/api/documents").json()]


def ingest(client: httpx.Client, name: str, content: bytes) -> str:
    """Send a file and have it indexed. Returns what the page says."""
    page = Page(client)
    sent = [{"name": name, **send(client, name, content).json()}]
    return page.call(page.event("take", "click"), [json.dumps(sent)])


# --- strangers -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("method", "path"), ADDRESSES)
def test_without_a_password_in_the_settings_there_is_no_such_address(service_url: str, method: str, path: str) -> None:
    unknown = httpx.request(method, f"{service_url}/nowhere/at-all", trust_env=False)
    found = httpx.request(method, service_url + path, trust_env=False)
    assert (found.status_code, found.content) == (unknown.status_code, unknown.content)


def test_without_a_password_in_the_settings_there_is_no_page(service_url: str) -> None:
    unknown, found = (httpx.get(f"{service_url}/{path}", trust_env=False) for path in ("nowhere", "documents"))
    assert (found.status_code, found.content) == (unknown.status_code, unknown.content) == (404, unknown.content)
    config = httpx.get(f"{service_url}/config", trust_env=False).json()
    assert "documents" not in [path for path, *_ in config["pages"]]
    assert "登录" not in json.dumps(config, ensure_ascii=False)


def test_file_of_a_stranger_is_not_received(stranger: httpx.Client, uploads: Path) -> None:
    before = set(uploads.glob("*"))
    for cookie in ("", COOKIE, f"{COOKIE}=x", f"{COOKIE}="):
        response = stranger.post("/operator/files?name=a.txt", content=b"x", headers={"Cookie": cookie})
        assert (response.status_code, response.json()["detail"]) == (401, "请先登录")
    assert set(uploads.glob("*")) == before


def test_gradio_takes_files_of_nobody(operator: httpx.Client) -> None:
    assert operator.post("/gradio_api/upload", files={"files": b"x"}).status_code == 404


def test_no_event_does_anything_for_a_stranger(stranger: httpx.Client, operator: httpx.Client, uploads: Path) -> None:
    assert "已收录" in ingest(operator, "某市水务局.txt", TEXT.encode())
    token = send(operator, "b.txt", TEXT.replace("5.00", "6.00").encode()).json()["file"]
    document = operator.get("/api/documents").json()[0]["id"]
    theirs = Page(operator)
    assert "某市水务局" in theirs.call(theirs.event("listing", "pick"), document=document)

    page = Page(stranger, theirs.session)  # knowing the operator's own Gradio session, in which a document is chosen
    assert len(page.events) > 10
    before = operator.get("/api/documents").json()
    sent = json.dumps([{"name": "b.txt", "file": token}])
    for event in page.events:
        said = page.call(event, [sent, "某局", "2020"], document=document)
        assert "某市水务局" not in said
        assert "登录已经过期" in said or event["targets"][0][1] == "load"
    assert operator.get("/api/documents").json() == before
    assert (uploads / token).exists()


def test_delete_is_done_for_the_operator(operator: httpx.Client) -> None:
    ingest(operator, "某市水务局.txt", TEXT.encode())
    page = Page(operator)
    document = next(d["id"] for d in operator.get("/api/documents").json() if d["file_name"] == "某市水务局.txt")
    assert "某市水务局.txt" in page.call(page.event("listing", "pick"), document=document)
    assert "删除“某市水务局.txt”" in page.call(page.event("delete", "click"))
    assert "已删除“某市水务局.txt”" in page.call(page.event("really", "click"))
    assert "某市水务局.txt" not in files(operator)


# --- signing in ----------------------------------------------------------------------------------------------------
def test_cookie_is_kept_from_scripts_and_other_sites(stranger: httpx.Client, operator_service) -> None:  # type: ignore[no-untyped-def]
    cookie = sign_in(stranger, operator_service.password).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "expires" not in cookie.lower()
    assert "max-age" not in cookie.lower()


def test_signed_out_is_out_also_with_the_cookie(operator: httpx.Client) -> None:
    kept = f"{COOKIE}={operator.cookies[COOKIE]}"
    assert operator.delete("/operator/session").status_code == 204
    assert operator.post("/operator/files?name=a.txt", content=b"x", headers={"Cookie": kept}).status_code == 401


def test_request_of_another_page_is_refused_with_the_cookie(operator: httpx.Client) -> None:
    response = operator.post("/operator/files?name=a.txt", content=b"x", headers={"Sec-Fetch-Site": "same-site"})
    assert response.status_code == 401


def test_wrong_passwords_make_an_address_wait(stranger: httpx.Client, operator_service) -> None:  # type: ignore[no-untyped-def]
    wrong = [sign_in(stranger, "wrong-secret", "192.0.2.7") for _ in range(TRIES + 1)]
    assert [response.status_code for response in wrong] == [403] * TRIES + [429]
    assert wrong[0].json()["detail"] == "密码不对，请重新输入"
    assert "秒再试" in wrong[-1].json()["detail"]
    assert sign_in(stranger, operator_service.password, "192.0.2.7").status_code == 429
    assert sign_in(stranger, operator_service.password, "192.0.2.8").status_code == 204
    assert not any(
        secret in line for line in operator_service.log for secret in (operator_service.password, "wrong-secret")
    )


@pytest.mark.parametrize("body", [{}, {"password": 1}, {"password": "x" * 501}, {"password": None}, {"passwort": "x"}])
def test_malformed_sign_in_is_explained_and_repeats_no_password(stranger: httpx.Client, body: dict) -> None:
    response = stranger.post("/operator/session", json=body)
    assert response.status_code == 422
    assert "xxx" not in response.text


# --- files ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "shown"), [
    ("../../etc/x.txt", "x.txt"), ("/etc/cron.d/x.txt", "x.txt"), ("..\\..\\x.txt", "x.txt"), ("..", ".."), ("/", "没有名字"),
    ("a\x00b\n.txt", "a\ufffdb\ufffd.txt"), ("<img src=x onerror=alert(1)>.txt", "&lt;img src=x onerror=alert(1)&gt;.txt"),
    ("长" * 300 + ".txt", "长" * 300 + ".txt"),
])  # fmt: skip
def test_name_never_becomes_a_path(
    operator: httpx.Client, operator_service, uploads: Path, name: str, shown: str
) -> None:  # type: ignore[no-untyped-def]
    token = send(operator, name, b"nothing").json()["file"]
    assert (uploads / token).read_bytes() == b"nothing"
    assert not list(operator_service.store.parent.rglob("*x.txt"))
    page = Page(operator)
    said = page.call(page.event("take", "click"), [json.dumps([{"name": name, "file": token}])])
    assert shown in said
    assert "失败" in said
    assert not (uploads / token).exists()


@pytest.mark.parametrize(("name", "content", "said"), [
    ("空.txt", b"", "文件是空的"), ("a.exe", b"MZ", "不支持的文件格式“.exe”"), ("坏.pdf", b"%PDF-1.7 broken", "坏.pdf"),
    ("a.txt", b"\x00\x01\x02", "失败"),
])  # fmt: skip
def test_file_that_cannot_be_read_is_explained(
    operator: httpx.Client, uploads: Path, name: str, content: bytes, said: str
) -> None:
    before = files(operator)
    told = ingest(operator, name, content)
    assert said in told
    assert "失败" in told
    assert files(operator) == before


def test_same_file_again_is_unchanged_and_nothing_is_left_in_the_folder(operator: httpx.Client, uploads: Path) -> None:
    waiting = set(uploads.glob("*"))
    ingest(operator, "某市水务局.txt", TEXT.encode())
    assert "未变" in ingest(operator, "另一个名字.txt", TEXT.encode())
    assert set(uploads.glob("*")) == waiting


def test_token_is_good_for_one_file_once(operator: httpx.Client) -> None:
    page = Page(operator)
    take = page.event("take", "click")
    for file in ("../budget.sqlite", "x", ""):
        sent = json.dumps([{"name": "a.txt", "file": file}])
        assert "文件没有收到" in page.call(take, [sent])
    assert "请先选择文件" in page.call(take, ["not JSON"])
    assert "年份应是" in page.call(take, ["[]", "", "20x4"])


def test_too_large_a_file_is_refused_as_it_arrives(operator: httpx.Client, uploads: Path) -> None:
    """The limit of this service is 1 MB."""
    before = set(uploads.glob("*"))
    chunks = (bytes(MEGABYTE) for _ in range(200))
    response = operator.post("/operator/files?name=a.pdf", content=chunks)
    assert (response.status_code, "文件超过 1 MB" in response.json()["detail"]) == (413, True)
    assert set(uploads.glob("*")) == before
    assert send(operator, "a.pdf", bytes(MEGABYTE)).status_code == 201


def test_too_large_a_file_is_refused_before_it_arrives(operator: httpx.Client) -> None:
    url = operator.base_url
    head = f"POST /operator/files?name=a.pdf HTTP/1.1\r\nHost: {url.host}\r\nContent-Length: {200 * MEGABYTE}\r\n\r\n"
    with socket.create_connection((url.host, url.port), timeout=10) as connection:
        connection.sendall(head.encode())
        response = http.client.HTTPResponse(connection)
        response.begin()
        said = response.read().decode()
    assert response.status == 413
    assert "BUDGET_QA_UPLOAD_MEGABYTES" in said


@pytest.mark.slow
def test_what_waited_is_gone_with_the_service(start_service: Callable, tmp_path: Path) -> None:
    service = start_service(tmp_path / "store", BUDGET_QA_OPERATOR_PASSWORD="long enough", BUDGET_QA_SAMPLE="0")
    with httpx.Client(base_url=service.url, trust_env=False) as client:
        sign_in(client, "long enough")
        send(client, "a.txt", b"x")
    assert len(list((service.store / "uploads").iterdir())) == 1
    assert service.stop() == 0
    assert not (service.store / "uploads").exists()
