"""A real Chromium, driven by Playwright's Python package."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

# Milliseconds for whatever a page does: beside other tests it may take far more than the usual five seconds.
WAIT = 60_000
expect.set_options(timeout=WAIT)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


class Pages:
    """The service as a person uses it, with every request and every error its pages made."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url = context, url
        self.hosts: set[str] = set()
        self.errors: list[str] = []
        self.dialogs: list[str] = []
        context.on("request", self._requested)

    def open(self, path: str) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(self.url + path)
        return page

    def _requested(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob"):
            self.hosts.add(parts.hostname or request.url)


class Chat(Pages):
    """The chat page."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        super().__init__(context, url)
        self.page = self.open("/")
        self.page.locator("#chat .example").first.wait_for()

    def ask(self, question: str, *, by: str = "Enter") -> str:
        """Ask and wait. Returns the answer as it reads."""
        return self.after(lambda: self.send(question, by))

    def after(self, act) -> str:  # type: ignore[no-untyped-def]
        """Do what brings an answer, and wait for it."""
        answers = self.page.locator("#chat .bq-answer:not(.bq-waiting)")
        count = answers.count()
        act()
        answers.nth(count).wait_for()
        return answers.nth(count).inner_text()

    @property
    def last(self):  # type: ignore[no-untyped-def]
        return self.page.locator("#chat .bq-answer").last

    def send(self, question: str, by: str = "Enter") -> None:
        self.page.fill("#question textarea", question)
        if by == "Enter":
            self.page.press("#question textarea", "Enter")
        else:
            self.page.click("#send")


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1440, "height": 900})
    opened.set_default_timeout(WAIT)
    yield opened
    opened.close()


@pytest.fixture
def pages(context: BrowserContext, service_url: str) -> Iterator[Pages]:
    used = Pages(context, service_url)
    yield used
    assert used.errors == []


@pytest.fixture
def odd_pages(context: BrowserContext, odd_service) -> Iterator[Pages]:  # type: ignore[no-untyped-def]
    """Over a document that is written to be taken for markup, and does not add up."""
    used = Pages(context, odd_service.url)
    yield used
    assert (used.errors, used.dialogs) == ([], [])


@pytest.fixture
def operator_pages(context: BrowserContext, operator_service) -> Iterator[Pages]:  # type: ignore[no-untyped-def]
    """Of a service with a password for its operator."""
    used = Pages(context, operator_service.url)
    yield used
    assert (used.errors, used.dialogs) == ([], [])


@pytest.fixture
def chat(context: BrowserContext, service_url: str) -> Iterator[Chat]:
    used = Chat(context, service_url)
    yield used
    assert used.errors == []


@pytest.fixture
def scan_chat(context: BrowserContext, scan_service) -> Iterator[Chat]:  # type: ignore[no-untyped-def]
    """Over a scanned page."""
    used = Chat(context, scan_service.url)
    yield used
    assert used.errors == []


@pytest.fixture
def phone(browser: Browser, service_url: str) -> Iterator[Chat]:
    opened = browser.new_context(viewport={"width": 375, "height": 760}, has_touch=True, is_mobile=True)
    opened.set_default_timeout(WAIT)
    yield Chat(opened, service_url)
    opened.close()
