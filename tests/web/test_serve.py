"""The service as a process: starting, ending, what stands in its way, and work handed over while it runs."""

from __future__ import annotations

import json
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

SECOND = """
2023年
临江市水文站部门预算

第二部分 2023年部门预算表

表1

收支总体情况表

单位名称：临江市水文站

单位：万元

收入\t\t支出\t
项目\t预算\t项目\t预算
一、预算拨款\t321.09\t一、农林水支出\t300.00
\t\t二、住房保障支出\t21.09
本年收入合计\t321.09\t本年支出合计\t321.09
收入总计\t321.09\t支出总计\t321.09
"""


def ask(url: str, question: str, **scope: object) -> dict:
    body = {"question": question, "scope": scope}
    return httpx.post(f"{url}/api/ask", json=body, trust_env=False, timeout=30).raise_for_status().json()


def documents(url: str) -> list[dict]:
    return httpx.get(f"{url}/api/documents", trust_env=False, timeout=30).json()


@pytest.mark.slow
def test_files_are_handed_over_and_asked_about_at_once(
    start_service: Callable, run_budget_qa: Callable, tmp_path: Path
) -> None:
    service = start_service(tmp_path / "store")
    file = tmp_path / "临江市水文站2023年预算.txt"
    file.write_text(SECOND, "utf-8")
    url = "https://example.test/shuiwen.html"
    done = run_budget_qa("ingest", str(file), "--store", str(service.store), "--source-url", url, "--json")
    assert done.returncode == 0, done.stderr
    added = json.loads(done.stdout)[0]["document"]
    assert {d["id"]: d["source_url"] for d in documents(service.url)}[added] == url
    assert {d["year"] for d in documents(service.url)} == {2023, 2024}
    assert ask(service.url, "农林水支出是多少", documents=[added])["value"] == 300

    missing = run_budget_qa("ingest", str(tmp_path / "没有.txt"), "--store", str(service.store))
    assert missing.returncode == 1
    assert "没有这个文件" in missing.stderr

    assert run_budget_qa("remove", added, "--store", str(service.store)).returncode == 0
    assert [d["year"] for d in documents(service.url)] == [2024]
    again = run_budget_qa("remove", added, "--store", str(service.store))
    assert (again.returncode, "没有这份文件" in again.stderr) == (1, True)


@pytest.mark.slow
def test_service_file_is_private_and_goes_with_the_service(start_service: Callable, tmp_path: Path) -> None:
    service = start_service(tmp_path / "store", BUDGET_QA_SAMPLE="0")
    file = service.store / "service.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["url"] == service.url
    assert service.stop() == 0
    assert not file.exists()


@pytest.mark.slow
def test_empty_store_is_served_and_says_so(start_service: Callable, tmp_path: Path) -> None:
    service = start_service(tmp_path / "store", BUDGET_QA_SAMPLE="0")
    answer = ask(service.url, "总预算是多少")
    assert (answer["refused"], answer["reason"]) == (True, "not_found")
    assert httpx.get(f"{service.url}/readyz", trust_env=False).json() == {"status": "ready", "documents": 0}
    assert "还没有收录文件" in httpx.get(f"{service.url}/config", trust_env=False).text


def test_taken_port_is_said_before_any_work(run_budget_qa: Callable, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_budget_qa("serve", "--port", str(port), "--store", str(tmp_path / "store"))
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in done.stderr
    assert "BUDGET_QA_PORT" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "store").exists()


def test_host_that_is_none_is_said(run_budget_qa: Callable, tmp_path: Path) -> None:
    done = run_budget_qa("serve", "--host", "192.0.2.7", "--port", "0", "--store", str(tmp_path / "store"))
    assert done.returncode == 1
    assert "BUDGET_QA_HOST" in done.stderr


def test_store_held_by_a_service_is_said(service, run_budget_qa: Callable) -> None:  # type: ignore[no-untyped-def]
    done = run_budget_qa("serve", "--port", "0", "--store", str(service.store))
    assert done.returncode == 1
    assert "另一个进程正在使用该数据目录" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root 可用任何端口")
def test_port_without_permission_is_said(run_budget_qa: Callable, tmp_path: Path) -> None:
    done = run_budget_qa("serve", "--port", "80", "--store", str(tmp_path / "store"))
    assert (done.returncode, "1024" in done.stderr) == (1, True)
