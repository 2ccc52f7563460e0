"""The operator's page as a person uses it."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tests.browser.test_accessibility import grave

pytestmark = pytest.mark.browser

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ADDRESS = "https://www.example.gov.cn/budget/2022.html"
PDF_NAME = "水文站2023年预算（公开）.pdf"
QUESTION = "临江市水文站2023年农林水支出是多少"
MARKUP = "<img src=x onerror=alert(1)>.txt"
ROWS = (
    ("科目", "合计", "基本支出", "项目支出"),
    ("合计", "321.09", "221.09", "100.00"),
    ("农林水支出", "300.00", "200.00", "100.00"),
    ("住房保障支出", "21.09", "21.09", "0.00"),
)
SMALL = "某市{}局2024年单位预算\n\n支出总体情况表\n单位：万元\n\n科目\t合计\n合计\t5.00\n农林水支出\t5.00\n"
READING = 60_000  # milliseconds that indexing may take


@pytest.fixture(scope="session")
def pdf() -> bytes:
    """A page of 临江市水文站, 2023, with a ruled table."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    content = io.BytesIO()
    canvas = Canvas(content)
    canvas.setFont("STSong-Light", 14)
    canvas.drawString(200, 780, "2023年临江市水文站部门预算")
    canvas.drawString(220, 740, "支出总体情况表")
    canvas.setFont("STSong-Light", 10)
    canvas.drawString(430, 720, "单位：万元")
    for r, row in enumerate(ROWS):
        for c, text in enumerate(row):
            left, foot = 80 + 110 * c, 680 - 25 * r
            canvas.rect(left, foot, 110, 25)
            canvas.drawString(left + 6, foot + 8, text)
    canvas.save()
    return content.getvalue()


@pytest.fixture
def documents(operator_pages, operator_service) -> Iterator[Page]:  # type: ignore[no-untyped-def]
    """Signed in."""
    page = operator_pages.open("/documents")
    page.fill("#password input", operator_service.password)
    page.press("#password input", "Enter")
    page.locator("#intake").wait_for()
    yield page
    expect(page.locator("#documents-page img, #documents-page script")).to_have_count(0)


def send(page: Page, *files: tuple[str, bytes]) -> None:
    payload = [{"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in files]
    page.set_input_files("#intake input", payload)  # type: ignore[arg-type]
    page.click("#take")
    expect(page.locator("#reports li")).to_have_count(len(files), timeout=READING)
    expect(page.locator("#reports .bq-waiting-file")).to_have_count(0)


def manage(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"管理 {name}", exact=True).click()
    expect(page.locator("#chosen h2")).to_have_text(name)


def test_wrong_password_is_told_then_the_right_one_opens_and_signing_out_closes(
    operator_pages, operator_service
) -> None:  # type: ignore[no-untyped-def]
    page = operator_pages.open("/")
    page.locator("nav a", has_text="文件").click()
    page.get_by_label("密码").fill("wrong-secret")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_have_text("密码不对，请重新输入")
    assert page.locator("#documents-page").count() == 0
    page.get_by_label("密码").fill(operator_service.password)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="收录文件")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_label("密码")).to_be_visible()
    assert page.locator("#documents-page").count() == 0


def test_file_is_sent_asked_about_corrected_and_deleted(operator_pages, documents: Page, pdf: bytes) -> None:  # type: ignore[no-untyped-def]
    send(documents, (PDF_NAME, pdf))
    report = documents.locator("#reports li")
    expect(report).to_contain_text("已收录")
    expect(report).to_contain_text("1页、1张表、9个数")
    expect(report).to_contain_text("勾稽关系：一致")

    chat = operator_pages.open(f"/?question={QUESTION}")
    box = chat.locator("#question textarea")
    expect(box).to_have_value(QUESTION, timeout=READING)
    box.press("Enter")
    expect(chat.locator("#chat .bq-answer:not(.bq-waiting)")).to_contain_text("300.00", timeout=READING)

    manage(documents, PDF_NAME)
    assert documents.evaluate("document.activeElement.textContent") == PDF_NAME
    documents.locator("#manage").get_by_label("更正：年份").fill("2022")
    documents.locator("#manage").get_by_label("公布地址").fill(ADDRESS)
    documents.get_by_role("button", name="保存更正").click()
    entry = documents.locator("#listing li", has_text=PDF_NAME)
    expect(entry).to_contain_text("2022年", timeout=READING)
    expect(documents.locator("#outcome")).to_contain_text("已收录")
    expect(documents.locator("#outcome")).to_contain_text("现在记为2022年")
    listed = documents.request.get(f"{operator_pages.url}/api/documents").json()
    assert [(d["year"], d["source_url"]) for d in listed if d["file_name"] == PDF_NAME] == [(2022, ADDRESS)]

    documents.get_by_role("button", name="重新收录").click()
    expect(documents.locator("#outcome [role=status]")).to_contain_text("已收录", timeout=READING)
    expect(documents.locator("#outcome [role=status]")).to_be_focused()
    expect(entry).to_contain_text("2022年")

    documents.get_by_role("button", name="删除", exact=True).click()
    expect(documents.locator("#sure")).to_contain_text(f"删除“{PDF_NAME}”")
    documents.get_by_role("button", name="不删除").click()
    documents.get_by_role("button", name="删除", exact=True).click()
    documents.get_by_role("button", name="确认删除").click()
    expect(documents.locator("#outcome")).to_have_text(f"已删除“{PDF_NAME}”", timeout=READING)
    expect(entry).to_have_count(0)
    assert PDF_NAME not in documents.request.get(f"{operator_pages.url}/api/documents").text()


