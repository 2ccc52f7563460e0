"""Real servers for tests, each a process of its own on loopback: Debian's PostgreSQL, Chroma's own, and a Ray cluster of one machine."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import psutil
import pytest
from sqlalchemy import create_engine, text

from index.settings import Settings

MISSING = "没有 PostgreSQL，跳过要用它的测试；安装：sudo apt-get install postgresql"
STARTS = 60  # seconds
EMBEDDED, SERVERS = "embedded", "servers"
# A test that is to hold over both ways of keeping a store.
both = pytest.mark.parametrize("backend", [EMBEDDED, SERVERS], indirect=True)


def environment(settings: Settings) -> dict[str, str]:
    """What tells a process of its own to use the same servers."""
    named = {"BUDGET_QA_DATABASE_URL": settings.database_url, "BUDGET_QA_CHROMA_URL": settings.chroma_url}
    return {name: value for name, value in named.items() if value is not None}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


# --- PostgreSQL ------------------------------------------------------------------------------------------------------
@dataclass
class PostgreSQL:
    """A server with a data directory of its own. Its language sorts 甲 after 乙, as no character code does."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}"

    def start(self) -> None:
        # Nothing here has to outlive a power cut.
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c fsync=off"
        self._run(
            "pg_ctl", "start", "-w", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-o", options
        )

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "-m", "immediate", "-D", str(self.folder / "data"))

    def create(self) -> None:
        """Make the data directory."""
        self._run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--locale-provider=icu",
                  "--icu-locale=zh", "--no-sync", "-D", str(self.folder / "data"))  # fmt: skip

    def database(self) -> str:
        """The URL of an empty database: a schema of its own, which is made sooner, and gone sooner, than a database."""
        name = f"test_{uuid4().hex}"
        engine = create_engine(f"{self.url}/postgres")
        with engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
        engine.dispose()
        return f"{self.url}/postgres?options=-csearch_path%3D{name}"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(Path(_programs() or "") / program), *arguments]
        if os.geteuid() == 0:  # which PostgreSQL refuses to run as
            command = ["runuser", "-u", "postgres", "--", *command]
        # Into a file: the server would keep a pipe open.
        with (self.folder / "out").open("ab") as out:
            done = subprocess.run(command, stdout=out, stderr=out, timeout=STARTS, check=False, cwd="/")
        assert done.returncode == 0, (self.folder / "out").read_text("utf-8", "replace")


def _programs() -> str | None:
    """Where initdb and pg_ctl lie: Debian leaves them out of the path."""
    folders = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), *map(Path, os.get_exec_path())]
    return next((str(folder) for folder in folders if (folder / "initdb").exists()), None)


@contextmanager
def postgresql_server() -> Iterator[PostgreSQL]:
    """A server; without PostgreSQL the test is skipped, in CI that is a failure."""
    if _programs() is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="budget-qa-postgresql-"))  # pytest's own folders are closed to its user
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    server = PostgreSQL(folder, free_port())
    try:
        server.create()
        server.start()
        yield server
    finally:
        with suppress(AssertionError):
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


# --- Chroma ----------------------------------------------------------------------------------------------------------
@dataclass
class Chroma:
    """A server over a folder."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [str(Path(sys.executable).parent / "chroma"), "run", "--path", str(self.folder), "--host", "127.0.0.1",
                   "--port", str(self.port)]  # fmt: skip
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + STARTS
        while not self._answers():
            assert self.process.poll() is None and time.monotonic() < until, "Chroma does not start"
            time.sleep(0.05)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def _answers(self) -> bool:
        with suppress(httpx.HTTPError):
            return httpx.get(f"{self.url}/api/v2/heartbeat", trust_env=False).is_success
        return False


@contextmanager
def chroma_server(folder: Path) -> Iterator[Chroma]:
    server = Chroma(folder, free_port())
    server.start()
    try:
        yield server
    finally:
        server.stop()


# --- Ray -------------------------------------------------------------------------------------------------------------
@dataclass
class Ray:
    """A cluster of one machine with two CPUs."""

    address: str
    process: subprocess.Popen[bytes]

    def readers(self) -> list[psutil.Process]:
        """The processes that read files just now."""
        return [one for one in self.processes() if one.name().startswith("ray::read_there")]

    def processes(self) -> list[psutil.Process]:
        """All processes of the cluster: they share a session."""
        found = []
        for one in psutil.process_iter():
            with suppress(ProcessLookupError):
                if os.getsid(one.pid) == self.process.pid:
                    found.append(one)
        return found


# What a cluster asks for, and who uses it gives, by its environment.
RAY_TOKEN = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}


@contextmanager
def ray_cluster(folder: Path, installed: Path) -> Iterator[Ray]:
    """A head node that does all the work with the program that is `installed` there. It reports to nobody and listens on loopback alone,
    which Ray does only where it believes that the system can have no cluster."""
    port, gcs, out = free_port(), free_port(), folder / "out"
    options = {"port": gcs, "ray-client-server-port": port, "num-cpus": 2, "object-store-memory": 100_000_000, "temp-dir": folder,
               "node-ip-address": "127.0.0.1", "min-worker-port": 0, "max-worker-port": 0, "dashboard-agent-listen-port": 0,
               "include-dashboard": "false", "include-log-monitor": "false"}  # fmt: skip
    command = [str(Path(sys.executable).parent / "ray"), "start", "--head", "--block", "--disable-usage-stats"]
    process = subprocess.Popen(
        [*command, *(f"--{name}={value}" for name, value in options.items())],
        env=os.environ | RAY_TOKEN | {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_USAGE_STATS_ENABLED": "0", "PYTHONPATH": str(installed),
                          "RAY_CLIENT_SERVER_CHECK_CHANNEL_TIMEOUT_S": str(STARTS),
                          "GRPC_ENABLE_FORK_SUPPORT": "0"},  # with it, what Ray forks for a client dies at once now and then
        stdout=out.open("wb"), stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    cluster = Ray(f"ray://127.0.0.1:{port}", process)
    try:
        until = time.monotonic() + STARTS
        while not ("Ray runtime started" in out.read_text("utf-8", "replace") and _listens(port)):
            assert process.poll() is None and time.monotonic() < until, out.read_text("utf-8", "replace")
            time.sleep(0.05)
        yield cluster
    finally:
        for one in cluster.processes():
            with suppress(psutil.NoSuchProcess):
                one.kill()
        process.wait()


def _listens(port: int) -> bool:
    with suppress(OSError):
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    return False
