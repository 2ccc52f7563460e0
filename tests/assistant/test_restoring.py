"""Backup, restore and rebuild: what is answered before and after is the same, and what goes wrong leaves the old state."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from assistant.answer import Assistant
from assistant.operation.indexing import ingest_files
from assistant.operation.restoring import rebuild_vectors, restore_archive
from index.errors import StoreError
from index.search.vector_health import Unusable
from index.search.vector_probe import FOLDER
from index.settings import Settings, get_settings
from index.sql import backup
from index.sql.feedback import Feedback
from index.sql.store import Store
from tests.services import SERVERS

ROOT = Path(__file__).parents[2]
FIGURE, TEXT = "教育支出是多少", "智慧课堂平台由谁来建设"
QUESTIONS = (FIGURE, TEXT, "项目支出占总支出的百分之几", "什么是基本支出", "为什么教育支出增加了", "明年呢")
DOCUMENT = """2024年
某市测试局部门预算

第二部分 2024年部门预算表

支出总体情况表

单位：万元

项目\t合计\t基本支出\t项目支出
合计\t9.00\t5.00\t4.00
一、教育支出\t7.00\t4.00\t3.00
二、卫生健康支出\t2.00\t1.00\t1.00

第三部分 2024年部门预算情况说明

一、收支情况

2024年教育支出7.00万元，比上年增加1.00万元，主要原因是新增智慧课堂平台的建设。

智慧课堂平台由某市测试局信息中心负责建设，供全市中小学使用。

第四部分 名词解释

一、基本支出：指为保障机构正常运转、完成日常工作任务而发生的人员支出和公用支出。
"""


def answers(settings: Settings) -> list[dict]:
    assistant = Assistant.open(settings)
    return [assistant.ask(question).model_dump(mode="json", exclude={"elapsed_ms"}) for question in QUESTIONS]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A store with a document and an opinion."""
    folder = tmp_path_factory.mktemp("operated")
    (folder / "预算.txt").write_text(DOCUMENT, "utf-8")
    found = get_settings(store=folder / "store")
    assert not ingest_files([folder / "预算.txt"], found).failed
    Store.open(found.store).add_feedback(Feedback(FIGURE, "一个数", good=False, remark="不全"))
    return found


@pytest.fixture(scope="module")
def before(settings: Settings) -> list[dict]:
    return answers(settings)


