"""`ingest` of a folder with all that goes wrong: a line for each file that says what to do, the rest goes in, within limits."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from bad_files import lay_out, pdf

from index.errors import ReadError
from index.ingest import Correction, parse_file
from index.sandbox import GRACE, Limits

ROOT = Path(__file__).parents[2]
SECONDS = 60  # of which most is loading the parsers and the embedding model
MEGABYTES = 1500


@dataclass
class Ingested:
    """What `ingest` of the folder gave: its lines by file, and what it took."""

    code: int
    lines: dict[str, str]
    errors: str
    seconds: float
    megabytes: float


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> tuple[dict[str, str], Ingested]:
    """What should be said of each file, and what is said."""
    folder = tmp_path_factory.mktemp("坏文件")
    expected = lay_out(folder)
    command = [sys.executable, "-m", "assistant.cli.main", "ingest", str(folder), "--json", "--store", f"{folder}-库"]
    limits = {"BUDGET_QA_FILE_SECONDS": "10", "BUDGET_QA_FILE_MEGABYTES": "1000"}
    out, errors = folder.parent / "out", folder.parent / "errors"
    began = time.monotonic()
    with out.open("wb") as stdout, errors.open("wb") as stderr:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | limits, stdout=stdout, stderr=stderr)
        megabytes = watched(process)
    lines = {entry["path"].removeprefix(f"{folder}/"): entry["error"] or "" for entry in json.loads(out.read_text())}
    seconds = time.monotonic() - began
    return expected, Ingested(process.returncode, lines, errors.read_text(), seconds, megabytes)


def watched(process: subprocess.Popen[bytes]) -> float:
    """The most memory of the process or one below it, until it ends. Not by wait4, where a process begins with what its parent
    had."""
    most = 0.0
    while process.poll() is None:
        with contextlib.suppress(psutil.Error):
            own = psutil.Process(process.pid)
            most = max([most, *(one.memory_info().rss / 2**20 for one in (own, *own.children(recursive=True)))])
        time.sleep(0.02)
    return most


def test_every_bad_file_has_a_line_that_says_what_to_do_and_the_rest_is_read(said):
    patterns, ingested = said
    expected = {re.sub(r"[\x00-\x1f]", "\ufffd", name): pattern for name, pattern in patterns.items()}
    assert (ingested.code, set(ingested.lines)) == (1, set(expected))
    assert {
        name: line for name, line in ingested.lines.items()
        if not re.search(expected[name] or "^$", line)
    } == {}  # fmt: skip


def test_each_line_is_one_and_names_the_file_the_fault_and_the_way_out(said):
    lines = [line for line in said[1].lines.values() if line]
    assert [line for line in lines if not re.fullmatch(r"[^\x00-\x1f]+：.+；.+", line)] == []
    assert [line for line in lines if re.search(r"Error|Exception", line)] == []
    assert "Traceback" not in said[1].errors


def test_it_takes_little_time_and_memory(said):
    assert said[1].seconds < SECONDS
    assert said[1].megabytes < MEGABYTES


# --- limits --------------------------------------------------------------------------------------------------------
TOLD = Correction("某市测试局", 2024)


def test_a_file_that_takes_too_long_is_ended_and_the_next_one_read(tmp_path):
    (tmp_path / "五百页.pdf").write_bytes(pdf(500))
    (tmp_path / "一页.pdf").write_bytes(pdf())
    began = time.monotonic()
    with pytest.raises(ReadError, match=r"^五百页\.pdf：读了3秒仍未读完.*BUDGET_QA_FILE_SECONDS"):
        parse_file(tmp_path / "五百页.pdf", Limits(seconds=3))
    assert time.monotonic() - began < 15  # all its pages take nearly twice that on two free cores
    assert len(parse_file(tmp_path / "一页.pdf", Limits(seconds=20), TOLD)[0][0].tables) == 1


def test_a_file_that_takes_too_much_memory_is_ended_and_the_next_one_read(tmp_path):
    (tmp_path / "大.txt").write_bytes(b"1\t" * 4_000_000)
    (tmp_path / "一页.pdf").write_bytes(pdf())
    limits = Limits(seconds=60, megabytes=500)
    with pytest.raises(ReadError, match=r"^大\.txt：读取需要的内存超过500MB；.*BUDGET_QA_FILE_MEGABYTES"):
        parse_file(tmp_path / "大.txt", limits)
    assert len(parse_file(tmp_path / "一页.pdf", limits, TOLD)[0][0].tables) == 1


def test_a_stuck_reading_process_ends_though_its_parent_was_killed(tmp_path):
    """Nobody is left who could end it: the system does, some seconds after its time is up."""
    (tmp_path / "五百页.pdf").write_bytes(pdf(500))
    parent = subprocess.Popen([sys.executable, "-c", STUCK, str(tmp_path / "五百页.pdf")], cwd=ROOT)
    while not (readers := psutil.Process(parent.pid).children()):
        time.sleep(0.1)
    time.sleep(0.5)
    parent.kill()
    parent.wait()
    assert all(reader.is_running() for reader in readers)
    gone, left = psutil.wait_procs(readers, timeout=2 + GRACE + 5)
    assert (len(gone), left) == (1, [])


STUCK = """
import sys
from pathlib import Path
from index.ingest import Correction, parse_file
from index.sandbox import GRACE, Limits
parse_file(Path(sys.argv[1]), Limits(seconds=2))
"""
