"""The pictures in the README, of a running service: `python -m tools.screenshots http://127.0.0.1:7860`.

In: the address of a service over the shipped document. Out: PNG files in docs/images, to be looked at before they are committed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Page, sync_playwright

from tools.chromium import find_chromium

IMAGES = Path(__file__).parent.parent / "docs" / "images"
DRAWN = 1500  # milliseconds that charts and fonts take to settle
ANSWERED = "#chat .bq-acts"


class Picture(NamedTuple):
    """An address, what is done there, and how wide the window is."""

    name: str
    path: str
    act: Callable[[Page], Any]
    width: int = 1280
    height: int = 800
    scheme: Any = "light"


def _asked(page: Page) -> None:
    page.locator(ANSWERED).first.wait_for()
    page.locator("#evidence .bq-hit").first.wait_for()


def _project(page: Page) -> None:
    page.locator("tr[data-project]").nth(1).click()
    page.locator(".bq-card").first.wait_for()


PICTURES = (
    Picture("chat", "/?ask=金额最大的五个项目是哪些", _asked),
    Picture("projects", "/projects", _project),
    Picture("tables", "/tables", lambda page: page.locator("#overview .js-plotly-plot").first.wait_for()),
    Picture("phone", "/?ask=办公费是多少", lambda page: page.locator(ANSWERED).first.wait_for(), 390, 800, "dark"),
)


def main(url: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        for picture in PICTURES:
            context = browser.new_context(
                viewport={"width": picture.width, "height": picture.height}, color_scheme=picture.scheme
            )
            page = context.new_page()
            page.goto(url.rstrip("/") + picture.path)
            picture.act(page)
            page.wait_for_timeout(DRAWN)
            page.screenshot(path=IMAGES / f"{picture.name}.png")
            context.close()


if __name__ == "__main__":
    main(sys.argv[1])
