"""Reading on a Ray cluster, for bulk ingestion.

In: the address of a cluster, then files by their content, so that no disk is shared. Out: a Reading: each file read in the sandbox of a
machine of the cluster, with the vectors of its texts where that machine has the same model.

The cluster is reached through Ray's client alone (`ray://`): a driver that is a node itself would have the cluster's messages in its
output, and would be ended by Ray without a word when the head node is gone. Ray retries nothing for us, since it would retry for ever
what a machine's memory does not hold.
"""

from __future__ import annotations

import hashlib
import logging
import os
import pickle
import re
import socket
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.chunks import document_chunks
from index.errors import BudgetQAError, ClusterError, ReadError
from index.model import Document
from index.reading import Read
from index.sandbox import Limits, Told, read_limited
from index.search.embedding_model import embedding_model_path, load_embedding
from index.settings import Settings, get_settings

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

ADDRESS = re.compile(r"ray://(?P<host>[^/@\s]+):(?P<port>\d{1,5})")
CONNECTS = 5  # seconds in which the head node is reached; Ray itself gives up after a minute
ANSWERS = 120  # seconds in which each machine says what it has installed; the first time it has to load it
AHEAD = 4  # files under way for each CPU, so that one that takes long leaves the others work
TRIES = 3  # of a file whose machine or process is lost
REMEMBERED = 200_000  # texts whose vectors a process has handed over; beyond, it begins anew
log = logging.getLogger(__name__)


@contextmanager
def cluster(address: str, settings: Settings) -> Iterator[OnRay]:
    """A cluster that is ready to read. Raises ClusterError where it cannot be reached, or its machines have something else installed."""
    os.environ.setdefault(
        "RAY_CLIENT_INITIAL_CONNECTION_TIMEOUT_S", "10"
    )  # then 20, then 30: a busy head node takes its time
    try:
        import ray
    except ImportError as error:
        raise ClusterError(
            "没有安装 Ray；请运行 .venv/bin/python -m pip install ray，版本与集群相同（见 docs/servers.md）"
        ) from error
    _reach(address)
    try:
        with warnings.catch_warnings(action="ignore"):
            ray.init(address, log_to_driver=False, logging_level=logging.CRITICAL)
    except Exception as error:  # Ray's client raises builtin ones, and those of gRPC
        raise ClusterError(_no_connection(address, error)) from error
    try:
        yield OnRay(address, settings)
    finally:
        ray.shutdown()


def _reach(address: str) -> None:
    """So that a wrong address is told at once."""
    found = ADDRESS.fullmatch(address)
    if found is None:
        raise ClusterError(f"{address}：不是 Ray 集群的地址；请写成 ray://主机:10001")
    try:
        socket.create_connection((found["host"].strip("[]"), int(found["port"])), CONNECTS).close()
    except (OSError, OverflowError) as error:
        why = f"Ray 集群连不上（{error}）；请检查地址和端口，并在主节点运行 ray status"
        raise ClusterError(f"{address}：{why}") from error


def _no_connection(address: str, error: Exception) -> str:
    told = " ".join(str(error).split())
    if "Version mismatch" in told:
        return f"{address}：集群的 Ray 或 Python 版本与本机不同（{told[:300]}）；请装成相同的版本"
    return (
        f"{address}：Ray 集群没有应答（{told[:200]}）；请检查端口（默认 10001）和密钥（RAY_AUTH_MODE、RAY_AUTH_TOKEN）"
    )


