"""Pictures of pages over HTTP: of a scan, and what has none."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from PIL import Image

from assistant.web.sources.pictures import MOST_WAITING


@pytest.fixture(scope="module")
def client(scan_service) -> Iterator[httpx.Client]:  # type: ignore[no-untyped-def]
    with httpx.Client(base_url=scan_service.url, trust_env=False, timeout=60) as opened:
        yield opened


@pytest.fixture(scope="module")
def ids(client: httpx.Client) -> dict[str, str]:
    """Documents by the ending of their file."""
    return {entry["file_name"].rpartition(".")[2]: entry["id"] for entry in client.get("/api/documents").json()}


def drawn(response: httpx.Response) -> Image.Image:
    assert response.raise_for_status().headers["content-type"] == "image/png"
    return Image.open(io.BytesIO(response.content))


def test_page_is_shown_whole_and_its_cell_with_what_is_around(client: httpx.Client, ids: dict[str, str]) -> None:
    answer = client.post("/api/ask", json={"question": "某市测试局的农林水支出是多少"}).json()
    place = answer["citations"][0]["place"]
    path = f"/api/documents/{ids['pdf']}/pages/{place['page']}.png"
    whole = drawn(client.get(path))
    part = drawn(client.get(path, params={"box": ",".join(map(str, place["box"]))}))
    assert whole.width == pytest.approx(1654, abs=2)
    assert part.height < whole.height / 3


@pytest.mark.parametrize(("path", "status", "said"), [
    ("none/pages/1.png", 404, "没有编号为 none 的文件"), ("{txt}/pages/1.png", 404, "不分页"), ("{pdf}/pages/2.png", 404, "没有这一页"),
    ("{pdf}/pages/1.png?box=9000,1,9010,9", 404, "这个位置"), ("{pdf}/pages/0.png", 422, "不能小于 1"),
    ("{pdf}/pages/x.png", 422, "应为整数"), ("{pdf}/pages/1.png?box=1,2,3", 422, "格式不对"),
    ("{pdf}/pages/1.png?box=9,9,1,1", 422, "左小于右"), ("{pdf}/pages/1.png?box=nan,1,2,3", 422, "格式不对"),
])  # fmt: skip
def test_what_cannot_be_shown_is_a_problem(
    client: httpx.Client, ids: dict[str, str], path: str, status: int, said: str
) -> None:
    response = client.get(f"/api/documents/{path.format(**ids)}")
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert said in response.json()["detail"]


def test_openapi_says_what_a_picture_is_and_shows_how_to_ask(client: httpx.Client) -> None:
    described = client.get("/api/openapi.json").json()["paths"]["/api/documents/{id}/pages/{number}.png"]["get"]
    box = next(parameter for parameter in described["parameters"] if parameter["name"] == "box")
    assert list(described["responses"]["200"]["content"]) == ["image/png"]
    assert box["schema"]["examples"] == ["176.8,216.2,299.2,248.6"]
    assert {"404", "422", "503"} <= set(described["responses"])


def test_more_than_a_few_at_a_time_are_told_to_come_back(client: httpx.Client, ids: dict[str, str]) -> None:
    path = f"/api/documents/{ids['pdf']}/pages/1.png"
    with ThreadPoolExecutor(4 * MOST_WAITING) as pool:
        responses = list(pool.map(lambda _: client.get(path), range(4 * MOST_WAITING)))
    assert {response.status_code for response in responses} == {200, 503}
    assert {r.headers["retry-after"] for r in responses if r.status_code == 503} == {"3"}
    assert client.get(path).status_code == 200
