"""Projects over HTTP, on the shipped document."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import httpx
import openpyxl
import pytest

from tests.web.test_api import problem


def found(client: httpx.Client, **wanted: object) -> dict:
    return client.get("/api/projects", params=wanted).raise_for_status().json()  # type: ignore[arg-type]


def test_projects_come_with_cell_and_total(client: httpx.Client) -> None:
    page = found(client, limit=200)
    assert page["count"] == len(page["projects"])
    amounts = [Decimal(p["amount_yuan"]) for p in page["projects"] if p["counted"] and p["amount_yuan"]]
    assert page["total"]["count"] == len(amounts)
    assert Decimal(page["total"]["amount"]) * {"元": 1, "万元": 10_000}[page["total"]["unit"]] == sum(amounts)
    assert amounts == sorted(amounts, reverse=True)
    first = page["projects"][0]
    document = client.get(f"/api/documents/{first['source']['document']}").json()
    cells = document["tables"][first["source"]["table_index"]]["rows"][first["source"]["row_index"]]["cells"]
    assert cells[first["source"]["column_index"]] == first["source"]["text"]


def test_pages_follow_each_other(client: httpx.Client) -> None:
    both = found(client, limit=4)["projects"]
    assert [*found(client, limit=2)["projects"], *found(client, limit=2, offset=2)["projects"]] == both
    assert found(client, offset=100_000)["projects"] == []


def test_filters_and_sorting(client: httpx.Client) -> None:
    page = found(client, min="50", max="200.5", target="with", sort="amount_asc")
    amounts = [Decimal(p["amount_yuan"]) for p in page["projects"]]
    assert amounts == sorted(amounts)
    assert all(500_000 <= amount <= 2_005_000 for amount in amounts)
    assert all(p["targets"] for p in page["projects"])
    assert found(client, year=1999)["count"] == 0
    assert found(client, q="没有这样的词语", meaning=False)["count"] == 0


@pytest.mark.parametrize(("wanted", "said"), [
    ({"limit": 201}, "limit：不能大于 200"), ({"limit": 0}, "limit：不能小于 1"), ({"offset": -1}, "offset：不能小于 0"),
    ({"min": "很多"}, "min：应为数字"), ({"min": "NaN"}, "min：应为数字"), ({"min": 5, "max": 1}, "min 不能大于 max"),
    ({"target": "maybe"}, "target：没有这个取值"), ({"sort": "luck"}, "sort：没有这个取值"), ({"q": "长" * 201}, "q：不能超过 200 个字"),
    ({"nonsense": 1}, "nonsense：没有这个字段"), ({"year": "今年"}, "year[0]：应为整数"),
])  # fmt: skip
def test_bad_input_says_where(client: httpx.Client, wanted: dict, said: str) -> None:
    assert said in problem(client.get("/api/projects", params=wanted), 422)


def test_downloads_hold_the_whole_selection_with_its_sources(client: httpx.Client) -> None:
    count = found(client)["count"]
    response = client.get("/api/projects/export.xlsx").raise_for_status()
    assert "filename*=UTF-8''" in response.headers["content-disposition"]
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert book["项目"].max_row == count + 1
    texts = {row[0]: row[8] for row in book["来源"].iter_rows(min_row=2, values_only=True) if row[1] == "金额"}
    assert len(texts) == count
    lines = list(
        csv.reader(io.StringIO(client.get("/api/projects/export.csv").content.decode("utf-8-sig"), newline=""))
    )
    assert len(lines) == count + 1
    assert all("《" in line[-1] for line in lines[1:])


def test_download_of_a_bad_filter_is_a_problem(client: httpx.Client) -> None:
    assert problem(client.get("/api/projects/export.csv", params={"limit": 5}), 422)
