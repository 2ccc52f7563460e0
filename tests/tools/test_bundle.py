"""The program's wheel has all that it needs, and works away from this tree."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools.bundle import SCRIPT, own_wheel

ROOT = Path(__file__).parents[2]
PACKAGES = ("assistant", "eval", "index", "prompts")
DOCUMENTATION = {"eval/questions"}  # questions are asked where the tree is
AWAY = """
import app, assistant, index, prompts
from assistant.reader.network import load_network
from assistant.words.vocabulary import load_vocabulary
from index.ingest import SHIPPED, parse_file
load_network(), load_vocabulary()
(shipped,) = SHIPPED.glob("*.txt")
print(parse_file(shipped)[0][0].department)
print(*sorted({module.__file__ for module in (app, assistant, index, prompts)}), sep="\\n")
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return own_wheel(tmp_path_factory.mktemp("wheel"))


def test_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    files = {
        str(path.relative_to(ROOT)) for package in PACKAGES for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }  # fmt: skip
    assert {name for name in files - held if not name.startswith(tuple(DOCUMENTATION))} == set()
    assert "app.py" in held


def test_what_is_in_the_wheel_works_alone(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "away")
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "away")}
    command = [sys.executable, "-P", "-c", AWAY]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    department, *places = done.stdout.splitlines()
    assert department.endswith("局")
    assert all(place.startswith(str(tmp_path)) for place in places)


def test_install_script_is_sound_and_reaches_for_no_network() -> None:
    script = SCRIPT.read_text("utf-8")
    assert subprocess.run(["sh", "-n", str(SCRIPT)], check=False).returncode == 0
    assert "--no-index" in script
    assert re.findall(r"https?://|curl|wget", script) == []