@pytest.fixture(scope="module")
def archive(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("archive") / "备份.zip"
    backup.backup(Store.open(settings.store), file)
    return file


@pytest.fixture
def other(tmp_path: Path) -> Settings:
    """A store that is used: something is in it that a restore takes away."""
    found = get_settings(store=tmp_path / "other")
    Store.open(found.store).add_feedback(Feedback("旧的", "旧的", good=True))
    return found


def opinions(settings: Settings) -> list[str]:
    return [given.question for given in Store.open(settings.store, settings.database_url).feedback()]


def contents(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(file: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file


# --- backup and restore --------------------------------------------------------------------------------------------
def test_restored_store_answers_as_the_one_that_was_saved(
    archive: Path, settings: Settings, before: list[dict], other: Settings
) -> None:
    assert [answer["refused"] for answer in before] == [False] * 5 + [True]
    generation = Store.open(other.store).generation()
    manifest = restore_archive(archive, other, replace=False)
    assert manifest.documents == 1
    assert answers(other) == before
    assert opinions(other) == [FIGURE]
    assert Store.open(other.store).generation() > max(generation, Store.open(settings.store).generation())
    assert not list(other.store.glob("restore-*"))


def test_restore_asks_before_it_takes_documents_away(archive: Path, settings: Settings) -> None:
    with pytest.raises(StoreError, match="--replace"):
        restore_archive(archive, settings, replace=False)


def test_backup_is_for_its_owner_and_never_written_over_a_file(archive: Path, settings: Settings) -> None:
    assert archive.stat().st_mode & 0o077 == 0
    with pytest.raises(StoreError, match="已经存在"):
        backup.backup(Store.open(settings.store), archive)


def test_backup_of_a_store_that_is_written_to_is_of_one_moment(settings: Settings, tmp_path: Path) -> None:
    """Another connection is in the middle of a change."""
    copy = tmp_path / "store"
    shutil.copytree(settings.store, copy)
    with sqlite3.connect(copy / "budget.sqlite") as writer:
        writer.execute("DELETE FROM facts")
        backup.backup(Store.open(copy), tmp_path / "a.zip")
        writer.rollback()
    with backup.opened(tmp_path / "a.zip", tmp_path) as (_, saved):
        assert saved.facts() == Store.open(settings.store).facts()


def spoilt(content: bytes) -> bytes:
    return content[:5000] + bytes(byte ^ 1 for byte in content[5000:5100]) + content[5100:]


def newer(content: bytes) -> bytes:
    return json.dumps(json.loads(content) | {"format": backup.FORMAT + 1, "program": "9.9"}).encode()


BAD: dict[str, tuple[Callable[[Path, Path], object], str]] = {
    "no archive": (lambda whole, file: file.write_bytes(b"nothing"), "不是完整的备份"),
    "cut off": (lambda whole, file: file.write_bytes(whole.read_bytes()[:-2000]), "不是完整的备份"),
    "another zip": (lambda whole, file: packed(file, {"a.txt": b"x"}), "不是完整的备份"),
    "altered": (
        lambda whole, file: packed(file, contents(whole) | {backup.DATABASE: spoilt(contents(whole)[backup.DATABASE])}), "已损坏",
    ),
    "longer than it says": (
        lambda whole, file: packed(file, contents(whole) | {backup.DATABASE: contents(whole)[backup.DATABASE] + b"x"}), "不是完整",
    ),
    "of a newer program": (
        lambda whole, file: packed(file, contents(whole) | {backup.MANIFEST: newer(contents(whole)[backup.MANIFEST])}), "先升级",
    ),
    "not there": (lambda whole, file: None, "没有这个文件"),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
def test_bad_archive_is_refused_and_the_store_stays(archive: Path, other: Settings, tmp_path: Path, bad: str) -> None:
    make, said = BAD[bad]
    make(archive, tmp_path / "坏.zip")
    with pytest.raises(StoreError, match=said):
        restore_archive(tmp_path / "坏.zip", other, replace=True)
    assert opinions(other) == ["旧的"]
    assert not list(other.store.glob("restore-*"))


def test_archive_of_a_newer_schema_is_refused(archive: Path, other: Settings, tmp_path: Path) -> None:
    parts = contents(archive)
    database = tmp_path / "budget.sqlite"
    database.write_bytes(parts[backup.DATABASE])
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    connection.close()
    manifest = json.dumps(asdict(backup._manifest(database, 1))).encode()
    packed(tmp_path / "新.zip", {backup.MANIFEST: manifest, backup.DATABASE: database.read_bytes()})
    with pytest.raises(StoreError, match="先升级"):
        restore_archive(tmp_path / "新.zip", other, replace=True)
    assert opinions(other) == ["旧的"]


def test_no_name_in_an_archive_becomes_a_path(archive: Path, other: Settings, tmp_path: Path) -> None:
    names = ("../escaped", "/tmp/escaped-budget-qa", "restore-x/../../escaped", "writer.lock", "chroma/chroma.sqlite3")
    evil = packed(tmp_path / "evil.zip", contents(archive) | dict.fromkeys(names, b"escaped"))
    with backup.opened(evil, other.store):
        found = [path for path in tmp_path.rglob("*") if path.is_file() and path != evil]
        assert [path for path in found if path.read_bytes() == b"escaped"] == []
    assert not Path("/tmp/escaped-budget-qa").exists()


KILLED = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from sqlalchemy.engine import Engine
from assistant.operation.restoring import rebuild_vectors, restore_archive
from index.settings import get_settings

def die(connection, cursor, statement, *_):
    if statement.startswith(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(Engine, "before_cursor_execute", die)
restore_archive(Path(sys.argv[1]), get_settings(store=Path(sys.argv[2])), True)
"""


@pytest.mark.parametrize("point", ["INSERT INTO chunks"])
def test_killed_restore_leaves_the_old_state(archive: Path, other: Settings, point: str) -> None:
    command = [sys.executable, "-c", KILLED, str(archive), str(other.store), point]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=240, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert opinions(other) == ["旧的"]
    assert Store.open(other.store).documents(hidden=True) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A file system of a megabyte; root may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("此环境不能挂载小磁盘（需要 root）")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)  # the database may still be open


def test_full_disk_is_told_and_leaves_nothing(archive: Path, settings: Settings, small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(bytes(1_000_000))
    with pytest.raises(StoreError, match=r"备份没有写成.*磁盘空间"):
        backup.backup(Store.open(settings.store), small_disk / "a.zip")
    assert [path.name for path in small_disk.iterdir()] == ["filler"]
    small = get_settings(store=small_disk / "store")
    with pytest.raises(StoreError, match="磁盘"):
        restore_archive(archive, small, replace=True)
    assert not list((small_disk / "store").glob("restore-*"))


@pytest.mark.parametrize("backend", [SERVERS], indirect=True)
def test_store_moves_to_servers_and_back(
    archive: Path, settings: Settings, before: list[dict], backend: Settings, tmp_path: Path
) -> None:
    restore_archive(archive, backend, replace=False)
    assert answers(backend) == before
    there = Store.open(backend.store, backend.database_url)
    assert there.identity() != Store.open(settings.store).identity()
    there.add_feedback(Feedback("又一条", "一个数", good=True))  # its numbers go on after those that came
    assert opinions(backend) == [FIGURE, "又一条"]
    assert rebuild_vectors(backend) == len(there.chunk_keys())
    backup.backup(there, tmp_path / "回来.zip")
    home = get_settings(store=tmp_path / "home")
    restore_archive(tmp_path / "回来.zip", home, replace=False)
    assert answers(home) == before
    assert opinions(home) == [FIGURE, "又一条"]
    assert Store.open(home.store).facts() == Store.open(settings.store).facts()


# --- rebuild -------------------------------------------------------------------------------------------------------
def spoil_vectors(store: Path) -> None:
    for file in (store / FOLDER).rglob("*"):
        if file.is_file():
            file.write_bytes(b"\x7fnothing!" * (file.stat().st_size // 9 + 1))


def test_figures_are_answered_without_vectors_and_texts_by_words_until_they_are_rebuilt(
    settings: Settings, before: list[dict], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    damaged = get_settings(store=tmp_path / "damaged")
    shutil.copytree(settings.store, damaged.store)
    spoil_vectors(damaged.store)
    without = answers(damaged)
    assert [line for line in caplog.messages if "budget-qa rebuild" in line]
    told = [
        (old["question"], {note["code"] for note in new["notes"]} - {note["code"] for note in old["notes"]})
        for old, new in zip(before, without, strict=True)
    ]
    assert dict(told)[TEXT] == {"by_words"}
    assert without[0] == before[0]
    assert all(new["value"] == old["value"] for old, new in zip(before, without, strict=True))

    store = Store.open(damaged.store)
    assert rebuild_vectors(damaged) == len(store.chunk_keys())
    assert answers(damaged) == before


def test_what_cannot_be_used_says_what_to_do(settings: Settings) -> None:
    unusable = Unusable(None, "请运行 budget-qa rebuild")  # type: ignore[arg-type]
    unusable.remove({"x"})
    assert (unusable.keys(), unusable.add({})) == (set(), 0)
    for call in (lambda: unusable.nearest("x", 1), lambda: unusable.add({"x": "y"})):
        with pytest.raises(StoreError, match="budget-qa rebuild"):
            call()
