"""One archive that installs and upgrades the program on a machine with Python and no network.

In: requirements.txt, this tree, the converted model. Out: `dist/budget-qa-….tar` with wheels for this platform and this Python, the
program's own wheel (the shipped document is in it), the model, and install.sh. Run by `make bundle`; tools/prove_bundle.sh proves
one. Not compressed: wheels are.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from index.search.embedding_model import prepare
from index.settings import get_settings

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "tools" / "install.sh"
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-deps"]


def own_wheel(folder: Path) -> Path:
    """The program's wheel, made from a copy: what an earlier build left in the tree would get into it."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / "source"
        wanted = ("app.py", "pyproject.toml", "README.md", "assistant", "eval", "index", "prompts")
        for name in wanted:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                copy.mkdir(exist_ok=True)
                shutil.copy2(source, copy / name)
        subprocess.run([*PIP, "--no-build-isolation", "--wheel-dir", str(folder), str(copy)], check=True)
    (wheel,) = folder.glob("budget_qa-*.whl")
    return wheel


def make(to: Path) -> Path:
    """The archive, in a folder."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    release = f"{version('budget-qa')}-{datetime.now(UTC):%Y%m%d%H%M%S}"
    name = f"budget-qa-{release}-{sys.platform}-{platform.machine()}-python{python}"
    to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to) as temporary:
        folder = Path(temporary) / name
        wheels = folder / "wheels"
        wheels.mkdir(parents=True)
        own_wheel(wheels)
        subprocess.run([*PIP, "--wheel-dir", str(wheels), "-r", str(ROOT / "requirements.txt")], check=True)
        shutil.copy2(ROOT / "requirements.txt", folder)
        shutil.copy2(SCRIPT, folder)
        (folder / "RELEASE").write_text(release + "\n", "utf-8")
        (folder / "PYTHON").write_text(python + "\n", "utf-8")
        model = prepare(get_settings().cache / "models")
        shutil.copytree(model, folder / "models" / model.name)
        archive = to / f"{name}.tar"
        with tarfile.open(archive, "w") as made:
            made.add(folder, name)
    return archive


if __name__ == "__main__":
    made = make(ROOT / "dist")
    print(f"安装包：{made}（{made.stat().st_size / 2**20:.0f} MB）；在目标机器上解开后运行 sh install.sh")
