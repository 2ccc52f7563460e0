"""What is logged, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

WRITES = """
import logging
from assistant.operation import logs
from index.settings import get_settings
logs.configure(get_settings())
logs.request_id.set("a-request")
log = logging.getLogger("assistant.somewhere")
log.error("no answer to %r (%s), 100%% sure", "张三问办公费", "as %r says")
try:
    raise ValueError("broken")
except ValueError:
    log.exception("failed")
logging.getLogger("httpx").info("not of interest")
"""


def written(**environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", WRITES],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stderr.splitlines()


def test_words_of_askers_are_left_out() -> None:
    first = written()[0]
    assert first == "ERROR assistant.somewhere: no answer to '6 characters' (as %r says), 100% sure [a-request]"


def test_words_of_askers_are_written_where_the_setting_says_so() -> None:
    assert "no answer to '张三问办公费'" in written(BUDGET_QA_LOG_QUESTIONS="1")[0]


@pytest.mark.parametrize("log_format", ["json", "JSON"])
def test_json_is_one_object_a_line(log_format: str) -> None:
    first, second = (json.loads(line) for line in written(BUDGET_QA_LOG_FORMAT=log_format))
    assert (first["level"], first["logger"], first["request_id"]) == ("ERROR", "assistant.somewhere", "a-request")
    assert "6 characters" in first["message"] and "张三" not in first["message"]
    assert "ValueError: broken" in second["exception"]
