"""What is done with an answer, and with a conversation, as a person does it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PLOT = "#chat .js-plotly-plot"


def acts(chat):  # type: ignore[no-untyped-def]
    return chat.page.locator("#chat .bq-acts").last


def told(chat, text: str) -> None:  # type: ignore[no-untyped-def]
    expect(acts(chat).locator(".bq-told")).to_have_text(text)


def pick(chat, picker: str, choice: str) -> None:  # type: ignore[no-untyped-def]
    chat.page.locator(f"#{picker} input").click()
    chat.page.locator("[role=option]", has_text=choice).first.click()


# --- kept and linked -----------------------------------------------------------------------------------------------
def test_conversation_is_there_after_a_reload_and_goes_on(chat) -> None:  # type: ignore[no-untyped-def]
    chat.ask("总预算是多少")
    chat.ask("换成元")
    chat.page.reload()
    expect(chat.page.locator(".bq-question")).to_have_text(["总预算是多少", "换成元"])
    expect(chat.last).to_contain_text("81,248,500")
    expect(chat.page.locator("#evidence td.bq-hit")).to_have_text("8,124.85")
    expect(chat.page.locator("#question textarea")).to_be_enabled()
    assert "0.81" in chat.ask("换成亿元")


def test_cleared_conversation_is_not_kept(chat) -> None:  # type: ignore[no-untyped-def]
    chat.ask("总预算是多少")
    chat.page.click("#clear")
    expect(chat.page.locator("#chat .bq-answer")).to_have_count(0)
    chat.page.wait_for_timeout(300)
    chat.page.reload()
    expect(chat.page.locator("#chat .example").first).to_be_visible()
    expect(chat.page.locator("#question textarea")).to_be_enabled()
    expect(chat.page.locator("#chat .bq-answer")).to_have_count(0)


def test_link_asks_the_same_again(chat) -> None:  # type: ignore[no-untyped-def]
    chat.ask("公务接待费是多少")
    chat.ask("总预算是多少")
    chat.ask("换成元")
    address = acts(chat).get_attribute("data-link")
    other = chat.open("/" + address)
    expect(other.locator(".bq-question")).to_have_text(["总预算是多少", "换成元"])
    expect(other.locator("#chat .bq-answer").last).to_contain_text("81,248,500")


def test_link_that_was_made_up_is_met_gently(chat) -> None:  # type: ignore[no-untyped-def]
    markup = "<img src=x onerror=alert(1)>"
    page = chat.open(f"/?ask={quote(markup)}&ask={'x' * 9000}&ask=&department={quote(markup)}&year=abc")
    expect(page.locator(".bq-question").first).to_have_text(markup)
    expect(page.locator("#question textarea")).to_be_enabled()
    assert chat.dialogs == []


def test_link_names_the_documents_asked(scan_chat) -> None:  # type: ignore[no-untyped-def]
    pick(scan_chat, "department", "某市水务局")
    expect(scan_chat.page.locator(".bq-scope b")).to_have_text(["某市水务局　2024年　单位预算"])
    assert "5.00" in scan_chat.ask("农林水支出是多少")
    other = scan_chat.open("/" + acts(scan_chat).get_attribute("data-link"))
    expect(other.locator("#chat .bq-answer").last).to_contain_text("某市水务局")
    expect(other.locator("#department input")).to_have_value("某市水务局")
    expect(other.locator(".bq-scope b")).to_have_count(1)


# --- which documents are asked -------------------------------------------------------------------------------------
def test_picked_department_is_asked_until_another_is(scan_chat) -> None:  # type: ignore[no-untyped-def]
    expect(scan_chat.page.locator(".bq-scope b")).to_have_count(2)
    pick(scan_chat, "department", "某市测试局")
    expect(scan_chat.page.locator(".bq-scope b")).to_have_count(1)
    assert "12.3" in scan_chat.ask("农林水支出是多少")
    pick(scan_chat, "department", "某市水务局")
    expect(scan_chat.page.locator(".bq-scope b")).to_have_text(["某市水务局　2024年　单位预算"])
    answer = scan_chat.ask("农林水支出是多少")
    assert "5.00" in answer and "12.3" not in answer
    scan_chat.page.reload()
    expect(scan_chat.page.locator("#department input")).to_have_value("某市水务局")
    expect(scan_chat.last).to_contain_text("5.00")


def test_one_document_needs_no_picking(chat) -> None:  # type: ignore[no-untyped-def]
    expect(chat.page.locator("#department")).not_to_be_visible()


# --- copied, exported, judged --------------------------------------------------------------------------------------
def test_copy_has_the_answer_and_its_sources(chat) -> None:  # type: ignore[no-untyped-def]
    chat.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat.ask("办公费是多少")
    acts(chat).locator("[data-act=copy]").click()
    told(chat, "已复制")
    copied = chat.page.evaluate("navigator.clipboard.readText()")
    assert "68.61" in copied and "出处：" in copied and "一般公共预算项目支出情况表" in copied


def test_export_has_the_rows_and_their_cells(chat, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    chat.ask("金额最大的三个项目是哪些")
    with chat.page.expect_download() as download:
        acts(chat).locator("[data-act=xlsx]").click()
    told(chat, "已导出")
    assert download.value.suggested_filename == "回答.xlsx"
    download.value.save_as(tmp_path / "answer.xlsx")
    book = openpyxl.load_workbook(tmp_path / "answer.xlsx")
    rows = list(book["回答"].iter_rows(min_row=2, values_only=True))
    assert [row[2] for row in rows] == [1950.02, 700, 305]
    assert {row[3] for row in rows} == {"万元"}
    sources = list(book["来源"].iter_rows(min_row=2, values_only=True))
    assert [row[8] for row in sources] == ["1,950.02万元", "700.00万元", "305.00万元"]


def test_export_of_a_followup_is_of_what_was_shown(chat, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    chat.ask("总预算是多少")
    chat.ask("换成元")
    with chat.page.expect_download() as download:
        acts(chat).locator("[data-act=csv]").click()
    download.value.save_as(tmp_path / "answer.csv")
    content = (tmp_path / "answer.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [(row["数值"], row["单位"]) for row in rows][:1] == [("81248500.00", "元")]


def test_opinions_are_kept_for_the_operator(chat, service, run_budget_qa, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    chat.ask("公务接待费是多少")
    acts(chat).locator("[data-act=good]").click()
    told(chat, "谢谢，已记下")
    expect(acts(chat).locator("[data-act=good]")).to_have_attribute("aria-pressed", "true")
    chat.ask("会议费是多少")
    acts(chat).locator("[data-act=bad]").click()
    chat.page.keyboard.type("想要去年的 <b>数</b>")  # the field has the focus
    chat.page.keyboard.press("Enter")
    told(chat, "谢谢，已记下")
    file = tmp_path / "opinions.jsonl"
    done = run_budget_qa("feedback", "--export", str(file), "--store", str(service.store))
    assert done.returncode == 0, done.stderr
    written = file.read_text("utf-8")
    assert (
        "公务接待费是多少" in written
        and "会议费是多少" in written
        and json.dumps("想要去年的 <b>数</b>", ensure_ascii=False)[1:-1] in written
    )


# --- drawn ---------------------------------------------------------------------------------------------------------
def test_ranking_is_drawn_and_a_bar_opens_its_cell(chat) -> None:  # type: ignore[no-untyped-def]
    chat.ask("金额最大的三个项目是哪些")
    plot = chat.page.locator(PLOT)
    plot.scroll_into_view_if_needed()
    bars = plot.locator(".bars .point")
    expect(bars).to_have_count(3)
    expect(plot).to_have_attribute("data-heard", "")
    box = bars.nth(1).bounding_box()
    assert box is not None
    chat.page.mouse.click(box["x"] + 5, box["y"] + box["height"] / 2)
    expect(chat.page.locator("#evidence td.bq-hit")).to_have_text("700.00")


def test_slice_of_a_whole_opens_its_cell(chat) -> None:  # type: ignore[no-untyped-def]
    chat.ask("支出按功能分类的构成")
    plot = chat.page.locator(PLOT)
    plot.scroll_into_view_if_needed()
    expect(plot).to_have_attribute("data-heard", "")
    box = plot.locator(".slice path").first.bounding_box()
    assert box is not None
    expect(plot.locator(".legendtext")).to_have_count(4)
    chat.page.mouse.click(box["x"] + box["width"] - 8, box["y"] + box["height"] / 2)  # on the ring's right
    expect(chat.page.locator("#evidence td.bq-hit")).to_have_text("7,126.41")


def test_one_number_is_not_drawn(chat) -> None:  # type: ignore[no-untyped-def]
    chat.ask("总预算是多少")
    expect(chat.page.locator(PLOT)).to_have_count(0)


def test_keyboard_alone_gives_an_opinion(chat) -> None:  # type: ignore[no-untyped-def]
    chat.ask("总预算是多少")
    acts(chat).locator("[data-act=copy]").focus()
    for _ in range(4):
        chat.page.keyboard.press("Tab")
    expect(acts(chat).locator("[data-act=good]")).to_be_focused()
    chat.page.keyboard.press("Enter")
    told(chat, "谢谢，已记下")


# --- read otherwise ------------------------------------------------------------------------------------------------
def test_print_has_the_whole_conversation(chat) -> None:  # type: ignore[no-untyped-def]
    for question in ("金额最大的三个项目是哪些", "什么是基本支出", "总预算是多少"):
        chat.ask(question)
    chat.page.emulate_media(media="print")
    heights = chat.page.locator("#chat .bubble-wrap").evaluate("e => [e.clientHeight, e.scrollHeight]")
    assert heights[0] == heights[1] > 900
    expect(chat.page.locator("#ask-row")).not_to_be_visible()
    expect(chat.page.locator("#chat .bq-acts").first).not_to_be_visible()


@pytest.mark.parametrize(("scheme", "light"), [("light", False), ("dark", True)])
def test_words_of_a_chart_stand_out(chat, scheme: str, light: bool) -> None:  # type: ignore[no-untyped-def]
    chat.page.emulate_media(color_scheme=scheme)
    chat.page.reload()
    for question, words in (("金额最大的三个项目是哪些", ".annotation text"), ("支出按功能分类的构成", ".legendtext")):
        chat.ask(question)
        plot = chat.page.locator(PLOT).last
        plot.scroll_into_view_if_needed()
        text = plot.locator(words).first
        expect(text).to_be_visible()
        red = int(text.evaluate("e => getComputedStyle(e).fill.match(/\\d+/)[0]"))
        assert (red > 200) == light