def test_each_file_has_its_report_and_markup_is_text(documents: Page) -> None:
    text = SMALL.format("<b>档案</b>")
    send(documents, (MARKUP, text.encode()), ("空.txt", b""), ("a.exe", b"MZ"), ("大.pdf", bytes(2**20 + 1)))
    reports = documents.locator("#reports li")
    for number, words in enumerate(("已收录", "文件是空的", "不支持的文件格式", "文件超过 1 MB")):
        expect(reports.nth(number)).to_contain_text(words)
    expect(reports.first).to_contain_text(MARKUP)
    expect(documents.locator("#listing h3", has_text=MARKUP)).to_be_visible()
    send(documents, ("同一份.txt", text.encode()))
    expect(reports).to_contain_text("未变")
    manage(documents, MARKUP)
    documents.get_by_role("button", name="删除", exact=True).click()
    expect(documents.locator("#sure")).to_contain_text(f"删除“{MARKUP}”")
    documents.get_by_role("button", name="确认删除").click()
    expect(documents.locator("#outcome")).to_have_text(f"已删除“{MARKUP}”", timeout=READING)


def test_year_and_choice_are_asked_for_before_anything_is_sent(documents: Page) -> None:
    documents.click("#take")
    expect(documents.locator("#reports")).to_have_text("请先选择文件。")
    documents.locator("#told-year textarea, #told-year input").fill("20x4")
    documents.set_input_files("#intake input", [{"name": "a.txt", "mimeType": "text/plain", "buffer": b"x"}])
    documents.click("#take")
    expect(documents.locator("#reports")).to_contain_text("年份应是 1990 到 2100")
    documents.locator("#told-year textarea, #told-year input").fill("")
    documents.locator("#told-address textarea, #told-address input").fill("javascript:alert(1)")
    documents.click("#take")
    expect(documents.locator("#reports")).to_contain_text("不是网址")
    expect(documents.locator(".bq-chosen")).to_have_text("已选 1 份：a.txt")


def test_session_that_ended_shows_the_door(operator_pages, documents: Page) -> None:  # type: ignore[no-untyped-def]
    operator_pages.context.clear_cookies()
    documents.click("#take")
    expect(documents.get_by_role("alert")).to_have_text("登录已经过期，请重新登录。")
    expect(documents.get_by_label("密码")).to_be_visible()


def test_keyboard_alone_manages_a_file(documents: Page) -> None:
    send(documents, ("键盘.txt", SMALL.format("园林").encode()))
    documents.get_by_role("button", name="管理 键盘.txt").focus()
    documents.keyboard.press("Enter")
    expect(documents.locator("#chosen h2")).to_be_focused()
    for _ in range(6):
        documents.keyboard.press("Tab")
    expect(documents.get_by_role("button", name="删除", exact=True)).to_be_focused()
    documents.keyboard.press("Enter")
    expect(documents.locator("#sure p")).to_be_focused()
    documents.keyboard.press("Tab")
    documents.keyboard.press("Enter")
    expect(documents.locator("#outcome")).to_have_text("已删除“键盘.txt”", timeout=READING)


@pytest.mark.parametrize("width", [375, 768, 1440])
def test_documents_fit_the_window(operator_pages, documents: Page, width: int) -> None:  # type: ignore[no-untyped-def]
    documents.set_viewport_size({"width": width, "height": 800})
    expect(documents.locator("#intake")).to_be_visible()
    assert documents.evaluate(OVERFLOW) == 0
    assert operator_pages.hosts == {"127.0.0.1"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_before_or_behind_the_door(operator_pages, operator_service, scheme: str) -> None:  # type: ignore[no-untyped-def]
    page = operator_pages.open("/documents")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    expect(page.get_by_label("密码")).to_be_visible()
    assert grave(page) == []
    page.get_by_label("密码").fill(operator_service.password)
    page.get_by_role("button", name="登录").click()
    send(page, ("林业.txt", SMALL.format("林业").encode()))
    manage(page, "林业.txt")
    assert grave(page) == []
