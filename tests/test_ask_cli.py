"""Questions at the command line: in turn at a real terminal, a line each from a pipe, and what the shell completes."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from index.settings import Settings

ROOT = Path(__file__).parent.parent
CONTROL = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[=>])|\r")
WAIT = 240  # seconds; the first answer waits for the model
PROMPT = "问："


class Terminal:
    """A command at a terminal of its own."""

    def __init__(self, *arguments: str) -> None:
        self._end, other = pty.openpty()
        environment = os.environ | {"COLUMNS": "100", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "assistant.cli.main", *arguments], cwd=ROOT, env=environment, stdin=other, stdout=other,
            stderr=other, start_new_session=True,
        )  # fmt: skip
        os.close(other)
        self.raw = ""

    def read(self) -> str:
        """What is printed until the next prompt, or the end, without control characters."""
        got, until = b"", time.monotonic() + WAIT
        while not CONTROL.sub("", got.decode("utf-8", "replace")).endswith(PROMPT):
            assert time.monotonic() < until, got.decode("utf-8", "replace")
            if not select.select([self._end], [], [], 1)[0]:
                continue
            try:
                got += os.read(self._end, 65536)
            except OSError:  # nobody is at the other end any more
                break
        self.raw = got.decode("utf-8", "replace")
        return CONTROL.sub("", self.raw)

    def type(self, line: str) -> str:
        """Type a line. Returns what is printed after it."""
        os.write(self._end, line.encode() + b"\n")
        return self.read()

    def ended(self, keys: bytes) -> int:
        """Press the keys that end it. Returns the exit code."""
        os.write(self._end, keys)
        self.read()
        return self.process.wait(30)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(30)
        os.close(self._end)


@contextmanager
def terminal(*arguments: str) -> Iterator[Terminal]:
    opened = Terminal(*arguments)
    try:
        yield opened
    finally:
        opened.close()


def piped(typed: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """The command with questions in its pipe."""
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli.main", "ask", *arguments], cwd=ROOT, input=typed.encode(), capture_output=True,
        timeout=WAIT, check=False,
    )  # fmt: skip


# --- at a terminal -----------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_questions_follow_each_other_at_a_terminal(indexed_settings: Settings) -> None:
    with terminal("ask", "--store", str(indexed_settings.store)) as screen:
        assert "正在查询：韶关市政务服务数据管理局2024年部门预算" in screen.read()

        ranking = screen.type("金额最大的三个项目是哪些")
        assert re.search(r"│ 2024年市政务服务运行经费 +│ +700\.00万元\[2\] │", ranking)
        assert "\x1b[1;36m1,950.02万元" in screen.raw  # emphasised
        assert "[3] 2024年韶关市政务服务数据管理局《部门预算项目支出及其他支出预算表》" in ranking
        assert "1. 一共多少钱" in ranking

        added = screen.type("1")  # the suggestion, of what was listed
        assert "2,955.02万元" in added
        assert "算式：1,950.02 + 700.00 + 305.00 = 2,955.02" in added
        assert "注意：按上文理解为" in added
        assert "29,550,200.00元" in screen.type("换成元")
        assert "没有编号 9" in screen.type("9")
        assert "2,955" not in screen.type("[red]<b>[/b]")  # markup is text

        assert "已忘记" in screen.type("清空")
        assert "29,550,200" not in screen.type("换成元")
        assert screen.ended(b"\x04") == 0  # Ctrl+D


@pytest.mark.slow
def test_an_error_does_not_end_the_conversation(indexed_settings: Settings, tmp_path: Path) -> None:
    store = shutil.copytree(indexed_settings.store, tmp_path / "store")
    with (
        terminal("ask", "--store", str(store)) as screen,
        closing(sqlite3.connect(store / "budget.sqlite")) as database,
    ):
        screen.read()
        database.execute("ALTER TABLE meta RENAME TO away")
        assert "数据库读写失败" in screen.type("三公经费是多少")
        database.execute("ALTER TABLE away RENAME TO meta")
        assert "33.80万元" in screen.type("三公经费是多少")
        assert screen.ended(b"\n") == 0  # an empty line


@pytest.mark.slow
def test_nothing_to_ask_about_is_said(tmp_path: Path) -> None:
    with terminal("ask", "--store", str(tmp_path)) as screen:
        assert "没有可查询的文件；用 budget-qa ingest 收录" in screen.read()
        assert screen.ended("退出\n".encode()) == 0


# --- from a pipe -------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_each_line_of_a_pipe_is_answered_by_itself(indexed_settings: Settings) -> None:
    questions = "\ufeff三公经费是多少\r\n\n换成元\n总预算是多少"
    done = piped(questions, "--store", str(indexed_settings.store), "--json")
    answers = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert done.returncode == 0
    assert [answer["question"] for answer in answers] == ["三公经费是多少", "换成元", "总预算是多少"]
    assert [answer["value"] for answer in answers] == [33.8, None, 8124.85]


@pytest.mark.slow
def test_lines_of_a_pipe_are_answered_in_plain_text(indexed_settings: Settings) -> None:
    printed = piped("三公经费是多少\n总预算是多少\n", "--store", str(indexed_settings.store)).stdout.decode()
    first, second = printed.strip().split("\n\n")
    assert first.startswith("问：三公经费是多少\n2024年韶关市政务服务数据管理局：三公经费为33.80万元。\n  [c1] ")
    assert second.startswith("问：总预算是多少\n")


def test_no_question_at_all_is_wrong_usage(tmp_path: Path) -> None:
    done = piped("\n \n", "--store", str(tmp_path))
    assert (done.returncode, done.stdout) == (2, b"")
    assert "没有问题" in done.stderr.decode()


# --- what the shell completes ------------------------------------------------------------------------------------
@pytest.mark.parametrize(("words", "completed"), [("as", {"ask"}), ("ask --dep", {"--department"})])
def test_bash_completes_commands_and_options(tmp_path: Path, words: str, completed: set[str]) -> None:
    command = tmp_path / "budget-qa"  # as the installation makes it
    start = "import sys; sys.argv[0] = 'budget-qa'; from assistant.cli.main import main; main()"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{start}" "$@"\n')
    command.chmod(0o755)
    script = (
        'eval "$(budget-qa --show-completion bash)"\n'
        f"COMP_WORDS=(budget-qa {words}); COMP_CWORD={len(words.split())}\n"
        '_budget_qa_completion budget-qa; echo "${COMPREPLY[@]}"'
    )
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "-c", script], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert set(done.stdout.split()) == completed, done.stderr
