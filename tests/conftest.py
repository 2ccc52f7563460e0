"""What several tests share: a store that holds the shipped document, and a service over it in a process of its own."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PIL import Image, ImageDraw, ImageFont

from benchmarks.crowd import NO_RATES
from index.settings import Settings, get_settings
from tests.services import (
    EMBEDDED,
    RAY_TOKEN,
    SERVERS,
    Chroma,
    PostgreSQL,
    Ray,
    chroma_server,
    postgresql_server,
    ray_cluster,
)
from tools.chromium import find_chromium

T = TypeVar("T")
ROOT = Path(__file__).parent.parent
ADDRESS = "网页地址："
MISSING = "没有 Chromium，跳过要用它的测试；安装：sudo apt-get install chromium fonts-noto-cjk"
START = 240  # seconds; the first start converts the embedding model
os.environ |= RAY_TOKEN  # before Ray is imported, which reads it once


# Who asks for one of these waits for a process to start, or for a whole index to be made.
STARTING = {
    "chromium",
    "chroma",
    "indexed_settings",
    "postgresql",
    "ray",
    "run_budget_qa",
    "scan",
    "service",
    "start_service",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that `make test-fast` passes over."""
    for item in items:
        on_servers = SERVERS in getattr(getattr(item, "callspec", None), "params", {}).values()
        if on_servers or STARTING & set(getattr(item, "fixturenames", ())):
            item.add_marker("starts")


@dataclass
class Service:
    """A running `budget-qa serve`."""

    process: subprocess.Popen[str]
    url: str
    store: Path
    log: list[str] = field(default_factory=list)
    password: str = ""  # of the operator

    def stop(self) -> int:
        """End it as a supervisor does. Returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def budget_qa(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli.main", *arguments], cwd=ROOT, env=os.environ | environment, capture_output=True,
        text=True, timeout=START, check=False,
    )  # fmt: skip


def apart(waiting: Coroutine[Any, Any, T]) -> T:
    """What a coroutine gives, run in a thread of its own: after the tests of the page Playwright keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, waiting).result()


@contextmanager
def serving(store: Path, *arguments: str, **environment: str) -> Iterator[Service]:
    """A service on a free port, stopped at the end. It counts no address's requests unless told to: all tests come from one."""
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant.cli.main", "serve", "--port", "0", "--store", str(store), *arguments], cwd=ROOT,
        env=os.environ | NO_RATES | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
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
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL server. Without one the tests are skipped; in CI that is a failure."""
    with postgresql_server() as server:
        yield server


@pytest.fixture(scope="session")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chroma]:
    """A Chroma server."""
    with chroma_server(tmp_path_factory.mktemp("chroma")) as server:
        yield server


@pytest.fixture(scope="session")
def ray() -> Iterator[Ray]:
    """A Ray cluster."""
    # Not in pytest's folder: the path of a socket has at most 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="ray-"))
    try:
        with ray_cluster(folder, ROOT) as cluster:
            yield cluster
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of an empty store: SQLite and embedded Chroma, and in a test marked `both` also PostgreSQL and a Chroma server."""
    directory = tmp_path / "库"
    if getattr(request, "param", EMBEDDED) == EMBEDDED:
        return get_settings(store=directory)
    database, chroma = request.getfixturevalue("postgresql").database(), request.getfixturevalue("chroma").url
    return get_settings(store=directory, database_url=database, chroma_url=chroma)


