"""How fast the chat page is for who uses it: `python -m benchmarks.page http://127.0.0.1:7860 [COUNT]`, 40 questions by default.

In: a running service over the shipped document; the questions of eval/questions/dev. Out: milliseconds from opening the page to where
it can be written in, to its first answer, and from Enter to the answer shown, beside the same questions asked of the API and an
empty request, in one run.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from statistics import median

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from eval.questions import DEV, load_cases
from eval.report import percentile
from tools.chromium import find_chromium

OPENED = 5  # times the page is opened
ANSWERS = "#chat .bq-answer:not(.bq-waiting)"
BOX = "#question textarea"


def main() -> None:
    url, count = sys.argv[1].rstrip("/"), int(sys.argv[2]) if len(sys.argv) > 2 else 40
    questions = [case.question for case in load_cases(DEV / "shaoguan.jsonl") if not case.followup_of][:count]
    with sync_playwright() as playwright, httpx.Client(base_url=url) as client:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        writable, first = zip(*(_opened(browser, url, questions[0]) for _ in range(OPENED)), strict=True)
        page = browser.new_page()
        page.goto(url)
        page.locator("#chat .example").first.wait_for()
        shown = [_timed(lambda q=question: _ask(page, q)) for question in questions]
        api = [_timed(lambda q=question: client.post("/api/ask", json={"question": q})) for question in questions]
        empty = [_timed(lambda: client.get("/healthz")) for _ in questions]
    _print("page opened until it can be written in", writable)
    _print("page opened until its first answer", first)
    _print("Enter until the answer is shown", shown)
    _print("the same by the API", api)
    _print("an empty request", empty)
    print(f"shown / API at p50: {median(shown) / median(api):.1f}")


def _opened(browser: Browser, url: str, question: str) -> tuple[float, float]:
    """A visitor's first view, nothing in the browser's cache."""
    context = browser.new_context()
    page = context.new_page()
    start = time.perf_counter()
    page.goto(url)
    page.locator(BOX).wait_for()
    writable = (time.perf_counter() - start) * 1000
    _ask(page, question)
    first = (time.perf_counter() - start) * 1000
    context.close()
    return writable, first


def _ask(page: Page, question: str) -> None:
    before = page.locator(ANSWERS).count()
    page.fill(BOX, question)
    page.press(BOX, "Enter")
    page.locator(ANSWERS).nth(before).wait_for()


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def _print(name: str, times: Sequence[float]) -> None:
    ordered = sorted(times)
    print(f"{name:<42} n {len(times):>3}  p50 {median(ordered):>7.0f} ms  p95 {percentile(ordered, 95):>7.0f} ms")


if __name__ == "__main__":
    main()
