"""The page of tables as a person uses it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


IN_SIGHT = """element => {
  const frame = element.closest('.bq-scroll').getBoundingClientRect(), box = element.getBoundingClientRect();
  const middle = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return box.top >= frame.top && box.bottom <= frame.bottom && element.contains(middle);
}"""


def turn_to(page: Page, title: str) -> None:
    entry = page.locator("#contents label", has_text=title).first
    if not entry.is_visible():  # on a phone
        page.locator("#fold summary").click()
    entry.click()
    expect(page.locator("#evidence h2")).to_contain_text(title)


def cell(page: Page, row: str, text: str):  # type: ignore[no-untyped-def]
    line = page.locator("#evidence tbody tr", has=page.get_by_role("rowheader", name=row, exact=True))
    return line.locator("td[data-at]", has_text=text).first


@pytest.fixture
def tables(pages) -> Page:  # type: ignore[no-untyped-def]
    page = pages.open("/tables")
    page.locator("#contents label").nth(1).wait_for()
    return page


def test_navigation_leads_here_from_the_chat(chat) -> None:  # type: ignore[no-untyped-def]
    chat.page.locator("nav a", has_text="预算表").click()
    expect(chat.page.locator("#contents label").first).to_have_text("总览")


def test_contents_are_the_tables_by_number_and_title(tables: Page) -> None:
    assert tables.locator("#contents label").count() == 14
    expect(tables.locator("#contents label").nth(3)).to_have_text("表3 支出总体情况表")
    expect(tables.locator("#pick-department input")).to_have_value("韶关市政务服务数据管理局")
    expect(tables.locator("#pick-year input")).to_have_value("2024年")


def test_table_is_shown_as_printed(tables: Page) -> None:
    turn_to(tables, "收入总体情况表")
    evidence = tables.locator("#evidence")
    expect(evidence.locator(".bq-money")).to_have_text("单位：万元")
    expect(evidence.locator("thead tr").first).to_contain_text("财政拨款收入")
    expect(evidence.locator("thead tr").nth(1)).to_contain_text("政府性基金预算")
    assert evidence.locator("tbody tr").count() == 23


def test_clicked_cell_is_cited_and_linked(pages, tables: Page) -> None:  # type: ignore[no-untyped-def]
    turn_to(tables, "基本支出情况表")
    cell(tables, "办公费", "68.61").click()
    cited = tables.locator("#cited")
    expect(cited.locator(".bq-value")).to_have_text("68.61万元")
    for words in ("韶关市政务服务数据管理局", "基本支出情况表", "商品和服务支出", "办公费", "预算"):
        expect(cited.locator(".bq-trail")).to_contain_text(words)
    expect(tables.locator("#evidence td.bq-hit")).to_have_text("68.61")
    tables.wait_for_url("**/tables?*row=*")

    again = pages.open(tables.url.removeprefix(pages.url))
    expect(again.locator("#evidence td.bq-hit")).to_have_text("68.61")
    expect(again.locator("#cited .bq-value")).to_have_text("68.61万元")


def test_link_is_copied(pages, tables: Page) -> None:  # type: ignore[no-untyped-def]
    pages.context.grant_permissions(["clipboard-read", "clipboard-write"])
    turn_to(tables, "基本支出情况表")
    cell(tables, "办公费", "68.61").click()
    tables.locator("[data-copy]").click()
    expect(tables.locator("[data-copy]")).to_have_text("已复制")
    assert tables.evaluate("navigator.clipboard.readText()") == tables.url


def test_cell_is_asked_about_in_the_chat(tables: Page) -> None:
    turn_to(tables, "基本支出情况表")
    cell(tables, "办公费", "68.61").click()
    tables.locator(".bq-ask").click()
    box = tables.locator("#question textarea")
    expect(box).to_have_value("《一般公共预算基本支出情况表（按经济分类科目）》里“办公费”的“预算”是多少")
    box.press("Enter")
    expect(tables.locator("#chat .bq-answer:not(.bq-waiting)")).to_contain_text("68.61")


def test_keyboard_goes_from_cell_to_cell(tables: Page) -> None:
    turn_to(tables, "支出总体情况表")
    first = tables.locator("#evidence td[data-at]").first
    first.focus()
    first.press("ArrowRight")
    tables.keyboard.press("ArrowDown")
    tables.keyboard.press("Enter")
    expect(tables.locator("#evidence td.bq-hit")).to_have_attribute("data-at", "1,1")
    expect(tables.locator("#cited .bq-trail")).to_contain_text("基本支出")


def test_search_opens_the_table_at_the_row(tables: Page) -> None:
    tables.locator("#sought textarea").press_sequentially("办公费")
    expect(tables.locator("#hits .bq-count")).to_have_text("找到 2 行")
    tables.locator("#hits button", has_text="项目支出").click()
    expect(tables.locator("#evidence h2")).to_contain_text("一般公共预算项目支出情况表")
    expect(tables.locator("#evidence tr.bq-here th")).to_have_text("办公费")
    expect(tables.locator("#contents label.selected")).to_contain_text("一般公共预算项目支出情况表")
    tables.locator("#sought textarea").fill("没有这样的东西")
    expect(tables.locator("#hits")).to_contain_text("没有找到")


def test_overview_says_from_where_each_number_is(tables: Page) -> None:
    expect(tables.locator("#overview h2").first).to_have_text("收入到支出")
    tables.locator("#chart-flow .sankey-link").first.wait_for()
    assert tables.locator("#overview .js-plotly-plot").count() == 5
    tables.locator("#numbers-three_public summary").click()
    tables.locator("#numbers-three_public button", has_text="公务接待费").click()
    expect(tables.locator("#evidence h2")).to_contain_text("“三公”经费预算表")
    expect(tables.locator("#cited .bq-value")).to_have_text("3.80万元")


def test_bar_opens_its_cell(tables: Page) -> None:
    bar = tables.locator("#chart-economic .point path").first
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    assert box is not None
    tables.mouse.move(box["x"] + 20, box["y"] + 5)
    expect(tables.locator("#chart-economic .hoverlayer")).to_contain_text("一般公共预算基本支出情况表")
    tables.mouse.click(box["x"] + 20, box["y"] + 5)
    expect(tables.locator("#evidence tr.bq-here th")).to_have_text("工资福利支出")


def test_chart_that_does_not_add_up_is_refused_and_markup_is_text(odd_pages) -> None:  # type: ignore[no-untyped-def]
    page = odd_pages.open("/tables")
    expect(page.locator("#overview .bq-why-not")).to_contain_text("100.00 与 90.00，差 10.00万元，对不上，所以不画图")
    assert page.locator("#overview .js-plotly-plot").count() == 0
    page.locator("#contents label").nth(1).click()
    heading = page.locator("#evidence h2")
    expect(heading).to_contain_text("<img src=x onerror=alert(1)>")
    page.locator("#evidence tbody td[data-at]", has_text="60.00").click()
    expect(page.locator("#cited .bq-trail")).to_contain_text("教育支出<img src=x onerror=alert(1)>")
    page.locator("#sought textarea").press_sequentially("教育")
    expect(page.locator("#hits button")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("#sheet img, #hits img, #contents img, #sheet script").count() == 0


@pytest.mark.parametrize(("query", "said"), [
    ("document=none", "已被移除或更新"), ("document=none&table=1&row=1&column=1", "已被移除或更新"), ("document=x&table=-1", ""),
])  # fmt: skip
def test_address_of_nothing_shows_another_document(pages, query: str, said: str) -> None:  # type: ignore[no-untyped-def]
    page = pages.open(f"/tables?{query}")
    expect(page.locator("#overview h2").first).to_be_visible()
    expect(page.locator("#cited")).to_contain_text(said)


def test_row_that_is_not_there_is_met_gently(pages, tables: Page) -> None:  # type: ignore[no-untyped-def]
    tables.wait_for_url("**/tables?document=*")
    broken = pages.open(f"{tables.url.removeprefix(pages.url)}&table=1&row=9999&column=0")
    expect(broken.locator("#evidence")).to_contain_text("已被移除或更新")
    assert broken.locator("#cited .bq-cited").count() == 0


@pytest.mark.parametrize("width", [375, 768, 1440])
def test_page_fits_the_window(pages, tables: Page, width: int) -> None:  # type: ignore[no-untyped-def]
    tables.set_viewport_size({"width": width, "height": 800})
    tables.locator("#chart-flow .sankey-link").first.wait_for()
    assert tables.evaluate(OVERFLOW) == 0
    turn_to(tables, "收入总体情况表")
    assert tables.evaluate(OVERFLOW) == 0
    assert pages.hosts == {"127.0.0.1"}


@pytest.mark.parametrize("height", [560, 800])
def test_cited_row_stays_in_sight_when_something_unfolds_below_it(pages, tables: Page, height: int) -> None:  # type: ignore[no-untyped-def]
    tables.wait_for_url("**/tables?document=*")
    page = pages.open(f"{tables.url.removeprefix(pages.url)}&table=5&row=37&column=0")
    page.set_viewport_size({"width": 1280, "height": height})
    hit, term = page.locator("#evidence td.bq-hit"), page.locator("#evidence .bq-term summary").first
    expect(page.locator("#evidence tr.bq-here th")).to_have_text("办公设备购置")
    term.click()
    page.wait_for_function(IN_SIGHT, arg=hit.element_handle())
    cell(page, "办公费", "68.61").click()
    term.click()
    page.wait_for_function(IN_SIGHT, arg=hit.element_handle())


def test_phone_folds_the_contents_away(tables: Page) -> None:
    tables.set_viewport_size({"width": 390, "height": 844})
    entries, chart = tables.locator("#contents label:visible"), tables.locator("#overview h2").first
    expect(entries).to_have_text(["总览"])
    box = chart.bounding_box()
    assert box is not None and box["y"] < 844 * 0.6
    tables.locator("#fold summary").click()
    expect(entries).to_have_count(14)
    turn_to(tables, "收入总体情况表")
    expect(entries).to_have_text(["表2　收入总体情况表"])
    expect(tables.locator("#evidence tbody tr").first).to_be_in_viewport()
    tables.set_viewport_size({"width": 1280, "height": 844})
    expect(entries).to_have_count(14)