class OnRay:
    """A cluster that reads."""

    def __init__(self, address: str, settings: Settings) -> None:
        import ray

        self._ray: Any = ray
        self._task = self._ray.remote(max_retries=0)(read_there)
        # A model of one's own need not lie on the other machines, nor be the same there.
        self._model = None if settings.embedding_model else Path(embedding_model_path(settings)).name
        nodes: list[dict[str, Any]] = [
            node for node in self._ray.nodes() if node["Alive"] and node["Resources"].get("CPU")
        ]
        if not nodes:
            raise ClusterError(f"{address}：集群里没有能用的 CPU；请在各台机器上用 ray start 加入集群")
        for node in nodes:
            self._check(node)
        self.ahead = AHEAD * int(sum(node["Resources"]["CPU"] for node in nodes))

    def _check(self, node: dict[str, Any]) -> None:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        there = NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
        asked = self._ray.remote(code_version).options(num_cpus=0, max_retries=0, scheduling_strategy=there)
        machine = node["NodeManagerAddress"]
        try:
            version = self._ray.get(asked.remote(), timeout=ANSWERS)
        except (self._ray.exceptions.RayError, ConnectionError) as error:
            log.debug("%s", machine, exc_info=True)
            why = f"集群里的这台机器不能运行本程序（{_kind(error)}）；请装上与本机相同的版本"
            raise ClusterError(f"{machine}：{why}") from error
        if version != code_version():
            raise ClusterError(f"{machine}：集群里的这台机器装的本程序与本机的版本不同；请装成相同的版本")

    def begin(self, name: str, content: bytes, limits: Limits, told: Told) -> Callable[[], Read]:
        """Send a file to the cluster. What comes back waits for it, and raises ClusterError where the cluster is lost."""

        def send() -> Any:
            return self._task.remote(code_version(), name, held, limits, told, self._model)

        with _reported(name):
            held = self._ray.put(content)
            sent = send()
        return lambda: self._read(name, sent, send)

    def _read(self, name: str, sent: Any, send: Callable[[], Any]) -> Read:
        with _reported(name):
            for _ in range(TRIES - 1):
                try:
                    return self._answer(sent)
                except self._ray.exceptions.RayError as error:
                    log.warning("%r is read again: %s", name, _kind(error))
                    sent = send()
            return self._answer(sent)

    def _answer(self, sent: Any) -> Read:
        answer = pickle.loads(self._ray.get(sent))  # noqa: S301, from a machine that we let run our code
        if isinstance(answer, BaseException):
            raise answer
        read: Read = answer
        return read


@contextmanager
def _reported(name: str) -> Iterator[None]:
    """What goes wrong with the cluster, as the error of a file: a client that has lost it raises what comes, AssertionError among it."""
    try:
        yield
    except BudgetQAError:
        raise
    except Exception as error:
        raise ReadError(
            f"{name}：集群上没有读成（{_kind(error)}）；请检查集群（ray status）和各机器的内存，再收录一次"
        ) from error


def _kind(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}：{lines[-1][:120]}" if lines else type(error).__name__


# --- on the cluster's machines ---------------------------------------------------------------------------------------
def code_version() -> str:
    """The content hash of all code that reads."""
    return _code_version()


@cache
def _code_version() -> str:
    files = sorted(Path(__file__).parent.rglob("*.py"))
    return hashlib.sha256(b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files)).hexdigest()


def read_there(version: str, name: str, content: bytes, limits: Limits, told: Told, model: str | None) -> bytes:
    """What comes of a file, or the error that says why nothing does: bytes, which Ray passes on as they are."""
    try:
        if version != code_version():
            raise ReadError(f"{name}：集群里有机器装的本程序与本机的版本不同；请装成相同的版本，再收录一次")
        documents = read_limited(Path(name), content, limits, told)
        return pickle.dumps(Read(documents, _vectors(documents, model) if model else {}))
    except BudgetQAError as error:
        return pickle.dumps(error)


_handed_over: set[str] = set()  # by this process: who writes has them already, or makes them anew


def _vectors(documents: list[Document], model: str) -> dict[str, list[float]]:
    """The vectors of texts that this process has not yet made; none where it has another model than who writes."""
    settings = get_settings().model_copy(update={"embedding_model": None})
    if Path(embedding_model_path(settings)).name != model:
        return {}
    if len(_handed_over) > REMEMBERED:
        _handed_over.clear()
    texts = {chunk.key: chunk.text for document in documents for chunk in document_chunks(document, "")}
    new = texts.keys() - _handed_over
    _handed_over.update(new)
    # One by one: this process has one CPU.
    return {key: _embedding(settings).get_text_embedding(texts[key]) for key in new}


@cache
def _embedding(settings: Settings) -> BaseEmbedding:
    return load_embedding(settings)
