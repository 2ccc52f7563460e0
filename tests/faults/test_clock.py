"""A clock that is put forward and back: rests end all the same, and answers stay what they were."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT, budget_qa
from tests.faults.conftest import questions
from tests.faults.killed_app import App, budget
from tests.faults.record import record
from tests.faults.stream import Stream

FAKETIME = Path("/usr/lib") / f"{os.uname().machine}-linux-gnu" / "faketime" / "libfaketimeMT.so.1"
MISSING = "没有 faketime，跳过时钟跳变的测试；安装：sudo apt-get install faketime"
JUMPS = ("+400d", "-400d", "+0", "-2h", "+5s", "-5s", "+0")
RESTING = """
import sys, threading, time
from pathlib import Path
from index.search.breaker import breaker
opened = breaker(1, 0.5)
try:
    with opened.calling():
        raise OSError
except OSError:
    pass
before = time.time()
Path(sys.argv[1]).write_text("-2h")
pause = threading.Event()
pause.wait(0.5)  # the rest is over
while time.time() > before:  # until the clock is looked at again
    pause.wait(0.1)
with opened.calling():
    print("tried again")
"""


@pytest.fixture
def faked(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A file that says how wrong the clock is, and the environment of a process that goes by it. The clock that nobody sets goes on, as
    it does when the time of day is set."""
    if not FAKETIME.exists():
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    jump = tmp_path / "jump"
    jump.write_text("+0")
    return jump, {
        "LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(jump), "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1",
    }  # fmt: skip


def test_a_rest_ends_though_the_clock_is_put_back(faked: tuple[Path, dict[str, str]]) -> None:
    jump, environment = faked
    command = [sys.executable, "-c", RESTING, str(jump)]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, "tried again\n"), done.stderr


@pytest.mark.soak
def test_answers_do_not_change_with_the_clock(faked: tuple[Path, dict[str, str]], tmp_path: Path, folder: Path) -> None:
    jump, environment = faked
    for number, department in enumerate(("某市测试局", "某市时钟站")):
        (folder / f"{number}.txt").write_text(budget(department), "utf-8")
    app = App(tmp_path / "store", {**environment, "BUDGET_QA_RATE_PER_MINUTE": "6000", "BUDGET_QA_RATE_BURST": "100"})
    assert budget_qa("ingest", str(folder / "0.txt"), "--store", str(app.store)).returncode == 0
    app.start()
    with Stream(app.url, questions(app)) as stream:
        for wrong in JUMPS:
            jump.write_text(wrong)
            time.sleep(1)  # until the service looks at its clock again
            stream.all_right()
        assert budget_qa("ingest", str(folder / "1.txt"), "--store", str(app.store)).returncode == 0
        stream.all_right()
    stream.assert_never_wrong()
    app.assert_no_traceback()
    assert app.end() == 0
    record("clock jumps", len(JUMPS), stream)
