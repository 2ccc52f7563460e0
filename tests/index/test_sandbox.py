"""What comes back from the process that reads: Documents, pictures, refusals, and nothing that runs here."""

from __future__ import annotations

import io
import os
import pickle
import subprocess
from collections import OrderedDict
from pathlib import Path

import pytest
from builders import SUMMARY, budget

from index.errors import ReadError
from index.sandbox import NORMAL, _Answers, _Refusal, _Worker


class Runs:
    """As a pickle, a command."""

    def __init__(self, *made_of: object) -> None:
        self.made_of = made_of

    def __reduce__(self) -> tuple:
        return self.made_of[0], self.made_of[1:]


@pytest.mark.parametrize("answer", [[budget(SUMMARY)], b"picture", _Refusal(ReadError, "坏.pdf：坏了", spent=True)])
def test_what_reading_gives_comes_through(answer: object) -> None:
    assert _Answers(io.BytesIO(pickle.dumps(answer))).load() == answer


@pytest.mark.parametrize(
    "evil",
    [
        Runs(os.system, "true"),
        Runs(eval, "1"),
        Runs(subprocess.Popen, "true"),
        Runs(print, "x"),
        OrderedDict(),
        Path("x"),
    ],
)
def test_nothing_else_is_made(evil: object) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(pickle.UnpicklingError):
            _Answers(io.BytesIO(pickle.dumps(evil, protocol))).load()


def test_parser_that_was_taken_over_is_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """It answers with a command."""
    worker = _Worker()
    with pytest.raises(ReadError, match=r"^坏\.pdf：读取时出错中止"):
        worker.run(taken_over, Path("坏.pdf"), b"", str(tmp_path / "written"), NORMAL)
    assert not (tmp_path / "written").exists()


def taken_over(path: Path, content: bytes, told: str) -> Runs:
    return Runs(os.mkdir, told)
