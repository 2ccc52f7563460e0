"""A scripted endpoint, a service that has it for its language model, and one without any."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from index.settings import Settings
from tests.conftest import Service, serving
from tests.llm.scripted import ScriptedServer, scripted

SECONDS = 2  # of the deadline in these tests
KEY = "sk-secret-of-the-bureau-1234"
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
NAMES = (f"老{one}和老{other}" for one in SURNAMES for other in SURNAMES if one != other)
Ask = Callable[..., dict[str, Any]]


def unknown() -> str:
    """A question that only somebody who knows that sweeping is 物业管理费 can answer; never the same twice."""
    return f"雇{next(NAMES)}把院子拾掇干净的开销多少"


def asker(url: str) -> Ask:
    def ask(question: str, **more: Any) -> dict[str, Any]:
        response = httpx.post(f"{url}/api/ask", json={"question": question, **more}, timeout=30)
        assert response.status_code == 200, response.text
        return dict(response.json())

    return ask


@pytest.fixture(scope="session")
def endpoint() -> Iterator[ScriptedServer]:
    with scripted() as running:
        yield running


@pytest.fixture
def indexed(tmp_path: Path, indexed_settings: Settings) -> Path:
    """A store of its own that holds the shipped document already."""
    return Path(shutil.copytree(indexed_settings.store, tmp_path / "store"))


@pytest.fixture(scope="session")
def helped(tmp_path_factory: pytest.TempPathFactory, endpoint: ScriptedServer) -> Iterator[Service]:
    """A service with the scripted endpoint as its language model."""
    environment = {"BUDGET_QA_LLM_BASE_URL": endpoint.url, "BUDGET_QA_LLM_MODEL": "scripted", "BUDGET_QA_LLM_API_KEY": KEY,
                   "BUDGET_QA_LLM_SECONDS": str(SECONDS)}  # fmt: skip
    with serving(tmp_path_factory.mktemp("helped") / "store", **environment) as running:
        yield running


@pytest.fixture(scope="session")
def ask(helped: Service) -> Ask:
    return asker(helped.url)


@pytest.fixture(scope="session")
def ask_plain(service: Service) -> Ask:
    return asker(service.url)
