"""Indexing on the operator's behalf: here, or in the running service when that holds the store.

Only one process at a time may write to an embedded Chroma, so while `serve` runs, `ingest` and `remove` hand their work to
it over loopback; the address and a secret lie in the store directory, readable by its owner alone. Stores on servers are
written to from here.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from index.errors import StoreError
from index.ingest import AS_TOLD, SHIPPED, Correction, ingest_paths, limits_of, writing
from index.reading import HERE, Reading
from index.report import FileReport, Report
from index.search.vectors import Vectors
from index.settings import Settings
from index.settling import Progress, remove_document, sweep_orphans
from index.sql.store import Store
from index.stores import open_stores

SERVICE_FILE = "service.json"
HEALTH = 10  # seconds that a busy service may take to say that it lives; one that died is known at once


@dataclass(frozen=True)
class Service:
    """A running service that holds the store."""

    url: str
    token: str


def announce(settings: Settings, url: str) -> Service:
    """Say in the store directory where the service listens. The file is readable by its owner alone."""
    service = Service(url, secrets.token_urlsafe(32))
    path = settings.store / SERVICE_FILE
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(service), file)
    return service


def withdraw(settings: Settings) -> None:
    """Take the address of a service that ends out of the store directory."""
    (settings.store / SERVICE_FILE).unlink(missing_ok=True)


def running_service(settings: Settings) -> Service | None:
    """The service that holds the store, or None; a file left by one that died is passed over. What is on servers none holds."""
    if settings.on_servers:
        return None
    try:
        service = Service(**json.loads((settings.store / SERVICE_FILE).read_text("utf-8")))
        httpx.get(f"{service.url}/healthz", timeout=HEALTH, trust_env=False).raise_for_status()
    except (OSError, ValueError, TypeError, httpx.HTTPError):
        return None
    return service


def ingest_files(paths: Iterable[Path], settings: Settings, progress: Progress = lambda *_: None,
                 told: Correction = AS_TOLD, ray: str | None = None) -> Report:  # fmt: skip
    """Index files here, or through the running service; `ray` is the address of a cluster that reads them. Raises StoreError, ModelError,
    ClusterError or ReadError."""
    service = running_service(settings)
    if service and ray:
        raise StoreError(
            f"{settings.store}：服务正在使用该数据目录，不能用 --ray 收录；请先停止服务，或把两个库放到服务上（docs/servers.md）"
        )
    if service:
        body = {"paths": [str(Path(path).absolute()) for path in paths], "told": asdict(told)}
        found = _call(service, "POST", "/internal/ingest", body)
        return Report([FileReport(**entry) for entry in found["files"]])
    with _reading(ray, settings) as reading, writing(settings):
        store, vectors = open_stores(settings, to_write=True)
        sweep_orphans(store, vectors)
        return ingest_paths(paths, store, vectors, progress, limits_of(settings), told, reading)


def _reading(ray: str | None, settings: Settings) -> AbstractContextManager[Reading]:
    if ray is None:
        return nullcontext(HERE)
    from index.on_ray import cluster

    return cluster(ray, settings)


def remove_indexed(document_id: str, settings: Settings) -> None:
    """Remove a document here, or through the running service. Raises StoreError when there is none of that id."""
    service = running_service(settings)
    if service:
        _call(service, "POST", "/internal/remove", {"document": document_id})
        return
    with writing(settings):
        remove_document(document_id, *open_stores(settings, to_write=True))


def ingest_sample(settings: Settings, store: Store, vectors: Vectors, progress: Progress = lambda *_: None) -> Report:
    """Index the shipped document into a store that was never used, unless the operator left it out."""
    if not settings.sample or store.ever_used():
        return Report()
    with store.writing():  # of several services that start at once over an empty database, one
        return Report() if store.ever_used() else ingest_paths([SHIPPED], store, vectors, progress)


def _call(service: Service, method: str, path: str, body: dict) -> dict:
    try:
        response = httpx.request(method, service.url + path, json=body, timeout=None, trust_env=False,  # noqa: S113, indexing takes what it takes
                                 headers={"Authorization": f"Bearer {service.token}"})  # fmt: skip
    except httpx.HTTPError as error:
        raise StoreError(f"{service.url}：正在运行的服务没有响应（{error}）；请重启服务后再试") from error
    if response.status_code >= 400:
        raise StoreError(response.json().get("detail", f"{service.url}：服务拒绝了请求（{response.status_code}）"))
    found: dict = response.json()
    return found
