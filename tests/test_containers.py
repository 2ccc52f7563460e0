"""The containers' files say what they are to: no container engine runs here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from index.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
OWN = "budget-qa"  # the image that the Dockerfile makes
UNPRIVILEGED = ("nginxinc/nginx-unprivileged:", OWN)  # images that run as nobody in particular by themselves


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_every_service_runs_without_privileges_on_a_root_that_is_read_only(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service.get("user") not in {"root", "0"}
    assert "user" in service or service["image"].startswith(UNPRIVILEGED)


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_every_service_is_asked_for_its_health(name: str) -> None:
    service = COMPOSE["services"][name]
    assert "healthcheck" in service or service["image"] == OWN
    assert re.search(r"^HEALTHCHECK .+\n +CMD .+/readyz", DOCKERFILE, re.MULTILINE)


def test_the_image_is_no_administrators() -> None:
    assert re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE) == ["10001"]


def test_settings_that_the_containers_name_exist() -> None:
    named = set(re.findall(rf"{PREFIX}([A-Z_]+)", DOCKERFILE + (ROOT / "compose.yaml").read_text("utf-8")))
    assert named <= {field.upper() for field in Settings.model_fields}


def test_two_services_stand_behind_one_proxy_and_only_that_is_open() -> None:
    servers = re.findall(r"server (app-\d):7860", COMPOSE["configs"]["nginx"]["content"])
    assert servers == ["app-1", "app-2"] == [name for name in COMPOSE["services"] if name.startswith("app")]
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["nginx"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
