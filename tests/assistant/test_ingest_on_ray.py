"""`ingest --ray`: the cluster at an address reads, and one that cannot be used is told before anything is done."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from assistant.operation.indexing import ingest_files
from index import on_ray
from index.errors import ClusterError, StoreError
from index.settings import get_settings
from tests.conftest import ROOT
from tests.services import Ray, free_port, ray_cluster

TEXT = "某市水务局2024年单位预算\n\n支出总体情况表\n单位：万元\n\n科目\t合计\n合计\t5.00\n农林水支出\t5.00\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "预算.txt"
    path.write_text(TEXT, "utf-8")
    return path


def test_the_cluster_at_the_address_reads(ray: Ray, file: Path, monkeypatch: pytest.MonkeyPatch):
    file.write_text("今天天气很好。", "utf-8")  # no budget, so that no model has to be loaded there
    settings, sent, begin = get_settings(store=file.parent / "库"), [], on_ray.OnRay.begin
    monkeypatch.setattr(
        on_ray.OnRay, "begin", lambda self, name, *rest: (sent.append(name), begin(self, name, *rest))[1]
    )
    on_cluster, here = ingest_files([file], settings, ray=ray.address), ingest_files([file], settings)
    assert on_cluster == here
    assert (here.files[0].error or "").startswith("预算.txt：没有找到表格")
    assert sent == [file.name]
    assert not sys.modules["ray"].is_initialized()


def test_an_address_where_nobody_listens_is_told_and_nothing_is_made(file: Path):
    settings, address = get_settings(store=file.parent / "库"), f"ray://127.0.0.1:{free_port()}"
    with pytest.raises(ClusterError, match=f"^{address}：Ray 集群连不上（.+）；请检查"):
        ingest_files([file], settings, ray=address)
    assert not settings.store.exists()


def test_where_ray_is_not_installed_it_is_told_how(file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ClusterError, match=r"^没有安装 Ray；请运行 .+ install ray"):
        ingest_files([file], get_settings(store=file.parent / "库"), ray="ray://127.0.0.1:1")


def test_an_address_of_another_kind_is_told_on_the_command_line(run_budget_qa, file: Path):
    done = run_budget_qa("ingest", str(file), "--ray", "127.0.0.1:6379", "--store", str(file.parent / "库"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.split() == ["127.0.0.1:6379：不是", "Ray", "集群的地址；请写成", "ray://主机:10001"]


def test_a_cluster_of_another_version_of_ray_is_told(ray: Ray, file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ray.__version__", "2.1.0")
    with pytest.raises(ClusterError, match=r"集群的 Ray 或 Python 版本与本机不同（.*2\.1\.0.*）；请"):
        ingest_files([file], get_settings(store=file.parent / "库"), ray=ray.address)


def test_a_cluster_of_another_version_of_the_program_is_told(ray: Ray, file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(on_ray, "_code_version", lambda: "another")
    with pytest.raises(ClusterError, match=r"^127\.0\.0\.1：集群里的这台机器装的本程序与本机的版本不同；请"):
        ingest_files([file], get_settings(store=file.parent / "库"), ray=ray.address)


@pytest.mark.soak
def test_a_cluster_that_is_lost_is_told_with_each_file_and_none_is_started_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("RAY_CLIENT_RECONNECT_GRACE_PERIOD", "2")
    begin = on_ray.OnRay.begin

    with (
        TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as folder,
        ray_cluster(Path(folder), ROOT) as cluster,
    ):

        def lose(self: on_ray.OnRay, *file: object) -> object:
            begun = begin(self, *file)
            for one in cluster.processes():
                one.kill()
            return begun

        monkeypatch.setattr(on_ray.OnRay, "begin", lose)
        for n in range(20):
            (tmp_path / f"{n:02}.txt").write_text(TEXT.replace("水务", f"第{n}"), "utf-8")
        files = ingest_files([tmp_path], get_settings(store=tmp_path / "库"), ray=cluster.address).files

    assert len(files) == 20
    assert all(re.match(r"\d\d\.txt：集群上没有读成（.+）；请检查集群", entry.error or "") for entry in files)
    assert not sys.modules["ray"].is_initialized()


def test_a_store_that_a_service_holds_is_told(service, file: Path):
    with pytest.raises(StoreError, match="服务正在使用该数据目录，不能用 --ray 收录；请"):
        ingest_files([file], get_settings(store=service.store), ray="ray://127.0.0.1:1")
