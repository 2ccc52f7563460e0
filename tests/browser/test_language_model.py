"""The page with a language model: the verified answer first, prose beside it, and nothing of it where it says more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import Event

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import WAIT, Chat
from tests.conftest import serving
from tests.llm.scripted import Exchange, ScriptedServer, plan, scripted, value

PROSE = ".bq-plainly"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[ScriptedServer]:
    with scripted() as running:
        yield running


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, endpoint: ScriptedServer) -> Iterator[str]:
    environment = {"BUDGET_QA_LLM_BASE_URL": endpoint.url, "BUDGET_QA_LLM_MODEL": "scripted"}
    with serving(tmp_path_factory.mktemp("worded") / "store", **environment) as running:
        yield running.url


@pytest.fixture
def worded(context: BrowserContext, url: str) -> Iterator[Chat]:
    used = Chat(context, url)
    yield used
    assert used.errors == []
    assert used.hosts == {"127.0.0.1"}


def told_after(release: Event, text: str):  # type: ignore[no-untyped-def]
    def script(exchange: Exchange) -> None:
        release.wait(WAIT / 1000)
        exchange.say(text)

    return script


def test_prose_comes_after_the_answer_with_marks_to_its_sources(worded: Chat, endpoint: ScriptedServer) -> None:
    release = Event()
    endpoint.script = told_after(release, "您问的这一项，[[1]]。")
    worded.ask("公务接待费是多少")
    assert worded.page.locator(PROSE).count() == 0
    release.set()
    expect(worded.last.locator(PROSE)).to_contain_text("您问的这一项，公务接待费为")
    mark = worded.last.locator(f"{PROSE} .bq-mark").first
    mark.click()
    expect(worded.page.locator("#evidence")).to_contain_text("公务接待费")


def test_prose_that_says_more_is_never_shown(worded: Chat, endpoint: ScriptedServer) -> None:
    endpoint.script = lambda exchange: exchange.say("会议费是一亿元，比去年少。")
    worded.ask("会议费是多少")
    worded.page.wait_for_timeout(1500)
    assert worded.page.locator(PROSE).count() == 0 and "一亿" not in worded.page.content()


def test_who_asks_on_does_not_wait_and_loses_nothing(worded: Chat, endpoint: ScriptedServer) -> None:
    release = Event()
    endpoint.script = told_after(release, "您问的这一项，[[1]]。")
    worded.ask("水费是多少")
    worded.ask("退休费是多少")
    release.set()
    expect(worded.last.locator(PROSE)).to_contain_text("退休费")
    assert worded.page.locator("#chat .bq-answer").count() == 2


def test_question_sent_while_another_is_answered_comes_next(worded: Chat, endpoint: ScriptedServer) -> None:
    release = Event()
    endpoint.script = told_after(release, plan(value("物业管理费")))
    worded.send("雇老王把院子拾掇干净的开销多少")
    expect(worded.page.locator(".bq-waiting")).to_be_visible()
    worded.send("会议费是多少")
    release.set()
    expect(worded.page.locator("#chat .bq-answer:not(.bq-waiting)")).to_have_count(2)
    expect(worded.page.locator(".bq-question")).to_have_text(["雇老王把院子拾掇干净的开销多少", "会议费是多少"])
    expect(worded.last).to_contain_text("会议费")
    expect(worded.page.locator("#question textarea")).to_have_value("")


def test_what_the_model_understood_is_said(worded: Chat, endpoint: ScriptedServer) -> None:
    endpoint.script = lambda exchange: exchange.say(plan(value("物业管理费")) if exchange.wants_plan else "[[1]]。")
    answer = worded.ask("雇老王把院子拾掇干净的开销多少")
    assert "物业管理费为" in answer and "语言模型把问题理解为：物业管理费是多少" in answer


def test_the_page_says_where_questions_go(worded: Chat) -> None:
    assert re.search("问题会交给本机的语言模型（scripted）", worded.page.locator("#foot").inner_text())
