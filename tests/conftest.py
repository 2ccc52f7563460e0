"""What several tests share: a store that holds the shipped document, and a service over it in a process of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from index.settings import Settings, get_settings

ROOT = Path(__file__).parent.parent
ADDRESS = "网页地址："
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
MISSING = "没有 Chromium，跳过要用它的测试；安装：sudo apt-get install chromium fonts-noto-cjk"
START = 240  # seconds; the first start converts the embedding model


@dataclass
class Service:
    """A running `budget-qa serve`."""

    process: subprocess.Popen[str]
    url: str
    store: Path
    log: list[str] = field(default_factory=list)

    def stop(self) -> int:
        """End it as a supervisor does. Returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def budget_qa(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli", *arguments], cwd=ROOT, env=os.environ | environment, capture_output=True,
        text=True, timeout=START, check=False,
    )  # fmt: skip


@contextmanager
def serving(store: Path, *arguments: str, **environment: str) -> Iterator[Service]:
    """A service on a free port, stopped at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant.cli", "serve", "--port", "0", "--store", str(store), *arguments], cwd=ROOT,
        env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    service = Service(process, "", store)
    reader = threading.Thread(target=_collect, args=(process, service.log), daemon=True)
    reader.start()
    timer = threading.Timer(START, process.kill)
    timer.start()
    try:
        line = process.stdout.readline()
        timer.cancel()
        assert line.startswith(ADDRESS), "".join(service.log)
        service.url = line.removeprefix(ADDRESS).strip()
        yield service
    finally:
        timer.cancel()
        if process.poll() is None:
            service.stop()
        reader.join(5)


def _collect(process: subprocess.Popen[str], log: list[str]) -> None:
    assert process.stderr is not None
    log.extend(process.stderr)


@pytest.fixture(scope="session")
def indexed_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a store that holds the shipped document. To be read only: `service` holds it for writing."""
    from assistant.indexing import ingest_files
    from index.ingest import SHIPPED

    settings = get_settings(store=tmp_path_factory.mktemp("indexed") / "store")
    report = ingest_files([SHIPPED], settings)
    assert not report.failed
    return settings


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service over a store of its own, empty before: it indexes the shipped document as it starts."""
    with serving(tmp_path_factory.mktemp("service") / "store") as running:
        yield running


@pytest.fixture(scope="session")
def service_url(service: Service) -> str:
    return service.url


@pytest.fixture
def start_service() -> Iterator[Callable[..., Service]]:
    """Starts further services; all are stopped at the end of the test."""
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield lambda store, *arguments, **environment: stack.enter_context(serving(store, *arguments, **environment))


@pytest.fixture
def run_budget_qa() -> Callable[..., subprocess.CompletedProcess[str]]:
    return budget_qa


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium. Without one the tests are skipped; in CI that is a failure."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    return path
