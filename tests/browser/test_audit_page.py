"""The page of the audit as a person uses it."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.waiting import until

pytestmark = pytest.mark.browser

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def audit(pages) -> Page:  # type: ignore[no-untyped-def]
    page = pages.open("/audit")
    page.locator(".bq-identity").first.wait_for()
    return page


def number(page: Page, verdict: str) -> int:
    """How many identities the choice of a verdict says that there are."""
    return int(re.sub(r"\D", "", page.locator("#verdict label", has_text=re.compile(rf"^\s*{verdict}")).inner_text()))


def choose(page: Page, verdict: str) -> None:
    page.locator("#verdict label", has_text=re.compile(rf"^\s*{verdict}")).click()
    expect(page.locator("#audit-summary")).to_contain_text(f"共 {number(page, verdict):,} 条")


def test_verdicts_are_filtered_and_counted(audit: Page) -> None:
    assert number(audit, "全部") == number(audit, "一致") + number(audit, "尾差") + number(audit, "不一致")
    choose(audit, "尾差")
    expect(audit.locator(".bq-identity")).to_have_count(number(audit, "尾差"))
    assert set(audit.locator(".bq-verdict").all_inner_texts()) == {"尾差"}


def test_rounding_is_explained_as_no_error(audit: Page) -> None:
    audit.locator(".bq-about summary").click()
    expect(audit.locator(".bq-about")).to_contain_text("不是错误")


def test_department_and_year_narrow(audit: Page) -> None:
    for picker, choice in (("#audit-department", "韶关市政务服务数据管理局"), ("#audit-year", "2024")):
        audit.locator(f"{picker} input").click()
        audit.locator("[role=option]", has_text=choice).click()
        expect(audit.locator(".bq-whose").first).to_contain_text(choice)


def test_both_sides_open_their_cells(audit: Page) -> None:
    choose(audit, "尾差")
    identity = audit.locator(".bq-identity").first
    identity.locator(".bq-side").first.locator(".bq-link").click()
    expect(audit.locator("#evidence h2")).to_contain_text("收入总体情况表")
    expect(audit.locator("#evidence tr.bq-here th")).to_have_text("行政事业单位医疗")
    other = identity.locator(".bq-side").nth(1)
    other.locator("summary").click()
    part = other.locator(".bq-link").first
    shown = part.inner_text()
    part.click()
    expect(audit.locator("#evidence tr.bq-here th")).to_have_text("行政单位医疗")
    expect(audit.locator("#evidence td.bq-hit")).to_have_text(shown)


def test_list_is_turned_page_by_page(audit: Page) -> None:
    first = audit.locator(".bq-what").first.inner_text()
    expect(audit.locator("#back")).to_be_disabled()
    audit.locator("#forth").click()
    expect(audit.locator("#audit-summary")).to_contain_text("第 31–60 条")
    audit.locator("#back").click()
    expect(audit.locator("#audit-summary")).to_contain_text("第 1–30 条")
    expect(audit.locator(".bq-what").first).to_have_text(first)


def test_export_holds_what_is_listed(audit: Page, tmp_path: Path) -> None:
    choose(audit, "尾差")
    with audit.expect_download() as download:
        audit.locator("#audit-summary a", has_text="导出工作簿").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "核对结果.xlsx"
    sheet = openpyxl.load_workbook(file)["核对结果"]
    assert sheet.max_row - 1 == number(audit, "尾差")
    assert {cell.value for cell in sheet["B"][1:]} == {"尾差"}


def test_what_differs_comes_first_and_markup_is_text(odd_pages) -> None:  # type: ignore[no-untyped-def]
    page = odd_pages.open("/audit")
    first = page.locator(".bq-identity").first
    expect(first.locator(".bq-verdict")).to_have_text("不一致")
    expect(first).to_contain_text("<img src=x onerror=alert(1)>")
    expect(first.locator(".bq-apart")).to_have_text("差 10.00万元")
    first.locator("summary").click()
    first.locator(".bq-side").nth(1).locator(".bq-link").first.click()
    expect(page.locator("#evidence td.bq-hit")).to_be_visible()
    assert page.locator("#audit img, #evidence img").count() == 0


def lines(page: Page, selector: str) -> int:
    """On how many lines the parts stand beside each other."""
    return len({box["y"] for part in page.locator(selector).all() if (box := part.bounding_box())})


def test_phone_has_its_filters_on_two_lines(audit: Page) -> None:
    audit.set_viewport_size({"width": 390, "height": 844})
    assert audit.locator("#verdict label").count() == 4
    until(lambda: lines(audit, "#verdict label") == 1)  # what stands there moves to its place
    until(lambda: lines(audit, "#audit-department, #audit-year") == 1)


def test_phone_shows_the_source_as_a_sheet(audit: Page) -> None:
    audit.set_viewport_size({"width": 375, "height": 760})
    expect(audit.locator("#side")).not_to_be_visible()
    audit.locator(".bq-side > .bq-link").first.click()
    expect(audit.locator("#side")).to_be_visible()
    audit.locator("#evidence [data-close]").click()
    expect(audit.locator("#side")).not_to_be_visible()


@pytest.mark.parametrize("width", [375, 768, 1440])
def test_page_fits_the_window(pages, audit: Page, width: int) -> None:  # type: ignore[no-untyped-def]
    audit.set_viewport_size({"width": width, "height": 800})
    assert audit.evaluate(OVERFLOW) == 0
    assert pages.hosts == {"127.0.0.1"}
