"""The chat page as a person uses it."""

from __future__ import annotations

import hashlib
import re

import pytest
from playwright.sync_api import Page, Route, expect

from index.ingest import SHIPPED

pytestmark = pytest.mark.browser

IN_VIEW = """element => {
  const frame = element.closest('.bq-scroll').getBoundingClientRect(), box = element.getBoundingClientRect();
  return box.top >= frame.top && box.bottom <= frame.bottom && box.left >= frame.left && box.right <= frame.right;
}"""


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def hold_next(chat) -> list[Route]:  # type: ignore[no-untyped-def]
    """What the page sends next, kept from the service until it is continued."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    chat.context.route("**/queue/join*", hold, times=1)
    return held


def test_page_names_the_documents_asked(chat) -> None:  # type: ignore[no-untyped-def]
    expect(chat.page.locator(".bq-scope")).to_contain_text("韶关市政务服务数据管理局")
    expect(chat.page.locator(".bq-scope")).to_contain_text("2024年")
    expect(chat.page.locator(".bq-scope")).to_contain_text("部门预算")
    assert chat.page.evaluate("document.documentElement.lang") == "zh-CN"


@pytest.mark.parametrize("by", ["Enter", "button"])
def test_question_is_answered_with_its_number_emphasised(chat, by: str) -> None:  # type: ignore[no-untyped-def]
    assert "8,124.85" in chat.ask("总预算是多少", by=by)
    expect(chat.last.locator(".bq-number").first).to_contain_text("8,124.85万元")
    expect(chat.page.locator("#question textarea")).to_have_value("")
    expect(chat.page.locator(".bq-question").last).to_have_text("总预算是多少")


def test_citation_opens_the_table_at_its_cell(chat) -> None:  # type: ignore[no-untyped-def]
    chat.ask("办公费是多少")
    chat.last.locator(".bq-cite").nth(1).click()
    evidence = chat.page.locator("#evidence")
    expect(evidence.locator("h2")).to_contain_text("一般公共预算项目支出情况表")
    hit = evidence.locator("td.bq-hit")
    expect(hit).to_have_text("19.48")
    assert hit.evaluate(IN_VIEW)
    expect(evidence.locator("tr.bq-here th")).to_have_text("办公费")
    expect(evidence.locator("thead th.bq-on")).to_have_text("预算")
    expect(evidence.locator(".bq-money")).to_have_text("单位：万元")
    assert evidence.locator("tbody tr").count() == 19
    expect(chat.last.locator(".bq-cite.bq-open")).to_have_count(1)


def test_mark_at_a_number_opens_the_same_source(chat) -> None:  # type: ignore[no-untyped-def]
    chat.ask("办公费是多少")
    chat.last.locator(".bq-mark").nth(1).press("Enter")
    expect(chat.page.locator("#evidence td.bq-hit")).to_have_text("19.48")


def test_first_source_is_open_at_once(chat) -> None:  # type: ignore[no-untyped-def]
    chat.ask("办公费是多少")
    expect(chat.page.locator("#evidence td.bq-hit")).to_have_text("68.61")


@pytest.mark.parametrize("width", [375, 1440])
def test_term_of_the_cited_cell_unfolds_its_definition(chat, width: int) -> None:  # type: ignore[no-untyped-def]
    chat.page.set_viewport_size({"width": width, "height": 800})
    chat.ask("三公经费是多少")
    chat.last.locator(".bq-cite").first.click()
    term = chat.page.locator("#evidence .bq-term", has_text="三公经费")
    expect(term.locator("p")).not_to_be_visible()
    term.locator("summary").click()
    expect(term.locator("p")).to_contain_text("“三公”经费指部门（单位）使用财政拨款安排的")
    assert chat.page.locator("#evidence td.bq-hit").evaluate(IN_VIEW)
    assert overflow(chat.page) == 0


def test_evidence_leads_to_the_original_file(chat) -> None:  # type: ignore[no-untyped-def]
    chat.ask("办公费是多少")
    footer = chat.page.locator("#evidence footer")
    with chat.page.expect_download() as started:
        footer.locator("a").click()
    name = started.value.suggested_filename
    assert name == next(SHIPPED.glob("*.txt")).name
    content = started.value.path().read_bytes()
    assert content == (SHIPPED / name).read_bytes()
    # The SHA-256 is shown short, and copied whole.
    digest = footer.locator(".bq-hash")
    assert digest.evaluate("e => e.scrollWidth > e.clientWidth")
    digest.click()
    assert chat.page.evaluate("getSelection().toString()") == hashlib.sha256(content).hexdigest()
    assert chat.hosts == {"127.0.0.1"}


def test_side_by_side_table_is_shown_as_printed(chat) -> None:  # type: ignore[no-untyped-def]
    chat.ask("表1的社会保障和就业支出是多少")
    chat.page.locator(".bq-cite", has_text="收支总体情况表").first.click()
    evidence = chat.page.locator("#evidence")
    expect(evidence.locator("td.bq-hit")).to_have_text("594.09")
    expect(evidence.locator("thead tr").first).to_have_text("收入支出")
    first = evidence.locator("tbody tr").first
    expect(first).to_have_text("一、预算拨款8,124.85一、一般公共服务支出7,126.41")


def test_citation_opens_the_passage_under_its_heading(chat) -> None:  # type: ignore[no-untyped-def]
    chat.ask("什么是基本支出")
    chat.last.locator(".bq-cite").first.click()
    evidence = chat.page.locator("#evidence")
    expect(evidence.locator("h2")).to_contain_text("名词解释")
    expect(evidence.locator("mark")).to_contain_text("为保障机构正常运转")
    assert evidence.locator("mark").evaluate(IN_VIEW)


def test_followup_is_read_by_the_turn_before(chat) -> None:  # type: ignore[no-untyped-def]
    chat.ask("总预算是多少")
    assert "81,248,500" in chat.ask("换成元")


def test_clearing_forgets_the_turns_before(chat) -> None:  # type: ignore[no-untyped-def]
    chat.ask("总预算是多少")
    chat.page.click("#clear")
    expect(chat.page.locator("#chat .bq-answer")).to_have_count(0)
    expect(chat.page.locator("#chat .example").first).to_be_visible()
    assert "81,248,500" not in chat.ask("换成元")


def test_example_is_asked_by_a_click(chat) -> None:  # type: ignore[no-untyped-def]
    example = chat.page.locator("#chat .example").first
    asked = example.inner_text()
    chat.after(example.click)
    expect(chat.page.locator(".bq-question").last).to_have_text(asked)
    expect(chat.last.locator(".bq-cite").first).to_be_visible()


def test_choice_of_a_question_back_is_asked_by_a_click(chat) -> None:  # type: ignore[no-untyped-def]
    chat.ask("多少")
    expect(chat.last).to_contain_text("请")
    choice = chat.page.locator("#chat .option").first
    asked = choice.inner_text()
    chat.after(choice.click)
    expect(chat.page.locator(".bq-question").last).to_have_text(asked)
    expect(chat.last.locator(".bq-cite").first).to_be_visible()


def test_suggestion_is_asked_by_a_click(chat) -> None:  # type: ignore[no-untyped-def]
    chat.ask("办公费是多少")
    suggestion = chat.page.locator("#chat .option").first
    asked = suggestion.inner_text()
    chat.after(suggestion.click)
    expect(chat.page.locator(".bq-question").last).to_have_text(asked)


def test_refusal_says_why(chat) -> None:  # type: ignore[no-untyped-def]
    chat.ask("2019年的总预算是多少")
    expect(chat.last.locator(".bq-tag")).to_have_text("没有这个年度")
    expect(chat.last).to_contain_text("2024年")


def test_empty_question_is_met_gently(chat) -> None:  # type: ignore[no-untyped-def]
    assert "请先写下想问的内容" in chat.ask("   ")
    chat.page.fill("#question textarea", "总预算是多少")
    chat.page.click("#send")
    expect(chat.last).to_contain_text("8,124.85")


def test_question_sent_twice_in_haste_is_asked_once(chat) -> None:  # type: ignore[no-untyped-def]
    chat.page.fill("#question textarea", "总预算是多少")
    chat.page.dblclick("#send")
    expect(chat.last).to_contain_text("8,124.85")
    assert "请先写下想问的内容" not in chat.ask("会议费是多少")
    expect(chat.page.locator(".bq-question")).to_have_text(["总预算是多少", "会议费是多少"])


def test_what_is_typed_while_a_question_is_on_its_way_stays(chat) -> None:  # type: ignore[no-untyped-def]
    held = hold_next(chat)
    chat.send("总预算是多少")
    expect(chat.page.locator("#question textarea")).to_have_value("")
    chat.page.fill("#question textarea", "会议费是多少")
    held[0].continue_()
    expect(chat.last).to_contain_text("8,124.85")
    expect(chat.page.locator("#question textarea")).to_have_value("会议费是多少")


def test_empty_question_adds_nothing_to_a_conversation(chat) -> None:  # type: ignore[no-untyped-def]
    chat.ask("总预算是多少")
    chat.send("   ")
    expect(chat.page.locator("#question textarea")).to_have_attribute("placeholder", re.compile("请先写下想问的内容"))
    expect(chat.page.locator("#question textarea")).to_have_value("")
    expect(chat.page.locator("#chat .bq-answer")).to_have_count(1)


def test_source_clicked_while_another_still_opens_is_shown(chat) -> None:  # type: ignore[no-untyped-def]
    chat.ask("办公费是多少")
    sources = chat.last.locator(".bq-cite")
    held = hold_next(chat)
    sources.nth(0).click()
    sources.nth(1).click()
    expect(chat.page.locator("#evidence td.bq-hit")).to_have_text("19.48")
    assert len(held) == 1
    held[0].continue_()


def test_ten_thousand_characters_are_refused_and_the_page_goes_on(chat) -> None:  # type: ignore[no-untyped-def]
    assert "请把问题缩短后再问" in chat.ask("预" * 10_000)
    expect(chat.page.locator(".bq-question").last).to_contain_text("共 10,000 字")
    assert "8,124.85" in chat.ask("总预算是多少")


@pytest.mark.parametrize("markup", [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[点我](javascript:alert(1)) **粗** $$x$$", "</p></div><b>粗</b>",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)}",
])  # fmt: skip
def test_markup_in_a_question_is_text(chat, markup: str) -> None:  # type: ignore[no-untyped-def]
    chat.ask(markup)
    shown = chat.page.locator(".bq-question").last
    expect(shown).to_have_text(markup)
    assert shown.locator("*").count() == 0
    assert chat.dialogs == []
    assert "8,124.85" in chat.ask("总预算是多少")


def test_session_reaches_for_no_other_host(chat) -> None:  # type: ignore[no-untyped-def]
    chat.ask("办公费是多少")
    chat.last.locator(".bq-cite").first.click()
    expect(chat.page.locator("#evidence td.bq-hit")).to_be_visible()
    docs = chat.open("/api/docs")
    docs.locator(".opblock").first.click()
    docs.wait_for_load_state("networkidle")
    assert chat.hosts == {"127.0.0.1"}


PICTURE = "#evidence .bq-page img"
DRAWN = f"document.querySelector('{PICTURE}')?.naturalWidth > 0"


@pytest.mark.parametrize("width", [375, 1440])
def test_figure_of_a_scan_is_shown_as_on_its_page_with_its_doubt(scan_chat, width: int) -> None:  # type: ignore[no-untyped-def]
    scan_chat.page.set_viewport_size({"width": width, "height": 800})
    scan_chat.ask("某市测试局的农林水支出是多少")
    expect(scan_chat.last).to_contain_text("把握不大")
    scan_chat.last.locator(".bq-cite").first.click()
    evidence = scan_chat.page.locator("#evidence")
    scan_chat.page.wait_for_function(DRAWN)
    expect(scan_chat.page.locator(PICTURE)).to_be_visible()
    expect(scan_chat.page.locator(PICTURE)).to_have_attribute("alt", "原件第1页的扫描图，框内识别为“12.3”")
    expect(evidence.locator(".bq-doubt")).to_have_text("可能识别有误，请以图中为准")
    assert evidence.locator("td.bq-hit").evaluate(IN_VIEW)
    assert overflow(scan_chat.page) == 0


def test_figure_of_scanned_prose_that_is_sure_is_shown_without_doubt(scan_chat) -> None:  # type: ignore[no-untyped-def]
    scan_chat.ask("某市测试局的公务接待费是多少")
    scan_chat.last.locator(".bq-cite").first.click()
    expect(scan_chat.page.locator("#evidence mark")).to_have_text("3.80万元")
    scan_chat.page.wait_for_function(DRAWN)
    expect(scan_chat.page.locator("#evidence .bq-doubt")).to_have_count(0)


def test_phone_shows_the_source_as_a_sheet(phone) -> None:  # type: ignore[no-untyped-def]
    phone.ask("办公费是多少")
    side = phone.page.locator("#side")
    expect(side).not_to_be_visible()
    phone.last.locator(".bq-cite").nth(1).tap()
    expect(side).to_be_visible()
    hit = phone.page.locator("#evidence td.bq-hit")
    expect(hit).to_have_text("19.48")
    assert hit.evaluate(IN_VIEW)
    assert overflow(phone.page) == 0
    phone.page.locator("#evidence [data-close]").tap()
    expect(side).not_to_be_visible()


@pytest.mark.parametrize("width", [375, 768, 1440])
def test_page_fits_the_window(chat, width: int) -> None:  # type: ignore[no-untyped-def]
    chat.page.set_viewport_size({"width": width, "height": 800})
    chat.ask("金额最大的五个项目是哪些")
    assert overflow(chat.page) == 0
    box = chat.page.locator("#question textarea").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 800
