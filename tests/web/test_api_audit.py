"""The audit over HTTP and as a file, on the shipped document."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import httpx
import openpyxl
import pytest


def audit(client: httpx.Client, **asked: object) -> dict:
    return client.get("/api/audit", params=asked).raise_for_status().json()


def test_each_side_is_the_sum_of_its_cells(client: httpx.Client) -> None:
    found = audit(client, limit=200)
    assert found["total"] == sum(found["counts"].values())
    for item in found["items"]:
        for side in ("left", "right"):
            cells = item[f"{side}_cells"]
            assert {cell["unit"] for cell in cells} == {item["unit"]}
            assert sum(Decimal(cell["value"]) for cell in cells) == Decimal(item[side]), item["title"]
        assert Decimal(item["left"]) - Decimal(item["right"]) == Decimal(item["difference"])


def test_cells_are_named_as_in_their_table(client: httpx.Client) -> None:
    item = audit(client, rule="收支平衡")["items"][0]
    cell = item["left_cells"][0]
    assert (cell["table"], cell["row"], cell["column"]) == ("表1　收支总体情况表", ["收入总计"], ["收入", "预算"])
    assert (cell["text"], cell["value"], cell["unit"]) == ("8,124.85", "8124.85", "万元")


def test_figure_of_prose_is_told_with_its_heading(client: httpx.Client) -> None:
    cell = audit(client, rule="文表一致")["items"][0]["left_cells"][0]
    assert cell["table_index"] == -1
    assert cell["column"] == []


def test_conditions_narrow_and_counts_are_of_all_verdicts(client: httpx.Client) -> None:
    whole = audit(client)
    rounded = audit(client, verdict="尾差")
    assert rounded["counts"] == whole["counts"]
    assert rounded["total"] == whole["counts"]["尾差"] == len(rounded["items"])
    assert {item["verdict"] for item in rounded["items"]} == {"尾差"}
    both = client.get("/api/audit", params=[("verdict", "尾差"), ("verdict", "不一致")]).json()
    assert both["total"] == whole["counts"]["尾差"] + whole["counts"]["不一致"]
    for asked in ({"department": "别的局"}, {"year": 1999}, {"document": "none"}, {"rule": "没有"}):
        assert audit(client, **asked)["total"] == 0
    assert audit(client, limit=2, offset=1)["items"] == whole["items"][1:3]


@pytest.mark.parametrize(("asked", "said"), [
    ({"verdict": "不清楚"}, "没有这个取值"), ({"limit": 999}, "limit：不能大于 200"), ({"year": "x"}, "year：应为整数"),
])  # fmt: skip
def test_bad_condition_is_a_problem(client: httpx.Client, asked: dict, said: str) -> None:
    for path in ("/api/audit", "/api/audit.xlsx", "/api/audit.csv"):
        if "limit" in asked and path != "/api/audit":
            continue
        response = client.get(path, params=asked)
        assert response.status_code == 422
        assert said in response.json()["detail"]


def test_workbook_has_each_identity_and_each_cell(client: httpx.Client) -> None:
    found = audit(client, verdict="尾差")
    response = client.get("/api/audit.xlsx", params={"verdict": "尾差"}).raise_for_status()
    assert "attachment" in response.headers["content-disposition"]
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    results, sources = book["核对结果"], book["来源"]
    assert results.max_row - 1 == found["total"]
    names = [cell.value for cell in results[1]]
    first = dict(zip(names, [cell.value for cell in results[2]], strict=True))
    item = found["items"][0]
    assert (first["结论"], first["核对内容"], first["单位"]) == ("尾差", item["title"], item["unit"])
    assert Decimal(str(first["左边"])) == Decimal(item["left"])
    assert sources.max_row - 1 == sum(len(i["left_cells"]) + len(i["right_cells"]) for i in found["items"])


def test_csv_opens_in_a_spreadsheet(client: httpx.Client) -> None:
    content = client.get("/api/audit.csv", params={"verdict": "尾差"}).raise_for_status().content
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(lines) == audit(client, verdict="尾差")["total"]
    assert lines[0]["结论"] == "尾差"
