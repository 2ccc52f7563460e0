"""The page 项目与绩效 as a person uses it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.test_chat import overflow

pytestmark = pytest.mark.browser
ROWS = "#projects tr[data-project]"


@pytest.fixture
def page(context: BrowserContext, service_url: str) -> Iterator[Page]:
    errors: list[str] = []
    opened = context.new_page()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(f"{service_url}/projects")
    opened.locator(ROWS).first.wait_for()
    yield opened
    assert errors == []


def amounts(page: Page) -> list[float]:
    return [
        float(text.replace(",", "").split("万")[0]) for text in page.locator(f"{ROWS} .bq-amount").all_inner_texts()
    ]


def choose(page: Page, name: str) -> None:
    page.locator(f"{ROWS} button", has_text=name).first.click()


# The placeholder of a box is not cut off.
WHOLE = """box => {
  const style = getComputedStyle(box), pen = document.createElement('canvas').getContext('2d');
  pen.font = style.font;
  return pen.measureText(box.placeholder).width <= box.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
}"""
END_IN_SIGHT = """words => {
  words.scrollIntoView({block: 'end'});
  const box = words.getBoundingClientRect();
  return words.contains(document.elementFromPoint(box.x + 8, box.bottom - 8));
}"""
MEANT = "picker => getComputedStyle(picker.querySelector('.wrap-inner'), '::before').content"


def test_phone_shows_the_list_first_and_folds_the_filters_away(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    filters, fold = page.locator("#filters"), page.locator("#fold summary")
    expect(filters).not_to_be_visible()
    expect(page.locator(f"{ROWS} .bq-year").first).to_have_text("2024")
    expect(page.locator(f"{ROWS} .bq-year").first).to_be_in_viewport()
    assert page.locator("#words input").evaluate(WHOLE)
    fold.click()
    page.locator("#years input").click()
    page.locator("[role=option]", has_text="2024").click()
    page.fill("#least input", "50")
    fold.click()
    expect(filters).not_to_be_visible()
    expect(page.locator(".bq-conditions")).to_have_text("年度：2024；不少于 50 万元")
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(filters).to_be_visible()
    expect(page.locator(".bq-conditions")).not_to_be_visible()


def test_pickers_say_that_nothing_chosen_is_all(page: Page) -> None:
    for picker, said in (("#departments", "全部部门"), ("#years", "全部年度"), ("#units", "全部单位")):
        assert page.locator(picker).evaluate(MEANT) == f'"{said}"'
    page.locator("#years input").click()
    page.locator("[role=option]", has_text="2024").click()
    page.locator("#words input").click()
    expect(page.locator("#years .token")).to_have_text("2024")
    assert page.locator("#years").evaluate(MEANT) == "none"


def test_words_filter_the_list_and_its_total(page: Page) -> None:
    before = page.locator(".bq-sum").inner_text()
    name = page.locator(f"{ROWS} button").nth(2).inner_text()
    printed = page.locator(f"{ROWS} .bq-amount").nth(2).inner_text()
    page.locator("#meaning input").uncheck()
    page.fill("#words input", name)
    expect(page.locator(ROWS)).to_have_count(1)
    expect(page.locator(".bq-sum p")).to_contain_text("1 个项目")
    expect(page.locator(".bq-sum p")).to_contain_text(printed)
    page.click("#clear")
    expect(page.locator(".bq-sum")).to_have_text(before, use_inner_text=True)


def test_amounts_are_bounded_and_nonsense_is_met_gently(page: Page) -> None:
    page.fill("#least input", "100")
    page.fill("#most input", "1,000")
    expect(page.locator(".bq-sum a").first).to_have_attribute("href", "api/projects/export.xlsx?min=100&max=1000")
    assert all(100 <= amount <= 1000 for amount in amounts(page))
    page.fill("#most input", "很多")
    expect(page.locator(".bq-none")).to_contain_text("筛选条件不对")


def test_heads_sort_the_whole_selection(page: Page) -> None:
    assert amounts(page) == sorted(amounts(page), reverse=True)
    page.locator("[data-order=amount_asc]").click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("金额")
    assert amounts(page) == sorted(amounts(page))


def test_project_opens_with_amount_share_target_and_source(page: Page) -> None:
    name = page.locator(f"{ROWS} button").first.inner_text()
    printed = page.locator(f"{ROWS} .bq-amount").first.inner_text()
    choose(page, name)
    card = page.locator("#card")
    expect(card.locator("h2")).to_have_text(name)
    expect(card.locator(".bq-figure button")).to_have_text(printed)
    expect(card.locator("dd b")).to_contain_text("%")
    hit = page.locator("#evidence td.bq-hit")
    expect(hit).to_have_text(printed.removesuffix("万元"))
    expect(hit).to_be_in_viewport()
    card.locator(".bq-target h3 button").first.click()
    expect(page.locator("#evidence td.bq-words.bq-hit")).to_be_visible()


def test_whole_card_can_be_read_beside_its_source(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 700})
    page.locator(f"{ROWS} button").first.click()
    last = page.locator("#card .bq-target p").last
    page.wait_for_function(END_IN_SIGHT, arg=last.element_handle())


def test_figures_of_a_target_are_emphasised(page: Page) -> None:
    page.fill("#words input", "99.5%")
    expect(page.locator(".bq-sum a").first).to_have_attribute("href", re.compile("q=99.5"))  # the list has followed
    page.locator(f"{ROWS} button").first.click()
    expect(page.locator("#card .bq-target strong", has_text="99.5%").first).to_be_visible()


def test_workbook_is_downloaded_and_opens(page: Page, tmp_path) -> None:  # type: ignore[no-untyped-def]
    page.fill("#words input", "运维")
    expect(page.locator(".bq-sum a").first).to_have_attribute("href", "api/projects/export.xlsx?q=%E8%BF%90%E7%BB%B4")
    count = int(page.locator(".bq-sum p b").first.inner_text())
    with page.expect_download() as started:
        page.locator(".bq-sum a", has_text="Excel").click()
    started.value.save_as(tmp_path / "项目.xlsx")
    book = openpyxl.load_workbook(tmp_path / "项目.xlsx")
    assert book["项目"].max_row == count + 1
    assert book["来源"].max_row > count


def test_pages_are_named_and_lead_to_each_other(page: Page) -> None:
    page.locator("nav a", has_text="问答").click()
    page.locator("#chat .example").first.wait_for()
    page.locator("nav a", has_text="项目与绩效").click()
    page.locator(ROWS).first.wait_for()


@pytest.mark.parametrize("width", [375, 768, 1440])
def test_page_fits_the_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.locator(f"{ROWS} button").first.click()
    expect(page.locator("#card h2")).to_be_visible()
    expect(page.locator("#evidence td.bq-hit")).to_be_visible()
    assert overflow(page) == 0