@pytest.fixture(scope="session")
def indexed_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a store that holds the shipped document. To be read only: `service` holds it for writing."""
    from assistant.operation.indexing import ingest_files
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
    path = find_chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    return path


# --- scans ---------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def font_file() -> str:
    """A font with Chinese characters."""
    listed = (
        shutil.which("fc-list")
        and subprocess.run(["fc-list", ":lang=zh", "file"], capture_output=True, text=True, check=False).stdout
    )
    files = sorted(line.strip().rstrip(":") for line in (listed or "").splitlines())
    files = [file for file in files if file.lower().endswith((".ttf", ".ttc", ".otf"))]
    if not files:
        pytest.skip("no font with Chinese characters: fc-list :lang=zh lists none")
    return next((file for file in files if "Sans" in file and "Regular" in file), files[0])


SCANNED = [
    ["科目", "合计", "基本支出", "项目支出"],
    ["合计", "112.80", "70.30", "42.50"],
    ["教育支出", "81.30", "52.00", "29.30"],
    ["农林水支出", "12.3", "8.30", "4.20"],  # fewer decimals than the others, and no sum of its row: in doubt
    ["卫生健康支出", "19.00", "10.00", "9.00"],
]
UNPAGED = "某市水务局2024年单位预算\n\n支出总体情况表\n单位：万元\n\n科目\t合计\n合计\t5.00\n农林水支出\t5.00\n"
SCANNED_PROSE = "2024年公务接待费3.80万元，比上年减少0.20万元。"


@pytest.fixture(scope="session")
def scan(font_file: str) -> Image.Image:
    """A page as scanned at 200 dpi: what 某市测试局 spends, one amount in doubt, and a sentence."""
    small, large = ImageFont.truetype(font_file, 28), ImageFont.truetype(font_file, 38)  # 10 and 14 points
    page = Image.new("RGB", (1654, 1200), "white")
    pen = ImageDraw.Draw(page)
    pen.text((827, 110), "某市测试局2024年单位预算", "black", large, "mm")
    pen.text((827, 220), "支出总体情况表", "black", large, "mm")
    pen.text((1500, 290), "单位：万元", "black", small, "rm")
    for r, row in enumerate(SCANNED):
        for c, text in enumerate(row):
            left, top = 150 + 340 * c, 330 + 90 * r
            pen.rectangle((left, top, left + 340, top + 90), outline="black", width=3)
            at, anchor = (left + 320, "rm") if r and c else (left + 20, "lm")
            pen.text((at, top + 45), text, "black", small, anchor)
    pen.text((210, 950), SCANNED_PROSE, "black", small, "lm")
    return page


@pytest.fixture(scope="session")
def scanned_pdf(scan: Image.Image) -> bytes:
    """That page as a PDF without a text layer."""
    content = io.BytesIO()
    scan.save(content, "PDF", resolution=200)
    return content.getvalue()


@pytest.fixture(scope="session")
def scan_service(tmp_path_factory: pytest.TempPathFactory, scanned_pdf: bytes) -> Iterator[Service]:
    """A service over that page and a text file without pages."""
    folder = tmp_path_factory.mktemp("scanned")
    (folder / "某市测试局.pdf").write_bytes(scanned_pdf)
    (folder / "某市水务局.txt").write_text(UNPAGED, "utf-8")
    with serving(folder / "store", BUDGET_QA_SAMPLE="0") as running:
        done = budget_qa("ingest", str(folder), "--store", str(running.store))
        assert done.returncode == 0, done.stderr
        yield running


# --- markup and sums that are wrong --------------------------------------------------------------------------------
ODD = """
2024年
某市<b>甲</b>局部门预算

第二部分 2024年部门预算表

表1

支出<img src=x onerror=alert(1)>总体情况表

单位：万元

科目\t合计\t基本支出\t<script>alert(1)</script>
合计\t100.00\t70.00\t30.00
教育支出<img src=x onerror=alert(1)>\t60.00\t40.00\t20.00
卫生健康支出\t30.00\t20.00\t10.00
"""


ODD_FILE = "某市甲局<img src=x onerror=alert(1)>2024年部门预算.txt"
ODD_URL = 'https://example.test/?a=1&b="><img/src=x/onerror=alert(1)>'


@pytest.fixture(scope="session")
def odd_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service over a document with markup in its texts, name and address, whose rows do not make up their total."""
    folder = tmp_path_factory.mktemp("odd")
    (folder / ODD_FILE).write_text(ODD, "utf-8")
    with serving(folder / "store", BUDGET_QA_SAMPLE="0") as running:
        done = budget_qa("ingest", str(folder / ODD_FILE), "--source-url", ODD_URL, "--store", str(running.store))
        assert done.returncode == 0, done.stderr
        yield running


# --- the operator's page -------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def operator_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """An empty service with a password for its operator, who may send files of a megabyte."""
    store = tmp_path_factory.mktemp("operated") / "store"
    password = "correct horse 电池"
    environment = {
        "BUDGET_QA_OPERATOR_PASSWORD": password,
        "BUDGET_QA_UPLOAD_MEGABYTES": "1",
        "BUDGET_QA_TRUSTED_PROXIES": "127.0.0.1",
    }
    with serving(store, BUDGET_QA_SAMPLE="0", **environment) as running:
        running.password = password
        yield running
