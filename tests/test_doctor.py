"""`budget-qa doctor` finds what is wrong with an installation, says what to do, and tells no secret."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from pydantic import SecretStr

import prompts
from assistant.operation import doctor
from assistant.operation.doctor import examine
from assistant.words import prompt_file
from index.search.vector_probe import FOLDER
from index.settings import Settings, get_settings


@pytest.fixture
def settings(indexed_settings: Settings, tmp_path: Path) -> Settings:
    shutil.copytree(indexed_settings.store, tmp_path / "store")
    return get_settings(store=tmp_path / "store", port=0)


def test_sound_installation_has_nothing_wrong(settings: Settings) -> None:
    findings = examine(settings)
    assert [finding for finding in findings if finding.state == "不行"] == []
    assert {
        "Python",
        "程序包",
        "设置",
        "离线",
        "向量模型",
        "文字识别",
        "词语和措辞",
        "磁盘",
        "数据库",
        "向量库",
        "占用",
        "端口",
        "语言模型",
    } <= {finding.name for finding in findings}


def test_each_fault_is_found_with_what_to_do(settings: Settings) -> None:
    shutil.rmtree(settings.store / FOLDER)
    (settings.store / "budget.sqlite-wal").unlink(missing_ok=True)
    (settings.store / "budget.sqlite").write_bytes(b"nothing " * 1000)
    with socket.create_server(("127.0.0.1", 0)) as taken, FileLock(settings.store / "writer.lock"):
        port = taken.getsockname()[1]
        endpoint = {
            "llm_base_url": "http://127.0.0.1:9/v1",
            "llm_model": "m",
            "llm_api_key": SecretStr("sk-secret-key"),
        }
        findings = examine(settings.model_copy(update={"port": port, "host": "127.0.0.1", **endpoint}))
    wrong = {finding.name: finding for finding in findings if finding.state != "正常"}
    assert {"数据库", "向量库", "占用", "端口", "语言模型"} <= set(wrong)
    assert all(finding.todo for finding in wrong.values())
    assert "BUDGET_QA_PORT" in wrong["端口"].todo
    assert "sk-secret-key" not in str(findings)


def test_lost_vectors_are_to_be_rebuilt(settings: Settings) -> None:
    shutil.rmtree(settings.store / FOLDER)
    (finding,) = doctor._vectors(settings)
    assert (finding.state, "budget-qa rebuild" in finding.todo) == ("不行", True)


@pytest.mark.slow
def test_command_tells_it_as_json_and_by_its_exit_code(run_budget_qa: Callable, tmp_path: Path) -> None:
    secret = "long secret password"
    environment = {
        "BUDGET_QA_STORE": str(tmp_path / "a"),
        "BUDGET_QA_OPERATOR_PASSWORD": secret,
        "BUDGET_QA_STRAY": "1",
    }
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run_budget_qa("doctor", "--json", "--port", port, **environment)
    wrong = {entry["name"]: entry["said"] for entry in json.loads(done.stdout) if entry["state"] == "不行"}
    assert (done.returncode, list(wrong)) == (1, ["端口"])
    assert port in wrong["端口"]
    assert "BUDGET_QA_STRAY" in done.stdout
    assert secret not in done.stdout + done.stderr
    assert not (tmp_path / "a").exists()


def test_every_spoiled_file_of_words_is_told_with_its_line(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "prompts"
    shutil.copytree(Path(prompts.__file__).parent, folder)
    monkeypatch.setattr(prompt_file.resources, "files", lambda _: folder)
    (folder / "units.yaml").write_text("医院：[大医院]", "utf-8")
    (folder / "regions.txt").write_text("# 地名\n北京，天津", "utf-8")
    told = [finding for finding in examine(settings) if finding.name == "词语和措辞"]
    assert [(finding.state, finding.said.partition("：")[0]) for finding in told] == [
        ("不行", "prompts/units.yaml 第1行"),
        ("不行", "prompts/regions.txt 第2行"),
    ]
    assert all("请" in finding.todo for finding in told)
