"""No network at run time, seen from outside the process: a patched Python socket sees neither Chroma's Rust nor the tokenizers.

Children run in a network namespace without network, and under strace, which also shows what a program tries and hides.
Some outlive their work by a while: onnxruntime's telemetry, unless switched off, comes nine seconds after a model is loaded.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHIPPED = next((ROOT / "index" / "data").glob("*.txt"))
BUDGET_QA = str(Path(sys.executable).parent / "budget-qa")
PYTHON = [sys.executable, "-c"]

NAMESPACE = ["unshare", "-rn"]
STRACE = ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg"]
LOOPBACK = re.compile(r'inet_addr\("127\.|inet_pton\(AF_INET6, "::1"')
INTERNET = re.compile(r"sa_family=AF_INET6?\b")

# All that a child gets: neither our own switches, which the product has to set itself, nor the likes of CI, at which some
# telemetry holds still.
INHERITED = ("PATH", "HOME", "LANG", "XDG_CACHE_HOME", "BUDGET_QA_CACHE", "BUDGET_QA_EMBEDDING_MODEL")
LINGER = 20  # seconds
NO_STRACE = "没有 strace，看不到被忽略的连接错误；请安装：apt-get install strace"

EMBED = f"""
import time
from index.search.embedding_model import load_embedding
from index.settings import get_settings
print(len(load_embedding(get_settings()).get_query_embedding("行政运行")))
time.sleep({LINGER})
"""
SERVE = f"""
import json, subprocess, sys, time, urllib.request
URL = "http://127.0.0.1:17860"
server = subprocess.Popen([*sys.argv[1:], "--port", "17860"], stdout=sys.stderr)
try:
    while True:
        try:
            urllib.request.urlopen(URL + "/readyz", timeout=5)
            break
        except OSError:
            assert server.poll() is None
            time.sleep(0.5)
    body = json.dumps(dict(question="行政运行预算是多少")).encode()
    ask = urllib.request.Request(URL + "/api/ask", body, {{"Content-Type": "application/json"}})
    print(urllib.request.urlopen(ask, timeout=30).read().decode())
    urllib.request.urlopen(URL + "/", timeout=30).read()
    time.sleep({LINGER})
finally:
    server.terminate()
    server.wait(30)
"""
CONNECT = "import socket; socket.create_connection(('192.0.2.1', 9), 1)"
CONNECT_QUIETLY = f"""
try:
    {CONNECT}
except OSError:
    pass
"""
SEND_QUIETLY = """
import contextlib, socket
with contextlib.suppress(OSError):
    socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b'x', ('2001:db8::1', 9))
"""


@cache
def works(*command: str) -> bool:
    """Whether a wrapper runs here: containers often forbid namespaces, or tracing, or lack the program."""
    try:
        return subprocess.run([*command, "true"], capture_output=True, timeout=30, check=False).returncode == 0
    except OSError:
        return False


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)


class Offline:
    """Runs a command away from the network and tells what it tried to reach."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.namespace = NAMESPACE if works(*NAMESPACE) else []
        self.traced = works(*self.namespace, *STRACE)
        if not self.namespace and not self.traced:
            pytest.skip("此环境既不允许 unshare -rn 也不能 strace；请安装 strace（apt-get install strace）或换一个容器")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        tracer = [*STRACE, "-o", str(self.log)] if self.traced else []
        return run([*self.namespace, *tracer, *command])

    def attempts(self) -> list[str]:
        """The system calls of the last run that named an internet address."""
        lines = self.log.read_text("utf-8", errors="replace").splitlines() if self.log.exists() else []
        return [line for line in lines if INTERNET.search(line)]

    def check(self, *command: str, loopback: bool = False) -> str:
        """The output of a command that must succeed and reach for no address, or for none but its own machine's."""
        done = self.run(*command)
        assert [line for line in self.attempts() if not (loopback and LOOPBACK.search(line))] == []
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def offline(tmp_path: Path) -> Offline:
    return Offline(tmp_path / "strace.log")


@pytest.mark.slow
def test_model_loads_without_network(offline: Offline) -> None:
    assert offline.check(*PYTHON, EMBED).split() == ["384"]


@pytest.mark.slow
def test_document_is_indexed_and_asked_without_network(offline: Offline, tmp_path: Path) -> None:
    store = str(tmp_path / "store")
    offline.check(BUDGET_QA, "ingest", str(SHIPPED), "--store", store)
    answer = json.loads(offline.check(BUDGET_QA, "ask", "行政运行预算是多少", "--store", store, "--json"))
    assert not answer["refused"]
    assert answer["citations"]
    assert answer["value"] is not None


@pytest.mark.slow
def test_page_is_served_without_network(offline: Offline, tmp_path: Path) -> None:
    server = [BUDGET_QA, "serve", "--store", str(tmp_path / "store")]
    with_loopback = ["sh", "-c", 'ip link set lo up; exec "$@"', "sh"] if offline.namespace else []
    answer = json.loads(offline.check(*with_loopback, *PYTHON, SERVE, *server, loopback=True))
    assert answer["value"] is not None


def test_planted_connection_is_caught(offline: Offline) -> None:
    with pytest.raises(AssertionError):
        offline.check(*PYTHON, CONNECT)


@pytest.mark.parametrize("code", [CONNECT_QUIETLY, SEND_QUIETLY], ids=["connect", "datagram"])
def test_planted_connection_is_caught_when_its_error_is_ignored(offline: Offline, code: str) -> None:
    if not offline.traced:
        pytest.skip(NO_STRACE)
    with pytest.raises(AssertionError, match="AF_INET"):
        offline.check(*PYTHON, code)


@pytest.mark.parametrize("loopback", [False, True])
def test_loopback_counts_unless_it_is_allowed(offline: Offline, loopback: bool) -> None:
    if not offline.traced:
        pytest.skip(NO_STRACE)
    code = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect_ex(('127.0.0.1', 9))"
    if loopback:
        offline.check(*PYTHON, code, loopback=True)
    else:
        with pytest.raises(AssertionError, match=r"127\.0\.0\.1"):
            offline.check(*PYTHON, code)


def test_local_sockets_are_no_network(offline: Offline) -> None:
    offline.check(*PYTHON, "import socket; a, b = socket.socketpair(); a.send(b'x')")
