"""No serious or critical violation that axe-core finds, on any page, in either mode, wide or on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

GRAVE = {"serious", "critical"}
# What is checked once it is there: a selector to wait for, on a page of ours.
SHOWN = {
    "/": "#chat .example",
    "/?ask=金额最大的三个项目是哪些&ask=什么是基本支出&ask=2019年呢": "#chat .bq-acts >> nth=2",
    "/projects": "tr[data-project]",
    "/tables": "#overview .js-plotly-plot",
    "/audit": ".bq-identity",
}
SCREENS = [(1440, "light"), (375, "dark")]


def grave(page: Page) -> list[tuple[str, list[str]]]:
    """What axe-core finds that keeps people out: rules, and what breaks them."""
    found = Axe().run(page).response["violations"]
    return [(v["id"], [node["html"][:200] for node in v["nodes"][:3]]) for v in found if v["impact"] in GRAVE]


@pytest.fixture(params=SCREENS, ids=lambda screen: f"{screen[0]}-{screen[1]}")
def screen(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", SHOWN)
def test_axe_finds_nothing_grave(screen: Page, service_url: str, path: str) -> None:
    screen.goto(service_url + path)
    screen.locator(SHOWN[path]).first.wait_for()
    for loading in (".bq-waiting", ".pending"):
        expect(screen.locator(loading)).to_have_count(0)
    assert grave(screen) == []
